"""The words of one shop: its categories, brands, options, SKUs and titles, ready to be found in a message.

Built once for each revision of a shop (about 15 µs a title) and kept for the shops in use; a message then costs what its own words cost,
whatever the size of the catalog.
"""

import math
import re
import threading
from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from bot.understanding.option_words import OptionWord, countries, option_words, value_pairs
from bot.understanding.title_runs import TITLES_MOST, Pairs, pairs_of
from bot.understanding.title_terms import DULL, HAN, heads, plain_title, shortened, terms
from knowledge.attribute_names import concept_of
from knowledge.catalog import Product
from knowledge.folding import fold
from knowledge.phrases import Phrases
from knowledge.shop_settings import shop_settings
from knowledge.verdicts import GRADED, HAS, is_bare
from retrieval.tokens import codes, compact
from retrieval.view import ShopView

_KEPT = 16
COMING_MOST = 8
"""Products kept for one value of an option: more than this it names none."""


@dataclass(slots=True)
class ShopWords:
    """Everything a message is looked up in."""

    categories: Phrases[tuple[str, ...]]
    """A category's name, any language and level → its names in all languages."""
    brands: Phrases[str]
    options: Phrases[OptionWord]
    codes: dict[str, tuple[str, ...]]
    """SKUs and model numbers without hyphens → product ids."""
    skus: dict[str, str]
    """SKUs without hyphens → SKU as written."""
    titles: dict[str, tuple[int, ...]]
    """Folded whole titles → product numbers."""
    ids: list[str]
    """Product ids by number."""
    postings: dict[str, list[int]]
    """Title and brand terms → product numbers."""
    norms: list[float]
    """Sum of the rarity of each product's own terms."""
    deletes: dict[str, tuple[str, ...]]
    """Latin terms with a letter left out → the terms: finds typing errors."""
    category_terms: frozenset[str]
    category_names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Folded names of categories, in each language, → the categories as the merchant wrote them."""
    flags: Phrases[str] = field(default_factory=lambda: Phrases(()))
    """Attributes that this shop answers by yes or no alone ("Frost proof: no"), and no list of ours holds."""
    properties: Phrases[str] = field(default_factory=lambda: Phrases(()))
    """Names of this shop's attributes that are several Latin words ("Running surface"): said together, they ask for it."""
    heads: dict[str, tuple[int, ...]] = field(default_factory=dict)
    """What titles end in ("backpack", 背包) → product numbers: the kind of thing a product is."""
    coming_in: dict[OptionWord, tuple[int, ...]] = field(default_factory=dict)
    """A value of an option or attribute → product numbers, up to COMING_MOST of them."""
    titles_joined: Phrases[int] = field(default_factory=lambda: Phrases(()))
    """Pairs of words in titles that hold a colour or material as a part of the name ("green tea")."""

    whole: dict[str, tuple[int, ...]] = field(default_factory=dict)
    """Titles of Latin words, each without plural, joined by blanks → product numbers: finds a title inside a sentence."""
    pairs: Pairs = field(default_factory=dict)
    """Neighbouring words and figures of titles → product numbers; empty for very large shops."""
    leaves: list[tuple[str, ...]] = field(default_factory=list)
    """The names of each product's lowest category in all languages, folded, by product number."""
    currencies: frozenset[str] = frozenset()
    """All that anything is priced in."""
    currency: str = "USD"
    """What most of its prices are in: an amount without a currency is meant in it."""

    def titled(self, phrase: str) -> set[int]:
        """Numbers of the products whose titles end in a phrase, or in which it stands whole in Chinese."""
        own = [term for term, _, _ in terms(phrase)]
        return self.holding(phrase) & set(self.heads.get(own[-1], ())) if own else set()

    def holding(self, phrase: str) -> set[int]:
        """Numbers of the products in whose titles and brands all terms of a phrase stand."""
        own = [term for term, _, _ in terms(phrase)]
        if not own or any(term not in self.postings for term in own):
            return set()
        return set.intersection(*(set(self.postings[term]) for term in own))

    def in_categories(self, names: set[str]) -> set[int]:
        """Numbers of the products whose lowest category has one of these folded names."""
        return {number for number, leaf in enumerate(self.leaves) if names.intersection(leaf)}

    def of_kind(self, phrase: str) -> set[int]:
        """The same, and for a single Chinese character (伞, 包) the titles that end in it."""
        if len(phrase) == 1:
            return set(self.heads.get(phrase, ())) if HAN.match(phrase) else set()
        return self.titled(phrase) or (self.of_kind(phrase[:-1]) if phrase.endswith("子") else set())

    def rarity(self, term: str) -> float:
        """Inverse document frequency, 0 for unknown terms."""
        found = self.postings.get(term)
        return math.log(1 + len(self.ids) / len(found)) if found else 0.0


_cache: OrderedDict[tuple[str, int], tuple[int, ShopWords]] = OrderedDict()
_lock = threading.Lock()


