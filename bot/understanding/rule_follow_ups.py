"""Short messages that go on from a rule of the house: "and to Canada?", "shoes too?", 那要多少钱."""

import re

from bot.understanding.asked import OPEN
from bot.understanding.constraints import Conditions
from bot.understanding.intents import topic_said
from bot.understanding.lexicon import lexicon
from bot.understanding.named import Named
from bot.understanding.paying import asks_who_pays
from bot.understanding.question import ABOUT_ONE, Intent, Part
from bot.understanding.utterance import Utterance
from knowledge.folding import fold
from knowledge.localized import pick
from knowledge.phrases import tokens

FOLLOWS_MOST = 14
"""Words of a message that may leave out what it goes on from."""
_THE_SAME = re.compile(
    r"^\W*(?:and |or |but |also |what about |how about )*(?:for|to|with|on|if)\b(?! the (?:first|second|third|last))|\b(?:too|as well)\W*$|^\W*(?:and |but )*also\b"
    r"|^\W*(?:那|那么)?.{1,12}也(?:一样|算|可以|能|行|是|要|有|支持|包)?.{0,4}[吗么嘛?？]\W*$"
)
"""Asks just what was asked before of something else: "and for sofas?", "shoes too?", 鞋子也可以吗."""
_POINTED = re.compile(
    r"\bthe (?:first|second|third|fourth|last|other|cheaper|cheapest|dearer|smaller|bigger)(?: ones?)?(?= *(?:[,.?!]|$))|第[一二两三四五]?[个款种件双](?!月|星期|周)"
)
"""Points at one of the goods that were shown."""
_WHAT_ABOUT = re.compile(r"^\W*(?:and|or|but|what about|how about|what if|whatabout)\b|^\W*(?:那|那么)|呢\W*$")
_BARE_MOST = 4
"""Words, with the mark, of a question that is nothing but a name: "desk motors?"."""
_BY_ITSELF = {Intent.HUMAN, Intent.ORDER, Intent.PRIVACY, Intent.GREETING, Intent.THANKS, Intent.GOODBYE, Intent.COMPARE}
_OF_ALL = re.compile(
    r"最近|现在有|全店|全场|店里|你们|你家|活动|会员|新客|新人|新用户|首单|学生|老师|优惠[券码]|积分|叠加|一起用|同时|满减"
    r"|\b(?:currently|right now|at the moment|site ?wide|students?|teachers?|members?|first order|new customers?|codes?|coupons?|vouchers?|stack\w*|combin\w+|sales?|promotions?|promos?)\b"
)
"""Asks for reductions of the whole shop."""


def rule_gone_on_from(said: Utterance, part: Part, named: Named, conditions: Conditions) -> str:
    """The question about a rule that a short message without goods of its own may go on from: "and to Canada?", 那要多少钱."""
    before = said.memory.ruled
    if not before or len(said.row) > (FOLLOWS_MOST if said.row and said.row[0].word.isascii() else 2 * FOLLOWS_MOST):
        return ""
    if part.intent in _BY_ITSELF or conditions.superlative:
        return ""
    if part.intent in ABOUT_ONE and any((s.sku or s.skus or s.lacking) and s.sku != said.memory.focus_sku for s in part.subjects):
        return ""  # "the black one in L?" chooses a variant of what is spoken of
    of_product = any(s.certain for s in part.subjects) and said.memory.last_intent == Intent.PRODUCT_QUESTION.value
    if part.intent is Intent.PRICE and of_product and topic_said(before) is None:
        return ""  # a rule answered what was asked of the product, and its price is asked now
    if part.intent in ABOUT_ONE and part.subjects and _POINTED.search(fold(said.text)):
        return ""
    goods = bool(conditions.filters.categories or conditions.filters.brands or named.exact)
    goods = goods or any(s.how in {"named", "sku"} and s.certain for s in part.subjects)
    if goods and not leaves_out(said.text):
        return ""
    own, was = part.topic if asks_who_pays(said.text) else topic_said(said.text), topic_said(before)
    return before if own is None or own is was else ""


def words_for_rules(said: Utterance, whole: str, part: Part) -> str:
    """The customer's words that rules are looked for with, `whole` as they stand; "is there money off for two?" after a pillow asks for what counts for pillows."""
    focus = said.view.products.get(said.memory.focus)
    goods = part.subjects or part.filters.categories or part.filters.brands or part.filters.product_ids
    if part.intent is not Intent.PROMOTION or focus is None or goods or not focus.categories or _OF_ALL.search(fold(part.text)):
        return whole
    return f"{pick(focus.categories[0], said.tag).split('>')[-1].strip()} {whole}"


def asks_the_same(text: str) -> bool:
    """Asks by its words just what was asked before: "and for sofas?", 鞋子也可以吗."""
    return bool(_THE_SAME.search(fold(text)))


def leaves_out(text: str) -> bool:
    """A few words that name something and leave out what is asked: "what about lamps", 那鞋子呢, "shoes too?", "Gloves?"."""
    folded = fold(text)
    bare = len(tokens(folded)) <= _BARE_MOST and folded.rstrip().endswith(("?", "？"))
    if bare or asks_the_same(text) or _WHAT_ABOUT.search(folded):
        return not OPEN.search(_WHAT_ABOUT.sub(" ", folded).replace("呢", " ")) and not any(
            lexicon().intents[cue].any(folded) for cue in ("price", "availability", "search")
        )
    return False
