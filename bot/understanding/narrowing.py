"""The hard conditions of a question: those it states, those that still hold from before, and those that its goods imply."""

from dataclasses import replace

from bot.understanding import followups
from bot.understanding.constraints import Conditions, read
from bot.understanding.goods import narrower
from bot.understanding.intents import Reading
from bot.understanding.lexicon import lexicon
from bot.understanding.purposes import asks_for_company
from bot.understanding.question import ABOUT_ONE, GOODS, SEARCHES, Intent, Subject
from bot.understanding.shop_words import ShopWords
from bot.understanding.title_terms import terms
from bot.understanding.utterance import Utterance
from knowledge.catalog import Product
from knowledge.money import Money
from retrieval.filters import Filters
from retrieval.retriever import Sort
from retrieval.tokens import tokens as index_terms

_KIND_MOST = 2000
"""More products than this called by one word are no kind."""


def filters_held(
    said: Utterance,
    reading: Reading,
    subjects: tuple[Subject, ...],
    conditions: Conditions,
    *,
    refined: bool,
    left_out: tuple[str, ...],
    beside: str,
) -> Filters:
    """`refined`: it goes on with the search before. `left_out`: products that are named to be left out. `beside`: a product of which others
    are wanted, cheaper or dearer; "" none."""
    if reading.intent in ABOUT_ONE and subjects:
        if all(s.sku for s in subjects):
            return Filters()
        options = tuple(c for c in conditions.values if not c.absent and (set(c.names) & {"colour", "size"}))
        return Filters(attributes=options) if reading.intent is not Intent.PRODUCT_QUESTION or options else Filters()
    if reading.intent is Intent.COMPARE and subjects:
        return Filters()
    if beside:
        return _others(said, beside, conditions)
    if reading.intent in SEARCHES and len(subjects) == 1 and subjects[0].certain and asks_for_company(said.text):
        return _of_other_kinds(said, subjects[0], conditions)
    if reading.intent is Intent.PRODUCT_QUESTION:
        return replace(conditions.filters, attributes=(), in_stock=False)
    if reading.intent not in GOODS:
        return Filters() if reading.intent is not Intent.UNCLEAR else conditions.filters
    if subjects and reading.intent is Intent.PROMOTION:
        return Filters()
    if reading.intent in SEARCHES and left_out:
        without = tuple(dict.fromkeys((*conditions.filters.not_product_ids, *left_out)))
        conditions = replace(conditions, filters=replace(conditions.filters, not_product_ids=without))
    if reading.intent in SEARCHES and conditions.wishes:
        conditions = replace(
            conditions, filters=replace(conditions.filters, attributes=(*conditions.filters.attributes, *conditions.wishes))
        )
    if refined:
        filters, notes = followups.carry(conditions, said.text, said.row, said.memory, said.view)
        said.notes.extend(notes)
        if not filters.categories and filters.product_ids is None and said.memory.search:
            kinds = read(said.memory.search, said.words, said.words.currency).kinds
            return _called(said.words, filters, kinds) if 0 < len(kinds) <= _KIND_MOST else filters
        return filters
    return _of_kind(said, conditions)


def _others(said: Utterance, beside: str, conditions: Conditions) -> Filters:
    """Products of the same category, cheaper or dearer than the one spoken of."""
    product = said.view.products[beside]
    leaf = tuple(kind.casefold() for kind in product.kinds)
    filters = replace(conditions.filters, categories=leaf)
    lowest = followups.lowest_price([beside], said.view)
    if lowest is None or filters.price_min or filters.price_max:
        return filters
    if lexicon().words["cheaper"].any(said.row):
        return replace(filters, price_max=Money(lowest - 1, said.words.currency))
    return replace(filters, price_min=Money(lowest + 1, said.words.currency))


def _of_other_kinds(said: Utterance, subject: Subject, conditions: Conditions) -> Filters:
    """What may go with a product: nothing of its category, but for what is made for such a thing ("Rug Pad" for a rug)."""
    product = said.view.products[subject.product_id]
    leaf = {kind.casefold() for kind in product.kinds}
    last = [row[-1][0] for title in product.title.values() if (row := list(terms(title)))]
    parts = {number for term in last for number in set(said.words.postings.get(term, ())) - set(said.words.heads.get(term, ()))}
    naming = _naming(said, product)
    kin = tuple(id for number in sorted(said.words.in_categories(leaf) - parts) if (id := said.words.ids[number]) not in naming)
    return replace(conditions.filters, categories=(), brands=(), attributes=(), not_product_ids=(*conditions.filters.not_product_ids, *kin))


def _naming(said: Utterance, product: Product) -> set[str]:
    """Other products whose texts hold all words of a title of this one ("goes with the Little Chef Play Kitchen")."""
    tables = said.view.tables
    if tables is None:
        return set()
    found: set[str] = set()
    for title in product.title.values():
        held = [set(tables.lexical.holders(term).tolist()) for term in index_terms(title)]
        rows = set.intersection(*held) if held else set()
        found |= {tables.catalog.ids[number] for row in rows if (number := int(tables.product_of[row])) >= 0}
    return found - {product.id}


def _of_kind(said: Utterance, conditions: Conditions) -> Filters:
    """Only things that are called so by their titles, where the shop has no such category; for an extreme ("the lightest umbrella") of
    a single one, all of its category."""
    filters, kinds = conditions.filters, conditions.kinds
    extreme = conditions.sort is not Sort.RELEVANCE or bool(conditions.superlative)
    if extreme and filters.product_ids is None:
        called = narrower(said.text, filters.categories, kinds, said.words)
        if called:
            return _called(said.words, filters, called)
    if filters.categories or not kinds or len(kinds) > _KIND_MOST:
        return filters
    if extreme and len(kinds) == 1:
        product = said.view.products[said.words.ids[kinds[0]]]
        leaf = [kind.casefold() for kind in product.kinds]
        return replace(filters, categories=tuple(leaf))
    return _called(said.words, filters, kinds)


def _called(words: ShopWords, filters: Filters, kinds: tuple[int, ...]) -> Filters:
    return replace(filters, product_ids=tuple(words.ids[number] for number in kinds))
