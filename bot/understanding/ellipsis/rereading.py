"""The intent, read again by what the message names or counts: cue words alone take "is the Arc saddle vegan?" for a search."""

import re
from dataclasses import replace

from bot.understanding import followups
from bot.understanding.asked import OPEN, is_yes_no
from bot.understanding.ellipsis.follow_up import FollowUp
from bot.understanding.ellipsis.wording import asks_for_one, counts_things, stands_beside
from bot.understanding.lexicon import lexicon
from bot.understanding.named import STRONG
from bot.understanding.question import ABOUT_ONE, SEARCHES, Intent
from knowledge.conversions import unit_wanted

_NEEDED = re.compile(r"\bdo(?:es)? (?:i|it|you|we|they|this|that) (?:also |really |still )?need\b|需要|用不用|要不要")
"""Asks what something needs; looks for nothing."""
_THERE_IN = re.compile(r"有.{0,8}(?:吗|么|嘛|没有?|不|木有)\W*$|\b(?:available|in stock)\b")
_LEFT = re.compile(r"\bhow many\b.{0,40}\b(?:left|in stock|remain(?:ing)?)\b|还[剩有]下?(?:多少|几)|剩(?:下|余)?(?:多少|几)")
"""Asks for the pieces in stock, whatever they are counted in: 还有几瓶."""
LOOKED_FOR = 0.85
"""From this certainty of a search on, a question is none about the product that is called like what is looked for."""


def reread_by_name(follow: FollowUp) -> tuple[FollowUp, str]:
    """The message, its intent read again where it names one product; and a note of that."""
    note = ""
    if _asks_for_the_named(follow):
        note = "whether there is the variant named"
        follow = _as(follow, Intent.AVAILABILITY, 0.8)
    if _asks_of_the_named(follow):
        note = "a question about the product named"
        follow = _as(follow, Intent.PRODUCT_QUESTION, 0.7)
    return follow, note


def reread_by_count(follow: FollowUp, asked: tuple[str, ...]) -> tuple[FollowUp, tuple[str, ...]]:
    """The message, its intent read again where it asks for a number of things or in a unit; and the properties that it asks for then."""
    memory = follow.memory
    if _LEFT.search(follow.folded) and (follow.subjects or memory.focus or memory.shown):
        return replace(follow, reading=replace(follow.reading, intent=Intent.AVAILABILITY, topic=None, certainty=0.85)), ()
    if _counts(follow):
        follow = _as(follow, Intent.PRODUCT_QUESTION, 0.75)
    if not asked and _needs_pieces(follow):
        follow = _as(follow, Intent.AVAILABILITY, 0.8)
    if not asked and _in_another_unit(follow):
        asked = tuple(memory.asked) if follow.last is Intent.PRODUCT_QUESTION else ()
        follow = _as(follow, Intent.PRODUCT_QUESTION, 0.8)
    return follow, asked


def _as(follow: FollowUp, intent: Intent, certainty: float) -> FollowUp:
    return replace(follow, reading=replace(follow.reading, intent=intent, topic=None, certainty=certainty, off_topic=0.0))


def _asks_for_the_named(follow: FollowUp) -> bool:
    """ "Is there a green silicone case for the 16 Pro?": one product and which of its variants."""
    named = [s for s in follow.subjects if s.certain and s.how == "named" and (s.sku or s.skus or s.lacking)]
    if follow.reading.intent is not Intent.PRODUCT_SEARCH or len(follow.subjects) != 1 or not named or follow.named.strength < STRONG:
        return False
    return bool(asks_for_one(follow.text) or _THERE_IN.search(follow.folded)) and not followups.wants_more(follow.text)


def _asks_of_the_named(follow: FollowUp) -> bool:
    """ "Is the Arc saddle vegan?": with one product named, a question that looks for nothing is about it."""
    named = [s for s in follow.subjects if s.certain and s.how in {"named", "sku"}]
    if follow.reading.intent not in {Intent.PRODUCT_SEARCH, Intent.OUT_OF_SCOPE} or len(named) != 1 or follow.named.strength < STRONG:
        return False
    folded, cues = follow.folded, lexicon()
    looks = (
        (cues.intents["search"].any(follow.row) and not _NEEDED.search(folded))
        or cues.intents["recommend"].any(follow.row)
        or asks_for_one(follow.text)
    )
    limits = not replace(follow.conditions.filters, categories=(), brands=()).empty or follow.conditions.superlative
    if follow.reading.intent is Intent.PRODUCT_SEARCH and follow.reading.certainty >= LOOKED_FOR and not is_yes_no(follow.text, follow.row):
        return False  # "what guitar amps do you do": a title may be no more than the name of a kind
    asks = is_yes_no(follow.text, follow.row) or OPEN.search(folded)
    return bool(asks) and not looks and not limits and not stands_beside(follow.text)


def _counts(follow: FollowUp) -> bool:
    """ "And how many in a pack?": asked of the product spoken of, by words that the price model takes for a price."""
    cues = lexicon().intents
    if not counts_things(follow.text) or cues["price"].any(follow.row) or cues["availability"].any(follow.row):
        return False
    return bool(follow.subjects or follow.focus) and follow.reading.intent in {Intent.PRICE, Intent.PRODUCT_SEARCH, Intent.OUT_OF_SCOPE}


def _needs_pieces(follow: FollowUp) -> bool:
    """ "I need 12 linen aprons": of the one thing named, whether there are so many."""
    quantity, filters = follow.conditions.quantity or 0, follow.conditions.filters
    named = [s for s in follow.subjects if s.certain and s.how in {"named", "sku"}]
    limited = filters.price_max is not None or filters.price_min is not None or filters.on_sale
    looks = follow.reading.intent in SEARCHES or (
        follow.reading.intent is Intent.PRODUCT_QUESTION and lexicon().intents["search"].any(follow.row)
    )
    return quantity > 1 and len(named) == 1 == len(follow.subjects) and looks and not limited


def _in_another_unit(follow: FollowUp) -> bool:
    """ "And in pounds?", 是多少斤: what was just said of the product spoken of, in that unit."""
    return bool(follow.focus) and follow.last in ABOUT_ONE and unit_wanted(follow.text) is not None
