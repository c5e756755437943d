"""A shop's own rules of when a person is fetched although the assistant could go on: words, subjects, amounts, messages in vain."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from bot.answering.answer import HandoffReason, Outcome
from bot.answering.asking import questions_back
from bot.answering.joining import Replied
from bot.answering.people import person_reply
from bot.answering.rendering import joined
from bot.answering.reply import Reply
from bot.answering.speaking import Speaker
from bot.answering.thresholds import TEXT_MOST
from bot.understanding.memory import filters_json
from bot.understanding.question import SMALL_TALK, Part
from knowledge.money import Money
from knowledge.phrases import Phrases
from knowledge.shop_settings import HandoffRules, handoff_rules, shop_settings


def with_person(speaker: Speaker, replied: Sequence[Replied]) -> list[Replied]:
    """The replies, and where a rule of the shop applies a person beside what could be answered. Nobody is fetched twice."""
    replied = list(replied)
    findings = speaker.findings
    if findings.waiting or not replied or any(reply.handoff for _, reply in replied):
        return replied
    queue = _queue(speaker, handoff_rules(findings.view.shop))
    if queue is not None:
        person = person_reply(speaker, HandoffReason.RULE, "person.rule", queue)
        return _beside(replied, person)
    if _in_vain(speaker, replied):
        return [(replied[-1][0], person_reply(speaker, HandoffReason.NOT_UNDERSTOOD, "person.not_understood"))]
    return replied


def _queue(speaker: Speaker, rules: HandoffRules) -> str | None:
    """The queue of the first rule that applies; None: none does."""
    question = speaker.findings.question
    if rules.words and _phrases(rules.words).any(question.text):
        return rules.words_queue
    if any(name in rules.subjects for part in question.parts for name in (part.intent.value, part.topic and part.topic.value)):
        return rules.subjects_queue
    if rules.amount is not None and any(_reaches(amount, rules.amount) for part in question.parts for amount in _amounts(speaker, part)):
        return rules.amount_queue
    return None


def _beside(replied: list[Replied], person: Reply) -> list[Replied]:
    """What was answered stays and the person comes after it, or before it where an answer is so long that the end would be cut."""
    kept = [(part, reply) for part, reply in replied if reply.outcome is Outcome.ANSWERED and part.intent not in SMALL_TALK]
    last = (replied[-1][0], person)
    whole = [statement for _, reply in kept for statement in reply.statements]
    return [*kept, last] if len(joined([*whole, *person.statements])) <= TEXT_MOST else [last, *kept]


def _in_vain(speaker: Speaker, replied: Sequence[Replied]) -> bool:
    """Whether this is one message too many in a row that found no answer, by the shop's own number."""
    findings = speaker.findings
    most = shop_settings(findings.view.shop).misses
    failed = all(
        reply.outcome is Outcome.ABSTAINED or (reply.outcome is Outcome.ASKED_BACK and reply.pending.get("kind") == "unclear")
        for _, reply in replied
    )
    if most is None or not failed:
        return False
    asked_back = questions_back(findings.memory) if findings.memory.pending.get("kind") == "unclear" else 0
    return findings.memory.misses + asked_back + 1 >= most


@lru_cache(maxsize=64)
def _phrases(words: tuple[str, ...]) -> Phrases[bool]:
    return Phrases((word, True) for word in words)


def _amounts(speaker: Speaker, part: Part) -> Iterator[Money]:
    """What this part is worth: a budget that was said now, or what the pieces asked about cost at least."""
    now, before = filters_json(part.filters), speaker.findings.memory.filters
    for name, bound in (("price_max", part.filters.price_max), ("price_min", part.filters.price_min)):
        if bound is not None and now.get(name) != before.get(name):
            yield bound
    for subject in part.subjects:
        product = speaker.product(subject.product_id) if subject.certain else None
        if product is not None:
            paid = [amount for variant in speaker.variants_meant(product, part, subject) if (amount := speaker.paid(variant))]
            if paid:
                least = min(paid, key=lambda amount: amount.minor)
                yield Money(least.minor * max(1, part.quantity or 1), least.currency)


def _reaches(amount: Money, threshold: Money) -> bool:
    return amount.currency == threshold.currency and amount.minor >= threshold.minor
