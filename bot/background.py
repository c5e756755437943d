"""What must happen without anybody asking: open turns resumed, the outbox delivered, unattended customers told. Safe on many replicas."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.channels.channel import Channel, SendFailed
from bot.conversation.announcing import announce
from bot.conversation.events import EventBus
from bot.conversation.records import ChannelKind, Conversation, Delivery, Inbox
from bot.conversation.store import ConversationStore
from bot.turn import Assistant

log = logging.getLogger(__name__)

RESUME_EVERY = 2.0
DELIVER_EVERY = 0.25
OVERDUE_EVERY = 5.0
FRESHEN_EVERY = 1.0
DELIVERY_LEASE = 60.0
MAX_SENDS = 60
"""Attempts after which a delivery is given up and shown as failed: hours of a channel's outage, since each failure says when to try again."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a customer of a conversation waits for a person, in minutes, before `notice` says that nobody came."""

    minutes: float
    notice: str


@dataclass(frozen=True, slots=True)
class Chore:
    """Further work that comes round: how often in seconds, and what; `work` returns how much there was."""

    name: str
    every: float
    work: Callable[[], Awaitable[int]]


class Background:
    """Loops that run beside the web app. Each survives its own errors: one bad row never stops the rest."""

    def __init__(
        self,
        *,
        assistant: Assistant,
        conversations: ConversationStore,
        bus: EventBus,
        channels: Mapping[ChannelKind, Channel],
        patience: Callable[[Conversation], Awaitable[Patience]],
        clock: Callable[[], datetime],
        worker: str,
        chores: Sequence[Chore] = (),
    ) -> None:
        self._chores = chores
        self._assistant = assistant
        self._conversations = conversations
        self._bus = bus
        self._channels = channels
        self._patience = patience
        self._clock = clock
        self._worker = worker
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Resumes what a dead process left, then loops."""
        await self._assistant.resume()
        self._tasks = [
            asyncio.create_task(self._every(RESUME_EVERY, self._assistant.resume), name="resume turns"),
            asyncio.create_task(self._every(DELIVER_EVERY, self.deliver), name="deliver"),
            asyncio.create_task(self._every(OVERDUE_EVERY, self.tell_overdue), name="tell overdue"),
            *(asyncio.create_task(self._every(chore.every, chore.work), name=chore.name) for chore in self._chores),
        ]

    async def stop(self) -> None:
        """Ends the loops; deliveries in flight keep their lease and are retried by whoever comes next."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _every(self, seconds: float, work: Callable[[], Awaitable[int]]) -> None:
        while True:
            try:
                await work()
            except Exception:
                log.exception("background work failed; it is tried again in %.1f s", seconds)
            await asyncio.sleep(seconds)

    async def deliver(self) -> int:
        """Sends what is due, in order within a conversation; the number of jobs taken."""
        jobs = await self._conversations.claim_deliveries(self._worker, DELIVERY_LEASE)
        if not jobs:
            return 0
        inboxes = {inbox.id: inbox for inbox in await self._conversations.inboxes()}
        await asyncio.gather(*(self._send(job, inboxes.get(job.inbox_id)) for job in jobs))
        return len(jobs)

    async def _send(self, job: Delivery, inbox: Inbox | None) -> None:
        channel = self._channels.get(inbox.channel) if inbox else None
        message = await self._conversations.message(job.message_id)
        if inbox is None or channel is None or message is None:
            await self._conversations.delivery_failed(job.id, self._worker, "no channel is configured for it", retry_in=60.0)
            return
        try:
            sent = await channel.send(inbox, job, message)
        except SendFailed as failure:
            retry = failure.retry_in if job.attempts < MAX_SENDS else None
            log.warning("delivery %s failed (attempt %d): %s", job.id, job.attempts, failure)
            await self._conversations.delivery_failed(job.id, self._worker, str(failure), retry_in=retry)
        except Exception as error:
            log.exception("delivery %s failed (attempt %d)", job.id, job.attempts)
            retry = 2.0**job.attempts if job.attempts < MAX_SENDS else None
            await self._conversations.delivery_failed(job.id, self._worker, type(error).__name__, retry_in=retry)
        else:
            await self._conversations.delivery_done(job.id, self._worker, sent)

    async def tell_overdue(self) -> int:
        """Tells customers who wait longer than their shop set that nobody came, once, and asks where to reach them."""
        told = 0
        now = self._clock()
        for conversation in await self._conversations.overdue(now, 0.0):
            patience = await self._patience(conversation)
            if conversation.waiting_since is None or (now - conversation.waiting_since).total_seconds() < patience.minutes * 60:
                continue
            if await self._conversations.mark_told(conversation.id, now, patience.notice):
                told += 1
                await announce(self._bus, conversation)
        return told
