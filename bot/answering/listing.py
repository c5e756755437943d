"""Finding and recommending: up to five products with price and one reason each, in the order asked for; the extremes of an attribute; and what
to relax where nothing fits."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.answering.answer import Citation, Outcome
from bot.answering.facts import Fact, Verdict, facts_of, in_language, label, means, measure, stated, verdict, wanted_words
from bot.answering.reply import Reply
from bot.answering.speaking import Speaker, best_key, holds, sentences, trimmed
from bot.answering.stock import alternatives, leaves
from bot.answering.thresholds import (
    ABSTAINED,
    ADVICE_CERTAIN,
    ADVISED,
    LISTED,
    LISTED_MOST,
    OPTIONS,
    PRODUCT_FITS,
    PRODUCT_KEEPS,
    REASON_MOST,
    SUITS,
    SURE,
    document_relevance,
)
from bot.understanding.constraints import goods_wished
from bot.understanding.lexicon import values
from bot.understanding.question import Intent, Part
from bot.understanding.shop_words import words_of
from knowledge.catalog import Product
from knowledge.folding import fold
from knowledge.localized import pick
from knowledge.money import Money
from knowledge.units import Dimension, Quantity, quantities
from retrieval.filters import AttributeCondition, Filters
from retrieval.retriever import Evidence, Sort
from retrieval.tokens import tokens
from retrieval.view import ShopView

Matching = Callable[[ShopView, Filters, datetime], Sequence[str]]
"""Ids of every product that satisfies the filters (UTC now), in catalog order."""

_SORTS = {
    Sort.PRICE_ASC: "search.by_price_asc",
    Sort.PRICE_DESC: "search.by_price_desc",
    Sort.RATING: "search.by_rating",
    Sort.NEWEST: "search.by_newest",
    Sort.DISCOUNT: "search.by_discount",
}
RELAXED = 3
_CATEGORIES: dict[tuple[str, int, int, str, int], list[str]] = {}
_CATEGORIES_KEPT = 256
"""Largest categories of the revisions that were asked about: counting them takes 2 µs a product."""


def catalog_matching(view: ShopView, filters: Filters, now: datetime) -> Sequence[str]:
    """From the view's own tables; () where they are not built."""
    if view.tables is None:
        return ()
    catalog = view.tables.catalog
    return [catalog.ids[number] for number in catalog.matching(filters, now).products.nonzero()[0].tolist()]


def found_products(speaker: Speaker, part: Part, evidence: Evidence) -> list[tuple[Product, float]]:
    """The products worth naming, with how well they fit, in evidence order."""
    rows = [(p, document_relevance(hit), hit.score) for hit in evidence.products if (p := speaker.product(hit.id))]
    if not rows:
        return []
    # Structure that the words gave (a category, a brand, a property) already says that these are meant.
    meant = bool(part.filters.categories or part.filters.brands or part.filters.attributes or part.filters.product_ids is not None)
    # A present is advised, not looked up: the nearest within the conditions are worth naming, however far the words are.
    advised = part.intent is Intent.RECOMMEND and part.certainty >= ADVICE_CERTAIN and bool(part.purpose or not part.filters.empty)
    if advised and not meant:
        rows = _suiting(part, [(p, max(fit, ADVISED), score) for p, fit, score in rows])
    fitting = [row for row in rows if row[1] >= PRODUCT_FITS]
    if part.sort is not Sort.RELEVANCE or part.filters.on_sale:
        return [(p, max(fit, SURE)) for p, fit, _ in (rows if meant else fitting or rows)]
    if not meant:
        rows = fitting
    best = max((score for _, _, score in rows), default=0.0)
    if part.asked:
        # Which of them state what is asked decides, not which are a little nearer in words.
        return [(p, max(fit, 0.8) if meant else fit) for p, fit, _ in rows]
    return [(p, max(fit, 0.8) if meant else fit) for p, fit, score in rows if score >= best - PRODUCT_KEEPS]


