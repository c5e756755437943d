"""How good a ranking is: recall, reciprocal rank, discounted gain, and how well a score tells two groups apart."""

from collections.abc import Collection, Hashable, Sequence
from math import log2


def recall_at(ranking: Sequence[Hashable], relevant: Collection[Hashable], k: int) -> float:
    """Share of the relevant that stand among the first k; 0 without any relevant."""
    wanted = set(relevant)
    return len(wanted & set(ranking[:k])) / len(wanted) if wanted else 0.0


def reciprocal_rank(ranking: Sequence[Hashable], relevant: Collection[Hashable], k: int = 10) -> float:
    """1 / rank of the first relevant among the first k; 0 if there is none."""
    for rank, item in enumerate(ranking[:k], 1):
        if item in relevant:
            return 1 / rank
    return 0.0


def ndcg(gains: Sequence[float], k: int = 10) -> float:
    """Discounted gain of the ranking, given the gain at each rank, over that of the best order (Järvelin and Kekäläinen 2002)."""
    best = sum(gain / log2(rank + 1) for rank, gain in enumerate(sorted(gains, reverse=True)[:k], 1))
    return sum(gain / log2(rank + 1) for rank, gain in enumerate(gains[:k], 1)) / best if best else 0.0


def auc(labels: Sequence[bool], scores: Sequence[float]) -> float:
    """Chance that a random positive scores above a random negative, ties half; 0.5 when one group is empty."""
    ordered = sorted(zip(scores, labels, strict=True))
    positives = sum(labels)
    negatives = len(labels) - positives
    if not positives or not negatives:
        return 0.5
    total, i = 0.0, 0
    while i < len(ordered):
        j = i
        while j < len(ordered) and ordered[j][0] == ordered[i][0]:
            j += 1
        total += sum(label for _, label in ordered[i:j]) * (i + j + 1) / 2
        i = j
    return (total - positives * (positives + 1) / 2) / (positives * negatives)
