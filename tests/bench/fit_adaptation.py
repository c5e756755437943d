"""Learns retrieval/adaptation.npz and adaptation_second.npz: python -m tests.bench.fit_adaptation (needs the extra `models`; three minutes).

From texts/house_questions.jsonl, our own FAQ entries with many phrasings each in both languages, a linear map is learnt that brings a phrasing
nearer to the other phrasings and the answer of its entry than to those of its neighbours (InfoNCE, van den Oord et al. 2018, arXiv 1807.03748).
The map stays near the identity, so that a shop whose questions look otherwise loses little. No shop of ours or of a test is among the texts.
The second model's map learns half of its pairs across the languages. With --second alone it is learnt.
"""

import json
import random
import sys
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from retrieval import adaptation
from retrieval.embedding import Embedder, cross_language_embedder, open_embedder

TEXTS = Path(__file__).with_name("texts") / "house_questions.jsonl"
STEPS, RATE, TEMPERATURE, STAY = 900, 0.0007, 0.07, 0.003
"""Batches, Adam's rate, softmax temperature in cosines, pull to the identity."""
ACROSS = 0.5
BATCH, NEIGHBOURS = 96, 32
"""Entries in a batch: of all areas, and of one, since telling neighbours apart is what matters."""


def main() -> None:
    """Writes the maps."""
    if "--second" not in sys.argv:
        learn(open_embedder(), adaptation.FILE, across=0.0)
    learn(cross_language_embedder(), adaptation.SECOND, across=ACROSS)


def learn(embedder: Embedder, file: Path, *, across: float) -> None:
    """Writes a model's map. `across`: share of the pairs that are of two languages for sure."""
    torch.manual_seed(0)
    chance = random.Random(0)
    entries = [json.loads(line) for line in TEXTS.read_text(encoding="utf-8").splitlines()]
    asked: list[torch.Tensor] = []
    told: list[torch.Tensor] = []
    languages: list[tuple[list[str], list[str]]] = []
    areas: dict[str, list[int]] = {}
    for number, entry in enumerate(entries):
        questions = [text for language in ("en", "zh") if language in entry for text in entry[language]["q"]]
        answers = [
            f"{prefix}{side['a']}" for side in (entry.get("en"), entry.get("zh")) if side for prefix in (side["q"][0] + "\n", "", "")
        ]
        asked.append(torch.tensor(embedder.embed(questions)))
        told.append(torch.cat([asked[-1], torch.tensor(embedder.embed(answers))]))
        spoken = [language for language in ("en", "zh") if language in entry for _ in entry[language]["q"]]
        languages.append((spoken, spoken + [language for language in ("en", "zh") if language in entry for _ in range(3)]))
        areas.setdefault(entry["area"], []).append(number)
    mean = torch.cat(told).mean(0)
    matrix = torch.nn.Parameter(torch.eye(len(mean)))
    optimiser = torch.optim.Adam([matrix], lr=RATE)

    def adapted(vectors: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.normalize((vectors - mean) @ matrix, dim=1)

    for _ in range(STEPS):
        near = areas[chance.choice(list(areas))]
        chosen = chance.sample(range(len(entries)), min(BATCH, len(entries))) + chance.sample(near, min(NEIGHBOURS, len(near)))
        chosen = list(dict.fromkeys(chosen))
        pairs = [_pair(*languages[n], chance, across) for n in chosen]
        questions = adapted(torch.stack([asked[n][question] for n, (question, _) in zip(chosen, pairs, strict=True)]))
        rules = adapted(torch.stack([told[n][rule] for n, (_, rule) in zip(chosen, pairs, strict=True)]))
        scores = questions @ rules.T / TEMPERATURE
        right = torch.arange(len(chosen))
        loss = (torch.nn.functional.cross_entropy(scores, right) + torch.nn.functional.cross_entropy(scores.T, right)) / 2
        loss = loss + STAY * ((matrix - torch.eye(len(mean))) ** 2).sum()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    np.savez_compressed(file, model=embedder.name, mean=_half(mean), matrix=_half(matrix.detach()))
    sys.stdout.write(f"{file.name}: {len(entries)} entries; last loss {loss.item():.2f}; {file.stat().st_size // 1024} kB\n")


def _pair(asked: list[str], told: list[str], chance: random.Random, across: float) -> tuple[int, int]:
    """Places of a phrasing and of what belongs to it, by their languages; with a chance of `across` in another language."""
    question = chance.randrange(len(asked))
    apart = across > 0 and chance.random() < across
    others = [place for place, language in enumerate(told) if not apart or language != asked[question]]
    return question, chance.choice(others or range(len(told)))


def _half(values: torch.Tensor) -> NDArray[np.float16]:
    return values.numpy().astype(np.float16)


if __name__ == "__main__":
    main()
