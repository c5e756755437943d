"""Feeds that rest, and why a poll failed in a form that can be told in any language.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("feeds", sa.Column("paused", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("feeds", sa.Column("problem", sa.JSON()))


def downgrade() -> None:
    op.drop_column("feeds", "problem")
    op.drop_column("feeds", "paused")
