"""Yes and no in rules: a clause may not affirm what the shop says only in a denial ("opened tea can't be returned"), nor deny what it says plainly, nor
say "always" of what the shop says without it.

What goods can and cannot do has checks of its own (features.py, denials.py).
"""

import re
from functools import lru_cache

from bot.answering.evidence_lines import stem, stems
from bot.answering.guard.scope import Scope
from bot.answering.guard.support import content_words, without_names

OPPOSED = 0.75
"""Share of a clause's content words that a sentence of the rules must have to speak of the same."""
MARGIN = 0.25
"""By how much less the best sentence that agrees with the clause may have."""
_DENIES = re.compile(
    r"\bno\b|\bnot\b|n't\b|\bcannot\b|\bnever\b|\bnone\b|\bneither\b|\bnor\b|\bunable\b|\bexclud\w*|\bunless\b|\bexcept\w*"
    r"|不(?!仅|但|只|锈|粘|论|同|错|妨|足|满)|没|无(?!线|级|极|论|缝)|未|非(?!常)|勿|除外|禁止|拒绝|否"
)
_HALF = re.compile(r"\bonly\b|\bif\b|\bwhether\b|\bonce\b|仅|只|如果|若|是否|除|以.{0,6}为准")
_CLAUSE = re.compile(r"[^,;，；。.!?()（）]+")
_ABSOLUTE = re.compile(
    r"\balways\b|\bas (?:often|much|many|long) as (?:you|they|one) (?:like|want|wish|please)s?\b|\bunlimited\b|\bany ?time\b|\bno matter\b|\bin (?:all|every) cases?\b"
    r"|\bwhatever the\b|\bwithout (?:any )?(?:limits?|exceptions?)\b|总是|始终|一律|任何(?:情况|时候|时间|原因)|不管|无论|随时|无限|不限(?:次|量|时)|毫无例外|多少次都"
)
"""Leaves no case out."""
ABOUT = 0.5
"""Share of a clause's content words that a sentence of the rules must have to be what "always" is said of."""
_ABSTAINS = re.compile(r"\bstate|\bsay|\bmention|\blist|\bspecif|\bknow|说明|注明|提到|提及|标注|写明|知道|清楚|资料")


def polarity_violations(scope: Scope) -> list[tuple[str, str]]:
    """(kind, words) of the clauses that turn a rule round."""
    folded = scope.sentence.folded
    if scope.names_one or "?" in folded or _ABSTAINS.search(folded):
        return []
    found = []
    for clause in _CLAUSE.finditer(without_names(scope)):
        text = clause.group()
        words = _stems(text)
        if any(clause.start() <= c.start < clause.end() for c in scope.claims):
            continue  # its figure was found in a rule that speaks of it
        if len(words) >= 2 and not _HALF.search(text) and _is_turned(words, _DENIES.search(text) is not None, scope):
            found.append(("denied", text.strip()))
        elif _ABSOLUTE.search(text) and _is_widened(_stems(_ABSOLUTE.sub(" ", text)), scope):
            found.append(("absolute", text.strip()))
    return found


def _is_widened(words: frozenset[str], scope: Scope) -> bool:
    """Whether rules speak of the same, and none of them leaves no case out."""
    about = [
        line.folded
        for line in scope.table.lines
        if words and line.kind in ("faq", "policy") and len(words & (line.words | line.context)) / len(words) >= ABOUT
    ]
    return bool(about) and not any(_ABSOLUTE.search(folded) for folded in about)


def _is_turned(words: frozenset[str], denies: bool, scope: Scope) -> bool:
    """Whether rules that speak of the same say the contrary, and none of them agrees."""
    agrees = opposes = 0.0
    for product in scope.talked & scope.table.products.keys():
        agrees = max(
            agrees, *(len(words & line.words) / len(words) for line in scope.table.products[product].lines if line.kind != "review")
        )
    for line in scope.table.lines:
        if line.over or line.kind not in ("faq", "policy"):
            continue
        for own, denied, half in _sayings(line.folded):
            around = len(words & (own | line.context)) / len(words)
            if half or denied == denies:
                agrees = max(agrees, len(words & own) / len(words))
            else:
                opposes = max(opposes, around)
    return opposes >= OPPOSED and agrees <= opposes - MARGIN


@lru_cache(maxsize=4096)
def _sayings(folded: str) -> tuple[tuple[frozenset[str], bool, bool], ...]:
    """What a sentence of a rule says: words, whether it denies, whether it says so in part. Clauses in Chinese; in English a denial reaches over commas
    ("tea, coffee and gift cards can't be returned")."""
    parts = _CLAUSE.findall(folded) if re.search(r"[㐀-鿿]", folded) else [folded]
    return tuple((frozenset(stems(part)), _DENIES.search(part) is not None, _HALF.search(part) is not None) for part in parts)


def _stems(text: str) -> frozenset[str]:
    words = content_words(text)
    return frozenset(stem(w) for w in words if w[0].isascii()).union(*(stems(w) for w in words if not w[0].isascii()))
