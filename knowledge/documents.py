"""Bodies of documents as canonical JSON and back, and the hash that tells whether one changed."""

import hashlib
from typing import Any

import orjson
from pydantic import TypeAdapter, ValidationError

from knowledge.catalog import Product
from knowledge.errors import KnowledgeError
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


def document_of(kind: DocumentKind, id: str, source: str, body: Body) -> Document:
    """The document around a body; its hash is SHA-256 (hex) of the canonical JSON."""
    return Document(kind=kind, id=id, source=source, body=body, hash=hashlib.sha256(to_json(body).encode()).hexdigest())
