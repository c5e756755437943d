"""Asking Telegram for updates: one poller a bot over all replicas, nothing dropped, nothing skipped."""

import asyncio
import logging
from typing import Any

from bot.channels.telegram.bot_api import BotApiError, Failure
from bot.channels.telegram.receiving import Receiver, RunningBot
from bot.conversation.events import EventBus

log = logging.getLogger(__name__)

LEASE = 20.0
"""Seconds that a replica polls before any other may; after a crash the next one waits that long at most."""
WAIT = 10
"""Seconds that Telegram holds a request open when there is nothing new."""
LOOK_AGAIN = 0.5
TRIES = 5
"""Attempts at one update, after which it is skipped: one that breaks us must not hold up everybody else's."""
BACK_OFF = (1.0, 2.0, 5.0, 10.0, 30.0)
NO_TOKEN = 60.0


class Poller:
    """Polls for one bot until it is cancelled."""

    def __init__(self, bot: RunningBot, receiver: Receiver, bus: EventBus, *, wait: int = WAIT) -> None:
        self._bot = bot
        self._receiver = receiver
        self._bus = bus
        self._wait = wait
        self._failed: dict[int, int] = {}
        self._troubles = 0

    async def run(self) -> None:
        """Never returns by itself."""
        loop = asyncio.get_running_loop()
        while True:
            try:
                mine = await self._bus.lock(f"telegram:poll:{self._bot.inbox.id}", LEASE)
            except Exception:
                log.exception("the lock for polling cannot be asked for")
                mine = False
            if not mine:
                await asyncio.sleep(LOOK_AGAIN)
                continue
            try:
                await self._poll_until(loop.time() + LEASE)
            except Exception:
                log.exception("polling for shop %s failed; it begins again", self._bot.shop.slug)
                await asyncio.sleep(BACK_OFF[0])

    async def _poll_until(self, ends: float) -> None:
        # Every lease begins without an offset: Telegram then gives all that was never confirmed, and the store knows what was taken. An
        # offset kept from before would be wrong after a week of silence, when Telegram begins to count anew, and would drop what waits.
        offset = 0
        loop = asyncio.get_running_loop()
        while (left := ends - loop.time()) > 0:
            began = loop.time()
            try:
                # The last request may outlive the lease by a second. If another replica asks meanwhile, Telegram ends one of the two.
                updates = await self._bot.api.updates(offset, max(1, min(self._wait, int(left))))
            except BotApiError as error:
                await asyncio.sleep(min(self._trouble(error), max(LOOK_AGAIN, ends - loop.time())))
                continue
            self._troubles = 0
            if not updates and loop.time() - began < LOOK_AGAIN:
                # A server that does not hold the request open must not be asked in a circle.
                await asyncio.sleep(LOOK_AGAIN)
            for update in updates:
                if not await self._take(update):
                    break
                offset = int(update["update_id"]) + 1

    async def _take(self, update: dict[str, Any]) -> bool:
        number = int(update["update_id"])
        try:
            await self._receiver.take(self._bot, update)
        except Exception:
            self._failed[number] = self._failed.get(number, 0) + 1
            log.exception("update %d failed (attempt %d)", number, self._failed[number])
            if self._failed[number] < TRIES:
                await asyncio.sleep(BACK_OFF[self._failed[number] - 1])
                return False
            await self._receiver.skip(self._bot, number)
        self._failed.pop(number, None)
        return True

    def _trouble(self, error: BotApiError) -> float:
        """Seconds to wait, said once per kind of trouble."""
        wait = BACK_OFF[min(self._troubles, len(BACK_OFF) - 1)]
        if error.failure is Failure.WAIT:
            wait = error.retry_in
        elif error.failure is Failure.TOKEN:
            wait = NO_TOKEN
        self._troubles += 1
        log.warning("Telegram for shop %s: %s; asked again in %.0f s", self._bot.shop.slug, error, wait)
        return wait
