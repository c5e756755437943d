"""What several things come to: "two of the 5 kg plates and the bar", "what's that with the lid on top?", 它和车充一起多少.

The things are those that things_named finds. A thing whose variants cost differently and of which none was told is not summed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.answering.answer import Outcome
from bot.answering.reduced_total import Pieces, asks_after_reduction, say_reduced
from bot.answering.reply import Reply
from bot.answering.speaking import Speaker
from bot.answering.things_named import bare_count, of_one_price, things_added
from bot.answering.thresholds import SURE
from bot.understanding.lexicon import lexicon
from bot.understanding.question import Intent, Part, Subject
from bot.understanding.variants import meant
from knowledge.catalog import Product, Variant
from knowledge.folding import fold
from knowledge.money import Money
from knowledge.phrases import tokens

_SUM = re.compile(
    r"\b(?:in total|total(?: price| cost)?|altogether|in all|all in all|sum|comes? to|combined)\b|\bwhat (?:would|will|do|does) (?:\d+|two|three|four|five|six)\b.{0,24}\b(?:be|cost|make)\b|=|一共|总共|總共|合计|合計|加起来|加起來|总价|拢共|共多少|算下来"
)
"""Asks for a sum by itself."""
_ADDS = re.compile(
    r"\b(?:together|both|plus|on top|as well|too|also|added?|with|incl(?:uding)?)\b|\+|一起|一块儿?买|加上|再加|都[买要拿]|各[一来买要]|连同?|也要|还要|再[要来买拿]"
)
"""Adds one thing to another; a sum where a price is asked for."""
_ON_TOP = re.compile(r"\b(?:together|both|plus|on top|as well|added)\b|\+|一起|加上|再加|都[买要拿]")
_SEVERAL = re.compile(
    r"\b(?:how much|cost|price|what)\b.{0,12}\b(?:are|is|for|would|do|of)\s+(?:\d{1,2}|two|three|four|five|six|ten)\s+(?!\W|of\b|per\b)[a-z]"
)
"""Asks for the price of a number of something: "how much are 2 boards"."""
_BOTH = re.compile(
    r"^\W*(?:and |so |ok |then )*(?:both|the two|all (?:two|three|four))(?: of (?:them|those))?,? (?:together|in total|combined|added up)(?: then)?\W*$"
)
"""Nothing but that they are taken together: a price is asked for."""
_SHORT = 60
_PRICED = re.compile(r"\bhow much\b|\bcosts?\b|\bprices?\b|\bwhat(?:'s| is|s| would| will)\b|多少|啥价|什么价|几钱|几块|价格")
_COUNTS = re.compile(r"\bhow many\b|\b(?:weigh|weight|heavy|long|tall)\b|多少(?:个|件|片|公斤|克|斤|厘米|米|天|人|款)|几[个件片款]")
MOST = 4
"""Things in one sum: more are not held apart by what checks it."""


@dataclass(frozen=True, slots=True)
class _Item:
    """One thing of a sum."""

    product: Product
    variant: Variant
    quantity: int
    name: str
    """The product's, with what is told of the variant."""
    told: bool
    """Whether the variant is."""


def sum_reply(speaker: Speaker, part: Part) -> Reply | None:
    """The total of the things that a message asks for together; None where it asks for none or it cannot be told of what."""
    folded = fold(part.text[:400])
    after_price = speaker.findings.memory.last_intent == Intent.PRICE
    if after_price and (reply := _of_more(speaker, part)) is not None:
        return reply
    sums, adds = bool(_SUM.search(folded)) or asks_after_reduction(folded), bool(_ADDS.search(folded))
    priced = bool(_PRICED.search(folded)) or lexicon().intents["price"].any(tokens(part.text))
    # "With the lid on top?" after a price asks for another one.
    priced = priced or bool(_BOTH.match(folded)) or (after_price and bool(_ON_TOP.search(folded)) and len(folded) < _SHORT)
    several = priced and part.intent is Intent.PRICE and bool(_SEVERAL.search(folded))
    if not (sums or (adds and priced) or several) or _COUNTS.search(folded):
        return None
    things = things_added(speaker, part, folded, adds=adds, sums=sums)
    if (len(things) < 2 and (not things or things[0][1] < 2)) or len(things) > MOST:
        return None
    rows = [_item(speaker, subject, quantity) for subject, quantity in things]
    if all(row is not None for row in rows):
        return _said(speaker, [[row for row in rows if row is not None]])
    if len(things) > 1:
        return None
    return _said(speaker, [[item] for item in _each(speaker, *things[0])])


