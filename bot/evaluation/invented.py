"""Which figures of an Answer come from nowhere. Not the guard's own reading, so that it can catch the guard."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from knowledge.figures import MONEY, figures

_SAME = 0.005


def invented_figures(answer: Mapping[str, Any], asked: str = "", notices: str = "") -> Iterator[str]:
    """Sums of money, spans of time and percentages in the text that stand neither in a source's quotation nor on a product card nor in the
    shop's own `notices`, and are no difference of two prices of a card. What the customer `asked` may be repeated where nothing is answered
    ("nothing under $50"), but backs no answer."""
    text = str(answer["text"])
    said = [*(str(source["quote"]) for source in answer["sources"]), notices, asked if answer["outcome"] != "answered" else ""]
    held = {(one.kind, round(one.low, 4), round(one.high, 4)) for words in said for one in figures(words, _currency(answer))}
    numbers = {float(number.replace(",", "")) for words in said for number in _NUMBER.findall(words)}
    prices = [tuple(_prices(card)) for card in answer["products"]]
    sums = {price for card in prices for price in card}
    sums |= {round(abs(a - b), 2) for card in prices for a in card for b in card}
    for figure in figures(text, _currency(answer)):
        key = (figure.kind, round(figure.low, 4), round(figure.high, 4))
        backed = key in held or (figure.kind == MONEY and any(abs(figure.low - known) < _SAME for known in sums | numbers))
        if not backed:
            yield text[figure.start : figure.end]


_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


def _prices(card: Mapping[str, Any]) -> Iterator[float]:
    for name in ("price", "list_price", "price_up_to"):
        if card.get(name):
            yield float(card[name])


def _currency(answer: Mapping[str, Any]) -> str:
    return next((str(card["currency"]) for card in answer["products"] if card.get("currency")), "")
