"""Files that commands write."""

from pathlib import Path
from typing import TextIO

from bot.errors import InvalidInput


def opened_for_writing(path: Path) -> TextIO:
    """Raises InvalidInput when the file cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("w", encoding="utf-8")
    except OSError as error:
        raise InvalidInput(f"{path} cannot be written ({error.strerror}); choose another file with --out.") from None
