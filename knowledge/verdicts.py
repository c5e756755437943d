"""What a statement of the catalog says to a wish: yes, no, or nothing.

"Keep warm: 60 min" says that it keeps warm, "Keep warm: No" that it does not, "Weight: 1 kg" says nothing of the kind. A bag for laptops
"up to 16 inches" takes one of 15.6, a toy "from 3 years" is for a child of 4.
"""

import re
from enum import Enum

from knowledge.attribute_names import concept_of
from knowledge.folding import fold
from knowledge.units import Dimension, Quantity, quantities


class Verdict(Enum):
    """What the data says to a yes/no question."""

    YES = "yes"
    NO = "no"
    OPEN = "open"
    """The value neither says yes nor no."""


_NO = re.compile(r"^(?:no|none|not|non|without|never|nil|否|无(?![级段极线缝刷])|無|不(?![锈粘倒])|没有|沒有|未|非(?!洲))(?![a-z])")
"""A word that begins alike denies nothing: 无级 (stepless), 不锈钢 (stainless steel)."""
_BARE_NO = re.compile(
    r"^(?:no|none|not|nil|n|n/?a|否|无|無|不|没有|沒有|不是|不支持|不可|不能|不可以|不带|不含|不防水|×|✗|❌|false|0)[.。]?$"
)
_YES = re.compile(r"^(?:yes|true|included|allowed|supported|是|有|支持|可以|可|能|含|带|附|√|✓|✅)(?![a-z])")
_BARE_YES = re.compile(r"^(?:yes|true|allowed|permitted|允许|是|有|支持|可以|可|能|√|✓|✅|y)[.。]?$")
_BOTH = re.compile(r"^(?P<a>[一-鿿]{1,3})\s*[/|·]?\s*(?P<b>yes|no|true|false)$")
"""One value in two languages: "有 yes"."""
_PARTLY = re.compile(r"\b(?:only|except|partly|partially|limited|some|but)\b|仅|只|除|部分|有限|但")
_AT_MOST = re.compile(r"\b(?:up to|max\.?|maximum|under|below|at most|within)\b|以内|以下|最大|最高|最多|不超过|可达|≤|<=")
_AT_LEAST = re.compile(r"\b(?:from|at least|min\.?|minimum|over|above|or more|and up|up\b)\b|以上|至少|最低|起|不低于|≥|>=|\+")
_MAY_TAKE = frozenset(["laptop_size", "tablet_size", "maximum_load", "players", "serves"])
"""Concepts whose bare amount is the most that it takes."""
_FROM = frozenset(["age"])
"""Concepts whose bare amount is the least."""

HAS = frozenset(
    ["noise_cancelling", "wireless_charging", "bluetooth", "multipoint", "dimmable", "rain_cover", "microwave_safe", "oven_safe", "stove_safe",
     "induction", "carry_on", "bpa_free", "leak_proof", "windproof", "uv_protection", "keep_warm", "insulation", "keeps_cold", "timer", "gps", "heart_rate", "microphone",
     "rfid", "reflective", "rear_light", "vegan", "vegetarian", "organic", "warranty", "lock", "strainer", "gift_wrap", "foldable", "adjustable", "pockets",
     "wheels", "strap", "lid", "handle", "lining", "memory", "camera", "certification", "alarms", "caffeine"]
)  # fmt: skip
"""Concepts whose statement, unless it denies, says that the product has it."""
GRADED = frozenset(["waterproof", "dustproof"])
"""Concepts that a product may have more or less of."""
RATED = tuple(f"ip{solids}{water}" for solids in "x456" for water in "45678")
"""Codes of IEC 60529 that keep rain out: splashing water from every side and more."""


def is_bare(value: str) -> bool:
    """A value that says no more than yes or no."""
    return bare(value) is not Verdict.OPEN


def bare(value: str) -> Verdict:
    """What a value says that is no more than yes or no; OPEN for any other."""
    folded = fold(value).strip()
    both = _BOTH.match(folded)
    if both:
        folded = both["b"]
    if _BARE_NO.match(folded):
        return Verdict.NO
    return Verdict.YES if _BARE_YES.match(folded) else Verdict.OPEN


_FREE = re.compile(r"\bfree$|^(?:无|不含|脱)")


def says_free(name: str) -> bool:
    """Whether a name says that the property is not there ("caffeine-free"), other than one that is called so ("BPA free")."""
    concept = concept_of(name)
    return concept is not None and not concept.endswith("_free") and bool(_FREE.search(fold(name).strip()))


def presence(name: str, value: str) -> Verdict:
    """Whether the property of that name is there."""
    said = bare(value)
    if said is not Verdict.OPEN and says_free(name):
        return Verdict.NO if said is Verdict.YES else Verdict.YES
    folded = fold(value).strip()
    if said is not Verdict.OPEN or _PARTLY.search(folded):
        return said
    if _NO.match(folded):
        return Verdict.NO
    if _YES.match(folded):
        return Verdict.YES
    protected = [q.base_low for q in quantities(value) if q.dimension is Dimension.WATER_PROTECTION]
    if protected:
        # IEC 60529: from digit 4 on it stands splashing from every side; below, rain and showers still get in.
        return Verdict.YES if max(protected) >= 4 else Verdict.OPEN
    # "Noise cancelling: active, 3 levels": who states a kind of it states that it is there.
    return Verdict.YES if concept_of(name) in HAS else Verdict.OPEN


def takes(name: str, value: str, goal: Quantity) -> Verdict:
    """Whether something of this size, load or age is what the statement is for: "up to 16 inches" takes 15.6."""
    concept = concept_of(name)
    folded = fold(value)
    found = [q for q in quantities(value) if q.dimension is goal.dimension]
    if not found and concept in _FROM:
        found = [q for q in quantities(value) if q.dimension is Dimension.NUMBER]
        goal = Quantity(goal.low, goal.high, "", Dimension.NUMBER, goal.low, goal.high)
    for q in found:
        near = 0.005 * max(abs(q.base_high), 1e-9)
        if q.base_low != q.base_high:
            fits = q.base_low - near <= goal.base_low and goal.base_high <= q.base_high + near
            if concept in _MAY_TAKE:
                fits = goal.base_high <= q.base_high + near
        elif _AT_MOST.search(folded) or concept in _MAY_TAKE:
            fits = goal.base_high <= q.base_high + near
        elif _AT_LEAST.search(folded) or concept in _FROM:
            fits = goal.base_low >= q.base_low - near
        elif abs(goal.base_low - q.base_low) <= near:
            fits = True
        else:
            continue
        return Verdict.YES if fits else Verdict.NO
    return Verdict.OPEN
