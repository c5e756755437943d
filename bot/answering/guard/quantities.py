"""Percentages, and quantities with a unit."""

import re

from bot.answering.fact_table import ProductFacts
from bot.answering.guard.alike import close, near
from bot.answering.guard.held import stated
from bot.answering.guard.phrases import CONDITION, DISCOUNT, NEGATED, UNDER, UNDER_AFTER
from bot.answering.guard.scope import Bound, Scope
from knowledge.promotion import Promotion

_DIFFERENCE_AFTER = re.compile(
    r"^\s*(?:lighter|heavier|more|less|longer|shorter|bigger|larger|smaller|taller|wider|narrower|thinner|thicker|extra|apart|lower|higher|faster|slower"
    r"|brighter|quieter|的?差距?|之差)"
)
_DIFFERENCE_BEFORE = re.compile(
    r"(?:differ(?:s|ence)?(?: (?:is|of|by))?|\bby|extra|additional|轻|重|多|少|长|短|大|小|差|相差|高|低|快|慢|宽|窄|厚|薄)(?:了|出)?\W*(?:of|only|just|about|约|大约)?\W*$"
)
_COMPARED = re.compile(
    r"\bthan\b|compared|\bdiffer|\bagainst\b|\bextra\b|\badditional\b|比|相差|差|[轻重多少长短大小高低快慢宽窄厚薄](?:了|出)"
)


def percent_holds(scope: Scope, bound: Bound) -> bool:
    """A reduction of the goods spoken of or of a promotion for them, or a line's own percentage."""
    claim, sentence, table = bound.claim, scope.sentence, scope.table
    if not (claim.off or DISCOUNT.search(sentence.clause_text(claim.start))):
        return stated(scope, claim, bound.facts)
    for variant in (v for f in bound.facts for v in f.variants if bound.named or scope.names_one):
        off = 100 * (1 - variant.paid / variant.listed) if variant.listed and variant.paid is not None else 0.0
        if off and (abs(off - claim.low) < 0.06 or near(round(off), claim.low)):
            return True
    takes = [p for p in table.promotions if p.percent_off is not None and near(float(p.percent_off), claim.low)]
    fitting = [p for p in takes if not bound.named or any(p in f.promotions for f in bound.facts)]
    if scope.names_one and fitting:
        return True
    if any(p.code.casefold() in sentence.folded or _told_of(scope, p) for p in fitting):
        return True
    others = [p for p in takes if p not in fitting]
    if others and bound.named and scope.names_one and not any(p.code.casefold() in sentence.folded for p in others):
        return False
    return stated(scope, claim, [])


def _told_of(scope: Scope, promotion: Promotion) -> bool:
    """Whether words of a promotion's own text stand in the sentence."""
    return any(scope.sentence.words & line.words for line in scope.table.groups.get(f"promotion:{promotion.code}", ()))


def quantity_holds(scope: Scope, bound: Bound) -> bool:
    """A line's own, the customer's own as a condition, or what two products differ by."""
    claim, folded = bound.claim, scope.sentence.folded
    if stated(scope, claim, bound.facts):
        return True
    said = [c for c in scope.table.question_claims if c.kind == "quantity" and c.unit == claim.unit and near(c.low, claim.low)]
    conditional = CONDITION.search(bound.before) or UNDER.search(bound.before) or UNDER_AFTER.match(bound.after)
    if said and (NEGATED.search(folded) or conditional):
        return True
    differs = _DIFFERENCE_AFTER.match(bound.after) or _DIFFERENCE_BEFORE.search(bound.before)
    return bool(differs and _COMPARED.search(folded)) and _differs(scope, bound)


def _differs(scope: Scope, bound: Bound) -> bool:
    """Whether two products of the talk differ by this much in one and the same attribute."""
    others = [*bound.facts, *(scope.table.products[p] for p in scope.talked if p in scope.table.products)]

    def figures(facts: ProductFacts) -> list[tuple[frozenset[str], float]]:
        return [
            (line.words, c.low)
            for line in facts.lines
            if line.kind in ("attribute", "option")
            for c in line.claims
            if c.kind == "quantity" and c.unit == bound.claim.unit
        ]

    return any(
        words & theirs and a != b and close(abs(a - b), bound.claim.low)
        for f in bound.facts
        for words, a in figures(f)
        for g in others
        if g is not f
        for theirs, b in figures(g)
    )
