"""Rules found by the kind of thing asked for, by who pays, and by the goods spoken of."""

import pytest

from bot.answering.composer import Findings
from bot.answering.rule_kinds import telling_share
from bot.answering.rule_overview import kind_in_general
from bot.answering.rule_words import goods_meant, valued
from bot.answering.speaking import Speaker
from bot.understanding.intents import topic_said
from bot.understanding.paying import asks_who_pays
from bot.understanding.question import Intent, Memory, Part, Question, Topic
from knowledge.store import DocumentKind
from retrieval.retriever import Evidence, RuleRow
from tests.builders import NOW, a_faq, a_policy, a_product, a_view
from tests.unit.bot.answering.talks import WORDINGS, a_part, evidence, talk, text

VIEW = a_view(
    a_product("sofa", "Moss Corner Sofa | 苔藓转角沙发", price="900 USD", category="Sofas | 沙发"),
    a_product("mug", "Moss Mug | 苔藓马克杯", price="9 USD", category="Mugs | 马克杯"),
    faq=[a_faq("stain", "How do I clean the sofa? | 沙发怎么清洁？", "Dab it with a wet cloth. | 用湿布轻拍。")],
    policies=[
        a_policy(
            "delivery.md",
            "shipping",
            ("Heavy goods", "Sofas go at the normal rate, in several parcels."),
            ("Standard", "$5, 3 days. Free from $60."),
            ("Islands", "$15, 9 days."),
        ),
        a_policy(
            "returns.md",
            "returns",
            ("Time", "Send it back within 30 days."),
            ("Postage", "The label is deducted from your refund at $4."),
            ("Money", "We refund within 5 days."),
        ),
        a_policy(
            "warranty.md",
            "warranty",
            ("Not covered", "Stains are not covered."),
            ("Periods", "Mugs 1 year. Sofas 6 years. All else 2 years."),
        ),
    ],
)


@pytest.mark.parametrize("asked", ["how much is shipping", "what do you charge for delivery?", "运费怎么算", "邮费多少钱"])
def test_what_it_costs_in_general_is_every_rate_and_nothing_without_one(asked: str) -> None:
    said = text(talk(VIEW, a_part(Intent.POLICY, asked, topic=Topic.SHIPPING, certainty=0.9), language="en"))
    assert "$5" in said and "$15" in said and "normal rate" not in said


def test_from_when_it_is_free_leaves_out_what_is_never() -> None:
    said = text(talk(VIEW, a_part(Intent.POLICY, "from how much is shipping free", topic=Topic.SHIPPING, certainty=0.9)))
    assert "Free from $60" in said and "$15" not in said


def test_in_another_language_it_is_said_to_be() -> None:
    said = text(talk(VIEW, a_part(Intent.POLICY, "运费多少", topic=Topic.SHIPPING, certainty=0.9), language="zh"))
    assert "其他语言" in said and "$5" in said


@pytest.mark.parametrize(
    "asked",
    [
        "how much is shipping for the sofa to Malta",
        "do you ship on saturdays",
        "who delivers it",
        "how much is the mug",
        "沙发能送到马耳他吗",
    ],
)
def test_what_is_particular_is_no_general_question(asked: str) -> None:
    assert not kind_in_general(asked, Topic.SHIPPING)


@pytest.mark.parametrize(
    ("asked", "answer", "other"),
    [
        ("who pays for sending it back", "The label is deducted from your refund.", "Send it back within 30 days."),
        ("do I have to pay the return", "You pay the postage.", "We have a shop in Leith."),
        ("退货邮费谁出", "运费由买家承担。", "7天内可以退货。"),
        ("寄回来要我付钱吗", "来回运费我们出。", "请保持包装完好。"),
    ],
)
def test_who_pays_is_told_by_who_does(asked: str, answer: str, other: str) -> None:
    assert asks_who_pays(asked)
    assert telling_share(asked, answer) > telling_share(asked, other)


def ranked(part: Part, memory: Memory, *rows: RuleRow) -> list[str]:
    findings = Findings(
        view=VIEW, question=Question(part.text, "en", (part,)), evidence=(Evidence(rows=rows),), offers={}, memory=memory, now=NOW
    )
    speaker = Speaker(findings, WORDINGS.of("en", "plain"))
    return [row.document_id for row, _ in valued(speaker, part, Evidence(rows=rows))]


ROWS = (
    RuleRow(DocumentKind.POLICY, "delivery.md#islands", 0, "$15, 9 days.", False, 0.90),
    RuleRow(DocumentKind.POLICY, "delivery.md#heavy-goods", 0, "Sofas go at the normal rate, in several parcels.", False, 0.88),
    RuleRow(DocumentKind.FAQ, "stain", 0, "Dab it with a wet cloth.", False, 0.87),
)


def test_what_names_the_goods_spoken_of_goes_before_what_is_a_little_nearer() -> None:
    left_out = a_part(Intent.UNCLEAR, "will they carry it up")
    assert ranked(left_out, Memory(focus="sofa"), *ROWS)[:2] == ["delivery.md#heavy-goods", "stain"]
    assert ranked(left_out, Memory(focus="mug"), *ROWS)[0] == "delivery.md#islands"
    assert ranked(left_out, Memory(), *ROWS)[0] == "delivery.md#islands"


def test_a_message_that_asks_the_same_of_goods_names_them_itself() -> None:
    assert ranked(a_part(Intent.UNCLEAR, "and upstairs?", elliptic=True), Memory(focus="sofa"), *ROWS)[0] == "delivery.md#islands"


def test_sending_back_is_meant_by_its_words_only() -> None:
    assert topic_said("can I return it") is Topic.RETURNS
    part = a_part(Intent.POLICY, "?", "sofa")
    findings = Findings(view=VIEW, question=Question("?", "en", (part,)), evidence=(Evidence(),), offers={}, memory=Memory(), now=NOW)
    assert "sofa" in goods_meant(Speaker(findings, WORDINGS.of("en", "plain")), part)


@pytest.mark.parametrize(("asked", "language"), [("and the warranty?", "en"), ("how long is the warranty", "en"), ("保修呢", "zh")])
def test_the_warranty_in_general_is_its_time_for_the_goods_spoken_of_first(asked: str, language: str) -> None:
    part = a_part(Intent.PRODUCT_QUESTION, asked, "sofa", topic=Topic.WARRANTY, asked=("warranty",), certainty=0.9)
    said = text(talk(VIEW, part, language=language))
    assert said.index("Sofas 6 years") < said.index("All else 2 years")
    assert "Stains" not in said


def test_a_rule_told_before_is_asked_first_for_what_it_holds() -> None:
    rows = (
        RuleRow(DocumentKind.POLICY, "returns.md#money", 0, "We refund within 5 days.", False, 0.95),
        RuleRow(DocumentKind.POLICY, "returns.md#time", 0, "Send it back within 30 days.", False, 0.95),
    )
    found = evidence(policies=["returns.md#money", "returns.md#time"], rows=rows, fits=False)
    for told in ("time", "money"):
        memory = Memory(ruled="can I change my mind", rules=[f"policy:returns.md#{told}"], turns=1)
        part = a_part(Intent.POLICY, "until how many days after?", follows="can I change my mind", certainty=0.7)
        assert ("30 days" if told == "time" else "5 days") in text(talk(VIEW, part, found, memory=memory)).splitlines()[0]
