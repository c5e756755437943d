"""Reductions that stand in the shop's FAQ entries and policies alone: found by how they are worded, cited word for word."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache

from bot.answering.answer import Citation
from bot.answering.rules import Rule
from bot.answering.speaking import Speaker
from bot.understanding.lexicon import lexicon
from bot.understanding.question import Part
from bot.understanding.shop_words import words_of
from knowledge.catalog import Product
from knowledge.folding import fold
from knowledge.localized import pick
from knowledge.store import DocumentKind
from retrieval.rarity import is_content, rarity
from retrieval.retriever import Evidence
from retrieval.rule_rows import rows_of, spoken
from retrieval.tokens import tokens, words

_SHAPE = re.compile(
    r"\d(?:[\d.]*)\s?(?:%|percent|euros?|dollars?|pounds?|bucks)?\s?off\b|\d\s?%\s?(?:discount|voucher|coupon|reduction|less|cheaper)"
    r"|\bhalf[- ]price\b|\b\d for \d\b|\b(?:buy|take|get)\b.{2,50}\b(?:free|half|pay for)\b|\bcheapest (?:one )?(?:is )?free\b"
    r"|(?<!\d)[1-9一二三四五六七八九](?:\.?\d)?\s?折|满\s?\d+\s?(?:元|块)?\s?[减打]|立减|半价|买.{1,6}[送赠]|第二[件个双]|减\s?\d+"
)
"""How a reduction is worded in an answer: "10% off", "3 for 2", 满300减30."""
_ASKED_ABOUT = re.compile(
    r"discount|promo|special offer|\boffers?\b|on offer|\bdeals?\b|\bsales?\b|coupon|voucher code|discount code|\bcodes?\b|cheaper|优惠|折扣|打折|活动|促销|满减|特价|降价"
)
"""What an entry about reductions is asked by."""
_ANY_AT_ALL = re.compile(
    r"(?:现在|目前|最近|今天|还|请问|你们|店里|这个|这款|它)?(?:能|可以|可不可以|能不能|有没有|有|是|在|搞|做)?(?:什么|啥)?(?:打折|优惠|活动|折扣|促销|降价|特价)(?:活动)?[吗么嘛不没呢啊]*"
    r"|(?:is there |are there |do you have |have you got |got )?(?:any|a) (?:discounts?|deals?|offers?|promotions?|sales?)(?: on| now| today| at the moment)?"
)


def asks_for_any(text: str) -> bool:
    """Whether nothing but what is reduced is asked for: 打折吗, "any discounts?"."""
    return _ANY_AT_ALL.fullmatch(fold(text).strip(" ?？!！.。~")) is not None


def speaks_of_reductions(rule: Rule) -> bool:
    """Whether a rule says anything of prices reduced: one that does not is no answer to who asks for that."""
    if rule.entry is not None:
        texts = [*rule.entry.question.values(), *rule.entry.answer.values()]
    else:
        texts = [rule.section.heading, rule.section.text] if rule.section is not None else []
    said = fold(" ".join(texts))
    return bool(_ASKED_ABOUT.search(said) or _SHAPE.search(said) or _MONEY_OFF.search(said))


_MONEY_OFF = re.compile(
    r"[减折券省免送赠]|积分|会员|批发|便宜|价|\b(?:off|free|save|member\w*|points?|price\w*|bulk|reward\w*|haggl\w*|negotia\w*)\b"
)
_DENIES = re.compile(r"^\W*(?:no\b|not |sorry|unfortunately|we don|we do not|there (?:is|are) no)|^\W*(?:没有|暂无|目前没|不)")
ASKS_FOR_DEALS = re.compile(
    r"\b(?:any|what|special|current|the|your|an?|no) (?:\w+ )?(?:deals?|offers?)\b|\b(?:deals?|offers?) (?:on|for|if|when|with|atm|now|today|right now|at the moment)\b"
    r"|\b(?:discount(?:s|ed)?|promo\w*|coupons?|vouchers?|discount codes?)\b|\b\d for \d\b|\bmoney off\b|\banything off\b|\d ?% off"
    r"|优惠|折扣|打折|满减|促销|活动|领券|用券|有券|便宜点|立减"
)
"""Asks for a reduction, whatever the goods are called."""
_CODE_SAID = re.compile(r"(?<![A-Za-z0-9])(?=[A-Za-z0-9]*[A-Z0-9])[A-Za-z0-9]{4,20}(?![A-Za-z0-9])")
_CODE_BESIDE = re.compile(
    r"\b(?:code|voucher|coupon)\W+([a-z0-9]{3,20})\b|\b([a-z0-9]{3,20}) (?:code|voucher|coupon)\b|([a-z0-9]{3,20})\s?(?:这个)?(?:码|券|优惠)"
)
_CODE_STATED = re.compile(r"(?<![A-Za-z0-9])(?=[A-Z0-9]*[A-Z])[A-Z0-9]{4,20}(?![A-Za-z0-9])")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"({'|'.join(_MONTHS)})[a-z]*\.?"
_UNTIL = (
    re.compile(rf"\b(?:until|till|through|ends?(?: on)?|by|valid to) (?:the )?(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {_MONTH},? ?(\d{{4}})?"),
    re.compile(rf"\b(?:until|till|through|ends?(?: on)?|by|valid to) {_MONTH} (\d{{1,2}})(?:st|nd|rd|th)?,? ?(\d{{4}})?"),
    re.compile(r"(?:until|till|through|ends?(?: on)?|by|valid to|至|到|截止|截至)\D{0,3}(\d{4})[-/年.](\d{1,2})[-/月.](\d{1,2})"),
    re.compile(r"(\d{4})[-/年.](\d{1,2})[-/月.](\d{1,2})日?(?:前|为止|截止|止)"),
    re.compile(r"(?<!\d)(?<![-/年.]) ?(\d{1,2}) ?月 ?(\d{1,2}) ?[日号] ?(?:前|为止|截止|止|结束)"),
    re.compile(r"(?:至|到|截止|截至) ?(\d{1,2}) ?月 ?(\d{1,2}) ?[日号]"),
)
_PASSED_MOST = 183
"""Days: a day without a year that passed longer ago is meant of the next year."""


@dataclass(frozen=True, slots=True)
class Deal:
    """A sentence of the shop's rules that grants a reduction, or the whole answer of such an entry."""

    text: str
    """In the customer's language."""
    cited: Citation
    codes: frozenset[str]
    """Folded."""
    near: float = 0.0
    """How much it is about what is asked."""
    whole: str = ""
    """All that the section or entry says, of which the sentence is a part: what is left out may stand beside it."""


