"""Questions back, with the options as quick replies; at most two in a row."""

from collections.abc import Sequence

from bot.answering.answer import Outcome
from bot.answering.reply import Reply
from bot.answering.speaking import Speaker
from bot.answering.thresholds import ASKED_BACK, MAX_QUESTIONS_BACK, OPTIONS
from bot.understanding.question import Memory, Part
from knowledge.catalog import Product


def may_ask(memory: Memory) -> bool:
    """Not yet two questions back in a row."""
    return questions_back(memory) < MAX_QUESTIONS_BACK


def questions_back(memory: Memory) -> int:
    """How many questions back the last turns ended with."""
    times = memory.pending.get("times", 1) if memory.pending else 0
    return times if isinstance(times, int) else 1


def which_product(speaker: Speaker, part: Part, options: Sequence[Product], key: str = "") -> Reply:
    """Asks which of several products is meant, or which at all."""
    options = list(options)[:OPTIONS]
    reply = Reply(Outcome.ASKED_BACK, ASKED_BACK)
    reply.say(speaker.say(key or ("ask.which_of" if options else "ask.which_product")))
    reply.pending = {"kind": "which_product", "options": [p.id for p in options], "part": part_json(part)}
    reply.quick_replies = [speaker.title(p) for p in options]
    reply.shown = [p.id for p in options]
    return reply


def part_json(part: Part) -> dict[str, object]:
    """What was asked, to be taken up when the answer comes."""
    return {
        "text": part.text,
        "intent": part.intent.value,
        "topic": part.topic.value if part.topic else None,
        "asked": list(part.asked),
        "asked_value": part.asked_value,
        "yes_no": part.yes_no,
        "quantity": part.quantity,
    }
