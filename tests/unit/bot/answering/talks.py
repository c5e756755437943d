"""Findings in one line each: a view, a part and what retrieval found, answered by the composer without a model."""

from collections.abc import Iterable, Sequence
from typing import Any

from bot.answering.composer import Draft, Findings
from bot.answering.extractive import ExtractiveComposer
from bot.answering.matching import catalog_matching
from bot.answering.rendering import joined
from bot.answering.wording import load_wordings
from bot.understanding.question import Intent, Memory, Part, Question, Subject
from knowledge.store import DocumentKind
from retrieval.confidence import hit_confidence
from retrieval.retriever import DocumentHit, Evidence, Hit, Passage
from retrieval.view import ShopView
from tests.builders import NOW

WORDINGS = load_wordings()
NOTHING = Evidence()


def a_hit(kind: DocumentKind, document: str, text: str = "", *, field: str = "text", fits: bool = True, language: str = "en") -> Hit:
    """A passage that is (or is not) about the question by a wide margin."""
    passage = Passage(f"{kind}:{document}#{field}:{language}", kind, document, field, language, text, text, "0" * 32)
    return Hit(passage, score=0.95 if fits else 0.7, dense=0.93 if fits else 0.80, coverage=0.8 if fits else 0.05)


def found(kind: DocumentKind, *ids: str, fits: bool = True, text: str = "") -> tuple[DocumentHit, ...]:
    """Documents in this order, each a little worse than the one before."""
    out = []
    for number, id_ in enumerate(ids):
        hit = a_hit(kind, id_, text, fits=fits)
        out.append(DocumentHit(kind, id_, hit.score - 0.01 * number, (hit,), relevance=hit_confidence(hit)))
    return tuple(out)


def evidence(
    *, products: Iterable[str] = (), faq: Iterable[str] = (), policies: Iterable[str] = (), fits: bool = True, **rest: Any
) -> Evidence:
    """Evidence with these documents."""
    ids = list(products)
    return Evidence(
        products=found(DocumentKind.PRODUCT, *ids, fits=fits),
        faq=found(DocumentKind.FAQ, *faq, fits=fits),
        policies=found(DocumentKind.POLICY, *policies, fits=fits),
        matching=rest.pop("matching", len(ids)),
        answerable=rest.pop("answerable", 0.0),
        **rest,
    )


def a_part(intent: Intent, text: str = "?", *subjects: str | Subject, **rest: Any) -> Part:
    """A part about these products."""
    meant = tuple(s if isinstance(s, Subject) else Subject(s) for s in subjects)
    return Part(text=text, standalone=rest.pop("standalone", text), intent=intent, subjects=meant, **rest)


def talk(
    view: ShopView,
    parts: Part | Sequence[Part],
    found: Evidence | Sequence[Evidence] = NOTHING,
    *,
    language: str = "en",
    memory: Memory | None = None,
    matching: Any = catalog_matching,
    staff: bool = False,
    waiting: bool = False,
) -> Draft:
    """The composer's draft."""
    parts = (parts,) if isinstance(parts, Part) else tuple(parts)
    evidences = (found,) if isinstance(found, Evidence) else tuple(found)
    findings = Findings(
        view=view,
        question=Question(text=" ".join(p.text for p in parts), language=language, parts=parts),
        evidence=evidences,
        offers=dict(view.offers),
        memory=memory or Memory(),
        now=NOW,
        staff_present=staff,
        waiting=waiting,
    )
    return ExtractiveComposer(WORDINGS, matching).draft(findings)


def text(draft: Draft) -> str:
    """What the customer reads."""
    return joined(draft.statements)
