"""For whom or what a thing is meant."""

import re

from bot.understanding.lexicon import values
from bot.understanding.words_read import WordsRead
from knowledge.folding import fold

_FOR = re.compile(
    r"\b(?:as a (?:gift|present) for|(?:a )?(?:gift|present)s? for|suitable for|good for|great for|perfect for|ideal for|for use (?:in|on|at)|to use (?:in|on|at)|for)\s+"
    r"(?P<x>(?!it\b|this\b|that\b|them\b|sale\b|free\b|less\b|under\b|around\b|about\b|me\b|you\b|the price|price|more than|how|what|which|\$|\d)"
    r"[a-z][\w'-]*(?:\s+(?!under\b|below\b|around\b|that\b|which\b|with\b|and\b|in\b|please\b|less\b|between\b|who\b|is\b|are\b|at\b|on\b|or\b|not\b|without\b|has\b|have\b|does\b|do\b|can\b|from\b|up\b|over\b|about\b|to\b)[\w'-]+){0,3})"
)
_FOR_ZH = (
    re.compile(r"(?:送给|送|给)(?P<x>(?:我|我的|我家|咱)?[\u4e00-\u9fff]{1,5}?)(?:的?(?:生日|礼物|结婚|新年|圣诞|节日)[\u4e00-\u9fff]{0,4}|的|用|买|推荐|选|挑|合适|，|,|。|\?|？|$|\s)"),
    re.compile(r"(?:适合|适用于|用于|用来|拿来|为了)(?P<x>[\u4e00-\u9fff]{2,8}?)(?:用的|使用|用|的|吗|嘛|，|,|。|\?|？|$|\s)"),
    re.compile(r"(?P<x>(?:上班|通勤|雨天通勤|雨天|旅行|旅游|出差|露营|徒步|登山|爬山|跑步|健身|办公|办公室|学习|宿舍|居家|户外|骑车|骑行|钓鱼|野餐|开车|车载|上学|考试|睡觉|约会|婚礼|圣诞|生日|春游|自驾|游泳|瑜伽|送礼|日常))(?:时)?(?:用|穿|背|带|喝|戴|盖|使|场合)"),
)  # fmt: skip


def purpose_in(reading: WordsRead) -> str:
    """ "my dad", 雨天通勤; "" where none is said."""
    english = _FOR.search(reading.folded)
    if english and reading.free(*english.span("x")):
        said = reading.text[english.start("x") : english.end("x")].strip()
        if fold(said) not in {"my", "the", "a", "an", "some", "any"} and not re.match(r"(?:how|what|which)\b", fold(said)):
            return said
    for pattern in _FOR_ZH:
        chinese = pattern.search(reading.folded)
        if chinese:
            person = values().people.find(reading.folded[chinese.start("x") : chinese.end("x")])
            if person:
                return person[0].value
            said = reading.text[chinese.start("x") : chinese.end("x")]
            if fold(said) in {"我", "你", "您", "他", "她", "我们", "我的", "什么", "谁", "哪里", "个", "推荐", "什么人"}:
                continue
            return said.removeprefix("我的").removeprefix("我家") if len(said) > 3 else said.removeprefix("我") or said
    person = values().people.find(reading.row)
    gift = re.search(r"送|礼物|gift|present", reading.folded)
    return reading.text[person[0].start : person[0].end] if person and gift else ""
