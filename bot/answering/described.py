"""What the merchant's own sentences say to a wish or a yes/no question about a thing that is no property we know: "with a built-in preamp",
"does it come with cables?", 不酸的豆子."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.answering.asked_in_english import in_english
from bot.understanding.goods import PARTING
from bot.understanding.lexicon import lexicon
from bot.understanding.title_terms import common_word
from knowledge.allergens import kin_of
from knowledge.attribute_names import concept_of, names_of
from knowledge.catalog import Product
from knowledge.folding import fold
from knowledge.localized import pick
from knowledge.phrases import stem
from knowledge.polarity import denied, said_of
from knowledge.units import Dimension, quantities
from knowledge.verdicts import GRADED, HAS, RATED, Verdict, presence
from retrieval.quotable import quotable
from retrieval.tokens import tokens, words

_RUN = re.compile(r"[a-z0-9]+(?:[-'’./][a-z0-9]+)*|[一-鿿]")
_HAN = re.compile("[一-鿿]")


@dataclass(frozen=True, slots=True)
class Feature:
    """Something that goods are to have. `words`: what it is called by, stemmed; `absent`: they are not to have it."""

    said: str
    words: frozenset[str]
    absent: bool = False
    kin: frozenset[str] = frozenset()
    """Of what is avoided: all words that goods hold it by."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that speaks of a thing. `field`: description, title or attribute:NAME."""

    text: str
    field: str
    says: Verdict


WORDS_MOST = 4
"""Content words of a question up to which one sentence is expected to hold them all."""
_MEASURED = frozenset(["camera", "memory", "warranty", "certification"])
"""Of these a sentence states how much, and its words ("像素") stand in sentences about other things."""
_ASKING = frozenset(
    word
    for said in (
        "come comes include includes included contain contains support supports fit fits work works use used using need needs require bring brings ship ships"
        " got get gets still also really just any much very"
        " they them their these those go goes take takes run runs make made put possible able suitable okay safe actually really already kind sort thing stuff box"
        " 有没有 可以 能 能不能 可不可以 是否 是不是 支持 适合 带 自带 含 附带 需要 用 使用 能用 请问 这个 那个 这款 那款 一下 会 会不会 要不要 吗 呢 的",
    )
    for word in (*said.split(), *(t for w in said.split() for t in tokens(w)))
)
"""Words of every question about whether a thing has, takes or suits something."""

_END = r"(?=$|[,.?!;:]|\s*[^\x00-\x7f]|\s(?:and|or|but|under|below|for|that|what|which|who|please|to|from|around|about|less|at|than|up|i|we|you|do|my|with|(?<!built )in)\b)"
_HAVING = re.compile(
    r"\b(?P<no>without|w/o|(?:with|has|have|having) no|no|lacking|(?:do|does)(?: not|n['’]?t) (?:have|need|use))"
    rf"\s+(?:(?:an?|any|some|the|its|own)\s+)*(?P<what>[a-z0-9][a-z0-9 '/-]{{2,40}}?){_END}"
    r"|(?<!you )(?<!\bu )(?<!\bi )(?<!we )\b(?:with|has|have|having|includes?|including|featuring|supports?)"
    rf"\s+(?:(?:an?|any|some|the|its|own|good|great)\s+)*(?P<thing>[a-z0-9][a-z0-9 '/-]{{2,40}}?){_END}"
)
_ENDS_ZH = r"(?=的(?![一-鿿]?[吗呢么])|功能|[吗么嘛]|$|[,，。?？、!！])"
_HAVING_ZH = re.compile(
    rf"(?:不带|不含|(?<!有)没有|不要|不需要|不用|无(?!线|级|极))(?P<what>(?:(?!的)[一-鿿a-z0-9-]){{2,8}}?){_ENDS_ZH}|(?:[不无]|不含|没有?)(?P<bare>[一-鿿])(?=的)"
    rf"|(?:(?<![没不])(?:自带|内置|带|含|支持|配有?)|(?<!没)有(?!没有)(?=[^的]+的[一-鿿]))(?P<thing>(?:(?!的)[一-鿿a-z0-9-]){{2,8}}?){_ENDS_ZH}"
)
_AVOIDED = re.compile(
    rf"\b(?:allergic|allergy|intolerant|intolerance|sensitive) to\s+(?P<to>[a-z][a-z '-]{{2,24}}?){_END}"
    r"|\b(?P<of>[a-z]{3,})[ -](?:intoleran(?:t|ce)|allerg(?:y|ic|ies))\b"
    rf"|\b(?:(?:can(?:no|')?t|cannot|mustn't) (?:have|eat|drink|tolerate)|don't (?:eat|drink|tolerate))\s+(?:any\s+)?(?P<eat>[a-z][a-z '-]{{2,24}}?){_END}"
    r"|(?<![a-z])(?P<free>(?!hands|duty|tax|risk|hassle|stress|interest|wrinkle|crease|cruelty|bpa|is|for|are|get|ship)[a-z]{3,})[ -]free\b(?! (?:shipping|delivery|returns?|gift))"
    r"|对(?P<zh_to>[一-鿿]{1,6}?)(?:严重)?(?:过敏|不耐)|(?P<zh_of>乳糖|麸质|坚果|花生|牛奶|大豆|海鲜|鸡蛋|乳胶|酒精)(?:过敏|不耐受?)|不能(?:吃|喝|碰|沾)(?P<zh_eat>[一-鿿]{1,4}?)(?=$|[,，。?？的])"
)
""" "I'm allergic to nuts", "lactose intolerant", "dairy free", 对牛奶过敏."""
_NO_THING = re.compile(
    r"\b(?:you|ones?|other|another|discount|stock|offer|sale|shipping|delivery|price|idea|more|less|most|than|money|dollars?|bucks|budget|left)\b"
    r"|什么|哪|多少|几|没有|推荐|合适|别的|其他|货|优惠|活动|折扣|打折|便宜|包邮|人|吗|呢|的|买|点|[一两三四五]款|好|行|错|是|对|太|贵|了|差|同|会|用"
)


