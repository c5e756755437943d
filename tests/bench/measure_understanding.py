"""How well messages are told apart.   python tests/bench/measure_understanding.py DATA_DIR

Only on the half of each set that the linear model never saw (see train_intents.py).
"""

import sys
import time
from collections import Counter
from pathlib import Path

from bot.understanding.question import Intent, Memory
from bot.understanding.understand import Understanding
from tests.bench.train_intents import load, unseen
from tests.unit.bot.understanding.conftest import demo_view

SHOP = {"shop"}


def main() -> None:
    understanding, view = Understanding(), demo_view()
    rows = [row for row in load(Path(sys.argv[1])) if unseen(row[0], row[2])]
    took: list[float] = []
    seen: dict[str, Counter[str]] = {}
    missed: dict[str, list[str]] = {}
    for text, label, source in rows:
        start = time.perf_counter()
        question = understanding.understand(text, Memory(), view)
        took.append((time.perf_counter() - start) * 1000)
        intents = {part.intent for part in question.parts}
        first = question.parts[0]
        name = f"{source.split(':')[0]}/{label}"
        counts = seen.setdefault(name, Counter())
        counts["all"] += 1
        counts["human"] += Intent.HUMAN in intents
        refused = first.intent in {Intent.OUT_OF_SCOPE, Intent.UNCLEAR, Intent.CHITCHAT, Intent.ORDER, Intent.HUMAN, Intent.GREETING, Intent.THANKS,
                                   Intent.GOODBYE, Intent.COMPLAINT}  # fmt: skip
        counts["off"] += first.intent is Intent.OUT_OF_SCOPE
        counts["refused"] += refused
        counts["goods"] += not refused
        counts["order"] += Intent.ORDER in intents
        counts["complaint"] += Intent.COMPLAINT in intents
        counts["small"] += first.intent in {Intent.CHITCHAT, Intent.GREETING, Intent.THANKS, Intent.GOODBYE}
        wrong = (label == "human") != (Intent.HUMAN in intents) or (label == "off" and not refused) or (label == "shop" and refused)
        if wrong:
            missed.setdefault(name, []).append(f"{text}  -> {first.intent.value} {first.certainty}")
    for name, counts in sorted(seen.items()):
        print(name, {key: f"{count / counts['all']:.4f}" if key != "all" else count for key, count in counts.items()})
    took.sort()
    print("ms: median", took[len(took) // 2], "p99", took[int(len(took) * 0.99)])
    for name, texts in missed.items():
        print("==", name, len(texts))
        for text in texts[:: max(1, len(texts) // 25)][:25]:
            print("   ", text)


if __name__ == "__main__":
    main()
