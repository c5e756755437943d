"""Prices added up in one sentence, "2 × A $5.00 + B (red) $3.00 = $13.00", and what a reduction leaves of the sum, "$13.00 - $2.00 = $11.00"."""

import itertools
import re
from collections.abc import Sequence

from bot.answering.claims import claims_of
from bot.answering.fact_table import FactTable, VariantFacts
from bot.answering.guard.alike import near
from bot.answering.mentions import Sentence
from knowledge.folding import fold
from knowledge.reductions import reductions_in, taken_off

_TERM = re.compile(r"^(?:(?P<n>\d{1,3}) × )?(?P<name>.+)$")


def sum_holds(sentence: Sentence, table: FactTable) -> bool:
    """Whether the sentence only adds up what products that it calls by their whole titles cost now, and rightly so."""
    left, equals, right = sentence.text.partition(" = ")
    totals = [c for c in claims_of(right) if c.kind == "money"]
    if not equals or len(totals) != 1:
        return False
    whole = 0.0
    for part in left.split(" + "):
        term = _TERM.match(part.strip())
        money = [c for c in claims_of(part) if c.kind == "money"]
        if term is None or not money:
            return False
        price = money[-1]
        variants = _meant(fold(part[: price.start]), table)
        if not any(v.paid is not None and near(v.paid, price.low) for v in variants):
            return False
        whole += int(term["n"] or 1) * price.low
    return near(whole, totals[0].low)


def basket_of(sentence: Sentence) -> list[float]:
    """The price of each piece that a sentence adds up, or of which it gives the total ("for 3 pieces that is $9.00, at $3.00 each"), or
    the one price that it says."""
    left, equals, _ = sentence.text.partition(" = ")
    if equals:
        rows = [(_TERM.match(part.strip()), [c.low for c in claims_of(part) if c.kind == "money"]) for part in left.split(" + ")]
        return [money[-1] for term, money in rows if term is not None and money for _ in range(int(term["n"] or 1))]
    money = [c.low for c in claims_of(sentence.text) if c.kind == "money"]
    if len(money) == 1:
        return money
    if len(money) != 2 or not money[1]:
        return []
    pieces = round(money[0] / money[1])
    return [money[1]] * pieces if 2 <= pieces <= _PIECES_MOST and near(money[0], money[1] * pieces) else []


_PIECES_MOST = 40
_REST = re.compile(r"\s-\s")


def reduced_holds(sentence: Sentence, basket: Sequence[float], said_before: Sequence[str]) -> bool:
    """Whether the sentence only takes from the sum of the basket what a reduction said before it grants for these pieces or some of them."""
    claims = claims_of(sentence.text)
    money = [c.low for c in claims if c.kind == "money"]
    if len(money) != 3 or len(claims) != 3 or not basket or " = " not in sentence.text or not _REST.search(sentence.text):
        return False
    total, saving, left = money
    if not near(total, sum(basket)) or not near(total - saving, left):
        return False
    kinds = sorted(set(basket))
    minor = [round(price * 100) for price in basket]
    some = [
        [m for m in minor if m / 100 in chosen] for n in range(1, len(kinds) + 1) for chosen in map(set, itertools.combinations(kinds, n))
    ]
    granted = [reductions_in(clause) for text in said_before for clause in (text, *re.split(r"[;；。]|\.\s", text))]
    return any(near(taken_off(reductions, pieces) / 100, saving) for reductions in granted if reductions for pieces in some)


def _unquoted(folded: str) -> str:
    """Without the marks that stand for inches in a title (½") and for quotes in a sentence."""
    return re.sub(r"[\"“”]", "", folded)


def _meant(said: str, table: FactTable) -> list[VariantFacts]:
    """The variants of the product whose title stands in the words, the longest title first; of these the ones whose options stand in the rest."""
    said = _unquoted(said)
    titled = [
        (name, facts)
        for facts in table.products.values()
        for title in facts.product.title.values()
        if (name := _unquoted(fold(title))) in said
    ]
    if not titled:
        return []
    title, facts = max(titled, key=lambda row: len(row[0]))
    rest = said.partition(title)[2]
    told = [v for v in facts.variants if v.options and all(any(value in rest for value in values) for values in v.options.values())]
    return told or list(facts.variants)
