"""The thing of a named kind that is to go with another: "which bar do your bumper plates go on", 饮水机换滤芯配哪个."""

import re
from collections.abc import Iterator

from bot.answering.answer import Outcome
from bot.answering.going_together import agrees
from bot.answering.listing import list_item
from bot.answering.reply import Reply
from bot.answering.speaking import Speaker
from bot.answering.thresholds import GUESS, LISTED, SURE
from bot.understanding.goods import kinds_across
from bot.understanding.question import Part
from bot.understanding.shop_words import ShopWords, words_of
from bot.understanding.title_terms import common_word, terms
from knowledge.attribute_names import concept_of
from knowledge.catalog import Product
from knowledge.folding import fold
from knowledge.verdicts import Verdict
from retrieval.retriever import Evidence, Sort

_KIND = r"(?P<kind>[a-z][a-z' -]{1,30}?)"
_GOES = r"(?:go(?:es)?(?: well| together)? (?:with|on|onto|in|into|under)|match(?:es)?|pairs? (?:well )?with|fits?\b|suits?\b|works? with)"
_MEASURE = "个种款支把条双只块张副套根盏颗节台瓶片"
_ASKED = (
    re.compile(rf"\b(?:which|what)(?: kind of| type of| sort of)? {_KIND} (?:(?:do|does|would|should|can|could|will|that|to)\b.{{0,40}}?)?\b{_GOES}"),
    re.compile(rf"\b(?:which|what) {_KIND} (?:do|should|would|will) (?:i|we|you|he|she|they) (?:need|want|get|buy|use|take|recommend)\b.{{0,24}}\b(?:for|with|on)\b"),
    re.compile(rf"\b(?:is there|are there|do you (?:have|sell|do|stock)|have you got|you got|got|any)(?: an?| any)? {_KIND} (?:(?:that|which|to|i can) )?{_GOES}"),
    re.compile(rf"(?:配|搭配?|换)(?:得上|上)?的?(?:哪|什么|啥|个|一)一?[{_MEASURE}]?(?:型号|尺寸|规格|样|类)?的?(?P<kind>[一-鿿a-z][一-鿿a-z ]{{0,14}}?)(?=$|[^一-鿿a-z ]|[吗呢啊呀好才]|比较|合适|多少)"),
    re.compile(r"换(?P<kind>[一-鿿a-z][一-鿿a-z ]{0,10}?)[,，]?\s*(?:该|应该|要)?(?:配|买|用)(?:哪|什么|啥)"),
    re.compile(r"有(?:没有)?(?:什么|啥)?(?P<kind>[一-鿿a-z][一-鿿a-z ]{0,14}?)\s?(?:可以|能)?(?:给它|跟它|和它)?(?:配|搭)(?:它|的)?(?=$|[^一-鿿]|[吗么嘛不])"),
    re.compile(rf"(?:哪|什么|啥)[{_MEASURE}]?(?P<kind>[一-鿿a-z][一-鿿a-z ]{{0,10}}?)(?:可以|能|跟|和|与|比较)?.{{0,8}}?(?:配得|搭配|配它|配这|适配|能配|能装|装得|能放)"),
)  # fmt: skip
_NO_KIND = frozenset(["one", "ones", "model", "version", "款", "个", "种", "型号"])
_OPTIONS = {"size", "colour", "material", "model", "weight", "capacity", "flavour", "length"}
"""Of these a variant is chosen, not a thing."""
_SHORTENED = 3
"""Letters from which on a word may begin another: the "bar" that is a barbell."""


