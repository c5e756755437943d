"""Words for a reduced price: "on sale", "discount", 特价."""

import re

from bot.answering.guard.phrases import denied_before
from bot.answering.guard.scope import Scope

_SALE = re.compile(
    r"\bon sale\b|\bon special\b|\bdiscount(?:ed|s)?\b|\breduced\b|\bspecial (?:offer|price|deal)\b|\bprice cut\b|\bmarked down\b|\bbargain\b|\bdeal\b|\bpromotion(?:al)?\b|\bcoupons?\b|\bvouchers?\b|打折|折扣|特价|促销|优惠|降价|立减|直降|秒杀|划算价|大促|活动价|清仓|满减"
)


def reduction_violations(scope: Scope) -> list[tuple[str, str]]:
    """(kind, words) of a reduction where none is in force for what is spoken of."""
    sentence, table, claims = scope.sentence, scope.table, scope.claims
    match = _SALE.search(sentence.folded)
    if match is None or denied_before(sentence, match.start()) or "?" in sentence.folded:
        return []
    products, _ = scope.bind(match.start(), match.end())
    facts = [table.products[p] for p in products if p in table.products]
    if any(v.listed is not None for f in facts for v in f.variants):
        return []
    if scope.names_one:
        if any(f.promotions for f in facts):
            coded = {c.unit for c in claims if c.kind == "code"} & {p.code.casefold() for p in table.promotions}
            fitting = {p.code.casefold() for f in facts for p in f.promotions}
            return [] if not coded or coded & fitting else [("discount", match.group())]
        return [("discount", match.group())]
    if table.promotions or any(_SALE.search(line.folded) and not line.over for line in table.lines):
        return []
    return [("discount", match.group())]