def deals_for(speaker: Speaker, part: Part, products: list[Product], evidence: Evidence) -> list[Deal]:
    """The reductions of the rules, those first that name what is asked about, then by how near they were found; without those that are over."""
    kinds = {word for word in _said(part) if rarity(word) >= 0.4}
    for product in products:
        kinds |= {word for title in product.title.values() for word in words(title)[-1:]}
        kinds |= {word for kind in product.kinds for word in tokens(kind)}
    for category in part.filters.categories:
        kinds |= set(tokens(category.split(">")[-1]))
    kinds = {word for word in kinds if is_content(word)}
    relevance = {(hit.kind, hit.id): hit.relevance for hit in (*evidence.faq, *evidence.policies)}
    found = []
    for deal in _deals(speaker):
        named = sum(1 for word in kinds if word in set(tokens(deal.text)))
        kind = DocumentKind.FAQ if deal.cited.kind == "faq" else DocumentKind.POLICY
        found.append(replace(deal, near=named + relevance.get((kind, deal.cited.id), 0.0)))
    return sorted(found, key=lambda deal: -deal.near)


def standing_deals(speaker: Speaker) -> Iterator[Deal]:
    """All reductions of the rules that are not over."""
    return _deals(speaker)


def deals_named(speaker: Speaker, part: Part) -> list[Deal]:
    """Reductions of the rules whose code stands in the customer's words, or that are worded there alike: "the 3 for 2"."""
    folded = fold(part.text)
    said = {fold(word) for word in _CODE_SAID.findall(part.text)}
    said |= {word for groups in _CODE_BESIDE.findall(folded) for word in groups if word}
    shapes = {match.group() for match in _SHAPE.finditer(folded) if len(match.group()) <= SHAPE_MOST}
    if not said and not shapes:
        return []
    deals = list(_deals(speaker))
    coded = [deal for deal in deals if deal.codes & said]
    return coded or [deal for deal in deals if any(shape in fold(deal.text) for shape in shapes)]


SHAPE_MOST = 16
"""Characters of a wording that names a reduction."""


def about_goods(deal: Deal, product: Product) -> bool:
    """Whether a reduction speaks of what the product is called, by its title's last word or its category's name."""
    held = set(tokens(deal.text))
    names = {word for title in product.title.values() for word in words(title)[-1:]}
    names |= {word for kind in product.kinds for word in tokens(kind)}
    return any(word in held and is_content(word) for word in names)


