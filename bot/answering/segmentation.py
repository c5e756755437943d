"""A model's text as it streams → whole sentences, list lines and table rows."""

import re
from dataclasses import dataclass

_ABBREVIATED = re.compile(
    r"(?:^|[\s(])(?:e\.g|i\.e|etc|approx|vs|no|mr|mrs|ms|dr|st|inc|ltd|co|max|min|incl|excl|ca|cf|resp|fig|a\.m|p\.m|u\.s|u\.k)\.$",
    re.IGNORECASE,
)
_ITEM = re.compile(r"^\s*(?:[-•*]\s*)?\(?\d{1,2}[.)]$")
_END = re.compile(r"[。！？]+[”’」』）)\"']*|[.!?]+[”’\"')\]*_]*(?=\s)|\n+")
_THOUGHT = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL | re.IGNORECASE)
_TAGS = ("<think>", "<thinking>")


@dataclass(frozen=True, slots=True)
class Sentence:
    """`new_line`: it starts a line of its own."""

    text: str
    new_line: bool


class SentenceCutter:
    """Feed it pieces of text; it gives sentences as soon as they are whole. "1.7 L", "$69.99", "e.g." and addresses are not cut."""

    def __init__(self) -> None:
        self._buffer = ""
        self._new_line = True

    def feed(self, text: str) -> list[Sentence]:
        """Sentences that this piece completes."""
        self._buffer += text.replace("\r\n", "\n").replace("\r", "\n")
        if "<" in self._buffer and not self._settle_thoughts():
            return []
        return self._cut(final=False)

    def flush(self) -> list[Sentence]:
        """What is left when the text has ended."""
        self._buffer = _THOUGHT.sub("", self._buffer) + "\n"
        return self._cut(final=True)

    def _settle_thoughts(self) -> bool:
        """Takes finished thoughts of a reasoning model out; False while one is still open (or may be opening)."""
        lowered = self._buffer.lower()
        start = lowered.find("<think")
        if start >= 0:
            if "</think" not in lowered or not re.search(r"</think(?:ing)?>", lowered):
                return False
            self._buffer = _THOUGHT.sub("", self._buffer)
            return True
        tail = lowered[lowered.rfind("<") :]
        return not any(tag.startswith(tail) for tag in _TAGS)

    def _cut(self, *, final: bool) -> list[Sentence]:
        out: list[Sentence] = []
        position = 0
        while match := _END.search(self._buffer, position):
            head, rest = self._buffer[: match.end()], self._buffer[match.end() :]
            mark = match.group()
            if "\n" not in mark:
                if not rest.strip() and not final and mark[0] not in "。！？":
                    break  # what follows decides: "No. 5"
                if not rest and not final:
                    break  # closing quotes may follow
                following = rest.lstrip(" \t")[:1]
                if mark[0] == "." and (
                    _ABBREVIATED.search(head.rstrip("”’\"')]*_"))
                    or _ITEM.match(head)
                    or _enumerates(head)
                    or following.islower()
                    or (following.isdigit() and _numbered(head))
                ):
                    position = match.end()
                    continue
            self._take(head, out)
            self._buffer, position = rest, 0
            self._new_line = "\n" in mark or (bool(out) and rest.startswith("\n"))
        return out

    def _take(self, head: str, out: list[Sentence]) -> None:
        text = tidy(head)
        if text:
            out.append(Sentence(text, self._new_line))


def _numbered(head: str) -> bool:
    return re.search(r"(?:\bno|\bnr|\bvol)\.$", head, re.IGNORECASE) is not None


def _enumerates(head: str) -> bool:
    """Whether a text ends in the number of an item within a line: "two of them: 1."."""
    return re.search(r"(?:[:：]\s*1|[;；]\s*\d{1,2})\.$", head) is not None


def tidy(text: str) -> str:
    """One line without bold marks and headings, which customers would read as signs."""
    text = re.sub(r"\*\*|__|`", "", text.strip())
    text = re.sub(r"^#{1,6}\s+", "", text)
    text = re.sub(r"^[*•]\s+", "- ", text)
    return " ".join(text.split())
