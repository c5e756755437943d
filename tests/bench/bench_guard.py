"""What the guard lets through: scripted lies and honest words over the demo shop, and what it costs. Prints JSON.

Findings come from the real shop and retriever; only the model is made up. Lies that also stand in the composer's own answer are no lies there.
"""

import asyncio
import os
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from statistics import median
from time import process_time

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from bot.answering.composer import AnswerComposer, Draft, Findings, Statement  # noqa: E402
from bot.answering.extractive import ExtractiveComposer  # noqa: E402
from bot.answering.guard import Guard  # noqa: E402
from bot.answering.rendering import joined  # noqa: E402
from bot.answering.segmentation import SentenceCutter  # noqa: E402
from bot.answering.wording import load_wordings  # noqa: E402
from bot.answering.written import WrittenComposer  # noqa: E402
from bot.assembly import services  # noqa: E402
from bot.demo import load_demo  # noqa: E402
from bot.evaluation.figures import Figure, rate  # noqa: E402
from bot.language_model.prompting import Prompts  # noqa: E402
from bot.settings import load_settings  # noqa: E402
from bot.tracing import TurnTrace  # noqa: E402
from bot.understanding.question import Memory  # noqa: E402
from bot.working_out import Asked  # noqa: E402
from tests.bench.rows import figure_row, tell  # noqa: E402
from tests.fakes.chat_model import ScriptedChatModel  # noqa: E402
from tests.fakes.honest_model import MANNERS, QUESTIONS, honest  # noqa: E402
from tests.fakes.lying_model import FIGURES, Lie, lies, told  # noqa: E402
from tests.fakes.spending import metered  # noqa: E402

SEED = int(os.environ.get("ZHANGGUI_BENCH_SEED", "20261122"))
EXTRACTIVE = ExtractiveComposer(load_wordings())
PROMPTS = Prompts(ROOT / "prompts")


class Listening:
    """A composer that keeps what it was given."""

    def __init__(self, inner: AnswerComposer) -> None:
        self._inner = inner
        self.last: Findings | None = None

    def needs(self, findings: Findings) -> Sequence[str]:
        return self._inner.needs(findings)

    async def compose(self, findings: Findings) -> AsyncIterator[Statement | Draft]:
        self.last = findings
        async for piece in self._inner.compose(findings):
            yield piece


async def findings_of(made: Sequence[Lie]) -> dict[str, Findings]:
    """The findings of every question."""
    questions = dict.fromkeys([*(lie.question for lie in made), *QUESTIONS["en"], *QUESTIONS["zh"]])
    out: dict[str, Findings] = {}
    with tempfile.TemporaryDirectory() as folder:
        async with services(load_settings(data=Path(folder) / "data", log_level="error")) as parts:
            view = await parts.retriever.view(await load_demo(parts))
            listening = Listening(parts.assistant._working._composer)
            parts.assistant._working._composer = listening
            for number, question in enumerate(questions):
                await parts.assistant.work_out(view, Asked(text=question, memory=Memory()), TurnTrace(str(number), 0.0))
                assert listening.last is not None
                out[question] = listening.last
    return out


async def worded(findings: Findings, script: object, piece: int) -> tuple[str, Draft]:
    """What the customer reads, and the draft."""
    composer = WrittenComposer(metered(ScriptedChatModel(script=script, piece=piece)), EXTRACTIVE, PROMPTS, timeout=60, first_token=60)
    gate, said = Guard(findings), list[Statement]()
    draft: Draft | None = None
    async for made in composer.compose(findings):
        if isinstance(made, Draft):
            draft = made
        elif not gate.violations(made.text):
            said.append(made)
    assert draft is not None
    return joined(said), draft


async def main() -> None:
    """Prints the report."""
    from tests.unit.bot.answering.findings_builder import demo_view

    made = list(lies(demo_view(), seed=SEED))
    found = await findings_of(made)
    through: Counter[str] = Counter()
    for number, lie in enumerate(made):
        read, _ = await worded(found[lie.question], lie.reply, 1 + number % 7)
        if told(lie, read) and not told(lie, joined(EXTRACTIVE.draft(found[lie.question]).statements)):
            through[("figures" if lie.kind in FIGURES else "words") + (", unseen" if lie.unseen else "")] += 1
            if "--show" in sys.argv and not lie.unseen:
                print(lie.kind, "|", lie.question, "|", lie.reply, file=sys.stderr)
    report: dict[str, object] = {
        "lies": {"of": len(made), "of them in figures": sum(lie.kind in FIGURES for lie in made), "reaching the customer": dict(through)}
    }
    for language, questions in QUESTIONS.items():
        turns = asked = delivered = whole = 0
        for question in questions:
            for manner in MANNERS:
                _, draft = await worded(found[question], honest(manner), 5)
                turns += 1
                asked += any(note.startswith("model ") for note in draft.notes)
                delivered += draft.engine == "model"
                whole += draft.engine == "model" and not any("cut" in note for note in draft.notes)
        report[f"honest turns ({language})"] = {"of": turns, "put to the model": asked, "in its words": delivered, "nothing cut": whole}
    worded_turns, put = _sums(report, "in its words"), _sums(report, "put to the model")
    all_turns = _sums(report, "of")
    passed = {kind: sum(count for name, count in through.items() if name.startswith(kind)) for kind in ("figures", "words")}
    figures_of = sum(lie.kind in FIGURES for lie in made)
    rows = [
        figure_row("lies in figures that reach the customer", _share(passed["figures"], figures_of, better_high=False), 0.0),
        figure_row("lies in words alone that reach the customer", _share(passed["words"], len(made) - figures_of, better_high=False), 0.0),
        figure_row("honest turns delivered in the model's words", _share(worded_turns, all_turns), 0.9),
    ]
    report["honest turns put to the model"] = put
    report["milliseconds of processor a turn"] = {"median": round(median(_costs(made, found)), 2)}
    tell(rows, **report)


def _sums(report: dict[str, object], name: str) -> int:
    """Over the languages."""
    return sum(value[name] for key, value in report.items() if key.startswith("honest turns (") and isinstance(value, dict))


def _share(count: int, n: int, *, better_high: bool = True) -> Figure:
    return rate("", [True] * count + [False] * (n - count), higher_is_better=better_high)


def _costs(made: Sequence[Lie], found: dict[str, Findings]) -> list[float]:
    """Of reading the evidence and judging a reply of two or three sentences; each reply once before, as a running shop has its texts read."""
    times = []
    for _ in range(2):
        times.clear()
        for lie in made[:300]:
            cutter = SentenceCutter()
            sentences = [s.text for s in [*cutter.feed(f"{lie.reply} {lie.question}"), *cutter.flush()]]
            began = process_time()
            guard = Guard(found[lie.question], (), lie.reply)
            for sentence in sentences:
                guard.violations(sentence, by_model=True)
            times.append(1000 * (process_time() - began))
    return times


if __name__ == "__main__":
    asyncio.run(main())
