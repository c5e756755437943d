"""`zhanggui eval`: scores datasets in a world of their own; the shops of the data directory are neither read nor written."""

import json
import sys
import tempfile
import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

import httpx
from pydantic import SecretStr

from bot.app import create_app
from bot.assembly import Services, services
from bot.commands.searching import found_ids
from bot.commands.terminal import Terminal
from bot.demo import described_shop, load_demo
from bot.errors import InvalidInput, ZhangguiError
from bot.evaluation.adversarial_set import measure_adversarial
from bot.evaluation.asking import Ask, Post, Response
from bot.evaluation.conversation_set import measure_conversations
from bot.evaluation.datasets import SHOP_JSON, Dataset, fingerprint, read_dataset
from bot.evaluation.figures import Report
from bot.evaluation.history import WORSE, History, LastRun, change
from bot.evaluation.intent_set import measure_intents
from bot.evaluation.off_topic_set import measure_off_topic
from bot.evaluation.ranking_set import measure_ranking
from bot.evaluation.reporting import report_json, report_lines
from bot.evaluation.retrieval_set import CorpusDocument, measure_retrieval
from bot.readiness import Readiness
from bot.settings import Settings
from knowledge.errors import KnowledgeError
from knowledge.store import Shop
from retrieval.errors import RetrievalError
from retrieval.ranking import Ranker

HISTORY = "evaluation"
"""The folder of the data directory that keeps the figures of the last runs."""
_WAIT_SECONDS = 60


async def evaluate(settings: Settings, folders: Sequence[Path], times: int, as_json: bool, out: TextIO) -> int:
    """0 all is well; 1 a check failed, or a figure is worse than in the last run; 2 unusable datasets, with one sentence."""
    try:
        if times < 1:
            raise InvalidInput(f"--times {times} is too few; each conversation is held once at least.")
        datasets = [read_dataset(folder) for folder in folders]
        measured: list[tuple[Dataset, Report]] = []
        with tempfile.TemporaryDirectory(prefix="zhanggui-eval-") as world:
            async with services(own_world(settings, Path(world))) as parts:
                for dataset in datasets:
                    measured += [(dataset, report) for report in await measure(parts, dataset, times)]
        told = _compared(settings.data / HISTORY, measured)
    except (KnowledgeError, RetrievalError, ZhangguiError) as error:
        if not as_json:
            raise
        out.write(json.dumps({"datasets": [], "error": str(error)}, ensure_ascii=False) + "\n")
        return 2
    if as_json:
        out.write(json.dumps({"datasets": [report_json(*one) for one in told]}, ensure_ascii=False, indent=1) + "\n")
    else:
        for one in told:
            out.writelines(f"{line}\n" for line in report_lines(*one))
    failed = any(report.strict and report.failures for _, report in measured)
    return 1 if failed or any(WORSE in changes.values() for _, changes, _, _ in told) else 0


def own_world(settings: Settings, folder: Path) -> Settings:
    """The same models, prompts and patience on a directory of its own: no database, index, cache or channel of the installation's."""
    return settings.model_copy(
        update={
            "data": folder,
            "database_url": "",
            "chroma_url": "",
            "redis_url": "",
            "telegram_token": SecretStr(""),
            "telegram_tokens": {},
            "address_limit": 10**9,
        }
    )


Told = tuple[Report, Mapping[tuple[str, str], str], LastRun | None, bool]


def _compared(folder: Path, measured: Sequence[tuple[Dataset, Report]]) -> list[Told]:
    """Every report with what changed since the last run of the same dataset; from now on this is the last."""
    history, now, told = History(folder), datetime.now(UTC), list[Told]()
    for dataset, report in measured:
        files = fingerprint(dataset.folder)
        last = history.last(dataset.folder, report)
        comparable = last is not None and last.comparable(files)
        changes = {(figure.name, figure.language): change(figure, last) for figure in report.figures} if last and comparable else {}
        told.append((report, changes, last, comparable))
        history.keep(dataset.folder, report, files, now)
    return told


