"""One spelling for many: case, width and Traditional characters folded away, every character kept at its place.

`fold` never changes the length of a text, so a span found in the folded text is a span of the customer's own words.
"""

import unicodedata
from functools import lru_cache
from importlib import resources

_VARIANTS = {"揹": "背", "衞": "卫", "枱": "台"}
"""Written so in Hong Kong and Taiwan, and not in OpenCC's table of characters."""


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
    for traditional, simple in _VARIANTS.items():
        table.setdefault(ord(traditional), simple)
    for code in range(0xFF01, 0xFF5F):  # full-width forms of ASCII
        table[code] = chr(code - 0xFEE0).lower()
    table[0x3000] = " "
    for code in (*range(0x20), 0x7F, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0xA0, 0x202F):
        table[code] = " "
    for odd, plain in zip("‘’ʼ´`“”„«»‐‑‒–—−～〜，；：！？（）【】％＄￥", "'''''\"\"\"\"\"------~~,;:!?()[]%$¥", strict=True):
        table[ord(odd)] = plain
    return table


@lru_cache(maxsize=1)
def _characters() -> dict[int, str]:
    return {code: simple for code, simple in _table().items() if 0x3400 <= code <= 0x9FFF}


def simplified(text: str) -> str:
    """The text in Simplified characters, character by character; nothing else of it changes."""
    return text if text.isascii() else text.translate(_characters())


@lru_cache(maxsize=1)
def _scripts() -> tuple[frozenset[str], frozenset[str]]:
    """Characters that only Traditional Chinese has, and those that only Simplified has: OpenCC's tables, without what is written in both."""
    only = []
    for name in ("TSCharacters.txt", "STCharacters.txt"):
        source = resources.files("opencc").joinpath(f"dictionary/{name}").read_text(encoding="utf-8")
        rows = (line.partition("\t") for line in source.splitlines())
        only.append({sign for sign, _, others in rows if len(sign) == 1 and sign not in others.split(" ")})
    traditional, simple = only
    return frozenset(traditional - simple | set(_CANTONESE)), frozenset(simple - traditional)


_CANTONESE = "冇咩嘅喺咗嚟啲佢噉哋嘢唔㗎乜"
"""Written in Hong Kong and nowhere in standard Chinese."""


def script_of(text: str) -> str:
    """ "Hant" or "Hans" by the Chinese characters that only one of the two has, whichever are more; "" where a text does not tell."""
    traditional, simple = _scripts()
    lead = sum((c in traditional) - (c in simple) for c in text)
    return "Hant" if lead > 0 else "Hans" if lead < 0 else ""


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
