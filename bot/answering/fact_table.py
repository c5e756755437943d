"""Findings → everything that may be said in this turn, in a form that sentences can be held against quickly. Built once per turn."""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise

from bot.answering.cards import live_offer
from bot.answering.claims import Claim, claims_of, cleaned
from bot.answering.composer import Findings
from knowledge.attribute_names import concept_of, names_of
from knowledge.catalog import LiveOffer, Product
from knowledge.folding import fold
from knowledge.promotion import Promotion
from knowledge.shop_settings import shop_settings
from retrieval.retriever import Evidence

MOST_REVIEWS = 60
"""Reviews of one product that are read word by word; counts and means are taken over all."""
MOST_PRODUCTS = 32


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence, attribute or list item of the evidence."""

    kind: str
    """attribute, option, title, description, review, faq, policy, promotion, setting or question."""
    text: str
    folded: str
    claims: tuple[Claim, ...]
    words: frozenset[str]
    group: str
    """The document it stands in: lines of one group are told apart by their words."""
    context: frozenset[str] = frozenset()
    """Words around it: heading, question, title."""
    over: bool = False
    """A promotion that is not in force: may be spoken of as past only."""


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
    """One product of the turn."""

    product: Product
    variants: list[VariantFacts]
    lines: list[Line]
    words: frozenset[str]
    text: str
    """All of it, folded."""
    aliases: dict[str, bool]
    """Folded names that mean it, and whether they name this very product (else its kind)."""
    counts: set[float] = field(default_factory=set)
    ratings: set[float] = field(default_factory=set)
    promotions: list[Promotion] = field(default_factory=list)
    dates: set[tuple[int, int, int]] = field(default_factory=set)


@dataclass(slots=True)
class FactTable:
    """The evidence of one turn."""

    products: dict[str, ProductFacts]
    found: frozenset[str]
    """Products asked about, found or shown before: what "the cheapest" is said of."""
    asked: frozenset[str]
    """Products that the question is about."""
    lines: list[Line]
    """What the shop states apart from products."""
    by_claim: dict[tuple[str, str], list[Line]]
    groups: dict[str, list[Line]]
    vocabulary: frozenset[str]
    codes: frozenset[str]
    text: str
    """All evidence, folded: where quotations, addresses and codes must stand."""
    rules: str
    """What the shop states apart from products, folded: its own sentences may be given as they are."""
    question: str
    question_claims: tuple[Claim, ...]
    promotions: list[Promotion]
    currencies: frozenset[str]
    counts: frozenset[float]
    dates: frozenset[tuple[int, int, int]]
    times: frozenset[str]
    aliases: dict[str, dict[str, bool]]
    hide_stock: bool
    chinese: bool
    """The answer is to be in Chinese."""
    option_values: frozenset[str]
    shouted: frozenset[str]
    """Words in capitals in rules and promotions, folded: what may be named as a code."""
    stems: frozenset[str]
    """Of the vocabulary."""


def fact_table(findings: Findings) -> FactTable:
    """Everything of this turn. Reads what the composers read: products in evidence, subjects and memory, rules in evidence, live offers."""
    ids = product_ids(findings)
    promotions = [p for p in findings.view.promotions.values() if p.in_force(findings.now)][:100]
    products = {i: _product(findings, i, promotions) for i in ids}
    lines = _shop_lines(findings, promotions)
    question = " ".join([findings.question.text, *(part.standalone for part in findings.question.parts), findings.memory.search])
    history = " ".join(text for author, text in findings.history if author == "customer")
    everything = [line.folded for line in lines] + [facts.text for facts in products.values()]
    text = "\n".join(everything)
    vocabulary = frozenset(plain_words(text)) | frozenset(plain_words(fold(f"{question} {history}")))
    by_claim: dict[tuple[str, str], list[Line]] = {}
    groups: dict[str, list[Line]] = {}
    for line in lines:
        groups.setdefault(line.group, []).append(line)
        for claim in line.claims:
            by_claim.setdefault((claim.kind, ""), []).append(line)
    currencies = {v.currency for p in products.values() for v in p.variants if v.currency} | {findings.view.shop.currency}
    aliases: dict[str, dict[str, bool]] = {}
    for i, facts in products.items():
        for alias, own in facts.aliases.items():
            aliases.setdefault(alias, {})[i] = own
    counts = {float(len(ids)), float(len(findings.memory.shown)), *(float(e.matching) for e in findings.evidence)}
    counts |= {float(len(e.products)) for e in findings.evidence}
    asked = frozenset(s.product_id for part in findings.question.parts for s in part.subjects if s.product_id in products)
    return FactTable(
        products=products,
        found=frozenset(product_ids(findings, kin=False)),
        asked=asked,
        lines=lines,
        by_claim=by_claim,
        groups=groups,
        vocabulary=vocabulary,
        codes=frozenset(re.findall(r"[a-z0-9]+(?:[-_][a-z0-9]+)*", text)) | frozenset(p.code.casefold() for p in promotions),
        text=text,
        rules="\n".join(_rule_texts(findings)),
        question=fold(cleaned(f"{question} {history}")),
        question_claims=claims_of(cleaned(f"{question} {history}")),
        promotions=promotions,
        currencies=frozenset(currencies),
        counts=frozenset(counts),
        dates=frozenset(_dates(findings, promotions)),
        times=frozenset(_times(findings, products)),
        aliases=aliases,
        hide_stock=shop_settings(findings.view.shop).hide_stock,
        chinese=findings.question.language.startswith("zh"),
        option_values=frozenset(v for p in products.values() for variant in p.variants for vs in variant.options.values() for v in vs if v),
        shouted=frozenset(fold(w) for line in lines for w in re.findall(r"\b[A-Z][A-Z0-9]{2,}\b", line.text)),
        stems=frozenset(stem(w) for w in vocabulary if len(w) > 3 and w.isalpha() and w.isascii()),
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
        if product is None or all(live_offer(findings, v).availability.state.buyable for v in product.variants):
            continue
        shelves = {path for category in product.categories for path in category.values()}
        own = {product.id, *(v.sku for v in product.variants)}
        for other in view.products.values():
            if own & set(other.replaces) or any(path in shelves for category in other.categories for path in category.values()):
                out[other.id] = None
    return list(out)


# ── products ────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _product(findings: Findings, product_id: str, promotions: list[Promotion]) -> ProductFacts:
    product = findings.view.products[product_id]
    variants = []
    dates: set[tuple[int, int, int]] = set()
    for variant in product.variants:
        live = live_offer(findings, variant)
        paid, listed, up_to = live.offer.paid(findings.now), live.offer.listed(findings.now), live.offer.up_to
        options: dict[str, frozenset[str]] = {}
        for option in variant.options:
            key = concept_of(option.name) or fold(option.name)
            options[key] = options.get(key, frozenset()) | {fold(option.value)}
        currency = next((m.currency for m in (paid, listed, up_to) if m is not None), "")
        variants.append(
            VariantFacts(variant.sku, options, _major(paid), _major(listed), _major(up_to), currency, live)
        )
        for moment in (live.offer.sale_from, live.offer.sale_until, live.availability.as_of):
            dates |= days_of(moment)
    reviews = findings.view.reviews.get(product_id, ())
    lines = _product_lines(product, [(r.text, r.date) for r in reviews[:MOST_REVIEWS]])
    skus = {v.sku.casefold() for v in product.variants}
    text = "\n".join(
        [*(line.folded for line in lines), *sorted(skus), fold(product.brand), fold(product.url), *(fold(v.url) for v in product.variants)]
    )
    facts = ProductFacts(
        product=product,
        variants=variants,
        lines=lines,
        words=frozenset(plain_words(text)),
        text=text,
        aliases=dict(aliases_of(product)),
        promotions=[p for p in promotions if applies(p, product, findings)],
        dates=dates,
    )
    facts.counts = _counts(product, variants)
    rated = [r.rating for r in reviews if r.rating is not None]
    facts.counts |= {float(len(reviews)), float(len(rated))} | {float(n) for n in Counter(rated).values()}
    facts.counts |= {float(sum(1 for r in rated if r >= 4)), float(sum(1 for r in rated if r <= 2)), float(sum(1 for r in rated if r <= 3))}
    facts.ratings = {float(r) for r in rated} | {5.0}
    for mean in ([sum(rated) / len(rated)] if rated else []) + ([product.rating] if product.rating is not None else []):
        facts.ratings |= {round(mean, 1), round(mean, 2)} | ({float(round(mean))} if mean == round(mean) else set())
    if product.rating_count is not None:
        facts.counts.add(float(product.rating_count))
    return facts


def _major(money: object) -> float | None:
    return None if money is None else float(money.major)  # type: ignore[attr-defined]


def _counts(product: Product, variants: list[VariantFacts]) -> set[float]:
    counts = {float(len(variants)), float(sum(1 for v in variants if v.offer.availability.state.buyable))}
    counts.add(float(sum(1 for v in variants if not v.offer.availability.state.buyable)))
    for name in {name for v in variants for name in v.options}:
        counts.add(float(len({min(v.options[name]) for v in variants if name in v.options})))
        counts.add(float(len({min(v.options[name]) for v in variants if name in v.options and v.offer.availability.state.buyable})))
    return counts


def applies(promotion: Promotion, product: Product, findings: Findings) -> bool:
    """Whether a promotion names this product, its category, or everything."""
    if promotion.skus:
        return bool({s.casefold() for s in promotion.skus} & {v.sku.casefold() for v in product.variants})
    if promotion.categories:
        wanted = [fold(c) for c in promotion.categories]
        paths = [fold(path) for category in product.categories for path in category.values()]
        return any(path == want or path.startswith(want + " >") or want in path.split(" > ") for path in paths for want in wanted)
    return True


@lru_cache(maxsize=4096)
def _lines_of_text(kind: str, text: str, group: str, context: str = "", over: bool = False) -> tuple[Line, ...]:
    around = frozenset(stems(fold(context)))
    return tuple(_line(kind, part, group, around, over) for piece in pieces(cleaned(text)) for part in _parts(kind, piece))


def _parts(kind: str, piece: str) -> list[str]:
    """A sentence that lists figures for several things ("24 months for lamps, 36 months for bags") is as many lines; "Canada: $12.95, free
    from $120" is one."""
    claims = [c for c in claims_of(piece) if c.kind in ("money", "quantity", "percent")]
    if kind not in ("faq", "policy") or ":" in piece or "：" in piece or len({(c.kind, c.unit) for c in claims}) != 1 or len(claims) < 3:
        return [piece]
    starts = [c.start for c in claims]
    first_has_label = re.search(r"[a-z]{3}|[㐀-鿿]{2}", fold(piece[: starts[0]])) is not None
    if not first_has_label:
        cuts = starts[1:]
    else:
        cuts = [max((m.end() for m in re.finditer(r"[,，、;；]|\band\b", piece[: start])), default=0) for start in starts[1:]]
    bounds = [0, *cuts, len(piece)]
    return [part for a, b in pairwise(bounds) if (part := piece[a:b].strip())]


