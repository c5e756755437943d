"""Words without support: what a model says of goods or rules must stand in the evidence, word by word, but for words that claim nothing.

Figures, prices and the like have checks of their own; this one holds all other words: "waterproof", "made in Italy", "with a pouch". A clause is
turned down when SHARE of its content words or more stand neither with the product spoken of, nor in a rule of the turn, nor in the composer's draft:
denied by default. The customer's own words count where they are a condition ("for your father") or a denial ("whether it floats is not stated"),
never as a fact.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bot.answering.evidence_lines import Line, stem
from bot.answering.guard.phrases import CONDITION, NEGATED, REVIEW
from bot.answering.guard.scope import Scope
from retrieval.tokens import words as words_of

SHARE = 0.5
"""Of a clause's content words without support, from which on it is cut. With more than half asked for, 7 more of 639 scripted lies passed
(tests/bench/bench_guard.py); a single word turned down for a whole clause cut one honest sentence in four."""
_LATIN = re.compile(r"[a-z][a-z']*[a-z]")
_HAN = re.compile(r"[㐀-鿿]+")
_QUOTE = re.compile(r"[“”\"]")
_CLAUSE = re.compile(r"[^,;:，；：。.!?()（）]+")
_WORDS = tomllib.loads((Path(__file__).parent / "neutral_words.toml").read_text(encoding="utf-8"))
_NEUTRAL = {language: frozenset(text.split()) for language, text in _WORDS.items()}
_NEUTRAL_STEMS = frozenset(stem(word) for word in _NEUTRAL["en"])
_PARTICLES = re.compile("[" + "".join(sorted(word for word in _NEUTRAL["zh"] if len(word) == 1)) + "]")


@dataclass(frozen=True, slots=True)
class Support:
    """What content words may be drawn from: stems of English words and pairs of Chinese characters, and the folded text."""

    stems: frozenset[str]
    text: str

    def holds(self, word: str) -> bool:
        """Whether a word, or all that it is made of, stands here."""
        if word[0].isascii():
            return stem(word) in self.stems
        if self._holds_pairs(word):
            return True
        parts = [part for part in _PARTICLES.split(word) if part]
        if parts and len(word) > 2 and sum(map(len, parts)) < 2:
            return False  # a name, rather than one character between particles
        return all(len(part) == 1 or part in _NEUTRAL["zh"] or self._holds_pairs(part) for part in parts)

    def _holds_pairs(self, part: str) -> bool:
        return part in self.text or all(part[i : i + 2] in self.stems for i in range(len(part) - 1))


def unsupported_words(scope: Scope, draft: Support) -> list[str]:
    """The content words of the clauses that are mostly made up. `draft`: what the composer says, which is right."""
    folded = scope.sentence.folded
    if "?" in folded:
        return []
    text = without_names(scope)
    found: list[str] = []
    parts: list[Support] | None = None
    for clause in _CLAUSE.finditer(text):
        said = content_words(clause.group())
        if not said:
            continue
        parts = parts or [*_evidence(scope), draft]
        loose = [word for word in said if not any(part.holds(word) for part in parts)]
        loose = [word for word in loose if not (_asked(word, scope) and _is_condition(word, clause, folded))]
        if loose and len(loose) >= SHARE * len(said):
            found += loose
    return found


def without_names(scope: Scope) -> str:
    """The sentence with the names of products and the figures blanked out."""
    text = scope.sentence.folded
    for start, end in [*((m.start, m.end) for m in scope.sentence.mentions), *((c.start, c.end) for c in scope.claims)]:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


@lru_cache(maxsize=8192)
def content_words(text: str) -> tuple[str, ...]:
    """Content words of a folded text: English as they stand, Chinese by segmentation; single characters tell too little."""
    english = [w for w in _LATIN.findall(text) if len(w) > 2 and w not in _NEUTRAL["en"] and stem(w) not in _NEUTRAL_STEMS]
    chinese = [w for run in _HAN.findall(text) for w in words_of(run) if len(w) > 1 and w not in _NEUTRAL["zh"]]
    return tuple(dict.fromkeys(english + chinese))


def _evidence(scope: Scope) -> list[Support]:
    """The products spoken of, and the rules of the turn."""
    table = scope.table
    products = [table.products[p] for p in scope.talked or table.found if p in table.products]
    reviews = REVIEW.search(scope.sentence.folded) is not None or _QUOTE.search(scope.sentence.text) is not None
    rules = tuple(line for line in table.lines if not line.over)
    return [*(_of_lines(tuple(f.lines), reviews) for f in products), _of_lines(rules, reviews)]


@lru_cache(maxsize=512)
def _of_lines(lines: tuple[Line, ...], reviews: bool) -> Support:
    return support_of([line for line in lines if reviews or line.kind != "review"])


def support_of(lines: list[Line]) -> Support:
    """What some lines bear out, with the words around them."""
    return Support(frozenset[str]().union(*(line.words | line.context for line in lines)), "\n".join(line.folded for line in lines))


def _is_condition(word: str, clause: re.Match[str], folded: str) -> bool:
    """Whether the sentence denies or leaves open what it is about, or the word stands after "for", "your", 需要."""
    return NEGATED.search(folded) is not None or CONDITION.search(folded[: clause.start() + clause.group().find(word)]) is not None


def _asked(word: str, scope: Scope) -> bool:
    return word in scope.table.question or (word[0].isascii() and stem(word) in scope.table.question_words)
