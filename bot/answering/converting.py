"""Amounts in the unit that the customer asks for: of what was just said of a product, or of an amount in the question itself."""

from bot.answering.answer import Outcome
from bot.answering.facts import Fact
from bot.answering.reply import Reply
from bot.answering.speaking import Speaker
from bot.answering.thresholds import SURE
from bot.understanding.question import Part
from knowledge.conversions import Converted, Wanted, converted, unit_wanted
from knowledge.units import quantities, unit

CONVERTED_MOST = 4
"""Amounts of one answer that are converted."""


def conversion_reply(speaker: Speaker, part: Part) -> Reply | None:
    """The answer to "16 kilos is how many pounds?"; None where the question holds no amount to convert."""
    wanted = unit_wanted(part.text)
    rows = converted(part.text, wanted) if wanted is not None else []
    if not rows:
        return None
    memory = speaker.findings.memory
    reply = Reply(Outcome.ANSWERED, SURE, focus=memory.focus, focus_sku=memory.focus_sku)
    for row in rows[:CONVERTED_MOST]:
        reply.say(_sentence(speaker, row))
    return reply


def say_converted(speaker: Speaker, reply: Reply, part: Part) -> None:
    """Adds the amounts of a reply in the unit asked for, where none of them is in it."""
    wanted = unit_wanted(part.text)
    if wanted is None or reply.outcome is not Outcome.ANSWERED or any(_stands(statement.text, wanted) for statement in reply.statements):
        return
    rows = [(row, statement) for statement in reply.statements for row in converted(statement.text, wanted)]
    for row, statement in rows[:CONVERTED_MOST]:
        reply.say(_sentence(speaker, row), *statement.citations)


def _stands(text: str, wanted: Wanted) -> bool:
    return any(q.unit == wanted.symbol for q in quantities(text))


def _sentence(speaker: Speaker, row: Converted) -> str:
    return speaker.say("fact.converted" if row.exact else "fact.converted_about", amount=row.said, value=row.value)


def facts_in_unit(part: Part, facts: list[Fact]) -> list[Fact]:
    """Of a product's statements, those that the unit asked for can tell: "what's that in kg?" where nothing names the weight."""
    wanted = unit_wanted(part.text)
    goal = unit(wanted.symbol) if wanted is not None else None
    return [fact for fact in facts if goal is not None and any(q.dimension is goal[0] for q in quantities(fact.value))]
