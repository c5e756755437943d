"""What is asked of a product: the attribute, and the value that a yes/no question supposes."""

import re

from bot.understanding.constraints import Conditions
from bot.understanding.lexicon import lexicon, values
from bot.understanding.question import Subject
from knowledge.attribute_names import concept_of, concepts_in
from knowledge.folding import fold
from knowledge.phrases import Token, tokens
from knowledge.units import Dimension, quantities
from retrieval.view import ShopView

OPEN = re.compile(r"\b(?:how|what|which|when|where|who)\b|多少|什么|啥|哪|怎么|如何|多[久长大重高宽厚深]|几[个天岁]")
"""Asks for something open, not for yes or no."""
_OPEN_ZH = re.compile(r"多少|什么|哪|怎么|怎样|如何|多久|多长|多大|多重|多高|几|为什么|啥|谁|多宽|多厚|多深")
_YES_NO_ZH = re.compile(
    r"[吗么嘛]|能不能|有没有|是不是|可不可以|会不会|要不要|行不行|能否|是否|([\u4e00-\u9fff])不\1|[\u4e00-\u9fff](?:不|没)\W*$"
)


_IN_UNIT = re.compile(
    r"^(?:多少|几)(?:公斤|斤|千克|克|度|瓦|升|毫升|厘米|公分|毫米|米|寸|磅|kg|cm|mm|ml|w)$|^how many (?:kg|kilos?|grams?|pounds?|lbs?|cm|inch(?:es)?)$"
)
"""Asks for an amount in a unit, of whatever property is named beside it."""


def asked_attributes(text: str, row: list[Token], names: tuple[tuple[int, int], ...], *, every_name: bool = False) -> tuple[str, ...]:
    """The attributes asked for: the customer's own word where it is a name, else the concept's ("how heavy" → "weight")."""
    out: list[str] = []
    last = -1
    goods = [(hit.start, hit.end) for hit in values().goods.find(row)]  # 保温 of 保温杯 asks for nothing
    for concept, start, end in concepts_in(row, every_name=every_name):
        if any(a <= start < b for a, b in names) or any(a <= start and end <= b and (a, b) != (start, end) for a, b in goods):
            continue
        said = text[start:end]
        if not (out and 0 <= start - last <= 1 and _IN_UNIT.match(fold(said))):  # 最大承重多少公斤 asks for the load, and in kilos
            out.append(said if concept_of(said) == concept else concept.replace("_", " "))
        last = end
    return tuple(dict.fromkeys(out))[:4]


def asked_value_in(text: str, conditions: Conditions, about_one: bool) -> str:
    """The value that a question supposes: "is it leather?" → leather; "20升吗" → 20升."""
    for condition in conditions.values:
        if condition.said:
            return condition.said.split(" / ")[0]
    if about_one:
        for condition in conditions.filters.attributes:
            if condition.said:
                return condition.said
        made = re.search(r"\bmade in ([a-z][a-z ]{2,20})", fold(text)) or re.search(
            r"([\u4e00-\u9fff]{2,4})(?:产|制造|生产)的?吗", fold(text)
        )
        if made:
            return text[made.start(1) : made.end(1)].strip()
        for quantity in quantities(fold(text)[:500]):
            if quantity.dimension is not Dimension.NUMBER:
                return text[quantity.start : quantity.end].strip()
    return ""


def _stands_in(value: str, title: str) -> bool:
    return (
        value in title
        if not value.isascii()
        else bool(re.search(rf"(?<![a-z0-9]){re.escape(value)}(?![a-z0-9])", title.replace("-", " "))) or value in title
    )


def is_yes_no(text: str, row: list[Token]) -> bool:
    """Asks for yes or no."""
    if not row:
        return False
    folded = fold(text)
    if any("\u4e00" <= c <= "\u9fff" for c in folded):
        return bool(_YES_NO_ZH.search(folded)) and not _OPEN_ZH.search(folded.replace("有什么区别", ""))
    if _ELLIPTIC.search(folded) and not OPEN.search(folded):
        return True
    begins = {row[0].word, *_CLAUSES.findall(folded)}  # "I'm 110 kg, will it hold me?"
    return bool(begins & lexicon().plain["yes_no_starts"]) and not re.search(
        r"\b(?:how|what|which|when|where)\b", folded.split("?")[0][5:40]
    )


_CLAUSES = re.compile(r"[,;]\s*([a-z]+)\s(?:it|they|he|she|i|we|you|this|that|these|those|there)\b")
_ELLIPTIC = re.compile(
    r"^\W*(?:[a-z0-9'-]+\s+){1,5}(?:included|ok|okay|safe|possible|allowed|needed|necessary|compatible|washable)\s*(?:with it|for it|in there|too|then)?\s*\?*$"
)
""" "Lid included?", "olive oil ok": a question without its verb."""


def _names_kind(after: str, title: str) -> bool:
    """Whether what follows a property is what the thing is called, and something is asked after it: the property describes."""
    kind = re.match(r"的?([一-鿿]{2,4})[^一-鿿]+(?=\S{2})", after)
    return kind is not None and kind[1] in title


def without_name(
    text: str, subjects: tuple[Subject, ...], view: ShopView, asked: tuple[str, ...], value: str
) -> tuple[tuple[str, ...], str]:
    """Without what only belongs to the name: "power" of "the PB-20 power bank", "silk" of "the silk pillowcase"."""
    named = [s for s in subjects if s.how in {"named", "sku"} and s.product_id in view.products]
    if not named:
        return asked, value
    titles = [fold(title) for s in named for title in view.products[s.product_id].title.values()]
    folded = fold(text)
    if value and any(_stands_in(fold(value), title) for title in titles):
        value = ""
    kept = []
    for word in asked:
        at = folded.find(fold(word))
        following = re.match(r"[\s-]*([a-z]{2,})", folded[at + len(word) :]) if at >= 0 and word.isascii() else None
        if following and any(re.search(rf"{re.escape(fold(word))}[\s-]+{re.escape(following.group(1))}", title) for title in titles):
            continue
        if at >= 0 and any(_names_kind(folded[at + len(word) :], title) for title in titles) and is_yes_no(text, tokens(text)):
            continue  # "the magsafe power bank, does it take an iPhone 13?"
        if at >= 0 and not word.isascii() and len(asked) > 1 and any(fold(word) in title for title in titles):
            continue
        kept.append(word)
    if value and any(concept_of(word) == "age" for word in kept) and not re.search(r"\d", value):
        value = ""
    return tuple(kept), value
