"""Words for pledges: guarantees, ranks, certificates, carriers, means of payment, charges that the shop is said to bear."""

import re

from bot.answering.guard.free_said import GIVEN_FREE
from bot.answering.guard.phrases import DENIES, denied_before
from bot.answering.guard.scope import Scope
from bot.answering.places import everywhere, meet, places_in

_PROMISES = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("lifetime", r"\blifetime\b(?! of)|life-?long|for life\b|\bforever\b|终身|终生|永久|一辈子"),
        ("no expiry", r"\bnever expires?\b|\bdo(?:es)? not expire\b|\bno expiry\b|永不过期|不会过期|永久有效|长期有效"),
        ("money-back", r"money[ -]back|full refund|refund(?:ed)? in full|全额退|全款退|退全款"),
        ("guarantee", r"\bguarantee[sd]?\b|\bwe promise\b|\bassured\b|\bassure you\b|\bcertainly arrive|保证|承诺|担保|确保|包您|包你"),
        ("no questions", r"no[ -]questions[ -]asked|risk[ -]free|unconditional|无理由|无条件|无忧退"),
        ("compensation", r"假一[赔罚]|赔[一二三四五十\d]|ten times|double the difference|买贵(?:必|就)?(?:赔|退)|贵就赔|先行赔付"),
        (
            "lowest",
            r"best price|lowest price|price match|match (?:any|other|the) price|beat any|全网最低|最低价|底价|历史低价|全年最低|价保|比价",
        ),
        (
            "rank",
            r"best[ -]?sell(?:er|ing)|most popular|number one|\bno\.? ?1\b|#1\b|top[ -]rated|award|编辑推荐|销量第一|爆款|热销|热卖|畅销|人气|网红|口碑第一|获奖",
        ),
        (
            "certified",
            r"\bcertified\b|\bcertificat|\bapproved by\b|\bfda\b|\bce[ -]mark|official (?:partner|dealer|store)|authori[sz]ed|genuine|authentic|正品|官方授权|授权|认证|质检|专利|patent|clinically|医疗级|medical[ -]grade",
        ),
        ("insurance", r"insur(?:ance|ed)|运费险|保险"),
        ("points", r"loyalty points|double points|积分|会员"),
        ("same day", r"same[ -]day|overnight|当日达|次日达|隔日达|小时达|极速达|闪送"),
        ("always", r"\b24/7\b|around the clock|24 hours a day|全天候|全年无休|7\s?[x×*]\s?24|24\s?小时(?:在线|客服|服务)"),
        ("instalments", r"instal?ments?|pay later|financing|interest[ -]free|分期|免息|花呗|白条"),
        ("cash on delivery", r"cash on delivery|pay on delivery|货到付款"),
        ("trade-in", r"trade[ -]?in|以旧换新|回收"),
        ("price match", r"refund the difference|退差价|补差价|差价退"),
        (
            "exclusive",
            r"\bexclusive(?:ly)?\b|just for you|only for you|special for you|专属(?:折扣|优惠|价)|独家|内部价|员工价|老客户价|vip",
        ),
        (
            "combine",
            r"\b(?:combin(?:e|ed|able)|stack(?:ed|able|s)?)\b(?! of)|(?:both|two|several|multiple) (?:discount |promo |coupon )?(?:codes|coupons|discounts)|叠加|(?:两|多)个(?:优惠码|优惠券)[^,。]{0,6}(?:一起|同时)",
        ),
        ("carrier", r"\b(?:fedex|ups|dhl|usps|ems|tnt)\b|顺丰|京东(?:快递|物流)|圆通|中通|韵达|申通|极兔|德邦|菜鸟|邮政"),
        ("payment", r"bitcoin|crypto\w*|klarna|afterpay|affirm\b|cheques?\b|比特币|数字货币|加密货币|花呗|白条|支票|云闪付"),
        (
            "receipt",
            r"(?:original )?(?:receipt|invoice) (?:is |must be )?(?:required|needed|necessary)|need (?:the |your |an? )?(?:original )?(?:receipt|invoice)|(?:需要?|须|必须|要)(?:提供|出示|有)?(?:购物)?(?:发票|收据|小票|凭证)(?:原件)?",
        ),
        ("customs", r"\bduties\b|customs|关税|清关|包税"),
        ("health", r"\bcures?\b|\bheals?\b|\btreats?\b(?= )|治疗|治愈|疗效|降血压|降血糖|防癌|减肥|瘦身|weight loss|anti-cancer"),
    )
)
_NAMED = frozenset({"carrier", "payment"})
"""Promises that name somebody: the rule must name the same."""
_QUOTE = re.compile(r"\"([^\"]{4,})\"")
_WE_PAY = re.compile(
    r"\bwe (?:will )?(?:pay|cover|bear|absorb)\b|\b(?:on us|at our (?:cost|expense)|prepaid)\b|\b(?:is|are) (?:already )?included\b|(?:由|都由|均由)?(?:我们|本店|商家|我方)(?:来|全额)?(?:承担|支付|负担|出)|(?:已|已经)(?:含|包含|包括)|包税|无需(?:另?付|缴纳?|支付)"
)
_CHARGES = (
    re.compile(r"\bshipping\b|\bpostage\b|\bdelivery (?:fee|cost|charge)s?|运费|邮费|快递费"),
    re.compile(r"\bdut(?:y|ies)\b|customs|import tax|关税|进口税|清关"),
    re.compile(r"\breturns?\b|send(?:ing)? (?:it |them )?back|return shipping|退货运费|退货邮费|寄回运?费|退回运费|退货"),
    re.compile(r"\brepairs?\b|warranty|维修|保修"),
    re.compile(r"\btax(?:es)?\b|\bvat\b|消费税|增值税|销售税"),
)


