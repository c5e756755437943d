"""What our figures are held against, on the same items in the same run: BM25, the embedding alone, and the plain chain of LangChain and Chroma."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

import chromadb
import numpy as np
import rjieba
from chromadb.config import Settings as ChromaSettings
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import RunnablePassthrough
from numpy.typing import NDArray

from retrieval.embedding import Embedder

_WORD = re.compile(r"[^\W_]+")
_HAN = re.compile(r"[\u4e00-\u9fff]")
K1, B = 1.2, 0.75


def terms(text: str) -> list[str]:
    """Lower-case words; Chinese cut into words."""
    return [word for word in (rjieba.cut(text) if _HAN.search(text) else _WORD.findall(text.casefold())) if _WORD.match(word)]


class BM25:
    """Okapi BM25 (Robertson and Zaragoza 2009) with the usual constants and words as terms."""

    def __init__(self, ids: Sequence[str], texts: Sequence[str]) -> None:
        self._ids = list(ids)
        counts = [Counter(terms(text)) for text in texts]
        lengths = [sum(count.values()) for count in counts]
        mean = sum(lengths) / max(1, len(lengths))
        self._postings: dict[str, list[tuple[int, float]]] = {}
        for number, (count, length) in enumerate(zip(counts, lengths, strict=True)):
            for term, times in count.items():
                weight = times * (K1 + 1) / (times + K1 * (1 - B + B * length / max(mean, 1e-9)))
                self._postings.setdefault(term, []).append((number, weight))

    def scores(self, query: str) -> NDArray[np.float64]:
        """One a text, in their order."""
        found = np.zeros(len(self._ids))
        for term in terms(query):
            holding = self._postings.get(term, [])
            rarity = math.log(1 + (len(self._ids) - len(holding) + 0.5) / (len(holding) + 0.5))
            for number, weight in holding:
                found[number] += rarity * weight
        return found

    def search(self, text: str, top: int) -> list[str]:
        """Ids, best first."""
        return [self._ids[i] for i in np.argsort(-self.scores(text), kind="stable")[:top]]


class Dense:
    """The packaged embedding alone: cosine, every vector looked at."""

    def __init__(self, embedder: Embedder, ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        self._embedder, self._ids, self._vectors = embedder, list(ids), vectors

    def search(self, text: str, top: int) -> list[str]:
        """Ids, best first."""
        scores = self._vectors @ self._embedder.embed_query(text)
        return [self._ids[i] for i in np.argsort(-scores, kind="stable")[:top]]


class ChromaRetriever(BaseRetriever):
    """A LangChain retriever over a Chroma collection, as their tutorials have it."""

    collection: Any
    embedder: Any
    top: int = 4
    """LangChain's default."""

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        vector = self.embedder.embed_query(query)
        found = self.collection.query(query_embeddings=[vector], n_results=self.top, include=["documents"])
        return [Document(id=id, page_content=text) for id, text in zip(found["ids"][0], found["documents"][0], strict=True)]


class PlainChain:
    """retriever | format | prompt: all that such a chain does of a turn before its model speaks."""

    def __init__(self, embedder: Embedder, ids: Sequence[str], texts: Sequence[str], vectors: NDArray[np.float32]) -> None:
        client = chromadb.EphemeralClient(ChromaSettings(anonymized_telemetry=False, allow_reset=True))
        client.reset()
        collection = client.create_collection("plain", metadata={"hnsw:space": "cosine"}, embedding_function=None)
        for start in range(0, len(ids), 2000):
            part = slice(start, start + 2000)
            collection.add(ids=list(ids[part]), documents=list(texts[part]), embeddings=vectors[part])
        self._retriever = ChromaRetriever(collection=collection, embedder=embedder)
        prompt = ChatPromptTemplate.from_template("Answer the question from the context alone.\n\n{context}\n\nQuestion: {question}")
        joined = self._retriever | (lambda documents: "\n\n".join(document.page_content for document in documents))
        self.chain = {"context": joined, "question": RunnablePassthrough()} | prompt

    def search(self, text: str, top: int) -> list[str]:
        """Ids, best first."""
        return [str(document.id) for document in self._retriever.model_copy(update={"top": top}).invoke(text)]
