"""`zhanggui serve`: everything in one process."""

import asyncio
import logging
import signal
import socket
import sys

import uvicorn
from uvicorn.loops.auto import auto_loop_factory

from bot.app import create_app
from bot.assembly import Services, services
from bot.commands.administration import sign_in_link
from bot.conversation.events import EventBus
from bot.errors import SettingsError
from bot.readiness import Readiness
from bot.settings import Settings

IMPORT_PATIENCE = 5.0
"""Seconds that an upload waits for its vectors before it reports; the goods are found by their words meanwhile."""


def serve(settings: Settings, *, demo: bool) -> int:
    """Serves until it is told to stop. Says where the pages are, and how to sign in the first time, once every shop answers. 2 when the
    start failed; raises the sentence when a setting leads nowhere."""
    # On the loop that uvicorn would take if it ran everything: uvloop where there is one.
    with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
        return runner.run(_open(settings, demo))


async def _open(settings: Settings, demo: bool) -> int:
    logging.getLogger("httpx").setLevel(logging.WARNING)  # its info lines hold URLs, and Bot API URLs hold the token
    listener = _listen(settings)
    settings = settings.model_copy(update={"port": listener.getsockname()[1]})
    with listener:
        async with services(settings, import_patience=IMPORT_PATIENCE) as parts:
            return await _serve(settings, parts, listener, demo)


async def _serve(settings: Settings, parts: Services, listener: socket.socket, demo: bool) -> int:
    async def on_ready() -> None:
        lines = [
            f"  storefront        {settings.base_url}/",
            f"  staff desk        {settings.base_url}/desk",
            f"  merchant console  {settings.base_url}/console",
        ]
        token = await parts.access.first_owner_token()
        if token:
            lines += ["  first sign-in     (once; choose a password there)", f"                    {sign_in_link(settings, token)}"]
        sys.stderr.write("\nZhanggui is open:\n" + "\n".join(lines) + "\n\n")
        sys.stderr.flush()

    def on_failure() -> None:
        server.should_exit = True

    readiness = Readiness(parts, demo=demo, on_ready=on_ready, on_failure=on_failure)
    await readiness.check_parts()
    config = uvicorn.Config(
        create_app(parts, readiness),
        log_level=settings.log_level,
        access_log=False,
        proxy_headers=True,
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_graceful_shutdown=10,
        server_header=False,
    )
    server = _Server(config, parts.bus)
    # uvicorn stops cleanly at these and raises them again when it is done, which would cut off the closing of our own parts.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    await server.serve(sockets=[listener])
    if readiness.failure:
        sys.stderr.write(f"zhanggui: The start failed: {readiness.failure}\n")
        return 2
    return 0


class _Server(uvicorn.Server):
    """Ends event streams when it is told to stop; they have no end of their own, and each stop would wait in vain for them."""

    def __init__(self, config: uvicorn.Config, bus: EventBus) -> None:
        super().__init__(config)
        self._bus = bus

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self._bus.end_subscriptions()
        await super().shutdown(sockets)


def _listen(settings: Settings) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((settings.host, settings.port))
    except OSError as error:
        raise SettingsError(
            f"Port {settings.port} on {settings.host} cannot be used ({error.strerror}); stop what uses it, or choose another with --port."
        ) from None
    return listener
