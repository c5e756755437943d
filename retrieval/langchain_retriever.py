"""The one room for LangChain in this package: our retriever and embedder in LangChain's shape. Their types stop at this door."""

from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForRetrieverRun, CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from knowledge.store import Shop
from retrieval.embedding import Embedder
from retrieval.retriever import DocumentHit, Query
from retrieval.search import Retriever


class ShopRetriever(BaseRetriever):
    """Query text → LangChain documents of one shop, best first over all kinds. Metadata: id (the merchant's own), kind, score, field,
    language, and sku of a product."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    retriever: Any
    shop: Any
    language: str = "en"
    top: int = 10

    async def _aget_relevant_documents(self, query: str, *, run_manager: AsyncCallbackManagerForRetrieverRun) -> list[Document]:
        view = await self.retriever.view(self.shop)
        evidence = await self.retriever.search(view, Query(text=query, language=self.language, top=self.top))
        hits = (*evidence.products, *evidence.faq, *evidence.policies, *evidence.reviews, *evidence.promotions)
        best = sorted((hit for hit in hits if hit.hits), key=lambda hit: -hit.score)[: self.top]
        return [_document(hit) for hit in best]

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        raise NotImplementedError("A shop is searched on its event loop; call ainvoke instead of invoke.")


def as_langchain(retriever: Retriever, shop: Shop, *, language: str = "", top: int = 10) -> BaseRetriever:
    """A LangChain retriever over one shop. `language`: the customer's; the shop's first one where it is not given."""
    return ShopRetriever(retriever=retriever, shop=shop, language=language or shop.languages[0], top=top)


def _document(hit: DocumentHit) -> Document:
    passage = hit.hits[0].passage
    metadata: dict[str, Any] = {
        "id": hit.id,
        "kind": hit.kind.value,
        "score": hit.score,
        "field": passage.field,
        "language": passage.language,
    }
    if hit.sku:
        metadata["sku"] = hit.sku
    return Document(page_content=passage.embedded, metadata=metadata, id=passage.id)


class LangChainEmbeddings(Embeddings):
    """Our embedder as LangChain's; the async methods run in a thread."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One vector a text."""
        vectors: list[list[float]] = self._embedder.embed(texts).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """The vector of a question."""
        vector: list[float] = self._embedder.embed_query(text).tolist()
        return vector
