"""Trains bot/understanding/intent_weights.npz.   python tests/bench/train_intents.py DATA_DIR [--measure]

DATA_DIR holds bitext/utterances.jsonl, clinc150/utterances.csv, banking77/utterances.csv, crosswoz_offtopic_zh/first_turns.jsonl,
semipqa/dev.jsonl, uneed_zh/dialogues.jsonl (origin and licences: NOTICE.md) beside our own intent_sentences.toml and the attribute questions
of knowledge/attribute_names.toml. Half of each set (by a hash of the text) is never trained on; figures are of that half.
"""

import csv
import hashlib
import itertools
import json
import re
import sys
import tomllib
from collections import Counter
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from bot.understanding.linear import BUCKETS, features
from knowledge.attribute_names import _tables

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
CLASSES = ("human", "order", "complaint", "shop", "off", "chat")
BITEXT = {
    "contact_human_agent": "human",
    "complaint": "complaint",
    "cancel_order": "order",
    "track_order": "order",
    "get_invoice": "order",
}
CLINC_CHAT = {"greeting", "goodbye", "thank_you", "are_you_a_bot", "what_is_your_name", "who_made_you", "what_can_i_ask_you", "how_old_are_you",
              "where_are_you_from", "do_you_have_pets", "what_are_your_hobbies", "who_do_you_work_for", "yes", "no", "maybe", "repeat", "cancel"}  # fmt: skip
CLINC_SKIP = {"order", "plug_type", "carry_on", "redeem_rewards", "rewards_balance", "user_name", "change_user_name", "change_language", "reset_settings",
              "change_ai_name", "change_accent", "whisper_mode", "restaurant_reviews", "gas_type", "nutrition_info", "calories", "ingredients_list", "food_last",
              "measurement_conversion", "international_fees", "application_status", "fun_fact", "change_speed", "change_volume"}  # fmt: skip
CLINC_ORDER = {"order_status"}
BANKING_SKIP = re.compile(
    r"refund|delivery|payment|country_support|supported_cards|visa_or|apple_pay|edit_personal|receiving|cancel|arrival|exchange"
)


def unseen(text: str, source: str) -> bool:
    """Half of what others wrote, a fifth of our own sentences; none of the attribute questions, which are a list and not a sample."""
    first = hashlib.sha256(text.strip().lower().encode()).digest()[0]
    return source != "asks" and (first % 5 == 0 if source in {"own", "faq"} else first % 2 == 1)


def expand(pattern: str, most: int = 60) -> list[str]:
    parts = [part.split("|") if number % 2 else [part] for number, part in enumerate(re.split(r"[{}]", pattern))]
    rows = ["".join(row) for row in itertools.product(*parts)]
    rows.sort(key=lambda row: hashlib.sha256(row.encode()).digest())
    return rows[:most]


def own() -> list[tuple[str, str, str]]:
    rows = []
    sentences = tomllib.loads((HERE / "intent_sentences.toml").read_text(encoding="utf-8"))
    for label, patterns in sentences.items():
        for pattern in patterns:
            rows.extend((text, label, "own") for text in expand(pattern))
    for concept in _tables().concepts.values():
        for ask in concept.asks:
            if "~" not in ask:
                rows.append((ask, "shop", "asks"))
                rows.append((f"这款{ask}" if re.search(r"[\u4e00-\u9fff]", ask) else f"{ask} it", "shop", "asks"))
        for name in concept.names[:40]:
            if len(name) > 1:
                rows.append((f"{name}是多少" if re.search(r"[\u4e00-\u9fff]", name) else f"what is the {name}", "shop", "asks"))
    with (ROOT / "knowledge/demo/faq.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row.get("category", "").lower() not in {"orders", "account", "privacy"}:
                rows.extend((text, "shop", "faq") for text in [row["question"], *row.get("also_asked", "").split("|")] if text.strip())
    return rows


def load(data: Path) -> list[tuple[str, str, str]]:
    rows = own()
    for line in (data / "bitext/utterances.jsonl").read_text().splitlines():
        row = json.loads(line)
        if row["intent"] != "contact_customer_service":
            rows.append((row["utterance"], BITEXT.get(row["intent"], "shop"), "bitext:" + row["intent"]))
    with (data / "clinc150/utterances.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            intent = row["intent"]
            if intent in CLINC_SKIP:
                continue
            label = "chat" if intent in CLINC_CHAT else "order" if intent in CLINC_ORDER else "off"
            rows.append((row["text"], label, "clinc:" + intent))
    with (data / "banking77/utterances.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            if not BANKING_SKIP.search(row["intent"].lower()):
                rows.append((row["text"], "off", "banking:" + row["intent"]))
    for line in (data / "crosswoz_offtopic_zh/first_turns.jsonl").read_text().splitlines():
        rows.append((json.loads(line)["text"], "off", "crosswoz"))
    for line in (data / "semipqa/dev.jsonl").read_text().splitlines():
        rows.append((json.loads(line)["question"], "shop", "semipqa"))
    for line in (data / "uneed_zh/dialogues.jsonl").read_text().splitlines():
        rows.extend(
            (turn["text"], "shop", "uneed") for turn in json.loads(line)["turns"] if turn["who"] == "用户" and len(turn["text"]) > 3
        )
    return list(dict.fromkeys(rows))


def matrix(texts: list[str]) -> csr_matrix:
    data, columns, ends = [], [], [0]
    for text in texts:
        buckets, weights = features(text)
        order = np.argsort(buckets)
        columns.append(buckets[order])
        data.append(weights[order])
        ends.append(ends[-1] + len(buckets))
    return csr_matrix((np.concatenate(data), np.concatenate(columns), np.array(ends)), shape=(len(texts), BUCKETS))


def main() -> None:
    data = Path(sys.argv[1])
    rows = load(data)
    train = [row for row in rows if not unseen(row[0], row[2])]
    test = [row for row in rows if unseen(row[0], row[2])]
    y = np.array([CLASSES.index(label) for _, label, _ in train])
    counts = Counter(label for _, label, _ in train)
    print(len(train), len(test), counts)
    balance = np.array([(len(train) / (len(CLASSES) * counts[label])) ** 0.5 for _, label, _ in train])
    balance *= np.array([2.0 if source in {"own", "faq"} else 1.0 for _, _, source in train])
    model = LogisticRegression(C=30.0, max_iter=200, solver="lbfgs")
    model.fit(matrix([text for text, _, _ in train]), y, sample_weight=balance)
    full = model.coef_.astype(np.float32)
    scales = np.abs(full).max(axis=1) / 127.0
    weights = np.round(full / scales[:, None]).astype(np.int8)
    bias = model.intercept_.astype(np.float32)
    np.savez_compressed(ROOT / "bot/understanding/intent_weights.npz", classes=np.array(CLASSES), weights=weights, scales=scales, bias=bias)
    scores = matrix([text for text, _, _ in test]) @ (weights * scales[:, None]).T + bias
    guess = scores.argmax(axis=1)
    truth = np.array([CLASSES.index(label) for _, label, _ in test])
    print("accuracy on the unseen half", (guess == truth).mean())
    for number, name in enumerate(CLASSES):
        print(name, "recall", (guess[truth == number] == number).mean(), "precision", (truth[guess == number] == number).mean())
    wrong = [
        (test[i][0], CLASSES[truth[i]], CLASSES[guess[i]], test[i][2])
        for i in range(len(test))
        if guess[i] != truth[i] and truth[i] in (0, 3)
    ]
    for row in wrong[:40]:
        print(row)


if __name__ == "__main__":
    main()
