"""Beside a product: what goes with it, and what is like it."""

import re

from bot.answering.answer import Outcome
from bot.answering.going_together import made_for, refuses
from bot.answering.listing import list_item
from bot.answering.reply import Reply
from bot.answering.size_guides import audience_of
from bot.answering.speaking import Speaker
from bot.answering.stock import alternatives, leaves
from bot.answering.thresholds import LISTED, LISTED_MOST, SURE
from bot.understanding.purposes import asks_for_company
from bot.understanding.question import Part
from knowledge.catalog import Product
from knowledge.folding import fold
from retrieval.retriever import Evidence


def beside_reply(speaker: Speaker, part: Part, product: Product, evidence: Evidence) -> Reply | None:
    """What the merchant says goes with a product, or what is like it. None when there is neither. Where something to go with it is wanted and
    the merchant names nothing, what comes near of other departments, and that it is a suggestion."""
    goes = [p for p, _, _ in made_for(speaker, product, evidence)]
    wanted = asks_for_company(part.text)
    together = bool(goes) and not _ALIKE.search(fold(part.text))
    others = _of_other_kinds(speaker, product, evidence) if wanted and not together else []
    chosen = (goes if together else others or alternatives(speaker, product, evidence))[: min(part.count or LISTED, LISTED_MOST)]
    if not chosen:
        return None
    reply = Reply(Outcome.ANSWERED, SURE if together else 0.8, long=True)
    key = "search.goes_with" if together else "search.could_go_with" if others else "search.alike"
    if not speaker.buyable(product) and not wanted:
        first = speaker.shown_variant(product)
        reply.say(speaker.say("stock.out_of_stock", product=speaker.name(product)), speaker.cite_title(product), speaker.cite_stock(first))
    reply.say(speaker.say(key, product=speaker.name(product)), speaker.cite_title(product))
    for number, other in enumerate(chosen, start=1):
        list_item(speaker, reply, part, other, number if len(chosen) > 1 else 0)
    reply.shown = [p.id for p in chosen]
    reply.focus = product.id  # "it" is still the one that was asked about
    return reply


def _of_other_kinds(speaker: Speaker, product: Product, evidence: Evidence) -> list[Product]:
    """The products found that stand in none of its categories and are not made for other people."""
    audience = audience_of(product)
    found = (speaker.product(hit.id) for hit in evidence.products)
    return [
        other
        for other in found
        if other is not None
        and other.id != product.id
        and not leaves(other) & leaves(product)
        and audience_of(other) in ("", audience)
        and speaker.buyable(other)
        and not refuses(speaker, other, product)
    ]


_ALIKE = re.compile(r"similar|alternative|instead|something like|anything like|other than|类似|替代|平替|差不多|同类|别的|其他")
