"""The chat model over real HTTP, against a local OpenAI-compatible server; and any LangChain model object."""

import asyncio
import contextlib
import logging
import socket
import sys
from typing import Any

import pytest
from langchain_core.language_models import BaseChatModel, GenericFakeChatModel
from langchain_core.messages import AIMessage

from bot.errors import SettingsError, Unavailable
from bot.language_model.chat_model import TOOLS_REFUSED_SECONDS, ChatModel, open_chat_model
from bot.language_model.tools import Tool, ToolResult
from bot.language_model.usage import Usage, estimated_tokens
from tests.fakes.chat_model import ScriptedChatModel, ToolCallingModel
from tests.fakes.openai_server import openai_server


async def told(model: ChatModel, usage: list[Usage] | None = None) -> str:
    return "".join(
        [piece async for piece in model.stream("Be brief.", [("customer", "Hi"), ("assistant", "Hello"), ("customer", "你好")], usage)]
    )


async def test_streams_text_and_counts_tokens_over_http() -> None:
    async with openai_server(answer="水壶 $39.99，有货。") as server:
        usage: list[Usage] = []
        model = open_chat_model("openai:tiny", base_url=server.url, api_key="sk-test")
        assert await told(model, usage) == "水壶 $39.99，有货。"
        assert usage == [Usage(120, 7)]
        sent = server.requests[0]
        assert sent["stream"] is True
        assert sent["model"] == "tiny"
        assert [m["role"] for m in sent["messages"]] == ["system", "user", "assistant", "user"]
        assert server.keys == ["Bearer sk-test"]


async def test_a_server_of_ones_own_needs_no_key() -> None:
    async with openai_server(answer="ok") as server:
        assert await told(open_chat_model("openai:tiny", base_url=server.url)) == "ok"


@pytest.mark.parametrize("how", [{"status": 401}, {"status": 500}, {"cut_after": 3, "answer": "a" * 80}, {"garbage": True}])
async def test_failures_are_one_plain_error_without_the_key(how: dict[str, object], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with openai_server(**how) as server:
        with pytest.raises(Unavailable) as caught:
            await told(open_chat_model("openai:tiny", base_url=server.url, api_key="sk-very-secret"))
    assert "sk-" not in caught.value.message
    assert "sk-very-secret" not in caplog.text


async def test_a_silent_server_times_out() -> None:
    async with openai_server(hang_after=0) as server:
        with pytest.raises(Unavailable):
            await told(open_chat_model("openai:tiny", base_url=server.url, timeout=0.2))


async def test_nobody_listening() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        with pytest.raises(Unavailable):
            await told(open_chat_model("openai:tiny", base_url=f"http://127.0.0.1:{unused.getsockname()[1]}/v1"))


async def test_any_langchain_chat_model_can_be_passed_in() -> None:
    langchain_model = GenericFakeChatModel(messages=iter([AIMessage("One two three.")]))
    assert isinstance(langchain_model, BaseChatModel)
    assert await told(ChatModel(langchain_model)) == "One two three."


async def test_a_stream_can_be_left_early() -> None:
    model = ChatModel(ScriptedChatModel(script="a" * 50, hangs_after=2))
    stream = model.stream("", [("customer", "x")])
    async with asyncio.timeout(5):
        assert await anext(stream) == "aaaaa"
        await stream.aclose()


async def used(**how: Any) -> Usage:
    usage: list[Usage] = []
    with contextlib.suppress(Unavailable):
        await told(ChatModel(ScriptedChatModel(**how)), usage)
    (one,) = usage
    return one


async def test_what_a_model_does_not_tell_is_estimated_from_characters_and_marked() -> None:
    read = estimated_tokens("Be brief.", "Hi", "Hello", "你好")
    assert await used(script="水壶有货。") == Usage(read, 5, estimated=True)
    assert await used(script="水壶有货。", told=(70, 9)) == Usage(70, 9)
    assert await used(script="水壶有货。", told=(70, 0)) == Usage(70, 5, estimated=True), "some tell only what they read"
    assert await used(script="a" * 70, breaks_after=7) == Usage(read, 10, estimated=True), "half an answer was written all the same"
    assert await used(script="a" * 70, breaks_after=7, told=(70, 9)) == Usage(70, 9)
    assert await used(script="a" * 70, breaks_after=0) == Usage(), "what was refused took nothing"


@pytest.mark.parametrize(
    ("model_id", "part"),
    [("openai:", "openai:NAME"), ("anthropic:claude", "langchain-anthropic"), ("nonsense:x", "known providers"), ("openai:gpt", "API_KEY")],
)
def test_what_cannot_be_opened_says_what_to_do(model_id: str, part: str) -> None:
    with pytest.raises(SettingsError) as caught:
        open_chat_model(model_id, api_key="sk-secret" if "gpt" not in model_id else "")
    assert part in caught.value.message
    assert "sk-secret" not in str(caught.value)


def test_ollama_without_its_extra_names_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "langchain_ollama", None)
    with pytest.raises(SettingsError) as caught:
        open_chat_model("ollama:tiny")
    assert "pip install langchain-ollama" in caught.value.message
    assert caught.value.message.count(". ") == 0


