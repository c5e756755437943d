"""Names in a sentence that no evidence holds: what a model makes up looks like a name before it looks like a lie."""

import re

from bot.answering.evidence_lines import plain_words, stem
from bot.answering.fact_table import FactTable
from bot.answering.mentions import Sentence
from knowledge.folding import fold

_QUOTED = re.compile(r"[《『【]([^》』】]{2,40})[》』】]")
_MARKED = re.compile(r"[“\"]([^”\"]{2,60})[”\"]")
_RUN = re.compile(r"(?<![A-Za-z0-9])[A-Z][\w'’&]*(?:[-/][\w'’]+)*(?:\s+(?:(?:of|&|de)\s+)?[A-Z0-9][\w'’]*(?:[-/][\w'’]+)*)*")
_LATIN = re.compile(r"(?<![A-Za-z0-9@./-])[A-Za-z][A-Za-z'’]+(?![A-Za-z0-9-]*\d)(?![@\w])(?:[\s-][A-Z][A-Za-z'’]+)*")
_INVENTED_ZH = re.compile(r"(升级版|旗舰版|青春版|尊享版|豪华版|限量版|联名款|典藏版|[二三四五]代(?!人)|新一代)")
_SERIES_ZH = re.compile(r"([㐀-鿿]{2,4})(?:系列|(?<![品招名金银])牌(?!子|照|号|价))")
_COMMON = frozenset(
    [
        *("mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri", "sat", "sun"),
        *("jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec"),
        "i",
        "i'm",
        "i'd",
        "i'll",
        "i've",
        "ok",
        "okay",
        "yes",
        "no",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "english",
        "chinese",
        "mandarin",
        "china",
        "us",
        "usa",
        "uk",
        "eu",
        "america",
        "american",
        "european",
        "europe",
        "asia",
        "canada",
        "japan",
        "australia",
        "usb",
        "usb-c",
        "led",
        "lcd",
        "faq",
        "pdf",
        "vat",
        "diy",
        "app",
        "ai",
        "id",
        "qr",
        "wi-fi",
        "wifi",
        "bluetooth",
        "type",
        "type-c",
        "am",
        "pm",
        "tv",
        "pc",
        "ip",
        "gps",
        "nfc",
        "rfid",
        "hd",
        "usd",
        "cny",
        "eur",
        "gbp",
        "rmb",
        "a4",
        "a5",
        "vs",
        "price",
        "stock",
        "material",
        "weight",
        "capacity",
        "power",
        "warranty",
        "size",
        "colour",
        "color",
        "battery",
        "dimensions",
        "rating",
        "ratings",
        "reviews",
        "review",
        "brand",
        "category",
        "availability",
        "option",
        "options",
        "variant",
        "variants",
        "features",
        "feature",
        "note",
        "summary",
        "answer",
        "in",
        "our",
        "the",
        "a",
        "an",
        "and",
        "or",
        "but",
        "for",
        "it",
        "its",
        "this",
        "that",
        "these",
        "those",
        "both",
        "all",
        "each",
        "here",
        "there",
        "if",
        "when",
        "while",
        "with",
        "without",
        "from",
        "to",
        "of",
        "on",
        "at",
        "by",
        "as",
        "is",
        "are",
        "was",
        "were",
        "you",
        "your",
        "we",
        "he",
        "she",
        "they",
        "what",
        "which",
        "how",
        "who",
        "where",
        "why",
        "so",
        "also",
        "only",
        "just",
        "not",
        "more",
        "less",
        "please",
        "sorry",
        "thanks",
        "thank",
        "hello",
        "hi",
        "welcome",
        "dear",
        "good",
        "great",
        "sure",
        "certainly",
        "absolutely",
        "indeed",
        "happy",
        "glad",
        "currently",
        "unfortunately",
        "however",
        "either",
        "neither",
        "another",
        "other",
        "others",
        "one",
        "two",
        "three",
        "four",
        "five",
        "orders",
        "order",
        "shipping",
        "delivery",
        "returns",
        "return",
        "refund",
        "refunds",
        "payment",
        "policy",
        "policies",
        "promotion",
        "promotions",
        "discount",
        "sale",
        "code",
        "people",
        "customers",
        "customer",
        "buyers",
        "buyer",
        "compared",
        "between",
        "among",
        "than",
        "then",
        "now",
        "today",
        "yet",
        "still",
        "because",
        "since",
        "until",
        "after",
        "before",
        "during",
        "about",
        "over",
        "under",
        "per",
        "let",
        "me",
        "can",
        "could",
        "would",
        "will",
        "may",
        "should",
        "shall",
        "do",
        "does",
        "did",
        "have",
        "has",
        "had",
        "be",
        "been",
        "being",
        "my",
        "mr",
        "mrs",
        "ms",
        "dr",
        "christmas",
        "mom",
        "dad",
        "mum",
        "father",
        "mother",
        "free",
        "standard",
        "express",
    ]
)


def unknown_names(piece: str, sentence: Sentence, table: FactTable) -> list[str]:
    """Product-like names in the sentence whose words stand in no evidence."""
    found: list[str] = []
    for match in _QUOTED.finditer(piece):
        if not _known_phrase(match[1], table, part=0.99):
            found.append(match[1])
    for match in _MARKED.finditer(piece):
        if not _known_phrase(match[1], table, part=0.6):
            found.append(match[1])
    found += _chinese(piece, table) if sentence.chinese else _english(piece, table)
    return list(dict.fromkeys(found))


