"""Recognises what a folder holds by its files, and reads it whole before anything is measured."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.errors import InvalidInput
from bot.evaluation.adversarial_set import HostileText, read_adversarial
from bot.evaluation.conversation_set import ExpectedConversation, read_conversations, read_pinned
from bot.evaluation.intent_set import LabelledMessage, read_intents
from bot.evaluation.off_topic_set import Stray, read_off_topic
from bot.evaluation.ranking_set import RankedQuestion, read_ranking
from bot.evaluation.retrieval_set import RetrievalSet, read_retrieval

SHOP = "shop"
"""The folder, inside the dataset's, whose files are imported into a shop that the dataset is asked of. Without it: the demo shop."""
SHOP_JSON = "shop.json"
"""Beside it: the shop's name, currency, languages and settings, as in knowledge/demo/shop.toml."""
PINNED = "pinned.jsonl"
FILES = ("corpus.jsonl", "ranking.jsonl", "intents.csv", "conversations.jsonl", "off_topic.jsonl", "adversarial.jsonl", PINNED)
"""By which a dataset is recognised; a folder may hold several."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """A folder's datasets; what it does not hold is empty."""

    folder: Path
    retrieval: tuple[RetrievalSet, ...] = ()
    ranking: tuple[RankedQuestion, ...] = ()
    intents: tuple[LabelledMessage, ...] = ()
    conversations: tuple[ExpectedConversation, ...] = ()
    off_topic: tuple[Stray, ...] = ()
    adversarial: tuple[HostileText, ...] = ()
    pinned: tuple[ExpectedConversation, ...] = ()

    @property
    def shop_files(self) -> tuple[Path, ...]:
        """What is imported into its shop; () means the demo shop."""
        return _shop_files(self.folder)

    @property
    def asks_a_shop(self) -> bool:
        """Whether any part needs a shop that answers."""
        return any((self.intents, self.conversations, self.off_topic, self.adversarial, self.pinned))


def read_dataset(folder: Path) -> Dataset:
    """Raises InvalidInput, naming file and line, before anything is measured."""
    if not folder.is_dir():
        raise InvalidInput(f"There is no folder {folder}; give one that holds a dataset (docs/evaluation.md shows the formats).")
    if not any((folder / name).exists() for name in FILES):
        raise InvalidInput(f"{folder} holds no dataset; it needs one of {', '.join(FILES)} (docs/evaluation.md shows the formats).")
    if (folder / SHOP).is_dir() and not _shop_files(folder):
        raise InvalidInput(f"{folder / SHOP} is empty; put the shop's files there, or remove the folder to ask the demo shop.")

    def path(name: str) -> Path | None:
        return folder / name if (folder / name).exists() else None

    return Dataset(
        folder,
        tuple(read_retrieval(folder, _judgements(folder))) if path("corpus.jsonl") else (),
        tuple(read_ranking(found)) if (found := path("ranking.jsonl")) else (),
        tuple(read_intents(found)) if (found := path("intents.csv")) else (),
        tuple(read_conversations(found)) if (found := path("conversations.jsonl")) else (),
        tuple(read_off_topic(found)) if (found := path("off_topic.jsonl")) else (),
        tuple(read_adversarial(found)) if (found := path("adversarial.jsonl")) else (),
        tuple(read_pinned(found)) if (found := path(PINNED)) else (),
    )


def _shop_files(folder: Path) -> tuple[Path, ...]:
    """Folders too, which an import reads; not what systems hide there (.DS_Store)."""
    shop = folder / SHOP
    return tuple(sorted(path for path in shop.iterdir() if not path.name.startswith("."))) if shop.is_dir() else ()


def _judgements(folder: Path) -> Sequence[Path]:
    if not (folder / "queries.jsonl").exists():
        raise InvalidInput(f"{folder} holds corpus.jsonl without queries.jsonl; a retrieval set needs both and qrels/*.tsv.")
    found = sorted((folder / "qrels").glob("*.tsv"))
    if not found:
        raise InvalidInput(f"{folder} holds corpus.jsonl without qrels/*.tsv, which say what answers which query.")
    return found


def fingerprint(folder: Path) -> str:
    """Of everything in the folder: another one means that figures can't be compared."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(folder).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()
