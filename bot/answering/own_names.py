"""Properties that a merchant names in words of their own ("孕妇可用", "Chain breaker"), found where the customer says these words."""

import re
from functools import lru_cache

from bot.answering.facts import Fact, facts_of, in_language
from bot.understanding.question import Part
from knowledge.attribute_names import concept_of
from knowledge.catalog import Product
from knowledge.folding import fold
from retrieval.tokens import tokens

_SMALL = re.compile(
    r"是否|能否|可否|可以|可用|适用|可|能|含有?|带有?|支持|类型|说明|情况|与否|\b(?:is|has|have|with|for|type|of|the|a|suitable|included|safe)\b"
)
_CHOICE = re.compile(r"(.)(?:不|没)\1|有没有|是不是|能不能|可不可以")
_NEGATED = re.compile(r"不含|不带|不用|不是|不会|无(?!线|级|极|论)|没有|\bwithout\b|\bnot\b|n't\b|\bfree\b|\bno\b")


@lru_cache(maxsize=65536)
def _content(name: str) -> frozenset[str]:
    """What a property's name is about: 酒精 of 是否含酒精."""
    kept = _SMALL.sub(" ", fold(name))
    return frozenset(word for piece in kept.split() for word in tokens(piece) if len(word) > 1)


def by_own_name(part: Part, product: Product, language: str) -> list[Fact]:
    """Statements under names that stand for nothing we know, all words of which the customer says beside the product's name; [] where the
    customer names none."""
    said = fold(part.text)
    for title in product.title.values():
        said = said.replace(fold(title), " ")
    words = set(tokens(said))
    named = {term for title in product.title.values() for term in tokens(title)}
    names = {
        a.name for a in product.attributes if concept_of(a.name) is None and (own := _content(a.name)) and own <= words and not own <= named
    }
    return in_language([f for f in facts_of(product) if f.name in names], language) if names else []


def asks_negated(text: str) -> bool:
    """Asks for the absence of something ("without alcohol?"): a yes or a no would be taken the wrong way round."""
    return bool(_NEGATED.search(_CHOICE.sub(" ", fold(text))))
