"""The knowledge package's tables. Each row belongs to a shop and goes with it.

The metadata is shared with `bot/storage/tables.py`, so that one set of migrations covers both packages.
"""

from sqlalchemy import JSON, BigInteger, Boolean, Column, ForeignKey, Index, Integer, MetaData, Table, Text, UniqueConstraint

from knowledge.storage.columns import Key, Moment, Words

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def of_shop(*, primary_key: bool = False, index: bool = False) -> Column[str]:
    """The column that ties a row to its shop."""
    return Column("shop_id", Key, ForeignKey("shops.id", ondelete="CASCADE"), nullable=False, primary_key=primary_key, index=index)


shops = Table(
    "shops",
    metadata,
    Column("id", Key, primary_key=True),
    Column("slug", Key, nullable=False, unique=True),
    Column("name", JSON, nullable=False),
    Column("currency", Text, nullable=False),
    Column("languages", JSON, nullable=False),
    Column("settings", JSON, nullable=False),
    Column("created_at", Moment, nullable=False),
    # The revision that serves (0: none), the one being drafted, the highest number ever given; a number is never used twice.
    Column("serving", Integer, nullable=False),
    Column("draft", Integer),
    Column("last_revision", Integer, nullable=False),
    Column("offers_version", BigInteger, nullable=False),
)

revisions = Table(
    "revisions",
    metadata,
    of_shop(primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("state", Text, nullable=False),
    Column("added", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("removed", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("published_at", Moment),
    Column("note", Words, nullable=False),
    Column("author", Words, nullable=False),
    Column("edits", Integer, nullable=False),  # grows with every change of the draft
    Column("checked", JSON(none_as_null=True)),
)

documents = Table(
    "documents",
    metadata,
    of_shop(primary_key=True),
    Column("kind", Key, primary_key=True),
    Column("id", Key, primary_key=True),
    Column("valid_from", Integer, primary_key=True, autoincrement=False),
    Column("valid_until", Integer),  # the first revision without this row; NULL: still so in the newest, draft included
    Column("source", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("care", JSON(none_as_null=True)),
    Column("author", Words, nullable=False),
    Column("at", Moment),
    Column("ended_by", Words),  # who deleted it, where it was deleted
    Column("upstream_source", Text),  # of a hand edit: the file that also has the entry, and what that last brought (JSON)
    Column("upstream", Text),
    Index("ix_documents_valid_from", "shop_id", "valid_from"),
    Index("ix_documents_valid_until", "shop_id", "valid_until"),
)

deleted_entries = Table(
    "deleted_entries",
    metadata,
    of_shop(primary_key=True),
    Column("kind", Key, primary_key=True),
    Column("id", Key, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("at", Moment, nullable=False),
)
"""Entries that people deleted by hand, so that the next import of a file that still has them does not bring them back."""

sources = Table(
    "sources",
    metadata,
    of_shop(primary_key=True),
    Column("name", Key, primary_key=True),
    Column("format", Text, nullable=False),
    Column("documents", Integer, nullable=False),
    Column("imported_at", Moment, nullable=False),
    Column("mapping", JSON(none_as_null=True)),
)

live_offers = Table(
    "live_offers",
    metadata,
    of_shop(primary_key=True),
    Column("sku", Key, primary_key=True),
    Column("currency", Text),
    Column("regular", BigInteger),  # amounts in minor units of `currency`
    Column("sale", BigInteger),
    Column("up_to", BigInteger),
    Column("sale_from", Moment),
    Column("sale_until", Moment),
    Column("state", Text, nullable=False),
    Column("quantity", BigInteger),
    Column("as_of", Moment),
    Column("version", BigInteger, nullable=False),
    Index("ix_live_offers_version", "shop_id", "version"),
)

gaps = Table(
    "gaps",
    metadata,
    Column("id", Key, primary_key=True),
    of_shop(index=True),
    Column("normalised", Key, nullable=False),
    Column("question", Words, nullable=False),
    Column("language", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("asked", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("first_at", Moment, nullable=False),
    Column("last_at", Moment, nullable=False),
    Column("product_id", Text, nullable=False),
    Column("attribute", Text, nullable=False),
    Column("entry_id", Text, nullable=False),
    Column("joined_to", Key, index=True),  # the gap that stands for it; NULL: itself
    Column("compared", Boolean(name="compared", create_constraint=False), nullable=False),
    UniqueConstraint("shop_id", "normalised"),
)

gap_questions = Table(
    "gap_questions",
    metadata,
    Column("id", Key, primary_key=True),
    of_shop(index=True),
    Column("gap_id", Key, ForeignKey("gaps.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("conversation_id", Key, nullable=False, index=True),
    Column("question", Words, nullable=False),
    Column("at", Moment, nullable=False),
)
"""Each time a gap was asked, in whose words: what a customer who is forgotten takes along. `conversation_id` "": nobody's."""

pinned_questions = Table(
    "pinned_questions",
    metadata,
    Column("id", Key, primary_key=True),
    of_shop(index=True),
    Column("question", Words, nullable=False),
    Column("language", Text, nullable=False),
    Column("turns", JSON, nullable=False),
    Column("expected", JSON, nullable=False),
    Column("created_by", Words, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
)