def features_wished(text: str, read: Iterable[str] = ()) -> list[Feature]:
    """What goods are to have or not to have, apart from what conditions were `read` from."""
    folded = fold(text)
    taken = [fold(said) for said in read if said]
    found = []
    for pattern in (_HAVING, _HAVING_ZH):
        for match in pattern.finditer(folded):
            groups = match.groupdict()
            said = groups.get("what") or groups.get("bare") or groups.get("thing") or ""
            absent = not groups.get("thing")
            if _NO_THING.search(said) or any(t in said or said in t for t in taken):
                continue
            words = _content(said) or (frozenset({said}) if groups.get("bare") else frozenset())
            if words:
                found.append(Feature(said, words, absent))
    return [*found, *(f for f in avoided(text) if not any(t in f.said or f.said in t for t in taken))]


def avoided(text: str) -> list[Feature]:
    """What somebody must not have, each with all the words that goods hold it by."""
    out = []
    for match in _AVOIDED.finditer(fold(text)):
        said = next((group for group in match.groups() if group), "").strip()
        words = _content(said) or frozenset({said})
        kin = frozenset(word for one in words for word in (*kin_of(one), *kin_of(said)))
        out.append(Feature(said, words, True, kin))
    return out


def holds_avoided(product: Product, feature: Feature, language: str) -> Sentence | None:
    """The sentence that decides whether a product holds what is avoided: one that says so goes before those that deny it."""
    found = [
        s for word in feature.kin or feature.words for s in sentences_about(product, frozenset(tokens(word)) or frozenset({word}), language)
    ]
    found = [s for s in found if s.field != "title"]
    return next((s for s in found if s.says is Verdict.YES), None) or next(iter(found), None)


@lru_cache(maxsize=1)
def _small() -> frozenset[str]:
    """The words of every question, as written and stemmed."""
    plain = lexicon().plain
    said = plain["fillers"] | plain["yes_no_starts"] | plain["question_starts"]
    return frozenset([*said, *(term for word in said for term in tokens(word))])


def _content(said: str) -> frozenset[str]:
    if _HAN.search(said):
        return frozenset(_pairs(said))
    row = [t for t in tokens(said) if (len(t) > 2 or t.isdigit()) and t not in _small() and "-" not in t]
    return frozenset(t for t in row if not common_word(t)) or frozenset(row)


def _pairs(said: str) -> list[str]:
    """A Chinese word as it is where it has up to four characters, since its halves mean other things."""
    pieces = [piece for piece in re.findall(r"[一-鿿]+|[a-z0-9]+", said) if piece]
    return [piece for piece in pieces if len(piece) > 1 or piece.isascii()]


