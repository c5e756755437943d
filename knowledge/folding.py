"""One spelling for many: case, width and Traditional characters folded away, every character kept at its place.

`fold` never changes the length of a text, so a span found in the folded text is a span of the customer's own words.
"""

import unicodedata
from functools import lru_cache
from importlib import resources


@lru_cache(maxsize=1)
def _table() -> dict[int, str]:
    """Character → folded character, for str.translate. Traditional → Simplified is OpenCC's character table (Apache-2.0)."""
    table: dict[int, str] = {}
    source = resources.files("opencc").joinpath("dictionary/TSCharacters.txt").read_text(encoding="utf-8")
    for line in source.splitlines():
        traditional, _, simplified = line.partition("\t")
        first = simplified.split(" ", maxsplit=1)[0]
        if len(traditional) == 1 and len(first) == 1:
            table[ord(traditional)] = first
    for code in range(0xFF01, 0xFF5F):  # full-width forms of ASCII
        table[code] = chr(code - 0xFEE0).lower()
    table[0x3000] = " "
    for code in (*range(0x20), 0x7F, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0xA0, 0x202F):
        table[code] = " "
    for odd, plain in zip("‘’ʼ´`“”„«»‐‑‒–—−～〜，；：！？（）【】％＄￥", "'''''\"\"\"\"\"------~~,;:!?()[]%$¥", strict=True):
        table[ord(odd)] = plain
    return table


def simplified(text: str) -> str:
    """The text in Simplified characters, character by character."""
    table = _table()
    return "".join(table.get(ord(c), c) if "㐀" <= c <= "鿿" else c for c in text)


def is_traditional(text: str) -> bool:
    """Whether the text holds at least two characters (one in a text of up to four) that only Traditional Chinese has."""
    table = _table()
    odd = sum(1 for c in text if "㐀" <= c <= "鿿" and ord(c) in table)
    han = sum(1 for c in text if "㐀" <= c <= "鿿")
    return odd >= 2 or (odd == 1 and han <= 4)


def fold(text: str) -> str:
    """Lower case, half width, straight quotes, Simplified, accents taken off Latin letters; same length as `text`."""
    out = text.translate(_table())
    if out.isascii():
        return out.lower()
    return "".join(_fold_char(c) for c in out)


@lru_cache(maxsize=4096)
def _fold_char(char: str) -> str:
    lower = char.lower()
    if len(lower) != 1:
        lower = char
    if "\u00c0" <= lower <= "\u024f":
        base = unicodedata.normalize("NFD", lower)[0]
        return base if base.isascii() else lower
    return lower
