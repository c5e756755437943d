"""Which products the words name: by SKU or model number, by title or a part of it, with typing errors; and which variant by its options."""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.understanding.lexicon import values
from bot.understanding.named import NAMED_MOST, Named
from bot.understanding.named_by_code import by_code
from bot.understanding.named_by_title import by_shortened_title, by_title, by_title_inside, by_titles_inside
from bot.understanding.named_by_words import by_words
from bot.understanding.question import Subject
from bot.understanding.shop_words import COMING_MOST, ShopWords
from bot.understanding.title_runs import runs_in
from bot.understanding.title_terms import common_word, terms
from bot.understanding.values_told import states_name
from bot.understanding.variants import meant
from knowledge.catalog import Product
from knowledge.folding import fold
from retrieval.view import ShopView


def find(text: str, view: ShopView, words: ShopWords, *, loose: bool = True) -> Named:
    """The products named in a text. Without `loose`, only codes and whole titles count: what a search for a kind of thing may hold."""
    exact = by_code(text, view, words) or by_title(text, words)
    if exact:
        return Named(tuple(_with_variant(s, text, view) for s in exact.subjects), True, False, exact.spans, 1.0)
    if not loose:
        return Named()
    found = by_words(text, view, words)
    if part_of := _made_for_it(text, words):
        found = part_of
    elif titled := by_titles_inside(text, words):
        found = titled
    elif run := _by_runs(text, view, words, found):
        found = run
    elif len(found.subjects) != 1 or not found.subjects[0].certain:
        found = by_title_inside(text, words) or by_shortened_title(text, view, words) or found
    if found.strength < 1 and _called_like_others(text, found, words):
        return Named()
    beside = outside_spans(text, found.spans) if found.strength >= 1 else text
    subjects = tuple(_with_variant(s, beside, view) for s in found.subjects)
    told = [s for s in subjects if s.sku or s.skus]
    if len(told) == 1 < len(subjects) and not any(s.certain for s in subjects) and not found.typo:
        subjects = (replace(told[0], certain=True),)  # "the 10 inch Forge": of all that are called so, one comes in that size
    return Named(subjects, False, found.typo, found.spans, found.strength)


def outside_spans(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text without the whole titles in it: what they hold, "iPhone 16" or a province, says nothing of what is asked."""
    row = list(text)
    for start, end in spans:
        row[start:end] = " " * (min(end, len(row)) - start)
    return "".join(row)


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
    subjects = tuple(Subject(id, None, True) for id in list(chosen)[:NAMED_MOST])
    return Named(subjects, spans=tuple(chosen.values()), strength=0.9)


def _for_what_runs_name(text: str, view: ShopView, words: ShopWords, terms_say: Named, spans: Sequence[tuple[int, int]]) -> Named | None:
    """ "A green case for the iPhone 16 Pro": the thing that the other words name, where it states what the run names as its own; the run then is no
    other product."""
    rest = list(text)
    for start, end in spans:
        rest[start:end] = " " * (end - start)
    for named in (terms_say, by_words("".join(rest), view, words)):
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
