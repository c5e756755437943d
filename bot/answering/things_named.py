"""The things that a message names piece by piece, each with how many of it: "two of the 5 kg plates and the bar", 再加一个蓝色的.

A piece names a product, a variant of the one spoken of, or points at it. What was spoken of before is added where the words add to it.
"""

import re
from collections.abc import Sequence

from bot.answering.speaking import Speaker
from bot.understanding.counts import outside_names
from bot.understanding.options_alone import only_options
from bot.understanding.question import Intent, Part, Subject
from bot.understanding.shop_words import words_of
from bot.understanding.subjects import find, with_variants
from bot.understanding.title_terms import common_word, terms
from bot.understanding.variants import meant
from knowledge.catalog import Product, Variant
from knowledge.folding import fold

JOINTS = re.compile(
    r"\s*(?:[+＋&,，、;；]|\b(?:and|plus|with|along with|together with|as well as|on top of|incl(?:uding)?\.?)\b|和|跟|与|加上?|再加|还有|以及|连同?|配(?!件|套)|外加)\s*"
)
"""What stands between things that are added up."""
APART = re.compile(
    r"\s*(?:[,，、;；/]|\b(?:and|or|than|vs\.?|versus|from|to|over|compared (?:to|with))\b|和|跟|与|同|比起?|对比|相比|还是|到)\s*", re.I
)
"""What stands between things that are set against each other."""
_HOW_MANY = re.compile(
    r"^\W*(?:(?:the|of|for|get|buy|take|want|need|i|i'?d|we|if|would|be|cost|is|are|how much|what(?:'s|s| is| would| do)?|total|price|and|about|那|我要|我想|要|买|来|拿|订|再)\s*)*"
    r"(?P<n>\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|a pair of|a couple of|[一二两俩三四五六七八九十]{1,2})"
    r"\s*(?:x\b|×|of\b|pieces?\b|pcs\b|pairs?\b|个|件|只|双|条|把|张|片|台|套|瓶|盒|包|袋|根|支|罐|本|份|块|箱)?\s*(?=\S|$)"
)
_PIECES = re.compile(
    r"(?<![\d.])(?P<a>\d{1,3}|two|three|four|five|six|seven|eight|nine|ten)\s+(?:of (?:them|those|these|it)|pieces|pcs|sets|pairs|packs|boxes|bottles|bags)\b"
    r"|(?P<b>\d{1,3}|[两俩二三四五六七八九十]{1,2})\s*(?:个|件|只|双|条|把|张|片|台|套|瓶|盒|包|袋|根|支|罐|本|份|块|箱)(?!人|月|小时)"
)
_UNIT_NEXT = re.compile(
    r"[\s-]*(?:kg|kgs|g|lbs?|pounds?|oz|cm|mm|m|in|inch|inches|ft|l|ml|qt|quarts?|cups?|w|v|mah|pack|piece|person|slice|tog|strings?|keys|公斤|克|斤|厘米|毫升|升|米|寸|号|码|人|瓦|弦|键)(?![a-z])"
)
_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "a pair of": 2, "a couple of": 2} | {
    "一": 1, "二": 2, "两": 2, "俩": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10,
}  # fmt: skip
_IT = re.compile(r"\b(?:it|that|this|them|those|these)\b|它|[这那]个?(?=$|[，,。？?\s])")
_TWO = re.compile(r"\bboth\b|[两俩]个")
"""Two things, which may be two variants of one product."""
_SEVERAL = re.compile(
    r"\b(?P<two>both|the two|two of them|these two|those two)\b|\ball (?P<en>three|four)\b|(?P<zh>[两俩二三四234])(?:个|件|样|种|款|者|本|盒|瓶|双|只|把|条|台|张|套)?(?=.{0,3}(?:一起|一块|加起来|都|合|放一起))"
)
"""How many of the things spoken of are taken together: "both together", 三样加起来."""
_WITH_THAT = re.compile(
    r"^\W*(?:(?:so|and|ok|okay|then|what(?:'s|s| is)?|how much(?: is it)?|the|in|it|that|price|total|altogether|cost)\s+)*(?:with|plus|together with|incl(?:uding)?)\b|^\W*(?:那|那么|再|一共|总共|如果)*(?:加上?|连同?|配上?|带上?)"
)
"""Adds to what was spoken of: "total with the stool and the lamp?"."""
_BARE_COUNT = re.compile(
    r"^\W*(?:and|or|ok|okay|so|what about|how about|what if i (?:take|buy|get)|i(?:'d| would)? (?:take|want|need|buy|get)|for|if i (?:take|buy|get)|then|那|那么|如果|要是|我要|我买|买|要|来|拿|订)*\s*"
    r"(?P<n>\d{1,3}|two|three|four|five|six|seven|eight|nine|ten|[两俩三四五六七八九十])\s*(?:of (?:them|those|these)|pieces|pcs|sets|pairs|packs|boxes|bottles|个|件|只|双|条|把|张|片|台|套|瓶|盒|包|袋|根|支|罐|本|份|块|箱)?"
    r"\s*(?:then|please|total|in total|呢|的话|多少钱?|啊|吧|一共|总共|[\s,，?？!。.])*$"
)
"""Nothing but a number of pieces: "what about 3?", 两个呢."""


