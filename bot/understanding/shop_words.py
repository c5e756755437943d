"""The words of one shop: its categories, brands, options, SKUs and titles, ready to be found in a message.

Built once for each revision of a shop (about 15 µs a title) and kept for the shops in use; a message then costs what its own words cost,
whatever the size of the catalog.
"""

import math
import re
import threading
from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from bot.understanding.lexicon import lexicon, lexicon_rows, values
from bot.understanding.title_runs import TITLES_MOST, Pairs, pairs_of
from knowledge.attribute_names import concept_of
from knowledge.catalog import Attribute, Product, Variant
from knowledge.folding import fold
from knowledge.phrases import Phrases, stem, tokens
from knowledge.shop_settings import shop_settings
from knowledge.units import unit
from knowledge.verdicts import GRADED, HAS, is_bare
from retrieval.tokens import codes, compact
from retrieval.view import ShopView

_KEPT = 16
COMING_MOST = 8
"""Products kept for one value of an option: more than this it names none."""
_WORD = re.compile(r"[a-z0-9]+(?:[.][0-9]+)?|[\u3400-\u9fff]+|[\u3040-\u30ff\uac00-\ud7af\u0400-\u04ff]+")
_HAN = re.compile(r"[\u3400-\u9fff]")
_DULL = frozenset(
    [
        "the",
        "a",
        "an",
        "of",
        "for",
        "and",
        "or",
        "with",
        "in",
        "on",
        "to",
        "by",
        "from",
        "set",
        "pack",
        "new",
        "mini",
        "pro",
        "plus",
        "max",
        "de",
        "la",
        "el",
        "und",
        "mit",
        "für",
        "size",
        "no",
        "men",
        "women",
        "the",
    ]
) | frozenset(["的", "和", "款", "套装", "新款", "用", "式", "型"])


@dataclass(frozen=True, slots=True)
class OptionWord:
    """A value of an option or attribute as this shop writes it, with the same value's other spellings (its other language)."""

    concept: str
    words: tuple[str, ...]


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
            return set(self.heads.get(phrase, ())) if _HAN.match(phrase) else set()
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


def terms(text: str) -> Iterator[tuple[str, int, int]]:
    """The terms of a title or message with their places: Latin words without plural, numbers, pairs of Chinese characters."""
    folded = fold(text)
    for match in _WORD.finditer(folded):
        word = match.group()
        if _HAN.match(word):
            if len(word) == 1:
                yield word, match.start(), match.end()
            for at in range(len(word) - 1):
                yield word[at : at + 2], match.start() + at, match.start() + at + 2
        else:
            yield stem(word), match.start(), match.end()
            following = folded[match.end() : match.end() + 1]
            if len(word) <= 2 and word.isalpha() and _HAN.match(following):
                yield word + following, match.start(), match.end() + 1  # a醇, t恤


_PARTED = re.compile(r"\s*[/|｜／]\s*")


def _in_each_language(name: str) -> tuple[str, ...]:
    """The names in one that says the same in two languages: "咖啡豆 / Coffee beans"."""
    pieces = [piece for piece in _PARTED.split(name) if piece]
    return tuple(pieces) if len(pieces) == 2 and len({bool(_HAN.search(piece)) for piece in pieces}) == 2 else ()


def _build(view: ShopView) -> ShopWords:
    categories: dict[str, list[str]] = {}
    brands: dict[str, str] = {}
    options: dict[tuple[str, str], OptionWord] = {}
    by_code: dict[str, dict[str, None]] = {}
    skus: dict[str, str] = {}
    titles: dict[str, list[int]] = {}
    ids: list[str] = []
    own: list[set[str]] = []
    postings: dict[str, list[int]] = {}
    named_values: list[tuple[str, int]] = []
    heads: dict[str, dict[int, None]] = {}
    coming_in: dict[OptionWord, list[int]] = {}
    whole: dict[str, dict[int, None]] = {}
    for number, product in enumerate(view.products.values()):
        ids.append(product.id)
        mine = _product_terms(product)
        own.append(mine)
        for term in mine:
            postings.setdefault(term, []).append(number)
        for title in product.title.values():
            titles.setdefault(_plain(title), []).append(number)
            plain = [term for term, _, _ in terms(title)]
            if plain and all(term.isascii() for term in plain):
                whole.setdefault(" ".join(plain), {})[number] = None
            for head in _heads(title):
                heads.setdefault(head, {})[number] = None
            for code in codes(title):
                by_code.setdefault(code, {})[product.id] = None
            named_values.extend((pair, number) for pair in _value_pairs(title, product))
        for variant in product.variants:
            code = compact(fold(variant.sku))
            if _tells(code):
                by_code.setdefault(code, {})[product.id] = None
                skus.setdefault(code, variant.sku)
        if _tells(compact(fold(product.id))) and re.search(r"\d", product.id):
            by_code.setdefault(compact(fold(product.id)), {})[product.id] = None
        if product.brand:
            brands.setdefault(fold(product.brand), product.brand)
        for path in product.categories:
            for level in _levels(path):
                for name in level:
                    for called in (name, *_in_each_language(name)):
                        held = categories.setdefault(fold(called), [])
                        held.extend(other for other in level if other not in held)
        for value in _option_words(product):
            for word in (*value.words, *_countries(value)):
                kept = options.setdefault((value.concept, fold(word)), value)
                having = coming_in.setdefault(kept, [])
                if number not in having and len(having) < COMING_MOST:
                    having.append(number)
    words = ShopWords(
        categories=Phrases(_category_phrases(categories)),
        category_names={name: tuple(held) for name, held in categories.items()},
        brands=Phrases(brands.items()),
        options=Phrases((word, value) for (_, word), value in options.items()),
        codes={code: tuple(found) for code, found in by_code.items()},
        skus=skus,
        titles={title: tuple(numbers) for title, numbers in titles.items()},
        ids=ids,
        postings=postings,
        norms=[],
        deletes=_deletes(postings),
        category_terms=frozenset(term for name in categories for term, _, _ in terms(name)),
        flags=Phrases((name, name) for name in _flags(view)),
        properties=Phrases((name, name) for name in _properties(view)),
        heads={head: tuple(numbers) for head, numbers in heads.items()},
        coming_in={value: tuple(numbers) for value, numbers in coming_in.items()},
        titles_joined=Phrases(named_values),
        whole={title: tuple(numbers) for title, numbers in whole.items()},
        pairs=_pairs(view),
        leaves=[
            tuple(path.split(">")[-1].strip().casefold() for names in product.categories[:1] for path in names.values())
            for product in view.products.values()
        ],
        currency=_currency(view),
        currencies=frozenset(
            p.currency for product in view.products.values() for v in product.variants if (p := v.offer.regular or v.offer.sale)
        ),
    )
    words.norms = [sum(words.rarity(term) for term in mine) for mine in own]
    return words


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


