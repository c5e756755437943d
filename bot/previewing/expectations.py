"""Whether an Answer holds what a test question expects of it, and what one may expect of an answer that is right."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from knowledge.pinned import Expected

_GROUPED = re.compile(r"(?<=\d)[,，\s](?=\d{3}(?!\d))")


def failures(expected: Expected, answer: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What is not as expected, as (field, value): ("expect", "49.90"); [] if all is well."""
    text = plain(str(answer["text"]))
    found = [("expect", wanted) for wanted in expected.expect if plain(wanted) not in text]
    found += [("avoid", banned) for banned in expected.avoid if plain(banned) in text]
    if expected.outcome and answer["outcome"] != expected.outcome:
        found.append(("outcome", expected.outcome))
    sources = {str(source["id"]) for source in answer["sources"]}
    sources |= {str(card[name]) for card in answer["products"] for name in ("sku", "product_id") if card.get(name)}
    found += [("sources", wanted) for wanted in expected.sources if wanted not in sources]
    if expected.product_sku and expected.product_sku not in {card["sku"] for card in answer["products"]}:
        found.append(("product_sku", expected.product_sku))
    return found


def plain(text: str) -> str:
    """Without case, width, doubled spaces, and separators inside numbers."""
    folded = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    return _GROUPED.sub("", folded)


MOST_EXPECTED = 5
_FIGURE = re.compile(r"\d+(?:[.,:]\d+)*")
_ITEM = re.compile(r"^\d{1,2}\. ", re.MULTILINE)
_STATED = ("attribute:", "option:")


def expected_of(answer: Mapping[str, Any]) -> Expected:
    """What an answer that is as it should be holds: the values it states of a product, else its figures; its outcome, the entries and
    sections it rests on, the first product. A proposal, for a merchant to change."""
    text = str(answer["text"])
    sources = [source for source in answer["sources"] if isinstance(source, Mapping)]
    values = [str(source["quote"]).partition(": ")[2] for source in sources if str(source["field"]).startswith(_STATED)]
    stated = [value for value in values if value and plain(value) in plain(text)]
    # A model's number says nothing, and pieces in stock are others tomorrow.
    passing = set(_FIGURE.findall(" ".join(str(source["quote"]) for source in sources if source["field"] in ("title", "stock"))))
    figures = [figure for figure in _FIGURE.findall(_ITEM.sub("", text)) if figure not in passing]
    rests_on = [str(source["id"]) for source in sources if source["kind"] in ("faq", "policy")]
    shown = answer["products"]
    return Expected(
        expect=tuple(dict.fromkeys(stated or figures))[:MOST_EXPECTED],
        outcome=str(answer["outcome"]),
        sources=tuple(dict.fromkeys(rests_on))[:MOST_EXPECTED],
        product_sku=str(shown[0]["sku"]) if shown else "",
    )
