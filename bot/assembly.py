"""Settings → wired objects: with assembly_knowledge.py the only file that names every implementation."""

import logging
import os
import secrets
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.answering.composer import AnswerComposer
from bot.answering.consulting import Consulting
from bot.answering.disagreeing import Candid
from bot.answering.extractive import ExtractiveComposer
from bot.answering.notices import Notices
from bot.answering.wording import Wordings, load_wordings
from bot.assembly_knowledge import WORTH_TELLING, embedding_progress, knowledge_parts
from bot.background import FRESHEN_EVERY, Background, Chore, Patience
from bot.channels.channel import Channel
from bot.channels.telegram.adapter import TelegramChannel, TelegramSettings
from bot.consoles.access import Access
from bot.consoles.merchant.parts import MerchantParts
from bot.conversation.events import EventBus
from bot.conversation.records import ChannelKind, Conversation
from bot.conversation.store import ConversationStore
from bot.events.in_process import InProcessEventBus
from bot.events.redis import RedisEventBus
from bot.feeds.addresses import networks_of
from bot.feeds.fetching import Fetcher
from bot.feeds.polling import POLL_EVERY, Feeds
from bot.gaps.drafting import Drafting
from bot.gaps.joining import Joining
from bot.language_model.spending import Caps, Prices, Spending
from bot.previewing.answer_diff import AnswerDiffs
from bot.previewing.dry_run import DryRuns
from bot.previewing.jobs import RESUME_EVERY, Jobs
from bot.previewing.releasing import Releasing
from bot.previewing.removal_check import LOOK_EVERY, RemovalCheck
from bot.reports import report_json
from bot.secrets import SecretBox
from bot.settings import Settings
from bot.storage.sql_conversations import SqlConversationStore
from bot.storage.sql_diffs import SqlDiffStore
from bot.storage.sql_jobs import SqlJobStore
from bot.storage.sql_spending import SqlSpendStore
from bot.storage.sql_staff import SqlStaffStore
from bot.storage.sql_uploads import SqlUploadStore
from bot.turn import Assistant, Presence
from bot.understanding.meaning import MeaningModel
from bot.understanding.names_across import NamesAcross
from bot.understanding.understand import Understanding
from bot.uploads.bringing_in import Uploads
from bot.working_out import WorkingOut
from knowledge.base import KnowledgeBase
from knowledge.catalog import utc_now
from knowledge.editing import Editing
from knowledge.shop_settings import shop_settings
from knowledge.storage.sql_feeds import SqlFeeds
from knowledge.store import Shop
from retrieval.chroma import ChromaIndexes
from retrieval.embedding import Embedder, cross_language_embedder
from retrieval.indexing import Publisher
from retrieval.likeness import Likeness
from retrieval.reranking import open_reranker
from retrieval.search import Retriever

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Services:
    """Everything that a door may use, wired once for a process."""

    settings: Settings
    knowledge: KnowledgeBase
    retriever: Retriever
    publisher: Publisher
    embedder: Embedder
    indexes: ChromaIndexes
    conversations: ConversationStore
    staff: SqlStaffStore
    access: Access
    bus: EventBus
    assistant: Assistant
    background: Background
    telegram: TelegramChannel
    feeds: Feeds
    notices: Notices
    waiting: Callable[[Shop, str], Awaitable[str]]
    """What is said to somebody who asked for a person."""
    secrets: SecretBox
    worker: str
    merchant: MerchantParts


