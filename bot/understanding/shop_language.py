"""A message in the words of the shop: where a Chinese customer says 割草机 and the shop writes "Lawn Mower", the message is read with
"lawn mower" in it, and the other way round. What is read afterwards (names, kinds, categories, variants) need not know of two languages.

Which of several translations is meant is told by the shop: of 平底锅 the one that stands in its titles, of 玻璃水壶 the words that stand in one
title together. Names are told apart from other words by the segmenter and by the lists of what customers ask with; those are never replaced.
"""

import math
import re
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import rjieba

from bot.understanding.bilingual import names_within, own_names, pairs
from bot.understanding.lexicon import lexicon, values
from bot.understanding.shop_words import ShopWords
from bot.understanding.title_terms import common_word, terms
from knowledge.attribute_names import concepts_in
from knowledge.folding import fold
from knowledge.phrases import Token, tokens
from retrieval.rarity import rarity
from retrieval.view import ShopView

_KEPT = 16
_HAN = re.compile(r"[㐀-鿿]")
_HAN_RUN = re.compile(r"[㐀-鿿]+")
_LONGEST = 8
"""Characters of a Chinese name, words of an English one."""
_WORDS_LONGEST = 4
_SURE = 3
"""Characters of a Chinese name of goods that is hardly ever a chance row of characters."""
_FOREIGN_LEAST = 3
"""Titles in another language only, from which on a shop is read in that language."""
_PRODUCTS_MOST = 20_000
_TOGETHER = re.compile(r"^[的\s\-]*$")
"""What may stand between the words of one name."""
_COUNTED = re.compile(r"[\d一二两三四五六七八九十几半每这那整]$")


@dataclass(frozen=True, slots=True)
class Rendering:
    """How the shop says a thing. `numbers`: products in whose titles it stands; empty where only a category or value is called so."""

    text: str
    numbers: frozenset[int]
    own: bool
    """From our own list of goods."""


@dataclass(frozen=True, slots=True)
class Tongue:
    """The names in the other language of what stands in a shop's words."""

    han: dict[str, tuple[Rendering, ...]]
    """Chinese name → English renderings."""
    latin: dict[tuple[str, ...], tuple[Rendering, ...]]
    """English name, as terms → Chinese renderings."""
    products: int


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    renderings: tuple[Rendering, ...]
    soft: bool
    """A colour, material or person: replaced only where it belongs to the name beside it."""


_cache: OrderedDict[tuple[str, int], tuple[int, Tongue]] = OrderedDict()
_lock = threading.Lock()


def tongue_of(view: ShopView, words: ShopWords) -> Tongue:
    """The names in the other language for a view's words, from memory where its revision was seen before; about 100 ms else."""
    key = (view.shop.id, view.revision)
    with _lock:
        held = _cache.get(key)
        if held is not None and held[0] == id(view.products):
            _cache.move_to_end(key)
            return held[1]
    made = _build(view, words)
    with _lock:
        _cache[key] = (id(view.products), made)
        while len(_cache) > _KEPT:
            _cache.popitem(last=False)
    return made


def in_shop_words(text: str, view: ShopView, words: ShopWords) -> str:
    """The text with names of goods in the words of the shop; the text itself where nothing is to be replaced. Never raises."""
    tongue = tongue_of(view, words)
    if not tongue.han and not tongue.latin:
        return text
    found = _chinese(text, tongue, words) if tongue.han and _HAN.search(text) else []
    if tongue.latin and not found:
        found = _english(text, tongue, words)
    if not found:
        return text
    out, last, before = [], 0, ""
    for group in _groups(text, found):
        for word, said in _chosen(group, tongue):
            between = text[last : word.start]
            joined = bool(before) and not between.strip() and not before.isascii() and not said.isascii()
            out += ["" if joined else between, _set_apart(text, word, said)]
            last, before = word.end, said
    return "".join([*out, text[last:]])


def _set_apart(text: str, word: _Word, said: str) -> str:
    """With a blank beside Latin letters and figures."""
    before = " " if word.start and re.match(r"[a-z0-9.]", fold(text[word.start - 1])) else ""
    after = " " if _ends_latin(said) and word.end < len(text) and not re.match(r"[\s,.?!，。？！]", text[word.end]) else ""
    return before + said + after


def _ends_latin(said: str) -> bool:
    return said[-1:].isascii()


