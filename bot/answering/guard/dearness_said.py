""" "The cheapest", "dearer than": prices compared in words."""

import re
from collections.abc import Callable

from bot.answering.fact_table import FactTable, ProductFacts
from bot.answering.guard.phrases import denied_before
from bot.answering.guard.scope import Scope

_CHEAPEST = re.compile(r"\bcheapest\b|lowest[ -]priced|least expensive|most affordable|最便宜|价格最低|最实惠")
_DEAREST = re.compile(r"most expensive|highest[ -]priced|priciest|最贵|价格最高")
_AGAINST = re.compile(
    r"(?P<less>cheaper than|less expensive than|costs? less than|比[^,。]{2,40}(?:便宜|实惠))|(?P<more>dearer than|more expensive than|costs? more than|pricier than|比[^,。]{2,40}贵)"
)
_OF_THESE = re.compile(r"of (?:the|these|those|them|your)\b|\bamong\b|\bbetween\b|其中|之中|里面|这[几两三]|两者|[两三]款")


_OF_ALL = re.compile(
    r"\bin (?:the|our) (?:whole |entire )?(?:shop|store|range|catalog(?:ue)?)\b|\bof all\b|\boverall\b|\bwe (?:have|sell|carry|offer|stock)\b|全店|(?:店里|本店|我们家?)(?:所有|全部)?(?:的)?(?:商品)?(?:里|中)?最|所有商品"
)


def dearness_violations(scope: Scope) -> list[tuple[str, str]]:
    """(kind, words) of an extreme or a comparison that the prices do not bear out."""
    sentence, table = scope.sentence, scope.table
    found = []
    flat = [group for _, _, groups in sentence.units for group in groups]
    against = _AGAINST.search(sentence.folded)
    if against is not None and len(flat) == 2 and "?" not in sentence.folded and not denied_before(sentence, against.start()):
        first, second = ([x for p in group for x in _prices(table.products.get(p))] for group in flat)
        cheaper = against.lastgroup == "less"
        if first and second and not (min(first) < min(second) if cheaper else min(first) > min(second)):
            found.append(("price", against.group()))
    for pattern, best in ((_CHEAPEST, min), (_DEAREST, max)):
        match = pattern.search(sentence.folded)
        if match is None or "?" in sentence.folded or denied_before(sentence, match.start()):
            continue
        products, named = scope.bind(match.start(), match.end())
        own = [x for p in products for x in _prices(table.products.get(p))]
        if not own or len(products) > 3 or (not named and len(products) > 1):
            continue
        wide = {p for m in sentence.mentions if not m.own for p in m.products} or set(table.found)
        everyone = [x for p in wide | products for x in _prices(table.products[p])]
        if not table.conditioned and not _OF_THESE.search(sentence.folded):
            everyone += [x for p in products for x in _prices_of_kind(p, table)]
        everywhere = _OF_ALL.search(sentence.folded) and not table.conditioned
        if best(own) != best(everyone) or (everywhere and _beaten(best(own), best, table)):
            found.append(("price", match.group()))
    return found


def _beaten(price: float, best: Callable[[list[float]], float], table: FactTable) -> bool:
    """Whether anything that the shop sells costs less (or more)."""
    view, now = table.findings.view, table.findings.now
    offers = (table.findings.offers.get(sku) or offer for sku, offer in view.offers.items())
    return any(best([price, float(paid.major)]) != price for offer in offers if (paid := offer.offer.paid(now)) is not None)


def _prices_of_kind(product_id: str, table: FactTable) -> list[float]:
    """What is paid now for goods of the same categories."""
    view, now = table.findings.view, table.findings.now
    offers = (
        table.findings.offers.get(v.sku) or view.offers.get(v.sku) for i in table.shop.mates(product_id) for v in view.products[i].variants
    )
    return [float(paid.major) for offer in offers if offer is not None and (paid := offer.offer.paid(now)) is not None]


def _prices(facts: ProductFacts | None) -> list[float]:
    return [v.paid for v in facts.variants if v.paid is not None] if facts else []
