"""Which currency a text names."""

import re
from functools import lru_cache

from price_parser import Price
from price_parser.parser import CURRENCY_CODES

DOLLARS = {"USD", "CAD", "AUD", "NZD", "HKD", "TWD", "SGD", "MXN", "ARS", "CLP", "COP", "BSD", "BBD", "BZD", "FJD", "JMD", "NAD", "TTD"}
_CROWNS = {"SEK", "NOK", "DKK", "ISK"}
_POUNDS = {"GBP", "EGP", "LBP", "SYP"}

_WORDS: tuple[tuple[str, str], ...] = (
    ("HKD", r"港币|港元|港幣|HK\$"), ("TWD", r"新台币|新臺幣|台币|NT\$"), ("JPY", r"日元|日圆|円|JP¥|JPY"), ("USD", r"美元|美金|US\s?\$"),
    ("EUR", r"欧元|歐元"), ("GBP", r"英镑|英鎊"), ("KRW", r"韩元|韓元|원|₩"), ("SGD", r"新币|新加坡元|S\$"), ("AUD", r"澳元|澳币|\bAU \$"), ("CAD", r"加元|加币|\bCA \$"), ("NZD", r"\bNZ \$"),
    ("KZT", r"\d\s?тг"), ("BYN", r"\d\s?Br\b"),
    ("AED", r"د\.إ"), ("SAR", r"ر\.س"), ("EGP", r"ج\.م"), ("QAR", r"ر\.ق"), ("KWD", r"د\.ك|\bKD\b"), ("MAD", r"د\.م"), ("OMR", r"ر\.ع"), ("INR", r"卢比"), ("MYR", r"马币|林吉特"),
    ("CHF", r"\bS?Fr\.\s?\d|\bSFr\b"), ("BDT", r"৳|\bTk\.?\s?\d"), ("THB", r"บาท"), ("VND", r"VNĐ|\dđ"), ("KES", r"\bKSh"), ("GHS", r"GH[₵¢S]"), ("PEN", r"S/\.?\s?\d"), ("ZAR", r"^R\s?\d"),
    ("CNY", r"人民币|人民幣|\bRMB\b|CN¥|\d\s*(?:[万亿千]\s*)?[元块塊](?!\s*/?\s*美)|[(（]元[)）]"),
)  # fmt: skip
_RENAMED = {"RUR": "RUB", "TRL": "TRY", "BYR": "BYN", "GHC": "GHS"}
"""Codes that people still write for the currency that took their place."""
_NAMES = (("GBP", r"\d\s?pounds?\b(?! of)"), ("USD", r"\d\s?dollars?\b"), ("EUR", r"\d\s?euros?\b"), ("INR", r"\d\s?rupees?\b"))
"""Written out after the amount, where no sign stands."""
_SYMBOLS: dict[str, str] = {
    "€": "EUR", "eur": "EUR", "euro": "EUR", "£": "GBP", "₤": "GBP", "zł": "PLN", "Zł": "PLN", "Kč": "CZK", "₽": "RUB", "руб": "RUB", "руб.": "RUB",
    "р.": "RUB", "р": "RUB", "Р": "RUB", "грн": "UAH", "грн.": "UAH", "₴": "UAH", "₹": "INR", "₨": "INR", "Rs": "INR", "Rs.": "INR", "₩": "KRW",
    "원": "KRW", "₫": "VND", "đ": "VND", "฿": "THB", "₪": "ILS", "₱": "PHP", "₺": "TRY", "TL": "TRY", "₸": "KZT", "₦": "NGN", "₮": "MNT",
    "CHF": "CHF", "DKK": "DKK", "Rp": "IDR", "lei": "RON", "лв": "BGN", "лв.": "BGN", "RM": "MYR", "Ft": "HUF", "R$": "BRL", "C$": "CAD", "CA$": "CAD",
    "A$": "AUD", "AU$": "AUD", "NZ$": "NZD", "HK$": "HKD", "NT$": "TWD", "S$": "SGD", "MX$": "MXN", "US$": "USD", "₡": "CRC", "₲": "PYG",
    "ريال": "SAR", "درهم": "AED", "جنيه": "EGP", "CN¥": "CNY", "chf": "CHF", "AR$": "ARS", "CL$": "CLP", "CO$": "COP", "RD$": "DOP", "₼": "AZN", "₾": "GEL",
}  # fmt: skip


@lru_cache(maxsize=4096)
def currency_in(text: str, default: str = "") -> str:
    """ISO 4217 code of the currency that the text names, "" if none. `default` settles what one sign leaves open ($, ¥, kr, £)."""
    if not text:
        return ""
    for code, pattern in _WORDS:
        if re.search(pattern, text):
            return code
    for match in re.finditer(r"(?<![A-Za-z])([A-Z]{3})(?![A-Za-z])", text):
        if (match[1] in CURRENCY_CODES or match[1] in _RENAMED) and match[1] not in ("XXX", "ALL", "TOP"):
            return _RENAMED.get(match[1], match[1])
    if "¥" in text or "￥" in text:
        return default if default in ("CNY", "JPY") else "CNY"
    sign = Price.fromstring(text).currency
    if not sign:
        return next((code for code, pattern in _NAMES if re.search(pattern, text, re.IGNORECASE)), "")
    if sign == "$":
        return default if default in DOLLARS else "USD"
    if sign in ("£", "₤"):
        return default if default in _POUNDS else "GBP"
    if sign in ("kr", "kr.", "Kr"):
        return default if default in _CROWNS else ""
    if sign in _SYMBOLS:
        return _SYMBOLS[sign]
    return sign if sign in CURRENCY_CODES and re.search(rf"(?<![A-Za-z]){sign}(?![A-Za-z])", text) else ""


def is_currency(code: str) -> bool:
    """Whether this is a currency code of ISO 4217 (some historic ones included)."""
    return code in CURRENCY_CODES
