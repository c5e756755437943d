"""Messages out: in order, in limits, once each, however Telegram answers."""

import asyncio
from dataclasses import replace

import pytest

from bot.answering.answer import Answer, Outcome, ProductCard
from bot.conversation.records import Author
from tests.builders import NOW, money
from tests.fakes.bot_api import Scripted
from tests.unit.bot.channels.telegram.conftest import World

KETTLE = ProductCard(
    "KT-1", "kt", "Kettle <1.7 L> & base", "Black", money("39.99 USD"), money("49.99 USD"), None, 4, "in_stock", NOW, image="demo/kt.svg"
)
PICTURE = "https://shop.example/kt.jpg"


def an_answer(text: str = "Here you are.", *cards: ProductCard, **more: object) -> Answer:
    return replace(Answer(text, "en", Outcome.ANSWERED, ("product_question",), products=cards), **more)


async def answered(world: World, answer: Answer) -> None:
    world.assistant.script = lambda _: answer
    world.bot.says("What have you got?")
    assert await world.bring() == [200]


async def test_a_drawing_becomes_a_text_card(world: World):
    await answered(world, an_answer("It is nice.", KETTLE))
    (said,) = world.bot.said
    assert said.text == "It is nice.\n\nKettle <1.7 L> & base (Black)\n$39.99 $49.99 · in stock"
    assert said.entities == ["b", "s"]
    assert world.api.made("sendMessage")[0].parameters["link_preview_options"] == '{"is_disabled": true}'


async def test_a_picture_comes_with_price_and_availability_and_the_buttons_under_the_text(world: World):
    world.api.pictures.add(PICTURE)
    await answered(world, an_answer("It is nice.", replace(KETTLE, image=PICTURE, url="https://shop.example/kt")))
    photo, text = world.bot.said
    assert (photo.photo, photo.text) == (PICTURE, "Kettle <1.7 L> & base (Black)\n$39.99 $49.99 · in stock")
    assert photo.entities == ["b", "a", "s"] and not photo.keyboard
    assert text.text == "It is nice." and text.buttons == ["Talk to a person"]


async def test_a_picture_by_path_is_fetched_from_our_public_address(world: World):
    world.api.pictures.add("http://127.0.0.1:1/pictures/kt.jpg")
    await answered(world, an_answer("Nice.", replace(KETTLE, image="pictures/kt.jpg")))
    assert world.bot.said[0].photo == "http://127.0.0.1:1/pictures/kt.jpg"


async def test_several_pictures_are_an_album_sent_from_its_file_ids_the_next_time(world: World):
    cards = [replace(KETTLE, sku=f"K{n}", title=f"Kettle {n}", image=f"https://shop.example/{n}.jpg") for n in range(3)]
    world.api.pictures.update(card.image for card in cards)
    answer = an_answer("Three.", *cards, quick_replies=("How much is it?", "Talk to a person"))
    await answered(world, answer)
    *album, text = world.bot.said
    assert len(album) == 3 and len({said.album for said in album}) == 1
    assert text.buttons == ["Kettle 0 · Black", "Kettle 1 · Black", "Kettle 2 · Black", "How much is it?", "Talk to a person"]
    await answered(world, answer)
    assert [said.photo for said in world.bot.said[4:7]] == [f"file-{said.message_id}" for said in album]
    toast, _ = await world.presses(text, "Kettle 1")
    assert toast == "Tell me about the Kettle 1."


async def test_without_the_picture_the_card_still_comes(world: World):
    await answered(world, an_answer("It is nice.", replace(KETTLE, image=PICTURE)))
    card, text = world.bot.said
    assert card.text.startswith("Kettle <1.7 L> & base (Black)") and not card.photo
    assert text.text == "It is nice."
    cards = [replace(KETTLE, sku=f"K{n}", title=f"Kettle {n}", image=f"https://shop.example/{n}.jpg") for n in range(2)]
    await answered(world, an_answer("Two.", *cards))
    assert [said.text.splitlines()[0] for said in world.bot.said[2:]] == ["Kettle 0 (Black)", "Two."]
    assert "Kettle 1" in world.bot.said[2].text


async def test_a_long_answer_comes_in_pieces_with_buttons_under_the_last(world: World):
    await answered(world, an_answer("\n\n".join(f"Paragraph {n}: " + "a < b & c. " * 60 for n in range(20))))
    assert len(world.bot.said) > 3
    assert [bool(said.keyboard) for said in world.bot.said] == [False] * (len(world.bot.said) - 1) + [True]
    assert "".join(said.text for said in world.bot.said).count("Paragraph") == 20