def _suiting(part: Part, rows: list[tuple[Product, float, float]]) -> list[tuple[Product, float, float]]:
    """Best first for the person it is meant for: what is made for men is no present for a mother; what says that it is a present comes first."""
    who = {hit.value for hit in values().person_gender.find(part.purpose)}
    people = {fold(hit.value) for hit in values().people.find(part.purpose)}
    out = []
    for product, fit, score in rows:
        texts = [*product.title.values(), *product.description.values(), *(a.value for a in product.attributes)]
        whole = " ".join(texts)
        made_for = {hit.value.id for hit in values().phrases.find(whole) if hit.value.kind == "gender"} & {"men", "women"}
        made_for |= {hit.value for hit in values().person_gender.find(whole)}
        named = any(fold(hit.value) in people for hit in values().people.find(whole))
        if len(who) == 1 and made_for and not (made_for & who) and not named:
            continue
        gain = (SUITS if named or (who and made_for == who) else 0.0) + (SUITS if people and _PRESENT.search(fold(whole)) else 0.0)
        out.append((product, fit, score + gain))
    return sorted(out or rows, key=lambda row: -row[2])


_PRESENT = re.compile(r"\bgifts?\b|\bpresents?\b|礼物|礼盒|送礼|送人")


def not_carried(speaker: Speaker, part: Part) -> bool:
    """Whether a kind of goods is asked for that no title and no category of the shop names: then the nearest in meaning is none of it."""
    hits = goods_wished(part.text)
    if part.intent is not Intent.PRODUCT_SEARCH or not hits or part.filters.categories or part.filters.product_ids is not None:
        return False
    words = words_of(speaker.findings.view)
    folded = fold(part.text)
    if not all(_ENDS_NOUN.match(folded[hit.end :]) for hit in hits):
        return False
    return not any(words.titled(word) or words.categories.get(word) for hit in hits for word in (folded[hit.start : hit.end], *hit.value))


_ENDS_NOUN = re.compile(r"s?\s*(?:$|[,，.。?？!！;；]|\b(?:under|below|for|in|with|up|at|that|from|here|please|and|or)\b|[吗么嘛呢吧有的])")


def nearness(evidence: Evidence) -> float:
    """How likely the best product found is about the question."""
    return max((document_relevance(hit) for hit in evidence.products), default=0.0)


def search_reply(speaker: Speaker, part: Part, evidence: Evidence, matching: Matching) -> Reply:
    """Products for a wish."""
    found = found_products(speaker, part, evidence)
    if not found:
        if not part.filters.empty and not evidence.products:
            return _nothing_fits(speaker, part, matching)
        return nothing_like(speaker, part)
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
        _item(speaker, reply, part, product, number if len(chosen) > 1 else 0, sku)
    reply.shown = [product.id for product, _ in chosen]
    if len(chosen) == 1:
        reply.focus = chosen[0][0].id
    if len(chosen) > 1:
        reply.quick_replies.append(speaker.say("chip.compare"))
    return reply


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


def _item(speaker: Speaker, reply: Reply, part: Part, product: Product, number: int, sku: str = "") -> None:
    among = speaker.variants_meant(product, part, None)
    chosen = next((v for v in among if v.sku == sku), None) or speaker.shown_variant(product, among)
    bound = part.filters.price_max
    if bound is not None:
        # Over budget are the dear variants of a product of which a cheaper one fits: it is the fitting ones' price that is said.
        among = [v for v in among if (paid := speaker.paid(v)) and paid.currency == bound.currency and paid.minor <= bound.minor] or among
    reason, cited = reason_for(speaker, part, product)
    pieces = [speaker.say("search.product", product=speaker.name(product), price=speaker.price_words(product, among))]
    if not speaker.buyable(product):
        pieces.append(speaker.say("search.out_of_stock"))
        cited = [*cited, speaker.cite_stock(chosen)]
    if reason:
        pieces.append(reason)
    text = speaker.mark("dash").join(pieces)
    if number:
        text = speaker.say("list.numbered", number=number, text=text)
    reply.say(text, speaker.cite_title(product), speaker.cite_price(chosen), *cited, line=True)
    reply.show(chosen.sku)


