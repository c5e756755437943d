"""Two live sources that disagree: the answer says so, with both values and both sources, and never picks one in silence."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.__main__ import main
from bot.answering.disagreeing import GAP, Candid
from bot.answering.extractive import ExtractiveComposer
from bot.answering.wording import load_wordings
from bot.answering.written import WrittenComposer
from bot.language_model.prompting import Prompts
from knowledge.care import Care
from knowledge.faq import FaqEntry
from knowledge.policy import Policy, Section
from knowledge.store import DocumentKind
from retrieval.disagreements import Disagreements
from tests.builders import a_product
from tests.contract.servers import Databases
from tests.fakes.chat_model import ScriptedChatModel
from tests.fakes.spending import metered
from tests.unit.bot.previewing.shopfront import documents, shopfront

FAQ = """id,question,answer,language
ret,How long do I have to return something?,You can return any unused item within 14 days of delivery.,en
ret-zh,多久之内可以退货？,商品签收后7天内可以无理由退货。,zh
wrap,Do you wrap gifts?,"Yes, we wrap gifts free of charge.",en
wrapping,Do you wrap gifts?,"No, we do not wrap gifts.",en
hours,When are you open?,We are open from 9 to 17 on weekdays.,en
"""
MENDED = (
    FAQ.replace("14 days", "30 days").replace("7天", "30天").replace('wrapping,Do you wrap gifts?,"No, we do not wrap gifts.",en\n', "")
)
RETURNS = "# Returns\n\n## Deadline\nUnused items can be returned within 30 days of delivery.\n"
RETURNS_ZH = "# 退货\n\n## 期限\n未使用的商品签收后30天内可以无理由退货。\n"
PRODUCTS = """sku,title_en,title_zh,description_en,description_zh,price,currency,stock,attribute Weight,attribute Capacity
KT-1,Copper Kettle,紫铜水壶,A solid kettle. It weighs 1.4 kg.,手工水壶，净重1.4公斤。,49.90,USD,5,1.1 kg,1.7 L
KT-2,Glass Teapot,玻璃茶壶,A light teapot. It weighs 0.6 kg.,轻巧茶壶。,29.90,USD,5,0.6 kg,0.8 L
"""
DISAGREEING = [
    ("How long do I have to return something?", ("14 days", "30 days"), {"faq:ret", "policy:returns.en.md#deadline"}),
    ("多久之内可以退货？", ("7天", "30天"), {"faq:ret-zh", "policy:returns.zh.md#期限"}),
    ("Do you wrap gifts?", ("Yes, we wrap", "No, we do not"), {"faq:wrap", "faq:wrapping"}),
    ("How heavy is the Copper Kettle?", ("1.1 kg", "1.4 kg"), {"product:KT-1"}),
    ("紫铜水壶多重？", ("1.1 kg", "1.4公斤"), {"product:KT-1"}),
    ("Compare the Copper Kettle and the Glass Teapot", ("1.1 kg", "1.4 kg"), {"product:KT-1", "product:KT-2"}),
]
AGREEING = [
    "How heavy is the Glass Teapot?",
    "How much is the Copper Kettle?",
    "When are you open?",
    "What is the capacity of the Copper Kettle?",
    "紫铜水壶多少钱？",
]
Ask = Callable[[list[str]], list[dict[str, Any]]]


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """`zhanggui ask` on a shop of these files."""
    monkeypatch.chdir(tmp_path)
    for name, text in (("faq.csv", FAQ), ("returns.en.md", RETURNS), ("returns.zh.md", RETURNS_ZH), ("products.csv", PRODUCTS)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert main(["--data", "data", "import", "faq.csv", "returns.en.md", "returns.zh.md", "products.csv"]) == 0

    def batch(questions: list[str]) -> list[dict[str, Any]]:
        lines = (json.dumps({"id": str(number), "text": text}) for number, text in enumerate(questions))
        (tmp_path / "in.jsonl").write_text("\n".join(lines), encoding="utf-8")
        assert main(["--data", "data", "ask", "--batch", "in.jsonl", "--out", "out.jsonl"]) == 0
        return [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]

    return batch


def test_both_values_and_both_sources_are_told_until_the_merchant_mends_it(ask: Ask, tmp_path: Path) -> None:
    answers = ask([question for question, _, _ in DISAGREEING] + AGREEING)
    for answer, (question, values, sources) in zip(answers, DISAGREEING, strict=False):
        assert all(value in answer["text"] for value in values), (question, answer["text"])
        assert sources <= {f"{one['kind']}:{one['id']}" for one in answer["sources"]}, question
        person = "同事" if answer["language"] == "zh" else "colleague"
        assert person in answer["text"] and answer["confidence"] <= 0.5 and answer["engine"] == "composer", question
        assert answer["quick_replies"][0] in ("Talk to a person", "转人工")
    silent = [
        answer
        for answer in answers[len(DISAGREEING) :]
        if "disagree" in answer["text"] or "isn't clear" in answer["text"] or "说法不一" in answer["text"]
    ]
    assert silent == [], "where nothing disagrees nothing is said"
    (tmp_path / "faq.csv").write_text(MENDED, encoding="utf-8")
    (tmp_path / "products.csv").write_text(PRODUCTS.replace("1.4 kg", "1.1 kg").replace("1.4公斤", "1.1公斤"), encoding="utf-8")
    assert main(["--data", "data", "import", "faq.csv", "products.csv"]) == 0
    for answer in ask([question for question, _, _ in DISAGREEING]):
        assert "isn't clear" not in answer["text"] and "说法不一" not in answer["text"], answer["text"]


# ── what counts as live, and who words it ──

RULE = FaqEntry(
    "ret", {"en": "How long do I have to return something?"}, {"en": "You can return any item within 14 days of delivery."}, approved=True
)
POLICY = Policy(
    "returns.md", "Returns", "en", "returns", (Section("Deadline", "deadline", "Items can be returned within 30 days of delivery."),)
)
QUESTION = "How long do I have to return something?"


async def test_approved_words_stand_as_they_are_and_the_merchant_is_told(databases: Databases) -> None:
    async with shopfront(databases, Candid(ExtractiveComposer(load_wordings()), load_wordings())) as front:
        await front.publish(RULE, POLICY)
        conversation = await front.ask(QUESTION)
        answer = next(m.answer for m in await front.conversations.messages(conversation.id) if m.answer)
        assert answer["text"].startswith(RULE.answer["en"]) and "30 days" in answer["text"]  # type: ignore[attr-defined,operator]
        assert answer["engine"] == "composer"
        (gap,) = await front.store.gaps("t")
        assert (gap.question, gap.reason) == (QUESTION, GAP)


async def test_a_language_model_does_not_pick_either(databases: Databases) -> None:
    wordings = load_wordings()
    model = metered(ScriptedChatModel(script="You can return any item within 14 days of delivery."))
    prompts = Prompts(Path(__file__).parents[4] / "prompts")
    composer = Candid(WrittenComposer(model, ExtractiveComposer(wordings), prompts, timeout=5, first_token=5), wordings)
    async with shopfront(databases, composer) as front:
        await front.publish(FaqEntry("ret", RULE.question, RULE.answer), POLICY)
        conversation = await front.ask(QUESTION)
        answer = next(m.answer for m in await front.conversations.messages(conversation.id) if m.answer)
        assert answer["engine"] == "model" and "14 days" in str(answer["text"]) and "30 days" in str(answer["text"])


async def test_what_is_not_in_effect_contradicts_nothing(databases: Databases) -> None:
    async with shopfront(databases, Candid(ExtractiveComposer(load_wordings()), load_wordings())) as front:
        (old,) = documents(POLICY)
        over = Care(effective_until=datetime.now(UTC) - timedelta(days=1))
        await front.publish(RULE)
        await front.parts.editing.put_entry(
            front.shop,
            DocumentKind.POLICY,
            "returns.md",
            {"title": "Returns", "language": "en", "topic": "returns", "care": {"effective_until": over.effective_until.isoformat()},  # type: ignore[union-attr]
             "sections": [{"heading": "Deadline", "anchor": "deadline", "text": old.body.sections[0].text}]},  # type: ignore[union-attr]
        )  # fmt: skip
        await front.publisher.publish("t")
        conversation = await front.ask(QUESTION)
        text = next(m.text for m in await front.conversations.messages(conversation.id) if m.answer)
        assert text == RULE.answer["en"]


def test_each_document_knows_its_own_disagreements() -> None:
    kettle = a_product("kt", "Kettle", attributes={"Weight": "1.1 kg"}, description="It weighs 1.4 kg.")
    found = Disagreements(documents(RULE, POLICY, kettle))
    assert (
        [one.code for one in found.of(DocumentKind.FAQ, "ret")]
        == ["terms"]
        == [one.code for one in found.of(DocumentKind.POLICY, "returns.md")]
    )
    assert {one.topic for one in found.of(DocumentKind.PRODUCT, "kt")} == {"weight"}
    assert not found.of(DocumentKind.PRODUCT, "nothing") and not found.of(DocumentKind.FAQ, "kt")
