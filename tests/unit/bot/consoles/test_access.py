"""Signing in, links, limits, roles, and the gate."""

import re
from itertools import pairwise

import pytest

from bot.consoles.access import FIRST_OWNER, PER_ACCOUNT, PER_ADDRESS, RIGHTS, Right, hash_token
from bot.consoles.staff_store import ROLES
from bot.errors import InvalidInput, NotAllowed, NotFound, TooManyRequests
from tests.unit.bot.consoles.conftest import PASSWORD, House


async def test_the_first_owner_gets_links_until_somebody_has_a_password(house: House) -> None:
    first = await house.access.first_owner_token()
    second = await house.access.first_owner_token()
    assert first and second and first != second
    assert [user.email for user in await house.staff.users()] == [FIRST_OWNER]
    await house.access.sign_in_by_link("1.1.1.1", second, PASSWORD, name="Mei")
    assert await house.access.first_owner_token() is None
    assert (await house.staff.users())[0].name == "Mei"


async def test_a_link_signs_in_once(house: House) -> None:
    token = await house.access.invite("mei@tea.example", "Mei", "support", "s1")
    await house.access.sign_in_by_link("1.1.1.1", token, PASSWORD)
    with pytest.raises(NotAllowed):
        await house.access.sign_in_by_link("1.1.1.1", token, "another fine sentence")
    await house.access.sign_in("1.1.1.1", "Mei@Tea.example", PASSWORD)


async def test_a_short_password_leaves_the_link(house: House) -> None:
    token = await house.access.invite("mei@tea.example", "Mei", "support", "s1")
    for bad in ("short", "x" * 201):
        with pytest.raises(InvalidInput):
            await house.access.sign_in_by_link("1.1.1.1", token, bad)
    await house.access.sign_in_by_link("1.1.1.1", token, PASSWORD)


async def test_a_link_grows_old(house: House) -> None:
    token = await house.access.invite("mei@tea.example", "Mei", "support", "s1")
    house.clock.wait(days=3, seconds=1)
    with pytest.raises(NotAllowed):
        await house.access.sign_in_by_link("1.1.1.1", token, PASSWORD)


async def test_a_new_link_ends_all_sessions_and_the_old_password(house: House) -> None:
    await house.person()
    old = await house.access.sign_in("1.1.1.1", "mei@tea.example", PASSWORD)
    await house.access.sign_in_by_link("1.1.1.1", await house.access.new_link("mei@tea.example"), "quite another sentence")
    assert await house.access.session(old) is None
    with pytest.raises(NotAllowed):
        await house.access.sign_in("1.1.1.1", "mei@tea.example", PASSWORD)


async def test_nothing_that_opens_a_door_is_stored_as_it_is(house: House) -> None:
    link = await house.access.invite("mei@tea.example", "Mei", "support", "s1")
    session = await house.access.sign_in_by_link("1.1.1.1", link, PASSWORD)
    key = await house.access.new_api_token("s1", "admin", "shop system")
    user = (await house.staff.users())[0]
    assert user.password_hash.startswith("$argon2id$")
    assert await house.staff.session(session) is None and await house.staff.session(hash_token(session)) is not None
    assert await house.staff.api_token(key) is None and await house.staff.api_token(hash_token(key)) is not None


@pytest.mark.parametrize("email", ["mei@tea.example", "nobody@tea.example", "", "x" * 5000])
async def test_unknown_and_wrong_get_the_same_answer(house: House, email: str) -> None:
    await house.person()
    response = await house.http.post("/desk/sign-in", data={"email": email, "password": "not the password"})
    assert response.status_code == 403
    assert "do not fit together" in response.text


async def test_an_unknown_user_costs_the_same_hash(house: House) -> None:
    await house.person()
    seen: list[str] = []
    verify = house.access._hasher.verify

    class Watching:
        check_needs_rehash = house.access._hasher.check_needs_rehash
        hash = house.access._hasher.hash

        def verify(self, hashed: str, password: str) -> bool:
            seen.append(hashed)
            return verify(hashed, password)

    house.access._hasher = Watching()  # type: ignore[assignment]
    for email in ("mei@tea.example", "nobody@tea.example"):
        with pytest.raises(NotAllowed):
            await house.access.sign_in("1.1.1.1", email, "wrong")
    assert len(seen) == 2 and all(hashed.startswith("$argon2id$") for hashed in seen)


async def test_an_account_takes_so_many_attempts_from_wherever(house: House) -> None:
    await house.person()
    for number in range(PER_ACCOUNT):
        with pytest.raises(NotAllowed):
            await house.access.sign_in(f"10.0.0.{number}", "mei@tea.example", "wrong")
    with pytest.raises(TooManyRequests) as refused:
        await house.access.sign_in("10.0.1.1", "MEI@tea.example ", PASSWORD)
    assert refused.value.retry_after > 0
    house.clock.wait(minutes=16)
    await house.access.sign_in("10.0.1.1", "mei@tea.example", PASSWORD)


async def test_an_address_takes_so_many_attempts_on_whomever(house: House) -> None:
    for number in range(PER_ADDRESS):
        with pytest.raises(NotAllowed):
            await house.access.sign_in("10.0.0.1", f"{number}@tea.example", "wrong")
    with pytest.raises(TooManyRequests):
        await house.access.sign_in("10.0.0.1", "other@tea.example", "wrong")


