"""What it costs: of the variant meant, as a range where variants differ, with the saving while on sale and exact totals for a quantity."""

from collections.abc import Sequence

from bot.answering.answer import Outcome
from bot.answering.reply import Reply
from bot.answering.speaking import Speaker, option_is
from bot.answering.thresholds import ABSTAINED, SURE
from bot.understanding.question import Part, Subject
from knowledge.catalog import Product, Variant
from knowledge.money import Money

PRICES_NAMED = 6
"""Different prices of one product up to here are each said."""


def price_reply(speaker: Speaker, part: Part, product: Product, subject: Subject) -> Reply:
    """The price of one product, or that the shop gives none."""
    variants = speaker.variants_meant(product, part, subject)
    priced = [v for v in variants if speaker.paid(v) is not None]
    if not priced:
        return _on_request(speaker, product, variants)
    reply = Reply(Outcome.ANSWERED, SURE, focus=product.id, focus_sku=_sku_meant(product, variants))
    groups = _by_price(speaker, priced)
    shown = speaker.shown_variant(product, priced)
    if len(groups) == 1:
        _one_price(speaker, reply, product, priced, shown)
        if part.quantity and part.quantity > 1:
            _total(speaker, reply, shown, part.quantity)
    else:
        _several(speaker, reply, product, groups)
    reply.show(shown.sku)
    if not any(speaker.stock(v).state.buyable for v in priced) and any(speaker.stock(v).quantity == 0 for v in priced):
        reply.say(speaker.say("price.but_out_of_stock"), *(speaker.cite_stock(v) for v in priced))
    return reply


def _sku_meant(product: Product, variants: Sequence[Variant]) -> str:
    return variants[0].sku if len(variants) == 1 and len(product.variants) > 1 else ""


def _by_price(speaker: Speaker, variants: Sequence[Variant]) -> list[tuple[Money, list[Variant]]]:
    groups: dict[tuple[int, str], list[Variant]] = {}
    for variant in variants:
        paid = speaker.paid(variant)
        if paid is not None:
            groups.setdefault((paid.minor, paid.currency), []).append(variant)
    return [(Money(*key), held) for key, held in sorted(groups.items())]


def _one_price(speaker: Speaker, reply: Reply, product: Product, variants: Sequence[Variant], shown: Variant) -> None:
    offer, now = speaker.offer(shown).offer, speaker.findings.now
    paid, listed = offer.paid(now), offer.listed(now)
    assert paid is not None
    name = speaker.with_variant(product, shown) if len(variants) == 1 else speaker.name(product)
    cited = [speaker.cite_title(product), speaker.cite_price(shown)]
    if offer.up_to is not None and offer.up_to.minor > paid.minor:
        reply.say(speaker.say("price.range", product=name, low=speaker.money(paid), high=speaker.money(offer.up_to)), *cited)
    elif listed is not None:
        saving = Money(listed.minor - paid.minor, paid.currency)
        reply.say(
            speaker.say(
                "price.sale", product=name, price=speaker.money(paid), list_price=speaker.money(listed), saving=speaker.money(saving)
            ),
            *cited,
        )
    else:
        reply.say(speaker.say("price.plain", product=name, price=speaker.money(paid)), *cited)


def _total(speaker: Speaker, reply: Reply, variant: Variant, quantity: int) -> None:
    paid = speaker.paid(variant)
    if paid is None:
        return
    total = Money(paid.minor * quantity, paid.currency)
    reply.say(
        speaker.say("price.total", quantity=quantity, total=speaker.money(total), price=speaker.money(paid)), speaker.cite_price(variant)
    )


def _several(speaker: Speaker, reply: Reply, product: Product, groups: list[tuple[Money, list[Variant]]]) -> None:
    low, high = groups[0][0], groups[-1][0]
    cited = [speaker.cite_title(product), speaker.cite_price(groups[0][1][0]), speaker.cite_price(groups[-1][1][0])]
    reply.say(speaker.say("price.varies", product=speaker.name(product), low=speaker.money(low), high=speaker.money(high)), *cited)
    if len(groups) > PRICES_NAMED:
        return
    distinct = _distinguishing(speaker, product, groups)
    items = [speaker.say("price.item", variant=distinct[n], price=speaker.money(paid)) for n, (paid, _) in enumerate(groups)]
    reply.say(speaker.mark("dots").join(items), *(speaker.cite_price(v) for _, held in groups for v in held[:1]), line=True)


def _distinguishing(speaker: Speaker, product: Product, groups: list[tuple[Money, list[Variant]]]) -> list[str]:
    """Words for each price group: the option values that all of its variants share and no other group has, else all its variants."""
    words = []
    for _, held in groups:
        values = [[o.value for o in v.options] for v in held]
        shared = [value for value in values[0] if all(value in row for row in values)] if values else []
        others = {o.value for _, rest in groups if rest is not held for v in rest for o in v.options}
        own = [o for o in held[0].options if o.value in shared and o.value not in others]
        base = speaker.language
        own = [o for o in own if o.language.startswith(base)] or [o for o in own if o.language == "und"] or own
        words.append(" ".join(dict.fromkeys(o.value for o in own)) or speaker.mark("slash").join(speaker.options(v) for v in held[:4]))
    return words


def _on_request(speaker: Speaker, product: Product, variants: Sequence[Variant]) -> Reply:
    reply = Reply(Outcome.ABSTAINED, ABSTAINED, focus=product.id, gap="price not stated", gap_product=product.id)
    reply.say(speaker.say("price.none", product=speaker.name(product)), speaker.cite_title(product))
    reply.show(speaker.shown_variant(product, variants).sku)
    reply.quick_replies.append(speaker.say("chip.person"))
    return reply


def asks_for_option(product: Product, value: str) -> bool:
    """Whether the words name one of the product's options."""
    return bool(value) and any(option_is(o.value, value) for v in product.variants for o in v.options)
