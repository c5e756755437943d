"""Conversations with expected facts, also several times, and a merchant's pinned questions, which are such conversations."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from math import comb
from pathlib import Path
from typing import Any

from bot.evaluation.asking import Ask, timed
from bot.evaluation.figures import Failure, Figure, Report, by_language, latency_of, mean, rate
from bot.evaluation.lines import Line, json_lines
from bot.previewing.expectations import failures
from bot.understanding.language import detect
from knowledge.pinned import Expected, PinnedQuestion

OUTCOMES = ("", "answered", "asked_back", "abstained", "handed_off")


@dataclass(frozen=True, slots=True)
class ExpectedTurn:
    """A message, and what its answer must hold."""

    id: str
    text: str
    expected: Expected
    any_source: tuple[str, ...] = ()
    """Beginnings of "kind:id"; one source at least must have one of them."""
    language: str = ""
    """A language that the customer chose; "" to detect."""


@dataclass(frozen=True, slots=True)
class ExpectedConversation:
    """Turns in their order."""

    id: str
    language: str
    turns: tuple[ExpectedTurn, ...]


@dataclass(frozen=True, slots=True)
class _Played:
    conversation: ExpectedConversation
    right: tuple[bool, ...]
    """Whether every turn was as expected, each time that it was held."""
    turns_right: tuple[bool, ...]
    """Of the turns that expect something, the first time."""

    @property
    def language(self) -> str:
        return self.conversation.language


def read_conversations(path: Path) -> list[ExpectedConversation]:
    """One line a turn; those of one `conversation` are its turns, in file order, a line without it is one of its own. Raises InvalidInput."""
    found: dict[str, list[ExpectedTurn]] = {}
    for line in json_lines(path):
        turn = ExpectedTurn(line.text("id"), line.text("text"), _expected(line), line.texts("any_source"), line.text("language", ""))
        found.setdefault(line.text("conversation", "") or f"line {line.number}", []).append(turn)
    return [ExpectedConversation(name, _language(turns), tuple(turns)) for name, turns in found.items()]


def read_pinned(path: Path) -> list[ExpectedConversation]:
    """What `pinned_line` wrote: the turns before the question expect nothing. Raises InvalidInput."""
    found = []
    for line in json_lines(path):
        id, language = line.text("id"), line.text("language", "")
        before = [ExpectedTurn(f"{id}.{n}", text, Expected(), (), language) for n, text in enumerate(line.texts("turns"))]
        turns = (*before, ExpectedTurn(id, line.text("question"), _expected(line), (), language))
        found.append(ExpectedConversation(id, _language(turns), turns))
    return found


def pinned_line(question: PinnedQuestion) -> dict[str, object]:
    """A test question as a line of pinned.jsonl."""
    kept = {"id": question.id, "question": question.question, "language": question.language, "turns": list(question.turns)}
    expected = {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(question.expected).items()}
    return {name: value for name, value in {**kept, **expected}.items() if value}


def _expected(line: Line) -> Expected:
    if (outcome := line.text("outcome", "")) not in OUTCOMES:
        raise line.wrong(f'"outcome" must be one of {", ".join(OUTCOMES[1:])}')
    return Expected(line.texts("expect"), line.texts("avoid"), outcome, line.texts("sources"), line.text("product_sku", ""))


def _language(turns: Iterable[ExpectedTurn]) -> str:
    first = next(iter(turns))
    return first.language or detect(first.text, shop_languages=("en", "zh"))


async def measure_conversations(
    dataset: str, conversations: Sequence[ExpectedConversation], ask: Ask, *, times: int = 1, kind: str = "conversations"
) -> Report:
    """The share of conversations in which every turn is as expected, and pass^k for each k up to `times`: the chance that k of k attempts are
    right, over c right ones of n the mean of C(c,k)/C(n,k) (Yao et al. 2024, arXiv 2406.12045). A failure is a turn, the first time."""
    milliseconds: list[float] = []
    wrong: list[Failure] = []
    played = []
    for number, conversation in enumerate(conversations):
        right, turns_right = [], list[bool]()
        for attempt in range(times):
            judged = []
            for turn in conversation.turns:
                answer = await timed(milliseconds, ask(f"{number}/{attempt}", turn.text, turn.language))
                missing = missing_of(turn, answer)
                judged.append(not missing)
                if attempt == 0 and _expects(turn):
                    turns_right.append(not missing)
                    if missing:
                        wrong.append(Failure(turn.id, conversation.language, turn.text, missing, str(answer["text"])))
            right.append(all(judged))
        played.append(_Played(conversation, tuple(right), tuple(turns_right)))

    def figures(chosen: Sequence[_Played], language: str) -> list[Figure]:
        found = [
            rate("conversations right", (one.right[0] for one in chosen), language),
            rate("turns right", (right for one in chosen for right in one.turns_right), language),
        ]
        if times > 1:
            for k in range(1, times + 1):
                found.append(mean(f"pass^{k}", (comb(sum(one.right), k) / comb(times, k) for one in chosen), language))
        return found

    return Report(dataset, kind, len(conversations), by_language(played, figures), latency_of(milliseconds), tuple(wrong), strict=True)


def missing_of(turn: ExpectedTurn, answer: Mapping[str, Any]) -> tuple[str, ...]:
    """What is not as expected, a short phrase each; () if all is well."""
    found = [f"{name}: {value}" for name, value in failures(turn.expected, answer)]
    cited = [f"{source['kind']}:{source['id']}" for source in answer["sources"]]
    if turn.any_source and not any(one.startswith(wanted) for one in cited for wanted in turn.any_source):
        found.append(f"any_source: {', '.join(turn.any_source)}")
    return tuple(found)


def _expects(turn: ExpectedTurn) -> bool:
    return turn.expected != Expected() or bool(turn.any_source)
