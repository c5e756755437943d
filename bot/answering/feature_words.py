"""Words for what goods can do, in Chinese and English, and what the lines of a product say of each."""

import re
from collections.abc import Iterable

from bot.answering.evidence_lines import Line

FEATURES = tuple(
    re.compile(pattern)
    for pattern in (
        r"noise[- ]?cancel\w*|cancels? (?:out )?noise|\banc\b|降噪",
        r"keep(?:s|ing)?[- ]warm\b|keeps? (?:the |your )?(?:water|food|tea|rice|it|them)? ?warm\b|保温(?!杯|水壶|水杯|瓶|壶|咖啡杯)",
        r"dish-?washer|洗碗机",
        r"machine[- ]wash\w*|washing machine|washable in the machine|机洗",
        r"microwav\w*|微波炉",
        r"\boven\b|ovenproof|烤箱",
        r"\bhob\b|\bstove(?:[- ]?top)?\b|open (?:gas|fire|flame)|明火|上炉|直火|炉灶",
        r"\binduction\b|电磁炉",
        r"wireless(?:ly)? charg\w*|charg\w* (?:\w+ )?wireless(?:ly)?|无线充电",
        r"convert\w* (?:the )?voltage|voltage (?:is )?conver\w*|(?:转换|变换|改变)电压|电压转换|变压",
        r"\bstereo\b|立体声",
        r"\busb\b|usb-[ac]\b|usb",
        r"dry[- ]?clean\w*|professional clean\w*|干洗|专业清洗",
        r"(?:four|4|all)[- ]seasons?|all year|year[- ]round|四季(?:可用|通用|帐|皆|都)|全年可用",
        r"\b(?:cup|bottle) holder|杯架|杯托",
        r"\bheadrest\b|头枕",
        r"\btsa\b|combination lock|密码锁|海关锁",
        r"laptop (?:sleeve|compartment|pocket)|电脑(?:夹层|隔层|仓|层)",
        r"carry[- ]?on\b(?! about)|可?登机(?!箱)|带上飞机",
        r"water-?proof\w*|watertight|防水",
        r"\bfold(?:s|ing|able|ed)?(?: flat| down| up)?\b|collapsible|折叠",
        r"\bstepless\b|无[级极]调",
        r"battery[- ](?:powered|operated)|runs? (?:\w+ ){0,4}on (?:\w+ ){0,3}batter|(?:用|靠|装)电池",
        r"\bbluetooth\b|蓝牙",
        r"\bwi-?fi\b|无线网",
        r"touch[- ](?:control\w*|screen|sensitive)|触控|触摸",
        r"voice (?:control\w*|assistant)|语音(?:助手|控制)",
        r"(?:fast|quick|rapid)[- ]charg\w*|快充|快速充电",
        r"leak[- ]?proof|does not leak|do not leak|doesn't leak|防漏|不漏水?",
        r"\bvegan\b|纯素",
        r"\borganic(?:ally)?\b|有机",
        r"caffeine[- ]?free|decaf\w*|(?:without|no|free of) caffeine|(?:无|不含)咖啡因",
        r"\bcaffeine\b(?![- ]free)|咖啡因",
        r"gluten[- ]free|without gluten|(?:无|不含)麸质",
        r"hypo-?allergenic|allerg\w+|过敏",
        r"\bupf\b|\buv\b|ultraviolet|紫外线|防晒",
        r"wind-?(?:proof|resistant)|防风|抗风",
        r"\brfid\b|防盗刷",
        r"\breflect(?:ive|ors?)\b|反光",
        r"rain[- ]?cover|防雨罩",
        r"boil[- ]dry|防干烧",
        r"non-?stick|不粘",
        r"carbonated|fizzy|sparkling (?:water|drinks?)|碳酸",
        r"\brechargeable\b|可充电",
        r"\bfloats?\b|浮在水|能漂|漂浮|浮起",
        r"built-in (?:gps|camera|microphone)|内置(?:麦克风|摄像头|gps)",
        r"\bsolar\b|太阳能",
        r"remote control|遥控",
        r"scratch-?(?:proof|resistant)|防刮|耐刮",
        r"shock-?(?:proof|resistant)|drop-?proof|防摔|防震",
        r"fire-?(?:proof|resistant)|flame-?retardant|防火|阻燃",
        r"power bank (?:is )?included|(?:with|includes?|including) (?:a |the )?power bank|(?:自带|含|附|赠)充电宝",
        r"bulbs? (?:\w+ )?(?:is |are |comes? )?included|bulb included|(?:with|includes?|including) (?:a |the )?bulb|(?:自带|含|附带?|赠)灯泡",
        r"cable (?:is )?included|(?:with|includes?|including) (?:a |the )?(?:charging |usb-c )?cable|(?:自带|含|附带?|赠)(?:数据|充电)线",
    )
)
ANY_FEATURE = re.compile("|".join(p.pattern for p in FEATURES))
NO = re.compile(
    r"\bno\b|\bnot\b|n't\b|\bcannot\b|\bnever\b|\bwithout\b|\bnone\b|\bnor\b|\bneither\b|\blacks?\b|\bexcept\b|\bonly the\b|不(?!仅|但|只|锈|粘|漏)|没|无(?!线|级|极|论)|未|非|勿|别(?!人|的)|否|免(?=用)|切勿|缺少"
)
CLAUSES = re.compile(r"[,，;；。.!?](?!\d)|\bbut\b|\bwhile\b|\bwhereas\b|但是?|而(?!且)|不过")
_VALUE_NO = re.compile(r"^(?:no|none|not|non|without|never|nil|n/?a|false|否|无(?!线)|無|不(?!锈)|没有|沒有|未|非)(?![a-z])")
_PARTLY = re.compile(r"\bonly\b|\bexcept\b|\bpart(?:ly|ially)?\b|\bsome\b|仅|只|除|部分")


def said_of(lines: Iterable[Line]) -> dict[int, frozenset[bool]]:
    """Feature (by place in the table) → what a product's lines say of it: True, False or both; features not spoken of are left out."""
    out: dict[int, set[bool]] = {}
    for line in lines:
        if line.kind == "review" or not ANY_FEATURE.search(line.folded):
            continue
        for number, pattern in enumerate(FEATURES):
            for match in pattern.finditer(line.folded):
                out.setdefault(number, set()).update(_stated(line, match))
    return {number: frozenset(states) for number, states in out.items()}


def _stated(line: Line, match: re.Match[str]) -> set[bool]:
    name, colon, value = line.folded.partition(": ")
    if line.kind in ("attribute", "option") and colon and match.end() <= len(name):
        if _PARTLY.search(value):
            return {True, False}
        return {_VALUE_NO.match(value.strip()) is None}
    return {not denied(line.folded, match)}


def denied(text: str, match: re.Match[str]) -> bool:
    """Whether the clause around a match denies something."""
    left = max((m.end() for m in CLAUSES.finditer(text) if m.end() <= match.start()), default=0)
    right = min((m.start() for m in CLAUSES.finditer(text) if m.start() >= match.end()), default=len(text))
    return NO.search(text[left : match.start()] + " \x00 " + text[match.end() : right]) is not None
