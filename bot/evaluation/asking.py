"""What the datasets need of a shop, and the time that it takes."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any, TypeVar

Done = TypeVar("Done")

Ask = Callable[[str, str, str], Awaitable[Mapping[str, Any]]]
"""Conversation, text and language ("" to detect) to an Answer as at the front doors. Messages of one conversation are its turns."""

Search = Callable[[str, int], Awaitable[Sequence[str]]]
"""Text and how many to the ids of what the shop finds, best first."""


@dataclass(frozen=True, slots=True)
class Response:
    """What the HTTP door said. `answer`: None where it was refused."""

    status: int
    answer: Mapping[str, Any] | None


Post = Callable[[str, str], Awaitable[Response]]
"""Text and language to what the HTTP door says, in a conversation of its own."""


async def timed(milliseconds: list[float], work: Awaitable[Done]) -> Done:
    """What the work gives; how long it took is added to the list."""
    began = perf_counter()
    done = await work
    milliseconds.append((perf_counter() - began) * 1000)
    return done
