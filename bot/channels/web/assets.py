"""Files that browsers load, held in memory: compressed once, named by their contents, so that a browser asks for each version once."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

from fastapi import Request, Response

from bot.errors import NotFound

FOREVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "public, max-age=300, stale-while-revalidate=86400"
TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}
SHIELD = {"X-Content-Type-Options": "nosniff", "Cross-Origin-Resource-Policy": "cross-origin"}
IMAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""For drawings opened on their own: an SVG can hold scripts."""


@dataclass(frozen=True, slots=True)
class _File:
    plain: bytes
    packed: bytes
    etag: str
    type: str


class Assets:
    """The files of one folder by their path in it. `version`: a short hash over all of them."""

    def __init__(self, folder: Path, suffixes: tuple[str, ...] = (".js", ".css", ".svg", ".png", ".jpg", ".jpeg", ".webp")) -> None:
        self._files = {
            path.relative_to(folder).as_posix(): _load(path)
            for path in sorted(folder.rglob("*"))
            if path.suffix in suffixes and path.is_file()
        }
        names = "\n".join(f"{name} {file.etag}" for name, file in self._files.items())
        self.version = hashlib.sha256(names.encode()).hexdigest()[:12]

    def names(self, suffix: str) -> list[str]:
        """Paths that end so, sorted."""
        return [name for name in self._files if name.endswith(suffix)]

    def response(self, request: Request, name: str, *, forever: bool) -> Response:
        """The file, 304 if the browser has it, compressed if it takes that. Raises NotFound."""
        file = self._files.get(name)
        if file is None:
            raise NotFound("There is no such file.")
        headers = {**SHIELD, "ETag": file.etag, "Cache-Control": FOREVER if forever else ASK_AGAIN, "Vary": "Accept-Encoding"}
        if file.type == TYPES[".svg"]:
            headers["Content-Security-Policy"] = IMAGE_POLICY
        if file.etag in (part.strip().removeprefix("W/") for part in request.headers.get("if-none-match", "").split(",")):
            return Response(status_code=304, headers=headers)
        body = file.plain
        if len(file.packed) < len(file.plain) and "gzip" in request.headers.get("accept-encoding", ""):
            headers["Content-Encoding"] = "gzip"
            body = file.packed
        return Response(body, headers=headers, media_type=file.type)


def _load(path: Path) -> _File:
    plain = path.read_bytes()
    guessed = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return _File(plain, gzip.compress(plain, 9, mtime=0), f'"{hashlib.sha256(plain).hexdigest()[:20]}"', guessed)
