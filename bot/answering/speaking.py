"""How products, prices and stock are called in one answer: the customer's language, live offers, full title first and a short name after."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.answering.answer import Citation
from bot.answering.cards import live_offer, option_value, option_words
from bot.answering.composer import Findings
from bot.answering.wording import Wording
from bot.understanding.question import Part, Subject
from knowledge.attribute_names import concept_of
from knowledge.catalog import Availability, AvailabilityState, LiveOffer, Product, Variant
from knowledge.folding import fold
from knowledge.localized import pick
from knowledge.money import Money, format_money
from knowledge.shop_settings import shop_settings

_MODEL = re.compile(r"(?<![\w-])(?=[A-Za-z0-9-]*\d)(?=[A-Za-z0-9-]*[A-Za-z])[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*(?![\w-])")
_AMOUNT = re.compile(r"\d+(?:[.,]\d+)?[A-Za-z]{1,3}|\d+-[A-Za-z]?[a-z]{3,}")
"""What has a figure but is no model: "25Ah", "3-Seater"."""


@dataclass(slots=True)
class Speaker:
    """Findings and wording of one turn, with what has been named so far."""

    findings: Findings
    words: Wording
    named: set[str] = field(default_factory=set)
    """Product ids whose full title has been said."""

    @property
    def language(self) -> str:
        """The language of the wording: what sentences are built in."""
        return self.words.language

    def say(self, key: str, /, **values: object) -> str:
        """A sentence of the wording."""
        return self.words.say(key, **values)

    def mark(self, key: str) -> str:
        """A separator of the wording, with its spaces."""
        return self.words.mark(key)

    # ── products ────────────────────────────────────────────────────────────────────────────────────────────────────────────

    def product(self, product_id: str) -> Product | None:
        """Published, or None."""
        return self.findings.view.products.get(product_id)

    def title(self, product: Product) -> str:
        """In the customer's language, else as the merchant wrote it; the SKU for a product without title."""
        return pick(product.title, self.findings.question.language) or product.sku

    def name(self, product: Product) -> str:
        """The full title the first time, then the short name."""
        if product.id in self.named:
            return self.short(product)
        self.named.add(product.id)
        return self.title(product)

    def short(self, product: Product) -> str:
        """The model in the title ("KT-17E") where no other product's title has it, else the title."""
        title = self.title(product)
        for match in _MODEL.finditer(title):
            model = match.group()
            if len(model) >= 3 and not _AMOUNT.fullmatch(model) and self._alone(product, model):
                return model
        return title

    def _alone(self, product: Product, model: str) -> bool:
        needle = model.casefold()
        return not any(
            needle in text.casefold()
            for other in self.findings.view.products.values()
            if other.id != product.id
            for text in other.title.values()
        )

    def variant(self, product: Product, sku: str | None) -> Variant | None:
        """The variant of that SKU; the only variant of a product that has one."""
        if sku:
            found = next((v for v in product.variants if v.sku.casefold() == sku.casefold()), None)
            if found:
                return found
        return product.variants[0] if len(product.variants) == 1 else None

    def with_variant(self, product: Product, variant: Variant | None) -> str:
        """ "KT-17E Kettle (Black)"; without options or with a single variant the name alone."""
        name = self.name(product)
        words = option_words(variant, self.language) if variant and len(product.variants) > 1 and variant.options else ""
        return self.say("name.variant", product=name, variant=words) if words else name

    def with_shared(self, product: Product, variants: Sequence[Variant]) -> str:
        """The name with the options that these variants have in common and others have not: "Patio Umbrella (red)"."""
        name = self.name(product)
        if len(variants) >= len(product.variants):
            return name
        shared = [
            o for o in variants[0].options if all(o in v.options for v in variants) and not all(o in v.options for v in product.variants)
        ]
        own = [o for o in shared if o.language.startswith(self.language)] or shared
        words = self.mark("dots").join(dict.fromkeys(option_value(o) for o in own))
        return self.say("name.variant", product=name, variant=words) if words else name

    def options(self, variant: Variant) -> str:
        """ "Black · M", or the SKU where the merchant named no options."""
        return option_words(variant, self.language) or variant.sku

    def variants_meant(self, product: Product, part: Part, subject: Subject | None) -> list[Variant]:
        """The variants that the words tell: the subject's SKU, else those whose options hold the value asked for; else all."""
        named = self.variant(product, subject.sku if subject else None)
        if named is not None:
            return [named]
        if subject is not None and subject.skus:
            return [v for v in product.variants if v.sku in subject.skus]
        wanted = [{fold(part.asked_value)}] if part.asked_value else []
        wanted += [{fold(v) for v in c.values} for c in part.filters.attributes if c.values and not c.absent]
        meant = list(product.variants)
        for values in wanted:
            fitting = [v for v in meant if any(option_is(option.value, value) for option in v.options for value in values)]
            meant = fitting or meant
        return meant

    # ── offers ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

    def offer(self, variant: Variant) -> LiveOffer:
        """Price and stock as they are now."""
        return live_offer(self.findings, variant)

    def paid(self, variant: Variant) -> Money | None:
        """What is paid now."""
        return self.offer(variant).offer.paid(self.findings.now)

    def listed(self, variant: Variant) -> Money | None:
        """The price before a reduction in force."""
        return self.offer(variant).offer.listed(self.findings.now)

    def stock(self, variant: Variant) -> Availability:
        """State and pieces."""
        return self.offer(variant).availability

    def buyable(self, product: Product) -> bool:
        """Any variant can be ordered, or nobody states that it cannot."""
        return any(self.stock(v).state.buyable or self.stock(v).state is AvailabilityState.UNKNOWN for v in product.variants)

    @property
    def hides_stock(self) -> bool:
        """The shop does not tell numbers of pieces."""
        return shop_settings(self.findings.view.shop).hide_stock

    def shown_variant(self, product: Product, among: Sequence[Variant] = ()) -> Variant:
        """The variant whose card stands for the product: the first that can be bought, else the first."""
        candidates = list(among) or list(product.variants)
        return next((v for v in candidates if self.stock(v).state.buyable), candidates[0])

    def money(self, amount: Money) -> str:
        """ "$39.99"."""
        return format_money(amount)

    def price_words(self, product: Product, among: Sequence[Variant] = ()) -> str:
        """Short, for lists: "$39.99 (was $49.99)", "from $79", "price on request"."""
        variants = list(among) or list(product.variants)
        prices = sorted({p.minor: p for v in variants if (p := self.paid(v))}.values(), key=lambda m: m.minor)
        if not prices:
            return self.say("price.short_none")
        if len(prices) > 1 or any(self.offer(v).offer.up_to for v in variants):
            return self.say("price.short_from", price=self.money(prices[0]))
        listed = next((p for v in variants if (p := self.listed(v))), None)
        if listed is not None:
            return self.say("price.short_sale", price=self.money(prices[0]), list_price=self.money(listed))
        return self.money(prices[0])

    # ── sources ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

    def cite_title(self, product: Product) -> Citation:
        """That a product is called so."""
        return Citation("product", product.sku, "title", self.title(product))

    def cite_price(self, variant: Variant) -> Citation:
        """What is paid now, and the list price with it."""
        offer, now = self.offer(variant).offer, self.findings.now
        amounts = [a for a in (offer.paid(now), offer.listed(now), offer.up_to) if a is not None]
        return Citation("product", variant.sku, "price", " / ".join(f"{a.text} {a.currency}" for a in amounts))

    def cite_stock(self, variant: Variant) -> Citation:
        """State and, unless hidden, pieces."""
        stock = self.stock(variant)
        pieces = "" if stock.quantity is None or self.hides_stock else f" {stock.quantity}"
        return Citation("product", variant.sku, "stock", f"{stock.state.value}{pieces}")


