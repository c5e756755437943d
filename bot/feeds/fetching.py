"""Fetches one feed over HTTP, within limits of size and time, from addresses that may be fetched from.

A name is resolved once for each connection, every address is checked, and the connection goes to an address that was checked: a name that
answers otherwise a moment later changes nothing. Redirects are followed here, each checked the same way. Nothing is taken from the
environment: no proxy, no netrc.
"""

import asyncio
import base64
import ipaddress
import socket
import ssl
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import httpcore

from bot.errors import InvalidInput, ZhangguiError
from bot.feeds.addresses import Network, is_allowed

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Host and port to addresses, as text."""

MOST_REDIRECTS = 5
MOST_URL = 2000
LOOK_SECONDS = 5.0
"""For the name of a server, before its feed is taken on."""
PRIVATE = "The address leads into a private network, which feeds may not read; an operator can allow it with ZHANGGUI_FEED_NETWORKS."
_PIECE = 64 * 1024
_SUFFIXES = {
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "application/json": ".json",
    "application/x-ndjson": ".jsonl",
    "application/xml": ".xml",
    "text/xml": ".xml",
    "application/rss+xml": ".xml",
    "application/atom+xml": ".xml",
    "text/html": ".html",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
}


class FeedFailed(ZhangguiError):
    """A feed that could not be fetched this time; the message says why, `code` and `values` the same for other languages. `retry_after`:
    seconds that the server asked to wait, or None."""

    status = 502

    def __init__(self, message: str, code: str, retry_after: float | None = None, **values: object) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.code = code
        self.values = values


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes as sent and unpacked, and seconds for all of it."""

    size: int = 100 * 1024 * 1024
    unpacked: int = 200 * 1024 * 1024
    seconds: float = 120.0
    connect: float = 10.0
    silence: float = 20.0
    """Seconds without a byte."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What the server gave. `path`: the file, None when it is as it was (304)."""

    path: Path | None
    etag: str
    last_modified: str


