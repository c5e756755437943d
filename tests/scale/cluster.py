"""The processes of docker-compose.yml, natively: app × 2 on PostgreSQL, Redis and a Chroma server. Also one plain app on its own directory."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.contract.servers import Databases, free_port, redis_command, running

ROOT = Path(__file__).resolve().parents[2]
READY_WITHIN = 180.0


class App:
    """A `zhanggui serve` process. `url` is its address; `kill` is kill -9."""

    def __init__(self, folder: Path, environment: dict[str, str], *, port: int | None = None, demo: bool = True) -> None:
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = (folder / f"app-{self.port}.log").open("ab")
        self.log_path = folder / f"app-{self.port}.log"
        command = [sys.executable, "-m", "bot", "serve", "--port", str(self.port), *(["--demo"] if demo else [])]
        self._folder = folder
        clean = {name: value for name, value in os.environ.items() if not name.startswith("ZHANGGUI_")}
        self._environment = {**clean, "PYTHONPATH": str(ROOT), **environment}
        self.process = subprocess.Popen(command, cwd=folder, env=self._environment, stdout=self._log, stderr=subprocess.STDOUT)

    def ready(self, within: float = READY_WITHIN) -> "App":
        """Waits until /readyz says 200."""
        deadline = time.monotonic() + within
        while True:
            if self.process.poll() is not None:
                raise RuntimeError(f"the app ended: {self.log_path.read_text()[-3000:]}")
            try:
                with urllib.request.urlopen(f"{self.url}/readyz", timeout=2) as response:
                    if response.status == 200:
                        return self
            except (OSError, urllib.error.HTTPError):
                pass
            if time.monotonic() > deadline:
                raise RuntimeError(f"the app is not ready: {self.log_path.read_text()[-3000:]}")
            time.sleep(0.05)

    def command(self, *arguments: str) -> subprocess.Popen[str]:
        """A `zhanggui` command on the same data, beside this process."""
        command = [sys.executable, "-m", "bot", *arguments]
        return subprocess.Popen(command, cwd=self._folder, env=self._environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def run(self, *arguments: str) -> str:
        """What the command prints, once it has ended well."""
        out, err = (process := self.command(*arguments)).communicate(timeout=120)
        assert process.returncode == 0, err
        return out

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """A clean stop; kills after 15 s."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.kill()
        self._log.close()


@contextmanager
def cluster(apps: int = 2) -> Iterator[list[App]]:
    """Ready app processes that share PostgreSQL, Redis and a Chroma server."""
    folder = Path(tempfile.mkdtemp(prefix="zhanggui-scale-"))
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        databases = Databases(folder)
        stack.callback(databases.close)
        redis, chroma = free_port(), free_port()
        for name, command, port in (
            ("redis", redis_command(redis), redis),
            (
                "chroma",
                [str(Path(sys.executable).with_name("chroma")), "run", "--path", "data", "--host", "127.0.0.1", "--port", str(chroma)],
                chroma,
            ),
        ):
            (folder / name).mkdir()
            stack.enter_context(running(command, port, folder / name))
        environment = {
            "ZHANGGUI_DATABASE_URL": databases.blank("postgresql"),
            "ZHANGGUI_REDIS_URL": f"redis://127.0.0.1:{redis}/0",
            "ZHANGGUI_CHROMA_URL": f"http://127.0.0.1:{chroma}",
            "ZHANGGUI_SECRET_KEY": "0" * 43 + "=",
        }
        started: list[App] = []
        for number in range(apps):
            (folder / f"app{number}").mkdir()
            app = App(folder / f"app{number}", {**environment, "ZHANGGUI_DATA": str(folder / f"app{number}")})
            stack.callback(app.stop)
            started.append(app)
        yield [app.ready() for app in started]
