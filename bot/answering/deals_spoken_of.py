"""What a short message asks of the reductions that were told before: until when, whether they hold for a product, whether two go together."""

import re
from collections.abc import Iterator, Sequence

from bot.answering.answer import Citation, Outcome
from bot.answering.deals import deals_told
from bot.answering.promoting import codes_named, promotion_reply, said_of, themes_named
from bot.answering.reply import Reply
from bot.answering.speaking import Speaker
from bot.answering.thresholds import LISTED, SURE
from bot.understanding.question import Intent, Part
from bot.understanding.reductions import asks_if_it_holds
from knowledge.catalog import Product
from knowledge.folding import fold
from knowledge.localized import pick
from knowledge.promotion import Promotion
from retrieval.rarity import is_content
from retrieval.retriever import Evidence
from retrieval.rule_rows import rows_of, spoken
from retrieval.tokens import tokens

_TIL_WHEN = re.compile(
    r"\b(?:un)?til(?:l)? when\b|\bhow long\b.{0,12}\b(?:is|does|will|do|run|runs|last|lasts|valid|on|good|go)\b"
    r"|\bwhen\b.{0,30}\b(?:end|ends|over|expires?|finish\w*|run out|runs out|stops?)\b|\b(?:end|expiry|closing) date\b|\blast day\b"
    r"|(?:到|至)(?:几号|几月|哪天|什么时候|啥时候?|何时|多久)|(?:什么时候|啥时候?|几号|几时|哪天|何时|多久)[^，,。?？]{0,5}(?:结束|截止|到期|过期|为止|没有?了)|(?:持续|有效期?)(?:到|至|是)?(?:多久|几天|多长|什么)|截止(?:日期|时间|到)"
)
_TOGETHER = re.compile(
    r"\b(?:together|combin\w+|stack\w*|on top of)\b|\b(?:use|have|get) (?:them )?both\b|叠加|同享|(?:一起|同时)(?:用|使用|享|参加)|(?:和|跟|与).{1,12}(?:一起|同时|叠)"
)
_STACKING = re.compile(
    r"\bcombin(?:e|ed|es|able)\b|\bstack\w*|\b(?:one|single) (?:\w+ )?(?:code|voucher|coupon|promotion|discount)s? per\b"
    r"|\b(?:other|another|more than one|several|multiple|two) (?:\w+ )?(?:codes?|offers?|discounts?|promotions?|promos?|vouchers?|coupons?)\b"
    r"|叠加|同享|同时(?:使用|享受?|参加)|一起(?:使用|用)|并用|共用|(?:只能|限)(?:使?用)?(?:一张|一个|1张|1个)"
)
"""How it is worded whether reductions go together."""
_MEANT_ELSEWHERE = {Intent.HUMAN, Intent.ORDER, Intent.PRIVACY, Intent.COMPLAINT, Intent.GREETING, Intent.THANKS, Intent.GOODBYE}


def of_deals_told(speaker: Speaker, part: Part, evidence: Evidence) -> Reply | None:
    """The answer to what is asked of reductions told before; None where none were, or nothing of them is asked."""
    told = speaker.findings.memory.promoted
    if not told or part.intent in _MEANT_ELSEWHERE:
        return None
    folded = fold(part.text)
    live = [p for p in map(speaker.findings.view.promotions.get, told) if p is not None and p.in_force(speaker.findings.now)]
    named = [p for s in part.subjects if s.certain and s.how in {"named", "sku"} and (p := speaker.product(s.product_id))]
    if _TIL_WHEN.search(folded) and not named and not part.asked:
        return _until(speaker, live, told)
    if _TOGETHER.search(folded) and not named:
        return _stacking(speaker, [*live, *codes_named(speaker, part), *themes_named(speaker, part)])
    if asks_if_it_holds(part.text) and live:
        focus = [p for p in [speaker.product(speaker.findings.memory.focus)] if p is not None]
        products = named or [p for s in part.subjects if s.certain and (p := speaker.product(s.product_id))] or focus
        if len(products) == 1 and not codes_named(speaker, part) and not themes_named(speaker, part):
            return promotion_reply(speaker, part, products, evidence, spoken_of=_about(live, products[0]) or live)
    return None


def _about(promotions: Sequence[Promotion], product: Product) -> list[Promotion]:
    """Those whose words name the product's kind or brand."""
    names = {word for text in (*product.title.values(), product.brand or "") for word in tokens(text) if is_content(word)}
    return [p for p in promotions if names & {word for text in (*p.title.values(), *p.text.values()) for word in tokens(text)}]


def _until(speaker: Speaker, promotions: Sequence[Promotion], told: Sequence[str]) -> Reply | None:
    """Those with an end, in their terms; of reductions that stand in rules, their words."""
    reply = Reply(Outcome.ANSWERED, SURE)
    for promotion in [p for p in promotions if p.ends is not None][:LISTED]:
        said, cited = said_of(speaker, promotion)
        reply.say(said, *cited, line=True)
    for deal in deals_told(speaker, told)[: LISTED - len(reply.statements)]:
        reply.say(deal.text, deal.cited, line=True)
    return reply if reply.statements else None


def _stacking(speaker: Speaker, promotions: Sequence[Promotion]) -> Reply | None:
    """What the shop states of reductions used together: in the words of those spoken of, else in its rules."""
    reply = Reply(Outcome.ANSWERED, SURE)
    for said, cited in [*_in_promotions(speaker, promotions), *_in_rules(speaker)][:2]:
        reply.say(said, cited, line=True)
    return reply if reply.statements else None


def _in_promotions(speaker: Speaker, promotions: Sequence[Promotion]) -> Iterator[tuple[str, Citation]]:
    for promotion in {p.code: p for p in promotions}.values():
        text = pick(promotion.text, speaker.findings.question.language)
        if _STACKING.search(fold(text)):
            yield text, Citation("promotion", promotion.code, "text", text)


def _in_rules(speaker: Speaker) -> Iterator[tuple[str, Citation]]:
    view, language = speaker.findings.view, speaker.findings.question.language
    for entry in view.faq.values():
        answer = pick(entry.answer, language)
        if _STACKING.search(fold(pick(entry.question, language))) or _STACKING.search(fold(answer)):
            yield answer, Citation("faq", entry.id, "answer", answer)
    for policy in view.policies.values():
        for section in policy.sections:
            for row in spoken(rows_of(section.text), language):
                if _STACKING.search(fold(row.text)):
                    yield row.text, Citation("policy", f"{policy.id}#{section.anchor}", section.heading, row.text)