async def resolve(host: str, port: int) -> Sequence[str]:
    """By the system's resolver. Raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class Fetcher:
    """Fetches feeds; `own`: networks allowed beside the public ones."""

    def __init__(self, own: Sequence[Network] = (), limits: Limits | None = None, resolver: Resolve = resolve) -> None:
        self._own = own
        self._limits = limits or Limits()
        self._resolve = resolver

    async def fetch(self, url: str, folder: Path, *, etag: str = "", last_modified: str = "") -> Fetched:
        """The file at `url`, written into `folder`, unless it is the one that `etag` or `last_modified` name. Raises FeedFailed."""
        try:
            async with asyncio.timeout(self._limits.seconds):
                return await self._fetch(url, folder, etag, last_modified)
        except TimeoutError:
            raise FeedFailed(
                f"The feed did not arrive within {self._limits.seconds:.0f} seconds; it is tried again.",
                "slow",
                seconds=round(self._limits.seconds),
            ) from None
        except (httpcore.ConnectTimeout, httpcore.ReadTimeout, httpcore.WriteTimeout, httpcore.PoolTimeout) as error:
            raise FeedFailed("The server of the feed fell silent; it is tried again.", "silent") from error
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol, ssl.SSLError, OSError) as error:
            if "CERTIFICATE_VERIFY_FAILED" in str(error):
                raise FeedFailed("The server's certificate does not fit its name; check the address.", "certificate") from error
            raise FeedFailed(
                f"The server of the feed cannot be reached ({_reason(error)}); check the address.", "unreachable", reason=_reason(error)
            ) from error

    async def check(self, url: str) -> None:
        """Before a feed is taken on: raises FeedFailed where its address leads into a network that feeds may not read. A name that is not
        known now is no reason; the first poll tells."""
        parts = urlsplit(checked_url(url))
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                addresses = await self._resolve(parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80))
        except (TimeoutError, OSError, UnicodeError):
            return
        if not all(is_allowed(address, self._own) for address in addresses):
            raise FeedFailed(PRIVATE, "private")

    async def _fetch(self, url: str, folder: Path, etag: str, last_modified: str) -> Fetched:
        headers = {"User-Agent": "Zhanggui feeds", "Accept": "*/*", "Accept-Encoding": "gzip"}
        if etag:
            headers["If-None-Match"] = etag
        if last_modified:
            headers["If-Modified-Since"] = last_modified
        origin, credentials = _origin(url), _credentials(url)
        async with httpcore.AsyncConnectionPool(
            ssl_context=_tls(), max_connections=1, max_keepalive_connections=0, network_backend=_Guarded(self._resolve, self._own)
        ) as pool:
            for _ in range(MOST_REDIRECTS + 1):
                target = checked_url(url)
                sent = {**headers, **credentials} if _origin(url) == origin else headers
                async with self._request(pool, target, sent) as response:
                    if response.status in (301, 302, 303, 307, 308):
                        url = urljoin(url, _header(response, "location"))
                        continue
                    return await self._taken(response, target, folder, etag, last_modified)
        raise FeedFailed(
            f"The feed redirects more than {MOST_REDIRECTS} times; give the address that it leads to.", "redirects", most=MOST_REDIRECTS
        )

    def _request(self, pool: httpcore.AsyncConnectionPool, url: str, headers: dict[str, str]) -> Any:
        timeout = {"connect": self._limits.connect, "read": self._limits.silence, "write": self._limits.silence, "pool": 5.0}
        return pool.stream("GET", url, headers=list(headers.items()), extensions={"timeout": timeout})

    async def _taken(self, response: httpcore.Response, url: str, folder: Path, etag: str, last_modified: str) -> Fetched:
        if response.status == 304:
            return Fetched(None, etag, last_modified)
        if response.status != 200:
            raise FeedFailed(
                f"The server of the feed answered with status {response.status}; check the address.",
                "status",
                _retry_after(response),
                status=response.status,
            )
        if int(_header(response, "content-length") or 0) > self._limits.size:
            raise self._too_large()
        coding = _header(response, "content-encoding").lower()
        if coding not in ("", "identity", "gzip", "x-gzip"):
            raise FeedFailed(
                f"The feed is sent packed as “{coding[:20]}”, which was not asked for; send it plain or as gzip.",
                "packed",
                coding=coding[:20],
            )
        path = folder / f"feed{_suffix(url, _header(response, 'content-type'))}"
        await self._written(response.aiter_stream(), path)
        return Fetched(path, _header(response, "etag"), _header(response, "last-modified"))

    def _too_large(self) -> FeedFailed:
        most = self._limits.size // 2**20
        return FeedFailed(f"The feed is larger than {most} MB; split it.", "too_large", most=most)

    async def _written(self, pieces: AsyncIterator[bytes], path: Path) -> None:
        """Writes the body, unpacked where it is gzip (as the header says, or as a .gz file is)."""
        received = written = 0
        unpacker: _Unpacker | None = None
        with await asyncio.to_thread(path.open, "wb") as file:
            async for piece in pieces:
                if not received and piece.startswith(b"\x1f\x8b"):
                    unpacker = _Unpacker()
                received += len(piece)
                if received > self._limits.size:
                    raise self._too_large()
                for part in unpacker.parts(piece) if unpacker else (piece,):
                    written += len(part)
                    if written > self._limits.unpacked:
                        raise FeedFailed(
                            f"The feed unpacks to more than {self._limits.unpacked // 2**20} MB; split it.",
                            "too_large",
                            most=self._limits.unpacked // 2**20,
                        )
                    await asyncio.to_thread(file.write, part)
        if unpacker is not None and not unpacker.complete:
            raise FeedFailed("The feed is a damaged gzip file; it is tried again.", "damaged")


class _Guarded(httpcore.AsyncNetworkBackend):
    """Connects to addresses that were checked, never to a name."""

    def __init__(self, resolver: Resolve, own: Sequence[Network]) -> None:
        self._resolve = resolver
        self._own = own
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """To the first address that answers."""
        try:
            async with asyncio.timeout(timeout):
                addresses = await self._resolve(host.strip("[]"), port)
        except (TimeoutError, OSError, UnicodeError) as error:
            raise FeedFailed("The server's name is not known; check the address of the feed.", "unknown_name") from error
        if not addresses or not all(is_allowed(address, self._own) for address in addresses):
            raise FeedFailed(PRIVATE, "private")
        for last, address in enumerate(addresses, 1):
            try:
                return await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if last == len(addresses):
                    raise
        raise AssertionError("unreachable")

    async def connect_unix_socket(self, path: str, timeout: float | None = None, socket_options: Any = None) -> httpcore.AsyncNetworkStream:
        """Never."""
        raise FeedFailed("A feed is fetched over http or https.", "no_address")

    async def sleep(self, seconds: float) -> None:
        """As asked."""
        await asyncio.sleep(seconds)


class _Unpacker:
    """gzip in pieces of bounded size, members one after the other."""

    def __init__(self) -> None:
        self._inflate = zlib.decompressobj(wbits=31)

    @property
    def complete(self) -> bool:
        """Whether the last member ended."""
        return self._inflate.eof

    def parts(self, data: bytes) -> Iterable[bytes]:
        """What `data` unpacks to, at most 1 MB at a time."""
        while data:
            if self._inflate.eof:
                if not data.startswith(b"\x1f\x8b"):
                    return  # padding after the last member
                self._inflate = zlib.decompressobj(wbits=31)
            try:
                part = self._inflate.decompress(data, 2**20)
            except zlib.error as error:
                raise FeedFailed("The feed is a damaged gzip file; it is tried again.", "damaged") from error
            yield part
            data = self._inflate.unused_data if self._inflate.eof else self._inflate.unconsumed_tail


def checked_url(url: str) -> str:
    """The URL without credentials and fragment, as it is requested. Raises FeedFailed for what is no address of a file on the web."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        parts, host, port = urlsplit(""), "", None
    if parts.scheme not in ("http", "https") or not host or any(ord(letter) <= 32 or ord(letter) == 127 for letter in url):
        raise FeedFailed("A feed needs an address such as https://shop.example/products.csv.", "no_address")
    try:
        ascii_host = f"[{ipaddress.IPv6Address(host)}]" if ":" in host else host.encode("idna").decode()
    except (ValueError, UnicodeError):
        raise FeedFailed("The server's name in the feed's address cannot be used; check it.", "no_address") from None
    path = "".join(letter if letter.isascii() else _quoted(letter) for letter in parts.path or "/")
    query = "".join(letter if letter.isascii() else _quoted(letter) for letter in parts.query)
    return f"{parts.scheme}://{ascii_host}{f':{port}' if port else ''}{path}{f'?{query}' if query else ''}"


