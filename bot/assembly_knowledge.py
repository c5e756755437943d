"""Settings → what the shop knows, wired: all that an import or export needs. The rest of the assembly builds on it; importing it alone takes a
third of the time, which a command of seconds feels.
"""

import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.errors import SettingsError
from bot.settings import Settings
from bot.storage.migrate import migrate
from knowledge.base import KnowledgeBase
from knowledge.catalog import utc_now
from knowledge.storage.engine import Engine, open_engine
from knowledge.storage.leases import SqlLeases
from knowledge.storage.sql_store import SqlKnowledgeStore
from retrieval.adaptation import adaptation_for
from retrieval.chroma import ChromaIndexes
from retrieval.embedding import Embedder, cross_language_embedder, open_embedder
from retrieval.filling import Filler, following
from retrieval.indexing import Progress

WORTH_TELLING = 200
"""Texts that an import must embed, about two seconds' work, before it tells how far it is."""


@dataclass(frozen=True, slots=True)
class KnowledgeParts:
    """The store with its engine, the index with its model, and the operations of a merchant over both."""

    engine: Engine
    store: SqlKnowledgeStore
    embedder: Embedder
    second: Callable[[], Embedder] | None
    """Opens the model that reads rules along with `embedder`, where a map was learnt for that one."""
    indexes: ChromaIndexes
    filler: Filler
    knowledge: KnowledgeBase


@asynccontextmanager
async def knowledge_parts(settings: Settings, *, import_patience: float | None = None) -> AsyncIterator[KnowledgeParts]:
    """Opens the parts, brings the tables up to date, and closes everything in the end. `import_patience`: seconds that an import waits for its
    vectors; None: until they are all there. Raises one-sentence errors of the error trees."""
    data = settings.data
    try:
        data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"The data directory {data} cannot be made ({error.strerror}); name another with --data.") from None
    engine = await open_engine(settings.database_url or f"sqlite:///{data / 'zhanggui.db'}")
    await migrate(engine)
    store = SqlKnowledgeStore(engine, clock=utc_now)
    embedder = open_embedder(settings.embedding_model, settings.models_dir)
    second = cross_language_embedder if adaptation_for(embedder.name) is not None else None
    indexes = ChromaIndexes(url=settings.chroma_url) if settings.chroma_url else ChromaIndexes(path=data / "chroma")
    filler = Filler(store, indexes, embedder, SqlLeases(engine, utc_now), embedding_progress(WORTH_TELLING), second=second)
    knowledge = KnowledgeBase(
        store, filler.check, utc_now, following(filler, import_patience), max_file_bytes=settings.import_limit * 2**20
    )
    try:
        yield KnowledgeParts(engine, store, embedder, second, indexes, filler, knowledge)
    finally:
        await filler.stop()
        await indexes.close()
        await engine.dispose()


def embedding_progress(least: int) -> Progress:
    """Tells on standard error how many of at least `least` texts are embedded: a second's work is not worth a line."""

    def tell(done: int, total: int) -> None:
        if total >= least:
            sys.stderr.write(f"\rEmbedding the shop: {done} of {total} texts" + ("\n" if done == total else ""))
            sys.stderr.flush()

    return tell
