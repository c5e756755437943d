"""Bodies of documents as canonical JSON and back, and the hash that tells whether one changed."""

import hashlib
from typing import Any

import orjson
from pydantic import TypeAdapter, ValidationError

from knowledge.care import NO_CARE, Care
from knowledge.catalog import Product
from knowledge.errors import InvalidEntry, KnowledgeError
from knowledge.faq import FaqEntry
from knowledge.policy import Policy
from knowledge.promotion import Promotion
from knowledge.review import Review
from knowledge.store import Body, Document, DocumentKind


class UnreadableBody(KnowledgeError):
    """Stored JSON that is not a body of its kind."""


_ADAPTERS: dict[DocumentKind, TypeAdapter[Any]] = {
    DocumentKind.PRODUCT: TypeAdapter(Product),
    DocumentKind.FAQ: TypeAdapter(FaqEntry),
    DocumentKind.POLICY: TypeAdapter(Policy),
    DocumentKind.REVIEW: TypeAdapter(Review),
    DocumentKind.PROMOTION: TypeAdapter(Promotion),
}
_CARE: TypeAdapter[Care] = TypeAdapter(Care)
_KINDS: dict[type, DocumentKind] = {
    Product: DocumentKind.PRODUCT,
    FaqEntry: DocumentKind.FAQ,
    Policy: DocumentKind.POLICY,
    Review: DocumentKind.REVIEW,
    Promotion: DocumentKind.PROMOTION,
}


def kind_of(body: Body) -> DocumentKind:
    """The kind whose documents carry bodies of this class."""
    return _KINDS[type(body)]


def to_json(body: Body) -> str:
    """Canonical JSON: keys sorted, no spaces, not escaped; equal bodies give equal text."""
    plain = _ADAPTERS[kind_of(body)].dump_python(body, mode="json")
    return orjson.dumps(plain, option=orjson.OPT_SORT_KEYS).decode()


def from_json(kind: DocumentKind, text: str) -> Body:
    """The body that `to_json` wrote. Raises UnreadableBody."""
    try:
        body: Body = _ADAPTERS[kind].validate_json(text)
    except ValidationError as error:
        raise UnreadableBody(
            f"The stored {kind} cannot be read ({error.error_count()} fields are wrong); import its source again."
        ) from error
    return body


def body_from_plain(kind: DocumentKind, plain: object) -> Body:
    """The body of plain JSON values that people or programs wrote. Raises InvalidEntry naming the first field that is wrong."""
    try:
        body: Body = _ADAPTERS[kind].validate_json(orjson.dumps(plain))
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "body"
        raise InvalidEntry(f"`{field}` is not usable: {first['msg'].lower()}.", field) from None
    except orjson.JSONEncodeError:
        raise InvalidEntry("The entry holds something that JSON cannot.", "body") from None
    return body


def document_of(kind: DocumentKind, id: str, source: str, body: Body, care: Care = NO_CARE) -> Document:
    """The document around a body; see hash_with."""
    return Document(kind, id, source, body, hash_with(hashlib.sha256(to_json(body).encode()).hexdigest(), care), care)


def care_json(care: Care) -> dict[str, str] | None:
    """What of the care is set, as plain JSON; None if nothing is."""
    if care is NO_CARE:
        return None
    plain = _CARE.dump_python(care, mode="json", exclude_defaults=True)
    return plain or None


def care_from_json(value: object) -> Care:
    """What `care_json` wrote. Raises UnreadableBody."""
    if value is None:  # nearly every entry
        return NO_CARE
    try:
        return _CARE.validate_python(value)
    except ValidationError as error:
        raise UnreadableBody("The stored care of an entry cannot be read; save the entry again.") from error


def hash_with(body_hash: str, care: Care) -> str:
    """The hash of a document: that of the body's canonical JSON (SHA-256, hex), or where there is care of both."""
    about = care_json(care)
    if about is None:
        return body_hash
    return hashlib.sha256(body_hash.encode() + orjson.dumps(about, option=orjson.OPT_SORT_KEYS)).hexdigest()
