"""Quality of answers on the demo shop: our own questions with expected facts, and off-topic questions of public sets. Prints JSON.

Off-topic: the share answered out of shop knowledge (outcome "answered" with at least one source); lower is better. The public sets are read from
ZHANGGUI_DEV_DATA; without it only our own questions are asked.
"""

import asyncio
import csv
import json
import os
import random
import sys
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.bench.asking import ask_all  # noqa: E402

SAMPLE = int(os.environ.get("ZHANGGUI_BENCH_SAMPLE", "300"))
DATA = Path(os.environ.get("ZHANGGUI_DEV_DATA", ROOT.parent / "shared" / "data"))


def off_topic_sets() -> dict[str, list[str]]:
    """Questions that are no shop matter, by set; a fixed sample of each. What fit_meaning.py learns from is left out."""
    sets: dict[str, list[str]] = {}
    if (clinc := DATA / "clinc150" / "utterances.csv").exists():
        with clinc.open(encoding="utf-8") as file:
            rows = [row for row in csv.DictReader(file) if row["split"] in ("val", "oos_val")]
        sets["CLINC150 (en)"] = [row["text"] for row in rows]
    if (crosswoz := DATA / "crosswoz_offtopic_zh" / "first_turns.jsonl").exists():
        sets["CrossWOZ (zh)"] = [json.loads(line)["text"] for line in crosswoz.read_text(encoding="utf-8").splitlines()[1::2]]
    if (banking := DATA / "banking77" / "utterances.csv").exists():
        with banking.open(encoding="utf-8") as file:
            sets["banking77 (en)"] = [row["text"] for row in list(csv.DictReader(file))[1::2]]
    chance = random.Random(5)
    return {name: chance.sample(texts, min(SAMPLE, len(texts))) for name, texts in sets.items()}


def expected_facts_hold(line: dict[str, Any], answer: dict[str, Any]) -> bool:
    """All expected words stand in the text or the cards, and one of the expected sources is cited."""
    said = (str(answer["text"]) + json.dumps(answer["products"], ensure_ascii=False)).casefold()
    cited = [f"{source['kind']}:{source['id']}" for source in answer["sources"]]
    sourced = not line.get("sources") or any(one.startswith(wanted) for one in cited for wanted in line["sources"])
    return all(word.casefold() in said for word in line["expect"]) and sourced


async def main() -> None:
    """Asks everything in one go and prints the report."""
    own = [json.loads(line) for line in (ROOT / "tests" / "questions" / "demo.jsonl").read_text(encoding="utf-8").splitlines()]
    sets = off_topic_sets()
    texts = [line["text"] for line in own] + [text for sample in sets.values() for text in sample]
    answers = await ask_all(texts)
    report: dict[str, object] = {}
    for language in ("en", "zh"):
        pairs = [(line, answer) for line, answer in zip(own, answers, strict=False) if line["language"] == language]
        right = sum(expected_facts_hold(line, answer) for line, answer in pairs)
        report[f"demo questions right ({language})"] = {"right": right, "of": len(pairs)}
    position = len(own)
    for name, sample in sets.items():
        given = answers[position : position + len(sample)]
        position += len(sample)
        answered = [answer for answer in given if answer["outcome"] == "answered" and answer["sources"]]
        outcomes = Counter(str(answer["outcome"]) for answer in given)
        report[f"off-topic answered: {name}"] = {"answered": len(answered), "of": len(sample), "outcomes": dict(outcomes)}
        if "--show" in sys.argv:
            for text, answer in zip(sample, given, strict=True):
                if answer["outcome"] == "answered" and answer["sources"]:
                    print(f"[{name}] {text}\n     -> {str(answer['text'])[:150]!r}", file=sys.stderr)
    print(json.dumps(report, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    asyncio.run(main())