async def test_a_retry_sends_the_rest_only(world: World):
    world.api.script("sendMessage", Scripted(200), Scripted(200), Scripted(502, "Bad Gateway"))
    await answered(world, an_answer("\n\n".join(f"Paragraph {n}: " + "word " * 500 for n in range(6))))
    assert len(world.bot.said) == 2
    await world.start()  # the process that sent the first two is gone
    await world.later(2)
    texts = [said.text for said in world.bot.said]
    assert len(texts) == len(set(texts)) == 6 and len(world.api.made("sendMessage")) == 7


async def test_429_is_obeyed_to_the_second(world: World):
    world.api.script("sendMessage", Scripted(429, "Too Many Requests: retry after 17", {"retry_after": 17}))
    await answered(world, an_answer())
    await world.later(16)
    assert not world.bot.said and len(world.api.made("sendMessage")) == 1
    await world.later(2)
    assert len(world.bot.said) == 1


async def test_order_within_a_chat_survives_a_retry(world: World):
    world.api.script("sendMessage", Scripted(500, "Internal Server Error"))
    await answered(world, an_answer("First."))
    await answered(world, an_answer("Second."))
    assert not world.bot.said
    await world.later(5)
    assert [said.text for said in world.bot.said] == ["First.", "Second."]


async def test_markup_that_is_refused_goes_out_plain(world: World):
    refusal = 'Bad Request: can\'t parse entities: Unsupported start tag "x" at byte offset 3'
    world.api.script("sendMessage", Scripted(400, refusal))
    await answered(world, an_answer("a < b"))
    assert [said.text for said in world.bot.said] == ["a < b"]
    assert world.bot.said[0].buttons == ["Talk to a person"]
    assert "parse_mode" not in world.api.made("sendMessage")[1].parameters


@pytest.mark.parametrize(
    ("status", "description"),
    [(403, "Forbidden: user is deactivated"), (400, "Bad Request: chat not found"), (400, "Bad Request: message is too long")],
)
async def test_what_never_will_arrive_is_given_up_and_holds_up_nothing(world: World, status: int, description: str):
    world.api.script("sendMessage", Scripted(status, description))
    await answered(world, an_answer("First."))
    await world.later(3600)
    await answered(world, an_answer("Second."))
    assert [said.text for said in world.bot.said] == ["Second."]


async def test_a_server_that_hangs_is_left_and_asked_again(world: World):
    await world.start(timeout=0.3)
    gate = asyncio.Event()
    world.api.script("sendMessage", Scripted(502, gate=gate))
    await answered(world, an_answer())
    assert not world.bot.said
    gate.set()
    await world.later(3)
    assert len(world.bot.said) == 1


async def test_agents_are_named_and_notices_are_plain(world: World):
    await answered(world, an_answer())
    conversation = await world.conversation()
    await world.store.say(conversation.id, Author.AGENT, "I looked: <2 left>.", agent_name="Bo & Co")
    await world.store.say(conversation.id, Author.SYSTEM, "A colleague has joined the chat.")
    await world.store.say(conversation.id, Author.NOTE, "Careful, a regular.")
    await world.settle()
    assert [said.text for said in world.bot.said[1:]] == ["Bo & Co\nI looked: <2 left>.", "A colleague has joined the chat."]
    assert world.bot.said[1].entities == ["b"] and not world.bot.said[1].keyboard


async def test_chinese_words_for_a_chinese_answer(world: World):
    await answered(world, an_answer("很好。", KETTLE, language="zh"))
    assert world.bot.said[0].text.endswith("· 有货") or "有" in world.bot.said[0].text
    assert world.bot.said[0].buttons == ["转人工"]


async def test_a_shop_without_a_token_keeps_its_messages(world: World):
    await world.asks("Hello?")
    world.tokens.clear()
    await world.start(begin=False)
    conversation = await world.conversation()
    await world.store.say(conversation.id, Author.AGENT, "Later, then.", agent_name="Bo")
    await world.settle()
    assert len(world.bot.said) == 1
    world.tokens["tea"] = world.bot.token
    await world.start()
    await world.later(61)
    assert world.bot.said[-1].text == "Bo\nLater, then."
