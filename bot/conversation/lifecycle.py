"""Who may hold a conversation after whom. Pure: decides and describes; the store writes, inside one transaction.

assistant ──handoff──▶ waiting ──takeover──▶ agent ──release──▶ assistant
    └───────────takeover──────────────────────▲
any of these ──▶ resolved ──the customer writes again──▶ assistant (or waiting, or an agent who opens it again)
"""

from dataclasses import replace
from datetime import datetime

from bot.conversation.records import Conversation, Status
from bot.errors import Conflict, InvalidInput

LEGAL: dict[Status, frozenset[Status]] = {
    Status.ASSISTANT: frozenset({Status.WAITING, Status.AGENT, Status.RESOLVED}),
    Status.WAITING: frozenset({Status.ASSISTANT, Status.AGENT, Status.RESOLVED}),
    Status.AGENT: frozenset({Status.ASSISTANT, Status.WAITING, Status.AGENT, Status.RESOLVED}),
    Status.RESOLVED: frozenset({Status.ASSISTANT, Status.WAITING, Status.AGENT}),
}
"""From the present holder to the next. From agent to agent: given to a colleague."""


def moved(
    conversation: Conversation, to: Status, now: datetime, *, agent_id: str | None = None, reason: str = "", summary: str = ""
) -> Conversation:
    """The conversation in its next holder's hands. Raises Conflict for a move that is not legal, InvalidInput for an agent too few or many.

    What belongs to waiting (since when, told that nobody came) ends with it. Reason and summary stay for the agent who takes it and go
    when it returns to the assistant or is resolved.
    """
    if to not in LEGAL[conversation.status]:
        raise Conflict(
            f"The conversation is {conversation.status.value} and cannot become {to.value}; reload it.", status=conversation.status.value
        )
    if (agent_id is not None) != (to is Status.AGENT):
        raise InvalidInput("An agent is named exactly when the conversation goes to one.")
    if to is Status.AGENT and agent_id == conversation.agent_id:
        raise Conflict("The conversation is held by this agent already; reload it.", status=conversation.status.value)
    keeps = to in (Status.WAITING, Status.AGENT)
    return replace(
        conversation,
        status=to,
        agent_id=agent_id,
        waiting_since=now if to is Status.WAITING else None,
        told_nobody_at=None,
        handoff_reason=(reason or conversation.handoff_reason) if keeps else "",
        handoff_summary=(summary or conversation.handoff_summary) if keeps else "",
        updated_at=now,
    )


def written_to(conversation: Conversation, now: datetime) -> Conversation:
    """The customer wrote: a resolved conversation goes back to the assistant, any other stays where it is."""
    if conversation.status is Status.RESOLVED:
        return moved(conversation, Status.ASSISTANT, now)
    return replace(conversation, updated_at=now)


def answered(conversation: Conversation, now: datetime, reason: str, summary: str) -> Conversation:
    """The assistant answered; with a `reason` it asks for an agent. One who waits already keeps the place in the queue."""
    if reason and conversation.status is Status.WAITING:
        return replace(conversation, handoff_summary=summary or conversation.handoff_summary, updated_at=now)
    if reason and conversation.status is not Status.AGENT:
        return moved(conversation, Status.WAITING, now, reason=reason, summary=summary)
    return replace(conversation, updated_at=now)
