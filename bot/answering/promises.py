"""What a sentence promises in words: that something is in stock, sold out, reduced, free, guaranteed, the cheapest, or made in a colour."""

import re
from collections.abc import Callable, Iterable

from bot.answering.claims import Claim
from bot.answering.evidence_lines import stems
from bot.answering.fact_table import FactTable, ProductFacts, VariantFacts
from bot.answering.mentions import Sentence
from bot.answering.places import everywhere, meet, places_in
from knowledge.catalog import AvailabilityState

Bind = Callable[[int, int], tuple[frozenset[str], bool]]
Variants = Callable[[Iterable[str], Sentence, int, int], list[VariantFacts]]

_OPEN = re.compile(
    r"\?|\bif\b|\bwhether\b|\bonce\b|\bas long as\b|\bunless\b|\bwhen (?:it|they)|\bback in stock\b|\bshould it\b|如果|若|是否|一旦|前提|到货|吗|呢$|补货|的话"
)
_NO = re.compile(
    r"(?:\bno\b|\bnot\b|n't\b|\bno longer\b|\bcannot\b|\bnever\b|\bwithout\b|\bnone\b|\bnor\b|\bneither\b|\bdon.t (?:have|offer|see)|不(?!仅|但|锈|限)|没有?|无(?!线|花果|级|极|缝|论|印)|未|非|并无|暂无|别)[^,;.，。；]{0,26}$"
)

_OUT = re.compile(
    r"out[ -]of[ -]stock|sold[ -]out|unavailable|no stock|none left|no (?:more )?(?:pieces|units) left|not (?:currently )?available|isn't available|aren't available|not in stock|isn't in stock|no longer available|缺货|售罄|卖完|无货|没货|没有货|没有现货|断货|无现货|暂无库存|库存不足|没有库存|卖光"
)
_IN = re.compile(
    r"(?<!not )(?<!back )in stock|(?<!un)(?<!not )available (?:now|today|right now|immediately|to order|for order|for immediate)|(?:is|are) (?:currently |still |also |both |all )?(?<!not )available(?= for \$| at \$|[.,;!]|$| and )|ready to ship|have (?:it|them|this|one) (?:here|now)|plenty (?:of|left)|on the shelf|有货|现货|库存充足|货源充足|有库存|备有库存|可立即购买|可以直接下单|可以下单|能买到"
)
_FEW = re.compile(
    r"only a few left|few (?:pieces |units )?left|running low|\blow (?:in|on) stock|\blow stock|almost (?:gone|sold out)|nearly sold out|selling fast|last (?:few|ones?|pieces?)|limited stock|库存(?:紧张|不多|告急|有限)|所剩无几|所剩不多|快(?:没|卖完|售罄)了?|数量有限|即将售罄|手慢无"
)
_LATER = re.compile(r"pre-?orders?\b|back-?orders?\b|预售|预订|预购")
_GONE = re.compile(r"discontinued|no longer (?:sold|made|produced)|停产|下架|绝版")
_RESTOCK = re.compile(
    r"\b(?:restock\w*|back in stock|available again|new stock|back) (?:again )?(?:in|within|on|by|around|after|from|early|late|mid)? ?(?:about |a |an |the |two |three |\d)[^.?]{0,14}(?:days?|weeks?|months?)|\b(?:within|in|after) (?:about |a |an |one |two |three |four |\d+[-–]?)+ ?\d* ?(?:business )?(?:days?|weeks?|months?)[^.?]{0,20}(?:restock|back in stock)|(?:一|两|二|三|四|几|\d+)\s?(?:天|周|个?星期|个?月)(?:之?后|内|以内)?(?:会|就|可|将|能)?(?:补货|到货)|\b(?:will be )?(?:restock(?:ed|ing)?|back in stock) (?:on|by|in|within|next|soon|this|tomorrow)|arriv(?:es|ing) (?:soon|next)|(?:即将|马上|很快|近期|下周|明天)(?:补货|到货)|(?:补货|到货)时间"
)

