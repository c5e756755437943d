"""What the merchant's doors are made of, wired once for a process."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from fastapi import Request

from bot.consoles.access import Access, Right, Who
from bot.feeds.polling import Feeds
from bot.gaps.drafting import Drafting
from bot.gaps.joining import Joining
from bot.language_model.spending import Spending
from bot.previewing.answer_diff import AnswerDiffs
from bot.previewing.dry_run import DryRuns
from bot.previewing.jobs import Jobs
from bot.previewing.releasing import Releasing
from bot.uploads.bringing_in import Uploads
from knowledge.base import MerchantStore
from knowledge.editing import Editing
from knowledge.store import Shop

HIGHEST = 2**31 - 1
"""Of a number in a request: what both databases take."""


@dataclass(frozen=True, slots=True)
class MerchantParts:
    """Operations on a shop's knowledge, and who may use them."""

    access: Access
    store: MerchantStore
    editing: Editing
    runs: DryRuns
    diffs: AnswerDiffs
    releasing: Releasing
    jobs: Jobs
    joining: Joining
    drafting: Drafting
    uploads: Uploads
    feeds: Feeds
    spending: Spending | None
    """None: no language model is set up."""
    clock: Callable[[], datetime]

    async def open(self, request: Request, slug: str, right: Right) -> tuple[Who, Shop]:
        """Who asks, and the shop, if that is allowed there."""
        who = await self.access.who(request)
        return who, await self.access.shop(who, right, slug, self.store)


def name_of(who: Who) -> str:
    """How somebody is named in history and audit: the e-mail address, or the program's token id."""
    return who.email or who.id