def _plain(title: str) -> str:
    return " ".join(match.group() for match in _WORD.finditer(fold(title)))


def _product_terms(product: Product) -> set[str]:
    mine = {term for title in product.title.values() for term, _, _ in terms(title)}
    mine.update(term for term, _, _ in terms(product.brand))
    return mine - _DULL


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


def _heads(title: str) -> Iterator[str]:
    """The last words of a title, without sizes and what stands in brackets or after a comma."""
    plain = re.split(r"[,，(（\[|]| - | (?:with|for|from|in) ", fold(title))[0]
    latin = [stem(word) for word in re.findall(r"(?<![a-z0-9.'’])[a-z]{3,}(?![a-z0-9])", plain) if unit(word) is None and word not in _DULL]
    if latin:
        yield latin[-1]
    han = re.findall(r"[\u3400-\u9fff]{2,}", re.sub(r"\d[\d.]*\s*[\u3400-\u9fff]{1,2}", " ", plain))
    if han:
        yield han[-1][-2:]
        yield han[-1][-1]


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


def _option_words(product: Product) -> Iterator[OptionWord]:
    for variant in product.variants:
        yield from _paired(variant.options)
    yield from (word for word in _paired(product.attributes) if word.concept in {"colour", "material", "size", "scent", "plug", "pattern"})


def _countries(value: OptionWord) -> Iterator[str]:
    """Other words for a plug or version of a country: "Chinese plug", 国标, for "CN plug 220 V"."""
    if value.concept != "plug":
        return
    said = {token.word for word in value.words for token in tokens(word)}
    whole = " ".join(fold(word) for word in value.words)
    for row in lexicon_rows("country"):
        if any(name in said if name.isascii() else name in whole for name in row):
            yield from (f"{name} plug" if name.isascii() else f"{name}插头" for name in row)
            yield from (name for name in row if name.endswith(("规", "标")))


def _paired(attributes: tuple[Attribute, ...]) -> Iterator[OptionWord]:
    """Entries of one concept in two languages are one value: Colour: Black beside 颜色: 黑色."""
    grouped: dict[str, list[str]] = {}
    for attribute in attributes:
        concept = concept_of(attribute.name) or fold(attribute.name)
        held = grouped.setdefault(concept, [])
        if attribute.value and attribute.value not in held and len(attribute.value) <= 40:
            held.append(attribute.value)
    for concept, found in grouped.items():
        wide = [word for word in found if len(word) > 1 or not word.isascii()]
        if wide:
            yield OptionWord(concept, tuple(wide))


def _value_pairs(title: str, product: Product) -> Iterator[str]:
    """Neighbouring words in a title of which one is a colour or material that the product doesn't have as an option: "green tea"."""
    found = values().phrases.find(title)
    if not found:
        return
    stated = {fold(a.value) for v in product.variants for a in v.options} | {fold(a.value) for a in product.attributes}
    folded = fold(title)
    for hit in found:
        if hit.value.kind not in {"colour", "material"} or any(fold(w) in value for w in hit.value.words for value in stated):
            continue
        after = _WORD.match(folded[hit.end :].lstrip(" -"))
        if after:
            word = after.group()
            yield f"{folded[hit.start : hit.end]} {word[:1] if _HAN.match(word) else word}"
        if hit.start:
            before = re.search(r"([a-z0-9]+|[\u3400-\u9fff])[\s-]*$", folded[: hit.start])
            if before:
                yield f"{before.group(1)} {folded[hit.start : hit.end]}"


def _deletes(postings: dict[str, list[int]]) -> dict[str, tuple[str, ...]]:
    table: dict[str, list[str]] = {}
    for term in postings:
        if len(term) >= 5 and term.isascii() and term.isalpha():
            for shorter in shortened(term):
                table.setdefault(shorter, []).append(term)
    return {shorter: tuple(found) for shorter, found in table.items()}


def shortened(word: str) -> set[str]:
    """The word, and the word with each of its letters left out."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def common_word(word: str) -> bool:
    """A word that says nothing about which product is meant."""
    return word in lexicon().plain["fillers"] or word in _DULL


def variant_words(variant: Variant) -> list[OptionWord]:
    """The options of a variant, one entry for each, all languages."""
    return list(_paired_all(variant.options))


def _paired_all(attributes: tuple[Attribute, ...]) -> Iterator[OptionWord]:
    grouped: dict[str, list[str]] = {}
    for attribute in attributes:
        grouped.setdefault(concept_of(attribute.name) or fold(attribute.name), []).append(attribute.value)
    for concept, found in grouped.items():
        yield OptionWord(concept, tuple(dict.fromkeys(found)))
