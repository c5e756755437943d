"""Products that are named to be left out: "not the Kestrel", 不要那个蓝色的."""

from collections.abc import Sequence

from bot.understanding.lexicon import values
from bot.understanding.named_by_code import code_spans
from bot.understanding.negation import negated
from bot.understanding.shop_words import ShopWords
from bot.understanding.title_terms import common_word, terms
from knowledge.attribute_names import concept_of
from knowledge.phrases import Token, tokens
from retrieval.tokens import codes, spaced_codes

_LEFT_OUT = 3
"""A word that more products are called by says a kind, not a product to be left out."""


def unwanted(text: str, words: ShopWords, names: Sequence[tuple[int, int]] = ()) -> tuple[str, ...]:
    """Products that are named to be left out: "not the lapsang", 除了HP-700. `names`: characters that name a product, whose own words deny
    nothing (无谷猫粮)."""
    row = tokens(text[:1000])
    found: dict[str, None] = {}
    spoken = [code for code in codes(text[:2000]) | spaced_codes(text[:2000]) if code in words.codes]
    coded = [(code, start, end) for code in spoken for start, end in code_spans(text, [code])]
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


def unwanted_terms(text: str, spoken: dict[str, list[tuple[int, int]]]) -> list[str]:
    """Takes the words that are denied ("without logo", 不要带盖的) out of those spoken, and gives them back."""
    row = tokens(text[:1000])
    denied = [term for term, spans in spoken.items() for start, end in spans if _denied(row, start, end)]
    for term in denied:
        spoken.pop(term, None)
    return list(dict.fromkeys(denied))


def _denied(row: list[Token], start: int, end: int) -> bool:
    at = [n for n, token in enumerate(row) if token.start < end and start < token.end]
    return bool(at) and negated(row, at[0], at[-1] + 1)
