"""A small OpenAI-compatible server on a local port: /v1/chat/completions with server-sent events, as slow or broken as a test wants."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass
class OpenAIServer:
    """`answer`: the text given. `status`: other than 200 gives an error body. `cut_after`: chunks after which the line drops. `hang_after`:
    chunks after which nothing comes any more. `tool_calls`: name and arguments of what it calls in the first round with tools. `requests`: the bodies received; `keys`: their Authorization headers."""

    answer: str = "Hello."
    tool_calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    status: int = 200
    cut_after: int | None = None
    hang_after: int | None = None
    garbage: bool = False
    requests: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    url: str = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
            headers = {name.lower(): value for name, value in headers.items()}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            self.requests.append(json.loads(body))
            self.keys.append(headers.get("authorization", ""))
            await self._respond(writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _respond(self, writer: asyncio.StreamWriter) -> None:
        if self.status != 200:
            error = json.dumps(
                {"error": {"message": "Incorrect API key provided: sk-secret", "type": "x", "code": "invalid_api_key"}}
            ).encode()
            writer.write(
                f"HTTP/1.1 {self.status} No\r\nContent-Type: application/json\r\nContent-Length: {len(error)}\r\nConnection: close\r\n\r\n".encode()
                + error
            )
            await writer.drain()
            return
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n")
        if self.garbage:
            self._event(writer, "{not json")
        asked = self.requests[-1]
        if self.tool_calls and asked.get("tools") and not any(message["role"] == "tool" for message in asked["messages"]):
            for place, (name, arguments) in enumerate(self.tool_calls):
                text = json.dumps(arguments)
                called = {"index": place, "id": f"c{place}", "type": "function", "function": {"name": name, "arguments": text[:7]}}
                self._event(writer, json.dumps(_chunk({"role": "assistant", "tool_calls": [called]})))
                self._event(writer, json.dumps(_chunk({"tool_calls": [{"index": place, "function": {"arguments": text[7:]}}]})))
            self._event(writer, json.dumps(_chunk({}, finish="tool_calls")))
            await self._end(writer)
            return
        pieces = [self.answer[i : i + 4] for i in range(0, len(self.answer), 4)]
        for number, piece in enumerate(pieces):
            if self.hang_after is not None and number >= self.hang_after:
                await writer.drain()
                await asyncio.Event().wait()
            if self.cut_after is not None and number >= self.cut_after:
                await writer.drain()
                writer.transport.abort()
                return
            self._event(writer, json.dumps(_chunk({"content": piece, "role": "assistant"})))
        self._event(writer, json.dumps(_chunk({}, finish="stop")))
        await self._end(writer)

    async def _end(self, writer: asyncio.StreamWriter) -> None:
        self._event(writer, json.dumps(_chunk(None, usage={"prompt_tokens": 120, "completion_tokens": 7, "total_tokens": 127})))
        self._event(writer, "[DONE]")
        writer.write(b"0\r\n\r\n")
        await writer.drain()

    @staticmethod
    def _event(writer: asyncio.StreamWriter, data: str) -> None:
        payload = f"data: {data}\n\n".encode()
        writer.write(f"{len(payload):x}\r\n".encode() + payload + b"\r\n")


def _chunk(delta: dict[str, Any] | None, finish: str | None = None, usage: dict[str, int] | None = None) -> dict[str, Any]:
    choices = [] if delta is None else [{"index": 0, "delta": delta, "finish_reason": finish}]
    return {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "tiny", "choices": choices, "usage": usage}


@asynccontextmanager
async def openai_server(**how: Any) -> AsyncIterator[OpenAIServer]:
    """The server on a free local port, closed in the end."""
    fake = OpenAIServer(**how)
    server = await asyncio.start_server(fake.serve, "127.0.0.1", 0)
    fake.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    try:
        yield fake
    finally:
        server.close()