def words_of(view: ShopView) -> ShopWords:
    """The words of a view, from memory where its revision was seen before."""
    key = (view.shop.id, view.revision)
    with _lock:
        held = _cache.get(key)
        if held is not None and held[0] == id(view.products):
            _cache.move_to_end(key)
            return held[1]
    made = _build(view)
    with _lock:
        _cache[key] = (id(view.products), made)
        while len(_cache) > _KEPT:
            _cache.popitem(last=False)
    return made


_PARTED = re.compile(r"\s*[/|｜／]\s*")


def _in_each_language(name: str) -> tuple[str, ...]:
    """The names in one that says the same in two languages: "咖啡豆 / Coffee beans"."""
    pieces = [piece for piece in _PARTED.split(name) if piece]
    return tuple(pieces) if len(pieces) == 2 and len({bool(HAN.search(piece)) for piece in pieces}) == 2 else ()


K = TypeVar("K")
V = TypeVar("V")


@dataclass(slots=True)
class _Gathered:
    """What the products say, gathered one by one."""

    categories: dict[str, list[str]] = field(default_factory=dict)
    brands: dict[str, str] = field(default_factory=dict)
    options: dict[tuple[str, str], OptionWord] = field(default_factory=dict)
    codes: dict[str, dict[str, None]] = field(default_factory=dict)
    skus: dict[str, str] = field(default_factory=dict)
    titles: dict[str, list[int]] = field(default_factory=dict)
    own: list[set[str]] = field(default_factory=list)
    postings: dict[str, list[int]] = field(default_factory=dict)
    named_values: list[tuple[str, int]] = field(default_factory=list)
    heads: dict[str, dict[int, None]] = field(default_factory=dict)
    coming_in: dict[OptionWord, list[int]] = field(default_factory=dict)
    whole: dict[str, dict[int, None]] = field(default_factory=dict)

    def take(self, number: int, product: Product) -> None:
        """The product with this number."""
        mine = _product_terms(product)
        self.own.append(mine)
        for term in mine:
            self.postings.setdefault(term, []).append(number)
        for title in product.title.values():
            self._title(number, product, title)
        self._codes(product)
        if product.brand:
            self.brands.setdefault(fold(product.brand), product.brand)
        for path in product.categories:
            for level in _levels(path):
                self._level(level)
        for value in option_words(product):
            self._option(number, value)

    def _title(self, number: int, product: Product, title: str) -> None:
        self.titles.setdefault(plain_title(title), []).append(number)
        plain = [term for term, _, _ in terms(title)]
        if plain and all(term.isascii() for term in plain):
            self.whole.setdefault(" ".join(plain), {})[number] = None
        for head in heads(title):
            self.heads.setdefault(head, {})[number] = None
        for code in codes(title):
            self.codes.setdefault(code, {})[product.id] = None
        self.named_values.extend((pair, number) for pair in value_pairs(title, product))

    def _codes(self, product: Product) -> None:
        for variant in product.variants:
            code = compact(fold(variant.sku))
            if _tells(code):
                self.codes.setdefault(code, {})[product.id] = None
                self.skus.setdefault(code, variant.sku)
        if _tells(compact(fold(product.id))) and re.search(r"\d", product.id):
            self.codes.setdefault(compact(fold(product.id)), {})[product.id] = None

    def _level(self, level: list[str]) -> None:
        for name in level:
            for called in (name, *_in_each_language(name)):
                held = self.categories.setdefault(fold(called), [])
                held.extend(other for other in level if other not in held)

    def _option(self, number: int, value: OptionWord) -> None:
        for word in (*value.words, *countries(value)):
            kept = self.options.setdefault((value.concept, fold(word)), value)
            having = self.coming_in.setdefault(kept, [])
            if number not in having and len(having) < COMING_MOST:
                having.append(number)


def _build(view: ShopView) -> ShopWords:
    said = _Gathered()
    for number, product in enumerate(view.products.values()):
        said.take(number, product)
    words = ShopWords(
        categories=Phrases(_category_phrases(said.categories)),
        category_names=_frozen(said.categories),
        brands=Phrases(said.brands.items()),
        options=Phrases((word, value) for (_, word), value in said.options.items()),
        codes=_frozen(said.codes),
        skus=said.skus,
        titles=_frozen(said.titles),
        ids=list(view.products),
        postings=said.postings,
        norms=[],
        deletes=_deletes(said.postings),
        category_terms=frozenset(term for name in said.categories for term, _, _ in terms(name)),
        flags=Phrases((name, name) for name in _flags(view)),
        properties=Phrases((name, name) for name in _properties(view)),
        heads=_frozen(said.heads),
        coming_in=_frozen(said.coming_in),
        titles_joined=Phrases(said.named_values),
        whole=_frozen(said.whole),
        pairs=_pairs(view),
        leaves=[tuple(kind.casefold() for kind in product.kinds) for product in view.products.values()],
        currency=_currency(view),
        currencies=frozenset(
            p.currency for product in view.products.values() for v in product.variants if (p := v.offer.regular or v.offer.sale)
        ),
    )
    words.norms = [sum(words.rarity(term) for term in mine) for mine in said.own]
    return words


