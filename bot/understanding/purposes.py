"""For whom or what a thing is meant, and what that person likes: "my dad", 雨天通勤; "loves trains", 喜欢喝茶."""

import re

from bot.understanding.lexicon import lexicon, values
from bot.understanding.words_read import WordsRead
from knowledge.folding import fold
from knowledge.phrases import Token

_GIVEN = 10
"""Tokens between 送 and for whom it is."""

_FOR = re.compile(
    r"\b(?:as a (?:gift|present) for|(?:a )?(?:gift|present)s? for|suitable for|good for|great for|perfect for|ideal for|for use (?:in|on|at)|to use (?:in|on|at)|for)\s+"
    r"(?P<x>(?!it\b|this\b|that\b|them\b|sale\b|free\b|less\b|under\b|around\b|about\b|me\b|you\b|the price|price|more than|how|what|which|\$|\d)"
    r"[a-z][\w'-]*(?:\s+(?!under\b|below\b|around\b|that\b|which\b|with\b|and\b|in\b|please\b|less\b|between\b|who\b|is\b|are\b|at\b|on\b|or\b|not\b|without\b|has\b|have\b|does\b|do\b|can\b|from\b|up\b|over\b|about\b|to\b)[\w'-]+){0,3})"
)
_FOR_ZH = (
    re.compile(r"(?P<x>[\u4e00-\u9fff]{2,6}?)用的(?:东西|产品|商品|工具|装备|用品)"),
    re.compile(r"(?:送给|送|给)(?P<x>(?:我|我的|我家|咱)?[\u4e00-\u9fff]{1,5}?)(?:的?(?:生日|礼物|结婚|新年|圣诞|节日)[\u4e00-\u9fff]{0,4}|的|用|买|推荐|选|挑|合适|，|,|。|\?|？|$|\s)"),
    re.compile(r"(?:适合|适用于|用于|用来|拿来|为了)(?P<x>[\u4e00-\u9fff]{2,8}?)(?:用的|使用|用|的|吗|嘛|，|,|。|\?|？|$|\s)"),
    re.compile(r"(?P<x>(?:上班|通勤|雨天通勤|雨天|旅行|旅游|出差|露营|徒步|登山|爬山|跑步|健身|办公|办公室|学习|宿舍|居家|户外|骑车|骑行|钓鱼|野餐|开车|车载|上学|考试|睡觉|约会|婚礼|圣诞|生日|春游|自驾|游泳|瑜伽|送礼|日常))(?:时)?(?:用|穿|背|带|喝|戴|盖|使|场合)"),
)  # fmt: skip

_LIKES = (
    re.compile(
        r"\b(?:loves?|likes?|enjoys?|adores?|(?:is|are|he's|she's|they're|who's) (?:really |very |so |totally |big )?(?:into|fond of|keen on|crazy about|obsessed with|mad about)"
        r"|(?:a )?(?:big |huge )?fan of|passionate about|interested in|hobby is|hobbies are|can't live without)\s+(?:to\s+|doing\s+|a good\s+)?"
        r"(?P<x>(?!it\b|this\b|that\b|them\b|to\b|you\b)[a-z][\w'-]*(?:\s+(?!and\b|but\b|under\b|below\b|around\b|about\b|for\b|max\b|up\b|budget\b|who\b|with\b|less\b|what\b|so\b|any\b|w\b|please\b|at\b)[a-z][\w'-]*){0,3})"
    ),
    re.compile(
        r"\bwho\s+(?:(?:always|often|also|just|only|mostly)\s+)?(?P<x>(?!is\b|was\b|has\b|needs?\b|wants?\b|lives?\b|works?\b|does\b|turns?\b|gets?\b|uses?\b|knows?\b|likes?\b|loves?\b)[a-z]{3,}s(?:\s+(?!and\b|but\b|under\b|below\b|around\b|about\b|for\b|max\b|up\b|a lot\b|every\b|so\b)[a-z]+){0,2})\b"
    ),
    re.compile(r"\b(?P<x>[a-z][\w'-]*(?:\s[a-z][\w'-]*)?)\s(?:lover|enthusiast|fanatic|addict|nerd|geek|buff|fan)s?\b"),
    re.compile(r"(?:喜欢|喜歡|爱好(?:是)?|热爱|酷爱|迷上了?|沉迷|痴迷|热衷于?|常常?去?|经常|天天|(?<!可)(?<!恋)(?<!亲)爱(?![的人心吗车护情]))(?P<x>[\u4e00-\u9fff]{1,8}?)(?=的|，|,|。|！|？|!|\?|\s|送|买|选|推荐|预算|$)"),
)  # fmt: skip
_ARTICLES = re.compile(r"^(?:a|an|the|my|his|her|good|avid|keen|big|real|true|total|huge|for)\s+")


