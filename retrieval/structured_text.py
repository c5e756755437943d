"""Attribute records written as data ("age_range_description: { value:\"adult\" }") in words: "age range description: adult".

Feeds and marketplaces hand over attributes as JSON, or as something like it without quotes. Models and word counts need words: names
without underscores, values with their units, yes and no for flags; the machine's second copies (normalised values, tags) are left out.
Text that is not of that form comes back as it is.
"""

import re
from functools import lru_cache

_RECORD = re.compile(r"^\s*\"?([A-Za-z][\w .\-/]*?)\"?\s*:\s*([{\[].*)$", re.DOTALL)
_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"|([{}\[\]:,;])|([^\s{}\[\]:,;"]+)')
_LEFT_OUT = {"normalized_value", "normalised_value", "standardized_values", "language_tag", "marketplace_id"}
_FLAGS = {"true": "yes", "false": "no"}

_Value = str | list["_Value"] | list[tuple[str, "_Value"]]


@lru_cache(maxsize=16384)
def readable(text: str) -> str:
    """The text in words; unchanged when it is no record."""
    name, value = split_record(text)
    return f"{name}: {value}" if name else text


@lru_cache(maxsize=16384)
def split_record(text: str) -> tuple[str, str]:
    """Name and value in words of an attribute record; ("", text) when it is none."""
    match = _RECORD.match(text)
    if match is None:
        return "", text
    tokens = [m.group(1) if m.group(1) is not None else (m.group(2) or m.group(3)) for m in _TOKEN.finditer(match[2])]
    marks = [m.group(2) is not None for m in _TOKEN.finditer(match[2])]
    values, position = [], 0
    while position < len(tokens):
        if marks[position] and tokens[position] in "{[":
            value, position = _bracket(tokens, marks, position, 0)
            values.append(value)
        else:
            position += 1
    return _words(match[1]), "; ".join(filter(None, dict.fromkeys(values)))


def _words(name: str) -> str:
    return re.sub(r"[_\s]+", " ", name).strip()


def _bracket(tokens: list[str], marks: list[bool], position: int, depth: int) -> tuple[str, int]:
    """Reads one {...} or [...] from `position`; returns its words and where it ends."""
    close = "}" if tokens[position] == "{" else "]"
    position += 1
    fields: list[tuple[str, str]] = []
    name, words = "", list[str]()

    def flush() -> None:
        nonlocal name
        if words or name:
            fields.append((name, " ".join(words)))
        name = ""
        words.clear()

    while position < len(tokens):
        token, mark = tokens[position], marks[position]
        if mark and token == close:
            position += 1
            break
        if mark and token in "{[" and depth < 20:
            inner, position = _bracket(tokens, marks, position, depth + 1)
            words.append(inner)
            continue
        if mark and token == ":":
            name = " ".join(words)
            words.clear()
        elif mark and token in ",;":
            flush()
        elif not mark:
            words.append(token)
        position += 1
    flush()
    return _join(fields), position


def _join(fields: list[tuple[str, str]]) -> str:
    unit = next((value for name, value in fields if name == "unit"), "")
    parts: list[str] = []
    for name, value in fields:
        if name in _LEFT_OUT or name == "unit" or not value:
            continue
        value = _FLAGS.get(value, value)
        if re.fullmatch(r"\d+\.", value):
            value = value[:-1]
        value = value.replace("_", " ") if re.fullmatch(r"[a-z0-9_]+", value) else value
        if name == "value":
            parts.append(f"{value} {unit.replace('_', ' ')}".strip())
        elif name:
            parts.append(f"{_words(name)} {value}")
        else:
            parts.append(value)
    return ", ".join(dict.fromkeys(parts))
