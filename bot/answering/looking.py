"""Goods that are looked for: an extreme, a product by its name, what goes with it, or a list."""

from dataclasses import replace

from bot.answering.answer import Outcome
from bot.answering.asking import may_ask
from bot.answering.beside import beside_reply
from bot.answering.browsing import browsing_reply
from bot.answering.by_option import asks_whether_there, told_by_option
from bot.answering.companions import companion_reply
from bot.answering.extremes import superlative_reply
from bot.answering.finding import found_products, nearness, not_carried
from bot.answering.going_together import together_reply
from bot.answering.joining import merged
from bot.answering.listing import search_reply
from bot.answering.matching import Matching
from bot.answering.one_product import of_product, subjects_of
from bot.answering.range import nothing_like
from bot.answering.ratings import mean_rating
from bot.answering.reply import Reply
from bot.answering.rules import Rule, answers_instead, rule_reply
from bot.answering.smalltalk import unclear_reply
from bot.answering.speaking import Speaker
from bot.answering.stating import overview
from bot.answering.thresholds import SURE, UNSURE_INTENT
from bot.understanding.purposes import is_present, speaks_of_a_person
from bot.understanding.question import Intent, Part, Subject
from knowledge.folding import fold
from knowledge.phrases import tokens
from retrieval.retriever import Evidence, Sort

MAX_SUBJECTS = 3
"""Products named in one question up to here are each spoken of."""
CONSIDERED = 1000
"""Products among which something to begin with is chosen."""


def looked_for(speaker: Speaker, part: Part, evidence: Evidence, rule: Rule | None, matching: Matching) -> Reply:
    """What fits the wish, the product that is named, or that there is nothing like it."""
    if part.superlative:
        reply = superlative_reply(speaker, part, evidence, matching)
        if reply is not None:
            return reply
    if (companion := companion_reply(speaker, part, evidence)) is not None:
        return companion
    together = together_reply(speaker, part, evidence)
    if together is not None:
        return together
    certain = [s for s in subjects_of(speaker, part) if s.certain]
    if certain:
        product = speaker.product(certain[0].product_id)
        assert product is not None
        beside = beside_reply(speaker, part, product, evidence) if part.intent is Intent.RECOMMEND else None
        if beside is not None:
            return beside
        if part.intent is Intent.PRODUCT_SEARCH:
            return merged([_shown(speaker, subject) for subject in certain[:MAX_SUBJECTS]])
    found = found_products(speaker, part, evidence)
    told = told_by_option(part, [p for p, _ in found]) if asks_whether_there(part) else None
    if told is not None:
        return of_product(speaker, replace(part, intent=Intent.AVAILABILITY, asked=()), told, evidence, rule)
    if evidence.products and not_carried(speaker, part):
        return nothing_like(speaker)
    of_a_kind = part.filters.categories or part.filters.brands or part.filters.product_ids is not None
    if of_a_kind and not evidence.products:
        return search_reply(speaker, part, evidence, matching)
    open_wish = not part.purpose and part.filters.empty
    if rule is not None and answers_instead(rule) and (not found or (open_wish and rule.fits > nearness(evidence) + 0.3)):
        return rule_reply(speaker, part, rule)
    if not found and part.filters.empty and part.certainty < UNSURE_INTENT and may_ask(speaker.findings.memory):
        return unclear_reply(speaker)
    reply = search_reply(speaker, part, evidence, matching)
    if reply.outcome is Outcome.ABSTAINED and (begun := _for_somebody(speaker, part, evidence, matching)) is not None:
        return begun
    return reply


def _for_somebody(speaker: Speaker, part: Part, evidence: Evidence, matching: Matching) -> Reply | None:
    """ "Something for my nephew", where nothing in the catalog speaks of nephews: what customers rate best, to begin with."""
    alone = part.filters.empty and not part.interest and not part.subjects
    if not alone or not ((part.purpose and speaks_of_a_person(fold(part.purpose))) or is_present(tokens(part.text))):
        return None
    view = speaker.findings.view
    ids = matching(view, part.filters, speaker.findings.now)[:CONSIDERED]
    every = [view.products[id_] for id_ in ids if id_ in view.products]
    every.sort(key=lambda product: -(mean_rating(speaker, product) or 0.0))
    return browsing_reply(speaker, replace(part, browsing=True, sort=Sort.RATING), evidence, every)


def _shown(speaker: Speaker, subject: Subject) -> Reply:
    """A product that was looked for by its name."""
    product = speaker.product(subject.product_id)
    assert product is not None
    variant = speaker.variant(product, subject.sku)
    reply = Reply(Outcome.ANSWERED, SURE, focus=product.id, focus_sku=subject.sku or "")
    reply.show(variant.sku if variant else speaker.shown_variant(product).sku)
    return overview(speaker, reply, product, [variant] if variant and subject.sku else [])