def usable_url(url: str) -> str:
    """The URL as it is kept. Raises InvalidInput."""
    url = url.strip()
    try:
        checked_url(url)
    except FeedFailed as error:
        raise refused(error) from None
    if len(url) > MOST_URL:
        raise InvalidInput(f"The address of the feed is longer than {MOST_URL} characters.", field="url", code="feed_no_address")
    return url


def refused(error: FeedFailed) -> InvalidInput:
    """The same as a refusal of the address that was given."""
    return InvalidInput(error.message, field="url", code=f"feed_{error.code}", **error.values)


def shown_url(url: str) -> str:
    """The URL without what may be secret: password and query values."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}{'?…' if parts.query else ''}"


def _quoted(letter: str) -> str:
    return "".join(f"%{byte:02X}" for byte in letter.encode())


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port


def _credentials(url: str) -> dict[str, str]:
    parts = urlsplit(url)
    if parts.username is None:
        return {}
    pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
    return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}


def _header(response: httpcore.Response, name: str) -> str:
    found = next((value for key, value in response.headers if key.lower() == name.encode()), b"")
    return found.decode("latin-1").strip()[:500]


def _retry_after(response: httpcore.Response) -> float | None:
    value = _header(response, "retry-after")
    return float(value) if value.isdigit() else None


def _suffix(url: str, content_type: str) -> str:
    """By the name in the URL (without .gz), else by the type that the server names; CSV where neither says anything."""
    suffix = Path(unquote(urlsplit(url).path).lower().removesuffix(".gz")).suffix
    if suffix in set(_SUFFIXES.values()) | {".tab", ".txt", ".ndjson", ".xlsm", ".htm"}:
        return suffix
    return _SUFFIXES.get(content_type.partition(";")[0].strip().lower(), ".csv")


def _reason(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__)[:120].rstrip(".")


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()
