"""Finding: ePQA's open search, and the demo shop's FAQ by other words, by the other language and by answers alone; beside BM25, the embedding
alone, and the plain chain of LangChain and Chroma. Prints JSON."""

import asyncio
import json
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.assembly import Services, services
from bot.commands.evaluating import corpus_shop
from bot.commands.searching import found_ids
from bot.evaluation.asking import Search
from bot.evaluation.figures import Report
from bot.evaluation.retrieval_set import CorpusDocument, JudgedQuery, RetrievalSet, measure_retrieval
from bot.settings import load_settings
from knowledge.faq import FaqEntry
from knowledge.importing import read_files
from retrieval.packaged_e5.embedder import PackagedE5
from tests.bench.baselines import BM25, Dense, PlainChain
from tests.bench.public_sets import ROOT, open_search
from tests.bench.rows import Row, figure_row, latency_rows, tell

LANGUAGES = ("en", "zh")
SHOWN = ("hit@1", "hit@5", "MRR@10")


def entries() -> list[FaqEntry]:
    """The demo shop's."""
    documents = read_files([ROOT / "knowledge" / "demo" / "faq.csv"])[0].documents
    return [document.body for document in documents if isinstance(document.body, FaqEntry)]


def phrasings(language: str) -> tuple[JudgedQuery, ...]:
    """The further phrasings of every entry, which the index does not see."""
    asked = [(entry.id, text) for entry in entries() for text in entry.also_asked.get(language, ())]
    return tuple(JudgedQuery(f"{id}/{n}", language, text, {id: 1.0}) for n, (id, text) in enumerate(asked))


def answers_alone(language: str) -> RetrievalSet:
    """Each entry by its answer, asked by its question."""
    found = [entry for entry in entries() if language in entry.question and language in entry.answer]
    corpus = tuple(CorpusDocument(entry.id, "faq", "", entry.answer[language]) for entry in found)
    return RetrievalSet("test", corpus, tuple(JudgedQuery(e.id, language, e.question[language], {e.id: 1.0}) for e in found))


async def shop_of_entries(parts: Services, languages: Sequence[str]) -> Search:
    """The demo shop's FAQ in these languages, without the further phrasings."""
    shop = await parts.knowledge.create_shop("faq-" + "-".join(languages))
    rows = []
    for entry in entries():
        row = {"id": entry.id}
        for language in languages:
            row |= {f"question_{language}": entry.question.get(language, ""), f"answer_{language}": entry.answer.get(language, "")}
        rows.append(row | {"question": row[f"question_{languages[0]}"], "answer": row[f"answer_{languages[0]}"], "language": languages[0]})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "faq.jsonl"
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
        await parts.knowledge.import_files(shop, [path])

    async def search(text: str, top: int) -> list[str]:
        return await found_ids(parts.retriever, shop, text, top)

    return search


def plainly(search: Callable[[str, int], Sequence[str]]) -> Search:
    """A search that blocks, as one that may be waited for."""

    async def found(text: str, top: int) -> Sequence[str]:
        return search(text, top)

    return found


async def beside(parts: Services, judged: RetrievalSet, ours: Search, texts: Sequence[tuple[str, str]]) -> dict[str, Report]:
    """Ours and the others over the same texts. (An entry that stands there in two languages is found by either.)"""
    names, words = [f"{id}\t{number}" for number, (id, _) in enumerate(texts)], [text for _, text in texts]
    vectors = await asyncio.to_thread(parts.embedder.embed, words)
    forgetful = PackagedE5(remembered=0)  # so that each way pays for embedding the question

    def ids(search: Callable[[str, int], Sequence[str]]) -> Search:
        def found(text: str, top: int) -> list[str]:
            return list(dict.fromkeys(name.split("\t")[0] for name in search(text, 2 * top)))[:top]

        return plainly(found)

    searches: dict[str, Search] = {
        "ours": ours,
        "BM25": ids(BM25(names, words).search),
        "dense": ids(Dense(forgetful, names, vectors).search),
        "plain chain": ids(PlainChain(forgetful, names, words, vectors).search),
    }
    return {name: await measure_retrieval("", judged, search) for name, search in searches.items()}


def rows_of(what: str, reports: dict[str, Report], bars: dict[str, float], *, timed: bool = False) -> list[Row]:
    """The figures shown of ours, with the others'."""
    others = {name: report for name, report in reports.items() if name != "ours"}
    rows = []
    for figure in reports["ours"].figures:
        if figure.name in SHOWN and not figure.language:
            values = {name: next(f.value for f in report.figures if f.name == figure.name) for name, report in others.items()}
            rows.append(figure_row(f"{what}: {figure.name}", figure, bars.get(figure.name), **values))
    if timed:
        rows += latency_rows(f"{what}: a search", reports["ours"].latency, **{name: report.latency for name, report in others.items()})
    return rows


async def main() -> None:
    """Measures each set that is there."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        async with services(load_settings(data=Path(folder) / "data", log_level="error")) as parts:
            if judged := open_search():
                texts = [(document.id, document.text) for document in judged.corpus]
                reports = await beside(parts, judged, await _corpus_search(parts, judged), texts)
                rows += rows_of(f"ePQA open search over {len(texts):,} texts", reports, {"hit@1": 0.48, "hit@5": 0.84}, timed=True)
            for language, bar in (("en", 0.81), ("zh", 0.90)):
                judged = answers_alone(language)
                texts = [(document.id, document.text) for document in judged.corpus]
                reports = await beside(parts, judged, await _corpus_search(parts, judged), texts)
                rows += rows_of(f"demo FAQ by its answers alone, {language}", reports, {"hit@1": bar})
            rows += await _other_words(parts)
    tell(rows)


async def _corpus_search(parts: Services, judged: RetrievalSet) -> Search:
    shop, ids = await corpus_shop(parts, judged.corpus)

    async def search(text: str, top: int) -> list[str]:
        return [ids[id] for id in await found_ids(parts.retriever, shop, text, top)]

    return search


async def _other_words(parts: Services) -> list[Row]:
    rows: list[Row] = []
    both = await shop_of_entries(parts, LANGUAGES)
    texts = [(e.id, f"{e.question.get(tag, '')}\n{e.answer.get(tag, '')}") for e in entries() for tag in LANGUAGES]
    first: dict[str, float] = {}
    for language in LANGUAGES:
        judged = RetrievalSet("test", (), phrasings(language))
        reports = await beside(parts, judged, both, texts)
        found = rows_of(f"demo FAQ in other words, {language}", reports, {"hit@1": 0.90}, timed=language == "en")
        rows += found
        first[language] = next(f.value for f in reports["ours"].figures if f.name == "hit@1")
    gap = abs(first["en"] - first["zh"])
    rows.append(
        Row("demo FAQ in other words: gap between en and zh", len(phrasings("en")), round(gap, 3), wanted="≤ 0.03", met=gap <= 0.03)
    )
    for asked, kept in (("zh", "en"), ("en", "zh")):
        alone = await shop_of_entries(parts, (kept,))
        texts = [(e.id, f"{e.question.get(kept, '')}\n{e.answer.get(kept, '')}") for e in entries()]
        reports = await beside(parts, RetrievalSet("test", (), phrasings(asked)), alone, texts)
        rows += rows_of(f"demo FAQ in {kept} alone, asked in other words in {asked}", reports, {"hit@1": 0.90})
    return rows


if __name__ == "__main__":
    asyncio.run(main())
