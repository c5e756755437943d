"""Findings → everything that may be said in this turn, in a form that sentences can be held against quickly. Built once per turn."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property, partial

from bot.answering.cards import live_offer
from bot.answering.claims import Claim, claims_of, cleaned
from bot.answering.composer import Findings
from bot.answering.evidence_lines import Line, lines_of_text, plain_words, stem, stems
from bot.answering.places import places_in
from bot.answering.shop_table import ShopTable, folded_plain, shop_table
from knowledge.catalog import LiveOffer, Product
from knowledge.faq import FaqEntry
from knowledge.folding import fold
from knowledge.money import Money
from knowledge.policy import Policy
from knowledge.promotion import Promotion
from knowledge.shop_settings import opening_hours, shop_settings
from retrieval.filters import Filters
from retrieval.retriever import Evidence

MOST_PRODUCTS = 32


@dataclass(slots=True)
class VariantFacts:
    """One variant as it is now."""

    sku: str
    options: dict[str, frozenset[str]]
    """Name of the option, folded, to its values, folded (one per language)."""
    paid: float | None
    listed: float | None
    up_to: float | None
    currency: str
    offer: LiveOffer


@dataclass(slots=True)
class ProductFacts:
    """One product of the turn: what is stated of it (shop_table.ProductText) and its offers now."""

    product: Product
    variants: list[VariantFacts]
    lines: list[Line]
    words: frozenset[str]
    text: str
    aliases: dict[str, bool]
    features: dict[int, frozenset[bool]]
    counts: frozenset[float]
    ratings: frozenset[float]
    promotions: list[Promotion]
    dates: set[tuple[int, int, int]]


@dataclass
class FactTable:
    """The evidence of one turn. What only few sentences need is made when one does."""

    findings: Findings
    shop: ShopTable
    products: dict[str, ProductFacts]
    found: frozenset[str]
    """Products asked about, found or shown before: what "the cheapest" is said of."""
    asked: frozenset[str]
    """Products that the question is about."""
    lines: list[Line]
    """What the shop states apart from products."""
    by_claim: dict[tuple[str, str], list[Line]]
    groups: dict[str, list[Line]]
    rules: tuple[str, ...]
    """What the shop states apart from products, folded: its own sentences may be given as they are."""
    question: str
    question_claims: tuple[Claim, ...]
    question_words: frozenset[str]
    question_places: frozenset[str]
    limits: frozenset[float]
    """Ends of the price ranges that were looked in."""
    promotions: list[Promotion]
    currencies: frozenset[str]
    counts: frozenset[float]
    dates: frozenset[tuple[int, int, int]]
    times: frozenset[str]
    aliases: dict[str, dict[str, bool]]
    hide_stock: bool
    chinese: bool
    """The answer is to be in Chinese."""
    conditioned: bool
    """The customer set conditions (budget, colour, ...): "the lightest" is said of what meets them."""

    @cached_property
    def text(self) -> str:
        """All evidence, folded: where quotations, addresses and codes must stand."""
        return "\n".join([*(line.folded for line in self.lines), *(facts.text for facts in self.products.values())])

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Every word of the evidence and of the customer."""
        ours = (word for line in self.lines for word in plain_words(line.folded))
        return frozenset(ours).union(plain_words(self.question), *(facts.words for facts in self.products.values()))

    @cached_property
    def stems(self) -> frozenset[str]:
        """Of the vocabulary."""
        return frozenset(stem(w) for w in self.vocabulary if len(w) > 3 and w.isalpha() and w.isascii())

    @cached_property
    def codes(self) -> frozenset[str]:
        """Words that may be a code or a model."""
        return frozenset(_CODES.findall(self.text)) | frozenset(p.code.casefold() for p in self.promotions)

    @cached_property
    def option_values(self) -> frozenset[str]:
        """Folded values of all options."""
        return frozenset(v for p in self.products.values() for variant in p.variants for vs in variant.options.values() for v in vs if v)

    @cached_property
    def shouted(self) -> frozenset[str]:
        """Words in capitals in rules and promotions, folded: what may be named as a code."""
        return frozenset(fold(w) for line in self.lines for w in _CAPITALS.findall(line.text))


