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
) -> list[FileResult]:
    """One result a file, in the order given; folders are walked by name. `mappings`: what columns mean, by source; under "" of every file. `kind`: auto, products, faq, policy, reviews,
    promotions or offers.

    Raises UnreadableFile for a file that was named and can't be used; inside a folder such a file gets a result with the reason instead.
    """
    if kind not in ("auto", *KINDS):
        raise UnreadableFile(f"“{kind}” is no kind of knowledge; choose one of auto, {', '.join(KINDS)}.")
    context = Context(shop_currency, tuple(shop_languages) or ("en",), now, mappings or {})
    results: list[FileResult] = []
    for entry in files:
        if isinstance(entry, tuple):
            results.append(_read(entry[0], entry[1], kind, source, context))
            continue
        path = Path(entry)
        if path.is_dir():
            results.extend(_walk(path, kind, source, context))
        else:
            results.append(_read(str(path), _bytes_of(path), kind, source, context))
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


def _walk(folder: Path, kind: str, source: str | None, context: Context) -> list[FileResult]:
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix.casefold() in SUFFIXES]
    files = [path for path in files if not any(part.startswith((".", "~$")) for part in path.relative_to(folder).parts)]
    files = [path for path in files if path.stem.casefold() not in ("readme", "license", "changelog")]
    if not files:
        raise UnreadableFile(f"{folder} holds no file that can be imported; give CSV, XLSX, JSON, Markdown or text.")
    results = []
    for path in files:
        try:
            results.append(_read(str(path), _bytes_of(path), kind, source, context))
        except UnreadableFile as error:
            problem = Problem(str(path), None, "", "unreadable", str(error), rejects=True)
            results.append(FileResult(str(path), source or path.name, problems=[problem]))
    return results


def _bytes_of(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UnreadableFile(f"{path} is larger than {MAX_BYTES // 2**20} MB; split it.")
        return path.read_bytes()
    except FileNotFoundError as error:
        raise UnreadableFile(f"{path} does not exist; check the name.") from error
    except (OSError, ValueError) as error:
        raise UnreadableFile(
            f"{path} cannot be opened ({getattr(error, 'strerror', None) or error}); check that it may be read."
        ) from error


def _read(path: str, data: bytes, kind: str, source: str | None, context: Context) -> FileResult:
    if len(data) > MAX_BYTES:
        raise UnreadableFile(f"{path} is larger than {MAX_BYTES // 2**20} MB; split it.")
    if not data.strip():
        raise UnreadableFile(f"{path} is empty; the first row must name the columns.")
    result = FileResult(path, source or Path(path.replace("\\", "/")).name)
    return _Reading(result, context).read(data, kind)


