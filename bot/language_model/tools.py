"""What a chat model may call, what it called and what came of it: plain values, so that LangChain's types stay in chat_model.py."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tool:
    """Something that a model may call. `parameters`: the JSON schema of its arguments, an object."""

    name: str
    description: str
    parameters: Mapping[str, object]

    @property
    def as_json(self) -> dict[str, object]:
        """In the form that every LangChain model takes."""
        function = {"name": self.name, "description": self.description, "parameters": dict(self.parameters)}
        return {"type": "function", "function": function}


@dataclass(frozen=True, slots=True)
class ToolCall:
    """What a model called. Neither name nor arguments were checked by anybody."""

    id: str
    name: str
    arguments: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What a model is told came of its call."""

    call: ToolCall
    text: str
