"""What a shop promises in figures: "30 days to return", "free from $59", with what each promise is limited to.

The words that tell a promise and its limits are contradictions.toml.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import rjieba

from knowledge.faq import FaqEntry
from knowledge.figures import Figure, counts, figures
from knowledge.folding import fold
from knowledge.phrases import Phrases, stem, tokens
from knowledge.policy import Policy
from knowledge.said import Place, term_tables
from knowledge.store import Document

_SENTENCE = re.compile(r"[^.!?。！？\n]+(?:\.\d[^.!?。！？\n]*)*")
_CLAUSE = re.compile(r"[^,，;；()（）]+(?:,\d{3}[^,，;；()（）]*)*")
_AND = re.compile(r"\s(?:and|but|while|whereas)\s(?=\D{0,12}\d|\D{0,40}\d+\s?(?:days?|weeks?|months?|%))")
_RETURNS = re.compile("退换货?")
"""Returns and exchanges in one word; as a promise it is that of returns."""


@dataclass(frozen=True, slots=True)
class Term:
    """A promise: its name in contradictions.toml, what it is limited to (known limits and other words), its figure, and where it stands."""

    name: str
    limits: frozenset[str]
    words: frozenset[str]
    figure: Figure
    place: Place
    start: int
    end: int

    @property
    def quoted(self) -> Place:
        """The place, cut to what stands around the figure."""
        return self.place.quoting(self.start, self.end)

    def comparable(self, other: "Term") -> bool:
        """Whether both speak of the same thing under the same conditions; words of two languages cannot be compared, so there must be none."""
        if self.name != other.name or self.limits != other.limits or self.figure.unit != other.figure.unit:
            return False
        if self.place.language.split("-")[0] == other.place.language.split("-")[0]:
            return self.words == other.words
        return not self.words and not other.words


def ambiguous(term: Term, of_document: Sequence[Term]) -> bool:
    """Whether its own text gives several figures for it, so that we did not see what tells them apart."""
    return any(
        other.name == term.name
        and other.limits == term.limits
        and other.place.language == term.place.language
        and not other.figure.agrees(term.figure)
        for other in of_document
    )


@dataclass(frozen=True, slots=True)
class _Promise:
    name: str
    kind: str
    any: Phrases[bool]
    about: Phrases[bool]
    never: Phrases[bool]
    both: bool


@dataclass(frozen=True, slots=True)
class _Tables:
    promises: tuple[_Promise, ...]
    limits: Phrases[str]
    neutral: frozenset[str]


@lru_cache(maxsize=1)
def _tables() -> _Tables:
    raw = term_tables()
    promises: list[_Promise] = []
    own: set[str] = set()
    for name, row in raw.items():
        if name.startswith("_"):
            continue
        own.update(word for phrase in (*row["any"], *row["about"]) for word in _split(phrase))
        lists = {field: Phrases([(phrase, True) for phrase in row[field]]) for field in ("any", "about", "never")}
        promises.append(_Promise(name, row["kind"], lists["any"], lists["about"], lists["never"], bool(row.get("both"))))
    limits = [(phrase, name) for table in ("_places", "_levels") for name, phrases in raw[table].items() for phrase in phrases]
    neutral = {word for words in raw["_neutral"].values() for word in words}
    return _Tables(tuple(promises), Phrases(limits), frozenset({stem(word) for word in neutral} | own))


def _split(text: str) -> list[str]:
    return [stem(word.strip()) for word in rjieba.cut(fold(text)) if re.search(r"[^\W\d_]", word)]


def terms_of(document: Document, currency: str = "USD") -> list[Term]:
    """The promises in a FAQ entry's answers or a policy's sections."""
    body = document.body
    found: list[Term] = []
    if isinstance(body, FaqEntry):
        for language, text in body.answer.items():
            place = Place(document.kind, document.id, document.source, "answer", language, text)
            found.extend(_terms_at(place, body.question.get(language, ""), currency))
    elif isinstance(body, Policy):
        for section in body.sections:
            place = Place(document.kind, document.id, document.source, section.anchor, body.language, section.text)
            found.extend(_terms_at(place, section.heading, currency))
    return found


@lru_cache(maxsize=32_768)
def _terms_at(place: Place, heading: str, currency: str) -> tuple[Term, ...]:
    """Kept, since most texts of a shop are the same in its next revision."""
    return tuple(_terms(place, heading, currency))


def _terms(place: Place, heading: str, currency: str) -> Iterator[Term]:
    telling = [sentence for sentence in _SENTENCE.finditer(place.text) if counts(sentence[0])]
    if not telling:
        return
    tables = _tables()
    of_heading = frozenset(found.value for found in tables.limits.find(heading))
    heading_words = _other_words(heading)
    for sentence in telling:
        limits_before: frozenset[str] = frozenset()
        told = ""
        for start, clause in _clauses(sentence[0]):
            limits = frozenset(found.value for found in tables.limits.find(clause)) or limits_before
            limits_before = limits
            amounts = figures(clause, currency)
            for amount in amounts:
                name = _promised(clause, sentence[0], heading, amount.kind, told)
                if not name or len([one for one in amounts if one.kind == amount.kind]) > 1:
                    continue
                told = name
                at = sentence.start() + start
                words = _other_words(_without(clause, amounts)) | heading_words
                yield Term(name, limits | of_heading, words, amount, place, at + amount.start, at + amount.end)


def _clauses(sentence: str) -> Iterator[tuple[int, str]]:
    for match in _CLAUSE.finditer(sentence):
        position = 0
        for cut in _AND.finditer(match[0]):
            yield match.start() + position, match[0][position : cut.start()]
            position = cut.start()
        yield match.start() + position, match[0][position:]


def _promised(clause: str, sentence: str, heading: str, kind: str, before: str) -> str:
    """The name of the promise that a clause's figure makes; "" where none or several fit."""
    words, around, above = (tokens(_RETURNS.sub(lambda match: "退货".ljust(len(match[0])), text)) for text in (clause, sentence, heading))
    named, implied = [], []
    for promise in _tables().promises:
        if promise.kind != kind or promise.never.any(words):
            continue
        topical = promise.about.any(above) or promise.about.any(around)
        if promise.any.any(words):
            if topical or not promise.both:
                named.append((promise.name, promise.about.any(above)))
        elif not promise.both and promise.about.any(above):
            implied.append(promise.name)
    if len(named) > 1:
        named = [entry for entry in named if entry[1]]
    if named:
        return named[0][0] if len(named) == 1 else ""
    if before and before in {promise.name for promise in _tables().promises if promise.kind == kind and not promise.never.any(words)}:
        return before
    return implied[0] if len(implied) == 1 else ""


def _without(clause: str, amounts: Sequence[Figure]) -> str:
    kept = list(clause)
    for amount in amounts:
        kept[amount.start : amount.end] = " " * (amount.end - amount.start)
    return "".join(kept)


def _other_words(text: str) -> frozenset[str]:
    """Words that may limit a promise in a way we do not know."""
    tables = _tables()
    rest = list(text)
    for found in tables.limits.find(text):
        rest[found.start : found.end] = " " * (found.end - found.start)
    return frozenset(word for word in _split("".join(rest)) if word not in tables.neutral and not (len(word) == 1 and word.isascii()))
