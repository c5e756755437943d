"""Reads what a merchant gives, whatever the format: the one door of importing. Blocking; call it in a thread."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path, PurePath

from knowledge.errors import UnreadableFile
from knowledge.importing.archives import container_of, is_archive, members_of
from knowledge.importing.draft import Context
from knowledge.importing.file_reader import SUFFIXES, FileResult, read_file
from knowledge.importing.mapping import ColumnMapping
from knowledge.importing.problems import Problem
from knowledge.importing.recognition import KINDS
from knowledge.importing.refusals import refused
from knowledge.store import DocumentKind

NamedBytes = tuple[str, bytes]
"""A file's name and its content, as an upload brings it."""
MAX_BYTES = 64 * 1024 * 1024
"""Largest file that is read unless a setting says otherwise: its records must fit into the memory of a small server."""


def read_files(
    files: Iterable[str | Path | NamedBytes],
    *,
    kind: str = "auto",
    source: str | None = None,
    shop_currency: str = "USD",
    shop_languages: Sequence[str] = ("en", "zh"),
    now: datetime | None = None,
    mappings: Mapping[str, ColumnMapping] | None = None,
    max_bytes: int = MAX_BYTES,
) -> list[FileResult]:
    """One result a file (one a sheet, where several sheets of a workbook hold records), in the order given; folders and ZIP files are walked
    by name. `kind`: auto, products, faq, policy, reviews, promotions or offers. `mappings`: what columns mean, by source; under "" of every
    file. `max_bytes`: the largest file that is read.

    Raises UnreadableFile for a file that was named and can't be used; inside a folder or ZIP such a file gets a result with the reason instead.
    """
    if kind not in ("auto", *KINDS):
        raise refused("no_kind", kind, kinds=", ".join(KINDS))
    context = Context(shop_currency, tuple(shop_languages) or ("en",), now, mappings or {})
    door = _Door(kind, source, context, max_bytes)
    results = [result for entry in files for result in door.read(entry)]
    _settle_shared_sources(results)
    return results


def _settle_shared_sources(results: Sequence[FileResult]) -> None:
    """Files of one source bring each document once: the first one stays."""
    held: dict[tuple[str, DocumentKind, str], str] = {}
    for result in results:
        kept = []
        for document in result.documents:
            first = held.setdefault((result.source, document.kind, document.id), result.path)
            if first == result.path:
                kept.append(document)
                continue
            message = f"{document.kind.capitalize()} “{document.id}” stands in {first} already, which is part of the same source; that one was kept."
            result.problems.append(Problem(result.path, None, "", "in_another_file", message))
            result.warnings += 1
        result.documents = kept


class _Door:
    """Opens what was given: files, folders, ZIP files."""

    def __init__(self, kind: str, source: str | None, context: Context, max_bytes: int) -> None:
        self.kind, self.source, self.context, self.max_bytes = kind, source, context, max_bytes

    def read(self, entry: str | Path | NamedBytes) -> Iterator[FileResult]:
        """What one entry holds. Raises UnreadableFile."""
        if isinstance(entry, tuple):
            yield from self._file(entry[0], entry[1])
        elif Path(entry).is_dir():
            yield from self._folder(Path(entry))
        else:
            yield from self._file(str(entry), self._bytes_of(Path(entry)))

    def _file(self, path: str, data: bytes) -> Iterator[FileResult]:
        if len(data) > self.max_bytes:
            raise self._too_large(path)
        name = PurePath(path.replace("\\", "/")).name
        if is_archive(data) and container_of(data, path) == "zip":
            yield from self._packed(path, data, name)
        else:
            yield from read_file(path, data, self.kind, self.source or name, self.context)

    def _packed(self, path: str, data: bytes, name: str) -> Iterator[FileResult]:
        """The files of a ZIP are one source together: what is gone from it when it comes again is removed."""
        turned_down: list[UnreadableFile] = []
        read = 0
        for member in members_of(data, path, self.max_bytes):
            if not _is_wanted(PurePath(member.path)):
                continue
            inner = f"{path}/{member.path}"
            try:
                if is_archive(member.data) and container_of(member.data, inner) == "zip":
                    raise refused("archive_in_archive", inner)
                yield from read_file(inner, member.data, self.kind, self.source or name, self.context)
                read += 1
            except UnreadableFile as error:
                turned_down.append(error)
                yield _unreadable(inner, self.source or name, error)
        if not read:
            raise turned_down[0] if turned_down else refused("nothing_inside", path)

    def _folder(self, folder: Path) -> Iterator[FileResult]:
        files = [path for path in sorted(folder.rglob("*")) if path.is_file() and _is_wanted(path.relative_to(folder))]
        if not files:
            raise refused("nothing_inside", str(folder))
        for path in files:
            try:
                yield from self._file(str(path), self._bytes_of(path))
            except UnreadableFile as error:
                yield _unreadable(str(path), self.source or path.name, error)

    def _bytes_of(self, path: Path) -> bytes:
        try:
            if path.stat().st_size > self.max_bytes:
                raise self._too_large(str(path))
            return path.read_bytes()
        except FileNotFoundError as error:
            raise refused("missing", str(path)) from error
        except (OSError, ValueError) as error:
            raise refused("cannot_open", str(path), why=getattr(error, "strerror", None) or error) from error

    def _too_large(self, path: str) -> UnreadableFile:
        return refused("too_large", path, limit=self.max_bytes // 2**20)


def _is_wanted(path: PurePath) -> bool:
    """Whether a file inside a folder or ZIP is looked at: no hidden one, no note about the others, and of a kind that is read."""
    hidden = any(part.startswith((".", "~$", "__MACOSX")) for part in path.parts)
    return not hidden and path.suffix.casefold() in SUFFIXES and path.stem.casefold() not in ("readme", "license", "changelog")


def _unreadable(path: str, source: str, error: UnreadableFile) -> FileResult:
    return FileResult(path, source, problems=[Problem(path, None, "", "unreadable", str(error), rejects=True, sentences=error.sentences)])
