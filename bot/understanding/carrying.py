"""What an elliptical follow-up leaves out: the product ("warranty?"), or the question ("and the BP-30?", 那黑色的呢)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.understanding import followups
from bot.understanding.asked import OPEN, asked_attributes, asked_value_in, is_yes_no
from bot.understanding.constraints import Conditions
from bot.understanding.hearsay import asks_what_others_say
from bot.understanding.intents import Reading
from bot.understanding.lexicon import lexicon
from bot.understanding.named import Named
from bot.understanding.own_properties import names_said
from bot.understanding.question import ABOUT_ONE, SEARCHES, Intent, Memory, Subject, Topic, intent_of
from bot.understanding.shop_words import ShopWords, terms
from bot.understanding.siblings import genders_in, sibling
from bot.understanding.subjects import with_variants
from bot.understanding.variants import meant, says_next
from knowledge.attribute_names import concept_of
from knowledge.catalog import utc_now
from knowledge.conversions import unit_wanted
from knowledge.folding import fold
from knowledge.phrases import Token
from knowledge.units import quantities
from retrieval.retriever import Sort
from retrieval.view import ShopView

_SUITS = re.compile(r"(?:合适|适合).{0,8}[吗么嘛?？]|\b(?:good|suitable|right|ok|okay|fine) (?:as|for)\b.*\?$")
_HAVE_IT = re.compile(
    r"^(?:那|那么)?(?:有没有|有)(?!多|什么|哪|啥).{1,14}(?:吗|么|嘛|没有?|的)?\W*$|^(?:and )?(?:do you have|is there|have you got|got)\b"
)
_NEEDED = re.compile(r"\bdo(?:es)? (?:i|it|you|we|they|this|that) (?:also |really |still )?need\b|需要|用不用|要不要")
"""Asks what something needs; looks for nothing."""
_THERE = re.compile(r"有(?:没有?|吗|么|嘛|不|木有)\W*$|有现货|\b(?:available|in stock)\b")
_THERE_IN = re.compile(r"有.{0,8}(?:吗|么|嘛|没有?|不|木有)\W*$|\b(?:available|in stock)\b")
_BESIDE = re.compile(
    r"goes? (?:well )?with|pairs? with|similar|alternativ|like the|instead of|accessor|match|搭配|配|类似|差不多(?!钱|多少|大|重|高)|相近|近似|替代|平替|同类|一样的"
)
_WHICH_OF = re.compile(r"which|whose|哪|谁")
_AMONG = re.compile(r"里面|里头|其中|当中|这几|那几|(?:among|of) (?:them|these|those)")
_LEFT = re.compile(r"\bhow many\b.{0,40}\b(?:left|in stock|remain(?:ing)?)\b|还[剩有]下?(?:多少|几)|剩(?:下|余)?(?:多少|几)")
"""Asks for the pieces in stock, whatever they are counted in: 还有几瓶."""
_GOT = re.compile(r"\b(?:got|have|get|need)\b|有")
"""Asks whether so many are to be had."""
_COUNTED = re.compile(r"\bhow many\b(?! (?:for|do you have)\b)|(?:多少|几)(?:个|片|粒|颗|支|只|根|张|枚|条|节|块(?!钱)|瓶|袋|包)")
"""Asks for a number of things in what is spoken of, which is no price: "how many in a pack", 一盒几片."""
_ANOTHER = re.compile(
    r"\b(?:an?|another|any|spare|extra|separate|additional)\s+(?:new |spare |extra |separate |second )?([a-z][a-z-]{2,})\b"
)
"""A noun that points at nothing spoken of before."""
_ENDS = re.compile(
    r"(?:到|截止|截至)(?:什么时候|啥时候?|哪天|几号|几月|多久|何时)|(?:什么时候|啥时候|哪天|几号|几时|何时)(?:结束|截止|到期|过期|为止)|还有几天|有效期|搞到"
    r"|\b(?:until|till|by) when\b|\bwhen (?:does|do|will|is) (?:it|they|that|this)\b.{0,8}\b(?:end|over|expire|finish|stop)|\bhow long (?:does|is|will) (?:it|this|that)\b|\bvalid\b"
)
"""Asks how long something counts."""
_ENDS_MOST = 12
_APART = re.compile(
    r"(?:要|需要?|得|是不是|用)(?:再|自己|额外|单独)?(?:另外?|单独|额外|自己)(?:再)?(?:买|购|配|备)|\b(?:buy|bought|order|get|purchase|sold|need)\b.{0,30}\b(?:separately|on (?:its|their) own|extra)\b"
)
"""Asks whether a part has to be bought beside the thing."""
_ABOUT = re.compile(r"\b(?:what|how) (?:about|of)\b")
_ONE = re.compile(r"^(?:and |the |no,? )?.{0,24}\bone\W*$|的那?[个款把件支瓶]?(?:呢)?\W*$")
_MAY_REFINE = SEARCHES | {
    Intent.UNCLEAR, Intent.PRODUCT_QUESTION, Intent.PRICE, Intent.AVAILABILITY, Intent.PROMOTION, Intent.CHITCHAT, Intent.COMPARE,
}  # fmt: skip
_SHOWN_MOST = 4
_CARRIED_MOST = 20
"""Words of a question about goods that may leave out which, where no word names any."""
_ELLIPTIC_MOST = 8
"""Words of a message that leaves out nearly all."""
STRONG = 0.5
"""From this share of its title on, a product is named so clearly that a question is about it."""
LOOKED_FOR = 0.85
"""From this certainty of a search on, a question is none about the product that is called like what is looked for."""
WHAT_ABOUT = 9
"""Words (twice as many characters in Chinese) of a message that may leave its question out."""
OPENING = 4
"""Words within which such a message says so ("ok, and the black one?")."""


def _pointed_at(word: str, text: str) -> bool:
    """ "Grey in that size?", 同样的尺码有白色吗: the size spoken of, which is not asked for."""
    said = re.escape(fold(word))
    return bool(re.search(rf"\b(?:that|this|the same|same)\s{said}\b|(?:[这那]个?|同样?的?|一样的?){said}", fold(text)))


def stands_beside(text: str) -> bool:
    """Asks for what goes with a product or is like it."""
    return bool(_BESIDE.search(fold(text)))


@dataclass(frozen=True, slots=True)
class Carried:
    """A question with what it left out."""

    reading: Reading
    subjects: tuple[Subject, ...]
    asked: tuple[str, ...]
    value: str
    refined: bool = False
    """Goes on with the search before, though no condition says so."""
    beside: str = ""
    """A product of which others are wanted, cheaper or dearer."""


@dataclass(slots=True)
class FollowUp:
    """One question against what was said before. `corrected`: it takes something back ("no, I meant ...")."""

    text: str
    row: list[Token]
    reading: Reading
    subjects: tuple[Subject, ...]
    named: Named
    conditions: Conditions
    memory: Memory
    view: ShopView
    words: ShopWords
    notes: list[str]
    corrected: bool

    def carried(self) -> Carried:
        """The question, completed; as it stands where nothing is left out."""
        if self._has_the_named():
            self.notes.append("whether there is the variant named")
            self.reading = replace(self.reading, intent=Intent.AVAILABILITY, topic=None, certainty=0.8, off_topic=0.0)
        if self._asks_of_the_named():
            self.notes.append("a question about the product named")
            self.reading = replace(self.reading, intent=Intent.PRODUCT_QUESTION, topic=None, certainty=0.7, off_topic=0.0)
        asked = self._asked()
        if _LEFT.search(fold(self.text)) and (self.subjects or self.memory.focus or self.memory.shown):
            asked, self.reading = (), replace(self.reading, intent=Intent.AVAILABILITY, topic=None, certainty=0.85)
        elif self._counts():
            self.reading = replace(self.reading, intent=Intent.PRODUCT_QUESTION, topic=None, certainty=0.75, off_topic=0.0)
        if not asked and self._needs_pieces():
            self.reading = replace(self.reading, intent=Intent.AVAILABILITY, topic=None, certainty=0.8, off_topic=0.0)
        if not asked and self._in_another_unit():
            asked = tuple(self.memory.asked) if self._last is Intent.PRODUCT_QUESTION else ()
            self.reading = replace(self.reading, intent=Intent.PRODUCT_QUESTION, topic=None, certainty=0.8, off_topic=0.0)
        now = Carried(
            self.reading, self.subjects, asked, asked_value_in(self.text, self.conditions, bool(self.subjects) and not self.named.exact)
        )
        if self.subjects and not self._only_an_option():
            return self._question_of_before(now) or now
        if (told := self._told_by_option(now)) is not None:
            return told
        steps = (
            self._next_variant,
            self._which_variant,
            self._included,
            self._property_of_it,
            self._bought_apart,
            self._when_it_ends,
            self._reduced,
            self._another_thing,
            self._heard_of_it,
            self._suits,
            self._beside_it,
            self._the_one_for,
            self._its_sibling,
            self._option_of_it,
            self._pieces,
            self._about_it,
            self._option_of_shown,
            self._one_of_shown,
            self._among_shown,
        )
        return next((found for step in steps if (found := step(now)) is not None), None) or self._refining(now) or now

    def _has_the_named(self) -> bool:
        """ "Is there a green silicone case for the 16 Pro?": one product and which of its variants."""
        named = [s for s in self.subjects if s.certain and s.how == "named" and (s.sku or s.skus or s.lacking)]
        if self.reading.intent is not Intent.PRODUCT_SEARCH or len(self.subjects) != 1 or not named or self.named.strength < STRONG:
            return False
        return bool(_HAVE_IT.search(fold(self.text)) or _THERE_IN.search(fold(self.text))) and not followups.wants_more(self.text)

    def _asks_of_the_named(self) -> bool:
        """ "Is the Arc saddle vegan?": with one product named, a question that looks for nothing is about it."""
        named = [s for s in self.subjects if s.certain and s.how in {"named", "sku"}]
        if self.reading.intent not in {Intent.PRODUCT_SEARCH, Intent.OUT_OF_SCOPE} or len(named) != 1 or self.named.strength < STRONG:
            return False
        folded, cues = fold(self.text), lexicon()
        looks = (
            (cues.intents["search"].any(self.row) and not _NEEDED.search(folded))
            or cues.intents["recommend"].any(self.row)
            or _HAVE_IT.search(folded)
        )
        limits = not replace(self.conditions.filters, categories=(), brands=()).empty or self.conditions.superlative
        if self.reading.intent is Intent.PRODUCT_SEARCH and self.reading.certainty >= LOOKED_FOR and not is_yes_no(self.text, self.row):
            return False  # "what guitar amps do you do": a title may be no more than the name of a kind
        asks = is_yes_no(self.text, self.row) or OPEN.search(folded)
        return bool(asks) and not looks and not limits and not stands_beside(self.text)

    def _counts(self) -> bool:
        """ "And how many in a pack?": asked of the product spoken of, by words that the price model takes for a price."""
        cues = lexicon().intents
        if not _COUNTED.search(fold(self.text)) or cues["price"].any(self.row) or cues["availability"].any(self.row):
            return False
        return bool(self.subjects or self._focus) and self.reading.intent in {Intent.PRICE, Intent.PRODUCT_SEARCH, Intent.OUT_OF_SCOPE}

    def _needs_pieces(self) -> bool:
        """ "I need 12 linen aprons": of the one thing named, whether there are so many."""
        quantity, filters = self.conditions.quantity or 0, self.conditions.filters
        named = [s for s in self.subjects if s.certain and s.how in {"named", "sku"}]
        limited = filters.price_max is not None or filters.price_min is not None or filters.on_sale
        looks = self.reading.intent in SEARCHES or (
            self.reading.intent is Intent.PRODUCT_QUESTION and lexicon().intents["search"].any(self.row)
        )
        return quantity > 1 and len(named) == 1 == len(self.subjects) and looks and not limited

    def _in_another_unit(self) -> bool:
        """ "And in pounds?", 是多少斤: what was just said of the product spoken of, in that unit."""
        return bool(self._focus) and self._last in ABOUT_ONE and unit_wanted(self.text) is not None

    def _only_an_option(self) -> bool:
        """ "The 80 cm one?": nothing but an amount that one variant of the product spoken of has, though it stands in another's title."""
        if self.named.exact or not self._focus or any(s.product_id == self._focus for s in self.subjects):
            return False
        told = meant(self.text, self.view.products[self._focus])
        rest = list(fold(self.text))
        for amount in quantities(fold(self.text)[:500]):
            rest[amount.start : amount.end] = " " * (amount.end - amount.start)
        return len(told.skus) == 1 and not followups.content("".join(rest), self.words)

    # ── what is known ───────────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def _last(self) -> Intent | None:
        return intent_of(self.memory.last_intent)

    @property
    def _focus(self) -> str:
        """The product last spoken of, for a message short enough to leave it out; "" none."""
        asks = self.reading.intent in ABOUT_ONE and not self.subjects and not self.conditions.filters.categories
        most = _CARRIED_MOST if asks else 10
        short = len(self.row) <= (most if all(token.word.isascii() for token in self.row) else most + 4)
        return self.memory.focus if short and self.memory.focus in self.view.products else ""

    def _bare(self, asked: tuple[str, ...]) -> bool:
        """Neither price nor a property is asked for."""
        bare = {Intent.PRODUCT_SEARCH, Intent.UNCLEAR, Intent.PRODUCT_QUESTION, Intent.AVAILABILITY}
        return self.reading.intent in bare and not asked

    def _stock_asked(self) -> bool:
        """Whether it asks if something is to be had: "6 cup one available?", 紫色有吗."""
        return lexicon().intents["availability"].any(self.row) or bool(_HAVE_IT.search(fold(self.text)) or _THERE.search(fold(self.text)))

    def _it(self, sku: bool = True) -> Subject:
        return Subject(self._focus, (self.memory.focus_sku or None) if sku else None, True, "carried")

    def _as(self, now: Carried, intent: Intent, certainty: float, *subjects: Subject, **other: object) -> Carried:
        return replace(now, reading=replace(self.reading, intent=intent, certainty=certainty), subjects=subjects, **other)  # type: ignore[arg-type]

    def _asked(self) -> tuple[str, ...]:
        own = self.words.properties.find(self.row)  # "water tank" asks for what this shop calls so, "running surface" for no shoes
        branded = self.words.brands.find(self.row)
        named = (*self.named.spans, *((hit.start, hit.end) for hit in (*branded, *own)))
        asked = (*dict.fromkeys(hit.value for hit in own), *asked_attributes(self.text, self.row, named))
        about_one = any(s.certain for s in self.subjects) or (self.memory.focus and len(self.row) <= 8)
        if not asked and about_one and self.reading.intent is Intent.PRODUCT_QUESTION:
            asked = asked_attributes(self.text, self.row, named, every_name=True)
        return self._not_only_measured(self._stated_first(tuple(word for word in asked if not _pointed_at(word, self.text))))

    def _not_only_measured(self, asked: tuple[str, ...]) -> tuple[str, ...]:
        """Without what only is the unit of an amount that describes: "the 10000 mAh power bank in purple" asks for no capacity."""
        folded = fold(self.text)
        if not asked or OPEN.search(folded) or is_yes_no(self.text, self.row):
            return asked
        amounts = [folded[q.start : q.end] for q in quantities(folded[:500])]
        return tuple(word for word in asked if folded.count(fold(word)) != 1 or not any(fold(word) in amount for amount in amounts))

    def _stated_first(self, asked: tuple[str, ...]) -> tuple[str, ...]:
        """With one product meant, a property that it states comes before a vaguer one: "induction hob" before "can be used on"."""
        subjects = self.subjects
        if len(subjects) != 1 or not subjects[0].certain or subjects[0].product_id not in self.view.products:
            return asked
        stated = {concept_of(attribute.name) for attribute in self.view.products[subjects[0].product_id].attributes}
        if any(concept_of(word) in stated for word in asked):
            return asked
        every = asked_attributes(self.text, self.row, self.named.spans, every_name=True)
        return (*(word for word in every if concept_of(word) in stated and word not in asked), *asked)

    # ── the question is left out ────────────────────────────────────────────────────────────────────────────────────────────

    def _question_of_before(self, now: Carried) -> Carried | None:
        if not self._bare(now.asked):
            return None
        if self.memory.focus and self._stock_asked() and any(s.sku or s.skus for s in self.subjects):
            return self._as(now, Intent.AVAILABILITY, 0.75, *self.subjects, asked=())
        last = self._last
        if last in SEARCHES and self.corrected and all(s.certain and s.how == "reference" for s in self.subjects):
            return self._as(now, Intent.PRODUCT_SEARCH, 0.8, *self.subjects)
        if OPEN.search(_ABOUT.sub(" ", fold(self.text))):
            return None  # a question word of its own: "where does the chrysanthemum come from"
        what_about = self._what_about() or self.corrected
        if last not in ABOUT_ONE | {Intent.POLICY} or self.reading.intent is Intent.AVAILABILITY or not (what_about or self._only_a_name()):
            return None
        assert last is not None
        self.notes.append(f"question carried: {last.value}")
        intent = last if last is not Intent.POLICY else Intent.PRODUCT_QUESTION
        return self._as(now, intent, 0.75, *self.subjects, asked=tuple(self.memory.asked))

    def _what_about(self) -> bool:
        """ "And the black one?", 那白色的呢: the words that leave the question out begin a short message or end it."""
        short = len(self.row) <= (WHAT_ABOUT if self.row and self.row[0].word.isascii() else 2 * WHAT_ABOUT)
        if not short:
            return False
        return lexicon().words["what_about"].any(self.row[:OPENING]) or self.text.strip().endswith(("呢", "呢?", "呢？"))

    def _only_a_name(self) -> bool:
        """Little more than a product's name."""
        certain = bool(self.named.subjects) and self.named.subjects[0].certain
        if not certain or len(self.row) > 6 or lexicon().intents["search"].any(self.row):
            return False
        rest = list(self.text)
        for start, end in self.named.spans:
            rest[start:end] = " " * (end - start)
        return not followups.content("".join(rest), self.words)

    # ── the product is left out ─────────────────────────────────────────────────────────────────────────────────────────────

    def _next_variant(self, now: Carried) -> Carried | None:
        """ "And the next size up?" """
        if not self._focus or not self.memory.focus_sku or not says_next(self.text):
            return None
        subject = with_variants(self._it(), self.text, self.view.products[self._focus])
        if not subject.sku or subject.sku == self.memory.focus_sku:
            return None
        self.notes.append(f"next to {self.memory.focus_sku}")
        last = self._last
        intent = last if last in ABOUT_ONE and (last is not Intent.PRODUCT_QUESTION or self.memory.asked) else Intent.AVAILABILITY
        assert intent is not None
        return self._as(now, intent, 0.8, subject, asked=tuple(self.memory.asked) if intent is Intent.PRODUCT_QUESTION else (), value="")

    def _property_of_it(self, now: Carried) -> Carried | None:
        """ "What's the blade steel", "what flavours can I get": what the product spoken of has under just that name, or an option of it."""
        may = (_MAY_REFINE | {Intent.OUT_OF_SCOPE}) - {Intent.PRICE, Intent.AVAILABILITY, Intent.COMPARE}
        if not self._focus or self.named.subjects or self.reading.intent not in may:
            return None
        if not OPEN.search(_ABOUT.sub(" ", fold(self.text))) or self.conditions.filters.categories:
            return None
        if followups.wants_more(self.text) and not self._option_asked(now.asked):
            return None
        own = names_said(self.text, [self.view.products[self._focus]], every=True)
        if not own and not self._option_asked(now.asked):
            return None
        self.notes.append(f"it = {self._focus}")
        asked = now.asked or tuple(own)
        options = {o.name for v in self.view.products[self._focus].variants for o in v.options}
        every = bool(options & set(own)) or self._option_asked(asked)
        return self._as(now, Intent.PRODUCT_QUESTION, 0.8, self._it(sku=not every), asked=asked, value="")

    def _bought_apart(self, now: Carried) -> Carried | None:
        """ "Do I need to buy the rod separately?" looks for no rods."""
        if self.reading.intent not in SEARCHES | {Intent.PRICE, Intent.PRODUCT_QUESTION} or not _APART.search(fold(self.text)):
            return None
        self.notes.append("whether it is sold apart")
        return self._as(now, Intent.POLICY, 0.8, asked=())

    def _when_it_ends(self, now: Carried) -> Carried | None:
        """ "Until when?" after what is on."""
        if self._last is not Intent.PROMOTION or len(self.row) > _ENDS_MOST or not _ENDS.search(fold(self.text)):
            return None
        self.notes.append("until when what is on counts")
        return self._as(now, Intent.PROMOTION, 0.85)

    def _reduced(self, now: Carried) -> Carried | None:
        """ "The 1.8 m one, is there money off?": of the variant told, what it costs now."""
        if self.reading.intent is not Intent.PROMOTION or not self._focus or self.conditions.filters.categories:
            return None
        told = meant(self.text, self.view.products[self._focus])
        if not told.skus:
            return None
        self.notes.append(f"it = {self._focus}")
        subject = with_variants(self._it(sku=False), self.text, self.view.products[self._focus])
        return self._as(now, Intent.PROMOTION, 0.8, subject, asked=())

    def _another_thing(self, now: Carried) -> Carried | None:
        """ "What does a battery cost then?" after a drill: the one thing that is called so, if the drill is not."""
        if not self._focus or self.reading.intent not in {Intent.PRICE, Intent.AVAILABILITY}:
            return None
        for said in _ANOTHER.findall(fold(self.text)):
            term = next((t for t, _, _ in terms(said)), "")
            numbers = set(self.words.heads.get(term, ()))
            if not numbers or self._focus in {self.words.ids[n] for n in self.words.postings.get(term, ())}:
                continue
            own = {t for title in self.view.products[self._focus].title.values() for t, _, _ in terms(title)}
            kin = {n for n in numbers if any(n in self.words.postings[t] for t in own if t in self.words.postings and not t.isdigit())}
            chosen = kin if len(kin) == 1 else numbers
            if len(chosen) == 1:
                id_ = self.words.ids[chosen.pop()]
                self.notes.append(f"another thing = {id_}")
                return replace(now, subjects=(with_variants(Subject(id_, None, True, "named"), self.text, self.view.products[id_]),))
        return None

    def _heard_of_it(self, now: Carried) -> Carried | None:
        """ "What do people say?" """
        if not self._focus or not asks_what_others_say(self.text) or self.conditions.filters.categories:
            return None
        self.notes.append(f"it = {self._focus}")
        return self._as(now, Intent.PRODUCT_QUESTION, 0.85, self._it(), asked=now.asked)

    def _suits(self, now: Carried) -> Carried | None:
        """ "Is it good for travelling?" """
        if not self._focus or not _SUITS.search(fold(self.text)) or self.reading.intent not in SEARCHES:
            return None
        if self.conditions.filters.categories:
            return None
        self.notes.append(f"it = {self._focus}")
        return self._as(now, Intent.PRODUCT_QUESTION, 0.7, self._it())

    def _beside_it(self, now: Carried) -> Carried | None:
        """ "What goes with it?", "anything cheaper?" """
        if not self._focus or self.memory.search:
            return None
        table, intent = lexicon().words, self.reading.intent
        if stands_beside(self.text) and intent not in {Intent.COMPARE, Intent.HUMAN, Intent.POLICY}:
            self.notes.append(f"beside {self._focus}")
            return self._as(now, Intent.RECOMMEND, 0.8, self._it(sku=False))
        others = table["cheaper"].any(self.row) or table["dearer"].any(self.row)
        if others and not self.conditions.filters.categories and intent not in {Intent.COMPLAINT, Intent.HUMAN, Intent.ORDER}:
            self.notes.append(f"others like {self._focus}")
            return self._as(now, Intent.PRODUCT_SEARCH, 0.75, beside=self._focus)
        return None

    def _which_variant(self, now: Carried) -> Carried | None:
        """ "Which colour is cheaper?" of what was spoken of: each of its variants with its price."""
        table = lexicon().words
        priced = table["cheaper"].any(self.row) or table["dearer"].any(self.row)
        if not priced or not self._focus or not _WHICH_OF.search(fold(self.text)) or not self._option_asked(now.asked):
            return None
        if not self._priced_apart():
            return None
        self.notes.append(f"variants of {self._focus}")
        return self._as(now, Intent.PRICE, 0.75, self._it(sku=False), asked=())

    def _included(self, now: Carried) -> Carried | None:
        """ "Are bulbs included?", 带电池吗: asked of what was spoken of, though the shop sells such things by themselves."""
        may = ABOUT_ONE | SEARCHES | {Intent.OUT_OF_SCOPE, Intent.UNCLEAR}
        if not self._focus or self.reading.intent not in may or not any(concept_of(word) == "included" for word in now.asked):
            return None
        self.notes.append(f"it = {self._focus}")
        return self._as(now, Intent.PRODUCT_QUESTION, 0.8, self._it(), asked=now.asked)

    def _priced_apart(self) -> bool:
        """Whether the variants of the product spoken of differ in price."""
        variants = self.view.products[self._focus].variants
        return len({(offer := self.view.offers.get(v.sku)) and offer.offer.paid(utc_now()) for v in variants}) > 1

    def _pieces(self, now: Carried) -> Carried | None:
        """ "And three of them?" """
        may = {Intent.OUT_OF_SCOPE, Intent.UNCLEAR, Intent.PRODUCT_SEARCH, Intent.PRODUCT_QUESTION}
        if self._focus and self.conditions.quantity and len(self.row) <= 8 and self.reading.intent in may:
            has = _GOT.search(fold(self.text)) is not None
            subject = with_variants(self._it(), self.text, self.view.products[self._focus])
            return self._as(now, Intent.AVAILABILITY if has else Intent.PRICE, 0.75 if has else 0.6, subject)
        return None

    def _told_by_option(self, now: Carried) -> Carried | None:
        """ "No, I meant the 6 cup one": the one variant of what was spoken of, though a word in it is a kind of goods elsewhere."""
        if not self._focus or not (self.corrected or _ONE.search(fold(self.text))) or followups.wants_more(self.text):
            return None
        subject = with_variants(self._it(sku=False), self.text, self.view.products[self._focus])
        if not subject.sku or len(self.view.products[self._focus].variants) < 2:
            return None
        self.notes.append(f"it = {self._focus}")
        if self._stock_asked():
            return self._as(now, Intent.AVAILABILITY, 0.8, subject, asked=())
        if not OPEN.search(fold(self.text)):
            # "The 10 litre": the litres choose, they are not asked for.
            concepts = meant(self.text, self.view.products[self._focus]).concepts
            spans = [(q.start, q.end) for q in quantities(fold(self.text)[:500])]
            within = [fold(self.text)[a:b] for a, b in spans]
            now = replace(now, asked=tuple(w for w in now.asked if concept_of(w) not in concepts and not any(fold(w) in q for q in within)))
        bare = self.reading.intent not in ABOUT_ONE - {Intent.PRODUCT_QUESTION} and not now.asked
        intent = (self._last if self._last in ABOUT_ONE else Intent.PRICE) if bare else self.reading.intent
        assert intent is not None
        return self._as(now, intent, 0.8, subject, asked=tuple(self.memory.asked) if bare else now.asked)

    def _option_of_it(self, now: Carried) -> Carried | None:
        """ "And in black?" """
        bare = self._bare(now.asked) or (self.reading.intent in {Intent.OUT_OF_SCOPE, Intent.CHITCHAT, Intent.ORDER} and not now.asked)
        if not self._focus or not bare or followups.wants_more(self.text):
            return None
        product, last = self.view.products[self._focus], self._last
        named = meant(self.text, product)
        # "And in black?" after a kettle means the kettle, though the shop has black tea.
        elliptic = bool(named.skus) and (self.corrected or self._what_about() or len(self.row) <= 3)
        if (self.conditions.filters.categories or self.reading.intent is Intent.ORDER) and not elliptic:
            return None
        told = bool(named.concepts) or (bool(self.conditions.values) and not OPEN.search(_ABOUT.sub(" ", fold(self.text))))
        if not told or last not in ABOUT_ONE | {Intent.COMPARE} | (SEARCHES if elliptic else set()):
            return None
        if not named.concepts and self._of_the_list():
            return None
        subject = with_variants(self._it(), self.text, product)
        subject = replace(subject, sku=None) if subject == self._it() else subject
        self.notes.append(f"it = {self._focus}")
        if self._stock_asked():
            return self._as(now, Intent.AVAILABILITY, 0.75, subject, asked=())
        # "And 43?" after what was said of the sizes: not the size is asked for again, but that one.
        left = tuple(word for word in self.memory.asked if concept_of(word) not in named.concepts)
        again = self.corrected or self._what_about() or self.text.rstrip(" ?？").endswith("呢")
        goes_on = bool(left) and (again or self._varies(left))
        carried = bool(subject.sku) and last in ABOUT_ONE and (last is not Intent.PRODUCT_QUESTION or goes_on)
        intent = last if carried and last is not None else Intent.AVAILABILITY
        return self._as(now, intent, 0.75, subject, asked=left if carried else now.asked)

    def _the_one_for(self, now: Carried) -> Carried | None:
        """ "I meant the men's", 女款呢: of those just spoken of, the ones that are for them."""
        genders, shown = genders_in(self.text), self._shown()
        if not genders or self._last not in ABOUT_ONE | {Intent.COMPARE} or len(shown) < 2 or len(self.row) > _ELLIPTIC_MOST:
            return None
        fitting = [id_ for id_ in shown if genders & genders_in(" ".join(self.view.products[id_].title.values()))]
        if not fitting or len(fitting) == len(shown) or not self._may_go_on(now):
            return None
        self.notes.append(f"of those shown = {', '.join(fitting)}")
        subjects = [with_variants(Subject(id_, None, True, "reference"), self.text, self.view.products[id_]) for id_ in fitting]
        return self._asked_of(now, *subjects)

    def _its_sibling(self, now: Carried) -> Carried | None:
        """ "And the men's?" after the women's shoe, 大号的呢: the other product of the same line."""
        goes_on = self.corrected or self._what_about() or _ONE.search(fold(self.text)) or len(self.row) <= 3
        if not self._focus or not goes_on or len(self.row) > _ELLIPTIC_MOST or not self._may_go_on(now) or now.asked:
            return None
        product = self.view.products[self._focus]
        if meant(self.text, product).concepts or (found := sibling(self.text, product, self.view, self.words)) is None:
            return None
        self.notes.append(f"the other of its line = {found}")
        return self._asked_of(now, with_variants(Subject(found, None, True, "named"), self.text, self.view.products[found]))

    def _may_go_on(self, now: Carried) -> bool:
        """Nothing of its own is asked for that would lead elsewhere."""
        return self.reading.intent in ABOUT_ONE | SEARCHES | {Intent.OUT_OF_SCOPE, Intent.CHITCHAT, Intent.UNCLEAR}

    def _asked_of(self, now: Carried, *subjects: Subject) -> Carried:
        """What was asked before, of these; what is asked now, where it says so."""
        if self._stock_asked():
            return self._as(now, Intent.AVAILABILITY, 0.75, *subjects)
        if not self._bare(now.asked) and self.reading.intent in ABOUT_ONE:
            return replace(now, subjects=subjects)
        last = self._last if self._last in ABOUT_ONE else Intent.PRICE
        assert last is not None
        return self._as(now, last, 0.75, *subjects, asked=tuple(self.memory.asked))

    def _of_the_list(self) -> bool:
        """ "Only the white ones": after one of a list was spoken of that comes in no colours, the list is meant."""
        if not self.memory.search or len(self.memory.shown) < 2 or self.memory.focus not in self.memory.shown:
            return False
        product = self.view.products[self._focus]
        own = {concept_of(one.name) for one in (*product.attributes, *(o for v in product.variants for o in v.options))}
        return not any(own & {concept_of(name) for name in condition.names} for condition in self.conditions.values)

    def _varies(self, asked: Sequence[str]) -> bool:
        """Whether the variants of the product spoken of state a property of their own."""
        own = {concept_of(one.name) for v in self.view.products[self._focus].variants for one in (*v.options, *v.attributes)}
        return any(concept_of(word) in own for word in asked if concept_of(word))

    def _about_it(self, now: Carried) -> Carried | None:
        """ "Warranty?" """
        reading, conditions, table = self.reading, self.conditions, lexicon().words
        about = (
            reading.intent in ABOUT_ONE
            or (reading.intent is Intent.POLICY and reading.topic is Topic.WARRANTY)
            or (reading.intent is Intent.UNCLEAR and now.asked)
        )
        searching = (
            conditions.filters.categories
            or conditions.superlative
            or conditions.sort is not Sort.RELEVANCE
            or (followups.wants_more(self.text) and not self._option_asked(now.asked))
            or table["cheaper"].any(self.row)
            or table["dearer"].any(self.row)
        ) and not _COUNTED.search(fold(self.text))
        if not self._focus or not about or searching or self.named.subjects:
            return None
        self.notes.append(f"it = {self._focus}")
        intent = Intent.PRODUCT_QUESTION if reading.intent in {Intent.UNCLEAR, Intent.POLICY} else reading.intent
        # "What colours are there?" asks for all of them, whichever variant was spoken of.
        open_ = self._option_asked(now.asked) and bool(OPEN.search(fold(self.text)) or followups.wants_more(self.text))
        subject = with_variants(self._it(sku=not open_), self.text, self.view.products[self._focus])
        value = now.value or asked_value_in(self.text, conditions, True)
        return self._as(now, intent, max(reading.certainty, 0.7), subject, value=value)

    def _option_asked(self, asked: tuple[str, ...]) -> bool:
        """ "Any other size?": one of the options of the product spoken of."""
        if not self._focus:
            return False
        held = {concept_of(o.name) for v in self.view.products[self._focus].variants for o in v.options}
        return any(concept_of(word) in held for word in asked if concept_of(word))

    # ── among those shown ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _shown(self) -> list[str]:
        return [id_ for id_ in self.memory.shown if id_ in self.view.products][:_SHOWN_MOST]

    def _option_of_shown(self, now: Carried) -> Carried | None:
        """ "How much is the half pound?" where one of those shown comes in that, or 10kg装的有吗 where several do."""
        bare = self.reading.intent in {Intent.PRODUCT_SEARCH, Intent.UNCLEAR} and not self.conditions.filters.categories
        if self.memory.focus in self.view.products or len(self.memory.shown) < 2 or not (bare or self.reading.intent in ABOUT_ONE):
            return None
        if bare and (followups.wants_more(self.text) or not self._stock_asked() or self.conditions.values):
            return None
        told = {id_: meant(self.text, self.view.products[id_]) for id_ in self._shown()}
        most = max((len(found.concepts) for found in told.values() if found.skus), default=0)
        having = [id_ for id_, found in told.items() if found.skus and len(found.concepts) == most]
        if not having or (len(having) != 1 and not bare):
            return None
        self.notes.append(f"of those shown that come so = {', '.join(having)}")
        subjects = [with_variants(Subject(id_, None, len(having) == 1, "reference"), self.text, self.view.products[id_]) for id_ in having]
        return self._as(now, Intent.AVAILABILITY, 0.75, *subjects, asked=()) if bare else replace(now, subjects=tuple(subjects))

    def _one_of_shown(self, now: Carried) -> Carried | None:
        """A question about one of several shown, or another wish for them all."""
        short = len(self.row) <= (10 if all(token.word.isascii() for token in self.row) else 14)
        known = self.memory.focus in self.view.products
        if known or not short or len(self.memory.shown) < 2 or self.conditions.filters.categories or self.reading.intent not in ABOUT_ONE:
            return None
        folded, last = fold(self.text), self._last
        asks = is_yes_no(self.text, self.row) or "?" in folded or OPEN.search(folded)
        if last in SEARCHES and now.asked and not asks and self.reading.intent is Intent.PRODUCT_QUESTION:
            assert last is not None
            self.notes.append("another wish")
            return self._as(now, last, 0.7, refined=True)
        if followups.wants_more(self.text) or followups.refines(self.text, self.row, self.conditions, self.memory, self.words):
            return None
        if (chosen := self._called_so()) is not None:
            self.notes.append(f"the one of those shown that is called so = {chosen}")
            return replace(now, subjects=(with_variants(Subject(chosen, None, True, "reference"), self.text, self.view.products[chosen]),))
        if not now.asked and self.reading.intent is Intent.PRODUCT_QUESTION:
            return None
        self.notes.append("one of those shown")
        return replace(now, subjects=tuple(Subject(id_, None, False, "carried") for id_ in self._shown()))

    def _called_so(self) -> str | None:
        """The one of those shown in whose title alone a word of the message stands: "how heavy is the pro"."""
        titles = {id_: {t for title in self.view.products[id_].title.values() for t, _, _ in terms(title)} for id_ in self._shown()}
        spoken = {term for term, _, _ in terms(self.text)} - lexicon().plain["fillers"]
        # "The bar" may be the barbell.
        called = {id_: {t for t in spoken if t in own or (len(t) > 2 and any(w.startswith(t) for w in own))} for id_, own in titles.items()}
        held = {id_: len(own - set().union(*(o for i, o in called.items() if i != id_))) for id_, own in called.items()}
        having = [id_ for id_, count in held.items() if count]
        return having[0] if len(having) == 1 else None

    def _among_shown(self, now: Carried) -> Carried | None:
        """ "Which is the lightest?" """
        extreme = self.conditions.superlative or self.conditions.sort in (Sort.PRICE_ASC, Sort.PRICE_DESC)
        if not extreme or len(self.memory.shown) < 2 or self.conditions.filters.categories:
            return None
        folded = fold(self.text)
        if not (_AMONG.search(folded) or (self.conditions.superlative and _WHICH_OF.search(folded))):
            return None
        self.notes.append("among those shown")
        return self._as(now, Intent.COMPARE, 0.8, *(Subject(id_, None, True, "reference") for id_ in self._shown()))

    def _refining(self, now: Carried) -> Carried | None:
        """Goes on with the search before: "under 50", "red ones"."""
        last = self._last
        if self.corrected and self.memory.search and self.conditions.purpose and self.reading.intent not in {Intent.HUMAN, Intent.ORDER}:
            reading = replace(self.reading, intent=Intent.PRODUCT_SEARCH, certainty=0.75, off_topic=0.0)
            return replace(now, reading=reading, subjects=(), refined=True)
        if self.reading.intent not in _MAY_REFINE or not (last in SEARCHES or self.memory.search):
            return None
        if not followups.refines(self.text, self.row, self.conditions, self.memory, self.words):
            return None
        keeps = self.reading.intent if self.reading.intent is Intent.RECOMMEND else last if last in SEARCHES else Intent.PRODUCT_SEARCH
        assert keeps is not None
        reading = replace(self.reading, intent=keeps, certainty=max(self.reading.certainty, 0.75), off_topic=0.0)
        return replace(now, reading=reading, subjects=())
