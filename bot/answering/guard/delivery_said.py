"""When goods arrive or leave: a time told for one must be stated for the same."""

import re

from bot.answering.claims import Claim
from bot.answering.evidence_lines import Line
from bot.answering.guard.alike import equal
from bot.answering.guard.phrases import NEGATED, denied_before
from bot.answering.guard.scope import Scope
from bot.answering.places import elsewhere, everywhere, meet, places_in

_ARRIVES = re.compile(
    r"\bdeliver\w*|\barriv\w*|\breach(?:es)? (?:you|your)|\breceiv\w*|\bwith you\b|\b(?:have|get|hold) it\b|\bdeliv\b|\bshipping takes\b"
    r"|送达|送到|收到|到手|签收|送货|配送|[能就]到|抵达"
)
_LEAVES = re.compile(r"\bships?\b|\bshipped\b|\bdispatch\w*|\bleaves?\b|\bsen[dt]s?\b|\bgoes out\b|发货|发出|寄出|出库|发往|揽收")
_RETURNS = re.compile(r"\breturn\w*|\bback\b|退|换货|寄回")
_SPANS = frozenset({"TIME", "BUSINESS_DAYS"})
_SERVES = re.compile(
    r"\bship\w*|\bdeliver\w*|\bsen[dt]\b|\bgo(?:es)? to\b|\bgets?\b|\bexpress\b|\bstores?\b|\bshops?\b|寄|送|发|快递|加急|门店|店"
)
LONGEST = 60 * 86400.0
"""Seconds: a longer span is no delivery's ("36 months from delivery")."""
NEAR = 2
"""Words that a sentence must share with a rule that lists places, to be about it."""


def delivery_violations(scope: Scope) -> list[tuple[str, str]]:
    """(kind, words) of days and spans told for an arrival or a dispatch, and of places told to be served, where no rule says so."""
    folded = scope.sentence.folded
    if "?" in folded:
        return []
    found: list[tuple[str, str]] = []
    patterns = (_ARRIVES,) if _RETURNS.search(folded) else (_ARRIVES, _LEAVES)
    for pattern in patterns:
        match = pattern.search(folded)
        if match is None or denied_before(scope.sentence, match.start()):
            continue
        times = [c for c in scope.claims if c.kind in ("day", "time") or (c.kind == "quantity" and c.unit in _SPANS and c.high <= LONGEST)]
        found += [("date", c.raw) for c in times if not _is_stated(scope, c, pattern)]
        break
    return found + _unserved(scope)


def _is_stated(scope: Scope, claim: Claim, pattern: re.Pattern[str]) -> bool:
    own = [line for p in scope.talked if p in scope.table.products for line in scope.table.products[p].lines if line.kind != "review"]
    for line in [*scope.table.lines, *own]:
        if any(c.kind == claim.kind and equal(c, claim, scope.sentence) for c in line.claims):
            around = line.folded if claim.unit != "BUSINESS_DAYS" else f"{line.folded} {' '.join(line.context)}"
            if pattern.search(around) or line.kind in ("attribute", "option", "description"):
                return True
    return False


def _unserved(scope: Scope) -> list[tuple[str, str]]:
    folded = scope.sentence.folded
    said = places_in(folded)
    if not said or not (_SERVES.search(folded) or scope.claims) or NEGATED.search(folded):
        return []
    lines = [line for line in scope.table.lines if not line.over and places_in(line.folded)]
    stated = frozenset[str]().union(*(places_in(line.folded) for line in lines))
    unknown = [place for place in sorted(said) if not meet(frozenset({place}), stated)]
    if unknown:
        return [("place", ", ".join(unknown))]
    nearest = _nearest(scope, lines)
    if not nearest or any(elsewhere(line.folded) or everywhere(line.folded) for line in nearest):
        return []
    listed = frozenset[str]().union(*(places_in(line.folded) for line in nearest))
    return [("place", place) for place in sorted(said) if not meet(frozenset({place}), listed)]


def _nearest(scope: Scope, lines: list[Line]) -> list[Line]:
    """The rules that list places and share most with the sentence, NEAR words at least."""
    shared = [(len(scope.sentence.words & line.words), line) for line in lines if len(places_in(line.folded)) > 1]
    most = max((number for number, _ in shared), default=0)
    return [line for number, line in shared if number == most] if most >= NEAR else []
