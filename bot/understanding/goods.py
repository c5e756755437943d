"""Kinds of goods and brands by the shop's own names, and by everyday words."""

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

from bot.understanding.bilingual import glossed
from bot.understanding.lexicon import values
from bot.understanding.negation import negated
from bot.understanding.shop_words import ShopWords, kin
from bot.understanding.title_terms import common_word, terms
from bot.understanding.words_read import WordsRead
from knowledge.attribute_names import concept_of
from knowledge.folding import fold
from knowledge.phrases import Found, tokens
from retrieval.filters import Filters

_BELONGS = re.compile(r"\b(?:for|fits?|holds?|carry|carries|of|my)\b[^,.?!]{0,20}$|(?:适合|给|装|放|配|我的)[^,，。?？!！的]{0,8}$")


def goods_wished(text: str) -> list[Found[tuple[str, ...]]]:
    """Everyday words for goods that are looked for, with their synonyms; not what it is for ("a pack for my laptop", 装笔记本电脑的包)."""
    folded = fold(text)
    return [hit for hit in values().goods.find(text) if not _BELONGS.search(folded[: hit.start])]


def goods_in(reading: WordsRead, words: ShopWords, filters: Filters) -> tuple[Filters, tuple[str, ...]]:
    """Categories and brands by the shop's own names. The most exact category wins where one name holds another."""
    categories: list[str] = []
    said: list[str] = []
    brands: list[str] = []
    not_brands: list[str] = []
    left_out: set[int] = set()
    for hit in words.brands.find(reading.row):
        if not reading.free(hit.start, hit.end):
            continue
        (not_brands if negated(reading.row, hit.first, hit.last) else brands).append(hit.value)
        reading.take(hit.start, hit.end)
    for category in words.categories.find(reading.row):
        if not reading.free(category.start, category.end):
            continue
        if negated(reading.row, category.first, category.last):
            left_out |= words.in_categories({name.casefold() for name in category.value})
            continue
        if not _whole_word(reading, category) or _modifies(reading, words, category):
            continue
        categories.extend(name.casefold() for name in category.value)
        said.append(reading.text[category.start : category.end])
    for kind in () if categories or brands else goods_wished(reading.folded):
        if _longer_kind(reading.folded, kind.start, kind.end, words):
            continue
        if reading.free(kind.start, kind.end) and not negated(reading.row, kind.first, kind.last):
            said_so = reading.folded[kind.start : kind.end]
            found = () if words.titled(said_so) and _modifies(reading, words, kind) else kin(said_so, kind.value, words)
            categories.extend(found)
            if found:
                said.append(reading.text[kind.start : kind.end])
    if not categories and not brands:
        called = _called_shortly(reading, words) or _called_across(reading, words)
        categories.extend(name.casefold() for _, names in called for name in names)
        said.extend(word for word, _ in called)
    for kind in goods_wished(reading.folded):
        if reading.free(kind.start, kind.end) and negated(reading.row, kind.first, kind.last):
            said_so = reading.folded[kind.start : kind.end]
            own = words.titled(said_so) | words.in_categories({*kin(said_so, kind.value, words)})
            left_out |= own or {number for word in kind.value for number in words.titled(word)}
    filters = replace(
        filters,
        not_product_ids=tuple(words.ids[number] for number in sorted(left_out)) if len(left_out) < len(words.ids) else (),
        categories=tuple(dict.fromkeys(categories)),
        brands=tuple(dict.fromkeys(brands)),
        not_brands=tuple(dict.fromkeys(not_brands)),
    )
    return filters, tuple(said)


_GIFTS = frozenset(["gift", "gifts", "present", "presents", "礼物", "礼品", "送礼", "sale", "new", "新品"])


_HEADS = frozenset(
    [
        "cover",
        "case",
        "bag",
        "holder",
        "stand",
        "rack",
        "box",
        "sleeve",
        "filter",
        "strap",
        "cleaner",
        "brush",
        "lid",
        "towel",
        "accessory",
        "part",
        "cable",
        "charger",
        "mat",
        "tray",
        "clip",
        "hook",
    ]
)
"""What stands after a category's name makes another thing of it: "duvet cover", "laptop stand"."""


def _modifies(reading: WordsRead, words: ShopWords, hit: Found[tuple[str, ...]]) -> bool:
    """A category's name that only describes the thing wanted ("rain jacket", "duvet cover", "gift for my dad")."""
    if reading.folded[hit.start : hit.end] in _GIFTS:
        return True
    following = reading.row[hit.last : hit.last + 1]
    if not following or following[0].start - hit.end > 1:
        return False
    word = following[0].word
    if word in _HEADS:
        return True
    if word.isascii():
        return word in words.postings and word.isalpha() and not values().by_word.get(word) and not hit.value[0].endswith(word)
    if _longer_kind(reading.folded, hit.start, hit.end, words):
        return True
    pair = reading.folded[following[0].start : following[0].start + 2]
    return len(pair) == 2 and pair in words.postings and following[0].start == hit.end and not concept_of(pair)


