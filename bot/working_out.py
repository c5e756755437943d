"""A message and what is known of its conversation → its answer. Writes nothing: dry runs work the same way as turns do."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.answering.answer import Answer, Engine, Handoff, HandoffReason, Outcome
from bot.answering.cards import cards_of
from bot.answering.composer import AnswerComposer, Draft, Findings, Statement
from bot.answering.consulting import Consulting
from bot.answering.guard import Guard
from bot.answering.rendering import joined
from bot.tracing import TurnTrace
from bot.understanding.question import Intent, Memory, Part, Question
from bot.understanding.understand import Understanding
from knowledge.catalog import LiveOffer
from knowledge.localized import pick
from knowledge.store import KnowledgeStore
from retrieval.retriever import Evidence, Query
from retrieval.search import Retriever
from retrieval.view import ShopView

log = logging.getLogger(__name__)

RULED_INTENTS = frozenset({Intent.POLICY, Intent.STORE_INFO, Intent.PROMOTION, Intent.PRIVACY, Intent.ORDER, Intent.COMPLAINT})
RULING_LEAST = 0.1
"""How likely a rule must be asked for to be looked for with both models; of messages about goods a quarter reaches it, of those about rules 94 in
a hundred, and most of the others have an intent of these."""
COURTESIES = {Intent.GREETING, Intent.THANKS, Intent.GOODBYE}
"""For which nothing of the shop is looked up."""

Stream = Callable[[list[Statement]], Awaitable[None]]
"""Hears the statements that passed the guard, whenever there is one more."""

OffersOf = Callable[[Sequence[str]], Awaitable[dict[str, LiveOffer]]]
"""SKUs to live offers."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A message and what is known when it comes. `history`: author and text of what was said before, oldest first."""

    text: str
    memory: Memory
    history: tuple[tuple[str, str], ...] = ()
    staff_present: bool = False
    waiting: bool = False


@dataclass(frozen=True, slots=True)
class WorkedOut:
    """An answer, the draft it was made from (with the memory afterwards), and how the message was understood."""

    answer: Answer
    draft: Draft
    question: Question


