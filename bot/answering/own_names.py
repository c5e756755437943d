"""Properties that a merchant names in words of their own ("孕妇可用", "Chain breaker"), found where the customer says these words."""

import re

from bot.answering.facts import Fact, facts_of, in_language
from bot.understanding.own_properties import names_said
from bot.understanding.question import Part
from knowledge.attribute_names import concept_of
from knowledge.catalog import Product
from knowledge.folding import fold

_CHOICE = re.compile(r"(.)(?:不|没)\1|有没有|是不是|能不能|可不可以")
_NEGATED = re.compile(r"不含|不带|不用|不是|不会|无(?!线|级|极|论)|没有|\bwithout\b|\bnot\b|n't\b|\bfree\b|\bno\b")


def by_own_name(part: Part, product: Product, language: str) -> list[Fact]:
    """Statements under names all words of which the customer says beside the product's name, where they are several ("protein per serving") or
    stand for nothing we know; [] where the customer names none."""
    names = set(names_said(part.text, [product]))
    known = {concept for name in names if (concept := concept_of(name))}  # the same in another language
    return in_language([f for f in facts_of(product) if f.name in names or concept_of(f.name) in known], language) if names else []


def asks_negated(text: str) -> bool:
    """Asks for the absence of something ("without alcohol?"): a yes or a no would be taken the wrong way round."""
    return bool(_NEGATED.search(_CHOICE.sub(" ", fold(text))))
