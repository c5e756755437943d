"""How a reduction told before is asked about: whether it holds for something."""

import re

from knowledge.folding import fold

_HOLDS = re.compile(
    r"\b(?:use|apply|applies|redeem)\b.{0,24}\b(?:it|that|this|those|them|code|voucher|coupon|discount|offer|deal)\b"
    r"|\b(?:it|that|this|those|they|code|voucher|coupon|discount|offer|deal|promotion)\b.{0,12}\b(?:go(?:es)? for|(?:apply|applies|valid|counts?|holds?|works?|good) (?:for|on|with|to|towards))\b"
    r"|\b(?:it|that|this|those|they|code|voucher|coupon|discount|offer|deal|promotion)\b.{0,12}\b(?:apply|valid|includ\w+|cover\w*)\b"
    r"|(?:能|可以|可不可以|能不能)(?:不能|不可以)?(?:用|享受?|参加|打折|减)|(?:适用|参加|参与|算在|也有|也算|也打|也减|包括|包含)"
)


def asks_if_it_holds(text: str) -> bool:
    """Whether a text may ask if a reduction holds: "can I use it on the bench", 这个也参加吗."""
    return _HOLDS.search(fold(text)) is not None
