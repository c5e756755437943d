"""Loads prompts/*.md and checks their variables when the program starts, not in front of a customer."""

import hashlib
import re
from pathlib import Path

from bot.errors import SettingsError

VARIABLES: dict[str, frozenset[str]] = {
    "answer": frozenset({"shop", "voice", "language", "evidence", "draft", "rules", "limit"}),
}
"""The prompts there are, and the variables that each must have."""
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

    def __getitem__(self, name: str) -> Prompt:
        return self._prompts[name]


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
