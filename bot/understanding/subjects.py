"""Which products the words name: by SKU or model number, by title or a part of it, with typing errors; and which variant by its options."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.understanding.goods import PARTING
from bot.understanding.lexicon import lexicon, values
from bot.understanding.negation import negated
from bot.understanding.question import Subject
from bot.understanding.shop_words import COMING_MOST, ShopWords, common_word, shortened, terms
from bot.understanding.siblings import for_others, genders_in
from bot.understanding.title_runs import runs_in
from bot.understanding.values_told import AMONG_MOST, states_name, telling_most
from bot.understanding.variants import meant
from knowledge.attribute_names import concept_of, concepts, concepts_in, names_of
from knowledge.catalog import Product
from knowledge.folding import fold
from knowledge.phrases import Token, tokens
from retrieval.rarity import rarity
from retrieval.tokens import codes, compact, spaced_codes
from retrieval.tokens import tokens as retrieval_tokens
from retrieval.view import ShopView

_MOST = 5
"""More products than this that fit the words equally well: a kind of product, not a name."""
_LEFT_OUT = 3
"""A word that more products are called by says a kind, not a product to be left out."""
_FREQUENT = 400
_COMMON_SHARE = 0.6
_TYPO_MIN = 5
_LONG_SPAN = 16
"""Characters: a longer question ("how much does ... weigh") holds the product's name, and is not left out of it."""
_COMMON_WORD = 0.8
"""A single word under this rarity (retrieval/rarity.py) names nothing by itself ("free")."""


@dataclass(frozen=True, slots=True)
class Named:
    """Products that a text names. `exact`: by code or whole title; `terms`: the words that did it; `typo`: only a misspelt word says so."""

    subjects: tuple[Subject, ...] = ()
    exact: bool = False
    typo: bool = False
    spans: tuple[tuple[int, int], ...] = ()
    """Characters of the text that name them."""
    strength: float = 0.0
    """Share of the best title's own words that stand in the text, weighted by rarity."""


def find(text: str, view: ShopView, words: ShopWords, *, loose: bool = True) -> Named:
    """The products named in a text. Without `loose`, only codes and whole titles count: what a search for a kind of thing may hold."""
    exact = _by_code(text, view, words) or _by_title(text, words)
    if exact:
        return Named(tuple(_with_variant(s, text, view) for s in exact.subjects), True, False, exact.spans, 1.0)
    if not loose:
        return Named()
    found = _by_terms(text, view, words)
    if part_of := _made_for_it(text, words):
        found = part_of
    elif run := _by_runs(text, view, words, found):
        found = run
    elif len(found.subjects) != 1 or not found.subjects[0].certain:
        found = _by_title_inside(text, words) or _by_shortened_title(text, view, words) or found
    if _called_like_others(text, found, words):
        return Named()
    subjects = tuple(_with_variant(s, text, view) for s in found.subjects)
    told = [s for s in subjects if s.sku or s.skus]
    if len(told) == 1 < len(subjects) and not any(s.certain for s in subjects) and not found.typo:
        subjects = (replace(told[0], certain=True),)  # "the 10 inch Forge": of all that are called so, one comes in that size
    return Named(subjects, False, found.typo, found.spans, found.strength)


def _called_like_others(text: str, found: Named, words: ShopWords) -> bool:
    """Whether the words are what other products are called, and only the beginning of this one's title: "an electric guitar" is none of the
    Silverline Electric Guitar Strings."""
    if len(found.subjects) != 1:
        return False
    number = words.ids.index(found.subjects[0].product_id)
    runs: list[tuple[int, int]] = []
    for term, start, end in terms(text[:300]):
        if not term.isascii() or number not in words.postings.get(term, ()):
            continue
        if runs and start - runs[-1][1] == 1:
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((start, end))
    if len(runs) != 1:
        return False
    kind = words.titled(text[slice(*runs[0])])
    return bool(kind) and number not in kind