def sentences_about(product: Product, words: frozenset[str], language: str) -> list[Sentence]:
    """The sentences and statements of a product that name every one of these words, those in the customer's language first."""
    if not words:
        return []
    out = []
    texts = [pick(product.description, language), *product.description.values()]
    for text in dict.fromkeys(texts):
        for row in quotable(text):
            said = _said(row, words)
            if said is not Verdict.OPEN:
                out.append(Sentence(row, "description", said))
    for attribute in (*product.attributes, *(a for v in product.variants for a in v.attributes)):
        whole = f"{attribute.name}: {attribute.value}"
        if _said(whole, words) is not Verdict.OPEN:
            of_name = presence(attribute.name, attribute.value)
            said = of_name if of_name is not Verdict.OPEN else _said(whole, words)
            out.append(Sentence(whole, f"attribute:{attribute.name}", said))
    for title in product.title.values():
        if (said := _said(title, words)) is not Verdict.OPEN:
            out.append(Sentence(title, "title", said))
    return list({(s.field, s.text): s for s in out}.values())


@lru_cache(maxsize=65536)
def _said(row: str, words: frozenset[str]) -> Verdict:
    """What a sentence says of the thing called so; OPEN where it does not name all of the words."""
    folded = fold(row)
    spans: list[tuple[int, int]] = []
    lacking = set(words)
    for word in words:
        if _HAN.search(word):
            at = folded.find(word)
            if at < 0:
                return Verdict.OPEN
            spans.append((at, at + len(word)))
            lacking.discard(word)
    if lacking:
        for run in _RUN.finditer(folded):
            met = lacking & set(tokens(run.group())) if run.group()[0].isascii() else set()
            if met:
                lacking -= met
                spans.append(run.span())
    if lacking or not spans:
        return Verdict.OPEN
    low = re.search(r"(?:\blow(?: in)? |少|低)$", folded[: min(a for a, _ in spans)])
    free = any(re.search(r"[a-z]-free$", folded[a:b]) for a, b in spans)
    return Verdict.NO if low or free or any(denied(folded, a, b) for a, b in spans) else Verdict.YES


def asked_of(product: Product, text: str, asked: Sequence[str], language: str) -> list[Sentence]:
    """The sentences of a product that say something to a yes/no question: those that name all that the question is about, else those that
    name a property asked for that goods have or have not."""
    named = {term for title in product.title.values() for term in tokens(title)} | set(tokens(product.brand))
    row = {w for w in words(text) if w not in named and w not in _ASKING and not common_word(w) and w not in _small()}
    about = frozenset(w for w in row if len(w) > (2 if w.isascii() else 1) or w.isdigit())
    if not about and _HAN.search(text):
        about = frozenset(_chinese_rest(text, product))
    found = sentences_about(product, about, language) if len(about) <= WORDS_MOST else []
    found = [s for s in found if s.field != "title"] or _coming_with(product, text, language)
    comes = any(concept_of(word) == "included" for word in asked) or bool(_COMES.search(fold(text)))
    if not found and comes and (whole := _in_title(product, text)):
        return [whole]
    if not found:
        others = (sentences_about(product, words_, language) for words_ in in_english(text, product))
        found = next((told for rows in others if (told := [s for s in rows if s.field != "title"])), [])
    if found:
        return _of_what_comes(found) if comes else found
    named_so = fold(text)
    # Who asks whether they can swim with it does not ask whether it is waterproof: the sentence is quoted, and decides nothing unless it denies.
    return [
        s if s.says is Verdict.NO or fold(word) in named_so else replace(s, says=Verdict.OPEN)
        for word in asked
        for s in of_property(product, word, language)
    ]


_WITH = re.compile(r"\bwith\s+(?:an?\s+|the\s+)?(?P<en>[a-z]+)|[带含配附](?P<zh>[一-鿿]{1,3})")


def _in_title(product: Product, text: str) -> Sentence | None:
    """The title that says itself what comes with it: "Saucepan with Lid"."""
    spoken, folded = set(tokens(text)), fold(text)
    for title in product.title.values():
        for said in _WITH.finditer(fold(title)):
            if (said["en"] and set(tokens(said["en"])) & spoken) or (said["zh"] and said["zh"] in folded):
                return Sentence(title, "title", Verdict.YES)
    return None


