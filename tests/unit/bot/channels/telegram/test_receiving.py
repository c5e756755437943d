"""Updates in: each once, whatever kind, and a sentence for everybody."""

import asyncio

from bot.answering.answer import Answer, Outcome
from bot.answering.answer_json import answer_json
from bot.conversation.records import Author, Status
from bot.conversation.store import Finished
from knowledge.shop_editing import changed_shop
from tests.unit.bot.channels.telegram.conftest import World


async def test_a_question_is_answered_with_a_button_for_a_person(world: World):
    (said,) = await world.asks("Does it come in red?")
    assert said.text == "Yes, it comes in red."
    assert said.buttons == ["Talk to a person"]
    question, answer = await world.messages()
    assert (question.author, question.external_id) == (Author.CUSTOMER, "7:1")
    assert answer.author is Author.ASSISTANT


async def test_typing_shows_before_the_answer(world: World):
    world.assistant.gate.clear()
    world.bot.says("Slow one?")
    await world.bot.bring(world.http)
    await world.api.until(lambda: world.bot.typed == [7])
    assert not world.bot.said
    world.assistant.gate.set()
    await world.settle()
    assert len(world.bot.said) == 1


async def test_an_update_brought_again_changes_nothing_even_after_a_restart(world: World):
    first = world.bot.says("Once?")
    assert await world.bring() == [200]
    for _ in range(2):
        world.bot.updates.append(first)
        assert await world.bring() == [200]
        await world.start()
    assert len(world.bot.said) == 1
    assert len(await world.messages()) == 2


async def test_a_repeated_update_of_a_closed_chat_opens_no_new_one(world: World):
    first = world.bot.says("Once?")
    await world.bring()
    await world.asks("/stop")
    world.bot.updates.append(first)
    assert await world.bring() == [200]
    assert len(await world.store.conversations("s1")) == 1


async def test_copies_that_arrive_at_once_are_one_message(world: World):
    update = world.bot.says("Together?")
    headers = {"X-Telegram-Bot-Api-Secret-Token": world.bot.webhook["secret_token"]}
    sent = [world.http.post("/telegram/tea/webhook", json=update, headers=headers) for _ in range(5)]
    assert {response.status_code for response in await asyncio.gather(*sent)} == {200}
    await world.settle()
    assert len(world.bot.said) == 1


async def test_an_update_stored_but_not_answered_is_answered_once_after_a_kill(world: World):
    world.assistant.gate.clear()
    world.bot.says("Still there?")
    assert await world.bot.bring(world.http) == [200]
    for task in set(world.assistant._running):
        task.cancel()
    await world.start()
    turn = await world.store.claim_turn("scripted", 60.0)
    assert turn is not None
    answer = Answer("Still here.", "en", Outcome.ANSWERED, ("chitchat",))
    await world.store.finish_turn(turn.id, "scripted", Finished(answer.text, answer_json(answer), {}, {}, "en"))
    await world.settle()
    await world.start()
    await world.settle()
    assert [said.text for said in world.bot.said] == ["Still here."]


async def test_start_greets_says_what_it_is_and_what_is_kept(world: World):
    (said,) = await world.asks("/start")
    assert said.text.startswith("Welcome to the tea house.")
    assert said.text.count("automatic assistant") == 1 and "/privacy" in said.text
    assert said.buttons == ["Which tea is mild?", "How much is shipping?", "Talk to a person"]
    toast, (answer,) = await world.presses(said, "Which tea is mild?")
    assert toast == "Which tea is mild?"
    assert answer.text == "Yes, it comes in red."
    assert [m.text for m in await world.messages() if m.author is Author.CUSTOMER] == ["Which tea is mild?"]