_ALL = re.compile(r"\ball\b|\bevery\b|\bboth\b|\beach\b|全部|所有|都有|均有|每[种款个]")

_EACH_OF = re.compile(
    r"(?:\b(?:all|both|each)(?: of them| colou?rs| sizes| versions| variants)?(?: are| is)?(?: currently| still)?|都|均|全部|全都)\s*$"
)

_SALE = re.compile(
    r"\bon sale\b|\bon special\b|\bdiscount(?:ed|s)?\b|\breduced\b|\bspecial (?:offer|price|deal)\b|\bprice cut\b|\bmarked down\b|\bbargain\b|\bdeal\b|\bpromotion(?:al)?\b|\bcoupons?\b|\bvouchers?\b|打折|折扣|特价|促销|优惠|降价|立减|直降|秒杀|划算价|大促|活动价|清仓|满减"
)
_FREE = re.compile(
    r"(?<![a-z]-)(?<!feel )\bfree\b(?! (?:to (?:use|ask|contact|choose|write|reach|return|browse)|from|of (?!charge)|time|hand))(?!-)(?:\s+of charge)?|complimentary|no (?:extra |additional )?(?:charge|cost|fee)|at no (?:extra )?cost|on the house|\bgift(?=s? (?:with|included))|包邮|免运费|免邮|免费|赠送|附赠|白送|送您|免单|零元|不收费|送货免费|加送|买\S{0,6}送"
)
_GIVEN_FREE = re.compile(r"\bfree\b|no (?:extra )?(?:charge|fee)|包邮|免|赠|无需(?:另)?付|included|含")
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

_GENEROUS = frozenset(stems("free gift included complimentary charge order item buy purchase 免费 赠送 附赠 送您 免单 一个 商品 购买 订单"))

_PROMISES = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("lifetime", r"\blifetime\b(?! of)|life-?long|for life\b|\bforever\b|终身|终生|永久|一辈子"),
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

_WE_PAY = re.compile(
    r"\bwe (?:will )?(?:pay|cover|bear|absorb)\b|\b(?:on us|at our (?:cost|expense)|prepaid)\b|\b(?:is|are) (?:already )?included\b|(?:由|都由|均由)?(?:我们|本店|商家|我方)(?:来|全额)?(?:承担|支付|负担|出)|(?:已|已经)(?:含|包含|包括)|包税|无需(?:另?付|缴纳?|支付)"
)
_CHARGES = (
    re.compile(r"\bdut(?:y|ies)\b|customs|import tax|关税|进口税|清关"),
    re.compile(r"\breturns?\b|send(?:ing)? (?:it |them )?back|return shipping|退货运费|退货邮费|寄回运?费|退回运费|退货"),
    re.compile(r"\brepairs?\b|warranty|维修|保修"),
    re.compile(r"\btax(?:es)?\b|\bvat\b|消费税|增值税|销售税"),
)


def _paid_by_us(sentence: Sentence, table: FactTable) -> list[tuple[str, str]]:
    """Charges that the shop is said to bear: a rule must say so, for the places meant."""
    folded = sentence.folded
    match = _WE_PAY.search(folded)
    if match is None or _negated(sentence, match.start()) or "?" in folded:
        return []
    topics = [t for t in _CHARGES if t.search(folded)]
    if not topics:
        return []
    said = places_in(folded) or table.question_places
    for line in table.lines:
        if line.over or not any(t.search(f"{line.folded} {' '.join(line.context)}") for t in topics):
            continue
        gives = (
            _WE_PAY.search(line.folded) or _GIVEN_FREE.search(line.folded) or re.search(r"\bno (?:duties|customs)|没有关税", line.folded)
        )
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
        if not said or not stated or meet(said, stated):
            return []
    return [("promise", match.group())]