def pledge_violations(scope: Scope) -> list[tuple[str, str]]:
    """(kind, words) of every pledge that neither a rule nor the product makes."""
    return _promised(scope) + _paid_by_us(scope)


def _promised(scope: Scope) -> list[tuple[str, str]]:
    sentence, table = scope.sentence, scope.table
    found = []
    # What a buyer said, word for word, promises nothing.
    folded = _QUOTE.sub(lambda m: " " * len(m.group()) if m[1] in table.text else m.group(), sentence.folded)
    for name, pattern in _PROMISES:
        match = pattern.search(folded)
        if match is None or denied_before(sentence, match.start()) or denied_before(sentence, match.end()) or "?" in sentence.folded:
            continue
        held = [
            line
            for line in table.lines
            if not line.over and (m := pattern.search(line.folded)) and not DENIES.search(line.folded[max(0, m.start() - 40) : m.start()])
        ]
        held += [
            line
            for p in table.products.values()
            for line in p.lines
            if line.kind != "review"
            and (m := pattern.search(line.folded))
            and not DENIES.search(line.folded[max(0, m.start() - 40) : m.start()])
        ]
        if name in _NAMED:
            held = [line for line in held if match.group() in line.folded]
        if not held:
            found.append(("promise", match.group()))
    return found


def _paid_by_us(scope: Scope) -> list[tuple[str, str]]:
    """Charges that the shop is said to bear: a rule must say so, for the places meant."""
    sentence, table = scope.sentence, scope.table
    folded = sentence.folded
    match = _WE_PAY.search(folded)
    if match is None or denied_before(sentence, match.start()) or "?" in folded:
        return []
    topics = [t for t in _CHARGES if t.search(folded)]
    if not topics:
        return []
    said = places_in(folded) or table.question_places
    for line in table.lines:
        if line.over or not any(t.search(f"{line.folded} {' '.join(line.context)}") for t in topics):
            continue
        gives = _WE_PAY.search(line.folded) or GIVEN_FREE.search(line.folded) or re.search(r"\bno (?:duties|customs)|没有关税", line.folded)
        if gives is None or not any(t.search(line.folded) for t in topics):
            continue
        if everywhere(folded):
            if (
                everywhere(line.folded)
                and len(sentence.words & line.words) >= 2
                and not re.search(r"\bif\b|fault|wrong|质量|发错|有误", line.folded)
            ):
                return []
            continue
        stated = places_in(line.folded)
        if not stated or meet(said, stated):
            return []
    return [("promise", match.group())]
