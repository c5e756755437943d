"""The wordings by which a short message shows that it leaves something out, or that it does not."""

import re

from bot.understanding.asked import OPEN
from knowledge.folding import fold

_ABOUT = re.compile(r"\b(?:what|how) (?:about|of)\b")
_HAVE_IT = re.compile(
    r"^(?:那|那么)?(?:有没有|有)(?!多|什么|哪|啥).{1,14}(?:吗|么|嘛|没有?|的)?\W*$|^(?:and )?(?:do you have|is there|have you got|got)\b"
)
_THERE = re.compile(r"有(?:没有?|吗|么|嘛|不|木有)\W*$|有现货|\b(?:available|in stock)\b")
_BESIDE = re.compile(
    r"goes? (?:well )?with|pairs? with|similar|alternativ|like the|instead of|accessor|match|搭配|配|类似|差不多(?!钱|多少|大|重|高)|相近|近似|替代|平替|同类|一样的"
)
_WHICH_OF = re.compile(r"which|whose|哪|谁")
_COUNTED = re.compile(r"\bhow many\b(?! (?:for|do you have)\b)|(?:多少|几)(?:个|片|粒|颗|支|只|根|张|枚|条|节|块(?!钱)|瓶|袋|包)")
_ONE = re.compile(r"^(?:and |the |no,? )?.{0,24}\bone\W*$|的那?[个款把件支瓶]?(?:呢)?\W*$")
ELLIPTIC_MOST = 8
"""Words of a message that leaves out nearly all."""


def asks_openly(text: str) -> bool:
    """Has a question word of its own: "where does it come from", but not "what about the blue one"."""
    return bool(OPEN.search(_ABOUT.sub(" ", fold(text))))


def asks_for_one(text: str) -> bool:
    """Asks whether a thing is kept: "do you have ...", 有白色的吗."""
    return bool(_HAVE_IT.search(fold(text)))


def asks_if_there(text: str) -> bool:
    """Asks whether what was spoken of is to be had: 紫色有吗, "6 cup one available?"."""
    return bool(_THERE.search(fold(text)))


def stands_beside(text: str) -> bool:
    """Asks for what goes with a product or is like it."""
    return bool(_BESIDE.search(fold(text)))


def asks_which(text: str) -> bool:
    """Asks which of several."""
    return bool(_WHICH_OF.search(fold(text)))


def counts_things(text: str) -> bool:
    """Asks for a number of things in what is spoken of, which is no price: "how many in a pack", 一盒几片."""
    return bool(_COUNTED.search(fold(text)))


def says_the_one(text: str) -> bool:
    """Ends in a word that stands for goods: "the 6 cup one", 黑色的那个."""
    return bool(_ONE.search(fold(text)))