def by_option(text: str, view: ShopView, words: ShopWords) -> Named:
    """The only product that comes in what the text says, where no title is named: "is the bean paste pink back?"."""
    said = [hit for hit in words.options.find(text[:400]) if any(len(word) > 2 for word in hit.value.words)]
    if not said:
        return Named()
    having = [words.coming_in.get(hit.value, ()) for hit in said]
    fitting = set.intersection(*map(set, having)) if all(len(numbers) < COMING_MOST for numbers in having) else set()
    if len(fitting) != 1:
        return Named()
    (number,) = fitting
    spans = tuple((hit.start, hit.end) for hit in said)
    return Named((_with_variant(Subject(words.ids[number], None, True), text, view),), spans=spans, strength=0.5)


_FOR_THE = re.compile(r"\b([a-z][a-z-]{2,})\s+(?:for|to fit|that fits?)\s+(?:the|my|a|an|your|this|that)\s+(.{3,60})")


def _made_for_it(text: str, words: ShopWords) -> Named | None:
    """ "A lid for the clay teapot": the one thing called a lid in whose title a word of the teapot's stands, not the teapot."""
    folded = fold(text[:300])
    said = _FOR_THE.search(folded)
    if said is None:
        return None
    head = next((term for term, _, _ in terms(said[1])), "")
    numbers = [n for n in words.heads.get(head, ()) if head not in values().by_word]
    rest = [term for term, _, _ in terms(said[2]) if term in words.postings and not re.match(r"\d", term) and not common_word(term)]
    if not rest or not numbers:
        return None
    shared = {n: sum(words.rarity(term) for term in rest if n in words.postings[term]) for n in numbers}
    best = max(shared.values())
    chosen = [n for n, score in shared.items() if score == best]
    if best <= 0 or len(chosen) != 1:
        return None
    return Named((Subject(words.ids[chosen[0]], None, True),), spans=(said.span(1),), strength=0.7)


def _by_runs(text: str, view: ShopView, words: ShopWords, terms_say: Named) -> Named | None:
    """Names that a few neighbouring words of a title make. What the single words say goes before where they say it surely of the same product."""
    chosen: dict[str, tuple[int, int]] = {}
    for run in runs_in(text, words.pairs):
        said = re.sub(r"[^a-z0-9㐀-鿿]", "", fold(text[run.start : run.end]))
        places = {id: _place_in_titles(view.products[id], said) for id in (words.ids[number] for number in run.numbers)}
        first = min(places.values())
        leading = [id for id, place in places.items() if place == first]
        if len(leading) > 1:
            leading = _main_product(leading, text, view)
        if len(leading) == 1:  # not "ear pads for Aurora 60"
            chosen.setdefault(leading[0], (run.start, run.end))
    told = {s.product_id for s in terms_say.subjects if s.certain}
    if not chosen:
        return None
    if told >= chosen.keys():
        return replace(terms_say, strength=max(terms_say.strength, 0.9))
    for_it = _for_what_runs_name(text, view, words, terms_say, list(chosen.values()))
    if for_it is not None:
        return for_it
    subjects = tuple(Subject(id, None, True) for id in list(chosen)[:_MOST])
    return Named(subjects, spans=tuple(chosen.values()), strength=0.9)


def _for_what_runs_name(text: str, view: ShopView, words: ShopWords, terms_say: Named, spans: Sequence[tuple[int, int]]) -> Named | None:
    """ "A green case for the iPhone 16 Pro": the thing that the other words name, where it states what the run names as its own; the run then is no
    other product."""
    rest = list(text)
    for start, end in spans:
        rest[start:end] = " " * (end - start)
    for named in (terms_say, _by_terms("".join(rest), view, words)):
        certain = {s.product_id for s in named.subjects if s.certain}
        if len(certain) == 1 and all(states_name(view.products[next(iter(certain))], text[start:end]) for start, end in spans):
            return replace(named, strength=max(named.strength, 0.6))
    return None