async def test_telegrams_language_is_the_first_guess_and_the_customer_chooses(world: World):
    (said,) = await world.asks("/start", language="zh-hans")
    assert said.text.startswith("欢迎光临茶馆。") and said.buttons[-1] == "转人工"
    (asked,) = await world.asks("/language")
    assert set(asked.buttons) == {"English", "简体中文", "繁體中文"}
    _, (set_,) = await world.presses(asked, "English")
    assert set_.text == "I speak English with you from now on."
    assert (await world.conversation()).language == "en"
    await world.asks("/stop")
    (again,) = await world.asks("/start", language="zh-hans")
    assert again.text.startswith("Welcome"), "a new chat keeps the language that was chosen"


async def test_telegram_in_traditional_chinese(world: World):
    for chat, tag in ((21, "zh-hant"), (22, "zh-TW"), (23, "zh-hk")):
        (said,) = await world.asks("/start", chat=chat, language=tag)
        assert "您正在與智慧助理對話。" in said.text and said.buttons[-1] == "真人客服", tag
    (asked,) = await world.asks("/language")
    _, (set_,) = await world.presses(asked, "繁體中文")
    assert set_.text == "好的，以後用繁體中文為您服務。"
    assert (await world.conversation()).language == "zh-Hant"
    assert set(world.bot.commands) == {"", "en", "zh"}, "Telegram knows menus by languages of two letters only"


async def test_a_person_is_asked_for_by_command_and_by_button(world: World):
    (said,) = await world.asks("Hello?")
    toast, (notice,) = await world.presses(said, "Talk to a person")
    assert toast == notice.text == "We are fetching a colleague; please stay in this chat."
    assert (await world.conversation()).status is Status.WAITING
    (already,) = await world.asks("/human")
    assert already.text.startswith("A colleague is on the way")


async def test_help_and_an_unknown_command(world: World):
    (said,) = await world.asks("/help")
    assert "/human" in said.text and said.buttons == ["Talk to a person"]
    await world.asks("/price_of green tea")
    assert (await world.messages())[-2].text == "price of green tea"


async def test_stop_closes_the_chat_and_writing_opens_it_again(world: World):
    await world.asks("Hello?")
    (said,) = await world.asks("/stop")
    assert said.text.startswith("This chat is closed")
    assert (await world.conversation()).status is Status.RESOLVED
    assert len(await world.asks("Are you there?")) == 1


async def test_privacy_erases_after_asking_once_more(world: World):
    await world.asks("My name is Ada Lovelace")
    (said,) = await world.asks("/privacy")
    _, (sure,) = await world.presses(said, "Erase my data")
    toast, rest = await world.presses(sure, "No, keep it")
    assert toast == "Nothing was erased." and not rest
    toast, _ = await world.presses(sure, "Yes, erase it")
    assert toast.startswith("Everything that we kept")
    await world.api.until(lambda: world.bot.said[-1].text == toast)
    assert not [c for c in await world.store.conversations("s1") if c.last_seq]
    assert b"Ada Lovelace" not in world.database.read_bytes()


async def test_pictures_and_voices_get_a_sentence_and_a_person(world: World):
    photo = [{"file_id": "p", "file_unique_id": "p", "width": 1, "height": 1}]
    for _ in range(3):
        world.bot.sends(photo=photo, media_group_id="album")
    world.bot.sends(voice={"file_id": "v", "file_unique_id": "v", "duration": 1})
    assert await world.bring() == [200] * 4
    assert [said.text[:20] for said in world.bot.said] == ["I can only read text"] * 2, "an album is one"
    assert world.bot.said[0].buttons == ["Talk to a person"]
    assert [m.text for m in await world.messages() if m.author is Author.NOTE][1].endswith("(voice).")
    world.bot.sends(photo=photo, caption="Do you have this in red?")
    await world.bring()
    assert [said.text[:20] for said in world.bot.said[2:]] == ["I can only read text", "Yes, it comes in red"]


