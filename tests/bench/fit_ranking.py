"""Learns the weights of retrieval/ranking.py and reports both halves: python -m tests.bench.fit_ranking FOLDER_OF_DATASETS.

FOLDER holds epqa/dev.jsonl, semipqa/dev.jsonl and hetpqa/dev.jsonl (amazon-science/contextual-product-qa, CDLA-Sharing-1.0), one question a
line. Weights are learnt on the questions whose id hashes to an even number; the odd ones are only reported.
"""

import hashlib
import json
import sys
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from retrieval import ranking
from retrieval.embedding import open_embedder
from retrieval.evaluation import auc, ndcg

SETS = (("epqa", 2), ("semipqa", 1), ("hetpqa", 1))


def half(qid: str) -> int:
    return int(hashlib.sha256(qid.encode()).hexdigest(), 16) % 2


def listwise(X, y, l2):
    """Softmax over each list, L2 on the weights."""

    def loss(w):
        value, gradient = 0.0, np.zeros_like(w)
        for x, p in zip(X, y, strict=True):
            z = x @ w
            e = np.exp(z - z.max())
            s = e / e.sum()
            value -= (p * np.log(s + 1e-12)).sum()
            gradient -= x.T @ (p - s)
        return value / len(X) + l2 * (w @ w) / 2, gradient / len(X) + l2 * w

    return minimize(loss, np.zeros(X[0].shape[1]), jac=True, method="L-BFGS-B").x


def logistic(X, y, l2):
    def loss(w):
        z = X @ w[1:] + w[0]
        p = 1 / (1 + np.exp(-z))
        value = -np.mean(y * np.log(p + 1e-12) + (1 - y) * np.log(1 - p + 1e-12)) + l2 * (w[1:] @ w[1:]) / 2
        return value, np.concatenate([[np.mean(p - y)], X.T @ (p - y) / len(y) + l2 * w[1:]])

    return minimize(loss, np.zeros(X.shape[1] + 1), jac=True, method="L-BFGS-B").x


def main(folder: Path) -> None:
    embedder = open_embedder()
    vectors = ranking.TextVectors(embedder, remembered=60000)
    data = {}
    for name, top in SETS:
        rows = [json.loads(line) for line in (folder / name / "dev.jsonl").open(encoding="utf-8")]
        vectors.of([ranking.readable(c["text"]) for row in rows for c in row["candidates"]])
        found = []
        for row in rows:
            candidates = [ranking.Candidate(c["id"], c["text"]) for c in row["candidates"]]
            labels = np.array([c["label"] for c in row["candidates"]])
            found.append(
                (row["qid"], labels, *ranking.features(row["question"], candidates, embedder.embed_query(row["question"]), vectors))
            )
        data[name] = (found, top)
    everything = np.vstack([x for found, _ in data.values() for _, _, x, _ in found])
    mean, deviation = everything.mean(0), everything.std(0) + 1e-9
    X, y = [], []
    for found, top in data.values():
        for qid, labels, x, _ in found:
            if half(qid) == 0 and (labels == top).any() and not (labels == top).all():
                target = np.where(labels == top, 1.0, np.where(labels > 0, 0.15, 0.0))
                X.append((x - mean) / deviation)
                y.append(target / target.sum())
    weights = listwise(X, y, 1e-3) / deviation
    A, b = [], []
    for found, _ in data.values():
        for qid, labels, x, covered in found:
            if half(qid) == 0:
                A.append(ranking.answerable_features(x, x @ weights, covered))
                b.append(float((labels > 0).any()))
    A, b = np.array(A), np.array(b)
    m, d = A.mean(0), A.std(0) + 1e-9
    w = logistic((A - m) / d, b, 1e-2)
    answerable, at = w[1:] / d, w[0] - (w[1:] / d) @ m
    np.set_printoptions(suppress=True, precision=3)
    print("WEIGHTS", dict(zip(ranking.FEATURES, weights.round(3).tolist(), strict=True)))
    print("ANSWERABLE", answerable.round(3).tolist(), "AT", round(float(at), 3))
    good = [float((x @ weights)[labels == top].max()) for found, top in data.values() for _, labels, x, _ in found if (labels == top).any()]
    print("median score of a best answer", round(float(np.median(good)), 2))
    for name, (found, top) in data.items():
        for wanted in (0, 1):
            chosen = [f for f in found if half(f[0]) == wanted]
            ranked = [(labels, x @ weights) for _, labels, x, _ in chosen if (labels == top).any()]
            first = np.mean([labels[np.argmax(s)] == top for labels, s in ranked])
            gain = np.mean([ndcg([2.0**v - 1 for v in labels[np.argsort(-s, kind="stable")]], 10) for labels, s in ranked])
            sure = [float(ranking.answerable_features(x, x @ weights, c) @ answerable + at) for _, _, x, c in chosen]
            has = [bool((labels > 0).any()) for _, labels, _, _ in chosen]
            print(
                f"{name:8} {'learnt' if wanted == 0 else 'unseen'} n={len(ranked)} P@1 {first:.3f} nDCG@10 {gain:.3f} AUC {auc(has, sure):.3f}"
            )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