def _line(kind: str, text: str, group: str, context: frozenset[str], over: bool = False) -> Line:
    folded = fold(text)
    return Line(kind, text, folded, claims_of(text), frozenset(stems(folded)), group, context, over)


_PIECES = re.compile(r"(?:[^\n。！？；.!?;]|[.!?;](?!\s|$))+[。！？；.!?;]*")


def pieces(text: str) -> list[str]:
    """Sentences, half-sentences between semicolons and list lines."""
    return [p for m in _PIECES.finditer(text) if (p := m.group().strip())]


def _product_lines(product: Product, reviews: list[tuple[str, str]]) -> list[Line]:
    lines: list[Line] = []
    for title in product.title.values():
        lines += _lines_of_text("title", title.replace(". ", " "), product.id)
    for variant in product.variants:
        for a in variant.options:
            lines.append(_attribute("option", a.name, a.value, product.id))
        for a in variant.attributes:
            lines.append(_attribute("attribute", a.name, a.value, product.id))
    for a in product.attributes:
        lines.append(_attribute("attribute", a.name, a.value, product.id))
    for text in product.description.values():
        lines += _lines_of_text("description", text, product.id)
    for category in product.categories:
        for path in category.values():
            lines += _lines_of_text("title", path, product.id)
    for text, date in reviews:
        lines += _lines_of_text("review", f"{text}\n{date}", f"{product.id}/review")
    return list(dict.fromkeys(lines))


