"""What a Chinese question whether a thing has, takes or comes with another would say in English: for shops that describe in English."""

import re
from collections.abc import Iterator
from itertools import islice, product

from bot.understanding.bilingual import english_of
from bot.understanding.lexicon import values
from knowledge.catalog import Product
from knowledge.folding import fold
from retrieval.tokens import tokens

_TRANSLATIONS_MOST = 24
"""Of all words of a question together; each is looked for in every sentence."""
_NAMES_MOST = 4
_NAME_LONGEST = 6
_HAN = re.compile("[一-鿿]")
_WHETHER = re.compile(
    r"(?:[\s要装带有需用含附送配吗么嘛呢的是不能可以会里面没它这那个款吧啊哦请问还也自内置支持得上到,，。?？!！]|随机|另外|额外|一起)*"
)
"""What is left of a question whether a thing has, takes or comes with another."""
_OPEN = frozenset("多几哪什怎啥谁")
"""What asks for more than yes or no begins with."""
_NO_NAMES = frozenset(
    [
        "可以",
        "需要",
        "支持",
        "自带",
        "附带",
        "附送",
        "包含",
        "含有",
        "随机",
        "另外",
        "内置",
        "请问",
        "这个",
        "那个",
        "这款",
        "那款",
        "会不会",
        "里面",
        "上面",
    ]
)


def in_english(text: str, asked_of: Product) -> Iterator[frozenset[str]]:
    """The words, stemmed, that a sentence would hold: "batteri" for 要装电池吗, likelier translations first. None where the product is described
    in Chinese, or the question asks for more."""
    if not _HAN.search(text) or any(_HAN.search(description) for description in asked_of.description.values()):
        return
    folded = fold(text)
    for title in asked_of.title.values():
        folded = folded.replace(fold(title), " ")
    names, rest = _names_known(folded)
    if not 0 < len(names) <= _NAMES_MOST or not _WHETHER.fullmatch(rest):
        return
    translated = [[frozenset(tokens(english)) for english in english_of(name)] for name in names]
    for chosen in islice(product(*translated), _TRANSLATIONS_MOST):
        yield frozenset().union(*chosen)


def _name_at(folded: str, at: int) -> str:
    said = next((folded[at : at + n] for n in range(_NAME_LONGEST, 1, -1) if english_of(folded[at : at + n])), "")
    return "" if said in _NO_NAMES or said[:1] in _OPEN or values().by_word.get(said) is not None else said


def _names_known(folded: str) -> tuple[list[str], str]:
    """The Chinese names that have English ones, the longest at each place, and the text without them."""
    names, rest, at = [], "", 0
    while at < len(folded):
        said = _name_at(folded, at)
        if said and not (_WHETHER.fullmatch(said[0]) and len(_name_at(folded, at + 1)) >= len(said)):  # 电池 of 带电池, and no 带电
            names.append(said)
            at += len(said)
        else:
            rest += folded[at]
            at += 1
    return names, rest
