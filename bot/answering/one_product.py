"""A question about one product that is known: its price, its stock, what buyers say, or what the merchant states."""

import re
from dataclasses import replace

from bot.answering.answer import Outcome
from bot.answering.facts import means, stated
from bot.answering.going_together import needed_for
from bot.answering.joining import merged
from bot.answering.pricing import price_reply
from bot.answering.quoting import more_is_asked
from bot.answering.reply import Reply
from bot.answering.reviewing import review_reply
from bot.answering.rules import Rule
from bot.answering.speaking import Speaker
from bot.answering.stating import fact_reply, say_count
from bot.answering.stock import stock_reply
from bot.understanding.hearsay import asks_what_others_say
from bot.understanding.lexicon import lexicon, values
from bot.understanding.question import Intent, Part, Subject
from knowledge.attribute_names import concept_of
from knowledge.catalog import Product
from knowledge.folding import fold
from retrieval.retriever import Evidence


def of_product(speaker: Speaker, part: Part, subject: Subject, evidence: Evidence, rule: Rule | None) -> Reply:
    """The answer to a question about the subject."""
    product = speaker.product(subject.product_id)
    assert product is not None
    if part.intent is Intent.PRICE:
        price = price_reply(speaker, part, product, subject, rule)
        if lexicon().intents["availability"].any(part.text) or _goes_on(speaker, part, product, subject):
            # "Do you have it in 46, and how much is it?"
            price = merged([price, stock_reply(speaker, part, product, subject, Evidence())])
            price.focus, price.focus_sku = product.id, subject.sku or ""
        count = Reply(Outcome.ANSWERED, price.confidence, focus=product.id, focus_sku=price.focus_sku)
        if price.outcome is Outcome.ANSWERED and say_count(speaker, count, part, product):
            focus, sku = price.focus, price.focus_sku
            price = merged([price, count])
            price.focus, price.focus_sku = focus, sku
        return _with_asked(speaker, part, product, subject, price)
    if part.intent is Intent.AVAILABILITY and _INSIDE.search(fold(part.text)):
        return fact_reply(speaker, replace(part, intent=Intent.PRODUCT_QUESTION), product, subject, evidence, rule)
    if part.intent is Intent.AVAILABILITY and not _asks_which(part, product, subject):
        kind = _kind_not_sold_by(part, product, subject)
        if kind and more_is_asked(part, product, values().by_word[fold(part.asked_value).strip()].words):
            return fact_reply(speaker, replace(part, intent=Intent.PRODUCT_QUESTION, asked_value=""), product, subject, evidence, rule)
        if kind:
            stated_of_it = fact_reply(speaker, replace(part, asked=(kind,), yes_no=True), product, subject, Evidence(), None)
            if not _affirmed(part, product):
                return stated_of_it
        stock = stock_reply(speaker, part, product, subject, evidence)
        if (
            lexicon().intents["price"].any(part.text) or _only_chooses(speaker, part, product, subject)
        ) and stock.outcome is Outcome.ANSWERED:
            focus, sku = stock.focus, stock.focus_sku
            stock = merged([stock, price_reply(speaker, part, product, subject, rule, stock_said=True)])
            stock.focus, stock.focus_sku = focus, sku
        return _with_asked(speaker, part, product, subject, stock)
    if any((concept_of(word) or word) == "rating" for word in part.asked) or asks_what_others_say(part.text):
        return review_reply(speaker, part, product, evidence)
    reply = fact_reply(speaker, part, product, subject, evidence, rule)
    if reply.outcome is Outcome.ABSTAINED and not part.asked:
        return needed_for(speaker, part, product) or reply
    return reply


def _only_chooses(speaker: Speaker, part: Part, product: Product, subject: Subject) -> bool:
    """Only a variant is named ("the Brick XL in red?"): whether there is one, and what it costs. Of a product that was spoken of before ("5x8 in
    blue?") where its variants differ in price."""
    bare = (
        bool(subject.sku or subject.skus) and not part.quantity and not part.yes_no and not lexicon().intents["availability"].any(part.text)
    )
    return bare and (subject.how == "named" or len({speaker.paid(v) for v in product.variants}) > 1)


def _goes_on(speaker: Speaker, part: Part, product: Product, subject: Subject) -> bool:
    """ "And the blue one?" after a price: whether there is one is as likely meant as what it costs. (That it is sold out, the price says.)"""
    chosen = next((v for v in product.variants if v.sku == subject.sku), None)
    if subject.how != "carried" or chosen is None or len(product.variants) < 2 or not speaker.stock(chosen).state.buyable:
        return False
    return not part.quantity and not lexicon().intents["price"].any(part.text)


_INSIDE = re.compile(r"里面?(?:有|含|带|是)|含不含|含有|\b(?:contains?|inside|in the box)\b")
"""What is in it, not whether it can be had."""


def _kind_not_sold_by(part: Part, product: Product, subject: Subject) -> str:
    """ "Do you have it in red?" of a product whose variants do not differ in colour: the colour is then a property, not a variant."""
    known = values().by_word.get(fold(part.asked_value).strip()) if part.asked_value else None
    if (
        known is None
        or known.kind not in {"colour", "material"}
        or (subject.sku and len(product.variants) > 1)
        or subject.skus
        or subject.lacking
    ):
        return ""
    options = {concept_of(o.name) for v in product.variants for o in v.options}
    return "" if known.kind in options else known.kind


def _affirmed(part: Part, product: Product) -> bool:
    """Whether the title, an attribute or the description says the value."""
    texts = [*product.title.values(), *product.description.values(), *(a.value for a in product.attributes)]
    known = values().by_word.get(fold(part.asked_value).strip())
    return known is not None and any(hit.value is known for text in texts for hit in values().phrases.find(text[:500]))


def _with_asked(speaker: Speaker, part: Part, product: Product, subject: Subject, reply: Reply) -> Reply:
    """ "Is it in stock, and how long does it last?": the property that was asked for beside price or stock."""
    if not part.asked or part.asked_value or any(means(o.name, w) for w in part.asked for v in product.variants for o in v.options):
        return reply
    if not stated(product, part.asked, speaker.language):
        return reply
    beside = fact_reply(speaker, replace(part, intent=Intent.PRODUCT_QUESTION, yes_no=False), product, subject, Evidence(), None)
    both = merged([reply, beside])
    both.focus, both.focus_sku, both.shown = reply.focus, reply.focus_sku, reply.shown
    return both


def _asks_which(part: Part, product: Product, subject: Subject) -> bool:
    """ "Which colours are there?": the options, not the stock."""
    if part.asked_value or subject.lacking or (subject.sku and len(product.variants) > 1):
        return False
    return any(means(option.name, word) for word in part.asked for variant in product.variants for option in variant.options)


def subjects_of(speaker: Speaker, part: Part) -> list[Subject]:
    """The products that are meant and still published."""
    return [s for s in part.subjects if s.product_id in speaker.findings.view.products]