@lru_cache(maxsize=16384)
def _attribute(kind: str, name: str, value: str, group: str) -> Line:
    concept = concept_of(name)
    names = " ; ".join(names_of(concept)) if concept else ""
    text = cleaned(f"{name}: {value}")
    return Line(kind, text, fold(text), claims_of(cleaned(value)), frozenset(stems(fold(f"{name} {names}"))), group, frozenset(stems(fold(value))))


_UNITS = re.compile(r"^(?=.)[\d.,–\-x×* ]*(?:ml|l|cm|mm|m|g|kg|w|v|mah|wh|inch|in|pcs|pc|升|毫升|厘米|毫米|米|克|公斤|千克|瓦|英寸|寸|件|片|支|人|个|块|只|色)?$")


@lru_cache(maxsize=8192)
def _title_aliases(title: str, brand: str) -> tuple[tuple[str, bool], ...]:
    """Names of a product in one title: the whole, its model, runs of words that end in what it is ("electric kettle"); the last alone names
    the kind only."""
    folded = fold(cleaned(title)).strip()
    own_brand = set(fold(brand).split())
    out: dict[str, bool] = {folded: True, folded.rstrip(")] "): True}
    tokens = folded.split()
    without = folded.removeprefix(fold(brand)).strip()
    if " " in without or len(without) > 3:
        out[without] = True
    while tokens and _UNITS.match(tokens[-1]):
        tokens.pop()
        if tokens and _UNITS.match(tokens[-1]):
            continue
    core = [t.strip(",()") for t in tokens]
    while len(core) > 3 and core[-1] in ("of", "with", "for", "and"):
        core = core[:-2]  # "Containers, Set of 5"
    for token in core:
        if len(token) > 3 and re.search(r"\d", token) and re.search(r"[a-z]", token) and not _UNITS.match(token):
            out[token] = True
    latin = [t for t in core if t and t.isascii()]
    if latin and len(latin) == len(core):
        for start in range(len(latin)):
            run = latin[start:]
            name = " ".join(run)
            out[name] = len([t for t in run if t not in own_brand]) > 1
        # "Voyager 28 Backpack" is often called by brand and model, or by everything before its kind.
        for end in range(2, len(latin)):
            if any(t not in own_brand for t in latin[:end]):
                out[" ".join(latin[:end])] = True
                run2 = [t for t in latin[:end] if t not in own_brand]
                if len(run2) > 1:
                    out[" ".join(run2)] = True
    for run_han in re.findall(r"[㐀-鿿]{2,}", folded):
        if run_han in ("厘米", "毫升", "英寸", "千克", "公斤"):
            continue
        for length in range(2, len(run_han) + 1):
            out.setdefault(run_han[-length:], length >= 4 or length == len(run_han))
    return tuple(out.items())


