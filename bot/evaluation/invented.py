"""Which figures of an Answer come from nowhere. Not the guard's own reading, so that it can catch the guard."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from knowledge.figures import MONEY, Figure, figures

_SAME = 0.005


def invented_figures(answer: Mapping[str, Any], asked: str = "", notices: str = "") -> Iterator[str]:
    """Sums of money, spans of time and percentages in the text that stand neither in a source's quotation nor on a product card nor in the
    shop's own `notices`, and are no difference of two prices of a card. What the customer `asked` may be repeated as a wish ("nothing under
    $50", "these match (under $50):"), but backs no statement about a product."""
    text, currency = str(answer["text"]), _currency(answer)
    known = _Known([*(str(source["quote"]) for source in answer["sources"]), notices], currency, _sums(answer))
    wished = _Known([asked], currency, set())
    for figure in figures(text, currency):
        wish = answer["outcome"] != "answered" or _names_no_product(_line(text, figure.start), answer)
        if not known.holds(figure) and not (wish and wished.holds(figure)):
            yield text[figure.start : figure.end]


class _Known:
    """Figures that may be said."""

    def __init__(self, texts: Sequence[str], currency: str, sums: set[float]) -> None:
        self._held = {(one.kind, round(one.low, 4), round(one.high, 4)) for text in texts for one in figures(text, currency)}
        self._sums = sums | {float(number.replace(",", "")) for text in texts for number in _NUMBER.findall(text)}

    def holds(self, figure: Figure) -> bool:
        if figure.kind == MONEY and any(abs(figure.low - known) < _SAME for known in self._sums):
            return True
        return (figure.kind, round(figure.low, 4), round(figure.high, 4)) in self._held


def _sums(answer: Mapping[str, Any]) -> set[float]:
    """Prices of the cards, and what lies between two of one."""
    cards = [tuple(_prices(card)) for card in answer["products"]]
    return {price for card in cards for price in card} | {round(abs(a - b), 2) for card in cards for a in card for b in card}


def _line(text: str, at: int) -> str:
    return text[text.rfind("\n", 0, at) + 1 :].partition("\n")[0]


def _names_no_product(line: str, answer: Mapping[str, Any]) -> bool:
    """A heading over a list of products, which repeats what was wished."""
    cards = answer["products"]
    return bool(cards) and not any(str(card.get("title")) in line for card in cards)


_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


def _prices(card: Mapping[str, Any]) -> Iterator[float]:
    for name in ("price", "list_price", "price_up_to"):
        if card.get(name):
            yield float(card[name])


def _currency(answer: Mapping[str, Any]) -> str:
    return next((str(card["currency"]) for card in answer["products"] if card.get("currency")), "")
