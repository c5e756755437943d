"""Promotions: only those in force now and that fit what is spoken of, with their exact terms."""

import re
from datetime import datetime, timedelta
from difflib import SequenceMatcher

from bot.answering.answer import Citation, Outcome
from bot.answering.eligibility import eligibility, pieces_total
from bot.answering.reply import Reply
from bot.answering.speaking import Speaker, holds
from bot.answering.thresholds import LISTED_MOST, PROMOTION_MEANT, SURE, document_relevance
from bot.understanding.question import Part
from bot.understanding.shop_words import common_word
from knowledge.catalog import Product
from knowledge.folding import fold
from knowledge.localized import pick
from knowledge.money import Money
from knowledge.promotion import Promotion
from retrieval.retriever import Evidence
from retrieval.tokens import tokens

NOTHING = Evidence()


def promotion_reply(speaker: Speaker, part: Part, products: list[Product], evidence: Evidence = NOTHING) -> Reply:
    """What is on, for these products or at all. Says so where nothing is."""
    view, now = speaker.findings.view, speaker.findings.now
    reply = Reply(Outcome.ANSWERED, SURE)
    coded = codes_named(speaker, part)
    named = coded or themes_named(speaker, part) or _meant(speaker, evidence)
    for promotion in named:
        if not promotion.in_force(now):
            over = promotion.ends is not None and promotion.ends <= now
            title = pick(promotion.title, speaker.findings.question.language).strip()
            if promotion in coded or not title:
                key = "promotion.code_over" if over else "promotion.code_not_yet"
                reply.say(speaker.say(key, code=promotion.code), _cite(speaker, promotion, "code", promotion.code), line=True)
            else:
                reply.say(
                    speaker.say("promotion.over" if over else "promotion.not_yet", title=title),
                    _cite(speaker, promotion, "title", title),
                    line=True,
                )
    live = [p for p in (named or view.promotions.values()) if p.in_force(now)]
    fitting = [p for p in live if not products or any(applies(p, product) for product in products)]
    if products:
        _sales(speaker, reply, products)
        # What is made for these goods first, then what holds for the whole shop.
        fitting.sort(key=lambda p: not (p.skus or p.categories))
    for product in products[:1]:
        totals = pieces_total(speaker, part, product)
        if totals is not None:
            one, all_ = totals
            said = speaker.say("price.total", quantity=part.quantity, total=speaker.money(all_), price=speaker.money(one))
            reply.say(said, speaker.cite_price(speaker.shown_variant(product)), line=True)
    judged = [p for p in fitting if ((coded or len(fitting) == 1 or products) and p.minimum is not None) or coded]
    for promotion in fitting[:LISTED_MOST]:
        verdict = eligibility(speaker, part, promotion, products) if promotion in judged else None
        if verdict is not None:
            reply.say(verdict.said, *verdict.cited, line=True)
        reply.say(_terms(speaker, promotion), *_cited(speaker, promotion), line=True)
    reply.long = len(fitting) > 2
    if not reply.statements:
        key = "promotion.none_for" if products else "promotion.none"
        reply.say(speaker.say(key, **({"product": speaker.name(products[0])} if products else {})))
        if products:
            reply.show(speaker.shown_variant(products[0]).sku)
    if products:
        reply.focus = products[0].id
    return reply


def _meant(speaker: Speaker, evidence: Evidence) -> list[Promotion]:
    """The one promotion that the words describe, where it does not count now: that is the answer, not the others."""
    hit = next(iter(evidence.promotions), None)
    promotion = speaker.findings.view.promotions.get(hit.id) if hit else None
    if hit is None or promotion is None or document_relevance(hit) < PROMOTION_MEANT or promotion.in_force(speaker.findings.now):
        return []
    return [promotion]


def themes_named(speaker: Speaker, part: Part) -> list[Promotion]:
    """Promotions that a word of their title tells ("the mid-autumn deal"), where the customer speaks of a reduction."""
    folded = fold(part.text)
    speaks = bool(_REDUCTION.search(folded))
    said = set(tokens(part.text))
    found = []
    for promotion in speaker.findings.view.promotions.values():
        if any(len(title.strip()) > 1 and fold(title).strip() in folded for title in promotion.title.values()):
            return [promotion]
        words = {word for title in promotion.title.values() for word in tokens(title) if len(word) > 1}
        if speaks and any(word in said and not common_word(word) and not _REDUCTION.search(word) and not word.isdigit() for word in words):
            found.append(promotion)
    return found if len(found) == 1 else _nearest_theme(speaker, folded) if speaks else []


def _nearest_theme(speaker: Speaker, folded: str) -> list[Promotion]:
    """The one whose title shares the longest run with the text ("双12", "black friday"), of at least a figure and two more characters."""
    said = _REDUCTION.sub(" ", folded)
    runs = []
    for promotion in speaker.findings.view.promotions.values():
        best = max((_shared_run(said, _REDUCTION.sub(" ", fold(title))) for title in promotion.title.values()), key=len, default="")
        runs.append((len(best), promotion))
    runs.sort(key=lambda pair: -pair[0])
    alone = runs and (len(runs) == 1 or runs[0][0] > runs[1][0])
    return [runs[0][1]] if alone and runs[0][0] >= RUN_LEAST else []


