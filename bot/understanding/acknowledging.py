"""Messages that say no more than that one was heard: "ok", 好的, a thumb."""

import re

from bot.understanding.lexicon import lexicon
from knowledge.folding import fold

_APPROVING = re.compile("[👍👌🙏🙂😊😀😃😄😁😂🤣😍🥰🎉💯✅🆗❤♥]")
_MARKS = re.compile(r"[^\w\s']|_")
_ENDING = re.compile(r"(?<=[\u4e00-\u9fff])[了啦哈呢啊呀哦喔的吧]+$")


def acknowledges(text: str) -> bool:
    """Whether a message asks and says nothing: it wants a word back, no answer and no question."""
    if len(text) > 60 or "?" in text or "？" in text:
        return False
    said = " ".join(_MARKS.sub(" ", fold(text)).split())
    if not said:
        return bool(_APPROVING.search(text))
    known = lexicon().plain["acknowledged"]
    return said in known or all(word in known or _ENDING.sub("", word) in known for word in said.split())
