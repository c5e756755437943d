"""What stays valid in the conversation after this answer."""

from collections.abc import Sequence
from dataclasses import replace

from bot.answering.answer import Outcome
from bot.answering.asking import questions_back
from bot.answering.composer import Findings
from bot.answering.reply import Reply
from bot.understanding.memory import filters_json, ruled_after
from bot.understanding.question import SMALL_TALK, Intent, Memory, Part
from knowledge.folding import fold

_SEARCHES = {Intent.PRODUCT_SEARCH, Intent.RECOMMEND}
_OF_RULES = {Intent.POLICY, Intent.STORE_INFO, Intent.PROMOTION}
_HOUSE = {"policy", "faq"}
_RULES = {*_HOUSE, "promotion"}
_ABOUT = {Intent.PRICE, Intent.AVAILABILITY, Intent.PRODUCT_QUESTION, Intent.COMPARE, Intent.PROMOTION}


_TOGETHER_MOST = 4
"""Products that a rule was asked of together: "they" means these."""


def next_memory(findings: Findings, reply: Reply) -> Memory:
    """The next memory, from the last one and the whole reply."""
    old, parts = findings.memory, findings.question.parts
    memory = replace(old, shown=list(old.shown), filters=dict(old.filters), asked=list(old.asked), pending={})
    memory.language = findings.question.language
    memory.turns = old.turns + 1
    memory.last_intent = parts[-1].intent.value if parts else old.last_intent
    spoken = _products(findings, reply)
    if spoken:
        # One picked of a list: "the first one" still counts in that list.
        memory.shown = old.shown if len(spoken) == 1 and spoken[0] in old.shown else spoken
        memory.focus = reply.focus or (spoken[0] if len(spoken) == 1 else "")
        memory.focus_sku = reply.focus_sku if memory.focus else ""
    elif reply.focus:
        memory.focus, memory.focus_sku = reply.focus, reply.focus_sku
    elif len(spoken_of := [s for part in parts for s in part.subjects if s.certain]) == 1:
        # A rule was said to a question about a product: "it" still means the product.
        memory.focus, memory.focus_sku = spoken_of[0].product_id, spoken_of[0].sku or ""
        memory.shown = memory.shown if memory.focus in memory.shown else [memory.focus]
    elif 1 < len(spoken_of) <= _TOGETHER_MOST and reply.outcome is Outcome.ANSWERED:
        memory.shown, memory.focus, memory.focus_sku = list(dict.fromkeys(s.product_id for s in spoken_of)), "", ""
    memory.spoken = _spoken(old.spoken, memory, parts)
    lifted = bool(parts) and fold(parts[-1].text) in old.lifts
    lost = reply.outcome is Outcome.ABSTAINED and bool(old.shown) and not lifted
    for part in parts:
        # Nothing like it is sold here, and no condition was understood: what was looked for before goes on ("cheaper?").
        _remember(memory, part, searched=not (lost and part.filters.empty))
    memory.ruled = _ruled(old.ruled, parts, reply)
    memory.rules = _rules(reply) or (old.rules if memory.ruled == old.ruled else []) if memory.ruled else []
    memory.promoted = _promoted(old.promoted, parts, reply)
    memory.pending = {**reply.pending, "times": questions_back(old) + 1} if reply.outcome is Outcome.ASKED_BACK else {}
    memory.misses = old.misses + 1 if reply.outcome is Outcome.ABSTAINED else 0 if reply.outcome is not Outcome.ASKED_BACK else old.misses
    return memory


SPOKEN_MOST = 6
"""Things spoken of that are kept for a sum."""


def _spoken(before: Sequence[list[str]], memory: Memory, parts: Sequence[Part]) -> list[list[str]]:
    """What was spoken of one by one, the latest last; a variant replaces its product of which none was told."""
    now = [[s.product_id, s.sku or ""] for part in parts for s in part.subjects if s.certain]
    if memory.focus and memory.focus not in {id_ for id_, _ in now}:
        now.append([memory.focus, memory.focus_sku])
    rows = [list(row) for row in before]
    for id_, sku in now:
        if not sku and (told := next((row for row in reversed(rows) if row[0] == id_), None)) is not None:
            sku = told[1]
        rows = [row for row in rows if row[0] != id_ or row[1] not in {"", sku}]
        rows.append([id_, sku])
    return rows[-SPOKEN_MOST:]


def _ruled(before: str, parts: Sequence[Part], reply: Reply) -> str:
    """The question about a rule that a short message may go on from: the one just answered; the one before where nothing was asked since."""
    kinds = {citation.kind for statement in reply.statements for citation in statement.citations}
    if not parts or all(part.intent in SMALL_TALK for part in parts):
        return before
    if not kinds & _RULES:
        return before if reply.outcome in (Outcome.ABSTAINED, Outcome.ASKED_BACK) and not _products_of(parts) else ""
    ruled = [part for part in parts if not part.subjects or part.intent in _OF_RULES] or list(parts)
    last = ruled[-1]
    return ruled_after(last)


def _rules(reply: Reply) -> list[str]:
    """The entries and sections that were said."""
    cited = (citation for statement in reply.statements for citation in statement.citations)
    return list(dict.fromkeys(f"{c.kind}:{c.id}" for c in cited if c.kind in _HOUSE))


def _promoted(before: Sequence[str], parts: Sequence[Part], reply: Reply) -> list[str]:
    """The reductions told now; those of before as long as no other rule is."""
    cited = [citation for statement in reply.statements for citation in statement.citations]
    now = list(dict.fromkeys(c.id for c in cited if c.kind == "promotion"))
    house = _rules(reply)
    if now or (house and any(part.intent is Intent.PROMOTION for part in parts)):
        return [*now, *house]
    return [] if house else list(before)


def _products_of(parts: Sequence[Part]) -> bool:
    return any(part.subjects for part in parts)


def _products(findings: Findings, reply: Reply) -> list[str]:
    if reply.shown:
        return list(dict.fromkeys(reply.shown))
    ids = [findings.view.by_sku.get(sku.casefold()) for sku in reply.skus]
    return list(dict.fromkeys(i for i in ids if i))


def _remember(memory: Memory, part: Part, *, searched: bool) -> None:
    if part.asked:
        memory.asked = list(part.asked)
    elif part.intent in _ABOUT:
        memory.asked = []
    if part.intent in _SEARCHES and searched:
        memory.filters = filters_json(part.filters)
        memory.search = part.standalone
