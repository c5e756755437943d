"""Two to four products side by side, in lines that read well on a phone: what differs first, honest blanks, and a verdict only in the terms the
customer named."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.answering.answer import Citation, Outcome
from bot.answering.described import of_property, verdict_of
from bot.answering.facts import Fact, concept_label, facts_of, in_language, label, means, measure, stated, verdict
from bot.answering.ratings import mean_rating, rating_words
from bot.answering.reply import Reply
from bot.answering.speaking import Speaker, best_key, in_sentence, trimmed
from bot.answering.thresholds import COMPARED_MOST, REASON_MOST, SURE, TABLE_ROWS
from bot.understanding.own_properties import names_said
from bot.understanding.question import Part
from knowledge.attribute_names import concept_of
from knowledge.catalog import Product
from knowledge.folding import fold
from knowledge.verdicts import GRADED, HAS, Verdict
from retrieval.retriever import Sort

_CHEAPER = re.compile(r"\b(?:cheap|pric|cost|afford|expensive|dear)\w*|便宜|价格|价钱|贵|划算")
_DEARER = re.compile(r"\b(?:pricier|dearer|more expensive|costs more)\b|更?贵")
_CELL = 60


@dataclass(frozen=True, slots=True)
class Row:
    """One property across the products. `cells`: the value of each, "" where the merchant states none."""

    name: str
    cells: tuple[str, ...]
    cited: tuple[Citation, ...]
    facts: tuple[tuple[Fact, ...], ...] = ()

    @property
    def differs(self) -> bool:
        """Not the same for all."""
        return len({fold(cell) for cell in self.cells}) > 1

    @property
    def blanks(self) -> int:
        """Products that do not state it."""
        return sum(not cell for cell in self.cells)


def compare_reply(speaker: Speaker, part: Part, products: Sequence[Product]) -> Reply:
    """The comparison of two to four products."""
    products = list(products)[:COMPARED_MOST]
    if said := names_said(part.text, products):
        part = replace(part, asked=tuple(said))
    reply = Reply(Outcome.ANSWERED, SURE, long=True)
    names = labels(speaker, products)
    titles = [speaker.cite_title(p) for p in products]
    reply.say(speaker.say("compare.heads", products=speaker.mark("slash").join(speaker.name(p) for p in products)), *titles)
    reply.shown = [p.id for p in products]
    for product in products:
        reply.show(speaker.shown_variant(product).sku)

    rows = _rows(speaker, products)
    asked = [row for row in rows if any(means(row.name, word) for word in part.asked)]
    if part.asked:
        rows = _with_described(speaker, part, products, asked)
    else:
        _say(speaker, reply, names, _price_row(speaker, products))
        _say(speaker, reply, names, _stock_row(speaker, products))
        rating = _rating_row(speaker, products)
        if rating.blanks < len(products):
            _say(speaker, reply, names, rating)
    differing = sorted((row for row in rows if row.differs), key=lambda row: row.blanks)
    alike = [row for row in rows if not row.differs and not row.blanks]
    for row in differing[:TABLE_ROWS] if not part.asked else rows:
        _say(speaker, reply, names, row)
    if alike and not part.asked:
        shared = [speaker.say("fact.short", name=row.name, value=trimmed(row.cells[0], _CELL)) for row in alike[:4]]
        reply.say(
            speaker.say("compare.same", rows=speaker.mark("enumerate").join(shared)),
            *(c for row in alike[:4] for c in row.cited),
            line=True,
        )
    if not _verdict(speaker, reply, part, products, names, rows) and not part.asked:
        for row in measured_apart(speaker, products)[:2]:
            reply.quick_replies.append(speaker.say("chip.which_by", name=in_sentence(row.name)))
    return reply


def labels(speaker: Speaker, products: Sequence[Product]) -> list[str]:
    """What the columns are called: the model where each has one of its own, else the title without the brand before it."""
    short = [speaker.short(p) for p in products]
    if all(s != speaker.title(p) for s, p in zip(short, products, strict=True)) and len(set(short)) == len(short):
        return short
    plain = [_without_brand(speaker.title(p), p.brand) for p in products]
    return plain if len(set(plain)) == len(plain) else [speaker.title(p) for p in products]


def _without_brand(title: str, brand: str) -> str:
    rest = title[len(brand) :].strip() if brand and title.casefold().startswith(brand.casefold()) else ""
    return rest or title


def _say(speaker: Speaker, reply: Reply, names: Sequence[str], row: Row) -> None:
    unstated = speaker.say("compare.unstated")
    key = "compare.cell_long" if any(" " in name for name in names) else "compare.cell"
    cells = [speaker.say(key, label=name, value=cell or unstated) for name, cell in zip(names, row.cells, strict=True)]
    reply.say(speaker.say("compare.row", name=row.name, cells=speaker.mark("dots").join(cells)), *row.cited, line=True)


def _price_row(speaker: Speaker, products: Sequence[Product]) -> Row:
    cells = tuple(speaker.price_words(p) for p in products)
    return Row(speaker.say("compare.price"), cells, tuple(speaker.cite_price(speaker.shown_variant(p)) for p in products))


def _stock_row(speaker: Speaker, products: Sequence[Product]) -> Row:
    cells: list[str] = []
    cited: list[Citation] = []
    for product in products:
        chosen = speaker.shown_variant(product)
        stock = speaker.stock(chosen)
        cells.append("" if stock.state.value == "unknown" else speaker.say(f"stock.word_{stock.state.value}"))
        cited.append(speaker.cite_stock(chosen))
    return Row(speaker.say("compare.stock"), tuple(cells), tuple(cited))


def _rating_row(speaker: Speaker, products: Sequence[Product]) -> Row:
    told = [rating_words(speaker, product) for product in products]
    return Row(speaker.say("compare.rating"), tuple(words for words, _ in told), tuple(c for _, cited in told for c in cited))


def _rows(speaker: Speaker, products: Sequence[Product]) -> list[Row]:
    """Every property that any of them states, in the merchant's order."""
    grouped: dict[str, list[list[Fact]]] = {}
    for number, product in enumerate(products):
        for fact in _own(speaker, product):
            key = concept_of(fact.name) or fold(fact.name).strip()
            grouped.setdefault(key, [[] for _ in products])[number].append(fact)
    rows = []
    for held in grouped.values():
        first = next(f for facts in held for f in facts)
        cells = tuple(_cell(speaker, facts) for facts in held)
        rows.append(
            Row(
                label(first, (), speaker.language),
                cells,
                tuple(dict.fromkeys(f.cited for facts in held for f in facts)),
                tuple(tuple(facts) for facts in held),
            )
        )
    return rows


