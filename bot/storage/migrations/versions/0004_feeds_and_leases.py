"""Feeds that are polled on a schedule; leases for work that one process at a time does.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

from knowledge.storage import columns

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "leases",
        sa.Column("name", columns.Key(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("until", columns.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )
    op.create_table(
        "feeds",
        sa.Column("id", columns.Key(), nullable=False),
        sa.Column("shop_id", columns.Key(), nullable=False),
        sa.Column("source", columns.Key(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("every_minutes", sa.Integer(), nullable=False),
        sa.Column("created_at", columns.Moment(), nullable=False),
        sa.Column("next_at", columns.Moment(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("claimed_until", columns.Moment()),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("last_modified", sa.Text(), nullable=False),
        sa.Column("polled_at", columns.Moment()),
        sa.Column("taken_at", columns.Moment()),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("error", columns.Words(), nullable=False),
        sa.Column("report", sa.JSON()),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_feeds_shop_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feeds")),
        sa.UniqueConstraint("shop_id", "source", name=op.f("uq_feeds_shop_id_source")),
    )
    op.create_index("ix_feeds_next_at", "feeds", ["next_at"], unique=False)


def downgrade() -> None:
    op.drop_table("feeds")
    op.drop_table("leases")
