"""Variants as a file states them, and the products that are made of them; every product format ends here."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from knowledge.catalog import Attribute, Availability, AvailabilityState, Offer, Product, Variant
from knowledge.currencies import currency_in, is_currency
from knowledge.importing.problems import Report, quoted
from knowledge.importing.text import clean, damaged, language_of, plain, plain_line, slug
from knowledge.importing.words import count_of, decimal_of, moment_of, state_of, yes_or_no
from knowledge.localized import LocalText
from knowledge.money import Money
from knowledge.prices import ParsedPrice, decimal_separator_of, parse_price

LONGEST_NAME = 80
TRIVIAL_OPTIONS = {"title: default title", "default title", "default", "标准", "默认", "均码默认", "standard"}
"""Option values that tell nothing apart."""
UNPUBLISHED_SUFFIX = "#unpublished"


@dataclass(frozen=True, slots=True)
class Context:
    """What the shop says where a file is silent."""

    currency: str = "USD"
    languages: tuple[str, ...] = ("en", "zh")
    now: datetime | None = None


@dataclass(slots=True)
class Draft:
    """One record as its file states it, in texts. `columns`: field to the header it came from, for messages."""

    row: int
    columns: Mapping[str, str] = field(default_factory=dict)
    group: str = ""
    """Records of one group are one product; "" is a product of its own."""
    product_id: str = ""
    sku: str = ""
    title: LocalText = field(default_factory=dict)
    description: LocalText = field(default_factory=dict)
    brand: str = ""
    categories: list[LocalText] = field(default_factory=list)
    price: str = ""
    sale_price: str = ""
    list_price: str = ""
    price_to: str = ""
    currency: str = ""
    stock: str = ""
    availability: str = ""
    sold_when_empty: bool = False
    published: str = ""
    deleted: str = ""
    sale_from: str = ""
    sale_until: str = ""
    url: str = ""
    variant_url: str | None = None
    """None: told from `url` where the records of a product differ."""
    images: list[str] = field(default_factory=list)
    variant_image: str | None = None
    options: list[Attribute] = field(default_factory=list)
    attributes: list[Attribute] = field(default_factory=list)
    variant_attributes: list[Attribute] = field(default_factory=list)
    goes_with: list[str] = field(default_factory=list)
    replaces: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    rating: str = ""
    rating_count: str = ""
    as_of: str = ""
    product_only: bool = False
    """The record tells of the product and is no variant itself (a parent, a further picture)."""

    def column(self, name: str) -> str:
        """The header to name in a message."""
        return self.columns.get(name, name)


def localized(text: str, languages: Sequence[str], named: LocalText | None = None, *, one_line: bool = False) -> LocalText:
    """Clean text by language: `named` as given, `text` under the language it is written in unless it repeats one of them."""
    tidy = plain_line if one_line else plain
    result = {tag: value for tag, raw in (named or {}).items() if (value := tidy(raw))}
    value = tidy(text)
    if value and value not in result.values():
        result.setdefault(language_of(value, languages), value)
    return result


def attribute(name: str, value: str, languages: Sequence[str], language: str = "") -> Attribute | None:
    """A statement with clean name and value, None when one of them is empty; the language is that of its name."""
    name, value = plain_line(name), plain(value)
    if not name or not value:
        return None
    return Attribute(name, value, language or _attribute_language(name, value, languages))


def _attribute_language(name: str, value: str, languages: Sequence[str]) -> str:
    told = language_of(name, languages)
    return told if told != "und" else language_of(value, languages)


def spec_lines(text: str, languages: Sequence[str]) -> tuple[list[Attribute], str]:
    """Statements of a cell with a line each ("材质：100%棉", "Material: cotton"), and the lines that are none, joined."""
    found: list[Attribute] = []
    rest: list[str] = []
    for line in re.split(r"\n|\s*\|\s*(?=[^|:：]{1,30}[:：])", plain(text)):
        stripped = line.strip().lstrip("-•·*●■").strip()
        match = re.match(r"([^:：\n]{1,40}?)\s*[:：]\s*(\S.*)$", stripped)
        if match and not re.match(r"^\d+[.、]?\d*$|https?$", match[1]):
            statement = attribute(match[1], match[2], languages)
            if statement is not None and statement not in found:
                found.append(statement)
        elif found and stripped and re.match(r"^\d+[.、)）]", stripped):
            last = found[-1]
            found[-1] = Attribute(last.name, f"{last.value}\n{stripped}", last.language)
        elif stripped:
            rest.append(stripped)
    return found, "\n".join(rest)


def is_trivial(option: Attribute) -> bool:
    """Whether an option tells nothing apart ("Default Title", "标准")."""
    return option.value.casefold() in TRIVIAL_OPTIONS


def build_products(drafts: Sequence[Draft], report: Report, context: Context) -> list[Product]:
    """Products in file order. A record that cannot be taken whole is rejected with its reason; the others of its product stay."""
    return _Builder(drafts, report, context).build()


class _Builder:
    def __init__(self, drafts: Sequence[Draft], report: Report, context: Context) -> None:
        self.drafts, self.report, self.context = drafts, report, context
        prices = [text for draft in drafts for text in (draft.price, draft.sale_price, draft.list_price) if text]
        self.separator = decimal_separator_of(prices)
        named = {code for text in prices if (code := currency_in(text, context.currency))}
        self.currency = named.pop() if len(named) == 1 else context.currency
        self.skus: dict[str, int] = {}
        self.ids: set[str] = set()
        self.stated_skus = {draft.sku for draft in drafts if draft.sku}

    def build(self) -> list[Product]:
        groups: dict[str, list[Draft]] = {}
        for number, draft in enumerate(self.drafts):
            groups.setdefault(f"g{draft.group}" if draft.group else f"r{number}", []).append(draft)
        products: list[Product] = []
        for group in groups.values():
            products.extend(self._product(group))
        return products

    def _product(self, drafts: list[Draft]) -> list[Product]:
        lead = next((draft for draft in drafts if draft.title), None)
        if lead is None:
            for draft in drafts:
                if draft.row not in self.report.rejected:
                    self.report.reject(
                        draft.row, draft.column("title"), "title_missing", "The product has no title; write one into this row."
                    )
            return []
        for draft in drafts:
            self._check_text(draft)
        sellable = [draft for draft in drafts if not draft.product_only] or [lead]
        made: list[tuple[Draft, Variant]] = []
        for draft in sellable:
            if draft.row in self.report.rejected:
                continue
            variant = self._variant(draft, lead, alone=len(sellable) == 1)
            if variant is not None:
                made.append((draft, variant))
        made = [(draft, variant) for draft, variant in made if draft.row not in self.report.rejected]
        if not made:
            for draft in drafts:
                if draft.product_only and draft.row not in self.report.rejected:
                    self.report.reject(
                        draft.row, "", "no_variant", "All variants of this product were rejected; mend them and import the file again."
                    )
            return []
        made = _own_attributes(made)
        product = self._assemble(drafts, lead, made)
        return self._by_publication(drafts, product, made)

    def _check_text(self, draft: Draft) -> None:
        for name in ("title", "description"):
            for text in getattr(draft, name).values():
                if damaged(text):
                    self.report.warn(draft.row, draft.column(name), "damaged_text",
                                     "Some characters were lost before the file came here and were left out; check the encoding it was saved in.")  # fmt: skip

    def _assemble(self, drafts: list[Draft], lead: Draft, made: list[tuple[Draft, Variant]]) -> Product:
        title: LocalText = {}
        description: LocalText = {}
        lists: dict[str, dict[str, None]] = {"images": {}, "goes_with": {}, "replaces": {}, "tags": {}}
        categories: list[LocalText] = []
        for draft in drafts:
            for tag, text in draft.title.items():
                title.setdefault(tag, clean(text.replace("\n", " ")))
            for tag, text in draft.description.items():
                description.setdefault(tag, clean(text))
            for name, values in lists.items():
                values.update(dict.fromkeys(getattr(draft, name)))
            categories.extend(category for category in draft.categories if category not in categories)
        first = made[0][1]
        identity = self._free_id(next((draft.product_id or draft.group for draft in drafts if draft.product_id or draft.group), first.sku))
        rating = decimal_of(next((draft.rating for draft in drafts if draft.rating), ""))
        ratings = count_of(next((draft.rating_count for draft in drafts if draft.rating_count), ""))
        return Product(
            id=identity,
            title=title,
            variants=tuple(variant for _, variant in made),
            description=description,
            brand=plain_line(next((draft.brand for draft in drafts if draft.brand), "")),
            categories=tuple(categories),
            attributes=_shared_attributes(drafts, made),
            images=tuple(lists["images"]),
            url=next((draft.url for draft in drafts if draft.url), ""),
            goes_with=tuple(lists["goes_with"]),
            replaces=tuple(lists["replaces"]),
            tags=tuple(lists["tags"]),
            rating=float(rating) if rating is not None and 0 < rating <= 5 else None,
            rating_count=ratings if ratings is not None and ratings >= 0 else None,
        )

    def _free_id(self, wanted: str) -> str:
        identity, number = wanted, 2
        while identity in self.ids:
            identity, number = f"{wanted}-{number}", number + 1
        self.ids.add(identity)
        return identity

    def _by_publication(self, drafts: list[Draft], product: Product, made: list[tuple[Draft, Variant]]) -> list[Product]:
        """The product; variants that are not published while others are stand in a product of their own that is never shown."""
        product_says = all(self._published(draft) for draft in drafts if draft.product_only)
        shown = [variant for draft, variant in made if self._published(draft)]
        hidden = [variant for draft, variant in made if not self._published(draft)]
        images, url = product.images, product.url

        def settle(variants: Sequence[Variant]) -> tuple[Variant, ...]:
            return tuple(_settled(variant, images, url, len(made)) for variant in variants)

        if not product_says or not shown:
            return [replace(product, variants=settle(product.variants), published=False)]
        if not hidden:
            return [replace(product, variants=settle(product.variants))]
        return [
            replace(product, variants=settle(shown)),
            replace(product, id=product.id + UNPUBLISHED_SUFFIX, variants=settle(hidden), published=False),
        ]

    def _published(self, draft: Draft) -> bool:
        if draft.deleted.strip():
            gone = yes_or_no(draft.deleted)
            if gone is not False and draft.deleted.strip().casefold() not in ("no", "否"):
                return False
        if not draft.published.strip():
            return True
        told = yes_or_no(draft.published)
        if told is None:
            self.report.warn(
                draft.row, draft.column("published"), "published_unknown",
                f"{quoted(draft.published)} does not say whether the product is published, so it is not shown; write yes or no.",
            )  # fmt: skip
            return False
        return told

    def _variant(self, draft: Draft, lead: Draft, *, alone: bool) -> Variant | None:
        sku = clean(draft.sku)
        if sku and sku in self.skus:
            self.report.reject(
                draft.row, draft.column("sku"), "duplicate_sku",
                f"The SKU {quoted(sku)} stands in row {self.skus[sku]} already; give each variant its own. The first row was kept.",
            )  # fmt: skip
            return None
        offer = self._offer(draft)
        if offer is None:
            return None
        made_up = not sku
        if made_up:
            sku = self._made_sku(draft, lead, alone=alone)
        self.skus[sku] = draft.row
        if made_up:
            self.report.warn(draft.row, draft.column("sku"), "sku_made", f"The row has no SKU; {quoted(sku)} was made from its title.")
        return Variant(
            sku=sku,
            options=tuple(option for option in dict.fromkeys(draft.options) if not is_trivial(option)),
            offer=offer,
            availability=self._availability(draft),
            image=draft.variant_image if draft.variant_image is not None else (draft.images[0] if draft.images else ""),
            url=draft.variant_url if draft.variant_url is not None else draft.url,
            attributes=tuple(dict.fromkeys(draft.variant_attributes)),
        )

    def _made_sku(self, draft: Draft, lead: Draft, *, alone: bool) -> str:
        base = slug(draft.group or next(iter((draft.title or lead.title).values()), ""), LONGEST_NAME) or "product"
        options = "" if alone else slug("-".join(option.value for option in draft.options if not is_trivial(option)), LONGEST_NAME)
        wanted = f"{base}-{options}" if options else base
        sku, number = wanted, 2
        while sku in self.skus or sku in self.stated_skus:
            sku, number = f"{wanted}-{number}", number + 1
        return sku

    def _price(self, draft: Draft, name: str, currency: str) -> ParsedPrice | None:
        text = getattr(draft, name)
        if not text.strip():
            return ParsedPrice()
        price = parse_price(text, currency, decimal_separator=self.separator)
        if price.refused:
            self.report.reject(
                draft.row, draft.column(name), "price_unreadable" if "negative" not in price.refused else "price_negative",
                f"{quoted(text)} cannot be taken as a price: {price.refused}; write the amount alone, such as 19.90.",
            )  # fmt: skip
            return None
        if price.amount is not None and price.value is not None and abs(price.amount.major - price.value) * 1000 > price.value:
            self.report.warn(draft.row, draft.column(name), "price_rounded", f"{quoted(text)} was rounded to {price.amount.text}.")
        return price

    def _offer(self, draft: Draft) -> Offer | None:
        currency = self.currency
        if draft.currency.strip():
            code = draft.currency.strip().upper()
            currency = code if is_currency(code) else currency_in(draft.currency.strip(), self.context.currency)
            if not currency:
                self.report.reject(draft.row, draft.column("currency"), "currency_unknown",
                                   f"{quoted(draft.currency)} is no currency; write its three-letter code, such as USD or CNY.")  # fmt: skip
                return None
        elif stated := next(
            (code for text in (draft.price, draft.sale_price, draft.list_price) if (code := currency_in(text, currency))), ""
        ):
            currency = stated
        prices: dict[str, ParsedPrice] = {}
        for name in ("price", "sale_price", "list_price", "price_to"):
            price = self._price(draft, name, currency)
            if price is None:
                return None
            prices[name] = price
        regular, sale, listed = prices["price"].amount, prices["sale_price"].amount, prices["list_price"].amount
        up_to = prices["price"].up_to or prices["price_to"].amount
        if len({money.currency for money in (regular, sale, listed, up_to) if money is not None}) > 1:
            self.report.reject(
                draft.row, draft.column("price"), "currencies_mixed", "The row names prices in several currencies; give it one currency."
            )
            return None
        if regular is None and sale is None:
            if "price" in draft.columns and not draft.product_only:
                self.report.warn(
                    draft.row, draft.column("price"), "price_missing", "The row has no price; customers are told that it is on request."
                )
            return Offer()
        if regular is None:
            regular, sale = (listed, sale) if listed is not None else (sale, None)
        elif sale is None and listed is not None:
            if listed.minor > regular.minor:
                regular, sale = listed, regular
            elif 0 < listed.minor < regular.minor:
                self.report.warn(
                    draft.row,
                    draft.column("list_price"),
                    "list_price_below_price",
                    "The price before reduction is below the price; it was left out.",
                )
        if regular is not None and sale is not None and sale.minor >= regular.minor:
            if sale.minor > regular.minor:
                self.report.warn(draft.row, draft.column("sale_price"), "sale_above_price",
                                 f"The sale price {sale.text} is above the price {regular.text}; it was left out.")  # fmt: skip
            sale = None
        if regular is not None and regular.minor == 0:
            self.report.warn(
                draft.row,
                draft.column("price"),
                "price_zero",
                "The price is 0, so customers are told that it is free; leave it empty if it is not.",
            )
        return Offer(regular, sale, *self._window(draft, sale), up_to=_above(up_to, regular))

    def _window(self, draft: Draft, sale: Money | None) -> tuple[datetime | None, datetime | None]:
        ends = []
        for name in ("sale_from", "sale_until"):
            text = getattr(draft, name)
            moment = moment_of(text, end_of_day=name == "sale_until") if text.strip() else None
            if text.strip() and moment is None and sale is not None:
                self.report.warn(draft.row, draft.column(name), "date_unreadable", f"{quoted(text)} is no date; write it as 2026-12-31.")
            ends.append(moment if sale is not None else None)
        return ends[0], ends[1]

    def _availability(self, draft: Draft) -> Availability:
        quantity = None
        if draft.stock.strip():
            quantity = count_of(draft.stock)
            if quantity is None and not draft.availability.strip() and (state := state_of(draft.stock)) is not None:
                return Availability(state, None, moment_of(draft.as_of))
            if quantity is None:
                self.report.warn(draft.row, draft.column("stock"), "stock_unreadable",
                                 f"{quoted(draft.stock)} is no count of pieces, so the stock is unknown; write a whole number.")  # fmt: skip
            elif not -(10**12) < quantity < 10**12:
                quantity = None
        as_of = moment_of(draft.as_of) if draft.as_of.strip() else None
        counted = Availability.of(quantity, sold_when_empty=draft.sold_when_empty, as_of=as_of)
        if not draft.availability.strip():
            return counted
        state = state_of(draft.availability)
        if state is None:
            self.report.warn(draft.row, draft.column("availability"), "availability_unknown",
                             f"{quoted(draft.availability)} is no known availability; write in_stock, out_of_stock, preorder or backorder.")  # fmt: skip
            return counted
        if quantity is None:
            return Availability(state, None, as_of)
        if state in (AvailabilityState.UNKNOWN,) or (state is AvailabilityState.IN_STOCK and counted.state is AvailabilityState.LOW):
            return counted
        if counted.quantity == 0 and state in (AvailabilityState.IN_STOCK, AvailabilityState.LOW):
            if not draft.sold_when_empty:
                self.report.warn(
                    draft.row,
                    draft.column("availability"),
                    "stock_contradicts",
                    "The row says in stock but counts 0 pieces; the count is believed.",
                )
            return counted
        return Availability(state, counted.quantity, as_of)


def _above(up_to: Money | None, regular: Money | None) -> Money | None:
    return up_to if up_to is not None and regular is not None and up_to.minor > regular.minor else None


def _settled(variant: Variant, images: tuple[str, ...], url: str, count: int) -> Variant:
    """Without picture and address that are the product's own."""
    image = "" if count == 1 and images and variant.image == images[0] else variant.image
    return replace(variant, image=image, url="" if variant.url == url else variant.url)


