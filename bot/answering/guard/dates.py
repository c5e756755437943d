"""Dates and days."""

import re

from bot.answering.guard.alike import same_date
from bot.answering.guard.held import stated
from bot.answering.guard.phrases import DISCOUNT, NEGATED, REVIEW
from bot.answering.guard.scope import Bound, Scope

_PART_OF_MONTH = re.compile(r"月(?:份)?(初|中旬|底|末)")


def date_holds(scope: Scope, bound: Bound) -> bool:
    """A day, a month or a year that the offers, the promotions or a line have."""
    claim, table = bound.claim, scope.table
    year, month, day = map(int, claim.unit.split("-"))
    known = set(table.dates).union(*(f.dates for f in bound.facts))
    part = _PART_OF_MONTH.search(claim.raw)
    if part and month and not day:
        low, high = {"初": (1, 10), "中旬": (11, 20)}.get(part[1], (21, 31))
        known |= {tuple(map(int, c.unit.split("-"))) for f in bound.facts for line in f.lines for c in line.claims if c.kind == "date"}  # type: ignore[misc]
        return any(m == month and (not year or y == year) and low <= d <= high for y, m, d in known)
    if not month:
        # A bare year tells when something was made: a review's or a promotion's date is no evidence for it.
        own = [line for f in bound.facts for line in f.lines if line.kind != "review" or REVIEW.search(scope.sentence.folded)]
        rules = [line for line in table.lines if line.kind != "promotion" or DISCOUNT.search(scope.sentence.folded)]
        dated = any(c.kind == "date" and same_date(c.unit, claim.unit) for line in [*own, *rules] for c in line.claims)
        return dated or any(str(year) in re.findall(r"\d{4}", line.folded) for line in own)
    if any((not year or y == year) and m == month and (not day or d == day) for y, m, d in known):
        return _of_the_promotion_named(scope, bound)
    if REVIEW.search(scope.sentence.folded) is None and _only_of_reviews(bound):
        return False
    return stated(scope, claim, bound.facts, same=lambda c: same_date(c.unit, claim.unit))


def _only_of_reviews(bound: Bound) -> bool:
    """Whether what is spoken of has the date as the day of a review alone."""
    lines = [
        line for f in bound.facts for line in f.lines if any(c.kind == "date" and same_date(c.unit, bound.claim.unit) for c in line.claims)
    ]
    return bool(lines) and all(line.kind == "review" for line in lines)


def _of_the_promotion_named(scope: Scope, bound: Bound) -> bool:
    """A date beside the code of one promotion must be of that promotion."""
    named = [p for p in scope.table.promotions if p.code.casefold() in scope.sentence.folded]
    if not named:
        return True
    lines = [line for p in named for line in scope.table.groups.get(f"promotion:{p.code}", ())]
    return any(c.kind == "date" and same_date(c.unit, bound.claim.unit) for line in lines for c in line.claims)


def day_holds(scope: Scope, bound: Bound) -> bool:
    """ "Monday", "tomorrow", "tonight": a line's own, or the customer's in a denial or a question."""
    if stated(scope, bound.claim, bound.facts):
        return True
    asked = any(c.kind == "day" and c.unit == bound.claim.unit for c in scope.table.question_claims)
    return asked and bool(NEGATED.search(scope.sentence.folded) or "?" in scope.sentence.folded)
