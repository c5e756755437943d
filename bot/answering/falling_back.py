"""What is said where a part has no answer of its own: the rule of the house that comes near, as the answer or as the nearest words.

The way of a part is chosen by its intent, and an intent can be misread: "4th floor, no elevator, can they bring it up?" sounds like no shop matter. How
well a rule fits is weighed apart from the intent, so a rule that fits well enough goes before an abstention. Measured on about 1,000 questions of
twelve shops and 849 messages that are no shop matter: of what fits from LEAST on, three in four are right, and no stray
message fits so well in shops of twenty entries; with a hundred entries 1 in 100 does, hence FIRST.
"""

from bot.answering.answer import Outcome
from bot.answering.going_on import may_go_on
from bot.answering.reply import Reply
from bot.answering.rules import Rule, rule_reply
from bot.answering.speaking import Speaker
from bot.understanding.question import SMALL_TALK, Intent, Memory, Part

LEAST = 0.40
"""From this fit on, a rule is said rather than nothing."""
NAMED = 0.50
"""The same where a property of a product was named, or several products could be meant: sharing a word is not enough."""
FIRST = 0.50
"""The same for a message that sounds like no shop matter, where nothing was spoken of before."""
OUTSIDE = 0.70
"""Such a message must not sound more than this like no shop matter."""
NEVER = 2.0
"""No rule fits so well."""
NEAREST = 0.30
"""The same in a conversation about the shop; and for a rule that is only added as what comes nearest."""


def fallen_back(speaker: Speaker, part: Part, reply: Reply, rule: Rule | None) -> Reply:
    """The reply, or the rule's, or the reply with the rule's words beside it."""
    if rule is None or part.intent in SMALL_TALK or reply.outcome not in (Outcome.ABSTAINED, Outcome.ASKED_BACK):
        return reply
    if rule.fits >= _least(speaker, part, reply, rule):
        said = rule_reply(speaker, part, rule)
        said.focus, said.focus_sku = reply.focus, reply.focus_sku
        said.notes.append("a rule instead of nothing")
        return said
    if reply.outcome is Outcome.ABSTAINED and rule.fits >= NEAREST and reply.gap:
        near = rule_reply(speaker, part, rule)
        reply.say(speaker.say("rule.nearest"), line=True)
        for statement in near.statements:
            reply.say(statement.text, *statement.citations)
        reply.notes.append("the nearest rule beside it")
    return reply


def _least(speaker: Speaker, part: Part, reply: Reply, rule: Rule) -> float:
    """From which fit on the rule is the answer."""
    if part.intent is Intent.OUT_OF_SCOPE:
        if part.follows and not may_go_on(speaker, part, rule):
            return NEVER
        if _talking(speaker.findings.memory):
            return NEAREST
        return FIRST if part.meant.of("out_of_scope") < OUTSIDE else NEVER
    several = part.intent is Intent.PRODUCT_QUESTION and len(part.subjects) > 1 and not any(s.certain for s in part.subjects)
    if part.asked or reply.outcome is Outcome.ASKED_BACK or several:
        return NAMED
    return LEAST


def _talking(memory: Memory) -> bool:
    """Whether the shop was spoken of before."""
    return bool(memory.focus or memory.shown or memory.ruled)
