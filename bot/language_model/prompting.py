"""Loads prompts/*.md and prompts/tools.toml and checks their variables when the program starts, not in front of a customer."""

import hashlib
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from bot.errors import SettingsError

VARIABLES: dict[str, frozenset[str]] = {
    "answer": frozenset({"shop", "voice", "language", "evidence", "draft", "rules", "limit"}),
    "consult": frozenset({"shop", "language", "calls"}),
}
"""The prompts there are, and the variables that each must have."""
TOOLS: dict[str, frozenset[str]] = {
    "ask_shop": frozenset({"description", "question"}),
    "find_products": frozenset({"description", "wish", "min_price", "max_price", "in_stock"}),
    "read_rules": frozenset({"description", "question"}),
    "results": frozenset({"nothing", "invalid"}),
}
"""The tables of tools.toml, and the texts that each must have."""
_VARIABLE = re.compile(r"\{\{\s*(\w*)\s*\}\}")


class Prompt:
    """One prompt: text with {{variables}}."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self._text = text
        self.hash = hashlib.sha256(text.encode()).hexdigest()[:12]
        """Tells in a trace which wording was used."""

    def fill(self, **values: str) -> str:
        """The text with its variables filled; what is filled in is never read for variables again."""
        return _VARIABLE.sub(lambda match: values[match[1]], self._text)


class Prompts:
    """All prompts of a folder. Raises SettingsError that names the file and what is wrong with it."""

    def __init__(self, directory: Path) -> None:
        self._prompts = {name: _load(directory / f"{name}.md", wanted) for name, wanted in VARIABLES.items()}
        self.tools: Mapping[str, Mapping[str, str]] = _load_tools(directory / "tools.toml")
        """What a model is told of the tools that it may call, by tool and argument."""

    def __getitem__(self, name: str) -> Prompt:
        return self._prompts[name]


def _load_tools(path: Path) -> dict[str, dict[str, str]]:
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path.name} cannot be read in {path.parent} ({type(error).__name__}); restore the packaged file.") from None
    out: dict[str, dict[str, str]] = {}
    for name, wanted in TOOLS.items():
        table = tables.get(name)
        texts = {key: value.strip() for key, value in table.items() if isinstance(value, str)} if isinstance(table, dict) else {}
        if missing := sorted(key for key in wanted if not texts.get(key)):
            raise SettingsError(f"{path.name} lacks the text {name}.{missing[0]}; without it the model would not know what that is for.")
        out[name] = texts
    return out


def _load(path: Path, wanted: frozenset[str]) -> Prompt:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"The prompt {path.name} cannot be read in {path.parent} ({type(error).__name__}); restore the packaged file."
        ) from None
    used = set(_VARIABLE.findall(text))
    if unknown := sorted(used - wanted):
        raise SettingsError(
            f"The prompt {path.name} uses the unknown variable {{{{{unknown[0]}}}}}; it may use {', '.join(sorted(wanted))}."
        )
    if missing := sorted(wanted - used):
        raise SettingsError(f"The prompt {path.name} lacks the variable {{{{{missing[0]}}}}}; without it the model would not see it.")
    return Prompt(path.stem, text.strip())