_COMES_WITH = re.compile(
    r"(?:自带|附带|附送|配送?|[带送含附有])(?:不带|不送|不含|没带)?(?:个|条|根|张|一[个条根张])?(?P<thing>[一-鿿a-z]{1,5}?)的?(?:[吗么嘛不没吧]|没有)?\W*$"
)
_PART_ENDS = r"(?=$|[^一-鿿]|[一二两三]?[个条根张片只支]|和|及|与)"


def _coming_with(product: Product, text: str, language: str) -> list[Sentence]:
    """What is said to come with it or not, of a thing called by the end of its name: 不含数据线 for 带线吗."""
    asked = _COMES_WITH.search(fold(text))
    if asked is None:
        return []
    thing = re.compile(re.escape(asked["thing"]) + _PART_ENDS)
    texts = dict.fromkeys([pick(product.description, language), *product.description.values()])
    rows = [(row, part) for whole in texts for row in quotable(whole) for part in re.split(r"[，,；;]", fold(row))]
    out = []
    for row, part in rows:
        comes, at = _COMES.search(part), thing.search(part)
        if comes is not None and at is not None:
            no = denied(part, *at.span()) or bool(re.search(r"[不无未没]$", part[: comes.start()]))
            out.append(Sentence(row, "description", Verdict.NO if no else Verdict.YES))
    return out


_COMES = re.compile(r"\b(?:includ\w+|comes? with|supplied|in the box)\b|附|含|送|自带|配有|不带")


def _of_what_comes(found: list[Sentence]) -> list[Sentence]:
    """Of sentences about a part that may come with it: "sold separately" decides over one that only names the part ("fits all batteries")."""
    denying = [s for s in found if s.says is Verdict.NO]
    comes = any(s.says is Verdict.YES and _COMES.search(fold(s.text)) for s in found)
    return denying if denying and not comes else found


def _chinese_rest(text: str, product: Product) -> list[str]:
    """What a Chinese question is about where its words are single characters: 无谷 of 它是无谷的吗."""
    folded = fold(text)
    for title in product.title.values():
        folded = folded.replace(fold(title), " ")
    pieces = [piece for row in PARTING.split(folded) for piece in re.findall(r"[一-鿿]+", row) if 1 < len(piece) <= 4]
    return [piece for piece in pieces if not any(piece in fold(title) for title in product.title.values())] if len(pieces) == 1 else []


_COUNTED = re.compile(r"(?:几|多少)(?P<zh>[个只支片根条颗粒枚张瓶罐袋包盒件层档格节块页套双把杯人位])|\bhow many (?P<en>[a-z]+)\b")


_COUNTED_ALIKE = ("张片页枚", "个只颗粒枚", "支根条", "盒包袋")
"""Measure words that one thing is counted in as well as in another: 几张 of a film, 两片装."""


def counting(product: Product, text: str, language: str) -> list[Sentence]:
    """The sentences that count what a question asks the number of: "7 sticks a bag" for "how many sticks?", 每袋7根 for 一袋几根."""
    asked = _COUNTED.search(fold(text))
    if asked is None:
        return []
    like = next((f"[{group}]" for group in _COUNTED_ALIKE if asked["zh"] and asked["zh"] in group), asked["zh"])
    counted = (
        re.compile(rf"(?:\d+|[一二两三四五六七八九十]+)\s?(?:{like}|[片张个支只包袋瓶粒条根枚对]装)")
        if asked["zh"]
        else re.compile(
            rf"(?:\d+|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve)\b)\s(?:[a-z-]+\s){{0,2}}?{re.escape(stem(asked['en']))}"
        )
    )
    texts = dict.fromkeys([pick(product.description, language), *product.description.values()])
    rows = [(row, "description") for text_ in texts for row in quotable(text_)]
    rows += [(f"{a.name}: {a.value}", f"attribute:{a.name}") for a in product.attributes]
    return [Sentence(row, field, Verdict.OPEN) for row, field in rows if counted.search(fold(row))]