def _of_more(speaker: Speaker, part: Part) -> Reply | None:
    """ "What about three?" after a price: what three of it come to."""
    memory = speaker.findings.memory
    product, quantity = speaker.product(memory.focus), bare_count(part.text)
    if product is None or quantity < 2 or meant(part.text, product).named:
        return None
    return _said(speaker, [[item] for item in _each(speaker, Subject(product.id, memory.focus_sku or None, True, "carried"), quantity)])


def _item(speaker: Speaker, subject: Subject, quantity: int) -> _Item | None:
    priced = of_one_price(speaker, subject)
    return _called(speaker, *priced, quantity) if priced else None


def _each(speaker: Speaker, subject: Subject, quantity: int) -> list[_Item]:
    """The thing once for every price that its variants have; [] for more than MOST."""
    product = speaker.product(subject.product_id)
    assert product is not None
    variants = [v for v in product.variants if v.sku == subject.sku or v.sku in subject.skus] or list(product.variants)
    groups: dict[int, list[Variant]] = {}
    for variant in variants:
        if (paid := speaker.paid(variant)) is not None:
            groups.setdefault(paid.minor, []).append(variant)
    if len(groups) > MOST or any(speaker.offer(v).offer.up_to for v in variants):
        return []
    if len(groups) == 1 and len(variants) > 1:
        return [_called(speaker, product, variants, quantity)]
    return [_called(speaker, product, held[:1], quantity) for _, held in sorted(groups.items())]


def _called(speaker: Speaker, product: Product, variants: Sequence[Variant], quantity: int) -> _Item:
    """One thing by its whole title, since the sum is held against it, with the options that the variants share."""
    speaker.named.discard(product.id)
    if len(variants) == 1:
        return _Item(product, variants[0], quantity, speaker.with_variant(product, variants[0]), told=len(product.variants) > 1)
    return _Item(product, speaker.shown_variant(product, variants), quantity, speaker.with_shared(product, variants), told=False)


def _said(speaker: Speaker, sums: Sequence[Sequence[_Item]]) -> Reply | None:
    """Each sum on a line of its own; None where a price is missing or currencies differ."""
    everything = [item for items in sums for item in items]
    prices = {id(item): speaker.paid(item.variant) for item in everything}
    if not everything or None in prices.values() or len({p.currency for p in prices.values() if p is not None}) != 1:
        return None
    one = everything[0] if len(everything) == 1 else None
    reply = Reply(Outcome.ANSWERED, SURE, focus=one.product.id if one else "", focus_sku=one.variant.sku if one and one.told else "")
    for items in sums:
        _add(speaker, reply, items)
    for item in everything:
        reply.show(item.variant.sku)
        state = speaker.stock(item.variant)
        if not state.state.buyable and state.quantity == 0:
            reply.say(speaker.say("stock.out_of_stock", product=item.name), speaker.cite_stock(item.variant))
    if len(sums) == 1:
        say_reduced(speaker, reply, [Pieces(item.product, item.variant, item.quantity) for item in sums[0]])
    return reply


def _add(speaker: Speaker, reply: Reply, items: Sequence[_Item]) -> None:
    rows, total, currency = [], 0, ""
    for item in items:
        price = speaker.paid(item.variant)
        assert price is not None
        total, currency = total + price.minor * item.quantity, price.currency
        key = "price.sum_items" if item.quantity > 1 else "price.sum_item"
        rows.append(speaker.say(key, product=item.name, price=speaker.money(price), quantity=item.quantity))
    cited = [c for item in items for c in (speaker.cite_title(item.product), speaker.cite_price(item.variant))]
    reply.say(speaker.say("price.sum", items=" + ".join(rows), total=speaker.money(Money(total, currency))), *cited, line=True)
