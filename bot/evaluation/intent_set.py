"""Intents: what each message wants, and what was read in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.evaluation.asking import Ask, timed
from bot.evaluation.figures import Failure, Figure, Report, by_language, latency_of, rate
from bot.evaluation.lines import Line, table_lines
from bot.understanding.language import detect
from bot.understanding.question import Intent

OTHER = "other"
"""A label for messages that only must not be taken for what the other labels of the file mean."""
LABELS = (*(intent.value for intent in Intent), OTHER)


@dataclass(frozen=True, slots=True)
class LabelledMessage:
    """`labels`: the intents it may be read as; one of them is enough. Beside "other" they are allowed and not wanted."""

    id: str
    language: str
    text: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Outcome:
    message: LabelledMessage
    read: tuple[str, ...]

    @property
    def language(self) -> str:
        return self.message.language


def read_intents(path: Path) -> list[LabelledMessage]:
    """A CSV with the columns text, label (several with | between) and, if wanted, language. Raises InvalidInput."""
    return [_message(line) for line in table_lines(path, ",")]


def _message(line: Line) -> LabelledMessage:
    text, labels = line.text("text"), tuple(label.strip() for label in line.text("label").split("|"))
    for label in labels:
        if label not in LABELS:
            raise line.wrong(f'"{label}" is no intent; use {", ".join(LABELS)}')
    return LabelledMessage(str(line.number), line.text("language", "") or detect(text, shop_languages=("en", "zh")), text, labels)


async def measure_intents(dataset: str, messages: Sequence[LabelledMessage], ask: Ask) -> Report:
    """Of each label but "other": recall, the share of its messages in which it was read, and the false rate, the share of the other
    labels' messages in which it was. Confusion: of the first intent read."""
    milliseconds: list[float] = []
    outcomes: list[_Outcome] = []
    confusion: dict[str, dict[str, int]] = {}
    for message in messages:
        answer: Mapping[str, object] = await timed(milliseconds, ask(message.id, message.text, message.language))
        read = answer["intents"]
        assert isinstance(read, list)
        outcomes.append(_Outcome(message, tuple(read)))
        row = confusion.setdefault("|".join(message.labels), {})
        row[read[0]] = row.get(read[0], 0) + 1
    wanted = sorted({label for message in messages for label in message.labels} - {OTHER})

    def figures(chosen: Sequence[_Outcome], language: str) -> list[Figure]:
        found = []
        for label in wanted:
            own = [outcome for outcome in chosen if label in outcome.message.labels and OTHER not in outcome.message.labels]
            foreign = [outcome for outcome in chosen if label not in outcome.message.labels]
            # A message that may be read as several is none of their failures when it was read as another of them.
            found.append(rate(f"{label}: recall", (bool(set(o.read) & set(o.message.labels)) for o in own), language))
            found.append(rate(f"{label}: false", (label in o.read for o in foreign), language, higher_is_better=False))
        return found

    missed = tuple(
        Failure(outcome.message.id, outcome.language, outcome.message.text, (why,))
        for outcome in outcomes
        if (why := _wrong(outcome, wanted))
    )
    confusion = {label: dict(sorted(row.items(), key=lambda one: -one[1])) for label, row in sorted(confusion.items())}
    return Report(dataset, "intents", len(messages), by_language(outcomes, figures), latency_of(milliseconds), missed, confusion)


def _wrong(outcome: _Outcome, wanted: Sequence[str]) -> str:
    labels = outcome.message.labels
    if OTHER in labels:
        mistaken = [intent for intent in outcome.read if intent in wanted and intent not in labels]
        return f"read as {', '.join(mistaken)}" if mistaken else ""
    return "" if set(outcome.read) & set(labels) else f"{' or '.join(labels)}, but {', '.join(outcome.read)} was read"
