"""Where two live sources of the shop disagree about what an answer says, the answer says so: both values with their sources, and a person
who can tell. Which of them is right nobody knows; picking one in silence would be inventing.
"""

import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace

from bot.answering.answer import Citation, Engine, Outcome
from bot.answering.composer import AnswerComposer, Draft, Findings, Statement
from bot.answering.speaking import trimmed
from bot.answering.thresholds import QUICK_REPLIES
from bot.answering.wording import Wording, Wordings
from knowledge.folding import fold
from knowledge.localized import pick
from knowledge.said import Contradiction, Place
from knowledge.store import DocumentKind
from retrieval.view import ShopView

MOST = 2
"""Disagreements that one answer tells."""
QUOTED = 90
"""Characters of a text without a figure that are quoted."""
NAMED = 40
"""Characters of a product's title that name it."""
UNSURE = 0.5
"""Confidence, at most: one of two values is right."""
GAP = "sources disagree"


class Candid:
    """An AnswerComposer that adds the disagreements to what another one says."""

    def __init__(self, composer: AnswerComposer, wordings: Wordings) -> None:
        self._composer = composer
        self._wordings = wordings

    def needs(self, findings: Findings) -> Sequence[str]:
        """Of the other."""
        return self._composer.needs(findings)

    async def compose(self, findings: Findings) -> AsyncIterator[Statement | Draft]:
        """Its statements, then what disagrees, then the draft of all of them."""
        said = False
        async for piece in self._composer.compose(findings):
            if isinstance(piece, Draft) and (found := disagreements(findings.view, piece, findings.question.language)):
                wording = self._wordings.of(findings.question.language)
                for statement in () if said else piece.statements:
                    yield statement
                draft = _with(piece, found, findings.view, wording)
                for statement in draft.statements[len(piece.statements) :]:
                    yield statement
                yield draft
                return
            said = True
            yield piece


@dataclass(frozen=True, slots=True)
class Disagreement:
    """What the answer says, and what another place says of it."""

    said: Place
    other: Place
    about: Contradiction


def disagreements(view: ShopView, draft: Draft, language: str) -> list[Disagreement]:
    """Contradictions of what the draft says: one of the two places is a source of a sentence in which its value stands. Of several that
    contradict the same place the one in the customer's language is told."""
    if draft.outcome is not Outcome.ANSWERED:
        return []
    found: list[Disagreement] = []
    for statement in draft.statements:
        for citation in statement.citations:
            key = _document_of(view, citation)
            for one in view.disagreements.of(*key) if key is not None else ():
                for said, other in ((one.first, one.second), (one.second, one.first)):
                    if key is not None and _says(statement, citation, key, said):
                        found.append(Disagreement(said, other, one))
    base = language.split("-", maxsplit=1)[0]
    told: dict[frozenset[object], Disagreement] = {}
    for each in sorted(found, key=lambda one: one.other.language.split("-", maxsplit=1)[0] != base):
        about = each.about.topic if each.said.kind is DocumentKind.PRODUCT else each.other.key
        told.setdefault(frozenset((each.said.key, about)), each)
    return list(told.values())[:MOST]


def _document_of(view: ShopView, citation: Citation) -> tuple[DocumentKind, str] | None:
    """The document that a citation points into; None for what no other source can speak of: price, stock, title."""
    if citation.kind == "product":
        id = view.by_sku.get(citation.id.casefold()) if citation.field.startswith(("attribute:", "option:", "description")) else None
        return (DocumentKind.PRODUCT, id) if id is not None else None
    if citation.kind == "policy":
        return DocumentKind.POLICY, citation.id.partition("#")[0]
    if citation.kind in ("faq", "promotion"):
        return DocumentKind(citation.kind), citation.id
    return None


def _says(statement: Statement, citation: Citation, key: tuple[DocumentKind, str], place: Place) -> bool:
    """Whether the sentence gives the value of this place."""
    if place.key != key or (place.kind is DocumentKind.POLICY and citation.id.partition("#")[2] != place.field):
        return False
    if place.kind is DocumentKind.PRODUCT and citation.field != place.field:
        return False
    if not place.figure:
        return True
    figure = re.escape(fold(place.figure))
    return re.search(rf"(?<![\d.,]){figure}(?!\d)" if place.figure[0].isdigit() else rf"{figure}(?!\d)", fold(statement.text)) is not None


def _with(draft: Draft, found: Sequence[Disagreement], view: ShopView, wording: Wording) -> Draft:
    block = draft.statements[-1].block + 1 if draft.statements else 0
    told = []
    for number, one in enumerate(found):
        key = "disagree.say" if number == 0 else "disagree.also"
        again = "_again" if one.said.kind is one.other.kind else ""
        text = wording.say(key, first=_quoted(one.said, view, wording), second=_quoted(one.other, view, wording, again))
        told.append(Statement(text, (_cited(one.said, view), _cited(one.other, view)), block))
    told.append(Statement(wording.say("disagree.person"), (), block))
    chips = dict.fromkeys([wording.say("chip.person"), *draft.quick_replies])
    return replace(
        draft,
        statements=(*draft.statements, *told),
        # The merchant's words stand there as they are, but they are not the whole answer any more.
        engine=Engine.COMPOSER if draft.engine is Engine.APPROVED else draft.engine,
        confidence=min(draft.confidence, UNSURE),
        quick_replies=tuple(chips)[:QUICK_REPLIES],
        gap=draft.gap or GAP,
        notes=(*draft.notes, *(f"disagree: {one.about.code} {one.about.topic}".strip() for one in found)),
    )


def _quoted(place: Place, view: ShopView, wording: Wording, again: str = "") -> str:
    """The source by a name that customers understand, and its value. `again`: a source of the same kind was just named."""
    value = place.figure or trimmed(place.text, QUOTED)
    kind, title = place.kind.value, place.id
    if place.kind is DocumentKind.PRODUCT and place.id in view.products:
        kind = {"description": "description", "title": "title"}.get(place.field, "attribute")
        title = trimmed(pick(view.products[place.id].title, wording.language), NAMED)
    elif place.kind is DocumentKind.POLICY and place.id in view.policies:
        title = view.policies[place.id].title
    key = f"disagree.{kind}{again}"
    return wording.say(key if key in wording else f"disagree.{kind}", value=value, title=title)


def _cited(place: Place, view: ShopView) -> Citation:
    if place.kind is DocumentKind.POLICY:
        return Citation("policy", f"{place.id}#{place.field}", place.field, place.text)
    if place.kind is DocumentKind.PRODUCT:
        product = view.products.get(place.id)
        return Citation("product", product.sku if product else place.id, place.field, place.text)
    return Citation(place.kind.value, place.id, place.field, place.text)
