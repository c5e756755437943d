"""Can it be had: the variant asked for, which variants there are, how many pieces, and what to take instead."""

from collections.abc import Sequence
from itertools import chain

from bot.answering.answer import Citation, Outcome
from bot.answering.facts import Fact, facts_of, in_language, options_of
from bot.answering.pricing import say_lacking
from bot.answering.reply import Reply
from bot.answering.speaking import Speaker, option_is
from bot.answering.thresholds import ABSTAINED, LISTED, PRODUCT_FITS, SURE, document_relevance
from bot.understanding.lexicon import values
from bot.understanding.question import Part, Subject
from knowledge.attribute_names import concept_of
from knowledge.catalog import AvailabilityState, Product, Variant
from knowledge.folding import fold
from retrieval.retriever import Evidence

VARIANTS_NAMED = 8


def stock_reply(speaker: Speaker, part: Part, product: Product, subject: Subject, evidence: Evidence) -> Reply:
    """Whether the product, or the variant meant, can be had now."""
    reply = Reply(Outcome.ANSWERED, SURE, focus=product.id)
    if _not_an_option(speaker, part, product, subject, reply):
        return reply
    if subject.lacking:
        say_lacking(speaker, reply, product, subject)
    variants = speaker.variants_meant(product, part, subject)
    if all(speaker.stock(v).state is AvailabilityState.UNKNOWN for v in variants):
        return _unknown(speaker, product, variants)
    if len(variants) == 1:
        _one(speaker, reply, part, product, variants[0])
    else:
        _several(speaker, reply, product, variants)
    if not any(speaker.stock(v).state.buyable for v in variants):
        instead(speaker, reply, product, variants, evidence)
    return reply


def _not_an_option(speaker: Speaker, part: Part, product: Product, subject: Subject, reply: Reply) -> bool:
    """ "Do you have it in red?" where no variant is red: says what there is."""
    wanted = part.asked_value
    if not wanted or (subject.sku and len(product.variants) > 1):
        return False
    options = [f for f in facts_of(product) if f.is_option]
    known = values().by_word.get(fold(wanted).strip())
    asked = {known.kind} if known else set()
    asked |= {concept_of(word) or word for word in part.asked}
    named = [f for f in options if concept_of(f.name) in asked]
    if not named or len(speaker.variants_meant(product, part, subject)) < len(product.variants) or len(product.variants) < 2:
        return False
    if any(option_is(f.value, wanted) for f in options):
        return False
    found = list(dict.fromkeys(f.value for f in in_language(named, speaker.language)))
    reply.say(
        speaker.say("stock.no_such_option", product=speaker.name(product), value=wanted, values=speaker.words.listed(found)),
        speaker.cite_title(product),
        *(f.cited for f in _first_of_each(in_language(named, speaker.language))),
    )
    reply.show(speaker.shown_variant(product).sku)
    return True


def _first_of_each(facts: Sequence[Fact]) -> list[Fact]:
    return list({f.value: f for f in reversed(facts)}.values())[::-1]


def _one(speaker: Speaker, reply: Reply, part: Part, product: Product, variant: Variant) -> None:
    stock = speaker.stock(variant)
    name = speaker.with_variant(product, variant)
    cited = [speaker.cite_title(product), speaker.cite_stock(variant), *_numbered([variant])]
    if len(product.variants) > 1:
        reply.focus_sku = variant.sku
    reply.show(variant.sku)
    pieces = None if speaker.hides_stock else stock.quantity
    wanted = part.quantity or 0
    if wanted > 1 and stock.quantity is not None and stock.state.buyable and stock.state is not AvailabilityState.BACKORDER:
        if stock.quantity >= wanted:
            reply.say(speaker.say("stock.enough", product=name), *cited)
        elif pieces is not None:
            reply.say(speaker.words.count("stock.too_few", pieces, product=name), *cited)
        else:
            reply.say(speaker.say("stock.too_few_hidden", product=name), *cited)
        return
    match stock.state:
        case AvailabilityState.IN_STOCK | AvailabilityState.LOW if pieces:
            low = stock.state is AvailabilityState.LOW
            reply.say(speaker.words.count("stock.few" if low else "stock.pieces", pieces, product=name), *cited)
        case AvailabilityState.LOW:
            reply.say(speaker.say("stock.few_hidden", product=name), *cited)
        case state:
            reply.say(speaker.say(f"stock.{state.value}", product=name), *cited)


def _several(speaker: Speaker, reply: Reply, product: Product, variants: Sequence[Variant]) -> None:
    there = [v for v in variants if speaker.stock(v).state.buyable]
    gone = [v for v in variants if v not in there and speaker.stock(v).state is not AvailabilityState.UNKNOWN]
    name = speaker.with_shared(product, variants)
    title = speaker.cite_title(product)
    if there:
        reply.show(there[0].sku)
        head = "stock.some" if gone else "stock.all"
        if not reply.statements:
            reply.say(speaker.say(head, product=name), title, *_cited(speaker, there))
        reply.say(speaker.say("stock.available_list", variants=_named(speaker, there, numbers=True)), *_cited(speaker, there), line=True)
    else:
        reply.show(variants[0].sku)
        reply.say(speaker.say("stock.none", product=name), title, *_cited(speaker, gone))
    if gone and there:
        reply.say(speaker.say("stock.gone_list", variants=_named(speaker, gone, numbers=False)), *_cited(speaker, gone), line=True)


