"""Whether a question is about what others say who bought it: "do people complain about it", 大家用着怎么样, 有人说漏水吗."""

import re

from knowledge.folding import fold

_OTHERS = (
    r"(?:people|ppl|buyers?|customers?|users|owners|others|anyone|anybody|someone|folks|reviewers?|everyone|those who (?:bought|have) it)"
)
_SAY = r"(?:say|says|said|saying|complain|complains|complained|complaining|think|thinks|report|reported|mention|mentioned|write|wrote|like|likes|love|hate|happy|unhappy|satisfied|find|found|notice|noticed|experience)"
_HEARSAY = re.compile(
    rf"\breviews?\b|\bratings?\b|\b{_OTHERS}\b.{{0,24}}\b{_SAY}\b|\bcomplaints? (?:about|on|with|for)\b|\b(?:any|many|other people's) complaints\b|\bfeedback (?:on|about|for)\b"
    r"|评价|口碑|评论|好评(?!返)|买家(?:怎么|说|反馈)|(?:大家|别人|人家|有人|其他人|顾客|网友|用户|(?:用|买|喝|吃|穿)过的?(?:人|客人|朋友|顾客)).{0,6}(?:说|觉得|反映|反馈|抱怨|吐槽|嫌|用着|用得|用下来|感觉|满意|咋样|怎么样|如何)"
)
_OWN = re.compile(
    r"\b(?:i want|i'd like|i would like|i need|let me|can i|where do i|how do i) .{0,20}(?:complain|review)|我要|我想|给你们|怎么(?:写|发)"
)


def asks_what_others_say(text: str) -> bool:
    """Asks for buyers' words, not to write some."""
    folded = fold(text)
    return bool(_HEARSAY.search(folded)) and not _OWN.search(folded)


def without_hearsay(text: str) -> str:
    """What they are said to say: the question without the words that ask for others' words."""
    return _HEARSAY.sub(" ", fold(text))
