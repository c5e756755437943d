"""What shops spend on their language model, by day.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

from knowledge.storage import columns

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "model_spending",
        sa.Column("shop_id", columns.Key(), nullable=False),
        sa.Column("day", columns.Key(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("nanos", sa.BigInteger(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("estimated", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("tokens_in", sa.BigInteger(), nullable=False),
        sa.Column("tokens_out", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_model_spending_shop_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("shop_id", "day", "currency", name=op.f("pk_model_spending")),
    )


def downgrade() -> None:
    op.drop_table("model_spending")
