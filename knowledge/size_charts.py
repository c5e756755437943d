"""Size charts out of a merchant's texts: which size is for which body, and what it is called in other systems.

A chart stands in rules, answers and descriptions as a table ("EU: US men, foot length" over "42: 9, 26.5 cm"; also with the sizes across
the top) or as clauses ("S 18–19 cm, M 20–21 cm"). Columns are known by their names: a size system, or a measure of the body.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from knowledge.folding import fold
from knowledge.units import Dimension, Quantity, quantities

SYSTEMS: dict[str, str] = {
    "eu": r"(?<![a-z])eur?(?![a-z])|european|欧[码标洲]|法码",
    "us": r"(?<![a-z])usa?(?![a-z])|american|美[码标国]",
    "uk": r"(?<![a-z])uk(?![a-z])|british|英[码标国]",
    "jp": r"(?<![a-z])jpn?(?![a-z])|japan(?:ese)?|日[码标本]",
    "mm": r"(?<![a-z])(?:cn|chn|mondopoint)(?![a-z])|chinese|中国码?|国[码标]|(?<![a-z])mm(?![a-z])|毫米",
}
"""How a size system is called."""
MEASURES: dict[str, str] = {
    "foot": r"\b(?:foot|feet)(?! ?\d)|heel to toe|insole|脚长|足长|脚|内长",
    "height": r"\bheight\b|\btall\b|\bstature\b|身高|个子|高(?=\s?\d)",
    "weight": r"\bweigh(?:t|s|ing)?\b|体重|重(?=\s?\d)",
    "chest": r"\b(?:chest|bust)\b|胸围",
    "waist": r"\bwaist\b|腰围",
    "hip": r"\bhips?\b|臀围",
    "head": r"\bhead\b|头围",
    "hand": r"\b(?:hand|palm|knuckles?)\b|掌围|手围|手掌|掌宽",
    "wrist": r"\bwrist\b|腕围|手腕",
    "neck": r"\b(?:neck|collar)\b|颈围|脖围|领围",
    "finger": r"\bfinger\b|指围|手指",
    "back": r"\bback(?: length)?\b|背长",
    "inseam": r"\b(?:inseam|inside leg)\b|裤长|腿长",
}
"""How a measure of the body is called."""
AUDIENCES: dict[str, str] = {
    "women": r"\b(?:wo?men'?s?|woman|ladies|female|girlfriend|wife|mum|mom|mother|her|she)\b|[女妈]|妻子|老婆",
    "men": r"\b(?:men'?s?|mens|man|male|boyfriend|husband|dad|father|him|his|he)\b|[男爸]|丈夫|老公",
    "kids": r"\b(?:kid'?s?|child(?:ren)?'?s?|boys?|girls?|baby|toddlers?|infants?|son|daughter)\b|童|婴|幼|儿子|女儿|宝宝",
}
_WOMEN = re.compile(r"\b(?:women'?s?|womens|woman|ladies)\b|女")
_UNIT = re.compile(r"(?<![a-z])(mm|cm|kg|lbs?|in(?:ch(?:es)?)?|毫米|厘米|公分|公斤|斤|英寸)(?![a-z])")
_LETTERS = re.compile(r"(?:[2-6]?x{0,4}[sl]|xx?s|m|one size|均码)", re.IGNORECASE)
_LABEL = re.compile(
    r"[2-6]?x{0,4}[sl]|m|\d{1,3}(?:[.,]5)?(?:\s?[-–/]\s?\d{1,3}(?:[.,]5)?)?(?:\s?(?:years?|yrs?|y|months?|m|岁|个月|码|号))?", re.IGNORECASE
)
_CLAUSE = re.compile(
    rf"(?:^|[\s,，;；。:：、/(（])(?:size\s+|尺码)?(?P<label>{_LABEL.pattern})(?![a-z0-9])\s*(?:码|号)?\s*(?:[=:：(（]|\bis\b|\bare\b|\bfits?\b|适合|是|为|对应)?\s*"
    r"(?!\s*(?:to\b|至|到|[-–]))(?P<words>(?:[^\d,，;；。:：]{0,24}?\s)?|[一-鿿]{0,6}\s?)(?=[\d<>≤≥])(?P<amount>.+)$",
    re.IGNORECASE,
)
_LABEL_ASKED = re.compile(
    r"(?:\bis\b|\bfor\b|\bsize\b|^)\s*(\d{1,2}\s?[-–]\s?\d{1,2}(?:\s?(?:years?|months?|岁|个月))?|[sml]|x+[sl])(?![a-z0-9])"
)
_BETWEEN = re.compile(r"[;；。、\n]|,(?!\d)|，|(?<=[a-z])\.(?=\s)")
_SIZE_HEAD = re.compile(r"^(?:sizes?|尺[码寸]|码数?|号型?|label|)$")
_LIMITS = re.compile(r"\b(?:up to|under|over|from|at most|for|with|an?|the)\b")
MOST_WORDS = 2
"""Words between a size and its amount that are no measure: "S fits small dogs up to 4 kg"."""
LEAST_ROWS = 2
SIZED = frozenset([Dimension.LENGTH, Dimension.MASS, Dimension.TIME])


@dataclass(frozen=True, slots=True)
class Column:
    """`name`: as the merchant writes it; `system`: a key of SYSTEMS or ""; `audience`: men, women, kids or ""; `measure`: a key of
    MEASURES, "" where it is a name of the size; `unit`: of bare numbers under it."""

    name: str
    system: str = ""
    audience: str = ""
    measure: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class SizeRow:
    """One size: a cell for each column, and the words of the merchant that say so."""

    cells: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class SizeChart:
    """`heading`: what stands above it."""

    heading: str
    columns: tuple[Column, ...]
    rows: tuple[SizeRow, ...]

    @property
    def labels(self) -> list[int]:
        """Columns that name sizes."""
        return [n for n, column in enumerate(self.columns) if not column.measure]

    def amount(self, row: SizeRow, column: int) -> Quantity | None:
        """What a measure is in a row; None where the cell holds none."""
        return _amount(row.cells[column], self.columns[column].unit)


@lru_cache(maxsize=8192)
def _amount(cell: str, unit: str) -> Quantity | None:
    found = next((q for q in quantities(cell) if q.dimension in SIZED), None)
    if found is None and unit:
        found = next((q for q in quantities(f"{cell.strip()} {unit}") if q.dimension in SIZED), None)
    return found


def charts_of(text: str, heading: str) -> list[SizeChart]:
    """The charts in a text under this heading."""
    lines = text.splitlines()
    found = _tables(lines, heading)
    return found or [chart for chart in [_clauses(text, heading)] if chart is not None]


def key_of(said: str) -> str:
    """A size without what stands around it, to compare: "EU 42", "42码" and "42.0" are 42."""
    plain = re.sub(r"^(?:size|eur?|us|uk|jp|cn)\s*|\s*(?:码|号|mm|eur?|us|uk)$", "", fold(said).strip())
    plain = re.split(r"[\s(（]", plain.strip(), maxsplit=1)[0].replace(",", ".")
    return re.sub(r"\.0+$", "", plain)


def audience_in(text: str) -> str:
    """Whom words speak of: men, women or kids; "" where of none or several."""
    folded = fold(text)
    found = {key for key, pattern in AUDIENCES.items() if re.search(pattern, folded)}
    return found.pop() if len(found) == 1 else ""


def column_of(name: str) -> Column:
    """What a column's name says."""
    folded = fold(name)
    measure = next((key for key, pattern in MEASURES.items() if re.search(pattern, folded)), "")
    unit = _UNIT.search(folded)
    system = "" if measure else next((key for key, pattern in SYSTEMS.items() if re.search(pattern, folded)), "")
    audience = "women" if _WOMEN.search(folded) else audience_in(folded)
    return Column(name.strip(), system, audience, measure, unit[1] if unit else "")


