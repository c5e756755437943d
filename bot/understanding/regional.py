"""What is said otherwise in Hong Kong, in Taiwan and in a chat, in the words that the rest of the understanding knows (lexicon/regional.toml)."""

import re
import tomllib
from functools import lru_cache
from pathlib import Path

from bot.understanding.shop_words import ShopWords
from knowledge.folding import fold

_HAN = re.compile(r"[㐀-鿿]")


def standard(text: str, words: ShopWords) -> str:
    """The text in standard Chinese words; names of things stay where the shop itself uses them. Text without Chinese comes back as it is."""
    if not _HAN.search(text):
        return text
    speech, things, pattern = _table()
    out, last, folded = [], 0, fold(text)
    for match in pattern.finditer(folded):
        word = match.group()
        if word in things and _is_the_shops(word, words):
            continue
        out += [text[last : match.start()], speech.get(word) or things[word]]
        last = match.end()
    return _for_whom("".join([*out, text[last:]]), words)


_WORN = re.compile(r"(?:(?<![一-鿿])|(?<=[款买卖找有的色双]))([男女童])([鞋靴包裤裙表袜帽衫衣])(?!子)")
_WHOSE = {"男": "男士", "女": "女士", "童": "儿童"}
_WITH_ENDING = "鞋靴裤裙袜帽"
"""What is called so with 子 where it stands alone."""


def _for_whom(text: str, words: ShopWords) -> str:
    """女靴 as 女士靴子, where the shop has no such word: the kind, and for whom it is."""

    def parted(match: re.Match[str]) -> str:
        if _is_the_shops(match[0], words):
            return match[0]
        return f"{_WHOSE[match[1]]}{match[2]}{'子' if match[2] in _WITH_ENDING else ''}"

    return _WORN.sub(parted, text)


@lru_cache(maxsize=1)
def _table() -> tuple[dict[str, str], dict[str, str], re.Pattern[str]]:
    data = tomllib.loads((Path(__file__).parent / "lexicon" / "regional.toml").read_text(encoding="utf-8"))
    every = sorted([*data["speech"], *data["things"]], key=len, reverse=True)
    counted = "|".join(map(re.escape, data["amounts"]))
    pattern = re.compile(rf"(?<=[\d十百千万])(?:{counted})|" + "|".join(map(re.escape, every)))
    return {**data["speech"], **data["amounts"]}, data["things"], pattern


def _is_the_shops(word: str, words: ShopWords) -> bool:
    return bool(words.holding(word)) or any(word in name for name in words.category_names)
