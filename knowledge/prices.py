"""Reads prices as people write them: "USD 1.234,50", "¥1.2万", "from 19.90", "19.90-29.90".

The number is found by price-parser; what it gets wrong is mended here by rules about the text around the number, never by the single
string. Where the text leaves a doubt the price is refused: a wrong amount is worse than a missing one.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from price_parser import Price
from price_parser.parser import extract_price_text, parse_number

from knowledge.currencies import currency_in, is_currency
from knowledge.errors import InvalidMoney
from knowledge.money import MINOR_DIGITS, SYMBOLS, Money, money_of


@dataclass(frozen=True, slots=True)
class ParsedPrice:
    """What a price text says: an amount, a range, no price at all, or something that cannot be told (`refused`)."""

    amount: Money | None = None
    """The price; the lower end of a range."""
    up_to: Money | None = None
    value: Decimal | None = None
    """The number as written, before it is rounded to minor units."""
    refused: str = ""
    """Why the text was not read as a price, as a plain phrase; "" when it was or when it says that there is no price."""
    stated: bool = False
    """The text named its currency itself."""
    starting: bool = False
    """The text says that this is the lowest of several prices ("from 19.90", "99元起")."""


_ON_REQUEST = re.compile(
    r"on request|upon request|\bcall\b|contact us|ask for|\bp\.?o\.?a\.?\b|auf anfrage|sur demande|面议|面談|询价|詢價|议价|咨询客服|电议|待定|暂无报价|暂未定价|未定价|敬请期待|即将公布|联系客服|\btb[ac]\b|to be (?:announced|confirmed|determined)|coming soon|\b[ie]nquire\b|request (?:a )?(?:price|quote)|price varies|^variable$|^varies$|уточняйте"
    r"|по запросу|договорная|^(?:n/?a|none|null|nil|nan|-+|–|—|/|无|暂无|未定|tbd)$",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"^\d{1,12}(?:\.\d{1,2})?$", re.ASCII)
_THREE = re.compile(r"^\d{1,12}\.\d{3}$", re.ASCII)
_FREE = re.compile(
    r"^\W*(?:free|gratis|gratuite?|gratuit[oa]|kostenlos|бесплатно|darmo|zdarma|免费|免費|免单|無料|무료)\W*$", re.IGNORECASE
)
_STARTING = re.compile(r"^\W*(?:from|starting (?:at|from)|ab|à partir de|desde|от)\b|起\W*$|起售|起价|\d\s?\+\W*$", re.IGNORECASE)
_NOW = re.compile(
    r"\b(?:now|current|jetzt|nur|ahora|maintenant|adesso|nu|voor|teraz|agora|sale price|our price|special price)\b|现价|現價|到手价|券后|折后|促销价|活动价|特价|特価|售价",
    re.IGNORECASE,
)
_WAS = re.compile(
    r"\b(?:was|were|original|statt|war|before|antes|avant|prima|list|list price|regular price|van(?=\s*€)|rrp|msrp|uvp|de(?=\s*R\$))\b|定価|通常価格|原价|原價|市场价|划线价|吊牌价|专柜价",
    re.IGNORECASE,
)
_THRESHOLD = re.compile(
    r"(?:orders?|purchases?|spend(?:ing)?|bestellungen?|pedidos?)\s+(?:(?:of|over|above|from|ab|über)\s+)?\W{0,3}\d|满\s*\W?\d|shipping on",
    re.IGNORECASE,
)
_UNIT_AFTER = re.compile(
    r"\s*(?:ft|feet|inch(?:es)?|in|cm|mm|km|kg|g|mg|lbs?|oz|ml|cl|litres?|liters?|pcs|pieces|pack|items?|stk|stück|days?|hours?|hrs?|min"
    r"|years?|months?|weeks?|W|watt|V|volt|mAh|GB|TB|MB|cc|米|厘米|公斤|千克|克|升|毫升|寸|件|个|天|小时|只|条|支)\b(?!\s*[\w$€£¥])"
)
_NUMBER = r"\d+(?:[\s.,'’]\d{2,3})*(?:[.,]\d+)?"
_RANGE = re.compile(
    rf"^(?P<a>[^\d]*?(?<!\d){_NUMBER}(?P<sa>\s*(?:[^\W\d_]{{1,4}}|[^\w\s.,'-]))??)\s*(?:-{{1,2}}|–|—|~|～|至|到|\bto\b|\bbis\b|/(?=\s*\D))\s*"
    rf"(?P<b>[^\d\s]{{0,4}}\s*{_NUMBER}\D{{0,8}})$",
    re.IGNORECASE,
)
_PERCENT_BEFORE = re.compile(r"^-?\s?\d{1,2}\s?%\s+(?=.*(?:[$€£¥]\s?\d|\d\s?[$€£¥]))")
"""A reduction that is told before what is left to pay: "-20% 25,99 €"."""
_YUAN_JIAO = re.compile(r"(\d+)\s*[块元塊]\s*(\d)\s*(?:毛|角)?(?!\d)")
_APOSTROPHE = re.compile(r"(?<=\d)[’‘ʼ´`](?=\d)")
_GLUED = re.compile(rf"(?<![A-Za-z\d])({'|'.join(sorted(SYMBOLS))}|CHF|SEK|NOK|DKK|PLN|CZK|HUF|RUB|TRY|ZAR|AED|SAR|IDR|MYR|RON|BGN)(?=\d)")
"""A currency's code right before the amount: "USD1299"."""
_LEADING_MARK = re.compile(r"^(\D*?(?:^|(?<=[\s$€£])))([.,]\d{2})(?!\d)")
"""An amount under one without its nought: ",99 €"."""
_BETWEEN = re.compile(
    rf"^\s*(?:between|zwischen|from|de|von|desde)\s+([^\d\s]{{0,4}}\s?{_NUMBER}(?:\s?[^\W\d_]{{1,4}}|\s?[$€£])?)\s+(?:and|und|to|à|bis|a)\s+(\S.*)$",
    re.IGNORECASE,
)
_COINS = re.compile(r"^\W*(\d{1,3}(?:\.\d)?)\s*(¢|cents?|ct|(?-i:(?<=\d)p)|pence|毛钱?|角|分钱?)\W*$", re.IGNORECASE)
_COIN_VALUES = {
    "毛": ("0.1", "CNY"),
    "角": ("0.1", "CNY"),
    "分": ("0.01", "CNY"),
    "p": ("0.01", "GBP"),
    "pence": ("0.01", "GBP"),
    "¢": ("0.01", ""),
    "c": ("0.01", ""),
}
_NO_MONEY = re.compile(
    r"\d\s*(?:points?|pts|积分|金币|credits?|miles|里程|stars?|折(?!后))(?!\w)|^\W*\d+(?:\.\d+)?\s*%|(?:\bsave\b|\boff\b|立减|减免|优惠)\W{0,3}\$?\d+(?:\.\d+)?\s*%",
    re.IGNORECASE,
)
_FOR_SEVERAL = re.compile(
    r"^\W*\d{1,3}\s*(?:for|x|×|@)\s*\W{0,3}\d|^\W*(?:any\s+)?(?:two|three|four)\s+for\b|^\W*(?:\d{1,3}|[两二三四五])\s*(?:件|个|只|条|支|双|盒|瓶|包|斤)(?:装)?\W{0,2}\d"
    r"|/\s*\d+\s*(?:件|个|只|条|支|双|盒|瓶|包|pcs|pieces|items?)|\bbuy\s+\d+\s+get\b|买\s*[\d一二两三]+\s*送",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"\b(?:approx(?:imately)?|about|around|circa|roughly|ca\.)(?=\s)|^\W*(?:约|大约|大概)|左右\W*$|上下\W*$|[多来余]\s*[元块]",
    re.IGNORECASE,
)
_SCALES = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8, "千": 10**3, "k": 10**3, "m": 10**6}
_SCALE_WORDS = {"lakh": 10**5, "lac": 10**5, "crore": 10**7, "million": 10**6, "mio": 10**6}
_SCALE_AFTER = re.compile(r"\s?(万|萬|亿|億|千)|([kKmM])(?![^\W\d_]|[.č])|\s?(lakh|lac|crore|million|mio)(?:s|\b)", re.IGNORECASE)
_INSTALMENT = re.compile(
    r"\b\d{1,2}\s*[x×]\s*(?:de\s*)?(?:[A-Z]{0,3}[$€£¥]|[A-Z]{3})?\s*\d|\b\d{1,2}\s+(?:[\w-]+\s+){0,2}(?:payments?|instal\w+|raten|cuotas|parcelas|mensualités)\b|\d\s*期",
    re.IGNORECASE,
)
_REDUCTION = re.compile(
    r"^\W*(?:you save|save|sparen sie|sie sparen|spare|économisez|ahorras?|risparmi|立减|直降|立省|省)\W{0,4}(?:[A-Z]{1,3}\W?)?\d|\d\s?(?:[$€£¥元]|[A-Z]{3})?\s?(?:off|rabatt|de réduction)\W*$",
    re.IGNORECASE,
)
_EXTRA = re.compile(
    r"^\W*(?:shipping|delivery|postage|deposit|versand|versandkosten|porto|anzahlung|livraison|envío|spedizione|运费|邮费|快递费|定金|押金)\W{0,3}(?:[A-Z]{1,3}\W?)?\d|^\W*\+",
    re.IGNORECASE,
)
LONGEST = 200
"""Characters of a price and what stands around it."""
_ROUNDING = Decimal("0.005")
"""Largest share of the amount that rounding to minor units may change: more would be another price."""


