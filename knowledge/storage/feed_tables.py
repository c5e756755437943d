"""Tables of feeds and leases; see feeds.py and storage/leases.py."""

from sqlalchemy import JSON, Boolean, Column, Index, Integer, Table, Text, UniqueConstraint, false

from knowledge.storage.columns import Key, Moment, Words
from knowledge.storage.tables import metadata, of_shop

leases = Table(
    "leases",
    metadata,
    Column("name", Key, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("until", Moment, nullable=False),
)

feeds = Table(
    "feeds",
    metadata,
    Column("id", Key, primary_key=True),
    of_shop(),
    Column("source", Key, nullable=False),
    Column("url", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("every_minutes", Integer, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("next_at", Moment, nullable=False),
    # One process polls at a time: who took it, and until when nobody else may.
    Column("holder", Text, nullable=False),
    Column("claimed_until", Moment),
    # What the server said of the copy that was taken last.
    Column("etag", Text, nullable=False),
    Column("last_modified", Text, nullable=False),
    Column("polled_at", Moment),
    Column("taken_at", Moment),
    Column("failures", Integer, nullable=False),
    Column("error", Words, nullable=False),
    Column("report", JSON),
    Column("paused", Boolean(name="paused", create_constraint=False), nullable=False, server_default=false()),
    Column("problem", JSON),
    UniqueConstraint("shop_id", "source"),
    Index("ix_feeds_next_at", "next_at"),
)