def bare_count(text: str) -> int:
    """The pieces of a message that says nothing else; 0 for others."""
    match = _BARE_COUNT.match(fold(text))
    return _value(match["n"]) if match is not None else 0


def things_added(speaker: Speaker, part: Part, folded: str, *, adds: bool, sums: bool) -> list[tuple[Subject, int]]:
    """What is added up, with the numbers. `adds`: the words add one thing to another; `sums`: they ask for a sum."""
    memory = speaker.findings.memory
    found, pieces = _in_pieces(speaker, part, JOINTS)
    if found and len(pieces) > 1 and any(_names_another(speaker, piece, found) for piece in pieces):
        return []  # half of a sum is none
    named = {s.product_id for s, _ in found}
    focus = Subject(memory.focus, memory.focus_sku or None, True, "carried") if speaker.product(memory.focus) is not None else None
    told = [s for s in part.subjects if s.certain and s.how in {"carried", "reference"} and s.product_id not in named]
    several = _several(speaker, folded) if adds or sums else []
    if not found and several:
        return [(subject, 1) for subject in several]
    if not found and told:
        found = [(told[0], part.quantity or _number_anywhere(folded, speaker.product(told[0].product_id)))]
    elif focus is not None and found and (len(found) == 1 or _WITH_THAT.search(folded)):
        other = focus.product_id not in named
        other = other or bool(focus.sku and all(s.sku and s.sku != focus.sku for s, _ in found if s.product_id == focus.product_id))
        if other and (adds or _WITH_THAT.search(folded)):
            found.insert(0, (focus, 1))
    if (not found or (len(found) == 1 and found[0][1] < 2)) and adds:
        recent = [Subject(id_, sku or None, True, "carried") for id_, sku in memory.spoken if speaker.product(id_) is not None]
        if not _TWO.search(folded):
            recent = list({subject.product_id: subject for subject in recent}.values())
        found = [(subject, 1) for subject in recent[-2:]] if len(recent) > 1 else found
    if not found and sums and len(memory.shown) > 1 and memory.last_intent in _TOGETHER:
        found = [(s, 1) for id_ in memory.shown if (s := _spoken(speaker, id_)) is not None]
    if len(found) == 1 and found[0][1] < 2:
        product = speaker.product(found[0][0].product_id)
        found = [(found[0][0], part.quantity or (_number_anywhere(folded, product) if len(pieces) == 1 or not found else 1))]
    return [(subject, quantity) for subject, quantity in found if speaker.product(subject.product_id) is not None]


_TOGETHER = {Intent.PRICE, Intent.PROMOTION, Intent.COMPARE}
"""What was asked of several things, whose sum may be asked for then."""


def things_set_apart(speaker: Speaker, part: Part) -> list[Subject]:
    """The two things whose prices are set against each other: two variants of one product, or two products."""
    view, memory = speaker.findings.view, speaker.findings.memory
    whole = [s for s in find(part.text, view, words_of(view)).subjects if s.certain]
    ids = {s.product_id for s in whole}
    if len(whole) == 1 and len(whole[0].skus) == 2 and not whole[0].lacking:
        return _each_variant(whole[0])
    if len(ids) < 2:
        base = speaker.product(next(iter(ids), memory.focus))
        told = [meant(piece, base).skus for piece in _split(speaker, part, APART)] if base is not None else []
        skus = list(dict.fromkeys(row[0] for row in told if len(row) == 1))
        if base is not None and len(skus) == 2:
            return [Subject(base.id, sku, True, "named") for sku in skus]
    found = [subject for subject, _ in _in_pieces(speaker, part, APART)[0]]
    return found if len(found) == 2 else []


def _each_variant(subject: Subject) -> list[Subject]:
    return [Subject(subject.product_id, sku, True, subject.how) for sku in subject.skus]


def _several(speaker: Speaker, folded: str) -> list[Subject]:
    """Those last spoken of, as many as are taken together; [] where there were fewer."""
    match = _SEVERAL.search(folded)
    if match is None:
        return []
    wanted = 2 if match["two"] else _value(match["en"] or match["zh"])
    recent = {id_: Subject(id_, sku or None, True, "carried") for id_, sku in speaker.findings.memory.spoken if speaker.product(id_)}
    return list(recent.values())[-wanted:] if len(recent) >= wanted else []


