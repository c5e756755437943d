"""A figure in the lines of the evidence: whether a line has it, and is what the words around it speak of."""

from collections.abc import Callable

from bot.answering.claims import Claim
from bot.answering.evidence_lines import stems
from bot.answering.fact_table import ProductFacts
from bot.answering.guard.alike import elided, equal, foreign
from bot.answering.guard.own_lines import is_own, is_stated_otherwise
from bot.answering.guard.rule_lines import is_of_rule, is_ruled_otherwise, is_translated
from bot.answering.guard.scope import Scope, Sought
from knowledge.units import Dimension

_OF_GOODS = frozenset(d.name for d in Dimension) - {"NUMBER", "MASS", "LENGTH", "VOLUME", "AREA", "TIME", "TEMPERATURE"}
"""Dimensions that describe goods: what a product states in them is not what a general rule says."""


def stated(
    scope: Scope,
    claim: Claim,
    facts: list[ProductFacts],
    *,
    before: str | None = None,
    same: Callable[[Claim], bool] | None = None,
    free: bool = False,
) -> bool:
    """Whether a line of these products or of the shop's rules has this figure and is what the words speak of. `before`: words that a rule must share,
    instead of the whole sentence; `same`: which figures count as equal; `free`: a rule need share no words."""
    clause = frozenset(stems(scope.sentence.clause_text(claim.start)))
    products, named = scope.bind(claim.start, claim.end)
    named = named or len(products) == 1
    sought = Sought(scope, claim, clause, named, same or (lambda held: equal(held, claim, scope.sentence)))
    if claim.kind == "number" and named and any(is_stated_otherwise(sought, f) for f in facts):
        return False
    if not named and claim.kind != "money" and is_ruled_otherwise(sought):
        return False
    return _in_products(sought, facts) or _in_rules(sought, facts, before, free)


def _in_products(sought: Sought, facts: list[ProductFacts]) -> bool:
    for f in facts:
        if sought.claim.kind in ("quantity", "number") and is_stated_otherwise(sought, f):
            continue
        if any(sought.stands_in(line) and is_own(sought, line, f) for line in f.lines):
            return True
    return False


def _in_rules(sought: Sought, facts: list[ProductFacts], before: str | None, free: bool) -> bool:
    scope, claim = sought.scope, sought.claim
    holding = [line for line in scope.table.by_claim.get((claim.kind, ""), ()) if sought.stands_in(line)]
    if claim.kind == "quantity":
        holding += [line for line in scope.table.by_claim.get(("number", ""), ()) if line not in holding and elided(line, claim)]
    holding = [line for line in holding if not (foreign(line, scope.sentence) and is_translated(scope, line))]
    # What only stands in the other language can't be compared word by word: it counts where no line of this language has the figure,
    # and never as the price of a product.
    own = [line for line in holding if not foreign(line, scope.sentence)]
    if not own and claim.kind == "money" and scope.names_one:
        return False
    if claim.kind == "quantity":
        attributes = [
            line for f in facts for line in f.lines if line.kind == "attribute" and any(c.unit == claim.unit for c in line.claims)
        ]
        if attributes and scope.names_one and claim.unit in _OF_GOODS:
            return False
        # What a product states of itself goes before the general rule: its own warranty, not that of another kind of goods.
        told = [line.words for line in attributes if sought.clause & line.words and any(sought.comparable(c) for c in line.claims)]
        if told:
            known = frozenset[str]().union(*told)
            holding, own = [line for line in own or holding if sought.clause & (line.words - known)], []
    return any(is_of_rule(sought, line, before, free=free) for line in own or holding)
