"""Words for what costs nothing: shipping, returns, wrapping, gifts."""

import re

from bot.answering.evidence_lines import Line, stems
from bot.answering.guard.phrases import denied_before
from bot.answering.guard.scope import Scope
from bot.answering.places import everywhere

_FREE = re.compile(
    r"(?<![a-z]-)(?<!feel )\bfree\b(?! (?:to (?:use|ask|contact|choose|write|reach|return|browse)|from|of (?!charge)|time|hand))(?!-)(?:\s+of charge)?|complimentary|no (?:extra |additional )?(?:charge|cost|fee)|at no (?:extra )?cost|on the house|\bgift(?=s? (?:with|included))|\b(?:add|adds|get|receive|plus|includes?)\b[^.,]{0,16}\b(?:gift|bonus)\b(?! (?:card|wrap|box|set|slip|bag|advice))|包邮|免运费|免邮|不收(?:取)?(?:任何)?(?:运费|邮费|快递费|费用)|免费|赠送|附赠|白送|送您|免单|零元|不收费|送货免费|加送|赠(?!品|送|礼|予|人)|买\S{0,6}送"
)
GIVEN_FREE = re.compile(r"\bfree\b|no (?:extra )?(?:charge|fee)|包邮|免|赠|无需(?:另)?付|included|含")
_FREE_OF = re.compile(r"[a-z]+-free\b|free (?:from|of(?! charge))|不含|无糖|免(?:烫|洗|打孔|安装|漂)|自由|免提")
_TOPICS = (
    re.compile(r"ship|deliver|postage|freight|express|courier|邮|运费|配送|快递|送货|物流|freight"),
    re.compile(r"return|send (?:it )?back|退|换货|寄回"),
    re.compile(r"wrap|包装|贺卡|\bcard\b"),
    re.compile(r"repair|warranty|保修|维修|检修|修"),
    re.compile(r"pick|collect|store|自提|门店"),
    re.compile(r"exchange|换"),
    re.compile(r"instal|interest|分期|免息|利息|fee|手续费"),
    re.compile(r"sample|trial|试|样品"),
    re.compile(r"engrav|personal|刻字|定制|logo"),
    re.compile(r"gift|赠|礼"),
    re.compile(r"cancel|取消"),
)
_EVERY = re.compile(
    r"\bevery (?!country)|\ball (?:orders|goods|items|products|our)\b|\bany order\b|\balways\b|所有(?:商品|订单|产品)|全部|任何(?:商品|订单)|全场|一律|都免"
)
_FAULT = re.compile(r"\bwrong\b|\bfault|发错|质量|有误")
_EXPRESS = re.compile(r"\bexpress\b|加急|特快")
_GENEROUS = frozenset(stems("free gift included complimentary charge order item buy purchase 免费 赠送 附赠 送您 免单 一个 商品 购买 订单"))
_CONDITIONAL = re.compile(r"from|over|above|threshold|minimum|qualif|\bif\b|\bwhen\b|满|以上|门槛|达到|条件|凭|用码")
_NO_MINIMUM = re.compile(
    r"no minimum|without (?:a |any )?minimum|no (?:order )?threshold|regardless of|any (?:order|amount)|(?:没有|无|不设|不限)(?:任何)?(?:门槛|金额|条件|最低)|不限|0\s?元|任意金额"
)


def free_violations(scope: Scope) -> list[tuple[str, str]]:
    """(kind, words) of what is said to be free and is not, or only from an amount that is left out."""
    sentence, table, claims = scope.sentence, scope.table, scope.claims
    folded = sentence.folded
    found = []
    for match in _FREE.finditer(folded):
        around = folded[max(0, match.start() - 14) : match.end() + 12]
        if _FREE_OF.search(around) or denied_before(sentence, match.start()) or folded[match.end() :].startswith("-") or "?" in folded:
            continue
        clause = sentence.clause_text(match.start()) + match.group()
        topics = [t for t in _TOPICS if t.search(clause)] or [t for t in _TOPICS if t.search(folded)]
        topics = topics or ([t for t in _TOPICS if t.search(table.question)] if not scope.names_one and not table.asked else [])
        lines = [
            line
            for line in table.lines
            if not line.over
            and GIVEN_FREE.search(line.folded)
            and not re.search(r"never free|is never|不参加包邮|不免", line.folded)
            and (topics != [_TOPICS[0]] or _is_of_sending(line))
            and (not _EXPRESS.search(clause) or _EXPRESS.search(line.folded))
            and (not topics or any(t.search(f"{line.folded} {' '.join(line.context)}") for t in topics))
        ]
        if not topics or topics == [_TOPICS[9]]:
            thing = frozenset(stems(clause)) - _GENEROUS
            lines = [line for line in lines if thing & line.words]
        products, _ = scope.bind(match.start(), match.end())
        own = [
            line
            for p in products
            if p in table.products
            for line in table.products[p].lines
            if line.kind != "review" and _FREE.search(line.folded)
        ]
        if not lines and not own:
            found.append(("free", match.group()))
            continue
        shipping = _TOPICS[0].search(clause) and not _TOPICS[1].search(clause)
        conditional = [line for line in lines if any(c.kind == "money" for c in line.claims)]
        if shipping and not own and conditional and not _TOPICS[4].search(folded):
            stated = any(c.kind == "money" for c in claims) or _CONDITIONAL.search(folded)
            if not stated or _NO_MINIMUM.search(folded):
                found.append(("free", match.group()))
                continue
        if (
            not own
            and lines
            and all(line.kind == "promotion" for line in lines)
            and not (any(c.kind in ("money", "code") for c in claims) or _CONDITIONAL.search(folded))
        ):
            found.append(("free", match.group()))
            continue
        if _EVERY.search(clause) and not own and not any(_EVERY.search(line.folded) for line in lines):
            found.append(("free", match.group()))
            continue
        if everywhere(clause) and not any(
            everywhere(line.folded) and not (_FAULT.search(line.folded) and not _FAULT.search(folded)) for line in lines
        ):
            found.append(("free", match.group()))
    return found


def _is_of_sending(line: Line) -> bool:
    """Whether a rule about something free speaks of sending goods out, rather than of returns, repairs, pickup or a cancelled order."""
    if _TOPICS[1].search(line.folded):
        return False
    if _TOPICS[0].search(line.folded):
        return True
    others = any(t.search(f"{line.folded} {' '.join(line.context)}") for t in (_TOPICS[1], _TOPICS[3], _TOPICS[4]))
    return not others and any(c.kind == "money" for c in line.claims)