_LIST_EN = re.compile(
    r"(?:comes? in|available in|sold in|offered in|choose (?:from|between)|there is|there are)\s+(?:the colou?rs |sizes? |colou?rs? )?(?P<list>[a-z0-9 ×.-]+(?:, (?:and |or )?[a-z0-9 ×.-]+)*(?:,? (?:and|or) [a-z0-9 ×.-]+))"
)
_COMES_IN = re.compile(r"comes? in|available in|sold in|offered in")
_COLOURS_ZH = re.compile(
    r"(?:有|提供|分为?)(?P<list>[㐀-鿿]{1,4}(?:[、和及][㐀-鿿]{1,4}?){1,7}?)(?:这?[两二三四五六七八几\d]\s?[种个款])?(?:颜色|配色|色可选|色)"
)
_NAMED_ZH = re.compile(r"(?:有|还有|提供|、|和|推出)(?P<word>[㐀-鿿]{2,4})(?:香型|口味|图案|款式|材质)")


def _listed_values(sentence: Sentence, table: FactTable, bind: Bind) -> list[tuple[str, str]]:
    """A list that names an option's values names nothing else: "in natural, blue and charcoal"."""
    folded = sentence.folded
    found: list[tuple[str, str]] = []
    if not sentence.chinese:
        for match in _LIST_EN.finditer(folded):
            items = [i.strip(" .") for i in re.split(r",| and | or ", match["list"]) if i.strip(" .")]
            products, named = bind(match.start("list"), match.end("list"))
            facts = [table.products[p] for p in products if p in table.products]
            values = {v for f in facts for variant in f.variants for vs in variant.options.values() for v in vs}
            closed = _COMES_IN.match(match.group()) is not None
            if not (named or len(facts) == 1) or not 0 < len(facts) <= 3 or (sum(1 for i in items if i in values) < 2 and not closed):
                continue
            for item in (
                re.sub(r"^(?:a |an |the |two |three )|(?: (?:versions?|colou?rs?|sizes?|variants?|sets?))+$", "", i) for i in items
            ):
                last = item.split(" ")[0]
                if not re.match(r"[a-z]{3}", last):
                    continue
                if (
                    item not in values
                    and not any(last in v.split(" ") or v.startswith(last) for v in values)
                    and not any(last in f.words for f in facts)
                ):
                    found.append(("variant", item))
    for match in _COLOURS_ZH.finditer(folded):
        products, _ = bind(match.start(), match.end())
        facts = [table.products[p] for p in products if p in table.products]
        values_zh = "".join(v for f in facts for variant in f.variants for vs in variant.options.values() for v in vs)
        for item in re.split(r"[、和及]", match["list"]):
            if facts and len(facts) <= 3 and item and item[:1] not in values_zh:
                found.append(("variant", item))
    for match in _NAMED_ZH.finditer(folded):
        word = match["word"]
        if not any(word[i : i + 2] in table.vocabulary for i in range(len(word) - 1)):
            found.append(("variant", word))
    return found


_NAMED = frozenset({"carrier", "payment"})
"""Promises that name somebody: the rule must name the same."""
_CHEAPEST = re.compile(r"\bcheapest\b|lowest[ -]priced|least expensive|most affordable|最便宜|价格最低|最实惠")
_DEAREST = re.compile(r"most expensive|highest[ -]priced|priciest|最贵|价格最高")
_AGAINST = re.compile(
    r"(?P<less>cheaper than|less expensive than|costs? less than|比[^,。]{2,40}(?:便宜|实惠))|(?P<more>dearer than|more expensive than|costs? more than|pricier than|比[^,。]{2,40}贵)"
)
_COLOURS = (
    "black|黑色", "white|白色", "red|红色", "blue|蓝色", "green|绿色", "yellow|黄色", "pink|粉色|粉红色", "purple|紫色", "orange|橙色|橘色", "brown|棕色|咖啡色", "gr[ae]y|灰色",
    "beige|米色", "gold(?:en)?|金色", "silver|银色", "navy|藏青色?|海军蓝|深蓝色", "turquoise|青色|湖蓝", "cream|奶油色", "burgundy|酒红色?", "khaki|卡其色?", "rose gold|玫瑰金",
)  # fmt: skip
_COLOUR = tuple(re.compile(rf"(?<![a-z])(?:{pattern})(?![a-z])") for pattern in _COLOURS)
_SENSE = re.compile(r"(?:colou?rs?|available|comes?|sold|stock|offered?|version|one|model|variant|有|颜色|款|可选|提供|版)")


