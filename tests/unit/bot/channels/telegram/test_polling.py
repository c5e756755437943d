"""Asking for updates: nothing dropped, one poller, back after trouble; and nobody ever reads the token."""

import logging
from pathlib import Path

import pytest

from bot.errors import InvalidInput, Unavailable
from tests.fakes.bot_api import BotApiServer, Scripted
from tests.unit.bot.channels.telegram.conftest import TOKEN, World


@pytest.fixture
async def polling(tmp_path: Path, api: BotApiServer):
    world = World(tmp_path, api)
    world.bot.webhook = {"url": "https://elsewhere.example"}
    world.bot.says("Asked while the shop was closed?")
    yield world
    await world.stop()


async def taken(world: World) -> None:
    """Every update is confirmed."""
    await world.api.until(lambda: not world.bot.updates)
    await world.settle()


async def test_what_was_asked_before_the_start_is_answered(polling: World):
    await polling.start(webhook=False)
    await taken(polling)
    assert len(polling.bot.said) == 1
    assert polling.api.made("deleteWebhook"), "a webhook is taken away, or nothing could be asked for"
    polling.bot.says("And this?")
    polling.bot.says("And that?")
    await taken(polling)
    assert len(polling.bot.said) == 3


async def test_after_a_restart_nothing_is_lost_or_doubled(polling: World):
    await polling.start(webhook=False)
    await taken(polling)
    await polling.stop()
    polling.bot.says("During the break?")
    await polling.start(webhook=False)
    await taken(polling)
    assert len(polling.bot.said) == 2


async def test_numbers_that_begin_anew_are_taken(polling: World):
    await polling.start(webhook=False)
    await taken(polling)
    await polling.stop()
    polling.bot.next_update = 5
    polling.bot.says("After a week of silence?")
    await polling.start(webhook=False)
    await taken(polling)
    assert len(polling.bot.said) == 2


async def test_trouble_is_sat_out(polling: World):
    polling.api.script("getMe", Scripted(502, "Bad Gateway"))
    polling.api.script("getUpdates", Scripted(502, "Bad Gateway"), Scripted(429, "Too Many Requests", {"retry_after": 1}))
    await polling.start(webhook=False)
    await taken(polling)
    assert len(polling.bot.said) == 1


async def test_one_replica_polls_for_all(polling: World):
    await polling.start(webhook=False)
    other = polling.another_channel(webhook=False)
    await other.start()
    await taken(polling)
    polling.bot.says("And this?")
    await taken(polling)
    await other.close()
    assert len(polling.bot.said) == 2
    assert {call.status for call in polling.api.made("getUpdates")} == {200}, "two that ask at once would be told off"


async def test_a_token_set_later_is_encrypted_and_taken_up(polling: World, caplog: pytest.LogCaptureFixture):
    polling.tokens.clear()
    await polling.start(webhook=False)
    assert not polling.api.calls
    with pytest.raises(InvalidInput) as refused:
        await polling.channel.set_token(polling.shop, "999:wrong")
    assert "999:wrong" not in str(refused.value)
    assert await polling.channel.set_token(polling.shop, TOKEN) == "shop_bot"
    await polling.channel._refresh(taking=True)
    await taken(polling)
    assert len(polling.bot.said) == 1
    assert await polling.channel.check() == [("tea", True, "@shop_bot, polling")]
    await polling.channel.set_token(polling.shop, "")
    assert await polling.channel.check() == []


async def test_the_doctor_says_what_to_mend(polling: World):
    await polling.start(webhook=True, public_url="", begin=False)
    assert "ZHANGGUI_PUBLIC_URL" in (await polling.channel.check())[0][2]
    polling.tokens["tea"] = "999:wrong"
    await polling.start(webhook=False, begin=False)
    ((name, well, sentence),) = await polling.channel.check()
    assert (name, well) == ("tea", False) and "@BotFather" in sentence and "999:wrong" not in sentence
    polling.tokens["tea"] = TOKEN
    await polling.start(webhook=False, begin=False, api_url="http://127.0.0.1:1")
    ((name, well, sentence),) = await polling.channel.check()
    assert not well and "does not answer" in sentence and TOKEN not in sentence
    with pytest.raises(Unavailable) as unreachable:
        await polling.channel.set_token(polling.shop, TOKEN)
    assert TOKEN not in str(unreachable.value)


async def test_the_token_stands_in_no_log_no_error_and_no_file(polling: World, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    for noisy in ("aiosqlite", "alembic", "asyncio"):
        caplog.set_level(logging.INFO, logger=noisy)
    polling.tokens.clear()
    polling.api.script("getUpdates", Scripted(409, "Conflict: x"), Scripted(404, f"Not Found /bot{TOKEN}/x"))
    polling.api.script("sendMessage", Scripted(400, f"Bad Request: {TOKEN}"), Scripted(502, f"x {TOKEN}"))
    await polling.start(webhook=False)
    await polling.channel.set_token(polling.shop, TOKEN)
    await polling.channel._refresh(taking=True)
    polling.api.scripts["getUpdates"].pop()
    await taken(polling)
    await polling.later(60)
    await polling.start(webhook=False, api_url="http://127.0.0.1:1", begin=False)
    await polling.channel.check()
    await polling.stop()
    secret = TOKEN.partition(":")[2]
    written = caplog.text + "".join(str(record.exc_info) + str(record.args) for record in caplog.records)
    assert secret not in written
    for path in polling.folder.rglob("*"):
        assert secret.encode() not in path.read_bytes(), path.name
