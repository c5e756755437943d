"""The extremes of an attribute: "which is the lightest?"."""

from collections import Counter
from collections.abc import Sequence

from bot.answering.answer import Outcome
from bot.answering.facts import Fact, label, measure, stated
from bot.answering.finding import found_products
from bot.answering.matching import Matching
from bot.answering.reply import Reply
from bot.answering.speaking import Speaker, best_key
from bot.answering.thresholds import LISTED, LISTED_MOST, SURE
from bot.understanding.question import Part
from knowledge.catalog import Product, Variant
from knowledge.units import Quantity
from retrieval.retriever import Evidence


def superlative_reply(speaker: Speaker, part: Part, evidence: Evidence, matching: Matching) -> Reply | None:
    """ "Which is the lightest?": over all that are meant and state it, with how many do not. None when no product states an amount."""
    direction, _, name = part.superlative.partition(":")
    products = _meant(speaker, part, evidence, matching)
    amounts = {p.id: got for p in products if (got := _amount(speaker, p, name, direction))}
    if not amounts:
        return None
    dimension = Counter(q.dimension for q, _ in amounts.values()).most_common(1)[0][0]
    rows = [(p, *amounts[p.id]) for p in products if p.id in amounts and amounts[p.id][0].dimension is dimension]
    rows.sort(key=lambda row: row[1].base_low if direction == "min" else -row[1].base_high)
    best, _, fact = rows[0]
    reply = Reply(Outcome.ANSWERED, SURE, focus=best.id)
    own = _variant(best, fact)
    if own is not None:
        reply.focus_sku = own.sku
    chosen = own or speaker.shown_variant(best)
    called = speaker.with_variant(best, own) if own is not None else speaker.name(best)
    price = speaker.price_words(best, [own] if own is not None else ())
    property_ = label(fact, part.asked, speaker.language)
    if len(rows) == 1:
        reply.say(
            speaker.say("most.own" if own is not None else "most.only", product=called, name=property_, value=fact.value, price=price),
            speaker.cite_title(best), fact.cited, speaker.cite_price(chosen),
        )  # fmt: skip
    else:
        reply.say(
            speaker.say(
                best_key(speaker, f"most.{direction}", fact.name), count=len(rows), product=called, name=property_, value=fact.value, price=price,
            ),
            speaker.cite_title(best), fact.cited, speaker.cite_price(chosen),
        )  # fmt: skip
    reply.show(chosen.sku)
    if own is not None and not speaker.stock(own).state.buyable and speaker.stock(own).quantity == 0:
        reply.say(speaker.say("price.but_out_of_stock"), speaker.cite_stock(own))
    following = rows[1 : max(LISTED, min(part.count or LISTED, LISTED_MOST))]
    if following:
        _runners_up(speaker, reply, following)
    if len(products) > len(rows) and not (own is not None and len(rows) == 1):
        reply.say(speaker.say("most.unstated"), line=bool(following))
    reply.shown = [row[0].id for row in rows[: 1 + len(following)]]
    return reply


def _runners_up(speaker: Speaker, reply: Reply, rows: Sequence[tuple[Product, Quantity, Fact]]) -> None:
    items = [speaker.say("most.next_item", product=speaker.name(p), value=fact.value) for p, _, fact in rows]
    reply.say(
        speaker.say("most.next", items=speaker.mark("enumerate").join(items)),
        *(c for p, _, fact in rows for c in (speaker.cite_title(p), fact.cited)),
        line=True,
    )
    for product, _, _ in rows:
        reply.show(speaker.shown_variant(product).sku)


def _meant(speaker: Speaker, part: Part, evidence: Evidence, matching: Matching) -> list[Product]:
    if len(part.subjects) > 1:
        return [p for s in part.subjects if (p := speaker.product(s.product_id))]
    narrowed = part.filters.categories or part.filters.brands or part.filters.attributes or part.filters.product_ids is not None
    if narrowed:
        view = speaker.findings.view
        every = [view.products[i] for i in matching(view, part.filters, speaker.findings.now) if i in view.products]
        if every:
            return every
    return [p for p, _ in found_products(speaker, part, evidence)]


def _amount(speaker: Speaker, product: Product, name: str, direction: str) -> tuple[Quantity, Fact] | None:
    """The product's amount; where its variants differ, the extreme one's."""
    rows = [got for f in stated(product, (name,), speaker.language) if f.value and (got := measure([f]))]
    if not rows:
        return None
    kept = [row for row in rows if row[0].dimension is rows[0][0].dimension]
    return min(kept, key=lambda row: row[0].base_low) if direction == "min" else max(kept, key=lambda row: row[0].base_high)


def _variant(product: Product, fact: Fact) -> Variant | None:
    """The variant whose own statement it is; None where it holds for the whole product."""
    chosen = next((v for v in product.variants if v.sku == fact.sku), None)
    if chosen is None or len(product.variants) < 2:
        return None
    values = {(a.name, a.value) for v in product.variants for a in (*v.attributes, *v.options) if a.name == fact.name}
    return chosen if len(values) > 1 else None