def _shared_run(left: str, right: str) -> str:
    match = SequenceMatcher(None, left, right, autojunk=False).find_longest_match()
    run = left[match.a : match.a + match.size].strip()
    whole = re.search(r"[\u3400-\u9fff]", run) or re.search(rf"\b{re.escape(run)}\b", left)
    return run if whole and any(not c.isdigit() and not c.isspace() for c in run) else ""


RUN_LEAST = 3
"""Characters that a text and a title share at least, one of them no figure: "双12"."""


_REDUCTION = re.compile(
    r"\d折|[一二三四五六七八九]折|打折|折扣|优惠|满减|立减|活动|减|券|特价|促销|\boff\b|\d ?%|discount|promo|deal|voucher|coupon|code|sale|offer"
)


def codes_named(speaker: Speaker, part: Part) -> list[Promotion]:
    """Promotions whose code stands in the customer's words."""
    said = f"{fold(part.text)} {fold(part.standalone)}"
    return [p for p in speaker.findings.view.promotions.values() if p.code and holds(said, fold(p.code))]


def applies(promotion: Promotion, product: Product) -> bool:
    """Whether the product is among those the promotion names; one that names none is for everything."""
    if not promotion.skus and not promotion.categories:
        return True
    skus = {s.casefold() for s in promotion.skus}
    if product.id.casefold() in skus or any(v.sku.casefold() in skus for v in product.variants):
        return True
    paths = [fold(text) for path in product.categories for text in path.values()]
    return any(_inside(path, fold(category)) for category in promotion.categories for path in paths)


def _inside(path: str, category: str) -> bool:
    levels = [level.strip() for level in path.split(">")]
    wanted = [level.strip() for level in category.split(">")]
    return any(levels[at : at + len(wanted)] == wanted for at in range(len(levels) - len(wanted) + 1))


def _sales(speaker: Speaker, reply: Reply, products: list[Product]) -> None:
    for product in products:
        variant = next((v for v in product.variants if speaker.listed(v) is not None), None)
        if variant is None:
            continue
        paid, listed = speaker.paid(variant), speaker.listed(variant)
        assert paid is not None
        assert listed is not None
        saving = Money(listed.minor - paid.minor, paid.currency)
        reply.say(
            speaker.say(
                "price.sale",
                product=speaker.name(product),
                price=speaker.money(paid),
                list_price=speaker.money(listed),
                saving=speaker.money(saving),
            ),
            speaker.cite_title(product),
            speaker.cite_price(variant),
            line=True,
        )
        reply.show(variant.sku)


def _terms(speaker: Speaker, promotion: Promotion) -> str:
    language = speaker.findings.question.language
    title, text = pick(promotion.title, language).strip(), pick(promotion.text, language).strip()
    pieces = []
    if text:
        pieces.append(text if not title or fold(title) in fold(text) else speaker.say("promotion.titled", title=title, text=text))
    else:
        pieces.append(title or _reduction(speaker, promotion))
        if promotion.minimum is not None:
            pieces.append(speaker.say("promotion.minimum", minimum=speaker.money(promotion.minimum)))
    said = fold(" ".join(pieces))
    if promotion.code and not holds(said, fold(promotion.code)):
        pieces.append(speaker.say("promotion.code", code=promotion.code))
    if promotion.audience and not text and not holds(said, fold(promotion.audience)):
        pieces.append(speaker.say("promotion.audience", audience=promotion.audience))
    if promotion.ends is not None:
        pieces.append(speaker.say("promotion.until", date=_last_day(promotion.ends)))
    return speaker.say("promotion.item", terms=speaker.mark("sentences").join(p.rstrip("。.") for p in pieces))


def _last_day(ends: datetime) -> str:
    """The last day on which it counts: an end is exclusive, so midnight belongs to the day before."""
    return (ends - timedelta(microseconds=1)).date().isoformat()


def _reduction(speaker: Speaker, promotion: Promotion) -> str:
    if promotion.percent_off is not None:
        return speaker.say("promotion.percent", percent=f"{promotion.percent_off.normalize():f}")
    if promotion.amount_off is not None:
        return speaker.say("promotion.amount", amount=speaker.money(promotion.amount_off))
    return promotion.code


def _cited(speaker: Speaker, promotion: Promotion) -> list[Citation]:
    language = speaker.findings.question.language
    out = [_cite(speaker, promotion, "text", pick(promotion.text, language) or pick(promotion.title, language))]
    if promotion.ends is not None:
        out.append(_cite(speaker, promotion, "ends", _last_day(promotion.ends)))
    return out


def _cite(speaker: Speaker, promotion: Promotion, field: str, quote: str) -> Citation:
    return Citation("promotion", promotion.code, field, quote)