SHORTER = 2
"""Characters that a Chinese name of a category may have more than what customers call it."""


_HAN_RUN = re.compile(r"[一-鿿]+")


def _called_shortly(reading: WordsRead, words: ShopWords) -> list[tuple[str, tuple[str, ...]]]:
    """Chinese words for a kind of goods that shorten a category's name, with the categories: 狗粮 for 狗主粮, 豆子 for 咖啡豆. None where titles
    end so, or where several categories could be meant."""
    out = []
    for match in _HAN_RUN.finditer(PARTING.sub(lambda mark: " " * len(mark.group()), reading.folded)):
        piece = match.group()
        if not reading.free(*match.span()) or words.titled(piece) or values().people.get(piece) or values().by_word.get(piece):
            continue
        core = piece[:-1] if piece.endswith("子") and len(piece) > 1 else piece
        if len(core) < 2 and core == piece:
            continue
        meant = [held for name, held in words.category_names.items() if _shortens(core, name)]
        if meant and all(held == meant[0] for held in meant):
            out.append((piece, meant[0]))
    return out


def _things(folded: str, words: ShopWords) -> list[tuple[int, str]]:
    """The Chinese runs that may name goods and that no title or category of the shop holds, with their places."""
    out = []
    for run in _HAN_RUN.finditer(parted(folded)):
        row = glossed(run.group())
        counted = len(row) > 1 and row[0].word in _MEASURE_WORDS
        start, piece = (run.start() + 1, run.group()[1:]) if counted else (run.start(), run.group())
        if not words.holding(piece) and not values().people.get(piece) and not values().by_word.get(piece):
            out.append((start, piece))
    return out


_MEASURE_WORDS = frozenset("双把台条顶本张副盏支瓶盒只辆套颗枚根件块款种")
"""Between 哪 or a number and a thing: 哪双鞋."""


def _called_across(reading: WordsRead, words: ShopWords) -> list[tuple[str, tuple[str, ...]]]:
    """Chinese words for categories that the shop names in English, by a dictionary: 种子 for "Seeds", 灯 for "Lamps & lights"."""
    out = []
    for start, piece in _things(reading.folded, words):
        last = glossed(piece)[-1]
        own = {gloss for gloss in last.glosses if len(last.word) > 1 or len(piece) == 1}
        meant = [held for name, held in words.category_names.items() if own & set(_parts(name))]
        if meant and all(held == meant[0] for held in meant) and reading.free(start, start + len(piece)) and last.word == piece:
            out.append((piece, meant[0]))
    return out


def _parts(name: str) -> list[tuple[str, ...]]:
    """The things that a category's name puts together: "lamps & lights"."""
    return [tuple(token.word for token in tokens(part)) for part in re.split(r"\s*(?:&|,|/|\band\b)\s*", name) if part]


def kinds_across(rest: str, words: ShopWords) -> set[int]:
    """Numbers of the products whose English titles end in what a Chinese word is called by a dictionary: 手套 and "Leather Gloves". What stands
    before it narrows them where it can: 木制火车."""
    found: set[int] = set()
    for _, piece in _things(fold(rest), words):
        row = [word for word in glossed(piece) if word.glosses]
        if not row or not piece.endswith(row[-1].word):
            continue
        kinds = set[int]().union(*(words.titled(" ".join(gloss)) for gloss in row[-1].glosses))
        for word in row[:-1]:
            kinds = kinds & set[int]().union(*(words.holding(" ".join(gloss)) for gloss in word.glosses)) or kinds
        found |= kinds
    return found


def _shortens(core: str, name: str) -> bool:
    if not 0 < len(name) - len(core) <= SHORTER or name[-1] != core[-1]:
        return False
    rest = iter(name)
    return len(core) == 1 or (name[0] == core[0] and all(character in rest for character in core))


def _longer_kind(folded: str, start: int, end: int, words: ShopWords) -> set[int]:
    """Numbers of the products whose titles hold a longer Chinese word that goes on after this one, where any ends in it: 相机包 after 相机."""
    if folded[start:end].isascii():
        return set()
    return {
        number
        for more in (1, 2)
        if len(folded) >= end + more
        if words.titled(said := folded[start : end + more])
        for number in words.holding(said)
    }


