"""By how much prices differ: "how much more is the M than the S", 5斤和10斤差多少钱. Both prices, then what lies between them."""

from bot.answering.answer import Outcome
from bot.answering.dearness import asks_difference, say_difference
from bot.answering.reply import Reply
from bot.answering.speaking import Speaker
from bot.answering.things_named import of_one_price, things_set_apart
from bot.answering.thresholds import SURE
from bot.understanding.question import Part
from knowledge.catalog import Product, Variant
from knowledge.money import Money


def difference_reply(speaker: Speaker, part: Part) -> Reply | None:
    """What one of two things costs more than the other; None where that is not asked, or which two are meant or what they cost is open."""
    if not asks_difference(part.text):
        return None
    sides: list[tuple[Product, list[Variant]]] = []
    for subject in things_set_apart(speaker, part):
        priced = of_one_price(speaker, subject)
        if priced is None:
            return None
        sides.append(priced)
    if len(sides) != 2:
        return None
    one_product = sides[0][0].id == sides[1][0].id
    reply = Reply(Outcome.ANSWERED, SURE, focus=sides[0][0].id if one_product else "")
    for product, variants in sides:
        _say_price(speaker, reply, product, variants)
        reply.show(speaker.shown_variant(product, variants).sku)
    named = [(speaker.options(held[0]) if one_product else speaker.title(p), p, held[0]) for p, held in sides]
    say_difference(speaker, reply, named)
    return reply


def _say_price(speaker: Speaker, reply: Reply, product: Product, variants: list[Variant]) -> None:
    paid, listed = speaker.paid(variants[0]), speaker.listed(variants[0])
    assert paid is not None
    name = speaker.with_variant(product, variants[0]) if len(variants) == 1 else speaker.with_shared(product, variants)
    said = {"product": name, "price": speaker.money(paid)}
    if listed is not None:
        said |= {"list_price": speaker.money(listed), "saving": speaker.money(Money(listed.minor - paid.minor, paid.currency))}
    key = "price.plain" if listed is None else "price.sale"
    reply.say(speaker.say(key, **said), speaker.cite_title(product), speaker.cite_price(variants[0]), line=True)
