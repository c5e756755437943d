"""Table of work on a shop's knowledge that a merchant watches: publishing, going back, asking the test questions."""

from sqlalchemy import JSON, Boolean, Column, Integer, Table, Text

from knowledge.storage.columns import Key, Moment, Words
from knowledge.storage.tables import metadata, of_shop

knowledge_jobs = Table(
    "knowledge_jobs",
    metadata,
    Column("id", Key, primary_key=True),
    of_shop(index=True),
    Column("kind", Text, nullable=False),
    Column("revision", Integer, nullable=False),  # the draft as it was after `edits` changes, or what is gone back to
    Column("edits", Integer, nullable=False),
    Column("base", Integer, nullable=False),  # the revision that served
    Column("note", Words, nullable=False),
    Column("confirm", Boolean, nullable=False),
    Column("state", Text, nullable=False),
    Column("step", Text, nullable=False),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("result", JSON),
    Column("error", Words, nullable=False),
    Column("started_by", Words, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("heard_at", Moment, nullable=False),
)