# ── reasons ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def reason_for(speaker: Speaker, part: Part, product: Product) -> tuple[str, list[Citation]]:
    """Why it is shown: the properties that meet the wishes, else the statement nearest to the words, else how it opens."""
    facts = [f for c in part.filters.attributes if not c.absent and (f := _meeting(speaker, product, c))]
    facts += stated(product, part.asked, speaker.language)[:1]
    facts = list({f.value: f for f in facts}.values())
    if facts:
        shown = [
            speaker.say("fact.short", name=label(f, (), speaker.language), value=trimmed(" ".join(f.value.split()), REASON_MOST))
            for f in facts[:2]
        ]
        return speaker.mark("enumerate").join(shown), [f.cited for f in facts[:2]]
    if part.sort is Sort.RATING and product.rating is not None:
        return speaker.say("search.rated", rating=f"{product.rating:g}"), [
            Citation("product", product.sku, "rating", f"{product.rating:g}")
        ]
    asked = {t for t in tokens(part.standalone) if len(t) > 1} - set(tokens(" ".join(product.title.values())))
    stating = in_language([f for f in facts_of(product) if not f.is_option], speaker.language)
    best = max(stating, key=lambda f: len(asked & set(tokens(f"{f.name} {f.value}"))), default=None)
    rows = sentences(" ".join(pick(product.description, speaker.language).split()))
    top = max(rows, key=lambda row: len(asked & set(tokens(row))), default="")
    if best is not None and len(asked & set(tokens(f"{best.name} {best.value}"))) >= max(1, len(asked & set(tokens(top)))):
        return speaker.say(
            "fact.short", name=label(best, (), speaker.language), value=trimmed(" ".join(best.value.split()), REASON_MOST)
        ), [best.cited]
    if not top:
        return "", []
    quote = _clause(top)
    return quote, [Citation("product", product.sku, "description", quote)]


def _clause(sentence: str) -> str:
    """A sentence without its stop; a long one up to its last comma that fits."""
    text = sentence.strip().rstrip("。.")
    if len(text) <= REASON_MOST:
        return text
    head = text[:REASON_MOST]
    cut = max(head.rfind(mark) for mark in ("，", ", ", "；", "; ", ": ", "："))
    return head[:cut].rstrip() if cut > REASON_MOST // 3 else trimmed(text, REASON_MOST)


def _meeting(speaker: Speaker, product: Product, condition: AttributeCondition) -> Fact | None:
    facts = in_language(facts_of(product), speaker.language)
    if condition.names:
        facts = [f for f in facts if any(means(f.name, name) for name in condition.names)]
    if condition.values:
        facts = [f for f in facts if any(holds(fold(f.value), fold(v)) for v in condition.values)]
    elif not condition.names:
        return None
    return facts[0] if facts else None


# ── conditions ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def conditions_in_words(speaker: Speaker, filters: Filters) -> list[str]:
    """Each condition in force in the customer's language."""
    words: list[str] = []
    if price := _price_words(speaker, filters):
        words.append(price)
    words.extend(a.said or " ".join(a.values[:1]) for a in filters.attributes if a.said or a.values)
    if filters.brands:
        words.append(speaker.say("condition.brand", brand=" / ".join(filters.brands)))
    if filters.not_brands:
        words.append(speaker.say("condition.not_brand", brand=" / ".join(filters.not_brands)))
    if filters.in_stock:
        words.append(speaker.say("condition.in_stock"))
    if filters.on_sale:
        words.append(speaker.say("condition.on_sale"))
    return words


def _price_words(speaker: Speaker, filters: Filters) -> str:
    if filters.price_min is not None and filters.price_max is not None:
        return speaker.say("condition.between", low=speaker.money(filters.price_min), high=speaker.money(filters.price_max))
    if filters.price_max is not None:
        return speaker.say("condition.price_max", price=speaker.money(filters.price_max))
    return speaker.say("condition.price_min", price=speaker.money(filters.price_min)) if filters.price_min is not None else ""


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


def _nothing_fits(speaker: Speaker, part: Part, matching: Matching) -> Reply:
    filters = part.filters
    reply = Reply(Outcome.ANSWERED, 0.8, gap="no product fits", long=True)
    conditions = conditions_in_words(speaker, filters)
    kind = _category_words(speaker, filters)
    words = speaker.words.listed([*([kind] if kind else []), *conditions])
    reply.say(speaker.say("search.nothing_fits", conditions=words) if words else speaker.say("search.nothing_in"))
    options = _relaxations(speaker, filters, matching)
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


