"""Asks the demo shop many questions in one process, each in a conversation of its own: for measurements, not for tests."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from bot.assembly import services
from bot.commands.terminal import Terminal
from bot.demo import load_demo
from bot.settings import load_settings


async def ask_all(texts: Sequence[str]) -> list[dict[str, object]]:
    """The Answers, in order."""
    with tempfile.TemporaryDirectory() as folder:
        async with services(load_settings(data=Path(folder) / "data", log_level="error")) as parts:
            terminal = await Terminal.open(parts, await load_demo(parts))
            return [await terminal.ask(await terminal.conversation(), text) for text in texts]
