"""Whether words stand under a negation."""

from bot.understanding.lexicon import lexicon
from knowledge.phrases import Token


def negated(row: list[Token], first: int, last: int) -> bool:
    """Whether the tokens [first, last) stand under a negation: "not leather", 不要皮的, 红色除外."""
    window = row[max(0, first - 6) : first]
    for number in range(len(window) - 1, -1, -1):
        if window[number].word in {".", "?", "!", ",", ";", "。", "、"}:
            window = window[number + 1 :]
            break
    hits = lexicon().words["negation"].find(window)
    if hits and hits[-1].value == "没有" and hits[-1].first and window[hits[-1].first - 1].word == "有":
        hits = []  # 有没有
    if hits:
        between = window[hits[-1].last :]
        if (
            len(between) <= 3
            and "的" not in {token.word for token in between}
            and not any(token.word in {"but", "under", "than", "more", "less", "only", "just"} for token in between)
        ):
            return True
    after = row[last : last + 4]
    while after and after[0].word in {"的", "is", "are", "one"}:
        after = after[1:]
    hits = lexicon().words["negation_after"].find(after)
    return bool(hits) and hits[0].first == 0
