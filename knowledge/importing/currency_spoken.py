"""The currency that a shop's rules, questions and promotions speak of: what bare figures in its price list are in."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from knowledge.currencies import currency_in
from knowledge.faq import FaqEntry
from knowledge.importing.file_reader import FileResult
from knowledge.policy import Policy
from knowledge.promotion import Promotion

_AMOUNT = re.compile(
    r"(?:[$€£¥￥₹₩]|[A-Z]{1,3}\$|\b[A-Z]{3}\s)\s?\d[\d.,]*|\d[\d.,]*\s?(?:[€£$元]|[A-Z]{3}\b|(?:euro|dollar|pound|rupee)s?\b(?! of))"
)
LEAST = 3
"""Amounts that must name it."""
SHARE = 0.8
"""Of all amounts that name any."""


def currency_spoken_of(results: Iterable[FileResult]) -> str:
    """ISO 4217 code, "" where the texts name none or several."""
    named = Counter(code for text in _texts(results) for amount in _AMOUNT.findall(text) if (code := currency_in(amount)))
    if not named:
        return ""
    code, count = named.most_common(1)[0]
    return code if count >= LEAST and count >= SHARE * named.total() else ""


def _texts(results: Iterable[FileResult]) -> Iterator[str]:
    for result in results:
        for document in result.documents:
            body = document.body
            if isinstance(body, FaqEntry):
                yield from body.answer.values()
            elif isinstance(body, Policy):
                yield from (section.text for section in body.sections)
            elif isinstance(body, Promotion):
                yield from body.text.values()
