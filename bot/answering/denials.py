"""What the shop denies: "not for hot soup", "do not machine wash them". A sentence that says the same without the denial is cut."""

import re
from collections.abc import Iterable
from functools import lru_cache

from bot.answering.evidence_lines import Line, stem, stems
from bot.answering.fact_table import FactTable
from bot.answering.mentions import Sentence

_CLAUSE = re.compile(r"[^,，;；。.!?、()]+")
_DENIAL = re.compile(
    r"(?:\b(?:do not|don't|does not|doesn't|must not|mustn't|may not|cannot|can't|should not|never|not|is no|are no|no)\b|(?:请勿|切勿|不可以?|不能|不要|不宜|不适合|不支持|不含|不提供|不接受|不参加|不寄往|不得|不会|没有|勿|无需|不需要?|不用|不))(?P<rest>.*)$"
)
_GENERIC = frozenset(
    stems(
        "meant made suitable use used put goes works fit fits intended recommended offered possible allowed needed want need get come comes comes with included please also well directly back sent"
        " 适合 支持 提供 可以 使用 需要 接受 直接 推荐 建议 用于 进行 目前 任何"
    )
)
_NEGATED = re.compile(
    r"\bno\b|\bnot\b|n't\b|\bcannot\b|\bnever\b|\bwithout\b|\bunable\b|\bneither\b|\bnor\b|\bunless\b|\bexcept\b|\bonly\b|\bfree\b|不|没|无|未|非|勿|别|仅|只|除|否"
)
_VALUE_NO = re.compile(r"no\b|none\b|否|无")
_FREE_OF = re.compile(r"\b([a-z]{3,})[- ]free\b")
_OPEN = re.compile(r"\?|\bif\b|\bwhether\b|如果|是否|吗|的话")
LEAST = 2
"""Content words (Chinese: pairs of characters) that a denial must have: one alone says too little."""


@lru_cache(maxsize=16384)
def _denied(text: str) -> tuple[frozenset[str], ...]:
    """What the clauses of a folded text deny, as content words."""
    _, colon, value = text.partition(": ")
    if colon and _VALUE_NO.match(value):
        text = f"{value}"  # "without bulb: no" denies nothing
    out = [frozenset({stem(m[1])}) for m in _FREE_OF.finditer(text)]
    for clause in _CLAUSE.findall(text):
        match = _DENIAL.search(clause.partition(": ")[0])
        if match is not None:
            words = frozenset(stems(match["rest"])) - _GENERIC
            if len(words) >= LEAST or (len(words) == 1 and len(match["rest"].strip()) <= 4 and "㐀" <= match["rest"].strip()[:1] <= "鿿"):
                out.append(words)
    return tuple(out)


@lru_cache(maxsize=16384)
def _affirmed(text: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(stems(clause)) for clause in _CLAUSE.findall(text) if not _NEGATED.search(clause))


def denial_violations(sentence: Sentence, table: FactTable, products: Iterable[str]) -> list[tuple[str, str]]:
    """(kind, words) of clauses that affirm what is denied of these products, or in the rules of the turn."""
    if _OPEN.search(sentence.folded):
        return []
    products = list(products)
    own: list[Line] = [line for p in products if p in table.products for line in table.products[p].lines if line.kind != "review"]
    held = [*own, *(line for line in table.lines if line.kind in ("faq", "policy") and not line.over)]
    found = []
    for clause in _CLAUSE.findall(sentence.folded):
        if _NEGATED.search(clause):
            continue
        words = frozenset(stems(clause))
        if not words:
            continue
        for line in held:
            if any(denied <= words for denied in _denied(line.folded) if denied):
                denied = next(d for d in _denied(line.folded) if d and d <= words)
                # What another line affirms of other goods excuses nothing: it must be as near to the question.
                near = len((line.words | line.context) & table.question_words)
                if not any(
                    denied <= affirmed
                    and (other.kind not in ("faq", "policy") or len((other.words | other.context) & table.question_words) >= near)
                    for other in held
                    for affirmed in _affirmed(other.folded)
                ):
                    found.append(("denied", clause.strip()))
                    break
    return found
