"""Whether words stand under a negation."""

from bot.understanding.lexicon import lexicon
from knowledge.phrases import Found, Token


def negated(row: list[Token], first: int, last: int) -> bool:
    """Whether the tokens [first, last) stand under a negation: "not leather", 不要皮的, 红色除外."""
    window = row[max(0, first - 6) : first]
    for number in range(len(window) - 1, -1, -1):
        if window[number].word in {".", "?", "!", ",", ";", "。", "、"}:
            window = window[number + 1 :]
            break
    hits = denials("negation", window)
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


def denials(table: str, row: list[Token]) -> list[Found[str]]:
    """The words of a table of the lexicon that deny something. 有没有, 要不要 and 带不带 deny nothing: they ask both ways."""
    return [hit for hit in lexicon().words[table].find(row) if not _both_ways(row, hit.first) and not _has_none(row, hit)]


_OWN = frozenset("我俺咱家")


def _has_none(row: list[Token], hit: Found[str]) -> bool:
    """我没有磨豆机, 家里没有: who has none of a thing does not want to be spared it."""
    before = [token.word for token in row[max(0, hit.first - 3) : hit.first]]
    return hit.value in {"没有", "没"} and any(word in _OWN for word in before)


def _both_ways(row: list[Token], first: int) -> bool:
    """Whether 不 or 没 at this token stands between the same character twice."""
    if row[first].word not in {"不", "没"} or not 0 < first < len(row) - 1:
        return False
    return row[first - 1].word == row[first + 1].word
