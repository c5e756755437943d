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
from knowledge.catalog import Product
from knowledge.units import Quantity
from retrieval.retriever import Evidence


def superlative_reply(speaker: Speaker, part: Part, evidence: Evidence, matching: Matching) -> Reply | None:
    """ "Which is the lightest?": over all that are meant and state it, with how many do not. None when no product states an amount."""
    direction, _, name = part.superlative.partition(":")
    products = _meant(speaker, part, evidence, matching)
    amounts = {p.id: got for p in products if (got := _amount(speaker, p, name))}
    if not amounts:
        return None
    dimension = Counter(q.dimension for q, _ in amounts.values()).most_common(1)[0][0]
    rows = [(p, *amounts[p.id]) for p in products if p.id in amounts and amounts[p.id][0].dimension is dimension]
    rows.sort(key=lambda row: row[1].base_low if direction == "min" else -row[1].base_high)
    best, _, fact = rows[0]
    reply = Reply(Outcome.ANSWERED, SURE, focus=best.id)
    chosen = speaker.shown_variant(best)
    property_ = label(fact, part.asked, speaker.language)
    if len(rows) == 1:
        reply.say(
            speaker.say("most.only", product=speaker.name(best), name=property_, value=fact.value, price=speaker.price_words(best)),
            speaker.cite_title(best), fact.cited, speaker.cite_price(chosen),
        )  # fmt: skip
    else:
        reply.say(
            speaker.say(
                best_key(speaker, f"most.{direction}", fact.name), count=len(rows), product=speaker.name(best), name=property_, value=fact.value,
                price=speaker.price_words(best),
            ),
            speaker.cite_title(best), fact.cited, speaker.cite_price(chosen),
        )  # fmt: skip
    reply.show(chosen.sku)
    following = rows[1 : max(LISTED, min(part.count or LISTED, LISTED_MOST))]
    if following:
        _runners_up(speaker, reply, following)
    if len(products) > len(rows):
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


def _amount(speaker: Speaker, product: Product, name: str) -> tuple[Quantity, Fact] | None:
    return measure([f for f in stated(product, (name,), speaker.language) if f.value])
