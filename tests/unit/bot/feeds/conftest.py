"""A web server that does what each test tells it to, on a port of its own."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import pytest

Handler = Callable[["Request", asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Request:
    path: str
    headers: dict[str, str]


@dataclass
class WebServer:
    """`handlers` by path; what was asked stands in `requests`."""

    port: int = 0
    handlers: dict[str, Handler] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def gives(self, path: str, body: bytes, status: str = "200 OK", **headers: str) -> None:
        async def handler(request: Request, writer: asyncio.StreamWriter) -> None:
            await answer(writer, body, status, headers)

        self.handlers[path] = handler

    def redirects(self, path: str, to: str) -> None:
        self.gives(path, b"", "302 Found", Location=to)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
            request = Request(head[0].split()[1], headers)
            self.requests.append(request)
            handler = self.handlers.get(request.path.partition("?")[0])
            if handler is None:
                await answer(writer, b"", "404 Not Found", {})
            else:
                await handler(request, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


async def answer(writer: asyncio.StreamWriter, body: bytes, status: str, headers: dict[str, str]) -> None:
    named = {"Content-Length": str(len(body)), "Connection": "close"} | {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in named.items() if value)]
    writer.write(("\r\n".join(lines) + "\r\n\r\n").encode() + body)
    await writer.drain()


@pytest.fixture
async def web() -> AsyncIterator[WebServer]:
    made = WebServer()
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    yield made
    server.close()