def _main_product(ids: list[str], text: str, view: ShopView) -> list[str]:
    """Of products of one name, the one whose options are told, else the one that is no part or accessory of the others."""
    told = [id for id in ids if meant(text, view.products[id]).skus]
    if len(told) == 1:
        return told
    return [id for id in ids if not any(_ACCESSORY.search(fold(title)) for title in view.products[id].title.values())]


_ACCESSORY = re.compile(
    r"\b(?:replacement|spare|refill|for|cover|case|pads?|stand|filter|strap|brush|lid|cable|charger|mount|adapter|remote|battery|kit)s?\b"
    r"|替换|备用|适用|专用|配件|保护|贴膜|钢化膜|壳|套(?!装|餐)|滤芯|电池|充电器|数据线|支架|底座"
)
"""What a title holds that belongs to another product."""


def _place_in_titles(product: Product, said: str) -> int:
    """Where in a title the words begin: characters from its start, brand left out."""
    places = []
    for title in product.title.values():
        plain = re.sub(r"[^a-z0-9㐀-鿿]", "", fold(title).removeprefix(fold(product.brand)))
        places.append(plain.find(said) if said in plain else len(plain))
    return min(places)


def _by_code(text: str, view: ShopView, words: ShopWords) -> Named | None:
    found: dict[str, Subject] = {}
    spoken = codes(text[:2000]) | spaced_codes(text[:2000])
    # SKUs made of letters alone (TRB) count when they stand in capitals.
    spoken |= {compact(fold(word)) for word in re.findall(r"(?<![A-Za-z0-9])[A-Z][A-Z0-9-]{2,}(?![A-Za-z])", text[:2000])}
    hits = [code for code in spoken if code in words.codes]
    hits = [code for code in hits if not any(code != other and code in other for other in hits)]
    for code in sorted(hits, key=lambda c: _place(text, c)):
        products = words.codes[code]
        sku = words.skus.get(code)
        if sku is not None and view.by_sku.get(sku.casefold()):
            owner = view.by_sku[sku.casefold()]
            product = view.products.get(owner)
            alone = product is not None and len(product.variants) == 1
            found[owner] = Subject(owner, sku if not alone or product else None, True, "sku")
            continue
        chosen = _meant(text, code, products, view) if len(products) > 1 else dict.fromkeys(products, True)
        for product_id, certain in list(chosen.items())[:_MOST]:
            found.setdefault(product_id, Subject(product_id, None, certain, "named"))
    return Named(tuple(found.values()), spans=tuple(_code_spans(text, hits))) if found else None


def _meant(text: str, code: str, products: Sequence[str], view: ShopView) -> dict[str, bool]:
    """Which of several products with one model number: "EB-5 Pro" by the word after it, a bare "EB-5" the one with the plainest name.
    Two mentions may mean two. True: the only one that a mention can mean."""
    own = {
        id_: {term for title in view.products[id_].title.values() for term, _, _ in terms(title)}
        for id_ in products
        if id_ in view.products
    }
    if not own:
        return dict.fromkeys(products, False)
    shared = set.intersection(*own.values())
    folded = fold(text)
    pattern = re.compile(r"[\s\-_./+#]*".join(map(re.escape, code)))
    chosen: dict[str, bool] = {}
    for match in pattern.finditer(folded):
        following = next((term for term, _, _ in terms(folded[match.end() : match.end() + 24])), "")
        fitting = [id_ for id_, mine in own.items() if following in mine and following not in shared]
        if not fitting:
            least = min(len(mine - shared) for mine in own.values())
            fitting = [id_ for id_, mine in own.items() if len(mine - shared) == least]
        for id_ in fitting:
            chosen[id_] = chosen.get(id_, False) or len(fitting) == 1
    return chosen or dict.fromkeys(products, False)


def _place(text: str, code: str) -> int:
    spans = list(_code_spans(text, [code]))
    return spans[0][0] if spans else 0


def _code_spans(text: str, hits: Sequence[str]) -> list[tuple[int, int]]:
    out = []
    folded = fold(text)
    for code in hits:
        pattern = r"[\s\-_./+#]*".join(map(re.escape, code))
        match = re.search(pattern, folded)
        if match:
            out.append(match.span())
    return out


