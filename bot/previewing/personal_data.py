"""Takes out of a customer's words what points at a person: the words are shown to merchants and kept with a comparison of answers."""

import re

_PATTERNS = (
    re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),  # e-mail addresses
    re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE),  # links, which may lead to an account
    re.compile(r"(?<!\w)@\w{4,}"),  # names on messengers
    # Telephone, card, identity and order numbers: seven digits or more, with or without what people write between them.
    re.compile(r"\+?\d(?:[ ().-]{0,2}\d){6,}[A-Za-z]?\b"),
    re.compile(r"\b(?=[A-Z0-9-]*\d{4})[A-Z]{1,4}-?[A-Z0-9-]*\d{6,}\b"),  # order codes
)
HIDDEN = "…"


def without_personal_data(text: str) -> str:
    """The text with each such piece replaced by an ellipsis."""
    for pattern in _PATTERNS:
        text = pattern.sub(HIDDEN, text)
    return text.strip()
