"""Whether a short message goes on from the rule that was answered before, rather than asking of goods or of something else."""

import re

from bot.answering.continuing import STRAY, shares_words
from bot.answering.facts import stated
from bot.answering.places import meet, whereabouts
from bot.answering.rules import Rule, answers, answers_instead
from bot.answering.speaking import Speaker
from bot.understanding.question import ABOUT_ONE, SEARCHES, Intent, Part
from knowledge.folding import fold
from knowledge.phrases import tokens

OUTSIDE_MOST = 0.35
"""From this share of no shop matter on, a message goes on from a rule only where it shares words with it: beside the question before, a joke
is near to the rule, too."""
OF_THE_SHOP = 0.5
"""From this share on the shop itself is asked about ("how do I contact you"), whatever rule was told."""
ALONE = 3
"""Words of a message that is little more than a place."""
_NEVER = {Intent.HUMAN, Intent.ORDER, Intent.PRIVACY, Intent.GREETING, Intent.THANKS, Intent.GOODBYE}
_AMOUNT = re.compile(r"[$€£¥￥]\s?\d|\d(?:[.,]\d+)?\s*(?:元|美元|块|usd|eur|gbp|cny|dollars|euros)|\bfree\b|免费|包邮|免")


def goes_on(speaker: Speaker, part: Part, rule: Rule) -> bool:
    """Whether the rule, found with the question before, is the answer."""
    if not part.follows or part.intent in _NEVER or not answers(rule):
        return False
    if part.intent is Intent.OUT_OF_SCOPE:
        return may_go_on(speaker, part, rule)
    if part.elliptic:
        return True
    if names_goods(part):
        return False
    product = next((p for s in part.subjects if s.certain and (p := speaker.product(s.product_id))), None)
    memory = speaker.findings.memory
    if product is not None and memory.focus != product.id:
        return False  # "what about the first one": other goods than those that the rule was said of
    if part.intent is Intent.STORE_INFO and part.meant.of("store_info") >= OF_THE_SHOP:
        return False
    if part.intent is Intent.PRICE:
        return product is None or _AMOUNT.search(fold(_words(rule))) is not None
    if part.intent in ABOUT_ONE:
        return product is None or not part.asked or not stated(product, part.asked, speaker.language)
    if part.intent in SEARCHES:
        return part.filters.empty and answers_instead(rule)
    return part.intent is not Intent.PROMOTION


def may_go_on(speaker: Speaker, part: Part, rule: Rule) -> bool:
    """Whether a message that sounds like no shop matter may go on from the rule all the same."""
    places = whereabouts(fold(part.text))
    if places and part.meant.of("out_of_scope") >= STRAY and len(tokens(part.text)) > ALONE:
        return False  # "what's the weather in Toronto tomorrow"
    if places:  # "France?"
        heading = rule.section.heading if rule.section else ""
        return meet(places, whereabouts(fold(f"{heading} {_words(rule)}")))
    return part.meant.of("out_of_scope") < OUTSIDE_MOST or shares_words(speaker, part, rule)


def names_goods(part: Part) -> bool:
    """Whether goods are named that the question before was not about."""
    return bool(part.filters.categories or part.filters.brands) or any(s.certain and s.how in {"named", "sku"} for s in part.subjects)


def _words(rule: Rule) -> str:
    """The sentence of the rule that is nearest to the question."""
    return next((row.text for row, _ in rule.rows if (row.kind, row.document_id) == (rule.hit.kind, rule.hit.id)), "")
