"""What a customer wants, as data: the result of understanding and the input of answering."""

from dataclasses import dataclass, field
from enum import StrEnum

from bot.understanding.meaning import NOTHING, Meant
from retrieval.filters import Filters
from retrieval.retriever import Sort


class Intent(StrEnum):
    """The intents of the front doors."""

    GREETING = "greeting"
    THANKS = "thanks"
    GOODBYE = "goodbye"
    PRODUCT_SEARCH = "product_search"
    PRODUCT_QUESTION = "product_question"
    COMPARE = "compare"
    RECOMMEND = "recommend"
    PRICE = "price"
    AVAILABILITY = "availability"
    PROMOTION = "promotion"
    POLICY = "policy"
    STORE_INFO = "store_info"
    ORDER = "order"
    COMPLAINT = "complaint"
    HUMAN = "human"
    PRIVACY = "privacy"
    CHITCHAT = "chitchat"
    OUT_OF_SCOPE = "out_of_scope"
    UNCLEAR = "unclear"


class Topic(StrEnum):
    """The policy topics of the front doors."""

    SHIPPING = "shipping"
    RETURNS = "returns"
    PAYMENT = "payment"
    WARRANTY = "warranty"


ABOUT_ONE = {Intent.PRICE, Intent.AVAILABILITY, Intent.PRODUCT_QUESTION}
SEARCHES = {Intent.PRODUCT_SEARCH, Intent.RECOMMEND}
GOODS = ABOUT_ONE | SEARCHES | {Intent.COMPARE, Intent.PROMOTION}
SMALL_TALK = {Intent.GREETING, Intent.THANKS, Intent.GOODBYE, Intent.CHITCHAT, Intent.UNCLEAR}


def intent_of(value: object) -> Intent | None:
    """The intent of that name; None for anything else."""
    try:
        return Intent(str(value)) if value else None
    except ValueError:
        return None


def topic_of(value: object) -> Topic | None:
    """The topic of that name; None for anything else."""
    try:
        return Topic(str(value)) if value else None
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Subject:
    """A product that the words mean, and the variant where the words tell it."""

    product_id: str
    sku: str | None = None
    certain: bool = True
    """False: a guess by likeness, to be confirmed or worded with care."""
    how: str = "named"
    """named | sku | reference ("it", "the second one") | carried (said before in the conversation)."""
    skus: tuple[str, ...] = ()
    """Several variants that the option words fit ("24 or 27 inch", "the XL ones"); () when none is told or `sku` is the one."""
    lacking: tuple[str, ...] = ()
    """Option values that were asked for together where no variant has them all; `skus` are then those that have most."""


@dataclass(frozen=True, slots=True)
class Part:
    """One question of a message."""

    text: str
    """The customer's words."""
    standalone: str
    """The same so that it stands alone: references resolved, carried conditions named."""
    intent: Intent
    topic: Topic | None = None
    subjects: tuple[Subject, ...] = ()
    filters: Filters = field(default_factory=Filters)
    """Everything that holds now: said in this message or before and not taken back."""
    sort: Sort = Sort.RELEVANCE
    asked: tuple[str, ...] = ()
    """Words for the attribute asked for ("weight", "防水", "battery life"); () when none."""
    asked_value: str = ""
    """The value that a yes/no question supposes ("is it leather?" → leather); "" when open."""
    yes_no: bool = False
    superlative: str = ""
    """"min:weight", "max:battery life": an extreme of an attribute asked for; "" when none. Price ones are in `sort`."""
    count: int | None = None
    """How many products are wanted, where said."""
    purpose: str = ""
    """For whom or what ("for my dad", "雨天通勤"), for reasons; also inside `standalone`."""
    anything: bool = False
    """Looks for anything that meets the conditions: no word says what."""
    browsing: bool = False
    """Looks around: "what's popular?", 随便看看."""
    picks: bool = False
    """Asks which of the goods shown to take, and says nothing that would decide it."""
    interest: str = ""
    """What the person likes for whom it is ("trains", 喝茶)."""
    quantity: int | None = None
    """Pieces wanted ("3 of them"), for totals and stock."""
    certainty: float = 1.0
    """How sure the intent is, 0..1."""
    meant: Meant = NOTHING
    """What the words want by their embedding, where that is read."""
    said: str = ""
    """The customer's words with what leads to them, no reference resolved: what rules of the house are looked for with."""
    follows: str = ""
    """The question about a rule of the house that this may go on from ("also for Canada?"); "" where it stands by itself."""
    elliptic: bool = False
    """Names something and asks the question before of it: "shoes too?", "and for the big one"."""
    foreign: str = ""
    """The currency of a price limit in which nothing here is sold; the limit is left out of `filters`."""
    unnamed: bool = False
    """Asks about something that no word names ("how much is it?" with nothing before it)."""
    rewritten: bool = False
    """In the words of a language model that made out what the customer meant: no figure in them was said by anybody."""


@dataclass(frozen=True, slots=True)
class Question:
    """A whole message understood. At least one part."""

    text: str
    language: str
    parts: tuple[Part, ...]
    notes: tuple[str, ...] = ()
    """What was done, for the trace: "it = KT-17", "budget carried", ..."""


@dataclass(slots=True)
class Memory:
    """What stays valid in a conversation; kept as plain JSON with it. Understanding reads it, the turn writes the next one."""

    language: str = ""
    chosen_language: str = ""
    """The one that the customer chose; "" lets each message decide."""
    shown: list[str] = field(default_factory=list)
    """Product ids of the last answer that showed any, in the order shown ("the second one")."""
    focus: str = ""
    """The product last spoken of ("it"); "" none."""
    focus_sku: str = ""
    """The variant last spoken of, where one was told."""
    spoken: list[list[str]] = field(default_factory=list)
    """[product id, SKU or ""] of the last things spoken of one by one, the latest last: what "together" means."""
    filters: dict[str, object] = field(default_factory=dict)
    """The conditions in force, as JSON of Filters."""
    lifts: dict[str, object] = field(default_factory=dict)
    """The messages (folded) that take one of them back → the conditions that hold then, as JSON of Filters."""
    search: str = ""
    """What is being looked for, without conditions ("backpack for commuting")."""
    last_intent: str = ""
    ruled: str = ""
    """The question about a rule of the house that was answered last; "" once goods are spoken of again."""
    rules: list[str] = field(default_factory=list)
    """What was said of the house to that question: "faq:ID", "policy:FILE#ANCHOR"."""
    promoted: list[str] = field(default_factory=list)
    """The reductions told last: codes of promotions, and ids as in `rules` of those that stand in the house's own words."""
    asked: list[str] = field(default_factory=list)
    """The attribute last asked for ("and the black one?")."""
    pending: dict[str, object] = field(default_factory=dict)
    """A question back that waits: {"kind": "which_product", "options": [ids], "part": ...}."""
    misses: int = 0
    """Turns in a row that ended without an answer."""
    turns: int = 0
