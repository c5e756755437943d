"""A real server on its own data directory, and a real browser. Nothing here is patched: what is set, a merchant could set."""

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from knowledge.storage.engine import open_engine, sqlite_url
from knowledge.storage.sql_store import SqlKnowledgeStore
from tests.browser import find

expect.set_options(timeout=15_000)  # a busy machine is no failure

ROOT = Path(__file__).parents[2]
READY_WITHIN = 150.0
"""Seconds for the first start, which loads and indexes the demo shop."""
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True, slots=True)
class Server:
    """A running `serve --demo`; `foreign`: an origin that the demo shop allows to embed its widget."""

    url: str
    data: Path
    foreign: int
    """Port on 127.0.0.1."""


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def run(data: Path, *arguments: str) -> None:
    """One command of ours on that data directory."""
    subprocess.run([sys.executable, "-m", "bot", "--data", str(data), *arguments], cwd=ROOT, check=True, capture_output=True, timeout=120)


async def _allow(data: Path, origin: str) -> None:
    engine = await open_engine(sqlite_url(data / "zhanggui.db"))
    store = SqlKnowledgeStore(engine)
    shop = await store.shop("demo")
    assert shop is not None
    await store.update_shop(replace(shop, settings={**shop.settings, "allowed_origins": [origin]}))
    await engine.dispose()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Besides the demo shop it holds the shop `corner`, where a customer who waits is told at once that nobody came."""
    data = tmp_path_factory.mktemp("journeys")
    port, foreign = free_port(), free_port()
    environment = {**os.environ, "ZHANGGUI_WAIT_MINUTES": "0", "ZHANGGUI_MESSAGE_LIMIT": "200", "ZHANGGUI_FEED_NETWORKS": "127.0.0.0/8"}
    log = (data / "server.log").open("wb")
    command = [sys.executable, "-m", "bot", "--data", str(data), "serve", "--demo", "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_until_ready(process, url, data)
        asyncio.run(_allow(data, f"http://127.0.0.1:{foreign}"))
        run(data, "shop", "create", "corner", "--name", "Corner Shop")
        yield Server(url, data, foreign)
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)
        log.close()


def _wait_until_ready(process: subprocess.Popen[bytes], url: str, data: Path) -> None:
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            if httpx.get(f"{url}/readyz", timeout=5).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.2)
    pytest.fail("The server did not become ready:\n" + (data / "server.log").read_text(errors="replace")[-3000:])


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    path = find()
    if path is None:
        pytest.fail("No Chromium: run `python -m tests.browser`, or name one in ZHANGGUI_CHROMIUM.")
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield launched
        await launched.close()


Visit = Callable[..., Awaitable[Page]]


@pytest.fixture
async def visit(browser: Browser, server: Server) -> AsyncIterator[Visit]:
    """`await visit(path, **context options)`: a page; every error in its console fails the test unless `quiet`."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    async def open_page(path: str = "/", *, quiet: bool = False, context: BrowserContext | None = None, **options: object) -> Page:
        if context is None:
            context = await browser.new_context(**{"locale": "en-US", **options})  # type: ignore[arg-type]
            context.set_default_timeout(10_000)
            contexts.append(context)
        page = await context.new_page()
        if not quiet:
            page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
            page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.goto(path if "://" in path else server.url + path)
        return page

    yield open_page
    for context in contexts:
        await context.close()
    assert complaints == []
