"""A message against what was said before, and what a reading of it fills in."""

from dataclasses import dataclass, replace

from bot.understanding.constraints import Conditions
from bot.understanding.ellipsis.wording import asks_for_one, asks_if_there
from bot.understanding.goods import goods_wished
from bot.understanding.intents import Reading
from bot.understanding.lexicon import lexicon
from bot.understanding.named import Named
from bot.understanding.question import ABOUT_ONE, SEARCHES, Intent, Subject, intent_of
from bot.understanding.utterance import Utterance
from knowledge.attribute_names import concept_of
from knowledge.catalog import Product
from knowledge.folding import fold

_SHOWN_MOST = 4
_SHORT = 10
"""Words of a message that may leave out which goods it is about."""
_ASKING_MOST = 20
"""Words of a question about goods that may leave out which, where no word names any."""
_CJK_MORE = 4
"""Words more where the message is Chinese, whose words are cut finer."""
WHAT_ABOUT = 9
"""Words (twice as many characters in Chinese) of a message that may leave its question out."""
OPENING = 4
"""Words within which such a message says so ("ok, and the black one?")."""


@dataclass(frozen=True, slots=True)
class Completion:
    """A question with what it left out."""

    reading: Reading
    subjects: tuple[Subject, ...]
    asked: tuple[str, ...]
    value: str
    refined: bool = False
    """Goes on with the search before, though no condition says so."""
    beside: str = ""
    """A product of which others are wanted, cheaper or dearer."""
    note: str = ""
    """What was filled in, for the trace."""


@dataclass(frozen=True, slots=True)
class FollowUp(Utterance):
    """A question whose goods and conditions are read, against what was said before."""

    reading: Reading
    subjects: tuple[Subject, ...]
    named: Named
    conditions: Conditions

    @property
    def last(self) -> Intent | None:
        """What was wanted before."""
        return intent_of(self.memory.last_intent)

    @property
    def focus(self) -> str:
        """The product last spoken of, for a message short enough to leave it out; "" none."""
        asks = self.reading.intent in ABOUT_ONE and not self.subjects and not self.conditions.filters.categories
        short = self.short(_ASKING_MOST if asks else _SHORT)
        return self.memory.focus if short and self.memory.focus in self.view.products else ""

    @property
    def product(self) -> Product:
        """The product in focus. Raises KeyError where none is."""
        return self.view.products[self.focus]

    @property
    def shown(self) -> list[str]:
        """The first products shown last that the shop still has."""
        return [id_ for id_ in self.memory.shown if id_ in self.view.products][:_SHOWN_MOST]

    def short(self, most: int = _SHORT) -> bool:
        """No longer than so many words."""
        return len(self.row) <= (most if all(token.word.isascii() for token in self.row) else most + _CJK_MORE)

    def bare(self, asked: tuple[str, ...]) -> bool:
        """Neither price nor a property is asked for."""
        bare = {Intent.PRODUCT_SEARCH, Intent.UNCLEAR, Intent.PRODUCT_QUESTION, Intent.AVAILABILITY}
        return self.reading.intent in bare and not asked

    def stock_asked(self) -> bool:
        """Whether it asks if something is to be had: "6 cup one available?", 紫色有吗."""
        return lexicon().intents["availability"].any(self.row) or asks_for_one(self.text) or asks_if_there(self.text)

    def price_compared(self) -> bool:
        """Says cheaper or dearer."""
        return lexicon().words["cheaper"].any(self.row) or lexicon().words["dearer"].any(self.row)

    def other_goods_asked(self) -> bool:
        """Price or stock of goods of another kind than what was spoken of: 袜子多少钱 after shoes."""
        if self.subjects or self.reading.intent not in {Intent.PRICE, Intent.AVAILABILITY}:
            return False
        wished = {word for hit in goods_wished(self.text) for word in (self.folded[hit.start : hit.end], *hit.value)}
        products = [self.view.products[id_] for id_ in (self.memory.focus, *self.memory.shown) if id_ in self.view.products]
        called = " ".join(fold(text) for product in products for text in (*product.title.values(), *product.kinds))
        return bool(wished) and not any(word in called for word in wished)

    def what_about(self) -> bool:
        """ "And the black one?", 那白色的呢: the words that leave the question out begin a short message or end it."""
        short = len(self.row) <= (WHAT_ABOUT if self.row and self.row[0].word.isascii() else 2 * WHAT_ABOUT)
        if not short:
            return False
        return lexicon().words["what_about"].any(self.row[:OPENING]) or self.text.strip().endswith(("呢", "呢?", "呢？"))

    def option_asked(self, asked: tuple[str, ...]) -> bool:
        """ "Any other size?": one of the options of the product in focus."""
        if not self.focus:
            return False
        held = {concept_of(o.name) for v in self.product.variants for o in v.options}
        return any(concept_of(word) in held for word in asked if concept_of(word))

    def may_go_on(self) -> bool:
        """Nothing of its own is asked for that would lead elsewhere."""
        return self.reading.intent in ABOUT_ONE | SEARCHES | {Intent.OUT_OF_SCOPE, Intent.CHITCHAT, Intent.UNCLEAR}

    # ── what a reading fills in ─────────────────────────────────────────────────────────────────────────────────────────────

    def it(self, sku: bool = True) -> Subject:
        """The product in focus, with `sku` in the variant last spoken of."""
        return Subject(self.focus, (self.memory.focus_sku or None) if sku else None, True, "carried")

    def read_as(self, now: Completion, intent: Intent, certainty: float, *subjects: Subject, **other: object) -> Completion:
        """The question with another intent, of these subjects."""
        return replace(now, reading=replace(self.reading, intent=intent, certainty=certainty), subjects=subjects, **other)  # type: ignore[arg-type]

    def asked_of(self, now: Completion, *subjects: Subject, note: str) -> Completion:
        """What was asked before, of these; what is asked now, where it says so."""
        if self.stock_asked():
            return self.read_as(now, Intent.AVAILABILITY, 0.75, *subjects, note=note)
        if not self.bare(now.asked) and self.reading.intent in ABOUT_ONE:
            return replace(now, subjects=subjects, note=note)
        last = self.last if self.last in ABOUT_ONE else Intent.PRICE
        assert last is not None
        return self.read_as(now, last, 0.75, *subjects, asked=tuple(self.memory.asked), note=note)
