"""Which size is for whom: "which size for a 12 kg dog?", 身高170穿什么码, "is US 9 a 42?", "do they run true to size?".

What the shop says decides: words about each size of the product, then its size charts (size_guides.py). Only where it has no chart are shoe
sizes converted by the standards, and said to be a rule of thumb.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.answering.answer import Citation, Outcome
from bot.answering.joining import merged
from bot.answering.reply import Reply
from bot.answering.size_guides import Fitted, Guide, audience_of, fitted, guides_of, size_variants
from bot.answering.speaking import Speaker
from bot.answering.stock import stock_reply
from bot.answering.thresholds import ASKED_BACK, SURE
from bot.understanding.question import SEARCHES, Intent, Part, Subject
from bot.understanding.sizes_said import MeasureSaid, SizeSaid, measures_said, sizes_said, speaks_of_shoes, system_asked
from knowledge.catalog import Product
from knowledge.folding import fold
from knowledge.shoe_sizes import MONDOPOINT, foot_of, size_of
from knowledge.size_charts import SizeChart, SizeRow, audience_in, key_of
from knowledge.units import Dimension, Quantity, quantities
from retrieval.quotable import quotable
from retrieval.retriever import Evidence

_WHICH = re.compile(
    r"\b(?:which|what) (?:\w+ )?(?:size|one)\b|\bsizes? (?:do|should|would|for|to|am|is)\b|\b(?:my|his|her|their) size\b"
    r"|哪个?[号码]|哪个尺[码寸]|什么[号码]|什么尺[码寸]|多大的?[号码]|穿多大|[选买要用拿穿]多大|[几多少]码|选码|码数|尺码"
)
_FITS = re.compile(
    r"\b(?:will|would|does|do|is|can)\b.{0,40}\b(?:fit|fits|too (?:small|big|large|tight)|wear|right size)\b|合适吗|合身吗|能穿|穿得[下上]|会不会[太偏]?[大小]|适合吗|戴得"
)
_RUNS = re.compile(
    r"\btrue to size\b|\b(?:run|runs|fit|fits|cut|come up|comes up|sized?)\s+(?:a bit |a little |very |too )?(?:small|large|big|narrow|wide|tight|loose|true)\b"
    r"|\b(?:should|to|do|or) (?:i |we |you )?size (?:up|down)\b|偏[大小码]|正码|标准码|尺码(?:准|标准|正)|[选买拿][大小]一[码号]|准不准"
)
_RUNS_SAID = re.compile(
    r"\btrue to size\b|\b(?:runs?|fits?|cuts?|comes? up|sized?)\s+(?:a bit |a little |very |slightly )?(?:small|large|big|narrow|wide|tight|loose|true)\b"
    r"|\bsize (?:up|down)\b|\bone size (?:up|down|larger|smaller|bigger)\b|\b(?:large|small)r? fit\b|\b(?:relaxed|slim|regular|loose|oversized?|tight) (?:fit|cut)\b"
    r"|偏[大小码]|正码|标准码|[选买拿][大小]一[码号]|宽松|修身|合体版"
)
_MOST = re.compile(r"\b(?:up to|under|below|max\.?|at most|within|less than)\b|以内|以下|之内|最大|最多|不超过|≤|<", re.IGNORECASE)
_LEAST = re.compile(r"\b(?:from|over|above|at least|more than)\b|\band (?:up|over|more)\b|以上|至少|起|超过|≥|>|\+", re.IGNORECASE)
_CLAUSE = re.compile(r"[^,，;；。、|\n]+")
_SIZED = {Dimension.MASS, Dimension.LENGTH, Dimension.VOLUME}
NEAR = 1.0
"""mm or g by which an amount may miss a row."""
GUIDES_SAID = 3


def size_reply(speaker: Speaker, part: Part, evidence: Evidence) -> Reply | None:
    """The size for the body or the size that is named; None where none is asked for, or nothing is known of it."""
    folded = fold(part.text)
    meant = next((s for s in part.subjects if s.certain), None)
    product = speaker.product(meant.product_id if meant else speaker.findings.memory.focus)
    which = bool(_WHICH.search(folded))
    if which and product is not None and (own := _by_own_words(speaker, folded, product)) is not None:
        return own
    if product is not None and part.intent not in SEARCHES:
        if _RUNS.search(folded) and (runs := _how_it_runs(speaker, product)) is not None:
            return runs
        if _THAT.search(folded) and (kept := _that_size(speaker, part, evidence, product, meant)) is not None:
            return kept
    said = sizes_said(part.text)
    asked = system_asked(part.text, said)
    if said and part.intent not in SEARCHES and (asked or which or (product is not None and not size_variants(product, said[0].value))):
        return _converted(speaker, part, evidence, product, meant, said[0], asked)
    measures = measures_said(part.text)
    if measures and (which or _FITS.search(folded)):
        return _for_body(speaker, part, evidence, product, meant, measures, asked)
    return None


_THAT = re.compile(
    r"^(?:(?:so|and|ok|okay|great|then|well|do|does|have|you|u|is|are|there|it|got|get|still|can|i|any|available|come|comes)\s+)*(?:in |of )?(?:that|this|the same|my) size\b"
    r"|^(?:那)?(?:这个?|那个?|我的|我这个)[尺码号]{1,2}(?:的)?(?:还)?(?:有|能买)"
)


def _that_size(speaker: Speaker, part: Part, evidence: Evidence, product: Product, meant: Subject | None) -> Reply | None:
    """Whether the size that was just found can be had: "do you have that size?"."""
    variant = speaker.variant(product, speaker.findings.memory.focus_sku)
    other = meant is not None and (
        meant.product_id != speaker.findings.memory.focus or meant.skus or meant.sku not in (None, variant and variant.sku)
    )
    if variant is None or other or len(product.variants) < 2:
        return None
    return _stock(speaker, part, evidence, product, [variant.sku])


def _stock(speaker: Speaker, part: Part, evidence: Evidence, product: Product, skus: Sequence[str]) -> Reply:
    found = Subject(product.id, skus[0] if len(skus) == 1 else None, skus=() if len(skus) == 1 else tuple(skus))
    asked = replace(part, intent=Intent.AVAILABILITY, asked_value="", asked=(), quantity=None)
    return stock_reply(speaker, asked, product, found, evidence)


# ── what the product says of each of its sizes ──────────────────────────────────────────────────────────────────────────────


def _by_own_words(speaker: Speaker, folded: str, product: Product) -> Reply | None:
    amounts = [q for q in quantities(folded[:500]) if q.dimension in _SIZED]
    if not amounts or len(product.variants) < 2:
        return None
    fitting = list(_limits(product, amounts[0]))
    if not fitting:
        return None
    _, text, field, value = min(fitting, key=lambda row: row[0])
    variants = [v for v in product.variants if any(o.value == value for o in v.options)]
    chosen = speaker.shown_variant(product, variants)
    reply = Reply(Outcome.ANSWERED, SURE, focus=product.id, focus_sku=chosen.sku if len(variants) == 1 else "")
    reply.say(
        speaker.say("fact.described", product=speaker.name(product), quote=text),
        speaker.cite_title(product),
        Citation("product", chosen.sku, field, text),
    )
    reply.show(chosen.sku)
    return reply


def _limits(product: Product, amount: Quantity) -> Iterator[tuple[float, str, str, str]]:
    """Sizes that take the amount: the most that each takes, the words that say so, the field they stand in, and the option's value."""
    for variant in product.variants:
        for option in variant.options:
            label = _label(option.value)
            texts = [(option.value, f"option:{option.name}")]
            texts += [
                (clause.strip(), field)
                for row, field in _rows(product)
                for clause in _CLAUSE.findall(row)
                if label and re.search(rf"(?<![a-z0-9]){re.escape(label)}(?![a-z0-9])", fold(clause))
            ]
            for text, field in texts:
                most = _takes(fold(text), amount)
                if most is not None:
                    yield most, text, field, option.value