def _by_title(text: str, words: ShopWords) -> Named | None:
    """A text that is a whole title, and nothing else."""
    plain = " ".join(re.findall(r"[a-z0-9]+(?:[.][0-9]+)?|[\u3400-\u9fff]+|[\u3040-\u30ff\uac00-\ud7af\u0400-\u04ff]+", fold(text[:300])))
    numbers = words.titles.get(plain, ())
    if not numbers or len(plain) < 3:
        return None
    single = len(numbers) == 1
    return Named(tuple(Subject(words.ids[n], None, single) for n in numbers[:_MOST]), spans=((0, len(text)),))


_TITLE_WORDS = 8
_MAKES_ANOTHER = re.compile(
    r"\s(?:cover|case|bag|holder|stand|rack|box|sleeve|filter|strap|cleaner|brush|lid|cable|charger|mat|tray|clip|hook)s?\b"
)
"""What stands after a title of one word makes another thing of it: "laptop stand"."""


def _by_title_inside(text: str, words: ShopWords) -> Named | None:
    """The longest whole title inside a sentence: "can I return the iPhone X", "what colours does the t-shirt come in"."""
    spoken = [(term, start, end) for term, start, end in terms(text[:1000]) if term.isascii()]
    for length in range(min(_TITLE_WORDS, len(spoken)), 0, -1):
        for first in range(len(spoken) - length + 1):
            run = spoken[first : first + length]
            numbers = words.whole.get(" ".join(term for term, _, _ in run))
            if not numbers or len(numbers) > _MOST:
                continue
            start, end = run[0][1], run[-1][2]
            if length == 1 and (
                len(run[0][0]) < 3
                or common_word(run[0][0])
                or values().by_word.get(run[0][0])
                or _MAKES_ANOTHER.match(fold(text[end : end + 12]))
            ):
                continue
            single = len(numbers) == 1
            return Named(tuple(Subject(words.ids[n], None, single) for n in numbers), spans=((start, end),), strength=1.0)
    return None


_SHORTENED_LEAST = 4
_SHORTENED_AMONG = 200


def _by_shortened_title(text: str, view: ShopView, words: ShopWords) -> Named | None:
    """A Chinese title with characters left out, which no other title holds in this order: 通勤保温杯 for 通勤保温咖啡杯."""
    folded = fold(text[:300])
    for said in PARTING.split(folded):
        run = re.sub(r"^[^㐀-鿿]+|[^㐀-鿿]+$", "", said)
        if len(run) < _SHORTENED_LEAST or not _HAN_ONLY.match(run):
            continue
        postings = [words.postings[pair] for pair in {run[at : at + 2] for at in range(len(run) - 1)} if pair in words.postings]
        # Half of its pairs of characters stand in the title as they are.
        counted = Counter(number for posting in postings if len(posting) <= _SHORTENED_AMONG for number in posting)
        likely = [number for number, count in counted.items() if 2 * count >= len(run) - 1]
        fitting = [n for n in likely if any(_in_order(run, fold(t)) for t in view.products[words.ids[n]].title.values())]
        if len(fitting) == 1:
            start = folded.find(run)
            return Named((Subject(words.ids[fitting[0]], None, True),), spans=((start, start + len(run)),), strength=0.7)
    return None


_HAN_ONLY = re.compile(r"^[㐀-鿿]+$")


def _in_order(characters: str, title: str) -> bool:
    rest = iter(title)
    return all(character in rest for character in characters)


