"""A LangChain chat model as two functions: prompt → text stream, prompt → tool calls. The one room where LangChain's models live.

Whoever answers a shop's customers calls it through MeteredModel (metered.py), which pays for each call.
"""

import json
import math
import os
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage, ToolMessage

from bot.errors import SettingsError, Unavailable
from bot.language_model.tools import Tool, ToolCall, ToolResult
from bot.language_model.usage import MOST_TOKENS, Usage, estimated_tokens

# What customers write goes to the address that the merchant set and nowhere else.
for _name in ("LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2", "LANGCHAIN_TRACING", "LANGSMITH_TRACING_V2"):
    os.environ[_name] = "false"

PACKAGES = {
    "openai": "langchain-openai",
    "ollama": "langchain-ollama",
    "anthropic": "langchain-anthropic",
    "google_genai": "langchain-google-genai",
    "mistralai": "langchain-mistralai",
    "groq": "langchain-groq",
    "deepseek": "langchain-deepseek",
}
"""The LangChain package of each provider that is known to speak with these settings."""
TEMPERATURE = 0.2
TOOLS_REFUSED_SECONDS = 600.0
"""How long a server that refused tools is given none: each try costs a customer a wait for nothing."""
_REFUSALS = frozenset({400, 404, 405, 422, 501})
"""HTTP statuses by which a server says that it does not know what it was given. Others (429, 500, a dead line) pass by themselves."""


