"""Goods named instead of nothing: for somebody who says a use, a habit or for whom it is without a word that a title shares.

"My niece turns 6, she loves helping in the kitchen" and 家里金毛10岁了腿脚不好，吃啥粮 hold no kind of goods that a table could list. What is near in
meaning is named then, as what comes closest. Measured with the packaged model on five shops: of 850 messages that are no shop matter none that
sounds like a wish comes nearer than WISHED to any product in its own language, and of those that sound like none 1 in 1,000 nearer than UNWISHED.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from bot.answering.answer import Outcome
from bot.answering.finding import not_carried
from bot.answering.listing import list_item
from bot.answering.reply import Reply
from bot.answering.speaking import Speaker
from bot.answering.thresholds import ADVISED, LISTED
from bot.understanding.lexicon import lexicon
from bot.understanding.purposes import interest_in, speaks_of_a_person
from bot.understanding.question import SEARCHES, Intent, Part
from knowledge.folding import fold
from retrieval.rarity import is_content
from retrieval.retriever import DocumentHit, Evidence
from retrieval.tokens import words

WISHED: Mapping[str, float] = {"en": 0.84, "zh": 0.89}
"""Cosine from which on a product is named to somebody who wishes for something; sentences of one language lie as close as that language lets them."""
UNWISHED: Mapping[str, float] = {"en": 0.875, "zh": 0.90}
"""The same where the words do not sound like a wish."""
A_WISH = 0.3
"""Share of the meaning from which on something is looked for or advice is asked."""
BESIDE = 0.03
"""How far under the nearest a further product may be to be named with it, in cosines."""
TOLD_LEAST = 9
"""How much is told at least: Chinese characters, an English word counted as three."""
_LETTERS = 3
_HAN = re.compile("[一-鿿]")
_MAY = {Intent.PRODUCT_SEARCH, Intent.RECOMMEND, Intent.UNCLEAR, Intent.OUT_OF_SCOPE, Intent.PRODUCT_QUESTION}


def nearest_goods(speaker: Speaker, part: Part, evidence: Evidence, reply: Reply) -> Reply:
    """The reply, or where it says nothing and no product is spoken of, the products nearest in meaning."""
    nothing = reply.outcome in (Outcome.ABSTAINED, Outcome.ASKED_BACK) and not reply.gap_product and not reply.skus
    limits = replace(part.filters, price_min=None, price_max=None, in_stock=False)
    if not nothing or part.intent not in _MAY or part.subjects or part.unnamed or part.asked or not limits.empty:
        return reply
    if not_carried(speaker, part) or not _tells(part.text):
        return reply
    wished = _wishes(part)
    if part.intent is Intent.PRODUCT_QUESTION and not wished:
        return reply
    near = [(hit, cosine) for hit in evidence.products if (cosine := _cosine(hit, speaker.language))]
    best = max((cosine for _, cosine in near), default=0.0)
    if best < (WISHED if wished else UNWISHED).get(speaker.language, 1.0):
        return reply
    chosen = [p for hit, cosine in near if cosine >= best - BESIDE and (p := speaker.product(hit.id)) is not None]
    chosen = sorted(chosen[: min(part.count or LISTED, LISTED)], key=lambda product: not speaker.buyable(product))
    if not chosen:
        return reply
    said = Reply(Outcome.ANSWERED, ADVISED, long=True, notes=["the nearest goods instead of nothing"])
    said.say(speaker.words.count("search.closest", len(chosen)))
    for number, product in enumerate(chosen, start=1):
        list_item(speaker, said, part, product, number if len(chosen) > 1 else 0)
    said.shown = [product.id for product in chosen]
    if len(chosen) == 1:
        said.focus = chosen[0].id
    return said


def _wishes(part: Part) -> bool:
    """Whether the words wish for something: by their meaning, or since they tell what somebody likes."""
    if part.meant.of("product_search") + part.meant.of("recommend") >= A_WISH or part.intent in SEARCHES:
        return True
    folded = fold(part.text)
    return bool(interest_in(folded)[0]) and speaks_of_a_person(folded)


def _tells(text: str) -> bool:
    """Whether more is told than a name: who asks "do you have drones" wants to hear that there are none."""
    said = {word for word in words(text) if is_content(word) and word not in lexicon().plain["fillers"]}
    return sum(len(word) if _HAN.match(word) else _LETTERS for word in said) >= TOLD_LEAST


def _cosine(hit: DocumentHit, language: str) -> float:
    """How near the product's own words come in the customer's language; 0 where it has none in it."""
    own = [h.dense for h in hit.hits if h.passage.language.split("-", maxsplit=1)[0] in (language, "und")]
    return max(own, default=0.0)
