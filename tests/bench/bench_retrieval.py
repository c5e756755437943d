"""Latency of finding without embedding, on made-up catalogs with random vectors: python -m tests.bench.bench_retrieval [PRODUCTS ...].

Prints one JSON object a size: medians in ms of search (several kinds of query), facts, both together, and of building a view.
"""

import asyncio
import json
import random
import statistics
import sys
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from knowledge.documents import document_of, kind_of
from knowledge.store import Body
from retrieval.chroma import ChromaIndexes
from retrieval.filters import AttributeCondition, Filters
from retrieval.index import Entry
from retrieval.retriever import Query, Sort
from retrieval.search import Retriever
from retrieval.view import build_view
from tests.builders import a_faq, a_product, a_review, a_shop, a_variant, money

KINDS = [
    "kettle 水壶",
    "backpack 双肩包",
    "lamp 台灯",
    "headphones 耳机",
    "jacket 夹克",
    "knife 刀",
    "pillow 枕头",
    "bottle 水杯",
    "tent 帐篷",
    "pen 笔",
]
WORDS = [
    "light",
    "quiet",
    "steel",
    "durable",
    "compact",
    "soft",
    "bright",
    "folding",
    "waterproof",
    "classic",
    "travel",
    "office",
    "kitchen",
    "outdoor",
    "gift",
    "handle",
    "lid",
    "strap",
    "zip",
]
HAN = [
    "轻便",
    "安静",
    "不锈钢",
    "耐用",
    "小巧",
    "柔软",
    "明亮",
    "折叠",
    "防水",
    "经典",
    "旅行",
    "办公",
    "厨房",
    "户外",
    "礼物",
    "手柄",
    "盖子",
    "肩带",
    "拉链",
]
COLOURS = [("Red", "红色"), ("Black", "黑色"), ("Blue", "蓝色"), ("White", "白色")]


class RandomEmbedder:
    """Random unit vectors, the same for the same text: costs nothing."""

    name = "random-384"
    dimensions = 384

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.stack([self.embed_query(text) for text in texts])

    def embed_query(self, text: str) -> NDArray[np.float32]:
        vector = np.random.default_rng(abs(hash(text)) % 2**32).normal(size=384).astype(np.float32)
        return vector / np.linalg.norm(vector)


def catalog(size: int) -> list[Body]:
    pick = random.Random(7)
    bodies: list[Body] = []
    for n in range(size):
        en, zh = KINDS[n % len(KINDS)].split()
        brand = f"Brand{n % 97}"
        variants = [
            a_variant(
                f"SKU-{n}-{c[0][0]}",
                options={"Colour": c[0], "颜色": c[1]},
                price=f"{pick.randint(5, 300)}.90 USD",
                stock=pick.randint(0, 9),
            )
            for c in pick.sample(COLOURS, 3)
        ]
        attributes = {f"Property {i}": f"{pick.choice(WORDS)} {pick.randint(1, 60)} cm" for i in pick.sample(range(40), 9)}
        attributes |= {"Weight": f"{pick.randint(100, 3000)} g", "重量": f"{pick.randint(100, 3000)} 克", "材质": pick.choice(HAN)}
        title = {"en": f"{brand} {pick.choice(WORDS)} {en} M{n}", "zh": f"{brand} {pick.choice(HAN)}{zh} M{n}"}
        description = {"en": " ".join(pick.choices(WORDS, k=40)) + ".", "zh": "，".join(pick.choices(HAN, k=20)) + "。"}
        category = {"en": f"All > {en}", "zh": f"全部 > {zh}"}
        bodies.append(a_product(f"p{n}", title, *variants, brand=brand, attributes=attributes, description=description, category=category))
    bodies += [a_faq(f"f{n}", f"How about {WORDS[n % 19]} {n}? | {HAN[n % 19]}{n}怎么办？", "Like this. | 这样。") for n in range(100)]
    bodies += [a_review(f"r{n}", f"SKU-{n}-R", " ".join(pick.choices(WORDS, k=12))) for n in range(min(size, 500))]
    return bodies


async def median(work: Callable[[int], Awaitable[object]], times: int = 40) -> float:
    taken = []
    for n in range(times):
        began = perf_counter()
        await work(n)
        taken.append((perf_counter() - began) * 1000)
    return round(statistics.median(taken), 2)


async def bench(size: int) -> dict[str, object]:
    embedder = RandomEmbedder()
    documents = [document_of(kind_of(body), body.id, "bench", body) for body in catalog(size)]
    began = perf_counter()
    view = build_view(a_shop(), 1, documents)
    built = perf_counter() - began
    assert view.tables is not None
    matrix = np.random.default_rng(0).normal(size=(len(view.passages), 384)).astype(np.float32)
    matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
    result: dict[str, object] = {"products": size, "passages": len(view.passages), "build_s": round(built, 2)}
    with tempfile.TemporaryDirectory() as folder:
        indexes = ChromaIndexes(path=Path(folder))
        index = await indexes.open(view.shop.id, embedder.name, 384)
        if "--chroma" in sys.argv:
            await index.add([Entry(p.hash, v) for p, v in zip(view.passages, matrix, strict=True)])
        retriever = Retriever(None, indexes, embedder)  # type: ignore[arg-type]
        resident = replace(view, tables=replace(view.tables, vectors=matrix))
        queries = {
            "plain": Query("quiet travel kettle with steel lid"),
            "zh": Query("安静的旅行水壶有不锈钢盖子吗", "zh"),
            "filtered": Query(
                "travel kettle",
                filters=Filters(price_max=money("150 USD"), in_stock=True, attributes=(AttributeCondition(("colour",), ("red", "红色")),)),
            ),
            "narrow": Query("travel kettle", filters=Filters(categories=("kettle",), price_max=money("9 USD"))),
            "cheapest": Query("travel kettle", sort=Sort.PRICE_ASC),
        }
        vector = embedder.embed_query("question")
        for name, query in queries.items():
            result[name] = await median(lambda n, q=query: retriever.search(resident, q, vector))  # type: ignore[misc]
            if "--chroma" in sys.argv:
                result[f"{name}_chroma"] = await median(lambda n, q=query: retriever.search(view, q, vector), 15)  # type: ignore[misc]
        ids = list(view.products)
        result["facts_new_product"] = await median(lambda n: retriever.facts(resident, [ids[n % size]], "how heavy is it", "en"))
        result["facts_known_product"] = await median(lambda n: retriever.facts(resident, [ids[0]], "how heavy is it", "en"))

        async def turn(n: int) -> None:
            await retriever.search(resident, queries["filtered"], vector)
            await retriever.facts(resident, [ids[0]], "how heavy is it", "en")

        result["search_and_facts"] = await median(turn)
        await indexes.close()
    return result


if __name__ == "__main__":
    for size in [int(a) for a in sys.argv[1:] if a.isdigit()] or [100, 10_000]:
        print(json.dumps(asyncio.run(bench(size))))