def _by_name(attributes: Sequence[Attribute]) -> dict[tuple[str, str], tuple[str, ...]]:
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for one in attributes:
        found[one.name, one.language] = (*found.get((one.name, one.language), ()), one.value)
    return found


def _contested(drafts: Sequence[Draft]) -> set[tuple[str, str]]:
    """Names for which the records of a product state different values."""
    values: dict[tuple[str, str], set[tuple[str, ...]]] = {}
    for draft in drafts:
        for key, stated in _by_name(draft.attributes).items():
            values.setdefault(key, set()).add(stated)
    return {key for key, stated in values.items() if len(stated) > 1}


def _own_attributes(made: list[tuple[Draft, Variant]]) -> list[tuple[Draft, Variant]]:
    """Statements in which variants differ belong to the variants."""
    contested = _contested([draft for draft, _ in made])
    if not contested:
        return made
    return [
        (draft, replace(variant, attributes=tuple(dict.fromkeys((
            *variant.attributes, *(one for one in draft.attributes if (one.name, one.language) in contested)))))) for draft, variant in made
    ]  # fmt: skip


def _shared_attributes(drafts: Sequence[Draft], made: list[tuple[Draft, Variant]]) -> tuple[Attribute, ...]:
    contested = _contested([draft for draft, _ in made])
    return tuple(dict.fromkeys(one for draft in drafts for one in draft.attributes if (one.name, one.language) not in contested))
