"""How likely what was found is about what was asked: the shop knows this, or it does not."""

from math import exp

from retrieval.retriever import Evidence, Hit

DENSE = 60.0
DENSE_AT = 0.865
COVERAGE = 2.5
COVERAGE_AT = 0.45
EXACT = 4.0
"""A logistic model of one hit."""


def hit_confidence(hit: Hit) -> float:
    """How likely the hit is about the question, 0..1."""
    x = DENSE * (hit.dense - DENSE_AT) + COVERAGE * (hit.coverage - COVERAGE_AT) + EXACT * hit.exact
    return 1 / (1 + exp(-max(-60.0, min(60.0, x))))


def answerable(evidence: Evidence) -> float:
    """The best of all hits; reviews are left out, they speak of anything."""
    groups = (evidence.products, evidence.faq, evidence.policies, evidence.promotions)
    return max((hit_confidence(hit) for group in groups for document in group[:5] for hit in document.hits), default=0.0)
