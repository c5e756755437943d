"""Words → hard conditions, an order, how many: "a black backpack under 50 bucks, at least 20 L, not leather, top 3".

Amounts without a currency are in the shop's. "About" is ±20 %. What was read is taken out of the text, so that what is left says what
is looked for.
"""

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal

from bot.understanding.amounts import Amount, price_limits
from bot.understanding.counts import counts_in
from bot.understanding.goods import goods_in, kinds_in
from bot.understanding.lexicon import lexicon
from bot.understanding.measures import amounts_spans, measured, measures_in
from bot.understanding.purposes import interest_in, purpose_in
from bot.understanding.shop_words import ShopWords
from bot.understanding.value_words import values_in
from bot.understanding.wishes import wishes_in
from bot.understanding.words_read import WordsRead
from knowledge.attribute_names import concepts_in
from knowledge.folding import fold
from knowledge.money import money_of
from knowledge.phrases import Found, Token, tokens
from knowledge.units import Quantity
from retrieval.filters import AttributeCondition, Filters
from retrieval.retriever import Sort


@dataclass(frozen=True, slots=True)
class Conditions:
    """What the words demand. `rest`: the text without them."""

    filters: Filters = field(default_factory=Filters)
    sort: Sort = Sort.RELEVANCE
    superlative: str = ""
    count: int | None = None
    quantity: int | None = None
    purpose: str = ""
    rest: str = ""
    wish: str = ""
    """The text without prices, counts, measures, an order, and wishes about stock and sale; colours and materials stay."""
    values: tuple[AttributeCondition, ...] = ()
    """The conditions on option and attribute words alone (colour, material, size), also inside `filters`."""
    categories_said: tuple[str, ...] = ()
    """The customer's own words for the categories."""
    notes: tuple[str, ...] = ()
    wishes: tuple[AttributeCondition, ...] = ()
    """Properties that are to be there or not, for a search; a question about a product asks for the same words."""
    kinds: tuple[int, ...] = ()
    """Numbers of the products that are called by the kind of goods named, where it is no category."""
    interest: str = ""
    """What the person likes whom it is for ("trains", 喝茶)."""


def read(text: str, words: ShopWords, currency: str, *, names: tuple[tuple[int, int], ...] = ()) -> Conditions:
    """The conditions in a text. `names`: characters that name a product, where no condition is looked for. Never raises."""
    reading = WordsRead(text, fold(text), tokens(text), list(names))
    amounts = [q for q in measures_in(reading) if not _sterling(q, reading.folded, currency)]
    count, quantity = counts_in(reading)
    limits = price_limits(reading.folded, currency, tuple(amounts_spans(amounts)) + tuple(names))
    attributes = measured(reading, amounts)
    sort, superlative = _superlative(reading)
    filters = Filters(
        price_min=_money(limits.low, limits.currency),
        price_max=_money(limits.high, limits.currency),
        in_stock=_said(reading, "in_stock"),
        on_sale=_said(reading, "on_sale"),
    )
    for start, end in limits.spans:
        reading.take(start, end)
    wish = _without(reading, names)
    wishes = wishes_in(reading, amounts, attributes, words.flags)
    filters, said = goods_in(reading, words, filters)
    option_values = values_in(reading, words)
    purpose = purpose_in(reading)
    filters = replace(filters, attributes=(*attributes, *option_values))
    interest, _, _ = interest_in(reading.folded)
    rest = _rest(reading, names, filters.attributes, filters.not_brands)
    kinds = () if filters.categories or filters.brands else kinds_in(_blank(rest, interest), words)
    return Conditions(
        filters,
        sort,
        superlative,
        count,
        quantity,
        purpose,
        rest,
        wish,
        tuple(option_values),
        said,
        tuple(reading.notes),
        tuple(wishes),
        kinds,
        interest,
    )


_HEAVY = re.compile(r"weigh|heav|light|carr|load|\blift|\blbs?\b|kilo|\bkg\b")


def _sterling(amount: Quantity, folded: str, currency: str) -> bool:
    """Pounds of money: in a shop that sells in them, where no weight is spoken of."""
    return currency == "GBP" and "pound" in folded[amount.start : amount.end] and not _HEAVY.search(folded)


def _money(value: Decimal | None, currency: str) -> Amount | None:
    return money_of(value, currency) if value is not None else None


def extremes_in(row: list[Token]) -> list[Found[str]]:
    """The superlatives in a text; one inside the name of a property is none ("maximum load", 最大承重)."""
    names = [(start, end) for _, start, end in concepts_in(row)]
    return [hit for hit in lexicon().superlatives.find(row) if not any(a <= hit.start and hit.end < b for a, b in names)]


def _superlative(reading: WordsRead) -> tuple[Sort, str]:
    sort, extreme = Sort.RELEVANCE, ""
    for hit in extremes_in(reading.row):
        if not reading.free(hit.start, hit.end):
            continue
        if ":" in hit.value:
            extreme = extreme or hit.value
        elif sort is Sort.RELEVANCE:
            sort = Sort(hit.value)
        reading.take(hit.start, hit.end)
    return sort, extreme


def _said(reading: WordsRead, key: str) -> bool:
    hits = lexicon().words[key].find(reading.row)
    for hit in hits:
        reading.take(hit.start, hit.end)
    return bool(hits)


def _blank(text: str, words: str) -> str:
    at = fold(text).find(words) if words else -1
    return text if at < 0 else text[:at] + " " + text[at + len(words) :]


_LOOSE = re.compile(r"\s+([,，.。?？!！;；])")


def _without(reading: WordsRead, names: tuple[tuple[int, int], ...]) -> str:
    """The text without what was read so far."""
    keep = list(reading.text)
    for start, end in reading.taken:
        if (start, end) not in names:
            keep[start:end] = " " * (end - start)
    return _LOOSE.sub(r"\1", re.sub(r"\s+", " ", "".join(keep))).strip(" ,，。.;；、")


def _rest(
    reading: WordsRead, names: tuple[tuple[int, int], ...], conditions: tuple[AttributeCondition, ...], not_brands: tuple[str, ...]
) -> str:
    rest = _without(reading, names)
    if any(condition.absent for condition in conditions) or not_brands:
        for hit in lexicon().words["negation"].find(rest):
            rest = rest[: hit.start] + " " * (hit.end - hit.start) + rest[hit.end :]
    return re.sub(r"\s+", " ", rest).strip(" ,，。.?？!！;；")