async def measure(parts: Services, dataset: Dataset, times: int = 1) -> list[Report]:
    """All that a folder holds, one report each, in shops made for it."""
    name = str(dataset.folder)
    reports: list[Report] = []

    def tell(kind: str, items: int) -> None:
        sys.stderr.write(f"{name}: {kind}, {items} items ...\n")

    if dataset.ranking:
        tell("ranking", len(dataset.ranking))
        reports.append(await measure_ranking(name, dataset.ranking, Ranker(parts.embedder).rank))
    if dataset.retrieval:
        shop, ids = await corpus_shop(parts, dataset.retrieval[0].corpus)

        async def search(text: str, top: int) -> list[str]:
            return [ids[id] for id in await found_ids(parts.retriever, shop, text, top)]

        for judged in dataset.retrieval:
            tell("retrieval", len(judged.queries))
            reports.append(await measure_retrieval(name, judged, search))
    if not dataset.asks_a_shop:
        return reports
    shop = await dataset_shop(parts, dataset)
    terminal = await Terminal.open(parts, shop)
    run = uuid.uuid4().hex

    def asked(kind: str) -> Ask:
        """Each part of each dataset has conversations of its own, also where two ask the same shop."""

        async def ask(conversation: str, text: str, language: str) -> Mapping[str, Any]:
            held = await terminal.conversation(f"{run}/{kind}/{conversation}", language=language)
            return await terminal.ask(held, text, language=language)

        return ask

    if dataset.intents:
        tell("intents", len(dataset.intents))
        reports.append(await measure_intents(name, dataset.intents, asked("intents")))
    if dataset.conversations:
        tell("conversations", len(dataset.conversations))
        reports.append(await measure_conversations(name, dataset.conversations, asked("conversations"), times=times))
    if dataset.pinned:
        tell("pinned", len(dataset.pinned))
        reports.append(await measure_conversations(name, dataset.pinned, asked("pinned"), times=times, kind="pinned"))
    if dataset.off_topic:
        tell("off_topic", len(dataset.off_topic))
        reports.append(await measure_off_topic(name, dataset.off_topic, asked("off_topic")))
    if dataset.adversarial:
        tell("adversarial", len(dataset.adversarial))
        async with _http_door(parts, shop) as post:
            reports.append(await measure_adversarial(name, dataset.adversarial, post, str(shop.settings)))
    return reports


async def dataset_shop(parts: Services, dataset: Dataset) -> Shop:
    """The shop that the dataset's questions are put to: its own files imported, else the demo shop. Raises InvalidInput when a row of a file
    is rejected, since figures on half a shop would mislead."""
    files = dataset.shop_files
    if not files:
        return await load_demo(parts)
    shop = await parts.knowledge.create_shop(f"eval-{uuid.uuid4().hex[:12]}")
    described = dataset.folder / SHOP_JSON
    if described.exists():
        try:
            shop = described_shop(shop, json.loads(described.read_text(encoding="utf-8")))
        except (ValueError, AttributeError, TypeError) as error:
            raise InvalidInput(f"{described} can't be read ({error}); it is an object like knowledge/demo/shop.toml.") from None
        await parts.knowledge.store.update_shop(shop)
    else:
        shop = await parts.knowledge.suit(shop, files)
    report = await parts.knowledge.import_files(shop, files)
    rejected = next((problem for problem in report.problems if problem.rejects), None)
    if rejected:
        raise InvalidInput(f"{rejected.path}, row {rejected.row}: {rejected.message}")
    return shop


async def corpus_shop(parts: Services, corpus: Sequence[CorpusDocument]) -> tuple[Shop, dict[str, str]]:
    """A shop of the corpus's texts, and its ids by those that stand in the shop: names of ours, so that an id is no word to be found by."""
    shop = await parts.knowledge.create_shop(f"eval-{uuid.uuid4().hex[:12]}")
    ids = {f"doc-{number:07d}": document.id for number, document in enumerate(corpus)}
    rows: dict[str, list[dict[str, object]]] = {"products": [], "faq": []}
    for own, document in zip(ids, corpus, strict=True):
        if document.kind == "product":
            rows["products"].append({"sku": own, "title": document.title, "description": document.text})
        else:
            rows["faq"].append({"id": own, "question": document.title, "answer": document.text})
    with tempfile.TemporaryDirectory(prefix="zhanggui-eval-") as folder:
        files = []
        for kind, lines in rows.items():
            if lines:
                files.append(Path(folder) / f"{kind}.jsonl")
                files[-1].write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
        await parts.knowledge.import_files(shop, files)
    return shop, ids


@asynccontextmanager
async def _http_door(parts: Services, shop: Shop) -> AsyncIterator[Post]:
    """The app as it is served, in this process."""

    async def nothing() -> None:
        pass

    app = create_app(parts, Readiness(parts, demo=False, on_ready=nothing, on_failure=lambda: None))
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://eval", timeout=2 * _WAIT_SECONDS) as http:

        async def post(text: str, language: str) -> Response:
            begun = (await http.post(f"/api/v1/shops/{shop.slug}/conversations", json={})).json()
            body = json.dumps({"text": text, "client_id": uuid.uuid4().hex})  # escapes lone surrogates, which are no UTF-8
            headers = {"Authorization": f"Bearer {begun['token']}", "Content-Type": "application/json"}
            url = f"/api/v1/conversations/{begun['id']}/messages?wait={_WAIT_SECONDS}"
            response = await http.post(url, content=body, headers=headers)
            return Response(response.status_code, response.json() if response.status_code == 200 else None)

        yield post
