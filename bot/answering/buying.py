"""Who wants to order is told where: a chat takes no orders."""

from bot.answering.answer import Outcome
from bot.answering.one_product import subjects_of
from bot.answering.reply import Reply
from bot.answering.rules import Rule, answers, rule_reply
from bot.answering.smalltalk import own_chips
from bot.answering.speaking import Speaker
from bot.answering.stock import stock_reply
from bot.answering.thresholds import SURE
from bot.understanding.question import SEARCHES, Intent, Part, Subject
from knowledge.catalog import Product
from retrieval.retriever import Evidence

WANTED = 0.45
"""From this share of the meaning on somebody wants to order, where nothing else is likelier."""
TAKEN = 0.35
"""The same after one product was spoken of: "i take"."""
_MAY_BUY = SEARCHES | {
    Intent.POLICY,
    Intent.PRODUCT_QUESTION,
    Intent.AVAILABILITY,
    Intent.COMPARE,
    Intent.CHITCHAT,
    Intent.GOODBYE,
    Intent.UNCLEAR,
    Intent.OUT_OF_SCOPE,
}


def buying_reply(speaker: Speaker, part: Part, evidence: Evidence, rule: Rule | None) -> Reply | None:
    """Where what was chosen can be ordered; for nothing in particular, what the shop says of ordering. None where something else is wanted."""
    label, share = part.meant.best
    memory = speaker.findings.memory
    if label != "buying" or share < (TAKEN if memory.focus else WANTED) or part.intent not in _MAY_BUY:
        return None
    # "The second one then. How do I buy it?": named in the question beside.
    certain = [s for each in (part, *speaker.findings.question.parts) for s in subjects_of(speaker, each) if s.certain]
    if not certain and not (part.filters.empty and not part.purpose):
        return None  # "I want to buy a tent": looked for
    subject = certain[0] if certain else Subject(memory.focus, memory.focus_sku or None, how="carried")
    product = speaker.product(subject.product_id)
    if product is not None:
        return (
            _of_product(speaker, product, subject.sku)
            if speaker.buyable(product)
            else stock_reply(speaker, part, product, subject, evidence)
        )
    if part.intent in SEARCHES and part.subjects:
        return None
    if rule is not None and answers(rule) and not (rule.policy and rule.policy.topic == "privacy"):
        return rule_reply(speaker, part, rule)
    reply = Reply(Outcome.ANSWERED, SURE)
    reply.say(speaker.say("buy.how"))
    reply.quick_replies = own_chips(speaker)
    return reply


def _of_product(speaker: Speaker, product: Product, sku: str | None) -> Reply:
    """Its page and price."""
    reply = Reply(Outcome.ANSWERED, SURE, focus=product.id, focus_sku=sku or "")
    chosen = speaker.variant(product, sku) or speaker.shown_variant(product)
    called = speaker.with_variant(product, chosen) if sku else speaker.name(product)
    price = speaker.price_words(product, [chosen] if sku else ())
    key = "buy.page" if product.url.startswith("http") else "buy.shop"
    reply.say(speaker.say(key, product=called, price=price, url=product.url), speaker.cite_title(product), speaker.cite_price(chosen))
    reply.say(speaker.say("buy.not_here"))
    reply.show(chosen.sku)
    return reply
