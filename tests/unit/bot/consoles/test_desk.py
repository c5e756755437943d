"""The desk's API and pages: the gate between shops, CSRF, one holder at a time, what is sent and what is not."""

import asyncio
import json

import pytest

from bot.conversation.records import Author, ChannelKind, IncomingMessage, Status
from bot.conversation.store import Finished
from tests.unit.bot.consoles.conftest import House

API = "/api/v1/desk"


async def test_the_queue_shows_who_waits_longest_first(house: House) -> None:
    first = await house.waiting(text="I was here first")
    house.clock.wait(minutes=3)
    second = await house.waiting(text="Me too")
    http = await house.program()
    queue = (await http.get(f"{API}/queue")).json()
    assert [entry["id"] for entry in queue["waiting"]] == [first.id, second.id]
    assert queue["waiting"][0]["last"]["text"] == "I was here first"
    assert queue["waiting"][0]["waiting_since"] == "2026-03-01T12:00:00Z"
    assert queue["waiting"][0]["handoff_reason"] == "customer_asked"


async def test_a_conversation_in_which_nobody_spoke_is_left_out(house: House) -> None:
    inbox = await house.conversations.inbox("s1", ChannelKind.WEB)
    begun = await house.conversations.start(inbox)
    await house.conversations.say(begun.id, Author.SYSTEM, "Welcome")
    spoken = await house.conversations.start(inbox)
    await house.conversations.receive(spoken, IncomingMessage(inbox.id, spoken.address, "", "Hello"))
    queue = (await (await house.program()).get(f"{API}/queue")).json()
    assert [entry["id"] for entry in queue["assistant"]] == [spoken.id]


@pytest.mark.parametrize("action", ["", "/take", "/reply", "/note", "/release", "/close"])
async def test_another_shop_s_conversation_looks_like_none(house: House, action: str) -> None:
    theirs = await house.waiting("s2", text="a secret of hats")
    for http in (await house.program("owner", "s1"), (await house.signed_in("owner", "s1")).http):
        answers = []
        for id_ in (theirs.id, "0" * 32):
            path = f"{API}/conversations/{id_}{action}"
            csrf = {} if "authorization" in http.headers else {"X-CSRF-Token": await _csrf(http)}
            response = await (http.post(path, json={"text": "x"}, headers=csrf) if action else http.get(path))
            answers.append((response.status_code, response.text))
        assert answers[0] == answers[1] and answers[0][0] == 404
    now = await house.conversations.conversation("s2", theirs.id)
    assert now is not None and now.status is Status.WAITING and now.last_seq == theirs.last_seq


async def test_pages_do_not_cross_shops_either(house: House) -> None:
    theirs = await house.waiting("s2", text="a secret of hats")
    browser = await house.signed_in("owner", "s1")
    for path in (f"/desk/conversations/{theirs.id}", "/desk?shop=hats", "/console/hats"):
        response = await browser.get(path)
        assert response.status_code == 404 and "a secret of hats" not in response.text
    response = await browser.post(f"/desk/conversations/{theirs.id}/take")
    assert response.status_code == 404
    assert (await browser.get("/desk/events?shop=hats")).status_code == 204
    assert "hats" not in (await browser.get("/desk")).text


async def _csrf(http: object) -> str:
    from tests.unit.bot.consoles.conftest import Browser

    return await Browser(http).csrf()  # type: ignore[arg-type]


async def test_without_a_sign_in_nothing_opens(house: House) -> None:
    mine = await house.waiting()
    assert (await house.http.get(f"{API}/queue")).status_code == 401
    assert (await house.http.get(f"{API}/conversations/{mine.id}")).headers["content-type"] == "application/problem+json"
    page = await house.http.get(f"/desk/conversations/{mine.id}")
    assert page.status_code == 303 and page.headers["location"] == f"/desk/sign-in?next=/desk/conversations/{mine.id}"
    assert (await house.http.get("/desk/events")).status_code == 204
    for token in ("", "x", "zg_" + "a" * 43):
        assert (await house.client(Authorization=f"Bearer {token}").get(f"{API}/queue")).status_code == 401


@pytest.mark.parametrize("csrf", [{}, {"X-CSRF-Token": ""}, {"X-CSRF-Token": "0" * 64}, {"X-CSRF-Token": "é"}])
async def test_a_cookie_alone_changes_nothing(house: House, csrf: dict[str, str]) -> None:
    mine = await house.waiting()
    browser = await house.signed_in()
    headers = {k: v.encode() for k, v in csrf.items()}
    response = await browser.http.post(f"{API}/conversations/{mine.id}/take", headers=headers)
    assert response.status_code == 403
    for fields in ({}, {"csrf": ""}, {"csrf": "0" * 64}):
        assert (await browser.http.post(f"/desk/conversations/{mine.id}/take", data=fields)).status_code == 403
        assert (await browser.http.post("/desk/sign-out", data=fields)).status_code == 403
    now = await house.conversations.conversation("s1", mine.id)
    assert now is not None and now.status is Status.WAITING


