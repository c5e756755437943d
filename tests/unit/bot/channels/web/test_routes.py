import json

import pytest

from bot.answering.answer import Answer, Engine, Handoff, HandoffReason, Outcome
from bot.conversation.records import Author, Status
from tests.unit.bot.channels.web.conftest import LIMITS, Door


async def test_a_conversation_begins_with_a_greeting_that_is_no_answer(door: Door) -> None:
    path, key = await door.begin(language="zh-CN")
    shown = (await door.http.get(path, headers=key)).json()
    assert [(m["author"], m["text"]) for m in shown["messages"]] == [("system", "欢迎光临茶馆。")]
    assert shown["status"] == "assistant"


async def test_unknown_shop_is_404(door: Door) -> None:
    assert (await door.http.post("/api/v1/shops/nobody/conversations")).status_code == 404


async def test_a_message_is_stored_and_answered(door: Door) -> None:
    path, key = await door.begin()
    response = await door.http.post(f"{path}/messages?wait=5", json={"text": "Red?", "client_id": "c1"}, headers=key)
    answer = response.json()
    assert response.status_code == 200
    assert answer["text"] == "Yes, it comes in red."
    assert answer["conversation"] == path.rsplit("/", 1)[1]
    messages = (await door.http.get(path, headers=key)).json()["messages"]
    assert [m["author"] for m in messages] == ["system", "customer", "assistant"]
    assert messages[1]["client_id"] == "c1"
    assert messages[2]["id"] == answer["message_id"] == messages[2]["answer"]["message_id"]


async def test_the_same_client_id_twice_is_one_message(door: Door) -> None:
    path, key = await door.begin()
    sent = {"text": "Red?", "client_id": "c1"}
    first = await door.http.post(f"{path}/messages", json=sent, headers=key)
    again = await door.http.post(f"{path}/messages", json=sent, headers=key)
    assert first.status_code == again.status_code == 202
    assert first.json() == again.json()


async def test_a_wait_that_is_too_short_gives_the_id(door: Door) -> None:
    path, key = await door.begin()
    door.assistant.gate.clear()
    response = await door.http.post(f"{path}/messages?wait=0.05", json={"text": "Red?"}, headers=key)
    assert (response.status_code, list(response.json())) == (202, ["id"])
    door.assistant.gate.set()


async def test_while_an_agent_holds_it_the_assistant_is_silent(door: Door) -> None:
    path, key = await door.begin()
    await door.store.move(path.rsplit("/", 1)[1], (Status.ASSISTANT,), Status.AGENT, agent_id="mei")
    answer = (await door.http.post(f"{path}/messages?wait=5", json={"text": "Hello?"}, headers=key)).json()
    assert (answer["outcome"], answer["text"], answer["message_id"]) == ("handed_off", "", None)


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "empty"), ("  \n ", "empty"), ("\x00\x07\x1b", "empty"), ("\u200b\u200d", "empty"), ("x" * 10_001, "10,001 characters")],
)
async def test_text_that_cannot_be_read_is_refused_in_a_sentence(door: Door, text: str, words: str) -> None:
    path, key = await door.begin()
    response = await door.http.post(f"{path}/messages", json={"text": text}, headers=key)
    assert response.status_code == 422
    assert words in response.json()["detail"]


@pytest.mark.parametrize("text", ["👍", "x" * 10_000, "<script>alert(1)</script>", "a\x00b"])
async def test_odd_text_is_taken(door: Door, text: str) -> None:
    path, key = await door.begin()
    assert (await door.http.post(f"{path}/messages?wait=5", json={"text": text}, headers=key)).status_code == 200
    messages = await door.store.messages(path.rsplit("/", 1)[1])
    assert messages[1].text == text.replace("\x00", "")


async def test_half_an_emoji_is_taken(door: Door) -> None:
    path, key = await door.begin()
    body = b'{"text": "ok \\ud83d", "client_id": "\\ud83d"}'
    assert (await door.http.post(f"{path}/messages?wait=5", content=body, headers=key)).status_code == 200


@pytest.mark.parametrize("body", [b"not json", b"[1]", b"\xff\xfe", b'{"text": 5}', b"[" * 100_000])
async def test_a_body_of_the_wrong_form_is_refused(door: Door, body: bytes) -> None:
    path, key = await door.begin()
    assert (await door.http.post(f"{path}/messages", content=body, headers=key)).status_code == 422


async def test_a_body_that_is_too_large_is_refused(door: Door) -> None:
    path, key = await door.begin()
    body = json.dumps({"text": "x", "more": "y" * 300_000}).encode()
    assert (await door.http.post(f"{path}/messages", content=body, headers=key)).status_code == 413


@pytest.mark.parametrize("wait", ["soon", "-1", "nan", "inf"])
async def test_a_wait_that_is_no_number_is_refused(door: Door, wait: str) -> None:
    path, key = await door.begin()
    assert (await door.http.post(f"{path}/messages?wait={wait}", json={"text": "x"}, headers=key)).status_code == 422


async def test_too_many_messages_of_one_conversation_wait(door: Door) -> None:
    path, key = await door.begin()
    for _ in range(LIMITS.messages):
        assert (await door.http.post(f"{path}/messages", json={"text": "x"}, headers=key)).status_code == 202
    refused = await door.http.post(f"{path}/messages", json={"text": "x"}, headers=key)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    other, its_key = await door.begin()
    assert (await door.http.post(f"{other}/messages", json={"text": "x"}, headers=its_key)).status_code == 202


