"""Cue words and meaning, brought together: each is right where the other is weak."""

from collections.abc import Mapping
from dataclasses import replace

from bot.understanding.intents import Reading, Surroundings
from bot.understanding.meaning import Meant
from bot.understanding.question import ABOUT_ONE, SEARCHES, SMALL_TALK, Intent, Topic

WANTS: Mapping[str, tuple[Intent, Topic | None]] = {
    "shipping": (Intent.POLICY, Topic.SHIPPING),
    "returns": (Intent.POLICY, Topic.RETURNS),
    "payment": (Intent.POLICY, Topic.PAYMENT),
    "warranty": (Intent.POLICY, Topic.WARRANTY),
    "service": (Intent.POLICY, None),
    "review": (Intent.PRODUCT_QUESTION, None),
    "buying": (Intent.POLICY, None),
    "browsing": (Intent.RECOMMEND, None),
}
"""Labels of the model that are no intent by name: those of the house's rules, and what buyers say."""

CLEAR = 0.6
"""From here on the meaning goes before cue words that it contradicts."""
PLAIN = 0.85
"""From here on it is no shop matter though a word for goods stands in it: "my luggage was stolen"."""
CLEARLY = 0.75
"""The same where only a word of titles stands in it: "is the pnc bank open" in a shop with power banks."""
CONTRADICTED = 0.1
"""A reading that the meaning gives less than this is contradicted."""
LIKELY = 0.4
"""From here on the meaning is followed where no cue word says anything (戴久了会不会痛), and it is a complaint or about an order where the cue words
alone say that it is no shop matter."""
SERIOUS = {Intent.COMPLAINT: 0.12, Intent.ORDER: 0.08}
"""What fetches a person needs at least so much of the meaning, beside its cue words."""
OWN_ORDER = 0.5
"""From here on a question that sounds like the shop's rules is about an order that exists."""
NO_SIGN = 0.1
"""Below this the cue words see no sign of another matter."""
OUTSIDE = 0.15
"""Of no shop matter, though no cue word says more than that."""


def reconciled(reading: Reading, meant: Meant, around: Surroundings) -> Reading:
    """The reading, changed where the meaning is clear and contradicts it. Asking for a person is the cue words' matter alone."""
    if not meant.shares or reading.intent is Intent.HUMAN:
        return reading
    shares = _by_intent(meant)
    intent, share = max(shares.items(), key=lambda pair: pair[1])
    topic = _topic(meant) if intent is Intent.POLICY else None
    own = shares.get(reading.intent, 0.0)
    if intent is reading.intent:
        return replace(reading, topic=reading.topic or topic, certainty=max(reading.certainty, share))
    if reading.intent is Intent.COMPLAINT and intent in SMALL_TALK:
        return reading  # an insult is chatted about by nobody
    if reading.intent in SERIOUS and own < SERIOUS[reading.intent] and share >= CLEAR:
        return _changed(reading, intent, topic, share)
    if (
        reading.intent is Intent.OUT_OF_SCOPE
        and own < OUTSIDE
        and share >= (LIKELY if intent in SERIOUS else CLEAR - 0.1)
        and intent not in SMALL_TALK | {Intent.HUMAN}
    ):
        return _changed(reading, intent, topic, share)
    if intent is Intent.ORDER and share >= OWN_ORDER and reading.intent is Intent.POLICY:
        return _changed(reading, intent, reading.topic, share)  # a person looks, and the rule is said all the same
    if reading.intent is Intent.UNCLEAR and share >= LIKELY and intent in ABOUT_ONE | SEARCHES | {Intent.POLICY, Intent.PROMOTION}:
        return _changed(reading, intent, topic, share)
    if share < CLEAR or own >= CONTRADICTED or intent is Intent.HUMAN:
        return reading
    if intent in SMALL_TALK and (around.subjects or around.categories or around.conditions):
        return reading
    if intent is Intent.OUT_OF_SCOPE and (
        around.exact or around.certain_subjects or around.anything or around.only_limits or around.only_order
    ):
        return reading
    of_shop = around.kinds or (around.shop_terms and reading.off_topic < NO_SIGN)
    if intent is Intent.OUT_OF_SCOPE and (
        (share < PLAIN and (around.categories or reading.topic is not None)) or (share < CLEARLY and reading.intent in SEARCHES and of_shop)
    ):
        return reading  # "how long would it take to get to Leeds": its words say what it is about
    if intent is Intent.POLICY and reading.intent in SEARCHES and (around.limits or (around.superlative and around.categories)):
        return reading  # a present for 150 to 200, the dearest gift box: goods, whatever service they sound like
    named = around.certain_subjects if around.kinds or around.categories else around.subjects
    if intent in ABOUT_ONE and reading.intent in SEARCHES and not (named or around.reference or around.focus):
        return reading  # a kind of goods, not one: 有行李箱吗, though two are called so
    if intent is Intent.POLICY and reading.intent in SEARCHES and (around.limits or around.superlative) and share < PLAIN:
        return reading  # money to spend or an extreme looks for goods, whatever service they sound like: 送礼 150到200一盒的
    if intent in SEARCHES and (around.exact or around.reference):
        return reading
    if intent is Intent.COMPARE and around.subjects < 2 and around.shown < 2:
        return reading
    return _changed(reading, intent, topic, share)


def asks_reviews(meant: Meant) -> bool:
    """What other buyers say."""
    label, share = meant.best
    return label == "review" and share >= CLEAR


def _by_intent(meant: Meant) -> dict[Intent, float]:
    """How likely each intent is: of all labels that come to it."""
    shares: dict[Intent, float] = {}
    for label, share in meant.shares.items():
        intent, _ = WANTS.get(label) or (Intent(label), None)
        shares[intent] = shares.get(intent, 0.0) + share
    return shares


def _topic(meant: Meant) -> Topic | None:
    """The likeliest kind of rule."""
    label = max((label for label, (intent, _) in WANTS.items() if intent is Intent.POLICY), key=meant.of)
    return WANTS[label][1]


def _changed(reading: Reading, intent: Intent, topic: Topic | None, share: float) -> Reading:
    return replace(reading, intent=intent, topic=topic, certainty=share, only_polite=False)