def _by_terms(text: str, view: ShopView, words: ShopWords) -> Named:
    spoken, typos, soft = _spoken_terms(text, words)
    unwanted = _unwanted(text, spoken)
    if not any(term not in soft for term in spoken):
        return Named()
    weights = {term: words.rarity(term) * (0.3 if term in soft else 1.0) for term in spoken}
    total = sum(weight for term, weight in weights.items() if term not in soft)
    scores: dict[int, float] = {}
    for term in sorted(spoken, key=lambda t: len(words.postings[t])):
        posting = words.postings[term]
        if len(posting) > _FREQUENT and scores:
            members = set(posting) if len(posting) < 20 * len(scores) else None
            for number in list(scores):
                if (number in members) if members is not None else (number in posting):
                    scores[number] += weights[term]
            continue
        if len(posting) > 4 * _FREQUENT:
            continue
        for number in posting:
            scores[number] = scores.get(number, 0.0) + weights[term]
    for term in unwanted:
        for number in words.postings[term]:
            scores.pop(number, None)
    if not _ANY_OF.search(fold(text)):
        _count_kinds(scores, weights, words)
    _drop_for_others(scores, text, view, words)
    if not scores or total <= 0:
        return Named()
    if max(scores.values()) < _COMMON_SHARE * total and len(scores) <= _MOST:
        _add_shortened(scores, spoken, weights, view, words)
    best = max(scores.values())
    if best < _COMMON_SHARE * total:
        return Named()
    tied = [number for number, score in scores.items() if score >= best * 0.999]
    tied = telling_most(text, tied, [view.products[words.ids[number]] for number in tied[: AMONG_MOST + 1]])
    if len(tied) > _MOST:
        return Named()
    if len(tied) > 1:
        # The shorter title is nearer to what was said, but only if it is said wholly.
        whole = [n for n in tied if words.norms[n] and best / words.norms[n] > 0.8]
        tied = whole if len(whole) == 1 else tied
    a_kind = False
    if len(tied) > 1:
        # "The lid" is the one that is a lid, not the saucepan with lid.
        called = [n for n in tied if any(n in words.heads.get(term, ()) for term in spoken if term not in soft)]
        a_kind, tied = 0 < len(called) < len(tied), called or tied
    matched = [term for term in spoken if tied[0] in words.postings[term]]
    strength = max(best / words.norms[number] if words.norms[number] else 0.0 for number in tied)
    rare = min(len(words.postings[term]) for term in matched)
    matched = [term for term in matched if term not in soft] or matched
    distinct = _distinct(matched)
    chosen = any(tied[0] in words.postings[term] for term in soft if term in spoken and not re.match(r"\d", term))
    only_category = all(term in words.category_terms for term in matched)
    if len(tied) > 1 and (only_category and distinct < 2):
        return Named()
    if distinct < 2 and rare > 2 and strength < 0.5 and not chosen:
        return Named()
    if only_category and len(tied) == 1 and distinct < 2 and len(words.ids) > 3 and strength < 0.5 and not chosen:
        return Named()
    if distinct < 2 and not chosen and all(_everyday(term) for term in matched):
        return Named()
    only_typo = all(term in typos for term in matched)
    if len(tied) == 1:
        # What its category says is no word against it: "bee wildflower seeds" for the "Bee Wildflower Mix" among the seeds.
        kind = {term for name in words.leaves[tied[0]] for term, _, _ in terms(name)}
        best += sum(weight for term, weight in weights.items() if term in kind and term not in matched and term not in soft)
    certain = len(tied) == 1 and not a_kind and best >= 0.85 * total and not (only_typo and distinct < 2)
    spans = tuple(span for term in matched for span in spoken[term])
    subjects = tuple(Subject(words.ids[number], None, certain) for number in sorted(tied))
    return Named(subjects, typo=only_typo, spans=spans, strength=strength)


def _add_shortened(
    scores: dict[int, float], spoken: dict[str, list[tuple[int, int]]], weights: dict[str, float], view: ShopView, words: ShopWords
) -> None:
    """Counts a word that is the beginning of one in the title, of products that another word already suggests: "the Olympic bar" for a barbell."""
    for number in scores:
        own = {term for title in view.products[words.ids[number]].title.values() for term, _, _ in terms(title)}
        for term in spoken:
            if term not in own and term.isascii() and term.isalpha() and len(term) > 2 and any(t.startswith(term) for t in own):
                scores[number] += SHORTENED * weights[term]