def _chinese(text: str, tongue: Tongue, words: ShopWords) -> list[_Word]:
    """The Chinese names in a text, the longest at each place."""
    folded = fold(text[:400])
    known = _asking(folded)
    found: list[_Word] = []
    for run in _HAN_RUN.finditer(folded):
        cuts = _cuts(run.group())
        at = 0
        while at < len(run.group()):
            for size in range(min(_LONGEST, len(run.group()) - at), 0, -1):
                name = run.group()[at : at + size]
                renderings = tongue.han.get(name)
                if renderings is None:
                    continue
                start, end = run.start() + at, run.start() + at + size
                if not _whole(run.group(), at, at + size, cuts, renderings[0].own) or (size == 1 and _COUNTED.search(folded[:start])):
                    continue
                if _is_asking(start, end, known, renderings[0].own) or _stands(name, words):
                    continue
                found.append(_Word(start, end, renderings, _soft(name)))
                at += size - 1
                break
            at += 1
    return found


def _cuts(run: str) -> set[int]:
    """Where the segmenter cuts a run."""
    cuts, at = {0}, 0
    for piece in rjieba.cut(run):
        at += len(piece)
        cuts.add(at)
    return cuts


def _whole(run: str, start: int, end: int, cuts: set[int], own: bool) -> bool:
    """Whether characters are words, and no part of others: 包 of 包装. A name of ours may be the last part of a compound (割草机 of
    电动割草机), and a long one goes before a cut in it (铸铁锅 before 锅有), but not before another name (灯笼 of 太阳能灯笼)."""
    if end in cuts and (start in cuts or (own and end - start > 1)):
        return True
    first, last = max(cut for cut in cuts if cut <= start), min(cut for cut in cuts if cut >= end)
    if own and end - start == 1:
        return last - first == 2 and all(character in own_names() for character in run[first:last])  # 狗碗
    first = max(cut for cut in cuts if cut < end)
    return own and end not in cuts and end - start >= _SURE and run[first:last] not in own_names()


def _english(text: str, tongue: Tongue, words: ShopWords) -> list[_Word]:
    row = [(term, start, end) for term, start, end in terms(text[:400]) if term.isascii()]
    folded = fold(text[:400])
    known = _asking(folded)
    found: list[_Word] = []
    at = 0
    while at < len(row):
        step = 1
        for size in range(min(_WORDS_LONGEST, len(row) - at), 0, -1):
            run = row[at : at + size]
            renderings = tongue.latin.get(tuple(term for term, _, _ in run))
            if renderings is None:
                continue
            start, end = run[0][1], run[-1][2]
            if size == 1 and (common_word(run[0][0]) or len(run[0][0]) < 3 or run[0][0] in words.postings or _everyday(run[0][0])):
                continue
            if size == 1 and re.search(r"\b(?:at|for|from|in|to|my|our) (?:the )?$", folded[:start]) and not renderings[0].own:
                continue  # "wash it at home"
            if _is_asking(start, end, known, renderings[0].own):
                continue
            found.append(_Word(start, end, renderings, _soft(folded[start:end])))
            step = size
            break
        at += step
    return found


def _everyday(term: str) -> bool:
    return rarity(term) < _TELLING


_TELLING = 0.6
"""Rarity (retrieval/rarity.py) of an English word from which on it may name a thing by itself: "lamp", not "year"."""


def _stands(name: str, words: ShopWords) -> bool:
    """Whether the shop itself says so."""
    return words.categories.get(name) is not None or bool(words.holding(name))


def _soft(name: str) -> bool:
    return values().by_word.get(name) is not None or values().people.get(name) is not None


def _asking(folded: str) -> list[tuple[int, int]]:
    """What a customer asks with: the cues of intents, rules, properties, people."""
    row: list[Token] = tokens(folded)
    table = lexicon()
    spans = [(hit.start, hit.end) for cues in (*table.intents.values(), *table.words.values()) for hit in cues.find(row)]
    spans += [(hit.start, hit.end) for hit in (*table.topics.find(row), *table.superlatives.find(row))]
    return [*spans, *((start, end) for _, start, end in concepts_in(row))]


def _is_asking(start: int, end: int, known: Sequence[tuple[int, int]], own: bool) -> bool:
    if own:
        return any(a <= start and end <= b and b - a <= 8 for a, b in known)
    return any(a < end and start < b for a, b in known)


def _groups(text: str, found: Sequence[_Word]) -> Iterator[list[_Word]]:
    """Words that make one name together."""
    group: list[_Word] = []
    for word in found:
        if group and not _TOGETHER.match(text[group[-1].end : word.start]):
            yield group
            group = []
        group.append(word)
    if group:
        yield group


def _chosen(group: Sequence[_Word], tongue: Tongue) -> Iterator[tuple[_Word, str]]:
    """The words of a name that are replaced, with what they are replaced by: the translations that stand in one title together."""
    scores: dict[int, float] = {}
    for word in group:
        if not word.soft:
            for number, weight in _weights(word, tongue).items():
                scores[number] = scores.get(number, 0.0) + weight
    for word in group:
        if word.soft:
            weights = _weights(word, tongue)
            scores = {number: score + weights.get(number, 0.0) for number, score in scores.items()}
    best = max(scores.values(), default=0.0)
    meant = {number for number, score in scores.items() if score >= 0.999 * best}
    for word in group:
        fitting = sorted((r for r in word.renderings if r.numbers & meant), key=lambda r: -len(r.numbers & meant))
        if fitting:
            yield word, "/".join(_covering(fitting, meant))
        elif not word.soft:
            yield word, word.renderings[0].text


