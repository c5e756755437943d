"""What a turn did, step by step, for the desk and for whoever asks why: JSON, kept with the turn and erased with it."""

from collections.abc import Sequence
from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING

from bot.understanding.memory import filters_json
from retrieval.retriever import DocumentHit, Evidence

if TYPE_CHECKING:
    from bot.answering.composer import Draft, Statement
    from bot.answering.guard import Violation
    from bot.understanding.question import Question

HITS_KEPT = 5


class TurnTrace:
    """Collects; `laps` are milliseconds since the previous lap, `total` since the turn was received by this worker."""

    def __init__(self, turn_id: str, began: float) -> None:
        self._began = self._last = began
        self._laps: dict[str, float] = {}
        self._data: dict[str, object] = {"turn": turn_id}
        self._checks: list[dict[str, object]] = []

    def lap(self, name: str) -> None:
        """Ends a step."""
        now = perf_counter()
        self._laps[name] = self._laps.get(name, 0.0) + (now - self._last) * 1000
        self._last = now

    def laps(self) -> dict[str, float]:
        """Milliseconds by step, with the total until now."""
        total = (perf_counter() - self._began) * 1000
        return {"total": round(total, 1), **{name: round(ms, 1) for name, ms in self._laps.items()}}

    def understood(self, question: "Question") -> None:
        """The question as it was understood."""
        self._data["language"] = question.language
        self._data["notes"] = list(question.notes)
        self._data["parts"] = [
            {
                "text": part.text,
                "standalone": part.standalone,
                "intent": part.intent.value,
                "certainty": round(part.certainty, 3),
                "topic": part.topic.value if part.topic else None,
                "subjects": [f"{s.product_id} ({s.how}{'' if s.certain else ', unsure'})" for s in part.subjects],
                "filters": filters_json(replace(part.filters, product_ids=(part.filters.product_ids or ())[:HITS_KEPT] or None)),
                "sort": part.sort.value,
                "asked": list(part.asked),
                "asked_value": part.asked_value,
            }
            for part in question.parts
        ]

    def found(self, revision: int, evidence: Sequence[Evidence]) -> None:
        """The hits of each part."""
        self._data["revision"] = revision
        self._data["hits"] = [
            {
                "matching": found.matching,
                "answerable": round(found.answerable, 3),
                "hits": [_hit(hit) for kind in (found.products, found.faq, found.policies) for hit in kind[:HITS_KEPT]],
                "took_ms": {name: round(ms, 1) for name, ms in found.took_ms.items()},
            }
            for found in evidence
        ]

    def looked_up(self, rows: list[dict[str, object]], failure: str) -> None:
        """What a language model had looked up, beside the question as it was understood; nothing where it was not asked."""
        if rows or failure:
            self._data["looked_up"] = {"calls": rows, "failure": failure}

    def checked(self, statement: "Statement", violations: "list[Violation]") -> None:
        """A statement before the guard."""
        self._checks.append({"text": statement.text, "violations": [f"{v.kind}: {v.value}" for v in violations]})

    def as_json(self, draft: "Draft") -> dict[str, object]:
        """Everything, plain."""
        outcome = {"engine": draft.engine.value, "outcome": draft.outcome.value, "confidence": round(draft.confidence, 3)}
        model = {"model": dict(draft.model)} if draft.model is not None else {}
        return {**self._data, **model, "checks": self._checks, "draft": {**outcome, "notes": list(draft.notes)}, "took_ms": self.laps()}


def _hit(hit: DocumentHit) -> dict[str, object]:
    best = hit.hits[0] if hit.hits else None
    scores = (
        {}
        if best is None
        else {"dense": round(best.dense, 3), "lexical": round(best.lexical, 3), "coverage": round(best.coverage, 3), "exact": best.exact}
    )
    return {"kind": hit.kind.value, "id": hit.id, "score": round(hit.score, 3), "field": best.passage.field if best else "", **scores}