_CONTENTS = re.compile(
    r"\bwhat(?:['’]?s| is| are| comes?| do(?:es)?| all)?\b.{0,24}\b(?:in|inside|included|contain\w*|come with|get with)\b|(?:里面?|里头|内|一?[盒套箱包]里?)(?:都|一共)?(?:有|是|装|含)(?:些|了)?(?:什么|啥)|包含(?:什么|啥|哪些)"
    r"|都有(?:什么|啥|哪些)"
)
_LISTED_LEAST = 2
"""Marks between its things by which a sentence lists what is in a set."""


def contents(product: Product, text: str, language: str) -> list[Sentence]:
    """The sentence that lists what is in it: "two knives, a whisk and an apron" for "what's in the set?", 8罐：腰果、开心果 for 里面都有啥."""
    if not _CONTENTS.search(fold(text)):
        return []
    texts = dict.fromkeys([pick(product.description, language), *product.description.values()])
    rows = [row for whole in texts for row in quotable(whole)]
    marked = [(len(re.findall(r"[、,，;；+]|\band\b|\bplus\b|和|及|加", fold(row))), row) for row in rows]
    best = max(marked, key=lambda pair: pair[0], default=(0, ""))
    return [Sentence(best[1], "description", Verdict.OPEN)] if best[0] >= _LISTED_LEAST else []


def measuring(product: Product, word: str, dimension: Dimension | None, language: str) -> list[Sentence]:
    """The sentences of a description that name a property and say how much of it there is: "Maximum rider weight 30 kg" of the load."""
    concept = concept_of(word)
    names = [frozenset(tokens(name)) for name in (names_of(concept) if concept else (word,)) if len(name) > 1]
    texts = dict.fromkeys([pick(product.description, language), *product.description.values()])
    out = []
    for row in (row for text in texts for row in quotable(text)):
        amounts = [q for q in quantities(fold(row)) if q.dimension is (dimension or q.dimension) and q.dimension is not Dimension.NUMBER]
        if amounts and any(name and name <= set(tokens(row)) for name in names):
            out.append(Sentence(row, "description", Verdict.OPEN))
    return out


def of_property(product: Product, word: str, language: str) -> list[Sentence]:
    """The sentences that name a property which goods have or have not, under any of its names."""
    concept = concept_of(word)
    if concept not in HAS | GRADED or concept in _MEASURED:
        return []
    pattern = tuple(name for name in names_of(concept) if len(name) > 1) + (RATED if concept == "waterproof" else ())
    texts = dict.fromkeys([pick(product.description, language), *product.description.values()])
    rows = [(row, "description") for text in texts for row in quotable(text)]
    rows += [(f"{a.name}: {a.value}", f"attribute:{a.name}") for a in product.attributes]
    judged = [Sentence(row, field, said_of([row], pattern)) for row, field in rows]
    return [s for s in judged if s.says is not Verdict.OPEN]


def verdict_of(found: Iterable[Sentence]) -> Verdict:
    """What sentences say together; OPEN where they say both."""
    said = {s.says for s in found}
    return said.pop() if len(said) == 1 else Verdict.OPEN


def of_feature(product: Product, feature: Feature, language: str) -> tuple[Verdict, Sentence | None]:
    """Whether a product has what is wished for, with the sentence that says so."""
    if feature.kin:
        held = holds_avoided(product, feature, language)
        return (held.says, held) if held is not None else (Verdict.OPEN, None)
    found = sentences_about(product, feature.words, language)
    told = next((s for s in found if s.says is Verdict.YES), None) or next(iter(found), None)
    if told is None and any(_said(tag, feature.words) is Verdict.YES for tag in product.tags):
        return Verdict.YES, None
    return (told.says, told) if told else (Verdict.OPEN, None)


def meeting(products: Sequence[Product], features: Sequence[Feature], language: str) -> list[Product]:
    """The products of which the merchant says that they meet every wish, where any does; else those of which nothing is said against it, those
    that meet most first; all where nothing tells them apart."""
    scored = []
    for product in products:
        good = bad = 0
        for feature in features:
            said, _ = of_feature(product, feature, language)
            wanted = Verdict.NO if feature.absent else Verdict.YES
            good += said is wanted
            bad += said is not Verdict.OPEN and said is not wanted
        scored.append((product, good, bad))
    if full := [p for p, good, bad in scored if good == len(features) and not bad]:
        return full
    open_ = [(p, good) for p, good, bad in scored if not bad]
    return [p for p, good in sorted(open_, key=lambda row: -row[1])] or list(products)
