"""Bare numbers: pieces in stock, ratings, counts of variants, of reviews and of products."""

import re

from bot.answering.guard.alike import near
from bot.answering.guard.held import stated
from bot.answering.guard.phrases import CONDITION, NEGATED, RATING, REVIEW
from bot.answering.guard.scope import Bound, Scope, Violation

_STOCK = re.compile(r"in stock|left|remain|pieces?|units?|available|on hand|warehouse|库存|剩|现货|存货|仅余|余\s?\d|件(?!数|套)|只剩|还有")
_WE_HAVE = re.compile(
    r"(?:\bwe (?:currently |still )?have|\bwe've got|\bthere are(?: still| currently)?|\bthere is|[还仅只]有|剩下?|库存)\W*(?:only|just|about|exactly|over)?\s*$"
)
_SOME_LEFT = re.compile(r"left|remain|剩|only|只有|仅|just|last")
_ON_HAND = re.compile(r"in stock|left|remain|on hand|warehouse|shelf|库存|剩|现货|存货|仅")
_NO_PIECES = re.compile(r"\s*(?:colou?rs?|sizes?|款|种|色|个颜色)")
_VARIANTS = re.compile(
    r"\s*(?:[a-z]+\s)?(?:colou?rs?|sizes?|variants?|options?|versions?|capacit|packs?|scents?|款(?![㐀-鿿]{2})|款(?:颜色|可选|规格|尺码)"
    r"|种(?:颜色|规格|尺码|容量|香型|可选|选择|款)|个颜色|色|个尺码|个规格|个版本|个选择|[种款](?=\W|$))"
)
_FOUND = re.compile(r"found|match|list|show|找到|共有|符合|一共|共")
_COUNTED = re.compile(
    r"^\s*(?:of (?:them|these|our|the)|options?|choices?|models?|products?|items?|ones?|kinds?|variants?|versions?|styles?|are|suit|fit|picks?|suggestions?"
    r"|questions?|things?|points?|ways?|types?|other|more|[a-z-]+ (?:options?|models?|ones?|kettles?|choices?)|款|种|个|者|样|项|件|方面|点|条|把|只|台|双|张)"
)
_COUNTED_NOUN = re.compile(r"^\s*(?:款|种|个|样|项|件|方面|点|条|把|只|台|双|张)(?P<noun>[㐀-鿿]{0,6})")
_PRODUCT_NOUN = re.compile(
    r"一共|总共|合计|共|加|要|产品|商品|选择|选项|方案|可选|可以|都|均|是|分别|适合|符合|能|型号|推荐|里|中|之|供|在|有|各|问题|方面|方式|办法|优惠|活动|原因"
    r"|区别|不同|地方|颜色|尺码|规格|版本"
)


FEW = 4
"""Products that an unnamed count of pieces may be of."""


def number_violation(scope: Scope, bound: Bound) -> Violation | None:
    """A violation of kind stock or figure, or None."""
    if _is_multiplied(scope, bound):
        return None
    if (_STOCK.search(f"{bound.before[-14:]} {bound.after[:16]}") or _WE_HAVE.search(bound.before)) and not _NO_PIECES.match(bound.after):
        rated = _is_rating(scope, bound)
        return None if rated or _stock_holds(scope, bound) else Violation("stock", bound.claim.raw)
    held = _is_rating(scope, bound) or stated(scope, bound.claim, bound.facts) or _counts(scope, bound) or _is_asked(scope, bound)
    return None if held else Violation("figure", bound.claim.raw)


def _is_multiplied(scope: Scope, bound: Bound) -> bool:
    """How many of one thing a sum in the same sentence is for: "two of them come to $79.98"."""
    if not (bound.claim.small and bound.claim.low >= 2):
        return False
    prices = {v.paid for v in scope.variants(bound.products, bound.claim.start, bound.claim.end) if v.paid is not None}
    return any(near(c.low, bound.claim.low * price) for c in scope.claims if c.kind == "money" for price in prices)


