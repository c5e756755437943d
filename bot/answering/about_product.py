"""A question about a product: which one is meant, or what to do where no word names it."""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.answering.answer import HandoffReason, Outcome
from bot.answering.asking import may_ask, questions_back, which_product
from bot.answering.by_option import asks_whether_there, told_by_option
from bot.answering.companions import companion_reply
from bot.answering.dearness import asks_difference, say_difference
from bot.answering.described import of_property
from bot.answering.extremes import superlative_reply
from bot.answering.facts import stated
from bot.answering.finding import found_products
from bot.answering.going_together import together_reply
from bot.answering.joining import merged
from bot.answering.listing import search_reply
from bot.answering.looking import MAX_SUBJECTS, looked_for
from bot.answering.many_products import asked_of_many, same_of_all
from bot.answering.matching import Matching
from bot.answering.one_product import of_product, subjects_of
from bot.answering.people import person_reply
from bot.answering.relaxing import without_it
from bot.answering.reply import Reply
from bot.answering.rules import Rule, answers, answers_instead, rule_reply
from bot.answering.smalltalk import unclear_reply
from bot.answering.speaking import Speaker
from bot.answering.thresholds import (
    ABSTAINED,
    CLEARLY,
    FACT_SAYS,
    GUESS,
    LISTED,
    LISTED_MOST,
    MAX_QUESTIONS_BACK,
    MISSES_BEFORE_PERSON,
    OWN_RULE,
    PRODUCT_ALONE,
    RULE_SURE,
    RULE_UNASKED,
    SUBJECT_AMONG,
)
from bot.understanding.asked import OPEN
from bot.understanding.own_properties import names_said
from bot.understanding.question import Intent, Part, Subject
from bot.understanding.subjects import with_variants
from knowledge.catalog import Product
from knowledge.folding import fold
from retrieval.retriever import Evidence, Hit

_WHICH_ONE = re.compile(r"\bwhich (?:one|of|ones)\b|哪[个款种]")


def about_product(speaker: Speaker, part: Part, evidence: Evidence, rule: Rule | None, matching: Matching) -> Reply:
    """The answer about the product or products meant; a question back where several could be."""
    if part.superlative:
        reply = superlative_reply(speaker, part, evidence, matching)
        if reply is not None:
            return reply
    subjects = _stating(speaker, part, _likely(subjects_of(speaker, part), evidence))
    if (
        _WHICH_ONE.search(fold(part.text))
        and not any(s.how == "named" for s in subjects)
        and (free := without_it(speaker, part)) is not None
    ):
        return free
    if (companion := companion_reply(speaker, part, evidence)) is not None:
        return companion
    together = together_reply(speaker, part, evidence) if part.intent is not Intent.PRICE else None
    if together is not None:
        return together
    if not subjects:
        return _no_subject(speaker, part, evidence, rule, matching)
    spoken_of = len(subjects) > 1 and all(s.how in ("carried", "reference") and not s.certain for s in subjects)
    if spoken_of and not part.asked and (stating := _which_answers(speaker, part, subjects, evidence)) is not None:
        return stating
    if part.intent is Intent.PRODUCT_QUESTION and not any(s.certain for s in subjects) and not part.asked and not part.yes_no:
        return looked_for(speaker, replace(part, subjects=()), evidence, rule, matching)
    certain = [s for s in subjects if s.certain]
    if not certain and len(subjects) > 1 and part.intent is Intent.PRODUCT_QUESTION and part.asked:
        # A property of a few that could be meant: saying it of each is shorter than a question back.
        several = [p for s in subjects[:LISTED] if (p := speaker.product(s.product_id))]
        same = same_of_all(speaker, part, [p for s in subjects if (p := speaker.product(s.product_id))])
        if same is not None:
            return same
        if len(subjects) <= LISTED and any(
            stated(p, part.asked, speaker.language) or any(of_property(p, word, speaker.language) for word in part.asked) for p in several
        ):
            return asked_of_many(speaker, replace(part, asked_value=""), several)
        if (stating := _which_answers(speaker, part, subjects, evidence)) is not None:
            return stating
        if len(subjects) <= LISTED and all(s.how == "carried" for s in subjects):
            # Of the few just shown: what comes near in each, else that none states it. Which one is meant changes nothing then.
            of_orders = rule is not None and rule.policy is not None and rule.policy.topic in ("shipping", "payment")
            if rule is not None and not of_orders and answers_instead(rule):
                return rule_reply(speaker, part, rule)
            return asked_of_many(speaker, replace(part, asked_value=""), several, evidence)
    if not certain and spoken_of and (stating := _which_answers(speaker, part, subjects, evidence)) is not None:
        return stating
    told_each = LISTED_MOST if part.intent is Intent.PRICE else LISTED  # 充电宝多少钱, and four are called so: a price is a line
    if not certain and 1 < len(subjects) <= told_each and (each := _of_each(speaker, part, subjects, evidence, rule)) is not None:
        return each
    if not certain and len(subjects) > 1 and may_ask(speaker.findings.memory):
        return which_product(speaker, part, [p for s in subjects if (p := speaker.product(s.product_id))])
    chosen = certain or subjects[:1]
    replies = [of_product(speaker, part, subject, evidence, rule) for subject in chosen[:MAX_SUBJECTS]]
    whole = merged(replies)
    if len(chosen) == 2 and part.intent is Intent.PRICE and asks_difference(part.text):
        sides = [(p, speaker.variants_meant(p, part, s)) for s in chosen if (p := speaker.product(s.product_id)) is not None]
        if all(len({speaker.paid(v) for v in variants}) == 1 for _, variants in sides):
            say_difference(speaker, whole, [(speaker.name(p), p, speaker.shown_variant(p, variants)) for p, variants in sides])
    if not certain:
        whole.confidence *= GUESS
    return whole


