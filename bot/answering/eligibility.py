"""Whether a promotion holds for what the customer says of themselves and their basket: its minimum, its audience."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from bot.answering.answer import Citation
from bot.answering.speaking import Speaker
from bot.understanding.question import Part
from knowledge.catalog import Product
from knowledge.errors import InvalidMoney
from knowledge.folding import fold
from knowledge.localized import pick
from knowledge.money import Money, money_of
from knowledge.promotion import Promotion

_FIGURE = r"(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
_UNIT = r"(?:usd|us\$|eur|gbp|cny|rmb|dollars?|bucks?|euros?|pounds?|quid|yuan|元|块|刀|美元|美金|欧元|英镑)"
_BASKET = r"(?:basket|cart|order|total|subtotal|spend(?:ing)?|spent|bill|comes? to|buy(?:ing)?|worth|购物车|订单|一共|总共|加起来|合计|凑到?|买了?|下单|消费)"
_AMOUNTS = (
    re.compile(rf"[$€£¥]\s?{_FIGURE}"),
    re.compile(rf"(?<![a-z\d.]){_FIGURE}\s?{_UNIT}"),
    re.compile(rf"{_BASKET}[^\d.。!?]{{0,16}}(?<![a-z\d.]){_FIGURE}(?!\s?(?:%|percent|折|个|件|套|times|x\b))"),
)
_BOUGHT_BEFORE = re.compile(
    r"\b(?:bought|ordered|purchased|shopped)\b.{0,40}\b(?:before|already|times|once|twice|last (?:year|month|week)|previously)\b|\b(?:returning|existing|old|regular|loyal) customer|\bnot my first"
    r"|买过|下过单|老(?:客|顾客|用户)|回头客|不是(?:第一次|首次|新客|首单)|第[二三四五]次"
)
_FIRST_ONLY = re.compile(
    r"\bnew (?:customers?|clients?|users?|members?)\b|\bfirst (?:order|purchase)|新客|新人|新用户|新顾客|新会员|首单|首次|首购"
)


@dataclass(frozen=True, slots=True)
class Eligibility:
    """`said`: the sentence that gives the verdict, and its sources."""

    holds: bool
    said: str
    cited: tuple[Citation, ...]


def eligibility(speaker: Speaker, part: Part, promotion: Promotion, products: list[Product]) -> Eligibility | None:
    """The verdict on a promotion in force; None where nothing that the customer said decides it."""
    text = fold(part.text)
    language = speaker.findings.question.language
    terms = " ".join([promotion.audience, *promotion.title.values(), *promotion.text.values()])
    quote = pick(promotion.text, language) or pick(promotion.title, language)
    cited = (Citation("promotion", promotion.code, "text", quote),)
    if _BOUGHT_BEFORE.search(text) and _FIRST_ONLY.search(fold(terms)):
        return Eligibility(False, speaker.say("promotion.only_new"), cited)
    if promotion.minimum is None:
        return None
    basket = _basket(speaker, part, promotion, products, text)
    if basket is None or basket.currency != promotion.minimum.currency:
        return None
    holds = basket.minor >= promotion.minimum.minor
    said = speaker.say("promotion.reached" if holds else "promotion.not_reached")
    return Eligibility(holds, said, (*cited, Citation("promotion", promotion.code, "minimum", promotion.minimum.text)))


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


def _basket(speaker: Speaker, part: Part, promotion: Promotion, products: list[Product], text: str) -> Money | None:
    """What the basket comes to: the amount said, else the pieces wanted of the product spoken of."""
    assert promotion.minimum is not None
    plain = text.replace(fold(promotion.code), " ") if promotion.code else text
    for pattern in _AMOUNTS:
        found = pattern.search(plain)
        if found:
            try:
                return money_of(Decimal(found.group(1).replace(",", "")), promotion.minimum.currency)
            except (InvalidOperation, InvalidMoney):
                return None
    if len(products) == 1:
        totals = pieces_total(speaker, part, products[0])
        if totals is not None:
            return totals[1]
        named = bool(promotion.code) and fold(promotion.code) in text
        return _one_price(speaker, part, products[0]) if named and part.yes_no else None
    return None