def _known_phrase(phrase: str, table: FactTable, part: float) -> bool:
    folded = fold(phrase).strip()
    if folded in table.text or folded in table.question:
        return True
    words = plain_words(folded)
    return bool(words) and sum(1 for w in words if _known(w, table)) / len(words) >= part


def _known(word: str, table: FactTable) -> bool:
    word = fold(word).strip("'’")
    bare = word.removesuffix("'s").removesuffix("’s")
    if word in table.vocabulary or bare in table.vocabulary or bare in _COMMON or bare.isdigit():
        return True
    if (bare.endswith("s") and bare[:-1] in table.vocabulary) or f"{bare}s" in table.vocabulary:
        return True
    parts = re.split(r"[-/']", bare)
    return len(parts) > 1 and all(not p or p in table.vocabulary or p in _COMMON or p.isdigit() for p in parts)


def _english(piece: str, table: FactTable) -> list[str]:
    found = []
    for match in _RUN.finditer(piece):
        words = re.findall(r"[A-Za-z][\w'’-]*", match.group())
        first = (
            not re.search(r"[A-Za-z0-9]", piece[: match.start()])
            or re.search(r"[:>\"“(|]\s*$|^\W*\d+[.)]\s*$", piece[: match.start()]) is not None
        )
        considered = words[1:] if first and len(words) > 1 else [] if first else words
        unknown = [w for w in considered if not _known(w, table) and len(w) > 1]
        unknown = [w for w in unknown if stem(fold(w)) not in table.stems]
        if unknown or (first and len(words) > 1 and not _known(words[0], table) and not table_has_follow(words[1:], table)):
            found.append(match.group())
    return found


def table_has_follow(words: list[str], table: FactTable) -> bool:
    """Whether a capitalised run goes on with a name of the evidence ("Compare Kestrelway ..."): then its first word is a plain one."""
    return any(fold(w) in table.vocabulary or fold(w) in _COMMON for w in words)


def _chinese(piece: str, table: FactTable) -> list[str]:
    unquoted = _MARKED.sub(" ", piece)
    found = [
        m.group()
        for m in _LATIN.finditer(unquoted)
        if any(not _known(w, table) for w in re.findall(r"[A-Za-z]{2,}", m.group()) if not _unit(w))
    ]
    found += [m[1] for m in _INVENTED_ZH.finditer(piece) if fold(m[1]) not in table.text and fold(m[1]) not in table.question]
    found += _branded(piece, table)
    found += [m[1] for m in _FROM_ZH.finditer(piece) if m[1][:2] not in table.vocabulary]
    for match in _SERIES_ZH.finditer(piece):
        name = fold(match[1])
        tail = name[-2:]
        if tail not in table.vocabulary and not re.search(r"这|那|该|本|同|全|一|各|此|整", name):
            found.append(match.group())
    return found


_FROM_ZH = re.compile(r"(?:原?产地|产自|原产于?|来自|产于)(?:是|为|在|于|：|:)?\s?([㐀-鿿]{2,3})")
_AFTER_BRAND = re.compile(r"^\s?(?P<run>[㐀-鿿]{3,12})")
_KINDS_OF_GOODS = re.compile(
    r"耳机|音箱|水壶|背包|双肩包|行李箱|台灯|灯|被|枕|毯|帐篷|睡袋|杯|茶|咖啡|锅|刀|雨伞|伞|外套|头盔|包|充电器|充电宝|礼盒|玩具|积木|拼图|桌游|笔|蜡烛|机|器|壶|鞋|手表|相机|键盘|鼠标|手机|电脑|平板|椅|桌|柜|床"
)


def _branded(piece: str, table: FactTable) -> list[str]:
    """What a brand is said to make, in Chinese: a run of characters that ends in a kind of goods and begins with words that nobody knows."""
    found = []
    for brand in {fold(f.product.brand): f.product.brand for f in table.products.values() if f.product.brand}.values():
        for start in (m.end() for m in re.finditer(re.escape(brand), piece, re.IGNORECASE)):
            run = _AFTER_BRAND.match(piece[start:])
            kind = _KINDS_OF_GOODS.search(run["run"]) if run else None
            if run is None or kind is None or kind.start() < 2:
                continue
            name = run["run"][: kind.start()]
            if not any(name[i : i + 2] in table.vocabulary for i in range(min(2, len(name) - 1))) and not re.match(
                r"的|这|有|目前|也|还|推出|家", name
            ):
                found.append(f"{brand} {run['run'][: kind.end()]}")
    return found


_UNIT_WORDS = frozenset(
    [
        "ml",
        "cl",
        "kg",
        "mg",
        "cm",
        "mm",
        "km",
        "oz",
        "lb",
        "lbs",
        "ft",
        "in",
        "gb",
        "tb",
        "mb",
        "mah",
        "wh",
        "kwh",
        "kw",
        "hz",
        "khz",
        "db",
        "lm",
        "rpm",
        "gsm",
        "min",
        "hr",
        "hrs",
        "usd",
        "cny",
        "rmb",
        "eur",
        "gbp",
        "hrc",
        "ah",
        "ma",
        "psi",
        "bar",
        "pa",
    ]
)


def _unit(word: str) -> bool:
    return fold(word) in _UNIT_WORDS or len(word) < 2
