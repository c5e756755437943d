"""Texts of the catalog and of the rules → lines that sentences can be held against, and the names by which a product may be meant.

Nothing here depends on a turn; what is read once is kept (shop_table.py holds it for each product of a revision).
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from bot.answering.claims import Claim, claims_of, cleaned
from knowledge.attribute_names import concept_of, names_of
from knowledge.catalog import Product
from knowledge.folding import fold

MOST_REVIEWS = 60
"""Reviews of one product that are read word by word; counts and means are taken over all."""


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One sentence, attribute or list item of the evidence."""

    kind: str
    """attribute, option, title, description, review, faq, policy, promotion, setting or question."""
    text: str
    folded: str
    claims: tuple[Claim, ...]
    words: frozenset[str]
    group: str
    """The document it stands in: lines of one group are told apart by their words."""
    context: frozenset[str] = frozenset()
    """Words around it: heading, question, title."""
    over: bool = False
    """A promotion that is not in force: may be spoken of as past only."""


@lru_cache(maxsize=4096)
def lines_of_text(kind: str, text: str, group: str, context: str = "", over: bool = False) -> tuple[Line, ...]:
    """The sentences of a text, each a line; `context`: words around it that tell what it is about."""
    around = frozenset(stems(fold(context)))
    return tuple(line_of(kind, part, group, around, over) for piece in pieces(cleaned(text)) for part in _parts(kind, piece))


def _parts(kind: str, piece: str) -> list[str]:
    """A sentence that lists figures for several things ("24 months for lamps, 36 months for bags") is as many lines; "Canada: $12.95, free
    from $120" is one."""
    claims = [c for c in claims_of(piece) if c.kind in ("money", "quantity", "percent")]
    if kind not in ("faq", "policy") or ":" in piece or "：" in piece or len({(c.kind, c.unit) for c in claims}) != 1 or len(claims) < 3:
        return [piece]
    starts = [c.start for c in claims]
    first_has_label = re.search(r"[a-z]{3}|[㐀-鿿]{2}", fold(piece[: starts[0]])) is not None
    if not first_has_label:
        cuts = starts[1:]
    else:
        cuts = [max((m.end() for m in re.finditer(r"[,，、;；]|\band\b", piece[:start])), default=0) for start in starts[1:]]
    bounds = [0, *cuts, len(piece)]
    return [part for a, b in pairwise(bounds) if (part := piece[a:b].strip())]


def line_of(kind: str, text: str, group: str, context: frozenset[str], over: bool = False) -> Line:
    """One cleaned text as one line."""
    folded = fold(text)
    return Line(kind, text, folded, claims_of(text), frozenset(stems(folded)), group, context, over)


_PIECES = re.compile(r"(?:[^\n。！？；.!?;]|[.!?;](?!\s|$))+[。！？；.!?;]*")


def pieces(text: str) -> list[str]:
    """Sentences, half-sentences between semicolons and list lines."""
    return [p for m in _PIECES.finditer(text) if (p := m.group().strip())]


def product_lines(product: Product, reviews: list[tuple[str, str]]) -> list[Line]:
    """All that is stated of a product: titles, options, attributes, descriptions, categories and (text, date) of reviews."""
    lines: list[Line] = []
    for title in product.title.values():
        lines += lines_of_text("title", title.replace(". ", " "), product.id)
    for variant in product.variants:
        for a in variant.options:
            lines.append(attribute_line("option", a.name, a.value, product.id))
        for a in variant.attributes:
            lines.append(attribute_line("attribute", a.name, a.value, product.id))
    for a in product.attributes:
        lines.append(attribute_line("attribute", a.name, a.value, product.id))
    for text in product.description.values():
        lines += lines_of_text("description", text, product.id)
    for category in product.categories:
        for path in category.values():
            lines += lines_of_text("title", path, product.id)
    for text, date in reviews:
        lines += lines_of_text("review", f"{text}\n{date}", f"{product.id}/review")
    return list(dict.fromkeys(lines))


@lru_cache(maxsize=16384)
def attribute_line(kind: str, name: str, value: str, group: str) -> Line:
    """One attribute or option; its words are those of its name, in every language that is known."""
    concept = concept_of(name)
    names = " ; ".join(names_of(concept)) if concept else ""
    text = cleaned(f"{name}: {value}")
    return Line(
        kind, text, fold(text), claims_of(cleaned(value)), frozenset(stems(fold(f"{name} {names}"))), group, frozenset(stems(fold(value)))
    )


_UNITS = re.compile(
    r"^(?=.)[\d.,–\-x×* ]*(?:ml|l|cm|mm|m|g|kg|w|v|mah|wh|inch|in|pcs|pc|升|毫升|厘米|毫米|米|克|公斤|千克|瓦|英寸|寸|件|片|支|人|个|块|只|色)?$"
)


