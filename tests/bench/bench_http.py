"""300 different questions to the demo shop over HTTP, one after the other: milliseconds by the clock and inside the turn. Prints JSON.

python tests/bench/bench_http.py [BASE_URL]      without an address it starts a server of its own on a fresh directory
"""

import asyncio
import csv
import json
import random
import statistics
import sys
import tempfile
import time
import uuid
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.scale.cluster import App  # noqa: E402

DEMO = ROOT / "knowledge" / "demo"
EN = ("How much is the {}?", "Is the {} in stock?", "What is the {} made of?", "Tell me about the {}", "What do buyers say about the {}?")
ZH = ("{}多少钱？", "{}有货吗？", "{}是什么材质的？", "介绍一下{}", "{}评价怎么样？")
NEEDS = ("a gift for my father under ${}", "something for camping under ${}", "{}块以内的礼物", "{}美元以内的双肩包")


def questions(count: int) -> list[str]:
    """Different questions in both languages: products by name, needs with budgets, FAQ in other words."""
    chance = random.Random(11)
    found: list[str] = []
    with (DEMO / "products.csv").open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            found += [template.format(row["title_en"]) for template in EN] + [template.format(row["title_zh"]) for template in ZH]
    with (DEMO / "faq.csv").open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            found += row["also_asked"].split("|") * 2
    found += [need.format(budget) for need in NEEDS for budget in range(20, 220, 10)]
    unique = sorted(set(found))
    chance.shuffle(unique)
    return unique[:count]


async def ask_all(base: str, asked: list[str]) -> dict[str, object]:
    """Median, p95 and steps over all of them; a conversation for each question, started outside the clock."""
    clock: list[float] = []
    steps: dict[str, list[float]] = {}
    async with httpx.AsyncClient(timeout=60) as http:
        for text in asked:
            begun = (await http.post(f"{base}/api/v1/shops/demo/conversations", json={})).json()
            url = f"{base}/api/v1/conversations/{begun['id']}/messages?wait=30"
            started = time.perf_counter()
            body = {"text": text, "client_id": uuid.uuid4().hex}
            response = await http.post(url, json=body, headers={"Authorization": f"Bearer {begun['token']}"})
            clock.append((time.perf_counter() - started) * 1000)
            assert response.status_code == 200, response.text
            for step, ms in response.json()["took_ms"].items():
                steps.setdefault(step, []).append(ms)
    return {
        "questions": len(asked),
        "clock_ms": summary(clock),
        **{f"{step}_ms": summary(values) for step, values in steps.items()},
    }


def summary(values: list[float]) -> dict[str, float]:
    """Median and 95th percentile."""
    return {"median": round(statistics.median(values), 1), "p95": round(statistics.quantiles(values, n=20)[-1], 1)}


def main() -> None:
    """Runs against the address given, or its own server; then reports that server's memory as well."""
    asked = questions(300)
    if len(sys.argv) > 1:
        print(json.dumps(asyncio.run(ask_all(sys.argv[1].rstrip("/"), asked)), indent=1))
        return
    with tempfile.TemporaryDirectory() as folder:
        app = App(Path(folder), {"ZHANGGUI_DATA": f"{folder}/data", "ZHANGGUI_ADDRESS_LIMIT": "100000"}).ready()
        try:
            report = asyncio.run(ask_all(app.url, asked))
            status = Path(f"/proc/{app.process.pid}/status").read_text()
            report["memory_mb"] = next(int(line.split()[1]) // 1024 for line in status.splitlines() if line.startswith("VmRSS"))
        finally:
            app.stop()
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
