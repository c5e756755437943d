""" "Which one would you pick?": who leads in what can be measured. What matters most only the customer knows."""

from collections.abc import Sequence

from bot.answering.answer import Outcome
from bot.answering.comparing import best_rated, cheapest, labels, measured_apart
from bot.answering.reply import Reply
from bot.answering.speaking import Speaker, in_sentence
from bot.answering.stating import overview
from bot.answering.thresholds import COMPARED_MOST, SURE
from bot.understanding.question import SEARCHES, Intent, Part
from knowledge.catalog import Product

LED = 2
"""Properties named beside price and rating."""


def pick_reply(speaker: Speaker, part: Part) -> Reply | None:
    """Of the goods shown last: the cheapest, the best rated, and what tells them apart. None where nothing was shown or more was said."""
    if not part.picks:
        return None
    products = [p for id in speaker.findings.memory.shown if (p := speaker.product(id))][:COMPARED_MOST]
    if not products or part.intent not in SEARCHES | {Intent.COMPARE}:
        return None
    return _led(speaker, products) if len(products) > 1 else _alone(speaker, products[0])


def _alone(speaker: Speaker, product: Product) -> Reply:
    """Only one was shown: what it is."""
    reply = Reply(Outcome.ANSWERED, SURE, focus=product.id)
    reply.show(speaker.shown_variant(product).sku)
    return overview(speaker, reply, product, [])


def _led(speaker: Speaker, products: Sequence[Product]) -> Reply | None:
    reply = Reply(Outcome.ANSWERED, SURE, long=True)
    names = labels(speaker, products)
    reply.say(speaker.say("pick.depends"))
    told = best_rated(speaker, reply, products, names)
    told = cheapest(speaker, reply, products, names) or told
    for row in measured_apart(speaker, products)[:LED]:
        reply.quick_replies.append(speaker.say("chip.which_by", name=in_sentence(row.name)))
    if not told:
        return None
    reply.say(speaker.say("pick.what_matters"), line=True)
    reply.quick_replies.append(speaker.say("chip.compare"))
    reply.shown = [product.id for product in products]
    for product in products:
        reply.show(speaker.shown_variant(product).sku)
    return reply
