"""English written as in chats, written out: "whats", "dont", "u", "w/o", "incl", so that everything else reads plain words."""

import re

_APOSTROPHES = {
    word.replace("'", ""): word
    for word in [
        "what's",
        "how's",
        "where's",
        "when's",
        "who's",
        "why's",
        "that's",
        "there's",
        "here's",
        "don't",
        "doesn't",
        "didn't",
        "isn't",
        "aren't",
        "wasn't",
        "weren't",
        "can't",
        "couldn't",
        "wouldn't",
        "shouldn't",
        "haven't",
        "hasn't",
        "i'm",
        "i've",
        "you're",
        "they're",
        "you've",
    ]
}
_SHORT = {
    "u": "you", "ur": "your", "r": "are", "pls": "please", "plz": "please", "bc": "because", "cuz": "because", "coz": "because", "w/o": "without",
    "w/": "with", "abt": "about", "wat": "what", "wot": "what", "tho": "though",
}  # fmt: skip
_WORDS = {**_APOSTROPHES, **_SHORT}
_SPOKEN = re.compile(rf"(?<![\w'’./-])(?:{'|'.join(re.escape(word) for word in sorted(_WORDS, key=len, reverse=True))})(?![\w'’-])")
_AND = re.compile(r"^\s*n\s+(?=[a-z])")
_INCL = re.compile(r"(?<![\w-])incl\.?(?P<last>\s*[?!.]*\s*$)?(?![\w-])")


def written_out(text: str) -> str:
    """The text with its chat spellings written out; words in capitals (a size "U", a model "IM") stay."""
    if not text or not re.search(r"[a-z]", text):
        return text
    said = _AND.sub("and ", text)
    said = _INCL.sub(lambda m: f"included{m['last']}" if m["last"] is not None else "including", said)
    return _SPOKEN.sub(lambda m: _WORDS[m.group()], said)
