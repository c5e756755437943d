"""Every VectorIndex keeps the same promises: full scan, Chroma embedded, Chroma server. Chroma is held against the full scan."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from retrieval.chroma import ChromaIndexes
from retrieval.errors import IndexUnavailable
from retrieval.exact import ExactIndex, ExactIndexes
from retrieval.index import Entry, VectorIndexes

DIMENSIONS = 24


def vectors(count: int, seed: int = 0) -> NDArray[np.float32]:
    matrix = np.random.default_rng(seed).normal(size=(count, DIMENSIONS)).astype(np.float32)
    return matrix / np.linalg.norm(matrix, axis=1, keepdims=True)


def entries(count: int, seed: int = 0, name: str = "e") -> list[Entry]:
    return [Entry(f"{name}{i}", v) for i, v in enumerate(vectors(count, seed))]


@pytest.fixture(params=["exact", "embedded", "server"])
async def indexes(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[VectorIndexes]:
    made: VectorIndexes
    if request.param == "exact":
        made = ExactIndexes()
    elif request.param == "embedded":
        made = ChromaIndexes(path=tmp_path / "index")
    else:
        made = ChromaIndexes(url=request.getfixturevalue("chroma_url"))
    yield made
    await made.drop("shop-1")
    await made.drop("shop-2")
    await made.close()


async def test_holds_what_was_added(indexes: VectorIndexes) -> None:
    index = await indexes.open("shop-1", "model", DIMENSIONS)
    batch = entries(50)
    await index.add(batch)
    await index.add(batch[:10])
    assert await index.count() == 50
    assert await index.ids() == {e.id for e in batch}
    assert await index.missing(["e1", "other", "e2"]) == {"other"}
    held = await index.vectors(["e7", "other"])
    assert list(held) == ["e7"]
    np.testing.assert_allclose(held["e7"], batch[7].vector, atol=1e-6)


async def test_the_revision_that_is_whole_is_kept_as_long_as_the_vectors(indexes: VectorIndexes) -> None:
    index = await indexes.open("shop-1", "model", DIMENSIONS)
    assert await index.whole() == 0
    await index.add(entries(3))
    await index.set_whole(7)
    await index.add(entries(5, seed=2, name="f"))
    again = await indexes.open("shop-1", "model", DIMENSIONS)
    assert (await index.whole(), await again.whole(), await again.count()) == (7, 7, 8)
    assert (await index.nearest(vectors(3)[1], 1))[0].id == "e1"
    await indexes.drop("shop-1")
    assert await (await indexes.open("shop-1", "model", DIMENSIONS)).whole() == 0


async def test_a_second_add_replaces(indexes: VectorIndexes) -> None:
    index = await indexes.open("shop-1", "model", DIMENSIONS)
    old, new = vectors(2)
    await index.add([Entry("a", old)])
    await index.add([Entry("a", new)])
    assert (await index.scores(new, ["a"]))["a"] == pytest.approx(1.0, abs=1e-5)
    assert await index.count() == 1


async def test_removed_entries_are_gone(indexes: VectorIndexes) -> None:
    index = await indexes.open("shop-1", "model", DIMENSIONS)
    batch = entries(20)
    await index.add(batch)
    await index.remove(["e3", "unknown"])
    assert "e3" not in {m.id for m in await index.nearest(batch[3].vector, 20)}
    assert await index.count() == 19


async def test_an_empty_index_finds_nothing(indexes: VectorIndexes) -> None:
    index = await indexes.open("shop-1", "model", DIMENSIONS)
    assert await index.nearest(vectors(1)[0], 5) == []
    assert await index.scores(vectors(1)[0], ["x"]) == {}
    assert await index.missing([]) == set()


async def test_shops_and_models_do_not_meet(indexes: VectorIndexes) -> None:
    mine = await indexes.open("shop-1", "model", DIMENSIONS)
    other_shop = await indexes.open("shop-2", "model", DIMENSIONS)
    other_model = await indexes.open("shop-1", "another", DIMENSIONS)
    await mine.add(entries(5))
    assert await other_shop.count() == 0
    assert await other_model.nearest(vectors(1)[0], 5) == []
    await other_shop.add(entries(2))
    await indexes.drop("shop-1")
    assert await (await indexes.open("shop-1", "model", DIMENSIONS)).count() == 0
    assert await other_shop.count() == 2


async def test_scores_are_exact_and_nearest_is_nearly(indexes: VectorIndexes) -> None:
    """Random operations, the same on the plain record; then every query is compared."""
    index, plain = await indexes.open("shop-1", "model", DIMENSIONS), ExactIndex(DIMENSIONS)
    random = np.random.default_rng(5)
    for step in range(6):
        batch = entries(150, seed=step, name=f"s{random.integers(3)}-")
        gone = [f"s{random.integers(3)}-{random.integers(150)}" for _ in range(40)]
        for target in (index, plain):
            await target.add(batch)
            await target.remove(gone)
    assert await index.ids() == await plain.ids()
    found = wanted = 0
    for query in vectors(30, seed=99):
        exact = await plain.nearest(query, 10)
        got = await index.nearest(query, 10)
        assert [m.score for m in got] == sorted((m.score for m in got), reverse=True)
        found += len({m.id for m in exact} & {m.id for m in got})
        wanted += len(exact)
        ids = [m.id for m in exact]
        assert await index.scores(query, [*ids, "unknown"]) == pytest.approx(await plain.scores(query, ids), abs=1e-4)
    assert found / wanted >= 0.95


async def test_calls_at_once(indexes: VectorIndexes) -> None:
    index = await indexes.open("shop-1", "model", DIMENSIONS)
    batch = entries(60)
    await index.add(batch[:30])
    await asyncio.gather(index.add(batch[30:]), *(index.nearest(e.vector, 3) for e in batch[:30]))
    tops = await asyncio.gather(*(index.nearest(e.vector, 1) for e in batch))
    assert [t[0].id for t in tops] == [e.id for e in batch]


CHILD = """
import asyncio, sys
import numpy as np
from pathlib import Path
from tests.contract.test_vector_index import DIMENSIONS, entries
from retrieval.chroma import ChromaIndexes

