"""Products, questions and reviews out of schema.org nodes (Product, ProductGroup, Offer, FAQPage, Review), whatever they were written in.

Source of the names: schema.org; what Google's guides on product, product variant and FAQ structured data ask shops to write.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from knowledge.catalog import Attribute
from knowledge.importing.draft import Context, Draft
from knowledge.importing.faq import FaqDraft
from knowledge.importing.json_records import amount_text, text_of
from knowledge.importing.linked_data import Node, types_of
from knowledge.importing.statements import attribute, localized
from knowledge.importing.text import address, fingerprint, language_of, plain, plain_line
from knowledge.importing.words import decimal_of
from knowledge.review import Review

_PRODUCTS = {"Product", "ProductModel", "IndividualProduct", "SomeProducts", "Vehicle", "Book"}
_FACTS = {
    "color": "Color", "size": "Size", "material": "Material", "pattern": "Pattern", "weight": "Weight", "width": "Width", "height": "Height", "depth": "Depth",
    "model": "Model", "countryOfOrigin": "Country of origin", "mpn": "MPN", "gtin": "GTIN", "gtin8": "GTIN", "gtin12": "GTIN", "gtin13": "GTIN", "gtin14": "GTIN",
    "isbn": "ISBN", "audience": "Audience", "suggestedGender": "Gender", "suggestedAge": "Age",
}  # fmt: skip
_UNITS = {
    "KGM": "kg", "GRM": "g", "LBR": "lb", "ONZ": "oz", "CMT": "cm", "MMT": "mm", "MTR": "m", "INH": "in", "LTR": "l", "MLT": "ml", "WTT": "W", "VLT": "V",
}  # fmt: skip
"""UN/CEFACT codes that shops use for unitCode."""


@dataclass(slots=True)
class Found:
    """What a page states. Rows count its records from 1: products, variants and questions in their order."""

    products: list[Draft] = field(default_factory=list)
    questions: list[FaqDraft] = field(default_factory=list)
    reviews: list[tuple[int, Review]] = field(default_factory=list)
    """Each with the row of its product."""

    @property
    def rows(self) -> set[int]:
        """The records that were read."""
        return {draft.row for draft in self.products} | {draft.row for draft in self.questions}


def read_nodes(nodes: Sequence[Node], context: Context, *, products: bool = True, questions: bool = True) -> Found:
    """What these nodes state. A Product that names its ProductGroup (isVariantOf) is a variant of it."""
    return _Reader(context).read(nodes, products, questions)


class _Reader:
    def __init__(self, context: Context) -> None:
        self.context = context
        self.found = Found()
        self.row = 0
        self.groups: dict[str, Draft] = {}
        self.seen: set[str] = set()

    def _next(self) -> int:
        self.row += 1
        return self.row

    def read(self, nodes: Sequence[Node], products: bool, questions: bool) -> Found:
        # Groups first: a variant that also stands by itself is met as a variant.
        for node in sorted(nodes, key=lambda node: "ProductGroup" not in types_of(node)):
            types = types_of(node)
            if products and "ProductGroup" in types:
                self._group(node)
            elif products and types & _PRODUCTS:
                self._product(node)
            elif questions and "FAQPage" in types:
                for entry in _several(node.get("mainEntity")):
                    self._question(entry)
            elif questions and "Question" in types:
                self._question(node)
        return self.found

    def _group(self, node: Node) -> None:
        group = self._parent(node)
        for variant in _several(node.get("hasVariant")):
            if isinstance(variant, dict):
                self._variant(variant, group, _names(node.get("variesBy")))
        if not any(draft.group == group.group and not draft.product_only for draft in self.found.products):
            group.product_only, group.sku = False, _line(node.get("sku"))
            self._offer(group, node)

    def _parent(self, node: Node) -> Draft:
        """The draft of a group; the same group met twice is one."""
        identity = _line(node.get("productGroupID")) or _line(node.get("sku")) or _line(node.get("@id")) or _line(node.get("name"))
        if identity not in self.groups:
            draft = self._draft(node)
            draft.group, draft.product_id, draft.product_only, draft.sku = identity, identity, True, ""
            self.groups[identity] = draft
            self.found.products.append(draft)
        return self.groups[identity]

    def _product(self, node: Node) -> None:
        if not _line(node.get("name")):
            return
        parent = next((one for one in _several(node.get("isVariantOf")) if isinstance(one, dict) and "ProductGroup" in types_of(one)), None)
        if parent is not None and any(_line(parent.get(name)) for name in ("productGroupID", "@id", "name")):
            self._variant(node, self._parent(parent), _names(parent.get("variesBy")))
            return
        if self._met(node):
            return
        offers = [offer for offer in _several(node.get("offers")) if isinstance(offer, dict)]
        skus = [_line(offer.get("sku")) for offer in offers]
        if len(offers) > 1 and all(skus) and len(set(skus)) == len(skus):
            self._variants_by_offer(node, offers)
            return
        draft = self._draft(node)
        self._offer(draft, node)
        self.found.products.append(draft)

    def _met(self, node: Node) -> bool:
        """Whether the same product or variant was read before: pages state one in several places."""
        key = fingerprint(_line(node.get("sku")) or _line(node.get("@id")), _line(node.get("name")), _line(node.get("url")))
        before = key in self.seen
        self.seen.add(key)
        return before

    def _variants_by_offer(self, node: Node, offers: list[Node]) -> None:
        parent = self._draft(node)
        parent.group = parent.product_id = (
            _line(node.get("productID")) or _line(node.get("sku")) or _line(node.get("@id")) or _line(node.get("name"))
        )
        parent.product_only, parent.sku = True, ""
        self.found.products.append(parent)
        for offer in offers:
            draft = Draft(row=parent.row, columns={}, group=parent.group, sku=_line(offer.get("sku")))
            draft.variant_url, draft.variant_image = address(text_of(_first(offer.get("url")))), _image(offer.get("image"))
            if name := _line(offer.get("name")):
                draft.options.append(Attribute("Variant", name, language_of(name, self.context.languages)))
            self._prices(draft, [offer])
            self.found.products.append(draft)

    def _variant(self, node: Node, group: Draft, varies: set[str]) -> None:
        if self._met(node):
            return
        draft = self._draft(node)
        draft.group, draft.product_id = group.group, ""
        if not any(group.title.values()):
            group.title = draft.title
        draft.title, draft.description, draft.categories = {}, {}, []
        draft.variant_url, draft.url = draft.url, ""
        draft.variant_image = draft.images[0] if draft.images else ""
        named = {_FACTS.get(name, name).casefold() for name in varies}
        draft.options = [one for one in draft.attributes if one.name.casefold() in named]
        draft.variant_attributes = [one for one in draft.attributes if one not in draft.options]
        draft.attributes = []
        self._offer(draft, node)
        self.found.products.append(draft)

    def _draft(self, node: Node) -> Draft:
        languages = self.context.languages
        draft = Draft(
            row=self._next(), columns={"price": "offers.price", "title": "name", "sku": "sku", "currency": "offers.priceCurrency"}
        )
        draft.title = localized(text_of(_first(node.get("name"))), languages, one_line=True)
        draft.description = localized(text_of(_first(node.get("description"))), languages)
        draft.sku = next((line for name in ("sku", "productID", "mpn", "gtin13", "gtin") if (line := _line(node.get(name)))), "")
        draft.sku = re.sub(r"^(?:sku|mpn|id|gtin\d*):", "", draft.sku, flags=re.IGNORECASE).strip()
        draft.brand = _name_of(node.get("brand")) or _name_of(node.get("manufacturer"))
        for entry in _several(node.get("category")):
            path = " > ".join(step for part in re.split(r"[>/]", _name_of(entry)) if (step := part.strip()))
            if path:
                draft.categories.append({language_of(path, languages): path})
        draft.images = list(dict.fromkeys(link for entry in _several(node.get("image")) if (link := _image(entry))))
        draft.url = address(text_of(_first(node.get("url"))))
        draft.variant_image = draft.variant_url = ""
        draft.tags = [tag for entry in _several(node.get("keywords")) for part in text_of(entry).split(",") if (tag := plain_line(part))]
        draft.attributes = self._facts(node)
        for name, target in (("isAccessoryOrSparePartFor", draft.goes_with), ("isRelatedTo", draft.goes_with)):
            target.extend(sku for entry in _several(node.get(name)) if isinstance(entry, dict) and (sku := _line(entry.get("sku"))))
        rating = next((one for one in _several(node.get("aggregateRating")) if isinstance(one, dict)), {})
        best = decimal_of(_line(rating.get("bestRating"))) if rating.get("bestRating") else Decimal(5)
        if best == 5:
            draft.rating = _line(rating.get("ratingValue"))
            draft.rating_count = _line(rating.get("reviewCount")) or _line(rating.get("ratingCount"))
        self._reviews(node, draft)
        return draft

    def _facts(self, node: Node) -> list[Attribute]:
        languages = self.context.languages
        stated = [(label, _quantity(entry)) for name, label in _FACTS.items() for entry in _several(node.get(name))]
        for entry in _several(node.get("additionalProperty")):
            if isinstance(entry, dict):
                stated.append((_line(entry.get("name")) or _line(entry.get("propertyID")), _quantity(entry)))
        if condition := _last_word(node.get("itemCondition")):
            stated.append(("Condition", re.sub(r"condition$", "", condition, flags=re.IGNORECASE).strip()))
        found = (attribute(name, value, languages) for name, value in stated)
        return list(dict.fromkeys(one for one in found if one is not None and one.value.casefold() not in ("", "new")))

    def _offer(self, draft: Draft, node: Node) -> None:
        self._prices(draft, [offer for offer in _several(node.get("offers")) if isinstance(offer, dict)])

    def _prices(self, draft: Draft, offers: list[Node]) -> None:
        """One price, or from-to over several; the amount of a strikethrough or list price specification is the price before reduction."""
        inner = [
            one for offer in offers if "AggregateOffer" in types_of(offer) for one in _several(offer.get("offers")) if isinstance(one, dict)
        ]
        amounts: list[str] = []
        for offer in (*offers, *inner):
            low, high = (_amount(offer.get(name)) for name in ("lowPrice", "highPrice"))
            price = _amount(offer.get("price"))
            for specification in _several(offer.get("priceSpecification")):
                if isinstance(specification, dict):
                    kind = _last_word(specification.get("priceType")).replace(" ", "")
                    if kind in ("strikethroughprice", "listprice", "msrp", "srp", "regularprice"):
                        draft.list_price = draft.list_price or _amount(specification.get("price"))
                    elif not price:
                        price = _amount(specification.get("price")) or _amount(specification.get("minPrice"))
                    draft.currency = draft.currency or _line(specification.get("priceCurrency"))
            amounts.extend(part for part in (price, low, high) if part)
            draft.currency = draft.currency or _line(offer.get("priceCurrency"))
            draft.url = draft.url or address(text_of(_first(offer.get("url"))))
            level = next((one for one in _several(offer.get("inventoryLevel"))), None)
            draft.stock = draft.stock or _line(level.get("value") if isinstance(level, dict) else level)
            for one in self._facts({"itemCondition": offer.get("itemCondition")}):
                if one not in draft.attributes:
                    draft.attributes.append(one)
        states = [word for offer in (*offers, *inner) if (word := _last_word(offer.get("availability")))]
        draft.availability = next((word for word in states if word not in ("out of stock", "sold out")), states[0] if states else "")
        known = sorted(
            (amount for amount in amounts if decimal_of(amount) is not None), key=lambda amount: decimal_of(amount) or Decimal(0)
        )
        if known and len(known) == len(amounts):
            draft.price = known[0]
            draft.price_to = known[-1] if decimal_of(known[-1]) != decimal_of(known[0]) else ""
        else:
            draft.price, draft.price_to = (amounts[0], amounts[-1] if len(amounts) > 1 else "") if amounts else ("", "")

    def _question(self, node: Any) -> None:
        if not isinstance(node, dict) or "Question" not in types_of(node):
            return
        languages = self.context.languages
        question = plain_line(text_of(_first(node.get("name")) or _first(node.get("text"))))
        answers = [entry for name in ("acceptedAnswer", "suggestedAnswer") for entry in _several(node.get(name))]
        answer = next((plain(text_of(_first(entry.get("text")))) for entry in answers if isinstance(entry, dict) and entry.get("text")), "")
        draft = FaqDraft(self._next())
        tag = language_of(question, languages)
        tag = language_of(answer, languages) if tag == "und" else tag
        draft.question = {tag: question} if question else {}
        draft.answer = {tag: answer} if answer else {}
        self.found.questions.append(draft)

    def _reviews(self, node: Node, draft: Draft) -> None:
        """What buyers said; who they are is left out."""
        for entry in (*_several(node.get("review")), *_several(node.get("reviews"))):
            if not isinstance(entry, dict) or not draft.sku:
                continue
            text = plain(text_of(_first(entry.get("reviewBody")) or _first(entry.get("description"))))
            stars = next((one for one in _several(entry.get("reviewRating")) if isinstance(one, dict)), {})
            value = decimal_of(_line(stars.get("ratingValue")))
            date = _line(entry.get("datePublished"))[:10]
            if text:
                rating = float(value) if value is not None and 0 < value <= 5 else None
                language = language_of(text, self.context.languages)
                review = Review(f"{draft.sku}-{fingerprint(text, date, str(value))}", draft.sku, text, rating, language, date)
                if all(review.id != other.id for _, other in self.found.reviews):
                    self.found.reviews.append((draft.row, review))


def _several(value: Any) -> list[Any]:
    return [] if value is None or value == "" else value if isinstance(value, list) else [value]


def _first(value: Any) -> Any:
    value = next(iter(_several(value)), None)
    return value.get("@value", value.get("name", "")) if isinstance(value, dict) else value


def _line(value: Any) -> str:
    return plain_line(text_of(_first(value)))


def _name_of(value: Any) -> str:
    return _line(value)


def _names(value: Any) -> set[str]:
    """Property names behind their vocabulary: {"color", "size"}."""
    return {re.split(r"[/#:]", text_of(entry))[-1] for entry in _several(value)}


def _last_word(value: Any) -> str:
    """A schema.org member as plain words: "https://schema.org/InStock" -> "in stock"."""
    word = re.split(r"[/#]", _line(value))[-1]
    return re.sub(r"([a-z])([A-Z])", r"\1 \2", word).strip().casefold()


def _image(value: Any) -> str:
    if isinstance(value, list):
        value = next(iter(value), "")
    if isinstance(value, dict):
        value = next((value[name] for name in ("contentUrl", "url", "@id") if value.get(name)), "")
    return address(text_of(_first(value)))


def _amount(value: Any) -> str:
    value = _first(value)
    return amount_text(value) if isinstance(value, Decimal | int) else _line(value)


def _quantity(value: Any) -> str:
    """A value with its unit: {"value": 1.2, "unitCode": "KGM"} -> "1.2 kg"."""
    if not isinstance(value, dict):
        return text_of(value)
    amount = _first(value.get("value"))
    if amount is None and (value.get("minValue") or value.get("maxValue")):
        amount = "–".join(part for part in (_line(value.get("minValue")), _line(value.get("maxValue"))) if part)
    text = text_of(amount) if amount is not None else _line(value.get("name"))
    unit = _line(value.get("unitText")) or _UNITS.get(_line(value.get("unitCode")), _line(value.get("unitCode")))
    return f"{text} {unit}".strip() if text else ""
