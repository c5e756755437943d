"""A product that is told by one of its options alone: "pedals in purple", "防晒乳80毫升的"."""

import re
from collections.abc import Iterable

from bot.understanding.lexicon import lexicon
from bot.understanding.question import Intent, Part, Subject
from bot.understanding.subjects import with_variants
from knowledge.catalog import Product
from knowledge.folding import fold
from knowledge.phrases import tokens

_LEFT = re.compile(r"\bhow many\b.{0,60}\b(?:left|in stock|remain(?:ing)?)\b|还[剩有]|剩")


def asks_whether_there(part: Part) -> bool:
    """Asks whether something can be had or what it costs, not what there is to choose from."""
    if part.intent in (Intent.PRICE, Intent.AVAILABILITY):
        return True
    row = tokens(part.text)
    return part.yes_no or bool(_LEFT.search(fold(part.text))) or lexicon().intents["availability"].any(row)


def told_by_option(part: Part, products: Iterable[Product]) -> Subject | None:
    """The only one of the products that has the options named, with the variants meant; None where none or several have them."""
    told = [with_variants(Subject(p.id, None, True, "likeness"), part.text, p) for p in products]
    having = [s for s in told if (s.sku or s.skus) and not s.lacking]
    return having[0] if len(having) == 1 else None
