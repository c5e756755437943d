"""How much a term says about the topic of a text, without a corpus: "the" and "吗" nothing, "kettle" nearly everything.

English terms that are frequent anywhere have their share of texts in common_words.txt; Chinese has a list of words that carry grammar
or the form of a request. A shop's own passages add how rare a term is there (retrieval/lexical.py).
"""

from functools import lru_cache
from importlib import resources
from math import log

from retrieval.tokens import words

_EVERYWHERE = 1000.0
"""A term in fewer than one of so many texts says as much as a term can."""

_FUNCTION_ENGLISH = (
    "a an the this that these those it its he she they we i you me him her them us my your his our their mine yours is am are was were be "
    "been being do does did doing done have has had having can could will would shall should may might must of to in on at by for from "
    "with without into onto about as than then if or and but nor so not no yes any some all each every both either neither there here "
    "what which who whom whose when where why how much many more most very too just only also even still please tell know want need get "
    "got give like would help find show look looking search recommend suggest question let thanks thank hello hi hey ok okay don't doesn't "
    "isn't aren't can't won't i'm it's what's thing things one ones something anything someone "
    "cheapest cheap best good nice popular top"
)
_FUNCTION_CHINESE = (
    "的 了 着 过 吗 呢 吧 啊 呀 哦 嘛 么 呗 哈 啦 是 有 在 和 与 及 或 或者 而 但 但是 也 都 就 才 还 又 很 太 更 最 挺 比较 不 没 没有 别 我 你 您 他 她 它 我们 你们 您们 他们 "
    "咱 咱们 自己 这 那 哪 这个 那个 哪个 这些 那些 哪些 这款 那款 这种 那种 哪种 哪款 这里 那里 哪里 什么 啥 怎么 怎样 怎么样 如何 为什么 为何 多少 几 几个 多 谁 何时 什么时候 "
    "可以 能 能否 能不能 可不可以 可否 会 会不会 要 想 想要 想问 需要 应该 是否 是不是 有没有 请 请问 请教 麻烦 麻烦您 帮 帮我 帮忙 给 给我 让 把 被 对 向 从 到 为 以 于 之 等 "
    "推荐 介绍 告诉 看看 看 找 找个 买 问 问下 问一下 一下 一个 一些 一点 一款 一种 个 款 种 件 只 条 双 台 你好 您好 在吗 亲 谢谢 感谢 好 好的 行 嗯 呃 那么 然后 所以 因为 如果 的话 "
    "来 去 上 下 里 中 内 外 前 后 时 时候 得 地 所 其 该 各 每 某 另 另外 以及 关于 知道 觉得 认为 说 讲 东西 便宜 最便宜 最好 好用 划算"
)
_GRAMMAR = frozenset("的了着过吗呢吧啊呀嘛么呗是有在和与及或但也都就才还又很太最没我你您他她它这那哪什啥怎几谁请帮给让把被个款")


@lru_cache(maxsize=1)
def _table() -> dict[str, float]:
    table: dict[str, float] = {}
    for line in resources.files("retrieval").joinpath("common_words.txt").read_text(encoding="utf-8").splitlines():
        term, _, share = line.partition(" ")
        if term and not line.startswith("#"):
            table[term] = min(1.0, log(1 / float(share)) / log(_EVERYWHERE))
    for term in words(_FUNCTION_ENGLISH):
        table[term] = 0.02
    for term in _FUNCTION_CHINESE.split():
        table[term] = 0.02
    return table


def rarity(term: str) -> float:
    """0.02 (says nothing) to 1 (rare), for a term of retrieval/tokens.py."""
    known = _table().get(term)
    if known is not None:
        return known
    if len(term) == 1 and not term.isdigit():
        return 0.3  # a single character: half a word at best
    if len(term) == 2 and (term[0] in _GRAMMAR or term[1] in _GRAMMAR):
        return 0.15  # a pair that begins or ends with grammar is no word: "的水", "壶吗"
    return 1.0


def is_content(term: str) -> bool:
    """Whether a term says anything about the topic."""
    return rarity(term) > 0.1
