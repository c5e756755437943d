"""What a language model may look up in a shop before it words an answer. All of it only reads, and only this shop.

What the tools are called and take stands here, what they are for in prompts/tools.toml. A model's arguments are anybody's text: each is checked, and a call
that is not as it should be is no call.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import isfinite

from bot.language_model.tools import Tool, ToolCall

QUESTION_MOST = 300
"""Characters of a question or wish."""
PRICE_MOST = 1_000_000_000
"""In major units: no shop sells at that price."""

ASK_SHOP = "ask_shop"
FIND_PRODUCTS = "find_products"
READ_RULES = "read_rules"

_PARAMETERS: dict[str, dict[str, dict[str, object]]] = {
    ASK_SHOP: {"question": {"type": "string", "maxLength": QUESTION_MOST}},
    FIND_PRODUCTS: {
        "wish": {"type": "string", "maxLength": QUESTION_MOST},
        "min_price": {"type": "number", "minimum": 0},
        "max_price": {"type": "number", "minimum": 0},
        "in_stock": {"type": "boolean"},
    },
    READ_RULES: {"question": {"type": "string", "maxLength": QUESTION_MOST}},
}
_REQUIRED = {ASK_SHOP: "question", FIND_PRODUCTS: "wish", READ_RULES: "question"}


@dataclass(frozen=True, slots=True)
class LookUp:
    """A call that is as it should be. Prices in major units of the shop's currency."""

    tool: str
    text: str
    min_price: Decimal | None = None
    max_price: Decimal | None = None
    in_stock: bool = False

    def as_json(self) -> dict[str, object]:
        """For the trace: what was set."""
        data: dict[str, object] = {"tool": self.tool, "text": self.text}
        data |= {name: str(value) for name in ("min_price", "max_price") if (value := getattr(self, name)) is not None}
        return data | ({"in_stock": True} if self.in_stock else {})


def shop_tools(words: Mapping[str, Mapping[str, str]]) -> tuple[Tool, ...]:
    """The tools, described in the words of prompts/tools.toml."""
    return tuple(
        Tool(
            name,
            words[name]["description"],
            {
                "type": "object",
                "properties": {key: {**schema, "description": words[name][key]} for key, schema in properties.items()},
                "required": [_REQUIRED[name]],
            },
        )
        for name, properties in _PARAMETERS.items()
    )


def look_up_of(call: ToolCall) -> LookUp | None:
    """The call with its arguments checked; None where it is of no tool of ours, or an argument is missing, too long or of another kind. Arguments that the
    tool does not take are passed over."""
    if call.name not in _PARAMETERS:
        return None
    text = call.arguments.get(_REQUIRED[call.name])
    if not isinstance(text, str) or not text.strip() or len(text) > QUESTION_MOST:
        return None
    text = " ".join(text.split())
    if call.name != FIND_PRODUCTS:
        return LookUp(call.name, text)
    given = {name: value for name in _PARAMETERS[FIND_PRODUCTS] if (value := call.arguments.get(name)) is not None}
    prices: dict[str, Decimal] = {}
    for name in ("min_price", "max_price"):
        value = given.get(name)
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value) or not 0 <= value <= PRICE_MOST:
            return None
        prices[name] = Decimal(str(value))
    in_stock = given.get("in_stock", False)
    low, high = prices.get("min_price"), prices.get("max_price")
    if not isinstance(in_stock, bool) or (low is not None and high is not None and low > high):
        return None
    return LookUp(call.name, text, low, high, in_stock)
