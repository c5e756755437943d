"""`zhanggui serve`: everything in one process."""

import logging
import socket
import sys

import uvicorn

from bot.app import create_app
from bot.assembly import Services
from bot.commands.administration import sign_in_link
from bot.errors import SettingsError
from bot.settings import Settings


def serve(settings: Settings, *, demo: bool) -> int:
    """Serves until it is told to stop. Says where the pages are, and how to sign in the first time, once every shop answers."""
    listener = _listen(settings)
    settings = settings.model_copy(update={"port": listener.getsockname()[1]})

    async def on_ready(parts: Services) -> None:
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

    app = create_app(settings, demo=demo, on_ready=on_ready)
    config = uvicorn.Config(
        app,
        log_level=settings.log_level,
        access_log=False,
        proxy_headers=True,
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_graceful_shutdown=10,
        server_header=False,
    )
    logging.getLogger("httpx").setLevel(logging.WARNING)  # its info lines hold URLs, and Bot API URLs hold the token
    uvicorn.Server(config).run(sockets=[listener])
    return 0


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
