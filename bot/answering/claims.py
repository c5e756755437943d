"""What a text claims in figures: amounts of money, percentages, quantities, numbers, dates, times, addresses and codes, in Chinese and English.

The same reading is used for what the evidence says and for what an answer says, so two spellings of one figure meet: "1,299.00", "１２９９",
"一千二百九十九" and "twelve hundred ninety-nine" are one number, "八五折" and "15 % off" one percentage, "two years" and "24 months" one span.
"""

import html
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from knowledge.folding import fold
from knowledge.units import number as plain_number
from knowledge.units import unit as unit_of


@dataclass(frozen=True, slots=True)
class Claim:
    """One figure. `kind`: money, percent, quantity, number, date, time, day, url, email, phone or code.

    `low`/`high`: the amount (equal for a single one), of a quantity in its dimension's base unit. `unit`: ISO 4217 code ("$", "¥" and "" where
    the currency is left open), the dimension, or for texts and dates the normalised value itself.
    """

    kind: str
    raw: str
    start: int
    end: int
    low: float = 0.0
    high: float = 0.0
    unit: str = ""
    off: bool = False
    """Of a percentage: the words themselves say that it is taken off ("八折", "half price"); of a code: it is called one."""
    small: bool = False
    """A bare number in words up to ten, which often only counts what is being spoken of."""


def cleaned(text: str) -> str:
    """The text as it is read: no markup, no invisible characters, digits of every script as 0-9, Chinese figures of accounts as plain ones."""
    text = html.unescape(text).replace("**", "").replace("`", "").replace("\\", "")
    if text.isascii():
        return text
    text = _ACCOUNTS.sub(lambda m: m.group().translate(_ACCOUNT), text)
    return "".join(_plain(c) for c in text if unicodedata.category(c) != "Cf")


@lru_cache(maxsize=8192)
def _plain(character: str) -> str:
    if not character.isascii() and character.isdigit():
        return str(unicodedata.digit(character))
    if "𝀀" <= character <= "🄯":  # styled letters of the mathematical alphabets
        return unicodedata.normalize("NFKC", character)[:1] or character
    return {"½": ".5", "¼": ".25", "¾": ".75", "％": "%", "﹪": "%", "‰": "%"}.get(character, character)


_ACCOUNT = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟貳參陸", "一二三四五六七八九十百千二三六")
_ACCOUNTS = re.compile(r"[壹贰叁肆伍陆柒捌玖拾佰仟貳參陸](?:[壹贰叁肆伍陆柒捌玖拾佰仟貳參陸零万]+|(?=\s?[元圆折个件美块]))")
"""Figures as on bills; alone, 陆 is land and 拾 is to pick up."""

