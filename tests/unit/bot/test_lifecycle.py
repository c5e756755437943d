"""Whatever happens in whatever order, a conversation has exactly one holder and its fields agree with who that is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot.conversation import lifecycle
from bot.conversation.records import ChannelKind, Conversation, Status
from bot.errors import Conflict, InvalidInput

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
AGENTS = st.sampled_from(["ann", "bo"])


def a_conversation(status: Status = Status.ASSISTANT, **fields: object) -> Conversation:
    made = Conversation("c", "s", "i", ChannelKind.WEB, "p", "c", status, created_at=NOW, updated_at=NOW)
    return replace(made, **fields)


class Life(RuleBasedStateMachine):
    """Customer, assistant and two agents do what they can."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.conversation = a_conversation()

    def tick(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    @rule()
    def customer_writes(self) -> None:
        before = self.conversation.status
        self.conversation = lifecycle.written_to(self.conversation, self.tick())
        assert self.conversation.status is (Status.ASSISTANT if before is Status.RESOLVED else before)

    @rule(reason=st.sampled_from(["", "customer_asked", "complaint"]))
    def assistant_answers(self, reason: str) -> None:
        before = self.conversation
        self.conversation = lifecycle.answered(before, self.tick(), reason, "wants a person")
        if before.status is Status.WAITING:
            assert self.conversation.waiting_since == before.waiting_since, "asking again costs no place in the queue"
        if before.status is Status.AGENT:
            assert self.conversation.status is Status.AGENT

    @rule(agent=AGENTS)
    def agent_takes(self, agent: str) -> None:
        if self.conversation.agent_id == agent:
            with pytest.raises(Conflict):
                lifecycle.moved(self.conversation, Status.AGENT, self.tick(), agent_id=agent)
        else:
            self.conversation = lifecycle.moved(self.conversation, Status.AGENT, self.tick(), agent_id=agent)

    @precondition(lambda self: self.conversation.status is Status.AGENT)
    @rule(to=st.sampled_from([Status.ASSISTANT, Status.WAITING]))
    def agent_gives_back(self, to: Status) -> None:
        self.conversation = lifecycle.moved(self.conversation, to, self.tick())

    @precondition(lambda self: self.conversation.status is Status.WAITING)
    @rule()
    def nobody_comes(self) -> None:
        self.conversation = replace(self.conversation, told_nobody_at=self.tick())

    @precondition(lambda self: self.conversation.status is not Status.RESOLVED)
    @rule()
    def resolved(self) -> None:
        self.conversation = lifecycle.moved(self.conversation, Status.RESOLVED, self.tick())

    @rule(to=st.sampled_from(Status), agent=st.none() | AGENTS)
    def anybody_tries_anything(self, to: Status, agent: str | None) -> None:
        before = self.conversation
        try:
            self.conversation = lifecycle.moved(before, to, self.tick(), agent_id=agent)
        except (Conflict, InvalidInput):
            assert self.conversation is before
        else:
            assert to in lifecycle.LEGAL[before.status]

    @invariant()
    def fields_agree_with_the_holder(self) -> None:
        c = self.conversation
        assert (c.agent_id is not None) == (c.status is Status.AGENT)
        assert (c.waiting_since is not None) == (c.status is Status.WAITING)
        assert c.told_nobody_at is None or c.status is Status.WAITING
        assert not (c.handoff_reason or c.handoff_summary) or c.status in (Status.WAITING, Status.AGENT)


TestLife = Life.TestCase


def test_every_status_can_be_left_and_reached():
    assert set(lifecycle.LEGAL) == set(Status)
    assert all(lifecycle.LEGAL.values())
    assert set().union(*lifecycle.LEGAL.values()) == set(Status)


def test_a_handoff_keeps_reason_and_summary_until_the_agent_is_done():
    waiting = lifecycle.answered(a_conversation(), NOW, "complaint", "Broken kettle.")
    assert (waiting.status, waiting.handoff_reason, waiting.waiting_since) == (Status.WAITING, "complaint", NOW)
    held = lifecycle.moved(waiting, Status.AGENT, NOW, agent_id="ann")
    assert (held.handoff_reason, held.handoff_summary) == ("complaint", "Broken kettle.")
    assert lifecycle.moved(held, Status.ASSISTANT, NOW).handoff_summary == ""


def test_a_conversation_that_nobody_holds_cannot_be_given_to_nobody():
    with pytest.raises(InvalidInput):
        lifecycle.moved(a_conversation(), Status.AGENT, NOW)
    with pytest.raises(InvalidInput):
        lifecycle.moved(a_conversation(), Status.RESOLVED, NOW, agent_id="ann")
    with pytest.raises(Conflict, match="resolved"):
        lifecycle.moved(a_conversation(Status.RESOLVED), Status.RESOLVED, NOW)
