"""Brings the vectors to a revision before it is published, so that a revision that serves can always be searched.

Vectors are addressed by the hash of their text: only texts that were never embedded cost anything, and old and new revisions share the
rest. Nothing that serves is touched until the store's one transaction makes the draft the serving revision; a crash anywhere before
leaves the old one serving, and a repetition finds what was done already.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

from knowledge.catalog import Product
from knowledge.store import Document, KnowledgeStore, Revision
from retrieval.commands import plain
from retrieval.embedding import Embedder
from retrieval.house import KINDS as RULES
from retrieval.index import Entry, VectorIndex, VectorIndexes
from retrieval.passages import content_hash, passages_of, statements_of

log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
"""Called with texts embedded so far and texts to embed."""

BATCH = 256
STATEMENTS_MOST = 5_000
"""Distinct statements of products (attributes, sentences) up to which they are embedded ahead too: about ten seconds. In larger shops a
product's are embedded when it is first asked about (about 2 ms each, then remembered); the vectors are the same, so answers are too."""


class Publisher:
    """Publishes drafts. Safe to run in several processes: they would embed the same texts to the same ids."""

    def __init__(
        self,
        store: KnowledgeStore,
        indexes: VectorIndexes,
        embedder: Embedder,
        progress: Progress | None = None,
        *,
        second: Callable[[], Embedder] | None = None,
    ) -> None:
        """`progress`: told where a call names none of its own. `second`: opens the model that rules get a further vector of."""
        self._store = store
        self._indexes = indexes
        self._embedder = embedder
        self._progress = progress
        self._second = second

    async def publish(self, shop_id: str, progress: Progress | None = None, *, note: str = "") -> Revision:
        """Embeds what the draft has and the index lacks, then makes the draft the serving revision, and returns it. Without a draft:
        the current one. Raises IndexUnavailable before anything is published."""
        draft = await self._store.draft(shop_id)
        if draft is not None:
            await self.bring_up(shop_id, draft.number, progress)
        return await self._store.publish(shop_id, note=note)

    async def prepare(self, shop_id: str, documents: Sequence[Document], progress: Progress | None = None) -> int:
        """Embeds what documents that are about to be published, and those that serve, need and the index lacks (after a change of the
        model that is everything); returns how many texts these were. Nothing is published. Raises IndexUnavailable."""
        wanted = Texts()
        serving = (await self._store.state(shop_id)).revision
        if serving:
            async for document in self._store.documents(shop_id, serving):
                wanted.add(document)
        for document in documents:
            wanted.add(document)
        return await self._embed(shop_id, wanted, progress)

    async def bring_up(self, shop_id: str, revision: int, progress: Progress | None = None) -> int:
        """Embeds every text of a revision that the index lacks; returns how many these were."""
        wanted = Texts()
        async for document in self._store.documents(shop_id, revision):
            wanted.add(document)
        return await self._embed(shop_id, wanted, progress)

    async def _embed(self, shop_id: str, wanted: "Texts", progress: Progress | None) -> int:
        index = await self._indexes.open(shop_id, self._embedder.name, self._embedder.dimensions)
        embedded = await embed_missing(index, self._embedder, wanted.all(), progress or self._progress)
        if self._second is not None:
            second = self._second()
            further = await self._indexes.open(shop_id, second.name, second.dimensions)
            await embed_missing(further, second, wanted.rules)
        return embedded

    async def collect(self, shop_id: str, keep: int = 5) -> int:
        """Removes vectors that neither the draft nor any of the last `keep` revisions uses; returns how many these were."""
        revisions = [revision.number for revision in (await self._store.revisions(shop_id))[:keep]]
        state = await self._store.state(shop_id)
        draft = await self._store.draft(shop_id)
        used: set[str] = set()
        for number in {*revisions, state.revision, *([draft.number] if draft else [])}:
            async for document in self._store.documents(shop_id, number):
                used.update(passage.hash for passage in passages_of(document))
                used.update(_statements(document))
        removed = 0
        for embedder in (self._embedder, *([self._second()] if self._second is not None else [])):
            index = await self._indexes.open(shop_id, embedder.name, embedder.dimensions)
            unused = sorted(await index.ids() - used)
            await index.remove(unused)
            removed += len(unused)
        return removed


class Texts:
    """Texts to embed by hash; products' statements only while they are few enough to be embedded ahead."""

    def __init__(self) -> None:
        self._passages: dict[str, str] = {}
        self._of_rules: dict[str, str] = {}
        self._of_products: dict[str, str] = {}

    def add(self, document: Document) -> None:
        """With the texts of this document."""
        document = plain(document)
        texts = {passage.hash: passage.embedded for passage in passages_of(document)}
        self._passages.update(texts)
        if document.kind in RULES:
            self._of_rules.update(texts)
        if len(self._of_products) <= STATEMENTS_MOST:
            self._of_products.update(_statements(document))

    def extend(self, documents: Iterable[Document]) -> None:
        """With the texts of all of these."""
        for document in documents:
            self.add(document)

    @property
    def passages(self) -> Mapping[str, str]:
        """Hash → text of what is searched."""
        return self._passages

    @property
    def rules(self) -> Mapping[str, str]:
        """Hash → text of what is searched of the rules of the house."""
        return self._of_rules

    @property
    def statements(self) -> Mapping[str, str]:
        """Hash → text of what ranks a product's facts; empty where it is too much to be embedded ahead."""
        return self._of_products if len(self._of_products) <= STATEMENTS_MOST else {}

    def all(self) -> dict[str, str]:
        """Hash → text."""
        return {**self._passages, **self.statements}


async def embed_missing(
    index: VectorIndex,
    embedder: Embedder,
    texts: Mapping[str, str],
    progress: Progress | None = None,
    between: Callable[[], Awaitable[object]] | None = None,
) -> int:
    """Embeds and adds those of `texts` (hash → text) that the index lacks; returns how many these were. `between`: done before each batch."""
    lacking = sorted(await index.missing(list(texts)), key=lambda hash: (len(texts[hash]), hash))
    adding: asyncio.Task[None] | None = None  # a batch is written while the next one is embedded
    for start in range(0, len(lacking), BATCH):
        if between is not None:
            await between()
        batch = lacking[start : start + BATCH]
        vectors = await asyncio.to_thread(embedder.embed, [texts[hash] for hash in batch])
        if adding is not None:
            await adding
        adding = asyncio.create_task(index.add([Entry(hash, vector) for hash, vector in zip(batch, vectors, strict=True)]))
        if progress is not None:
            progress(min(start + BATCH, len(lacking)), len(lacking))
    if adding is not None:
        await adding
    if lacking:
        log.info("embedded %d of %d texts", len(lacking), len(texts))
    return len(lacking)


def _statements(document: Document) -> dict[str, str]:
    """Texts that rank a product's facts, by hash: "name: value", the name alone, sentences."""
    found: dict[str, str] = {}
    if isinstance(document.body, Product) and document.body.published:
        for statement in statements_of(document.body):
            for text in filter(None, (statement.text, statement.name)):
                found[content_hash(text)] = text
    return found
