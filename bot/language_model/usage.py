"""How much a model reads and writes, in tokens."""

import math
import re
from dataclasses import dataclass

MOST_TOKENS = 900
"""Tokens of an answer: twice what 800 characters of Chinese take."""
_WIDE = re.compile(r"[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]")
"""Signs that mostly are a token each."""
CHARACTERS = 3.5
"""Of other scripts in a token; English text has about four."""


def estimated_tokens(*texts: str) -> int:
    """What texts take, from their characters, for models that do not tell: within a third for Chinese and English prose."""
    wide = sum(len(_WIDE.findall(text)) for text in texts)
    return wide + math.ceil((sum(map(len, texts)) - wide) / CHARACTERS)


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one call. `estimated`: from characters, the model did not tell (all of) them. All 0: it took nothing."""

    tokens_in: int = 0
    tokens_out: int = 0
    estimated: bool = False


@dataclass(slots=True)
class Used:
    """What the calls of one turn took, for its trace. `over_budget`: the period whose cap kept one from being made; `seconds`: what looking things up took
    of the time that the model has."""

    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    estimated: bool = False
    nanos: int = 0
    over_budget: str = ""
    seconds: float = 0.0
