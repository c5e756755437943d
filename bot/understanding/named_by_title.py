"""Products named by a whole title, alone or inside a sentence, or by a Chinese title shortened."""

import re
from collections import Counter

from bot.understanding.goods import PARTING
from bot.understanding.lexicon import values
from bot.understanding.named import NAMED_MOST, Named
from bot.understanding.question import Subject
from bot.understanding.shop_words import ShopWords
from bot.understanding.title_terms import common_word, terms
from knowledge.folding import fold
from retrieval.view import ShopView


def by_title(text: str, words: ShopWords) -> Named | None:
    """A text that is a whole title, and nothing else."""
    plain = " ".join(re.findall(r"[a-z0-9]+(?:[.][0-9]+)?|[\u3400-\u9fff]+|[\u3040-\u30ff\uac00-\ud7af\u0400-\u04ff]+", fold(text[:300])))
    numbers = words.titles.get(plain, ())
    if not numbers or len(plain) < 3:
        return None
    single = len(numbers) == 1
    return Named(tuple(Subject(words.ids[n], None, single) for n in numbers[:NAMED_MOST]), spans=((0, len(text)),))


_TITLE_WORDS = 8
_MAKES_ANOTHER = re.compile(
    r"\s(?:cover|case|bag|holder|stand|rack|box|sleeve|filter|strap|cleaner|brush|lid|cable|charger|mat|tray|clip|hook)s?\b"
)
"""What stands after a title of one word makes another thing of it: "laptop stand"."""


def by_title_inside(text: str, words: ShopWords) -> Named | None:
    """The longest whole title inside a sentence: "can I return the iPhone X", "what colours does the t-shirt come in"."""
    spoken = [(term, start, end) for term, start, end in terms(text[:1000]) if term.isascii()]
    for length in range(min(_TITLE_WORDS, len(spoken)), 0, -1):
        for first in range(len(spoken) - length + 1):
            run = spoken[first : first + length]
            numbers = words.whole.get(" ".join(term for term, _, _ in run))
            if not numbers or len(numbers) > NAMED_MOST:
                continue
            start, end = run[0][1], run[-1][2]
            if length == 1 and (
                len(run[0][0]) < 3
                or common_word(run[0][0])
                or values().by_word.get(run[0][0])
                or _MAKES_ANOTHER.match(fold(text[end : end + 12]))
            ):
                continue
            single = len(numbers) == 1
            return Named(tuple(Subject(words.ids[n], None, single) for n in numbers), spans=((start, end),), strength=1.0)
    return by_titles_inside(text, words)


_UNIT = re.compile(r"[a-z0-9]+(?:[.][0-9]+)?|[\u3400-\u9fff]")
_UNITS_MOST = 24
_HAN_LEAST = 4
_UNITS_LEAST = 4
"""Chinese characters, or words and characters, of a title that is told by standing inside a sentence, whatever else the words could mean."""


def by_titles_inside(text: str, words: ShopWords) -> Named | None:
    """The long titles that stand in the text word for word, none inside another: 一个无蔗糖桃酥和两盒福满年坚果礼盒总共多少."""
    units = list(_UNIT.finditer(fold(text[:300])))
    han = [not unit.group().isascii() for unit in units]
    titled: list[tuple[int, int, int]] = []
    for first in range(len(units)):
        plain = ""
        for at in range(first, min(first + _UNITS_MOST, len(units))):
            joined = at > first and han[at - 1] and han[at] and units[at - 1].end() == units[at].start()
            plain += units[at].group() if joined or at == first else f" {units[at].group()}"
            length = at - first + 1
            if length < _UNITS_LEAST or len(numbers := words.titles.get(plain, ())) != 1:
                continue
            if length > _UNITS_LEAST or sum(han[first : at + 1]) in {0, _HAN_LEAST}:
                titled.append((length, first, numbers[0]))
    taken: set[int] = set()
    found: dict[int, tuple[int, int]] = {}
    for length, first, number in sorted(titled, key=lambda row: (-row[0], row[1])):
        if not taken.intersection(range(first, first + length)):
            taken.update(range(first, first + length))
            found.setdefault(number, (units[first].start(), units[first + length - 1].end()))
    if not found or len(found) > NAMED_MOST:
        return None
    rows = sorted(found.items(), key=lambda row: row[1])
    return Named(tuple(Subject(words.ids[n], None, True) for n, _ in rows), spans=tuple(span for _, span in rows), strength=1.0)


_SHORTENED_LEAST = 4
_SHORTENED_AMONG = 200


def by_shortened_title(text: str, view: ShopView, words: ShopWords) -> Named | None:
    """A Chinese title with characters left out, which no other title holds in this order: 通勤保温杯 for 通勤保温咖啡杯."""
    folded = fold(text[:300])
    for said in PARTING.split(folded):
        run = re.sub(r"^[^㐀-鿿]+|[^㐀-鿿]+$", "", said)
        if len(run) < _SHORTENED_LEAST or not _HAN_ONLY.match(run):
            continue
        postings = [words.postings[pair] for pair in {run[at : at + 2] for at in range(len(run) - 1)} if pair in words.postings]
        # Half of its pairs of characters stand in the title as they are.
        counted = Counter(number for posting in postings if len(posting) <= _SHORTENED_AMONG for number in posting)
        likely = [number for number, count in counted.items() if 2 * count >= len(run) - 1]
        fitting = [n for n in likely if any(_in_order(run, fold(t)) for t in view.products[words.ids[n]].title.values())]
        if len(fitting) == 1:
            start = folded.find(run)
            return Named((Subject(words.ids[fitting[0]], None, True),), spans=((start, start + len(run)),), strength=0.7)
    return None


_HAN_ONLY = re.compile(r"^[㐀-鿿]+$")


def _in_order(characters: str, title: str) -> bool:
    rest = iter(title)
    return all(character in rest for character in characters)
