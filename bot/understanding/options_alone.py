"""Messages that say no more than which variant of the thing spoken of is meant: 麻辣的呢, "and in 43?", "one in Steel-string"."""

import re
from dataclasses import replace

from bot.understanding.counts import outside_names
from bot.understanding.followups import content
from bot.understanding.intents import Reading, topic_said
from bot.understanding.lexicon import lexicon
from bot.understanding.named import Named
from bot.understanding.option_words import variant_words
from bot.understanding.question import SMALL_TALK, Intent, Subject, intent_of
from bot.understanding.shop_words import ShopWords
from bot.understanding.title_terms import terms
from bot.understanding.utterance import Utterance
from bot.understanding.variants import meant
from knowledge.catalog import Product
from knowledge.folding import fold
from knowledge.phrases import tokens

_RANGE = re.compile(r"\d\s?[-–~/x×]\s?\d")
_BY_ITSELF = SMALL_TALK | {Intent.HUMAN, Intent.ORDER, Intent.PRIVACY, Intent.COMPLAINT, Intent.COMPARE}
_MOST = 16
"""Words of such a message."""


def only_options(text: str, product: Product, words: ShopWords) -> str:
    """The SKU of the one variant of the product that is told by a text which says nothing else but that its price or stock is asked for; "" for
    other texts."""
    if len(product.variants) < 2 or len(tokens(text)) > _MOST:
        return ""
    told = meant(text, product)
    if len(told.skus) != 1 or not told.named:
        return ""
    rest = list(outside_names(fold(text), product))
    for key in ("price", "availability"):
        for hit in lexicon().intents[key].find("".join(rest)):
            rest[hit.start : hit.end] = " " * (hit.end - hit.start)
    own = {term for variant in product.variants for option in variant_words(variant) for word in option.words for term, _, _ in terms(word)}
    return told.skus[0] if content("".join(rest), words) <= own else ""


def chosen_alone(said: Utterance, named: Named) -> Subject | None:
    """The variant of what was spoken of which is all that the message tells."""
    focus = said.view.products.get(said.memory.focus)
    if focus is None or named.exact:
        return None
    sku = only_options(said.text, focus, said.words)
    return Subject(focus.id, sku, True, "carried") if sku else None


def asked_of_chosen(said: Utterance, reading: Reading, asked: tuple[str, ...], value: str) -> tuple[Reading, tuple[str, ...], str]:
    """The price or stock that was asked for just before is asked of the variant, whatever its value sounds of by itself."""
    last = intent_of(said.memory.last_intent)
    if last not in {Intent.PRICE, Intent.AVAILABILITY} or reading.intent in _BY_ITSELF or topic_said(said.text) is not None:
        return reading, asked, value
    cues = lexicon().intents
    price = cues["price"].any(said.text) or (last is Intent.PRICE and not cues["availability"].any(said.text))
    return replace(reading, intent=Intent.PRICE if price else Intent.AVAILABILITY, topic=None), (), ""


def own_figures(said: Utterance, whole: str, named: Named) -> tuple[tuple[int, int], ...]:
    """Where figures stand in the `whole` text that an option of what is named, or was spoken of, is called by: the 42-43 of a shoe is no price."""
    folded, spans = fold(whole), list[tuple[int, int]]()
    for id_ in dict.fromkeys([*(s.product_id for s in named.subjects), said.memory.focus]):
        product = said.view.products.get(id_)
        options = {fold(o.value).strip() for v in product.variants for o in v.options} if product is not None else set[str]()
        for figure in {word for value in options for word in (value, *value.split()) if _RANGE.search(word)}:
            spans += [match.span() for match in re.finditer(rf"(?<![\d.]){re.escape(figure)}(?![\d.])", folded)]
    return tuple(spans)
