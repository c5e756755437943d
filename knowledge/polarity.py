"""Whether running text affirms or denies what it names: "Built-in phono preamp" and "No built-in preamp", 支持无线充电 and 不支持无线充电.

A denial reaches as far as its clause: "80 W soundbar. No subwoofer, and none can be connected" says nothing against the soundbar. It reaches over
a list that it opens: "no cable, charger or bag", 不含酒精、香精.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from knowledge.folding import fold
from knowledge.verdicts import Verdict

_ZH_NO = (
    r"(?:不(?!仅|但|只|光|锈|粘|沾|止|超过|低于|少于|到|过|同|错|断|易|怕|会)|没有?|无(?!线|级|极|论|需|缝|人机)|未|勿|别(?!的|人|墅)|非(?!常|凡)"
    r"|免(?!费|洗|打|税)|忌|禁止?|缺少?)"
)
_EN_NO = r"(?:\b(?:no(?!\.)|not(?! only\b| just\b)|non|never|without|cannot|lacks?|lacking|neither|nor|unsuitable|excluding|minus|free (?:of|from))\b|n['’]t\b)"
_BREAK = re.compile(
    r"[;；。!?！？\n|,，:：]|\.(?=\s|$)|\s[–—-]\s|[–—]|\b(?:but|while|whereas|however|although|though|so|because)\b|但是?|不过|而(?!且)|所以|因此"
)
_BEFORE = re.compile(rf"{_EN_NO}[\s-]*(?:[\w'’/-]+[\s-]+){{0,5}}$|{_ZH_NO}[^\s,，。;；]{{0,8}}\s?$")
_AFTER = re.compile(
    r"^(?:\s+[\w'’-]+){0,3}?(?:\s+not\b|n['’]t\b|\s+sold separately\b|\s+separately\b|\s+excluded\b)|^[\s-]free\b"
    r"|^[^\s,，。;；]{0,6}?(?:不(?:可|能|支持|适用|含|包|行|带|建议|推荐|附|送|在内)|另购|另售|另买|(?:需|要)?单独购买|除外)"
)
_LISTED = re.compile(
    r"\b(?:no|without|not (?:suitable |made )?for|free (?:of|from)|neither)\b[^.;:–—\n]{1,120}?\b(?:or|nor)\b[^,.;:–—\n]{0,40}"
    r"|(?:不含|不带|不支持|不适合|不能|不可|没有|无(?!线|级|极|论|需|缝))[^,，。;；\n]{0,60}"
)
"""A denial with the list that it opens."""


def denied(folded: str, start: int, end: int) -> bool:
    """Whether the characters [start, end) of a folded text stand under a denial."""
    left, right = 0, len(folded)
    for mark in _BREAK.finditer(folded):
        if mark.end() <= start:
            left = mark.end()
        elif mark.start() >= end:
            right = mark.start()
            break
    if _BEFORE.search(folded[left:start]) or _AFTER.search(folded[end:right]):
        return True
    return any(match.start() < start and end <= match.end() for match in _LISTED.finditer(folded))


@lru_cache(maxsize=4096)
def word_pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Finds any of these words or phrases in folded text; hyphens and spaces are one in scripts with spaces, a plural counts."""
    return re.compile("|".join(_one(fold(word).strip()) for word in sorted(words, key=len, reverse=True) if word.strip()) or r"(?!)")


def _one(word: str) -> str:
    if not word.isascii():
        return re.escape(word)
    spaced = r"[\s-]?".join(re.escape(piece) for piece in re.split(r"[\s-]+", word))
    return rf"(?<![a-z0-9]){spaced}(?:e?s)?(?![a-z0-9])"


def said_of(texts: Iterable[str], words: tuple[str, ...]) -> Verdict:
    """What texts say of something that is called by any of these words: YES where one names it undenied, NO where all that do deny it, OPEN
    where none names it."""
    pattern = word_pattern(words)
    said = Verdict.OPEN
    for text in texts:
        folded = fold(text)
        for match in pattern.finditer(folded):
            if not denied(folded, match.start(), match.end()):
                return Verdict.YES
            said = Verdict.NO
    return said
