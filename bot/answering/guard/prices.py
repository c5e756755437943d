"""Sums of money: what is paid for the variants that the words tell, the list price, a saving, a difference, a sum of several, a limit that the customer
set, or an amount of a rule."""

import re

from bot.answering.fact_table import VariantFacts
from bot.answering.guard.alike import among, near
from bot.answering.guard.held import stated
from bot.answering.guard.phrases import AROUND, AROUND_AFTER, NEGATED, OVER, OVER_AFTER, UNDER, UNDER_AFTER
from bot.answering.guard.scope import Bound, Scope, Violation
from knowledge.currencies import DOLLARS

_WAS = re.compile(
    r"(?:\bwas|\bwere|originally|\blist(?:ed)?(?: price)?(?: of| is| at)?|regular(?:ly)?(?: price)?(?: of| is)?|usual(?:ly)?(?: price)?(?: of| is)?"
    r"|normal(?:ly)?(?: price)?(?: of| is)?|instead of|down from|reduced from|marked down from|full price(?: of| is)?|before(?: that| the sale)?"
    r"|compared (?:with|to)|原价|原来|划线价|平时|之前|原本|原售价|标价|日常价)\W*(?:of|is|was|at|price|为|是|价|的)?\W*$"
)
_WAS_AFTER = re.compile(
    r"^\W*(?:before|list price|regularly|originally|normally|usually|的原价|的划线价)(?!\W*(?:of|is|was|the)?\W*[\d$€£¥])"
)
_MORE = re.compile(r"^\s*(?:\(?(?:\d+ ?%)?\)?\s*)?(?:more|less|cheaper|dearer|extra|lower|higher|difference|apart|的差价|差价)")
_MORE_BEFORE = re.compile(
    r"(?:differ(?:s|ence)?(?: (?:is|of|by|in price is))?|by|cheaper by|便宜了?|贵了?|差价?(?:是|为)?|相差|差了?|少付|多付)\W*(?:of|only|just|you|the|约|是|为)?\W*$"
)
_SAVED = re.compile(r"^\s*(?:off|saving|discount|的优惠)")
_SAVED_BEFORE = re.compile(
    r"(?:sav(?:e|es|ing|ings)(?: you)?(?: of)?|discount of|reduced by|off|省了?|节省|立减|减|优惠|降了?|便宜了?)\W*(?:of|only|just|you|the|约|是|为)?\W*$"
)
_TOTAL = re.compile(
    r"total|come to|comes to|altogether|together|in all|all in|combined|sum|each|for (?:both|all|the (?:pair|set|two|three))"
    r"|一共|总共|合计|共计|总价|加起来|总计|共|两件|件|both"
)
_PRICE_VERB = re.compile(
    r"(?:costs?|priced?|price|sells?|售价|价格|卖|只要|只需|仅需|\bis|\bat|for|是|为)\W*(?:is|are|at|of|for|only|just|为|是)?\W*$"
)


AROUND_SHARE = 0.25
"""How far a price may be from what the customer called "around"."""


def price_violation(scope: Scope, bound: Bound) -> Violation | None:
    """A violation of kind currency or price, or None."""
    claim, before, after = bound.claim, bound.before, bound.after
    if not _currency(scope, bound):
        return None if stated(scope, claim, []) else Violation("currency", claim.raw)
    values = {claim.low} | ({claim.low / 100} if claim.raw[:1].isalpha() and claim.low >= 1000 else set())
    variants = scope.variants(bound.products, claim.start, claim.end)
    paid, listed = _paid(variants) + [v.up_to for v in variants if v.up_to is not None], _listed(variants)
    if any(near(value, 0.0) for value in values):
        return None if paid and 0.0 in paid else Violation("price", claim.raw)
    respective = scope.sentence.respective(claim, scope.claims)
    if respective is not None:
        some = scope.variants(respective, claim.start, claim.end)
        paid, listed = _paid(some), _listed(some)
    if _is_limit(bound) and _asked(scope, bound) and _limit_holds(scope, bound, variants):
        return None
    if not scope.names_one and any(near(claim.low, limit) for limit in scope.table.limits) and len(_sums(scope)) > 1:
        return None  # "for $48 to $72 there is": the span that was looked in
    if _WAS.search(before) or _WAS_AFTER.match(after):
        right = listed
    elif _SAVED.match(after) or _SAVED_BEFORE.search(before):
        cheaper = _differences(scope, bound, variants) if re.search(r"便宜|cheaper", scope.sentence.folded) else []
        right = [*_savings(variants), *cheaper, *_reductions(scope, bound)]
    elif _MORE.match(after) or _MORE_BEFORE.search(before):
        right = [*_differences(scope, bound, variants), *_reductions(scope, bound)]
    else:
        right = paid
    if any(among(value, right) for value in values):
        return None
    summed = _TOTAL.search(scope.sentence.folded) or re.search(r"[x×*=]\s*\W*$", before)
    if summed and any(among(value, _totals(scope, bound, variants)) for value in values):
        return None
    if stated(scope, claim, [], before=before if _PRICE_VERB.search(before) else None):
        return None
    return Violation("price", claim.raw)