SHORTENED = 0.8
"""What a word counts that only begins one of the title's."""
_NEAREST = 20
_ANY_OF = re.compile(r"\b(?:any|some)\b|有没有|有什么|有啥|哪")
"""Looks for a kind ("any caffeine-free tea?"), and names no thing."""


def _count_kinds(scores: dict[int, float], weights: dict[str, float], words: ShopWords) -> None:
    """A word for the kind of thing that a product is by its category counts for it, though its title leaves it out: "the Harbor sofa"."""
    for number in sorted(scores, key=lambda n: -scores[n])[:_NEAREST]:
        kind = {term for name in words.leaves[number] for term, _, _ in terms(name)} if number < len(words.leaves) else set()
        scores[number] += sum(weight for term, weight in weights.items() if term in kind and number not in words.postings[term])


def _drop_for_others(scores: dict[int, float], text: str, view: ShopView, words: ShopWords) -> None:
    """Leaves out what is for women where the men's is named."""
    if genders := genders_in(text):
        for number in sorted(scores, key=lambda n: -scores[n])[:_NEAREST]:
            if for_others(genders, view.products[words.ids[number]]):
                del scores[number]


def unwanted(text: str, words: ShopWords, names: Sequence[tuple[int, int]] = ()) -> tuple[str, ...]:
    """Products that are named to be left out: "not the lapsang", 除了HP-700. `names`: characters that name a product, whose own words deny
    nothing (无谷猫粮)."""
    row = tokens(text[:1000])
    found: dict[str, None] = {}
    spoken = [code for code in codes(text[:2000]) | spaced_codes(text[:2000]) if code in words.codes]
    coded = [(code, start, end) for code in spoken for start, end in _code_spans(text, [code])]
    for code, start, end in coded:
        if _denied(row, start, end):
            found.update(dict.fromkeys(words.codes[code]))
    for term, start, end in terms(text[:1000]):
        numbers = words.postings.get(term, ())
        if any(a <= start and end <= b for _, a, b in coded) or common_word(term) or values().by_word.get(term) or concept_of(term):
            continue  # "without caffeine" leaves out what holds it, not what is called caffeine-free
        if any(a <= start and end <= b and _denied(tokens(text[a:b]), start - a, end - a) for a, b in names):
            continue
        if 0 < len(numbers) <= _LEFT_OUT and _denied(row, start, end):
            found.update(dict.fromkeys(words.ids[number] for number in numbers))
    return tuple(found)


def _unwanted(text: str, spoken: dict[str, list[tuple[int, int]]]) -> list[str]:
    """Takes the words that are denied ("without logo", 不要带盖的) out of those spoken, and gives them back."""
    row = tokens(text[:1000])
    denied = [term for term, spans in spoken.items() for start, end in spans if _denied(row, start, end)]
    for term in denied:
        spoken.pop(term, None)
    return list(dict.fromkeys(denied))


def _denied(row: list[Token], start: int, end: int) -> bool:
    at = [n for n, token in enumerate(row) if token.start < end and start < token.end]
    return bool(at) and negated(row, at[0], at[-1] + 1)


def _distinct(matched: Sequence[str]) -> int:
    """How many words were matched; overlapping pairs of characters of one Chinese word count by their length."""
    han = [term for term in matched if not term.isascii()]
    return len(matched) - len(han) + (1 if len(han) == 1 else 2 if len(han) >= 2 else 0)


