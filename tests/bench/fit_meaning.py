"""Learns bot/understanding/meaning.npz: python -m tests.bench.fit_meaning (a minute). Prints the accuracy under five-fold cross-validation.

A multinomial logistic model over the packaged embedding, from texts/wants.tsv: 5,000 messages of our own, labelled by what they want.
"""

import sys
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

from bot.understanding import meaning
from retrieval.embedding import open_embedder

TEXTS = Path(__file__).with_name("texts") / "wants.tsv"
SCALE = 20.0
"""The embedding's differences are small; this brings them to the size that the regularisation expects."""
LOOSENESS = 0.05


def main() -> None:
    """Writes the model."""
    rows = [line.split("\t") for line in TEXTS.read_text(encoding="utf-8").splitlines()]
    labels = np.array([row[0] for row in rows])
    embedder = open_embedder()
    vectors = embedder.embed([row[2] for row in rows])
    mean = vectors.mean(axis=0)
    scaled = (vectors - mean) * SCALE
    model = LogisticRegression(C=LOOSENESS, max_iter=1000)
    said = cross_val_predict(model, scaled, labels, cv=5)
    model.fit(scaled, labels)
    np.savez_compressed(
        meaning.FILE,
        model=embedder.name,
        labels=model.classes_.astype("U20"),
        mean=mean.astype(np.float16),
        weights=(model.coef_ * SCALE).astype(np.float16),
        offsets=model.intercept_.astype(np.float16),
    )
    sys.stdout.write(f"{len(rows)} messages, {len(model.classes_)} labels; right under cross-validation: {np.mean(said == labels):.3f}\n")


if __name__ == "__main__":
    main()
