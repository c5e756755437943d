"""Nothing fits: what to relax, and what that would give."""

from collections.abc import Sequence
from dataclasses import replace

from bot.answering.answer import Citation, Outcome
from bot.answering.conditions_said import condition_in_words, conditions_in_words
from bot.answering.described import avoided, features_wished, holds_avoided, of_feature
from bot.answering.matching import Matching
from bot.answering.reply import Reply
from bot.answering.speaking import Speaker, holds, trimmed
from bot.answering.stock import leaves
from bot.answering.thresholds import ABSTAINED, REASON_MOST
from bot.understanding.question import Part
from knowledge.catalog import Product
from knowledge.folding import fold
from knowledge.localized import pick
from knowledge.money import Money
from knowledge.verdicts import Verdict
from retrieval.filters import Filters, Way

RELAXED = 3


def _category_words(speaker: Speaker, filters: Filters) -> str:
    """The category's own name in the customer's language; "" when none is asked for."""
    wanted = {fold(name).strip() for name in filters.categories}
    for product in speaker.findings.view.products.values() if wanted else ():
        for path in product.categories:
            levels = [[level.strip() for level in text.split(">")] for text in path.values()]
            own = [level.strip() for level in pick(path, speaker.language).split(">")]
            for depth, name in enumerate(own):
                if any(depth < len(row) and fold(row[depth]) in wanted for row in levels):
                    return name
    return ""


def nothing_fits(speaker: Speaker, part: Part, matching: Matching) -> Reply:
    """Says so, and for each condition the nearest product that fits without it."""
    filters = part.filters
    reply = Reply(Outcome.ANSWERED, 0.8, gap="no product fits", long=True)
    free = _said_free(speaker, part, matching)
    if free:
        return _listed(speaker, reply, free)
    conditions = conditions_in_words(speaker, filters)
    kind = _category_words(speaker, filters)
    words = speaker.words.listed([*([kind] if kind else []), *conditions])
    reply.say(speaker.say("search.nothing_fits", conditions=words) if words else speaker.say("search.nothing_in"))
    options = _relaxations(speaker, part, matching)
    for words, product in options[:RELAXED]:
        chosen = speaker.shown_variant(product)
        reply.say(
            speaker.say("search.relaxed", condition=words, product=speaker.name(product), price=speaker.price_words(product)),
            speaker.cite_title(product),
            speaker.cite_price(chosen),
            line=True,
        )
        reply.show(chosen.sku)
    reply.shown = [product.id for _, product in options[:RELAXED]]
    if not options:
        reply.outcome, reply.confidence = Outcome.ABSTAINED, ABSTAINED
        reply.quick_replies.append(speaker.say("chip.person"))
    elif filters.price_max is not None and (
        cheapest := _cheapest(speaker, [p for w, p in options if w == speaker.say("condition.budget")])
    ):
        reply.quick_replies.append(speaker.say("chip.up_to", price=speaker.money(cheapest)))
    return reply


def _listed(speaker: Speaker, reply: Reply, rows: Sequence[tuple[Product, Citation]]) -> Reply:
    reply.say(speaker.words.count("search.closest", len(rows)))
    for product, cited in rows:
        chosen = speaker.shown_variant(product)
        said = speaker.say("search.product", product=speaker.name(product), price=speaker.price_words(product))
        text = speaker.mark("dash").join([said, trimmed(cited.quote, REASON_MOST)])
        reply.say(text, speaker.cite_title(product), speaker.cite_price(chosen), cited, line=True)
        reply.show(chosen.sku)
    reply.shown = [product.id for product, _ in rows]
    reply.focus = rows[0][0].id if len(rows) == 1 else ""
    return reply


def without_it(speaker: Speaker, part: Part) -> Reply | None:
    """ "So which one's without milk?" after a product: what of the same category says so; None where that tells nothing apart."""
    focus, features = speaker.product(speaker.findings.memory.focus), features_wished(part.text)
    if focus is None or not features or not all(feature.absent for feature in features):
        return None
    kin = [p for p in speaker.findings.view.products.values() if leaves(p) & leaves(focus)]
    rows = []
    for product in kin:
        told = [of_feature(product, feature, speaker.language) for feature in features]
        if all(says is Verdict.NO for says, _ in told) and (held := told[0][1]) is not None:
            rows.append((product, Citation("product", product.sku, held.field, held.text)))
    if not rows or len(rows) == len(kin):
        return None
    return _listed(speaker, Reply(Outcome.ANSWERED, 0.8, long=True), rows[:RELAXED])