@lru_cache(maxsize=8192)
def _title_aliases(title: str, brand: str) -> tuple[tuple[str, bool], ...]:
    """Names of a product in one title: the whole, its model, runs of words that end in what it is ("electric kettle"); the last alone names
    the kind only."""
    folded = fold(cleaned(title)).strip()
    own_brand = set(fold(brand).split())
    out: dict[str, bool] = {folded: True, folded.rstrip(")] "): True}
    tokens = folded.split()
    without = folded.removeprefix(fold(brand)).strip()
    if " " in without or len(without) > 3:
        out[without] = True
    while tokens and _UNITS.match(tokens[-1]):
        tokens.pop()
        if tokens and _UNITS.match(tokens[-1]):
            continue
    core = [t.strip(",()") for t in tokens]
    while len(core) > 3 and core[-1] in ("of", "with", "for", "and"):
        core = core[:-2]  # "Containers, Set of 5"
    for token in core:
        if len(token) > 3 and re.search(r"\d", token) and re.search(r"[a-z]", token) and not _UNITS.match(token):
            out[token] = True
    latin = [t for t in core if t and t.isascii()]
    if latin and len(latin) == len(core):
        for start in range(len(latin)):
            run = latin[start:]
            name = " ".join(run)
            out[name] = len([t for t in run if t not in own_brand]) > 1
        # "Voyager 28 Backpack" is often called by brand and model, or by everything before its kind.
        for end in range(2, len(latin)):
            if any(t not in own_brand for t in latin[:end]):
                out[" ".join(latin[:end])] = True
                run2 = [t for t in latin[:end] if t not in own_brand]
                if len(run2) > 1:
                    out[" ".join(run2)] = True
    for run_han in re.findall(r"[㐀-鿿]{2,}", folded):
        if run_han in ("厘米", "毫升", "英寸", "千克", "公斤"):
            continue
        for length in range(2, len(run_han) + 1):
            out.setdefault(run_han[-length:], length >= 4 or length == len(run_han))
    return tuple(out.items())


def aliases_of(product: Product) -> dict[str, bool]:
    """Every name by which a sentence may mean the product, folded → whether it means this product rather than its kind."""
    out: dict[str, bool] = {}
    for title in product.title.values():
        for alias, own in _title_aliases(title, product.brand):
            out[alias] = out.get(alias, False) or own
    for variant in product.variants:
        out[fold(variant.sku)] = True
    return {
        a: own
        for a, own in out.items()
        if re.search(r"[a-z]{3}|[㐀-鿿]{2}|[a-z].*\d|\d.*[a-z]{2}", a) and not _UNITS.match(a.replace(" ", ""))
    }


_STOP = frozenset(
    [
        "the",
        "and",
        "for",
        "you",
        "your",
        "our",
        "are",
        "was",
        "were",
        "with",
        "that",
        "this",
        "these",
        "those",
        "from",
        "have",
        "has",
        "can",
        "will",
        "may",
        "not",
        "but",
        "all",
        "any",
        "its",
        "per",
        "out",
        "use",
        "only",
        "also",
        "when",
        "where",
        "which",
        "what",
        "how",
        "than",
        "then",
        "them",
        "they",
        "their",
        "there",
        "here",
        "into",
        "been",
        "being",
        "does",
        "did",
        "would",
        "could",
        "should",
        "each",
        "both",
        "other",
        "more",
        "most",
        "some",
        "such",
        "very",
        "just",
        "about",
        "until",
        "yes",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "day",
        "days",
        "hour",
        "hours",
        "month",
        "months",
        "year",
        "years",
        "week",
        "weeks",
        "minute",
        "minutes",
        "business",
        "working",
        "dollars",
        "dollar",
        "usd",
        "percent",
        "cost",
        "costs",
        "price",
        "prices",
    ]
)
_LATIN = re.compile(r"[a-z][a-z']*[a-z]")
_HAN_RUN = re.compile(r"[㐀-鿿]+")
_ZH_NUMERAL = re.compile(r"[零〇一二两三四五六七八九十百千万年月日天个小时分钟元块折件款的了是在和与或及也都就还会能可以您我们你这那有不]")


@lru_cache(maxsize=32768)
def stems(folded: str) -> tuple[str, ...]:
    """Content words for comparison: English without endings, Chinese as pairs of characters."""
    out: dict[str, None] = {}
    for word in _LATIN.findall(folded):
        if len(word) > 2 and word not in _STOP:
            out[stem(word)] = None
    for run in _HAN_RUN.findall(folded):
        for part in _ZH_NUMERAL.split(run.replace("美元", "元")):
            if part:
                for i in range(max(1, len(part) - 1)):
                    out[part[i : i + 2]] = None
    return tuple(out)


@lru_cache(maxsize=16384)
def stem(word: str) -> str:
    """Crude, the same for "ship", "ships", "shipped" and "shipping"."""
    word = word.removesuffix("'s")
    for ending in (
        "ations",
        "ation",
        "ingly",
        "ments",
        "ment",
        "ings",
        "ing",
        "ions",
        "ion",
        "able",
        "ers",
        "ies",
        "ely",
        "ed",
        "er",
        "es",
        "ly",
        "s",
        "y",
        "e",
    ):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    if len(word) > 3 and word[-1] == word[-2]:
        word = word[:-1]
    return word


@lru_cache(maxsize=4096)
def plain_words(folded: str) -> tuple[str, ...]:
    """Latin words and, for Chinese, pairs of characters."""
    out = dict.fromkeys(word.rstrip("'") for word in re.findall(r"[a-z0-9][a-z0-9']*", folded))
    for run in _HAN_RUN.findall(folded):
        for i in range(len(run) - 1):
            out[run[i : i + 2]] = None
    return tuple(out)