def _label(value: str) -> str:
    """What a size is called in sentences: the letters before its measure ("M 10-25kg")."""
    return fold(re.split(r"[\s(（:：,，\d]", value.strip(), maxsplit=1)[0])


def _rows(product: Product) -> Iterator[tuple[str, str]]:
    for text in product.description.values():
        yield from ((row, "description") for row in quotable(text))
    yield from ((attribute.value, f"attribute:{attribute.name}") for attribute in product.attributes)


def _takes(text: str, amount: Quantity) -> float | None:
    """The most that a size takes by these words, where the amount is within; None where it is not, or nothing is said."""
    found = [q for q in quantities(text) if q.dimension is amount.dimension]
    if len(found) != 1:
        return None
    low, high = found[0].base_low, found[0].base_high
    if low == high:
        low, high = (low, float("inf")) if _LEAST.search(text) else (0.0, high) if _MOST.search(text) else (low, high)
    return high if low <= amount.base_low <= high else None


def _how_it_runs(speaker: Speaker, product: Product) -> Reply | None:
    """What is written of how large it turns out."""
    language = speaker.language.split("-", maxsplit=1)[0]
    texts = sorted(product.description.items(), key=lambda pair: pair[0].split("-", maxsplit=1)[0] != language)
    rows = [(row, "description") for _, text in texts[:1] for row in quotable(text) if _RUNS_SAID.search(fold(row))]
    rows += [(f"{a.name}: {a.value}", f"attribute:{a.name}") for a in product.attributes if _RUNS_SAID.search(fold(a.value))]
    if not rows:
        return None
    text, field = rows[0]
    reply = Reply(Outcome.ANSWERED, SURE, focus=product.id)
    reply.say(
        speaker.say("fact.described", product=speaker.name(product), quote=text),
        speaker.cite_title(product),
        Citation("product", product.sku, field, text),
    )
    reply.show(speaker.shown_variant(product).sku)
    return reply