async def test_an_edited_message_is_noted_and_not_answered_again(world: World):
    update = world.bot.says("In blue?")
    await world.bring()
    world.bot.edits(update["message"], "In green?")
    world.bot.edits(update["message"], "In green?")
    assert await world.bring() == [200, 200]
    assert len(world.bot.said) == 1
    assert [m.text for m in await world.messages() if m.author is Author.NOTE] == [
        "The customer changed an earlier message to: “In green?”"
    ]


async def test_groups_are_left_alone_unless_the_bot_is_meant(world: World):
    for text in ("Hello all", "/help", "@other_bot help", "/human@other_bot"):
        world.bot.says(text, chat=-100)
    assert await world.bring() == [200] * 4
    assert not await world.store.conversations("s1") and not world.bot.said
    (said,) = await world.asks("@Shop_Bot, is it red?", chat=-100)
    assert said.chat == -100
    assert (await world.messages(-100))[0].text == "is it red?"
    contact = await world.store.contact((await world.conversation(-100)).contact_id)
    assert contact is not None and contact.name == ""
    (said,) = await world.asks("/help@shop_bot", chat=-100)
    reply = world.bot.message(-100, text="And in blue?", reply_to_message={**_message(world), "message_id": said.message_id})
    world.bot.put(message=reply)
    await world.bring()
    assert (await world.messages(-100))[-2].text == "And in blue?"


def _message(world: World) -> dict[str, object]:
    me = {"id": world.bot.id, "is_bot": True, "first_name": "Bot", "username": "shop_bot"}
    return {"date": 1_772_366_400, "chat": world.bot.chat(-100), "from": me, "text": "x"}


async def test_other_bots_and_notices_of_the_chat_are_no_questions(world: World):
    message = world.bot.message(7, text="buy now")
    world.bot.put(message={**message, "from": {**message["from"], "is_bot": True}})
    world.bot.sends(pinned_message=world.bot.message(7, text="x"))
    world.bot.put(message_reaction={})
    world.bot.put(of_tomorrow={"x": 1})
    assert await world.bring() == [200] * 4
    assert not await world.store.conversations("s1")


async def test_a_button_whose_it_is_another_by_now_is_answered_politely(world: World):
    def script(text: str) -> Answer:
        return Answer("Well.", "en", Outcome.ANSWERED, ("price",), quick_replies=("How much is it?", "Is it in stock?"))

    world.assistant.script = script
    (first,) = await world.asks("The red one?")
    assert first.buttons == ["How much is it?", "Is it in stock?", "Talk to a person"]
    toast, sent = await world.presses(first, "How much is it?")
    assert toast == "How much is it?" and len(sent) == 1
    _, sent = await world.presses(first, "How much is it?")
    assert not sent, "pressed twice is asked once"
    _, sent = await world.presses(first, "Is it in stock?")
    assert len(sent) == 1, "a sister of a pressed button means the same thing"
    await world.asks("And the blue one?")
    toast, sent = await world.presses(first, "Is it in stock?")
    assert not sent and toast.startswith("This button belongs to an earlier answer")


async def test_data_that_we_did_not_write_for_this_chat_does_nothing(world: World):
    (said,) = await world.asks("Hello?", chat=7)
    await world.asks("Hello?", chat=8)
    for data in (said.data("Talk"), "p0::AAAAAAAAAAAA", "", "e0:", "x" * 64):
        press = world.bot.press(data, said, chat=8)
        assert await world.bring() == [200]
        await world.api.until(lambda press=press: world.bot.presses[press] is not None)
        assert str(world.bot.presses[press]).startswith("This button belongs")
    assert (await world.conversation(8)).status is Status.ASSISTANT


async def test_too_many_messages_get_one_sentence(world: World):
    await world.start(message_limit=2)
    for number in range(5):
        world.bot.says(f"Question {number}?")
    assert await world.bring() == [200] * 5
    assert [said.text[:12] for said in world.bot.said].count("That was a l") == 1
    assert len([m for m in await world.messages() if m.author is Author.CUSTOMER]) == 2


