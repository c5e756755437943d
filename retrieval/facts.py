"""What a product's own data says to a question: attributes, options, description sentences and reviews, ranked like any candidates."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator, Sequence

from knowledge.catalog import Product
from knowledge.folding import fold
from knowledge.store import DocumentKind
from retrieval.embedding import Embedder
from retrieval.index import VectorIndex
from retrieval.passages import Statement, content_hash, languages_of, statements_of
from retrieval.quotable import without_mark
from retrieval.ranking import Candidate, Ranker, TextVectors
from retrieval.retriever import Hit, Passage
from retrieval.tokens import words
from retrieval.view import ShopView

_REVIEWS_MOST = 60
_CONCEPT = 2.0
"""Added for the property that was asked for by name. Merchants' names are cleaner than those of the sets that the weights were learnt on,
where it would cost a hundredth."""
_HAN = re.compile("[㐀-鿿]")
_WORD = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*")

Opened = Callable[[], Awaitable[VectorIndex]]


class FactFinder:
    """Ranks facts; keeps the vectors of statements it has seen, of all shops."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._vectors = TextVectors(embedder)
        self._ranker = Ranker(embedder, self._vectors)

    async def find(
        self, view: ShopView, index: Opened, product_ids: Sequence[str], question: str, language: str
    ) -> tuple[dict[str, tuple[Hit, ...]], dict[str, float]]:
        """By product id its hits, best first, and how likely any of its own answers (0..1). Unknown products are left out. `index`: opens the
        index, only where something is not in memory."""
        products = [view.products[id] for id in dict.fromkeys(product_ids) if id in view.products]
        stated = {product.id: (product, _passages(view, product, language)) for product in products}
        await self._fetch(index, [p for _, passages in stated.values() for p, _ in passages])
        return await asyncio.to_thread(self._rank, stated, question)

    async def _fetch(self, index: Opened, passages: Sequence[Passage]) -> None:
        """Vectors that were embedded with the revision, for texts not seen before."""
        texts = [passage.embedded for passage in passages]
        texts += [name for passage in passages if (name := _name(passage))]
        lacking = {content_hash(text): text for text in self._vectors.missing(texts)}
        if lacking:
            found = await (await index()).vectors(list(lacking))
            self._vectors.put({lacking[hash]: vector for hash, vector in found.items()})

    def _rank(
        self, stated: dict[str, tuple[Product, list[tuple[Passage, str]]]], question: str
    ) -> tuple[dict[str, tuple[Hit, ...]], dict[str, float]]:
        found: dict[str, tuple[Hit, ...]] = {}
        sure: dict[str, float] = {}
        for id, (product, passages) in stated.items():
            if not passages:
                found[id], sure[id] = (), 0.0
                continue
            asked = without_product(question, product)
            candidates = [Candidate(i, passage.embedded, name) for i, (passage, name) in enumerate(passages)]
            ranking = self._ranker.rank(asked, candidates, concept=_CONCEPT)
            sure[id] = ranking.answerable
            found[id] = tuple(Hit(passages[int(str(r.id))][0], r.score, r.dense, r.lexical, False, r.coverage) for r in ranking.ranked)
        return found, sure


def without_product(question: str, product: Product) -> str:
    """The question without the product's name, SKU and brand: what is left says what is asked of it. Unchanged if nothing would be left."""
    folded = fold(question)
    cut = [False] * len(question)
    names = [*product.title.values(), product.brand, product.id, *(variant.sku for variant in product.variants)]
    for name in sorted(filter(None, map(fold, names)), key=len, reverse=True):
        start = folded.find(name)
        while start >= 0 and len(name) > 1:
            cut[start : start + len(name)] = [True] * len(name)
            start = folded.find(name, start + 1)
    title = {word for name in (*product.title.values(), product.brand) for word in words(name)}
    run: list[re.Match[str]] = []
    for match in [*_WORD.finditer(question), None]:
        if match is not None and match.group().isascii() and set(words(match.group())) <= title:
            run.append(match)
            continue
        if len(run) > 1 or any(any(c.isdigit() for c in m.group()) for m in run):
            cut[run[0].start() : run[-1].end()] = [True] * (run[-1].end() - run[0].start())
        run = []
    for start, end in _chinese_in(question, folded, [fold(name) for name in product.title.values()]):
        cut[start:end] = [True] * (end - start)
    left = " ".join("".join(" " if gone else c for c, gone in zip(question, cut, strict=True)).split())
    return left if len(words(left)) > 1 or len(_HAN.findall(left)) > 1 else question


def _chinese_in(question: str, folded: str, titles: list[str]) -> Iterator[tuple[int, int]]:
    """Spans of at least two Chinese characters that stand in a title: "水壶" of "电热水壶"."""
    start = 0
    while start < len(question) - 1:
        end = start
        while end < len(question) and _HAN.match(folded[end]) and any(folded[start : end + 1] in title for title in titles):
            end += 1
        if end - start > 1:
            yield start, end
        start = max(end, start + 1)


def _passages(view: ShopView, product: Product, language: str) -> list[tuple[Passage, str]]:
    """Statements in the customer's language (or of none, or all where there are none) with their attribute's name, then reviews."""
    base = language.split("-", maxsplit=1)[0]
    languages = languages_of(product)
    every = statements_of(product)
    chosen = [s for s in every if s.language.split("-", maxsplit=1)[0] == base or s.language == "und"] or every
    spoken = {s.language for s in chosen}
    chosen += [s for s in every if s.language not in spoken and s.language not in languages]
    found = [(_statement(product, statement), statement.name) for statement in chosen]
    for review in list(view.reviews.get(product.id, ()))[:_REVIEWS_MOST]:
        text = " ".join(review.text.split())[:1500]
        if text:
            id = f"review:{review.id}#text:{review.language}"
            found.append(
                (Passage(id, DocumentKind.REVIEW, review.id, "review", review.language, review.text, text, content_hash(text)), "")
            )
    return found


def _statement(product: Product, statement: Statement) -> Passage:
    return Passage(
        id=f"product:{product.id}#{statement.field}:{statement.language}",
        kind=DocumentKind.PRODUCT,
        document_id=product.id,
        field=statement.field,
        language=statement.language,
        text=without_mark(statement.text),
        embedded=statement.text,
        hash=content_hash(statement.text),
    )


def _name(passage: Passage) -> str:
    kind, _, name = passage.field.partition(":")
    return name if kind in ("attribute", "option") else ""