# ── size charts ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Read:
    """What a chart gives: the row, under which column its size is told, and the variants that have it."""

    guide: Guide
    row: SizeRow
    column: int
    skus: tuple[str, ...] = ()
    between: bool = False

    @property
    def size(self) -> str:
        """ "EU 42", "XL"."""
        column, cell = self.guide.chart.columns[self.column], self.row.cells[self.column]
        return f"{column.name} {cell}" if column.system and column.system not in fold(cell) else cell


def _guides_for(speaker: Speaker, product: Product | None) -> list[Fitted]:
    view = speaker.findings.view
    if product is not None:
        return fitted(view, product, speaker.language)
    return [Fitted(g, g.chart.labels[0], tuple(() for _ in g.chart.rows)) for g in guides_of(view)]


def _converted(
    speaker: Speaker, part: Part, evidence: Evidence, product: Product | None, subject: Subject | None, said: SizeSaid, asked: str
) -> Reply | None:
    """A size in another system: by a chart, else for shoes by the standards."""
    guides = _guides_for(speaker, product) or _guides_for(speaker, None)
    who = audience_in(part.text) or (audience_of(product) if product is not None else "")
    reads: list[_Read] = []
    for fit in guides:
        chart = fit.guide.chart
        columns = [n for n in chart.labels if chart.columns[n].system == said.system]
        columns = [n for n in columns if not who or chart.columns[n].audience in ("", who)] or columns
        to = next((n for n in chart.labels if asked and chart.columns[n].system == asked and n not in columns), None)
        for column in columns:
            to_column = to if to is not None else fit.column
            rows = [n for n, row in enumerate(chart.rows) if key_of(row.cells[column]) == said.value]
            if to_column != column and len(rows) == 1:
                reads.append(_Read(fit.guide, chart.rows[rows[0]], to_column, fit.skus[rows[0]]))
    if reads:
        return _told(speaker, part, evidence, product, subject, reads[:GUIDES_SAID])
    if product is not None and size_variants(product, said.value):
        return None
    shoes = speaks_of_shoes(part.text) or (product is not None and _is_shoe(product)) or (product is None and bool(asked))
    foot = foot_of(said.system, who, float(said.value)) if shoes else None
    return _by_standard(speaker, product, foot, who, asked or _own_system(product, said.system)) if foot is not None else None


