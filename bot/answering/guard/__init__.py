"""The guard: draft against evidence, sentence by sentence, while it streams.

    checking.py       Guard: the sentences of a turn in their order
    scope.py          which products and variants the words of a sentence speak of
    prices.py quantities.py numbers.py dates.py codes.py     one kind of figure each
    held.py           a figure in the lines of the evidence; own_lines.py of a product, rule_lines.py of the shop's rules, alike.py when two are equal
    words.py          promises without figures; stock_said.py free_said.py pledges.py ... one kind each
    phrases.py        shapes of words that several look for

What a sentence claims is read by answering/claims.py, what may be said stands in answering/fact_table.py.
"""

from bot.answering.guard.checking import Guard
from bot.answering.guard.scope import Violation

__all__ = ["Guard", "Violation"]
