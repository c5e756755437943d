"""Wishes in which no word says what is wanted: to look around ("what's popular?"), or advice on what was just shown ("which would you pick?")."""

import re
from dataclasses import replace

from bot.understanding.followups import content
from bot.understanding.lexicon import lexicon
from bot.understanding.meaning import Meant
from bot.understanding.question import SEARCHES, Intent, Part
from bot.understanding.utterance import Utterance
from knowledge.folding import fold
from retrieval.retriever import Sort

BROWSES = 0.5
"""From this share of the meaning on somebody looks around."""
_ALL_THERE_IS = re.compile(
    r"\W*(?:你们|店里|这里|家)?[都卖]?(?:有|卖)(?:一?些)?(?:什么|啥|哪些)(?:东西|商品|产品|货|好货)?[呀啊呢吗的]?\W*$"
)
ADVISED = 0.5
"""From this share on advice is asked for."""
_OF_THE_SHOP = {Intent.STORE_INFO, Intent.CHITCHAT, Intent.OUT_OF_SCOPE, Intent.UNCLEAR}
_ABOUT_THE_SHOP = re.compile(
    r"\bwhat(?:'?s| is| are| do| does| kind of)? ?(?:this|your|the|you|u|ya)\b(?: guys| all)?(?: (?:shop|store|site|website|place|company))?(?: (?:all )?about| do| sell)?\W*$"
    r"|(?:这|你们|你)(?:是|家|个|里)*(?:店|铺子?|网店|网站)?(?:是|都)?(?:卖|做|干)(?:些)?(?:什么|啥)的?\W*$"
)
""" "What's this shop about?": what it sells."""
_MAY_BROWSE = SEARCHES | {
    Intent.CHITCHAT,
    Intent.GOODBYE,
    Intent.UNCLEAR,
    Intent.OUT_OF_SCOPE,
    Intent.PRODUCT_QUESTION,
    Intent.STORE_INFO,
    Intent.COMPARE,
}


def opened(said: Utterance, part: Part, meant: Meant) -> Part:
    """The part, marked where it is an open wish."""
    named = any(s.certain and s.how != "carried" for s in part.subjects)
    if named or part.intent not in _MAY_BROWSE or part.purpose or part.interest:
        return part
    if said.memory.shown and meant.of("recommend", "browsing", "compare") >= ADVISED and _only_advice(said):
        return replace(part, intent=Intent.COMPARE, subjects=(), picks=True)
    asked_bare = bool(_ALL_THERE_IS.match(said.folded)) and not (said.memory.search or said.memory.focus)
    sells = part.intent in _OF_THE_SHOP and bool(_ABOUT_THE_SHOP.search(fold(part.text)))
    if (meant.of("browsing") < BROWSES and not sells and not asked_bare) or not part.filters.empty:
        return part
    return replace(
        part,
        intent=Intent.RECOMMEND,
        topic=None,
        subjects=(),
        asked=(),
        asked_value="",
        sort=Sort.RATING if part.sort is Sort.RELEVANCE else part.sort,
        anything=True,
        browsing=True,
        certainty=round(max(meant.of("browsing"), BROWSES), 3),
    )


def _only_advice(said: Utterance) -> bool:
    """Whether nothing is left beside the words that ask for advice."""
    rest = set(range(len(said.row)))
    hits = lexicon().words["advise"].find(said.row)
    for hit in hits:
        rest -= set(range(hit.first, hit.last))
    left = " ".join(said.row[n].word for n in sorted(rest))
    return bool(hits) and not {word for word in content(left, said.words) if word in said.words.postings}
