"""Query → Evidence: the one door the bot uses to find things. (Types here; the work is in the modules it names.)"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from knowledge.store import DocumentKind
from retrieval.filters import Filters


@dataclass(frozen=True, slots=True)
class Passage:
    """The piece that is indexed and cited. Immutable and derived: the same document always gives the same passages."""

    id: str
    """Stable: "kind:document#part:language", e.g. "product:KT-17#description:en", "faq:ship-1#question:zh", "policy:returns.en.md#refunds:en"."""
    kind: DocumentKind
    document_id: str
    field: str
    """What part: title, description, attributes, question, answer, section heading, text."""
    language: str
    text: str
    """The merchant's words; of a FAQ entry the answer alone."""
    embedded: str
    """What is embedded and tokenised: text with the context it needs (product title, heading, question)."""
    hash: str
    """SHA-256 (hex, first 32) of `embedded`: the id of its vector."""


class Sort(StrEnum):
    """An order the customer asked for, over all that match; else relevance."""

    RELEVANCE = "relevance"
    PRICE_ASC = "price_asc"
    PRICE_DESC = "price_desc"
    RATING = "rating"
    NEWEST = "newest"
    DISCOUNT = "discount"


@dataclass(frozen=True, slots=True)
class Query:
    """Standalone text and hard conditions."""

    text: str
    language: str = "en"
    ruled: str = ""
    """The text that rules of the house are looked for with, where it is another: without the goods that were spoken of before."""
    kinds_said: str = ""
    """What the goods spoken of are ("electric grinders"): rules name kinds, not models."""
    follows: str = ""
    """The question about a rule that this one may go on from; rules are then looked for with both together, too."""
    ruling: bool = True
    """Whether a rule may be what is asked for: then the second model reads along where rules lack the language (retrieval/second_vectors.py)."""
    filters: Filters = field(default_factory=Filters)
    kinds: tuple[DocumentKind, ...] = ()
    """() = all."""
    sort: Sort = Sort.RELEVANCE
    whole: bool = False
    """All that satisfy the conditions are what is looked for, whatever the text says; it only ranks."""
    top: int = 10
    """Documents wanted of each kind."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage and how well it fits."""

    passage: Passage
    score: float
    """Fused score, 0..about 1.1; comparable inside one query."""
    dense: float = 0.0
    """Cosine of the embedding; of the house's rules in the adapted one (retrieval/house.py)."""
    lexical: float = 0.0
    """BM25 divided by the best of the query, 0..1."""
    exact: bool = False
    """A SKU, model number or full title of it stands in the query."""
    coverage: float = 0.0
    """Share of the query's content words (weighted by rarity) that stand in the passage, 0..1."""


@dataclass(frozen=True, slots=True)
class DocumentHit:
    """A document (product, FAQ entry, policy section, review, promotion) by its best passages. `id`: the merchant's own (policies:
    file#heading)."""

    kind: DocumentKind
    id: str
    score: float
    hits: tuple[Hit, ...]
    """Best first, at most a handful."""
    relevance: float = 0.0
    """How likely it is about the question, 0..1, calibrated (retrieval/confidence.py)."""
    sku: str = ""
    """Of a product: the variant to show. It satisfies every condition at once; one that can be had goes first, then the cheapest."""


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A sentence or list item of a policy, or the whole answer of a FAQ entry."""

    kind: DocumentKind
    document_id: str
    """Of a policy file#anchor."""
    number: int
    """Its place among the rows of its section in the customer's language."""
    text: str
    item: bool
    """Of a list."""
    score: float
    """How near it is to the question; comparable inside one query, about 0.3..1.2."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an answer may use."""

    products: tuple[DocumentHit, ...] = ()
    """By the sort asked for; all satisfy the filters."""
    faq: tuple[DocumentHit, ...] = ()
    policies: tuple[DocumentHit, ...] = ()
    reviews: tuple[DocumentHit, ...] = ()
    promotions: tuple[DocumentHit, ...] = ()
    rows: tuple[RuleRow, ...] = ()
    """What the rules found say, sentence by sentence, best first."""
    facts: dict[str, tuple[Hit, ...]] = field(default_factory=dict)
    """For each product asked about: its own statements (attributes, options, description sentences, reviews) ranked for the question,
    best first; `field` says what it is ("attribute:Material")."""
    answerable: float = 1.0
    """How likely any of `facts` (or, without them, of the hits) answers the question, 0..1, calibrated."""
    answerable_of: dict[str, float] = field(default_factory=dict)
    """The same of each product asked about."""
    matching: int = 0
    """Products that satisfy the filters, before ranking."""
    took_ms: dict[str, float] = field(default_factory=dict)

    def of(self, kind: DocumentKind) -> Sequence[DocumentHit]:
        """The hits of one kind."""
        return {
            DocumentKind.PRODUCT: self.products,
            DocumentKind.FAQ: self.faq,
            DocumentKind.POLICY: self.policies,
            DocumentKind.REVIEW: self.reviews,
            DocumentKind.PROMOTION: self.promotions,
        }[kind]