def word_violations(
    sentence: Sentence, claims: tuple[Claim, ...], table: FactTable, bind: Bind, variants: Variants
) -> list[tuple[str, str]]:
    """(kind, words) of every promise in words that the evidence does not hold."""
    found: list[tuple[str, str]] = []
    found += _stock(sentence, table, bind, variants)
    found += _reductions(sentence, claims, table, bind)
    found += _free(sentence, claims, table, bind)
    found += _promised(sentence, table)
    found += _paid_by_us(sentence, table)
    found += _listed_values(sentence, table, bind)
    found += _extremes(sentence, table, bind)
    found += _colours(sentence, table, bind)
    return found


def _negated(sentence: Sentence, start: int) -> bool:
    return _NO.search(sentence.folded[max(0, start - 40) : start]) is not None


def _stock(sentence: Sentence, table: FactTable, bind: Bind, variants: Variants) -> list[tuple[str, str]]:
    folded = sentence.folded
    found: list[tuple[str, str]] = []
    for match in _RESTOCK.finditer(folded):
        if not _negated(sentence, match.start()) and "?" not in folded and not any(_RESTOCK.search(line.folded) for line in table.lines):
            found.append(("stock", match.group()))
    if _OPEN.search(folded):
        return found
    outs = [(m.start(), m.end()) for m in _OUT.finditer(folded)]
    for pattern, check in ((_OUT, _is_out), (_IN, _is_in), (_FEW, _is_few), (_LATER, _is_later), (_GONE, _is_gone)):
        for match in pattern.finditer(folded):
            if pattern is not _OUT and any(s <= match.start() < e for s, e in outs):
                continue
            if pattern is not _OUT and _negated(sentence, match.start()):
                continue
            if pattern is _OUT and re.match(r"out|sold|缺|售|卖|断|无", match.group()) and _negated(sentence, match.start()):
                check_now, word = _is_in, match.group()
            else:
                check_now, word = check, match.group()
            if pattern in (_LATER, _IN) and _in_rules(match.group(), pattern, sentence, table):
                continue
            products, named = bind(match.start(), match.end())
            if not products or (not named and len(products) > 1):
                states = [v.offer.availability.state for p in products for v in table.products[p].variants]
                if states and not any(check_now([s]) for s in states):
                    found.append(("stock", word))
                continue
            chosen = variants(products, sentence, match.start(), match.end())
            whole = [v for p in products if p in table.products for v in table.products[p].variants]
            states = [v.offer.availability.state for v in chosen]
            listed = sentence.folded[max(0, match.start() - 60) : match.end()] if _EACH_OF.search(sentence.folded[: match.start()]) else ""
            if listed and check_now is _is_in:
                # "Cedar, osmanthus and fig are all in stock": each of them is meant.
                said = [v for v in whole if any(w and w in listed for values in v.options.values() for w in values)]
                chosen = said or chosen
                states = [v.offer.availability.state for v in chosen]
            each = check_now is _is_in and (bool(listed) or _ALL.search(sentence.clause_text(match.start())))
            if not check_now(states) or (each and not all(_is_in([s]) for s in states)):
                # "Not available in pink" is true of what is not made in pink.
                colour_missing = (
                    check_now is _is_out
                    and len(chosen) == len(whole)
                    and any(
                        c.search(folded) and not any(c.search(value) for v in whole for values in v.options.values() for value in values)
                        for c in _COLOUR
                    )
                )
                if not colour_missing:
                    found.append(("stock", word))
    return found


def _in_rules(word: str, pattern: re.Pattern[str], sentence: Sentence, table: FactTable) -> bool:
    """A rule of the shop speaks of stock in general ("preorders are charged on the day they ship"), and the sentence is about the rule."""
    if any(m.own for m in sentence.mentions):
        return False
    return any(pattern.search(line.folded) and len(sentence.words & line.words) >= 2 for line in table.lines)


