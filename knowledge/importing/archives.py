"""Files that are archives inside (XLSX, ODS, DOCX) or simply packed (ZIP): told apart, and refused before they can flood the memory."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from knowledge.errors import UnreadableFile
from knowledge.importing.refusals import refused

MAX_UNPACKED = 400 * 1024 * 1024
"""Bytes that a spreadsheet or a packed folder may hold when unpacked."""
MAX_IN_MEMORY = 48 * 1024 * 1024
"""Bytes of a part that its reader holds as a whole: shared texts, styles, the text of a DOCX."""
MAX_MEMBERS = 5000
_HEAD = 65536
_MARKS = {"xl/workbook.xml": "xlsx", "word/document.xml": "docx"}
_WHOLE = ("xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml", "word/", "styles.xml", "meta.xml", "settings.xml")


@dataclass(frozen=True, slots=True)
class Packed:
    """A file inside a ZIP: its path there and its bytes."""

    path: str
    data: bytes


def is_archive(data: bytes) -> bool:
    """Whether these bytes begin a ZIP, which XLSX, ODS and DOCX are too."""
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def container_of(data: bytes, name: str) -> str:
    """xlsx, ods, docx or zip. Raises UnreadableFile for what is damaged, locked, or would unpack to a flood."""
    with _opened(data, name) as archive:
        members = archive.infolist()
        names = {member.filename for member in members}
        kind = next((kind for mark, kind in _MARKS.items() if mark in names), "")
        if not kind and "content.xml" in names and "mimetype" in names:
            kind = "ods" if b"spreadsheet" in _head(archive, "mimetype", name) else "other"
        if kind == "other" or (not kind and "[Content_Types].xml" in names):
            raise refused("office_file", name)
        if len(members) > MAX_MEMBERS:
            raise refused("too_many_files", name, count=len(members), limit=MAX_MEMBERS)
        if sum(member.file_size for member in members) > MAX_UNPACKED:
            raise refused("unpacks_too_large", name, limit=MAX_UNPACKED // 2**20)
        if any(member.flag_bits & 0x1 for member in members):
            raise refused("locked", name)
        if kind:
            _check_parts(archive, members, name)
    return kind or "zip"


def _check_parts(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], name: str) -> None:
    """Refuses XML that declares entities, and parts that their reader could not hold."""
    for member in members:
        if member.file_size > MAX_IN_MEMORY and member.filename.endswith(".xml") and member.filename.startswith(_WHOLE):
            raise refused("part_unpacks_too_large", name, member=member.filename)
        if member.filename.endswith((".xml", ".rels")):
            head = _head(archive, member.filename, name)
            if b"<!DOCTYPE" in head or b"<!ENTITY" in head or b"<\x00!\x00" in head:
                raise refused("entities_archive", name)


def members_of(data: bytes, name: str, max_bytes: int) -> Iterator[Packed]:
    """The files of a checked ZIP, by path, one at a time. Raises UnreadableFile for paths that lead out of it and for too large a file."""
    with _opened(data, name) as archive:
        for member in sorted(archive.infolist(), key=lambda entry: entry.filename):
            path = _real_name(member)
            parts = PurePosixPath(path.replace("\\", "/"))
            if parts.is_absolute() or ".." in parts.parts or "\x00" in path or (len(path) > 1 and path[1] == ":"):
                raise refused("path_leads_out", name, member=path[:80])
            if member.is_dir():
                continue
            if member.file_size > max_bytes:
                raise refused("member_too_large", name, limit=max_bytes // 2**20, member=path[:80])
            yield Packed(str(parts), _read(archive, member, name))


def _opened(data: bytes, name: str) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError) as error:
        raise _damaged(name) from error


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> bytes:
    try:
        return archive.read(member)
    except Exception as error:  # zlib.error, LZMAError, BadZipFile: what a damaged member raises has no common base
        raise _damaged(name) from error


def _head(archive: zipfile.ZipFile, part: str, name: str) -> bytes:
    try:
        with archive.open(part) as stream:
            return stream.read(_HEAD)
    except Exception as error:
        raise _damaged(name) from error


def _damaged(name: str) -> UnreadableFile:
    return refused("damaged_archive", name)


def _real_name(member: zipfile.ZipInfo) -> str:
    """The path; old packers in China write it in GBK without saying so, which the library reads as CP437."""
    if member.flag_bits & 0x800:
        return member.filename
    try:
        raw = member.filename.encode("cp437")
    except UnicodeEncodeError:
        return member.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return member.filename