def companion_reply(speaker: Speaker, part: Part, evidence: Evidence) -> Reply | None:
    """What there is of the kind asked for to go with a product that is named or was spoken of, what its merchant says so of first; None where no
    kind, no such product or nothing of the kind is named."""
    if part.superlative or part.sort is not Sort.RELEVANCE:
        return None
    shop = words_of(speaker.findings.view)
    asked = kind_asked(part.text, shop)
    if asked is None:
        return None
    called, longer, rest = asked
    ids = {shop.ids[number] for number in called | longer}
    host = _host(speaker, part, ids, rest)
    if host is None:
        return None
    if not ids:  # the shop calls it by another word: what was found that is said to go with it
        ids = {hit.id for hit in evidence.products if hit.id != host.id}
    said = {id_: agrees(speaker, other, host) for id_ in ids if (other := speaker.product(id_)) is not None}
    agreed = [id_ for id_, verdict in said.items() if verdict is Verdict.YES]
    chosen = agreed or [id_ for n in called if said.get(id_ := shop.ids[n]) is Verdict.OPEN]
    found = [hit.id for hit in evidence.products]
    place = {id_: number for number, id_ in enumerate(found)}
    rows = [p for id_ in sorted(chosen, key=lambda id_: place.get(id_, len(found))) if (p := speaker.product(id_)) is not None]
    rows.sort(key=lambda p: not speaker.buyable(p))
    if not rows:
        return None
    reply = Reply(Outcome.ANSWERED, SURE if agreed else GUESS, long=True)
    key = "search.goes_with" if agreed else "search.could_go_with"
    reply.say(speaker.say(key, product=speaker.name(host)), speaker.cite_title(host))
    _list(speaker, reply, part, rows[:LISTED])
    return reply


def _list(speaker: Speaker, reply: Reply, part: Part, rows: list[Product]) -> None:
    for number, other in enumerate(rows, start=1):
        list_item(speaker, reply, part, other, number if len(rows) > 1 else 0)
    reply.shown = [other.id for other in rows]
    reply.focus = rows[0].id if len(rows) == 1 else ""


def _host(speaker: Speaker, part: Part, ids: set[str], rest: str) -> Product | None:
    """What something is to go with: named, or spoken of before where the words say no more than "it"."""
    named = [s.product_id for s in part.subjects if s.how in ("named", "sku", "likeness")]
    pointed = [] if rest and not _IT.match(rest) else [*(s.product_id for s in part.subjects), speaker.findings.memory.focus]
    return next((p for id_ in (*named, *pointed) if id_ not in ids and (p := speaker.product(id_)) is not None), None)


_IT = re.compile(r"^(?:it|this|that|these|those|them|mine|one)\b")


def kind_asked(text: str, shop: ShopWords) -> tuple[set[int], set[int], str] | None:
    """Numbers of the products of the kind that is to go with something, those that are only called by a longer word for it ("bar", barbell), and the
    words after that say with what, in English. None where no kind is asked for."""
    folded = fold(text)
    for pattern in _ASKED:
        for match in pattern.finditer(folded):
            kind = match["kind"].strip()
            last = next((term for term, _, _ in reversed([*terms(kind)])), "")
            if not last or common_word(last) or concept_of(last) in _OPTIONS or last in _NO_KIND:
                continue  # "which one fits", "what size goes with it"
            found = _called(kind, shop)
            return found, _longer(kind, shop) - found, folded[match.end() :].strip(" .?!,") if kind.isascii() else ""
    return None


def _called(kind: str, shop: ShopWords) -> set[int]:
    """What titles call so, by its last words; across languages by a dictionary."""
    for phrase in _tails(kind):
        if found := shop.of_kind(phrase) or (shop.holding(phrase) if len(phrase) > 1 else set()):
            kin = {leaf for number in found for leaf in shop.leaves[number]}
            return found | {number for number in shop.holding(phrase) if kin.intersection(shop.leaves[number])}
    return kinds_across(kind, shop)


def _longer(kind: str, shop: ShopWords) -> set[int]:
    last = next((term for term, _, _ in reversed([*terms(kind)])), "")
    if len(last) < _SHORTENED or not last.isascii():
        return set()
    return {number for head, numbers in shop.heads.items() if head != last and head.startswith(last) for number in numbers}


def _tails(kind: str) -> Iterator[str]:
    """The kind without more and more of what describes it: its last words, or its last Chinese characters."""
    if kind.isascii():
        row = kind.split()
        yield from (" ".join(row[start:]) for start in range(len(row)))
    else:
        last = kind.split()[-1]
        yield from (last[start:] for start in range(len(last)))
