"""A shop on a real store (SQLite) with a full-scan index and a deterministic embedder."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from knowledge.documents import document_of, kind_of
from knowledge.promotion import Promotion
from knowledge.storage.engine import open_engine
from knowledge.storage.sql_store import SqlKnowledgeStore
from knowledge.storage.tables import metadata
from knowledge.store import Body, Document, Revision, Shop
from retrieval.exact import ExactIndexes
from retrieval.indexing import Publisher
from retrieval.search import Retriever
from retrieval.view import ShopView
from tests.builders import NOW, a_shop
from tests.fakes.embedder import HashingEmbedder


def documents(*bodies: Body, source: str = "feed") -> list[Document]:
    return [document_of(kind_of(body), body.code if isinstance(body, Promotion) else body.id, source, body) for body in bodies]


@dataclass
class Bench:
    """Everything that finding needs, wired."""

    store: SqlKnowledgeStore
    indexes: ExactIndexes = field(default_factory=ExactIndexes)
    embedder: HashingEmbedder = field(default_factory=HashingEmbedder)
    shop: Shop = field(default_factory=a_shop)

    def __post_init__(self) -> None:
        self.retriever = Retriever(self.store, self.indexes, self.embedder, clock=lambda: NOW)
        self.publisher = Publisher(self.store, self.indexes, self.embedder)

    async def publish(self, *bodies: Body, source: str = "feed") -> Revision:
        await self.store.stage(self.shop.id, source, documents(*bodies, source=source))
        return await self.publisher.publish(self.shop.id)

    async def view(self) -> ShopView:
        return await self.retriever.view(self.shop)


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    engine = await open_engine(f"sqlite:///{tmp_path}/shop.db")
    async with engine.write() as connection:
        await connection.run_sync(metadata.create_all)
    store = SqlKnowledgeStore(engine, clock=lambda: NOW)
    made = Bench(store)
    await store.create_shop(made.shop)
    yield made
    await store.close()
