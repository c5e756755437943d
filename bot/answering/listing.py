"""Finding and recommending: up to five products with price and one reason each, in the order asked for."""

import re
from dataclasses import replace

from bot.answering.answer import Outcome
from bot.answering.conditions_said import conditions_in_words
from bot.answering.described import features_wished, meeting
from bot.answering.facts import stated, verdict, wanted_words
from bot.answering.finding import found_products
from bot.answering.matching import Matching
from bot.answering.range import nothing_like
from bot.answering.reasons import reason_for
from bot.answering.relaxing import nothing_fits
from bot.answering.reply import Reply
from bot.answering.speaking import Speaker
from bot.answering.stock import leaves, stock_reply
from bot.answering.thresholds import LISTED, LISTED_MOST, SURE
from bot.understanding.question import Intent, Part, Subject
from knowledge.catalog import Product, Variant
from knowledge.folding import fold
from knowledge.units import Dimension, quantities
from knowledge.verdicts import Verdict, presence
from retrieval.filters import AttributeCondition, Way
from retrieval.retriever import Evidence, Sort

_SORTS = {
    Sort.PRICE_ASC: "search.by_price_asc",
    Sort.PRICE_DESC: "search.by_price_desc",
    Sort.RATING: "search.by_rating",
    Sort.NEWEST: "search.by_newest",
    Sort.DISCOUNT: "search.by_discount",
}


def search_reply(speaker: Speaker, part: Part, evidence: Evidence, matching: Matching) -> Reply:
    """Products for a wish."""
    found = found_products(speaker, part, evidence)
    if not found:
        if not part.filters.empty and not evidence.products:
            return nothing_fits(speaker, part, matching)
        return nothing_like(speaker)
    features = features_wished(part.text, [c.said for c in part.filters.attributes])
    if features:
        met = {p.id: place for place, p in enumerate(meeting([p for p, _ in found], features, speaker.language))}
        found = sorted((row for row in found if row[0].id in met), key=lambda row: met[row[0].id])
    wanted = min(part.count or LISTED, LISTED_MOST)
    chosen = _buyable_first(speaker, part, _stating_first(speaker, part, found), wanted)[:wanted]
    reply = Reply(Outcome.ANSWERED, min(SURE, max(fit for _, fit in chosen)), long=True)
    if part.foreign:
        first = next((p for v in chosen[0][0].variants if (p := speaker.paid(v))), None)
        if first is not None:
            reply.say(
                speaker.say("search.other_currency", currency=first.currency), speaker.cite_price(speaker.shown_variant(chosen[0][0]))
            )
    _introduce(speaker, reply, part, evidence, len(chosen))
    for number, (product, _) in enumerate(chosen, start=1):
        sku = next((hit.sku for hit in evidence.products if hit.id == product.id), "")
        list_item(speaker, reply, part, product, number if len(chosen) > 1 else 0, sku)
    reply.shown = [product.id for product, _ in chosen]
    if len(chosen) == 1 or (part.sort is not Sort.RELEVANCE and part.count in (None, 1) and not _SEVERAL.search(fold(part.text))):
        reply.focus = chosen[0][0].id  # of an order, the first was asked for: "the dearest", 最便宜的
    if len(chosen) == 1 and (part.yes_no or _ASKS_STOCK.search(fold(part.text))):
        _say_stock(speaker, reply, part, chosen[0][0])
    if len(chosen) > 1:
        reply.quick_replies.append(speaker.say("chip.compare"))
    return reply


_SEVERAL = re.compile(r"\b(?:ones|are|some|few|list|all|top)\b|哪些|几[款个种件]|一些|列|都")
"""Asks for more than the one at the head of an order."""


def _buyable_first(speaker: Speaker, part: Part, found: list[tuple[Product, float]], wanted: int) -> list[tuple[Product, float]]:
    """What is out of stock after what can be had of the same category, and not at all where that is enough."""
    if part.filters.in_stock or part.sort in (Sort.PRICE_ASC, Sort.PRICE_DESC):
        return found  # the dearest is the dearest, and its line says that it is gone
    buyable = {p.id for p, _ in found if speaker.buyable(p)}
    kinds = {leaf for p, _ in found if p.id in buyable for leaf in leaves(p)}
    advised = part.intent is Intent.RECOMMEND
    there = [row for row in found if row[0].id in buyable or not (advised or leaves(row[0]) & kinds)]
    gone = [row for row in found if row not in there]
    return there if len(there) >= wanted else [*there, *gone]


