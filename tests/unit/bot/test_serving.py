"""The start: a setting that leads nowhere stops it with one sentence; a start that was cut off is made good by the next one."""

import asyncio
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.assembly import services
from bot.demo import SLUG, load_demo
from bot.readiness import Readiness
from bot.settings import Settings
from tests.contract.servers import free_port


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("DATABASE_URL", "postgresql://someone:secret@127.0.0.1:{port}/shop"),
        ("REDIS_URL", "redis://127.0.0.1:{port}/0"),
        ("CHROMA_URL", "http://127.0.0.1:{port}"),
    ],
)
def test_a_server_that_is_not_there_stops_the_start_with_one_sentence(
    name: str, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(f"ZHANGGUI_{name}", address.format(port=free_port()))
    assert main(["--data", str(tmp_path / "data"), "serve", "--port", str(free_port())]) == 2
    said = capsys.readouterr().err
    assert len(said.splitlines()) == 1 and name in said and "secret" not in said


def test_a_data_directory_that_cannot_be_made_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("in the way")
    assert main(["--data", str(tmp_path / "file" / "data"), "serve", "--port", str(free_port())]) == 2
    assert capsys.readouterr().err.startswith("zhanggui: The data directory ")


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.chdir(tmp_path)
    return Settings(data=tmp_path / "data")


async def prepared(settings: Settings) -> tuple[dict[str, object], str]:
    """/readyz when the preparation is over, and the sentence of a failed start."""
    over = asyncio.Event()

    async def on_ready() -> None:
        over.set()

    async with services(settings) as parts, asyncio.timeout(120):
        readiness = Readiness(parts, demo=True, on_ready=on_ready, on_failure=over.set)
        before = await readiness.state()
        assert before["ready"] is False and before["parts"]["start"] == "preparing"  # type: ignore[index]
        readiness.begin()
        await over.wait()
        state = await readiness.state()
        await readiness.stop()
    return state, readiness.failure


async def test_a_demo_shop_whose_loading_was_cut_off_is_loaded_by_the_next_start(settings: Settings) -> None:
    async with services(settings) as parts:
        loading = asyncio.create_task(load_demo(parts))
        while await parts.knowledge.store.shop(SLUG) is None:
            await asyncio.sleep(0)
        loading.cancel()
        await asyncio.gather(loading, return_exceptions=True)
        assert (await parts.knowledge.store.state(SLUG)).revision == 0
    state, failure = await prepared(settings)
    assert failure == ""
    assert state == {
        "ready": True,
        "parts": {"start": "done", "database": "ready", "index": "ready", "events": "ready", "shop demo": "ready"},
    }


async def test_a_start_that_fails_says_so_and_ends_the_process(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    async with services(settings) as parts:
        await parts.knowledge.create_shop("tea")
        shop = await parts.knowledge.shop("tea")
        async with parts.conversations._engine.write() as connection:  # type: ignore[attr-defined]
            await connection.exec_driver_sql("UPDATE shops SET serving = 1, languages = '[]' WHERE id = ?", (shop.id,))
    state, failure = await prepared(settings)
    assert failure
    assert state["ready"] is False and state["parts"]["start"] == "failed"  # type: ignore[index]
