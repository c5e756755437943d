"""What an import costs, through the commands and a server that runs beside it: `python tests/bench/bench_import.py [PRODUCTS]`. Prints JSON.

From nothing: 10,000 products of five attributes, imported, embedded and published by `zhanggui import`, while a server on the same directory
answers. Then again with 1 % of the descriptions changed, then 50,000 prices and stock levels (or five a product). Ratios are taken within one
run, since absolute times move with what else the machine does: the bare model embeds a sample of the same passages before and after.
"""

import argparse
import asyncio
import csv
import json
import os
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from knowledge.importing import read_files  # noqa: E402
from retrieval.embedding import open_embedder  # noqa: E402
from retrieval.indexing import BATCH  # noqa: E402
from retrieval.passages import passages_of  # noqa: E402
from tests.scale.client import Customer  # noqa: E402
from tests.scale.cluster import App  # noqa: E402

GOODS = ("Kettle", "Backpack", "Desk Lamp", "Headphones", "Rain Jacket", "Chef Knife", "Pillow", "Water Bottle", "Tent", "Fountain Pen")
MANNERS = (
    "Quiet",
    "Steel",
    "Durable",
    "Compact",
    "Soft",
    "Bright",
    "Folding",
    "Waterproof",
    "Classic",
    "Light",
    "Sturdy",
    "Modern",
    "Warm",
)
MATERIALS = ("Stainless steel", "Cotton", "Oak", "Nylon", "Glass", "Bamboo", "Aluminium", "Wool", "Ceramic", "Leather")
HEADER = ("sku", "title", "description", "brand", "category", "price", "currency", "stock")
ATTRIBUTES = ("Material", "Weight", "Width", "Warranty", "Origin")
SAMPLE = 768
"""Passages that the bare model embeds, each time."""


def write_catalog(path: Path, products: int, *, changed: float = 0.0) -> None:
    """One row a product; of a `changed` share the description differs from the catalog with none."""
    chance, other = random.Random(7), random.Random(99)
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow([*HEADER, *(f"attribute {name}" for name in ATTRIBUTES)])
        for number in range(products):
            goods, manner = chance.choice(GOODS), chance.choice(MANNERS)
            use, part, more = (
                chance.choice(["home", "office", "travel", "camping", "gifts"]),
                chance.choice(["cable", "manual", "bag", "cover"]),
                "",
            )
            days, brand, price, stock = chance.randint(1, 9), number % 97, chance.randint(5, 300), chance.randint(0, 40)
            if other.random() < changed:
                more = " New edition."
            text = (
                f"This {manner.lower()} {goods.lower()} number {number} is made for {use} and daily use; it comes with a {part} and a set of "
                f"spare clips. Ships within {days} business days.{more}"
            )
            facts = (
                chance.choice(MATERIALS),
                f"{chance.randint(100, 3000)} g",
                f"{chance.randint(5, 120)} cm",
                f"{chance.randint(1, 5)} years",
            )
            title, category = f"{manner} {goods} M{number}", f"Home > {goods}s"
            origin = chance.choice(("China", "Germany", "Italy", "Japan", "USA"))
            rows.writerow([f"SKU-{number:06d}", title, text, f"Brand{brand}", category, f"{price}.90", "USD", stock, *facts, origin])


def write_prices(path: Path, products: int, times: int) -> None:
    """`times` changes a product cannot be in one file, so the file names products beyond the catalog too: these are reported by row."""
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["sku", "price", "stock", "as_of"])
        rows.writerows(
            [f"SKU-{number:06d}", f"{number % 90 + 5}.50", number % 50, "2026-03-01T08:00:00Z"] for number in range(products * times)
        )


class Measured:
    """A command and what it took: seconds, the highest memory in MB, its JSON."""

    def __init__(self, data: Path, *arguments: str) -> None:
        began = time.perf_counter()
        command = [sys.executable, "-m", "bot", "--data", str(data), *arguments]
        environment = {**{k: v for k, v in os.environ.items() if not k.startswith("ZHANGGUI_")}, "PYTHONPATH": str(ROOT)}
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            pid = os.posix_spawn(
                sys.executable,
                command,
                environment,
                file_actions=[(os.POSIX_SPAWN_DUP2, out.fileno(), 1), (os.POSIX_SPAWN_DUP2, err.fileno(), 2)],
            )
            _, status, usage = os.wait4(pid, 0)
            self.seconds = time.perf_counter() - began
            self.cpu = usage.ru_utime + usage.ru_stime
            self.memory = usage.ru_maxrss / 1024
            out.seek(0)
            err.seek(0)
            if os.waitstatus_to_exitcode(status) not in (0, 1):
                raise RuntimeError(err.read().decode()[-2000:])
            self.report: dict[str, Any] = json.loads(out.read() or b"{}")


