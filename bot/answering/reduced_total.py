"""What several pieces come to after the reduction in force that takes off most: 第二件半价, "3 for 2", 满199减20, "15% off strings".

Only what holds for everybody who buys these goods now, and whose words leave nothing open; whether two may be joined is the shop's to say, so one is.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from bot.answering.answer import Citation
from bot.answering.deals import standing_deals
from bot.answering.eligibility import LEFT_OUT, NOT_ON_SALE, leaves_out_reduced
from bot.answering.promoting import applies, said_of
from bot.answering.reply import Reply
from bot.answering.speaking import Speaker
from bot.understanding.shop_words import words_of
from bot.understanding.title_terms import common_word, terms
from knowledge.catalog import Product, Variant
from knowledge.folding import fold
from knowledge.money import Money, money_of
from knowledge.promotion import Promotion
from knowledge.reductions import Reduction, reductions_in, taken_off
from retrieval.rarity import is_content, rarity
from retrieval.tokens import tokens, words

_OPEN = re.compile(
    r"\b(?:new|first|member|loyal|student|newsletter|subscri\w+|sign(?:ed)? up|birthday|app only|up to \d|selected|some|chosen|together with|combined with an?|with (?:every|any|each)|when bought with)\b"
    r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b|首[单次]|第一次|新客|新人|新用户|新顾客|会员|年卡|学生|生日|关注|注册|领.{0,6}券|低至|最高|起步|部分|指定|同一单|搭配|加购|换购|周[一二三四五六日末]|满赠"
)
"""For some people, days or companions, or not said for which goods: whether it holds here is open."""
_AFTER = re.compile(
    r"\bafter (?:the |your |my |all )?(?:\d+ ?% )?(?:discount|offer|deal|promotion|reduction|code|voucher|coupon)s?\b|\bwith (?:the|your|my) (?:\d+ ?% )?(?:discount|offer|deal|promotion)\b|减完|折完|打完折|优惠后|折后|减后|到手|算上(?:优惠|活动|满减)"
)
_CLAUSES = re.compile(r"[;；。!！\n]|\.\s|\.$")
_STARTS = re.compile(r"(\d{4})\s?[年./-]\s?(\d{1,2})\s?[月./-]\s?(\d{1,2})日?\s?(?:到|至|起|开始|-|–|~)|\bfrom (\d{4})-(\d{1,2})-(\d{1,2})")


@dataclass(frozen=True, slots=True)
class Pieces:
    """One thing of a basket."""

    product: Product
    variant: Variant
    quantity: int


@dataclass(frozen=True, slots=True)
class _Offer:
    """A reduction that holds for some of a basket: what it takes off, and how it is said."""

    saving: int
    said: str
    cited: tuple[Citation, ...]


def asks_after_reduction(text: str) -> bool:
    """Asks for the price once the offers are taken off: 减完多少, "after the discount"."""
    return bool(_AFTER.search(fold(text)))


def say_reduced(speaker: Speaker, reply: Reply, basket: Sequence[Pieces]) -> None:
    """Adds the reduction and what is left to pay; nothing where none surely holds."""
    prices = [(one, paid) for one in basket if (paid := speaker.paid(one.variant)) is not None]
    if len(prices) != len(basket) or len({paid.currency for _, paid in prices}) != 1:
        return
    total = Money(sum(paid.minor * one.quantity for one, paid in prices), prices[0][1].currency)
    offers = [*_promoted(speaker, prices), *_ruled(speaker, prices)]
    best = max(offers, key=lambda offer: offer.saving, default=None)
    if best is None or not 0 < best.saving < total.minor:
        return
    reply.say(best.said, *best.cited, line=True)
    saving, left = Money(best.saving, total.currency), Money(total.minor - best.saving, total.currency)
    after = speaker.say("price.after_reduction", total=speaker.money(total), saving=speaker.money(saving), net=speaker.money(left))
    reply.say(after, *best.cited, *(speaker.cite_price(one.variant) for one in basket), line=True)


_Priced = Sequence[tuple[Pieces, Money]]


def _promoted(speaker: Speaker, prices: _Priced) -> list[_Offer]:
    found = []
    for promotion in speaker.findings.view.promotions.values():
        text = " ; ".join([*promotion.title.values(), *promotion.text.values()])
        if not promotion.in_force(speaker.findings.now) or promotion.audience or _OPEN.search(fold(text)):
            continue
        reductions = _reductions_of(promotion, prices[0][1].currency)
        named = bool(promotion.skus or promotion.categories)
        held = [row for row in prices if (applies(promotion, row[0].product) if named else _is_for(speaker, text, text, row[0].product))]
        saving = _saving(speaker, reductions, held, text, coded=bool(promotion.code))
        if saving:
            said, cited = said_of(speaker, promotion)
            found.append(_Offer(saving, said, tuple(cited)))
    return found


def _reductions_of(promotion: Promotion, currency: str) -> tuple[Reduction, ...]:
    """As its fields say, with what the words add; () where the two say different things or the words leave it open."""
    words_say: tuple[Reduction, ...] = ()
    for text in (*promotion.text.values(), *promotion.title.values()):
        words_say = words_say or reductions_in(text, _per_major(currency))
    minimum = promotion.minimum.minor if promotion.minimum is not None and promotion.minimum.currency == currency else 0
    if promotion.amount_off is not None:
        if promotion.amount_off.currency != currency or any(r.amount != promotion.amount_off.minor for r in words_say):
            return ()
        return words_say or (Reduction(amount=promotion.amount_off.minor, minimum=minimum),)
    if promotion.percent_off is not None:
        if any(r.percent != promotion.percent_off for r in words_say):
            return ()
        first = words_say[0] if words_say else Reduction(percent=promotion.percent_off)
        return (Reduction(promotion.percent_off, 0, first.group, first.minimum or minimum, first.pieces),)
    return words_say


def _ruled(speaker: Speaker, prices: _Priced) -> list[_Offer]:
    """Of the reductions that stand in the rules alone, clause by clause."""
    found = []
    for deal in standing_deals(speaker):
        for clause in _CLAUSES.split(deal.text):
            if not clause.strip() or _OPEN.search(fold(clause)) or _not_begun(deal.whole or deal.text, speaker.findings.now):
                continue
            reductions = reductions_in(clause, _per_major(prices[0][1].currency))
            held = [row for row in prices if _is_for(speaker, clause, deal.whole or deal.text, row[0].product)] if reductions else []
            if saving := _saving(speaker, reductions, held, deal.whole or deal.text, coded=bool(deal.codes)):
                found.append(_Offer(saving, deal.text, (deal.cited,)))
    return found


def _per_major(currency: str) -> int:
    return money_of(Decimal(1), currency).minor


def _saving(speaker: Speaker, reductions: Sequence[Reduction], prices: _Priced, text: str, *, coded: bool) -> int:
    """What is taken off the pieces that the terms leave in."""
    folded = fold(text)
    left_out = [clause for clause in re.split(r"[;；。,，(（]|\.\s", folded) if LEFT_OUT.search(clause)]
    no_sale = bool(NOT_ON_SALE.search(folded)) or (coded and leaves_out_reduced(speaker))
    pieces: list[int] = []
    for one, paid in prices:
        called = {w for title in one.product.title.values() for w in words(title) if rarity(w) >= 0.5} | _kinds(one.product)
        if any(called & set(words(clause)) or called & set(tokens(clause)) for clause in left_out):
            continue
        if no_sale and speaker.listed(one.variant) is not None:
            continue
        pieces += [paid.minor] * one.quantity
    return taken_off(reductions, pieces)


def _is_for(speaker: Speaker, clause: str, whole: str, product: Product) -> bool:
    """Whether a clause grants its reduction for the product: it names its kind, or names no kind of goods and neither does the rest."""
    held = set(tokens(clause)) | set(words(clause))
    ends = {w for title in product.title.values() for w in words(title)[-1:] if is_content(w)}
    leaves = [{w for w in tokens(path.split(">")[-1]) if is_content(w)} for names in product.categories[:1] for path in names.values()]
    if ends & held or any(leaf and leaf <= held for leaf in leaves):
        return True
    granted = " ".join(piece for piece in re.split(r"[;；。,，(（]|\.\s", whole) if not LEFT_OUT.search(fold(piece)))
    return not _goods_in(speaker, granted)


def _goods_in(speaker: Speaker, text: str) -> set[str]:
    """Words of a text that categories or titles of the shop hold: it may speak of some goods only."""
    shop = words_of(speaker.findings.view)
    in_titles = {t for t, _, _ in terms(text) if t in shop.postings and len(t) > 1 and not t.isdigit() and not common_word(t)}
    return (set(tokens(text)) & shop.category_terms) | in_titles


def _kinds(product: Product) -> set[str]:
    """What the product's category is called; of a Chinese name the word that it ends in, since 平板配件 is no 平板."""
    leaves = [path.split(">")[-1] for names in product.categories[:1] for path in names.values()]
    return {w for leaf in leaves for w in (tokens(leaf) if leaf.isascii() else words(leaf)[-1:]) if is_content(w)}


def _not_begun(text: str, now: datetime) -> bool:
    for groups in _STARTS.findall(text):
        year, month, day = (int(g) for g in (groups[:3] if groups[0] else groups[3:]))
        if (year, month, day) > (now.year, now.month, now.day):
            return True
    return False
