"""What it costs: of the variant meant, as a range where variants differ, with the saving while on sale and exact totals for a quantity."""

from collections.abc import Sequence

from bot.answering.answer import Citation, Outcome
from bot.answering.cards import option_value
from bot.answering.dearness import asks_difference, say_difference
from bot.answering.reduced_total import Pieces, asks_after_reduction, say_reduced
from bot.answering.reply import Reply
from bot.answering.rules import Rule, answers, rule_reply
from bot.answering.speaking import Speaker
from bot.answering.thresholds import ABSTAINED, RULE_SURE, SURE
from bot.understanding.question import Part, Subject
from knowledge.catalog import Attribute, AvailabilityState, Product, Variant
from knowledge.money import Money

PRICES_NAMED = 6
"""Different prices of one product up to here are each said."""


def price_reply(
    speaker: Speaker, part: Part, product: Product, subject: Subject, rule: Rule | None = None, *, stock_said: bool = False
) -> Reply:
    """The price of one product, or that the shop gives none. `stock_said`: whether it is to be had stands before it."""
    variants = speaker.variants_meant(product, part, subject)
    priced = [v for v in variants if speaker.paid(v) is not None]
    if not priced:
        return _on_request(speaker, part, product, variants, rule)
    reply = Reply(Outcome.ANSWERED, SURE, focus=product.id, focus_sku="" if subject.lacking else _sku_meant(product, variants))
    if subject.lacking:
        say_lacking(speaker, reply, product, subject)
    groups = _by_price(speaker, priced)
    shown = speaker.shown_variant(product, priced)
    if len(groups) == 1:
        _one_price(speaker, reply, product, priced, shown)
        if part.quantity and part.quantity > 1:
            _total(speaker, reply, product, shown, part.quantity)
        elif asks_after_reduction(part.text):
            say_reduced(speaker, reply, [Pieces(product, shown, 1)])
    else:
        _several(speaker, reply, product, groups)
        if len(groups) == 2 and len(part.subjects) == 1 and asks_difference(part.text):
            say_difference(speaker, reply, [(speaker.options(held[0]), product, held[0]) for _, held in groups])
    reply.show(shown.sku)
    if not stock_said and all(not s.buyable and s is not AvailabilityState.UNKNOWN for v in priced if (s := speaker.stock(v).state)):
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
    name = speaker.with_variant(product, shown) if len(variants) == 1 else speaker.with_shared(product, variants)
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


def say_lacking(speaker: Speaker, reply: Reply, product: Product, subject: Subject) -> None:
    """That no variant has all the options asked for; what follows speaks of those that come nearest."""
    wanted = speaker.mark("dots").join(subject.lacking)
    options = [o for v in product.variants for o in v.options if o.value in subject.lacking]
    cited = {
        o.value: Citation("product", v.sku, f"option:{o.name}", f"{o.name}: {o.value}")
        for v in product.variants
        for o in v.options
        if o in options
    }
    reply.say(speaker.say("price.lacking", product=speaker.name(product), variant=wanted), speaker.cite_title(product), *cited.values())


def _total(speaker: Speaker, reply: Reply, product: Product, variant: Variant, quantity: int) -> None:
    paid = speaker.paid(variant)
    if paid is None:
        return
    total = Money(paid.minor * quantity, paid.currency)
    reply.say(
        speaker.say("price.total", quantity=quantity, total=speaker.money(total), price=speaker.money(paid)), speaker.cite_price(variant)
    )
    say_reduced(speaker, reply, [Pieces(product, variant, quantity)])


def _several(speaker: Speaker, reply: Reply, product: Product, groups: list[tuple[Money, list[Variant]]]) -> None:
    low, high = groups[0][0], groups[-1][0]
    name = speaker.with_shared(product, [v for _, held in groups for v in held])
    cited = [speaker.cite_title(product), speaker.cite_price(groups[0][1][0]), speaker.cite_price(groups[-1][1][0])]
    words = _distinguishing(speaker, groups)
    if words is None:
        names = speaker.words.listed(_varying(speaker, [v for _, held in groups for v in held]))
        key = "price.varies_by" if names else "price.varies_plain"
        reply.say(speaker.say(key, product=name, low=speaker.money(low), high=speaker.money(high), names=names), *cited)
        return
    reply.say(speaker.say("price.varies", product=name, low=speaker.money(low), high=speaker.money(high)), *cited)
    items = [speaker.say("price.item", variant=said, price=speaker.money(paid)) for (paid, _), said in zip(groups, words, strict=True)]
    reply.say(speaker.mark("semicolon").join(items), *(speaker.cite_price(v) for _, held in groups for v in held[:1]), line=True)


def _distinguishing(speaker: Speaker, groups: list[tuple[Money, list[Variant]]]) -> list[str] | None:
    """Words for each price: the values of the one option that decides it, else every variant by the options that differ; None where that would
    be more than PRICES_NAMED."""
    variants = [v for _, held in groups for v in held]
    for name in _varying(speaker, variants):
        values = [list(dict.fromkeys(option_value(o) for v in held for o in _spoken(speaker, v) if o.name == name)) for _, held in groups]
        every = [value for row in values for value in row]
        if all(values) and len(every) == len(set(every)) and len(every) <= PRICES_NAMED:
            return [speaker.mark("slash").join(row) for row in values]
    if len(variants) > PRICES_NAMED:
        return None
    varying = set(_varying(speaker, variants))
    return [
        speaker.mark("slash").join(
            speaker.mark("dots").join(dict.fromkeys(option_value(o) for o in _spoken(speaker, v) if o.name in varying)) or v.sku
            for v in held
        )
        for _, held in groups
    ]


def _varying(speaker: Speaker, variants: Sequence[Variant]) -> list[str]:
    """Names of the options in which the variants differ."""
    values: dict[str, set[str]] = {}
    for variant in variants:
        for option in _spoken(speaker, variant):
            values.setdefault(option.name, set()).add(option.value)
    return [name for name, found in values.items() if len(found) > 1]


def _spoken(speaker: Speaker, variant: Variant) -> list[Attribute]:
    """The options in the customer's language, else as the merchant wrote them."""
    base = speaker.language
    own = [o for o in variant.options if o.language.startswith(base)] or [o for o in variant.options if o.language == "und"]
    return own or list(variant.options)


def _on_request(speaker: Speaker, part: Part, product: Product, variants: Sequence[Variant], rule: Rule | None) -> Reply:
    """No price is stated; the house's own words on that, where it has some, are the answer."""
    if rule is not None and answers(rule, least=RULE_SURE):
        reply = rule_reply(speaker, part, rule)
        reply.focus = product.id
        reply.show(speaker.shown_variant(product, variants).sku)
        reply.quick_replies.append(speaker.say("chip.person"))
        return reply
    reply = Reply(Outcome.ABSTAINED, ABSTAINED, focus=product.id, gap="price not stated", gap_product=product.id)
    reply.say(speaker.say("price.none", product=speaker.name(product)), speaker.cite_title(product))
    reply.show(speaker.shown_variant(product, variants).sku)
    reply.quick_replies.append(speaker.say("chip.person"))
    return reply