def bare_speed(texts: list[str]) -> float:
    """Texts a second of the model alone, in batches as the import's."""
    embedder = open_embedder()
    embedder.embed(texts[:16])
    ordered = sorted(texts, key=len)
    began = time.perf_counter()
    for start in range(0, len(ordered), BATCH):
        embedder.embed(ordered[start : start + BATCH])
    return len(texts) / (time.perf_counter() - began)


class Watcher:
    """Asks a server about a product of the new catalog until it is told to stop: how long answers take, and when it first knows it."""

    def __init__(self, app: App, sku: str) -> None:
        self._app, self._sku = app, sku
        self._task: asyncio.Task[None] | None = None
        self.clock: list[float] = []
        self.failed = 0
        self.known_after: float | None = None

    async def __aenter__(self) -> "Watcher":
        self._began = time.perf_counter()
        self._task = asyncio.create_task(self._watch())
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._task is not None
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _watch(self) -> None:
        async with httpx.AsyncClient(timeout=60) as http:
            while True:
                customer = await Customer.start(http, self._app.url, "main")
                began = time.perf_counter()
                response = await customer.send(self._app.url, f"How much is {self._sku}?", wait=30)
                self.clock.append((time.perf_counter() - began) * 1000)
                self.failed += response.status_code != 200
                if self.known_after is None and any(product["sku"] == self._sku for product in response.json().get("products", ())):
                    self.known_after = time.perf_counter() - self._began
                await asyncio.sleep(1)


async def measure(products: int) -> dict[str, Any]:
    """The report of one run."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data, catalog = folder / "data", folder / "catalog.csv"
        write_catalog(catalog, products)
        texts = [passage.embedded for document in read_files([catalog])[0].documents for passage in passages_of(document)]
        sample = random.Random(3).sample(texts, min(SAMPLE, len(texts)))
        (folder / "first.csv").write_text("sku,title,price\nOLD-1,Old umbrella,9.90\n", encoding="utf-8")
        start_up = min(Measured(data, "import", str(folder / "first.csv"), "--json").seconds for _ in range(2))
        app = App(folder, {"ZHANGGUI_DATA": str(data), "ZHANGGUI_ADDRESS_LIMIT": "100000"}, demo=False).ready()
        try:
            before = await asyncio.to_thread(bare_speed, sample)
            async with Watcher(app, f"SKU-{products - 7:06d}") as watcher:
                full = await asyncio.to_thread(Measured, data, "import", str(catalog), "--json")
                lasted = len(watcher.clock)
            after = await asyncio.to_thread(bare_speed, sample)
            write_catalog(catalog, products, changed=0.01)
            again = await asyncio.to_thread(Measured, data, "import", str(catalog), "--json")
            same = await asyncio.to_thread(Measured, data, "import", str(catalog), "--json")
            write_prices(folder / "prices.csv", products, 5)
            offers = await asyncio.to_thread(Measured, data, "import", str(folder / "prices.csv"), "--json")
            memory = _memory(app)
        finally:
            app.stop()
    bare = (before + after) / 2
    speed = full.report["passages"] / full.seconds
    return {
        "products": products,
        "passages_per_product": round(full.report["passages"] / products, 2),
        "load": round(os.getloadavg()[0], 1),
        "from_nothing": {
            "seconds": round(full.seconds, 1),
            "cpu_seconds": round(full.cpu, 1),
            "passages_a_second": round(speed, 1),
            "bare_model_texts_a_second": round(bare, 1),
            "share_of_the_bare_model": round(speed / bare, 3),
            "peak_memory_mb": round(full.memory),
        },
        "meanwhile": {
            "answers": lasted,
            "failed": watcher.failed,
            "clock_ms_median": round(statistics.median(watcher.clock), 1),
            "clock_ms_worst": round(max(watcher.clock), 1),
            "found_after_s": round(watcher.known_after, 1) if watcher.known_after else None,
            "server_memory_mb": memory,
        },
        "one_percent_changed": {
            "changed": again.report["changes"]["changed"],
            "seconds": round(again.seconds, 2),
            "start_of_the_command_s": round(start_up, 2),
            "share_of_the_full_time": round(again.seconds / full.seconds, 4),
            "share_of_the_full_cpu_time": round(again.cpu / full.cpu, 4),
            "share_of_the_full_time_without_the_start": round((again.seconds - start_up) / (full.seconds - start_up), 4),
            "nothing_changed_s": round(same.seconds, 2),
        },
        "prices_and_stock": {
            "rows": products * 5,
            "changed": offers.report["offers"],
            "seconds": round(offers.seconds, 2),
            "peak_memory_mb": round(offers.memory),
        },
    }


def _memory(app: App) -> int:
    """MB held by the server; 0 where the system does not say."""
    try:
        status = Path(f"/proc/{app.process.pid}/status").read_text(encoding="utf-8")
    except OSError:
        return 0
    return next(int(line.split()[1]) // 1024 for line in status.splitlines() if line.startswith("VmRSS"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("products", nargs="?", type=int, default=10_000)
    arguments = parser.parse_args()
    report = asyncio.run(measure(arguments.products))
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