async def test_a_customer_who_blocks_the_bot_is_noted_and_not_written_to(world: World):
    await world.asks("Hello?")
    world.bot.block()
    assert await world.bring() == [200]
    conversation = await world.conversation()
    await world.store.say(conversation.id, Author.AGENT, "Are you there?", agent_name="Bo")
    await world.settle()
    await world.later(3600)
    assert len(world.bot.said) == 1
    assert [call.status for call in world.api.made("sendMessage")] == [200, 403], "once, never again"
    notes = [m.text for m in await world.messages() if m.author is Author.NOTE]
    assert notes == ["The customer has blocked the bot; nothing that is written here arrives."] * 2


async def test_one_update_that_breaks_is_tried_again_and_then_skipped(world: World):
    world.bot.put(message={"message_id": "?"})
    world.bot.says("And this?")
    for _ in range(5):
        statuses = await world.bring()
    assert statuses == [200] and len(world.bot.said) == 1


async def test_only_telegram_comes_in(world: World):
    update = {"update_id": 1, "message": world.bot.message(7, text="hi")}
    path, header = "/telegram/tea/webhook", "X-Telegram-Bot-Api-Secret-Token"
    right = world.bot.webhook["secret_token"]
    assert (await world.http.post(path, json=update)).status_code == 401
    assert (await world.http.post(path, json=update, headers={header: "wrong"})).status_code == 403
    assert (await world.http.post(path, json=update, headers={header: "wröng".encode()})).status_code == 403
    assert (await world.http.post("/telegram/other/webhook", json=update, headers={header: right})).status_code == 403
    for body in (b"", b"[]", b"{}", b"\xff", b'{"update_id": "1"}'):
        assert (await world.http.post(path, content=body, headers={header: right})).status_code == 422
    assert not await world.store.conversations("s1")
    assert TOKEN_PARTS.isdisjoint(world.bot.webhook["url"].split("/"))


TOKEN_PARTS = {"123456:Secret_Token-Nobody_May_Read_This_1", "123456"}


async def _set(world: World, **patch: object) -> None:
    """As another process does: nothing tells this one."""
    await world.knowledge.change_shop("s1", lambda now: changed_shop(now, patch))


async def test_what_the_merchant_sets_holds_for_the_next_message(world: World):
    await world.asks("/start")
    await _set(world, greeting={"en": "Come in."}, quick_replies={"en": ["What is new?"]}, privacy_notice={"en": "Kept for a week."})
    (greeting,) = await world.asks("/start", chat=8)
    assert greeting.text.startswith("Come in.") and "Kept for a week." in greeting.text
    assert greeting.buttons == ["What is new?", "Talk to a person"]
    await _set(world, languages=["en"])
    assert (await world.asks("/start", chat=9, language="zh"))[0].text.startswith("Come in.")


async def test_a_button_of_the_greeting_asks_what_it_showed_or_nothing(world: World):
    (greeting,) = await world.asks("/start")
    pressed = greeting.data("How much is shipping?")
    await _set(world, quick_replies={"en": ["Which tea is strong?", "Which tea is cheap?"]})
    world.bot.press(pressed, greeting)
    await world.bring()
    assert [m.text for m in await world.messages() if m.author is Author.CUSTOMER] == []
    await _set(world, quick_replies={"en": ["Which tea is strong?", "How much is shipping?"]})
    world.bot.press(pressed, greeting)
    await world.bring()
    assert [m.text for m in await world.messages() if m.author is Author.CUSTOMER] == ["How much is shipping?"]


async def test_who_asks_for_a_person_out_of_hours_is_told_until_when(world: World):
    week = {"mon": ["09:00-18:00"]}
    await _set(world, hours={"timezone": "Asia/Shanghai", "week": week})  # it is a Sunday
    (said,) = await world.asks("/human")
    assert said.text == "Nobody is on duty right now; colleagues are back tomorrow at 09:00 (UTC+8). Your message stays with us."
    assert (await world.conversation()).status is Status.WAITING
