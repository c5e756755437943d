"""A hand edit remembers what its file last brought, so that the next import is merged with it.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("documents", sa.Column("upstream_source", sa.Text()))
    op.add_column("documents", sa.Column("upstream", sa.Text()))


def downgrade() -> None:
    op.drop_column("documents", "upstream")
    op.drop_column("documents", "upstream_source")
