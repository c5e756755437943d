"""The rules of the house: shipping, returns, warranty, payment, privacy."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Section:
    """A headed piece of a policy. `anchor`: slug of the heading, unique in the document."""

    heading: str
    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy document in one language."""

    id: str
    """The file's name, as the merchant knows it: returns.en.md. A section is cited as id#anchor."""
    title: str
    language: str
    topic: str
    """shipping | returns | warranty | payment | privacy | other."""
    sections: tuple[Section, ...]