def _spoken_terms(text: str, words: ShopWords) -> tuple[dict[str, list[tuple[int, int]]], set[str], set[str]]:
    """The message's terms that stand in titles, with their places; those that only do with a letter changed; and those that ask for an
    attribute, which choose between products but name none. Small words are left out."""
    row = tokens(text)
    branded = [(hit.start, hit.end) for hit in words.brands.find(row)]  # the Lumen pan is a make, not so many lumens
    spans = [
        (concept, start, end)
        for concept, start, end in concepts_in(row)
        if end - start <= _LONG_SPAN and not any(a <= start and end <= b for a, b in branded)
    ]
    asked = [(start, end) for _, start, end in spans]
    own = [(hit.start, hit.end) for hit in words.properties.find(row)]
    properties = {term for concept, _, _ in spans for name in names_of(concept) for term, _, _ in terms(name)}
    cues = lexicon()
    said = [
        (hit.start, hit.end)
        for key in ("availability", "price", "promotion")
        for hit in cues.intents[key].find(row)
        if hit.last - hit.first <= 3
    ]
    valued = [(hit.start, hit.end) for hit in values().phrases.find(row) if hit.value.kind in {"colour", "material", "size"}]
    out: dict[str, list[tuple[int, int]]] = {}
    typos: set[str] = set()
    soft: set[str] = set()
    for term, start, end in terms(text[:1000]):
        if (
            common_word(term)
            or (term.isascii() and len(term) < 2 and not _figure_of(text, term, end, words))
            or any(start < b and a < end for a, b in (*said, *own))
        ):
            continue
        if term in words.postings and (re.match(r"\d", term) or any(a <= start and end <= b for a, b in valued)):
            soft.add(term)
            out.setdefault(term, []).append((start, end))
            continue
        if any(start < b and a < end for a, b in asked) and not _names_product(term, words, properties):
            inside = any(a <= start and end <= b for a, b in asked)
            if inside and term in words.postings and len(words.postings[term]) <= _MOST:
                soft.add(term)
                out.setdefault(term, []).append((start, end))
            continue
        if term in words.postings:
            out.setdefault(term, []).append((start, end))
        elif len(term) >= _TYPO_MIN and term.isascii() and term.isalpha():
            corrected = _corrected(term, words)
            if corrected:
                typos.add(corrected)
                out.setdefault(corrected, []).append((start, end))
    _drop_far(out, soft)
    return out, typos, soft


def _figure_of(text: str, term: str, end: int, words: ShopWords) -> bool:
    """A single figure before a word of titles: "1 tog"."""
    following = re.match(r"\s?([a-z]+)", fold(text[end : end + 20]))
    return term.isdigit() and following is not None and following[1] in words.postings


def spelt_out(text: str, words: ShopWords) -> str:
    """The text with misspelt names of kinds of goods put right ("backpak"). Words that are English otherwise, or stand in titles, stay."""
    out, last = [], 0
    for match in re.finditer(r"(?<![\w-])[A-Za-z]{5,}(?![\w-])", text[:1000]):
        word = fold(match.group())
        (term,) = [t for t, _, _ in terms(word)][:1] or (word,)
        if term in words.postings or term in words.category_terms or common_word(term) or _english(word) or _known(word):
            continue
        near = {found for shorter in shortened(term) for found in words.deletes.get(shorter, ())}
        kinds = [
            found
            for found in near
            if found[0] == term[0]
            and abs(len(found) - len(term)) <= 1
            and not found.startswith(term)
            and (found in words.heads or found in words.category_terms)
        ]
        if not kinds and len(word) >= _PROPERTY_MIN:
            near = {found for shorter in shortened(word) for found in _properties().get(shorter, ())}
            kinds = [found for found in near if (found[0], found[-1]) == (word[0], word[-1])]
        if len(kinds) == 1:
            out += [text[last : match.start()], kinds[0]]
            last = match.end()
    return "".join([*out, text[last:]])


_PROPERTY_MIN = 6


@lru_cache(maxsize=1)
def _properties() -> dict[str, tuple[str, ...]]:
    """Words for properties, and those with a letter left out → the words: finds "warrenty", "battary"."""
    table: dict[str, list[str]] = {}
    for concept in concepts():
        for name in names_of(concept):
            if len(name) >= _PROPERTY_MIN and name.isascii() and name.isalpha():
                for shorter in shortened(name):
                    table.setdefault(shorter, []).append(name)
    return {shorter: tuple(dict.fromkeys(found)) for shorter, found in table.items()}


def _english(word: str) -> bool:
    """A word that shoppers and others use ("charge"), in whatever form."""
    return any(rarity(term) < 1.0 for term in (word, *retrieval_tokens(word)))