def _frozen(gathered: Mapping[K, Iterable[V]]) -> dict[K, tuple[V, ...]]:
    return {key: tuple(held) for key, held in gathered.items()}


def _pairs(view: ShopView) -> Pairs:
    if len(view.products) > TITLES_MOST:
        return {}
    return pairs_of((number, title) for number, product in enumerate(view.products.values()) for title in product.title.values())


def kin(said: str, others: Iterable[str], words: ShopWords) -> tuple[str, ...]:
    """The shop's categories, as folded names, for a kind of goods that the shop calls by another word; () where it has none, or only titles are
    called so. What is called so in titles alone ("Sport Earbuds") means the category of another name that all of these stand in ("Earphones")."""
    names: dict[str, None] = {}
    for other in others:
        direct = words.categories.get(other)
        if direct is not None:
            names.update(dict.fromkeys(name.casefold() for name in direct))
    if called := words.titled(said):
        holding = [names.keys() & set(words.leaves[number]) for number in called]
        return tuple(name for name in names if any(name in held for held in holding)) if all(holding) else ()
    if names:
        return tuple(names)
    called = set[int]().union(*(words.titled(other) for other in others))
    for name in dict.fromkeys(name for number in sorted(called) for name in words.leaves[number]):
        held = words.in_categories({name})
        if len(held & called) >= MOSTLY * len(held):  # a category that holds other things, too, is not meant by gloves
            names[name] = None
    return tuple(names)


MOSTLY = 0.75
"""Share of a category's products that are called so for the category to be meant."""


def bare_currency(view: ShopView, words: ShopWords, language: str) -> str:
    """What an amount without a currency is meant in by speakers of that language: as the shop says it, where it sells in that currency, else
    what most of its prices are in."""
    said_of = shop_settings(view.shop).amounts_in
    said = said_of.get(language) or said_of.get(language.split("-", maxsplit=1)[0], "")
    return said if said in words.currencies else words.currency


def _currency(view: ShopView) -> str:
    prices = Counter(price.currency for p in view.products.values() for v in p.variants[:1] if (price := v.offer.regular or v.offer.sale))
    return prices.most_common(1)[0][0] if prices else view.shop.currency


def _product_terms(product: Product) -> set[str]:
    mine = {term for title in product.title.values() for term, _, _ in terms(title)}
    mine.update(term for term, _, _ in terms(product.brand))
    return mine - DULL


def _tells(code: str) -> bool:
    """Whether a code is enough to mean a product by: three characters, or a letter with a digit (K-1)."""
    return len(code) >= 3 or (len(code) == 2 and not code.isalpha() and not code.isdigit())


def _flags(view: ShopView) -> list[str]:
    """Names of attributes whose values are all a bare yes or no, apart from the properties that are known anyway."""
    bare: dict[str, bool] = {}
    for product in view.products.values():
        for attribute in product.attributes:
            if concept_of(attribute.name) not in HAS | GRADED:
                bare[attribute.name] = bare.get(attribute.name, True) and is_bare(attribute.value)
    return [name for name, always in bare.items() if always and len(name) > 1]


def _properties(view: ShopView) -> list[str]:
    """Names of attributes of several Latin words, apart from the properties that are known anyway."""
    names = (a.name for p in view.products.values() for a in (*p.attributes, *(b for v in p.variants for b in v.attributes)))
    return [name for name in dict.fromkeys(names) if name.isascii() and len(name.split()) > 1 and concept_of(name) is None]


def _levels(path: dict[str, str]) -> list[list[str]]:
    """The names of each level of a category path: [["Bags & Luggage", "箱包"], ["Backpacks", "双肩包"]]."""
    split = [[part.strip() for part in text.split(">") if part.strip()] for text in path.values()]
    deepest = max((len(parts) for parts in split), default=0)
    return [[parts[level] for parts in split if level < len(parts)] for level in range(deepest)]


def _category_phrases(categories: dict[str, list[str]]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name, names in categories.items():
        yield name, tuple(names)
    for name, names in categories.items():
        for part in re.split(r"\s*[&/、,与和]\s*|\s+and\s+", name):
            if len(part) >= 2 and part != name:
                yield part, tuple(names)


def _deletes(postings: dict[str, list[int]]) -> dict[str, tuple[str, ...]]:
    table: dict[str, list[str]] = {}
    for term in postings:
        if len(term) >= 5 and term.isascii() and term.isalpha():
            for shorter in shortened(term):
                table.setdefault(shorter, []).append(term)
    return {shorter: tuple(found) for shorter, found in table.items()}