def for_all(speaker: Speaker, deal: Deal) -> bool:
    """Whether a reduction names none of the shop's kinds of goods."""
    return not set(tokens(deal.text)) & words_of(speaker.findings.view).category_terms


def deals_told(speaker: Speaker, ids: Sequence[str]) -> list[Deal]:
    """The reductions that stand in these entries and sections ("faq:ID", "policy:FILE#ANCHOR")."""
    return [deal for deal in _deals(speaker) if f"{deal.cited.kind}:{deal.cited.id}" in ids]


def over(text: str, now: datetime) -> bool:
    """Whether a date until which it holds has passed."""
    folded = fold(text)
    for number, pattern in enumerate(_UNTIL):
        for groups in pattern.findall(folded):
            day = _day(number, groups, now)
            if day is not None and day < now.date():
                return True
    return False


def _day(number: int, groups: tuple[str, ...], now: datetime) -> date | None:
    try:
        if number < 2:
            day, month = (groups[0], groups[1]) if number == 0 else (groups[1], groups[0])
            return (
                date(int(groups[2]), _MONTHS.index(month) + 1, int(day)) if groups[2] else _nearest(_MONTHS.index(month) + 1, int(day), now)
            )
        if len(groups) == 2:
            return _nearest(int(groups[0]), int(groups[1]), now)
        return date(int(groups[0]), int(groups[1]), int(groups[2]))
    except ValueError:
        return None


def _nearest(month: int, day: int, now: datetime) -> date:
    """A day of which no year is said."""
    this = date(now.year, month, day)
    return this.replace(year=now.year + 1) if (now.date() - this).days > _PASSED_MOST else this


def _deals(speaker: Speaker) -> Iterator[Deal]:
    view, language, now = speaker.findings.view, speaker.findings.question.language, speaker.findings.now
    base = language.split("-", maxsplit=1)[0]
    for entry in view.faq.values():
        answer = pick(entry.answer, language).strip()
        for text, codes in _of_entry(answer, " ".join((*entry.question.values(), entry.category))):
            if not over(text, now):
                yield Deal(text, Citation("faq", entry.id, "answer", text), codes, whole=answer)
    for policy in view.policies.values():
        if policy.language.split("-", maxsplit=1)[0] not in (base, "und"):
            continue
        for section in policy.sections:
            for text, codes in _of_section(section.text, f"{policy.title} {section.heading}", base):
                if not over(text, now):
                    yield Deal(text, Citation("policy", f"{policy.id}#{section.anchor}", section.heading, text), codes, whole=section.text)


_Reductions = tuple[tuple[str, frozenset[str]], ...]
"""Sentences that reduce a price, with their codes: the same for every turn, hence kept by text."""


@lru_cache(maxsize=4096)
def _of_entry(answer: str, asked: str) -> _Reductions:
    folded = fold(answer)
    if not _SHAPE.search(folded) or _DENIES.search(folded):
        return ()
    codes = _codes(answer)
    return ((answer, codes),) if codes or _ASKED_ABOUT.search(fold(asked)) else ()


@lru_cache(maxsize=4096)
def _of_section(text: str, heading: str, language: str) -> _Reductions:
    headed = bool(_ASKED_ABOUT.search(fold(heading)))
    rows: list[str] = []
    for row in spoken(rows_of(text), language):
        if _SHAPE.search(fold(row.text)):
            rows.append(row.text)
        elif rows and not row.item and len(rows[-1]) + len(row.text) < TERMS_MOST:
            rows[-1] += (
                row.text if rows[-1].endswith("。") else f" {row.text}"
            )  # 提货卡不参加: what a reduction leaves out stands behind it
    return tuple((row, codes) for row in rows if (codes := _codes(row)) or headed)


TERMS_MOST = 240
"""Characters of a reduction with its terms."""


def _codes(text: str) -> frozenset[str]:
    if not re.search(r"\bcode\b|voucher|coupon|\buse\b|\benter\b|码|券|输入", fold(text)):
        return frozenset()
    return frozenset(fold(word) for word in _CODE_STATED.findall(text))


def _said(part: Part) -> set[str]:
    fillers = lexicon().plain["fillers"]
    return {word for word in words(ASKS_FOR_DEALS.sub(" ", part.text)) if is_content(word) and word not in fillers and len(word) > 1}
