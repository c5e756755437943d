"""Messages that say no more than that one was heard ("ok", 好的, a thumb), or that somebody is there ("anyone there?", 在)."""

import re
from functools import lru_cache

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
    words = said.split()
    while words:  # "ok let me think about it": phrase by phrase, the longest first
        length = next((n for n in range(len(words), 0, -1) if _heard(" ".join(words[:n]), known)), 0)
        if not length:
            return False
        words = words[length:]
    return True


def hails(text: str) -> bool:
    """Whether a message only calls for somebody: 在, "anyone there?"."""
    said = " ".join(_MARKS.sub(" ", fold(text[:60])).split())
    return said in lexicon().plain["hails"]


def _heard(word: str, known: frozenset[str]) -> bool:
    """Whether a word, or each of those that it is written together of (哈哈好的), is one of these."""
    return word in known or _ENDING.sub("", word) in known or bool(_several(known).fullmatch(word))


@lru_cache(maxsize=2)
def _several(known: frozenset[str]) -> re.Pattern[str]:
    """Two or more of those words in a row, each of two characters at least but the first: 嗯好的, 哈哈行吧."""
    chinese = sorted((word for word in known if not word.isascii()), key=len, reverse=True)
    longer = "|".join(map(re.escape, (word for word in chinese if len(word) > 1)))
    return re.compile(f"(?:{'|'.join(map(re.escape, chinese))})(?:{longer})+[了啦哈呢啊呀哦喔的吧]*")
