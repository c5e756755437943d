"""This turn's evidence as text for a model: products with live price and stock, rules, promotions, reviews. Data, one line each."""

import re

from bot.answering.cards import live_offer, option_words
from bot.answering.composer import Draft, Findings
from bot.answering.fact_table import product_ids
from knowledge.catalog import AvailabilityState, Product
from knowledge.localized import pick
from knowledge.money import format_money
from knowledge.shop_settings import opening_hours, shop_settings

MOST_PRODUCTS = 6
MOST_RULES = 4
MOST_REVIEWS = 3
MOST_CHARACTERS = 7000
"""Of all data: about 2,500 tokens, so that small models on small machines answer in time."""
PART_MOST = 700
"""Characters of one description or rule."""
HISTORY = 6
MESSAGE_MOST = 500
QUESTION_MOST = 2000


def evidence_text(findings: Findings, draft: Draft) -> str:
    """The data, most needed first, within MOST_CHARACTERS."""
    parts = [_product(findings, product) for product in _products(findings, draft)]
    parts += _promotions(findings)
    parts += _rules(findings)
    shop = findings.view.shop
    hours, times = pick(shop_settings(shop).hours, findings.question.language), opening_hours(shop)
    if hours or times is not None:
        parts.append(f"HOURS {_plain(hours) if hours or times is None else times.data(findings.now)}")
    out: list[str] = []
    length = 0
    for part in parts:
        if length + len(part) > MOST_CHARACTERS and out:
            break
        out.append(part)
        length += len(part)
    return "\n\n".join(out) or "(nothing)"


def messages_of(findings: Findings) -> list[tuple[str, str]]:
    """The last messages and the question, as (author, text)."""
    history = [(author, text[:MESSAGE_MOST]) for author, text in findings.history if text and author in ("customer", "assistant", "agent")]
    if history and history[-1][0] == "customer" and history[-1][1] == findings.question.text[:MESSAGE_MOST]:
        history.pop()
    return [*history[-HISTORY:], ("customer", findings.question.text[:QUESTION_MOST])]


def _products(findings: Findings, draft: Draft) -> list[Product]:
    ids = dict.fromkeys(i for sku in draft.product_skus if (i := findings.view.by_sku.get(sku.casefold())))
    ids.update(dict.fromkeys(s.product_id for part in findings.question.parts for s in part.subjects))
    if len(ids) < 2:
        ids.update(dict.fromkeys(product_ids(findings)[:3]))
    return [findings.view.products[i] for i in ids if i in findings.view.products][:MOST_PRODUCTS]


def _product(findings: Findings, product: Product) -> str:
    language = findings.question.language
    hide = shop_settings(findings.view.shop).hide_stock
    lines = [f"PRODUCT {_plain(pick(product.title, language) or product.sku)}"]
    for variant in product.variants[:12]:
        live = live_offer(findings, variant)
        paid, listed = live.offer.paid(findings.now), live.offer.listed(findings.now)
        price = format_money(paid) if paid else "price on request"
        was = f" (list price {format_money(listed)})" if listed else ""
        stock = live.availability
        count = f", {stock.quantity} pieces" if stock.quantity and not hide and stock.state is not AvailabilityState.UNKNOWN else ""
        lines.append(
            f"  variant {_plain(option_words(variant, language)) or variant.sku}: {price}{was}; {stock.state.value.replace('_', ' ')}{count}"
        )
    base = language.split("-", maxsplit=1)[0]
    stated = [a for a in product.attributes if a.language.split("-", maxsplit=1)[0] in (base, "und")] or list(product.attributes)
    lines += [f"  {_plain(a.name)}: {_plain(a.value)}" for a in stated[:30]]
    if description := pick(product.description, language):
        lines.append(f"  description: {_plain(description)}")
    reviews = [r for r in findings.view.reviews.get(product.id, ()) if r.language.split("-", maxsplit=1)[0] == base]
    lines += [f"  review, {r.rating:g} of 5: {_plain(r.text)[:200]}" for r in reviews[:MOST_REVIEWS] if r.rating is not None]
    return "\n".join(lines)


def _promotions(findings: Findings) -> list[str]:
    language = findings.question.language
    found = [p for p in findings.view.promotions.values() if p.in_force(findings.now)][:6]
    return [
        f"PROMOTION {p.code}: {_plain(pick(p.text, language) or pick(p.title, language))}"
        + (f" Until {p.ends.date().isoformat()}." if p.ends else "")
        for p in found
    ]


def _rules(findings: Findings) -> list[str]:
    view, language, out = findings.view, findings.question.language, dict[str, None]()
    for evidence in findings.evidence:
        for hit in evidence.faq[:MOST_RULES]:
            if entry := view.faq.get(hit.id):
                out[f"FAQ {_plain(pick(entry.question, language))} — {_plain(pick(entry.answer, language))}"] = None
        for hit in evidence.policies[:MOST_RULES]:
            file, _, anchor = hit.id.partition("#")
            policy = view.policies.get(file)
            for section in policy.sections if policy else ():
                if section.anchor == anchor:
                    out[f"RULE {_plain(section.heading)} — {_plain(section.text)}"] = None
    return list(out)


def _plain(text: str) -> str:
    """One line that cannot end the data."""
    return re.sub(r"END OF D", "end of d", " ".join(text.split()))[:PART_MOST]
