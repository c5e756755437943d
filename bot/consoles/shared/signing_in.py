"""The pages to sign in, to sign in by a one-time link, and the button to sign out; for desk and console alike."""

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from bot.consoles.access import OLD_FORM, SESSION_LONGEST, Access, cookie_name, same_origin
from bot.consoles.shared.pages import HEADERS, Pages, local_path
from bot.errors import InvalidInput, NotAllowed, SignInRequired, ZhangguiError

LONGEST = 400
"""Characters of any field here; longer ones are nobody's."""


def sign_in_routes(access: Access, pages: Pages, *, base_url: str) -> APIRouter:
    """/desk/sign-in, /desk/sign-out and /desk/welcome; mount it without prefix."""
    router = APIRouter(prefix="/desk", include_in_schema=False, route_class=pages.route())

    def signed_in(request: Request, token: str, target: str) -> Response:
        secure = request.url.scheme == "https" or base_url.startswith("https://")
        response = RedirectResponse(target, status_code=303, headers=HEADERS)
        age = int(SESSION_LONGEST.total_seconds())
        response.set_cookie(cookie_name(request), token, max_age=age, path="/", httponly=True, samesite="lax", secure=secure)
        return response

    @router.get("/sign-in")
    async def page(request: Request, next: str | None = None) -> Response:
        try:
            await access.who(request)
        except SignInRequired:
            return pages.render(request, "sign_in.html", next=local_path(next), email="", problem="")
        return RedirectResponse(local_path(next), status_code=303, headers=HEADERS)

    @router.post("/sign-in")
    async def sign_in(request: Request, email: str = Form(""), password: str = Form(""), next: str = Form("")) -> Response:
        try:
            _same_origin(request)
            token = await access.sign_in(_address(request), email[:LONGEST], password[:LONGEST])
        except ZhangguiError as error:
            sentence, target = pages.sentence(request, error), local_path(next)
            return pages.render(request, "sign_in.html", status=error.status, next=target, email=email[:LONGEST], problem=sentence)
        return signed_in(request, token, local_path(next))

    @router.get("/welcome")
    async def welcome(request: Request) -> Response:
        """The code stands behind # in the address: the browser sends it nowhere by itself, welcome.js puts it into the form."""
        return pages.render(request, "welcome.html", token="", name="", problem="")

    @router.post("/welcome")
    async def choose(
        request: Request, token: str = Form(""), name: str = Form(""), password: str = Form(""), again: str = Form("")
    ) -> Response:
        words = pages.words_of(request)
        # A whole link that somebody pasted is as good as its code.
        token = token.strip().rpartition("#")[2][:LONGEST]
        try:
            _same_origin(request)
            if not token:
                raise InvalidInput(words("sign_in.no_code"))
            if password != again:
                raise InvalidInput(words("sign_in.differ"))
            session = await access.sign_in_by_link(_address(request), token, password, name=name)
        except ZhangguiError as error:
            sentence = pages.sentence(request, error)
            return pages.render(request, "welcome.html", status=error.status, token=token, name=name[:80], problem=sentence)
        return signed_in(request, session, "/desk?first=1")

    @router.post("/sign-out")
    async def sign_out(request: Request) -> Response:
        await access.sign_out(await access.who(request))
        response = RedirectResponse("/desk/sign-in", status_code=303, headers=HEADERS)
        response.delete_cookie(cookie_name(request), path="/", httponly=True, samesite="lax", secure=request.url.scheme == "https")
        return response

    return router


def _same_origin(request: Request) -> None:
    if not same_origin(request):
        raise NotAllowed(OLD_FORM, code="old_form")


def _address(request: Request) -> str:
    return request.client.host if request.client else "unknown"
