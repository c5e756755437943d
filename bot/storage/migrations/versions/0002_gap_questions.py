"""Each asking of a gap is kept with its conversation, so that a customer who is forgotten takes the words along.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

from knowledge.storage import columns

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "gap_questions",
        sa.Column("id", columns.Key(), nullable=False),
        sa.Column("shop_id", columns.Key(), nullable=False),
        sa.Column("gap_id", columns.Key(), nullable=False),
        sa.Column("conversation_id", columns.Key(), nullable=False),
        sa.Column("question", columns.Words(), nullable=False),
        sa.Column("at", columns.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_gap_questions_shop_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["gap_id"], ["gaps.id"], name=op.f("fk_gap_questions_gap_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gap_questions")),
    )
    for column in ("shop_id", "gap_id", "conversation_id"):
        op.create_index(op.f(f"ix_gap_questions_{column}"), "gap_questions", [column], unique=False)


def downgrade() -> None:
    op.drop_table("gap_questions")
