"""Whether a promotion holds for what the customer says of themselves and their basket: its minimum, its audience."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from bot.answering.answer import Citation
from bot.answering.speaking import Speaker
from bot.understanding.question import Part
from bot.understanding.reductions import asks_if_it_holds
from bot.understanding.shop_words import words_of
from knowledge.catalog import Product
from knowledge.errors import InvalidMoney
from knowledge.folding import fold
from knowledge.importing.text import slug
from knowledge.localized import pick
from knowledge.money import Money, money_of
from knowledge.promotion import Promotion
from retrieval.rarity import is_content, rarity
from retrieval.tokens import tokens as words_in

_FIGURE = r"(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
_UNIT = r"(?:usd|us\$|eur|gbp|cny|rmb|dollars?|bucks?|euros?|pounds?|quid|yuan|元|块|刀|美元|美金|欧元|英镑)"
_BASKET = r"(?:basket|cart|order|total|subtotal|spend(?:ing)?|spent|bill|comes? to|buy(?:ing)?|worth|购物车|订单|一共|总共|加起来|合计|凑到?|买了?|下单|消费)"
_AMOUNTS = (
    re.compile(rf"[$€£¥]\s?{_FIGURE}"),
    re.compile(rf"(?<![a-z\d.]){_FIGURE}\s?{_UNIT}"),
    re.compile(
        rf"{_BASKET}[^\d.。!?]{{0,16}}(?<![a-z\d.]){_FIGURE}(?!\d|[.,]\d|\s?(?:%|percent|折|个|件|套|双|条|包|盒|瓶|times|pieces|pcs|items|x\b))"
    ),
)
_BOUGHT_BEFORE = re.compile(
    r"\b(?:bought|ordered|purchased|shopped)\b.{0,40}\b(?:before|already|times|once|twice|last (?:year|month|week)|previously)\b|\b(?:returning|existing|old|regular|loyal) customer|\bnot my first"
    r"|买过|下过单|老(?:客|顾客|用户)|回头客|不是(?:第一次|首次|新客|首单)|第[二三四五]次"
)
_FIRST_ONLY = re.compile(
    r"\bnew (?:customers?|clients?|users?|members?)\b|\bfirst (?:order|purchase)|新客|新人|新用户|新顾客|新会员|首单|首次|首购"
)


_SALE = r"(?:sale|reduced|discounted|clearance|marked[- ]down|already reduced)"
NOT_ON_SALE = re.compile(
    rf"(?:\bnot\b|n['’]t\b|exclud\w*|except|cannot)[^.;。；]{{0,60}}\b{_SALE}\b|\b{_SALE} (?:items?|goods|products?|prices?)[^.;]{{0,24}}(?:exclud|\bnot\b|n['’]t)|\bfull[- ]price"
    r"|(?:特价|打折|折扣|促销|清仓|减价|特惠)(?:商品|款|品|鞋|区|货)?[^。；;,，]{0,6}(?:不|除外|无法)|(?:不含|不包括|除)[^。；;]{0,4}(?:特价|打折|促销|清仓)|(?:原价|正价)"
)
"""Leaves out what is reduced already."""
LEFT_OUT = re.compile(r"exclud|except|\bnot (?:for|on|valid|including|incl)\b|other than|除外|不含|不包括|不参加|不适用|不能用|不打折")
_VOUCHERS = re.compile(r"voucher|coupon|\bcodes?\b|券|优惠码")
_SIGN = r"(?:[$€£¥]|\b(?:usd|eur|gbp|cny|rmb)\b)"
_MINIMUM = re.compile(
    rf"\b(?:over|above|from|of|at least|minimum(?: order)?|spend(?:ing)?|exceed\w*)(?: (?:an? )?(?:order|basket|spend|value|total) of)? ?(?:{_SIGN}\s?{_FIGURE}|{_FIGURE}\s?{_UNIT}\b)"
    rf"|(?:满|达到?|超过)\s?{_SIGN}?\s?{_FIGURE}(?!\d|\s?(?:%|折|天|件|个|双|包))"
)
"""From what on a reduction that is put in words is granted."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Under which conditions a reduction is granted. `words`: all of them, folded."""

    words: str
    cited: tuple[Citation, ...]
    minimum: Money | None
    code: str = ""