def _spoken(speaker: Speaker, product_id: str) -> Subject | None:
    if speaker.product(product_id) is None:
        return None
    sku = next((sku for id_, sku in reversed(speaker.findings.memory.spoken) if id_ == product_id and sku), "")
    return Subject(product_id, sku or None, True, "carried")


def _in_pieces(speaker: Speaker, part: Part, joints: re.Pattern[str]) -> tuple[list[tuple[Subject, int]], list[str]]:
    """What the pieces between the joints name, each thing once, and the pieces."""
    found: list[tuple[Subject, int]] = []
    pieces = [piece for piece in _split(speaker, part, joints) if piece.strip()]
    for piece in pieces:
        subject = _of_piece(speaker, piece, part.text, found)
        if subject is not None:
            if not any(s.product_id == subject.product_id and (s.sku or "") == (subject.sku or "") for s, _ in found):
                found.append((subject, _number(piece, speaker.product(subject.product_id))))
        elif found and _IT.search(fold(piece)) is None and len(pieces) == 1:
            more = _number(piece, speaker.product(found[-1][0].product_id))
            found[-1] = (found[-1][0], more) if more > 1 else found[-1]
    return found, pieces


def _split(speaker: Speaker, part: Part, joints: re.Pattern[str]) -> list[str]:
    """The text between the joints, none of which stands inside a title or option value that is said: "Salt & Pepper Mill", 红富士和脐橙礼盒."""
    view, folded = speaker.findings.view, fold(part.text)
    near = [s.product_id for s in find(part.text, view, words_of(view)).subjects]
    near += [s.product_id for s in part.subjects] + [speaker.findings.memory.focus]
    held = []
    if len(folded) == len(part.text):
        for product in (p for id_ in dict.fromkeys(near) if (p := speaker.product(id_)) is not None):
            for name in (*product.title.values(), *(o.value for v in product.variants for o in v.options)):
                at = folded.find(fold(name)) if len(name) > 1 else -1
                held += [(at, at + len(name))] if at >= 0 else []
    pieces, start = [], 0
    for match in joints.finditer(part.text):
        if any(left < match.end() and match.start() < right for left, right in held):
            continue
        pieces.append(part.text[start : match.start()])
        start = match.end()
    return [*pieces, part.text[start:]]


def _of_piece(speaker: Speaker, piece: str, whole: str, before: Sequence[tuple[Subject, int]]) -> Subject | None:
    """The one thing that a piece of the `whole` message names or points at."""
    view, memory = speaker.findings.view, speaker.findings.memory
    named = find(piece, view, words_of(view))
    if not named.exact:
        for product_id in dict.fromkeys([*(s.product_id for s, _ in reversed(before)), memory.focus]):
            product = speaker.product(product_id)
            if product is not None and (own := only_options(piece, product, words_of(view))):
                return Subject(product_id, own, True, "reference")
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


def _names_another(speaker: Speaker, piece: str, found: Sequence[tuple[Subject, int]]) -> bool:
    """Whether a piece has several words of titles, none of which the things found are called by."""
    words = words_of(speaker.findings.view)
    said = {t for t, _, _ in terms(piece) if t in words.postings and len(t) > 1 and not t.isdigit() and not common_word(t)}
    own = {t for s, _ in found if (p := speaker.product(s.product_id)) for title in p.title.values() for t, _, _ in terms(title)}
    own |= {
        t for s, _ in found if (p := speaker.product(s.product_id)) for v in p.variants for o in v.options for t, _, _ in terms(o.value)
    }
    return len(said) > 1 and not said & own


def _number(piece: str, product: Product | None) -> int:
    """How many of it a piece asks for: "two acacia boards", 2个; not "2 qt" or "12 in", nor the 6 of 热干面6盒."""
    folded = outside_names(fold(piece), product).strip()
    match = _HOW_MANY.match(folded)
    if match is not None and not _UNIT_NEXT.match(folded[match.end("n") :]):
        return _value(match["n"]) or 1
    return _number_anywhere(folded, None)


def _number_anywhere(folded: str, product: Product | None) -> int:
    match = _PIECES.search(outside_names(folded, product))
    return (_value(next((group for group in match.groups() if group), "")) if match else 1) or 1


def _value(said: str) -> int:
    return _NUMBERS.get(said) or (int(said) if said.isascii() and said.isdigit() else 0)


def of_one_price(speaker: Speaker, subject: Subject) -> tuple[Product, list[Variant]] | None:
    """The product with the variants meant; None where they cost different amounts, or what they cost is open."""
    product = speaker.product(subject.product_id)
    if product is None:
        return None
    variants = [v for v in product.variants if v.sku == subject.sku or v.sku in subject.skus] or list(product.variants)
    prices = {paid.minor for v in variants if (paid := speaker.paid(v)) is not None}
    return (product, variants) if len(prices) == 1 and not any(speaker.offer(v).offer.up_to for v in variants) else None
