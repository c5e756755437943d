"""Entries, revisions and comparisons as the JSON of /api/v1/shops/{shop}/knowledge."""

from datetime import datetime

from bot.answering.answer_json import time_json
from bot.errors import InvalidInput, NotFound
from knowledge.catalog import LiveOffer, Product
from knowledge.documents import care_json
from knowledge.editing import PastVersion, Stale
from knowledge.entries import Key
from knowledge.faq import FaqEntry
from knowledge.policy import Policy
from knowledge.promotion import Promotion
from knowledge.revision import Comparison, EntryChange, FieldChange, plain
from knowledge.store import Document, DocumentKind, Revision


def revision_json(revision: Revision) -> dict[str, object]:
    """`edits` grows with every change of a draft; `check`: what the look after the publication found."""
    changes = revision.changes
    return {
        "number": revision.number,
        "state": revision.state,
        "current": revision.current,
        "changes": {
            "added": changes.added,
            "changed": changes.changed,
            "removed": changes.removed,
            "unchanged": changes.unchanged,
        },
        "created_at": time_json(revision.created_at),
        "published_at": time_json(revision.published_at),
        "author": revision.author,
        "note": revision.note,
        "edits": revision.edits,
        "check": revision.check,
    }


def entry_json(document: Document, *, whole: bool = True) -> dict[str, object]:
    """`hash` is the ETag; `body` only of a whole one, whose care stands beside it."""
    told: dict[str, object] = {
        "kind": document.kind.value,
        "id": document.id,
        "title": title_of(document),
        "source": document.source,
        "hash": document.hash,
        "care": care_json(document.care),
    }
    if whole:
        body = plain(document)
        body.pop("care", None)
        told["body"] = body
    return told


def offer_json(live: LiveOffer, now: datetime) -> dict[str, object]:
    """Price and stock of a variant as they are now; prices as decimal text in major units, null for price on request."""
    paid, listed = live.offer.paid(now), live.offer.listed(now)
    return {
        "price": paid.text if paid else None,
        "list_price": listed.text if listed else None,
        "currency": paid.currency if paid else None,
        "stock": live.availability.quantity,
        "availability": live.availability.state.value,
        "as_of": time_json(live.availability.as_of),
    }


def title_of(document: Document) -> dict[str, str]:
    """What a list calls an entry, by language."""
    match document.body:
        case Product() | Promotion():
            return document.body.title
        case FaqEntry():
            return document.body.question
        case Policy():
            return {document.body.language: document.body.title}
        case _:
            return {document.body.language: document.body.text[:80]}


def stale_json(stale: Stale) -> dict[str, object]:
    """`why`: review_due, expired or not_yet."""
    return {**entry_json(stale.document, whole=False), "why": stale.why}


def field_json(change: FieldChange) -> dict[str, object]:
    """One field, before and after."""
    return {"path": change.path, "before": change.before, "after": change.after}


def change_json(change: EntryChange) -> dict[str, object]:
    """One entry that differs; before and after in full."""
    shown = change.after or change.before
    return {
        "kind": change.kind.value,
        "id": change.id,
        "change": change.change,
        "title": title_of(shown) if shown else {},
        "source": shown.source if shown else "",
        "fields": [field_json(one) for one in change.fields],
        "before": None if change.before is None else plain(change.before),
        "after": None if change.after is None else plain(change.after),
    }


def comparison_json(comparison: Comparison) -> dict[str, object]:
    """`next`: what to give as `after` for the following page; null after the last."""
    last = comparison.entries[-1] if comparison.entries and comparison.more else None
    return {
        "old": comparison.old,
        "new": comparison.new,
        "counts": {
            kind.value: {"added": n.added, "changed": n.changed, "removed": n.removed, "unchanged": n.unchanged}
            for kind, n in comparison.counts.items()
        },
        "entries": [change_json(one) for one in comparison.entries],
        "next": None if last is None else key_text((last.kind, last.id)),
    }


def version_json(past: PastVersion) -> dict[str, object]:
    """One version of an entry; `entry` null: it was deleted there."""
    version = past.version
    return {
        "revision": version.revision,
        "state": version.state,
        "author": version.author,
        "at": time_json(version.at),
        "note": version.note,
        "source": version.document.source if version.document else "",
        "change": past.change,
        "fields": [field_json(one) for one in past.fields],
        "entry": None if version.document is None else entry_json(version.document),
    }


def key_text(key: Key) -> str:
    """A place in a list: faq:ship-1."""
    return f"{key[0].value}:{key[1]}"


def key_of(text: str) -> Key | None:
    """What `key_text` wrote; None for "". Raises InvalidInput."""
    if not text:
        return None
    kind, colon, id = text.partition(":")
    if not colon or kind not in {one.value for one in DocumentKind}:
        raise InvalidInput("`after` is the `next` of the page before.", field="after")
    return DocumentKind(kind), id


def kind_of(text: str) -> DocumentKind:
    """Of a path. Raises NotFound."""
    if text not in {one.value for one in DocumentKind}:
        raise NotFound(f"There is no kind '{text}'; there are {', '.join(one.value for one in DocumentKind)}.")
    return DocumentKind(text)
