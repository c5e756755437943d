"""Which of several products a text means by what they state: the one that comes in that colour, holds that much, fits that phone.

A kind of goods ("the power bank") fits many titles; the values beside it ("10000 mAh, purple") choose.
"""

import re
from collections.abc import Sequence

from bot.understanding.lexicon import values
from bot.understanding.title_terms import common_word
from bot.understanding.variants import meant
from knowledge.catalog import Product
from knowledge.folding import fold
from knowledge.units import Dimension, quantities

AMONG_MOST = 24
"""More products than this that fit the words equally well are not looked into one by one."""
_VALUE_MOST = 60
"""Characters of an attribute that is a value rather than a text."""
_LATIN = re.compile(r"[a-z]{3,}")


def telling_most(text: str, numbers: Sequence[int], products: Sequence[Product]) -> list[int]:
    """Those of the products (by their `numbers`) that state most of the values in the text; all where none is stated, or too many are asked."""
    if not 1 < len(numbers) <= AMONG_MOST:
        return list(numbers)
    counts = [_told(text, product) for product in products]
    best = max(counts)
    return [number for number, count in zip(numbers, counts, strict=True) if count == best]


def _told(text: str, product: Product) -> int:
    """How many values of the product stand in the text: options, amounts, colours, names of what it is for."""
    told = meant(text, product)
    chosen = told.skus if not told.nearest else ()
    held = [a.value for a in product.attributes if len(a.value) <= _VALUE_MOST]
    if len(product.variants) == 1:
        held += [o.value for o in product.variants[0].options]
    titles = [fold(title) for title in product.title.values()]
    said = {(q.dimension, q.base_low) for q in quantities(fold(text)[:500]) if q.dimension is not Dimension.NUMBER}
    amounts = {(q.dimension, q.base_low) for value in (*titles, *map(fold, held)) for q in quantities(value[:200])} if said else set()
    known = {hit.value.id for hit in values().phrases.find(text)}
    own = {hit.value.id for value in held for hit in values().phrases.find(value)} if known else set()
    words = {word for word in _LATIN.findall(fold(text[:500])) if not common_word(word)}  # iphone of iphone13
    names = {word for value in held for word in _LATIN.findall(fold(value))} if words else set()
    figures = set(re.findall(r"(?<![\d.])\d{3,}(?![\d.])", text))  # the 20000 one
    bare = figures & {figure for value in (*titles, *held) for figure in re.findall(r"(?<![\d.])\d{3,}(?![\d.])", value)}
    return (len(told.concepts) if chosen else 0) + max(len(said & amounts), len(bare)) + len(known & own) + bool(words & names)


def states_name(product: Product, said: str) -> bool:
    """Whether a name of another thing stands in one of the product's values: a sleeve "for Pad 11", a case that comes for the "iPhone 16 Pro"."""
    plain = re.sub(r"[\W_]", "", fold(said))
    held = [*product.attributes, *(option for variant in product.variants for option in variant.options)]
    return len(plain) >= 3 and any(plain in re.sub(r"[\W_]", "", fold(one.value)) for one in held if len(one.value) <= _VALUE_MOST)
