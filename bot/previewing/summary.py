"""What a comparison of answers found, in one sentence for the merchant. The words are the caller's."""

from collections.abc import Callable, Mapping

from bot.previewing.answer_changes import Change

Say = Callable[..., str]
"""A key ("diff.price_changed") and its values to a text."""


def summary(say: Say, answered: int, counts: Mapping[str, int], now_unavailable: int, regressions: int) -> str:
    """Only what there is is told: "Of 500 answers: 31 with another price, 4 newly answerable; 3 test questions get worse"."""
    parts = [
        say(f"diff.{change.value}", count=counts[change.value]) for change in Change if change is not Change.SAME and counts.get(change)
    ]
    if now_unavailable:
        parts.append(say("diff.now_unavailable", count=now_unavailable))
    if regressions:
        parts.append(say("diff.regressions", count=regressions))
    told = say("diff.and").join(parts) if parts else say("diff.nothing")
    return say("diff.summary", answered=answered, changes=told)