def best_key(speaker: Speaker, key: str, name: str) -> str:
    """The wording for an extreme of this property ("lightest") where there is one of its own, else the general one ("lowest")."""
    own = f"{key}_{concept_of(name)}"
    return own if own in speaker.words else key


def in_sentence(name: str) -> str:
    """A property's name inside a sentence: "Weight" → "weight"; "USB ports" stays."""
    return name[0].lower() + name[1:] if name[:1].isascii() and name[1:2].islower() else name


def option_is(value: str, wanted: str) -> bool:
    """Whether an option's value is what was asked for: equal, or one contains the other as whole words ("Navy blue", "blue")."""
    a, b = fold(value).strip(), fold(wanted).strip()
    if not a or not b:
        return False
    return a == b or holds(a, b) or (len(a) > 1 and holds(b, a))


def holds(text: str, words: str) -> bool:
    """Whether folded `words` stand in folded `text`: at word boundaries in Latin script, anywhere in Chinese."""
    if not words:
        return False
    if words[0].isascii() or words[-1].isascii():
        start = r"(?<![a-z0-9])" if words[0].isascii() and words[0].isalnum() else ""
        end = r"(?![a-z0-9])" if words[-1].isascii() and words[-1].isalnum() else ""
        return re.search(f"{start}{re.escape(words)}{end}", text) is not None
    return words in text


def trimmed(text: str, most: int) -> str:
    """The text up to `most` characters: whole sentences while they fit, else whole words and an ellipsis."""
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    kept = ""
    for sentence in sentences(text):
        if len(kept) + len(sentence) > most:
            break
        kept = f"{kept}{'' if not kept or kept[-1] in '。！？' else ' '}{sentence}"
    if kept:
        return kept
    cut = text[: most - 1]
    if " " in cut[most // 2 :]:
        cut = cut[: cut.rindex(" ")]
    return cut.rstrip(" ,;，；、") + "…"


_SENTENCE = re.compile(r".+?(?:[。！？；]+[”’」』）)]*|[.!?]+[\"')\]]*(?=\s|$)|$)\s*", re.DOTALL)


def sentences(text: str) -> list[str]:
    """The sentences of a text, each with its own mark."""
    return [s for m in _SENTENCE.finditer(text) if (s := m.group().strip())]
