"""What a shop's revision states, read once and kept: the lines, names and words of each product and rule, and which products are of one kind.

Only live offers change between turns of one revision; they are read anew in fact_table.py.
"""

from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from bot.answering.claims import claims_of, cleaned
from bot.answering.evidence_lines import (
    MOST_REVIEWS,
    Line,
    aliases_of,
    line_of,
    lines_of_text,
    plain_words,
    product_lines,
)
from bot.answering.feature_words import said_of
from knowledge.attribute_names import concept_of
from knowledge.catalog import Product
from knowledge.folding import fold
from knowledge.promotion import Promotion
from knowledge.shop_settings import shop_settings
from retrieval.view import ShopView

KEPT_SHOPS = 16
KEPT_PRODUCTS = 4096
"""Products of one shop that are kept read; the one read first goes first."""
MOST_KIN = 2000
"""Products of one kind that are compared; of more, nothing is said to be the lightest."""


@dataclass(frozen=True, slots=True)
class ProductText:
    """What is stated of one product, live offers apart."""

    lines: list[Line]
    words: frozenset[str]
    text: str
    """All of it, folded."""
    aliases: dict[str, bool]
    """Folded names that mean it, and whether they name this very product (else its kind)."""
    options: dict[str, dict[str, frozenset[str]]]
    """SKU → name of the option, folded, → its values, folded."""
    features: dict[int, frozenset[bool]]
    """Feature → whether it has it (features.py)."""
    counts: frozenset[float]
    """Of reviews, and of reviews by stars."""
    ratings: frozenset[float]


class ShopTable:
    """One revision of one shop. What is asked for is read then, and kept."""

    def __init__(self, view: ShopView) -> None:
        self._view = view
        self._products: OrderedDict[str, ProductText] = OrderedDict()
        self._rules: dict[tuple[str, str], tuple[Line, ...]] = {}
        self._measured: dict[tuple[str, frozenset[str], str], list[float]] = {}
        self._by_path: dict[str, list[str]] | None = None
        self._replacing: dict[str, list[str]] = {}
        self._applies: dict[tuple[str, str], bool] = {}

    def product(self, product_id: str) -> ProductText:
        """What is stated of a product."""
        found = self._products.get(product_id)
        if found is None:
            found = self._products[product_id] = _product_text(self._view, product_id)
            if len(self._products) > KEPT_PRODUCTS:
                self._products.popitem(last=False)
        return found

    def rule(self, kind: str, id: str, read: Callable[[], list[Line]]) -> tuple[Line, ...]:
        """The lines of one rule, FAQ entry or promotion, read with `read` the first time."""
        found = self._rules.get((kind, id))
        if found is None:
            found = self._rules[kind, id] = tuple(read())
        return found

    def settings(self) -> tuple[Line, ...]:
        """What the shop says of itself: hours, greeting, contact."""

        def read() -> list[Line]:
            settings = shop_settings(self._view.shop)
            around = "hours open contact 客服 时间 人工 colleague 联系 营业 隐私"
            texts = (*settings.hours.values(), *settings.greeting.values(), *settings.privacy_notice.values())
            lines = [line for text in texts for line in lines_of_text("setting", text, "shop", around)]
            contact = " ".join([*self._view.shop.name.values(), settings.contact_email, settings.contact_phone])
            return [*lines, line_of("setting", cleaned(contact), "shop", frozenset())]

        # A shop's settings may change without a new revision.
        return self.rule("setting", repr(self._view.shop.settings) + repr(self._view.shop.name), read)

    def applies(self, promotion: Promotion, product: Product) -> bool:
        """Whether a promotion names this product, its category, or everything."""
        key = (promotion.code, product.id)
        found = self._applies.get(key)
        if found is None:
            if len(self._applies) > 16 * KEPT_PRODUCTS:
                self._applies.clear()
            found = self._applies[key] = _applies(promotion, product)
        return found

    def kin_of(self, product: Product) -> list[str]:
        """Products on the same shelf, and those that replace it."""
        own = {product.id, *(v.sku for v in product.variants)}
        out = dict.fromkeys(i for path in self.paths_of(product.id) for i in self._paths()[path])
        out.update(dict.fromkeys(i for key in sorted(own) for i in self._replacing.get(key, ())))
        return list(out)

    def paths_of(self, product_id: str) -> list[str]:
        """The category paths of a product."""
        product = self._view.products.get(product_id)
        by_path = self._paths()
        return [path for category in product.categories for path in category.values() if path in by_path] if product else []

    def mates(self, product_id: str) -> list[str]:
        """Products of the same categories; [] when there are none or too many to compare."""
        out = dict.fromkeys(i for path in self.paths_of(product_id) for i in self._paths()[path])
        return list(out) if len(out) <= MOST_KIN else []

    def measured(self, product_id: str, concepts: frozenset[str], best: Callable[..., float]) -> list[float]:
        """What products of the same kind state for a measure, one figure each, the greatest or least."""
        key = ("|".join(self.paths_of(product_id)), concepts, "max" if best is max else "min")
        found = self._measured.get(key)
        if found is None:
            values = (figure_of(self._view.products[i], concepts, best) for i in self.mates(product_id))
            found = self._measured[key] = [v for v in values if v is not None]
        return found

    def _paths(self) -> dict[str, list[str]]:
        if self._by_path is None:
            self._by_path = {}
            for product in self._view.products.values():
                for category in product.categories:
                    for path in dict.fromkeys(category.values()):
                        self._by_path.setdefault(path, []).append(product.id)
                for key in product.replaces:
                    self._replacing.setdefault(key, []).append(product.id)
        return self._by_path