def _for_body(
    speaker: Speaker,
    part: Part,
    evidence: Evidence,
    product: Product | None,
    subject: Subject | None,
    measures: Sequence[MeasureSaid],
    asked: str,
) -> Reply | None:
    """The size for measures of a body: by charts, else the shoe for a foot by the standards."""
    who = audience_in(part.text)
    reads: list[_Read] = []
    outside: Guide | None = None
    for fit in _guides_for(speaker, product):
        chart = fit.guide.chart
        said = audience_in(chart.heading)
        if product is None and who and said and said != who:
            continue
        columns = [(m, n) for m in measures if (n := _measured(chart, m)) is not None]
        if not columns:
            continue
        to = next((n for n in chart.labels if asked and chart.columns[n].system == asked), fit.column)
        found = _rows_for(chart, columns)
        if found is None:
            outside = outside or fit.guide
            continue
        reads += [_Read(fit.guide, chart.rows[n], to, fit.skus[n], between) for n, between in found]
        if product is not None:
            break
    if reads:
        return _told(speaker, part, evidence, product, subject, reads[:GUIDES_SAID])
    if outside is not None:
        return _outside(speaker, product, outside)
    foot = next((m for m in measures if m.measure == "foot"), None)
    if foot is None or (product is not None and not _is_shoe(product)):
        return None
    who = who or (audience_of(product) if product is not None else "")
    return _by_standard(speaker, product, foot.value, who, asked or _own_system(product, ""))


def _measured(chart: SizeChart, measure: MeasureSaid) -> int | None:
    """The column of a chart for a measure; a bare length is for the only length that a chart of one measure has."""
    columns = [n for n, c in enumerate(chart.columns) if c.measure and chart.amount(chart.rows[0], n)]
    for n in columns:
        if chart.columns[n].measure == measure.measure:
            return n
    same = [n for n in columns if (a := chart.amount(chart.rows[0], n)) and a.dimension is measure.dimension]
    loose = not measure.measure or (same and chart.columns[same[0]].measure == "length")
    return same[0] if len(same) == 1 and loose else None


def _rows_for(chart: SizeChart, columns: Sequence[tuple[MeasureSaid, int]]) -> list[tuple[int, bool]] | None:
    """The rows for the measures, and whether they are the next larger: one that holds all, else one for each; None: the chart has none."""
    each = [_row_for(chart, m.value, n) for m, n in columns]
    if any(not rows for rows, _ in each):
        return None
    shared = set(each[0][0]).intersection(*(rows for rows, _ in each))
    if shared:
        return [(max(shared), any(between for _, between in each))]
    return [(n, False) for n in sorted({max(rows) for rows, _ in each})]


def _row_for(chart: SizeChart, value: float, column: int) -> tuple[list[int], bool]:
    """The rows that hold an amount; else the next larger one, where it lies between two or misses a single figure."""
    amounts = [(n, a) for n, row in enumerate(chart.rows) if (a := chart.amount(row, column))]
    inside = [n for n, a in amounts if _low(chart, n, column, a) - NEAR <= value <= a.base_high + NEAR]
    if inside:
        return inside, False
    larger = sorted((a.base_low, n) for n, a in amounts if a.base_low > value)
    smaller = [a.base_high for _, a in amounts if a.base_high < value]
    return ([larger[0][1]], True) if larger and smaller else ([], False)