def _stating(speaker: Speaker, part: Part, subjects: list[Subject]) -> list[Subject]:
    """Of several that may be meant the one that alone has a property called just so: "the water tank of the Piccolo"."""
    if len(subjects) < 2 or any(s.certain for s in subjects):
        return subjects
    having = [s for s in subjects if (p := speaker.product(s.product_id)) is not None and names_said(part.text, [p])]
    return [replace(having[0], certain=True)] if len(having) == 1 else subjects


def _states_another(speaker: Speaker, part: Part, subject: Subject, hits: Sequence[Hit]) -> bool:
    """Whether all that a product says to a property asked for is another one by name: "rider height" to "how long is it"."""
    product = speaker.product(subject.product_id)
    named = bool(hits) and hits[0].passage.field.startswith("attribute:")
    return bool(part.asked) and named and product is not None and not stated(product, part.asked, speaker.language)


ALIKE = 0.1
"""How much less likely than the best of several a product's own words may be to answer."""


def _which_answers(speaker: Speaker, part: Part, subjects: Sequence[Subject], evidence: Evidence) -> Reply | None:
    """Of several that could be meant, what those say whose own data answers: "how long is the line?" is asked of the kite, not of the bike. None where no
    question is asked or all of too many answer it."""
    if part.intent is not Intent.PRODUCT_QUESTION or not (part.yes_no or part.asked or OPEN.search(fold(part.text))):
        return None
    told: list[Reply] = []
    for subject in subjects:
        hits, sure = evidence.facts.get(subject.product_id, ()), evidence.answerable_of.get(subject.product_id, 0.0)
        alike = not part.asked and sure >= evidence.answerable - ALIKE  # what answers nearly as well as the best answers, too
        own = replace(evidence, facts={subject.product_id: hits}, answerable=evidence.answerable if alike else sure)
        if _states_another(speaker, part, subject, hits):
            continue
        reply = of_product(speaker, part, subject, own, None)
        if reply.outcome is Outcome.ANSWERED and reply.skus:
            told.append(reply)
    if not told and part.yes_no and not part.asked and len(subjects) <= LISTED:
        return _none_says(speaker, subjects)
    if not told or len(told) > LISTED:
        return None
    whole = merged(told)
    whole.confidence *= GUESS
    return whole


def _none_says(speaker: Speaker, subjects: Sequence[Subject]) -> Reply:
    """That nothing is said of it, of any that could be meant: asking which is meant would lead nowhere."""
    products = [p for s in subjects if (p := speaker.product(s.product_id)) is not None]
    reply = Reply(Outcome.ABSTAINED, ABSTAINED, gap="not stated: what was asked", gap_product=products[0].id)
    names = speaker.words.listed([speaker.name(p) for p in products])
    reply.say(speaker.say("fact.unstated_open", product=names), *(speaker.cite_title(p) for p in products))
    reply.say(speaker.say("fact.ask_person"))
    reply.quick_replies.append(speaker.say("chip.person"))
    for product in products:
        reply.show(speaker.shown_variant(product).sku)
    reply.shown = [p.id for p in products]
    return reply