def _is_out(states: list[AvailabilityState]) -> bool:
    return bool(states) and all(not s.buyable for s in states)


def _is_in(states: list[AvailabilityState]) -> bool:
    return any(s in (AvailabilityState.IN_STOCK, AvailabilityState.LOW) for s in states)


def _is_few(states: list[AvailabilityState]) -> bool:
    return AvailabilityState.LOW in states


def _is_later(states: list[AvailabilityState]) -> bool:
    return any(s in (AvailabilityState.PREORDER, AvailabilityState.BACKORDER) for s in states)


def _is_gone(states: list[AvailabilityState]) -> bool:
    return AvailabilityState.DISCONTINUED in states


def _reductions(sentence: Sentence, claims: tuple[Claim, ...], table: FactTable, bind: Bind) -> list[tuple[str, str]]:
    match = _SALE.search(sentence.folded)
    if match is None or _negated(sentence, match.start()) or "?" in sentence.folded:
        return []
    products, _ = bind(match.start(), match.end())
    facts = [table.products[p] for p in products if p in table.products]
    if any(v.listed is not None for f in facts for v in f.variants):
        return []
    if any(m.own for m in sentence.mentions):
        if any(f.promotions for f in facts):
            coded = {c.unit for c in claims if c.kind == "code"} & {p.code.casefold() for p in table.promotions}
            fitting = {p.code.casefold() for f in facts for p in f.promotions}
            return [] if not coded or coded & fitting else [("discount", match.group())]
        return [("discount", match.group())]
    if table.promotions or any(_SALE.search(line.folded) and not line.over for line in table.lines):
        return []
    return [("discount", match.group())]


_NO_MINIMUM = re.compile(
    r"no minimum|without (?:a |any )?minimum|no (?:order )?threshold|regardless of|any (?:order|amount)|(?:没有|无|不设|不限)(?:任何)?(?:门槛|金额|条件|最低)|不限|0\s?元|任意金额"
)


def _free(sentence: Sentence, claims: tuple[Claim, ...], table: FactTable, bind: Bind) -> list[tuple[str, str]]:
    folded = sentence.folded
    found = []
    for match in _FREE.finditer(folded):
        around = folded[max(0, match.start() - 14) : match.end() + 12]
        if _FREE_OF.search(around) or _negated(sentence, match.start()) or folded[match.end() :].startswith("-") or "?" in folded:
            continue
        clause = sentence.clause_text(match.start()) + match.group()
        topics = [t for t in _TOPICS if t.search(clause)] or [t for t in _TOPICS if t.search(folded)]
        lines = [
            line
            for line in table.lines
            if not line.over
            and _GIVEN_FREE.search(line.folded)
            and not re.search(r"never free|is never|不参加包邮|不免", line.folded)
            and (not topics or any(t.search(f"{line.folded} {' '.join(line.context)}") for t in topics))
        ]
        if not topics or topics == [_TOPICS[9]]:
            thing = frozenset(stems(clause)) - _GENEROUS
            lines = [line for line in lines if thing & line.words]
        products, _ = bind(match.start(), match.end())
        own = [line for p in products if p in table.products for line in table.products[p].lines if _FREE.search(line.folded)]
        if not lines and not own:
            found.append(("free", match.group()))
            continue
        shipping = _TOPICS[0].search(clause) and not _TOPICS[1].search(clause)
        conditional = [line for line in lines if any(c.kind == "money" for c in line.claims)]
        if shipping and not own and conditional and not _TOPICS[4].search(folded):
            stated = any(c.kind == "money" for c in claims) or re.search(
                r"from|over|above|threshold|minimum|qualif|满|以上|门槛|达到|条件", folded
            )
            if not stated or _NO_MINIMUM.search(folded):
                found.append(("free", match.group()))
                continue
        if everywhere(clause) and not any(everywhere(line.folded) for line in lines):
            found.append(("free", match.group()))
    return found


_QUOTE = re.compile(r"\"([^\"]{4,})\"")


