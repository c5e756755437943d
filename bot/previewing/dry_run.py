"""A shop asked without a conversation: the published revision or the draft, through the pipeline that answers customers.

A side is one state of the shop with the offers that customers would be told in it. A talk is a row of questions to one side, which
remembers like a conversation does. Nothing is stored: no message, no turn, no gap.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from time import perf_counter

from bot.answering.answer_json import answer_json
from bot.errors import Conflict
from bot.tracing import TurnTrace
from bot.turn import HISTORY, Assistant
from bot.understanding.memory import memory_from_json, memory_json
from bot.working_out import Asked, OffersOf
from knowledge.base import MerchantStore
from knowledge.catalog import LiveOffer
from knowledge.store import Shop
from retrieval.search import Retriever
from retrieval.view import ShopView

log = logging.getLogger(__name__)


class SideName(StrEnum):
    """Which state of the shop is asked."""

    PUBLISHED = "published"
    DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class Side:
    """A state of the shop that can be asked. `revision`: its number; `edits`: of a draft, how often it was changed."""

    name: SideName
    revision: int
    edits: int
    view: ShopView
    offers: OffersOf


@dataclass(frozen=True, slots=True)
class Said:
    """An Answer of the front doors, and how it came about."""

    answer: dict[str, object]
    trace: dict[str, object]


class DryRuns:
    """Opens sides of shops and talks to them. The view of a shop's last draft is kept until the draft changes."""

    def __init__(self, assistant: Assistant, retriever: Retriever, store: MerchantStore) -> None:
        self._assistant = assistant
        self._retriever = retriever
        self._store = store
        self._drafts: dict[str, tuple[tuple[int, ...], ShopView]] = {}

    async def published(self, shop: Shop, *, whole: bool = False) -> Side:
        """What customers are told now; with `whole` once every vector of a large import is there, so that a comparison is fair."""
        view = await (self._retriever.whole(shop) if whole else self._retriever.view(shop))

        async def offers(skus: Sequence[str]) -> dict[str, LiveOffer]:
            return await self._store.offers(shop.id, skus)

        return Side(SideName.PUBLISHED, view.revision, 0, view, offers)

    async def draft(self, shop: Shop) -> Side:
        """What customers would be told if the draft were published now. Texts that the index lacks are embedded. Raises Conflict without a
        draft."""
        draft = await self._store.draft(shop.id)
        if draft is None:
            raise Conflict("There is no draft; edit an entry or import with --draft first.", code="no_draft")
        written, removed = await self._store.offers_of_draft(shop.id)
        version, live = await self._store.offers_since(shop.id, 0)
        gone = set(removed)

        async def offers(skus: Sequence[str]) -> dict[str, LiveOffer]:
            now = await self._store.offers(shop.id, skus)
            coming = {sku: written[sku] for sku in skus if sku in written}
            return {sku: offer for sku, offer in {**now, **coming}.items() if sku not in gone}

        key = (draft.number, draft.edits, version, (await self._store.state(shop.id)).revision)
        kept = self._drafts.get(shop.id)
        if kept is None or kept[0] != key:
            documents = [document async for document in self._store.documents(shop.id, draft.number)]
            then = {offer.sku: offer for offer in live if offer.sku not in gone} | written
            kept = self._drafts[shop.id] = (key, await self._retriever.view_of(shop, documents, list(then.values())))
        return Side(SideName.DRAFT, draft.number, draft.edits, kept[1], offers)

    async def side(self, shop: Shop, name: SideName) -> Side:
        """By its name."""
        return await (self.draft(shop) if name is SideName.DRAFT else self.published(shop))

    def talk(self, side: Side, language: str = "", remembered: Mapping[str, object] | None = None) -> "Talk":
        """A talk. `language`: one that the customer chose, "" to detect; `remembered`: what an earlier one remembered, to go on with it."""
        return Talk(self._assistant, side, language, remembered)

    async def ask(self, side: Side, text: str, turns: Sequence[str] = (), language: str = "") -> Said:
        """The answer to `text` after the customer said `turns`."""
        talk = self.talk(side, language)
        for earlier in turns:
            await talk.ask(earlier)
        return await talk.ask(text)


class Talk:
    """Questions to one side, one after the other."""

    def __init__(self, assistant: Assistant, side: Side, language: str, remembered: Mapping[str, object] | None = None) -> None:
        self._assistant = assistant
        self._side = side
        kept = remembered or {}
        memory, said = kept.get("memory"), kept.get("history")
        self._memory = memory_from_json(memory if isinstance(memory, Mapping) else None)
        if language:
            self._memory.language = self._memory.chosen_language = language
        pairs = [one for one in said if isinstance(one, list) and len(one) == 2] if isinstance(said, list) else []
        self._history = [(str(author), str(text)) for author, text in pairs]

    @property
    def remembered(self) -> dict[str, object]:
        """What it remembers, as plain JSON."""
        return {"memory": memory_json(self._memory), "history": [list(one) for one in self._history[-HISTORY:]]}

    async def ask(self, text: str) -> Said:
        """The answer, remembered for the next."""
        trace = TurnTrace("", perf_counter())
        asked = Asked(text, self._memory, tuple(self._history[-HISTORY:]))
        worked = await self._assistant.work_out(self._side.view, asked, trace, offers=self._side.offers)
        self._memory = worked.draft.memory
        self._history += [("customer", text), ("assistant", worked.answer.text)]
        told = {**trace.as_json(worked.draft), "revision": self._side.revision}
        return Said(answer_json(worked.answer), told)