def _stating_first(speaker: Speaker, part: Part, found: list[tuple[Product, float]]) -> list[tuple[Product, float]]:
    """Where a property is asked for with an amount or value ("fits a 16-inch laptop"): those of which the data says so, then those of which
    it does not tell; those that deny it only if nothing else is left."""
    denied = [c for c in part.filters.attributes if c.absent and c.way is Way.HAS]
    if denied:
        # What says that it has none of it goes before what says nothing, and alone where that is enough.
        saying = [row for row in found if all(_denies(speaker, row[0], c) for c in denied)]
        return saying or found
    wanted = wanted_words(part) or [part.text[q.start : q.end] for q in quantities(part.text) if q.dimension is not Dimension.NUMBER][:1]
    if not part.asked:
        return found
    said = {p.id: verdict(stated(p, part.asked, speaker.language), part.asked, wanted)[0] for p, _ in found}
    kept = [row for row in found if said[row[0].id] is not Verdict.NO] or found
    return sorted(kept, key=lambda row: said[row[0].id] is not Verdict.YES) if part.sort is Sort.RELEVANCE else kept


def _introduce(speaker: Speaker, reply: Reply, part: Part, evidence: Evidence, shown: int) -> None:
    conditions = conditions_in_words(speaker, part.filters)
    words = speaker.words.listed(conditions)
    by = speaker.say(_SORTS[part.sort]) if part.sort in _SORTS else ""
    # Conditions that say what kind of goods is meant can be counted; a price alone says nothing about the kind.
    countable = part.filters.categories or part.filters.brands or part.filters.attributes
    if conditions and countable and not part.asked and evidence.matching > shown:
        reply.say(speaker.say("search.some_of", conditions=words, count=evidence.matching))
    elif conditions:
        reply.say(speaker.words.count("search.fit", shown, conditions=words))
    elif not by:
        reply.say(speaker.words.count("search.closest", shown))
    if by and shown > 1:
        reply.say(by)


def list_item(speaker: Speaker, reply: Reply, part: Part, product: Product, number: int, sku: str = "") -> None:
    """One product of a list with price and reason. `number`: its place, 0 where it is the only one; `sku`: the variant that was found."""
    among = speaker.variants_meant(product, part, None)
    chosen = next((v for v in among if v.sku == sku), None) or speaker.shown_variant(product, among)
    # Beyond the budget are some variants of a product of which others fit: it is the fitting ones' price that is said.
    among = [v for v in among if _within_budget(speaker, part, v)] or among
    measured = any(c.minimum is not None or c.maximum is not None for c in part.filters.attributes if c.way is Way.SAYS)
    if measured and chosen.sku == sku:
        among = [v for v in among if speaker.paid(v) == speaker.paid(chosen)] or [chosen]
    reason, cited = reason_for(speaker, part, product, [chosen] if chosen.sku == sku else [])
    pieces = [speaker.say("search.product", product=speaker.name(product), price=speaker.price_words(product, among))]
    told = chosen in among and len(among) < len(product.variants)
    if not speaker.buyable(product) or (told and not any(speaker.stock(v).state.buyable for v in among)):
        pieces.append(speaker.say("search.out_of_stock"))
        cited = [*cited, speaker.cite_stock(chosen)]
    if reason:
        pieces.append(reason)
    text = speaker.mark("dash").join(pieces)
    if number:
        text = speaker.say("list.numbered", number=number, text=text)
    reply.say(text, speaker.cite_title(product), speaker.cite_price(chosen), *cited, line=True)
    reply.show(chosen.sku)


def _denies(speaker: Speaker, product: Product, condition: AttributeCondition) -> bool:
    return any(presence(f.name, f.value) is Verdict.NO for name in condition.names[:1] for f in stated(product, (name,), speaker.language))


_ASKS_STOCK = re.compile(r"还有|有货|现货|剩|有(?:没有)?.{0,12}[吗嘛么不没]\W*$|\b(?:still|left|in stock|available|u got|you got)\b")


def _say_stock(speaker: Speaker, reply: Reply, part: Part, product: Product) -> None:
    """The only one that fits: whether it can be had, as was asked."""
    among = speaker.variants_meant(product, part, None)
    subject = Subject(product.id, among[0].sku if len(among) == 1 else None, skus=tuple(v.sku for v in among) if len(among) > 1 else ())
    said = stock_reply(speaker, replace(part, asked_value=""), product, subject, Evidence())
    if said.outcome is Outcome.ANSWERED:
        for statement in said.statements:
            reply.say(statement.text, *statement.citations, line=True)
        for sku in said.skus:
            reply.show(sku)
        reply.shown += [id for id in said.shown if id not in reply.shown]


def _within_budget(speaker: Speaker, part: Part, variant: Variant) -> bool:
    paid, low, high = speaker.paid(variant), part.filters.price_min, part.filters.price_max
    if paid is None or any(bound is not None and bound.currency != paid.currency for bound in (low, high)):
        return low is None and high is None
    return (low is None or paid.minor >= low.minor) and (high is None or paid.minor <= high.minor)
