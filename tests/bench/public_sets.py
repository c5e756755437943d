"""The public development sets (but for ranking the halves that nothing was learnt from), as datasets of bot/evaluation; what is not there is empty.

Read from ZHANGGUI_DEV_DATA. Origin and licences: NOTICE.md.
"""

import csv
import hashlib
import json
import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.evaluation.intent_set import LabelledMessage
from bot.evaluation.ranking_set import RankedQuestion
from bot.evaluation.retrieval_set import CorpusDocument, JudgedQuery, RetrievalSet
from retrieval.ranking import Candidate
from tests.bench.fit_meaning import SHOP_LIKE
from tests.bench.train_intents import unseen

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("ZHANGGUI_DEV_DATA", ROOT.parent / "shared" / "data"))
SAMPLE = int(os.environ.get("ZHANGGUI_BENCH_SAMPLE", "300"))
"""Messages taken of a large set; always the same."""


def half(qid: str) -> int:
    """0 or 1, by a hash of the question's id."""
    return int(hashlib.sha256(qid.encode()).hexdigest(), 16) % 2


def lines(*names: str) -> list[dict[str, Any]]:
    """The objects of a file of the development data; [] without it."""
    path = DATA.joinpath(*names)
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line] if path.exists() else []


def ranking(name: str) -> list[RankedQuestion]:
    """Questions with candidates: epqa, semipqa, hetpqa."""
    return [
        RankedQuestion(
            row["qid"],
            "en",
            row["question"],
            tuple(Candidate(c["id"], c["text"]) for c in row["candidates"]),
            tuple(float(c["label"]) for c in row["candidates"]),
        )
        for row in lines(name, "dev.jsonl")
        if half(row["qid"]) == 1
    ]


def open_search() -> RetrievalSet | None:
    """ePQA without its products known: every candidate as "title | text", asked by title and question; full answers are relevant."""
    rows = lines("epqa", "dev.jsonl")
    corpus = [
        CorpusDocument(f"{row['qid']}/{c['id']}", "faq", "", f"{row['title']} | {c['text']}") for row in rows for c in row["candidates"]
    ]
    queries = []
    for row in rows:
        relevant = {f"{row['qid']}/{c['id']}": 1.0 for c in row["candidates"] if c["label"] == 2}
        if relevant and half(row["qid"]) == 1:
            queries.append(JudgedQuery(row["qid"], "en", f"{row['title']} {row['question']}", relevant))
    return RetrievalSet("test", tuple(corpus), tuple(queries)) if queries else None


def off_topic() -> dict[str, list[str]]:
    """Messages that are no matter of a shop, by set and language; what a shop may fairly be asked (SHOP_LIKE) is left out."""
    found: dict[str, list[str]] = {}
    for name, file, texts in (
        ("CLINC150, en", ("clinc150", "utterances.csv"), lambda rows: [row for row in rows if row["split"] in ("val", "oos_val")]),
        ("banking77, en", ("banking77", "utterances.csv"), lambda rows: rows[1::2]),
    ):
        rows = texts(list(_table(*file)))
        if rows:
            found[name] = [row["text"] for row in rows if row["intent"] not in SHOP_LIKE]
    if rows := lines("crosswoz_offtopic_zh", "first_turns.jsonl"):
        found["CrossWOZ, zh"] = [row["text"] for row in rows[1::2]]
    return {name: sampled(texts) for name, texts in found.items()}


def asks_for_person() -> list[LabelledMessage]:
    """Bitext's messages that ask for a person and a sample of the rest (how to reach the service may be taken either way); in Chinese our own
    sentences that the linear model never saw, beside other sets' questions."""
    from tests.bench.train_intents import own

    rows = [row for row in lines("bitext", "utterances.jsonl") if unseen(row["utterance"], "bitext:" + row["intent"])]
    human = [row["utterance"] for row in rows if row["handoff"]]
    other = [row["utterance"] for row in rows if not row["handoff"] and row["intent"] != "contact_customer_service"]
    chinese = [row for row in own() if unseen(row[0], row[2]) and any("一" <= letter <= "鿿" for letter in row[0])]
    zh_other = [text for text, label, _ in chinese if label != "human"]
    labelled = [("en", text, "human") for text in human] + [("en", text, "other") for text in sampled(other)]
    labelled += [("zh", text, "human") for text, label, _ in chinese if label == "human"]
    labelled += [("zh", text, "other") for text in sampled([*zh_other, *off_topic().get("CrossWOZ, zh", [])])]
    return [LabelledMessage(str(n), language, text, (label,)) for n, (language, text, label) in enumerate(labelled)]


def sampled(texts: list[str]) -> list[str]:
    """At most SAMPLE of them, the same ones each time."""
    return random.Random(5).sample(texts, SAMPLE) if len(texts) > SAMPLE else texts


def _table(*names: str) -> Iterator[dict[str, str]]:
    path = DATA.joinpath(*names)
    if path.exists():
        with path.open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)
