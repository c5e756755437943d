"""Work on a shop's knowledge that is watched, such as a publication; answers that staff corrected.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

from knowledge.storage import columns

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "knowledge_jobs",
        sa.Column("id", columns.Key(), nullable=False),
        sa.Column("shop_id", columns.Key(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("edits", sa.Integer(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("note", columns.Words(), nullable=False),
        sa.Column("confirm", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("result", sa.JSON()),
        sa.Column("error", columns.Words(), nullable=False),
        sa.Column("started_by", columns.Words(), nullable=False),
        sa.Column("started_at", columns.Moment(), nullable=False),
        sa.Column("heard_at", columns.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_knowledge_jobs_shop_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_knowledge_jobs")),
    )
    op.create_index("ix_knowledge_jobs_shop_id", "knowledge_jobs", ["shop_id"], unique=False)
    op.create_table(
        "corrections",
        sa.Column("message_id", columns.Key(), nullable=False),
        sa.Column("shop_id", columns.Key(), nullable=False),
        sa.Column("conversation_id", columns.Key(), nullable=False),
        sa.Column("text", columns.Words(), nullable=False),
        sa.Column("by_name", columns.Words(), nullable=False),
        sa.Column("at", columns.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_corrections_conversation_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_corrections_message_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_corrections_shop_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_corrections")),
    )
    op.create_index("ix_corrections_conversation_id", "corrections", ["conversation_id"], unique=False)
    op.create_index("ix_corrections_shop_id", "corrections", ["shop_id"], unique=False)


def downgrade() -> None:
    op.drop_table("corrections")
    op.drop_table("knowledge_jobs")
