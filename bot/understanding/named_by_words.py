"""Products named by some words of their titles, weighed by how rare each is in the shop."""

import re
from collections.abc import Sequence

from bot.understanding.lexicon import lexicon, values
from bot.understanding.named import NAMED_MOST, Named
from bot.understanding.question import Subject
from bot.understanding.shop_words import ShopWords
from bot.understanding.siblings import for_others, genders_in
from bot.understanding.spelling import TYPO_MIN, corrected_term, everyday
from bot.understanding.title_terms import common_word, terms
from bot.understanding.unwanted import unwanted_terms
from bot.understanding.values_told import AMONG_MOST, telling_most
from knowledge.attribute_names import concepts_in, names_of
from knowledge.folding import fold
from knowledge.phrases import tokens
from retrieval.view import ShopView

_FREQUENT = 400
_COMMON_SHARE = 0.6
_LONG_SPAN = 16
"""Characters: a longer question ("how much does ... weigh") holds the product's name, and is not left out of it."""


def by_words(text: str, view: ShopView, words: ShopWords) -> Named:
    """The products whose titles hold most of a text's words by rarity, up to NAMED_MOST; certain where one alone is called so."""
    spoken, typos, soft = _spoken_terms(text, words)
    unwanted = unwanted_terms(text, spoken)
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
    if max(scores.values()) < _COMMON_SHARE * total and len(scores) <= NAMED_MOST:
        _add_shortened(scores, spoken, weights, view, words)
    best = max(scores.values())
    if best < _COMMON_SHARE * total:
        return Named()
    tied = [number for number, score in scores.items() if score >= best * 0.999]
    tied = telling_most(text, tied, [view.products[words.ids[number]] for number in tied[: AMONG_MOST + 1]])
    if len(tied) > NAMED_MOST:
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
    if distinct < 2 and not chosen and all(everyday(term) for term in matched):
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
            if inside and term in words.postings and len(words.postings[term]) <= NAMED_MOST:
                soft.add(term)
                out.setdefault(term, []).append((start, end))
            continue
        if term in words.postings:
            out.setdefault(term, []).append((start, end))
        elif len(term) >= TYPO_MIN and term.isascii() and term.isalpha():
            corrected = corrected_term(term, words)
            if corrected:
                typos.add(corrected)
                out.setdefault(corrected, []).append((start, end))
    _drop_far(out, soft)
    return out, typos, soft


def _figure_of(text: str, term: str, end: int, words: ShopWords) -> bool:
    """A single figure before a word of titles: "1 tog"."""
    following = re.match(r"\s?([a-z]+)", fold(text[end : end + 20]))
    return term.isdigit() and following is not None and following[1] in words.postings


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
    return term in words.category_terms or (len(found) <= 2 and term not in properties and term.isascii() and not everyday(term))
