"""Cue words and meaning, brought together: each is right where the other is weak."""

from dataclasses import replace

from bot.understanding.intents import Reading, Surroundings
from bot.understanding.meaning import WANTS, Meant
from bot.understanding.question import ABOUT_ONE, SEARCHES, SMALL_TALK, Intent, Topic

CLEAR = 0.6
"""From here on the meaning goes before cue words that it contradicts."""
CONTRADICTED = 0.1
"""A reading that the meaning gives less than this is contradicted."""
SERIOUS = {Intent.COMPLAINT: 0.12, Intent.ORDER: 0.08}
"""What fetches a person needs at least so much of the meaning, beside its cue words."""
OUTSIDE = 0.15
"""Of no shop matter, though no cue word says more than that."""


def reconciled(reading: Reading, meant: Meant, around: Surroundings) -> Reading:
    """The reading, changed where the meaning is clear and contradicts it. Asking for a person is the cue words' matter alone."""
    if not meant.shares or reading.intent is Intent.HUMAN:
        return reading
    label, share = meant.best
    intent, topic = WANTS.get(label) or (Intent(label), None)
    own = _share(reading, meant)
    if intent is reading.intent:
        return replace(reading, topic=reading.topic or topic, certainty=max(reading.certainty, share))
    if reading.intent in SERIOUS and own < SERIOUS[reading.intent] and share >= CLEAR:
        return _changed(reading, intent, topic, share)
    if reading.intent is Intent.OUT_OF_SCOPE and own < OUTSIDE and share >= CLEAR - 0.1 and intent not in SMALL_TALK | {Intent.HUMAN}:
        return _changed(reading, intent, topic, share)
    if share < CLEAR or own >= CONTRADICTED or intent is Intent.HUMAN:
        return reading
    if intent in SMALL_TALK and (around.subjects or around.categories or around.conditions):
        return reading
    if intent is Intent.OUT_OF_SCOPE and (around.certain_subjects or around.categories or around.exact):
        return reading
    if intent in ABOUT_ONE and reading.intent in SEARCHES and not (around.subjects or around.reference or around.focus):
        return reading  # a kind of goods, not one
    if intent in SEARCHES and (around.exact or around.reference):
        return reading
    if intent is Intent.COMPARE and around.subjects < 2 and around.shown < 2:
        return reading
    return _changed(reading, intent, topic, share)


def asks_reviews(meant: Meant) -> bool:
    """What other buyers say."""
    label, share = meant.best
    return label == "review" and share >= CLEAR


def _share(reading: Reading, meant: Meant) -> float:
    """How likely the meaning finds the reading."""
    labels = [label for label, (intent, _) in WANTS.items() if intent is reading.intent]
    return meant.of(reading.intent.value, *labels)


def _changed(reading: Reading, intent: Intent, topic: Topic | None, share: float) -> Reading:
    return replace(reading, intent=intent, topic=topic, certainty=share, only_polite=False)
