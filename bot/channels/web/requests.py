"""What browsers send: read with a limit, checked, and refused in one sentence that names the field."""

import json
import math
import unicodedata
from typing import Annotated, TypeVar

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.errors import InvalidInput, TooLarge

MAX_BODY = 256 * 1024
"""Bytes. The longest message allowed takes about half of it, when every character is escaped."""
MAX_TEXT = 10_000
"""Characters of a message."""
MAX_WAIT = 60.0
"""Seconds that a request may wait for its answer."""


class _Body(BaseModel):
    model_config = ConfigDict(extra="ignore")


class NewConversation(_Body):
    """`language`: what greetings are in (BCP 47); `page`: where the visitor is, kept for nothing yet."""

    language: Annotated[str, Field(max_length=35)] = ""
    page: Annotated[str, Field(max_length=2000)] = ""


class NewMessage(_Body):
    """`client_id`: the browser's own name for it; the same one twice is one message. `language`: what a text that does not tell ("KT-17E?")
    is answered in, "" for that of the message before."""

    text: str
    client_id: Annotated[str, Field(max_length=100)] = ""
    language: Annotated[str, Field(max_length=35)] = ""


class Thumb(_Body):
    """A thumb on an answer: 1 up, -1 down."""

    message_id: Annotated[str, Field(min_length=1, max_length=100)]
    value: int
    comment: Annotated[str, Field(max_length=2000)] = ""


class Rating(_Body):
    """1 (bad) to 5 (good), for the whole conversation."""

    score: Annotated[int, Field(ge=1, le=5)]
    comment: Annotated[str, Field(max_length=2000)] = ""


class Reach(_Body):
    """Where to be reached when nobody came: an e-mail address, a number, a name on some network."""

    reach: Annotated[str, Field(max_length=200)]


class Empty(_Body):
    """Nothing is needed."""


B = TypeVar("B", bound=_Body)


async def read(request: Request, form: type[B], *, limit: int = MAX_BODY) -> B:
    """The body as `form`. An empty body is {}. Raises TooLarge, InvalidInput."""
    raw = bytearray()
    async for piece in request.stream():
        raw += piece
        if len(raw) > limit:
            raise TooLarge(f"The request is larger than {limit // 1024} KiB. Send less at once.")
    try:
        data = json.loads(raw) if raw.strip() else {}
    except (ValueError, RecursionError):
        raise InvalidInput("The body is not JSON in UTF-8. Send an object such as {}.") from None
    if not isinstance(data, dict):
        raise InvalidInput("The body must be a JSON object.")
    try:
        return form.model_validate({key: _storable(value) for key, value in data.items()})
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "body"
        raise InvalidInput(f"The field `{field}` is not usable: {first['msg'].lower()}.", field=field) from None


def _storable(value: object) -> object:
    """Text without what no database takes: NUL, and half of a pair of surrogates (a browser that cut an emoji in two)."""
    if not isinstance(value, str):
        return value
    return value.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def clean_text(text: str, *, field: str = "text", longest: int = MAX_TEXT) -> str:
    """The text without control characters (line breaks and tabs stay) and without space around it. Raises InvalidInput if nothing that can
    be read is left, or too much."""
    if len(text) > longest:
        raise InvalidInput(f"The field `{field}` has {len(text):,} characters; at most {longest:,} fit. Send it in parts.", field=field)
    kept = "".join(c for c in text.replace("\r\n", "\n").replace("\r", "\n") if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    if not any(unicodedata.category(c) not in ("Cf", "Zs", "Zl", "Zp", "Cc", "Mn") for c in kept):
        raise InvalidInput(f"The field `{field}` is empty. Write at least one character that can be read.", field=field)
    return kept.strip()


def seconds_to_wait(raw: str | None) -> float:
    """Of `?wait=`: 0 to 60; more counts as 60. Raises InvalidInput."""
    if raw is None or raw == "":
        return 0.0
    try:
        seconds = float(raw)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds < math.inf:
        raise InvalidInput("`wait` must be a number of seconds from 0 to 60.", field="wait")
    return min(seconds, MAX_WAIT)


def event_number(header: str | None, query: str | None) -> int:
    """Where a stream goes on: Last-Event-ID, else `?after=`, else 0. Raises InvalidInput."""
    raw = header or query or "0"
    if not (raw.isascii() and raw.isdigit() and len(raw) <= 15):
        raise InvalidInput("Last-Event-ID and `after` must be the number of an event.", field="after")
    return int(raw)


def documented(form: type[BaseModel]) -> dict[str, object]:
    """The request body for the OpenAPI document, since bodies are read by hand to be limited."""
    return {"requestBody": {"content": {"application/json": {"schema": form.model_json_schema()}}}}