def test_ollama_opens_without_a_connection() -> None:
    pytest.importorskip("langchain_ollama")
    assert open_chat_model("ollama:tiny", base_url="http://127.0.0.1:9").name == "ollama:tiny"


WEIGH = Tool("weigh", "Weighs something.", {"type": "object", "properties": {"what": {"type": "string"}}, "required": ["what"]})


async def test_tool_calls_over_http() -> None:
    async with openai_server(answer="Fine.", tool_calls=[("weigh", {"what": "水壶"}), ("weigh", {"what": "cup"})]) as server:
        model, usage = open_chat_model("openai:tiny", base_url=server.url), list[Usage]()
        calls = await model.calls("Be brief.", [("customer", "Hi")], [WEIGH], (), usage)
        assert [(call.name, call.arguments) for call in calls] == [("weigh", {"what": "水壶"}), ("weigh", {"what": "cup"})]
        assert usage == [Usage(120, 7)]
        told = [ToolResult(call, "850 g") for call in calls]
        assert await model.calls("Be brief.", [("customer", "Hi")], [WEIGH], [told], usage) == []
        first, second = server.requests
        assert first["tools"][0]["function"]["name"] == "weigh"
        assert [m["role"] for m in second["messages"]] == ["system", "user", "assistant", "tool", "tool"]
        assert [m["tool_call_id"] for m in second["messages"][3:]] == [call.id for call in calls]


@pytest.mark.parametrize("how", [{"status": 400}, {"garbage": True}])
async def test_a_server_that_takes_no_tools_is_unavailable(how: dict[str, object]) -> None:
    async with openai_server(**how) as server:
        with pytest.raises(Unavailable) as caught:
            await open_chat_model("openai:tiny", base_url=server.url, api_key="sk-x").calls("", [("customer", "Hi")], [WEIGH])
    assert "sk-" not in caught.value.message


async def test_what_a_round_of_tools_takes_is_estimated_where_nobody_tells() -> None:
    usage: list[Usage] = []
    model = ChatModel(ToolCallingModel(rounds=[[("weigh", {"what": "x" * 70})]], offered=[], tool_prompts=[]))
    await model.calls("Be brief.", [("customer", "Hi")], [WEIGH], (), usage)
    (one,) = usage
    assert one.estimated and one.tokens_in >= estimated_tokens("Be brief.", "Hi", WEIGH.description) and one.tokens_out >= 20


@pytest.mark.parametrize(("status", "remembered"), [(400, True), (404, True), (501, True), (429, False), (500, False)])
async def test_a_server_that_refuses_tools_is_given_none_for_a_while(status: int, remembered: bool) -> None:
    now = [0.0]
    async with openai_server(status=status) as server:
        opened = open_chat_model("openai:tiny", base_url=server.url)
        model = ChatModel(opened._model, clock=lambda: now[0])
        with pytest.raises(Unavailable):
            await model.calls("", [("customer", "Hi")], [WEIGH])
    assert model.takes_tools is not remembered
    now[0] = TOOLS_REFUSED_SECONDS - 1
    assert model.takes_tools is not remembered
    now[0] = TOOLS_REFUSED_SECONDS
    assert model.takes_tools, "it may be another model by now"


def test_whether_a_model_takes_tools() -> None:
    assert ChatModel(ToolCallingModel()).takes_tools
    assert open_chat_model("openai:tiny", base_url="http://127.0.0.1:9/v1").takes_tools
    assert not ChatModel(ScriptedChatModel()).takes_tools
