"""The product is left out and its variant told: "and in black?", 大号的呢, "the next size up"."""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.understanding import followups
from bot.understanding.asked import OPEN
from bot.understanding.ellipsis.follow_up import Completion, FollowUp
from bot.understanding.ellipsis.wording import asks_openly, asks_which, says_the_one
from bot.understanding.question import ABOUT_ONE, SEARCHES, Intent
from bot.understanding.variants import meant, says_next
from knowledge.attribute_names import concept_of
from knowledge.catalog import utc_now
from knowledge.folding import fold
from knowledge.units import quantities


def next_variant(follow: FollowUp, now: Completion) -> Completion | None:
    """ "And the next size up?" """
    if not follow.focus or not follow.memory.focus_sku or not says_next(follow.text):
        return None
    subject = follow.in_variants(follow.it())
    if not subject.sku or subject.sku == follow.memory.focus_sku:
        return None
    last = follow.last
    intent = last if last in ABOUT_ONE and (last is not Intent.PRODUCT_QUESTION or follow.memory.asked) else Intent.AVAILABILITY
    assert intent is not None
    return follow.read_as(
        now,
        intent,
        0.8,
        subject,
        asked=tuple(follow.memory.asked) if intent is Intent.PRODUCT_QUESTION else (),
        value="",
        note=f"next to {follow.memory.focus_sku}",
    )


def told_by_option(follow: FollowUp, now: Completion) -> Completion | None:
    """ "No, I meant the 6 cup one": the one variant of what was spoken of, though a word in it is a kind of goods elsewhere."""
    if not follow.focus or not (follow.corrected or says_the_one(follow.text)) or followups.wants_more(follow.text):
        return None
    subject = follow.in_variants(follow.it(sku=False))
    if not subject.sku or len(follow.product.variants) < 2:
        return None
    if follow.stock_asked():
        return follow.read_as(now, Intent.AVAILABILITY, 0.8, subject, asked=(), note=f"it = {follow.focus}")
    if not OPEN.search(follow.folded):
        # "The 10 litre": the litres choose, they are not asked for.
        concepts = meant(follow.text, follow.product).concepts
        spans = [(q.start, q.end) for q in quantities(follow.folded[:500])]
        within = [follow.folded[a:b] for a, b in spans]
        now = replace(now, asked=tuple(w for w in now.asked if concept_of(w) not in concepts and not any(fold(w) in q for q in within)))
    bare = follow.reading.intent not in ABOUT_ONE - {Intent.PRODUCT_QUESTION} and not now.asked
    intent = (follow.last if follow.last in ABOUT_ONE else Intent.PRICE) if bare else follow.reading.intent
    assert intent is not None
    return follow.read_as(now, intent, 0.8, subject, asked=tuple(follow.memory.asked) if bare else now.asked, note=f"it = {follow.focus}")


def option_of_it(follow: FollowUp, now: Completion) -> Completion | None:
    """ "And in black?" """
    bare = follow.bare(now.asked) or (follow.reading.intent in {Intent.OUT_OF_SCOPE, Intent.CHITCHAT, Intent.ORDER} and not now.asked)
    if not follow.focus or not bare or followups.wants_more(follow.text):
        return None
    product, last = follow.product, follow.last
    named = meant(follow.text, product)
    # "And in black?" after a kettle means the kettle, though the shop has black tea.
    elliptic = bool(named.skus) and (follow.corrected or follow.what_about() or len(follow.row) <= 3 or _only_if_there(follow))
    if (follow.conditions.filters.categories or follow.reading.intent is Intent.ORDER) and not elliptic:
        return None
    told = bool(named.concepts) or (bool(follow.conditions.values) and not asks_openly(follow.text))
    if not told or last not in ABOUT_ONE | {Intent.COMPARE} | (SEARCHES if elliptic else set()):
        return None
    if not named.concepts and _of_the_list(follow):
        return None
    subject = follow.in_variants(follow.it())
    subject = replace(subject, sku=None) if subject == follow.it() else subject
    if follow.stock_asked():
        return follow.read_as(now, Intent.AVAILABILITY, 0.75, subject, asked=(), note=f"it = {follow.focus}")
    # "And 43?" after what was said of the sizes: not the size is asked for again, but that one.
    left = tuple(word for word in follow.memory.asked if concept_of(word) not in named.concepts)
    again = follow.corrected or follow.what_about() or follow.text.rstrip(" ?？").endswith("呢")
    goes_on = bool(left) and (again or _varies(follow, left))
    carried = bool(subject.sku) and last in ABOUT_ONE and (last is not Intent.PRODUCT_QUESTION or goes_on)
    intent = last if carried and last is not None else Intent.AVAILABILITY
    return follow.read_as(now, intent, 0.75, subject, asked=left if carried else now.asked, note=f"it = {follow.focus}")