def _known(word: str) -> bool:
    """A word of our own lists: no typing error."""
    listed = any(table.get(word) for table in (*lexicon().words.values(), *lexicon().intents.values()))
    return listed or bool(
        values().by_word.get(word) or concept_of(word) or values().goods.get(word) or word in lexicon().plain["question_starts"]
    )


def _everyday(term: str) -> bool:
    return term.isascii() and max((rarity(word) for word in retrieval_tokens(term)), default=0.0) < _COMMON_WORD


def _drop_far(spoken: dict[str, list[tuple[int, int]]], soft: set[str]) -> None:
    """A word that asks for an attribute chooses between products only right before what names them: "the washable duvet", not "is the duvet
    washable"."""
    hard = [start for term, spans in spoken.items() if term not in soft for start, _ in spans]
    for term in list(soft):
        if re.match(r"\d", term):
            continue
        if not any(-1 <= start - end <= 2 for _, end in spoken[term] for start in hard):
            soft.discard(term)
            del spoken[term]


def _names_product(term: str, words: ShopWords, properties: set[str]) -> bool:
    """A word that asks for an attribute may still be what a few products are called ("power bank"). `properties`: words in the names of what is
    asked for."""
    found = words.postings.get(term)
    if not found:
        return False
    # What only one or two products are called ("MacBook") names them, unless it is a word for the property or of everyday speech.
    return term in words.category_terms or (len(found) <= 2 and term not in properties and term.isascii() and not _everyday(term))


def _corrected(term: str, words: ShopWords) -> str:
    if term in lexicon().plain["question_starts"] or term in values().by_word or concept_of(term):
        return ""
    candidates = {found for shorter in shortened(term) for found in words.deletes.get(shorter, ())}
    near = [found for found in candidates if abs(len(found) - len(term)) <= 1 and found[0] == term[0]]
    if not near:
        near = [found for found in candidates if abs(len(found) - len(term)) <= 1 and len(term) >= 7]
    return min(near, key=lambda found: (len(words.postings[found]), found)) if near else ""


def _with_variant(subject: Subject, text: str, view: ShopView) -> Subject:
    product = view.products.get(subject.product_id)
    return subject if subject.sku is not None or product is None else with_variants(subject, text, product)


def with_variants(subject: Subject, text: str, product: Product) -> Subject:
    """The subject with the variants that the text tells; those of its own SKU's options that are not named now stay."""
    told = meant(text, product, subject.sku or "")
    if len(told.skus) == 1:
        return replace(subject, sku=told.skus[0], skus=(), lacking=())
    if told.skus:
        return replace(subject, sku=None, skus=told.skus, lacking=())
    if told.nearest and (len(told.named) > 1 or len(told.nearest) == len(product.variants)):
        return replace(subject, sku=None, skus=told.nearest, lacking=told.named)
    return subject


def sides(text: str) -> list[str]:
    """The things set side by side in a text: "A and B", "A还是B", "A vs B"; the text alone when it holds one."""
    parts = re.split(
        r"\s+[-–]\s+|[,，]?\s*(?=\bwhich\b)|\s+(?:and|or|vs\.?|versus|with|to|than|against|from)\s+|\s*(?:和|跟|与|还是|或者|对比|相比|比起|、|以及|\bvs\b|\bpk\b|,|，|；|;|/)\s*",
        text,
        flags=re.I,
    )
    return [part for part in parts if part.strip()]


_AMOUNT_LAST = re.compile(r"(?:^|\s)\d+(?:\.\d+)?\s?[a-z]*\W*$", re.I)


def with_shared_head(pieces: Sequence[str]) -> list[str]:
    """The sides of a comparison with the noun that only the last one says: "the 2.5 tog and 1 tog sleeping bags"."""
    last = re.sub(r"\b\d+(?:\.\d+)?\b", " ", pieces[-1])
    return [f"{piece} {last}" if _AMOUNT_LAST.search(piece) else piece for piece in pieces[:-1]] + [pieces[-1]]
