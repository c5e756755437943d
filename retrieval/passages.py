"""Documents → passages: the pieces that are embedded, counted and cited. The same document always gives the same passages.

A product gives one passage a language (title, brand, category, options, attributes and the beginning of the description) and further
ones only for a long description. A FAQ entry gives one passage for each phrasing of its question and one for question and answer
together; a policy one a section; reviews and promotions one each. Price and stock are never in a passage: they change without a revision.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knowledge.catalog import Attribute, Product
from knowledge.faq import FaqEntry
from knowledge.localized import LocalText, pick
from knowledge.policy import Policy
from knowledge.promotion import Promotion
from knowledge.review import Review
from knowledge.store import Document, DocumentKind
from retrieval.retriever import Passage

_FIRST_PIECE = 110
"""Tokens (about) of description in a product's first passage, beside title and attributes."""
_PIECE = 160
"""Tokens (about) of a further piece."""
_ATTRIBUTES = 14
"""Attributes in a product's first passage; the rest is found as facts once the product is known."""
_VALUE = 80
"""Characters of one attribute value in a passage."""
_SENTENCE = re.compile(
    r"(?<=[.!?…])(?<!\bmax\.)(?<!\bmin\.)(?<!\bapprox\.)(?<!\bca\.)(?<!\bincl\.)(?<!\bexcl\.)(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\bdia\.)(?<!\bno\.)\s+"
    r"|(?<=[。！？；])|\n+",
    re.IGNORECASE,
)
"""Not after "max. 4 persons" and the like."""
_WORDS = re.compile(r"[㐀-鿿぀-ヿ가-힯]|[^\W\d_]+|\d+", re.UNICODE)


def content_hash(text: str) -> str:
    """SHA-256 (hex, first 32) of what is embedded: the id of its vector."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def sentences(text: str) -> list[str]:
    """The sentences of a text in any script, without blank ones."""
    return [part.strip() for part in _SENTENCE.split(text) if part and part.strip()]


def passages_of(document: Document) -> tuple[Passage, ...]:
    """All passages of a document, in a fixed order; none for an unpublished product."""
    body = document.body
    if isinstance(body, Product):
        return tuple(_product(body)) if body.published else ()
    if isinstance(body, FaqEntry):
        return tuple(_faq(document.id, body))
    if isinstance(body, Policy):
        return tuple(_policy(document.id, body))
    if isinstance(body, Review):
        return tuple(_review(document.id, body))
    return tuple(_promotion(document.id, body))


def languages_of(product: Product) -> tuple[str, ...]:
    """The languages that a product is described in, as the merchant tagged them."""
    tags = dict.fromkeys((*product.title, *product.description))
    return tuple(tags) or ("und",)


def attributes_in(attributes: Sequence[Attribute], language: str, languages: Sequence[str]) -> list[Attribute]:
    """Those in a language, and those of no language or of one that the product is not described in."""
    return [a for a in attributes if a.language == language or a.language == "und" or a.language not in languages]


def options_in(product: Product, language: str) -> dict[str, list[str]]:
    """Option names with the values of all variants, in a language; option names repeat across variants."""
    languages = languages_of(product)
    found: dict[str, dict[str, None]] = {}
    for variant in product.variants:
        for option in attributes_in(variant.options, language, languages):
            if option.value:
                found.setdefault(option.name, {})[option.value] = None
    return {name: list(values) for name, values in found.items()}


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a product, as a fact to be found. `field`: "attribute:Weight", "option:Colour", "description"; `name`: the
    attribute's, "" for prose; `text`: "Weight: 1.1 kg" or the sentence."""

    field: str
    name: str
    value: str
    text: str
    language: str


def statements_of(product: Product) -> list[Statement]:
    """Everything that a product's data states, in every language: attributes, options, variants' own attributes, description sentences."""
    found: dict[tuple[str, str], Statement] = {}

    def add(kind: str, attribute: Attribute, value: str) -> None:
        if value.strip():
            text = f"{attribute.name}: {value}"
            found.setdefault((kind, text), Statement(f"{kind}:{attribute.name}", attribute.name, value, text, attribute.language))

    for attribute in product.attributes:
        add("attribute", attribute, attribute.value)
    options: dict[tuple[str, str], dict[str, None]] = {}
    for variant in product.variants:
        for option in variant.options:
            if option.value.strip():
                options.setdefault((option.name, option.language), {})[option.value] = None
        for attribute in variant.attributes:
            add("attribute", attribute, attribute.value)
    for (name, language), values in options.items():
        add("option", Attribute(name, "", language), _list(list(values), language))
    for language, text in product.description.items():
        for sentence in sentences(text):
            found.setdefault(("description", sentence), Statement("description", "", sentence, sentence, language))
    return list(found.values())


def _list(values: list[str], language: str) -> str:
    return ("、" if language.startswith("zh") else ", ").join(values)


