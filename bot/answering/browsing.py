"""An open wish ("what do you recommend?", 有什么爆款): what customers rate best, of different departments, and what else there is."""

import re
from collections.abc import Sequence

from bot.answering.answer import Outcome
from bot.answering.finding import found_products
from bot.answering.listing import list_item
from bot.answering.range import categories, heading
from bot.answering.ratings import mean_rating
from bot.answering.reply import Reply
from bot.answering.speaking import Speaker
from bot.answering.thresholds import LISTED, SURE
from bot.understanding.question import Part
from knowledge.catalog import Product
from knowledge.folding import fold
from retrieval.retriever import Evidence, Sort

_SOLD_MOST = re.compile(
    r"best.?sell|sells? (?:the )?(?:best|most)|popular|trend|people (?:buy|get)|爆款|热[销卖]|畅销|卖[得的]最?[好多]|受欢迎|人气|大家|别人|流行"
)
_WHAT_KINDS = re.compile(
    r"what.{0,16}\b(?:sell|have|store|shop|stock|you (?:guys |all )?do)\b|categor|catalog|what can i buy|[卖有](?:些)?(?:什么|啥)|[种分]类|目录|(?:什么|哪些)(?:产品|商品|东西)"
)


def browsing_reply(speaker: Speaker, part: Part, evidence: Evidence, among: Sequence[Product] | None = None) -> Reply | None:
    """A few goods to begin with, of those found or of `among`, in order, and the departments as chips. None where the wish is not open."""
    if not part.browsing:
        return None
    said = fold(part.text)
    reply = Reply(Outcome.ANSWERED, SURE, long=True)
    kinds = categories(speaker)
    if kinds and _WHAT_KINDS.search(said) and not _SOLD_MOST.search(said):
        reply.say(speaker.say("browse.range", categories=speaker.words.listed(kinds)))
    elif _SOLD_MOST.search(said):
        reply.say(speaker.say("browse.sales_unknown"))
    found = [p for p, _ in found_products(speaker, part, evidence)] if among is None else among
    chosen = _varied([p for p in found if speaker.buyable(p)], speaker.language)
    if chosen:
        rated = part.sort is Sort.RATING and any(mean_rating(speaker, p) for p in chosen)
        reply.say(speaker.say("browse.rated" if rated else "browse.some"), line=bool(reply.statements))
        for number, product in enumerate(chosen, start=1):
            list_item(speaker, reply, part, product, number)
        reply.shown = [product.id for product in chosen]
    if not reply.statements:
        return None
    reply.say(speaker.say("browse.what_for"), line=True)
    reply.quick_replies = categories(speaker)
    return reply


def _varied(products: Sequence[Product], language: str) -> list[Product]:
    """The first of each department, in order; more of the same only where there are too few."""
    first: dict[str, Product] = {}
    for product in products:
        first.setdefault(heading(product, language), product)
    chosen = list(first.values())[:LISTED]
    return [*chosen, *(p for p in products if p not in chosen)][:LISTED]