async def test_too_many_requests_of_one_address_wait(door: Door) -> None:
    statuses = [(await door.http.post("/api/v1/shops/tea/conversations")).status_code for _ in range(LIMITS.address + 1)]
    assert statuses == [201] * LIMITS.address + [429]


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Basic abc.def", "Bearer .x", "Bearer ü.x"])
async def test_without_a_token_nothing_opens(door: Door, header: str) -> None:
    path, _ = await door.begin()
    assert (await door.http.get(path, headers={"Authorization": header.encode("latin-1")})).status_code == 401


async def test_one_conversations_token_opens_no_other(door: Door) -> None:
    mine, key = await door.begin()
    other, its_key = await door.begin("hats")
    my_id, other_id = mine.rsplit("/", 1)[1], other.rsplit("/", 1)[1]
    forged = {"Authorization": key["Authorization"].replace(my_id, other_id)}
    for header in (key, forged):
        for path in (other, f"{other}/events"):
            assert (await door.http.get(path, headers=header)).status_code == 404
        for path in ("messages", "handoff", "feedback", "rating", "contact"):
            assert (await door.http.post(f"{other}/{path}", json={"text": "x"}, headers=header)).status_code == 404
    assert (await door.http.delete("/api/v1/customers/me", headers=forged)).status_code == 404
    assert (await door.http.get(other, headers=its_key)).status_code == 200


async def test_a_token_in_the_address_opens_nothing(door: Door) -> None:
    path, key = await door.begin()
    token = key["Authorization"].split()[1]
    assert (await door.http.get(f"{path}?token={token}")).status_code == 401


async def test_asking_for_a_person_twice_says_it_once(door: Door) -> None:
    path, key = await door.begin(language="en")
    for _ in range(2):
        assert (await door.http.post(f"{path}/handoff", headers=key)).json()["status"] == "waiting"
    messages = (await door.http.get(path, headers=key)).json()["messages"]
    assert [m["text"] for m in messages].count("waiting/en") == 1


async def test_feedback_on_an_answer_and_on_nothing_else(door: Door) -> None:
    path, key = await door.begin()
    answer = (await door.http.post(f"{path}/messages?wait=5", json={"text": "Red?"}, headers=key)).json()
    messages = (await door.http.get(path, headers=key)).json()["messages"]
    thumb = {"message_id": answer["message_id"], "value": -1, "comment": "No."}
    for value in (1, -1, -1):
        assert (await door.http.post(f"{path}/feedback", json={**thumb, "value": value}, headers=key)).status_code == 204
    (gap,) = await door.knowledge.gaps("s1")
    assert (gap.question, gap.reason, gap.count) == ("Red?", "disliked", 1), "the merchant sees what it was asked, once"
    assert (await door.http.post(f"{path}/feedback", json={**thumb, "value": 2}, headers=key)).status_code == 422
    assert (await door.http.post(f"{path}/feedback", json={**thumb, "message_id": messages[1]["id"]}, headers=key)).status_code == 404
    other, its_key = await door.begin()
    assert (await door.http.post(f"{other}/feedback", json=thumb, headers=its_key)).status_code == 404


@pytest.mark.parametrize(("score", "status"), [(1, 204), (5, 204), (0, 422), (6, 422), ("good", 422)])
async def test_rating(door: Door, score: object, status: int) -> None:
    path, key = await door.begin()
    assert (await door.http.post(f"{path}/rating", json={"score": score}, headers=key)).status_code == status


async def test_where_to_be_reached_is_kept(door: Door) -> None:
    path, key = await door.begin()
    assert (await door.http.post(f"{path}/contact", json={"reach": " ann@example.org\x00 "}, headers=key)).status_code == 204
    assert (await door.http.get(path, headers=key)).json()["reach"] == "ann@example.org"


async def test_notes_of_staff_are_never_shown(door: Door) -> None:
    path, key = await door.begin()
    id_ = path.rsplit("/", 1)[1]
    await door.store.say(id_, Author.NOTE, "difficult customer", agent_id="mei")
    assert "difficult" not in (await door.http.get(path, headers=key)).text
    assert "difficult" not in (await door.http.get("/api/v1/customers/me", headers=key)).text


async def test_forgetting_erases_everything_and_ends_the_token(door: Door) -> None:
    path, key = await door.begin()
    await door.http.post(f"{path}/messages?wait=5", json={"text": "Red?"}, headers=key)
    me = (await door.http.get("/api/v1/customers/me", headers=key)).json()
    assert len(me["conversations"][0]["messages"]) == 3
    erased = (await door.http.delete("/api/v1/customers/me", headers=key)).json()["erased"]
    assert erased["messages"] == 3
    assert (await door.http.get(path, headers=key)).status_code == 404
    assert (await door.http.get("/api/v1/customers/me", headers=key)).status_code == 404


async def test_an_answer_that_hands_off_lets_the_conversation_wait(door: Door) -> None:
    handoff = Handoff(HandoffReason.COMPLAINT)
    door.assistant.script = lambda _: Answer(
        "A colleague comes.", "en", Outcome.HANDED_OFF, ("complaint",), handoff=handoff, engine=Engine.COMPOSER
    )
    path, key = await door.begin()
    answer = (await door.http.post(f"{path}/messages?wait=5", json={"text": "It broke!"}, headers=key)).json()
    assert answer["handoff"]["reason"] == "complaint"
    assert (await door.http.get(path, headers=key)).json()["status"] == "waiting"
