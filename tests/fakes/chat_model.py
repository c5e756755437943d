"""A LangChain chat model that says what a test wrote for it, in pieces, as slowly and as brokenly as the test wants."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult


class ScriptedChatModel(BaseChatModel):
    """`script`: the answer, or a function of the prompt. `piece`: characters per chunk. `breaks_after`: chunks until it raises. `hangs_after`:
    chunks until it waits for ever (0: from the start). `told`: tokens in and out that it tells with its first chunk."""

    script: Any = ""
    piece: int = 5
    breaks_after: int | None = None
    hangs_after: int | None = None
    told: tuple[int, int] | None = None
    prompts: list[list[BaseMessage]] = []

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _text(self, messages: Sequence[BaseMessage]) -> str:
        self.prompts.append(list(messages))
        return str(self.script(messages)) if isinstance(self.script, Callable) else str(self.script)  # type: ignore[arg-type]

    def _generate(
        self, messages: list[BaseMessage], stop: list[str] | None = None, run_manager: CallbackManagerForLLMRun | None = None, **kwargs: Any
    ) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=AIMessage(self._text(messages)))])

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        text = self._text(messages)
        pieces = [text[i : i + self.piece] for i in range(0, len(text), self.piece)]
        for number, piece in enumerate([*pieces, None]):
            if self.hangs_after is not None and number >= self.hangs_after:
                await asyncio.Event().wait()
            if self.breaks_after is not None and number >= self.breaks_after:
                raise ConnectionError("the line went dead")
            if piece is not None:
                usage = {"input_tokens": self.told[0], "output_tokens": self.told[1], "total_tokens": sum(self.told)} if self.told else None
                yield ChatGenerationChunk(message=AIMessageChunk(content=piece, usage_metadata=None if number else usage))


class ToolCallingModel(ScriptedChatModel):
    """Takes tools. `rounds`: what it calls in each round that it is asked, as (name, arguments); a function of the prompt, or the last one again and
    again. Without tools it says its script. `fails`: raises when it is given tools; `slow`: waits for ever then. `offered`: the tools it was given;
    `tool_prompts`: what it read with them."""

    rounds: Any = ()
    fails: bool = False
    slow: bool = False
    offered: list[Any] = []
    tool_prompts: list[list[BaseMessage]] = []

    def bind_tools(self, tools: Sequence[Any], *, tool_choice: str | None = None, **kwargs: Any) -> Any:
        return self.bind(tools=list(tools), **kwargs)

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        if not kwargs.get("tools"):
            async for chunk in super()._astream(messages, stop, run_manager):
                yield chunk
            return
        self.offered[:] = kwargs["tools"]
        self.tool_prompts.append(list(messages))
        if self.fails:
            raise ConnectionError("tools are not supported")
        if self.slow:
            await asyncio.Event().wait()
        number = sum(bool(getattr(message, "tool_calls", ())) for message in messages)
        calls = self.rounds(messages) if callable(self.rounds) else self.rounds[min(number, len(self.rounds) - 1)] if self.rounds else ()
        chunks: list[Any] = [
            {"name": name, "args": json.dumps(arguments), "id": f"c{number}-{place}", "index": place, "type": "tool_call_chunk"}
            for place, (name, arguments) in enumerate(calls)
        ]
        usage = {"input_tokens": self.told[0], "output_tokens": self.told[1], "total_tokens": sum(self.told)} if self.told else None
        yield ChatGenerationChunk(message=AIMessageChunk(content="", tool_call_chunks=chunks, usage_metadata=usage))