def parse_price(text: str, default: str = "USD", *, hint: str = "", decimal_separator: str | None = None) -> ParsedPrice:
    """What `text` says, in the currency it names, else the one `hint` (text beside the price) names, else `default` (ISO 4217).

    "¥" is CNY unless `default` or `hint` says JPY; "$" is `default` where that is a dollar, else USD. `decimal_separator` is what the
    other prices of the column use ("." or ","), where that is known. Never raises.
    """
    plain = unicodedata.normalize("NFKC", text).replace("\u2212", "-").strip()
    plain = _APOSTROPHE.sub("'", _GLUED.sub(r"\1 ", _in_ascii_digits(plain)))
    plain = _PERCENT_BEFORE.sub("", plain)
    if not plain or _ON_REQUEST.search(plain):
        return ParsedPrice()
    if (_PLAIN.match(plain) or (MINOR_DIGITS.get(default) == 3 and _THREE.match(plain))) and not hint:
        return _rounded(Decimal(plain), default, False, False)
    stated = currency_in(plain, default)
    currency = stated or currency_in(unicodedata.normalize("NFKC", hint), default) or default
    if _FREE.match(plain):
        return ParsedPrice(Money(0, currency), value=Decimal(0), stated=bool(stated))
    if (doubt := _doubt(plain)) is not None:
        return ParsedPrice(refused=doubt, stated=bool(stated))
    if (coins := _coins(plain)) is not None:
        return _rounded(coins[0], coins[1] or currency, bool(stated or coins[1]), False)
    if MINOR_DIGITS.get(currency) == 3 and re.search(r"\d\.\d{3}(?![\d.,])", plain):
        decimal_separator = decimal_separator or "."  # dinars and rials have three places
    plain = _BETWEEN.sub(r"\1 - \2", _LEADING_MARK.sub(r"\g<1>0\2", plain))
    spread = _range(plain, currency, decimal_separator)
    if spread is not None:
        return ParsedPrice(spread[0], spread[1], spread[0].major, stated=bool(stated))
    if re.fullmatch(r"\d+\s*-\s*\d+", plain):
        return ParsedPrice(refused="it reads like a date or a part number", stated=bool(stated))
    if match := _YUAN_JIAO.search(plain):
        value: Decimal | None = Decimal(f"{match[1]}.{match[2]}")
    else:
        value = _value(plain, decimal_separator)
    if value is None:
        return ParsedPrice(refused="no amount is found in it", stated=bool(stated))
    if decimal_separator and _three_places(plain, decimal_separator) and MINOR_DIGITS.get(currency, 2) < 3:
        return ParsedPrice(refused="it may be thousands or a fraction", stated=bool(stated))
    return _rounded(value, currency, bool(stated), bool(_STARTING.search(plain)))


