"""The form of a test question: a text a line, empty lines left out."""

from collections.abc import Mapping, Sequence

from bot.errors import InvalidInput
from knowledge.pinned import Expected, PinnedQuestion
from knowledge.pinned_files import LONGEST_QUESTION, LONGEST_TEXT, MOST_TEXTS, OUTCOMES

LONGEST_ID = 200
FIELDS = ("question", "language", "turns", "expect", "avoid", "outcome", "sources", "product_sku")


def filled(typed: Mapping[str, str]) -> dict[str, str]:
    """Every field, "" where nothing was sent for it."""
    return {name: typed.get(name, "") for name in FIELDS}


def typed_of(question: str, language: str, turns: Sequence[str], expected: Expected) -> dict[str, str]:
    """What stands in the fields."""
    return {
        "question": question,
        "language": language,
        "turns": "\n".join(turns),
        "expect": "\n".join(expected.expect),
        "avoid": "\n".join(expected.avoid),
        "outcome": expected.outcome,
        "sources": "\n".join(expected.sources),
        "product_sku": expected.product_sku,
    }


def question_of(typed: Mapping[str, str], id: str, by: str) -> PinnedQuestion:
    """What was typed, as it is kept. Raises InvalidInput, whose code has a sentence in each language."""
    question = " ".join(typed.get("question", "").split())
    turns, expect, avoid, sources = (_lines(typed.get(name, "")) for name in ("turns", "expect", "avoid", "sources"))
    outcome, sku = typed.get("outcome", ""), typed.get("product_sku", "").strip()
    if not question:
        raise InvalidInput("Write the question.", field="question", code="pin_no_question")
    if (
        max(map(len, (question, *turns))) > LONGEST_QUESTION
        or max(map(len, (*expect, *avoid, *sources, sku, "")), default=0) > LONGEST_TEXT
    ):
        raise InvalidInput(f"One of the texts is too long; {LONGEST_TEXT} characters fit.", code="pin_long_text", most=LONGEST_TEXT)
    if max(map(len, (turns, expect, avoid, sources))) > MOST_TEXTS:
        raise InvalidInput(f"At most {MOST_TEXTS} lines fit in a field.", code="pin_many_texts", most=MOST_TEXTS)
    expected = Expected(expect, avoid, outcome if outcome in OUTCOMES else "", sources, sku[:LONGEST_ID])
    if expected == Expected():
        raise InvalidInput("Say what the answer must hold: a text, its outcome, a source or a product.", code="pin_nothing")
    return PinnedQuestion(id, question, typed.get("language", "")[:20], turns, expected, by)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line for one in text.splitlines() if (line := " ".join(one.split())))
