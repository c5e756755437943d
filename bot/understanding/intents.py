"""What a message wants: cue words decide, a small linear model helps where nobody listed the words (a person, an order, off-topic)."""

import re
from dataclasses import dataclass
from functools import lru_cache

from bot.understanding.hearsay import asks_what_others_say
from bot.understanding.lexicon import lexicon, values
from bot.understanding.linear import linear_intents
from bot.understanding.purposes import is_present, only_wraps
from bot.understanding.question import Intent, Topic
from knowledge.attribute_names import concepts_in
from knowledge.folding import fold
from knowledge.phrases import Phrases, Token, tokens

_IDENTIFIER = re.compile(r"(?:order|purchase|订单|单号|#|no\.?|number)\s*[:：#]?\s*(?=[a-z0-9-]*\d)[a-z0-9-]{3,}|#\s?\d{3,}|\b\d{6,}\b")
_HOW_TO = re.compile(
    r"^\s*(?:how (?:do|can|to|would|should)|where (?:do|can)|what (?:is|are) (?:the|your)|can i|could i|is it possible|do you|怎么|如何|怎样|可以|能不能|能)"
)
_SHIPPING_SUM = re.compile(r"(?:how much|cost|price|fee|多少|几块)")
_GIFT = re.compile(r"\b(?:gifts?|presents?) (?:for|to)\b|礼物|送礼|伴手礼")
_INTRODUCE = re.compile(r"\bintroduce\b|\btell me (?:more )?about\b|介绍(?:一下|下)?(?!.{0,6}(?:类似|搭配|别的|其他))")
_SOLD = re.compile(r"卖(?!多|完|了|得|点).{1,10}(?:吗|么|嘛|不)\W*$|\bdo (?:you|u) (?:sell|carry|stock)\b")
_HOW_MANY_LEFT = re.compile(r"\bhow many\b.{0,60}\b(?:left|in stock|remain(?:ing)?)\b|还[剩有]多少|剩多少")
_ANYTHING = re.compile(
    r"\b(?:your|you|u|ur|the shop'?s?|here|this shop)\b.{0,30}\b(?:items?|products?|things?|articles?|goods|stuff)\b"
    r"|\b(?:items?|products?|things?|articles?)\b.{0,20}\b(?:you|u|here|in (?:the|your) (?:shop|store))\b|(?:店|你们|您们|这里|这儿|你家|家里).{0,12}(?:商品|产品|东西|宝贝|单品)"
)
"""Any of the goods, of whatever kind: "your cheapest item", 你们店里最贵的东西."""
_SELLS = re.compile(
    r"\b(?:you|u|ya|shop|store) (?:guys )?(?:have|got|sell|stock|carry|offer)\b|\bin stock\b|有货|现货|店里|[你您](?:们|家)?(?:这里|这儿)?[有卖]"
)
"""Speaks of what is sold."""
_WORDS = re.compile(r"\w")
_POINTS = re.compile(
    r"\b(?:the|this|(?<!thing )(?<!one )(?<![a-z]s )(?!(?<=[a-z] )that (?:is|are|can|will|has|have|[a-z]{3,}s)\b)that|it|its|these|those)\b|这|那|它|该"
)
"""Points at something; "bags that fit" points at nothing."""
_WHICH_OF_BOTH = re.compile(r"\bwhich\b|哪个|哪款|哪一|谁|更|还是|比")
_GOT = re.compile(
    r"\b(?:do|have|did) (?:you|u|ya)(?: guys)?(?: still| also)? (?:have|got|get|sell|stock)\b|\bhave you got\b|\b(?:you|u) (?:still )?got\b|有没有|还有|有(?!什么|多|几|哪).{0,12}[吗嘛么不没]\W*$"
)
"""Asks whether something is to be had."""
_REDUCED = re.compile(r"(?:\d(?:\.\d)?|\d{2}|[一二三四五六七八九])折(?!叠|扣率)")
"""85折: an amount off."""
_HOW_MUCH = re.compile(r"(?:的|个|款|支|瓶|套|把|件|只|双|盒|台|装|袋|包|罐|箱|条|份|对|根|斤|米|寸|升|ml|kg|g)多少\W*$|^多少\W*$")
_ADVISE = re.compile(r"(?:用|买|选|喝|吃|穿|送)(?:什么|啥|哪[款种个]?).{0,10}(?:好|合适|比较)|有(?:什么|啥).{0,6}(?:适合|合适)")
_CHOOSES = re.compile(r"\b(?:which|what)\b(?! (?:one|is|of|does|do|are the)\b)|哪(?:些|款|种|几)|有(?:什么|啥|几种)|\bany\b")
"""Asks which of a kind."""
_IS_IT = re.compile(r"[吗么嘛]\W*$|能不能|是不是|会不会|多少|多久|多重|多大|怎么|什么")
_HAVE = re.compile(
    r"卖(?!多|完|了|得).{1,10}(?:吗|么|嘛|不)\W*$|有(?!多|什么区别|货|现货|库存|效).{1,14}(?:吗|么|嘛|没有?)\W*$|^有没有|^有(?:什么|哪些|啥)"
)
_ARRIVES_BROKEN = re.compile(r"broken|damaged|cracked|faulty|defective|坏|碎|破损|瑕疵|少发|发错|wrong (?:item|size|product)|missing")
_NOT_A_MACHINE = re.compile(r"(?:不想|不要|别让我|不愿意?|懒得)(?:再)?(?:和|跟|同|与)(?:你这个?|这个)?(?:机器人?|人工智能|ai|程序)")
_ARE_YOU = re.compile(
    r"\b(?:are you|you are|is this|am i (?:talking|speaking|chatting) (?:to|with))\s+(?:a |an |really |actually |actual |some |someone |somebody |live |real )*(?:human|bot|robot|person|real|ai|machine|agent)"
    r"|你(?:到底)?是(?:不是)?(?:真人|人工|机器|机器人|ai|人|客服)|是(?:真人|人工|机器人)(?:吗|还是)|真人还是|机器人还是"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text wants and how sure that is. `off_topic`: 0..1, for whoever has more to go by (retrieval)."""

    intent: Intent
    topic: Topic | None = None
    certainty: float = 1.0
    off_topic: float = 0.0
    only_polite: bool = False
    """A greeting, thanks or goodbye and nothing else."""


def means_anything(text: str) -> bool:
    """Whether it speaks of the shop's goods as a whole."""
    return bool(_ANYTHING.search(fold(text[:400])))


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the classifier may know beside the words."""

    subjects: int = 0
    """Products named."""
    certain_subjects: int = 0
    reference: bool = False
    """It speaks of something shown before ("it", "the second one")."""
    shown: int = 0
    """Products shown in the last answer."""
    categories: bool = False
    conditions: bool = False
    left_out: bool = False
    """A product is named only to be left out."""
    kinds: bool = False
    """A kind of goods that titles end in is named."""
    """Price limits, colours, a superlative: something is being looked for."""
    options: int = 0
    """Values of the shop's own options that stand in it ("large", "256GB")."""
    limits: bool = False
    """An amount of money that may be spent."""
    only_limits: bool = False
    """And nothing else: "around 40 dollars"."""
    only_order: bool = False
    """Goods were shown, and an extreme among them is all that is said: "and the most expensive"."""
    purpose: bool = False
    superlative: bool = False
    anything: bool = False
    """All goods of the shop are meant, put in some order."""
    shop_terms: bool = False
    """A word of a title, category or brand of the shop stands in it."""
    exact: bool = False
    """A product is named by its code or whole title."""
    strength: float = 0.0
    """Share of the best title's words that were said."""
    focus: bool = False
    """A product was spoken of before."""


def classify(text: str, around: Surroundings = Surroundings()) -> Reading:
    """The intent of one question. Never raises."""
    if not _WORDS.search(text):
        return Reading(Intent.UNCLEAR, certainty=0.9)
    row = tokens(text[:3000])
    folded = fold(text[:3000])
    cues = lexicon()
    guess = linear_intents()(text)
    topic = _topic(row, folded)
    asked = bool(concepts_in(row))
    about_goods = bool(around.subjects) or around.reference or around.categories
    off = _off_topic(row, folded, guess, around, asked, topic)
    if _asks_for_person(row, folded, guess, about_goods):
        return Reading(Intent.HUMAN, None, 0.97, 0.0)
    if _ARE_YOU.search(folded):
        return Reading(Intent.CHITCHAT, None, 0.95, 0.0)
    polite = _polite(row, cues.intents)
    if polite is not None:
        return Reading(polite, None, 0.97, 0.0, True)
    strong = _serious(row, folded, guess, about_goods or around.conditions, topic)
    if strong is not None:
        return strong
    if not about_goods and not asked and topic is None and _small_talk(row, cues.intents["chitchat"]):
        return Reading(Intent.CHITCHAT, None, 0.85, off)
    return _shop_matter(row, folded, guess, around, topic, asked, off)


def _asks_for_person(row: list[Token], folded: str, guess: dict[str, float], about_goods: bool) -> bool:
    cues = lexicon().human
    if _NOT_A_MACHINE.search(folded):
        return True
    never = cues["never"].find(row)
    if _ARE_YOU.search(folded) and not re.search(
        r"\b(?:want|need|talk to a|let me|get me|instead)\b|转|要人工|找", folded.split("?")[0].split("？")[0]
    ):
        return False
    blocked = [(hit.first, hit.last) for hit in never]

    def open_(first: int, last: int) -> bool:
        return all(last <= a or b <= first for a, b in blocked)

    if cues["contact_info"].any(row) and not re.search(r"\b(?:talk|speak|chat)\b|转|找", folded):
        return False
    if len(row) <= 3:
        alone = cues["alone"].find(row)
        if any(open_(hit.first, hit.last) for hit in alone):
            return True
    people = [hit for hit in cues["people"].find(row) if open_(hit.first, hit.last)]
    staff = [hit for hit in cues["staff"].find(row) if open_(hit.first, hit.last)]
    alone_words = lexicon().human["alone"]
    for phrase in cues["phrases"].find(row):
        if open_(phrase.first, phrase.last) and (not alone_words.get(phrase.value) or len(row) <= 6):
            return not (about_goods and alone_words.get(phrase.value))
    for verb in cues["verbs"].find(row):
        gap = 4 if verb.value.isascii() else 3
        if any(0 <= person.first - verb.last <= gap and _same_clause(row, verb.last, person.first) for person in people):
            return True
    for verb in cues["weak_verbs"].find(row):
        if any(0 <= person.first - verb.last <= 3 and _same_clause(row, verb.last, person.first) for person in staff):
            return True
    return guess["human"] > 0.85 and not blocked and not about_goods


def _same_clause(row: list[Token], first: int, last: int) -> bool:
    return all(token.word not in {".", "?", "!", ",", ";", "about", "for"} for token in row[first:last])


def _polite(row: list[Token], cues: dict[str, Phrases[str]]) -> Intent | None:
    """A greeting, thanks or goodbye with nothing else in it."""
    for key, intent in (("thanks", Intent.THANKS), ("goodbye", Intent.GOODBYE), ("greeting", Intent.GREETING)):
        hits = cues[key].find(row)
        if not hits:
            continue
        left = set(range(len(row)))
        for other in ("thanks", "goodbye", "greeting"):
            for hit in cues[other].find(row):
                left -= set(range(hit.first, hit.last))
        rest = [row[n].word for n in left if _WORDS.match(row[n].word)]
        fillers = lexicon().plain["fillers"] | {
            "so",
            "again",
            "all",
            "everyone",
            "then",
            "now",
            "啦",
            "哈",
            "哟",
            "亲",
            "们",
            "老",
            "板",
            "朋",
            "友",
            "掌",
            "柜",
            "help",
            "for",
            "your",
            "lot",
            "day",
            "the",
        }
        if all(word in fillers for word in rest) and len(rest) <= 4:
            return intent
    return None


def _small_talk(row: list[Token], table: Phrases[str]) -> bool:
    """Small talk with little else in it: "can you help me", not "can you help me find my size"."""
    left = set(range(len(row)))
    for hit in table.find(row):
        left -= set(range(hit.first, hit.last))
    if len(left) == len(row):
        return False
    fillers = lexicon().plain["fillers"]
    return sum(1 for n in left if _WORDS.match(row[n].word) and row[n].word not in fillers) <= 1


def _serious(row: list[Token], folded: str, guess: dict[str, float], about_goods: bool, topic: Topic | None) -> Reading | None:
    """What staff must see: insults, complaints, orders, personal data."""
    cues = lexicon().intents
    if cues["privacy"].any(row):
        return Reading(Intent.PRIVACY, None, 0.9)
    if _insulted(row, cues["insult"]):
        return Reading(Intent.COMPLAINT, None, 0.85)
    if cues["complaint"].any(row) and not _hypothetical(folded) and not (about_goods and asks_what_others_say(folded)):
        return Reading(Intent.COMPLAINT, topic if topic in (Topic.RETURNS, Topic.WARRANTY) else None, 0.9)
    identified = bool(_IDENTIFIER.search(folded))
    order = cues["order"].any(row) or (identified and (guess["order"] > 0.3 or "order" in folded or "订单" in folded))
    if order and not identified and _WOULD_ORDER.search(folded):
        order = False  # "and if I order 200 worth, is it free then?"
    if order and not (about_goods and not identified and guess["order"] < 0.35 and not re.search(r"\bmy\b|我", folded)):
        about = topic if topic in (Topic.SHIPPING, Topic.RETURNS, Topic.PAYMENT) else None
        how_to = bool(_HOW_TO.match(folded)) and not identified
        if not (how_to and guess["shop"] > 0.6 and not re.search(r"\bmy\b|我", folded)):
            return Reading(Intent.ORDER, about, 0.75 if how_to else 0.93)
    if guess["order"] > 0.8 and not about_goods:
        return Reading(Intent.ORDER, topic, 0.75)
    if guess["complaint"] > 0.8 and not about_goods and not _hypothetical(folded):
        return Reading(Intent.COMPLAINT, None, 0.75)
    return None


def _insulted(row: list[Token], table: Phrases[str]) -> bool:
    """An insult that is no part of a word for a person: "妈的" stands in "送妈妈的礼物"."""
    people = values().people.find(row)
    return any(
        not any(hit.first < p.last and p.first < hit.last and (hit.first, hit.last) != (p.first, p.last) for p in people)
        for hit in table.find(row)
    )


def _hypothetical(folded: str) -> bool:
    """ "What if it arrives broken", 坏了怎么办: a question about the rules, not a complaint."""
    return bool(
        re.search(
            r"\bif\b|\bwhat happens\b|\bin case\b|\bwould\b|\bdoes it\b|\bwill it\b|如果|万一|要是|的话|会不会|怎么办|能修|能换|能退|包不包|保不保|容易坏|会坏",
            folded,
        )
    ) and not re.search(r"收到|已经|i (?:received|got)|arrived (?:broken|damaged)|太差|骗|投诉|complain", folded)


_WOULD_ORDER = re.compile(
    r"\b(?:if|when|once) (?:i|we) (?:would |were to )?(?:order|buy|get|take|spend)\b(?!ed)|(?:如果|要是|假如)[^，,。]{0,8}(?:下单|买|拍)"
)


@lru_cache(maxsize=4096)
def topic_said(text: str) -> Topic | None:
    """The policy topic that a text speaks of by its words; of a customer's question or of a shop's own entry."""
    return _topic(tokens(text), fold(text))


def _topic(row: list[Token], folded: str) -> Topic | None:
    """The policy topic with the most said about it; shipping and returns before payment where they tie ("return shipping" is returns)."""
    weights: dict[str, float] = {}
    for hit in lexicon().topics.find(row):
        weights[hit.value] = weights.get(hit.value, 0.0) + 1.0 + 0.1 * (hit.last - hit.first)
    if not weights:
        return None
    order = ("returns", "warranty", "shipping", "payment")
    best = max(order, key=lambda name: (weights.get(name, 0.0), -order.index(name)))
    if best == "shipping" and weights.get("returns", 0.0) >= 1.0 and not _SHIPPING_SUM.search(folded):
        best = "returns"
    return Topic(best)


def _off_topic(row: list[Token], folded: str, guess: dict[str, float], around: Surroundings, asked: bool, topic: Topic | None) -> float:
    """How likely it has nothing to do with a shop, 0..1: the model's guess, less what ties the words to this shop. Ties weigh less where the
    model is very sure, since any word may happen to stand in a title."""
    if around.only_limits or around.only_order:
        return 0.0
    score = guess["off"]
    listed = lexicon().intents["out_of_scope"].any(row)
    if listed:
        score = min(max(score, 0.6) + 0.25, 1.0)
    firm = score < 0.92
    if around.exact:
        score -= 0.7
    elif around.certain_subjects:
        score -= 0.15 + 0.5 * around.strength + (0.2 if firm else 0.0)
    elif around.subjects or around.reference:
        score -= 0.4 if firm or around.reference else 0.15
    if around.categories or around.kinds:
        score -= 0.4 if firm else 0.2
    elif around.shop_terms:
        score -= 0.15 if firm else 0.05
    if asked and len(row) <= 16:
        score -= 0.3 if firm else 0.12
    if topic is not None:
        score -= 0.3 if firm else 0.12
    if around.conditions and around.shop_terms and not listed:
        score -= 0.15
    if (_GIFT.search(folded) or is_present(row)) and not listed:
        score -= 0.4
    elif around.limits and not listed and (lexicon().intents["search"].any(row) or lexicon().intents["recommend"].any(row)):
        score -= 0.25
    if around.kinds and (lexicon().intents["search"].any(row) or lexicon().intents["recommend"].any(row)):
        score -= 0.35  # "looking for a desk lamp for my son's homework"
    if around.anything or (around.limits and _SELLS.search(folded)):
        score -= 0.5
    if (
        listed
        and guess["off"] > 0.5
        and not (around.exact or around.certain_subjects or around.categories or around.kinds or topic is not None)
    ):
        return max(score, 0.85)  # a hotel for two under 400 is no search in this shop, however much it sounds like one
    if around.options >= 2 and not listed and (lexicon().intents["price"].any(row) or lexicon().intents["availability"].any(row)):
        score -= 0.35  # "large red ... how much": the options of something that is sold here
    if around.focus and len(row) <= 14:
        score -= 0.2
    if _POINTS.search(folded) and (asked or firm):
        score -= 0.15
    return min(max(score, 0.0), 1.0)


@dataclass(slots=True)
class _Signs:
    """What a message of a shop's matter says, and what it is about."""

    row: list[Token]
    folded: str
    around: Surroundings
    topic: Topic | None
    asked: bool
    """A property is asked for."""
    off: float
    said: dict[str, bool]
    """Cue words, by intent."""
    chooses: bool
    """Which goods to take is asked for."""
    wishing: bool
    """Goods are wanted that are not spoken of yet."""
    goods: bool
    """Certain goods are spoken of."""
    looking: bool
    """Goods are told by kind or by conditions."""

    @classmethod
    def of(cls, row: list[Token], folded: str, around: Surroundings, topic: Topic | None, asked: bool, off: float) -> "_Signs":
        said = {key: table.any(row) for key, table in lexicon().intents.items()}
        said["availability"] = said["availability"] or bool(_HOW_MANY_LEFT.search(folded))
        said["recommend"] = said["recommend"] or is_present(row) or bool(_ADVISE.search(folded))
        chooses = bool(_CHOOSES.search(folded)) and not around.certain_subjects and not around.reference
        wants = (said["search"] or said["recommend"] or bool(_HAVE.search(folded))) and not _POINTS.search(folded)
        wishing = chooses or around.left_out or wants
        asked_of = around.subjects > 0 and not wishing and (asked or said["price"] or said["availability"])
        goods = around.certain_subjects > 0 or around.reference or asked_of
        looking = around.categories or around.conditions or around.kinds
        return cls(row, folded, around, topic, asked, off, said, chooses, wishing, goods, looking)

    def sure(self, intent: Intent, certainty: float, about: Topic | None = None) -> Reading:
        """Less sure the less it sounds like a shop's matter."""
        return Reading(intent, about, certainty * (1.0 - 0.5 * self.off), self.off)


def _shop_matter(
    row: list[Token], folded: str, guess: dict[str, float], around: Surroundings, topic: Topic | None, asked: bool, off: float
) -> Reading:
    sought = around.categories and (around.limits or around.superlative)  # "the dearest gift box": goods that are called so
    if only_wraps(row) and not around.certain_subjects and not sought:
        return Reading(Intent.POLICY, topic, 0.75 * (1.0 - 0.5 * off), off)  # wrapping and gift cards are services of the house
    if off >= 0.8:
        return Reading(Intent.OUT_OF_SCOPE, None, off, off)
    signs = _Signs.of(row, folded, around, topic, asked, off)
    return _of_the_house(signs) or _of_goods(signs) or _of_little(signs, guess)


def _of_the_house(signs: _Signs) -> Reading | None:
    """Comparing, rules and reductions, which have words of their own."""
    around, said, folded, topic, goods = signs.around, signs.said, signs.folded, signs.topic, signs.goods
    breaks = topic is None and not around.certain_subjects and _hypothetical(folded) and _ARRIVES_BROKEN.search(folded)
    if breaks and re.search(r"\bif\b|如果|万一|要是|怎么办|的话", folded):
        return signs.sure(Intent.POLICY, 0.75, Topic.RETURNS)
    several = around.subjects >= 2 or around.shown >= 2
    comparable = around.subjects >= 1 or around.shown >= 2 or around.categories
    if (
        said["compare"]
        and comparable
        and (
            around.subjects >= 2
            or (several and _choice(folded))
            or re.search(r"compar|\bdiff|versus|\bvs\b|对比|区别|比较一下|哪个好|哪款好", folded)
        )
    ):
        return signs.sure(Intent.COMPARE, 0.9)
    if around.certain_subjects >= 2 and (around.superlative or _WHICH_OF_BOTH.search(folded)):
        return signs.sure(Intent.COMPARE, 0.88)
    if topic is not None and not (signs.looking and not goods and (said["search"] or said["recommend"]) and topic is not Topic.SHIPPING):
        if topic is Topic.WARRANTY and goods:
            return signs.sure(Intent.PRODUCT_QUESTION, 0.85, topic)
        if topic is Topic.PAYMENT and said["price"] and around.certain_subjects:
            return signs.sure(Intent.PRICE, 0.85)
        if not (goods and (said["promotion"] or (said["availability"] and topic is not Topic.SHIPPING))):
            return signs.sure(Intent.POLICY, 0.9, topic)
    if said["store_info"] and not around.certain_subjects:
        return signs.sure(Intent.STORE_INFO, 0.85)
    reduced = said["promotion"] or bool(_REDUCED.search(folded))
    if reduced and not (around.conditions and said["search"] and around.categories):
        return signs.sure(Intent.PROMOTION, 0.85)
    return None


def _of_goods(signs: _Signs) -> Reading | None:
    """What is asked of goods or looked for."""
    around, said, folded, asked, goods = signs.around, signs.said, signs.folded, signs.asked, signs.goods
    if around.certain_subjects == 1 and _INTRODUCE.search(folded):
        return signs.sure(Intent.PRODUCT_QUESTION, 0.85)
    if said["recommend"] and not (
        goods and asked and not re.search(r"推荐|recommend|suggest|alternativ|similar|goes? (?:well )?with|搭配|替代|类似", folded)
    ):
        return signs.sure(Intent.RECOMMEND, 0.85)
    limited = signs.looking and not goods and re.search(r"under|below|以内|以下|cheap", folded)
    if signs.chooses and asked and (around.categories or around.kinds):
        return signs.sure(Intent.PRODUCT_SEARCH, 0.85)
    priced = said["price"] or bool(_HOW_MUCH.search(folded))
    if priced and not limited and (not asked or re.search(r"多少钱|价|cost|price|how much(?: is| are|\W*$)", folded)):
        return signs.sure(Intent.PRICE, 0.88 if goods else 0.65)
    if not said["availability"] and goods and around.certain_subjects and not asked and _GOT.search(folded):
        return signs.sure(Intent.AVAILABILITY, 0.8)
    if said["availability"] and around.superlative and not goods:
        return signs.sure(Intent.PRODUCT_SEARCH, 0.8)
    other_matter = asked and not re.search(r"stock|available|left|货|库存|discontinued|restock|colou?r|size|色|码", folded)
    if said["availability"] and not other_matter and (goods or not (said["search"] and signs.looking)):
        return signs.sure(Intent.AVAILABILITY, 0.88 if goods else 0.65)
    if goods and (asked or not (said["search"] and around.categories and not around.certain_subjects)):
        return signs.sure(Intent.PRODUCT_QUESTION, 0.85 if asked or around.certain_subjects else 0.7)
    of_a_kind = asked and around.categories and not signs.wishing and not around.superlative
    if of_a_kind and (_POINTS.search(folded) or _IS_IT.search(folded)):
        return signs.sure(Intent.PRODUCT_QUESTION, 0.7)
    if _SOLD.search(folded) and not around.certain_subjects:
        return signs.sure(Intent.PRODUCT_SEARCH, 0.85)
    if signs.looking and (said["search"] or around.categories or around.limits or not asked):
        return signs.sure(Intent.PRODUCT_SEARCH, 0.85)
    if around.purpose and (said["search"] or said["recommend"]):
        return signs.sure(Intent.RECOMMEND, 0.75)
    return None


def _of_little(signs: _Signs, guess: dict[str, float]) -> Reading:
    """Where no sign is plain: what it may be."""
    around, off = signs.around, signs.off
    if off >= 0.5:
        return Reading(Intent.OUT_OF_SCOPE, None, off, off)
    if signs.chooses and signs.asked and (around.shop_terms or around.subjects):
        return signs.sure(Intent.PRODUCT_SEARCH, 0.7)
    if signs.asked:
        return signs.sure(Intent.PRODUCT_QUESTION, 0.6)
    if signs.said["search"] or around.shop_terms or around.subjects or signs.chooses:
        return signs.sure(Intent.PRODUCT_SEARCH, 0.6)
    if guess["chat"] > 0.6:
        return Reading(Intent.CHITCHAT, None, 0.6, off)
    if len(signs.row) <= 1 and not around.shop_terms:
        return Reading(Intent.UNCLEAR, None, 0.6, off)
    if guess["shop"] > 0.6:
        return signs.sure(Intent.PRODUCT_QUESTION, 0.45)
    return Reading(Intent.UNCLEAR, None, 0.5, off)


def _choice(folded: str) -> bool:
    return bool(re.search(r"which|better|哪|更|还是|difference|区别|differ|compare|对比|比较", folded))
