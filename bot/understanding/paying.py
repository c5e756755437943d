"""Who pays for something: asked of the postage of what was spoken of, not of postage in general."""

import re

from knowledge.folding import fold

WHO_PAYS = re.compile(
    r"\bwho (?:pays?|covers?|bears?)\b|\b(?:do|will|would|must|should) (?:i|we) (?:have to |need to |also )?(?:pay|cover)\b"
    r"|谁(?:来)?(?:出|付|承担|掏|负责)|(?:要|得|需要?)(?:我|自己)(?:出|付|掏|承担)|(?:我|自己)(?:出|付|掏|承担)"
)
"""Of a folded text."""


def asks_who_pays(text: str) -> bool:
    """Whether it asks who has to pay: "who pays the postage?", 运费谁出."""
    return WHO_PAYS.search(fold(text)) is not None