def _paid(variants: list[VariantFacts]) -> list[float]:
    return [v.paid for v in variants if v.paid is not None]


def _listed(variants: list[VariantFacts]) -> list[float]:
    return [v.listed for v in variants if v.listed is not None]


def _savings(variants: list[VariantFacts]) -> list[float]:
    return [v.listed - v.paid for v in variants if v.listed is not None and v.paid is not None]


def _currency(scope: Scope, bound: Bound) -> bool:
    unit, ours = bound.claim.unit, scope.table.currencies
    if unit == "$":
        return bool(ours & DOLLARS)
    if unit == "¥":
        return bool(ours & {"CNY", "JPY"})
    return not unit or unit in ours


def _is_limit(bound: Bound) -> bool:
    before, after = bound.before, bound.after
    return bool(
        AROUND.search(before)
        or AROUND_AFTER.match(after)
        or UNDER.search(before)
        or UNDER_AFTER.match(after)
        or OVER.search(before)
        or OVER_AFTER.match(after)
    )


def _asked(scope: Scope, bound: Bound) -> bool:
    """Whether the customer said this figure."""
    low = bound.claim.low
    return any(near(c.low, low) or near(c.high, low) for c in scope.table.question_claims if c.kind in ("money", "number"))


def _sums(scope: Scope) -> list[float]:
    return [c.low for c in scope.claims if c.kind == "money"]


def _limit_holds(scope: Scope, bound: Bound, variants: list[VariantFacts]) -> bool:
    """Whether what the words name keeps to the limit; a sentence that names nothing states nothing."""
    if not scope.names_one or NEGATED.search(scope.sentence.folded):
        return True
    prices = _paid(variants)
    if AROUND.search(bound.before) or AROUND_AFTER.match(bound.after):
        return any(abs(price - bound.claim.low) <= AROUND_SHARE * bound.claim.low for price in prices)
    under = UNDER.search(bound.before) or UNDER_AFTER.match(bound.after)
    return bool(prices) and (min(prices) <= bound.claim.low if under else max(prices) >= bound.claim.low)


def _differences(scope: Scope, bound: Bound, variants: list[VariantFacts]) -> list[float]:
    """What is saved against the list price, and what the products of the talk differ by."""
    compared = bound.products if len(bound.products) > 1 else bound.products | scope.talked
    prices = {p for i in compared if i in scope.table.products for p in _paid(scope.table.products[i].variants)}
    return _savings(variants) + [abs(a - b) for a in set(_paid(variants)) for b in prices if a != b]


def _reductions(scope: Scope, bound: Bound) -> list[float]:
    """What promotions in force take off, of those for what is spoken of."""
    fitting = scope.table.promotions if not bound.named else [p for f in bound.facts for p in f.promotions]
    return [float(p.amount_off.major) for p in fitting if p.amount_off is not None]


def _totals(scope: Scope, bound: Bound, variants: list[VariantFacts]) -> list[float]:
    wanted = {c.low for c in (*scope.claims, *scope.table.question_claims) if c.kind == "number" and 2 <= c.low <= 999}
    out = [price * pieces for price in set(_paid(variants)) for pieces in wanted]
    if 2 <= len(bound.products) <= 4:
        sums = {0.0}
        for product in bound.products:
            own = set(_paid(scope.table.products[product].variants)) if product in scope.table.products else set()
            sums = {s + price for s in sums for price in own}
        out += sums
    return out