_SMALL = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_VALUES: dict[str, int] = {word: i for i, word in enumerate(_SMALL.split())}
_VALUES |= {w: 10 * (i + 2) for i, w in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"])}
_BIG = {"hundred": 100, "thousand": 1000, "million": 10**6, "dozen": 12, "k": 1000, "千": 1000, "万": 10**4, "百": 100, "亿": 10**8}
_MONTHS = {m: i + 1 for i, m in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"])}

_WORD = "(?:" + "|".join(sorted(_VALUES, key=len, reverse=True)) + ")"
_BIG_WORD = "(?:hundred|thousand|million|dozen)"
_ENGLISH = (
    rf"(?<![a-z])(?:(?:a|half\s+a)\s+{_BIG_WORD}|{_WORD})(?:[\s-]+(?:and\s+)?(?:{_WORD}|{_BIG_WORD}))*(?:\s+point(?:\s+{_WORD})+)?(?![a-z])"
)
_ARABIC = r"(?<![\d.])(?:\d{1,3}(?:[,'’]\d{3})+(?!\d)|\d+)(?:\.\d+|,\d{2}(?![\d]))?(?:\s?(?:k(?![a-z\d])|万|亿|千(?!克|米|瓦|卡)|百万?)|\s+(?:hundred|thousand|million|dozen)\b)?|(?<![\w.])\.\d+"
_HAN = r"[零〇一二两三四五六七八九十百千万亿]+(?:点[零〇一二三四五六七八九]+)?"
_NUMBER = rf"(?:{_ARABIC}|{_HAN}|{_ENGLISH})"

_SYMBOL = r"(?:us\$|hk\$|nt\$|ca\$|au\$|nz\$|mx\$|a\$|s\$|c\$|r\$|jp¥|cn¥|rmb|usd|eur|gbp|cny|jpy|cad|aud|hkd|chf|krw|inr|sgd|twd|nzd|sek|nok|dkk|pln|€|£|¥|\$|₩|₹|₽|₺|฿|₫|₱)"
_CURRENCIES = {
    "us$": "USD", "hk$": "HKD", "nt$": "TWD", "ca$": "CAD", "c$": "CAD", "au$": "AUD", "a$": "AUD", "nz$": "NZD", "mx$": "MXN", "s$": "SGD",
    "r$": "BRL", "jp¥": "JPY", "cn¥": "CNY", "rmb": "CNY", "€": "EUR", "£": "GBP", "¥": "¥", "$": "$", "₩": "KRW", "₹": "INR", "₽": "RUB",
    "₺": "TRY", "฿": "THB", "₫": "VND", "₱": "PHP",
}  # fmt: skip
_MONEY_WORDS = (
    ("USD", r"美元|美金|美刀|刀(?![具身片头锋刃架口法工])|us dollars?"), ("$", r"dollars?|bucks?"), ("EUR", r"欧元|euros?"), ("GBP", r"英镑|pounds sterling|quid"),
    ("HKD", r"港币|港元|港纸"), ("TWD", r"新?台币"), ("JPY", r"日元|日圆|yen"), ("KRW", r"韩元|won(?![a-z'])"), ("AUD", r"澳元|澳币"), ("CAD", r"加元|加币"),
    ("SGD", r"新加坡元|新币"), ("CNY", r"元人民币|人民币|块钱|元(?!素)|块(?=[^肉状])|块$|yuan|renminbi|大洋"), ("CENT", r"cents?|美分"),
)  # fmt: skip
_MONEY_AFTER = re.compile(rf"\s*-?(?:{'|'.join(f'(?P<c{i}>{p})' for i, (_, p) in enumerate(_MONEY_WORDS))}|(?P<sym>{_SYMBOL}))(?![a-z])")
_MONEY_BEFORE = re.compile(rf"(?<![a-z])(?P<sym>{_SYMBOL}|人民币|美元|美金)\s*(?P<sign>-)?\s*(?P<n>{_NUMBER})")
_PRICE_VERB = re.compile(
    r"(?:\bcosts?(?: you)?|\bpriced? (?:at|is|of)|\bprice\b[^.\d]{0,12}|\bpay(?:s|ing)?|\bsells? for|\bfor (?:just|only)|\bgoes for|售价|价格|单价|定价|现价|原价|只要|只需|仅需|仅售|卖|到手价?|才|单价)"
    r"(?:\s*(?:is|was|are|of|at|only|just|about|around|under|:|是|为|仅|只|约|到|成|降至|降到|a mere)\s*)*\s*$"
)

_URL = re.compile(
    r"(?:https?://|www\.)[^\s<>\"'，。；）)】]+|(?<![a-z0-9_@.-])(?:[a-z0-9-]+\.)+(?:com|cn|net|org|shop|store|io|co|app|me|top|xyz|info|biz|vip|link|ly|example|dev|ai|uk|de|eu)(?:/[^\s<>\"'，。；）)】]*)?(?![a-z0-9_-])"
)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_PHONE = re.compile(
    r"(?<![\w.])(?:\+\d[\d\s().-]{6,}\d|\(?\d{3}\)?[\s-]\d{3}[\s-]\d{4}|[48]00[\s-]?\d{3,4}[\s-]?\d{3,4}|1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}|0\d{2,3}[\s-]\d{7,8})(?![\w])"
)
_MONTH = r"(?P<mon>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
_DATES = (
    re.compile(r"(?<!\d)(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)"),
    re.compile(r"(?<!\d)(?:(?P<y>\d{4}|\d{2})\s?年\s?)?(?P<m>\d{1,2}|十[一二]?|[一二三四五六七八九])\s?月(?!光|饼|度)(?:份|底|初|中旬|末)?(?:\s?(?P<d>\d{1,2}|[一二三四五六七八九十]{1,3})\s?[日号])?"),
    re.compile(rf"(?<![a-z\d])(?:the\s+)?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}(?![a-z])(?:,?\s+(?P<y>\d{{4}}))?"),
    re.compile(rf"(?<![a-z]){_MONTH}(?![a-z])\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?![\d.%])(?:,?\s+(?P<y>\d{{4}}))?"),
    re.compile(rf"(?<![a-z])(?!may\b|mar\b){_MONTH}(?![a-z])(?:,?\s+(?P<y>\d{{4}}))?(?P<d>)"),
    re.compile(r"(?P<y>(?:19|20)\d{2})\s?年(?P<m>)(?P<d>)"),
    re.compile(r"(?<![\d-])(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>\d{4})(?!\d)"),
)  # fmt: skip
_TIME = re.compile(
    r"(?<![\d.:])(?P<h>[01]?\d|2[0-4]):(?P<m>[0-5]\d)(?!\d)(?:\s?(?P<ap>[ap])\.?m\b\.?)?"
    r"|(?<![\d.])(?P<h2>1[0-2]|0?[1-9])\s?(?P<ap2>[ap])\.?m\b\.?"
    r"|(?:(?P<zh>上午|下午|晚上|早上|中午|凌晨|傍晚|今晚|每晚)\s?)(?P<h3>\d{1,2}|[一二两三四五六七八九十]{1,3})\s?[点时](?P<half>半)?"
    r"|(?<![\d.])(?P<h4>\d{1,2}|[一二两三四五六七八九十]{2,3})\s?点(?P<half2>半|钟)"
)
_DAYS = (
    ("mon", r"mondays?|周一|星期一|礼拜一"), ("tue", r"tuesdays?|周二|星期二|礼拜二"), ("wed", r"wednesdays?|周三|星期三|礼拜三"),
    ("thu", r"thursdays?|周四|星期四|礼拜四"), ("fri", r"fridays?|周五|星期五|礼拜五"), ("sat", r"saturdays?|周六|星期六|礼拜六"),
    ("sun", r"sundays?|周日|周天|星期[日天]|礼拜天"), ("weekend", r"weekends?|周末"),
    ("next_day", r"tomorrow|overnight|next[ -]day|明天|明日|次日|隔日|隔天"),
    ("next_business_day", r"next[ -](?:business|working)[ -]day|次一工作日|下一?个?工作日"), ("day_after", r"后天"),
    ("today", r"tonight|same[ -]day|今晚|当日达|当天|当日|今日达|今天(?=[^.。!?]{0,6}(?:发|到|送))|today(?=[^.!?]{0,20}(?:ship|deliver|dispatch|arriv))|(?:ships?|deliver\w*|dispatch\w*|arrives?|leaves?)\b[^.!?]{0,20}\btoday"),
    ("next_week", r"next week|下周|下个?星期|下礼拜"), ("this_week", r"this week|本周|这周|by the end of the week"), ("next_month", r"next month|下个?月"),
    ("this_month", r"this month|本月|月底"), ("holiday", r"christmas|new year|black friday|cyber monday|singles'? day|双十一|双11|双十二|618|圣诞|元旦|国庆|中秋|春节|情人节|valentine'?s"),
    ("days_left", r"last chance|ends soon|limited[ -]time|for a limited time|限时|最后一天|最后机会|仅限今天|today only|今日特价"),
)  # fmt: skip
_DAY = re.compile("|".join(rf"(?P<{name}>(?<![a-z])(?:{pattern})(?![a-z]))" for name, pattern in _DAYS))

_PERCENT = re.compile(
    rf"(?<![$€£¥])(?P<a>{_NUMBER})\s*(?:%|percent|per cent|pct|个百分点)?\s*(?:-|~|to|至|到)\s*(?P<b>{_NUMBER})\s*(?:%|percent\b|per cent\b|pct\b|个百分点)|(?P<n>{_NUMBER})\s*(?:%|percent\b|per cent\b|pct\b|个百分点)|百分之\s*(?P<z>{_NUMBER})"
)
_FOLD_OFF = re.compile(
    r"(?P<n>\d(?:\.\d+)?|\d{2}|[一二三四五六七八九]{1,2}(?:点[一二三四五六七八九])?)\s?折(?!叠|合|算|扣|射|返|旧|断|痕|起|边|好)"
)
_TENTHS = re.compile(r"(?P<n>[一二两三四五六七八九]|\d)成(?!为|功|份|分|本|品|交|立|长|员|人|都|色|套|型)")
_PARTS_OFF = (
    (
        50.0,
        re.compile(r"half[ -]price|half[ -]off|half (?:the|its|of the) (?:usual |normal |list |regular )?price|50[ -]off|半价|对折|腰斩"),
    ),
    (25.0, re.compile(r"(?:a |one )?quarter off|quarter of the price off")),
    (100 / 3, re.compile(r"(?:a |one )third off")),
    (50.0, re.compile(r"buy[ -](?:one|1)[, -]*get[ -](?:one|1)|bogo\b|2[ -]for[ -]1|two[ -]for[ -]one|买一送一|买1送1|第二件半价")),
)
_BUSINESS = re.compile(r"\s*-?(?:个)?(?:business[ -]days?|working[ -]days?|工作日)")
_SPELLED = (
    "mg|毫克|grams?|g|克|kgs?|kilos?|kilograms?|公斤|千克|lbs?|pounds?|磅|oz|ounces?|盎司|斤|mm|毫米|millimet[er]{2}s?|cm|厘米|公分|centimet[er]{2}s?|"
    "m|met[er]{2}s?|米|km|公里|kilomet[er]{2}s?|inch(?:es)?|英寸|寸|ft|feet|foot|英尺|尺|yards?|miles?|英里|ml|毫升|millilit[er]{2}s?|cl|l|lit[er]{2}s?|"
    "升|公升|fl\\.? ?oz|gallons?|加仑|pints?|cups?|m²|㎡|平方米|平米|毫秒|ms|sec(?:onds?)?|s|秒钟?|min(?:ute)?s?|分钟|h|hrs?|hours?|个?小时|个?钟头|days?|天|日|"
    "weeks?|周|个?星期|个?礼拜|months?|个月|yrs?|years?|周年|年|°c|℃|° c|degrees? celsius|celsius|摄氏度|°f|℉|degrees? fahrenheit|fahrenheit|华氏度|k|kelvin|w|"
    "watts?|瓦特?|kw|千瓦|hp|wh|瓦时|kwh|mah|毫安时?|ah|v|volts?|伏特?|ma|a|amps?|安培|hz|khz|mhz|ghz|赫兹|kb|mb|gb|tb|lm|lumens?|流明|db|decibels?|分贝|"
    "pa|kpa|bars?|psi|km/h|mph|m/s|rpm|转/分钟?|gsm|g/m²|g/㎡|克/平方米|mp|万像素|decades?|世纪"
)
_UNIT = re.compile(rf"\s*-?\s*(?P<u>{'|'.join(sorted(_SPELLED.split('|'), key=len, reverse=True))})(?![a-z0-9/²]|-\d)")
_DEGREES = re.compile(r"\s*-?(?P<u>度(?!电|数|假)|degrees?(?![a-z]))")
_INCH_IN = re.compile(r"\s*-?(?:in(?=\s*(?:$|[.,;)\]x×]|screen|laptop|display))|\"|″)")
_PAIR = re.compile(rf"(?P<a>{_NUMBER})(?P<ua>\s*(?:{_SPELLED})(?![a-z]))?\s*(?P<j>-|~|to|至|到|and|x|×|\*)\s*(?P<b>{_NUMBER})")
_THREE = re.compile(rf"\s*[x×*]\s*(?P<c>{_NUMBER})")
_SINGLE = re.compile(rf"(?P<n>{_NUMBER})")
_CODE = re.compile(r"(?<![\w@.-])(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*(?![\w@])", re.ASCII)
_AND_A_HALF = re.compile(r"(?<![a-z])(?:an?|one) (?P<u>hour|day|week|month|year|litre|liter|metre|meter|kilo) and a half(?![a-z])")
_STANDARD = re.compile(
    r"(?<![a-z0-9])(en|iso|din|astm|iec|bs|jis|gb/t|gb|ul|ansi|oeko-tex|as/nzs|nfpa|mil-std)[ -]?(?:iso[ -]?)?(\d{2,6})(?!\d)"
)
_SHOUT = re.compile(r"(?<![A-Za-z0-9-])[A-Z]{5,}(?![A-Za-z0-9])")
_NAMED_CODE = re.compile(
    r"(?:(?:code|coupon|voucher)s?\b\s*(?:is|:|named|called)?|优惠码|折扣码|券码|口令|暗号|兑换码|优惠券)\s*[\"'“”‘’:：「『]*\s*(?P<c>[A-Z][A-Za-z0-9]{2,}|[A-Z0-9]{3,})"
)
_ORDINAL = re.compile(r"^\d+(?:st|nd|rd|th)$", re.IGNORECASE)
_MEASURE_WORD = re.compile(r"\s?(?:[个款种件只条双台把块张套盒包瓶样支颗位人名组档年天次步项]|types?|倍|分(?!钟)|颗?星|[-+]?fold|times)")
_TIMES = re.compile(r"(?<![a-z])(?:twice|double[ds]?|triple[ds]?|half as)(?![a-z])|翻倍|翻一番|减半|一半")
_VAGUE = re.compile(
    r"(?<![a-z])(?:dozens|hundreds|thousands|millions|billions)(?: of)?(?![a-z])|(?:数|上|成|几)[百千万亿]+|百万|千万(?=[^别不要])|亿万"
)


def parted(text: str) -> str:
    """The folded text, its Chinese commas as semicolons: a comma may stand inside a figure, a Chinese one never does."""
    folded = fold(text)
    if len(folded) != len(text) or not ("，" in text or "、" in text):
        return folded
    return "".join(";" if c in "，、" else f for c, f in zip(text, folded, strict=True))


def amount_of(text: str) -> float | None:
    """A number in any of the spellings above; None if it is none."""
    text = text.strip().lower()
    if not text:
        return None
    head = re.match(r"(?:\d[\d,'’]*)?\.?\d+(?:,\d{2}$)?", text)
    if head:
        figure = head.group()
        if re.search(r",\d{2}$", figure) and "." not in figure:
            figure = figure[:-3].replace(",", "") + "." + figure[-2:]
        value = float(re.sub(r"[,'’]", "", figure))
        rest = text[head.end() :].strip()
        for sign in (rest,) if rest in _BIG else rest:
            value *= _BIG.get(sign, 1)
        return value
    if text[0] in "零〇一二两三四五六七八九十百千万亿":
        whole, _, fraction = text.partition("点")
        value_han = plain_number(whole)
        if value_han is None:
            return None
        digits = "".join(str("零一二三四五六七八九".find(c.replace("〇", "零"))) for c in fraction)
        return value_han + (float(f"0.{digits}") if digits else 0.0)
    return _english(text)


def _english(text: str) -> float | None:
    total, current, seen = 0, 0, False
    before, _, decimals = text.partition(" point ")
    half = before.startswith("half a")
    for word in re.split(r"[\s-]+", before.removeprefix("half ")):
        if word in ("and", "a"):
            current = current or (1 if word == "a" else current)
        elif word in _VALUES:
            value = _VALUES[word]
            # "nineteen ninety-nine", "forty nine ninety nine": a new figure starts; as a price it is units and hundredths.
            current = current * 100 + value if seen and current % 100 >= 10 and value >= 10 else current + value
            seen = True
        elif word in _BIG:
            current = max(current, 1) * _BIG[word]
            if _BIG[word] >= 1000:
                total, current = total + current, 0
        else:
            return None
    number = float(total + current) / (2 if half else 1)
    digits = "".join(str(_VALUES[w]) for w in decimals.split() if w in _VALUES)
    return number + (float(f"0.{digits}") if digits else 0.0)


@lru_cache(maxsize=32768)
def claims_of(text: str) -> tuple[Claim, ...]:
    """Every figure that the (cleaned) text claims, in order."""
    return _Reader(text).read()


class _Reader:
    """Reads one text; what was read is blanked out, so that nothing is read twice."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._rest = parted(text)
        self._claims: list[Claim] = []

    def read(self) -> tuple[Claim, ...]:
        if not _ANY.search(self._rest):
            return ()
        self._addresses()
        self._dates()
        self._reductions()
        self._money_before()
        self._halves()
        self._figures()
        self._words()
        return tuple(sorted(self._claims, key=lambda c: c.start))

    def _add(
        self,
        kind: str,
        start: int,
        end: int,
        low: float = 0.0,
        high: float | None = None,
        unit: str = "",
        *,
        off: bool = False,
        small: bool = False,
    ) -> None:
        self._claims.append(
            Claim(kind, self._text[start:end].strip(), start, end, round(low, 6), round(low if high is None else high, 6), unit, off, small)
        )
        self._rest = self._rest[:start] + "\x00" * (end - start) + self._rest[end:]

    def _addresses(self) -> None:
        for m in _EMAIL.finditer(self._rest):
            self._add("email", *m.span(), unit=m.group())
        for m in _URL.finditer(self._rest):
            self._add("url", *m.span(), unit=m.group().rstrip(".,;:!?"))
        for m in _STANDARD.finditer(self._rest):
            self._add("code", *m.span(), unit=f"{m[1]} {m[2]}")
        for m in _DATES[0].finditer(self._rest):
            self._date(m)
        for m in _PHONE.finditer(self._rest):
            self._add("phone", *m.span(), unit=re.sub(r"\D", "", m.group()))

    def _date(self, m: re.Match[str]) -> None:
        groups = m.groupdict()
        year = int(groups["y"]) if groups.get("y") else 0
        month = _MONTHS[groups["mon"][:3]] if groups.get("mon") else int(amount_of(groups.get("m") or "") or 0)
        day = int(amount_of(groups.get("d") or "") or 0)
        if month > 12 or day > 31:
            return
        self._add("date", *m.span(), unit=f"{2000 + year if 0 < year < 100 else year}-{month}-{day}")

    def _dates(self) -> None:
        for pattern in _DATES[1:]:
            for m in pattern.finditer(self._rest):
                self._date(m)
        for m in _TIME.finditer(self._rest):
            hour = amount_of(m["h"] or m["h2"] or m["h3"] or m["h4"] or "")
            if hour is None or hour > 24:
                continue
            late = (m["ap"] or m["ap2"]) == "p" or m["zh"] in ("下午", "晚上", "傍晚", "今晚", "每晚")
            minute = int(m["m"]) if m["m"] else 30 if (m["half"] or m["half2"] == "半") else 0
            self._add("time", *m.span(), unit=f"{(int(hour) + 12 if late and hour < 12 else int(hour)) % 24}:{minute:02d}")
        for m in _DAY.finditer(self._rest):
            self._add("day", *m.span(), unit=str(m.lastgroup))

    def _reductions(self) -> None:
        for m in _FOLD_OFF.finditer(self._rest):
            digits = m["n"]
            value = amount_of(digits) if "." in digits or "点" in digits or len(digits) == 1 else None
            if value is None:
                figures = [str("零一二三四五六七八九".find(c)) if not c.isdigit() else c for c in digits]
                value = float(f"{figures[0]}.{''.join(figures[1:])}")
            self._add("percent", *m.span(), 100 - value * 10, off=True)
        for value, pattern in _PARTS_OFF:
            for m in pattern.finditer(self._rest):
                self._add("percent", *m.span(), value, off=True)
        for m in _PERCENT.finditer(self._rest):
            for name in ("a", "b", "n", "z"):
                found = amount_of(m[name]) if m[name] else None
                if found is not None:
                    self._add("percent", *m.span(), found)
        for m in _TENTHS.finditer(self._rest):
            self._add("percent", *m.span(), (amount_of(m["n"]) or 0) * 10)

    def _money_before(self) -> None:
        for m in _MONEY_BEFORE.finditer(self._rest):
            value = amount_of(m["n"])
            if value is None or m["n"] == "one":
                continue
            end = m.end()
            after = re.compile(_SYMBOL + r"|美元|元(?!素)").match(self._rest, end)
            end = after.end() if after else end
            tail = re.compile(rf"\s*(?:-|~|to|至|到)\s*(?P<n>{_ARABIC})(?!\s*(?:{_SPELLED}|%|business)(?![a-z]))(?!\s*[\w%])").match(
                self._rest, end
            )
            symbol = m["sym"]
            self._add(
                "money",
                m.start(),
                end,
                value,
                unit={"人民币": "CNY", "美元": "USD", "美金": "USD"}.get(symbol) or _CURRENCIES.get(symbol, symbol.upper()),
            )
            if tail and (second := amount_of(tail["n"])) is not None:
                self._add("money", tail.start("n"), tail.end("n"), second, unit=_CURRENCIES.get(symbol, symbol.upper()))

    def _figures(self) -> None:
        codes = [m.span() for m in _CODE.finditer(self._text)]
        position = 0
        while m := _SINGLE.search(self._rest, position):
            position = max(m.end(), m.start() + 1)
            code = next(((s, e) for s, e in codes if s <= m.start() < e), None)
            if code is not None and not self._is_amount(*code) and "\x00" not in self._rest[code[0] : code[1]]:
                self._code(*code)
                position = code[1]
                continue
            pair = _PAIR.match(self._rest, m.start())
            position = (self._several(pair) if pair else None) or self._one(m)

    def _halves(self) -> None:
        """ "half a kilo", "半公斤"."""
        for m in _AND_A_HALF.finditer(self._rest):
            known = unit_of(m["u"])
            if known is not None:
                self._quantity(*m.span(), 1.5, 1.5, known[0].name, known[2], 0.0)
        for m in re.finditer(r"(?<![a-z])half an? |(?<![一-鿿\d])半个?|(?<=[有重约要只需达为量是])半个?", self._rest):
            found = self._unit_at(m.end())
            if found is not None:
                self._quantity(m.start(), found[0], 0.5, 0.5, *found[1:])

    def _is_amount(self, start: int, end: int) -> bool:
        """ "500W", "24-hour", "1.7L": a number with its unit, not a model."""
        m = re.match(r"(?P<n>\d+)-?(?P<u>[A-Za-z]+)(?:-[A-Za-z]+)*$", self._text[start:end])
        return m is not None and (
            _UNIT.match(self._rest, start + m.end("n")) is not None
            or m["u"].lower() in ("k", "business", "in", "x", "usd", "rmb", "eur", "pcs")
        )

    def _code(self, start: int, end: int) -> None:
        if not _ORDINAL.match(self._text[start:end]):
            self._add("code", start, end, unit=fold(self._text[start:end]))

    def _several(self, m: re.Match[str]) -> int | None:
        """A range or dimensions; None when the two numbers belong to different things."""
        first, second = amount_of(m["a"]), amount_of(m["b"])
        if first is None or second is None:
            return None
        end = m.end()
        numbers = [first, second]
        times = m["j"] in "x×*"
        if times and (third := _THREE.match(self._rest, end)) and (value := amount_of(third["c"])) is not None:
            numbers.append(value)
            end = third.end()
        found = self._unit_at(end)
        if times:
            if found is None:
                return None
            for value in numbers:
                self._quantity(m.start(), found[0], value, value, *found[1:])
            return found[0]
        currency = _MONEY_AFTER.match(self._rest, end)
        if currency is not None and m["j"] != "and":
            code = self._currency(currency)
            self._add("money", m.start("a"), m.end("a"), first, unit=code)
            self._add("money", m.start("b"), currency.end(), second, unit=code)
            return currency.end()
        if m["j"] == "and" and not re.search(r"between\s*$", self._rest[: m.start()]):
            return None
        if found is None:
            if second <= first or m["ua"] or (m["j"] == "-" and "\x00" in self._rest[max(0, m.start() - 1) : end + 1]):
                return None
            self._add("number", m.start(), end, first, second)
            return end
        self._quantity(m.start(), found[0], first, second, *found[1:])
        return found[0]

    def _one(self, m: re.Match[str]) -> int:
        start, end = m.span("n")
        raw = m["n"]
        value = amount_of(raw)
        if value is None:
            return end
        currency = _MONEY_AFTER.match(self._rest, end)
        if currency is not None and not (raw == "一" and currency.group().strip() in ("块",)):
            return self._money_after(start, end, value, currency)
        found = self._unit_at(end)
        word = raw[0] in "零〇一二两三四五六七八九十百千万亿" or raw[0].isalpha()
        if found is not None and not (raw == "一" and self._rest[end : found[0]] in ("天", "周", "米", "日") and found[1] == "TIME"):
            self._quantity(start, found[0], value, value, *found[1:])
            return found[0]
        if raw in ("one", "一", "a dozen") or (raw[0] in "零〇一二两三四五六七八九十百千万亿" and not self._counts(raw, end)):
            return end
        if _PRICE_VERB.search(self._rest[max(0, start - 40) : start]) and not re.match(
            r"\s?(?:pieces|pcs|units|items|instal|期|件|个|款|stars?|星)", self._rest[end:]
        ):
            self._add("money", start, end, value)
            return end
        if re.fullmatch(r"\d+\.\d{2}", raw) and not word:
            self._add("money", start, end, value)
            return end
        self._add("number", start, end, value, small=value <= 10 and (word or value == int(value)))
        return end

    def _counts(self, raw: str, end: int) -> bool:
        """Chinese figures are parts of many words ("一般", "十分", "四季"): numbers only before a measure word, or when they are long."""
        return len(raw) >= 3 or (
            (not (raw in ("十", "百") and self._rest.startswith("分", end))) and _MEASURE_WORD.match(self._rest, end) is not None
        )

    def _money_after(self, start: int, end: int, value: float, m: re.Match[str]) -> int:
        code = self._currency(m)
        last = m.end()
        if code == "CENT":
            value, code = value / 100, "$"
        if code == "CNY" and (tail := re.compile(r"([一二三四五六七八九\d])(?:毛|角)?(?![\d\w个款种件天年月])").match(self._rest, last)):
            value += (amount_of(tail[1]) or 0) / 10
            last = tail.end()
        if code in ("$", "USD") and (cents := re.compile(rf"(?:\s+and)?\s+(?P<n>{_NUMBER})\s+cents?").match(self._rest, last)):
            value += (amount_of(cents["n"]) or 0) / 100
            last = cents.end()
        self._add("money", start, last, value, unit=code)
        return last

    @staticmethod
    def _currency(m: re.Match[str]) -> str:
        if m["sym"]:
            return _CURRENCIES.get(m["sym"], m["sym"].upper())
        return next(code for i, (code, _) in enumerate(_MONEY_WORDS) if m[f"c{i}"])

    def _unit_at(self, end: int) -> tuple[int, str, float, float] | None:
        """End, dimension, factor and offset of the unit that stands at `end`."""
        if m := _BUSINESS.match(self._rest, end):
            return m.end(), "BUSINESS_DAYS", 1.0, 0.0
        if m := _INCH_IN.match(self._rest, end):
            return m.end(), "LENGTH", 25.4, 0.0
        if m := _UNIT.match(self._rest, end):
            spelled = self._text[m.start("u") : m.end("u")].strip()
            if spelled.lower().startswith("decade"):
                return m.end(), "TIME", 3652.5 * 86400, 0.0
            known = (
                unit_of(spelled)
                or unit_of(re.sub(r"metre|litre", lambda x: x.group()[:-2] + "er", spelled.lower()))
                or unit_of(spelled.upper())
                or unit_of(spelled.lower())
            )
            if known is not None:
                return m.end(), known[0].name, known[2], -32 * 5 / 9 if known[1] == "°F" else 0.0
        if m := _DEGREES.match(self._rest, end):
            return m.end(), "TEMPERATURE", 1.0, 0.0
        return None

    def _quantity(self, start: int, end: int, low: float, high: float, dimension: str, factor: float, offset: float) -> None:
        if dimension == "TIME" and 1900 <= low <= 2100 and self._rest[end - 1] == "年":
            self._add("date", start, end, unit=f"{int(low)}-0-0")
            return
        self._add("quantity", start, end, low * factor + offset, high * factor + offset, dimension)

    def _words(self) -> None:
        for m in _NAMED_CODE.finditer(self._text):
            if "\x00" not in self._rest[m.start("c") : m.end("c")]:
                self._add("code", *m.span("c"), unit=fold(m["c"]), off=True)
        for m in _SHOUT.finditer(self._text):
            if "\x00" not in self._rest[m.start() : m.end()]:
                self._add("code", *m.span(), unit=fold(m.group()))
        for m in _TIMES.finditer(self._rest):
            self._add("number", *m.span(), 2 if m.group() not in ("half as", "减半", "一半") else 0.5)
        for m in _VAGUE.finditer(self._rest):
            self._add("number", *m.span(), 1e9)


_ANY = re.compile(
    rf"[\d%@$€£¥₩]|[零〇一二两三四五六七八九十百千万亿半]|折|成|://|www\.|{_WORD}|{_BIG_WORD}|half|third|quarter|twice|double|triple|bogo|get one"
    rf"|\.(?:com|cn|net|org|shop|store|io|co|app)\b|周|星期|礼拜|明|次日|隔|后天|今|当|下|本|月|限时|最后|圣诞|春节|中秋|国庆|元旦|情人|{_DAY.pattern}|code|coupon|voucher|优惠|[a-z]{{5,}}"
)
