"""Lines of the shop's rules: which of them a figure belongs to, by its words and by the places they speak of."""

import re

from bot.answering.evidence_lines import Line, stems
from bot.answering.guard.alike import foreign, part_of
from bot.answering.guard.phrases import DISCOUNT, PAST
from bot.answering.guard.scope import Scope, Sought
from bot.answering.places import elsewhere, everywhere, meet, places_in
from knowledge.folding import fold

NEARER = 2
"""Words that a sentence must share more with one rule than with another to be about the former."""


def is_translated(scope: Scope, line: Line) -> bool:
    """Whether the rule of a foreign line is stated in the sentence's language, too."""
    kind, _, rest = line.group.partition(":")
    if kind == "faq":
        head = f"faq:{rest.rpartition(':')[0]}:"
    elif kind in ("policy", "heading"):
        head = f"{kind}:{re.split(r'[.#]', rest)[0]}."
    else:
        return False
    return any(group.startswith(head) and not foreign(own, scope.sentence) for group, lines in scope.table.groups.items() for own in lines)


def _placed(sought: Sought, line: Line) -> bool | None:
    """Whether a line about places speaks of the sentence's (or the question's); None where places do not tell."""
    claim, sentence, table = sought.claim, sought.scope.sentence, sought.scope.table
    clause = sentence.clause_text(claim.start)
    if elsewhere(clause) and not places_in(clause):
        return None
    said = places_in(clause) or places_in(sentence.folded) or table.question_places
    parts = [
        fold(part) for c in line.claims if sought.same(c) for part in [part_of(line, c)] if places_in(fold(part)) or elsewhere(fold(part))
    ]
    stated = frozenset[str]().union(*(places_in(p) for p in parts)) if parts else places_in(line.folded)
    others = any(elsewhere(p) for p in parts) if parts else elsewhere(line.folded)
    if not said or not (stated or others) or everywhere(line.folded):
        return None
    about = line.words | line.context
    if meet(said, stated):
        fits = bool((sentence.words | table.question_words) & about)
        return (fits and len(stated) == 1) or None
    # "All other countries" are those that no line beside it names.
    siblings = table.groups.get(line.group, ())
    rest = others and not stated and not any(meet(said, places_in(other.folded)) for other in siblings if other.claims)
    return rest


def is_ruled_otherwise(sought: Sought) -> bool:
    """Whether a rule that the sentence is clearly about has another figure of this kind, and none that shares as much has this one."""
    said = sought.scope.sentence.words
    others = [
        line
        for line in sought.scope.table.by_claim.get((sought.claim.kind, ""), ())
        if not line.over and any(sought.comparable(c) for c in line.claims) and not _for_others(sought, line)
    ]
    shared = {line: len(said & (line.words | line.context)) for line in others}
    right = max((n for line, n in shared.items() if sought.stands_in(line)), default=0)
    wrong = max((n for line, n in shared.items() if not sought.stands_in(line) and not _told(sought.scope, line)), default=0)
    return wrong > NEARER and wrong > right


def _for_others(sought: Sought, line: Line) -> bool:
    """Whether a line speaks of other places than the sentence, or the question where the sentence names none."""
    stated = places_in(line.folded)
    said = places_in(sought.scope.sentence.folded) or sought.scope.table.question_places
    return bool(stated and said) and not meet(said, stated)


def _told(scope: Scope, line: Line) -> bool:
    """Whether the sentence has a figure of this line, too."""
    return any(c.kind == d.kind and c.low == d.low for c in line.claims for d in scope.claims)


def _nearer(sought: Sought, other: Line, line: Line) -> bool:
    """Whether the sentence has clearly more words of another rule, which has another figure: "a repair takes 5 business days" is about repairs,
    whatever takes 5 business days."""
    said = sought.scope.sentence.words
    return len(said & (other.words | other.context)) >= len(said & (line.words | line.context)) + NEARER


def is_of_rule(sought: Sought, line: Line, before: str | None, *, free: bool) -> bool:
    """Whether a line of the rules that has the figure is what the words speak of."""
    scope, claim, sentence, table = sought.scope, sought.claim, sought.scope.sentence, sought.scope.table
    if line.over and not PAST.search(sentence.folded):
        return False
    reduction = claim.kind == "percent" and line.kind == "promotion"
    if reduction and not (DISCOUNT.search(sentence.folded) or claim.off):
        return False
    placed = _placed(sought, line)
    if placed is not None:
        return placed
    if foreign(line, sentence):
        return True
    words = frozenset(stems(before)) if before is not None else sentence.words
    about = line.words | line.context
    # A sentence that leaves out what the one before it was about ("That takes 3 to 5 business days.") keeps to the question.
    implied = before is None and not any(m.own for m in sentence.mentions) and bool(table.question_words & about)
    if reduction or claim.kind == "number" or (claim.kind == "money" and (table.asked or scope.carried)):
        implied = False  # a bare amount in a turn about a product is its price; whom a promotion is for must be said
    if not free and not words & about and not implied:
        return False
    rivals = [
        other
        for other in table.groups.get(line.group, ())
        if other is not line and not sought.stands_in(other) and any(c.kind == claim.kind for c in other.claims)
    ]
    elsewhere = [
        other
        for other in table.by_claim.get((claim.kind, ""), ())
        if other.group != line.group
        and not foreign(other, sentence)
        and any(sought.comparable(c) for c in other.claims)
        and not sought.stands_in(other)
    ]
    if not free and not sought.clause & line.words and any(sought.clause & other.words for other in elsewhere):
        return False
    if (
        not free
        and claim.kind != "money"
        and any(_nearer(sought, other, line) for other in elsewhere if not _told(scope, other) and not _for_others(sought, other))
    ):
        return False
    if not any(sought.clause & (other.words - line.words) for other in rivals) or sought.clause & (
        line.words - frozenset().union(*(o.words for o in rivals))
    ):
        return True
    # "To the US it is $6.95, free from $59, in 3-5 business days": the last clause belongs to the line that the sentence began with.
    label = frozenset(stems(re.split(r"[:：]", line.folded)[0])) if re.search(r"[:：]", line.folded) else frozenset()
    others = {(c.kind, c.low) for c in scope.claims if c is not claim} & {(c.kind, c.low) for c in line.claims if not sought.same(c)}
    return bool(label & sentence.words and others)