def _whole_word(reading: WordsRead, hit: Found[tuple[str, ...]]) -> bool:
    """A Chinese category name inside a longer word ("茶" in "茶壶") is not that category."""
    if hit.end - hit.start >= 2 or reading.folded[hit.start].isascii():
        return True
    following = reading.folded[hit.end : hit.end + 1]
    before = reading.folded[hit.start - 1 : hit.start]
    inside = "\u4e00" <= following <= "\u9fff" and following not in "的吗呢有多怎什哪是能可都也还和或、"
    return not inside and not ("\u4e00" <= before <= "\u9fff" and before not in "的款买要找些点有卖喝看种个盒包和送给")


PARTING = re.compile(
    r"[的吗呢吧啊呀了嘛么哦我你您他她要想有没个款件些点一那这是不对说指问换只就还其它都可以能看找给推荐请麻烦也会行哪什怎多少和跟或与、，。？！,.?!\s]+"
    r"|买|卖|送|选|挑"
)
"""Chinese words that part what is looked for from the rest of a sentence."""
KEPT_WHOLE = 3
"""Characters of a dictionary's word from which on no Chinese word inside it parts it: 太阳能, 多功能."""


def parted(folded: str) -> str:
    """The text with blanks for what parts the things in it, as long as it was; words of a dictionary stay whole."""
    whole = [
        match.span() for word in glossed(folded) if len(word.word) >= KEPT_WHOLE for match in re.finditer(re.escape(word.word), folded)
    ]

    def blank(mark: re.Match[str]) -> str:
        kept = [(max(a, mark.start()), min(b, mark.end())) for a, b in whole if a < mark.end() and mark.start() < b]
        return "".join(c if any(a <= mark.start() + n < b for a, b in kept) else " " for n, c in enumerate(mark.group()))

    return PARTING.sub(blank, folded)


_NOT_A_THING = frozenset(["something", "anything", "is", "are", "very", "too", "more", "so", "as", "look", "looks"])
"""After these a word that titles end in describes ("something light")."""


def kinds_in(rest: str, words: ShopWords) -> tuple[int, ...]:
    """Numbers of the products that are called by the kind of goods named in a text, where no category is: their titles end in it
    ("umbrellas", 伞), or in another word for the same. () where no kind is named."""
    found: set[int] = set()
    for hit in goods_wished(rest):
        if longer := _longer_kind(fold(rest), hit.start, hit.end, words):
            found |= longer
            continue
        for word in (rest[hit.start : hit.end], *hit.value):
            found |= words.of_kind(fold(word))
    if not found:
        found = _latin_kinds(rest, words) | _chinese_kinds(rest, words)
    return tuple(sorted(found or kinds_across(rest, words)))


def _latin_kinds(rest: str, words: ShopWords) -> set[int]:
    row = [(term, start, end) for term, start, end in terms(rest[:300])]
    found: set[int] = set()
    for number, (term, start, end) in enumerate(row):
        if not term.isascii() or term not in words.heads or common_word(term) or term in _GIFTS:
            continue
        if _BELONGS.search(fold(rest[:start])) or (number and row[number - 1][0] in _NOT_A_THING):
            continue
        following = row[number + 1] if number + 1 < len(row) else None
        if following and following[1] - end <= 1 and (following[0] in words.heads or following[0] in _HEADS):
            continue
        found |= set(words.heads[term])
    return found


def _chinese_kinds(rest: str, words: ShopWords) -> set[int]:
    found: set[int] = set()
    folded = fold(rest)
    ends = [*PARTING.finditer(folded)]
    starts = [0, *(match.end() for match in ends)]
    for number, start in enumerate(starts):
        said = folded[start : ends[number].start()] if number < len(ends) else folded[start:]
        if not said or said[-1].isascii() or said in _GIFTS or values().people.get(said) or values().by_word.get(said):
            continue
        owner = number < len(ends) and ends[number].group() == "的" and ends[number].end() < len(folded)
        if owner:
            continue  # of the thing that comes after 的, this is the owner or a property
        found |= words.of_kind(said[-2:]) or (words.of_kind(said) if len(said) == 1 else set())
    return found


def narrower(text: str, categories: Iterable[str], kinds: Iterable[int], words: ShopWords) -> tuple[int, ...]:
    """Numbers of the products of a kind that are called by the word before it, too: "the cheapest electric guitar" in a category of guitars. () where
    the word before describes ("good") or no title has it."""
    among = words.in_categories({name.casefold() for name in categories}) or set(kinds)
    row = [(term, start, end) for term, start, end in terms(text[:300]) if term.isascii()]
    for (before, _, before_end), (term, start, _) in pairwise(row):
        own = among.intersection(words.heads.get(term, ())) if start - before_end == 1 else set()
        if own and not common_word(before) and not values().by_word.get(before):
            found = own.intersection(words.postings.get(before, ()))
            if found and found != own:
                return tuple(sorted(found))
    return ()
