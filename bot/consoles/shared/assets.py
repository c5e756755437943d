"""Styles, scripts and drawings of the consoles, held in memory and named by their contents, so that a browser asks for each version once."""

import gzip
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, Request, Response

from bot.errors import NotFound

TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class _File:
    plain: bytes
    packed: bytes
    type: str


class ConsoleFiles:
    """The files of some folders, by name. `base`: the path under which this version of them lies."""

    def __init__(self, folders: Iterable[Path], path: str) -> None:
        self._path = path
        self._files: dict[str, _File] = {}
        digest = hashlib.sha256()
        for file in sorted(file for folder in folders for file in folder.iterdir() if file.suffix in TYPES):
            plain = file.read_bytes()
            digest.update(file.name.encode() + plain)
            self._files[file.name] = _File(plain, gzip.compress(plain, 9, mtime=0), TYPES[file.suffix])
        self._version = digest.hexdigest()[:12]
        self.base = f"{path}/{self._version}"

    def routes(self) -> APIRouter:
        """Open to everybody: nothing in them is secret, and the page to sign in needs them."""
        router = APIRouter(include_in_schema=False)

        @router.get(self._path + "/{version}/{name}")
        async def file(version: str, name: str, request: Request) -> Response:
            found = self._files.get(name)
            if found is None:
                raise NotFound("There is no such file.")
            forever = "public, max-age=31536000, immutable" if version == self._version else "no-cache"
            headers = {"Cache-Control": forever, "Vary": "Accept-Encoding", "X-Content-Type-Options": "nosniff"}
            if "gzip" in request.headers.get("accept-encoding", ""):
                return Response(found.packed, headers={**headers, "Content-Encoding": "gzip"}, media_type=found.type)
            return Response(found.plain, headers=headers, media_type=found.type)

        return router
