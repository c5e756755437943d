"""How many: products to show ("top 3"), pieces to buy ("买两个")."""

import re

from bot.understanding.words_read import WordsRead
from knowledge.catalog import Product
from knowledge.folding import fold

_COUNT = re.compile(
    r"\b(?:top|best|first)\s+(?P<a>\d{1,2}|two|three|four|five|six|seven|eight|nine|ten)\b(?!\s*(?:%|l\b|kg|g\b|cm|inch|litre|liter))"
    r"|\b(?P<b>\d{1,2}|two|three|four|five|six|seven|eight|nine|ten|a couple|a few)\s+(?:of (?:your|the) best\s+)?(?:good\s+|best\s+|different\s+|other\s+)?"
    r"(?:options|suggestions|recommendations|choices|ideas|products|items|models|picks|alternatives)\b"
    r"|(?:recommend|suggest|show|give|list|find)\s+(?:me\s+)?(?P<c>\d{1,2}|two|three|four|five|six|seven|eight|nine|ten)\s+(?=[a-z])"
    r"|(?:推荐|介绍|来|列|列出|给我|找|挑|选|看|建议)(?:我|个)?(?P<d>\d{1,2}|[一二两三四五六七八九十])\s*(?:个|款|件|种|双|台|条|样)"
    r"|前\s?(?P<e>\d{1,2}|[二两三四五六七八九十])\s*(?:个|款|名|件)?"
)
_QUANTITY = re.compile(
    r"\b(?:buy|order|take|get|purchase|need|want)\s+(?:me\s+)?(?P<a>\d{1,3}\b|two|three|four|five|six|ten|a dozen)\b(?!\s*(?:%|percent|l\b|kg|g\b|cm|inch|litre|liter|day|hour|year|usd|dollar|buck))"
    r"|\b(?P<b>\d{1,4}|two|three|four|five|six|ten)\s+(?:of (?:them|these|those|it|the|your)|pieces|units|pcs)\b"
    r"|(?:买|要|拿|订)[^,，。?？]{1,16}?(?P<g>\d{1,3}|[两二三四五六七八九十]+)\s*(?:个|件|台|双|条|只|把|套|包|盒|瓶|本|袋|份|支)(?!月|小时|人|起|装|数)"
    r"|\b(?P<h>\d{1,3}|two|three|four|five|six|ten|a dozen)\s+(?:pairs|sets|packs|bottles|boxes|tins|bags|tubes|copies|jars)\b"
    r"|\b(?:got|have|get)\s+(?P<j>\d{1,3}|two|three|four|five|six|ten|a dozen)\s*(?=$|[?.,!]|left\b|of\b|in stock|available)"
    r"|有没?有?\s?(?P<k>\d{1,4}|[两二三四五六七八九十]+)\s*(?:个|件|台|双|条|只|把|套|包|盒|瓶|本|袋|份|支)(?!月|小时|人|起|装|数|色|款|尺)"
    r"|\bfor\s+(?P<i>\d{1,3}|two|three|four|five|six|ten)\s*(?:$|\?|please\b|of\b)"
    r"|\bquantity\s*(?:of\s*)?(?P<c>\d{1,4})|(?<!\w)x\s?(?P<d>\d{1,3})\b"
    r"|(?:买|订|拿|要|来|下单|购买|订购|入手)(?:了)?\s*(?P<e>\d{1,4}|[一二两三四五六七八九十]+)\s*(?:个|件|台|双|条|只|把|套|包|盒|瓶|本|袋|份|支)(?!月|小时|人)"
    r"|(?<!第)(?P<f>\d{1,4}|[两二三四五六七八九十]+)\s*(?:个|件|台|双|条|只|把|套|包|盒|瓶|本|袋|份)\s*(?:一共|总共|多少钱|有货|够不够|能便宜|有优惠)"
)
_WORDS_TO_NUMBER = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "a couple": 2, "a few": 3, "a dozen": 12,
    "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10,
}  # fmt: skip


def _number(match: re.Match[str] | None) -> int | None:
    if match is None:
        return None
    text = next((group for group in match.groups() if group), "")
    return int(text) if text.isascii() and text.isdigit() else _WORDS_TO_NUMBER.get(text)


_FIGURE_WITH_UNIT = re.compile(r"\d+(?:\.\d+)?[\s-]*(?:[a-z]+|[㐀-鿿])")


def outside_names(folded: str, product: Product | None) -> str:
    """A folded text without what the product and its options are called: "6 热干面6盒" leaves "6 ", "3 sets of 10 pieces" of a set of 10 pieces "3 sets of "."""
    if product is None or not re.search(r"[\d一二两三四五六七八九十]|\b(?:two|three|four|five|six|ten)\b", folded):
        return folded
    names = {fold(name) for name in (*product.title.values(), *(o.value for v in product.variants for o in v.options))}
    for name in sorted(names, key=lambda name: -len(name)):
        at = folded.rfind(name) if len(name) > 1 and not name.isdigit() else -1
        if at >= 0:
            folded = folded[:at] + " " * len(name) + folded[at + len(name) :]
    for figure in sorted({m.group() for name in names for m in _FIGURE_WITH_UNIT.finditer(name)}, key=lambda figure: -len(figure)):
        number, unit = re.split(r"[\s-]*(?=[a-z\u3400-\u9fff])", figure, maxsplit=1)
        stands = list(re.finditer(rf"(?<![\d.]){re.escape(number)}[\s-]*{re.escape(unit)}", folded))
        if stands:
            start, end = stands[-1].span()
            folded = folded[:start] + " " * (end - start) + folded[end:]
    return folded


def pieces_wanted(folded: str) -> int | None:
    """How many pieces a folded text asks for."""
    quantity = _number(_QUANTITY.search(folded))
    return quantity if quantity and quantity > 0 else None


def counts_in(reading: WordsRead) -> tuple[int | None, int | None]:
    """How many products to show, and how many pieces are wanted; None where none is said."""
    counted = _COUNT.search(reading.folded)
    bought = _QUANTITY.search(reading.folded)
    count = _number(counted)
    quantity = _number(bought)
    if counted is not None and count is not None:
        reading.take(*counted.span())
        if bought is not None and bought.start() < counted.end() and counted.start() < bought.end():
            quantity = None
    return count if count and count <= 20 else None, quantity if quantity and quantity > 0 else None
