"""What programs send: how they say who they are (for the OpenAPI document), and JSON bodies read after the sender is known, within a
limit: FastAPI would read and parse them before."""

import asyncio
from typing import TypeVar

from fastapi import Request
from fastapi.security import HTTPBearer
from pydantic import TypeAdapter, ValidationError

from bot.errors import InvalidInput, TooLarge

T = TypeVar("T")
API_TOKEN = HTTPBearer(
    auto_error=False,
    scheme_name="API token",
    description="Made with `zhanggui token create`. Browsers send their session's cookie instead.",
)
"""Documents only; Access.who decides."""


async def read_json(request: Request, form: TypeAdapter[T], *, limit: int) -> T:
    """The body as `form`; `limit` in bytes. Raises TooLarge, InvalidInput with the place of the first mistake."""
    raw = bytearray()
    async for piece in request.stream():
        raw += piece
        if len(raw) > limit:
            raise TooLarge(f"The request is larger than {limit // 1024} KiB. Send less at once.")
    try:
        return await asyncio.to_thread(form.validate_json, bytes(raw) or b"null")  # megabytes of it would hold up messages
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "body"
        raise InvalidInput(f"`{field}` is not usable: {first['msg'].lower()}.", field=field) from None
