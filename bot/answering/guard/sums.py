"""Prices added up in one sentence: "2 × A $5.00 + B (red) $3.00 = $13.00"."""

import re

from bot.answering.claims import claims_of
from bot.answering.fact_table import FactTable, VariantFacts
from bot.answering.guard.alike import near
from bot.answering.mentions import Sentence
from knowledge.folding import fold

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


def _meant(said: str, table: FactTable) -> list[VariantFacts]:
    """The variants of the product whose title stands in the words, the longest title first; of these the ones whose options stand in the rest."""
    titled = [(fold(title), facts) for facts in table.products.values() for title in facts.product.title.values() if fold(title) in said]
    if not titled:
        return []
    title, facts = max(titled, key=lambda row: len(row[0]))
    rest = said.partition(title)[2]
    told = [v for v in facts.variants if v.options and all(any(value in rest for value in values) for values in v.options.values())]
    return told or list(facts.variants)