def _passage(kind: DocumentKind, document_id: str, field: str, language: str, text: str, embedded: str, *, part: str = "") -> Passage:
    embedded = embedded.strip()
    return Passage(
        id=f"{kind.value}:{document_id}#{part or field}:{language}",
        kind=kind,
        document_id=document_id,
        field=field,
        language=language,
        text=text,
        embedded=embedded,
        hash=content_hash(embedded),
    )


def _product(product: Product) -> Iterator[Passage]:
    languages = languages_of(product)
    for language in languages:
        title = pick(product.title, language) or product.id
        head = [title]
        if product.brand and product.brand.casefold() not in title.casefold():
            head.append(product.brand)
        head.extend(dict.fromkeys(pick(path, language) for path in product.categories if path))
        facts = [f"{name}: {_list(values[:8], language)}" for name, values in options_in(product, language).items()]
        facts += [f"{a.name}: {a.value[:_VALUE]}" for a in attributes_in(product.attributes, language, languages) if a.value][:_ATTRIBUTES]
        description = product.description.get(language, "")
        pieces = _pieces(description, _FIRST_PIECE, _PIECE)
        first = pieces[0] if pieces else ""
        embedded = "\n".join(filter(None, [". ".join(head), first, "; ".join(facts), " ".join(product.tags[:8])]))
        field = "description" if first else "title"
        yield _passage(DocumentKind.PRODUCT, product.id, field, language, first or title, embedded)
        for number, piece in enumerate(pieces[1:], 2):
            yield _passage(
                DocumentKind.PRODUCT, product.id, "description", language, piece, f"{title}\n{piece}", part=f"description-{number}"
            )


def _faq(id: str, entry: FaqEntry) -> Iterator[Passage]:
    for language in dict.fromkeys((*entry.question, *entry.also_asked, *entry.answer)):
        answer = entry.answer.get(language) or pick(entry.answer, language)
        question = _asked(entry.question.get(language, ""))
        phrasings = [asked for phrasing in entry.also_asked.get(language, ()) if (asked := _asked(phrasing))]
        if question:
            yield _passage(DocumentKind.FAQ, id, "question", language, answer, question)
        for number, phrasing in enumerate(dict.fromkeys(phrasings), 1):
            yield _passage(DocumentKind.FAQ, id, "question", language, answer, phrasing, part=f"question-{number}")
        if entry.answer.get(language):
            pieces = _pieces(answer, _PIECE, _PIECE) or [answer]
            for number, piece in enumerate(pieces, 1):
                part = "answer" if number == 1 else f"answer-{number}"
                yield _passage(DocumentKind.FAQ, id, "answer", language, answer, f"{question}\n{piece}", part=part)


def _asked(text: str) -> str:
    """A question; "" for one without words, such as a dash in a file that holds answers alone."""
    text = text.strip()
    return text if any(map(str.isalnum, text)) else ""


def _policy(id: str, policy: Policy) -> Iterator[Passage]:
    for section in policy.sections:
        heading = section.heading or policy.title
        for number, piece in enumerate(_pieces(section.text, _PIECE, _PIECE) or [""], 1):
            above = f"{policy.title} > {heading}" if heading != policy.title else heading
            part = section.anchor if number == 1 else f"{section.anchor}-{number}"
            passage = _passage(
                DocumentKind.POLICY, f"{id}#{section.anchor}", heading, policy.language, piece or heading, f"{above}\n{piece}", part=part
            )
            yield Passage(
                id=f"policy:{id}#{part}:{policy.language}",
                kind=passage.kind,
                document_id=passage.document_id,
                field=heading,
                language=passage.language,
                text=passage.text,
                embedded=passage.embedded,
                hash=passage.hash,
            )


def _review(id: str, review: Review) -> Iterator[Passage]:
    if review.text.strip():
        yield _passage(DocumentKind.REVIEW, id, "text", review.language, review.text, " ".join(review.text.split())[:1500])


def _promotion(id: str, promotion: Promotion) -> Iterator[Passage]:
    for language in dict.fromkeys((*promotion.title, *promotion.text)) or ("und",):
        title, text = _in(promotion.title, language), _in(promotion.text, language)
        embedded = "\n".join(filter(None, [title or promotion.code, text]))
        yield _passage(DocumentKind.PROMOTION, id, "text", language, text or title or promotion.code, embedded)


def _in(text: LocalText, language: str) -> str:
    return text.get(language) or pick(text, language)


def _length(text: str) -> int:
    """About how many tokens of the embedder: one a Chinese character or number, 1.3 a word."""
    return sum(1 if len(match) == 1 else 1 + len(match) // 6 for match in _WORDS.findall(text))


def _pieces(text: str, first: int, further: int) -> list[str]:
    """The text cut between sentences; a little too long stays whole. A sentence longer than a piece is one by itself."""
    text = text.strip()
    if not text:
        return []
    if _length(text) <= first * 1.4:
        return [text]
    pieces: list[str] = []
    held: list[str] = []
    used, room = 0, first
    for sentence in sentences(text):
        length = _length(sentence)
        if held and used + length > room:
            pieces.append(" ".join(held))
            held, used, room = [], 0, further
        held.append(sentence)
        used += length
    if held:
        pieces.append(" ".join(held))
    return pieces
