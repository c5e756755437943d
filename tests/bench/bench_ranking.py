"""The best of given texts, and whether any answers: ePQA, semiPQA, hetPQA, beside BM25 and the embedding alone. Prints JSON.

What is shipped has learnt from these questions (decision 13), so no bar is held against it here: fit_ranking.py measures what was left out.
"""

import asyncio
from collections.abc import Sequence

import numpy as np

from bot.evaluation.figures import Report
from bot.evaluation.ranking_set import Rank, RankedQuestion, measure_ranking
from retrieval.embedding import open_embedder
from retrieval.packaged_e5.embedder import PackagedE5
from retrieval.ranking import Candidate, Ranked, Ranker, Ranking, TextVectors
from retrieval.structured_text import readable
from tests.bench.baselines import BM25
from tests.bench.public_sets import ranking
from tests.bench.rows import Row, figure_row, latency_rows, tell

BATCH = 256
NAMES = {"epqa": "ePQA, best of ten", "semipqa": "semiPQA, question to attribute", "hetpqa": "hetPQA, question to evidence"}


def by_score(score: Sequence[float], candidates: Sequence[Candidate]) -> Ranking:
    """A ranking of plain scores; the best one stands for whether any answers."""
    order = np.argsort(-np.asarray(score), kind="stable")
    return Ranking(tuple(Ranked(candidates[i].id, float(score[i]), 0, 0, 0) for i in order), float(max(score)))


def words_alone(query: str, candidates: Sequence[Candidate]) -> Ranking:
    """BM25 over the candidates."""
    return by_score(list(BM25([str(c.id) for c in candidates], [c.text for c in candidates]).scores(query)), candidates)


async def main() -> None:
    """Measures each set that is there."""
    embedder = open_embedder()
    vectors, held = TextVectors(embedder, remembered=100_000), dict[str, np.ndarray]()
    ranker, forgetful = Ranker(embedder, vectors), PackagedE5(remembered=0)  # so that each way pays for embedding the question

    def vectors_alone(query: str, candidates: Sequence[Candidate]) -> Ranking:
        rows = np.stack([held[readable(c.text)] for c in candidates])
        return by_score(list(rows @ forgetful.embed_query(query)), candidates)

    rows: list[Row] = []
    for name in NAMES:
        questions = ranking(name)
        if not questions:
            continue
        # As in a shop, whose texts are embedded when they are imported.
        texts = sorted({readable(candidate.text) for question in questions for candidate in question.candidates}, key=len)
        for start in range(0, len(texts), BATCH):
            part = texts[start : start + BATCH]
            held.update(zip(part, embedder.embed(part), strict=True))
        vectors.put(held)
        ours, words, dense = [await measured(questions, rank) for rank in (ranker.rank, words_alone, vectors_alone)]
        for figure in ours.figures:
            others = {other: value(report, figure.name) for other, report in (("BM25", words), ("dense", dense))}
            rows.append(figure_row(f"{NAMES[name]}: {figure.name}", figure, **others))
        rows += latency_rows(f"{NAMES[name]}: a question", ours.latency, BM25=words.latency, dense=dense.latency)
    tell(rows)


async def measured(questions: Sequence[RankedQuestion], rank: Rank) -> Report:
    """One way of ranking."""
    return await measure_ranking("", questions, rank)


def value(report: Report, name: str) -> float:
    """Of all questions."""
    return next(figure.value for figure in report.figures if figure.name == name and not figure.language)


if __name__ == "__main__":
    asyncio.run(main())