_CODES = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_CAPITALS = re.compile(r"\b[A-Z][A-Z0-9]{2,}\b")


def _limits(filters: Filters) -> list[str]:
    """The customer's budget in figures, however it was said (两三百, 3k)."""
    bounds = [m for m in (filters.price_min, filters.price_max) if m is not None]
    middle = [Money(sum(m.minor for m in bounds) // 2, bounds[0].currency)] if len(bounds) == 2 else []
    return [m.text for m in (*bounds, *middle)]


def fact_table(findings: Findings) -> FactTable:
    """Everything of this turn. Reads what the composers read: products in evidence, subjects and memory, rules in evidence, live offers."""
    shop = shop_table(findings.view)
    ids = product_ids(findings)
    promotions = [p for p in findings.view.promotions.values() if p.in_force(findings.now)][:100]
    products = {i: _product(findings, i, promotions, shop) for i in ids}
    lines = _shop_lines(findings, promotions, shop)
    limits = [text for part in findings.question.parts for text in _limits(part.filters)]
    heard = [findings.question.text, *(p.standalone for p in findings.question.parts if not p.rewritten), findings.memory.search, *limits]
    question = " ".join([*heard, *(p.standalone for p in findings.question.parts if p.rewritten)])
    history = " ".join(text for author, text in findings.history if author == "customer")
    by_claim: dict[tuple[str, str], list[Line]] = {}
    groups: dict[str, list[Line]] = {}
    for line in lines:
        groups.setdefault(line.group, []).append(line)
        for kind in {claim.kind for claim in line.claims}:
            by_claim.setdefault((kind, ""), []).append(line)
    currencies = {v.currency for p in products.values() for v in p.variants if v.currency} | {findings.view.shop.currency}
    aliases: dict[str, dict[str, bool]] = {}
    for i, facts in products.items():
        for alias, own in facts.aliases.items():
            aliases.setdefault(alias, {})[i] = own
    counts = {float(len(ids)), float(len(findings.memory.shown)), *(float(e.matching) for e in findings.evidence)}
    counts |= {float(len(e.products)) for e in findings.evidence}
    asked = frozenset(s.product_id for part in findings.question.parts for s in part.subjects if s.product_id in products)
    asked_text = folded_plain(f"{question} {history}")
    return FactTable(
        findings=findings,
        shop=shop,
        products=products,
        found=frozenset(product_ids(findings, kin=False)),
        asked=asked,
        lines=lines,
        by_claim=by_claim,
        groups=groups,
        rules=tuple(_rule_texts(findings)),
        question=asked_text,
        question_claims=claims_of(cleaned(f"{' '.join(heard)} {history}")),
        question_words=frozenset(stems(asked_text)),
        question_places=places_in(fold(cleaned(question))),
        limits=frozenset(float(m.major) for part in findings.question.parts for m in (part.filters.price_min, part.filters.price_max) if m),
        promotions=promotions,
        currencies=frozenset(currencies),
        counts=frozenset(counts),
        dates=frozenset(_dates(findings, promotions)),
        times=frozenset(_times(findings, products)),
        aliases=aliases,
        hide_stock=shop_settings(findings.view.shop).hide_stock,
        chinese=findings.question.language.startswith("zh"),
        conditioned=any(replace(part.filters, categories=()) != Filters() for part in findings.question.parts),
    )


def product_ids(findings: Findings, *, kin: bool = True) -> list[str]:
    """Products of the turn: asked about, found, and carried in memory; best first."""
    ids = dict.fromkeys(s.product_id for part in findings.question.parts for s in part.subjects)
    for evidence in findings.evidence:
        ids.update(dict.fromkeys(evidence.facts))
        ids.update(dict.fromkeys(hit.id for hit in evidence.products))
    ids.update(dict.fromkeys([findings.memory.focus, *findings.memory.shown]))
    if not kin:
        return [i for i in ids if i in findings.view.products][:MOST_PRODUCTS]
    skus = {sku.casefold() for i in ids if i in findings.view.products for sku in findings.view.products[i].goes_with}
    ids.update(dict.fromkeys(findings.view.by_sku.get(sku, sku) for sku in sorted(skus)))
    ids.update(dict.fromkeys(_kin(findings)))
    # Whose offers were read in this turn may be spoken of, too.
    ids.update(dict.fromkeys(findings.view.by_sku.get(sku.casefold(), "") for sku in findings.offers))
    return [i for i in ids if i in findings.view.products][:MOST_PRODUCTS]


def _kin(findings: Findings) -> list[str]:
    """What may be offered instead of a product asked about that cannot be had: what replaces it, and what stands on the same shelf."""
    view, out = findings.view, dict[str, None]()
    for subject in (s for part in findings.question.parts for s in part.subjects):
        product = view.products.get(subject.product_id)
        if product is not None and not all(live_offer(findings, v).availability.state.buyable for v in product.variants):
            out.update(dict.fromkeys(shop_table(view).kin_of(product)[:MOST_PRODUCTS]))
    return list(out)


# ── products ────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _product(findings: Findings, product_id: str, promotions: list[Promotion], shop: ShopTable) -> ProductFacts:
    product, stated = findings.view.products[product_id], shop.product(product_id)
    variants = []
    dates: set[tuple[int, int, int]] = set()
    for variant in product.variants:
        live = live_offer(findings, variant)
        paid, listed, up_to = live.offer.paid(findings.now), live.offer.listed(findings.now), live.offer.up_to
        currency = next((m.currency for m in (paid, listed, up_to) if m is not None), "")
        variants.append(VariantFacts(variant.sku, stated.options[variant.sku], _major(paid), _major(listed), _major(up_to), currency, live))
        for moment in {live.offer.sale_from, live.offer.sale_until, live.availability.as_of}:
            dates |= days_of(moment)
    return ProductFacts(
        product=product,
        variants=variants,
        lines=stated.lines,
        words=stated.words,
        text=stated.text,
        aliases=stated.aliases,
        features=stated.features,
        counts=frozenset(_counts(variants)) | stated.counts,
        ratings=stated.ratings,
        promotions=[p for p in promotions if shop.applies(p, product)],
        dates=dates,
    )


def _major(money: object) -> float | None:
    return None if money is None else float(money.major)  # type: ignore[attr-defined]


def _counts(variants: list[VariantFacts]) -> set[float]:
    counts = {float(len(variants)), float(sum(1 for v in variants if v.offer.availability.state.buyable))}
    counts.add(float(sum(1 for v in variants if not v.offer.availability.state.buyable)))
    for name in {name for v in variants for name in v.options}:
        counts.add(float(len({min(v.options[name]) for v in variants if name in v.options})))
        counts.add(float(len({min(v.options[name]) for v in variants if name in v.options and v.offer.availability.state.buyable})))
    return counts


# ── the shop's rules ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _shop_lines(findings: Findings, promotions: list[Promotion], shop: ShopTable) -> list[Line]:
    lines: dict[Line, None] = {}
    view = findings.view
    for evidence in findings.evidence:
        for hit in evidence.faq:
            entry = view.faq.get(hit.id)
            if entry is not None:
                lines.update(dict.fromkeys(shop.rule("faq", hit.id, partial(_faq_lines, entry))))
        for hit in evidence.policies:
            policy = view.policies.get(hit.id.partition("#")[0])
            if policy is not None:
                lines.update(dict.fromkeys(shop.rule("policy", hit.id, partial(_policy_lines, policy, hit.id))))
        for promotion in _found_promotions(findings, evidence):
            lines.update(dict.fromkeys(_of_promotion(promotion, shop, over=not promotion.in_force(findings.now))))
    for promotion in promotions:
        lines.update(dict.fromkeys(_of_promotion(promotion, shop)))
    lines.update(dict.fromkeys(shop.settings()))
    if (hours := opening_hours(view.shop)) is not None:
        lines.update(dict.fromkeys(lines_of_text("setting", hours.data(findings.now), "shop", "hours open time 时间 人工 营业")))
    return list(lines)


def _faq_lines(entry: FaqEntry) -> list[Line]:
    out: list[Line] = []
    for tag, answer in entry.answer.items():
        asked = " ".join([entry.question.get(tag, ""), *entry.also_asked.get(tag, ()), entry.category])
        out += lines_of_text("faq", answer, f"faq:{entry.id}:{tag}", asked)
    return out


def _policy_lines(policy: Policy, hit_id: str) -> list[Line]:
    anchor, out = hit_id.partition("#")[2], list[Line]()
    for section in policy.sections:
        if not anchor or section.anchor == anchor:
            around = f"{policy.title} {section.heading}"
            out += lines_of_text("policy", section.text, f"policy:{hit_id}:{section.anchor}", around)
            out += lines_of_text("policy", section.heading, f"heading:{hit_id}", around)
    return out


def _of_promotion(promotion: Promotion, shop: ShopTable, *, over: bool = False) -> tuple[Line, ...]:
    return shop.rule("promotion over" if over else "promotion", promotion.code, partial(_promotion_lines, promotion, over=over))


def _rule_texts(findings: Findings) -> list[str]:
    """FAQ answers and policy sections of the evidence, whole."""
    view, out = findings.view, list[str]()
    for evidence in findings.evidence:
        out += [text for hit in evidence.faq if (entry := view.faq.get(hit.id)) for text in entry.answer.values()]
        for hit in evidence.policies:
            file, _, anchor = hit.id.partition("#")
            policy = view.policies.get(file)
            out += [section.text for section in (policy.sections if policy else ()) if not anchor or section.anchor == anchor]
    return [folded_plain(text) for text in out]


def _found_promotions(findings: Findings, evidence: Evidence) -> list[Promotion]:
    return [p for hit in evidence.promotions if (p := findings.view.promotions.get(hit.id)) is not None]


def _promotion_lines(promotion: Promotion, *, over: bool = False) -> list[Line]:
    texts = [*promotion.title.values(), *promotion.text.values(), promotion.audience]
    if promotion.percent_off is not None:
        texts.append(f"{promotion.percent_off.normalize():f} %")
    if promotion.amount_off is not None:
        texts.append(f"{promotion.amount_off.text} {promotion.amount_off.currency}")
    if promotion.minimum is not None:
        texts.append(f"{promotion.minimum.text} {promotion.minimum.currency}")
    for moment in (promotion.starts, promotion.ends):
        texts += [f"{y}-{m}-{d}" for y, m, d in sorted(days_of(moment))]
    around = f"code discount promotion offer off save 优惠码 促销 活动 折扣 优惠 {promotion.code} {' '.join(promotion.categories)} {' '.join(texts)}"
    out: list[Line] = []
    for text in (*texts, promotion.code):
        out += lines_of_text("promotion", text, f"promotion:{promotion.code}", around, over)
    return out


# ── dates, words ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def days_of(moment: datetime | None) -> set[tuple[int, int, int]]:
    """The day of a moment; of a moment at midnight also the day that ends there."""
    if moment is None:
        return set()
    return {(d.year, d.month, d.day) for d in (moment, moment - timedelta(seconds=1), moment.astimezone(UTC))}


def _dates(findings: Findings, promotions: list[Promotion]) -> set[tuple[int, int, int]]:
    out = days_of(findings.now)
    for promotion in promotions:
        out |= days_of(promotion.starts) | days_of(promotion.ends)
    return out


def _times(findings: Findings, products: dict[str, ProductFacts]) -> set[str]:
    moments = [findings.now, *(v.offer.availability.as_of for p in products.values() for v in p.variants if v.offer.availability.as_of)]
    return {f"{m.hour}:{m.minute:02d}" for m in moments}