async def test_the_limit_on_a_page_is_429_with_the_time_to_wait(house: House) -> None:
    for _ in range(PER_ACCOUNT):
        await house.http.post("/desk/sign-in", data={"email": "a@b.example", "password": "x"})
    response = await house.http.post("/desk/sign-in", data={"email": "a@b.example", "password": "x"})
    assert response.status_code == 429
    assert re.search(r"Wait \d+ seconds", response.text)


async def test_a_session_ends_when_idle_and_at_last_anyway(house: House) -> None:
    await house.person()
    token = await house.access.sign_in("1.1.1.1", "mei@tea.example", PASSWORD)
    house.clock.wait(hours=11)
    assert await house.access.session(token)
    house.clock.wait(hours=12, seconds=1)
    assert await house.access.session(token) is None
    token = await house.access.sign_in("1.1.1.1", "mei@tea.example", PASSWORD)
    for _ in range(16):
        house.clock.wait(hours=10)
        assert await house.access.session(token)
    house.clock.wait(hours=10)
    assert await house.access.session(token) is None


async def test_an_open_desk_is_present_but_makes_no_session_longer(house: House) -> None:
    browser = await house.signed_in()
    token = browser.http.cookies["zhanggui-staff"]
    session = await house.access.session(token)
    assert session is not None and await house.access.anybody_present("s1") and not await house.access.anybody_present("s2")
    house.clock.wait(minutes=5)
    assert not await house.access.anybody_present("s1")
    who = type("W", (), {"session": session.id_hash})()
    assert await house.access.still_there(who)
    house.clock.wait(seconds=4)
    assert await house.access.anybody_present("s1")
    after = await house.staff.session(session.id_hash)
    assert after is not None and after.expires_at == session.expires_at


async def test_a_page_that_refreshes_itself_keeps_nobody_signed_in(house: House) -> None:
    browser = await house.signed_in()
    for _ in range(11):
        house.clock.wait(hours=1)
        assert (await browser.get("/desk?after=0")).status_code == 200
    assert await house.access.anybody_present("s1")
    house.clock.wait(hours=1)
    assert (await browser.get("/desk?after=0")).status_code == 303


async def test_who_only_looks_is_not_present(house: House) -> None:
    await house.signed_in("analyst")
    assert not await house.access.anybody_present("s1")


async def test_disabling_ends_at_once(house: House) -> None:
    browser = await house.signed_in()
    user = await house.staff.user_by_email("mei@tea.example")
    assert user is not None
    await house.staff.disable(user.id)
    response = await browser.get("/desk")
    assert response.status_code == 303 and response.headers["location"].startswith("/desk/sign-in")
    with pytest.raises(NotFound):
        await house.access.new_link("mei@tea.example")


def test_every_role_has_its_rights_and_each_more_than_the_next() -> None:
    assert tuple(RIGHTS) == ROLES
    for stronger, weaker in pairwise(ROLES):
        assert RIGHTS[weaker] <= RIGHTS[stronger]
    assert Right.ANSWER not in RIGHTS["analyst"] and Right.READ_CONVERSATIONS not in RIGHTS["viewer"]


@pytest.mark.parametrize("bad", ["mei", "mei@", "@tea", "a b@c", "a@b@c"])
async def test_an_invitation_needs_an_address(house: House, bad: str) -> None:
    with pytest.raises(InvalidInput):
        await house.access.invite(bad, "Mei", "support", "s1")


async def test_the_cookie_is_closed_to_scripts_and_other_sites(house: House) -> None:
    await house.person()
    response = await house.http.post("/desk/sign-in", data={"email": "mei@tea.example", "password": PASSWORD})
    cookie = response.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Secure" not in cookie
    secure = house.client()
    secure.base_url = "https://shop.test"  # type: ignore[assignment]
    response = await secure.post("/desk/sign-in", data={"email": "mei@tea.example", "password": PASSWORD})
    assert response.headers["set-cookie"].startswith("__Host-") and "Secure" in response.headers["set-cookie"]
    assert (await secure.get("/desk")).status_code == 200


@pytest.mark.parametrize("header", [{"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}, {"origin": "null"}])
async def test_nobody_is_signed_in_from_another_site(house: House, header: dict[str, str]) -> None:
    await house.person()
    response = await house.http.post("/desk/sign-in", data={"email": "mei@tea.example", "password": PASSWORD}, headers=header)
    assert response.status_code == 403 and "set-cookie" not in response.headers


@pytest.mark.parametrize(
    "target", ["https://evil.example", "//evil.example", "/desk//evil.example", "/other", "/desk\\evil", "javascript:x"]
)
async def test_after_signing_in_one_stays_in_the_house(house: House, target: str) -> None:
    await house.person()
    response = await house.http.post("/desk/sign-in", data={"email": "mei@tea.example", "password": PASSWORD, "next": target})
    assert response.headers["location"] == "/desk"


async def test_signing_out_ends_the_session(house: House) -> None:
    browser = await house.signed_in()
    kept = browser.http.cookies["zhanggui-staff"]
    await browser.post("/desk/sign-out", follow=False)
    assert await house.access.session(kept) is None


async def test_sign_ins_are_audited(house: House) -> None:
    await house.signed_in()
    what = [audit.what for audit in await house.staff.audits(None)]
    assert "signed_in" in what and "signed_in_by_link" in what
