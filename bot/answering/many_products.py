"""A property asked of several products at once ("are your backpacks waterproof?"): said once where all state the same, else of each."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.answering.answer import Citation, Outcome
from bot.answering.described import counting, of_property
from bot.answering.facts import concept_label, label, stated, verdict, wanted_words
from bot.answering.quoting import near_enough
from bot.answering.reply import Reply
from bot.answering.speaking import Speaker, trimmed
from bot.answering.telling import asks_amount
from bot.answering.thresholds import ABSTAINED, FACT_SAYS, GUESS, LISTED, REASON_MOST, SURE
from bot.understanding.question import Part
from knowledge.attribute_names import concept_of
from knowledge.catalog import Product
from knowledge.folding import fold
from knowledge.units import Dimension, quantities
from knowledge.verdicts import GRADED, HAS, Verdict
from retrieval.retriever import Evidence


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


def asked_of_many(speaker: Speaker, part: Part, products: Sequence[Product], evidence: Evidence | None = None) -> Reply:
    """A property asked of a kind of product ("are your backpacks waterproof?"): what each of the nearest states. With `evidence` also what comes
    near in the words of a description."""
    reply = Reply(Outcome.ANSWERED, SURE * GUESS, long=True)
    rows = [_row(speaker, part, product) for product in products]
    listed = all(concept_of(word) == "included" for word in part.asked)  # what is in the box, no sentence near it tells
    if evidence is not None and not listed and evidence.answerable >= FACT_SAYS and not any(row.value for row in rows):
        rows = [_near(speaker, part, product, evidence) for product in products]
    if part.asked_value or any(concept_of(word) in HAS | GRADED for word in part.asked):
        # Only those of which the data says so, where it says so of any.
        rows = [row for row in rows if row.says is Verdict.YES] or rows
    rows = rows[:LISTED]
    if not any(row.value for row in rows):
        asked = concept_label(part.asked[0], speaker.language)
        reply.outcome, reply.confidence, reply.gap = Outcome.ABSTAINED, ABSTAINED, f"not stated: {asked}"
        reply.say(speaker.say("fact.unstated_many", asked=asked))
    for row in rows:
        value = row.value or speaker.say("fact.of_many_unstated")
        reply.say(
            speaker.say("fact.of_many", product=speaker.name(row.product), value=value),
            speaker.cite_title(row.product),
            *row.cited,
            line=True,
        )
        reply.show(speaker.shown_variant(row.product).sku)
    reply.shown = [row.product.id for row in rows]
    if reply.outcome is Outcome.ABSTAINED:
        reply.quick_replies.append(speaker.say("chip.person"))
    return reply


@dataclass(frozen=True, slots=True)
class _Row:
    """What is stated of one product: in words, "" for nothing, and what that says to the question."""

    product: Product
    value: str = ""
    cited: tuple[Citation, ...] = ()
    says: Verdict = Verdict.OPEN


def _near(speaker: Speaker, part: Part, product: Product, evidence: Evidence) -> _Row:
    """The statement that comes nearest; of an amount that is asked for only one that gives such an amount."""
    for hit in evidence.facts.get(product.id, ()):
        if hit.score < NEAR or hit.passage.field.startswith("review") or not _gives(part.text, hit.passage.text):
            continue
        if near_enough(speaker, part, product, hit, 0.0):
            quote = trimmed(hit.passage.text, REASON_MOST)
            return _Row(product, quote, (Citation("product", product.sku, hit.passage.field, quote),))
    return _Row(product)


NEAR = 0.45
"""From this likeness on, a statement is said of one of several products."""
_TIME_ASKED = re.compile(r"多久|多长时间|几个?(?:小时|钟头|分钟|天)|\bhow long\b|\bhow many (?:hours|minutes|days)\b")


def _gives(question: str, statement: str) -> bool:
    """Whether the statement holds an amount of what a question wants an amount of; True where it wants none."""
    if not asks_amount(question):
        return True
    amounts = [q for q in quantities(fold(statement)[:500]) if q.dimension is not Dimension.NUMBER]
    if _TIME_ASKED.search(fold(question)):
        amounts = [q for q in amounts if q.dimension is Dimension.TIME and q.unit != "yr"]
    return bool(amounts)


def _row(speaker: Speaker, part: Part, product: Product) -> _Row:
    facts = stated(product, part.asked, speaker.language)
    if facts:
        fact = facts[0]
        value = speaker.say("fact.short", name=label(fact, part.asked, speaker.language), value=trimmed(fact.value, REASON_MOST))
        return _Row(product, value, (fact.cited,), verdict([fact], part.asked, wanted_words(part))[0])
    told = next((s for word in part.asked for s in of_property(product, word, speaker.language)), None)
    told = next(iter(counting(product, part.text, speaker.language)), told)
    if told is None:
        return _Row(product)
    quote = trimmed(told.text, REASON_MOST)
    return _Row(product, quote, (Citation("product", product.sku, told.field, quote),), told.says)
