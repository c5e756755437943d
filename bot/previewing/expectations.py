"""Whether an Answer holds what a test question expects of it."""

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