def _cited(speaker: Speaker, variants: Sequence[Variant]) -> list[Citation]:
    """The stock of the variants that are named, and what these are called."""
    named = variants[:VARIANTS_NAMED]
    return [*(speaker.cite_stock(v) for v in named), *_numbered(named)]


def _numbered(variants: Sequence[Variant]) -> list[Citation]:
    """Options whose figures stand in the words: "37" of a shoe is no count of pieces."""
    facts = (f for f in options_of(variants) if any(c.isdigit() for c in f.value))
    return list(dict.fromkeys(f.cited for f in facts))


def _named(speaker: Speaker, variants: Sequence[Variant], *, numbers: bool) -> str:
    items = []
    for variant in variants[:VARIANTS_NAMED]:
        stock = speaker.stock(variant)
        words = speaker.options(variant)
        if stock.state in (AvailabilityState.PREORDER, AvailabilityState.BACKORDER):
            words = speaker.say("stock.item", variant=words, note=speaker.say(f"stock.word_{stock.state.value}"))
        elif numbers and stock.quantity and not speaker.hides_stock:
            words = speaker.say("stock.item", variant=words, note=speaker.words.count("stock.count", stock.quantity))
        items.append(words)
    text = speaker.mark("enumerate").join(items)
    more = len(variants) - VARIANTS_NAMED
    return speaker.say("list.and_more", items=text) if more > 0 else text


def _unknown(speaker: Speaker, product: Product, variants: Sequence[Variant]) -> Reply:
    reply = Reply(Outcome.ABSTAINED, ABSTAINED, focus=product.id, gap="stock not stated", gap_product=product.id)
    reply.say(speaker.say("stock.unknown", product=speaker.name(product)), speaker.cite_title(product))
    reply.show(speaker.shown_variant(product, variants).sku)
    reply.quick_replies.append(speaker.say("chip.person"))
    return reply


def instead(speaker: Speaker, reply: Reply, product: Product, variants: Sequence[Variant], evidence: Evidence) -> None:
    """Other variants of it, its successor, then the nearest products that can be bought."""
    others = [v for v in product.variants if v not in variants and speaker.stock(v).state.buyable]
    if others:
        reply.say(
            speaker.say("stock.other_variants", variants=_named(speaker, others, numbers=False)),
            *_cited(speaker, others),
            line=True,
        )
        reply.show(others[0].sku)
        return
    nearest = alternatives(speaker, product, evidence)
    if nearest:
        reply.say(speaker.say("stock.instead"), line=True)
        for other in nearest:
            chosen = speaker.shown_variant(other)
            reply.say(
                speaker.say("stock.instead_item", product=speaker.name(other), price=speaker.price_words(other)),
                speaker.cite_title(other),
                speaker.cite_price(chosen),
                line=True,
            )
            reply.show(chosen.sku)
        reply.shown = [other.id for other in nearest]


def alternatives(speaker: Speaker, product: Product, evidence: Evidence) -> list[Product]:
    """Buyable products that replace this one or stand in the same category, by likeness to what was asked."""
    view = speaker.findings.view
    own = {product.id, *(v.sku.casefold() for v in product.variants)}
    successors = [
        p for p in view.products.values() if p.replaces and p.id != product.id and any(r.casefold() in own or r in own for r in p.replaces)
    ]
    own_leaves = leaves(product)
    found = [
        p
        for hit in evidence.products
        if (p := view.products.get(hit.id))
        and p.id != product.id
        and (own_leaves & leaves(p) or (not own_leaves and document_relevance(hit) >= PRODUCT_FITS))
    ]
    kin = (p for p in view.products.values() if p.id != product.id and own_leaves & leaves(p))
    out: dict[str, Product] = {}
    for candidate in chain(successors, found, kin):
        if any(speaker.stock(v).state.buyable for v in candidate.variants):
            out.setdefault(candidate.id, candidate)
        if len(out) == _LOOKED_AT:
            break
    near = [other for other in out.values() if other in successors or _comparable(speaker, product, other)]
    return (near or list(out.values()))[:LISTED]


_LOOKED_AT = 8
_FARTHEST = 4
"""What costs more than so many times as much, or as little, is no alternative where there is a nearer one."""


def _comparable(speaker: Speaker, product: Product, other: Product) -> bool:
    """Whether two products cost something of the same order."""
    prices = [[paid.minor for v in one.variants if (paid := speaker.paid(v)) is not None] for one in (product, other)]
    if not all(prices):
        return True
    own, others = min(prices[0]), min(prices[1])
    return own <= _FARTHEST * others and others <= _FARTHEST * own


def leaves(product: Product) -> set[str]:
    """The names of its categories, whole paths."""
    return {text for path in product.categories for text in path.values()}