class WorkingOut:
    """Understands a message, finds what the shop knows of it, composes and checks the answer. Stateless; safe to use from many turns at once."""

    def __init__(
        self,
        *,
        knowledge: KnowledgeStore,
        retriever: Retriever,
        understanding: Understanding,
        composer: AnswerComposer,
        apology: Callable[[str], str],
        clock: Callable[[], datetime],
        consulting: Consulting | None = None,
    ) -> None:
        self._knowledge = knowledge
        self._retriever = retriever
        self._understanding = understanding
        self._composer = composer
        self._apology = apology
        self._clock = clock
        self._consulting = consulting

    async def work_out(
        self, view: ShopView, asked: Asked, trace: TurnTrace, *, offers: OffersOf | None = None, stream: Stream | None = None
    ) -> WorkedOut:
        """The answer to a message, from that view alone: what a turn does between reading and storing. Writes nothing and announces
        nothing; `stream` hears what has passed the guard so far. `offers`: SKUs to live offers, those of now if left out."""
        read = offers or (lambda skus: self._knowledge.offers(view.shop.id, skus))
        memory = asked.memory
        question = await asyncio.to_thread(self._understanding.understand, asked.text, memory, view, chosen_language=memory.chosen_language)
        trace.understood(question)
        trace.lap("understand")

        findings = await self._findings(view, question, asked, read)
        trace.found(view.revision, findings.evidence)
        trace.lap("retrieve")
        if self._consulting is not None:
            consulted = await self._consulting.consult(findings, lambda looked_up: self._findings(view, looked_up, asked, read))
            findings = consulted.findings
            trace.looked_up(consulted.looked_up, consulted.failure)
            trace.lap("consult")
        draft, statements = await self._compose(findings, trace, stream)
        draft.memory.chosen_language = memory.chosen_language
        return WorkedOut(self._answer(draft, statements, findings, trace), draft, findings.question)

    async def _findings(self, view: ShopView, question: Question, asked: Asked, read: OffersOf) -> Findings:
        """What the shop knows of a question, with the live offers of all that an answer would speak of."""
        evidence = [await self._find(view, part, question) for part in question.parts]
        live = await _offers_of(view, _products_of(question, evidence, asked.memory), read)
        findings = Findings(
            view=view,
            question=question,
            evidence=tuple(evidence),
            offers=live,
            memory=asked.memory,
            now=self._clock(),
            history=asked.history,
            staff_present=asked.staff_present,
            waiting=asked.waiting,
        )
        if more := self._composer.needs(findings):
            findings = replace(findings, offers={**live, **await _offers_of(view, more, read)})
        return findings

    async def _find(self, view: ShopView, part: Part, question: Question) -> Evidence:
        if part.intent in COURTESIES and not part.subjects and not part.follows:
            return Evidence()
        query = Query(
            text=part.standalone,
            language=question.language,
            ruled=part.said,
            follows=part.follows.replace("\n", " "),
            kinds_said=_kinds(view, part, question.language),
            ruling=bool(part.follows) or part.intent in RULED_INTENTS or part.meant.ruling >= RULING_LEAST,
            filters=part.filters,
            sort=part.sort,
            whole=part.anything,
        )
        evidence = await self._retriever.search(view, query)
        products = tuple(dict.fromkeys(subject.product_id for subject in part.subjects))
        if not products:
            return evidence
        # Of several the other titles would only be in the way.
        asked = part.standalone if len(products) == 1 else part.said or part.text
        facts, each = await self._retriever.facts(view, products, asked, question.language)
        return replace(evidence, facts=facts, answerable=max(each.values(), default=0.0), answerable_of=each)

    async def _compose(self, findings: Findings, trace: TurnTrace, stream: Stream | None) -> tuple[Draft, list[Statement]]:
        guard = Guard(findings)
        said: list[Statement] = []
        draft: Draft | None = None
        async for piece in self._composer.compose(findings):
            if isinstance(piece, Draft):
                draft = piece
                trace.lap("compose")
                continue
            if await self._let_through(guard, piece, trace):
                said.append(piece)
                if stream is not None:
                    await stream(said)
        if draft is None:
            raise RuntimeError("a composer ended without a draft")
        if not said:
            # Everything was cut, or the composer streams nothing: what of the draft the evidence holds. A guard of its own, since the first one
            # remembers what the sentences that passed were about.
            guard = Guard(findings)
            said = [statement for statement in draft.statements if await self._let_through(guard, statement, trace)]
        if not said and draft.engine is not Engine.MODEL:
            # Words of the shop's own wording, which cites nothing. An apology would be the worse answer.
            said = [statement for statement in draft.statements if statement.quoted]
        trace.lap("verify")
        return draft, said

    async def _let_through(self, guard: Guard, statement: Statement, trace: TurnTrace) -> bool:
        violations = guard.objections(statement)
        trace.checked(statement, violations)
        if violations:
            log.warning("guard cut a statement: %s", ", ".join(f"{v.kind}" for v in violations))
        return not violations

    def _answer(self, draft: Draft, statements: list[Statement], findings: Findings, trace: TurnTrace) -> Answer:
        language = findings.question.language
        text = joined(statements)
        outcome, handoff = draft.outcome, draft.handoff
        if not text:
            text, outcome = self._apology(language), Outcome.HANDED_OFF
            handoff = Handoff(HandoffReason.SAFETY)
        if findings.waiting and outcome is Outcome.HANDED_OFF and handoff is None:
            handoff = Handoff(HandoffReason.CUSTOMER_ASKED)
        sources = tuple(dict.fromkeys(citation for statement in statements for citation in statement.citations))
        return Answer(
            text=text,
            language=language,
            outcome=outcome,
            intents=draft.intents or tuple(dict.fromkeys(part.intent.value for part in findings.question.parts)),
            topic=draft.topic,
            products=cards_of(findings, draft.product_skus),
            sources=sources,
            handoff=handoff,
            quick_replies=draft.quick_replies,
            conditions=draft.conditions,
            confidence=draft.confidence,
            engine=draft.engine,
            took_ms=trace.laps(),
        )


def _kinds(view: ShopView, part: Part, language: str) -> str:
    """What the goods spoken of are, by the last level of their categories, where a rule may be asked for."""
    if part.intent not in (Intent.POLICY, Intent.STORE_INFO, Intent.COMPLAINT) and not part.follows:
        return ""
    products = [view.products[s.product_id] for s in part.subjects[:1] if s.product_id in view.products]
    paths = [pick(path, language) for product in products for path in product.categories[:1]]
    return ", ".join(path.split(">")[-1].strip() for path in paths if path)


def _products_of(question: Question, evidence: list[Evidence], memory: Memory) -> list[str]:
    """Products that the answer may speak of: found, named, or spoken of before."""
    ids = dict.fromkeys(hit.id for found in evidence for hit in found.products)
    ids.update(dict.fromkeys(subject.product_id for part in question.parts for subject in part.subjects))
    ids.update(dict.fromkeys([*memory.shown, memory.focus]))
    return list(ids)


async def _offers_of(view: ShopView, product_ids: Iterable[str], read: OffersOf) -> dict[str, LiveOffer]:
    skus = [variant.sku for id_ in product_ids if id_ in view.products for variant in view.products[id_].variants]
    return await read(skus) if skus else {}
