"""What several things come to: "two of the 5 kg plates and the bar", "what's that with the lid on top?", 它和车充一起多少.

The things are those the message names piece by piece, each with how many of it, with what was spoken of before where the words point at it or
add to it. A thing whose variants cost differently and of which none was told is not summed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.answering.answer import Outcome
from bot.answering.reply import Reply
from bot.answering.speaking import Speaker
from bot.answering.thresholds import SURE
from bot.understanding.lexicon import lexicon
from bot.understanding.question import Intent, Part, Subject
from bot.understanding.shop_words import terms, words_of
from bot.understanding.subjects import find, with_variants
from knowledge.catalog import Product, Variant
from knowledge.folding import fold
from knowledge.money import Money
from knowledge.phrases import tokens

_SUM = re.compile(
    r"\b(?:in total|total(?: price| cost)?|altogether|in all|all in all|sum|comes? to|combined)\b|\bwhat (?:would|will|do|does) (?:\d+|two|three|four|five|six)\b.{0,24}\b(?:be|cost|make)\b|=|一共|总共|總共|合计|合計|加起来|加起來|总价|拢共|共多少|算下来"
)
"""Asks for a sum by itself."""
_ADDS = re.compile(
    r"\b(?:together|both|plus|on top|as well|too|also|added?|with|incl(?:uding)?)\b|\+|一起|一块儿?买|加上|再加|都[买要拿]|各[一来买要]|连同?|也要|还要|再[要来买拿]"
)
"""Adds one thing to another; a sum where a price is asked for."""
_ON_TOP = re.compile(r"\b(?:together|both|plus|on top|as well|added)\b|\+|一起|加上|再加|都[买要拿]")
_SHORT = 60
_TWO = re.compile(r"\bboth\b|[两俩]个")
"""Two things, which may be two variants of one product."""
_PRICED = re.compile(r"\bhow much\b|\bcosts?\b|\bprices?\b|\bwhat(?:'s| is|s| would| will)\b|多少|啥价|什么价|几钱|几块|价格")
_COUNTS = re.compile(r"\bhow many\b|\b(?:weigh|weight|heavy|long|tall)\b|多少(?:个|件|片|公斤|克|斤|厘米|米|天|人|款)|几[个件片款]")
_JOINTS = re.compile(
    r"\s*(?:[+＋&,，、;；]|\b(?:and|plus|with|along with|together with|as well as|on top of|incl(?:uding)?\.?)\b|和|跟|与|加上?|再加|还有|以及|连同?|配(?!件|套)|外加)\s*"
)
_HOW_MANY = re.compile(
    r"^\W*(?:(?:the|of|for|get|buy|take|want|need|i|we|if|would|be|cost|is|are|how much|what(?:'s|s| is| would| do)?|total|price|那|我要|我想|要|买|来|拿|订|再)\s*)*"
    r"(?P<n>\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|a pair of|a couple of|[一二两俩三四五六七八九十]{1,2})"
    r"\s*(?:x\b|×|of\b|pieces?\b|pcs\b|pairs?\b|个|件|只|双|条|把|张|片|台|套|瓶|盒|包|袋|根|支|罐|本|份|块|箱)?\s*(?=\S|$)"
)
_PIECES = re.compile(
    r"(?<![\d.])(?P<a>\d{1,3}|two|three|four|five|six|seven|eight|nine|ten)\s+(?:of (?:them|those|these|it)|pieces|pcs)\b"
    r"|(?P<b>\d{1,3}|[两俩二三四五六七八九十]{1,2})\s*(?:个|件|只|双|条|把|张|片|台|套|瓶|盒|包|袋|根|支|罐|本|份|块|箱)(?!人|月|小时)"
)
_UNIT_NEXT = re.compile(
    r"[\s-]*(?:kg|kgs|g|lbs?|pounds?|oz|cm|mm|m|in|inch|inches|ft|l|ml|qt|quarts?|cups?|w|v|mah|pack|piece|person|slice|tog|公斤|克|斤|厘米|毫升|升|米|寸|号|码|人|瓦)(?![a-z])"
)
_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "a pair of": 2, "a couple of": 2} | {
    "一": 1, "二": 2, "两": 2, "俩": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10,
}  # fmt: skip
_IT = re.compile(r"\b(?:it|that|this|them|those|these)\b|它|[这那]个?(?=$|[，,。？?\s])")
MOST = 4
"""Things in one sum: more are not held apart by what checks it."""


@dataclass(frozen=True, slots=True)
class _Item:
    """One thing of a sum."""

    product: Product
    variant: Variant
    quantity: int


def sum_reply(speaker: Speaker, part: Part) -> Reply | None:
    """The total of the things that a message asks for together; None where it asks for none or it cannot be told of what."""
    folded = fold(part.text[:400])
    sums, adds = bool(_SUM.search(folded)), bool(_ADDS.search(folded))
    priced = bool(_PRICED.search(folded)) or lexicon().intents["price"].any(tokens(part.text))
    # "With the lid on top?" after a price asks for another one.
    priced = priced or (speaker.findings.memory.last_intent == Intent.PRICE and bool(_ON_TOP.search(folded)) and len(folded) < _SHORT)
    if not (sums or (adds and priced)) or _COUNTS.search(folded):
        return None
    things = _things(speaker, part, folded, adds=adds)
    if (len(things) < 2 and (not things or things[0][1] < 2)) or len(things) > MOST:
        return None
    rows = [_item(speaker, subject, quantity) for subject, quantity in things]
    if all(row is not None for row in rows):
        return _said(speaker, [[row for row in rows if row is not None]])
    if len(things) > 1:
        return None
    return _said(speaker, [[item] for item in _each(speaker, *things[0])])


def _things(speaker: Speaker, part: Part, folded: str, *, adds: bool) -> list[tuple[Subject, int]]:
    """The things with their numbers."""
    memory = speaker.findings.memory
    found: list[tuple[Subject, int]] = []
    pieces = [piece for piece in _JOINTS.split(part.text) if piece.strip()]
    for piece in pieces:
        subject = _of_piece(speaker, piece, part.text, found)
        if subject is not None:
            if not any(s.product_id == subject.product_id and (s.sku or "") == (subject.sku or "") for s, _ in found):
                found.append((subject, _number(piece)))
        elif found and _IT.search(fold(piece)) is None and (more := _number(piece)) > 1 and len(pieces) == 1:
            found[-1] = (found[-1][0], more)
    named = {s.product_id for s, _ in found}
    focus = Subject(memory.focus, memory.focus_sku or None, True, "carried") if speaker.product(memory.focus) is not None else None
    told = [s for s in part.subjects if s.certain and s.how in {"carried", "reference"} and s.product_id not in named]
    if not found and told:
        found = [(told[0], part.quantity or _number_anywhere(folded))]
    elif len(found) == 1 and adds and focus is not None and focus.product_id not in named:
        found.insert(0, (focus, 1))
    if (not found or (len(found) == 1 and found[0][1] < 2)) and adds:
        recent = [Subject(id_, sku or None, True, "carried") for id_, sku in memory.spoken if speaker.product(id_) is not None]
        if not _TWO.search(folded):
            recent = list({subject.product_id: subject for subject in recent}.values())
        found = [(subject, 1) for subject in recent[-2:]] if len(recent) > 1 else found
    if len(found) == 1 and found[0][1] < 2:
        found = [(found[0][0], part.quantity or _number_anywhere(folded))]
    return [(subject, quantity) for subject, quantity in found if speaker.product(subject.product_id) is not None]


def _of_piece(speaker: Speaker, piece: str, whole: str, before: Sequence[tuple[Subject, int]]) -> Subject | None:
    """The one thing that a piece of the `whole` message names or points at."""
    view, memory = speaker.findings.view, speaker.findings.memory
    named = find(piece, view, words_of(view))
    certain = [s for s in named.subjects if s.certain] or list(named.subjects)
    if len(certain) != 1:
        recent = {id_ for id_, _ in memory.spoken} | {memory.focus}
        certain = [s for s in certain if s.product_id in recent]
    if len(certain) == 1:
        subject = _with_told(speaker, certain[0])
        if any(_only_part_of(piece, view.products[s.product_id], view.products[subject.product_id]) for s, _ in before):
            return None
        return subject
    if _IT.search(fold(piece)) and speaker.product(memory.focus) is not None and not any(s.product_id == memory.focus for s, _ in before):
        it = Subject(memory.focus, memory.focus_sku or None, True, "reference")
        return with_variants(it, whole, view.products[memory.focus])
    return None


def _with_told(speaker: Speaker, subject: Subject) -> Subject:
    """With the variant that was told of it earlier, where the piece tells none."""
    if subject.sku or subject.skus:
        return subject
    memory = speaker.findings.memory
    sku = next((sku for id_, sku in reversed(memory.spoken) if id_ == subject.product_id and sku), "")
    return Subject(subject.product_id, sku or None, subject.certain, subject.how)


def _only_part_of(piece: str, before: Product, found: Product) -> bool:
    """A piece whose words stand in the title before it: "saucepan with lid" is one thing."""
    if before.id == found.id:
        return False
    own = {term for title in before.title.values() for term, _, _ in terms(title)}
    said = {term for term, _, _ in terms(piece) if any(term in {t for t, _, _ in terms(title)} for title in found.title.values())}
    return bool(said) and said <= own


def _number(piece: str) -> int:
    """How many of it a piece asks for: "two acacia boards", 2个; not "2 qt" or "12 in"."""
    folded = fold(piece).strip()
    match = _HOW_MANY.match(folded)
    if match is not None and not _UNIT_NEXT.match(folded[match.end("n") :]):
        return _NUMBERS.get(match["n"]) or (int(match["n"]) if match["n"].isdigit() else 1) or 1
    return _number_anywhere(folded)


def _number_anywhere(folded: str) -> int:
    match = _PIECES.search(folded)
    said = next((group for group in match.groups() if group), "") if match else ""
    return _NUMBERS.get(said) or (int(said) if said.isascii() and said.isdigit() else 1) or 1


def _item(speaker: Speaker, subject: Subject, quantity: int) -> _Item | None:
    product = speaker.product(subject.product_id)
    if product is None:
        return None
    variants = [v for v in product.variants if v.sku == subject.sku or v.sku in subject.skus] or list(product.variants)
    prices = {paid.minor for v in variants if (paid := speaker.paid(v)) is not None}
    if len(prices) != 1 or any(speaker.offer(v).offer.up_to for v in variants):
        return None
    return _Item(product, speaker.shown_variant(product, variants) if not subject.sku else variants[0], quantity)


def _each(speaker: Speaker, subject: Subject, quantity: int) -> list[_Item]:
    """The thing once for every price that its variants have; [] for more than MOST."""
    product = speaker.product(subject.product_id)
    assert product is not None
    variants = [v for v in product.variants if v.sku in subject.skus] or list(product.variants)
    prices = {paid.minor: v for v in reversed(variants) if (paid := speaker.paid(v)) is not None}
    return [_Item(product, v, quantity) for _, v in sorted(prices.items())] if len(prices) <= MOST else []


def _said(speaker: Speaker, sums: Sequence[Sequence[_Item]]) -> Reply | None:
    """Each sum on a line of its own; None where a price is missing or currencies differ."""
    everything = [item for items in sums for item in items]
    prices = {id(item): speaker.paid(item.variant) for item in everything}
    if not everything or None in prices.values() or len({p.currency for p in prices.values() if p is not None}) != 1:
        return None
    one = everything[0] if len(everything) == 1 else None
    reply = Reply(Outcome.ANSWERED, SURE, focus=one.product.id if one else "", focus_sku=one.variant.sku if one else "")
    for items in sums:
        _add(speaker, reply, items)
    for item in everything:
        reply.show(item.variant.sku)
        state = speaker.stock(item.variant)
        if not state.state.buyable and state.quantity == 0:
            name = speaker.with_variant(item.product, item.variant)
            reply.say(speaker.say("stock.out_of_stock", product=name), speaker.cite_stock(item.variant))
    return reply


def _add(speaker: Speaker, reply: Reply, items: Sequence[_Item]) -> None:
    rows, total, currency = [], 0, ""
    for item in items:
        price = speaker.paid(item.variant)
        assert price is not None
        total, currency = total + price.minor * item.quantity, price.currency
        speaker.named.discard(item.product.id)  # the whole title: the sum is held against it
        key = "price.sum_items" if item.quantity > 1 else "price.sum_item"
        name = speaker.with_variant(item.product, item.variant)
        rows.append(speaker.say(key, product=name, price=speaker.money(price), quantity=item.quantity))
    cited = [c for item in items for c in (speaker.cite_title(item.product), speaker.cite_price(item.variant))]
    reply.say(speaker.say("price.sum", items=" + ".join(rows), total=speaker.money(Money(total, currency))), *cited, line=True)
