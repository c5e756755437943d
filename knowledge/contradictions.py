"""What a shop says in two ways: pure functions over the documents of a revision.

Two places contradict each other only where they speak of the same thing under the same conditions; what is in doubt is no finding, since a
merchant who is shown false ones stops reading. Promises in FAQ and policies are compared in knowledge/terms.py, attributes with the text of
their product in knowledge/product_texts.py.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import combinations

import rjieba

from knowledge.faq import FaqEntry
from knowledge.figures import MONEY, SHARE, TIME, Figure, figures
from knowledge.folding import fold
from knowledge.phrases import stem
from knowledge.policy import Policy
from knowledge.product_texts import product_contradictions
from knowledge.promotion import Promotion
from knowledge.said import Contradiction, Place
from knowledge.store import Document, DocumentKind
from knowledge.terms import Term, ambiguous, terms_of

__all__ = ["Contradiction", "Place", "contradicting", "contradictions"]

_STOPS = frozenset(
    ["a", "an", "the", "do", "doe", "does", "did", "is", "are", "am", "be", "can", "could", "may", "i", "we", "you", "my", "your", "our", "to", "of", "for", "in", "on", "at",
     "it", "its", "if", "and", "or", "will", "would", "there", "any", "please", "with", "have", "has", "me", "us", "that", "this", "when", "so", "get",
     "的", "了", "吗", "呢", "么", "啊", "吧", "请问", "你们", "我们", "您", "你", "我", "是", "是否", "可以", "能", "会", "有", "要", "想", "一下", "呀", "请", "在"]
)  # fmt: skip
_YES = re.compile(r"^\W*(?:yes|yep|of course|certainly|sure|可以|能的?|有的?|是的?|支持|会的?)(?:[\s,.:;!，。：；！、]|$)", re.IGNORECASE)
_NO = re.compile(
    r"^\W*(?:no|unfortunately not|sorry[, ]+(?:no|we (?:do not|don't|cannot|can't))|不可以|不能|没有|不是|不支持|不会|暂不|抱歉，?(?:不|暂不|没有))",
    re.IGNORECASE,
)
MOST_ALIKE = 10
"""Places of one figure that are held against those of another: beyond, more pairs tell a merchant nothing new."""
_NEAR = 0.8
"""Share of words that two questions must have in common to be the same question."""


def contradictions(documents: Iterable[Document], *, currency: str = "USD") -> list[Contradiction]:
    """Every contradiction among these documents, those between FAQ and policies first. `currency`: what "$" or "¥" is taken for."""
    held = list(documents)
    entries = [document for document in held if isinstance(document.body, FaqEntry)]
    promises = [document for document in held if isinstance(document.body, FaqEntry | Policy)]
    found: list[Contradiction] = []
    found.extend(_same_questions(entries, currency))
    told = {frozenset((one.first.key, one.second.key)) for one in found}
    found.extend(one for one in _terms(promises, currency) if frozenset((one.first.key, one.second.key)) not in told)
    found.extend(one for document in entries for one in _languages(document, currency))
    found.extend(_promotions([document for document in held if isinstance(document.body, Promotion)], promises, currency))
    for document in held:
        if document.kind is DocumentKind.PRODUCT:
            found.extend(product_contradictions(document))
    return list(dict.fromkeys(found))


def contradicting(found: Sequence[Contradiction], keys: Collection[tuple[DocumentKind, str]]) -> list[Contradiction]:
    """Those of which both places are among `keys` (kind, id): what an answer that rests on these documents must say openly."""
    wanted = {(DocumentKind(kind), identity) for kind, identity in keys}
    return [one for one in found if one.first.key in wanted and one.second.key in wanted]


def _words(text: str) -> frozenset[str]:
    return frozenset(word for raw in rjieba.cut(fold(text)) if re.search(r"\w", word := stem(raw.strip())) and word not in _STOPS)


def _answers(document: Document, language: str) -> Place | None:
    body = document.body
    assert isinstance(body, FaqEntry)
    text = body.answer.get(language, "")
    return Place(document.kind, document.id, document.source, "answer", language, text) if text else None


def _same_questions(entries: Sequence[Document], currency: str) -> Iterator[Contradiction]:
    """Two entries that ask the same and answer with other figures, or with yes and no."""
    asked: dict[str, list[tuple[frozenset[str], Document]]] = defaultdict(list)
    for document in entries:
        body = document.body
        assert isinstance(body, FaqEntry)
        for language, question in body.question.items():
            for phrase in (question, *body.also_asked.get(language, ())):
                if len(words := _words(phrase)) >= 2:
                    asked[language].append((words, document))
    seen: set[tuple[str, str, str]] = set()
    for language, phrases in asked.items():
        by_word: dict[str, list[int]] = defaultdict(list)
        for place, (words, _) in enumerate(phrases):
            by_word[min(words)].append(place)
            for word in words:
                by_word[word].append(place)
        for place, (words, document) in enumerate(phrases):
            rarest = min(words, key=lambda word: len(by_word[word]))
            for other in by_word[rarest]:
                theirs, second = phrases[other]
                key = (language, *sorted((document.id, second.id)))
                if other <= place or document.id == second.id or key in seen or len(words & theirs) < _NEAR * len(words | theirs):
                    continue
                seen.add(key)  # type: ignore[arg-type]
                yield from _opposed(document, second, language, currency)


def _opposed(first: Document, second: Document, language: str, currency: str) -> Iterator[Contradiction]:
    one, other = _answers(first, language), _answers(second, language)
    if one is None or other is None:
        return
    if (_YES.match(one.text) and _NO.match(other.text)) or (_NO.match(one.text) and _YES.match(other.text)):
        yield Contradiction("polarity", "", one.quoting(0, 0), other.quoting(0, 0))
        return
    mine, theirs = figures(one.text, currency), figures(other.text, currency)
    for kind in (MONEY, TIME, SHARE):
        left, right = [f for f in mine if f.kind == kind], [f for f in theirs if f.kind == kind]
        if left and right and not any(a.agrees(b) for a in left for b in right):
            yield Contradiction("faq_faq", kind, one.quoting(left[0].start, left[0].end), other.quoting(right[0].start, right[0].end))
            return


def _terms(documents: Sequence[Document], currency: str) -> Iterator[Contradiction]:
    """The same promise with another figure: FAQ against policy, and either against its like, in one language or two."""
    by_promise: dict[tuple[object, ...], dict[tuple[float, float], list[Term]]] = defaultdict(lambda: defaultdict(list))
    of_document: dict[tuple[str, DocumentKind, str], list[Figure]] = defaultdict(list)
    for document in documents:
        found = terms_of(document, currency)
        for term in found:
            if not ambiguous(term, found):
                alike = by_promise[term.name, term.limits, term.words, term.figure.unit][term.figure.low, term.figure.high]
                if len(alike) < MOST_ALIKE:
                    alike.append(term)
                of_document[term.name, document.kind, document.id].append(term.figure)
    told: set[tuple[str, frozenset[tuple[DocumentKind, str]]]] = set()
    for by_figure in by_promise.values():
        for one, other in ((one, other) for left, right in combinations(by_figure.values(), 2) for one in left for other in right):
            pair = (one.name, frozenset((one.place.key, other.place.key)))
            if one.place.key == other.place.key or pair in told or not one.comparable(other) or one.figure.agrees(other.figure):
                continue
            if any(one.figure.agrees(figure) for figure in of_document[one.name, *other.place.key]):
                continue
            if any(other.figure.agrees(figure) for figure in of_document[one.name, *one.place.key]):
                continue
            told.add(pair)
            yield Contradiction("terms", one.name, one.quoted, other.quoted)


def _languages(document: Document, currency: str) -> Iterator[Contradiction]:
    """One entry whose answers in two languages each name a figure that the other has not."""
    body = document.body
    assert isinstance(body, FaqEntry)
    for first, second in combinations([language for language in body.answer if language != "und"], 2):
        one, other = _answers(document, first), _answers(document, second)
        if one is None or other is None:
            continue
        mine, theirs = figures(one.text, currency), figures(other.text, currency)
        for kind in (MONEY, TIME, SHARE):
            left, right = [f for f in mine if f.kind == kind], [f for f in theirs if f.kind == kind]
            lone = [f for f in left if not any(f.agrees(g) for g in right)]
            lonely = [f for f in right if not any(f.agrees(g) for g in left)]
            if lone and lonely and len(left) == len(right):
                yield Contradiction(
                    "languages", kind, one.quoting(lone[0].start, lone[0].end), other.quoting(lonely[0].start, lonely[0].end)
                )
                break


def _promotions(promotions: Sequence[Document], documents: Sequence[Document], currency: str) -> Iterator[Contradiction]:
    """A code with another percentage beside it than the promotion has."""
    by_code = {
        body.code.casefold(): (document, body)
        for document in promotions
        if isinstance(body := document.body, Promotion) and body.percent_off is not None and len(body.code) >= 4
    }
    if not by_code:
        return
    code = re.compile(rf"(?<![\w-])({'|'.join(re.escape(name) for name in by_code)})(?![\w-])")
    for document in documents:
        for place in places_of(document):
            if not code.search(place.text.casefold()):
                continue
            for sentence in re.finditer(r"[^.!?。！？\n]+(?:\.\d[^.!?。！？\n]*)*", place.text):
                named = {match[1] for match in code.finditer(sentence[0].casefold())}
                shares = [figure for figure in figures(sentence[0], currency) if figure.kind == SHARE]
                if len(named) != 1 or not shares:
                    continue
                promoted, body = by_code[named.pop()]
                percent = float(body.percent_off or 0)
                if all(abs(share.low - percent) > 0.01 for share in shares):
                    stated = Place(DocumentKind.PROMOTION, promoted.id, promoted.source, "percent_off", place.language, f"{percent:g} %")
                    start = sentence.start() + shares[0].start
                    yield Contradiction(
                        "promotion_text", "", stated.quoting(0, len(stated.text)), place.quoting(start, sentence.start() + shares[0].end)
                    )


def places_of(document: Document) -> Iterator[Place]:
    """The texts of a FAQ entry or policy that promise something."""
    body = document.body
    if isinstance(body, FaqEntry):
        for language in body.answer:
            if (place := _answers(document, language)) is not None:
                yield place
    elif isinstance(body, Policy):
        for section in body.sections:
            yield Place(document.kind, document.id, document.source, section.anchor, body.language, section.text)