_TABLES: OrderedDict[tuple[str, int, int], tuple[object, ShopTable]] = OrderedDict()


def shop_table(view: ShopView) -> ShopTable:
    """The table of a view's revision: the same one for every turn of it."""
    key = (view.shop.id, view.revision, id(view.products))
    found = _TABLES.get(key)
    if found is None or found[0] is not view.products:
        # The products are held beside their table, so that their id is not given to others.
        found = _TABLES[key] = (view.products, ShopTable(view))
        while len(_TABLES) > KEPT_SHOPS:
            _TABLES.popitem(last=False)
    return found[1]


def figure_of(product: Product, concepts: frozenset[str], best: Callable[..., float]) -> float | None:
    """The product's figure for a measure: the greatest or least of what is stated, in the dimension's base unit."""
    stated = [*product.attributes, *(a for v in product.variants for a in (*v.attributes, *v.options))]
    figures = [
        c.high if best is max else c.low
        for a in stated
        if concept_of(a.name) in concepts
        for c in claims_of(cleaned(a.value))
        if c.kind == "quantity"
    ]
    return float(best(figures)) if figures else None


@lru_cache(maxsize=4096)
def folded_plain(text: str) -> str:
    """The text as sentences are compared: cleaned and folded."""
    return fold(cleaned(text))


def _product_text(view: ShopView, product_id: str) -> ProductText:
    product = view.products[product_id]
    reviews = view.reviews.get(product_id, ())
    lines = product_lines(product, [(r.text, r.date) for r in reviews[:MOST_REVIEWS]])
    skus = {v.sku.casefold() for v in product.variants}
    urls = [fold(product.url), *(fold(v.url) for v in product.variants)]
    text = "\n".join([*(line.folded for line in lines), *sorted(skus), fold(product.brand), *urls])
    options: dict[str, dict[str, frozenset[str]]] = {}
    for variant in product.variants:
        own = options.setdefault(variant.sku, {})
        for option in variant.options:
            key = concept_of(option.name) or fold(option.name)
            value = fold(option.value)
            # "-8 °C, 1.25 kg" is called by either of its parts.
            parts = {part for p in value.replace("(", ",").replace(")", "").split(",") if len(part := p.strip()) > 1}
            own[key] = own.get(key, frozenset()) | {value} | parts
    rated = [r.rating for r in reviews if r.rating is not None]
    counts = {float(len(reviews)), float(len(rated))} | {float(n) for n in Counter(rated).values()}
    counts |= {float(sum(1 for r in rated if r >= 4)), float(sum(1 for r in rated if r <= 2)), float(sum(1 for r in rated if r <= 3))}
    ratings = {float(r) for r in rated} | {5.0}
    for mean in ([sum(rated) / len(rated)] if rated else []) + ([product.rating] if product.rating is not None else []):
        ratings |= {round(mean, 1), round(mean, 2)} | ({float(round(mean))} if mean == round(mean) else set())
    if product.rating_count is not None:
        counts.add(float(product.rating_count))
    return ProductText(
        lines, frozenset(plain_words(text)), text, dict(aliases_of(product)), options, said_of(lines), frozenset(counts), frozenset(ratings)
    )


def _applies(promotion: Promotion, product: Product) -> bool:
    if promotion.skus:
        return bool({s.casefold() for s in promotion.skus} & {v.sku.casefold() for v in product.variants})
    if promotion.categories:
        wanted = [fold(c) for c in promotion.categories]
        paths = [fold(path) for category in product.categories for path in category.values()]
        return any(path == want or path.startswith(want + " >") or want in path.split(" > ") for path in paths for want in wanted)
    return True