def _promised(sentence: Sentence, table: FactTable) -> list[tuple[str, str]]:
    found = []
    # What a buyer said, word for word, promises nothing.
    folded = _QUOTE.sub(lambda m: " " * len(m.group()) if m[1] in table.text else m.group(), sentence.folded)
    for name, pattern in _PROMISES:
        match = pattern.search(folded)
        if match is None or _negated(sentence, match.start()) or _negated(sentence, match.end()) or "?" in sentence.folded:
            continue
        held = [
            line
            for line in table.lines
            if not line.over and (m := pattern.search(line.folded)) and not _NO.search(line.folded[max(0, m.start() - 40) : m.start()])
        ]
        held += [
            line
            for p in table.products.values()
            for line in p.lines
            if line.kind != "review"
            and (m := pattern.search(line.folded))
            and not _NO.search(line.folded[max(0, m.start() - 40) : m.start()])
        ]
        if name in _NAMED:
            held = [line for line in held if match.group() in line.folded]
        if not held:
            found.append(("promise", match.group()))
    return found


def _extremes(sentence: Sentence, table: FactTable, bind: Bind) -> list[tuple[str, str]]:
    found = []
    flat = [group for _, _, groups in sentence.units for group in groups]
    against = _AGAINST.search(sentence.folded)
    if against is not None and len(flat) == 2 and "?" not in sentence.folded and not _negated(sentence, against.start()):
        first, second = ([x for p in group for x in _prices(table.products.get(p))] for group in flat)
        cheaper = against.lastgroup == "less"
        if first and second and not (min(first) < min(second) if cheaper else min(first) > min(second)):
            found.append(("price", against.group()))
    for pattern, best in ((_CHEAPEST, min), (_DEAREST, max)):
        match = pattern.search(sentence.folded)
        if match is None or "?" in sentence.folded or _negated(sentence, match.start()):
            continue
        products, named = bind(match.start(), match.end())
        own = [x for p in products for x in _prices(table.products.get(p))]
        if not own or len(products) > 3 or (not named and len(products) > 1):
            continue
        scope = {p for m in sentence.mentions if not m.own for p in m.products} or set(table.found)
        everyone = [x for p in scope | products for x in _prices(table.products[p])]
        if not table.conditioned and not _OF_THESE.search(sentence.folded):
            everyone += [x for p in products for x in _prices_of_kind(p, table)]
        if best(own) != best(everyone):
            found.append(("price", match.group()))
    return found


_OF_THESE = re.compile(r"of (?:the|these|those|them|your)\b|\bamong\b|\bbetween\b|其中|之中|里面|这[几两三]|两者|[两三]款")


def _prices_of_kind(product_id: str, table: FactTable) -> list[float]:
    """What is paid now for goods of the same categories."""
    view, now = table.findings.view, table.findings.now
    offers = (
        table.findings.offers.get(v.sku) or view.offers.get(v.sku) for i in table.shop.mates(product_id) for v in view.products[i].variants
    )
    return [float(paid.major) for offer in offers if offer is not None and (paid := offer.offer.paid(now)) is not None]


def _prices(facts: ProductFacts | None) -> list[float]:
    return [v.paid for v in facts.variants if v.paid is not None] if facts else []


def _colours(sentence: Sentence, table: FactTable, bind: Bind) -> list[tuple[str, str]]:
    """A colour said of a product that has none such."""
    found = []
    for colour in _COLOUR:
        match = colour.search(sentence.folded)
        if match is not None and any(m.own and m.start <= match.start() and match.end() <= m.end for m in sentence.mentions):
            continue
        if match is None or "?" in sentence.folded or not _SENSE.search(sentence.folded):
            continue
        clause = sentence.clause_text(match.start())
        products, named = bind(match.start(), match.end())
        if (
            not named
            or not products
            or _NO.search(clause[: clause.find(match.group())][-30:])
            or _OUT.search(clause)
            or re.search(r"\bno\b|\bnot\b|n't\b|没有|不|无", clause)
        ):
            continue
        if not any(colour.search(table.products[p].text) for p in products if p in table.products):
            found.append(("variant", match.group()))
    return found
