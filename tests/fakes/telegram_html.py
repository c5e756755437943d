"""Telegram's HTML, read as strictly as Telegram reads it, with its sentences when it cannot. https://core.telegram.org/bots/api#html-style"""

import re
from dataclasses import dataclass

SUPPORTED = {"b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "span", "tg-spoiler", "a", "code", "pre", "blockquote", "tg-emoji"}
_TAG = re.compile(r"<(/?)([a-zA-Z0-9-]*)((?:\s+[a-zA-Z-]+(?:=(?:\"[^\"]*\"|'[^']*'|[^\s>\"']+))?)*)\s*>")
_ENTITY = re.compile(r"&(?:(lt|gt|amp|quot)|#(\d+)|#x([0-9a-fA-F]+));")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}


class Unparsable(Exception):
    """Telegram's description of what is wrong."""


@dataclass(frozen=True, slots=True)
class Entity:
    type: str
    start: int
    """UTF-16 units, as `end`."""
    end: int


def parse(markup: str) -> tuple[str, list[Entity]]:
    """Plain text and entities."""
    text: list[str] = []
    entities: list[Entity] = []
    stack: list[tuple[str, int]] = []
    at = 0

    def offset() -> int:
        return len(markup[:at].encode())

    while at < len(markup):
        character = markup[at]
        if character == "&":
            found = _ENTITY.match(markup, at)
            if found:
                name, decimal, hexadecimal = found.groups()
                text.append(_NAMED[name] if name else chr(int(decimal) if decimal else int(hexadecimal, 16)))
                at = found.end()
                continue
        if character != "<":
            text.append(character)
            at += 1
            continue
        tag = _TAG.match(markup, at)
        if tag is None:
            name = re.match(r"[a-zA-Z0-9-]*", markup[at + 1 :]).group(0)  # type: ignore[union-attr]
            raise Unparsable(f'Unsupported start tag "{name}" at byte offset {offset()}')
        closing, name = tag.group(1), tag.group(2).lower()
        if closing:
            if not stack:
                raise Unparsable(f"Unexpected end tag at byte offset {offset()}")
            expected, start = stack.pop()
            if name and name != expected:
                raise Unparsable(f'Unmatched end tag at byte offset {offset()}, expected "</{expected}>", found "</{name}>"')
            entities.append(Entity(expected, start, units("".join(text))))
        else:
            if name not in SUPPORTED:
                raise Unparsable(f'Unsupported start tag "{name}" at byte offset {offset()}')
            stack.append((name, units("".join(text))))
        at = tag.end()
    if stack:
        raise Unparsable(f'Can\'t find end tag corresponding to start tag "{stack[-1][0]}"')
    return "".join(text), entities


def units(text: str) -> int:
    """UTF-16 units. Raises UnicodeEncodeError for half a pair, which no server would take."""
    return len(text.encode("utf-16-le")) // 2
