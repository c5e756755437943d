"""What a text claims in figures: amounts of money, percentages, quantities, numbers, dates, times, addresses and codes, in Chinese and English.

The same reading is used for what the evidence says and for what an answer says, so two spellings of one figure meet: "1,299.00", "１２９９",
"一千二百九十九" and "twelve hundred ninety-nine" are one number, "八五折" and "15 % off" one percentage, "two years" and "24 months" one span.
"""

import html
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from bot.answering.claim_shapes import (
    AND_A_HALF,
    ANY,
    BUSINESS,
    CODE,
    CURRENCIES,
    DATES,
    DAY,
    DEGREES,
    EMAIL,
    FOLD_OFF,
    INCH_IN,
    MEASURE_WORD,
    MONEY_AFTER,
    MONEY_BEFORE,
    MONEY_WORDS,
    MONTHS,
    NAMED_CODE,
    ORDINAL,
    PAIR,
    PARTS_OFF,
    PERCENT,
    PHONE,
    PRICE_VERB,
    SHOUT,
    SINGLE,
    SPELLED,
    STANDARD,
    SYMBOL,
    TENTHS,
    THREE,
    TIME,
    TIMES,
    UNIT,
    URL,
    VAGUE,
)
from bot.answering.numerals import ARABIC, NUMBER, amount_of
from knowledge.folding import fold, simplified
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


_QUOTATION = str.maketrans("「」", "“”")


def cleaned(text: str) -> str:
    """The text as it is read: no markup, no invisible characters, digits of every script as 0-9, Chinese figures of accounts as plain ones, Chinese in
    Simplified characters with its quotation marks."""
    text = html.unescape(text).replace("**", "").replace("`", "").replace("\\", "")
    if text.isascii():
        return text
    text = _ACCOUNTS.sub(lambda m: m.group().translate(_ACCOUNT), text)
    return simplified("".join(_plain(c) for c in text if unicodedata.category(c) != "Cf")).translate(_QUOTATION)


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


def parted(text: str) -> str:
    """The folded text, its Chinese commas as semicolons: a comma may stand inside a figure, a Chinese one never does."""
    folded = fold(text)
    if len(folded) != len(text) or not ("，" in text or "、" in text):
        return folded
    return "".join(";" if c in "，、" else f for c, f in zip(text, folded, strict=True))


@lru_cache(maxsize=32768)
def claims_of(text: str) -> tuple[Claim, ...]:
    """Every figure that the text claims, in order. A sentence is cleaned before; the shop's own texts are read in either script of Chinese."""
    return _Reader(simplified(text)).read()


