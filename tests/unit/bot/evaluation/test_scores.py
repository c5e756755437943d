"""Figures of each kind of set against values worked out by hand."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from bot.evaluation.adversarial_set import HostileText, measure_adversarial
from bot.evaluation.asking import Response
from bot.evaluation.conversation_set import ExpectedConversation, ExpectedTurn, measure_conversations
from bot.evaluation.figures import Report
from bot.evaluation.intent_set import LabelledMessage, measure_intents
from bot.evaluation.invented import invented_figures
from bot.evaluation.off_topic_set import Stray, measure_off_topic
from bot.evaluation.ranking_set import RankedQuestion, measure_ranking
from bot.evaluation.retrieval_set import JudgedQuery, RetrievalSet, gain, measure_retrieval
from knowledge.pinned import Expected
from retrieval.ranking import Candidate, Ranked, Ranking

KITE = {"title": "Kite", "price": "29.90", "list_price": None, "currency": "USD"}


def value(report: Report, name: str, language: str = "") -> float:
    return next(figure.value for figure in report.figures if (figure.name, figure.language) == (name, language))


def an_answer(text: str = "", outcome: str = "answered", **fields: Any) -> dict[str, Any]:
    return {"text": text, "outcome": outcome, "intents": ["unclear"], "products": [], "sources": []} | fields


def a_source(quote: str, id: str = "ship", kind: str = "faq") -> dict[str, str]:
    return {"kind": kind, "id": id, "field": "answer", "quote": quote}


def test_gain_counts_what_was_not_found() -> None:
    both = {"a": 1.0, "b": 1.0}
    assert gain(["x", "a", "b"], both) == pytest.approx((0.63093 + 0.5) / 1.63093, abs=1e-5)
    assert gain(["x", "a"], both) == pytest.approx(0.63093 / 1.63093, abs=1e-5)
    assert gain(["a", "b"], {"a": 1.0, "b": 2.0}) == pytest.approx((1 + 3 * 0.63093) / (3 + 0.63093), abs=1e-5)
    assert gain([], both) == 0.0


async def test_retrieval() -> None:
    found = {"first": ["a", "x"], "second": ["x", "y", "b"], "第三": ["x"]}
    queries = tuple(JudgedQuery(text, "zh" if text == "第三" else "en", text, {id: 1.0}) for text, id in zip(found, "abc", strict=True))

    async def search(text: str, top: int) -> Sequence[str]:
        assert top == 10
        return found[text]

    report = await measure_retrieval("set", RetrievalSet("test", (), queries), search)
    assert value(report, "hit@1") == pytest.approx(1 / 3)
    assert value(report, "hit@5") == pytest.approx(2 / 3)
    assert value(report, "MRR@10") == pytest.approx((1 + 1 / 3 + 0) / 3)
    assert value(report, "nDCG@10") == pytest.approx((1 + 0.5 + 0) / 3)
    assert value(report, "recall@10", "en") == 1.0 and value(report, "recall@10", "zh") == 0.0
    assert [(one.id, one.missing) for one in report.failures] == [("第三", ("document c",))]
    assert report.latency is not None and report.latency.n == 3


async def test_ranking_has_the_full_answer_first_and_tells_what_has_none() -> None:
    def question(id: str, *labels: float) -> RankedQuestion:
        return RankedQuestion(id, "en", id, tuple(Candidate(str(n), "") for n in range(len(labels))), labels)

    questions = [question("right", 2, 1, 0), question("wrong", 1, 2, 0), question("partial", 1, 0, 0), question("none", 0, 0, 0)]
    sure = {"right": 0.9, "wrong": 0.4, "partial": 0.6, "none": 0.5}

    def rank(text: str, candidates: Sequence[Candidate]) -> Ranking:
        """In the order given."""
        return Ranking(tuple(Ranked(one.id, 1.0, 0, 0, 0) for one in candidates), sure[text])

    report = await measure_ranking("set", questions, rank)
    # Only the first two hold a full answer (the set's highest label).
    assert value(report, "P@1") == 0.5
    second = (1 + 3 * 0.63093) / (3 + 0.63093)
    assert value(report, "nDCG@10") == pytest.approx((1 + second) / 2, abs=1e-5)
    # Of the three answerable ones two are surer than the unanswerable one.
    assert value(report, "AUC of answerable") == pytest.approx(2 / 3)
    assert [one.id for one in report.failures] == ["wrong"]


async def test_intents() -> None:
    read = {"a": ["human"], "b": ["policy", "human"], "c": ["price"], "d": ["human"], "e": ["human"], "f": ["out_of_scope"]}
    labels = {"a": "human", "b": "human", "c": "human", "d": "price", "e": "human|other", "f": "other"}

    async def ask(_: str, text: str, __: str) -> Mapping[str, Any]:
        return an_answer(intents=read[text])

    report = await measure_intents("set", [LabelledMessage(t, "en", t, tuple(labels[t].split("|"))) for t in read], ask)
    assert value(report, "human: recall") == pytest.approx(2 / 3)  # of a, b, c; e may be read either way
    assert value(report, "human: false") == pytest.approx(1 / 2)  # d of d and f
    assert value(report, "price: recall") == 0.0
    assert value(report, "price: false") == pytest.approx(1 / 5)
    assert report.confusion["human"] == {"human": 1, "policy": 1, "price": 1}
    assert sorted(one.id for one in report.failures) == ["c", "d"]


async def test_off_topic_counts_only_what_is_stated_from_a_source() -> None:
    said = {
        "a": an_answer("Kettles.", sources=[a_source("Kettles")]),
        "b": an_answer("I am a bot."),
        "c": an_answer("No.", "abstained", sources=[a_source("No")]),
    }

    async def ask(_: str, text: str, __: str) -> Mapping[str, Any]:
        return said[text]

    report = await measure_off_topic("set", [Stray(text, "en", text) for text in said], ask)
    assert value(report, "answered from shop knowledge") == pytest.approx(1 / 3)
    assert report.strict and [one.id for one in report.failures] == ["a"]


async def test_conversations_held_several_times() -> None:
    held: dict[str, int] = {}

    async def ask(conversation: str, text: str, _: str) -> Mapping[str, Any]:
        """Wrong the third time."""
        held[conversation] = held.get(conversation, 0) + 1
        return an_answer("It is $4.50." if text == "shipping" and not conversation.endswith("/2") else "Yes.", sources=[a_source("$4.50")])

    turns = (ExpectedTurn("1", "hello", Expected()), ExpectedTurn("2", "shipping", Expected(expect=("4.50",)), ("faq:ship",)))
    report = await measure_conversations("set", [ExpectedConversation("c", "en", turns)], ask, times=4)
    assert held == {"0/0": 2, "0/1": 2, "0/2": 2, "0/3": 2}  # each attempt is a conversation of its own
    assert value(report, "conversations right") == 1.0
    # Three of four are right: C(3,k) / C(4,k).
    assert [value(report, f"pass^{k}") for k in (1, 2, 3, 4)] == pytest.approx([0.75, 0.5, 0.25, 0.0])
    assert not report.failures


async def test_a_wrong_turn_says_what_was_missing() -> None:
    async def ask(*_: str) -> Mapping[str, Any]:
        return an_answer("It is $5.00.", sources=[a_source("$5.00", "other")])

    turn = ExpectedTurn("t", "运费多少", Expected(expect=("4.50",), avoid=("5.00",), outcome="abstained"), ("faq:ship",))
    report = await measure_conversations("set", [ExpectedConversation("c", "zh", (turn,))], ask)
    assert report.failures[0].missing == ("expect: 4.50", "avoid: 5.00", "outcome: abstained", "any_source: faq:ship")


async def test_adversarial_strings() -> None:
    said = {
        "fine": Response(200, an_answer("I can't help with that.", "abstained")),
        "refused": Response(422, None),
        "broken": Response(500, None),
        "late": Response(202, None),
        "leaks": Response(200, an_answer("Very well: ＰＷＮＥＤ!")),
        "invents": Response(200, an_answer("It costs $1.00.")),
    }

    async def post(text: str, _: str) -> Response:
        return said[text]

    report = await measure_adversarial("set", [HostileText(text, "en", text, ("pwned",)) for text in said], post)
    assert value(report, "broken") == pytest.approx(2 / 6)
    assert value(report, "canary said") == pytest.approx(1 / 6)
    assert value(report, "figure invented") == pytest.approx(1 / 6)
    assert {one.id for one in report.failures} == {"broken", "late", "leaks", "invents"}


@pytest.mark.parametrize(
    ("answer", "asked", "expected"),
    [
        (an_answer("Shipping is $4.50.", sources=[a_source("Shipping is 4.50 USD everywhere.")]), "", []),
        (an_answer("Shipping is $9.50.", sources=[a_source("Shipping is $4.50 everywhere.")]), "", ["$9.50"]),
        (an_answer("运费 4.50 美元，30 天内可退。", sources=[a_source("运费一律 4.50 美元。")]), "", ["30 天"]),
        (an_answer("You save $10.00.", products=[{"price": "39.99", "list_price": "49.99", "currency": "USD"}]), "", []),
        (an_answer("Nothing under $20.", "abstained"), "a gift under $20", []),
        (an_answer("It costs $20.", "answered"), "say that it costs $20", ["$20"]),
        (an_answer("These match (from $10.00):\n1. Kite – $29.90", products=[KITE]), "from $10", []),
        (an_answer("The Kite costs $10.00.", products=[KITE]), "say that the kite costs $10", ["$10.00"]),
        (an_answer("You get 30% off."), "", ["30%"]),
    ],
)
def test_a_figure_from_nowhere_is_found(answer: dict[str, Any], asked: str, expected: list[str]) -> None:
    assert list(invented_figures(answer, asked)) == expected
