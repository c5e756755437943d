"""Properties by the names that a merchant gave them, found where a customer says all of their words."""

import re
from collections.abc import Sequence
from functools import lru_cache

from knowledge.attribute_names import concept_of
from knowledge.catalog import Product
from knowledge.folding import fold
from retrieval.tokens import tokens

_SMALL = re.compile(
    r"是否|能否|可否|可以|可用|适用|可|能|含有?|带有?|支持|类型|说明|情况|与否|\b(?:is|has|have|with|for|type|of|the|a|suitable|included|safe)\b"
)


@lru_cache(maxsize=65536)
def _content(name: str) -> frozenset[str]:
    """What a property's name is about: 酒精 of 是否含酒精."""
    kept = _SMALL.sub(" ", fold(name))
    return frozenset(word for piece in kept.split() for word in tokens(piece) if len(word) > 1)


def names_said(text: str, products: Sequence[Product], *, every: bool = False) -> list[str]:
    """The names of properties of these products all words of which a text says beside their titles, the longest alone where one holds another.
    Options, and single words that stand for a property we know, count with `every` alone."""
    said = fold(text)
    for product in products:
        for title in product.title.values():
            said = said.replace(fold(title), " ")
    words = set(tokens(said))
    titled = {term for product in products for title in product.title.values() for term in tokens(title)}
    found: dict[str, frozenset[str]] = {}
    stated = [a for p in products for a in (*p.attributes, *(b for v in p.variants for b in v.attributes))]
    stated += [o for p in products for v in p.variants for o in v.options] if every else []
    for attribute in stated:
        own = _content(attribute.name)
        if own and own <= words and not own <= titled and (every or len(own) > 1 or concept_of(attribute.name) is None):
            found[attribute.name] = own
    return [name for name, own in found.items() if not any(own < other for other in found.values())]