def _said_free(speaker: Speaker, part: Part, matching: Matching) -> list[tuple[Product, Citation]]:
    """Of somebody who must not have something: what stands beside the kind asked for and says that it is free of it."""
    filters, features = part.filters, avoided(part.text)
    if not features or filters.product_ids is None:
        return []
    view = speaker.findings.view
    near = {leaf for id_ in filters.product_ids if id_ in view.products for leaf in leaves(view.products[id_])}
    beside = replace(filters, product_ids=None, categories=tuple(near))
    out = []
    for id_ in matching(view, beside, speaker.findings.now) if near else ():
        product = view.products[id_]
        told = [held for feature in features if (held := holds_avoided(product, feature, speaker.language)) and held.says is Verdict.NO]
        if len(told) == len(features):
            out.append((product, Citation("product", product.sku, told[0].field, told[0].text)))
    return out[:RELAXED]


def _relaxations(speaker: Speaker, part: Part, matching: Matching) -> list[tuple[str, Product]]:
    """Each condition whose dropping gives something: its words, and the nearest product that then fits."""
    view, now, filters = speaker.findings.view, speaker.findings.now, part.filters
    if not (filters.categories or filters.brands or filters.product_ids is not None):
        return []  # without a kind of goods, what is left when a condition goes is anything at all
    trials: list[tuple[str, Filters]] = []
    budget = speaker.say("condition.budget")
    if filters.price_max is not None or filters.price_min is not None:
        trials.append((budget, replace(filters, price_max=None, price_min=None)))
    for condition in filters.attributes:
        if condition.absent and condition.way is Way.SAYS:
            continue  # what is not wanted is not offered
        rest = tuple(a for a in filters.attributes if a is not condition)
        trials.append((_quoted(speaker, condition_in_words(speaker, condition)), replace(filters, attributes=rest)))
    if filters.brands:
        trials.append((_quoted(speaker, speaker.say("condition.brand", brand=" / ".join(filters.brands))), replace(filters, brands=())))
    if filters.not_brands:
        trials.append(
            (_quoted(speaker, speaker.say("condition.not_brand", brand=" / ".join(filters.not_brands))), replace(filters, not_brands=()))
        )
    if filters.in_stock:
        trials.append((_quoted(speaker, speaker.say("condition.in_stock")), replace(filters, in_stock=False)))
    if filters.on_sale:
        trials.append((_quoted(speaker, speaker.say("condition.on_sale")), replace(filters, on_sale=False)))
    out = []
    for words, relaxed in trials:
        if relaxed.empty:
            continue
        ids = [i for i in matching(view, relaxed, now) if i in view.products]
        if ids:
            out.append(
                (words, min((view.products[i] for i in ids), key=lambda p: (not _says_asked(p, part), *_distance(speaker, p, filters))))
            )
    return out


def _says_asked(product: Product, part: Part) -> bool:
    """Whether it says what is asked for in the customer's words ("light roast"): no condition, but the nearer one."""
    words = [fold(word) for word in part.asked]
    texts = [*product.title.values(), *product.description.values(), *(a.value for a in product.attributes)]
    return not words or any(holds(fold(text), word) for text in texts for word in words)


def _quoted(speaker: Speaker, words: str) -> str:
    return speaker.say("condition.quoted", condition=words)


def _distance(speaker: Speaker, product: Product, filters: Filters) -> tuple[bool, int]:
    """Nearest to the budget first; what cannot be bought last."""
    prices = [p.minor for v in product.variants if (p := speaker.paid(v))]
    if not prices:
        return (not speaker.buyable(product), 10**15)
    over = max(0, min(prices) - filters.price_max.minor) if filters.price_max is not None else 0
    under = max(0, filters.price_min.minor - max(prices)) if filters.price_min is not None else 0
    return (not speaker.buyable(product), over or under)


def _cheapest(speaker: Speaker, products: Sequence[Product]) -> Money | None:
    prices = [p for product in products for v in product.variants if (p := speaker.paid(v))]
    return min(prices, key=lambda m: m.minor, default=None)
