"""What an agent reads first: needs, products seen, the open question. Made from memory, never from a model's imagination."""

from collections.abc import Sequence

from bot.understanding.question import Memory

LAST = 3


def summary_of(memory: Memory, history: Sequence[tuple[str, str]], queue: str = "") -> str:
    """A few short lines; "" when there is nothing to say. `history` is (author, text), oldest first; `queue`: where a rule of the shop puts the
    customer."""
    lines: list[str] = [f"! {queue}"] if queue else []
    if memory.search:
        lines.append(f"? {memory.search}")
    seen = list(dict.fromkeys([*([memory.focus] if memory.focus else []), *memory.shown]))[:6]
    if seen:
        lines.append("# " + ", ".join(seen))
    customers = [text for author, text in history if author == "customer"][-LAST:]
    lines.extend(f"> {text[:300]}" for text in customers)
    return "\n".join(lines)


def queue_in(summary: str) -> str:
    """The queue that a summary names; "" for the usual one."""
    first = summary.partition("\n")[0]
    return first[2:] if first.startswith("! ") else ""
