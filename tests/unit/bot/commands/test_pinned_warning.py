"""`zhanggui import` publishes at once and names the test questions that are not answered as expected now; its exit status stays what it was."""

import asyncio
import json
from pathlib import Path

import pytest

from bot.__main__ import main
from knowledge.pinned import Expected, PinnedQuestion
from knowledge.storage.engine import open_engine, sqlite_url
from knowledge.storage.sql_store import SqlKnowledgeStore

QUESTION = PinnedQuestion("p", "How much is the Copper Kettle?", expected=Expected(expect=("49.90",)))


async def pin(data: Path) -> None:
    engine = await open_engine(sqlite_url(data / "zhanggui.db"))
    store = SqlKnowledgeStore(engine)
    (shop,) = await store.shops()
    await store.save_pinned(shop.id, QUESTION)
    await engine.dispose()


def test_what_gets_worse_is_named_and_published_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    goods = tmp_path / "goods.csv"
    goods.write_text("sku,title,price,currency\nK-1,Copper Kettle,49.90,USD\n", encoding="utf-8")
    assert main(["--data", "data", "import", "goods.csv"]) == 0
    assert "test questions" not in capsys.readouterr().err
    asyncio.run(pin(tmp_path / "data"))
    goods.write_text("sku,title,price,currency\nK-1,Copper Kettle,59.90,USD\n", encoding="utf-8")
    assert main(["--data", "data", "import", "goods.csv", "--dry-run"]) == 0
    assert "test questions" not in capsys.readouterr().err
    assert main(["--data", "data", "import", "goods.csv", "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["version"] == 2, "standard output is JSON alone"
    assert "1 of the shop's test questions" in err and QUESTION.question in err and "expect: 49.90" in err
