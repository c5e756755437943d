"""The goods looked for are left out: "under 50", "red ones"."""

from dataclasses import replace

from bot.understanding import followups
from bot.understanding.ellipsis.follow_up import Completion, FollowUp
from bot.understanding.lexicon import lexicon
from bot.understanding.question import SEARCHES, Intent

_MAY_REFINE = SEARCHES | {
    Intent.UNCLEAR, Intent.PRODUCT_QUESTION, Intent.PRICE, Intent.AVAILABILITY, Intent.PROMOTION, Intent.CHITCHAT, Intent.COMPARE,
}  # fmt: skip


def refining(follow: FollowUp, now: Completion) -> Completion | None:
    """Goes on with the search before: "under 50", "red ones"."""
    last = follow.last
    if (
        follow.corrected
        and follow.memory.search
        and follow.conditions.purpose
        and follow.reading.intent not in {Intent.HUMAN, Intent.ORDER}
    ):
        reading = replace(follow.reading, intent=Intent.PRODUCT_SEARCH, certainty=0.75, off_topic=0.0)
        return replace(now, reading=reading, subjects=(), refined=True)
    if too_dear(follow):
        reading = replace(follow.reading, intent=Intent.PRODUCT_SEARCH, topic=None, certainty=0.75, off_topic=0.0)
        return replace(now, reading=reading, subjects=(), refined=True)
    if follow.reading.intent not in _MAY_REFINE or not (last in SEARCHES or follow.memory.search):
        return None
    if not followups.refines(follow.text, follow.row, follow.conditions, follow.memory, follow.words):
        return None
    keeps = follow.reading.intent if follow.reading.intent is Intent.RECOMMEND else last if last in SEARCHES else Intent.PRODUCT_SEARCH
    assert keeps is not None
    reading = replace(follow.reading, intent=keeps, certainty=max(follow.reading.certainty, 0.75), off_topic=0.0)
    return replace(now, reading=reading, subjects=())


_DEAR_MOST = 8
"""Words of a message that says no more than that it is too dear."""


def too_dear(follow: FollowUp) -> bool:
    """ "That's way too much": of goods that were looked for, those for less are wanted, however much it sounds like a complaint."""
    if not follow.memory.search or not follow.memory.shown or len(follow.row) > _DEAR_MOST or follow.named.exact:
        return False
    mistaken = follow.reading.intent in {Intent.OUT_OF_SCOPE, Intent.COMPLAINT, Intent.CHITCHAT, Intent.UNCLEAR, Intent.PRODUCT_QUESTION}
    return mistaken and "?" not in follow.text and lexicon().words["cheaper"].any(follow.row)
