"""kill -9 anywhere in staging, indexing, publishing and rolling back: what serves is one whole revision, and the next start goes on.

ZHANGGUI_KILLED_PUBLISHES sets how often (issue 3: 50).
"""

import asyncio
import os
import random
import re
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from knowledge.catalog import Product
from knowledge.faq import FaqEntry
from knowledge.storage.engine import open_engine, sqlite_url
from knowledge.storage.sql_store import SqlKnowledgeStore
from knowledge.store import KnowledgeStore
from tests.scale.client import Customer
from tests.scale.cluster import ROOT, App
from tests.scale.publishing_forever import ENTRIES

pytestmark = [pytest.mark.scale, pytest.mark.timeout(3600)]
KILLS = int(os.environ.get("ZHANGGUI_KILLED_PUBLISHES", "4"))


async def lots_of(store: KnowledgeStore, shop_id: str, revision: int) -> set[int]:
    """The lots that a revision's entries name; one, if it is whole."""
    named: list[int] = []
    async for document in store.documents(shop_id, revision):
        body = document.body
        if isinstance(body, Product):
            named += map(int, re.findall(r"lot (\d+)", str(body.title)))
            regular = body.variants[0].offer.regular
            named.append(regular.minor // 100 - 100 if regular else -1)
        elif isinstance(body, FaqEntry):
            named += map(int, re.findall(r"lot (\d+)", str(body.answer)))
    assert len(named) == 3 * ENTRIES + 1, named
    return set(named)


async def check_whole(data: Path) -> tuple[int, int]:
    """The revision that serves and its lot, after looking at everything that could be half done."""
    engine = await open_engine(sqlite_url(data / "zhanggui.db"))
    try:
        store = SqlKnowledgeStore(engine)
        shop = await store.shop("kites")
        assert shop is not None
        serving = (await store.state(shop.id)).revision
        if not serving:
            return 0, 0
        (lot,) = await lots_of(store, shop.id, serving)
        _, offers = await store.offers_since(shop.id, 0)
        assert {offer.offer.regular.minor for offer in offers if offer.offer.regular} == {(100 + lot) * 100} and len(offers) == ENTRIES
        draft = await store.draft(shop.id)
        if draft is not None:
            assert len(await lots_of(store, shop.id, draft.number)) == 1
        states = [revision.state for revision in await store.revisions(shop.id)]
        assert states.count("draft") == (draft is not None) and sum(r.current for r in await store.revisions(shop.id)) == 1
        return serving, lot
    finally:
        await engine.dispose()


def begun(data: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.scale.publishing_forever", str(data)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ZHANGGUI_")}
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


async def killed(data: Path, after: float) -> None:
    """Dies `after` seconds of work."""
    process = begun(data)
    try:
        await line_of(process, "ready")
        await asyncio.sleep(after)
        assert process.poll() is None
    finally:
        process.kill()
        process.communicate()


async def line_of(process: subprocess.Popen[str], wanted: str) -> None:
    assert process.stdout is not None
    assert await asyncio.to_thread(process.stdout.readline) == f"{wanted}\n"


async def seconds_of_a_round(data: Path) -> float:
    """How long a publication and what goes with it takes on this machine now."""
    process = begun(data)
    try:
        for wanted in ("ready", "published", "published"):
            await line_of(process, wanted)
        started = time.monotonic()
        await line_of(process, "published")
        return time.monotonic() - started
    finally:
        process.kill()
        process.communicate()


async def test_whatever_publishes_and_rolls_back_dies_between_two_whole_revisions(tmp_path: Path) -> None:
    data, chance = tmp_path / "data", random.Random(11)
    takes = await seconds_of_a_round(data)
    seen = [(await check_whole(data))[0]]
    for _ in range(KILLS):
        await killed(data, chance.random() * 2 * takes)
        seen.append((await check_whole(data))[0])
    assert seen == sorted(seen) and seen[0] > 0
    app = App(tmp_path, {"ZHANGGUI_DATA": str(data)}, demo=False).ready()
    try:
        _, lot = await check_whole(data)
        async with httpx.AsyncClient(timeout=60) as http:
            for question, wanted in (("How much is Kite 3?", f"{100 + lot}.00"), ("What is rule 7?", f"Rule 7 of lot {lot}.")):
                customer = await Customer.start(http, app.url, "kites")
                answer = (await customer.send(app.url, question, wait=30)).json()
                assert wanted in answer["text"] + str(answer["products"]), answer
        # A draft that was left waits, and can be thrown away or published.
        app.run("revision", "discard", "--shop", "kites")
        assert (await check_whole(data))[1] == lot
    finally:
        app.stop()
