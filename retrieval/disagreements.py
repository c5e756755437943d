"""Where the sources of one revision say different things about what an answer may rest on, ready to be looked up by document.

What FAQ, policies and promotions say against each other is weighed once, when the view is built. A product is weighed when a fact of it is
first asked for: its texts stand in no other document, and of ten thousand products few are asked for.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from knowledge.catalog import Product
from knowledge.contradictions import contradictions
from knowledge.product_texts import product_contradictions
from knowledge.said import Contradiction
from knowledge.store import Document, DocumentKind

Key = tuple[DocumentKind, str]
"""Kind and id of a document."""
_WEIGHED_MOST = 4_096
"""Products whose findings are kept."""


class Disagreements:
    """Of the documents of one view, all of them in effect."""

    def __init__(self, documents: Iterable[Document] = (), currency: str = "USD") -> None:
        """Takes about a millisecond a FAQ entry; belongs in a thread."""
        promises: list[Document] = []
        self._products: dict[str, Document] = {}
        for document in documents:
            if isinstance(document.body, Product):
                self._products[document.id] = document
            elif document.kind is not DocumentKind.REVIEW:
                promises.append(document)
        found: dict[Key, list[Contradiction]] = {}
        for one in contradictions(promises, currency=currency):
            for key in {one.first.key, one.second.key}:
                found.setdefault(key, []).append(one)
        self._promised: Mapping[Key, Sequence[Contradiction]] = found
        self._of_product = lru_cache(maxsize=_WEIGHED_MOST)(self._weighed)

    def of(self, kind: DocumentKind, id: str) -> Sequence[Contradiction]:
        """What the document says that another place, or itself elsewhere, says otherwise."""
        return self._of_product(id) if kind is DocumentKind.PRODUCT else self._promised.get((kind, id), ())

    def _weighed(self, id: str) -> Sequence[Contradiction]:
        document = self._products.get(id)
        return product_contradictions(document) if document is not None else ()


NONE = Disagreements()
"""Of a view that was built of no documents."""
