"""StaffStore, the same on SQLite and PostgreSQL: links work once, sessions end, roles and keys stay in their shop."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from bot.consoles.staff_store import Membership, User
from bot.errors import Conflict, InvalidInput
from bot.storage.sql_staff import SqlStaffStore
from knowledge.storage.engine import open_engine
from knowledge.storage.sql_store import SqlKnowledgeStore
from knowledge.store import Shop

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Office:
    staff: SqlStaffStore
    clock: Clock
    ann: User
    bo: User


@pytest.fixture
async def office(database_url: str) -> AsyncIterator[Office]:
    clock = Clock()
    engine = await open_engine(database_url)
    knowledge = SqlKnowledgeStore(engine)
    for slug in ("tea", "bikes"):
        await knowledge.create_shop(Shop(slug[0], slug, {"en": slug}))
    staff = SqlStaffStore(engine, clock=clock)
    yield Office(
        staff, clock, await staff.create_user(" Ann@Example.com ", "Ann 安", "hash"), await staff.create_user("bo@example.com", "Bo")
    )
    await engine.dispose()


async def test_users_are_found_whatever_the_case(office: Office):
    assert office.ann.email == "ann@example.com"
    assert await office.staff.user_by_email("ANN@example.com") == office.ann == await office.staff.user(office.ann.id)
    assert await office.staff.user_by_email("nobody@example.com") is None
    with pytest.raises(Conflict):
        await office.staff.create_user("ANN@EXAMPLE.COM", "Another")
    await office.staff.set_password(office.bo.id, "new")
    await office.staff.rename(office.bo.id, "Bob")
    changed = await office.staff.user(office.bo.id)
    assert changed is not None
    assert (changed.password_hash, changed.name) == ("new", "Bob")


async def test_roles_are_per_shop_and_one_each(office: Office):
    await office.staff.grant(office.ann.id, None, "owner")
    await office.staff.grant(office.bo.id, "t", "viewer")
    await asyncio.gather(*(office.staff.grant(office.bo.id, "t", "support") for _ in range(4)))
    assert await office.staff.memberships(office.bo.id) == [Membership(office.bo.id, "t", "support")]
    assert [user.id for user in await office.staff.users("t")] == [office.ann.id, office.bo.id]
    assert [user.id for user in await office.staff.users("b")] == [office.ann.id]
    await office.staff.grant(office.ann.id, None, "admin")
    await office.staff.grant(office.ann.id, "b", "support")
    assert await office.staff.memberships(office.ann.id) == [
        Membership(office.ann.id, None, "admin"),
        Membership(office.ann.id, "b", "support"),
    ]
    await office.staff.withdraw(office.ann.id, None)
    assert [user.id for user in await office.staff.users("t")] == [office.bo.id]
    with pytest.raises(InvalidInput, match="king"):
        await office.staff.grant(office.bo.id, "t", "king")


async def test_a_session_lasts_until_it_expires_or_is_ended(office: Office):
    session = await office.staff.create_session("s1", office.ann.id, NOW + HOUR)
    assert await office.staff.session("s1") == session
    assert await office.staff.session("s2") is None
    office.clock.now = NOW + HOUR / 2
    await office.staff.touch_session("s1", NOW + 2 * HOUR)
    office.clock.now = NOW + HOUR * 1.5
    seen = await office.staff.session("s1")
    assert seen is not None
    assert (seen.seen_at, seen.expires_at) == (NOW + HOUR / 2, NOW + 2 * HOUR)
    office.clock.now = NOW + 2 * HOUR
    assert await office.staff.session("s1") is None
    for name in ("s3", "s4", "s5"):
        await office.staff.create_session(name, office.ann.id, NOW + 9 * HOUR)
    await office.staff.end_session("s3")
    assert await office.staff.session("s3") is None
    assert await office.staff.session("s4") is not None
    await office.staff.end_sessions(office.ann.id)
    assert await office.staff.session("s4") is None


async def test_a_disabled_user_is_out_at_once(office: Office):
    await office.staff.create_session("s1", office.ann.id, NOW + HOUR)
    await office.staff.create_link("l1", office.ann.id, NOW + HOUR)
    await office.staff.disable(office.ann.id)
    assert await office.staff.session("s1") is None
    assert await office.staff.use_link("l1") is None
    await office.staff.create_session("s2", office.ann.id, NOW + HOUR)
    assert await office.staff.session("s2") is None
    await office.staff.disable(office.ann.id, False)
    assert await office.staff.session("s1") is None


async def test_a_link_signs_in_one_caller_once(office: Office):
    await office.staff.create_link("l1", office.ann.id, NOW + HOUR)
    used = await asyncio.gather(*(office.staff.use_link("l1") for _ in range(6)))
    assert [user for user in used if user] == [office.ann]
    await office.staff.create_link("l2", office.ann.id, NOW + HOUR)
    office.clock.now = NOW + HOUR
    assert await office.staff.use_link("l2") is None
    assert await office.staff.use_link("l3") is None


async def test_a_key_belongs_to_its_shop_until_it_is_revoked(office: Office):
    token = await office.staff.create_api_token("h1", "t", "support", "crm")
    assert await office.staff.api_token("h1") == token
    assert [one.hash for one in await office.staff.api_tokens("t")] == ["h1"]
    assert await office.staff.api_tokens("b") == []
    assert not await office.staff.revoke("b", "h1"), "another shop's key cannot be revoked"
    assert await office.staff.revoke("t", "h1")
    assert not await office.staff.revoke("t", "h1")
    assert await office.staff.api_token("h1") is None
    with pytest.raises(InvalidInput):
        await office.staff.create_api_token("h2", "t", "king", "x")


async def test_what_staff_did_is_kept_by_shop(office: Office):
    await office.staff.record_audit("t", "ann", "published", "revision 3", before={"revision": 2}, after={"revision": 3})
    office.clock.now += HOUR
    await office.staff.record_audit("t", "bo", "took over", "conversation x")
    await office.staff.record_audit("b", "bo", "took over", "conversation y")
    await office.staff.record_audit(None, "ann", "created user", "bo")
    first, second = await office.staff.audits("t")
    assert (first.who, first.what, first.before) == ("bo", "took over", None)
    assert (second.after, second.at) == ({"revision": 3}, NOW)
    assert [audit.who for audit in await office.staff.audits("t", before=first.at)] == ["ann"]
    assert [audit.what for audit in await office.staff.audits(None, limit=5)] == ["created user"]


async def test_failed_sign_ins_count_for_a_while(office: Office):
    assert await asyncio.gather(office.staff.record_failure("ann@example.com")) == [1]
    assert await office.staff.record_failure("ANN@example.com") == 2
    assert await office.staff.failures("ann@example.com") == 2
    assert await office.staff.failures("10.0.0.1") == 0
    office.clock.now += timedelta(minutes=16)
    assert await office.staff.failures("ann@example.com") == 0
    assert await office.staff.record_failure("ann@example.com") == 1
    await office.staff.clear_failures("ann@example.com")
    assert await office.staff.failures("ann@example.com") == 0


async def test_who_is_there_is_who_may_answer_and_was_seen(office: Office):
    await office.staff.grant(office.ann.id, None, "admin")
    await office.staff.grant(office.bo.id, "t", "viewer")
    for name, user in (("s1", office.ann), ("s2", office.bo)):
        await office.staff.create_session(name, user.id, NOW + HOUR)
    assert [user.id for user in await office.staff.present("t", 60)] == [office.ann.id]
    await office.staff.grant(office.bo.id, "t", "support")
    assert {user.id for user in await office.staff.present("t", 60)} == {office.ann.id, office.bo.id}
    assert [user.id for user in await office.staff.present("b", 60)] == [office.ann.id]
    office.clock.now += timedelta(seconds=61)
    await office.staff.touch_session("s2")
    assert [user.id for user in await office.staff.present("t", 60)] == [office.bo.id]
    await office.staff.end_session("s2")
    assert await office.staff.present("t", 60) == []