def aliases_of(product: Product) -> dict[str, bool]:
    """Every name by which a sentence may mean the product, folded → whether it means this product rather than its kind."""
    out: dict[str, bool] = {}
    for title in product.title.values():
        for alias, own in _title_aliases(title, product.brand):
            out[alias] = out.get(alias, False) or own
    for variant in product.variants:
        out[fold(variant.sku)] = True
    return {a: own for a, own in out.items() if re.search(r"[a-z]{3}|[㐀-鿿]{2}|[a-z].*\d|\d.*[a-z]{2}", a) and not _UNITS.match(a.replace(" ", ""))}


# ── the shop's rules ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _shop_lines(findings: Findings, promotions: list[Promotion]) -> list[Line]:
    lines: dict[Line, None] = {}
    view = findings.view
    for evidence in findings.evidence:
        for hit in evidence.faq:
            entry = view.faq.get(hit.id)
            if entry is not None:
                for tag, answer in entry.answer.items():
                    asked = " ".join([entry.question.get(tag, ""), *entry.also_asked.get(tag, ()), entry.category])
                    lines.update(dict.fromkeys(_lines_of_text("faq", answer, f"faq:{hit.id}:{tag}", asked)))
        for hit in evidence.policies:
            file, _, anchor = hit.id.partition("#")
            policy = view.policies.get(file)
            for section in policy.sections if policy else ():
                if not anchor or section.anchor == anchor:
                    around = f"{policy.title if policy else ''} {section.heading}"
                    lines.update(dict.fromkeys(_lines_of_text("policy", section.text, f"policy:{hit.id}:{section.anchor}", around)))
                    lines.update(dict.fromkeys(_lines_of_text("policy", section.heading, f"heading:{hit.id}", around)))
        for promotion in _found_promotions(findings, evidence):
            lines.update(dict.fromkeys(_promotion_lines(promotion, over=not promotion.in_force(findings.now))))
    for promotion in promotions:
        lines.update(dict.fromkeys(_promotion_lines(promotion)))
    settings = shop_settings(view.shop)
    for text in (*settings.hours.values(), *settings.greeting.values(), *settings.privacy_notice.values()):
        lines.update(dict.fromkeys(_lines_of_text("setting", text, "shop", "hours open contact 客服 时间 人工 colleague 联系 营业 隐私")))
    contact = " ".join([*view.shop.name.values(), settings.contact_email, settings.contact_phone])
    lines.update(dict.fromkeys([_line("setting", cleaned(contact), "shop", frozenset())]))
    return list(lines)