# ── tables ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _tables(lines: Sequence[str], heading: str) -> list[SizeChart]:
    rows = [_cells(line) for line in lines]
    found, at = [], 0
    while at < len(rows):
        head = rows[at]
        end = at + 1
        while end < len(rows) and len(rows[end]) > 1 and len(rows[end]) == len(rows[at + 1]) and len(head) - len(rows[end]) in (0, -1):
            end += 1
        if end - at > LEAST_ROWS:
            width = len(rows[at + 1])
            chart = _chart(["", *head][-width:], rows[at + 1 : end], heading)
            if chart is not None:
                found.append(chart)
                at = end
                continue
        at += 1
    return found


def _cells(line: str) -> list[str]:
    plain = line.strip()
    if "|" in plain or "\t" in plain:
        return [cell.strip() for cell in re.split(r"[|\t]", plain.strip("|"))]
    first, colon, rest = plain.partition(": ")
    return [first.strip(), *(cell.strip() for cell in rest.split(", "))] if colon else [cell.strip() for cell in plain.split(", ")]


def _chart(head: Sequence[str], rows: Sequence[Sequence[str]], heading: str) -> SizeChart | None:
    columns = [column_of(name) for name in head]
    known = sum(bool(c.system or c.measure) for c in columns)
    if _SIZE_HEAD.match(fold(head[0]).strip()) or columns[0].system:
        firsts = [column_of(row[0]) for row in rows]
        labels = all(_LABEL.fullmatch(cell.strip()) for cell in head[1:])
        if labels and not known - bool(columns[0].system) and any(c.system or c.measure for c in firsts):
            across = [Column(head[0].strip(), columns[0].system, columns[0].audience), *firsts]
            turned = [(head[n], *(row[n] for row in rows)) for n in range(1, len(head))]
            return SizeChart(heading, tuple(across), tuple(SizeRow(cells, _spelt(across, cells)) for cells in turned))
    if known == 0 or (known == 1 and not any(c.measure for c in columns)):
        return None
    if not columns[0].measure and not all(
        _LABEL.fullmatch(key_of(row[0])) or _LETTERS.fullmatch(row[0].strip()) or row[0].strip() in "–-" for row in rows
    ):
        return None
    chart = SizeChart(heading, tuple(columns), tuple(SizeRow(tuple(row), _spelt(columns, row)) for row in rows))
    return chart if chart.labels and _holds(chart) else None