def _relaxations(speaker: Speaker, filters: Filters, matching: Matching) -> list[tuple[str, Product]]:
    """Each condition whose dropping gives something: its words, and the nearest product that then fits."""
    view, now = speaker.findings.view, speaker.findings.now
    if not (filters.categories or filters.brands or filters.product_ids is not None):
        return []  # without a kind of goods, what is left when a condition goes is anything at all
    trials: list[tuple[str, Filters]] = []
    budget = speaker.say("condition.budget")
    if filters.price_max is not None or filters.price_min is not None:
        trials.append((budget, replace(filters, price_max=None, price_min=None)))
    for condition in filters.attributes:
        rest = tuple(a for a in filters.attributes if a is not condition)
        trials.append((_quoted(speaker, condition.said or " ".join(condition.values[:1])), replace(filters, attributes=rest)))
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
            out.append((words, min((view.products[i] for i in ids), key=lambda p: _distance(speaker, p, filters))))
    return out


def _quoted(speaker: Speaker, words: str) -> str:
    return speaker.say("condition.quoted", condition=words)


def _distance(speaker: Speaker, product: Product, filters: Filters) -> tuple[bool, int]:
    """Nearest to the budget first; what cannot be bought last."""
    prices = [p.minor for v in product.variants if (p := speaker.paid(v))]
    if not prices:
        return (not speaker.buyable(product), 10**15)
    if filters.price_max is not None:
        return (not speaker.buyable(product), max(0, min(prices) - filters.price_max.minor))
    if filters.price_min is not None:
        return (not speaker.buyable(product), max(0, filters.price_min.minor - max(prices)))
    return (not speaker.buyable(product), 0)


def _cheapest(speaker: Speaker, products: Sequence[Product]) -> Money | None:
    prices = [p for product in products for v in product.variants if (p := speaker.paid(v))]
    return min(prices, key=lambda m: m.minor, default=None)


def nothing_like(speaker: Speaker, part: Part) -> Reply:
    """Nothing of the kind in the catalog; says what there is."""
    reply = Reply(Outcome.ABSTAINED, ABSTAINED, gap="not in the catalog")
    reply.say(speaker.say("search.nothing_like"))
    kinds = categories(speaker)
    if kinds:
        reply.say(speaker.say("search.we_have", categories=speaker.words.listed(kinds)))
    reply.quick_replies.append(speaker.say("chip.person"))
    return reply


def categories(speaker: Speaker, most: int = OPTIONS) -> list[str]:
    """The shop's largest top-level categories, in the customer's language."""
    view = speaker.findings.view
    key = (view.shop.id, view.revision, id(view.products), speaker.language, most)
    if key in _CATEGORIES:
        return list(_CATEGORIES[key])
    counted: Counter[str] = Counter()
    for product in view.products.values():
        for path in product.categories[:1]:
            top = pick(path, speaker.language).split(">", maxsplit=1)[0].strip()
            if top:
                counted[top] += 1
    named = [name for name, _ in counted.most_common(most)]
    # Inside an English sentence a heading is an ordinary word.
    named = [name.lower() if speaker.language == "en" and not name.isupper() else name for name in named]
    if len(_CATEGORIES) >= _CATEGORIES_KEPT:
        _CATEGORIES.clear()
    _CATEGORIES[key] = named
    return list(named)


# ── extremes ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


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


# ── beside a product ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def beside_reply(speaker: Speaker, part: Part, product: Product, evidence: Evidence) -> Reply | None:
    """What the merchant says goes with a product, or what is like it. None when there is neither."""
    goes = [p for name in product.goes_with if (p := _named(speaker, name)) and p.id != product.id]
    together = bool(goes) and not _ALIKE.search(fold(part.text))
    chosen = (goes if together else alternatives(speaker, product, evidence))[: min(part.count or LISTED, LISTED_MOST)]
    if not chosen:
        return None
    reply = Reply(Outcome.ANSWERED, SURE if together else 0.8, long=True)
    key = "search.goes_with" if together else "search.alike"
    reply.say(speaker.say(key, product=speaker.name(product)), speaker.cite_title(product))
    for number, other in enumerate(chosen, start=1):
        _item(speaker, reply, part, other, number if len(chosen) > 1 else 0)
    reply.shown = [p.id for p in chosen]
    reply.focus = product.id  # "it" is still the one that was asked about
    return reply


_ALIKE = re.compile(r"similar|alternative|instead|something like|anything like|other than|类似|替代|平替|差不多|同类|别的|其他")


def _named(speaker: Speaker, name: str) -> Product | None:
    """By SKU or product id."""
    owner = speaker.findings.view.by_sku.get(name.casefold())
    return speaker.product(owner) if owner else speaker.product(name)
