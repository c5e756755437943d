"""Lines of one product: which of its attributes and sentences a figure belongs to."""

from bot.answering.evidence_lines import Line
from bot.answering.fact_table import ProductFacts
from bot.answering.guard.alike import around, foreign, foreign_value
from bot.answering.guard.phrases import RATING
from bot.answering.guard.scope import Sought


def is_stated_otherwise(sought: Sought, facts: ProductFacts) -> bool:
    """Whether an attribute that the clause names has another figure of this kind: then no other line makes this one right."""
    claim, sentence = sought.claim, sought.scope.sentence
    best, others = 0, 0
    for line in facts.lines:
        if line.kind not in ("attribute", "option"):
            continue
        figures = [c for c in line.claims if sought.comparable(c)]
        shared = len(sought.clause & line.words)
        if figures and shared and any(sought.same(c) for c in figures):
            best = max(best, shared)
        elif figures and shared:
            others = max(others, shared)
    if others > best and best == 0 and claim.kind == "number":
        return True
    if others > best and best == 0:
        # A longer span than the attribute's own line may stand in the description ("28 with the case").
        return not any(
            any(c.kind == claim.kind and sought.same(c) and len(sought.clause & around(line, c)) > 0 for c in line.claims)
            for line in facts.lines
            if line.kind in ("description", "option", "title") and not foreign(line, sentence)
        )
    return False


def is_own(sought: Sought, line: Line, facts: ProductFacts) -> bool:
    """Whether a line of a product that has the figure is what the words around the claim speak of."""
    claim, sentence = sought.claim, sought.scope.sentence
    if line.kind in ("attribute", "option"):
        value = line.folded.partition(": ")[2]
        if value in sentence.folded and (line.kind == "option" or len(value) >= 8):
            return True
        several = [c for c in line.claims if sought.comparable(c)]
        if (
            len(several) > 1
            and foreign_value(line, sentence)
            and any(o.words == line.words and not foreign_value(o, sentence) for o in facts.lines)
        ):
            return False  # the same attribute in the sentence's language tells which figure is which
        if len(several) > 1 and not foreign_value(line, sentence):
            mine = frozenset[str]().union(*(around(line, c) for c in several if sought.same(c)))
            rest = frozenset[str]().union(*(around(line, c) for c in several if not sought.same(c)))
            if sought.clause & (rest - mine) and not sought.clause & (mine - rest):
                return False
        if sought.clause & line.words:
            return True
        rivals = [
            other
            for other in facts.lines
            if other.kind == "attribute" and other.words != line.words and any(sought.comparable(c) for c in other.claims)
        ]
        if any(sought.clause & (other.words - line.words) for other in rivals):
            return False
        return (claim.kind != "number" and sought.named) or bool(sought.clause & line.context) or bool(RATING.search(line.folded))
    if foreign(line, sentence) and line.kind != "review":
        # What a product states in the sentence's own language is compared word by word; the other language counts where it stands alone.
        return not any(other.kind == line.kind and not foreign(other, sentence) and other.claims for other in facts.lines)
    if not sought.clause & line.words:
        return claim.kind != "number" and sought.named
    same_kind = [c for c in line.claims if sought.comparable(c)]
    if len(same_kind) > 1:
        # "Hot for 12 hours, cold for 24": each figure belongs to the words around it.
        mine = frozenset[str]().union(*(around(line, c) for c in same_kind if sought.same(c)))
        rest = frozenset[str]().union(*(around(line, c) for c in same_kind if not sought.same(c)))
        return not mine or bool(sought.clause & mine) or not sought.clause & (rest - mine)
    return True