def interest_in(folded: str) -> tuple[str, int, int]:
    """What somebody likes or does, with its place in the folded text; "" where nothing is said."""
    for pattern in _LIKES:
        found = pattern.search(folded)
        if found and found["x"]:
            said = found["x"].strip()
            while cut := _ARTICLES.match(said):
                said = said[cut.end() :]
            people = values().people.find(said)
            if said and not (people and people[0].start == 0 and people[-1].end == len(said)):
                return said, found.start(), found.end()
    return "", 0, 0


def speaks_of_a_person(folded: str) -> bool:
    """Whether somebody is named by what they are to the writer: a niece, 我妈."""
    return bool(values().people.find(folded))


def is_present(row: list[Token]) -> bool:
    """Speaks of giving something to somebody: a present by its word, or 送 with a person after it."""
    if any(not _only_named(row, hit.first, hit.last) for hit in lexicon().words["gift"].find(row)):
        return True
    people = {hit.first for hit in values().people.find(row)}
    gives = [number for number, token in enumerate(row) if token.word == "送"]
    return any(0 < person - given <= _GIVEN for given in gives for person in people)


_WITH_GIFT = frozenset(["card", "wrap", "wrapping", "wrapped", "voucher", "certificate", "卡", "券", "包", "袋"])
"""After a word for a present these make another matter of it: a gift card, 礼物卡, 礼品袋."""
_WRAPS = frozenset(["wrap", "wrapped", "wrapping", "包", "装", "打", "卡"])


def only_wraps(row: list[Token]) -> bool:
    """Speaks of presents, but only of wrapping them or of gift cards."""
    found = lexicon().words["gift"].find(row)
    return bool(found) and all(_only_named(row, hit.first, hit.last) for hit in found)


def _only_named(row: list[Token], first: int, last: int) -> bool:
    """A word for a present that asks for wrapping or a card, not for something to give."""
    before = {token.word for token in row[max(0, first - 3) : first]}
    after = {token.word for token in row[last : last + 1]}
    return bool(after & _WITH_GIFT or before & _WRAPS)


def purpose_in(reading: WordsRead) -> str:
    """ "my dad", 雨天通勤; "" where none is said."""
    liked, start, end = interest_in(reading.folded)
    persons = values().people.find(reading.folded[:start] + " " * (end - start) + reading.folded[end:])
    small = [hit for hit in persons if "kids" in (values().person_gender.get(hit.value) or ())]
    if persons and (liked or (is_present(reading.row) and (small or not persons[0].value.isascii()))):
        return (small or persons)[0].value
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
    return reading.text[person[0].start : person[0].end] if person and is_present(reading.row) else ""


_COMPANY = re.compile(
    r"\b(?:goes?|go|wear|pair|match\w*|combine) (?:well |nicely |good |best |together )*with\b|\baccessor\w+|\badd[- ]?ons?\b|\badd to\b|\bwhat (?:else )?(?:can|could|should|do|would|might) (?:i|we|you)"
    r" (?:also )?(?:add|need|get|buy|wear|use|pair|combine)\b.{0,24}\b(?:with|to|for)\b|\bgoes? with (?:it|this|that|the)\b|搭配?什么|配什么|搭什么|怎么搭|搭配|配套|配件"
)


def asks_for_company(text: str) -> bool:
    """Whether something is wanted that goes with a thing, not something like it."""
    return bool(_COMPANY.search(fold(text)))