_SO_LARGE = re.compile(r"[一-鿿]?(?:装|版|款|规格|尺寸)?的?(?:还|都)?(?:有没有|还有没有?|有货|有现货|有)(?:吗|么|嘛|不|没有?)?\W*$")


def _only_if_there(follow: FollowUp) -> bool:
    """Nothing but an amount, and whether there is one: 10kg装的有吗, "got the 5 kg?" has more words."""
    rest = list(follow.folded)
    amounts = quantities(follow.folded[:500])
    for amount in amounts:
        rest[amount.start : amount.end] = " " * (amount.end - amount.start)
    return bool(amounts) and not _SO_LARGE.sub("", "".join(rest)).strip(" 那么")


def which_variant(follow: FollowUp, now: Completion) -> Completion | None:
    """ "Which colour is cheaper?" of what was spoken of: each of its variants with its price."""
    if not follow.price_compared() or not follow.focus or not asks_which(follow.text) or not follow.option_asked(now.asked):
        return None
    if not _priced_apart(follow):
        return None
    return follow.read_as(now, Intent.PRICE, 0.75, follow.it(sku=False), asked=(), note=f"variants of {follow.focus}")


def _priced_apart(follow: FollowUp) -> bool:
    """Whether the variants of the product spoken of differ in price."""
    variants = follow.product.variants
    return len({(offer := follow.view.offers.get(v.sku)) and offer.offer.paid(utc_now()) for v in variants}) > 1


def reduced(follow: FollowUp, now: Completion) -> Completion | None:
    """ "The 1.8 m one, is there money off?": of the variant told, what it costs now."""
    if follow.reading.intent is not Intent.PROMOTION or not follow.focus or follow.conditions.filters.categories:
        return None
    told = meant(follow.text, follow.product)
    if not told.skus:
        return None
    subject = follow.in_variants(follow.it(sku=False))
    return follow.read_as(now, Intent.PROMOTION, 0.8, subject, asked=(), note=f"it = {follow.focus}")


def only_an_option(follow: FollowUp) -> bool:
    """ "The 80 cm one?": nothing but an amount that one variant of the product spoken of has, though it stands in another's title."""
    if follow.named.exact or not follow.focus or any(s.product_id == follow.focus for s in follow.subjects):
        return False
    told = meant(follow.text, follow.product)
    rest = list(follow.folded)
    for amount in quantities(follow.folded[:500]):
        rest[amount.start : amount.end] = " " * (amount.end - amount.start)
    return len(told.skus) == 1 and not followups.content("".join(rest), follow.words)


def _of_the_list(follow: FollowUp) -> bool:
    """ "Only the white ones": after one of a list was spoken of that comes in no colours, the list is meant."""
    if not follow.memory.search or len(follow.memory.shown) < 2 or follow.memory.focus not in follow.memory.shown:
        return False
    product = follow.product
    own = {concept_of(one.name) for one in (*product.attributes, *(o for v in product.variants for o in v.options))}
    return not any(own & {concept_of(name) for name in condition.names} for condition in follow.conditions.values)


def _varies(follow: FollowUp, asked: Sequence[str]) -> bool:
    """Whether the variants of the product spoken of state a property of their own."""
    own = {concept_of(one.name) for v in follow.product.variants for one in (*v.options, *v.attributes)}
    return any(concept_of(word) in own for word in asked if concept_of(word))
