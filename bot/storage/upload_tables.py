"""Tables of uploads: imports that a merchant watches, and the files they are made from."""

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Integer, LargeBinary, Table, Text

from knowledge.storage.columns import Key, Moment, Words
from knowledge.storage.tables import metadata, of_shop

uploads = Table(
    "uploads",
    metadata,
    Column("id", Key, primary_key=True),
    of_shop(index=True),
    Column("kind", Text, nullable=False),
    Column("mode", Text, nullable=False),
    Column("overwrite", Boolean, nullable=False),
    Column("language", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("step", Text, nullable=False),
    Column("files", JSON, nullable=False),
    Column("report", JSON),
    Column("error", Words, nullable=False),
    Column("started_by", Words, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("heard_at", Moment, nullable=False),
)

upload_contents = Table(
    "upload_contents",
    metadata,
    Column("upload_id", Key, ForeignKey("uploads.id", ondelete="CASCADE"), primary_key=True),
    Column("role", Text, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("name", Words, nullable=False),
    Column("content", LargeBinary, nullable=False),
)
