"""BEIR-style retrieval: a corpus, queries, and which documents answer which (Thakur et al. 2021, arXiv 2104.08663)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.evaluation.asking import Search, timed
from bot.evaluation.figures import Failure, Figure, Report, by_language, latency_of, mean, rate
from bot.evaluation.lines import Line, json_lines, table_lines
from bot.understanding.language import detect
from retrieval.evaluation import ndcg, recall_at, reciprocal_rank

TOP = 10
KINDS = ("product", "faq")
LANGUAGES = ("en", "zh")


@dataclass(frozen=True, slots=True)
class CorpusDocument:
    """A text that can be found. A product has a title; a FAQ entry may have none: it is found by its answer alone."""

    id: str
    kind: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class JudgedQuery:
    """A query with the grade of every document that answers it (above 0)."""

    id: str
    language: str
    text: str
    grades: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class RetrievalSet:
    """One corpus and one file of judgements."""

    name: str
    """The file of judgements, without its ending."""
    corpus: tuple[CorpusDocument, ...]
    queries: tuple[JudgedQuery, ...]


def read_retrieval(folder: Path, qrels: Sequence[Path]) -> list[RetrievalSet]:
    """A set for each file of judgements. Raises InvalidInput for a line that can't be used or names what is not there."""
    corpus = tuple(_document(line) for line in _unique(json_lines(folder / "corpus.jsonl")))
    known = {document.id for document in corpus}
    queries = {line.text("_id"): line for line in _unique(json_lines(folder / "queries.jsonl"))}
    sets = []
    for path in qrels:
        grades: dict[str, dict[str, float]] = {}
        for line in table_lines(path, "\t"):
            query, document = line.text("query-id"), line.text("corpus-id")
            if query not in queries or document not in known:
                what = f'query "{query}"' if query not in queries else f'document "{document}"'
                raise line.wrong(f"there is no {what}")
            try:
                grade = float(line.text("score"))
            except ValueError:
                raise line.wrong('"score" must be a number') from None
            judged = grades.setdefault(query, {})
            if grade > 0:
                judged[document] = grade
        judged_queries = (_query(queries[id], found) for id, found in grades.items() if found)
        sets.append(RetrievalSet(path.stem, corpus, tuple(judged_queries)))
    return sets


def _unique(lines: Sequence[Line]) -> Sequence[Line]:
    seen: set[str] = set()
    for line in lines:
        if (id := line.text("_id")) in seen:
            raise line.wrong(f'the id "{id}" stands there a second time')
        seen.add(id)
    return lines


def _document(line: Line) -> CorpusDocument:
    title, text = line.text("title", "").strip(), line.text("text", "").strip()
    kind = line.text("kind", "product" if title else "faq")
    if kind not in KINDS:
        raise line.wrong(f'"kind" must be one of {", ".join(KINDS)}')
    if not (title if kind == "product" else text):
        raise line.wrong('a product needs a "title", a FAQ entry a "text"')
    return CorpusDocument(line.text("_id"), kind, title, text)


def _query(line: Line, grades: Mapping[str, float]) -> JudgedQuery:
    text = line.text("text")
    return JudgedQuery(line.text("_id"), line.text("language", "") or detect(text, shop_languages=LANGUAGES), text, grades)


async def measure_retrieval(dataset: str, judged: RetrievalSet, search: Search) -> Report:
    """hit@1, hit@5, MRR@10, nDCG@10 (gain 2^grade - 1), recall@10. A failure is a query without any relevant document among the ten."""
    milliseconds: list[float] = []
    rankings = {query.id: list(await timed(milliseconds, search(query.text, TOP))) for query in judged.queries}

    def figures(queries: Sequence[JudgedQuery], language: str) -> list[Figure]:
        found = [(rankings[query.id], query.grades) for query in queries]
        return [
            rate("hit@1", (bool(set(ids[:1]) & set(grades)) for ids, grades in found), language),
            rate("hit@5", (bool(set(ids[:5]) & set(grades)) for ids, grades in found), language),
            mean("MRR@10", (reciprocal_rank(ids, set(grades), TOP) for ids, grades in found), language),
            mean("nDCG@10", (gain(ids, grades) for ids, grades in found), language),
            mean("recall@10", (recall_at(ids, set(grades), TOP) for ids, grades in found), language),
        ]

    missed = tuple(
        Failure(query.id, query.language, query.text, tuple(f"document {id}" for id in query.grades))
        for query in judged.queries
        if not set(rankings[query.id]) & set(query.grades)
    )
    name = dataset if judged.name == "test" else f"{dataset} [{judged.name}]"
    return Report(name, "retrieval", len(judged.queries), by_language(judged.queries, figures), latency_of(milliseconds), missed)


def gain(ids: Sequence[str], grades: Mapping[str, float]) -> float:
    """nDCG@10 of a ranking; what it does not hold counts as missing."""
    rest = [grade for id, grade in grades.items() if id not in ids]
    gains = [2.0 ** grades.get(id, 0.0) - 1 for id in ids]
    padded = gains + [0.0] * max(0, TOP - len(gains))
    return ndcg([*padded, *(2.0**grade - 1 for grade in rest)], TOP)
