"""The vectors of the last queries, so that a question asked again, or in several steps of one turn, is embedded once."""

import threading
from collections import OrderedDict

import numpy as np
from numpy.typing import NDArray

_LONGEST = 2000
"""Characters; longer texts aren't worth their place."""


class RecentVectors:
    """At most `most` vectors, the least recently used leaves first. Safe between threads; vectors become read-only."""

    def __init__(self, most: int = 512) -> None:
        self._most = most
        self._vectors: OrderedDict[str, NDArray[np.float32]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, text: str) -> NDArray[np.float32] | None:
        """The vector kept for exactly this text."""
        with self._lock:
            vector = self._vectors.get(text)
            if vector is not None:
                self._vectors.move_to_end(text)
            return vector

    def keep(self, text: str, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """Keeps and gives back `vector`."""
        vector.flags.writeable = False
        if len(text) <= _LONGEST:
            with self._lock:
                self._vectors[text] = vector
                if len(self._vectors) > self._most:
                    self._vectors.popitem(last=False)
        return vector
