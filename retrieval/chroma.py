"""VectorIndex on Chroma: embedded in the data directory, or a Chroma server. One collection for each shop and embedder.

Chroma never embeds anything here: collections have no embedding function, so nothing is ever downloaded, and telemetry is off. Its
client blocks, so every call runs in a thread.

Several processes on one embedded directory (an import beside a running serve): Chroma 1.5 keeps each collection's graph in the memory
of the process that opened it. What another process adds is counted, but not found, and fetching it fails. So every write is made
under a file lock and ends with a new stamp in `writes.stamp`; before each operation the stamp is compared, and when another process
wrote, the client is opened again (about 0.1 s). The same lock keeps two processes from writing one graph at once.
"""

import asyncio
import hashlib
import os
import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import IndexUnavailable
from retrieval.index import Entry, Match, VectorIndex

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

Vectors = NDArray[np.float32]
Result = TypeVar("Result")

_WRITE_BATCH = 1000
_READ_BATCH = 4000
"""Chroma's SQLite takes 5,461 rows in a write here; a read of more ids than this gets slower per id."""


class _Client:
    """One Chroma client, opened again when another process wrote. `folder` is None for a server, which needs none of that."""

    def __init__(self, opened: "Callable[[], ClientAPI]", where: str, folder: Path | None) -> None:
        self._open = opened
        self._where = where
        self._folder = folder
        self._guard = threading.RLock()
        self._client: ClientAPI | None = None
        self._collections: dict[str, Collection] = {}
        self._stamp = b""

    def read(self, name: str, metadata: dict[str, Any], work: "Callable[[Collection], Result]") -> Result:
        """Runs `work` on the collection as all processes left it."""
        with self._errors():
            with self._guard:
                if self._folder is not None and self._read_stamp() != self._stamp:
                    with self._locked():
                        self._reopen()
                collection = self._collection(name, metadata)
                if self._folder is not None:
                    return work(collection)
            return work(collection)

    def write(self, name: str, metadata: dict[str, Any], work: "Callable[[Collection], None]") -> None:
        """Runs `work` alone among all processes on this directory."""
        with self._errors():
            if self._folder is None:
                work(self._collection(name, metadata))
                return
            with self._guard, self._locked():
                if self._read_stamp() != self._stamp:
                    self._reopen()
                collection = self._collection(name, metadata)
                try:
                    work(collection)
                finally:
                    self._write_stamp()

    def metadata(self, name: str, metadata: dict[str, Any], key: str) -> int:
        """A number kept with the collection, as all processes left it; 0 where there is none."""
        with self._errors(), self._guard:
            self._collection(name, metadata)
            fresh = self._connected().get_collection(name, embedding_function=None)
            return int((fresh.metadata or {}).get(key, 0))

    def drop(self, prefix: str) -> None:
        """Deletes the collections whose name begins with `prefix`."""
        with self._errors(), self._guard, self._locked():
            client = self._connected()
            for collection in client.list_collections():
                if collection.name.startswith(prefix):
                    client.delete_collection(collection.name)
                    self._collections.pop(collection.name, None)
            self._write_stamp()

    def alive(self) -> bool:
        """Whether Chroma answers."""
        try:
            with self._errors(), self._guard:
                self._connected().heartbeat()
        except IndexUnavailable:
            return False
        return True

    def close(self) -> None:
        with self._guard:
            self._release()

    def _connected(self) -> "ClientAPI":
        if self._client is None:
            self._stamp = self._read_stamp()
            self._client = self._open()
        return self._client

    def _collection(self, name: str, metadata: dict[str, Any]) -> "Collection":
        with self._guard:
            found = self._collections.get(name)
            if found is None:
                found = self._connected().get_or_create_collection(
                    name,
                    embedding_function=None,
                    metadata=metadata,
                    configuration={"hnsw": {"space": "cosine", "ef_search": 200, "ef_construction": 200}},
                )
                self._collections[name] = found
            return found

    def _reopen(self) -> None:
        names = list(self._collections)
        self._release()
        self._stamp = self._read_stamp()
        client = self._connected()
        for name in names:
            try:
                collection = client.get_collection(name, embedding_function=None)
            except Exception:  # another process dropped the shop; it is made anew when it is next used
                continue
            self._collections[name] = collection
            # Loads the graph while the lock keeps writers away from its files.
            if collection.count():
                dimensions = int((collection.metadata or {}).get("dimensions", 1))
                collection.query(query_embeddings=np.eye(1, dimensions, dtype=np.float32), n_results=1, include=[])

    def _release(self) -> None:
        client, self._client = self._client, None
        self._collections.clear()
        if client is not None:
            client.close()  # type: ignore[attr-defined]  # its declared type is a superclass

    def _read_stamp(self) -> bytes:
        if self._folder is None:
            return b""
        try:
            return (self._folder / "writes.stamp").read_bytes()
        except FileNotFoundError:
            return b""

    def _write_stamp(self) -> None:
        if self._folder is None:
            return
        self._stamp = uuid.uuid4().hex.encode()
        fresh = self._folder / f"writes.stamp.{os.getpid()}"
        fresh.write_bytes(self._stamp)
        fresh.replace(self._folder / "writes.stamp")

    @contextmanager
    def _locked(self) -> Iterator[None]:
        if self._folder is None:
            yield
            return
        with (self._folder / "writes.lock").open("a+b") as file:
            _lock(file)
            try:
                yield
            finally:
                _unlock(file)

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except IndexUnavailable:
            raise
        except Exception as error:
            if "dimension" in str(error).lower():
                raise IndexUnavailable(
                    f"The vector index at {self._where} holds vectors of another model; set the embedding model that built it, "
                    "or delete the index and import again."
                ) from error
            raise IndexUnavailable(
                f"The vector index at {self._where} does not answer; check that it runs and that the directory can be written."
            ) from error


