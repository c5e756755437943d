"""Off-topic: messages that are no matter of the shop's, and whether it answers them out of its knowledge all the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.evaluation.asking import Ask, timed
from bot.evaluation.figures import Failure, Figure, Report, by_language, latency_of, rate
from bot.evaluation.lines import json_lines
from bot.understanding.language import detect


@dataclass(frozen=True, slots=True)
class Stray:
    """A message that the shop's knowledge can't answer."""

    id: str
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class _Outcome:
    message: Stray
    answer: Mapping[str, Any]

    @property
    def language(self) -> str:
        return self.message.language


def read_off_topic(path: Path) -> list[Stray]:
    """Raises InvalidInput for a line that can't be used."""
    return [
        Stray(
            line.text("id", str(line.number)),
            line.text("language", "") or detect(line.text("text"), shop_languages=("en", "zh")),
            line.text("text"),
        )
        for line in json_lines(path)
    ]


def from_shop_knowledge(answer: Mapping[str, Any]) -> bool:
    """Whether an Answer states something of the shop's: answered, with a source."""
    return answer["outcome"] == "answered" and bool(answer["sources"])


async def measure_off_topic(dataset: str, messages: Sequence[Stray], ask: Ask) -> Report:
    """The share answered from shop knowledge; lower is better."""
    milliseconds: list[float] = []
    outcomes = [
        _Outcome(message, await timed(milliseconds, ask(f"{number}", message.text, message.language)))
        for number, message in enumerate(messages)
    ]

    def figures(chosen: Sequence[_Outcome], language: str) -> list[Figure]:
        answered = (from_shop_knowledge(outcome.answer) for outcome in chosen)
        return [rate("answered from shop knowledge", answered, language, higher_is_better=False)]

    wrong = tuple(
        Failure(o.message.id, o.language, o.message.text, ("answered from shop knowledge",), str(o.answer["text"]))
        for o in outcomes
        if from_shop_knowledge(o.answer)
    )
    return Report(dataset, "off_topic", len(messages), by_language(outcomes, figures), latency_of(milliseconds), wrong, strict=True)
