"""Which of those shown is left out: "which is the lightest?", "how heavy is the pro"."""

import re
from dataclasses import replace

from bot.understanding import followups
from bot.understanding.asked import OPEN, is_yes_no
from bot.understanding.ellipsis.follow_up import Completion, FollowUp
from bot.understanding.ellipsis.wording import ELLIPTIC_MOST, asks_which
from bot.understanding.lexicon import lexicon
from bot.understanding.question import ABOUT_ONE, SEARCHES, Intent, Subject
from bot.understanding.siblings import genders_in
from bot.understanding.title_terms import terms
from bot.understanding.variants import meant
from retrieval.filters import Way
from retrieval.retriever import Sort

_AMONG = re.compile(r"里面|里头|其中|当中|这几|那几|(?:among|of) (?:them|these|those)")


def the_one_for(follow: FollowUp, now: Completion) -> Completion | None:
    """ "I meant the men's", 女款呢: of those just spoken of, the ones that are for them."""
    genders, shown = genders_in(follow.text), follow.shown
    if not genders or follow.last not in ABOUT_ONE | {Intent.COMPARE} or len(shown) < 2 or len(follow.row) > ELLIPTIC_MOST:
        return None
    fitting = [id_ for id_ in shown if genders & genders_in(" ".join(follow.view.products[id_].title.values()))]
    if not fitting or len(fitting) == len(shown) or not follow.may_go_on():
        return None
    subjects = [follow.in_variants(Subject(id_, None, True, "reference")) for id_ in fitting]
    return follow.asked_of(now, *subjects, note=f"of those shown = {', '.join(fitting)}")


def option_of_shown(follow: FollowUp, now: Completion) -> Completion | None:
    """ "How much is the half pound?" where one of those shown comes in that, or 10kg装的有吗 where several do."""
    bare = follow.reading.intent in {Intent.PRODUCT_SEARCH, Intent.UNCLEAR} and not follow.conditions.filters.categories
    if follow.memory.focus in follow.view.products or len(follow.memory.shown) < 2 or not (bare or follow.reading.intent in ABOUT_ONE):
        return None
    if bare and (followups.wants_more(follow.text) or not follow.stock_asked() or follow.conditions.values):
        return None
    told = {id_: meant(follow.text, follow.view.products[id_]) for id_ in follow.shown}
    most = max((len(found.concepts) for found in told.values() if found.skus), default=0)
    having = [id_ for id_, found in told.items() if found.skus and len(found.concepts) == most]
    if not having or (len(having) != 1 and not bare):
        return None
    subjects = [follow.in_variants(Subject(id_, None, len(having) == 1, "reference")) for id_ in having]
    note = f"of those shown that come so = {', '.join(having)}"
    if bare:
        return follow.read_as(now, Intent.AVAILABILITY, 0.75, *subjects, asked=(), note=note)
    return replace(now, subjects=tuple(subjects), note=note)


_WHICH = re.compile(r"哪一?[个款种只件双台条](?!.{0,4}(?:便宜|贵))|\bwhich (?:one|of (?:them|these|those))\b")


def which_suits(follow: FollowUp, now: Completion) -> Completion | None:
    """ "Which one is for a 3 year old?", 哪个适合3岁的: of those just shown, not of the whole shop."""
    goods = follow.named.subjects or follow.conditions.filters.categories or follow.conditions.kinds
    if (
        goods
        or follow.last not in SEARCHES
        or len(follow.shown) < 2
        or follow.reading.intent not in SEARCHES | ABOUT_ONE | {Intent.COMPARE, Intent.UNCLEAR, Intent.OUT_OF_SCOPE}
    ):
        return None
    wished = [c.names[0] for c in follow.conditions.wishes if c.way is Way.TAKES]
    if not wished or not follow.short() or not _WHICH.search(follow.folded) or followups.wants_more(follow.text):
        return None
    each = [Subject(id_, None, True, "reference") for id_ in follow.shown]
    return follow.read_as(now, Intent.PRODUCT_QUESTION, 0.8, *each, asked=tuple(wished), note="which of those shown suits")


def one_of_shown(follow: FollowUp, now: Completion) -> Completion | None:
    """A question about one of several shown, or another wish for them all."""
    known = follow.memory.focus in follow.view.products
    if (
        known
        or not follow.short()
        or len(follow.memory.shown) < 2
        or follow.conditions.filters.categories
        or follow.reading.intent not in ABOUT_ONE
    ):
        return None
    folded, last = follow.folded, follow.last
    asks = is_yes_no(follow.text, follow.row) or "?" in folded or OPEN.search(folded)
    if last in SEARCHES and now.asked and not asks and follow.reading.intent is Intent.PRODUCT_QUESTION:
        assert last is not None
        return follow.read_as(now, last, 0.7, refined=True, note="another wish")
    if followups.wants_more(follow.text) or followups.refines(follow.text, follow.row, follow.conditions, follow.memory, follow.words):
        return None
    if (chosen := _called_so(follow)) is not None:
        return replace(
            now,
            subjects=(follow.in_variants(Subject(chosen, None, True, "reference")),),
            note=f"the one of those shown that is called so = {chosen}",
        )
    if not now.asked and follow.reading.intent is Intent.PRODUCT_QUESTION and not is_yes_no(follow.text, follow.row):
        return None
    return replace(now, subjects=tuple(Subject(id_, None, False, "carried") for id_ in follow.shown), note="one of those shown")


def _called_so(follow: FollowUp) -> str | None:
    """The one of those shown in whose title alone a word of the message stands: "how heavy is the pro"."""
    titles = {id_: {t for title in follow.view.products[id_].title.values() for t, _, _ in terms(title)} for id_ in follow.shown}
    spoken = {term for term, _, _ in terms(follow.text)} - lexicon().plain["fillers"]
    # "The bar" may be the barbell.
    called = {id_: {t for t in spoken if t in own or (len(t) > 2 and any(w.startswith(t) for w in own))} for id_, own in titles.items()}
    held = {id_: len(own - set().union(*(o for i, o in called.items() if i != id_))) for id_, own in called.items()}
    having = [id_ for id_, count in held.items() if count]
    return having[0] if len(having) == 1 else None


def among_shown(follow: FollowUp, now: Completion) -> Completion | None:
    """ "Which is the lightest?" """
    extreme = follow.conditions.superlative or follow.conditions.sort in (Sort.PRICE_ASC, Sort.PRICE_DESC)
    if not extreme or len(follow.memory.shown) < 2 or follow.conditions.filters.categories:
        return None
    folded = follow.folded
    if not (_AMONG.search(folded) or (follow.conditions.superlative and asks_which(follow.text))):
        return None
    return follow.read_as(
        now, Intent.COMPARE, 0.8, *(Subject(id_, None, True, "reference") for id_ in follow.shown), note="among those shown"
    )
