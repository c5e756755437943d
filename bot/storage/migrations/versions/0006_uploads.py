"""Uploads that a merchant watches, and their files.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

from knowledge.storage import columns

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "uploads",
        sa.Column("id", columns.Key(), nullable=False),
        sa.Column("shop_id", columns.Key(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("overwrite", sa.Boolean(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("report", sa.JSON()),
        sa.Column("error", columns.Words(), nullable=False),
        sa.Column("started_by", columns.Words(), nullable=False),
        sa.Column("started_at", columns.Moment(), nullable=False),
        sa.Column("heard_at", columns.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_uploads_shop_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
    )
    op.create_index("ix_uploads_shop_id", "uploads", ["shop_id"], unique=False)
    op.create_table(
        "upload_contents",
        sa.Column("upload_id", columns.Key(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", columns.Words(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["upload_id"], ["uploads.id"], name=op.f("fk_upload_contents_upload_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("upload_id", "role", "number", name=op.f("pk_upload_contents")),
    )


def downgrade() -> None:
    op.drop_table("upload_contents")
    op.drop_table("uploads")
