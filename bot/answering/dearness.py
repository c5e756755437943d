"""How much more one thing costs than another: both prices are said before, this adds what lies between them."""

import re
from collections.abc import Sequence

from bot.answering.reply import Reply
from bot.answering.speaking import Speaker
from knowledge.catalog import Product, Variant
from knowledge.folding import fold
from knowledge.money import Money

_DIFFERENCE = re.compile(
    r"\bhow much (?:more|less|cheaper|dearer|extra|pricier)\b|\bprice (?:diff\w*|gap)\b|\bdifference in price\b|\bmore expensive by\b|\bwhat(?:'s| is) the (?:extra|surcharge)\b"
    r"|(?:贵|便宜|相差|差)(?:了|出|个)?(?:多少|几块|几元|几毛|几十|几百)|差价|差多少钱"
)


def asks_difference(text: str) -> bool:
    """Asks by how much prices differ."""
    return bool(_DIFFERENCE.search(fold(text)))


def say_difference(speaker: Speaker, reply: Reply, sides: Sequence[tuple[str, Product, Variant]]) -> None:
    """What the dearer of two costs more. `sides`: what each is called here, with the variant whose price was said; nothing where a price is
    missing, currencies differ or there are not two."""
    priced = [(paid, name, variant) for name, _, variant in sides if (paid := speaker.paid(variant)) is not None]
    if len(priced) != 2 or priced[0][0].currency != priced[1][0].currency:
        return
    (low, cheaper, a), (high, dearer, b) = sorted(priced, key=lambda row: row[0].minor)
    if low.minor == high.minor:
        reply.say(speaker.say("compare.same_price"), speaker.cite_price(a), speaker.cite_price(b), line=True)
        return
    difference = speaker.money(Money(high.minor - low.minor, high.currency))
    said = speaker.say("price.difference", dearer=dearer, cheaper=cheaper, difference=difference)
    reply.say(said, speaker.cite_price(a), speaker.cite_price(b), line=True)