def _own(speaker: Speaker, product: Product) -> list[Fact]:
    by_property: dict[str, list[Fact]] = {}
    for fact in facts_of(product):
        by_property.setdefault(concept_of(fact.name) or fold(fact.name).strip(), []).append(fact)
    return [f for facts in by_property.values() for f in in_language(facts, speaker.language)]


def _cell(speaker: Speaker, facts: Sequence[Fact]) -> str:
    values = list(dict.fromkeys(f.value for f in facts))
    return trimmed(speaker.mark("slash").join(values), REASON_MOST)


def _with_described(speaker: Speaker, part: Part, products: Sequence[Product], rows: Sequence[Row]) -> list[Row]:
    """A row for each property asked for; where a merchant states it in a sentence alone, the sentence."""
    out: list[Row] = []
    for word in part.asked:
        row = next((r for r in rows if means(r.name, word)), None) or Row(concept_label(word, speaker.language), ("",) * len(products), ())
        told = [
            None if cell else next(iter(of_property(p, word, speaker.language)), None) for p, cell in zip(products, row.cells, strict=True)
        ]
        cells = tuple(cell or (trimmed(said.text, _CELL) if said else "") for cell, said in zip(row.cells, told, strict=True))
        cited = [Citation("product", p.sku, said.field, trimmed(said.text, _CELL)) for p, said in zip(products, told, strict=True) if said]
        out.append(replace(row, cells=cells, cited=(*row.cited, *cited)))
    # A property that none states is one blank line, beside others that are stated none at all.
    return [row for row in out if row.blanks < len(products)] or out[:1]


