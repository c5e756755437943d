"""Before a language model words an answer: where the composer without one did not answer, the model may look things up in the shop.

    the composer's draft        not answered, or hardly sure, and nothing that a person or the shop's own words must answer
    the model, given tools      what it makes of the conversation: questions that stand alone, wishes, rules (shop_tools.py); its words are checked
    understanding, retrieval    each of them is read and found like a customer's message, with the same conditions and live offers
    the composer                answers from what was found: an answer that it is sure of takes the place of the first draft

The model chooses what is looked up and nothing else: what is said comes from the findings, and the guard holds it to them.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bot.answering.answer import Engine, Outcome
from bot.answering.composer import Draft, Findings
from bot.answering.evidence_text import messages_of
from bot.answering.extractive import ExtractiveComposer
from bot.answering.limits import unpromised
from bot.answering.rendering import joined
from bot.answering.shop_tools import FIND_PRODUCTS, READ_RULES, LookUp, look_up_of, shop_tools
from bot.answering.thresholds import LOW_CONFIDENCE
from bot.errors import Unavailable
from bot.language_model.tools import ToolResult
from bot.language_model.usage import Used
from bot.understanding.question import SEARCHES, Intent, Question
from bot.understanding.understand import Understanding
from knowledge.localized import pick
from knowledge.money import Money, money_of
from retrieval.filters import AttributeCondition, Filters

if TYPE_CHECKING:  # the model's room takes half a second to open, and is opened only where a model is set
    from bot.language_model.metered import MeteredModel
    from bot.language_model.prompting import Prompts

ROUNDS = 2
CALLS = 3
RESULT_MOST = 700
"""Characters of an answer that the model is told came of a call."""

_OURS = frozenset(
    {Intent.GREETING, Intent.THANKS, Intent.GOODBYE, Intent.CHITCHAT, Intent.HUMAN, Intent.ORDER, Intent.COMPLAINT, Intent.PRIVACY}
)
"""Never looked up: what is answered in the shop's own wording, or by a person."""
_RULES = frozenset({Intent.POLICY, Intent.STORE_INFO, Intent.PROMOTION})

Find = Callable[[Question], Awaitable[Findings]]
"""What the shop knows of a question, with live offers: the turn's own way."""


@dataclass(slots=True)
class Consulted:
    """What came of it: the findings to answer from, those of the turn where nothing better was found. `looked_up`: each call and its outcome, for
    the trace; `failure`: why the model was no help, "" where it was asked and answered, or not asked."""

    findings: Findings
    looked_up: list[dict[str, object]] = field(default_factory=list)
    failure: str = ""


