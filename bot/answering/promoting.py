"""Promotions: only those in force now and that fit what is spoken of, with their exact terms."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from difflib import SequenceMatcher

from bot.answering.answer import Citation, Outcome
from bot.answering.deals import ASKS_FOR_DEALS, Deal, about_goods, deals_for, deals_named, for_all
from bot.answering.eligibility import asks_whether, eligibility, pieces_total, terms_of, terms_said, typed_code
from bot.answering.joining import merged
from bot.answering.reply import Reply
from bot.answering.speaking import Speaker, holds
from bot.answering.thresholds import LISTED_MOST, PROMOTION_MEANT, SURE, document_relevance
from bot.understanding.question import SEARCHES, Part
from bot.understanding.title_terms import common_word
from knowledge.catalog import Product
from knowledge.folding import fold
from knowledge.localized import pick
from knowledge.money import Money
from knowledge.promotion import Promotion
from retrieval.retriever import Evidence
from retrieval.tokens import tokens

NOTHING = Evidence()


def promotion_reply(
    speaker: Speaker, part: Part, products: list[Product], evidence: Evidence = NOTHING, *, spoken_of: Sequence[Promotion] = ()
) -> Reply:
    """What is on, for these products or at all; whether the one named, or told before (`spoken_of`), holds. Says so where nothing is."""
    view, now = speaker.findings.view, speaker.findings.now
    reply = Reply(Outcome.ANSWERED, SURE)
    coded = codes_named(speaker, part)
    named = coded or list(spoken_of) or themes_named(speaker, part) or _meant(speaker, evidence)
    ruled = deals_named(speaker, part) if not named else []
    if ruled:
        return _deal_reply(speaker, part, products, ruled, named=True)
    for promotion in named:
        if not promotion.in_force(now):
            _not_now(speaker, reply, promotion, by_code=promotion in coded)
    live = [p for p in (named or view.promotions.values()) if p.in_force(now)]
    fitting = [p for p in live if not products or any(applies(p, product) for product in products)]
    if named and live and products and not fitting:
        return _not_for(speaker, live, products[0])
    if named and live and not products and (key := _of_kind(speaker, part, live, evidence)):
        reply.say(speaker.say(key), *_cited(speaker, live[0]))
    deals = [] if named else deals_for(speaker, part, products, evidence)
    if products:
        if not named:
            _sales(speaker, reply, products)
        # What is made for these goods first, then what holds for the whole shop.
        fitting.sort(key=lambda p: not (p.skus or p.categories))
        deals = [d for d in deals if d.near >= NAMED_DEAL or any(about_goods(d, product) for product in products) or for_all(speaker, d)]
    if deals and (not fitting or (products and deals[0].near >= NAMED_DEAL)):
        told = _deal_reply(speaker, part, products, deals, named=False)
        reply = merged([reply, told]) if reply.statements else told
        if not fitting:
            return reply
    for product in products[:1]:
        totals = pieces_total(speaker, part, product)
        if totals is not None:
            one, all_ = totals
            said = speaker.say("price.total", quantity=part.quantity, total=speaker.money(all_), price=speaker.money(one))
            reply.say(said, speaker.cite_price(speaker.shown_variant(product)), line=True)
    if fitting and not named:
        _no_such(speaker, reply, part, [text for p in fitting for text in (p.audience, *p.title.values(), *p.text.values())])
    judged = [p for p in fitting if named or ((len(fitting) == 1 or products) and p.minimum is not None)]
    for promotion in fitting[:LISTED_MOST]:
        terms = terms_of(speaker, promotion)
        verdict = eligibility(speaker, part, terms, products, named=promotion in named) if promotion in judged else None
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
        if named:
            reply.show(speaker.shown_variant(products[0]).sku)
    return reply


def deals_asked(speaker: Speaker, part: Part, evidence: Evidence) -> Reply | None:
    """ "Any offers on jigsaws?", read as looking for jigsaws: the promotions and reductions that name them; "any deal if I add a pad", read as
    something else: what is on. None where nothing is, or no reduction is asked for."""
    if not ASKS_FOR_DEALS.search(fold(part.text)):
        return None
    view, now = speaker.findings.view, speaker.findings.now
    live = [p for p in view.promotions.values() if p.in_force(now)]
    deals = deals_for(speaker, part, [], evidence)
    if part.intent not in SEARCHES:
        return promotion_reply(speaker, part, pointed_at(speaker, part), evidence) if live or deals else None
    inside = [p for hit in evidence.products if (p := speaker.product(hit.id)) is not None]
    meant = [p for p in live if (p.skus or p.categories) and inside and all(applies(p, product) for product in inside[:LISTED_MOST])]
    reply = Reply(Outcome.ANSWERED, SURE)
    for promotion in meant:
        reply.say(_terms(speaker, promotion), *_cited(speaker, promotion), line=True)
    named = [deal for deal in deals if deal.near >= NAMED_DEAL]
    if not meant and named:
        return _deal_reply(speaker, part, [], named, named=False)
    return reply if meant else None


_POINTS = re.compile(r"\b(?:it|this|that|these|those|them|apply|applies|valid|both)\b|这|那|它|能用|可用|适用|能不能用|可以用")


def pointed_at(speaker: Speaker, part: Part) -> list[Product]:
    """The product that a reduction is asked about without naming it: "does the 60 off apply", 这条能用券吗."""
    certain = [p for s in part.subjects if s.certain and (p := speaker.product(s.product_id))]
    if certain or part.subjects or not _POINTS.search(fold(part.text)):
        return certain
    focus = speaker.product(speaker.findings.memory.focus)
    return [focus] if focus is not None else []


NAMED_DEAL = 1.0
"""From here on a reduction of the rules names what is asked about."""
DEALS_MOST = 3


def _deal_reply(speaker: Speaker, part: Part, products: list[Product], deals: list[Deal], *, named: bool) -> Reply:
    """Reductions that stand in the rules, in their words; of the one named, whether it holds."""
    reply = Reply(Outcome.ANSWERED, SURE)
    _no_such(speaker, reply, part, [deal.text for deal in deals])
    top = deals[0].near
    kept = [deal for deal in deals if named or top < NAMED_DEAL or deal.near >= NAMED_DEAL][:DEALS_MOST]
    if top >= NEAR_DEAL and top < NAMED_DEAL:
        kept = [deal for deal in kept if deal.near >= top - NEAR_DEAL / 2]
    currency = next((p.currency for v in products[:1] for variant in v.variants if (p := speaker.paid(variant))), "")
    for deal in kept:
        if named and len(products) == 1 and not for_all(speaker, deal) and not about_goods(deal, products[0]) and asks_whether(part):
            reply.say(speaker.say("promotion.not_for", product=speaker.name(products[0])), deal.cited, speaker.cite_title(products[0]))
            reply.say(deal.text, deal.cited, line=True)
            continue
        terms = terms_said(deal.text, deal.cited, next(iter(deal.codes), ""), currency)
        verdict = eligibility(speaker, part, terms, products, named=named) if named and currency else None
        if verdict is not None:
            reply.say(verdict.said, *verdict.cited, line=True)
        reply.say(deal.text, deal.cited, line=True)
    if products:
        reply.focus = products[0].id
        reply.show(speaker.shown_variant(products[0]).sku)
    return reply


_AUDIENCE = re.compile(
    r"\b(?:students?|teachers?|military|veterans?|seniors?|pensioners?|nurses?|nhs|doctors?|trade|employees?|staff|famil(?:y|ies)|friends?|refer\w*|birthdays?)\b"
    r"|学生|教师|老师|军人|退伍|老人|老年|医护|员工|生日|推荐好友|老带新"
)


def _no_such(speaker: Speaker, reply: Reply, part: Part, texts: list[str]) -> None:
    """That no reduction is stated for those asked about ("a student discount?"), before what there is."""
    asked = [said.rstrip("s") for said in _AUDIENCE.findall(fold(part.text))]
    if asked and not any(said in fold(text) for said in asked for text in texts):
        reply.say(speaker.say("promotion.none_such"), line=bool(reply.statements))


NEAR_DEAL = 0.5
"""A reduction of the rules found so near is the one that is asked for."""


def _not_for(speaker: Speaker, promotions: list[Promotion], product: Product) -> Reply:
    """That those named do not hold for the product, with their terms."""
    reply = Reply(Outcome.ANSWERED, SURE, focus=product.id)
    reply.say(speaker.say("promotion.not_for", product=speaker.name(product)), *_cited(speaker, promotions[0]), speaker.cite_title(product))
    for promotion in promotions[:LISTED_MOST]:
        reply.say(_terms(speaker, promotion), *_cited(speaker, promotion), line=True)
    reply.show(speaker.shown_variant(product).sku)
    return reply


def _of_kind(speaker: Speaker, part: Part, promotions: list[Promotion], evidence: Evidence) -> str:
    """Key of what is said to "does the 12 % off apply to green tea": whether the goods of that kind are among those it is for; "" where that is not
    asked, or some are and some are not."""
    inside = [p for hit in evidence.products if (p := speaker.product(hit.id)) is not None]
    of_a_kind = part.filters.categories or part.filters.product_ids is not None
    if not of_a_kind or not inside or not asks_whether(part) or len(promotions) != 1:
        return ""
    held = [applies(promotions[0], product) for product in inside]
    return "promotion.not_for_these" if not any(held) else "promotion.for_these" if all(held) else ""


def _not_now(speaker: Speaker, reply: Reply, promotion: Promotion, *, by_code: bool) -> None:
    """That a promotion is over, or has not begun, and then what it will be."""
    over_ = promotion.ends is not None and promotion.ends <= speaker.findings.now
    title = pick(promotion.title, speaker.findings.question.language).strip()
    if by_code or not title:
        key = "promotion.code_over" if over_ else "promotion.code_not_yet"
        reply.say(speaker.say(key, code=promotion.code), _cite(promotion, "code", promotion.code), line=True)
    else:
        key = "promotion.over" if over_ else "promotion.not_yet"
        reply.say(speaker.say(key, title=title), _cite(promotion, "title", title), line=True)
    if not over_ and promotion.starts is not None:
        starts = promotion.starts.date().isoformat()
        named = (_cite(promotion, "title", title), _cite(promotion, "code", promotion.code))
        cited = (*_cited(speaker, promotion), *named, _cite(promotion, "starts", starts))
        reply.say(_terms(speaker, promotion, starts=starts), *cited, line=True)


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
    if not speaks and _WHEN.search(folded):
        return [] if part.topic else _nearest_theme(speaker, folded)  # "when does black friday start", not "when is delivery free"
    said = set(tokens(part.text))
    found = []
    for promotion in speaker.findings.view.promotions.values():
        if any(len(title.strip()) > 1 and fold(title).strip() in folded for title in promotion.title.values()):
            return [promotion]
        words = {word for title in promotion.title.values() for word in tokens(title) if len(word) > 1}
        if speaks and any(word in said and not common_word(word) and not _REDUCTION.search(word) and not word.isdigit() for word in words):
            found.append(promotion)
    if len(found) == 1 or not speaks:
        return found if len(found) == 1 else []
    return _by_figures(speaker, folded) or _nearest_theme(speaker, folded)


_PERCENT_SAID = re.compile(r"(\d{1,2}(?:\.\d)?)\s?(?:%|percent|per cent)")
_AMOUNT_SAID = re.compile(
    r"[$€£¥]?\s?(\d{1,5}(?:\.\d\d)?)\s?(?:euros?|dollars?|pounds?|yuan|usd|eur|gbp|cny)?\s?off\b|(?:立?减|优惠|抵)\s?(\d{1,5})|(\d{1,5})\s?(?:元|块|刀|欧元?|美元|英?镑)?的?(?:券|码|优惠)"
)
_TENTHS_SAID = re.compile(r"(?<!\d)([1-9])(?:\.?([1-9]))?\s?折")
_CHINESE_TENTHS = re.compile(r"([一二三四五六七八九])([一二三四五六七八九])?折")


def _by_figures(speaker: Speaker, folded: str) -> list[Promotion]:
    """The one promotion that takes off as much as is said: "the 60 off", 满300减30, 9折; those in force first."""
    percents = {Decimal(said) for said in _PERCENT_SAID.findall(folded)}
    for tenths in (
        _TENTHS_SAID.findall(folded),
        [tuple(str("零一二三四五六七八九".index(c)) if c else "" for c in g) for g in _CHINESE_TENTHS.findall(folded)],
    ):
        percents |= {100 - Decimal(whole) * 10 - Decimal(part or 0) for whole, part in tenths}
    amounts = {Decimal(said) for groups in _AMOUNT_SAID.findall(folded) for said in groups if said}
    meant = [
        p
        for p in speaker.findings.view.promotions.values()
        if p.percent_off in percents or (p.amount_off is not None and Decimal(p.amount_off.text) in amounts)
    ]
    now = [p for p in meant if p.in_force(speaker.findings.now)]
    return now if len(now) == 1 else meant if len(meant) == 1 else []


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
    telling = [word for word in tokens(run) if not common_word(word)]  # "your" says nothing of "10% off your first order"
    return run if whole and telling and any(not c.isdigit() and not c.isspace() for c in run) else ""


RUN_LEAST = 3
"""Characters that a text and a title share at least, one of them no figure: "双12"."""


_WHEN = re.compile(
    r"\bappl(?:y|ies)\b|适用|\bwhen (?:is|does|do|will|are)\b.*|\b(?:still|already) on\b|什么时候|几号|何时|哪天|开始了?[吗没]|结束了?[吗没]"
)
_REDUCTION = re.compile(
    r"\d折|[一二三四五六七八九]折|打折|折扣|优惠|满减|立减|活动|减|券|(?:元|块|刀|欧|镑|折扣|优惠)的?码|特价|促销|赠品|\boff\b|\d ?%|discount|promo|deal|voucher|coupon|code|sale|offer|\bget (?:a|an|the|my) free\b|\bfree \w+ (?:with|included)\b"
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


def _terms(speaker: Speaker, promotion: Promotion, starts: str = "") -> str:
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
    if (code := typed_code(promotion)) and not holds(said, fold(code)):
        pieces.append(speaker.say("promotion.code", code=code))
    if promotion.audience and not text and not holds(said, fold(promotion.audience)):
        pieces.append(speaker.say("promotion.audience", audience=promotion.audience))
    if starts:
        pieces.append(speaker.say("promotion.starts", date=starts))
    if promotion.ends is not None:
        pieces.append(speaker.say("promotion.until", date=_last_day(promotion.ends)))
    return speaker.say("promotion.item", terms=speaker.mark("sentences").join(p.rstrip("。.") for p in pieces))


def said_of(speaker: Speaker, promotion: Promotion) -> tuple[str, list[Citation]]:
    """A promotion's terms, with their sources."""
    return _terms(speaker, promotion), _cited(speaker, promotion)


def _last_day(ends: datetime) -> str:
    """The last day on which it counts: an end is exclusive, so midnight belongs to the day before."""
    return (ends - timedelta(microseconds=1)).date().isoformat()


def _reduction(speaker: Speaker, promotion: Promotion) -> str:
    if promotion.percent_off is not None:
        return speaker.say("promotion.percent", percent=f"{promotion.percent_off.normalize():f}")
    if promotion.amount_off is not None:
        return speaker.say("promotion.amount", amount=speaker.money(promotion.amount_off))
    return typed_code(promotion)


def _cited(speaker: Speaker, promotion: Promotion) -> list[Citation]:
    language = speaker.findings.question.language
    out = [_cite(promotion, "text", pick(promotion.text, language) or pick(promotion.title, language))]
    if promotion.ends is not None:
        out.append(_cite(promotion, "ends", _last_day(promotion.ends)))
    return out


def _cite(promotion: Promotion, field: str, quote: str) -> Citation:
    return Citation("promotion", promotion.code, field, quote)
