"""Which products the words name: by SKU or model number, by title or a part of it, with typing errors; and which variant by its options."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.understanding.lexicon import lexicon, values
from bot.understanding.question import Subject
from bot.understanding.shop_words import ShopWords, common_word, shortened, terms, variant_words
from knowledge.attribute_names import concept_of, concepts_in
from knowledge.catalog import Product, Variant
from knowledge.folding import fold
from knowledge.phrases import tokens
from retrieval.rarity import rarity
from retrieval.tokens import codes, compact, spaced_codes
from retrieval.tokens import tokens as retrieval_tokens
from retrieval.view import ShopView

_MOST = 5
"""More products than this that fit the words equally well: a kind of product, not a name."""
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
    return Named(tuple(_with_variant(s, text, view) for s in found.subjects), False, found.typo, found.spans, found.strength)


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


def _by_terms(text: str, view: ShopView, words: ShopWords) -> Named:
    spoken, typos, soft = _spoken_terms(text, words)
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
    if not scores or total <= 0:
        return Named()
    best = max(scores.values())
    if best < _COMMON_SHARE * total:
        return Named()
    tied = [number for number, score in scores.items() if score >= best * 0.999]
    if len(tied) > _MOST:
        return Named()
    if len(tied) > 1:
        # The shorter title is nearer to what was said, but only if it is said wholly.
        whole = [n for n in tied if words.norms[n] and best / words.norms[n] > 0.8]
        tied = whole if len(whole) == 1 else tied
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
    certain = len(tied) == 1 and best >= 0.85 * total and not (only_typo and distinct < 2)
    spans = tuple(span for term in matched for span in spoken[term])
    subjects = tuple(Subject(words.ids[number], None, certain) for number in sorted(tied))
    return Named(subjects, typo=only_typo, spans=spans, strength=strength)


def _distinct(matched: Sequence[str]) -> int:
    """How many words were matched; overlapping pairs of characters of one Chinese word count by their length."""
    han = [term for term in matched if not term.isascii()]
    return len(matched) - len(han) + (1 if len(han) == 1 else 2 if len(han) >= 2 else 0)


def _spoken_terms(text: str, words: ShopWords) -> tuple[dict[str, list[tuple[int, int]]], set[str], set[str]]:
    """The message's terms that stand in titles, with their places; those that only do with a letter changed; and those that ask for an
    attribute, which choose between products but name none. Small words are left out."""
    row = tokens(text)
    asked = [(start, end) for _, start, end in concepts_in(row) if end - start <= _LONG_SPAN]
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
        if common_word(term) or (term.isascii() and len(term) < 2) or any(start < b and a < end for a, b in said):
            continue
        if term in words.postings and (re.match(r"\d", term) or any(a <= start and end <= b for a, b in valued)):
            soft.add(term)
            out.setdefault(term, []).append((start, end))
            continue
        if any(start < b and a < end for a, b in asked) and not _names_product(term, words):
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


def _names_product(term: str, words: ShopWords) -> bool:
    """A word that asks for an attribute may still be what a few products are called ("power bank")."""
    found = words.postings.get(term)
    return bool(found) and term in words.category_terms


def _corrected(term: str, words: ShopWords) -> str:
    if term in lexicon().plain["question_starts"] or term in values().by_word or concept_of(term):
        return ""
    candidates = {found for shorter in shortened(term) for found in words.deletes.get(shorter, ())}
    near = [found for found in candidates if abs(len(found) - len(term)) <= 1 and found[0] == term[0]]
    if not near:
        near = [found for found in candidates if abs(len(found) - len(term)) <= 1 and len(term) >= 7]
    return min(near, key=lambda found: (len(words.postings[found]), found)) if near else ""


def _with_variant(subject: Subject, text: str, view: ShopView) -> Subject:
    if subject.sku is not None:
        return subject
    product = view.products.get(subject.product_id)
    sku = variant_in(text, product) if product else None
    return Subject(subject.product_id, sku, subject.certain, subject.how) if sku else subject


def variant_in(text: str, product: Product) -> str | None:
    """The SKU of the one variant whose options stand in the text ("the black M", "512GB"); None when none or several fit."""
    fitting = variants_in(text, product)
    return fitting[0] if len(fitting) == 1 and len(product.variants) > 1 else None


def variants_in(text: str, product: Product) -> list[str]:
    """The SKUs of the variants that fit best to the option words in the text; [] when no option is named."""
    if len(product.variants) < 2:
        return []
    folded = fold(text)
    spoken_values = {hit.value.id for hit in values().phrases.find(text)}
    squeezed = re.sub(r"\s+", "", folded)
    titles = " ".join(fold(title) for title in product.title.values())
    colours = {hit.value.id for hit in values().phrases.find(text) if hit.value.kind == "colour"}
    scores: dict[str, float] = {}
    for variant in product.variants:
        if colours and _other_colour(variant, colours, folded):
            scores[variant.sku] = 0.0
            continue
        score = 0.0
        for option in variant_words(variant):
            score += max((_option_score(word, text, folded, squeezed, spoken_values, titles) for word in option.words), default=0.0)
        scores[variant.sku] = score
    best = max(scores.values())
    if best <= 0:
        return []
    fitting = [sku for sku, score in scores.items() if score >= best - 1e-9]
    return fitting if len(fitting) < len(product.variants) else []


def _other_colour(variant: Variant, colours: set[str], folded: str) -> bool:
    """Whether the variant has a colour, and not one of those named."""
    own = [word for option in variant_words(variant) if option.concept == "colour" for word in option.words]
    known = [value for word in own if (value := values().by_word.get(fold(word).strip()))]
    return bool(known) and not any(value.id in colours for value in known) and not any(fold(word) in folded for word in own)


_SINGLE = re.compile(r"^[a-z0-9]{1,2}$")


def _option_score(word: str, text: str, folded: str, squeezed: str, spoken_values: set[str], titles: str) -> float:
    value = fold(word).strip()
    if not value:
        return 0.0
    if _SINGLE.match(value) and not value.isdigit():
        pattern = (
            rf"(?<![A-Za-z0-9'’-]){re.escape(value.upper())}(?![A-Za-z0-9'’-])|\bsize {re.escape(value)}\b|(?<![a-z]){re.escape(value)}码"
        )
        return 2.0 if re.search(pattern, text) or re.search(pattern, folded) else 0.0
    known = values().by_word.get(value)
    if known is not None and known.id in spoken_values:
        return 2.0
    if value.isascii():
        if re.search(rf"(?<![a-z0-9]){re.escape(value)}(?![a-z0-9])", folded):
            return 2.5
        joined = re.sub(r"\s+", "", value)
        if re.search(r"\d", joined) and re.search(rf"(?<![0-9.]){re.escape(joined)}(?![a-z0-9])", squeezed):
            return 2.5
        parts = [part for part in re.findall(r"[a-z]{2,}|\d+(?:\.\d+)?(?:\s?[a-z]+)?", value) if part not in titles]
        hits = sum(1 for part in parts if re.search(rf"(?<![a-z0-9.]){re.escape(part)}(?![a-z0-9])", folded) and not common_word(part))
        return 1.5 * hits / len(parts) if parts else 0.0
    plain = re.sub(r"\s+", "", value)
    if plain in squeezed:
        return 2.5
    stem_ = re.sub(r"[色码款]$", "", plain)
    if len(stem_) >= 1 and re.search(rf"{re.escape(stem_)}[色码款的]", squeezed):
        return 2.0
    parts = [part for part in re.split(r"[\s,，/、]+", value) if len(part) >= 2 and part not in titles]
    hits = sum(1 for part in parts if part in folded or re.sub(r"\s", "", part) in squeezed)
    return 1.5 * hits / len(parts) if parts and hits else 0.0


def sides(text: str) -> list[str]:
    """The things set side by side in a text: "A and B", "A还是B", "A vs B"; the text alone when it holds one."""
    parts = re.split(
        r"\s+(?:and|or|vs\.?|versus|with|to|than|against|from)\s+|\s*(?:和|跟|与|还是|或者|对比|相比|比起|、|以及|\bvs\b|\bpk\b|,|，|；|;|/)\s*",
        text,
        flags=re.I,
    )
    return [part for part in parts if part.strip()]
