"""The product is left out and something asked of it: "warranty?", "what flavours can I get"."""

import re

from bot.understanding import followups
from bot.understanding.asked import OPEN, asked_value_in, is_yes_no
from bot.understanding.ellipsis.follow_up import Completion, FollowUp
from bot.understanding.ellipsis.wording import asks_openly, counts_things
from bot.understanding.hearsay import asks_what_others_say
from bot.understanding.own_properties import names_said
from bot.understanding.question import ABOUT_ONE, SEARCHES, Intent, Subject, Topic
from bot.understanding.references import comes_with
from knowledge.attribute_names import concept_of
from knowledge.folding import fold
from knowledge.verdicts import HAS
from retrieval.retriever import Sort

_SUITS = re.compile(r"(?:合适|适合).{0,8}[吗么嘛?？]|\b(?:good|suitable|right|ok|okay|fine) (?:as|for)\b.*\?$")
_GOT = re.compile(r"\b(?:got|have|get|need)\b|有")
"""Asks whether so many are to be had."""
_MAY_ASK = SEARCHES | {Intent.UNCLEAR, Intent.PRODUCT_QUESTION, Intent.PROMOTION, Intent.CHITCHAT, Intent.OUT_OF_SCOPE}


def property_of_it(follow: FollowUp, now: Completion) -> Completion | None:
    """ "What's the blade steel", "what flavours can I get": what the product spoken of has under just that name, or an option of it."""
    if not follow.focus or follow.named.subjects or follow.reading.intent not in _MAY_ASK:
        return None
    if not asks_openly(follow.text) or follow.conditions.filters.categories:
        return None
    if followups.wants_more(follow.text) and not follow.option_asked(now.asked):
        return None
    own = names_said(follow.text, [follow.product], every=True)
    if not own and not follow.option_asked(now.asked):
        return None
    asked = now.asked or tuple(own)
    options = {o.name for v in follow.product.variants for o in v.options}
    every = bool(options & set(own)) or follow.option_asked(asked)
    return follow.read_as(now, Intent.PRODUCT_QUESTION, 0.8, follow.it(sku=not every), asked=asked, value="", note=f"it = {follow.focus}")


def heard_of_it(follow: FollowUp, now: Completion) -> Completion | None:
    """ "What do people say?" """
    if not follow.focus or not asks_what_others_say(follow.text) or follow.conditions.filters.categories:
        return None
    return follow.read_as(now, Intent.PRODUCT_QUESTION, 0.85, follow.it(), asked=now.asked, note=f"it = {follow.focus}")


def suits(follow: FollowUp, now: Completion) -> Completion | None:
    """ "Is it good for travelling?" """
    if not follow.focus or not _SUITS.search(follow.folded) or follow.reading.intent not in SEARCHES:
        return None
    if follow.conditions.filters.categories:
        return None
    return follow.read_as(now, Intent.PRODUCT_QUESTION, 0.7, follow.it(), note=f"it = {follow.focus}")


def included(follow: FollowUp, now: Completion) -> Completion | None:
    """ "Are bulbs included?", 带电池吗: asked of what was spoken of, though the shop sells such things by themselves."""
    if comes_with(follow.text):
        focus, asked = follow.memory.focus, tuple(word for word in now.asked if concept_of(word) in {*HAS, "included"}) or ("included",)
        if focus in follow.view.products:
            it = follow.in_variants(Subject(focus, follow.memory.focus_sku or None, True, "carried"))
            return follow.read_as(now, Intent.PRODUCT_QUESTION, 0.85, it, asked=asked, value="", note=f"it = {focus}")
        shown = [Subject(id_, None, len(follow.shown) == 1, "carried") for id_ in follow.shown]
        return (
            follow.read_as(now, Intent.PRODUCT_QUESTION, 0.85, *shown, asked=asked, value="", note="one of those shown") if shown else None
        )
    may = ABOUT_ONE | SEARCHES | {Intent.OUT_OF_SCOPE, Intent.UNCLEAR}
    if not follow.focus or follow.reading.intent not in may or not any(concept_of(word) == "included" for word in now.asked):
        return None
    return follow.read_as(now, Intent.PRODUCT_QUESTION, 0.8, follow.it(), asked=now.asked, note=f"it = {follow.focus}")


def pieces(follow: FollowUp, now: Completion) -> Completion | None:
    """ "And three of them?" """
    may = {Intent.OUT_OF_SCOPE, Intent.UNCLEAR, Intent.PRODUCT_SEARCH, Intent.PRODUCT_QUESTION}
    if follow.focus and follow.conditions.quantity and len(follow.row) <= 8 and follow.reading.intent in may:
        has = _GOT.search(follow.folded) is not None
        subject = follow.in_variants(follow.it())
        return follow.read_as(now, Intent.AVAILABILITY if has else Intent.PRICE, 0.75 if has else 0.6, subject)
    return None


_DOING = re.compile(r"(?:[带戴穿用放装送含配去着]|能|会|可以|适合|拿来)\s?$")


def _done_with_it(follow: FollowUp) -> bool:
    """Whether a word that is a category elsewhere only says what is done with the thing or comes with it: 戴着游泳行吗, 带充电头不."""
    said = [follow.folded.find(fold(word)) for word in follow.conditions.categories_said]
    asks = follow.reading.intent in {Intent.PRODUCT_QUESTION, Intent.PRODUCT_SEARCH} and is_yes_no(follow.text, follow.row)
    return asks and bool(said) and all(at > 0 and _DOING.search(follow.folded[:at]) for at in said)


def about_it(follow: FollowUp, now: Completion) -> Completion | None:
    """ "Warranty?" """
    reading, conditions = follow.reading, follow.conditions
    about = (
        reading.intent in ABOUT_ONE
        or (reading.intent is Intent.POLICY and reading.topic is Topic.WARRANTY)
        or (reading.intent is Intent.UNCLEAR and now.asked)
        or _done_with_it(follow)
    )
    searching = (
        (conditions.filters.categories and not _done_with_it(follow))
        or conditions.superlative
        or conditions.sort is not Sort.RELEVANCE
        or (followups.wants_more(follow.text) and not follow.option_asked(now.asked))
        or follow.price_compared()
    ) and not counts_things(follow.text)
    if not follow.focus or not about or searching or follow.named.subjects:
        return None
    intent = reading.intent if reading.intent in ABOUT_ONE else Intent.PRODUCT_QUESTION
    # "What colours are there?" asks for all of them, whichever variant was spoken of.
    open_ = follow.option_asked(now.asked) and bool(OPEN.search(follow.folded) or followups.wants_more(follow.text))
    subject = follow.in_variants(follow.it(sku=not open_))
    value = now.value or asked_value_in(follow.text, conditions, True)
    return follow.read_as(now, intent, max(reading.certainty, 0.7), subject, value=value, note=f"it = {follow.focus}")
