"""How much of a customer's words stands in a product's title, character by character in Chinese.

Short searches name what is wanted in fewer or other characters than the title ("猫爪板", "猫抓板"; "床头柜 原木", "实木床头柜"): words cut by a
dictionary, and even pairs of characters, miss that. Of a long description every character is there sooner or later, so only titles count.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from knowledge.folding import fold
from retrieval.rarity import is_content
from retrieval.tokens import words

TITLE = 0.05
"""What a product gains whose title holds all that was asked for, in cosines."""
WIDE = 40
"""Products among which titles decide; the best by everything else."""

_HAN = re.compile("[㐀-鿿]")


@lru_cache(maxsize=16384)
def pieces(text: str) -> frozenset[str]:
    """The Chinese characters and the other words of a text that say anything."""
    characters = _HAN.findall(fold(text))
    others = (word for word in words(text) if not _HAN.match(word))
    return frozenset(piece for piece in (*characters, *others) if is_content(piece))


def title_share(query: str, titles: Iterable[str]) -> float:
    """Share of the query's pieces in the title that holds most of them, 0..1."""
    asked = pieces(query)
    return max((len(asked & pieces(title)) / len(asked) for title in titles), default=0.0) if asked else 0.0
