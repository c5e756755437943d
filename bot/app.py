"""The web app: its lifespan, health, metrics, errors, and the doors mounted on it."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.exceptions import HTTPException

from bot.assembly import Services
from bot.channels.telegram.webhook import telegram_routes
from bot.channels.web.frame import widget_routes
from bot.channels.web.routes import Limits, customer_routes
from bot.channels.web.routes import Notices as WebNotices
from bot.channels.web.storefront import storefront_routes
from bot.consoles.merchant.feeds_api import feed_routes
from bot.consoles.merchant.knowledge_api import knowledge_routes
from bot.consoles.merchant.routes import merchant_routes
from bot.consoles.merchant.settings_api import settings_routes
from bot.consoles.staff.routes import staff_routes
from bot.demo import DEMO
from bot.errors import SignInRequired, TooManyRequests, ZhangguiError
from bot.metrics import BodyLimit, Heads, Metrics, ModelFigures, Watch
from bot.readiness import Readiness
from knowledge.catalog import utc_now
from knowledge.errors import (
    InvalidEntry,
    InvalidSetting,
    KnowledgeError,
    RevisionConflict,
    StaleEntry,
    StorageUnavailable,
    UnknownEntry,
    UnknownShop,
)
from retrieval.errors import RetrievalError

log = logging.getLogger(__name__)

PROBLEM = "application/problem+json"
KNOWLEDGE_STATUS: dict[type[KnowledgeError], int] = {UnknownShop: 404, UnknownEntry: 404, StaleEntry: 412, RevisionConflict: 409}
"""Refusals of the knowledge package that are not about the input itself."""


def create_app(parts: Services, readiness: Readiness) -> FastAPI:
    """The app for uvicorn, on parts that are open; whoever opened them closes them after it."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        readiness.begin()
        try:
            yield
        finally:
            await readiness.stop()

    app = FastAPI(
        title="Zhanggui",
        summary="Conversational marketing assistant: the customer's, staff's and merchant's doors.",
        version="1",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    metrics = Metrics()
    parts.assistant.answered = metrics.turn
    if parts.merchant.spending is not None:
        metrics.registry.register(ModelFigures(parts.merchant.spending))
    app.add_middleware(BodyLimit)
    app.add_middleware(Watch, metrics=metrics)
    app.add_middleware(Heads)
    _errors(app)
    _operations(app, readiness, metrics)
    _mount(app, parts)
    return app


def _operations(app: FastAPI, readiness: Readiness, metrics: Metrics) -> None:
    @app.get("/healthz", tags=["operations"], response_class=PlainTextResponse)
    async def healthz() -> str:
        """The process is alive."""
        return "ok"

    @app.get("/readyz", tags=["operations"])
    async def readyz() -> JSONResponse:
        """200 once every published shop answers; before that 503 with each part's state."""
        state = await readiness.state()
        return JSONResponse(state, status_code=200 if state["ready"] else 503)

    @app.get("/metrics", tags=["operations"])
    async def prometheus() -> Response:
        """Prometheus metrics of this process."""
        return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)


def _mount(app: FastAPI, parts: Services) -> None:
    """Every door, each made from the parts it needs. The storefront comes last: its paths are the widest."""
    settings, notices, store = parts.settings, parts.notices, parts.knowledge.store
    limits = Limits(messages=settings.message_limit, address=settings.address_limit)
    said = WebNotices(greeting=notices.greeting, waiting=parts.waiting)

    routers = [
        customer_routes(parts.assistant, parts.conversations, store, parts.bus, clock=utc_now, notices=said, limits=limits),
        widget_routes(store),
        staff_routes(
            parts.access,
            parts.conversations,
            store,
            parts.bus,
            clock=utc_now,
            base_url=settings.base_url,
            notices=notices.say,
        ),
        merchant_routes(parts.merchant, parts.knowledge),
        knowledge_routes(parts.merchant),
        settings_routes(parts.merchant),
        feed_routes(parts.access, store, parts.feeds, clock=utc_now),
        telegram_routes(parts.telegram),
        storefront_routes(store, parts.retriever.view, clock=utc_now, demo_images=DEMO / "images"),
    ]
    for router in routers:
        app.include_router(router)


def _errors(app: FastAPI) -> None:
    """RFC 9457 problem details for everything that goes wrong."""

    def problem(status: int, title: str, headers: dict[str, str] | None = None, **details: object) -> JSONResponse:
        body = {"type": "about:blank", "status": status, "title": title, "detail": title, **details}
        return JSONResponse(body, status_code=status, media_type=PROBLEM, headers=headers)

    @app.exception_handler(ZhangguiError)
    async def ours(_: Request, error: ZhangguiError) -> JSONResponse:
        headers = {"WWW-Authenticate": "Bearer"} if isinstance(error, SignInRequired) else {}
        if isinstance(error, TooManyRequests):
            headers["Retry-After"] = str(error.retry_after)
        return problem(error.status, error.message, headers, **error.details)

    @app.exception_handler(KnowledgeError)
    async def knowledge(_: Request, error: KnowledgeError) -> JSONResponse:
        if isinstance(error, StorageUnavailable):
            log.error("%s", error)
            return problem(503, "The database does not answer. Try again in a moment.", {"Retry-After": "5"})
        status = next((status for kind, status in KNOWLEDGE_STATUS.items() if isinstance(error, kind)), 422)
        if isinstance(error, InvalidEntry | InvalidSetting):
            return problem(status, str(error), field=error.field)
        return problem(status, str(error))

    @app.exception_handler(RetrievalError)
    async def retrieval(_: Request, error: RetrievalError) -> JSONResponse:
        log.error("%s", error)
        return problem(503, "A part that finds answers does not answer. Try again in a moment.", {"Retry-After": "5"})

    @app.exception_handler(HTTPException)
    async def http(_: Request, error: HTTPException) -> JSONResponse:
        return problem(error.status_code, str(error.detail), dict(error.headers or {}))

    @app.exception_handler(RequestValidationError)
    async def validation(_: Request, error: RequestValidationError) -> JSONResponse:
        wrong = [{"field": ".".join(str(part) for part in item["loc"]), "message": item["msg"]} for item in error.errors()]
        first = wrong[0] if wrong else {"field": "body", "message": "cannot be read"}
        return problem(422, f"{first['field']}: {first['message']}", errors=wrong)

    @app.exception_handler(Exception)
    async def unexpected(request: Request, error: Exception) -> JSONResponse:
        log.exception("unexpected error at %s %s", request.method, request.url.path, exc_info=error)
        return problem(500, "Something went wrong on our side; it is in the log. Try again in a moment.")
