"""What can go wrong with knowledge, as a tree. Each message is one plain sentence that says what to do."""

from collections.abc import Mapping
from types import MappingProxyType


class KnowledgeError(Exception):
    """Base of every expected refusal of the knowledge package. `code` and `sentences` (by language) are there where it was worded for people
    who read other languages."""

    code: str = ""
    sentences: Mapping[str, str] = MappingProxyType({})

    def said(self, language: str) -> str:
        """The sentence in that language, else in English."""
        return self.sentences.get(language.split("-", maxsplit=1)[0]) or self.sentences.get("en") or str(self)


class UnknownEntry(KnowledgeError):
    """No entry of this kind and id exists in that revision."""


class UnknownShop(KnowledgeError):
    """No shop of this slug exists."""


class ShopExists(KnowledgeError):
    """A shop of this slug exists already."""


class FeedExists(KnowledgeError):
    """A feed of this source exists already."""


class UnreadableFile(KnowledgeError):
    """A file that cannot be read as any format we know; nothing of it was imported."""


class InvalidMoney(KnowledgeError):
    """Text that is not an amount, or two amounts of different currencies in one sum."""


class RevisionConflict(KnowledgeError):
    """The revision to publish or roll back to is not in the state that this needs."""


class StaleEntry(KnowledgeError):
    """Somebody else changed the entry since it was read."""


class InvalidEntry(KnowledgeError):
    """An entry whose fields cannot be used; nothing was written. `field`: the dotted place of the first one."""

    def __init__(self, message: str, field: str = "body") -> None:
        super().__init__(message)
        self.field = field


class InvalidSetting(KnowledgeError):
    """A setting of a shop that cannot be used; nothing was written. `field`: its dotted place; `code` and `details`: for other languages."""

    def __init__(self, message: str, field: str, code: str = "", **details: object) -> None:
        super().__init__(message)
        self.field = field
        self.code = code
        self.details = details


class StorageUnavailable(KnowledgeError):
    """The database cannot be opened or is of a newer version than this program."""