def _of_each(speaker: Speaker, part: Part, subjects: Sequence[Subject], evidence: Evidence, rule: Rule | None) -> Reply | None:
    """The answer for each of a few that could be meant: shorter for the customer than a question back. Of a question that names no property, for
    the one whose data answers it. None where that says nothing."""
    if part.intent is Intent.PRODUCT_QUESTION:
        told = {s.product_id: hits[0].score for s in subjects if (hits := evidence.facts.get(s.product_id))}
        if not told or evidence.answerable < (FACT_SAYS if all(s.how == "carried" for s in subjects) else OWN_RULE):
            return None
        best = max(told, key=lambda id_: told[id_])
        subjects = [s for s in subjects if s.product_id == best]
    replies = [of_product(speaker, part, subject, evidence, rule) for subject in subjects]
    if not all(reply.outcome is Outcome.ANSWERED and reply.skus for reply in replies):
        return None
    whole = merged(replies)
    whole.confidence *= GUESS
    if len(replies) > 1:
        whole.focus, whole.focus_sku = "", ""
        whole.shown = [s.product_id for s in subjects]
    return whole


def _no_subject(speaker: Speaker, part: Part, evidence: Evidence, rule: Rule | None, matching: Matching) -> Reply:
    """A question about a product that the words do not name."""
    if part.unnamed and not part.subjects and may_ask(speaker.findings.memory):
        return which_product(speaker, part, [p for i in speaker.findings.memory.shown if (p := speaker.product(i))])
    if rule is not None and answers(rule, least=RULE_SURE) and not _price_of_kind(part):
        return rule_reply(speaker, part, rule)
    found = found_products(speaker, part, evidence)
    told = told_by_option(part, [p for p, _ in found]) if asks_whether_there(part) else None
    if told is not None:
        return of_product(speaker, part, told, evidence, rule)
    if _alone(evidence, found):
        guess = with_variants(Subject(found[0][0].id, None, certain=False, how="likeness"), part.text, found[0][0])
        reply = of_product(speaker, part, guess, evidence, rule)
        reply.confidence *= GUESS
        return reply
    products = [p for p, _ in found]
    if products and part.intent in (Intent.PRICE, Intent.AVAILABILITY):
        return search_reply(speaker, part, evidence, matching)
    if products and part.asked:
        return asked_of_many(speaker, part, products)
    if may_ask(speaker.findings.memory):
        shown = [p for i in speaker.findings.memory.shown if (p := speaker.product(i))]
        return which_product(speaker, part, products or shown)
    if products:
        return search_reply(speaker, part, evidence, matching)
    return unclear_part(speaker, part, evidence, rule, matching)


def _price_of_kind(part: Part) -> bool:
    """Whether it is asked what a kind of goods costs ("how much are your pillows?"): a rule that speaks of pillows, too, is no answer."""
    of_kind = part.filters.categories or part.filters.product_ids is not None
    return part.intent is Intent.PRICE and bool(of_kind) and part.meant.of("price") >= CLEARLY


def unclear_part(speaker: Speaker, part: Part, evidence: Evidence, rule: Rule | None, matching: Matching) -> Reply:
    """Nothing was understood: what fits anyway, else a question back, and after two of them a person."""
    if rule is not None and answers(rule, least=RULE_UNASKED):
        return rule_reply(speaker, part, rule)
    subjects = subjects_of(speaker, part)
    if subjects:
        return of_product(speaker, part, subjects[0], evidence, rule)
    found = found_products(speaker, part, evidence) if part.standalone.strip() else []
    if found and not part.filters.empty:
        return search_reply(speaker, part, evidence, matching)
    memory = speaker.findings.memory
    if memory.misses >= MISSES_BEFORE_PERSON or questions_back(memory) >= MAX_QUESTIONS_BACK:
        return person_reply(speaker, HandoffReason.NOT_UNDERSTOOD, "person.not_understood")
    return unclear_reply(speaker)


def _alone(evidence: Evidence, found: Sequence[tuple[Product, float]]) -> bool:
    """One product, or one far before the next."""
    if not found:
        return False
    scores = [hit.score for hit in evidence.products[:2]]
    return len(found) == 1 and (len(scores) < 2 or scores[1] < scores[0] - PRODUCT_ALONE)


def _likely(subjects: Sequence[Subject], evidence: Evidence) -> list[Subject]:
    """Without guesses that finding does not bear out."""
    first = {hit.id for hit in evidence.products[:SUBJECT_AMONG]}
    return [s for s in subjects if s.certain or not evidence.products or s.product_id in first]
