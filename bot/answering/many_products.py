"""A property asked of several products at once ("are your backpacks waterproof?"): said once where all state the same, else of each."""

from collections.abc import Sequence

from bot.answering.answer import Outcome
from bot.answering.facts import Fact, concept_label, label, stated, verdict, wanted_words
from bot.answering.reply import Reply
from bot.answering.speaking import Speaker, trimmed
from bot.answering.thresholds import ABSTAINED, GUESS, LISTED, REASON_MOST, SURE
from bot.understanding.question import Part
from knowledge.catalog import Product
from knowledge.folding import fold
from knowledge.verdicts import Verdict


def same_of_all(speaker: Speaker, part: Part, products: Sequence[Product]) -> Reply | None:
    """Where all that could be meant state the same, no question back is needed; None where they differ."""
    facts = [stated(p, part.asked, speaker.language) for p in products]
    if len(products) < 2 or not all(facts) or len({fold(f.value).strip() for row in facts for f in row[:1]}) != 1:
        return None
    fact = facts[0][0]
    reply = Reply(Outcome.ANSWERED, SURE * GUESS, long=True)
    said = speaker.say("fact.short", name=label(fact, part.asked, speaker.language), value=fact.value)
    reply.say(
        speaker.say("fact.of_all", products=speaker.mark("enumerate").join(speaker.name(p) for p in products), fact=said),
        *(c for p, row in zip(products, facts, strict=True) for c in (speaker.cite_title(p), row[0].cited)),
    )
    for product in products:
        reply.show(speaker.shown_variant(product).sku)
    reply.shown = [p.id for p in products]
    return reply


def asked_of_many(speaker: Speaker, part: Part, products: Sequence[Product]) -> Reply:
    """A property asked of a kind of product ("are your backpacks waterproof?"): what each of the nearest states."""
    reply = Reply(Outcome.ANSWERED, SURE * GUESS, long=True)
    rows: list[tuple[Product, Fact | None]] = []
    for product in products:
        facts = stated(product, part.asked, speaker.language)
        rows.append((product, facts[0] if facts else None))
    if part.asked_value:
        # Only those of which the data says so, where it says so of any.
        fitting: list[tuple[Product, Fact | None]] = [
            (p, f) for p, f in rows if f and verdict([f], part.asked, wanted_words(part))[0] is Verdict.YES
        ]
        rows = fitting or rows
    rows = rows[:LISTED]
    if not any(fact for _, fact in rows):
        asked = concept_label(part.asked[0], speaker.language)
        reply.outcome, reply.confidence, reply.gap = Outcome.ABSTAINED, ABSTAINED, f"not stated: {asked}"
        reply.say(speaker.say("fact.unstated_many", asked=asked))
    for product, fact in rows:
        chosen = speaker.shown_variant(product)
        value = (
            speaker.say("fact.short", name=label(fact, part.asked, speaker.language), value=trimmed(fact.value, REASON_MOST))
            if fact
            else speaker.say("fact.of_many_unstated")
        )
        reply.say(
            speaker.say("fact.of_many", product=speaker.name(product), value=value),
            speaker.cite_title(product),
            *([fact.cited] if fact else []),
            line=True,
        )
        reply.show(chosen.sku)
    reply.shown = [product.id for product, _ in rows]
    if reply.outcome is Outcome.ABSTAINED:
        reply.quick_replies.append(speaker.say("chip.person"))
    return reply
