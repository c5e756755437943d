"""Products that a text names: what each way of finding them gives."""

from dataclasses import dataclass

from bot.understanding.question import Subject

NAMED_MOST = 5
"""More products than this that fit the words equally well: a kind of product, not a name."""
STRONG = 0.5
"""From this share of its title on, a product is named so clearly that a question is about it."""


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
