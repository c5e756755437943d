"""Whole turns on the demo shop, without a model: expected facts, off-topic questions, questions refused, messages that ask for a person. Prints JSON.

--show prints what is wrong on standard error.
"""

import asyncio
import csv
import json
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.assembly import Services, services
from bot.commands.terminal import Terminal
from bot.demo import described_shop, load_demo
from bot.evaluation.asking import Ask, timed
from bot.evaluation.conversation_set import ExpectedConversation, ExpectedTurn, measure_conversations
from bot.evaluation.figures import Report, latency_of, rate
from bot.evaluation.intent_set import measure_intents
from bot.evaluation.off_topic_set import Stray, measure_off_topic
from bot.settings import load_settings
from knowledge.pinned import Expected
from knowledge.store import Shop
from tests.bench.public_sets import ROOT, asks_for_person, off_topic, sampled
from tests.bench.rows import Row, figure_row, latency_rows, tell

TIMES = 4
"""How often our own questions are asked."""
DEMO = ROOT / "knowledge" / "demo"
NOT_FOR_A_BOT = {"account", "privacy", "账户", "隐私"}
"""Categories of the demo FAQ whose questions may fairly go to a person; so may what is read as a question about an order."""


async def asker(parts: Services, shop: Shop, name: str) -> Ask:
    """Each message of another conversation name is a conversation of its own."""
    terminal = await Terminal.open(parts, shop)

    async def ask(conversation: str, text: str, language: str) -> Mapping[str, Any]:
        return await terminal.ask(await terminal.conversation(f"{name}/{conversation}", language=language), text)

    return ask


@asynccontextmanager
async def demo_shops() -> AsyncIterator[tuple[Services, Shop, Shop]]:
    """The demo shop, and one like it whose FAQ entries lack the further phrasings."""
    with tempfile.TemporaryDirectory() as folder:
        async with services(load_settings(data=Path(folder) / "data", log_level="error")) as parts:
            demo = await load_demo(parts)
            plain = described_shop(await parts.knowledge.create_shop("plain"), {"currency": demo.currency, **demo.settings})
            await parts.knowledge.store.update_shop(plain)
            with (DEMO / "faq.csv").open(encoding="utf-8-sig", newline="") as file:
                entries = list(csv.DictReader(file))
            faq = Path(folder) / "faq.jsonl"
            faq.write_text("".join(json.dumps({**entry, "also_asked": ""}) + "\n" for entry in entries), encoding="utf-8")
            others = [DEMO / name for name in ("products.csv", "reviews.csv", "promotions.csv")]
            await parts.knowledge.import_files(plain, [faq, *others, *sorted((DEMO / "policies").glob("*.md"))])
            yield parts, demo, plain


def own_questions() -> list[ExpectedConversation]:
    """tests/questions/demo.jsonl."""
    found = []
    for line in (ROOT / "tests" / "questions" / "demo.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        turn = ExpectedTurn(row["id"], row["text"], Expected(tuple(row["expect"])), tuple(row["sources"]))
        found.append(ExpectedConversation(row["id"], row["language"], (turn,)))
    return found


def answerable(language: str) -> list[str]:
    """Further phrasings of the FAQ entries that a shop answers by itself; a fixed sample."""
    with (DEMO / "faq.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["language"] == language and row["category"].lower() not in NOT_FOR_A_BOT]
    return sampled([text for row in rows for text in row["also_asked"].split("|") if text.strip()])


async def main() -> None:
    """Measures everything in one go."""
    rows: list[Row] = []
    async with demo_shops() as (parts, demo, plain):
        ask, ask_plain = await asker(parts, demo, "demo"), await asker(parts, plain, "plain")
        own = await measure_conversations("own", own_questions(), ask, times=TIMES)
        rows += [figure_row(f"own demo questions right, {figure.language}", figure, 0.92) for figure in chosen(own, "turns right")]
        rows += [
            figure_row(f"the same, {TIMES} of {TIMES} times right, {figure.language}", figure) for figure in chosen(own, f"pass^{TIMES}")
        ]
        rows += latency_rows("a turn on the demo shop", own.latency)
        reports = [own]
        for name, texts in off_topic().items():
            strays = [Stray(f"{name} {number}", name[-2:], text) for number, text in enumerate(texts)]
            reports.append(await measure_off_topic(name, strays, ask))
            rows.append(figure_row(f"off-topic answered from shop knowledge: {name}", reports[-1].figures[0], 0.02))
        for language in ("en", "zh"):
            refused, taken = [], list[float]()
            for number, text in enumerate(answerable(language)):
                answer = await timed(taken, ask_plain(f"{language}/{number}", text, ""))
                about_order = bool({"order", "complaint"} & set(answer["intents"]))
                refused.append(answer["outcome"] in ("abstained", "handed_off") and not about_order)
                if refused[-1] and "--show" in sys.argv:
                    print(f"[refused {language}] {text}", file=sys.stderr)
            figure = rate("refused", refused, language, higher_is_better=False)
            rows.append(figure_row(f"answerable refused: demo FAQ in unseen words, {language}", figure, 0.05))
            rows += latency_rows(f"such a turn, {language}", latency_of(taken))
        if messages := asks_for_person():
            person = await measure_intents("asks for a person", messages, ask)
            reports.append(person)
            for name, bar in (("human: recall", 0.99), ("human: false", 0.005)):
                rows += [
                    figure_row(f"asks for a person, {figure.language}: {name.split()[-1]}", figure, bar) for figure in chosen(person, name)
                ]
    if "--show" in sys.argv:
        for failure in (failure for report in reports for failure in report.failures):
            print(
                f"[{failure.id} {failure.language}] {failure.asked}\n     {'; '.join(failure.missing)} -> {failure.answer[:150]!r}",
                file=sys.stderr,
            )
    tell(rows)


def chosen(report: Report, name: str) -> list[Any]:
    """The figure by language."""
    return [figure for figure in report.figures if figure.name == name and figure.language]


if __name__ == "__main__":
    asyncio.run(main())
