"""Options that a question tells rather than asks for: "the 15 inch laptop with 16GB RAM" wants a price, not its RAM."""

import re
from dataclasses import replace

from bot.understanding import followups
from bot.understanding.asked import OPEN, is_yes_no
from bot.understanding.intents import Reading
from bot.understanding.lexicon import lexicon
from bot.understanding.question import ABOUT_ONE, Intent, Subject, intent_of
from bot.understanding.utterance import Utterance
from bot.understanding.variants import meant
from knowledge.attribute_names import concept_of
from knowledge.catalog import Product
from knowledge.folding import fold

_OTHERS = re.compile(r"\b(?:other|else|another|different)\b|还有|别的|其他|其它")


def asks_all_of_it(said: Utterance, subject: Subject, asked: tuple[str, ...]) -> bool:
    """ "The 5-6 years is gone, what other sizes are there?": all values of an option are asked for, and the one that is named is not meant."""
    if subject.product_id not in said.view.products or not (subject.sku or subject.skus):
        return False
    if not (OPEN.search(said.folded) and _OTHERS.search(said.folded)) and not followups.wants_more(said.text):
        return False
    return bool(meant(said.text, said.view.products[subject.product_id]).concepts & {concept_of(word) for word in asked})


def without_told(
    said: Utterance, reading: Reading, subjects: tuple[Subject, ...], asked: tuple[str, ...], value: str
) -> tuple[Reading, tuple[str, ...], str]:
    """What is asked once the options told are left out of it, and the value that it supposes."""
    if reading.intent not in ABOUT_ONE or len(subjects) != 1 or subjects[0].product_id not in said.view.products:
        return reading, asked, value
    told = meant(said.text, said.view.products[subjects[0].product_id], subjects[0].sku or "")
    if not told.skus and not told.nearest:
        if reading.intent is Intent.PRODUCT_QUESTION and _only_its_own(said, subjects[0], asked, value):
            return replace(reading, intent=Intent.PRICE), (), ""
        return reading, asked, value
    left = tuple(word for word in asked if (concept_of(word) or fold(word)) not in told.concepts)
    if reading.intent is not Intent.PRODUCT_QUESTION:
        return reading, left, value
    if len(told.skus) == 1 and is_yes_no(said.text, said.row) and not OPEN.search(said.folded):
        # "Is there a king size, for a 2 m bed?": the size is told by another word than the shop's own.
        left = tuple(word for word in left if concept_of(word) != "size" or states(said.view.products[subjects[0].product_id], "size"))
        asked = left
    cues, last = lexicon().intents, intent_of(said.memory.last_intent)
    open_ = bool(OPEN.search(said.folded)) and not cues["price"].any(said.row) and not cues["availability"].any(said.row)
    if left or (asked and is_yes_no(said.text, said.row) and len(told.skus) != 1) or open_:
        return reading, left or asked, value
    carried_price = subjects[0].how == "carried" and last is Intent.PRICE
    intent = (
        Intent.PRICE if cues["price"].any(said.row) or (carried_price and not cues["availability"].any(said.row)) else Intent.AVAILABILITY
    )
    said.notes.append("option told")
    return replace(reading, intent=intent), (), value


def _only_its_own(said: Utterance, subject: Subject, asked: tuple[str, ...], value: str) -> bool:
    """A name with an amount that the only variant has, and no question: "Jin Jun Mei 50 g please"."""
    product = said.view.products[subject.product_id]
    if not value or not subject.certain or len(product.variants) > 1 or is_yes_no(said.text, said.row) or OPEN.search(said.folded) or asked:
        return False
    plain = re.sub(r"\s", "", fold(value))
    return any(plain == re.sub(r"\s", "", fold(option.value)) for option in product.variants[0].options)


def states(product: Product, concept: str) -> bool:
    """Whether it has a property or an option of that concept."""
    held = (*product.attributes, *(o for v in product.variants for o in v.options))
    return any(concept_of(one.name) == concept for one in held)
