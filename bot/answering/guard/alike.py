"""Whether two figures are the same, and which words stand around a figure in a line."""

import re
from collections.abc import Iterable

from bot.answering.claims import Claim
from bot.answering.evidence_lines import Line, stems
from bot.answering.mentions import Sentence
from knowledge.currencies import DOLLARS
from knowledge.folding import fold

_HIGH_ONLY = re.compile(
    r"(?:up to|within|at most|max(?:imum)?(?: of)?|no more than|as much as|as long as|to|or|until|by|最多|最长|最高|最大|不超过|可达|至|到|最晚)\W*(?:of|the|is|是|为|约)?\W*$"
)
_HIGH_AFTER = re.compile(r"^\s*(?:at most|or less|at the latest|max|以内|之内|内|以下)")
_LOW_ONLY = re.compile(
    r"(?:from|at least|as little as|minimum(?: of)?|as few as|starting at|between|最少|最快|至少|最低|最短|从)\W*(?:of|the|is|是|为|约)?\W*$"
)
_LOW_AFTER = re.compile(r"^\s*(?:at least|or more|and up|起|以上)")


def equal(held: Claim, claim: Claim, sentence: Sentence) -> bool:
    """Whether a figure of the evidence is the one claimed; of a span one end may be told ("up to 5 business days")."""
    if held.unit != claim.unit and claim.kind != "money":
        return False
    if claim.kind == "money" and held.unit != claim.unit and not ({held.unit, claim.unit} <= DOLLARS | {"$"} or not claim.unit):
        return False
    if claim.kind in ("money", "percent"):
        return near(held.low, claim.low)
    if claim.kind in ("quantity", "number"):
        alike = near if claim.kind == "number" else close
        if alike(held.low, claim.low) and alike(held.high, claim.high):
            return True
        if claim.kind == "quantity" and _converted(held, claim):
            return True
        if held.low == held.high or claim.low != claim.high:
            return False
        before, after = sentence.folded[: claim.start], sentence.folded[claim.end :]
        high = close(held.high, claim.low) and bool(_HIGH_ONLY.search(before) or _HIGH_AFTER.match(after))
        return high or (close(held.low, claim.low) and bool(_LOW_ONLY.search(before) or _LOW_AFTER.match(after)))
    return True


ROUNDED = 0.025
"""By how much of itself a figure may be off that is told in another unit."""
_WITH_UNIT = re.compile(r"(?P<n>\d+(?:\.(?P<decimals>\d+))?)\s*(?P<unit>[^\d\s].*)$")


def _converted(held: Claim, claim: Claim) -> bool:
    """Whether a figure in another unit is the one held, rounded to the digits that are told: 1.2 kg as 2.6 lb."""
    theirs, ours = _WITH_UNIT.match(held.raw), _WITH_UNIT.match(claim.raw)
    if theirs is None or ours is None or theirs["unit"] == ours["unit"] or claim.unit == "TEMPERATURE" or held.low != held.high:
        return False
    step = 10 ** -len(ours["decimals"] or "") * claim.low / float(ours["n"]) if float(ours["n"]) else 0.0
    return claim.low == claim.high and abs(held.low - claim.low) <= min(0.51 * step, ROUNDED * held.low)


def elided(line: Line, claim: Claim) -> bool:
    """Whether a line has the figure without its unit, after one with it: "at 95 °C for 3 minutes, rooibos at 100 °C for 6"."""
    number = re.match(r"\d+(?:\.\d+)?", claim.raw)
    units = [c for c in line.claims if c.kind == "quantity" and c.unit == claim.unit]
    if number is None or not units:
        return False
    value = float(number.group())
    factor = claim.low / value if value else 0.0
    for c in line.claims:
        if c.kind == "number" and near(c.low, value):
            before = [
                u
                for u in units
                if u.start < c.start and (n := re.match(r"\d+(?:\.\d+)?", u.raw)) and close(u.low, float(n.group()) * factor)
            ]
            if before:
                return True
    return False


def around(line: Line, claim: Claim) -> frozenset[str]:
    """Words of the part of a line that holds a figure."""
    return frozenset(stems(fold(part_of(line, claim))))


def part_of(line: Line, claim: Claim) -> str:
    """The part of a line that holds a figure."""
    text = line.text.partition(": ")[2] if line.kind in ("attribute", "option") else line.text
    cuts = [m.end() for m in re.finditer(r"[,，、;；:：](?!\d{3})|\band\b", text)]
    left = max((c for c in cuts if c <= claim.start), default=0)
    return text[left : min((c for c in cuts if c >= claim.end), default=len(text))]


def foreign(line: Line, sentence: Sentence) -> bool:
    """Line and sentence are in different scripts: their words cannot be compared."""
    han = any("㐀" <= c <= "鿿" for c in line.text)
    return sentence.chinese != han and re.search(r"[a-z]{3}|[㐀-鿿]", line.folded) is not None


def foreign_value(line: Line, sentence: Sentence) -> bool:
    """The value of an attribute and the sentence are in different scripts."""
    return sentence.chinese != any("㐀" <= c <= "鿿" for c in line.text.partition(": ")[2])


def near(a: float, b: float) -> bool:
    """Equal to the cent."""
    return abs(a - b) < 0.005


def close(a: float, b: float) -> bool:
    """Equal but for rounding, as in other units."""
    return abs(a - b) <= 0.004 * max(abs(a), abs(b)) + 1e-9


def among(value: float, among: Iterable[float]) -> bool:
    """Whether a value is near one of these."""
    return any(near(value, other) for other in among)


def same_date(a: str, b: str) -> bool:
    """Equal as far as both are told; "0": not told."""
    left, right = a.split("-"), b.split("-")
    return len(left) == len(right) and all(x == y or "0" in (x, y) for x, y in zip(left, right, strict=True))
