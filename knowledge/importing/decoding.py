"""Bytes to text: recognises the encoding by what the bytes can be, then by what text they would make."""

import codecs
import re
from collections.abc import Callable

from knowledge.importing.refusals import refused

_SAMPLE = 200_000

_BINARY = (
    (b"\x89PNG", "a_picture"), (b"\xff\xd8\xff", "a_picture"), (b"GIF8", "a_picture"), (b"RIFF", "a_media_file"),
    (b"\x1f\x8b", "a_compressed_file"), (b"Rar!", "a_compressed_file"), (b"7z\xbc\xaf", "a_compressed_file"), (b"SQLite format 3", "a_database"),
    (b"\x7fELF", "a_program"), (b"MZ\x90", "a_program"), (b"\xd0\xcf\x11\xe0", "old_office"),
)  # fmt: skip


_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
"""Stands in the directory of an office file that is locked."""
_DECLARED = re.compile(rb"<\?xml[^>]{0,100}encoding=[\"']([\w.-]{3,20})|<meta[^>]{0,200}charset=[\"']?([\w.-]{3,20})", re.IGNORECASE)


def decode(data: bytes, name: str) -> tuple[str, str]:
    """Text and encoding: utf-8, utf-8-sig, utf-16, gb18030, cp1252, or what charset-normalizer finds.

    Raises UnreadableFile when the bytes are no text.
    """
    for magic, what in _BINARY:
        if data.startswith(magic):
            raise refused("locked", name) if _ENCRYPTED in data[:_SAMPLE] else refused("binary", name, what=f"@{what}")
    if data.startswith(codecs.BOM_UTF8):
        return _checked(data[3:].decode("utf-8", "replace"), name), "utf-8-sig"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and not data.startswith(codecs.BOM_UTF32_LE):
        return _checked(data.decode("utf-16", "replace"), name), "utf-16"
    if (wide := _wide(data)) is not None:
        return _checked(data.decode(wide, "replace"), name), wide
    try:
        return _checked(data.decode("utf-8"), name), "utf-8"
    except UnicodeDecodeError:
        pass
    loose = data.decode("utf-8", "replace")
    bad = loose.count("\ufffd")
    if sum(1 for character in loose[:_SAMPLE] if ord(character) > 127) > 20 * bad:
        return _checked(loose, name), "utf-8"
    encoding = _declared(data) or _legacy(data)
    return _checked(data.decode(encoding, "replace"), name), encoding


def _wide(data: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of Latin text is zero."""
    sample = data[:4000]
    if len(sample) < 4:
        return None
    even, odd = sample[::2].count(0) / (len(sample) / 2), sample[1::2].count(0) / (len(sample) / 2)
    if odd > 0.3 and even < 0.05:
        return "utf-16-le"
    if even > 0.3 and odd < 0.05:
        return "utf-16-be"
    return None


def _declared(data: bytes) -> str:
    """The encoding that a page or feed names for itself, where it can be true; "" else. GB2312 and GBK are read as GB18030, which holds both."""
    match = _DECLARED.search(data[:4000])
    if match is None:
        return ""
    name = (match[1] or match[2]).decode("ascii", "ignore").casefold()
    name = "gb18030" if name in ("gb2312", "gbk", "x-gbk", "cp936") else "cp1252" if name in ("iso-8859-1", "latin1") else name
    try:
        data[:_SAMPLE].decode(name, "ignore")
        bad = data[:_SAMPLE].decode(name, "replace").count("\ufffd")
    except LookupError:
        return ""
    return name if bad <= 2 and name not in ("utf-8", "utf8", "utf-16", "utf-7") else ""


def _legacy(data: bytes) -> str:
    high = [match.group(0) for match in re.finditer(rb"[\x80-\xff]+", data[:_SAMPLE])]
    lone = sum(1 for run in high if len(run) == 1)
    pairs = good = 0
    position = 0
    sample = data[:_SAMPLE]
    while position < len(sample) - 1:
        lead, trail = sample[position], sample[position + 1]
        if lead < 0x80:
            position += 1
            continue
        pairs += 1
        good += 0xA1 <= lead <= 0xF7 and trail >= 0xA1
        position += 2
    if pairs and good / pairs >= 0.85 and lone < len(high) * 0.5:
        text = sample.decode("gb18030", "replace")
        usual = sum(1 for c in text if 0x4E00 <= ord(c) <= 0x9FFF or 0x3000 <= ord(c) <= 0x303F or 0xFF00 <= ord(c) <= 0xFFEF)
        if usual >= sum(1 for c in text if ord(c) > 127) * 0.7 and text.count("\ufffd") <= 2:
            return "gb18030"
    # "40 °C;" can be Big5, too: but there is no text in it whose every character ends in a byte of ASCII.
    if lone < len(high) * 0.9 and sum(len(run) for run in high) >= 4 and (eastern := _eastern(sample)):
        return eastern
    if high and lone >= len(high) * 0.6:
        return "cp1252"
    from charset_normalizer import from_bytes  # only here: most files are UTF-8

    best = from_bytes(sample, cp_isolation=["gb18030", "big5", "shift_jis", "euc_kr", "cp1251", "cp1252", "cp1250", "koi8_r"]).best()
    return best.encoding if best is not None else "cp1252"


_USUAL: dict[str, Callable[[str], bool]] = {
    # The first of the two levels of characters that each standard orders by use, punctuation, and the letters of the script.
    "big5": lambda c: b"\xa1" <= c.encode("big5", "ignore")[:1] <= b"\xc6",
    "cp932": lambda c: "\u3000" <= c <= "\u30ff" or "\uff01" <= c <= "\uffef" or b"\x88" <= c.encode("cp932", "ignore")[:1] <= b"\x97",
}


def _eastern(sample: bytes) -> str:
    """big5 or cp932 (Shift JIS), where the bytes can be that and nearly all characters are usual ones of it; "" else."""
    for encoding, usual in _USUAL.items():
        for end in range(3):
            try:
                text = sample[: len(sample) - end].decode(encoding)
            except UnicodeDecodeError:
                continue
            wide = [c for c in text if ord(c) > 127]
            kana = encoding != "cp932" or any("\u3040" <= c <= "\u30ff" for c in wide)
            if wide and kana and sum(1 for c in wide if usual(c)) >= len(wide) * 0.9:
                return encoding
    return ""


def _checked(text: str, name: str) -> str:
    """Refuses text that is none: too much of it is control characters or could not be decoded."""
    sample = text[:_SAMPLE]
    junk = sum(1 for character in sample if (ord(character) < 32 and character not in "\t\n\r\f\x0b\x1a") or character == "\ufffd")
    if junk > max(8, len(sample) * 0.1):
        raise refused("not_text", name)
    return text
