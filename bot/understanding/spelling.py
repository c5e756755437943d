"""Typing errors: misspelt names of goods and properties put right, and the shop's word that an unknown one is nearest to."""

import re
from functools import lru_cache

from bot.understanding.lexicon import lexicon, values
from bot.understanding.shop_words import ShopWords
from bot.understanding.title_terms import common_word, shortened, terms
from knowledge.attribute_names import concept_of, concepts, names_of
from knowledge.folding import fold
from retrieval.rarity import rarity
from retrieval.tokens import tokens as retrieval_tokens

TYPO_MIN = 5
_COMMON_WORD = 0.8
"""A single word under this rarity (retrieval/rarity.py) names nothing by itself ("free")."""


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


def everyday(term: str) -> bool:
    """Whether an English word is too common to name anything by itself."""
    return term.isascii() and max((rarity(word) for word in retrieval_tokens(term)), default=0.0) < _COMMON_WORD


def corrected_term(term: str, words: ShopWords) -> str:
    """The shop's own word that an unknown one is a typing error of; "" without one."""
    if term in lexicon().plain["question_starts"] or term in values().by_word or concept_of(term):
        return ""
    candidates = {found for shorter in shortened(term) for found in words.deletes.get(shorter, ())}
    near = [found for found in candidates if abs(len(found) - len(term)) <= 1 and found[0] == term[0]]
    if not near:
        near = [found for found in candidates if abs(len(found) - len(term)) <= 1 and len(term) >= 7]
    return min(near, key=lambda found: (len(words.postings[found]), found)) if near else ""