def _rule_texts(findings: Findings) -> list[str]:
    """FAQ answers and policy sections of the evidence, whole."""
    view, out = findings.view, list[str]()
    for evidence in findings.evidence:
        out += [text for hit in evidence.faq if (entry := view.faq.get(hit.id)) for text in entry.answer.values()]
        for hit in evidence.policies:
            file, _, anchor = hit.id.partition("#")
            policy = view.policies.get(file)
            out += [section.text for section in (policy.sections if policy else ()) if not anchor or section.anchor == anchor]
    return [fold(cleaned(text)) for text in out]


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
        out += _lines_of_text("promotion", text, f"promotion:{promotion.code}", around, over)
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


_STOP = frozenset(
    ["the", "and", "for", "you", "your", "our", "are", "was", "were", "with", "that", "this", "these", "those", "from", "have", "has", "can", "will", "may", "not", "but", "all", "any", "its", "per", "out", "use", "only", "also", "when", "where", "which", "what", "how", "than", "then", "them", "they", "their", "there", "here", "into", "been", "being", "does", "did", "would", "could", "should", "each", "both", "other", "more", "most", "some", "such", "very", "just", "about", "until", "yes", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "day", "days", "hour", "hours", "month", "months", "year", "years", "week", "weeks", "minute", "minutes", "business", "working", "dollars", "dollar", "usd", "percent", "cost", "costs", "price", "prices"]
)
_LATIN = re.compile(r"[a-z][a-z']*[a-z]")
_HAN_RUN = re.compile(r"[㐀-鿿]+")
_ZH_NUMERAL = re.compile(r"[零〇一二两三四五六七八九十百千万年月日天个小时分钟元块折件款的了是在和与或及也都就还会能可以您我们你这那有不]")


@lru_cache(maxsize=32768)
def stems(folded: str) -> tuple[str, ...]:
    """Content words for comparison: English without endings, Chinese as pairs of characters."""
    out: dict[str, None] = {}
    for word in _LATIN.findall(folded):
        if len(word) > 2 and word not in _STOP:
            out[stem(word)] = None
    for run in _HAN_RUN.findall(folded):
        for part in _ZH_NUMERAL.split(run.replace("美元", "元")):
            if part:
                for i in range(max(1, len(part) - 1)):
                    out[part[i : i + 2]] = None
    return tuple(out)


@lru_cache(maxsize=16384)
def stem(word: str) -> str:
    """Crude, the same for "ship", "ships", "shipped" and "shipping"."""
    word = word.removesuffix("'s")
    for ending in ("ations", "ation", "ingly", "ments", "ment", "ings", "ing", "ions", "ion", "able", "ers", "ies", "ely", "ed", "er", "es", "ly", "s", "y", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    if len(word) > 3 and word[-1] == word[-2]:
        word = word[:-1]
    return word


@lru_cache(maxsize=4096)
def plain_words(folded: str) -> tuple[str, ...]:
    """Latin words and, for Chinese, pairs of characters."""
    out = dict.fromkeys(word.rstrip("'") for word in re.findall(r"[a-z0-9][a-z0-9']*", folded))
    for run in _HAN_RUN.findall(folded):
        for i in range(len(run) - 1):
            out[run[i : i + 2]] = None
    return tuple(out)
