"""The question is left out: "and the BP-30?", 那黑色的呢, "until when?"."""

import re

from bot.understanding import followups
from bot.understanding.ellipsis.follow_up import Completion, FollowUp
from bot.understanding.ellipsis.wording import asks_openly
from bot.understanding.lexicon import lexicon
from bot.understanding.question import ABOUT_ONE, SEARCHES, Intent

_ENDS = re.compile(
    r"(?:到|截止|截至)(?:什么时候|啥时候?|哪天|几号|几月|多久|何时)|(?:什么时候|啥时候|哪天|几号|几时|何时)(?:结束|截止|到期|过期|为止)|还有几天|有效期|搞到"
    r"|\b(?:until|till|by) when\b|\bwhen (?:does|do|will|is) (?:it|they|that|this)\b.{0,8}\b(?:end|over|expire|finish|stop)|\bhow long (?:does|is|will) (?:it|this|that)\b|\bvalid\b"
)
"""Asks how long something counts."""
_ENDS_MOST = 12
_APART = re.compile(
    r"(?:要|需要?|得|是不是|用)(?:再|自己|额外|单独)?(?:另外?|单独|额外|自己)(?:再)?(?:买|购|配|备)|\b(?:buy|bought|order|get|purchase|sold|need)\b.{0,30}\b(?:separately|on (?:its|their) own|extra)\b"
)
"""Asks whether a part has to be bought beside the thing."""


def question_of_before(follow: FollowUp, now: Completion) -> Completion | None:
    """ "And the BP-30?", 那黑色的呢: what was asked before, of the goods named."""
    if not follow.bare(now.asked):
        return None
    if follow.memory.focus and follow.stock_asked() and any(s.sku or s.skus for s in follow.subjects):
        return follow.read_as(now, Intent.AVAILABILITY, 0.75, *follow.subjects, asked=())
    last = follow.last
    if last in SEARCHES and follow.corrected and all(s.certain and s.how == "reference" for s in follow.subjects):
        return follow.read_as(now, Intent.PRODUCT_SEARCH, 0.8, *follow.subjects)
    if asks_openly(follow.text):
        return None  # a question word of its own: "where does the chrysanthemum come from"
    what_about = follow.what_about() or follow.corrected
    if last not in ABOUT_ONE | {Intent.POLICY} or follow.reading.intent is Intent.AVAILABILITY or not (what_about or _only_a_name(follow)):
        return None
    assert last is not None
    intent = last if last is not Intent.POLICY else Intent.PRODUCT_QUESTION
    return follow.read_as(now, intent, 0.75, *follow.subjects, asked=tuple(follow.memory.asked), note=f"question carried: {last.value}")


def _only_a_name(follow: FollowUp) -> bool:
    """Little more than a product's name."""
    certain = bool(follow.named.subjects) and follow.named.subjects[0].certain
    if not certain or len(follow.row) > 6 or lexicon().intents["search"].any(follow.row):
        return False
    rest = list(follow.text)
    for start, end in follow.named.spans:
        rest[start:end] = " " * (end - start)
    return not followups.content("".join(rest), follow.words)


def bought_apart(follow: FollowUp, now: Completion) -> Completion | None:
    """ "Do I need to buy the rod separately?" looks for no rods."""
    if follow.reading.intent not in SEARCHES | {Intent.PRICE, Intent.PRODUCT_QUESTION} or not _APART.search(follow.folded):
        return None
    return follow.read_as(now, Intent.POLICY, 0.8, asked=(), note="whether it is sold apart")


def when_it_ends(follow: FollowUp, now: Completion) -> Completion | None:
    """ "Until when?" after what is on."""
    if follow.last is not Intent.PROMOTION or len(follow.row) > _ENDS_MOST or not _ENDS.search(follow.folded):
        return None
    return follow.read_as(now, Intent.PROMOTION, 0.85, note="until when what is on counts")