def _verdict(speaker: Speaker, reply: Reply, part: Part, products: Sequence[Product], names: Sequence[str], rows: Sequence[Row]) -> bool:
    """Who wins in what the customer named; nothing where they named nothing or data does not tell."""
    if part.sort in (Sort.PRICE_ASC, Sort.PRICE_DESC) or (_CHEAPER.search(fold(part.text)) and not part.superlative):
        return cheapest(speaker, reply, products, names, lowest=part.sort is not Sort.PRICE_DESC and not _DEARER.search(fold(part.text)))
    direction, _, named = part.superlative.partition(":")
    if not named:
        return _having_verdict(speaker, reply, part, products, names)
    row = next((r for r in rows if means(r.name, named) or any(means(f.name, named) for facts in r.facts for f in facts)), None)
    if row is None:
        return False
    amounts = [measure(facts) for facts in row.facts]
    known = [(n, got[0]) for n, got in enumerate(amounts) if got]
    if len(known) < 2 or len({q.dimension for _, q in known}) > 1:
        return False
    known.sort(key=lambda pair: pair[1].base_low if direction == "min" else -pair[1].base_high)
    if known[0][1].base_low == known[1][1].base_low:
        reply.say(speaker.say("compare.tie", name=row.name), *row.cited, line=True)
        return True
    winner = known[0][0]
    key = best_key(speaker, f"compare.{direction}", row.facts[winner][0].name)
    reply.say(speaker.say(key, label=names[winner], name=row.name, value=row.cells[winner]), *row.cited, line=True)
    reply.focus = products[winner].id
    return True


def _having_verdict(speaker: Speaker, reply: Reply, part: Part, products: Sequence[Product], names: Sequence[str]) -> bool:
    """The one that has what was asked for, where all others are known not to have it or say nothing of it."""
    for word in part.asked:
        said = []
        for product in products:
            facts = stated(product, (word,), speaker.language)
            own = verdict(facts, (word,), ())[0] if facts else Verdict.OPEN
            said.append(own if own is not Verdict.OPEN else verdict_of(of_property(product, word, speaker.language)))
        if concept_of(word) in HAS | GRADED and said.count(Verdict.YES) == 1:
            winner = said.index(Verdict.YES)
            reply.say(speaker.say("compare.having", label=names[winner]), speaker.cite_title(products[winner]), line=True)
            reply.focus = products[winner].id
            return True
    return False


def best_rated(speaker: Speaker, reply: Reply, products: Sequence[Product], names: Sequence[str]) -> bool:
    """Says which is rated best; False where none is rated or the best are even."""
    means = sorted(((mean, n) for n, p in enumerate(products) if (mean := mean_rating(speaker, p)) is not None), reverse=True)
    if not means or (len(means) > 1 and means[0][0] == means[1][0]):
        return False
    winner = means[0][1]
    words, cited = rating_words(speaker, products[winner])
    reply.say(speaker.say("compare.best_rated", label=names[winner], value=words), *cited, line=True)
    return True


def measured_apart(speaker: Speaker, products: Sequence[Product]) -> list[Row]:
    """The properties that all state with an amount, and not the same."""
    rows = [row for row in _rows(speaker, products) if row.differs and not row.blanks]
    return [row for row in rows if all(measure(facts) for facts in row.facts)]


def cheapest(speaker: Speaker, reply: Reply, products: Sequence[Product], names: Sequence[str], *, lowest: bool = True) -> bool:
    """Says which costs least (or most); False where prices do not tell."""
    priced = [
        (n, min(prices, key=lambda m: m.minor))
        for n, p in enumerate(products)
        if (prices := [x for v in p.variants if (x := speaker.paid(v))])
    ]
    if len(priced) < 2 or len({m.currency for _, m in priced}) > 1:
        return False
    priced.sort(key=lambda pair: pair[1].minor if lowest else -pair[1].minor)
    cited = [speaker.cite_price(speaker.shown_variant(products[n])) for n, _ in priced]
    if priced[0][1].minor == priced[1][1].minor:
        reply.say(speaker.say("compare.same_price"), *cited, line=True)
        return True
    winner, amount = priced[0]
    key = "compare.cheapest" if lowest else "compare.dearest"
    reply.say(speaker.say(key, label=names[winner], price=speaker.money(amount)), *cited, line=True)
    reply.focus = products[winner].id
    return True