def _holds(chart: SizeChart) -> bool:
    """Whether a column of it says something: amounts under a measure, or a second name of the sizes."""
    measured = any(chart.amount(row, n) for n, column in enumerate(chart.columns) if column.measure for row in chart.rows)
    return measured or len(chart.labels) > 1


def _spelt(columns: Sequence[Column], cells: Sequence[str]) -> str:
    """A row with the names of its columns."""
    return ", ".join(f"{c.name} {cell}".strip() for c, cell in zip(columns, cells, strict=False) if cell.strip(" –-"))


# ── clauses ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _clauses(text: str, heading: str) -> SizeChart | None:
    """ "S 18–19 cm, M 20–21 cm", "30 = waist 78 cm; 32 = 83 cm": each clause a size with one amount."""
    rows: list[tuple[str, str, str]] = []
    words = ""
    dimension: Dimension | None = None
    for number, clause in enumerate(_BETWEEN.split(text)):
        match = _CLAUSE.search(clause.strip())
        if match is None and number == 0 and (asked := _LABEL_ASKED.search(fold(heading))):
            match = _CLAUSE.search(f"{asked[1]} {clause.strip()}")  # "What height is 2-3 years?" "92 to 98 cm"
        amounts = [q for q in quantities(match["amount"]) if q.dimension in SIZED] if match else []
        if match is None or len(amounts) != 1 or (dimension is not None and amounts[0].dimension is not dimension):
            continue
        said = _LIMITS.sub(" ", match["words"])
        if said.strip() and not column_of(said).measure and len(said.split()) > MOST_WORDS:
            continue
        dimension = amounts[0].dimension
        words = words or match["words"]
        rows.append((match["label"].strip(), match["amount"].strip(" .)）"), match.group().strip(" :：")))
    if len({label for label, _, _ in rows}) < LEAST_ROWS or dimension is Dimension.TIME:
        return None
    measure = column_of(words).measure or column_of(heading).measure or column_of(text).measure
    measure = "weight" if dimension is Dimension.MASS else "" if measure == "weight" else measure
    columns = (Column(""), Column(words.strip(), measure=measure or "length"))
    return SizeChart(heading, columns, tuple(SizeRow((label, amount), said) for label, amount, said in rows))