def _in_ascii_digits(text: str) -> str:
    """With 0 to 9 and their separators for the digits of other scripts, and without the full stop that ends a sentence."""
    if not text.isascii():
        text = re.sub(r"\d", lambda digit: str(unicodedata.digit(digit[0])), text.replace("\u066b", ".").replace("\u066c", ","))
    return re.sub(r"(?<=\d)\.(?=\s+[^\W\d]|$)", "", text)


def decimal_separator_of(texts: Iterable[str]) -> str | None:
    """What a column's prices part their decimals with, told by the values that can only be read one way; None: not told, or both."""
    seen = set()
    for text in texts:
        plain = unicodedata.normalize("NFKC", text)
        if match := re.search(r"\d[.,]\d{3}([.,])\d{1,2}(?!\d)|\d([.,])\d{1,2}(?![\d.,])", plain):
            seen.add(match[1] or match[2])
    return seen.pop() if len(seen) == 1 else None


def _rounded(value: Decimal, currency: str, stated: bool, starting: bool) -> ParsedPrice:
    try:
        amount = money_of(value, currency)
    except InvalidMoney:
        return ParsedPrice(refused="it is too large to be a price", stated=stated, value=value)
    if value and abs(amount.major - value) / value > _ROUNDING:
        return ParsedPrice(refused="it is finer than the smallest coin", stated=stated, value=value)
    return ParsedPrice(amount, value=value, stated=stated, starting=starting)


