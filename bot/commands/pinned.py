"""After an import by command: the shop's test questions, and which of them are not answered as expected now.

The command publishes at once, as scripts rely on, so nothing is held back here; who wants that imports with --draft and publishes with
`zhanggui revision publish`, or uses the console.
"""

import sys

from bot.assembly import services
from bot.previewing.dry_run import SideName
from bot.previewing.releasing import Asked
from bot.settings import Settings
from knowledge.store import Shop

SHOWN = 10


async def failing(settings: Settings, shop: Shop) -> list[Asked]:
    """The test questions that what serves does not answer as expected."""
    async with services(settings) as parts:
        return [one for one in await parts.merchant.releasing.asked(shop, SideName.PUBLISHED) if one.failures]


def warn(shop: Shop, found: list[Asked]) -> None:
    """On standard error; one line a question."""
    if not found:
        return
    sys.stderr.write(f"zhanggui: {len(found)} of the shop's test questions are not answered as expected now:\n")
    for one in found[:SHOWN]:
        missing = "; ".join(f"{name}: {value}" for name, value in one.failures)
        sys.stderr.write(f"  {one.question.question}  [{missing}]\n    {str(one.answer['text'])[:160]}\n")
    if len(found) > SHOWN:
        sys.stderr.write(f"  and {len(found) - SHOWN} more.\n")
    sys.stderr.write(f"  'zhanggui revision rollback NUMBER' goes back; the console of shop '{shop.slug}' shows all.\n")