async def main():
    indexes = ChromaIndexes(path=Path(sys.argv[1]))
    index = await indexes.open("shop-1", "model", DIMENSIONS)
    seen = await index.count()
    await index.add(entries(int(sys.argv[2]), seed=int(sys.argv[3]), name=sys.argv[4]))
    print(seen, await index.count())
    await indexes.close()

asyncio.run(main())
"""


async def _in_another_process(folder: Path, count: int, seed: int, name: str) -> tuple[int, int]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", CHILD, str(folder), str(count), str(seed), name, stdout=asyncio.subprocess.PIPE, cwd=Path.cwd(),
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
    )  # fmt: skip
    output, _ = await process.communicate()
    assert process.returncode == 0
    before, after = output.split()
    return int(before), int(after)


async def test_two_processes_share_an_embedded_index(tmp_path: Path) -> None:
    """Each sees what the other added, by count, by search and by id, past the size at which Chroma writes its graph to disk."""
    indexes = ChromaIndexes(path=tmp_path)
    index = await indexes.open("shop-1", "model", DIMENSIONS)
    mine = entries(30, seed=1, name="mine")
    await index.add(mine)
    assert await index.nearest(mine[0].vector, 1)
    assert await _in_another_process(tmp_path, 1500, 2, "theirs") == (30, 1530)
    theirs = entries(1500, seed=2, name="theirs")
    for entry in theirs[::300]:
        assert (await index.nearest(entry.vector, 1))[0].id == entry.id
    assert len(await index.vectors([e.id for e in theirs])) == 1500
    more = entries(1200, seed=3, name="more")
    await index.add(more)
    assert await _in_another_process(tmp_path, 5, 4, "last") == (2730, 2735)
    for entry in [mine[3], theirs[9], more[1100], entries(5, seed=4, name="last")[2]]:
        assert (await index.nearest(entry.vector, 1))[0].id == entry.id
    assert await index.missing([e.id for e in [*mine, *theirs, *more]]) == set()
    await indexes.close()


async def test_writers_in_two_processes_at_once_lose_nothing(tmp_path: Path) -> None:
    indexes = ChromaIndexes(path=tmp_path)
    index = await indexes.open("shop-1", "model", DIMENSIONS)

    async def write_here() -> None:
        for i in range(15):
            await index.add(entries(80, seed=100 + i, name=f"here{i}-"))

    await asyncio.gather(write_here(), *(_in_another_process(tmp_path, 700, seed, f"there{seed}-") for seed in (7, 8)))
    assert await index.count() == 15 * 80 + 2 * 700
    for name, seed, count in (("there7-", 7, 700), ("there8-", 8, 700), ("here3-", 103, 80), ("here14-", 114, 80)):
        entry = entries(count, seed=seed, name=name)[count - 1]
        assert (await index.nearest(entry.vector, 1))[0].id == entry.id
    await indexes.close()


async def test_entries_survive_a_restart(tmp_path: Path) -> None:
    first = ChromaIndexes(path=tmp_path)
    await (await first.open("shop-1", "model", DIMENSIONS)).add(entries(40))
    await first.close()
    second = ChromaIndexes(path=tmp_path)
    index = await second.open("shop-1", "model", DIMENSIONS)
    assert (await index.nearest(entries(40)[11].vector, 1))[0].id == "e11"
    await second.close()


async def test_an_unreachable_server_says_so() -> None:
    indexes = ChromaIndexes(url="http://127.0.0.1:9")
    assert await indexes.ready() is False
    with pytest.raises(IndexUnavailable, match=r"http://127\.0\.0\.1:9"):
        await indexes.open("shop-1", "model", DIMENSIONS)
    with pytest.raises(IndexUnavailable, match="HOST:PORT"):
        ChromaIndexes(url="nonsense")
