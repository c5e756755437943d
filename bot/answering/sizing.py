"""Which size is for a weight, a height or a length: "which size for a 12 kg dog?", 身高170穿什么码, by what options and descriptions say of each size."""

import re
from collections.abc import Iterator

from bot.answering.answer import Citation, Outcome
from bot.answering.reply import Reply
from bot.answering.speaking import Speaker
from bot.answering.thresholds import SURE
from bot.understanding.question import Part
from knowledge.catalog import Product
from knowledge.folding import fold
from knowledge.units import Dimension, Quantity, quantities
from retrieval.quotable import quotable

_WHICH = re.compile(
    r"\b(?:which|what) (?:size|one)\b|\bsize (?:do|should|would|for)\b|哪个?[号码]|哪个尺[码寸]|什么[号码]|什么尺[码寸]|多大的?[号码]|穿多大|[选买要用拿]多大"
)
_MOST = re.compile(r"\b(?:up to|under|below|max\.?|at most|within|less than)\b|以内|以下|之内|最大|最多|不超过|≤|<", re.IGNORECASE)
_LEAST = re.compile(r"\b(?:from|over|above|at least|more than)\b|\band (?:up|over|more)\b|以上|至少|起|超过|≥|>|\+", re.IGNORECASE)
_CLAUSE = re.compile(r"[^,，;；。、|\n]+")
_SIZED = {Dimension.MASS, Dimension.LENGTH, Dimension.VOLUME}


def size_reply(speaker: Speaker, part: Part) -> Reply | None:
    """The size for the amount that is named, in the merchant's words; None where no size is asked for or none is said to be for it."""
    folded = fold(part.text)
    if not _WHICH.search(folded):
        return None
    amounts = [q for q in quantities(folded[:500]) if q.dimension in _SIZED]
    meant = next((s for s in part.subjects if s.certain), None)
    product = speaker.product(meant.product_id if meant else speaker.findings.memory.focus)
    if not amounts or product is None or len(product.variants) < 2:
        return None
    fitting = [(limit, text, field, value) for limit, text, field, value in _limits(product, amounts[0])]
    if not fitting:
        return None
    _, text, field, value = min(fitting, key=lambda row: row[0])
    variants = [v for v in product.variants if any(o.value == value for o in v.options)]
    chosen = speaker.shown_variant(product, variants)
    reply = Reply(Outcome.ANSWERED, SURE, focus=product.id, focus_sku=chosen.sku if len(variants) == 1 else "")
    reply.say(
        speaker.say("fact.described", product=speaker.name(product), quote=text),
        speaker.cite_title(product),
        Citation("product", chosen.sku, field, text),
    )
    reply.show(chosen.sku)
    return reply


def _limits(product: Product, amount: Quantity) -> Iterator[tuple[float, str, str, str]]:
    """Sizes that take the amount: the most that each takes, the words that say so, the field they stand in, and the option's value."""
    for variant in product.variants:
        for option in variant.options:
            label = _label(option.value)
            texts = [(option.value, f"option:{option.name}")]
            texts += [
                (clause.strip(), field)
                for row, field in _rows(product)
                for clause in _CLAUSE.findall(row)
                if label and re.search(rf"(?<![a-z0-9]){re.escape(label)}(?![a-z0-9])", fold(clause))
            ]
            for text, field in texts:
                most = _takes(fold(text), amount)
                if most is not None:
                    yield most, text, field, option.value


def _label(value: str) -> str:
    """What a size is called in sentences: the letters before its measure ("M 10-25kg")."""
    return fold(re.split(r"[\s(（:：,，\d]", value.strip(), maxsplit=1)[0])


def _rows(product: Product) -> Iterator[tuple[str, str]]:
    for text in product.description.values():
        yield from ((row, "description") for row in quotable(text))
    yield from ((attribute.value, f"attribute:{attribute.name}") for attribute in product.attributes)


def _takes(text: str, amount: Quantity) -> float | None:
    """The most that a size takes by these words, where the amount is within; None where it is not, or nothing is said."""
    found = [q for q in quantities(text) if q.dimension is amount.dimension]
    if len(found) != 1:
        return None
    low, high = found[0].base_low, found[0].base_high
    if low == high:
        low, high = (low, float("inf")) if _LEAST.search(text) else (0.0, high) if _MOST.search(text) else (low, high)
    return high if low <= amount.base_low <= high else None