async def test_another_session_s_csrf_token_does_not_fit(house: House) -> None:
    mine = await house.waiting()
    first, second = await house.signed_in(), await house.signed_in(email="bo@tea.example", name="Bo")
    stolen = await second.csrf()
    response = await first.http.post(f"/desk/conversations/{mine.id}/take", data={"csrf": stolen})
    assert response.status_code == 403


async def test_take_reply_note_hand_back_close(house: House) -> None:
    mine = await house.waiting(language="zh")
    browser = await house.signed_in()
    page = await browser.post(f"/desk/conversations/{mine.id}/take")
    assert page.status_code == 200 and "Held by you" in page.text
    await browser.post(f"/desk/conversations/{mine.id}/say", kind="reply", text="你好\r\n我是阿美\x07", client_id="c1")
    await browser.post(f"/desk/conversations/{mine.id}/say", kind="reply", text="你好\r\n我是阿美", client_id="c1")
    await browser.post(f"/desk/conversations/{mine.id}/say", kind="note", text="Knows her tea", client_id="c2")
    await browser.post(f"/desk/conversations/{mine.id}/release")
    after = await house.conversations.conversation("s1", mine.id)
    assert after is not None and after.status is Status.ASSISTANT and after.agent_id is None
    await browser.post(f"/desk/conversations/{mine.id}/close")
    said = [(m.author.value, m.text) for m in await house.conversations.messages(mine.id, notes=True)]
    assert said == [
        ("customer", "Is anybody there?"),
        ("system", "agent_joined/zh"),
        ("agent", "你好\n我是阿美"),
        ("note", "Knows her tea"),
        ("system", "agent_left/zh"),
        ("system", "closed/zh"),
    ]
    assert [m.agent_name for m in await house.conversations.messages(mine.id) if m.author is Author.AGENT] == ["Mei"]
    for_customer = [event.data.get("text") for event in await house.conversations.events(mine.id, 0) if event.type == "message"]
    assert "Knows her tea" not in for_customer and "你好\n我是阿美" in for_customer
    audited = [audit.what.removeprefix("conversation.") for audit in await house.staff.audits("s1")]
    assert {"viewed", "taken", "replied", "noted", "handed_back", "closed"} <= set(audited)
    assert audited.count("viewed") == 1


async def test_audits_hold_no_words(house: House) -> None:
    mine = await house.waiting(text="my secret question")
    http = await house.program()
    await http.post(f"{API}/conversations/{mine.id}/take")
    await http.post(f"{API}/conversations/{mine.id}/reply", json={"text": "my secret answer"})
    assert "secret" not in repr(await house.staff.audits("s1"))


async def test_only_the_holder_replies_and_the_other_learns_who_holds_it(house: House) -> None:
    mine = await house.waiting()
    mei, bo = await house.signed_in(), await house.signed_in(email="bo@tea.example", name="Bo")
    early = await mei.post(f"/desk/conversations/{mine.id}/say", kind="reply", text="Too early")
    assert early.status_code == 409 and "take it over first" in early.text and "Too early" in early.text
    await mei.post(f"/desk/conversations/{mine.id}/take")
    for action, fields in (("take", {}), ("say", {"kind": "reply", "text": "I was faster"}), ("release", {}), ("close", {})):
        response = await bo.post(f"/desk/conversations/{mine.id}/{action}", **fields)
        assert response.status_code == 409 and "Mei holds this conversation now." in response.text
    body = (await (await house.program()).post(f"{API}/conversations/{mine.id}/take")).json()
    assert body["agent"] == "Mei" and body["status"] == 409 and body["code"] == "held_by_agent"
    assert [m.text for m in await house.conversations.messages(mine.id) if m.author is Author.AGENT] == []
    user = await house.staff.user_by_email("mei@tea.example")
    assert user is not None
    taken = await bo.post(f"/desk/conversations/{mine.id}/take", from_agent=user.id)
    assert taken.status_code == 200 and "Held by you" in taken.text


async def test_of_two_who_take_at_once_one_holds_it(house: House) -> None:
    mine = await house.waiting()
    first, second = await house.program(name="A"), await house.program(name="B")
    answers = await asyncio.gather(*(http.post(f"{API}/conversations/{mine.id}/take") for http in (first, second)))
    assert sorted(answer.status_code for answer in answers) == [200, 409]


@pytest.mark.parametrize(("role", "status"), [("analyst", 403), ("support", 200), ("admin", 200)])
async def test_roles_decide_who_may_take(house: House, role: str, status: int) -> None:
    mine = await house.waiting()
    http = await house.program(role)
    assert (await http.get(f"{API}/conversations/{mine.id}")).status_code == 200
    assert (await http.post(f"{API}/conversations/{mine.id}/take")).status_code == status


