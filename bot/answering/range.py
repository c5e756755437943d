"""Nothing of the kind in the catalog; what there is instead."""

from collections import Counter

from bot.answering.answer import Outcome
from bot.answering.reply import Reply
from bot.answering.speaking import Speaker
from bot.answering.thresholds import ABSTAINED, OPTIONS
from knowledge.catalog import Product
from knowledge.localized import pick

_CATEGORIES: dict[tuple[str, int, int, str, int], list[str]] = {}
_CATEGORIES_KEPT = 256
"""Largest categories of the revisions that were asked about: counting them takes 2 µs a product."""


def nothing_like(speaker: Speaker) -> Reply:
    """Nothing of the kind in the catalog; says what there is."""
    reply = Reply(Outcome.ABSTAINED, ABSTAINED, gap="not in the catalog")
    reply.say(speaker.say("search.nothing_like"))
    kinds = categories(speaker)
    if kinds:
        reply.say(speaker.say("search.we_have", categories=speaker.words.listed(kinds)))
    reply.quick_replies.append(speaker.say("chip.person"))
    return reply


def categories(speaker: Speaker, most: int = OPTIONS) -> list[str]:
    """The shop's largest top-level categories, in the customer's language."""
    view = speaker.findings.view
    key = (view.shop.id, view.revision, id(view.products), speaker.language, most)
    if key in _CATEGORIES:
        return list(_CATEGORIES[key])
    counted: Counter[str] = Counter()
    for product in view.products.values():
        if top := heading(product, speaker.language):
            counted[top] += 1
    named = [name for name, _ in counted.most_common(most)]
    # Inside an English sentence a heading is an ordinary word.
    named = [name.lower() if speaker.language == "en" and not name.isupper() else name for name in named]
    if len(_CATEGORIES) >= _CATEGORIES_KEPT:
        _CATEGORIES.clear()
    _CATEGORIES[key] = named
    return list(named)


def heading(product: Product, language: str) -> str:
    """The top-level category that it stands in; "" without one."""
    return pick(product.categories[0], language).split(">", maxsplit=1)[0].strip() if product.categories else ""