def _doubt(text: str) -> str | None:
    """Why no price should be read from this text, or None."""
    if re.search(r"(?:^|[^\w)\]])-\s?\D{0,3}\d", text) and re.match(r"\W*-\s?[^\d\w]{0,3}\d|\D{1,4}-\d", text):
        return "it is negative"
    if len(text) > LONGEST:
        return "it is too long"
    if not re.search(r"\d", text) and len(text) > 30:
        return "no amount is found in it"
    if re.search(r"[={}<>;\\]|https?:|0[xX][0-9a-fA-F]|\d#", text):
        return "it is no amount"
    if re.search(r"\d\s*/\s*\d", text):
        return "it reads like a fraction"
    if re.match(r"0\d", text) or re.fullmatch(r"[A-Za-z]\d+[A-Za-z]+\d*", text):
        return "it reads like a part number"
    if re.fullmatch(r"\W*\(\s?[^\d()]{0,3}\d[\d.,]*\s?[^\d()]{0,3}\)\W*", text):
        return "it is negative"
    if _NO_MONEY.search(text):
        return "it is no amount of money"
    if re.match(r"\W*\d{1,2}\s*/\s*[$€£¥]\s?\d", text):
        return "it is the price of several pieces"
    if _INSTALMENT.search(text):
        return "it is one of several payments"
    if _REDUCTION.search(text):
        return "it is a reduction"
    if _EXTRA.search(text):
        return "it comes on top of a price"
    if re.search(r"\d\s?[万萬千百]\s?\d", text):
        return "its last figure is shortened"
    if re.search(r"\d[.,]\d{2}\s?-\W*$", text):
        return "it is negative"
    if (coded := re.fullmatch(r"([A-Za-z]{2,})-\d+", text)) and not is_currency(coded[1].upper()):
        return "it reads like a part number"
    if _FOR_SEVERAL.search(text):
        return "it is the price of several pieces"
    if _ABOUT.search(text):
        return "it is only about right"
    if not re.search(r"\d", text) and re.search(r"\bfree\b|gratis|kostenlos|免费", text, re.IGNORECASE):
        return "something else is free"
    if re.search(
        r"(?<![\d.,])\d{1,3},\d{3}\.\d{3}(?![\d.,])|(?<![\d.,])\d{1,3}\.\d{3},\d{3}(?![\d.,])|(?<![\d.,])\d+,\d{4,}(?![\d.,])", text
    ):
        return "it may be thousands or a fraction"
    if re.search(r"\d[eE][+-]?\d+", text):
        return "it is in scientific notation"
    if re.search(r"[.,]{2,}\d+[.,]\d", text):
        return "its separators contradict each other"
    if re.fullmatch(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:[T ].*)?", text):
        return "it is a date"
    if _THRESHOLD.search(text):
        return "it speaks of a minimum order"
    return None