class Consulting:
    """Asks a chat model what to look up. `timeout` in seconds, for all it is asked in one turn."""

    def __init__(
        self,
        model: "MeteredModel",
        understanding: Understanding,
        composer: ExtractiveComposer,
        prompts: "Prompts",
        *,
        timeout: float = 8.0,
    ) -> None:
        self._model = model
        self._understanding = understanding
        self._composer = composer
        self._prompt = prompts["consult"]
        self._results = prompts.tools["results"]
        self._tools = shop_tools(prompts.tools)
        self._timeout = timeout

    async def consult(self, findings: Findings, find: Find) -> Consulted:
        """Never raises for a model's sake; what `find` raises is passed on."""
        first = self._composer.draft(findings)
        if not (self._model.takes_tools and _open(findings, first)):
            return Consulted(findings)
        began = asyncio.get_running_loop().time()
        used = Used()
        consulted = Consulted(findings)
        try:
            better = await self._look_up(findings, first, find, consulted.looked_up, used)
            consulted.findings = findings if better is None else better
        except TimeoutError:
            consulted.failure = "too slow"
        except Unavailable as error:
            consulted.failure = error.message
        used.seconds = asyncio.get_running_loop().time() - began
        consulted.findings = replace(consulted.findings, used=used)
        return consulted

    async def _look_up(
        self, findings: Findings, first: Draft, find: Find, looked_up: list[dict[str, object]], used: Used
    ) -> Findings | None:
        """The findings that answer, else None. Raises TimeoutError and Unavailable, which end it."""
        end = asyncio.get_running_loop().time() + self._timeout
        shop, language = findings.view.shop, findings.question.language
        system = self._prompt.fill(
            shop=pick(shop.name, language) or shop.slug, language=" or ".join(dict.fromkeys([language, *shop.languages])), calls=str(CALLS)
        )
        rounds: list[list[ToolResult]] = []
        left = CALLS
        for _ in range(ROUNDS):
            async with asyncio.timeout_at(end):
                calls = await self._model.calls(shop, system, messages_of(findings), self._tools, rounds, used)
            results: list[ToolResult] = []
            answered: list[Findings] = []
            for call in calls[:left]:
                look_up = look_up_of(call)
                question = None if look_up is None else await self._question(look_up, findings)
                if look_up is None or question is None:
                    looked_up.append({"tool": call.name[:40], "outcome": "not made"})
                    results.append(ToolResult(call, self._results["invalid"]))
                    continue
                found = await find(question)
                draft = self._composer.draft(found)
                good = _answers(draft, first)
                if good:
                    answered.append(found)
                said = {"outcome": draft.outcome.value, "confidence": round(draft.confidence, 3), "taken": good}
                looked_up.append({**look_up.as_json(), "parts": [part.intent.value for part in question.parts], **said})
                told = joined(draft.statements)[:RESULT_MOST] if draft.outcome is Outcome.ANSWERED else ""
                results.append(ToolResult(call, told or self._results["nothing"]))
            if answered:
                return self._together(answered, first)
            left -= len(results)
            if not results or left <= 0:
                break
            rounds.append(results)
        return None

    async def _question(self, look_up: LookUp, findings: Findings) -> Question | None:
        """What is looked up, read like a customer's message in this conversation; None where it is nothing to be looked up."""
        asked = findings.question
        memory = replace(findings.memory, pending={}, misses=0)  # it stands alone: no answer to a question of ours
        read = await asyncio.to_thread(self._understanding.understand, look_up.text, memory, findings.view, chosen_language=asked.language)
        if any(part.intent in _OURS for part in read.parts):
            return None
        parts = read.parts
        if look_up.tool == FIND_PRODUCTS:
            parts = (next((part for part in parts if part.intent in SEARCHES), replace(parts[0], intent=Intent.PRODUCT_SEARCH)),)
            # Goods under conditions: a product that the wish names is shown only where it meets them.
            parts = (replace(parts[0], subjects=()),)
        elif look_up.tool == READ_RULES:
            parts = (next((part for part in parts if part.intent in _RULES), replace(parts[0], intent=Intent.POLICY)),)
        held = [part.filters for part in asked.parts] + [_bounds(look_up, findings.view.shop.currency)]
        parts = tuple(replace(part, filters=narrowed(part.filters, held), rewritten=True) for part in parts)
        return Question(asked.text, asked.language, parts, (*read.notes, f"looked up by the model: {look_up.tool}"))

    def _together(self, answered: Sequence[Findings], first: Draft) -> Findings:
        """One for all that was answered, where the composer can say it all in one answer; else the first."""
        whole = answered[0]
        for more in answered[1:]:
            question = replace(whole.question, parts=(*whole.question.parts, *more.question.parts))
            joint = replace(whole, question=question, evidence=(*whole.evidence, *more.evidence), offers={**whole.offers, **more.offers})
            if _answers(self._composer.draft(joint), first):
                whole = joint
        return whole


def _open(findings: Findings, first: Draft) -> bool:
    """Whether looking further may help: nothing answered, or hardly sure, and no matter of a person's or of the shop's own wording."""
    parts = findings.question.parts
    if findings.waiting or first.engine is Engine.APPROVED or first.outcome is Outcome.HANDED_OFF or not findings.question.text.strip():
        return False
    if any(part.intent in _OURS or unpromised(part.text) for part in parts):
        return False
    if not findings.history and all(part.intent is Intent.OUT_OF_SCOPE for part in parts):
        return False  # a message that goes on from nothing means what it says
    return first.outcome is not Outcome.ANSWERED or first.confidence < LOW_CONFIDENCE


def _answers(draft: Draft, first: Draft) -> bool:
    least = first.confidence if first.outcome is Outcome.ANSWERED else LOW_CONFIDENCE
    return draft.outcome is Outcome.ANSWERED and draft.handoff is None and draft.confidence > least


def _bounds(look_up: LookUp, currency: str) -> Filters:
    low, high = look_up.min_price, look_up.max_price
    return Filters(
        price_min=None if low is None else money_of(low, currency),
        price_max=None if high is None else money_of(high, currency),
        in_stock=look_up.in_stock,
    )


def narrowed(filters: Filters, others: Sequence[Filters]) -> Filters:
    """Filters with the limits and refusals of others, too: whatever a model asks for, what the customer set or does not want holds. What somebody looks
    for (categories, brands, properties to be there) is left as it is: that may be just what was misread."""
    for other in others:
        refused = [condition for condition in other.attributes if condition.absent and condition not in filters.attributes]
        attributes: tuple[AttributeCondition, ...] = (*filters.attributes, *refused)
        filters = replace(
            filters,
            price_min=_stricter(filters.price_min, other.price_min, highest=True),
            price_max=_stricter(filters.price_max, other.price_max, highest=False),
            in_stock=filters.in_stock or other.in_stock,
            on_sale=filters.on_sale or other.on_sale,
            not_brands=tuple(dict.fromkeys((*filters.not_brands, *other.not_brands))),
            not_product_ids=tuple(dict.fromkeys((*filters.not_product_ids, *other.not_product_ids))),
            attributes=attributes,
        )
    return filters


def _stricter(one: Money | None, other: Money | None, *, highest: bool) -> Money | None:
    if one is None or other is None or one.currency != other.currency:
        return one or other
    return max(one, other, key=lambda m: m.minor) if highest else min(one, other, key=lambda m: m.minor)