def _own_count(bound: Bound) -> bool:
    return any(near(bound.claim.low, n) for f in bound.facts for n in f.counts)


def _is_rating(scope: Scope, bound: Bound) -> bool:
    """A mean of the reviews, or how many there are."""
    clause = scope.sentence.clause_text(bound.claim.start)
    if RATING.search(clause) and any(near(bound.claim.low, r) for f in bound.facts for r in f.ratings):
        return True
    listed = bound.claim.small and re.match(r"\s*[:：]", bound.after) is not None
    return bool(listed or REVIEW.search(clause)) and _own_count(bound)


def _stock_holds(scope: Scope, bound: Bound) -> bool:
    """Pieces of a variant or of a product; a rule's own number; as many as the customer wants where there are so many."""
    claim, table = bound.claim, scope.table
    variants = scope.variants(bound.products, claim.start, claim.end)
    stock = [v.offer.availability.quantity for v in variants if v.offer.availability.quantity is not None]
    if not table.hide_stock and (bound.named or len(bound.products) <= FEW):
        sums = {sum(v.offer.availability.quantity or 0 for v in variants if v.sku in {w.sku for w in f.variants}) for f in bound.facts}
        if claim.low in {float(n) for n in (*stock, *sums)}:
            return True
    sums_of_money = {c.low for c in scope.claims if c.kind == "money"}
    if not table.hide_stock and any(v.paid in sums_of_money and v.offer.availability.quantity == claim.low for v in variants):
        return True  # the variant whose price stands beside it
    window = f"{bound.before[-14:]} {bound.after[:16]}"
    if not scope.names_one and not _ON_HAND.search(window) and stated(scope, claim, []):
        return True
    wanted = any(c.kind == "number" and near(c.low, claim.low) for c in table.question_claims)
    enough = bool(stock) and max(stock) >= claim.low and wanted and not _SOME_LEFT.search(window)
    return enough or (claim.low == 0 and 0 in stock)


def _counts(scope: Scope, bound: Bound) -> bool:
    """How many are spoken of, were found, or how many variants there are."""
    claim, table, after = bound.claim, scope.table, bound.after
    if claim.small and re.match(r"\s*of (?:them|these|those)", after) and _own_count(bound):
        return True
    if claim.small and claim.low <= 20 and any(m.own and 0 <= m.start - claim.end <= 2 for m in scope.sentence.mentions):
        return True  # "two KT-17E kettles"
    if claim.small and _COUNTED.match(after):
        most = max(len(scope.own), len(bound.products), len(scope.carried), len(table.found), len(table.asked))
        if (2 <= claim.low <= most or claim.low in table.counts) and _counts_products(scope, bound):
            return True
    if len(bound.facts) <= 4 and _VARIANTS.match(after) and _own_count(bound):
        return True
    clause = scope.sentence.clause_text(claim.start)
    return claim.low == claim.high and any(near(claim.low, n) for n in table.counts) and _FOUND.search(clause) is not None


def _counts_products(scope: Scope, bound: Bound) -> bool:
    """Whether what a small number counts is products: in Chinese the noun after the measure word tells ("三台设备", "两款水壶")."""
    noun = _COUNTED_NOUN.match(bound.after)
    if noun is None or not noun["noun"]:
        return True
    start = bound.claim.end + noun.start("noun")
    return _PRODUCT_NOUN.match(noun["noun"]) is not None or any(m.start <= start + 8 and m.end > start for m in scope.sentence.mentions)


def _is_asked(scope: Scope, bound: Bound) -> bool:
    """The customer's own number, as a condition or denied."""
    said = any(c.kind in ("number", "money") and near(c.low, bound.claim.low) for c in scope.table.question_claims)
    return said and bool(CONDITION.search(bound.before) or NEGATED.search(scope.sentence.clause_text(bound.claim.start)))
