"""A cross-encoder over a short list: question and text are read together, which tells near misses apart that vectors can't. Off by default.

A small one (six layers of 384) takes about 20 ms a pair on two busy cores, so up to a second a question. It only puts what was found in
another order: conditions stay hard, products named exactly stay first, and the fused scores are dealt out anew in the new order, so that what
compares scores between kinds keeps its scale.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from knowledge.store import DocumentKind
from retrieval.errors import UnknownModel
from retrieval.retriever import DocumentHit, Evidence, Query, Sort
from retrieval.sentence_models import plain

SHORT = 20
"""Documents of a kind that are read again."""
_PREFIX = "sentence-transformers:"
_BATCH = 16
_LONGEST = 2_000
"""Characters of a text that are read: about 500 tokens, where most cross-encoders cut."""


class Reranker(Protocol):
    """Judges texts for a question. Blocks and belongs in a thread; may be called from several at once."""

    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        """One score a text, in the order given; higher is better, comparable inside one call."""


class CrossEncoderReranker:
    """Reranker on any cross-encoder of sentence-transformers with a single score. Needs the extra `models`."""

    def __init__(self, model: str) -> None:
        """`model`: a folder, or a name that the library can find. Raises UnknownModel."""
        try:
            from sentence_transformers import CrossEncoder
        except ImportError as error:
            raise UnknownModel(f'The reranker "{model}" needs the extra `models`; run `make install-models`.') from error
        try:
            self._model: Any = CrossEncoder(model, device="cpu", local_files_only=Path(model).is_dir())
            labels = int(self._model.num_labels)
        except Exception as error:  # the library raises whatever its many loaders raise
            raise UnknownModel(
                f'The reranker "{model}" can\'t be loaded ({type(error).__name__}); give a folder or a name that can be reached.'
            ) from error
        if labels != 1:
            raise UnknownModel(f'The model "{model}" gives {labels} scores for a pair instead of one; choose a reranking model.')
        # The tokenizers of the library refuse to be used by two threads at once.
        self._lock = threading.Lock()

    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        """See Reranker."""
        if not texts:
            return []
        pairs = [(plain(query)[:_LONGEST], plain(text)[:_LONGEST]) for text in texts]
        with self._lock:
            return [float(score) for score in self._model.predict(pairs, batch_size=_BATCH, show_progress_bar=False)]


def open_reranker(model: str) -> Reranker | None:
    """The reranker that the setting RERANKER_MODEL names: "" none, else "sentence-transformers:NAME-or-PATH". Raises UnknownModel."""
    if not model:
        return None
    if model.startswith(_PREFIX) and len(model) > len(_PREFIX):
        return CrossEncoderReranker(model.removeprefix(_PREFIX))
    raise UnknownModel(
        f'The reranker "{model}" is unknown; leave ZHANGGUI_RERANKER_MODEL empty or write sentence-transformers:NAME-or-PATH.'
    )


def reranked(reranker: Reranker, query: Query, evidence: Evidence) -> Evidence:
    """The evidence with products, FAQ entries and policies in the reranker's order, at most `query.top` of each kind. Products in an order
    that the customer asked for keep it; reviews and promotions keep theirs. Blocks."""
    lists = {kind: list(evidence.of(kind)) for kind in (DocumentKind.PRODUCT, DocumentKind.FAQ, DocumentKind.POLICY)}
    if query.sort is not Sort.RELEVANCE:
        del lists[DocumentKind.PRODUCT]
    documents = [document for found in lists.values() for document in found[:SHORT]]
    judged = dict(zip(map(_key, documents), reranker.scores(query.text, [_text(document) for document in documents]), strict=True))

    def ordered(kind: DocumentKind) -> tuple[DocumentHit, ...]:
        found = lists.get(kind)
        if found is None:
            return tuple(evidence.of(kind)[: query.top])
        short, rest = found[:SHORT], found[SHORT:]
        best = sorted(short, key=lambda document: (not any(hit.exact for hit in document.hits), -judged[_key(document)]))
        scores = sorted((document.score for document in short), reverse=True)
        return (*(replace(document, score=score) for document, score in zip(best, scores, strict=True)), *rest)[: query.top]

    return replace(
        evidence,
        products=ordered(DocumentKind.PRODUCT),
        faq=ordered(DocumentKind.FAQ),
        policies=ordered(DocumentKind.POLICY),
        reviews=evidence.reviews[: query.top],
        promotions=evidence.promotions[: query.top],
    )


def _key(document: DocumentHit) -> tuple[DocumentKind, str]:
    return document.kind, document.id


def _text(document: DocumentHit) -> str:
    """Its best passages, each once."""
    return "\n".join(dict.fromkeys(hit.passage.embedded for hit in document.hits))
