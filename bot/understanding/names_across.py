"""Products that a Chinese message names where the shop writes its titles in another language: 平衡车 for "Balance Bike".

The thing that is said and the titles are compared by their embeddings, each less the mean of its own language: what is left is what
it is about; and by the words that a dictionary has for it (title_glosses.py). A name is told by being like one title and clearly
less like all others. Of 68 names of goods in five shops it tells 70 % (33 % by the embeddings alone) and 2 % wrongly.
"""

import csv
import re
from collections import OrderedDict
from collections.abc import Sequence
from functools import cached_property
from importlib import resources
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.understanding.goods import parted
from bot.understanding.lexicon import lexicon, values
from bot.understanding.question import Subject
from bot.understanding.title_glosses import TitleGlosses
from knowledge.attribute_names import concepts_in
from knowledge.folding import fold
from knowledge.phrases import tokens
from retrieval.view import ShopView

Vectors = NDArray[np.float32]

GLOSSED = 0.5
"""Weight of the dictionary beside the cosine."""
LIKE, AHEAD = 0.33, 0.07
"""A guess: how like what is said is to the title, and how far that is ahead of the next."""
SURELY_LIKE, SURELY_AHEAD = 0.45, 0.12
"""A name, also where another product was spoken of before."""
TITLES_MOST = 300
"""Titles that are embedded at the first question, about 3 ms each; a larger catalog is left to finding."""
_LONGEST = 14
"""Characters: a longer run is no name."""
THINGS_MOST = 4
_KEPT = 4
_HAN = re.compile(r"[㐀-鿿]")
_HAN_RUN = re.compile(r"[㐀-鿿]{2,}")


class Embeds(Protocol):
    """What is needed of an embedder (retrieval/embedding.py)."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """(texts, dim), rows normalised."""
        ...

    def embed_query(self, text: str) -> Vectors:
        """(dim,), normalised."""
        ...


class NamesAcross:
    """Finds what a Chinese message names among titles of another language. Keeps the titles' vectors of a few revisions."""

    def __init__(self, embedder: Embeds) -> None:
        self._embedder = embedder
        self._titles: OrderedDict[tuple[str, int, int], tuple[tuple[str, ...], Vectors, TitleGlosses]] = OrderedDict()

    def named(self, text: str, view: ShopView, *, surely: bool = False) -> tuple[Subject, ...]:
        """The products that are named, in the order said; none where the titles are Chinese or too many. `surely`: no mere guess. Blocks: embeds
        up to four short texts, and all titles once a revision."""
        if not _HAN.search(text) or len(view.products) > TITLES_MOST:
            return ()
        said = things_said(text)
        if not said:
            return ()
        ids, titles, glosses = self._of(view)
        if len(ids) < 3:
            return ()
        like, ahead = (SURELY_LIKE, SURELY_AHEAD) if surely else (LIKE, AHEAD)
        found: dict[str, Subject] = {}
        for thing in said:
            scores = titles @ _even(self._embedder.embed_query(thing)[None, :] - self._ordinary)[0] + GLOSSED * glosses.scores(thing)
            first, second = np.argsort(-scores)[:2]
            score, lead = float(scores[first]), float(scores[first] - scores[second])
            if score >= like and lead >= ahead:
                sure = score >= SURELY_LIKE and lead >= SURELY_AHEAD
                if ids[first] not in found or sure:
                    found[ids[first]] = Subject(ids[first], None, sure, "likeness")
        return tuple(found.values())

    def read_ahead(self, view: ShopView) -> None:
        """Embeds the titles of a view and reads the dictionary. Blocks."""
        if len(view.products) <= TITLES_MOST and len(self._of(view)[0]) >= 3:
            _ = self._ordinary
            things_said("灯")  # reads the dictionary

    def _of(self, view: ShopView) -> tuple[tuple[str, ...], Vectors, TitleGlosses]:
        key = (view.shop.id, view.revision, id(view.products))
        if key not in self._titles:
            foreign = {id: " ".join(p.title.values()) for id, p in view.products.items() if not any(map(_HAN.search, p.title.values()))}
            vectors = self._embedder.embed(list(foreign.values())) if len(foreign) > 2 else np.zeros((0, 1), dtype=np.float32)
            even = _even(vectors - vectors.mean(axis=0)) if len(foreign) > 2 else vectors
            self._titles[key] = (tuple(foreign), even, TitleGlosses(list(foreign.values())))
            while len(self._titles) > _KEPT:
                self._titles.popitem(last=False)
        return self._titles[key]

    @cached_property
    def _ordinary(self) -> Vectors:
        """The mean of Chinese names of goods: those of the demo shop."""
        table = resources.files("knowledge").joinpath("demo", "products.csv").read_text(encoding="utf-8-sig")
        names = dict.fromkeys(row["title_zh"] for row in csv.DictReader(table.splitlines()) if row["title_zh"])
        mean: Vectors = self._embedder.embed(list(names)).mean(axis=0)
        return mean


def things_said(text: str) -> list[str]:
    """Chinese runs that may name a thing: without what asks for a price, a stock or a property."""
    row, folded = tokens(text[:300]), fold(text[:300])
    cues = lexicon().intents
    asking = [(hit.start, hit.end) for key in ("availability", "price", "promotion") for hit in cues[key].find(row)]
    asking += [(start, end) for _, start, end in concepts_in(row)]
    for start, end in asking:
        folded = folded[:start] + " " * (end - start) + folded[end:]
    runs = [match.group() for match in _HAN_RUN.finditer(parted(folded))]
    things = [run for run in runs if len(run) <= _LONGEST and not values().by_word.get(run) and not values().people.get(run)]
    return list(dict.fromkeys(things))[:THINGS_MOST]


def _even(vectors: Vectors) -> Vectors:
    even: Vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), np.float32(1e-9))
    return even
