"""Codes: SKUs, models, standards, grades, discount codes; and addresses."""

import re

from bot.answering.fact_table import ProductFacts
from bot.answering.guard.phrases import NEGATED, PAST
from bot.answering.guard.scope import Bound, Scope

_CONTRAST = re.compile(
    r"(?:instead of|rather than|versus|vs\.?|against|not|than|compared (?:to|with)|而不是|不是|比|高于|优于)\s*(?:the |an? )?$"
)


def address_holds(scope: Scope, bound: Bound) -> bool:
    """A URL, an e-mail address or a telephone number of the evidence."""
    claim, table = bound.claim, scope.table
    if claim.kind == "phone":
        phones = {c.unit for line in table.lines for c in line.claims if c.kind == "phone"}
        return any(claim.unit in p or p in claim.unit for p in phones)
    bare = claim.unit if claim.kind == "email" else claim.unit.split("://")[-1].removeprefix("www.").rstrip("/")
    return bare in table.text


def code_holds(scope: Scope, bound: Bound) -> bool:
    """A code of the goods spoken of, of a promotion in force, or of a rule."""
    token, table, facts, named = bound.claim.unit, scope.table, bound.facts, bound.named
    if " " in token:  # a standard: "EN 71"
        texts = [f.text for f in facts] if named and facts else [table.text]
        return any(token in re.sub(r"(?<=[a-z])[ -]?(?=\d)", " ", text) for text in texts)
    if token in table.aliases or token.replace("-", "") in table.aliases:
        return True
    if any(line.over and token in line.folded for line in table.lines) and not any(
        token in line.folded for line in table.lines if not line.over
    ):
        return bool(PAST.search(scope.sentence.folded))
    if bound.claim.off and token not in table.shouted:
        return token in {p.code.casefold() for p in table.promotions}
    if token not in table.codes:
        return bool(token in table.question and NEGATED.search(scope.sentence.folded))
    held = [f for f in table.products.values() if token in f.text]
    in_rules = any(token in line.folded for line in table.lines)
    family = re.match(r"[a-z]{2,}(?=\d)", token)
    if family and not named and table.asked:
        facts, named = [table.products[p] for p in table.asked], True
        held = held if any(f in held for f in facts) else []
        in_rules = in_rules and not any(_rated(f) for f in facts)
        if not held and not in_rules:
            return False
    if family and named and facts and not any(token in f.text for f in facts):
        # Another grade than the product's own: "IPX7" of what is rated IPX4.
        own = re.compile(rf"(?<![a-z0-9]){family.group()}\d")
        in_rules = in_rules and not any(own.search(f.text) or _rated(f) for f in facts)
    return in_rules or not named or not held or bool(_CONTRAST.search(bound.before)) or any(f in held for f in facts)


def _rated(facts: ProductFacts) -> bool:
    """Whether a product states a grade, be it none."""
    return any(line.kind == "attribute" and re.match(r"[^:]*(?:rating|等级)", line.folded) for line in facts.lines)