class ChatModel:
    """Any LangChain chat model. One instance serves all turns at once."""

    def __init__(self, model: BaseChatModel, name: str = "", *, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock`: seconds from any moment on."""
        self._model = model
        self._clock = clock
        self._tools_again = -math.inf
        """When tools may be given again, by the clock."""
        self.name = name or type(model).__name__

    async def stream(self, system: str, messages: Sequence[tuple[str, str]], usage: list[Usage] | None = None) -> AsyncGenerator[str, None]:
        """The answer's text as it comes. `messages`: (customer|assistant|agent, text), the last one to be answered. When it ended, however
        it did, the tokens it took are appended to `usage`: as the model told, else estimated; none where it refused before its first word. Raises
        Unavailable, whatever failed; the cause is chained, and neither holds the key."""
        prompt = _prompt(system, messages)
        tokens_in = tokens_out = 0
        said: list[str] = []
        refused = False
        try:
            async for chunk in self._model.astream(prompt):
                counted: Any = getattr(chunk, "usage_metadata", None)
                if counted:
                    tokens_in += int(counted.get("input_tokens") or 0)
                    tokens_out += int(counted.get("output_tokens") or 0)
                if text := _text_of(chunk):
                    said.append(text)
                    yield text
        except (Unavailable, GeneratorExit):
            raise
        except Exception as error:
            refused = not said
            # The provider's own message may quote the request; only its class is told on.
            raise Unavailable(f"The chat model {self.name} did not answer ({type(error).__name__}).") from error
        finally:
            if usage is not None:
                usage.append(_usage(tokens_in, tokens_out, [system, *(text for _, text in messages)], said, refused=refused))

    @property
    def takes_tools(self) -> bool:
        """Whether the model has a way to be given tools and its server did not refuse them in the last TOOLS_REFUSED_SECONDS."""
        return type(self._model).bind_tools is not BaseChatModel.bind_tools and self._clock() >= self._tools_again

    async def calls(
        self,
        system: str,
        messages: Sequence[tuple[str, str]],
        tools: Sequence[Tool],
        rounds: Sequence[Sequence[ToolResult]] = (),
        usage: list[Usage] | None = None,
    ) -> list[ToolCall]:
        """What the model calls of these tools, unchecked; none where it says something instead. `rounds`: what it called before and what came of it. Tokens
        and errors as in `stream`."""
        prompt = _prompt(system, messages)
        for results in rounds:
            prompt.append(
                AIMessage("", tool_calls=[{"id": r.call.id, "name": r.call.name, "args": dict(r.call.arguments)} for r in results])
            )
            prompt += [ToolMessage(result.text, tool_call_id=result.call.id) for result in results]
        whole: Any = None
        tokens_in = tokens_out = 0
        refused = False
        try:
            async for chunk in self._model.bind_tools([tool.as_json for tool in tools]).astream(prompt):
                counted: Any = getattr(chunk, "usage_metadata", None)
                if counted:
                    tokens_in += int(counted.get("input_tokens") or 0)
                    tokens_out += int(counted.get("output_tokens") or 0)
                whole = chunk if whole is None else whole + chunk
            called = list(getattr(whole, "tool_calls", ()))
            return [ToolCall(str(one.get("id") or f"call-{n}"), one["name"], dict(one["args"])) for n, one in enumerate(called)]
        except Exception as error:
            refused = whole is None
            if refused and getattr(error, "status_code", None) in _REFUSALS:
                self._tools_again = self._clock() + TOOLS_REFUSED_SECONDS
            raise Unavailable(f"The chat model {self.name} called no tools ({type(error).__name__}).") from error
        finally:
            if usage is not None:
                said = [] if whole is None else [_text_of(whole), json.dumps(getattr(whole, "tool_calls", []), default=str)]
                usage.append(_usage(tokens_in, tokens_out, texts_read(system, messages, tools, rounds), said, refused=refused))


def texts_read(
    system: str, messages: Sequence[tuple[str, str]], tools: Sequence[Tool] = (), rounds: Sequence[Sequence[ToolResult]] = ()
) -> list[str]:
    """All that a model reads in a call."""
    results = [
        part for results in rounds for r in results for part in (r.call.name, json.dumps(dict(r.call.arguments), default=str), r.text)
    ]
    return [system, *(text for _, text in messages), *(json.dumps(tool.as_json) for tool in tools), *results]


def _prompt(system: str, messages: Sequence[tuple[str, str]]) -> list[BaseMessage]:
    return [SystemMessage(system), *(HumanMessage(text) if author == "customer" else AIMessage(text) for author, text in messages)]


def _usage(tokens_in: int, tokens_out: int, read: list[str], said: list[str], *, refused: bool) -> Usage:
    """What the model told, and an estimate for what it did not tell of a call that it took on."""
    if refused:
        return Usage(tokens_in, tokens_out)
    told_in, told_out = tokens_in > 0, tokens_out > 0 or not said
    return Usage(
        tokens_in if told_in else estimated_tokens(*read),
        tokens_out if told_out else estimated_tokens("".join(said)),
        estimated=not (told_in and told_out),
    )


def _text_of(chunk: BaseMessage) -> str:
    """The text of a chunk: plain, or the text parts of a list of parts (reasoning is left out)."""
    content = chunk.content
    if isinstance(content, str):
        return content
    parts = [
        part if isinstance(part, str) else str(part.get("text", ""))
        for part in content
        if isinstance(part, str) or part.get("type") == "text"
    ]
    return "".join(parts)


def open_chat_model(model_id: str, *, base_url: str = "", api_key: str = "", timeout: float = 20.0) -> ChatModel:
    """The model of a LangChain id such as "openai:NAME" or "ollama:NAME". Opens no connection and fetches nothing. `timeout` in seconds, for
    the connection and each wait. Raises SettingsError with one sentence that names the setting or the package that is missing."""
    from langchain.chat_models import init_chat_model

    provider, _, name = model_id.partition(":")
    if not provider or not name:
        raise SettingsError(f"ZHANGGUI_CHAT_MODEL must be of the form openai:NAME, not '{model_id}'.")
    options: dict[str, Any] = {"temperature": TEMPERATURE}
    if provider == "openai":
        # An address of one's own often wants no key; the client insists on some text.
        options |= {"api_key": api_key or ("none" if base_url else ""), "timeout": timeout, "max_retries": 0, "stream_usage": True}
        options |= {"max_tokens": MOST_TOKENS, "use_responses_api": False}
        if not base_url and not api_key:
            raise SettingsError(
                "ZHANGGUI_CHAT_MODEL_API_KEY is empty: set the key, or ZHANGGUI_CHAT_MODEL_BASE_URL for a server of your own."
            )
        # LangChain counts tokens of unknown models with downloaded tables; it must never come to that.
        options["tiktoken_model_name"] = None
    elif provider == "ollama":
        options |= {"num_predict": MOST_TOKENS, "client_kwargs": {"timeout": timeout}}
    else:
        options |= {"max_tokens": MOST_TOKENS, "timeout": timeout, "max_retries": 0} | ({"api_key": api_key} if api_key else {})
    if base_url:
        options["base_url"] = base_url
    try:
        model = init_chat_model(name, model_provider=provider, **options)
    except ImportError:
        package = PACKAGES.get(provider, f"langchain-{provider.replace('_', '-')}")
        raise SettingsError(
            f"ZHANGGUI_CHAT_MODEL needs the package {package}: install it with '.venv/bin/pip install {package}'."
        ) from None
    except Exception as error:
        # ValueErrors of LangChain may hold all keyword arguments, the key among them: not chained, not quoted.
        raise SettingsError(
            f"ZHANGGUI_CHAT_MODEL '{model_id}' cannot be opened ({type(error).__name__}); known providers are {', '.join(PACKAGES)}."
        ) from None
    return ChatModel(model, model_id)