def _weights(word: _Word, tongue: Tongue) -> dict[int, float]:
    """Products that are called by a word → how rarely any is called so."""
    weights: dict[int, float] = {}
    for rendering in word.renderings:
        weight = math.log(1 + tongue.products / max(1, len(rendering.numbers)))
        for number in rendering.numbers:
            weights[number] = max(weights.get(number, 0.0), weight)
    return weights


def _covering(renderings: Iterable[Rendering], meant: set[int]) -> list[str]:
    """As many translations as it takes to reach all products that are called by one of them."""
    left, said = set(meant), []
    for rendering in renderings:
        if rendering.numbers & left:
            said.append(rendering.text)
            left -= rendering.numbers
    return said[:3]


def _build(view: ShopView, words: ShopWords) -> Tongue:
    if len(view.products) > _PRODUCTS_MOST:
        return Tongue({}, {}, len(view.products))
    chinese = [number for number, p in enumerate(view.products.values()) if any(map(_HAN.search, p.title.values()))]
    latin = [number for number, p in enumerate(view.products.values()) if any(re.search("[a-z]{3}", fold(t)) for t in p.title.values())]
    other_chinese, other_latin = len(view.products) - len(chinese), len(view.products) - len(set(latin) - set(chinese))
    # A title in both languages needs no translation.
    both = sum(1 for p in view.products.values() if len({bool(_HAN.search(t)) for t in p.title.values()}) == 2)
    han = _han_names(view, words) if other_chinese - both >= _FOREIGN_LEAST else {}
    names = _latin_names(view) if other_latin - both >= _FOREIGN_LEAST and chinese else {}
    return Tongue(han, names, len(view.products))


def _said_besides(view: ShopView) -> list[str]:
    """Categories and values of options and attributes, and what these are called."""
    said: dict[str, None] = {}
    for product in view.products.values():
        for path in product.categories:
            for names in path.values():
                said.update(dict.fromkeys(part.strip() for part in names.split(">")))
        for attribute in (*product.attributes, *(option for variant in product.variants for option in variant.options)):
            said[attribute.name] = None
            if len(attribute.value) <= 40:
                said[attribute.value] = None
    return list(said)


def _joined(text: str) -> str:
    return " " + " ".join(term for term, _, _ in terms(text)) + " "


def _han_names(view: ShopView, words: ShopWords) -> dict[str, tuple[Rendering, ...]]:
    titles = [" ".join(_joined(title) for title in product.title.values()) for product in view.products.values()]
    besides = " ".join(_joined(text) for text in _said_besides(view))
    described = " ".join(_joined(text) for product in view.products.values() for text in product.description.values())
    vocabulary = set(words.postings) | set(besides.split())
    wider = vocabulary | set(described.split())
    stems: dict[str, tuple[str, ...]] = {}
    found: dict[str, tuple[Rendering, ...]] = {}
    for name, english, own in pairs():
        renderings = []
        for word in english:
            row = stems.get(word)
            if row is None:
                row = stems[word] = tuple(term for term, _, _ in terms(word))
            if not row or not (wider if own else vocabulary).issuperset(row) or all(common_word(term) for term in row):
                continue
            phrase = f" {' '.join(row)} "
            holding = set.intersection(*(set(words.postings.get(term, ())) for term in row))
            numbers = frozenset(number for number in holding if phrase in titles[number])
            if numbers or phrase in besides or (own and len(name) > 1 and phrase in described):
                renderings.append(Rendering(word, numbers, own))
        if renderings:
            titled = [rendering for rendering in renderings if rendering.numbers]
            found[name] = tuple(titled or renderings)
    return found


def _latin_names(view: ShopView) -> dict[tuple[str, ...], tuple[Rendering, ...]]:
    titles = [" ".join(fold(title) for title in product.title.values()) for product in view.products.values()]
    found: dict[tuple[str, ...], tuple[Rendering, ...]] = {}
    for english, chinese in names_within([*titles, *_said_besides(view)]).items():
        row = tuple(term for term, _, _ in terms(english))
        if not row:
            continue
        renderings = [
            Rendering(name, frozenset(number for number, title in enumerate(titles) if name in title), own)
            for name, own in chinese.items()
            if len(name) > 1 or own
        ]
        renderings.sort(key=lambda r: (not r.own, -len(r.text)))
        if renderings:
            found.setdefault(row, tuple(renderings))
    return found


__all__ = ["Rendering", "Tongue", "in_shop_words", "own_names", "tongue_of"]
