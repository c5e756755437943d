"""The kind of thing that a question asks for, and how an answer of that kind looks (answer typing, as in question answering since Li & Roth
2002)."""

import re

from bot.understanding.paying import WHO_PAYS
from knowledge.folding import fold

_TIME = re.compile(
    r"\d\s*(?:business |working |calendar )?(?:days?|hours?|hrs?|weeks?|months?|years?|minutes?)\b|\d\s*(?:个)?(?:工作日|天|日内|小时|周|个月|年|分钟)"
)
_KINDS = (
    (
        re.compile(
            r"\bhow (?:long|soon|fast|many (?:days|hours|hrs|weeks|months|years))\b|\bwhen\b"
            r"|几天|多久|多长时间|几个?(?:小时|月|星期|周)|几年|什么时候|何时"
        ),
        _TIME,
    ),
    (
        re.compile(
            r"\bhow much\b|\bwhat(?:'s|s| is| are)? (?:the )?(?:postage|shipping|delivery)\b(?! time)|\b(?:costs?|fees?|charges?|price|prices)\b|\b(?:from|over|above|minimum) (?:what|which|how much)\b|\bminimum\b"
            r"|多少钱|多少|几块|费用|收费|几钱|门槛|起送|(?:运费|邮费|快递费).{0,2}(?:怎么|如何|咋)(?:算|收|计)"
        ),
        re.compile(r"[$€£¥￥]\s?\d|\d(?:[.,]\d+)?\s*(?:元|美元|块|usd|eur|gbp|cny|dollars|euros?|pounds)|\bfree\b|免费|包邮"),
    ),
    (
        re.compile(r"\bfree (?:shipping|delivery|postage|returns?)\b|\b(?:shipping|delivery|postage) (?:is )?free\b|包邮|免运|免邮"),
        re.compile(r"\bfree\b|免运费|免邮|包邮|免费|不收"),
    ),
    (
        WHO_PAYS,
        re.compile(
            r"\b(?:you|we|customers?|buyers?|us) (?:\w+ )?(?:pays?|covers?|bears?|deducts?|takes? .{1,12} off)\b|\bpaid by\b|\bown (?:cost|expense)s?\b"
            r"|\b(?:deducted|taken off|at (?:your|our|no) (?:own )?(?:cost|expense|charge)|free of charge|is (?:on us|free))\b"
            r"|(?:买家|卖家|买方|卖方|顾客|客户|您|你|我们|本店|我方|商家|店家|自己|自行)(?:来)?(?:承担|出|付|支付|负担|负责)|自理|自费|到付"
        ),
    ),
    (
        re.compile(
            r"\baddress\b|\bwhere (?:are you|is (?:the|your) (?:shop|store|showroom|studio|office))|\blocated\b|地址|在哪(?!款|个|种|一)|哪条路|位置"
        ),
        re.compile(
            r"\b\d+[a-z]?,? (?:[\w'’.-]+ ){1,4}(?:st|street|rd|road|ave|avenue|lane|ln|drive|dr|boulevard|blvd|square|way|place|court|quay|row)\b"
            r"|\b[\w-]+(?:stra(?:ss|ß)e|straat|gasse|weg|platz|laan|gracht|plein)\b ?\d*|\b(?:rue|via|calle|avenida) [\w'’ ]+\d*|[路街巷道弄]\s?\d+\s?号"
        ),
    ),
    (
        re.compile(r"\b(?:phone|telephone|call|ring)\b|\bnumber\b|电话|热线|号码"),
        re.compile(r"(?<![\d/-])\+?\(?\d[\d() -]{6,}\d(?![\d/])"),
    ),
    (re.compile(r"\be-?mail\b|邮箱|邮件"), re.compile(r"[\w.+-]+@[\w-]+\.\w+")),
    (
        re.compile(r"\b(?:open|close[sd]?|closing|opening|hours)\b|几点|营业|开门|关门|上班|下班"),
        re.compile(r"(?<!\d)\d{1,2}(?:[:.]\d\d)? ?[ap]\.?m\b|(?<!\d)\d{1,2}[:：]\d\d|\d点"),
    ),
)


def kinds_asked(question: str) -> list[re.Pattern[str]]:
    """How folded text looks that holds what is asked for: a time, an amount, an address; [] for no such kind."""
    asked = fold(question)
    return [answer for question_, answer in _KINDS if question_.search(asked)]


def without_kinds(question: str) -> str:
    """A folded question without the words that ask for a kind of thing."""
    asked = fold(question)
    for question_, _ in _KINDS:
        asked = question_.sub(" ", asked)
    return asked


def telling_share(question: str, text: str) -> float:
    """Of the kinds of things that a question asks for, the share that a text holds; 0 where none is asked for."""
    wanted = kinds_asked(question)
    said = fold(text) if wanted else ""
    return sum(1 for answer in wanted if answer.search(said)) / len(wanted) if wanted else 0.0
