"""A turn without a model in shops of 100 and 10,000 products (and more by number), and the plain chain over the same texts. Prints JSON.

python -m tests.bench.bench_turns [PRODUCTS ...]

Products have one passage each and made-up vectors near those of their kind, so that a large shop is built in seconds. Turns are by the
server's own clock, over HTTP, one after the other. The plain chain embeds the question, asks Chroma for four texts and fills its prompt; it reads
no wish, price or stock, and says nothing yet.
"""

import asyncio
import os
import random
import sys
import tempfile
import time
from pathlib import Path

import httpx
import numpy as np

from bot.assembly import services
from bot.evaluation.figures import Latency, latency_of
from bot.settings import load_settings
from knowledge.importing import read_files
from knowledge.store import SourceDocuments
from retrieval.embedding import open_embedder
from retrieval.index import Entry
from retrieval.passages import passages_of
from tests.bench.baselines import PlainChain
from tests.bench.bench_import import GOODS, MANNERS, _memory, write_catalog
from tests.bench.rows import Row, tell, time_row
from tests.scale.client import Customer
from tests.scale.cluster import App

BARS = {100: 30.0, 10_000: 40.0, 100_000: 60.0}
ELSE_BAR = 20.0
"""Everything but the embedding, on 10,000 products."""
ASKED = 160
CHAIN = "plain chain, before its model"
BATCH = 2000


def questions(products: int, count: int = ASKED) -> list[str]:
    """By name, by number, by need and budget, in both languages."""
    chance = random.Random(5)
    asked = []
    for _ in range(count // 5):
        goods, manner, number = chance.choice(GOODS), chance.choice(MANNERS), chance.randrange(products)
        asked += [
            f"How much is SKU-{number:06d}?",
            f"Do you have a {manner.lower()} {goods.lower()}?",
            f"I want a {goods.lower()} under ${chance.randint(20, 200)}",
            f"What is the {manner} {goods} M{number} made of?",
            f"SKU-{number:06d} 有货吗？",
        ]
    return asked


async def build(folder: Path, products: int) -> tuple[list[str], np.ndarray]:
    """A published shop in folder/data; its passages' texts and vectors."""
    write_catalog(folder / "catalog.csv", products)
    async with services(load_settings(data=folder / "data", log_level="error")) as parts:
        shop = await parts.knowledge.create_shop("main")
        documents = read_files([folder / "catalog.csv"], source="catalog")[0].documents
        await parts.knowledge.store.stage_and_publish(shop.id, [SourceDocuments("catalog", documents)])
        index = await parts.indexes.open(shop.id, parts.embedder.name, parts.embedder.dimensions)
        near = parts.embedder.embed([f"{manner} {goods}" for goods in GOODS for manner in MANNERS])
        chance = np.random.default_rng(1)
        passages = list({passage.hash: passage for document in documents for passage in passages_of(document)}.values())
        vectors = near[chance.integers(0, len(near), len(passages))]
        vectors = vectors + chance.normal(size=vectors.shape).astype(np.float32) * 0.02
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        for start in range(0, len(passages), BATCH):
            part = slice(start, start + BATCH)
            await index.add([Entry(passage.hash, vector) for passage, vector in zip(passages[part], vectors[part], strict=True)])
        await index.set_whole((await parts.knowledge.store.state(shop.id)).revision)
    return [passage.embedded for passage in passages], vectors


async def measure(products: int) -> list[Row]:
    """The rows of one size."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        texts, vectors = await build(folder, products)
        asked = questions(products)
        app = App(folder, {"ZHANGGUI_DATA": str(folder / "data"), "ZHANGGUI_ADDRESS_LIMIT": "100000"}, demo=False).ready(600)
        try:
            turns, clock, processor = await _turns(app, asked)
            memory = _memory(app)
        finally:
            app.stop()
        embedder = open_embedder()
        chain = PlainChain(embedder, [str(number) for number in range(len(texts))], texts, vectors)
        chained, embedded = list[float](), list[float]()
        used = time.process_time()
        for text in asked:
            began = time.perf_counter()
            embedder.embed_query(text)
            embedded.append((time.perf_counter() - began) * 1000)
            # The question's vector is remembered: what the embedding took is added, so that it counts once.
            began = time.perf_counter()
            chain.chain.invoke(text)
            chained.append((time.perf_counter() - began) * 1000 + embedded[-1])
        chain_processor = (time.process_time() - used) * 1000 / len(asked)
    rows = rows_of(products, _latency(turns), _latency(clock), _latency(chained), _latency(embedded), memory)
    return [*rows, time_row(f"{products:,} products: processor time a turn", processor, len(asked), **{CHAIN: chain_processor})]


def rows_of(products: int, turn: Latency, clock: Latency, chain: Latency, embedding: Latency, memory: int) -> list[Row]:
    """Of one size."""
    shop = f"{products:,} products"
    bar = BARS.get(products)
    rest = turn.median - embedding.median
    return [
        time_row(f"{shop}: a turn, median", turn.median, turn.n, bar, **{CHAIN: chain.median}),
        time_row(f"{shop}: a turn, 95th percentile", turn.p95, turn.n, 2.5 * turn.median, **{CHAIN: chain.p95}),
        time_row(f"{shop}: of it outside the embedding", rest, turn.n, ELSE_BAR if products == 10_000 else None),
        time_row(f"{shop}: by the clock over HTTP, median", clock.median, clock.n),
        time_row(f"{shop}: embedding the question, median", embedding.median, embedding.n),
        Row(f"{shop}: memory of the server, MB", 1, float(memory)),
    ]


async def _turns(app: App, asked: list[str]) -> tuple[list[float], list[float], float]:
    """Milliseconds inside and by the clock, and the server's processor time a turn, which does not move with what else the machine does."""
    turns, clock = [], []
    async with httpx.AsyncClient(timeout=60) as http:
        customers = [await Customer.start(http, app.url, "main") for _ in asked]
        used = _processor_ms(app)
        for customer, text in zip(customers, asked, strict=True):
            began = time.perf_counter()
            answer = (await customer.send(app.url, text, wait=30)).json()
            clock.append((time.perf_counter() - began) * 1000)
            turns.append(answer["took_ms"]["total"])
    return turns, clock, (_processor_ms(app) - used) / len(asked)


def _processor_ms(app: App) -> float:
    """All threads of the server's process, since its start; 0 where the system does not say."""
    try:
        fields = Path(f"/proc/{app.process.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def _latency(milliseconds: list[float]) -> Latency:
    found = latency_of(milliseconds)
    assert found is not None
    return found


async def main() -> None:
    rows = []
    for size in [int(argument) for argument in sys.argv[1:]] or [100, 10_000]:
        rows += await measure(size)
    tell(rows)


if __name__ == "__main__":
    asyncio.run(main())
