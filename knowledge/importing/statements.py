"""What cells state: texts by language, attributes by name, several of them in one cell."""

import re
from collections.abc import Sequence

from knowledge.catalog import Attribute
from knowledge.importing.text import language_of, plain, plain_line
from knowledge.localized import LocalText

TRIVIAL_OPTIONS = {"title: default title", "default title", "default", "标准", "默认", "均码默认", "standard"}
"""Option values that tell nothing apart."""


def localized(text: str, languages: Sequence[str], named: LocalText | None = None, *, one_line: bool = False) -> LocalText:
    """Clean text by language: `named` as given, `text` under the language it is written in unless it repeats one of them."""
    tidy = plain_line if one_line else plain
    result = {tag: value for tag, raw in (named or {}).items() if (value := tidy(raw))}
    value = tidy(text)
    if value and value not in result.values():
        result.setdefault(language_of(value, languages), value)
    return result


def attribute(name: str, value: str, languages: Sequence[str], language: str = "") -> Attribute | None:
    """A statement with clean name and value, None when one of them is empty; the language is that of its name."""
    name, value = plain_line(name), plain(value)
    if not name or not value:
        return None
    return Attribute(name, value, language or _attribute_language(name, value, languages))


def _attribute_language(name: str, value: str, languages: Sequence[str]) -> str:
    told = language_of(name, languages)
    return told if told != "und" else language_of(value, languages)


def spec_lines(text: str, languages: Sequence[str]) -> tuple[list[Attribute], str]:
    """Statements of a cell with a line each ("材质：100%棉", "Material: cotton"), and the lines that are none, joined."""
    found: list[Attribute] = []
    rest: list[str] = []
    for line in re.split(r"\n|\s*\|\s*(?=[^|:：]{1,30}[:：])", plain(text)):
        stripped = line.strip().lstrip("-•·*●■").strip()
        match = re.match(r"([^:：\n]{1,40}?)\s*[:：]\s*(\S.*)$", stripped)
        if match and not re.match(r"^\d+[.、]?\d*$|https?$", match[1]):
            statement = attribute(match[1], match[2], languages)
            if statement is not None and statement not in found:
                found.append(statement)
        elif found and stripped and re.match(r"^\d+[.、)）]", stripped):
            last = found[-1]
            found[-1] = Attribute(last.name, f"{last.value}\n{stripped}", last.language)
        elif stripped:
            rest.append(stripped)
    return found, "\n".join(rest)


def is_trivial(option: Attribute) -> bool:
    """Whether an option tells nothing apart ("Default Title", "标准")."""
    return option.value.casefold() in TRIVIAL_OPTIONS
