"""Everything that a sentence promises in words: each room knows one kind."""

from bot.answering.guard.colours_said import colour_violations
from bot.answering.guard.dearness_said import dearness_violations
from bot.answering.guard.free_said import free_violations
from bot.answering.guard.pledges import pledge_violations
from bot.answering.guard.reductions_said import reduction_violations
from bot.answering.guard.scope import Scope
from bot.answering.guard.stock_said import stock_violations


def word_violations(scope: Scope) -> list[tuple[str, str]]:
    """(kind, words) of every promise in words that the evidence does not hold."""
    return [
        *stock_violations(scope),
        *reduction_violations(scope),
        *free_violations(scope),
        *pledge_violations(scope),
        *dearness_violations(scope),
        *colour_violations(scope),
    ]