async def test_a_viewer_sees_no_conversation(house: House) -> None:
    mine = await house.waiting()
    http = await house.program("viewer")
    assert (await http.get(f"{API}/conversations/{mine.id}")).status_code == 404
    assert (await http.get(f"{API}/queue")).status_code == 403
    browser = await house.signed_in("viewer")
    page = await browser.get("/desk")
    assert page.status_code == 303 and page.headers["location"] == "/console"


async def test_a_role_withdrawn_closes_the_desk_at_once(house: House) -> None:
    mine = await house.waiting()
    browser = await house.signed_in()
    user = await house.staff.user_by_email("mei@tea.example")
    assert user is not None
    await house.staff.withdraw(user.id, "s1")
    assert (await browser.get(f"/desk/conversations/{mine.id}")).status_code == 404


@pytest.mark.parametrize("text", ["", " \n ", "\x00\x07", "x" * 4001])
async def test_what_cannot_be_sent_is_refused_in_one_sentence(house: House, text: str) -> None:
    mine = await house.waiting()
    http = await house.program()
    await http.post(f"{API}/conversations/{mine.id}/take")
    response = await http.post(f"{API}/conversations/{mine.id}/reply", json={"text": text})
    assert response.status_code == 422 and response.headers["content-type"] == "application/problem+json"
    assert response.json()["title"].startswith("The message")


async def test_what_customers_write_is_text_on_the_page(house: House) -> None:
    mine = await house.waiting(text="<script>alert(1)</script> <img src=x onerror=alert(1)>")
    browser = await house.signed_in()
    page = await browser.get(f"/desk/conversations/{mine.id}")
    assert "<script>alert" not in page.text and "<img src=x" not in page.text and "&lt;script&gt;" in page.text
    policy = page.headers["content-security-policy"]
    assert "unsafe" not in policy and "frame-ancestors 'none'" in policy and page.headers["cache-control"] == "no-store"
    assert "style=" not in page.text and " onclick" not in page.text


async def test_the_page_title_counts_who_waits_and_speaks_the_reader_s_language(house: House) -> None:
    await house.waiting()
    browser = await house.signed_in()
    assert "<title>(1) Conversations" in (await browser.get("/desk")).text
    assert "<title>(1) 会话" in (await browser.get("/desk", **{"accept-language": "zh-CN,zh;q=0.9,en;q=0.5"})).text
    assert "<title>(1) 会话" in (await browser.get("/desk?lang=zh")).text
    assert "<title>(1) 会话" in (await browser.get("/desk")).text, "the choice is remembered"


async def test_the_stream_says_what_changed_to_this_shop_alone(house: House) -> None:
    from bot.consoles.staff.live import live
    from bot.conversation.announcing import announce

    browser = await house.signed_in()
    session = await house.access.session(browser.http.cookies["zhanggui-staff"])
    assert session is not None
    who = type("W", (), {"session": session.id_hash})()
    shop = await house.knowledge.shop("tea")
    assert shop is not None
    stream = live(house.access, house.bus, who, shop, heartbeat=30)
    assert b"event: here" in await anext(stream)
    await announce(house.bus, await house.waiting("s2"))
    mine = await house.waiting()
    await announce(house.bus, mine)
    frame = (await anext(stream)).decode()
    assert json.loads(frame.split("data: ")[1]) == {"conversation": mine.id}
    await house.access.sign_out(type("W", (), {"session": session.id_hash, "email": "", "id": "x"})())
    await announce(house.bus, mine)
    assert b"signed_out" in await anext(stream)
    with pytest.raises(StopAsyncIteration):
        await anext(stream)


async def test_the_doors_are_documented(house: House) -> None:
    paths = (await house.http.get("/openapi.json")).json()["paths"]
    for action in ("take", "reply", "note", "release", "close"):
        told = paths[f"{API}/conversations/{{conversation_id}}/{action}"]["post"]
        assert told["security"] == [{"API token": []}] and told["description"]
    offers = paths["/api/v1/shops/{shop}/knowledge/offers"]["patch"]
    assert set(offers["requestBody"]["content"]["application/json"]["schema"]["items"]["properties"]) >= {"sku", "price", "stock"}
    assert not any(path.startswith(("/desk", "/console")) for path in paths)


async def test_a_reply_is_announced_to_the_customer_s_stream(house: House) -> None:
    mine = await house.waiting()
    http = await house.program()
    await http.post(f"{API}/conversations/{mine.id}/take")
    async with house.bus.subscribe(f"conversation:{mine.id}") as news:
        await http.post(f"{API}/conversations/{mine.id}/reply", json={"text": "Here I am"})
        assert (await anext(news)).type == "event"
    assert [message.text for message in await house.conversations.messages(mine.id)][-1] == "Here I am"


