"""The shop's size charts, and which of them is for a product: the one that has its sizes and is headed by words of it."""

import re
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.answering.answer import Citation
from knowledge.catalog import Product, Variant
from knowledge.folding import fold
from knowledge.phrases import tokens
from knowledge.size_charts import SizeChart, SizeRow, audience_in, charts_of, key_of
from retrieval.view import ShopView

KEPT_SHOPS = 64
_HAN = re.compile("[一-鿿]")


@dataclass(frozen=True, slots=True)
class Guide:
    """A chart and where it stands. `product`: the only one that it is for, "" for the shop's; `topic`: what stands above it."""

    chart: SizeChart
    kind: str
    id: str
    field: str
    language: str
    product: str = ""

    def cite(self, row: SizeRow) -> Citation:
        """The row as its source."""
        return Citation(self.kind, self.id, self.field, row.text)


@dataclass(frozen=True, slots=True)
class Fitted:
    """A guide for a product: `column` names its sizes as the product's options do; `skus` are those of each row."""

    guide: Guide
    column: int
    skus: tuple[tuple[str, ...], ...]


_GUIDES: OrderedDict[tuple[str, int, int], tuple[object, tuple[Guide, ...]]] = OrderedDict()


def guides_of(view: ShopView) -> tuple[Guide, ...]:
    """The charts in the rules and answers of a view's revision: read once for it."""
    key = (view.shop.id, view.revision, id(view.products))
    found = _GUIDES.get(key)
    if found is None or found[0] is not view.products:
        found = _GUIDES[key] = (view.products, tuple(_guides(view)))
        while len(_GUIDES) > KEPT_SHOPS:
            _GUIDES.popitem(last=False)
    return found[1]


def own_guides(product: Product) -> Iterator[Guide]:
    """The charts in what is stated of one product: its options, statements and description."""
    names = dict.fromkeys(option.name for variant in product.variants for option in variant.options)
    for name in names:
        values = dict.fromkeys(o.value for v in product.variants for o in v.options if o.name == name)
        for chart in charts_of("\n".join(values), name):
            yield Guide(chart, "product", product.sku, f"option:{name}", "und", product.id)
    for attribute in product.attributes:
        for chart in charts_of(attribute.value, attribute.name):
            yield Guide(chart, "product", product.sku, f"attribute:{attribute.name}", attribute.language, product.id)
    for language, text in product.description.items():
        for chart in charts_of(text, ""):
            yield Guide(chart, "product", product.sku, "description", language, product.id)


def fitted(view: ShopView, product: Product, language: str) -> list[Fitted]:
    """The guides that have sizes of this product: its own first, then those headed by most words of it; one for other people is none."""
    audience = audience_of(product)
    rows: list[tuple[tuple[bool, int, bool, int], Fitted]] = []
    for guide in (*own_guides(product), *guides_of(view)):
        said = audience_in(guide.chart.heading)
        if not guide.product and said and audience and said != audience:
            continue
        fit = _fit(guide, product)
        if fit is not None:
            own = guide.language.split("-", maxsplit=1)[0] in (language.split("-", maxsplit=1)[0], "und")
            held = sum(1 for skus in fit.skus if skus)
            rows.append(((bool(guide.product), _shared(guide.chart.heading, product), own, held), fit))
    rows.sort(key=lambda row: row[0], reverse=True)
    best = rows[0][0][:2] if rows else (False, 0)
    return [fit for order, fit in rows if order[:2] == best]


def audience_of(product: Product) -> str:
    """Whom a product is for, by its title and what is stated of it; "" for everybody."""
    stated = [a.value for a in product.attributes if len(a.value) < 40]
    for texts in (product.title.values(), stated, (path for names in product.categories for path in names.values())):
        if said := audience_in(" ".join(texts)):
            return said
    return ""


def size_variants(product: Product, value: str) -> list[Variant]:
    """The variants of that size."""
    return [v for v in product.variants if any(key_of(o.value) == key_of(value) for o in v.options)]


def _guides(view: ShopView) -> Iterator[Guide]:
    for policy in view.policies.values():
        for section in policy.sections:
            for chart in charts_of(section.text, section.heading or policy.title):
                yield Guide(chart, "policy", f"{policy.id}#{section.anchor}", section.heading, policy.language)
    for entry in view.faq.values():
        for language, answer in entry.answer.items():
            for chart in charts_of(answer, entry.question.get(language, "")):
                yield Guide(chart, "faq", entry.id, "answer", language)


def _fit(guide: Guide, product: Product) -> Fitted | None:
    held: list[tuple[int, Fitted]] = []
    for column in guide.chart.labels:
        skus = tuple(_skus(product, row.cells[column]) for row in guide.chart.rows)
        if any(skus):
            held.append((sum(1 for each in skus if each), Fitted(guide, column, skus)))
    return max(held, key=lambda pair: pair[0])[1] if held else None


def _skus(product: Product, cell: str) -> tuple[str, ...]:
    wanted = key_of(cell)
    return tuple(v.sku for v in product.variants if wanted.strip("–-") and any(key_of(o.value) == wanted for o in v.options))


def _shared(heading: str, product: Product) -> int:
    """Words of a heading that stand in the product's title, categories or statements."""
    texts: Sequence[str] = [
        *product.title.values(),
        *(path for names in product.categories for path in names.values()),
        *(a.value for a in product.attributes),
    ]
    whole = fold(" ".join(texts))
    words = {t.word for t in tokens(whole)}
    return sum(1 for t in tokens(heading) if (t.word in whole if _HAN.match(t.word) else len(t.word) > 2 and t.word in words))
