"""Who says what, where: the places that findings about a shop's knowledge point at."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from knowledge.store import DocumentKind

_AROUND = 90
"""Characters of a quotation on either side of its figure."""


@dataclass(frozen=True, slots=True)
class Place:
    """A text of a document, or a piece of it. `field`: answer, description, attribute:NAME, or a policy section's anchor."""

    kind: DocumentKind
    id: str
    source: str
    field: str
    language: str
    text: str
    figure: str = ""
    """The amount in question, as written."""

    @property
    def key(self) -> tuple[DocumentKind, str]:
        """The document."""
        return self.kind, self.id

    def quoting(self, start: int, end: int) -> "Place":
        """The same place with its text cut to what stands around these characters; none: to its beginning."""
        first = max(0, start - _AROUND) if end > _AROUND else 0
        last = min(len(self.text), max(end, 1) + _AROUND)
        cut = ("…" if first else "") + self.text[first:last].strip() + ("…" if last < len(self.text) else "")
        return Place(self.kind, self.id, self.source, self.field, self.language, " ".join(cut.split()), self.text[start:end].strip())


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two places that cannot both be right. `code`: faq_faq, polarity, terms, attribute_text, languages or promotion_text; `topic`: the promise
    ("return_window"), the property ("weight") or the kind of figure."""

    code: str
    topic: str
    first: Place
    second: Place

    def sentence(self, language: str) -> str:
        """The finding for a merchant, in English or Chinese."""
        wording = term_tables()["_wording"][self.code][1 if language.startswith("zh") else 0]
        left, right = ("“{}”", "“{}”")
        return str(
            wording.format(
                first=left.format(self.first.figure or self.first.text), second=right.format(self.second.figure or self.second.text)
            )
        )

    def as_json(self) -> dict[str, Any]:
        """Plain JSON for the console and the API."""
        return {
            "code": self.code,
            "topic": self.topic,
            "message": {language: self.sentence(language) for language in ("en", "zh")},
            "places": [
                {"kind": str(place.kind), "id": place.id, "source": place.source, "field": place.field, "language": place.language,
                 "quote": place.text, "figure": place.figure}
                for place in (self.first, self.second)
            ],
        }  # fmt: skip


@lru_cache(maxsize=1)
def term_tables() -> Mapping[str, Any]:
    """contradictions.toml as it stands."""
    return tomllib.loads(resources.files("knowledge").joinpath("contradictions.toml").read_text(encoding="utf-8"))