# ── correcting an answer ──


async def answered(house: House, question: str = "Does the kettle whistle?", said: str = "The shop does not say.") -> tuple[str, str]:
    """A conversation with one answer of the assistant; the conversation's id and the answer's."""
    inbox = await house.conversations.inbox("s1", ChannelKind.WEB)
    begun = await house.conversations.start(inbox, language="en")
    received = await house.conversations.receive(begun, IncomingMessage(inbox.id, begun.address, "", question))
    await house.conversations.claim_turn("w", 10, turn_id=received.turn.id)
    answer = {"text": said, "language": "en", "outcome": "abstained", "intents": ["product_question"], "products": [], "sources": []}
    told = await house.conversations.finish_turn(received.turn.id, "w", Finished(said, answer, {}, {}, "en"))
    assert told is not None
    await house.knowledge.record_gap("s1", question, "en", "not stated", house.clock(), conversation_id=begun.id)
    return begun.id, told.id


async def test_a_correction_reaches_the_customer_and_the_merchant(house: House) -> None:
    conversation, answer = await answered(house)
    browser = await house.signed_in("support")
    page = (await browser.get(f"/desk/conversations/{conversation}")).text
    assert "Correct this answer" in page
    done = await browser.post(f"/desk/conversations/{conversation}/correct", message=answer, text="Yes, it whistles.", tell="1")
    assert "Corrected by Mei" in done.text and done.text.count("Yes, it whistles.") >= 2
    again = await browser.post(f"/desk/conversations/{conversation}/correct", message=answer, text="Yes, it whistles.", tell="1")
    assert again.status_code == 200
    said = await house.conversations.messages(conversation)
    assert [(m.author, m.text, m.agent_name) for m in said[-1:]] == [(Author.AGENT, "Yes, it whistles.", "Mei")]
    assert len([m for m in said if m.author is Author.AGENT]) == 1, "sent twice, it is one"
    (gap,) = await house.knowledge.gaps("s1")
    assert (gap.question, gap.reason, gap.count, gap.state) == ("Does the kettle whistle?", "corrected", 1, "open"), "asked once"
    merchant = await house.signed_in("admin", email="bo@tea.example", name="Bo")
    assert "corrected by staff" in (await merchant.get("/console/tea/gaps")).text
    draft = (await merchant.get(f"/console/tea/entries/new/faq?gap={gap.id}")).text
    assert "Does the kettle whistle?" in draft and "Yes, it whistles." in draft
    assert "answer.corrected" in {audit.what for audit in await house.staff.audits("s1")}


async def test_a_correction_may_be_for_the_shop_alone(house: House) -> None:
    conversation, answer = await answered(house)
    program = await house.program("support")
    path = f"/api/v1/desk/conversations/{conversation}/messages/{answer}/correct"
    kept = await program.post(path, json={"text": "It does.", "tell": False})
    assert kept.status_code == 201 and kept.json()["message"] is None and kept.json()["correction"]["text"] == "It does."
    shown = (await program.get(f"/api/v1/desk/conversations/{conversation}")).json()
    assert [m["correction"]["by"] for m in shown["messages"] if "correction" in m] == ["CRM"]
    assert all(m.author is not Author.AGENT for m in await house.conversations.messages(conversation))
    assert [gap.reason for gap in await house.knowledge.gaps("s1")] == ["corrected"]


async def test_who_may_not_answer_may_not_correct(house: House) -> None:
    conversation, answer = await answered(house)
    path = f"/api/v1/desk/conversations/{conversation}/messages/{answer}/correct"
    for role, shop, status in (("analyst", "s1", 403), ("viewer", "s1", 404), ("admin", "s2", 404)):
        assert (await (await house.program(role, shop)).post(path, json={"text": "No."})).status_code == status, role
    mine = await house.program("support")
    question = (await house.conversations.messages(conversation))[-2].id
    assert (await mine.post(path.replace(answer, question), json={"text": "No."})).status_code == 404, "that is no answer"
    assert (await mine.post(path, json={"text": " "})).status_code == 422
    colleague = await house.signed_in("support", email="li@tea.example", name="Li")
    await colleague.post(f"/desk/conversations/{conversation}/take")
    assert (await mine.post(path, json={"text": "No."})).status_code == 409, "only who holds it speaks"
    assert (await mine.post(path, json={"text": "It whistles.", "tell": False})).status_code == 201
    assert [m.text for m in await house.conversations.messages(conversation) if m.author is Author.AGENT] == []
    analyst = await house.signed_in("analyst", email="an@tea.example", name="An")
    assert "Correct this answer" not in (await analyst.get(f"/desk/conversations/{conversation}")).text
