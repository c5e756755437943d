"""Shapes of words around a claim that several checks look for."""

import re

from bot.answering.mentions import Sentence

UNDER = re.compile(
    r"(?:under|below|within|up to|less than|no more than|at most|beneath|budget(?: of)?|maximum|cheaper than|不超过|低于|少于|小于|不到|预算|最多)\W*(?:of|is|your|the|是|在|为)?\W*$"
)
UNDER_AFTER = re.compile(r"^\s*(?:or less|or under|and under|budget|limit|以内|以下|之内|之下|预算|左右的预算)")
OVER = re.compile(r"(?:over|above|more than|at least|from|upwards of|超过|高于|大于|多于|不低于|至少|满)\W*$")
OVER_AFTER = re.compile(r"^\s*(?:or more|and up|and above|or above|以上|起)")
AROUND = re.compile(r"(?:around|about|roughly|approximately|near|close to|大约|大概|约|差不多)\W*$")
AROUND_AFTER = re.compile(r"^\s*(?:or so|左右|上下|前后)")
RATING = re.compile(r"stars?|rat(?:ed|ing|ings)|out of|score|average|评分|星|平均|打分|满分|/\s?5")
REVIEW = re.compile(r"review|buyer|customer|rating|people|评价|评论|买家|顾客|条")
DISCOUNT = re.compile(r"off\b|discount|sav(?:e|ing)|reduc|cheaper|\bsale\b|coupon|code|折|优惠|减|省|降|便宜|促销|特价|返")
NEGATED = re.compile(
    r"\bno\b|\bnot\b|n't\b|\bcannot\b|\bnever\b|\bunable\b|\bwithout\b|\bnone\b|\bnothing\b|\bneither\b|\bcouldn|\bdon.t\b|不|没|无|未|别|非"
)
PAST = re.compile(r"\bended\b|\bexpired\b|\bover\b|no longer|\bfinished\b|\bwas only\b|\bpast\b|结束|过期|失效|已过|不再|停止|只限")
CONDITION = re.compile(
    r"(?:\bfor|\bif you|\byour|\byou (?:want|need|asked|mentioned|are looking)|\bwithin|\bunder|\bbelow|\bover|\babove|\bbetween|\bup to|\bat least|looking for|您(?:要|说|想|需|提|的)|你(?:要|说|想|需|提|的)|需要|想要|预算|不超过|至少|如果|要求)[^.。]{0,24}$"
)
DENIES = re.compile(
    r"(?:\bno\b|\bnot\b|n't\b|\bno longer\b|\bcannot\b|\bnever\b|\bwithout\b|\bnone\b|\bnor\b|\bneither\b|\bdon.t (?:have|offer|see)|不(?!仅|但|锈|限)|没有?|无(?!线|花果|级|极|缝|论|印)|未|非|并无|暂无|别)[^,;.，。；]{0,26}$"
)
"""A denial that reaches up to where the text ends."""


def denied_before(sentence: Sentence, start: int) -> bool:
    """Whether the words just before a place deny what stands there."""
    return DENIES.search(sentence.folded[max(0, start - 40) : start]) is not None
