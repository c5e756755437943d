"""The properties that a message asks for, once it is known what it names."""

import re

from bot.understanding.asked import OPEN, asked_attributes, is_yes_no
from bot.understanding.ellipsis.follow_up import FollowUp
from bot.understanding.question import Intent
from bot.understanding.references import comes_with
from knowledge.attribute_names import concept_of
from knowledge.folding import fold
from knowledge.units import Dimension, quantities


def _pointed_at(word: str, text: str) -> bool:
    """ "Grey in that size?", 同样的尺码有白色吗: the size spoken of, which is not asked for."""
    said = re.escape(fold(word))
    return bool(re.search(rf"\b(?:that|this|the same|same)\s{said}\b|(?:[这那]个?|同样?的?|一样的?){said}", fold(text)))


def properties_asked(follow: FollowUp) -> tuple[str, ...]:
    """In the customer's words, those of the shop's own properties first."""
    own = follow.words.properties.find(follow.row)  # "water tank" asks for what this shop calls so, "running surface" for no shoes
    branded = follow.words.brands.find(follow.row)
    named = (*follow.named.spans, *((hit.start, hit.end) for hit in (*branded, *own)))
    asked = (*dict.fromkeys(hit.value for hit in own), *asked_attributes(follow.text, follow.row, named))
    if carries := _load_asked(follow):
        return (carries,)
    about_one = any(s.certain for s in follow.subjects) or (follow.memory.focus and len(follow.row) <= 8)
    if not asked and about_one and follow.reading.intent is Intent.PRODUCT_QUESTION:
        asked = asked_attributes(follow.text, follow.row, named, every_name=True)
    if not asked and comes_with(follow.text):
        asked = ("included",)
    return _not_only_measured(follow, _stated_first(follow, tuple(word for word in asked if not _pointed_at(word, follow.text))))


_WEIGHS = re.compile(
    r"(?:\b(?:i|he|she|they|we|who)(?:['’]?m|['’]?s|['’]?re| am| is| are| weighs?)|\bweigh(?:s|ing)?|\bmy \w+(?: is| weighs)|(?:[我他她]|体重|老公|老婆|爸|妈|孩子)[^,，。]{0,8}?)\s?"
    r"(?:about |around |over |nearly |almost |roughly |like |at |有|快|差不多|大概|大约)*$"
)


def _load_asked(follow: FollowUp) -> str:
    """What the product meant calls the load that it takes, where somebody says what they weigh: "I'm 110 kg, will it hold me?", 我190斤，能骑吗."""
    spoken = [s.product_id for s in follow.subjects] or [follow.memory.focus, *follow.memory.shown]
    held = (
        a for id_ in spoken if (p := follow.view.products.get(id_)) for a in (*p.attributes, *(a for v in p.variants for a in v.attributes))
    )
    named = next((a.name for a in held if concept_of(a.name) == "maximum_load"), "")
    if not named or follow.reading.intent not in {Intent.PRODUCT_QUESTION, Intent.OUT_OF_SCOPE, Intent.UNCLEAR}:
        return ""
    masses = [q for q in quantities(follow.folded[:500]) if q.dimension is Dimension.MASS]
    return named if any(_WEIGHS.search(follow.folded[: q.start]) for q in masses) else ""


def _not_only_measured(follow: FollowUp, asked: tuple[str, ...]) -> tuple[str, ...]:
    """Without what only is the unit of an amount that describes: "the 10000 mAh power bank in purple" asks for no capacity."""
    folded = follow.folded
    if not asked or OPEN.search(folded) or is_yes_no(follow.text, follow.row):
        return asked
    amounts = [folded[q.start : q.end] for q in quantities(folded[:500])]
    return tuple(word for word in asked if folded.count(fold(word)) != 1 or not any(fold(word) in amount for amount in amounts))


def _stated_first(follow: FollowUp, asked: tuple[str, ...]) -> tuple[str, ...]:
    """With one product meant, a property that it states comes before a vaguer one: "induction hob" before "can be used on"."""
    subjects = follow.subjects
    if len(subjects) != 1 or not subjects[0].certain or subjects[0].product_id not in follow.view.products:
        return asked
    stated = {concept_of(attribute.name) for attribute in follow.view.products[subjects[0].product_id].attributes}
    if any(concept_of(word) in stated for word in asked):
        return asked
    every = asked_attributes(follow.text, follow.row, follow.named.spans, every_name=True)
    return (*(word for word in every if concept_of(word) in stated and word not in asked), *asked)
