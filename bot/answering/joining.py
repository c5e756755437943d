"""Replies to the parts of a question → one draft: merged, without doubles and without what only suggests itself, with what can be asked next."""

from collections.abc import Sequence
from dataclasses import replace

from bot.answering.answer import Engine, Outcome
from bot.answering.composer import Draft, Statement
from bot.answering.conditions_said import removable
from bot.answering.next_memory import next_memory
from bot.answering.rendering import joined
from bot.answering.reply import Reply
from bot.answering.speaking import Speaker
from bot.answering.thresholds import QUICK_REPLIES, TEXT_MOST, WEAK
from bot.understanding.memory import filters_from_json, filters_json
from bot.understanding.question import SEARCHES, Intent, Part
from knowledge.attribute_names import concept_of
from knowledge.folding import fold
from knowledge.phrases import tokens

SURE_ENOUGH = 0.6
"""A piece whose intent is less certain than this is no question of its own beside one that is answered."""
STRAY_WORDS = 5
_SMALL_TALK = {Intent.GREETING, Intent.THANKS, Intent.GOODBYE, Intent.CHITCHAT}
_RANK = (Outcome.HANDED_OFF, Outcome.ANSWERED, Outcome.ASKED_BACK, Outcome.ABSTAINED)


def merged(replies: Sequence[Reply]) -> Reply:
    """Several replies to one part, as one."""
    first = replies[0]
    if len(replies) == 1:
        return first
    out = Reply(min((r.outcome for r in replies), key=_RANK.index), min(r.confidence for r in replies))
    for reply in replies:
        offset = out.statements[-1].block + 1 if out.statements else 0
        out.statements += [replace(s, block=s.block + offset) for s in reply.statements]
        out.skus += [s for s in reply.skus if s not in out.skus]
        out.shown += [i for i in (reply.shown or [reply.focus]) if i and i not in out.shown]
        out.quick_replies += [q for q in reply.quick_replies if q not in out.quick_replies]
        out.notes += reply.notes
        out.gap, out.gap_product = out.gap or reply.gap, out.gap_product or reply.gap_product
        out.pending = out.pending or reply.pending
        out.handoff = out.handoff or reply.handoff
        out.topic = out.topic or reply.topic
        out.long = out.long or reply.long
    return out


Replied = tuple[Part, Reply]


def without_weak(replied: Sequence[Replied]) -> list[Replied]:
    """Without stray pieces beside what is answered; and beside a part that is no shop matter, without what only words alike suggested."""
    kept = [(p, r) for p, r in replied if not _stray(p, r)]
    if not any(r.outcome in (Outcome.ANSWERED, Outcome.HANDED_OFF) for _, r in kept):
        kept = list(replied)
    outside = [p.intent is Intent.OUT_OF_SCOPE for p, _ in kept]
    if not any(outside) or all(outside):
        return kept
    return [
        (p, r)
        for (p, r), out in zip(kept, outside, strict=True)
        if out or p.subjects or r.handoff or p.intent in _SMALL_TALK or (r.confidence >= WEAK and r.outcome is Outcome.ANSWERED)
    ]


def _stray(part: Part, reply: Reply) -> bool:
    """A piece of a message that asks nothing by itself ("and a note?") and yields nothing either."""
    if reply.outcome is Outcome.ASKED_BACK:
        return not part.subjects and (not part.asked or part.certainty < SURE_ENOUGH)
    if reply.outcome is not Outcome.ABSTAINED or part.subjects or part.topic is not None:
        return False
    vague = part.intent in (Intent.OUT_OF_SCOPE, Intent.UNCLEAR)
    return (vague and len(tokens(part.text)) <= STRAY_WORDS) or (not part.asked and part.certainty < SURE_ENOUGH)


def one_draft(speaker: Speaker, replied: Sequence[Replied]) -> Draft:
    """The whole answer from the replies to its parts."""
    findings = speaker.findings
    replies = [reply for _, reply in replied]
    parts = findings.question.parts
    whole = merged(replies)
    engine = whole.engine if len(replies) == 1 else Engine.COMPOSER
    if len(replies) > 1 and len(parts) > 1:
        # Small talk around a question ("hi, do you have ...") does not make the answer surer.
        weighty = [r.confidence for p, r in replied if p.intent not in _SMALL_TALK]
        whole.confidence = min(weighty) if weighty else whole.confidence
    statements = _deduplicated(whole.statements)
    if findings.waiting and whole.outcome is not Outcome.HANDED_OFF:
        block = statements[-1].block + 1 if statements else 0
        statements.append(Statement(speaker.say("person.still_coming"), (), block))
    if not whole.long:
        statements = _short(statements)
    topic = whole.topic or next((p.topic.value for p in parts if p.topic), None)
    memory = next_memory(findings, whole)
    lifts = removable(speaker, filters_from_json(memory.filters)) if parts and parts[-1].intent in SEARCHES else []
    memory.lifts = {fold(condition.lift): filters_json(left) for condition, left in lifts}
    return Draft(
        statements=tuple(statements),
        outcome=whole.outcome,
        engine=engine,
        confidence=round(min(1.0, max(0.0, whole.confidence)), 3),
        product_skus=tuple(whole.skus[:6]),
        quick_replies=tuple(_chips(speaker, whole, parts)),
        conditions=tuple(condition for condition, _ in lifts),
        handoff=whole.handoff,
        intents=tuple(dict.fromkeys(p.intent.value for p in parts)),
        topic=topic,
        memory=memory,
        gap=whole.gap,
        gap_product=whole.gap_product,
        long=whole.long,
        notes=tuple(whole.notes),
    )


def _deduplicated(statements: Sequence[Statement]) -> list[Statement]:
    return list({statement.text: statement for statement in reversed(statements)}.values())[::-1]


def _short(statements: list[Statement]) -> list[Statement]:
    kept: list[Statement] = []
    for statement in statements:
        if kept and len(joined([*kept, statement])) > TEXT_MOST:
            break
        kept.append(statement)
    return kept


def _chips(speaker: Speaker, whole: Reply, parts: Sequence[Part]) -> list[str]:
    """What was offered, then what this shop can answer next about the product spoken of."""
    chips = list(whole.quick_replies)
    intents = {part.intent for part in parts}
    if whole.outcome is Outcome.HANDED_OFF:
        return []
    if whole.outcome is Outcome.ANSWERED and whole.focus and len(chips) < QUICK_REPLIES - 1:
        product = speaker.product(whole.focus)
        asked = {concept_of(word) or word for part in parts for word in part.asked}
        if product is not None and Intent.PRICE not in intents and any(speaker.paid(v) for v in product.variants):
            chips.append(speaker.say("chip.price"))
        if product is not None and Intent.AVAILABILITY not in intents:
            chips.append(speaker.say("chip.stock"))
        if product is not None and speaker.findings.view.reviews.get(product.id) and "rating" not in asked:
            chips.append(speaker.say("chip.reviews"))
    if whole.outcome is Outcome.ANSWERED and not whole.merchants and Intent.POLICY not in intents and whole.focus:
        topics = {policy.topic for policy in speaker.findings.view.policies.values()}
        chips += [speaker.say(f"chip.{topic}") for topic in ("shipping", "returns") if topic in topics]
    return list(dict.fromkeys(chips))[:QUICK_REPLIES]
