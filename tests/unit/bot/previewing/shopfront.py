"""A small shop on a real SQLite database, with the assistant, what previews need, and the merchant's doors over HTTP."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

import httpx
import numpy as np
from argon2 import PasswordHasher
from fastapi import FastAPI
from numpy.typing import NDArray

from bot.answering.composer import AnswerComposer
from bot.answering.extractive import ExtractiveComposer
from bot.answering.wording import load_wordings
from bot.app import _errors
from bot.consoles.access import Access
from bot.consoles.merchant.knowledge_api import knowledge_routes
from bot.consoles.merchant.parts import MerchantParts
from bot.conversation.records import Author, ChannelKind, Conversation, IncomingMessage, Status
from bot.events.in_process import InProcessEventBus
from bot.feeds.fetching import Fetcher
from bot.feeds.polling import Feeds
from bot.gaps.drafting import Drafting
from bot.gaps.joining import Joining
from bot.language_model.spending import Spending
from bot.previewing.answer_diff import AnswerDiffs
from bot.previewing.dry_run import DryRuns
from bot.previewing.jobs import Jobs
from bot.previewing.releasing import Releasing
from bot.previewing.removal_check import RemovalCheck
from bot.reports import report_json
from bot.storage.sql_conversations import SqlConversationStore
from bot.storage.sql_diffs import SqlDiffStore
from bot.storage.sql_jobs import SqlJobStore
from bot.storage.sql_staff import SqlStaffStore
from bot.storage.sql_uploads import SqlUploadStore
from bot.turn import Assistant, Presence
from bot.understanding.understand import Understanding
from bot.uploads.bringing_in import Uploads
from bot.working_out import WorkingOut
from knowledge.base import KnowledgeBase
from knowledge.catalog import utc_now
from knowledge.documents import document_of, kind_of
from knowledge.editing import Editing
from knowledge.promotion import Promotion
from knowledge.storage.engine import Engine, open_engine
from knowledge.storage.sql_feeds import SqlFeeds
from knowledge.storage.sql_store import SqlKnowledgeStore
from knowledge.store import Body, Document, Revision, Shop
from retrieval.exact import ExactIndexes
from retrieval.indexing import Publisher
from retrieval.likeness import Likeness
from retrieval.search import Retriever
from tests.contract.servers import Databases
from tests.fakes.embedder import HashingEmbedder

COMPOSER = ExtractiveComposer(load_wordings())


def documents(*bodies: Body, source: str = "feed") -> list[Document]:
    return [document_of(kind_of(body), body.code if isinstance(body, Promotion) else body.id, source, body) for body in bodies]


class Indifferent(HashingEmbedder):
    """Finds nothing alike: hashed words say too little to join questions by."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.zeros((len(texts), self.dimensions), dtype=np.float32)


@dataclass
class Shopfront:
    """Shop "tea" (id "t"), empty at first."""

    engine: Engine
    clock: Callable[[], datetime] = utc_now
    composer: AnswerComposer = COMPOSER
    spending: Spending | None = None
    shop: Shop = field(default_factory=lambda: Shop("t", "tea", {"en": "Tea"}, created_at=utc_now()))

    def __post_init__(self) -> None:
        self.store = SqlKnowledgeStore(self.engine, clock=self.clock)
        self.conversations = SqlConversationStore(self.engine)
        self.bus = InProcessEventBus()
        self.embedder, self.indexes = HashingEmbedder(), ExactIndexes()
        self.retriever = Retriever(self.store, self.indexes, self.embedder, clock=self.clock)
        self.publisher = Publisher(self.store, self.indexes, self.embedder)

        async def nobody(_: str) -> bool:
            return False

        working = WorkingOut(
            knowledge=self.store,
            retriever=self.retriever,
            understanding=Understanding(),
            composer=self.composer,
            apology=lambda _: "Sorry",
            clock=self.clock,
        )
        self.assistant = Assistant(
            conversations=self.conversations,
            knowledge=self.store,
            retriever=self.retriever,
            working=working,
            apology=lambda _: "Sorry",
            bus=self.bus,
            presence=Presence(nobody),
            clock=self.clock,
            worker="w1",
        )
        staff = SqlStaffStore(self.engine, clock=self.clock)
        self.access = Access(staff, self.bus, clock=self.clock, hasher=PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        runs = DryRuns(self.assistant, self.retriever, self.store)
        releasing = Releasing(self.store, self.publisher, runs, RemovalCheck(self.store, self.retriever))
        jobs = Jobs(self.store, SqlJobStore(self.engine), releasing, clock=self.clock)
        self.parts = MerchantParts(
            access=self.access,
            store=self.store,
            editing=Editing(self.store, self.clock),
            runs=runs,
            diffs=AnswerDiffs(runs, SqlDiffStore(self.engine), self.store, self.conversations, clock=self.clock),
            releasing=releasing,
            jobs=jobs,
            joining=Joining(self.store, self.store, Likeness(self.embedder, Indifferent)),
            drafting=Drafting(self.store, self.conversations),
            uploads=Uploads(
                KnowledgeBase(self.store, self.publisher.prepare, self.clock),
                SqlUploadStore(self.engine),
                report=report_json,
                clock=self.clock,
                jobs=jobs,
            ),
            feeds=Feeds(
                SqlFeeds(self.engine, self.clock),
                KnowledgeBase(self.store, self.publisher.prepare, self.clock),
                Fetcher(),
                report_json,
                clock=self.clock,
                worker="w1",
            ),
            spending=self.spending,
            clock=self.clock,
        )
        self.app = FastAPI()
        self.app.include_router(knowledge_routes(self.parts))
        _errors(self.app)

    async def stage(self, *bodies: Body, source: str = "feed") -> None:
        await self.store.stage("t", source, documents(*bodies, source=source))

    async def publish(self, *bodies: Body, source: str = "feed") -> Revision:
        await self.stage(*bodies, source=source)
        return await self.publisher.publish("t")

    async def ask(self, *texts: str, conversation: Conversation | None = None) -> Conversation:
        """A customer's questions, answered one after the other."""
        inbox = await self.conversations.inbox("t", ChannelKind.WEB)
        begun = conversation or await self.conversations.start(inbox)
        for text in texts:
            received = await self.assistant.receive(begun, IncomingMessage(inbox.id, begun.address, "", text))
            assert await self.assistant.answer_json_to(received, 20) is not None
        await self.assistant.settle()  # what could not be answered is noted after the answer
        return begun

    async def staff_says(self, conversation: Conversation, text: str) -> None:
        if (now := await self.conversations.conversation("t", conversation.id)) and now.status is not Status.AGENT:
            await self.conversations.move(conversation.id, (now.status,), Status.AGENT, agent_id="ann")
        await self.conversations.say(conversation.id, Author.AGENT, text, agent_id="ann", agent_name="Ann")

    async def program(self, role: str = "admin") -> httpx.AsyncClient:
        """A client of the merchant's JSON with an API token; paths begin after /knowledge/."""
        token = await self.access.new_api_token("t", role, "test")
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app),
            base_url="http://shop.test/api/v1/shops/tea/knowledge/",
            headers={"Authorization": f"Bearer {token}"},
        )


@asynccontextmanager
async def shopfront(databases: Databases, composer: AnswerComposer = COMPOSER) -> AsyncIterator[Shopfront]:
    engine = await open_engine(databases.fresh("sqlite"))
    front = Shopfront(engine, composer=composer)
    await front.store.create_shop(front.shop)
    yield front
    await front.parts.diffs.stop()
    await front.parts.jobs.stop()
    await front.assistant.settle()
    await front.bus.close()
    await engine.dispose()
