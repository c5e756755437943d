"""What stands around every request: metrics, headers, the limit on bodies. Plain ASGI, so that streams stay streams."""

from collections.abc import Iterator
from time import perf_counter

from prometheus_client import CollectorRegistry, Counter, GCCollector, Histogram, PlatformCollector, ProcessCollector
from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.answering.answer import Answer
from bot.language_model.spending import NANOS, Spending

BUCKETS = (0.005, 0.01, 0.02, 0.03, 0.05, 0.08, 0.15, 0.3, 0.6, 1.2, 2.5, 5, 10, 20, 60)
SECURITY_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
)
MAX_BODY = 256 * 1024
"""Bytes of a customer's or staff request."""
MAX_UPLOAD = 210 * 1024 * 1024
"""Bytes of a knowledge upload (a 200 MB file and its wrapping)."""


class Metrics:
    """Counters of the process under names starting with zhanggui_."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        self._requests = Counter("zhanggui_requests_total", "HTTP requests.", ["route", "method", "status"], registry=self.registry)
        self._seconds = Histogram("zhanggui_request_seconds", "Seconds a request took.", ["route"], buckets=BUCKETS, registry=self.registry)
        self._turns = Counter("zhanggui_turns_total", "Turns answered.", ["outcome", "engine", "language"], registry=self.registry)
        self._turn_seconds = Histogram(
            "zhanggui_turn_seconds",
            "Seconds from when a message is taken up to its stored answer.",
            buckets=BUCKETS,
            registry=self.registry,
        )

    def request(self, scope: Scope, status: int, seconds: float) -> None:
        """Counts a request under its route's pattern, so that ids make no new series."""
        route = getattr(scope.get("route"), "path", "other")
        self._requests.labels(route, scope["method"], str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def turn(self, answer: Answer, seconds: float) -> None:
        """Counts an answer that was stored."""
        self._turns.labels(answer.outcome.value, answer.engine.value, answer.language).inc()
        self._turn_seconds.observe(seconds)


class ModelFigures(Collector):
    """What this process' calls to the language model took, by shop."""

    def __init__(self, spending: Spending) -> None:
        self._spending = spending

    def collect(self) -> Iterator[CounterMetricFamily]:
        """For the registry."""
        spending = self._spending
        calls = CounterMetricFamily(
            "zhanggui_model_calls", "Calls to the language model: made, failed, over_budget.", labels=["shop", "end"]
        )
        for (shop, end), count in sorted(spending.calls.items()):
            calls.add_metric([shop, end], count)
        tokens = CounterMetricFamily("zhanggui_model_tokens", "Tokens read (in) and written (out).", labels=["shop", "direction"])
        for (shop, direction), count in sorted(spending.tokens.items()):
            tokens.add_metric([shop, direction], count)
        cost = CounterMetricFamily("zhanggui_model_cost", "What they cost, in units of the currency.", labels=["shop", "currency"])
        for shop, nanos in sorted(spending.nanos.items()):
            cost.add_metric([shop, spending.prices.currency], nanos / NANOS)
        yield from (calls, tokens, cost)


class Watch:
    """Counts every request and gives every response the headers that a careful browser wants (a route's own win)."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, began = 500, perf_counter()

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                present = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *((n, v) for n, v in SECURITY_HEADERS if n not in present)]
            await send(message)

        try:
            await self._app(scope, receive, watched)
        finally:
            self._metrics.request(scope, status, perf_counter() - began)


class Heads:
    """Answers HEAD as GET without its body (monitors and link checkers ask so), but for the event stream, which has no end."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http" or scope["method"] != "HEAD" or scope["path"].endswith("/events"):
            await self._app(scope, receive, send)
            return

        async def headers_only(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        await self._app({**scope, "method": "GET"}, receive, headers_only)


class BodyLimit:
    """Refuses bodies over the limit with 413 before they are read into memory."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        upload = "/knowledge/" in scope["path"] or scope["path"].startswith("/console")
        limit = MAX_UPLOAD if upload else MAX_BODY
        length = dict(scope["headers"]).get(b"content-length", b"0")
        if length.isdigit() and int(length) > limit:
            await self._refuse(limit, scope, receive, send)
            return
        read = 0

        async def limited() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > limit:
                raise _TooLong
            return message

        try:
            await self._app(scope, limited, send)
        except _TooLong:
            await self._refuse(limit, scope, receive, send)

    async def _refuse(self, limit: int, scope: Scope, receive: Receive, send: Send) -> None:
        title = f"The request is larger than {limit // 1024} KiB; send less at a time."
        body = {"type": "about:blank", "status": 413, "title": title, "detail": title}
        await JSONResponse(body, status_code=413, media_type="application/problem+json")(scope, receive, send)


class _TooLong(Exception):
    pass
