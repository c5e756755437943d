"""Products out of the records of a file; every product format ends here."""

from collections.abc import Sequence
from dataclasses import replace

from knowledge.attribute_names import concept_of
from knowledge.catalog import Attribute, Product, Variant
from knowledge.importing.draft import Context, Draft
from knowledge.importing.hidden_attributes import find_hidden
from knowledge.importing.offers import OfferReader
from knowledge.importing.problems import Report
from knowledge.importing.statements import is_trivial
from knowledge.importing.text import clean, plain_line, slug
from knowledge.importing.variant_rows import join_variants
from knowledge.importing.words import count_of, decimal_of, yes_or_no
from knowledge.localized import LocalText

LONGEST_NAME = 80
UNPUBLISHED_SUFFIX = "#unpublished"


def build_products(drafts: list[Draft], report: Report, context: Context) -> list[Product]:
    """Products in file order. A record that cannot be taken whole is rejected with its reason; the others of its product stay.

    `drafts` is empty afterwards: of a large file drafts and products do not fit into memory side by side."""
    find_hidden(drafts, context.languages)
    return _Builder(drafts, report, context).build()


class _Builder:
    def __init__(self, drafts: list[Draft], report: Report, context: Context) -> None:
        self.drafts, self.report, self.context = drafts, report, context
        self.offers = OfferReader(drafts, report, context)
        self.skus: dict[str, int] = {}
        self.ids: set[str] = set()
        self.titles: dict[str, int] = {}
        self.stated_skus = {draft.sku for draft in drafts if draft.sku}

    def build(self) -> list[Product]:
        join_variants(self.drafts)
        groups: dict[str, list[Draft]] = {}
        for number, draft in enumerate(self.drafts):
            groups.setdefault(f"g{draft.group}" if draft.group else f"r{number}", []).append(draft)
            if draft.group:
                self.report.together[draft.row] = draft.group
        self.drafts.clear()
        products: list[Product] = []
        for key in list(groups):
            products.extend(self._product(groups.pop(key)))
        return products

    def _product(self, drafts: list[Draft]) -> list[Product]:
        lead = next((draft for draft in drafts if draft.title), None)
        if lead is None:
            for draft in drafts:
                if draft.row not in self.report.rejected:
                    self.report.reject(draft.row, draft.column("title"), "title_missing")
            return []
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
                    self.report.reject(draft.row, "", "no_variant")
            return []
        made = _own_attributes(made)
        product = self._assemble(drafts, made)
        self._note_title(lead, product)
        return self._by_publication(drafts, product, made)

    def _assemble(self, drafts: list[Draft], made: list[tuple[Draft, Variant]]) -> Product:
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

    def _note_title(self, lead: Draft, product: Product) -> None:
        """Customers cannot tell two products of one title apart."""
        for title in product.title.values():
            first = self.titles.setdefault(title.casefold(), lead.row)
            if first != lead.row:
                self.report.warn(lead.row, lead.column("title"), "title_twice", value=title, first=str(first))
                return

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
            self.report.warn(draft.row, draft.column("published"), "published_unknown", value=draft.published)
            return False
        return told

    def _variant(self, draft: Draft, lead: Draft, *, alone: bool) -> Variant | None:
        sku = clean(draft.sku)
        if sku and sku in self.skus:
            self.report.reject(draft.row, draft.column("sku"), "duplicate_sku", value=sku, first=str(self.skus[sku]))
            return None
        offer = self.offers.offer(draft)
        if offer is None:
            return None
        made_up = not sku
        if made_up:
            sku = self._made_sku(draft, lead, alone=alone)
        self.skus[sku] = draft.row
        if made_up:
            self.report.warn(draft.row, draft.column("sku"), "sku_made", value=sku)
        return Variant(
            sku=sku,
            options=tuple(option for option in dict.fromkeys(draft.options) if not is_trivial(option)),
            offer=offer,
            availability=self.offers.availability(draft),
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
    if len(drafts) < 2:
        return set()
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
    if not any(variant.options for _, variant in made) and all(_telling(draft, contested) for draft, _ in made):
        made = [(draft, replace(variant, options=tuple(_telling(draft, contested)))) for draft, variant in made]
        contested = {key for key in contested if concept_of(key[0]) not in _TELLING}
    return [
        (draft, replace(variant, attributes=tuple(dict.fromkeys((
            *variant.attributes, *(one for one in draft.attributes if (one.name, one.language) in contested)))))) for draft, variant in made
    ]  # fmt: skip


_TELLING = ("colour", "size")
"""What variants are chosen by where their table has no columns for options."""


def _telling(draft: Draft, contested: set[tuple[str, str]]) -> list[Attribute]:
    """The colour and the size of a record in whose product they differ."""
    return [one for one in draft.attributes if (one.name, one.language) in contested and concept_of(one.name) in _TELLING]


def _shared_attributes(drafts: Sequence[Draft], made: list[tuple[Draft, Variant]]) -> tuple[Attribute, ...]:
    contested = _contested([draft for draft, _ in made])
    return tuple(dict.fromkeys(one for draft in drafts for one in draft.attributes if (one.name, one.language) not in contested))
