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
    return "".join([*out, text[last:]])


@lru_cache(maxsize=1)
def _table() -> tuple[dict[str, str], dict[str, str], re.Pattern[str]]:
    data = tomllib.loads((Path(__file__).parent / "lexicon" / "regional.toml").read_text(encoding="utf-8"))
    every = sorted([*data["speech"], *data["things"]], key=len, reverse=True)
    counted = "|".join(map(re.escape, data["amounts"]))
    pattern = re.compile(rf"(?<=[\d十百千万])(?:{counted})|" + "|".join(map(re.escape, every)))
    return {**data["speech"], **data["amounts"]}, data["things"], pattern


def _is_the_shops(word: str, words: ShopWords) -> bool:
    return bool(words.holding(word)) or any(word in name for name in words.category_names)
