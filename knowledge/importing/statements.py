"""What cells state: texts by language, attributes by name, several of them in one cell."""

import json
import re
from collections.abc import Sequence

from knowledge.attribute_names import concept_of
from knowledge.catalog import Attribute
from knowledge.importing.text import language_of, plain, plain_line
from knowledge.localized import LocalText
from knowledge.units import unit

TRIVIAL_OPTIONS = {"title: default title", "default title", "default", "标准", "默认", "均码默认", "standard"}
"""Option values that tell nothing apart."""


def localized(text: str, languages: Sequence[str], named: LocalText | None = None, *, one_line: bool = False) -> LocalText:
    """Clean text by language: `named` as given, `text` under the language it is written in unless it repeats one of them."""
    tidy = plain_line if one_line else plain
    if held := _by_language(text):
        text, named = "", {**held, **(named or {})}
    result = {tag: value for tag, raw in (named or {}).items() if (value := tidy(raw))}
    value = tidy(text)
    if value and value not in result.values():
        result.setdefault(language_of(value, languages), value)
    return result


_TAG = re.compile(r"[a-z]{2,3}(?:-[A-Za-z]{2,8})?")


def _by_language(text: str) -> LocalText:
    """The texts of a cell that holds a JSON object by language tag; {} for any other."""
    if not text.lstrip().startswith("{"):
        return {}
    try:
        held = json.loads(text)
    except ValueError:
        return {}
    if not isinstance(held, dict) or not all(_TAG.fullmatch(tag) and isinstance(value, str) for tag, value in held.items()):
        return {}
    return held


def attribute(name: str, value: str, languages: Sequence[str], language: str = "") -> Attribute | None:
    """A statement with clean name and value, None when one of them is empty; the language is that of its name. A unit that stands in the
    name ("Weight (g)") goes to a value that is a bare number, so that values compare."""
    name, value = _with_unit(plain_line(name), plain(value))
    if not name or not value:
        return None
    return Attribute(name, value, language or _attribute_language(name, value, languages))


_UNIT_IN_NAME = re.compile(
    r"^(?P<name>.*?\S)\s*(?:[(\[（【]\s*(?P<held>[^)\]）】]{1,14}?)\s*[)\]）】]|[\s,/]+(?:in\s)?(?P<bare>[^\W\d]{1,6}))$"
)
_BARE_NUMBER = re.compile(r"\d+(?:[.,]\d+)?(?:\s*[-–~x×*]\s*\d+(?:[.,]\d+)?){0,3}")


def _with_unit(name: str, value: str) -> tuple[str, str]:
    match = _UNIT_IN_NAME.match(name) if _BARE_NUMBER.fullmatch(value) else None
    if match is None:
        return name, value
    spelling = match["held"] or match["bare"]
    found = unit(spelling)
    if found is None or (match["bare"] and concept_of(match["name"]) is None):
        return name, value
    shown = "个月" if spelling == "月" else spelling
    return match["name"], f"{value}{shown}" if shown == "%" else f"{value} {shown}"


def _attribute_language(name: str, value: str, languages: Sequence[str]) -> str:
    told = language_of(name, languages)
    return told if told != "und" else language_of(value, languages)


_STATED = re.compile(r"([^:：\n]{1,40}?)\s*[:：]\s*(\S.*)$", re.DOTALL)
_NO_NAME = re.compile(r"^\d+[.、]?\d*$|https?$")


def spec_lines(text: str, languages: Sequence[str]) -> tuple[list[Attribute], str]:
    """Statements of a cell with a line each ("材质：100%棉", "Material: cotton") or several in a line ("材质:棉;产地:中国"), and the lines
    that are none, joined."""
    found: list[Attribute] = []
    rest: list[str] = []
    for line in re.split(r"\n|\s*\|\s*(?=[^|:：]{1,30}[:：])", plain(text)):
        stripped = line.strip().lstrip("-•·*●■").strip()
        if re.match(r"\d+[.、)）]", stripped) and found:
            last = found[-1]
            found[-1] = Attribute(last.name, f"{last.value}\n{stripped}", last.language)
            continue
        for part in _parted(stripped):
            match = _STATED.match(part)
            statement = attribute(match[1], match[2], languages) if match and not _NO_NAME.search(match[1]) else None
            if statement is None and part:
                rest.append(part)
            elif statement is not None and statement not in found:
                found.append(statement)
    return found, "\n".join(rest)


def _parted(line: str) -> list[str]:
    """The statements that stand side by side in a line; the line itself unless all of its parts are statements."""
    for separator in (r"\s*[;；]\s*", r"\s*[,，、]\s*|\s{2,}", r"\s+"):
        parts = [part for part in re.split(separator, line) if part]
        if len(parts) < 2 or not all(len(re.findall("[:：]", part)) == 1 and _STATED.match(part) for part in parts):
            continue
        names = [re.split("[:：]", part)[0].strip() for part in parts]
        if separator == r"\s*[;；]\s*" or sum(concept_of(name) is not None for name in names) * 2 >= len(names):
            return parts
    return [line]


def is_trivial(option: Attribute) -> bool:
    """Whether an option tells nothing apart ("Default Title", "标准")."""
    return option.value.casefold() in TRIVIAL_OPTIONS