@dataclass(frozen=True, slots=True)
class Eligibility:
    """`said`: the sentence that gives the verdict, and its sources."""

    holds: bool
    said: str
    cited: tuple[Citation, ...]


_WHETHER = re.compile(r"\bappl(?:y|ies)\b|\bvalid\b|\b(?:can|could|may) (?:i|we) use\b|\bwork (?:on|for|with)\b|能用|可用|适用|可以用")


def asks_whether(part: Part) -> bool:
    """Whether it asks if a reduction holds."""
    return part.yes_no or _WHETHER.search(fold(part.text)) is not None or asks_if_it_holds(part.text)


def typed_code(promotion: Promotion) -> str:
    """What a customer types to get it; "" where the merchant gave none and the promotion is only kept under its title."""
    return "" if any(promotion.code == slug(title) for title in promotion.title.values()) else promotion.code


def terms_of(speaker: Speaker, promotion: Promotion) -> Terms:
    """Of a promotion; a minimum that stands in its words alone counts, too."""
    language = speaker.findings.question.language
    words = fold(" ; ".join([promotion.audience, *promotion.title.values(), *promotion.text.values()]))
    quote = pick(promotion.text, language) or pick(promotion.title, language)
    return Terms(words, (Citation("promotion", promotion.code, "text", quote),), promotion.minimum, typed_code(promotion))


def terms_said(text: str, cited: Citation, code: str, currency: str) -> Terms:
    """Of a reduction that a rule words."""
    found = _MINIMUM.search(fold(text))
    minimum = None
    if found is not None:
        try:
            minimum = money_of(Decimal(next(filter(None, found.groups())).replace(",", "")), currency)
        except (InvalidOperation, InvalidMoney):
            minimum = None
    return Terms(fold(text), (cited,), minimum, code)


def eligibility(speaker: Speaker, part: Part, terms: Terms, products: list[Product], *, named: bool = False) -> Eligibility | None:
    """The verdict on a reduction in force; None where nothing that the customer said decides it. `named`: it is asked about by its name, and
    of the product."""
    text = fold(part.text)
    if _BOUGHT_BEFORE.search(text) and _FIRST_ONLY.search(terms.words):
        return Eligibility(False, speaker.say("promotion.only_new"), terms.cited)
    product = products[0] if len(products) == 1 else None
    if product is not None and named:
        refused = _refused(speaker, part, terms, product)
        if refused is not None:
            return refused
    if terms.minimum is None:
        if product is None or not named or not asks_whether(part) or _for_others(speaker, terms, product):
            return None
        return Eligibility(
            True, speaker.say("promotion.applies", product=speaker.name(product)), (*terms.cited, speaker.cite_title(product))
        )
    basket = _basket(speaker, part, terms, products, text)
    if basket is None and product is not None and named and asks_whether(part):
        basket = _of_variants(speaker, part, product, terms.minimum)
    if basket is None or basket.currency != terms.minimum.currency:
        return None
    holds = basket.minor >= terms.minimum.minor
    said = speaker.say("promotion.reached" if holds else "promotion.not_reached")
    quote = terms.cited[0]
    cited = (*terms.cited, Citation(quote.kind, quote.id, "minimum", terms.minimum.text))
    return Eligibility(holds, said, cited)


def _for_others(speaker: Speaker, terms: Terms, product: Product) -> bool:
    """Whether the words name makers or kinds of goods of this shop, and none that are the product's: they alone say for what it holds."""
    words = words_of(speaker.findings.view)
    held = {word for word in words_in(terms.words) if is_content(word)}
    makers = {hit.value for hit in words.brands.find(terms.words)}
    if makers:
        return product.brand not in makers and not any(fold(maker) in fold(title) for maker in makers for title in product.title.values())
    own = {word for names in product.categories for path in names.values() for word in words_in(path)}
    own |= {word for title in product.title.values() for word in words_in(title)}
    return bool(held & words.category_terms) and not held & own


