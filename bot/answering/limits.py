"""Effects on health and questions of law: what a shop's assistant never promises, whatever the goods."""

import re

from knowledge.folding import fold

_HEALTH = re.compile(
    r"\b(?:cure[sd]?|heals?|treat(?:s|ed|ment)?(?= (?:my|a|an|the|for))|relieve[sd]?|prevents? (?:cancer|disease|illness|covid|flu)|"
    r"(?:back|neck|joint|knee|chronic) pain|diabet\w+|cancer|arthritis|insomnia|depression|blood pressure|pregnan\w+|lose weight|"
    r"medical(?:ly)?|doctor|side effects?)\b"
    r"|治疗|治好|治愈|能治|可以治|疗效|根治|药效|副作用|缓解.{0,4}[疼痛]|(?:颈椎|腰椎|关节)[病痛炎]|失眠|糖尿病|高血压|癌|抑郁|孕妇|减肥|医生"
)
_LEGAL = re.compile(
    r"\b(?:lawsuit|sue|suing|lawyer|attorney|legal(?:ly)? (?:advice|liab\w+|responsib\w+|guarantee\w*)|is it legal|court)\b"
    r"|律师|起诉|打官司|法律责任|违法吗|合法吗|法律咨询"
)


def unpromised(text: str) -> str:
    """Key of the wording for what may not be promised here: "promise.health", "promise.legal", or ""."""
    folded = fold(text)
    if _HEALTH.search(folded):
        return "promise.health"
    if _LEGAL.search(folded):
        return "promise.legal"
    return ""