class _Reader:
    """Reads one text; what was read is blanked out, so that nothing is read twice."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._rest = parted(text)
        self._claims: list[Claim] = []

    def read(self) -> tuple[Claim, ...]:
        if not ANY.search(self._rest):
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
        for m in EMAIL.finditer(self._rest):
            self._add("email", *m.span(), unit=m.group())
        for m in URL.finditer(self._rest):
            self._add("url", *m.span(), unit=m.group().rstrip(".,;:!?"))
        for m in STANDARD.finditer(self._rest):
            self._add("code", *m.span(), unit=f"{m[1]} {m[2]}")
        for m in DATES[0].finditer(self._rest):
            self._date(m)
        for m in PHONE.finditer(self._rest):
            self._add("phone", *m.span(), unit=re.sub(r"\D", "", m.group()))

    def _date(self, m: re.Match[str]) -> None:
        groups = m.groupdict()
        year = int(groups["y"]) if groups.get("y") else 0
        month = MONTHS[groups["mon"][:3]] if groups.get("mon") else int(amount_of(groups.get("m") or "") or 0)
        day = int(amount_of(groups.get("d") or "") or 0)
        if month > 12 or day > 31:
            return
        self._add("date", *m.span(), unit=f"{2000 + year if 0 < year < 100 else year}-{month}-{day}")

    def _dates(self) -> None:
        for pattern in DATES[1:]:
            for m in pattern.finditer(self._rest):
                self._date(m)
        for m in TIME.finditer(self._rest):
            hour = amount_of(m["h"] or m["h2"] or m["h3"] or m["h4"] or "")
            if hour is None or hour > 24:
                continue
            late = (m["ap"] or m["ap2"]) == "p" or m["zh"] in ("下午", "晚上", "傍晚", "今晚", "每晚")
            minute = int(m["m"]) if m["m"] else 30 if (m["half"] or m["half2"] == "半") else 0
            self._add("time", *m.span(), unit=f"{(int(hour) + 12 if late and hour < 12 else int(hour)) % 24}:{minute:02d}")
        for m in DAY.finditer(self._rest):
            self._add("day", *m.span(), unit=str(m.lastgroup))

    def _reductions(self) -> None:
        for m in FOLD_OFF.finditer(self._rest):
            digits = m["n"]
            value = amount_of(digits) if "." in digits or "点" in digits or len(digits) == 1 else None
            if value is None:
                figures = [str("零一二三四五六七八九".find(c)) if not c.isdigit() else c for c in digits]
                value = float(f"{figures[0]}.{''.join(figures[1:])}")
            self._add("percent", *m.span(), 100 - value * 10, off=True)
        for value, pattern in PARTS_OFF:
            for m in pattern.finditer(self._rest):
                self._add("percent", *m.span(), value, off=True)
        for m in PERCENT.finditer(self._rest):
            for name in ("a", "b", "n", "z"):
                found = amount_of(m[name]) if m[name] else None
                if found is not None:
                    self._add("percent", *m.span(), found)
        for m in TENTHS.finditer(self._rest):
            self._add("percent", *m.span(), (amount_of(m["n"]) or 0) * 10)

    def _money_before(self) -> None:
        for m in MONEY_BEFORE.finditer(self._rest):
            value = amount_of(m["n"])
            if value is None or m["n"] == "one":
                continue
            end = m.end()
            after = re.compile(SYMBOL + r"|美元|元(?!素)").match(self._rest, end)
            end = after.end() if after else end
            tail = re.compile(rf"\s*(?:-|~|to|至|到)\s*(?P<n>{ARABIC})(?!\s*(?:{SPELLED}|%|business)(?![a-z]))(?!\s*[\w%])").match(
                self._rest, end
            )
            symbol = m["sym"]
            self._add(
                "money",
                m.start(),
                end,
                value,
                unit={"人民币": "CNY", "美元": "USD", "美金": "USD"}.get(symbol) or CURRENCIES.get(symbol, symbol.upper()),
            )
            if tail and (second := amount_of(tail["n"])) is not None:
                self._add("money", tail.start("n"), tail.end("n"), second, unit=CURRENCIES.get(symbol, symbol.upper()))

    def _figures(self) -> None:
        codes = [m.span() for m in CODE.finditer(self._text)]
        position = 0
        while m := SINGLE.search(self._rest, position):
            position = max(m.end(), m.start() + 1)
            code = next(((s, e) for s, e in codes if s <= m.start() < e), None)
            if code is not None and not self._is_amount(*code) and "\x00" not in self._rest[code[0] : code[1]]:
                self._code(*code)
                position = code[1]
                continue
            pair = PAIR.match(self._rest, m.start())
            position = (self._several(pair) if pair else None) or self._one(m)

    def _halves(self) -> None:
        """ "half a kilo", "半公斤"."""
        for m in AND_A_HALF.finditer(self._rest):
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
            UNIT.match(self._rest, start + m.end("n")) is not None
            or m["u"].lower() in ("k", "business", "in", "x", "usd", "rmb", "eur", "pcs")
        )

    def _code(self, start: int, end: int) -> None:
        if not ORDINAL.match(self._text[start:end]):
            self._add("code", start, end, unit=fold(self._text[start:end]))

    def _several(self, m: re.Match[str]) -> int | None:
        """A range or dimensions; None when the two numbers belong to different things."""
        first, second = amount_of(m["a"]), amount_of(m["b"])
        if first is None or second is None:
            return None
        end = m.end()
        numbers = [first, second]
        times = m["j"] in "x×*"
        if times and (third := THREE.match(self._rest, end)) and (value := amount_of(third["c"])) is not None:
            numbers.append(value)
            end = third.end()
        found = self._unit_at(end)
        if times:
            if found is None:
                return None
            for value in numbers:
                self._quantity(m.start(), found[0], value, value, *found[1:])
            return found[0]
        currency = MONEY_AFTER.match(self._rest, end)
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
        currency = MONEY_AFTER.match(self._rest, end)
        if currency is not None and not (raw == "一" and currency.group().strip() in ("块",)):
            return self._money_after(start, value, currency)
        found = self._unit_at(end)
        word = raw[0] in "零〇一二两三四五六七八九十百千万亿" or raw[0].isalpha()
        if found is not None and not (raw == "一" and self._rest[end : found[0]] in ("天", "周", "米", "日") and found[1] == "TIME"):
            self._quantity(start, found[0], value, value, *found[1:])
            return found[0]
        if raw in ("one", "一", "a dozen") or (raw[0] in "零〇一二两三四五六七八九十百千万亿" and not self._counts(raw, end)):
            return end
        if PRICE_VERB.search(self._rest[max(0, start - 40) : start]) and not re.match(
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
            (not (raw in ("十", "百") and self._rest.startswith("分", end))) and MEASURE_WORD.match(self._rest, end) is not None
        )

    def _money_after(self, start: int, value: float, m: re.Match[str]) -> int:
        code = self._currency(m)
        last = m.end()
        if code == "CENT":
            value, code = value / 100, "$"
        if code == "CNY" and (tail := re.compile(r"([一二三四五六七八九\d])(?:毛|角)?(?![\d\w个款种件天年月])").match(self._rest, last)):
            value += (amount_of(tail[1]) or 0) / 10
            last = tail.end()
        if code in ("$", "USD") and (cents := re.compile(rf"(?:\s+and)?\s+(?P<n>{NUMBER})\s+cents?").match(self._rest, last)):
            value += (amount_of(cents["n"]) or 0) / 100
            last = cents.end()
        self._add("money", start, last, value, unit=code)
        return last

    @staticmethod
    def _currency(m: re.Match[str]) -> str:
        if m["sym"]:
            return CURRENCIES.get(m["sym"], m["sym"].upper())
        return next(code for i, (code, _) in enumerate(MONEY_WORDS) if m[f"c{i}"])

    def _unit_at(self, end: int) -> tuple[int, str, float, float] | None:
        """End, dimension, factor and offset of the unit that stands at `end`."""
        if m := BUSINESS.match(self._rest, end):
            return m.end(), "BUSINESS_DAYS", 1.0, 0.0
        if m := INCH_IN.match(self._rest, end):
            return m.end(), "LENGTH", 25.4, 0.0
        if m := UNIT.match(self._rest, end):
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
        if m := DEGREES.match(self._rest, end):
            return m.end(), "TEMPERATURE", 1.0, 0.0
        return None

    def _quantity(self, start: int, end: int, low: float, high: float, dimension: str, factor: float, offset: float) -> None:
        if dimension == "TIME" and 1900 <= low <= 2100 and self._rest[end - 1] == "年":
            self._add("date", start, end, unit=f"{int(low)}-0-0")
            return
        self._add("quantity", start, end, low * factor + offset, high * factor + offset, dimension)

    def _words(self) -> None:
        for m in NAMED_CODE.finditer(self._text):
            if "\x00" not in self._rest[m.start("c") : m.end("c")]:
                self._add("code", *m.span("c"), unit=fold(m["c"]), off=True)
        for m in SHOUT.finditer(self._text):
            if "\x00" not in self._rest[m.start() : m.end()]:
                self._add("code", *m.span(), unit=fold(m.group()))
        for m in TIMES.finditer(self._rest):
            self._add("number", *m.span(), 2 if m.group() not in ("half as", "减半", "一半") else 0.5)
        for m in VAGUE.finditer(self._rest):
            self._add("number", *m.span(), 1e9)