def _refused(speaker: Speaker, part: Part, terms: Terms, product: Product) -> Eligibility | None:
    """That the terms leave the product out, by its name or since it is reduced already."""
    name = speaker.title(product)
    for clause in re.split(r"[;；。,，(（]|\.\s", terms.words):
        called = {word for title in product.title.values() for word in words_in(title) if rarity(word) >= 0.5}
        if LEFT_OUT.search(clause) and called & set(words_in(clause)):
            return Eligibility(False, speaker.say("promotion.left_out", product=name), (*terms.cited, speaker.cite_title(product)))
    subject = next((s for s in part.subjects if s.product_id == product.id), None)
    variants = speaker.variants_meant(product, part, subject)
    reduced = [v for v in variants if speaker.listed(v) is not None]
    if len(reduced) < len(variants) or not reduced:
        return None
    rule = terms.cited if NOT_ON_SALE.search(terms.words) else _house_rule(speaker) if terms.code else ()
    if not rule:
        return None
    cited = (*rule, speaker.cite_title(product), speaker.cite_price(reduced[0]))
    return Eligibility(False, speaker.say("promotion.sale_left_out", product=name), cited)


def leaves_out_reduced(speaker: Speaker) -> bool:
    """Whether a rule of the house leaves reduced goods out of all vouchers."""
    return bool(_house_rule(speaker))


def _house_rule(speaker: Speaker) -> tuple[Citation, ...]:
    """The entry that leaves reduced goods out of all vouchers."""
    language = speaker.findings.question.language
    for entry in speaker.findings.view.faq.values():
        answer = pick(entry.answer, language)
        if any(_VOUCHERS.search(piece) and NOT_ON_SALE.search(piece) for piece in re.split(r"[;；。]|\.\s", fold(answer))):
            return (Citation("faq", entry.id, "answer", answer),)
    return ()


def pieces_total(speaker: Speaker, part: Part, product: Product) -> tuple[Money, Money] | None:
    """The price of one and of all the pieces wanted, of the variant meant; None without a number of pieces or with several prices."""
    one = _one_price(speaker, part, product)
    if not part.quantity or part.quantity < 2 or one is None:
        return None
    return one, Money(one.minor * part.quantity, one.currency)


def _one_price(speaker: Speaker, part: Part, product: Product) -> Money | None:
    """What the variants meant cost, where they all cost the same."""
    subject = next((s for s in part.subjects if s.product_id == product.id), None)
    paid = {p for v in speaker.variants_meant(product, part, subject) if (p := speaker.paid(v)) is not None}
    return paid.pop() if len(paid) == 1 else None


def _basket(speaker: Speaker, part: Part, terms: Terms, products: list[Product], text: str) -> Money | None:
    """What the basket comes to: the amount said, else the pieces wanted of the product spoken of."""
    assert terms.minimum is not None
    plain = text.replace(fold(terms.code), " ") if terms.code else text
    # "Can I use the 30 off 300?": these figures name the reduction.
    figures = set(re.findall(_FIGURE, terms.words))
    for pattern in _AMOUNTS:
        for found in pattern.finditer(plain):
            if found.group(1) in figures:
                continue
            try:
                return money_of(Decimal(found.group(1).replace(",", "")), terms.minimum.currency)
            except (InvalidOperation, InvalidMoney):
                return None
    if len(products) == 1:
        totals = pieces_total(speaker, part, products[0])
        if totals is not None:
            return totals[1]
    return None


def _of_variants(speaker: Speaker, part: Part, product: Product, minimum: Money) -> Money | None:
    """A price of the variants meant, where the minimum parts none of them from another."""
    subject = next((s for s in part.subjects if s.product_id == product.id), None)
    paid = sorted((p for v in speaker.variants_meant(product, part, subject) if (p := speaker.paid(v)) is not None), key=lambda p: p.minor)
    if not paid or (paid[0].minor >= minimum.minor) is not (paid[-1].minor >= minimum.minor):
        return None
    return paid[0]
