"""Beside a product: what goes with it, and what is like it."""

import re

from bot.answering.answer import Outcome
from bot.answering.going_together import made_for
from bot.answering.listing import list_item
from bot.answering.reply import Reply
from bot.answering.speaking import Speaker
from bot.answering.stock import alternatives
from bot.answering.thresholds import LISTED, LISTED_MOST, SURE
from bot.understanding.question import Part
from knowledge.catalog import Product
from knowledge.folding import fold
from retrieval.retriever import Evidence


def beside_reply(speaker: Speaker, part: Part, product: Product, evidence: Evidence) -> Reply | None:
    """What the merchant says goes with a product, or what is like it. None when there is neither."""
    goes = [p for p, _, _ in made_for(speaker, product, evidence)]
    together = bool(goes) and not _ALIKE.search(fold(part.text))
    chosen = (goes if together else alternatives(speaker, product, evidence))[: min(part.count or LISTED, LISTED_MOST)]
    if not chosen:
        return None
    reply = Reply(Outcome.ANSWERED, SURE if together else 0.8, long=True)
    key = "search.goes_with" if together else "search.alike"
    reply.say(speaker.say(key, product=speaker.name(product)), speaker.cite_title(product))
    for number, other in enumerate(chosen, start=1):
        list_item(speaker, reply, part, other, number if len(chosen) > 1 else 0)
    reply.shown = [p.id for p in chosen]
    reply.focus = product.id  # "it" is still the one that was asked about
    return reply


_ALIKE = re.compile(r"similar|alternative|instead|something like|anything like|other than|类似|替代|平替|差不多|同类|别的|其他")
