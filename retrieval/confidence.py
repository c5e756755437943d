"""How likely what was found is about what was asked: the shop knows this, or it does not."""

from math import exp

from retrieval.retriever import Evidence, Hit

DENSE = 45.7
COVERAGE = 5.1
CONSTANT = -42.5
EXACT = 4.0
"""A logistic model of the best hit, learnt on half of 400 paraphrases of FAQ entries (each hidden from the index) and 150 product words of the
demo shop against 1,100 off-topic messages (CLINC150, banking77, CrossWOZ). On the other half: AUC .95; cosine alone .88."""


def hit_confidence(hit: Hit) -> float:
    """How likely the hit is about the question, 0..1."""
    return _logistic(DENSE * hit.dense + COVERAGE * hit.coverage + CONSTANT + EXACT * hit.exact)


RULE_SCORE = 74.7
RULE_CONSTANT = -65.8
"""A logistic model of a rule's score (retrieval/house.py), learnt on half of 649 phrasings of the demo shop's FAQ entries (each hidden, the
adaptation never saw the shop), 1,500 off-topic messages and 2,000 sentences of our own. On the other half: AUC .82 from the score alone,
.89 together with what the sentence wants (bot/understanding/meaning.py)."""


def rule_confidence(score: float) -> float:
    """How likely a rule of the house with that score is about the question, 0..1."""
    return _logistic(RULE_SCORE * score + RULE_CONSTANT)


def answerable(evidence: Evidence) -> float:
    """The best of all documents; reviews are left out, they speak of anything."""
    groups = (evidence.products, evidence.faq, evidence.policies, evidence.promotions)
    return max((document.relevance for group in groups for document in group[:5]), default=0.0)


def _logistic(x: float) -> float:
    return 1 / (1 + exp(-max(-60.0, min(60.0, x))))
