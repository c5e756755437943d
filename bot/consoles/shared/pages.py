"""Server-rendered pages: language, layout, security headers, and refusals as pages instead of JSON."""

from collections.abc import Callable, Coroutine, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.routing import APIRoute
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined

from bot.consoles.access import Who
from bot.consoles.shared.assets import ConsoleFiles
from bot.consoles.shared.rich_text import rich
from bot.consoles.shared.words import LANGUAGE_COOKIE, Words, language_of, load_words
from bot.errors import SignInRequired, ZhangguiError
from bot.language_model.spending import money_text
from knowledge.errors import KnowledgeError, StorageUnavailable
from knowledge.localized import pick
from knowledge.money import Money

HERE = Path(__file__).parent
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
}
YEAR = 365 * 24 * 3600


class Pages:
    """Renders templates of a console and of shared/. `path`: where its files are served."""

    def __init__(self, folder: Path, path: str, clock: Callable[[], datetime]) -> None:
        folders = [folder, HERE]
        self.files = ConsoleFiles([f / "files" for f in folders if (f / "files").is_dir()], path)
        self.clock = clock
        self.words = load_words()
        self._templates = Environment(
            loader=ChoiceLoader([FileSystemLoader(f / "templates") for f in folders]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters["iso"] = _iso
        self._templates.filters["rich"] = rich
        self._templates.filters["conditions"] = conditions
        self._templates.filters["money"] = money_text
        self._templates.filters["clock"] = lambda moment: moment.strftime("%H:%M")
        self._templates.filters["day"] = lambda moment: moment.strftime("%Y-%m-%d")

    def words_of(self, request: Request) -> Words:
        """The texts in the language of the one who reads."""
        return self.words[language_of(request, self.words)]

    def render(self, request: Request, template: str, who: Who | None = None, *, status: int = 200, **values: object) -> HTMLResponse:
        """The page. Every template has `t` (texts), `lang`, `who`, `assets`, `here` (this page in another language) and `ago`."""
        words = self.words_of(request)
        other = next((language for language in self.words if language != words.language), words.language)
        query = urlencode([*((k, v) for k, v in request.query_params.multi_items() if k not in ("lang", "live", "after")), ("lang", other)])
        shared = {
            "t": words,
            "lang": words.language,
            "who": who,
            "assets": self.files.base,
            "here": f"{request.url.path if request.method == 'GET' else '/desk'}?{query}",
            "other_lang": other,
            "ago": lambda moment: ago(words, self.clock(), moment),
            "how_long": lambda moment: ago(words, self.clock(), moment, soon="time.moment"),
            "pick": lambda text: pick(text, words.language),
        }
        html = self._templates.get_template(template).render({**shared, **values})
        response = HTMLResponse(html, status_code=status, headers=HEADERS)
        if request.query_params.get("lang") in self.words:
            response.set_cookie(
                LANGUAGE_COOKIE, words.language, max_age=YEAR, samesite="lax", httponly=True, secure=request.url.scheme == "https"
            )
        return response

    def route(self) -> type[APIRoute]:
        """A route class for pages: who is not signed in is sent to do so, any other refusal is a page in the reader's language."""
        pages = self

        class PageRoute(APIRoute):
            def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
                original = super().get_route_handler()

                async def handler(request: Request) -> Response:
                    try:
                        return await original(request)
                    except SignInRequired:
                        there = request.url.path if request.method == "GET" else "/desk"
                        return RedirectResponse(f"/desk/sign-in?next={quote(there)}", status_code=303, headers=HEADERS)
                    except ZhangguiError as error:
                        return pages.refusal(request, error)
                    except StorageUnavailable:
                        raise
                    except KnowledgeError as error:
                        return pages.render(request, "problem.html", status=422, sentence=error.said(pages.words_of(request).language))

                return handler

        return PageRoute

    def refusal(self, request: Request, error: ZhangguiError) -> HTMLResponse:
        """The error as a page."""
        return self.render(request, "problem.html", status=error.status, sentence=self.sentence(request, error))

    def sentence(self, request: Request, error: ZhangguiError) -> str:
        """What went wrong, in the reader's language where we have it."""
        details = {key: value for key, value in error.details.items() if key not in ("code", "sentence")}
        return self.words_of(request).error(error.details.get("code"), error.message, **details)


def ago(words: Words, now: datetime, moment: datetime | None, *, soon: str = "time.now") -> str:
    """How long since, in one rounded unit."""
    if moment is None:
        return ""
    minutes = int((now - moment).total_seconds() // 60)
    if minutes < 1:
        return words(soon)
    if minutes < 60:
        return words("time.minutes", count=minutes)
    if minutes < 48 * 60:
        return words("time.hours", count=minutes // 60)
    return words("time.days", count=minutes // (24 * 60))


def conditions(filters: Mapping[str, Any]) -> str:
    """The filters of a trace as words: "price max: 500.00 USD, in stock, attributes: red"."""
    return ", ".join(_condition(name.replace("_", " "), value) for name, value in filters.items())


def _condition(name: str, value: Any) -> str:
    if value is True:
        return name
    if isinstance(value, Mapping) and "minor" in value:
        return f"{name}: {Money(int(value['minor']), str(value['currency'])).text} {value['currency']}"
    items = value if isinstance(value, list) else [value]
    said = [str(item.get("said") or " ".join(item.get("values", ()))) if isinstance(item, Mapping) else str(item) for item in items]
    return f"{name}: {', '.join(said)}"


def local_path(target: str | None, allowed: Iterable[str] = ("/desk", "/console")) -> str:
    """Where to go after signing in: only a path of ours, never another host."""
    text = target or ""
    if any(text == start or text.startswith((f"{start}/", f"{start}?")) for start in allowed) and "\\" not in text and "//" not in text:
        return text
    return "/desk"


def _iso(moment: datetime) -> str:
    aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return aware.isoformat(timespec="seconds").replace("+00:00", "Z")