def _low(chart: SizeChart, row: int, column: int, amount: Quantity) -> float:
    """A row for "up to 10 kg" holds all that is lighter."""
    return 0.0 if amount.base_low == amount.base_high and _MOST.search(chart.rows[row].cells[column]) else amount.base_low


def _told(
    speaker: Speaker, part: Part, evidence: Evidence, product: Product | None, subject: Subject | None, reads: Sequence[_Read]
) -> Reply:
    """The sizes with their rows, and whether the one that is meant can be had."""
    reply = Reply(Outcome.ANSWERED, SURE, focus=product.id if product else "")
    if len(reads) == 1 and product is not None:
        key = "size.between" if reads[0].between else "size.chart"
        reply.say(speaker.say(key, size=reads[0].size, row=reads[0].row.text), reads[0].guide.cite(reads[0].row))
    else:
        reply.say(speaker.say("size.several"))
        for read in reads:
            heading = read.guide.chart.heading
            reply.say(speaker.say("size.item", heading=heading, size=read.size, row=read.row.text), read.guide.cite(read.row), line=True)
    skus = dict.fromkeys(sku for read in reads for sku in read.skus)
    if product is None or not skus:
        return reply
    meant = set(subject.skus or ([subject.sku] if subject.sku else ())) if subject is not None and subject.certain else set()
    kept = [sku for sku in skus if sku in meant] or list(skus)
    stock = _stock(speaker, part, evidence, product, kept)
    if stock.outcome is not Outcome.ANSWERED:
        reply.show(kept[0])
        return reply
    both = merged([reply, stock])
    both.focus, both.focus_sku = product.id, kept[0] if len(kept) == 1 else ""
    return both


def _outside(speaker: Speaker, product: Product | None, guide: Guide) -> Reply:
    first, last = guide.chart.rows[0], guide.chart.rows[-1]
    reply = Reply(Outcome.ANSWERED, ASKED_BACK, focus=product.id if product else "")
    reply.say(speaker.say("size.outside", first=first.text, last=last.text), guide.cite(first), guide.cite(last))
    reply.quick_replies.append(speaker.say("chip.person"))
    if product is not None:
        reply.show(speaker.shown_variant(product).sku)
    return reply


# ── without a chart ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _is_shoe(product: Product) -> bool:
    return speaks_of_shoes(" ".join([*product.title.values(), *(path for names in product.categories for path in names.values())]))


def _own_system(product: Product | None, other_than: str) -> str:
    """The system that a product's sizes look like; EU, else US, without one."""
    sizes = [key_of(o.value) for v in product.variants for o in v.options] if product is not None else []
    figures = [float(s) for s in sizes if re.fullmatch(r"\d{1,3}(?:\.5)?", s)]
    if figures:
        return "mm" if min(figures) > 100 else "eu" if min(figures) > 15 else "us"
    return "us" if other_than == "eu" else "eu"


def _by_standard(speaker: Speaker, product: Product | None, foot: float, who: str, system: str) -> Reply | None:
    """About which size it is, said as a rule of thumb; without knowing for whom, American sizes in both."""
    names = {"eu": "EU", "us": "US", "uk": "UK", "jp": "JP", "mm": "CN"}
    if system == "us" and not who:
        both = {"men": size_of("us", "men", foot), "women": size_of("us", "women", foot)}
        size = speaker.mark("slash").join(f"US {value} ({speaker.say(f'size.{key}')})" for key, value in both.items())
    else:
        size = f"{names[system]} {size_of(system, who, foot)}"
    reply = Reply(Outcome.ANSWERED, ASKED_BACK, focus=product.id if product else "")
    reply.say(speaker.say("size.approximate", size=size), Citation("standard", MONDOPOINT, "shoe size", size))
    reply.quick_replies.append(speaker.say("chip.person"))
    if product is not None:
        reply.show(speaker.shown_variant(product).sku)
    return reply
