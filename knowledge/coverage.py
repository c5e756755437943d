"""Which texts of a shop are there in which of its languages: what a customer of each language finds and what is missing."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from knowledge.catalog import Product
from knowledge.faq import FaqEntry
from knowledge.localized import LocalText
from knowledge.policy import Policy
from knowledge.promotion import Promotion
from knowledge.store import Document, DocumentKind


@dataclass(frozen=True, slots=True)
class EntryCoverage:
    """One entry and the fields that it has in some language but not in these."""

    kind: DocumentKind
    id: str
    title: str
    missing: Mapping[str, tuple[str, ...]]
    """Language to the fields that are missing in it; {} is complete."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of a whole revision. Unpublished products count as well: they are completed before they are shown."""

    languages: tuple[str, ...]
    entries: tuple[EntryCoverage, ...]
    fields: Mapping[str, Mapping[str, tuple[int, int]]]
    """"product.title" and so on to language to (there, wanted)."""

    @property
    def incomplete(self) -> tuple[EntryCoverage, ...]:
        """The entries that lack something."""
        return tuple(entry for entry in self.entries if entry.missing)

    def as_json(self) -> dict[str, Any]:
        """Plain JSON: counts by field and language, and the entries that lack something."""
        return {
            "languages": list(self.languages),
            "fields": {
                name: {tag: {"there": there, "wanted": wanted} for tag, (there, wanted) in counts.items()}
                for name, counts in self.fields.items()
            },
            "entries": [
                {
                    "kind": str(entry.kind),
                    "id": entry.id,
                    "title": entry.title,
                    "missing": {tag: list(names) for tag, names in entry.missing.items()},
                }
                for entry in self.incomplete
            ],
        }


def coverage_of(documents: Iterable[Document], languages: Sequence[str] = ("en", "zh")) -> Coverage:
    """Title and description of products, title and text of promotions, question and answer of FAQ entries, the text of policies: one that
    is there in another language under the same name or on the same topic is not missing."""
    wanted = tuple(dict.fromkeys(tag.split("-")[0] for tag in languages))
    entries: list[EntryCoverage] = []
    counts: dict[str, dict[str, list[int]]] = defaultdict(lambda: {tag: [0, 0] for tag in wanted})
    for kind, identity, title, fields in _entries(documents):
        missing: dict[str, tuple[str, ...]] = {}
        for tag in wanted:
            lacking = []
            for name, tags in fields.items():
                there = tag in tags or "*" in tags
                counts[f"{kind}.{name}"][tag][0] += there
                counts[f"{kind}.{name}"][tag][1] += 1
                if not there:
                    lacking.append(name)
            if lacking:
                missing[tag] = tuple(lacking)
        entries.append(EntryCoverage(kind, identity, title, missing))
    totals = {name: {tag: (there, total) for tag, (there, total) in by_tag.items()} for name, by_tag in counts.items()}
    return Coverage(wanted, tuple(entries), totals)


Fields = dict[str, set[str]]


def _entries(documents: Iterable[Document]) -> list[tuple[DocumentKind, str, str, Fields]]:
    found: list[tuple[DocumentKind, str, str, Fields]] = []
    policies: dict[str, Policy] = {}
    written: dict[str, set[str]] = defaultdict(set)
    for document in documents:
        body = document.body
        if isinstance(body, Product):
            fields = {"title": _tags(body.title, names=True), "description": _tags(body.description)}
            found.append((document.kind, document.id, _first(body.title), fields))
        elif isinstance(body, FaqEntry):
            found.append(
                (document.kind, document.id, _first(body.question), {"question": _tags(body.question), "answer": _tags(body.answer)})
            )
        elif isinstance(body, Promotion):
            fields = {name: _tags(text) for name, text in (("title", body.title), ("text", body.text)) if text}
            found.append((document.kind, document.id, _first(body.title) or body.code, fields))
        elif isinstance(body, Policy):
            policies.setdefault(_family(body.id), body)
            tag = body.language.split("-")[0] if body.language != "und" else "*"
            written[f"name {_family(body.id)}"].add(tag)
            if body.topic != "other":
                written[f"topic {body.topic}"].add(tag)
    for family, policy in policies.items():
        tags = written[f"name {family}"] | written.get(f"topic {policy.topic}", set())
        found.append((DocumentKind.POLICY, family, policy.title, {"text": tags}))
    return found


def _first(text: LocalText) -> str:
    return next(iter(text.values()), "")


def _tags(text: LocalText, *, names: bool = False) -> set[str]:
    """The languages of a text; "*" for one that is the same in all of them. `names`: a model number is."""
    tags = {tag.split("-")[0] for tag, value in text.items() if value.strip() and tag != "und"}
    if any(value.strip() for tag, value in text.items() if tag == "und") or (names and any(_is_code(value) for value in text.values())):
        tags.add("*")
    return tags


def _is_code(title: str) -> bool:
    """Whether a title is a mark such as "KT-17 E" without words of any language."""
    return bool(title.strip()) and not re.search(r"[^\W\d_]{4,}|[\u3400-\u9fff]", title)


def _family(name: str) -> str:
    """What the language versions of a policy have in common: "returns" of returns.en.md, 退货.zh.md and returns_zh.md."""
    stem = re.sub(r"\.(?:md|markdown|txt|html?|pdf|docx)$", "", name, flags=re.IGNORECASE)
    return re.sub(r"[._\-](?:[a-z]{2}(?:[-_][A-Za-z]{2,4})?)$", "", stem) or stem