def _lock(file: IO[bytes]) -> None:
    if os.name == "nt":
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)  # type: ignore[attr-defined,unused-ignore]
    else:
        import fcntl

        fcntl.flock(file.fileno(), fcntl.LOCK_EX)


def _unlock(file: IO[bytes]) -> None:
    if os.name == "nt":
        import msvcrt

        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)  # type: ignore[attr-defined,unused-ignore]
    else:
        import fcntl

        fcntl.flock(file.fileno(), fcntl.LOCK_UN)


class ChromaIndex:
    """VectorIndex in one Chroma collection; `nearest` is approximate (recall about .96 to .99), everything else exact."""

    def __init__(self, client: _Client, name: str, metadata: dict[str, Any]) -> None:
        self._client = client
        self._name = name
        self._metadata = metadata

    async def _read(self, work: "Callable[[Collection], Result]") -> Result:
        return await asyncio.to_thread(self._client.read, self._name, self._metadata, work)

    async def add(self, entries: Sequence[Entry]) -> None:
        """Adds or replaces, in batches. Raises IndexUnavailable."""
        latest = list({entry.id: entry for entry in entries}.values())
        for start in range(0, len(latest), _WRITE_BATCH):
            batch = latest[start : start + _WRITE_BATCH]
            ids = [entry.id for entry in batch]
            matrix = np.stack([entry.vector for entry in batch]).astype(np.float32)

            def work(collection: "Collection", ids: list[str] = ids, matrix: Vectors = matrix) -> None:
                collection.upsert(ids=ids, embeddings=matrix)

            await asyncio.to_thread(self._client.write, self._name, self._metadata, work)

    async def missing(self, ids: Sequence[str]) -> set[str]:
        """Those ids that it does not hold."""
        wanted = list(dict.fromkeys(ids))

        def work(collection: "Collection") -> set[str]:
            held: set[str] = set()
            for start in range(0, len(wanted), _READ_BATCH):
                held.update(collection.get(ids=wanted[start : start + _READ_BATCH], include=[])["ids"])
            return held

        return set(wanted) - await self._read(work) if wanted else set()

    async def nearest(self, vector: Vectors, limit: int) -> list[Match]:
        """The `limit` nearest entries, best first (approximate)."""

        def work(collection: "Collection") -> list[Match]:
            take = min(limit, collection.count())
            if take <= 0:
                return []
            found = collection.query(query_embeddings=vector[None, :], n_results=take, include=["distances"])
            distances = found["distances"]
            assert distances is not None
            return [Match(id, 1.0 - float(d)) for id, d in zip(found["ids"][0], distances[0], strict=True)]

        return await self._read(work)

    async def scores(self, vector: Vectors, ids: Sequence[str]) -> dict[str, float]:
        """Exact cosine of the entries named; unknown ids are left out."""
        held = await self.vectors(ids)
        if not held:
            return {}
        scores = np.stack(list(held.values())) @ vector
        return dict(zip(held, map(float, scores), strict=True))

    async def vectors(self, ids: Sequence[str]) -> dict[str, Vectors]:
        """The vectors of the entries named; unknown ids are left out. About 0.08 s for a thousand."""
        wanted = list(dict.fromkeys(ids))
        held: dict[str, Vectors] = {}
        for start in range(0, len(wanted), _READ_BATCH):
            batch = wanted[start : start + _READ_BATCH]

            def work(collection: "Collection", batch: list[str] = batch) -> dict[str, Vectors]:
                found = collection.get(ids=batch, include=["embeddings"])
                matrix = np.asarray(found["embeddings"], dtype=np.float32)
                return dict(zip(found["ids"], matrix, strict=True)) if found["ids"] else {}

            held |= await self._read(work)
        return held

    async def remove(self, ids: Sequence[str]) -> None:
        """Forgets the entries named; unknown ids are no error."""
        gone = list(dict.fromkeys(ids))
        for start in range(0, len(gone), _WRITE_BATCH):
            batch = gone[start : start + _WRITE_BATCH]

            def work(collection: "Collection", batch: list[str] = batch) -> None:
                collection.delete(ids=batch)

            await asyncio.to_thread(self._client.write, self._name, self._metadata, work)

    async def ids(self) -> set[str]:
        """Everything it holds."""
        return await self._read(lambda collection: set(collection.get(include=[])["ids"]))

    async def count(self) -> int:
        """How many entries it holds."""
        return await self._read(lambda collection: int(collection.count()))

    async def whole(self) -> int:
        """The revision that was last found to have every text in here; asked of the database, since another process may have set it."""
        return await asyncio.to_thread(self._client.metadata, self._name, self._metadata, "whole")

    async def set_whole(self, revision: int) -> None:
        """Remembers that in the collection's metadata."""

        def work(collection: "Collection") -> None:
            collection.modify(metadata={**self._metadata, "whole": revision})

        await asyncio.to_thread(self._client.write, self._name, self._metadata, work)


