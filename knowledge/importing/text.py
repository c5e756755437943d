"""Makes clean text of what files hold: no markup, no control characters, one language tag."""

import hashlib
import html
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffd\ufffe\uffff\ud800-\udfff]"
)
_SPACES = re.compile(r"[ \t\xa0\u3000]+")
_LINES = re.compile(r"\n{3,}")
_MARKUP = re.compile(r"<(?:[a-zA-Z][^<>]*|/[a-zA-Z][^<>]*|!--.*?--|![a-zA-Z][^<>]*|\?[^<>]*)>", re.DOTALL)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,31});")


def clean(text: str) -> str:
    """Without control characters, U+FFFD and needless spaces; line breaks as \\n."""
    if text.isprintable() and "  " not in text and "\ufffd" not in text:
        return text.strip()
    text = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n").replace("\u2028", "\n"))
    lines = [_SPACES.sub(" ", line).strip() for line in text.split("\n")]
    return _LINES.sub("\n\n", "\n".join(lines)).strip().strip("\u200d\u200c").strip()


def plain(text: str) -> str:
    """Clean text of a cell that may hold HTML; reading the result again gives the same."""
    if "<" not in text and "&" not in text:
        return clean(text)
    # Imported only for a text with markup: the parser costs 0.2 s at the start.
    from knowledge.importing.markup import without_markup

    for _ in range(4):
        if not (_MARKUP.search(text) or _ENTITY.search(text)):
            break
        before, text = text, without_markup(text) if _MARKUP.search(text) else html.unescape(text)
        if text == before:
            break
    if _MARKUP.search(text):
        text = _MARKUP.sub(" ", text)
    return clean(text)


def plain_line(text: str) -> str:
    """Clean text on one line."""
    return " ".join(plain(text).split())


def address(text: str) -> str:
    """A picture's or page's address as it may be linked; "" for what is none or would run as a program."""
    line = clean(text)
    if re.match(r"(?i)\s*(?:javascript|data|vbscript|file)\s*:", line) or re.search(r"[<>\"'`\n\\]", line):
        return ""
    return re.sub(r"\s+", "%20", line)


def damaged(text: str) -> bool:
    """Whether the text lost characters before it came here (U+FFFD) or holds control characters."""
    return "\ufffd" in text or (not text.isprintable() and _LOST.search(text) is not None)


_LOST = re.compile("[\x00-\x08\x0e-\x1f]")


_LATIN = {
    "en",
    "de",
    "fr",
    "es",
    "it",
    "pt",
    "nl",
    "sv",
    "da",
    "no",
    "nb",
    "fi",
    "pl",
    "cs",
    "sk",
    "hu",
    "ro",
    "tr",
    "vi",
    "id",
    "ms",
    "et",
    "lv",
    "lt",
}


def language_of(text: str, languages: Sequence[str] = ("en", "zh")) -> str:
    """Language tag by script; of several written in one script, the first among `languages`. "und": no letters, or no such language."""
    return _language_of(text[:LONG_ENOUGH], tuple(languages))


LONG_ENOUGH = 2000
"""Characters that tell a text's language."""


@lru_cache(maxsize=4096)
def _language_of(text: str, languages: tuple[str, ...]) -> str:
    han = kana = hangul = cyrillic = arabic = other = 0
    for character in "" if text.isascii() else text:
        code = ord(character)
        if code < 0x250:
            continue
        if 0x4E00 <= code <= 0x9FFF or 0x3400 <= code <= 0x4DBF or 0x20000 <= code <= 0x323AF:
            han += 1
        elif 0x3040 <= code <= 0x30FF:
            kana += 1
        elif 0xAC00 <= code <= 0xD7A3:
            hangul += 1
        elif 0x400 <= code <= 0x52F:
            cyrillic += 1
        elif 0x600 <= code <= 0x6FF:
            arabic += 1
        elif unicodedata.category(character).startswith("L"):
            other += 1
    words = len(re.findall(r"[A-Za-zÀ-ɏ]{2,}", text))
    if kana and kana * 4 >= han:
        return "ja"
    scripts = {"zh": han, "ko": hangul // 2, "ru": cyrillic // 4, "ar": arabic // 4}
    best = max(scripts, key=lambda tag: scripts[tag])
    if scripts[best] and scripts[best] >= words:
        return next((tag for tag in languages if tag.split("-")[0] == best), best)
    if words:
        return next((tag for tag in languages if tag.split("-")[0] in _LATIN), "und")
    if re.search(r"[A-Za-z]", text) and not other:
        return next((tag for tag in languages if tag.split("-")[0] in _LATIN), "und")
    return "und"


def slug(text: str, longest: int = 60) -> str:
    """Small letters, digits and other scripts' letters joined by hyphens: "退货政策", "how-long"."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    joined = re.sub(r"[\W_]+", "-", folded).strip("-")
    return joined[:longest].rstrip("-")


def fingerprint(*parts: str) -> str:
    """Ten hex digits that stay the same for the same texts."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()[:10]
