"""Numbers in every spelling: "1,299.00", "一千二百九十九", "twelve hundred ninety-nine"."""

import re

from knowledge.units import number as plain_number

_SMALL = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
VALUES: dict[str, int] = {word: i for i, word in enumerate(_SMALL.split())}
VALUES |= {w: 10 * (i + 2) for i, w in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"])}
BIG = {"hundred": 100, "thousand": 1000, "million": 10**6, "dozen": 12, "k": 1000, "千": 1000, "万": 10**4, "百": 100, "亿": 10**8}
WORD = "(?:" + "|".join(sorted(VALUES, key=len, reverse=True)) + ")"
BIG_WORD = "(?:hundred|thousand|million|dozen)"
_ENGLISH = (
    rf"(?<![a-z])(?:(?:a|half\s+a)\s+{BIG_WORD}|{WORD})(?:[\s-]+(?:and\s+)?(?:{WORD}|{BIG_WORD}))*(?:\s+point(?:\s+{WORD})+)?(?![a-z])"
)
ARABIC = r"(?<![\d.])(?:\d{1,3}(?:[,'’]\d{3})+(?!\d)|\d+)(?:\.\d+|,\d{2}(?![\d]))?(?:\s?(?:k(?![a-z\d])|万|亿|千(?!克|米|瓦|卡)|百万?)|\s+(?:hundred|thousand|million|dozen)\b)?|(?<![\w.])\.\d+"
HAN = r"[零〇一二两三四五六七八九十百千万亿]+(?:点[零〇一二三四五六七八九]+)?"
NUMBER = rf"(?:{ARABIC}|{HAN}|{_ENGLISH})"


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
        for sign in (rest,) if rest in BIG else rest:
            value *= BIG.get(sign, 1)
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
        elif word in VALUES:
            value = VALUES[word]
            # "nineteen ninety-nine", "forty nine ninety nine": a new figure starts; as a price it is units and hundredths.
            current = current * 100 + value if seen and current % 100 >= 10 and value >= 10 else current + value
            seen = True
        elif word in BIG:
            current = max(current, 1) * BIG[word]
            if BIG[word] >= 1000:
                total, current = total + current, 0
        else:
            return None
    number = float(total + current) / (2 if half else 1)
    digits = "".join(str(VALUES[w]) for w in decimals.split() if w in VALUES)
    return number + (float(f"0.{digits}") if digits else 0.0)