def _coins(text: str) -> tuple[Decimal, str] | None:
    """An amount in coins ("99¢", "5毛") in major units, and the currency if the coin tells it."""
    match = _COINS.match(text)
    if match is None:
        return None
    coin = match[2].lower()
    share, currency = _COIN_VALUES.get(coin) or _COIN_VALUES[coin[0]]
    return Decimal(match[1]) * Decimal(share), currency


def _value(text: str, decimal_separator: str | None) -> Decimal | None:
    """The one amount of the text, None where there is none or where it is in doubt."""
    was, now = _WAS.search(text), list(_NOW.finditer(text))
    if was and now and re.search(r"\d", text[now[-1].end() :]):
        text = text[now[-1].end() :]
        if not re.search(r"[1-9]", text):
            return None
    found = extract_price_text(text)
    if found is None:
        return None
    if not _priced(text, found) and (better := _beside_currency(text)) is not None:
        text, found = better, extract_price_text(better) or found
    priced = _priced(text, found)
    if not priced:
        words = re.findall(r"[^\W\d_]{2,}", text)
        end = _end_of(text, found)
        if len(words) >= 3 or (end is not None and _UNIT_AFTER.match(text, end)):
            return None
        rest = text[end:] if end is not None else ""
        coded = re.search(r"[A-Za-z]\d|\d[A-Za-z]+\d", text) and not re.search(r"[.,]", text)
        if coded and re.search(r"[^\W\d_]", rest) is None:
            return None
    amount: Decimal | None = Price.fromstring(text, decimal_separator=decimal_separator).amount
    if amount is None:
        amount = parse_number(found, decimal_separator)
    end = _end_of(text, found)
    if amount is not None and end is not None and (scale := _SCALE_AFTER.match(text, end)):
        amount *= _SCALE_WORDS[scale[3].lower()] if scale[3] else _SCALES[(scale[1] or scale[2]).lower()]
    return amount


_CURRENCY_MARK = r"(?:[A-Za-z]{0,3}[$€£¥₩₹₽฿₫₴₪₱₺₸]|\b[A-Z]{3}\b|zł|Kč|kr\b|元|块|руб|грн|원|円|\bRs\.?|\bRp)"
_GROUPED = r"(?<![\d.,])(?:\d{1,3}(?:\s\d{3}(?!\d))+(?:[.,]\s?\d+)?|[.]?\d[\d.,'’]*(?:(?<=[.,])\s\d{2}(?!\d))?)"
_BESIDE = re.compile(rf"{_CURRENCY_MARK}[\s:.]{{0,2}}{_GROUPED}|{_GROUPED}\s?{_CURRENCY_MARK}")


def _beside_currency(text: str) -> str | None:
    match = _BESIDE.search(text)
    return match[0].strip() if match else None


def _end_of(text: str, found: str) -> int | None:
    """Where the number ends in the text; it may have been written with other spaces."""
    pattern = r"[\s']*".join(re.escape(character) for character in re.sub(r"[\s']", "", found))
    match = re.search(pattern, text)
    return match.end() if match else None


def _priced(text: str, found: str) -> bool:
    """Whether a currency stands beside the number."""
    if "€" in found or _end_of(text, found) is None:
        return True
    digits = re.sub(r"\D", "", found)
    return any(re.sub(r"\D", "", match[0]) == digits for match in _BESIDE.finditer(text))


def _three_places(text: str, decimal_separator: str) -> bool:
    return bool(re.search(rf"(?<![\d.,])\d{{1,3}}{re.escape(decimal_separator)}\d{{3}}(?![\d.,])", text))


def _range(text: str, currency: str, decimal_separator: str | None) -> tuple[Money, Money] | None:
    """Both ends of a range, where the text is nothing else."""
    match = _RANGE.match(text)
    if match is None or (re.match(rf"\s*{_CURRENCY_MARK}", match["b"]) and not re.search(_CURRENCY_MARK, match["a"])):
        return None
    digits_only = re.fullmatch(r"\s*\d+\s*", match["a"]) and re.fullmatch(r"\s*\d+\s*", match["b"])
    first, second = _value(match["a"], decimal_separator), _value(match["b"], decimal_separator)
    if first is None or second is None or first >= second:
        return None
    if digits_only and (second > first * 20 or match["b"].strip().startswith("0")):
        return None
    try:
        return money_of(first, currency), money_of(second, currency)
    except InvalidMoney:
        return None
