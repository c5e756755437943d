"""Another product than the one spoken of is meant, and told by it: its sibling, a thing that goes with it, what is cheaper."""

import re
from dataclasses import replace

from bot.understanding.another_called import another_called
from bot.understanding.ellipsis.follow_up import Completion, FollowUp
from bot.understanding.ellipsis.wording import ELLIPTIC_MOST, says_the_one, stands_beside
from bot.understanding.question import Intent, Subject
from bot.understanding.siblings import sibling
from bot.understanding.title_terms import terms
from bot.understanding.variants import meant

_ANOTHER = re.compile(
    r"\b(?:an?|another|any|spare|extra|separate|additional)\s+(?:new |spare |extra |separate |second )?([a-z][a-z-]{2,})\b"
)
"""A noun that points at nothing spoken of before."""


def its_sibling(follow: FollowUp, now: Completion) -> Completion | None:
    """ "And the men's?" after the women's shoe, 大号的呢: the other product of the same line."""
    goes_on = follow.corrected or follow.what_about() or says_the_one(follow.text) or len(follow.row) <= 3
    if not follow.focus or not goes_on or len(follow.row) > ELLIPTIC_MOST or not follow.may_go_on() or now.asked:
        return None
    product = follow.product
    if meant(follow.text, product).concepts or (found := sibling(follow.text, product, follow.view, follow.words)) is None:
        return None
    return follow.asked_of(now, follow.in_variants(Subject(found, None, True, "named")), note=f"the other of its line = {found}")


def another_thing(follow: FollowUp, now: Completion) -> Completion | None:
    """ "What does a battery cost then?" after a drill: the one thing that is called so, if the drill is not."""
    if not follow.focus or follow.reading.intent not in {Intent.PRICE, Intent.AVAILABILITY}:
        return None
    for said in _ANOTHER.findall(follow.folded):
        term = next((t for t, _, _ in terms(said)), "")
        numbers = set(follow.words.heads.get(term, ()))
        if not numbers or follow.focus in {follow.words.ids[n] for n in follow.words.postings.get(term, ())}:
            continue
        own = {t for title in follow.product.title.values() for t, _, _ in terms(title)}
        kin = {n for n in numbers if any(n in follow.words.postings[t] for t in own if t in follow.words.postings and not t.isdigit())}
        chosen = kin if len(kin) == 1 else numbers
        if len(chosen) == 1:
            id_ = follow.words.ids[chosen.pop()]
            return replace(now, subjects=(follow.in_variants(Subject(id_, None, True, "named")),), note=f"another thing = {id_}")
    return None


def the_other_thing(follow: FollowUp, now: Completion) -> Completion | None:
    """ "How much are the blocks" after a bike: the one thing that is called so, if nothing that is said of the bike is."""
    if not follow.focus or follow.reading.intent not in {Intent.PRICE, Intent.AVAILABILITY} or follow.named.subjects:
        return None
    id_ = another_called(follow.folded, follow.product, follow.words)
    if not id_:
        return None
    return replace(now, subjects=(follow.in_variants(Subject(id_, None, True, "named")),), note=f"another thing = {id_}")


def beside_it(follow: FollowUp, now: Completion) -> Completion | None:
    """ "What goes with it?", "anything cheaper?" """
    if not follow.focus or follow.memory.search:
        return None
    intent = follow.reading.intent
    if stands_beside(follow.text) and intent not in {Intent.COMPARE, Intent.HUMAN, Intent.POLICY}:
        return follow.read_as(now, Intent.RECOMMEND, 0.8, follow.it(sku=False), note=f"beside {follow.focus}")
    others = follow.price_compared()
    if others and not follow.conditions.filters.categories and intent not in {Intent.COMPLAINT, Intent.HUMAN, Intent.ORDER}:
        return follow.read_as(now, Intent.PRODUCT_SEARCH, 0.75, beside=follow.focus, note=f"others like {follow.focus}")
    return None
