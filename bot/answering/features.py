"""What goods can and cannot do: a sentence that says a product has a feature, or lacks it, is held against what the product states.

A feature is found by its words, in a sentence and in the evidence alike. What an attribute says under the feature's name counts by its value
("Keep warm: No"), what a text says by the negation beside it ("not for carbonated drinks").
"""

import re
from collections.abc import Callable

from bot.answering.fact_table import FactTable, ProductFacts
from bot.answering.feature_words import ANY_FEATURE, CLAUSES, FEATURES, NO, denied
from bot.answering.mentions import Sentence

Bind = Callable[[int, int], tuple[frozenset[str], bool]]

_DEEP = re.compile(
    r"(?:fully|completely|100 ?%|totally|entirely) (?:water-?proof|watertight)|submer[gs]\w*|\bunderwater\b|under water|\bswim\w*|\bdiv(?:e|ing)\b|in the (?:pool|bath|sea)|完全防水|全防水|游泳|潜水|泡(?:在)?水|浸(?:在|入|泡)|水下|水里"
)
_RATED = re.compile(r"\bip[x0-9](\d)")
_CLOSE_NO = re.compile(
    r"(?:\b(?:no|not|without|never|cannot|lacks?)|n't)(?: (?:be|have|has|offer|support|come with|a|an|any|the|for|go|in|into|on|to|put|use[d]?|safe|suitable|made|work|it))*\s*$|(?:不|没有?|无|勿|不能|不可|不支持|不带|不含|未)(?:以|能|可|支持|带|含|有|用|适用?|配备|提供|建议|要|放|进|入|宜){0,3}$"
)
_OPEN = re.compile(
    r"\?|\bnothing in the shop meets this\b|\bthe nearest is\b|最接近的是|没有符合|\bif\b|\bwhether\b|\bunless\b|\b(?:need|want|look(?:ing)? for|prefer|require|matters?|important)\b|如果|若|是否|要是|的话|需要|想要|需带|吗|在意|看重|希望"
)
_TOGETHER = re.compile(r"\bboth\b|\ball (?:of them|three|four)\b|[两三四]款|[两三四]者|[两三四]个都|它们都|都")
_WHOLLY = re.compile(r"\b(?:fully|completely|entirely|totally|all of it)\b|完全|整个|整体|全部")
_ALL = re.compile(r"\ball\b|\bevery\b|\bboth\b|\beach\b|都|均|全部|所有")


def feature_violations(sentence: Sentence, table: FactTable, bind: Bind) -> list[tuple[str, str]]:
    """(kind, words) of every feature that is said of a product which states otherwise, or states nothing of it."""
    folded = sentence.folded
    found: list[tuple[str, str]] = []
    if (deep := _DEEP.search(folded)) and not _open(folded, deep) and not denied(folded, deep):
        products, named = bind(deep.start(), deep.end())
        facts = [table.products[p] for p in products if p in table.products]
        if (named or len(facts) == 1) and 0 < len(facts) <= 4 and not any(_deep(f, deep.group()) for f in facts):
            found.append(("feature", deep.group()))
    if not ANY_FEATURE.search(folded):
        return found
    for number, pattern in enumerate(FEATURES):
        for match in pattern.finditer(folded):
            if any(m.own and m.start <= match.start() and match.end() <= m.end for m in sentence.mentions) or _open(folded, match):
                continue
            products, named = bind(match.start(), match.end())
            if not named and len(table.asked) == 1:
                products = table.asked
            head = folded[max(0, match.start() - 30) : match.start()]
            if (
                len(table.asked) > 1
                and _TOGETHER.search(head)
                and not any(m.own and m.end > match.start() - 30 and m.end <= match.start() for m in sentence.mentions)
            ):
                products = table.asked
            facts = [table.products[p] for p in products if p in table.products]
            if not (named or len(facts) == 1) or not facts or len(facts) > 4:
                continue
            if not _fits(number, match, sentence, facts, table):
                found.append(("feature", match.group()))
    return found


def _fits(number: int, match: re.Match[str], sentence: Sentence, facts: list[ProductFacts], table: FactTable) -> bool:
    states = [f.features.get(number, frozenset()) for f in facts]
    folded = sentence.folded
    if denied(folded, match):
        # Only a denial that stands right beside the feature denies it; "not only", "no longer than" and the like deny something else.
        close = _CLOSE_NO.search(folded[: match.start()]) is not None
        return not close or not all(s == {True} for s in states)
    if _WHOLLY.search(folded[max(0, match.start() - 16) : match.start()]) and all(s == {True, False} for s in states):
        return False  # "fully dishwasher safe" of what is so in part
    every = len(facts) > 1 and _ALL.search(folded) is not None
    has = [True in s for s in states]
    if all(has) if every else any(has):
        return True
    if any(False in s for s in states):
        return False
    # Nothing is stated of it: a rule of the shop may say it of goods of its name, or of goods in general where no product is meant.
    titles = frozenset(word for f in facts for line in f.lines if line.kind == "title" for word in line.words)
    meant = any(m.own for m in sentence.mentions) or bool(table.asked)
    return any(FEATURES[number].search(line.folded) and not line.over and (not meant or titles & line.words) for line in table.lines)


def _open(folded: str, match: re.Match[str]) -> bool:
    left = max((m.end() for m in CLAUSES.finditer(folded) if m.end() <= match.start()), default=0)
    right = min((m.end() for m in CLAUSES.finditer(folded) if m.start() >= match.end()), default=len(folded))
    return _OPEN.search(folded[left:right]) is not None


def _deep(facts: ProductFacts, words: str) -> bool:
    """Whether it may go under water: rated 7 or more for water (IEC 60529), or said so of it."""
    if any(int(m[1]) >= 7 for m in _RATED.finditer(facts.text)):
        return True
    return any(words in line.folded and not NO.search(line.folded) for line in facts.lines if line.kind != "review")
