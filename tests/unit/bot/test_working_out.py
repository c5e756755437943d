"""What is between a message and its answer: the shop as it was read is left as it is."""

import time
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from bot.answering.extractive import ExtractiveComposer
from bot.answering.wording import load_wordings
from bot.demo import described_shop
from bot.tracing import TurnTrace
from bot.understanding.question import Memory
from bot.understanding.understand import Understanding
from bot.working_out import Asked, WorkingOut
from knowledge.catalog import utc_now
from knowledge.documents import document_of
from knowledge.storage.engine import open_engine
from knowledge.storage.sql_store import SqlKnowledgeStore
from knowledge.store import DocumentKind, Shop
from retrieval.exact import ExactIndexes
from retrieval.indexing import Publisher
from retrieval.search import Retriever
from tests.builders import a_product
from tests.contract.servers import Databases
from tests.fakes.embedder import HashingEmbedder
from tests.fakes.frozen import frozen

DEMO = Path(__file__).parents[3] / "knowledge" / "demo" / "shop.toml"


@pytest.mark.parametrize(
    "text", ["How much is the Copper Kettle?", "When are you open?", "几点关门", "a person please", "my order is late"]
)
async def test_a_turn_changes_nothing_in_the_shops_settings(databases: Databases, text: str) -> None:
    engine = await open_engine(databases.fresh("sqlite"))
    try:
        knowledge = SqlKnowledgeStore(engine)
        shop = described_shop(Shop("d", "demo", {}, created_at=utc_now()), tomllib.loads(DEMO.read_text(encoding="utf-8")))
        await knowledge.create_shop(shop)
        kettle = a_product("kettle", "Copper Kettle | 铜水壶", price="49.90 USD", stock=7)
        await knowledge.stage("d", "test", [document_of(DocumentKind.PRODUCT, kettle.id, "test", kettle)])
        embedder, indexes = HashingEmbedder(), ExactIndexes()
        await Publisher(knowledge, indexes, embedder).publish("d")
        retriever = Retriever(knowledge, indexes, embedder)
        composer, understanding = ExtractiveComposer(load_wordings()), Understanding()
        working = WorkingOut(
            knowledge=knowledge,
            retriever=retriever,
            understanding=understanding,
            composer=composer,
            apology=lambda _: "Sorry",
            clock=utc_now,
        )
        view = await retriever.view(replace(shop, settings=frozen(shop.settings)))
        assert type(view.shop.settings) is not dict, "frozen"
        worked = await working.work_out(view, Asked(text, Memory()), TurnTrace("t", time.perf_counter()))
        assert worked.answer.text
        assert view.shop.settings == shop.settings
    finally:
        await engine.dispose()
