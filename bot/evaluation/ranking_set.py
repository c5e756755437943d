"""Candidate ranking: a question, texts of which some answer it, and whether any does."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.evaluation.asking import timed
from bot.evaluation.figures import Failure, Figure, Report, by_language, latency_of, mean, rate
from bot.evaluation.intervals import of_statistic
from bot.evaluation.lines import Line, json_lines
from bot.understanding.language import detect
from retrieval.evaluation import auc, ndcg
from retrieval.ranking import Candidate, Ranking

Rank = Callable[[str, Sequence[Candidate]], Ranking]


@dataclass(frozen=True, slots=True)
class RankedQuestion:
    """`labels`: one a candidate, 0 for one that does not help."""

    id: str
    language: str
    text: str
    candidates: tuple[Candidate, ...]
    labels: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class _Outcome:
    question: RankedQuestion
    labels: tuple[float, ...]
    """Best first."""
    answerable: float

    @property
    def language(self) -> str:
        return self.question.language


def read_ranking(path: Path) -> list[RankedQuestion]:
    """Raises InvalidInput for a line that can't be used."""
    return [_question(line) for line in json_lines(path)]


def _question(line: Line) -> RankedQuestion:
    candidates = line.objects("candidates")
    ids = [candidate.text("id") for candidate in candidates]
    if len(set(ids)) < len(ids):
        raise line.wrong("two candidates have the same id")
    text = line.text("query")
    language = line.text("language", "") or detect(text, shop_languages=("en", "zh"))
    shown = tuple(Candidate(id, candidate.text("text")) for id, candidate in zip(ids, candidates, strict=True))
    return RankedQuestion(line.text("id"), language, text, shown, tuple(candidate.number_of("label") for candidate in candidates))


async def measure_ranking(dataset: str, questions: Sequence[RankedQuestion], rank: Rank) -> Report:
    """P@1 (the first has the set's highest label) and nDCG@10 (gain 2^label - 1) over the questions that have such a candidate; AUC of
    `answerable` over all, where any label above 0 is an answer."""
    top = max(label for question in questions for label in question.labels)
    milliseconds: list[float] = []
    outcomes = []
    for question in questions:
        ranking = await timed(milliseconds, asyncio.to_thread(rank, question.text, question.candidates))
        by_id = dict(zip((candidate.id for candidate in question.candidates), question.labels, strict=True))
        outcomes.append(_Outcome(question, tuple(by_id[id] for id, _ in ranking.ranking), ranking.answerable))

    def figures(chosen: Sequence[_Outcome], language: str) -> list[Figure]:
        full = [outcome for outcome in chosen if top > 0 and max(outcome.labels) == top]
        found = [
            rate("P@1", (outcome.labels[0] == top for outcome in full), language),
            mean("nDCG@10", (ndcg([2.0**label - 1 for label in outcome.labels]) for outcome in full), language),
        ]
        has, sure = [max(outcome.labels) > 0 for outcome in chosen], [outcome.answerable for outcome in chosen]
        if len(set(has)) == 2:
            spread = of_statistic(len(has), lambda drawn: auc([has[i] for i in drawn], [sure[i] for i in drawn]))
            found.append(Figure("AUC of answerable", auc(has, sure), len(has), spread, language))
        return found

    missed = tuple(
        Failure(outcome.question.id, outcome.language, outcome.question.text, ("the best candidate is not first",))
        for outcome in outcomes
        if top > 0 and max(outcome.labels) == top != outcome.labels[0]
    )
    return Report(dataset, "ranking", len(questions), by_language(outcomes, figures), latency_of(milliseconds), missed)
