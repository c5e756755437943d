"""The form that asks what the columns of an uploaded file mean, and what comes back from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.uploads.upload_store import Upload
from knowledge.importing.columns import IGNORE, SURE
from knowledge.importing.mapping import FIELDS, ColumnMapping

LOCAL = ("title", "description", "category", "highlight", "question", "answer", "also_asked", "text")
"""Fields that may be given in a language: "title:zh"."""
EXAMPLES = 3
"""Different cells of a column that stand beside it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A meaning that a column may have. `field`: its words are `field.NAME`; `about`: the language, or the name of an attribute."""

    meaning: str
    field: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class AskedColumn:
    """One column: what it may mean, what it is taken for, and what stands in it."""

    key: str
    column: str
    choices: tuple[Choice, ...]
    chosen: str
    asked: bool
    """It may be what matters, and its name does not tell."""
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AskedFile:
    """One file (or sheet) whose columns are unsure. `key`: what its kind is called in the form."""

    key: str
    path: str
    source: str
    kind: str
    kinds: tuple[str, ...]
    """Those that it may be changed to; empty where it holds more than one."""
    missing: tuple[str, ...]
    untold: bool
    """Nothing of it can be read before somebody says more."""
    asked: tuple[AskedColumn, ...]
    others: tuple[AskedColumn, ...]
    rows: tuple[Mapping[str, str], ...]


def asked_files(upload: Upload, languages: Sequence[str], kinds: Mapping[str, str]) -> list[AskedFile]:
    """What the form shows: while it asks, the files that hold it up; afterwards all whose columns were read. `kinds`: by key of a file, the
    kind that the merchant chose for it."""
    found = []
    for i, file in enumerate(upload.files):
        for j, proposal in enumerate(file["proposals"]):
            if upload.state == "asks" and file["state"] != "asks":
                continue
            key = f"k-{i}-{j}"
            kind = kinds.get(key) if kinds.get(key) in FIELDS and proposal["kind"] != "offers" else None
            found.append(_file(key, bool(file["error"]), proposal, kind or proposal["kind"], languages))
    return found


def said_mappings(upload: Upload, form: Mapping[str, Any]) -> dict[str, ColumnMapping]:
    """By source, what the form says of its columns. Raises InvalidMapping."""
    mappings: dict[str, ColumnMapping] = {}
    for i, file in enumerate(upload.files):
        for j, proposal in enumerate(file["proposals"]):
            if f"k-{i}-{j}" not in form:
                continue
            kind = str(form.get(f"k-{i}-{j}", ""))
            columns = {column["column"]: str(form.get(f"m-{i}-{j}-{c}") or column["field"]) for c, column in enumerate(proposal["columns"])}
            said = ColumnMapping.from_json({"columns": columns, "kind": kind if proposal["alone"] and kind in FIELDS else ""})
            mappings[proposal["source"]] = mappings.get(proposal["source"], ColumnMapping()).with_(said)
    return mappings


def _file(key: str, untold: bool, proposal: Mapping[str, Any], kind: str, languages: Sequence[str]) -> AskedFile:
    fields = FIELDS.get(kind, FIELDS["products"])
    columns = []
    for c, column in enumerate(proposal["columns"]):
        name = column["column"]
        cells = dict.fromkeys(cell for row in proposal["rows"] if (cell := " ".join(row.get(name, "").split())))
        choices = _choices(name, column["field"], kind, fields, languages)
        chosen = column["field"] if any(choice.meaning == column["field"] for choice in choices) else IGNORE
        asked = name in proposal.get("doubtful", ()) or chosen in proposal["missing"] or (untold and column["confidence"] < SURE)
        columns.append(AskedColumn(f"m{key[1:]}-{c}", name, choices, chosen, asked, tuple(cells)[:EXAMPLES]))
    kinds = tuple(FIELDS) if proposal["alone"] and kind in FIELDS else ()
    missing = tuple(proposal["missing"]) if kind == proposal["kind"] else ()
    asked_first = tuple(one for one in columns if one.asked), tuple(one for one in columns if not one.asked)
    return AskedFile(key, proposal["path"], proposal["source"], kind, kinds, missing, untold, *asked_first, tuple(proposal["rows"]))


def _choices(column: str, proposed: str, kind: str, fields: Sequence[str], languages: Sequence[str]) -> tuple[Choice, ...]:
    found = [Choice(IGNORE, "ignore")]
    if kind == "products":
        found += [Choice(f"attribute:{column}", "attribute", column), Choice(f"option:{column}", "option", column)]
    found += [Choice(field, field) for field in fields]
    found += [Choice(f"{field}:{tag}", field, tag) for field in fields if field in LOCAL for tag in languages]
    name, _, about = proposed.partition(":")
    if proposed not in {one.meaning for one in found} and (name in fields or (about and kind == "products")):
        found.insert(1, Choice(proposed, name.replace(" ", "_"), about))
    return tuple(found)
