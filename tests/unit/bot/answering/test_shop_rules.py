"""What a merchant sets, in answers without a model: the tone, opening hours, rules of handing over, hidden stock."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.answering.answer import Engine, HandoffReason, Outcome
from bot.answering.answer_json import answer_json
from bot.answering.cards import cards_of
from bot.answering.composer import Draft, Findings
from bot.answering.extractive import ExtractiveComposer
from bot.answering.guard import Guard
from bot.answering.notices import Notices
from bot.answering.written import _shares
from bot.understanding.question import Intent, Memory, Part, Question, Subject, Topic
from knowledge.shop_settings import TONES
from retrieval.filters import Filters
from retrieval.retriever import Evidence
from retrieval.view import ShopView
from tests.builders import money
from tests.unit.bot.answering.stall import STALL
from tests.unit.bot.answering.talks import NOTHING, WORDINGS, a_part, evidence, text

BLACK = Subject("kt-17e", "KT17E-BK")
PRICE = a_part(Intent.PRICE, "how much is the black kettle", BLACK)
SHANGHAI = {"timezone": "Asia/Shanghai", "week": {day: ["09:00-18:00"] for day in ("mon", "tue", "wed", "thu", "fri")}}
SATURDAY = datetime(2026, 3, 7, 4, 0, tzinfo=UTC)
"""Noon in Shanghai."""


def stall(**settings: Any) -> ShopView:
    return replace(STALL, shop=replace(STALL.shop, settings={**STALL.shop.settings, **settings}))


def findings(
    view: ShopView, *parts: Part, language: str = "en", found: Evidence = NOTHING, now: datetime = SATURDAY, **rest: Any
) -> Findings:
    said = " ".join(part.text for part in parts)
    return Findings(
        view=view, question=Question(said, language, parts), evidence=(found,) * len(parts), offers=dict(view.offers),
        memory=rest.pop("memory", None) or Memory(), now=now, **rest,
    )  # fmt: skip


def drafted(told: Findings) -> Draft:
    """The draft; every sentence of it gets past the guard, and its figures stand in what it cites."""
    draft = ExtractiveComposer(WORDINGS).draft(told)
    guard = Guard(told)
    for statement in draft.statements:
        assert guard.objections(statement) == [], statement.text
    return draft


# ── tone ──

SAID = (
    (PRICE, NOTHING),
    (a_part(Intent.AVAILABILITY, "is it there", BLACK), NOTHING),
    (a_part(Intent.AVAILABILITY, "is the red one there", Subject("kt-17e", "KT17E-RD")), NOTHING),
    (a_part(Intent.THANKS, "thanks"), NOTHING),
    (a_part(Intent.HUMAN, "a person please"), NOTHING),
    (a_part(Intent.OUT_OF_SCOPE, "who won the match"), NOTHING),
    (a_part(Intent.PRODUCT_QUESTION, "how loud is it", BLACK, asked=("noise",)), evidence(products=["kt-17e"])),
)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_each_tone_says_it_otherwise_and_the_same_facts(language: str) -> None:
    told: dict[str, list[str]] = {}
    for tone in TONES:
        told[tone] = [text(drafted(findings(stall(tone=tone), part, language=language, found=found))) for part, found in SAID]
    for plain, friendly, brief in zip(*(told[tone] for tone in ("plain", "friendly", "brief")), strict=True):
        assert plain != friendly, plain
        assert len(brief) <= len(plain), brief
        assert set(re.findall(r"\d+\.\d\d", plain)) >= set(re.findall(r"\d+\.\d\d", brief))
    prices = [re.findall(r"\d+\.\d\d", lines[0])[0] for lines in told.values()]
    assert prices == ["39.99"] * 3
    assert sum(len(line) for line in told["brief"]) < 0.9 * sum(len(line) for line in told["plain"])
    if language == "zh":
        assert any("您" in line for line in told["plain"]) and not any("您" in line for line in told["friendly"])


def test_the_tone_holds_for_greeting_and_waiting_too() -> None:
    notices = Notices(WORDINGS)
    shops = [replace(stall(tone=tone).shop, settings={"tone": tone}) for tone in TONES]
    for said in ([notices.greeting(shop, "zh") for shop in shops], [notices.waiting(shop, "en", SATURDAY, present=True) for shop in shops]):
        assert len(set(said)) == len(TONES)
    assert notices.greeting(stall(tone="friendly").shop, "en") == "Welcome to the stall.", "the merchant's own words stay"


# ── opening hours ──


@pytest.mark.parametrize(
    ("now", "en", "zh", "wait"),
    [
        (SATURDAY, "on Monday at 09:00 (UTC+8)", "周一 09:00（UTC+8）", timedelta(hours=45)),
        (datetime(2026, 3, 9, 11, 0, tzinfo=UTC), "tomorrow at 09:00 (UTC+8)", "明天 09:00（UTC+8）", timedelta(hours=14)),
        (datetime(2026, 3, 9, 0, 30, tzinfo=UTC), "today at 09:00 (UTC+8)", "今天 09:00（UTC+8）", timedelta(minutes=30)),
    ],
)
def test_who_asks_for_a_person_while_nobody_is_on_duty_is_told_until_when(now: datetime, en: str, zh: str, wait: timedelta) -> None:
    for language, said in (("en", en), ("zh", zh)):
        draft = drafted(findings(stall(hours=SHANGHAI), a_part(Intent.HUMAN, "human"), language=language, now=now))
        assert said in text(draft)
        assert draft.handoff is not None and draft.handoff.expected_wait_s == wait.total_seconds()
        cited = [c for s in draft.statements for c in s.citations]
        assert cited and all("09:00" in c.quote for c in cited)
        assert said in Notices(WORDINGS).waiting(stall(hours=SHANGHAI).shop, language, now, present=False)


def test_a_long_holiday_names_the_date() -> None:
    closed = [f"2026-03-{day:02d}" for day in range(7, 20)]
    draft = drafted(findings(stall(hours={**SHANGHAI, "closed": closed}), a_part(Intent.HUMAN, "human")))
    assert "on 2026-03-20 at 09:00" in text(draft)


def test_somebody_who_is_there_counts_more_than_the_clock() -> None:
    shop = stall(hours=SHANGHAI)
    assert "fetching a colleague" in text(drafted(findings(shop, a_part(Intent.HUMAN, "human"), staff_present=True)))
    open_now = datetime(2026, 3, 9, 4, 0, tzinfo=UTC)
    draft = drafted(findings(shop, a_part(Intent.HUMAN, "human"), now=open_now))
    assert "Nobody is at the desk right now" in text(draft) and "Monday to Friday 09:00–18:00 (UTC+8)" in text(draft)
    assert draft.handoff is not None and draft.handoff.expected_wait_s is None
    assert Notices(WORDINGS).waiting(shop.shop, "en", SATURDAY, present=True) == "We are fetching a colleague; please stay in this chat."


@pytest.mark.parametrize(("language", "said"), [("en", "Monday to Friday 09:00–18:00 (UTC+8)"), ("zh", "周一至周五 09:00–18:00（UTC+8）")])
def test_times_are_told_in_words_unless_the_shop_has_its_own(language: str, said: str) -> None:
    part = a_part(Intent.STORE_INFO, "when are you open")
    draft = drafted(findings(stall(hours=SHANGHAI), part, language=language))
    assert said in text(draft) and draft.statements[0].citations[0].quote
    own = {**SHANGHAI, "text": {"en": "Weekdays from 9:00 to 18:00 in Shanghai.", "zh": "工作日 9:00–18:00。"}}
    assert text(drafted(findings(stall(hours=own), part, language=language))).startswith(("Weekdays from 9:00", "工作日 9:00"))


# ── rules of handing over ──


def rules(**handoff: Any) -> ShopView:
    return stall(handoff=handoff)


WORDS = rules(words={"words": ["wholesale", "批发"], "queue": "Trade"})


@pytest.mark.parametrize(
    ("said", "language", "called"),
    [
        ("how much is the kettle WHOLESALE", "en", True),
        ("批发价多少", "zh", True),
        ("how much is the kettle", "en", False),
        ("I am a wholesaler", "en", False),
    ],
)
def test_a_word_fetches_a_person_beside_the_answer(said: str, language: str, called: bool) -> None:
    draft = drafted(findings(WORDS, a_part(Intent.PRICE, said, BLACK), language=language))
    assert "39.99" in text(draft), "what is known is told all the same"
    if not called:
        assert draft.handoff is None and draft.outcome is Outcome.ANSWERED
        return
    assert draft.outcome is Outcome.HANDED_OFF and draft.handoff is not None
    assert (draft.handoff.reason, draft.handoff.queue) == (HandoffReason.RULE, "Trade")
    assert ("colleague looks after that" if language == "en" else "由同事亲自") in text(draft)


def test_what_could_not_be_answered_gives_way_to_the_person() -> None:
    draft = drafted(findings(WORDS, a_part(Intent.OUT_OF_SCOPE, "do you do wholesale")))
    assert draft.outcome is Outcome.HANDED_OFF and "outside what I can help with" not in text(draft)


def test_a_subject_fetches_a_person() -> None:
    shop = rules(subjects={"subjects": ["returns", "promotion"], "queue": ""})
    part = a_part(Intent.POLICY, "can I return it", topic=Topic.RETURNS)
    draft = drafted(findings(shop, part, found=evidence(policies=["returns.en.md#return-period"])))
    assert draft.handoff is not None and (draft.handoff.reason, draft.handoff.queue) == (HandoffReason.RULE, "default")
    assert draft.topic == "returns"
    assert drafted(findings(shop, PRICE)).handoff is None


@pytest.mark.parametrize(
    ("part", "called"),
    [
        (PRICE, False),
        (replace(PRICE, quantity=3), True),
        (replace(PRICE, quantity=2), False),
        (a_part(Intent.RECOMMEND, "something up to $500", filters=Filters(price_max=money("500 USD"))), True),
        (a_part(Intent.RECOMMEND, "something up to $99", filters=Filters(price_max=money("99 USD"))), False),
        (a_part(Intent.PRICE, "how much is the travel backpack", "bp-38"), True),
    ],
)
def test_an_amount_fetches_a_person_from_the_threshold_on(part: Part, called: bool) -> None:
    shop = rules(amount={"amount": "100", "currency": "USD", "queue": "Large orders"})
    draft = drafted(findings(shop, part, found=evidence(products=["bp-22"])))
    assert (draft.handoff is not None) is called
    if draft.handoff is not None:
        assert draft.handoff.queue == "Large orders"


def test_a_budget_that_was_said_before_does_not_call_again() -> None:
    shop = rules(amount={"amount": "100", "currency": "USD", "queue": ""})
    filters = Filters(price_max=money("500 USD"))
    part = a_part(Intent.RECOMMEND, "in black", filters=filters)
    first = drafted(findings(shop, replace(part, text="up to $500"), found=evidence(products=["bp-22"])))
    assert first.handoff is not None
    again = drafted(findings(shop, part, found=evidence(products=["bp-22"]), memory=first.memory))
    assert again.handoff is None


@pytest.mark.parametrize(("most", "misses", "called"), [(1, 0, True), (2, 0, False), (2, 1, True), (3, 1, False), (None, 1, False)])
def test_messages_in_vain_fetch_a_person_after_the_shops_own_number(most: int | None, misses: int, called: bool) -> None:
    draft = drafted(findings(rules(misses=most), a_part(Intent.POLICY, "do you ship to Mars"), memory=Memory(misses=misses)))
    assert (draft.handoff is not None) is called
    if draft.handoff is not None:
        assert draft.handoff.reason is HandoffReason.NOT_UNDERSTOOD


def test_nobody_is_fetched_twice() -> None:
    draft = drafted(findings(WORDS, a_part(Intent.PRICE, "wholesale price", BLACK), waiting=True))
    assert draft.outcome is Outcome.ANSWERED and draft.handoff is None


# ── hidden stock ──


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_hidden_figure_stands_nowhere_in_the_answer(language: str) -> None:
    shop = stall(hide_stock=True)
    for subject, hidden in ((BLACK, "42"), (Subject("bp-22", "BP22-L"), "12"), (Subject("bp-22"), "12")):
        for quantity in (None, 7):
            told = findings(shop, a_part(Intent.AVAILABILITY, "is it there", subject, quantity=quantity), language=language)
            draft = drafted(told)
            answer = _answer(told, draft)
            assert hidden not in re.findall(r"\d+", answer), answer
            shown = _answer(replace(told, view=STALL), drafted(replace(told, view=STALL)))
            assert hidden in re.findall(r"\d+", shown)


def _answer(told: Findings, draft: Draft) -> str:
    """Words, cards and sources as they go out, without what a hidden figure might stand in by chance."""
    from bot.answering.answer import Answer

    answer = Answer(
        text=text(draft), language="en", outcome=draft.outcome, intents=(), products=cards_of(told, draft.product_skus),
        sources=tuple(c for s in draft.statements for c in s.citations), quick_replies=draft.quick_replies,
    )  # fmt: skip
    told_json = answer_json(answer)
    for card in told_json["products"]:  # type: ignore[attr-defined]
        card.pop("as_of")
    return json.dumps([told_json[name] for name in ("text", "products", "sources", "quick_replies")], ensure_ascii=False)


# ── with a model ──


def test_the_composer_goes_first_where_it_is_sure_and_the_shop_wants_it() -> None:
    for first in (False, True):
        told = findings(stall(composer_first=first), PRICE)
        before, worded, after = _shares(drafted(told), told)
        assert bool(worded) is not first and bool(before) is first and not after
    unsure = replace(drafted(told), confidence=0.4, engine=Engine.COMPOSER)
    assert _shares(unsure, told)[1], "what it is not sure of, the model words"
