"""A merchant's text in sentences that may be quoted: without the marks of list items before them."""

import re

from retrieval.passages import sentences

_ITEM = re.compile(r"^\s*[-–—•·*●■◆▪✓✔]+\s+(?=\S)")


def without_mark(sentence: str) -> str:
    """A sentence without the mark of a list item before it."""
    return _ITEM.sub("", sentence)


def quotable(text: str) -> list[str]:
    """The sentences of a text, each as it may be quoted."""
    return [without_mark(sentence) for sentence in sentences(text)]
