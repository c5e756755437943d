"""Writes retrieval/common_words.txt: python -m tests.bench.count_common_words FOLDER_OF_DATASETS.

Counts short English texts of epqa, semipqa, hetpqa (only questions whose id hashes to an even number) and clinc150 (train, texts that hash to
an even number): questions and statements apart, the larger share of both.
"""

import csv
import json
import sys
from collections import Counter
from pathlib import Path

from retrieval.structured_text import readable
from retrieval.tokens import tokens
from tests.bench.fit_ranking import half

HEAD = """\
# English terms (as retrieval/tokens.py gives them) by the share of short texts that hold them: shoppers' questions, assistant requests and
# product texts. Counted by tests/bench/count_common_words.py on half of ePQA, hetPQA, semiPQA (CDLA-Sharing-1.0) and CLINC150 (CC-BY-3.0).
"""


def main(folder: Path) -> None:
    asked: list[str] = []
    said: list[str] = []
    for name in ("epqa", "semipqa", "hetpqa"):
        for line in (folder / name / "dev.jsonl").open(encoding="utf-8"):
            row = json.loads(line)
            if half(row["qid"]) == 0:
                asked.append(row["question"])
                if name != "semipqa":
                    said.extend(readable(candidate["text"]) for candidate in row["candidates"])
    with (folder / "clinc150" / "utterances.csv").open(encoding="utf-8") as file:
        asked.extend(row["text"] for row in csv.DictReader(file) if row["split"] == "train" and half(row["text"]) == 0)
    share: dict[str, float] = {}
    for texts in (asked, said):
        counts = Counter(term for text in texts for term in set(tokens(text)))
        for term, count in counts.items():
            if count >= 6 and count / len(texts) >= 0.002 and term.isascii() and not any(c.isdigit() for c in term):
                share[term] = max(share.get(term, 0.0), count / len(texts))
    rows = sorted(((value, term) for term, value in share.items()), reverse=True)
    lines = [f"{term} {value:.4f}\n" for value, term in rows]
    Path("retrieval/common_words.txt").write_text(HEAD + "".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