class ChromaIndexes:
    """Opens the collections of one Chroma, embedded or server; keeps one client."""

    def __init__(self, *, path: Path | None = None, url: str = "") -> None:
        """`url`: a Chroma server ("http://HOST:PORT"); else `path`: files of an embedded one, which several processes may share (see
        the head of this file). Nothing is opened yet. Raises IndexUnavailable for a wrong address or directory."""
        self._client = _server(url) if url else _embedded(path or Path("chroma"))

    async def open(self, shop_id: str, embedder: str, dimensions: int) -> VectorIndex:
        """The index of this shop and embedder; made at its first use. Raises IndexUnavailable."""
        metadata = {"shop": shop_id, "embedder": embedder, "dimensions": dimensions}
        index = ChromaIndex(self._client, f"{_prefix(shop_id)}{_digest(f'{embedder}/{dimensions}', 12)}", metadata)
        await index.count()
        return index

    async def drop(self, shop_id: str) -> None:
        """All vectors of a shop, of every embedder."""
        await asyncio.to_thread(self._client.drop, _prefix(shop_id))

    async def ready(self) -> bool:
        """Whether Chroma answers."""
        return await asyncio.to_thread(self._client.alive)

    async def close(self) -> None:
        """Releases the client."""
        await asyncio.to_thread(self._client.close)


def _digest(text: str, length: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:length]


def _prefix(shop_id: str) -> str:
    return f"shop-{_digest(shop_id, 32)}-"


def _embedded(folder: Path) -> _Client:
    folder = folder.resolve()

    def opened() -> "ClientAPI":
        import chromadb
        from chromadb.config import Settings

        return chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise IndexUnavailable(f"The directory {folder} for the vector index cannot be made; choose one that can be written.") from error
    return _Client(opened, str(folder), folder)


def _server(url: str) -> _Client:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise IndexUnavailable(f'"{url}" is no address of a Chroma server; write http://HOST:PORT.')
    host, secure = parts.hostname, parts.scheme == "https"
    port = parts.port or (443 if secure else 8000)

    def opened() -> "ClientAPI":
        import chromadb
        from chromadb.config import Settings

        return chromadb.HttpClient(host=host, port=port, ssl=secure, settings=Settings(anonymized_telemetry=False))

    return _Client(opened, url, None)