@asynccontextmanager
async def services(settings: Settings, *, import_patience: float | None = None) -> AsyncIterator[Services]:
    """Opens all parts, brings the tables up to date, and closes everything in the end. `import_patience`: seconds that an import waits for its
    vectors; None: until they are all there. Raises one-sentence errors of the error trees."""
    data = settings.data
    worker = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}"
    clock = utc_now
    async with knowledge_parts(settings, import_patience=import_patience) as base:
        engine, store, embedder, indexes, filler, knowledge = (
            base.engine,
            base.store,
            base.embedder,
            base.indexes,
            base.filler,
            base.knowledge,
        )
        conversations = SqlConversationStore(engine, clock=clock, sending_channels=frozenset({ChannelKind.TELEGRAM}))
        staff = SqlStaffStore(engine, clock=clock)

        bus: EventBus = RedisEventBus(settings.redis_url) if settings.redis_url else InProcessEventBus()
        understanding = Understanding(MeaningModel(embedder.embed_query, embedder.name), NamesAcross(embedder))
        retriever = Retriever(
            store,
            indexes,
            embedder,
            clock=clock,
            second=base.second,
            reranker=open_reranker(settings.reranker_model),
            filler=filler,
            progress=embedding_progress(1),
            read_ahead=understanding.read_ahead,
        )
        publisher = Publisher(store, indexes, embedder, embedding_progress(WORTH_TELLING), second=base.second)
        fetcher = Fetcher(networks_of(settings.feed_networks))
        feeds = Feeds(SqlFeeds(engine, clock), knowledge, fetcher, report_json, clock=clock, worker=worker)

        wordings = load_wordings(settings.prompts_dir / "replies")
        notices = Notices(wordings)
        secret_box = SecretBox(settings.secret_key.get_secret_value(), data / "secret.key")
        access = Access(staff, bus, clock=clock)

        async def waiting(shop: Shop, language: str) -> str:
            return notices.waiting(shop, language, clock(), present=await access.anybody_present(shop.id))

        telegram = TelegramChannel(
            conversations=conversations,
            knowledge=store,
            bus=bus,
            box=secret_box,
            say=lambda language, key, /, **values: wordings.of(language).say(key, **values),
            greeting=notices.greeting,
            waiting=waiting,
            languages=wordings.languages,
            worker=worker,
            settings=TelegramSettings(
                api_url=settings.telegram_api_url,
                token=settings.telegram_token.get_secret_value(),
                tokens={slug: token.get_secret_value() for slug, token in settings.telegram_tokens.items()},
                webhook=settings.telegram_mode == "webhook",
                public_url=settings.public_url,
                message_limit=settings.message_limit,
            ),
        )
        channels: dict[ChannelKind, Channel] = {ChannelKind.TELEGRAM: telegram}

        spending = _spending(settings, SqlSpendStore(engine), clock) if settings.chat_model else None
        composer, consulting = _composers(settings, wordings, spending, understanding)
        working = WorkingOut(
            knowledge=store,
            retriever=retriever,
            understanding=understanding,
            composer=Candid(composer, wordings),
            apology=lambda language: notices.say("apology", language),
            clock=clock,
            consulting=consulting,
        )
        assistant = Assistant(
            conversations=conversations,
            knowledge=store,
            retriever=retriever,
            working=working,
            apology=lambda language: notices.say("apology", language),
            bus=bus,
            presence=Presence(access.anybody_present),
            clock=clock,
            worker=worker,
        )

        async def patience(conversation: Conversation) -> Patience:
            shop = await store.shop_by_id(conversation.shop_id)
            language = conversation.language or "en"
            if shop is None:
                return Patience(settings.wait_minutes, notices.say("nobody_came", language))
            minutes = shop_settings(shop).wait_minutes
            return Patience(settings.wait_minutes if minutes is None else minutes, notices.nobody_came(shop, language))

        runs = DryRuns(assistant, retriever, store)
        releasing = Releasing(store, publisher, runs, RemovalCheck(store, retriever))
        jobs = Jobs(store, SqlJobStore(engine), releasing, clock=clock)
        background = Background(
            assistant=assistant,
            conversations=conversations,
            bus=bus,
            channels=channels,
            patience=patience,
            clock=clock,
            worker=worker,
            chores=(
                Chore("keep views fresh", FRESHEN_EVERY, retriever.freshen),
                Chore("poll feeds", POLL_EVERY, feeds.poll_due),
                Chore("look for what was removed", LOOK_EVERY, releasing.look_after),
                Chore("take over publications", RESUME_EVERY, jobs.resume),
            ),
        )
        telegram.attend(assistant)
        merchant = MerchantParts(
            access=access,
            store=store,
            editing=Editing(store, clock),
            runs=runs,
            diffs=AnswerDiffs(runs, SqlDiffStore(engine), store, conversations, clock=clock),
            releasing=releasing,
            jobs=jobs,
            joining=Joining(store, store, Likeness(embedder, cross_language_embedder)),
            drafting=Drafting(store, conversations),
            uploads=Uploads(knowledge, SqlUploadStore(engine), report=report_json, clock=clock, jobs=jobs),
            feeds=feeds,
            spending=spending,
            clock=clock,
        )
        try:
            yield Services(
                settings=settings,
                knowledge=knowledge,
                retriever=retriever,
                publisher=publisher,
                embedder=embedder,
                indexes=indexes,
                conversations=conversations,
                staff=staff,
                access=access,
                bus=bus,
                assistant=assistant,
                background=background,
                telegram=telegram,
                feeds=feeds,
                notices=notices,
                waiting=waiting,
                secrets=secret_box,
                worker=worker,
                merchant=merchant,
            )
        finally:
            await merchant.diffs.stop()
            await merchant.uploads.stop()
            await feeds.stop()
            await merchant.jobs.stop()
            await assistant.settle()
            await retriever.stop()
            await telegram.close()
            await bus.close()


def _spending(settings: Settings, store: SqlSpendStore, clock: Callable[[], datetime]) -> Spending:
    prices = Prices(settings.chat_model_price_in, settings.chat_model_price_out, settings.chat_model_currency)
    return Spending(store, prices, Caps(settings.chat_model_cap_month, settings.chat_model_cap_day), clock)


def _composers(
    settings: Settings, wordings: Wordings, spending: Spending | None, understanding: Understanding
) -> tuple[AnswerComposer, Consulting | None]:
    """Who composes answers, and who looks further where a language model is set."""
    extractive = ExtractiveComposer(wordings)
    if spending is None:
        return extractive, None
    # Imported only where a model is set: LangChain costs 0.6 s and 60 MB at the start.
    from bot.answering.written import WrittenComposer
    from bot.language_model.chat_model import open_chat_model
    from bot.language_model.metered import MeteredModel
    from bot.language_model.prompting import Prompts

    opened = open_chat_model(
        settings.chat_model,
        base_url=settings.chat_model_base_url,
        api_key=settings.chat_model_api_key.get_secret_value(),
        timeout=settings.chat_model_timeout,
    )
    model, prompts = MeteredModel(opened, spending), Prompts(Path(settings.prompts_dir))
    written = WrittenComposer(model, extractive, prompts, timeout=settings.chat_model_timeout, first_token=settings.chat_model_first_token)
    return written, Consulting(model, understanding, extractive, prompts, timeout=settings.chat_model_first_token)
