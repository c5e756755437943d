"""Entries are edited by hand, with author, care and history; gaps are joined; test questions and answer diffs are kept.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

from knowledge.storage import columns

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def _text(name: str, kind: sa.types.TypeEngine[str] | None = None) -> sa.Column[str]:
    return sa.Column(name, kind or sa.Text(), nullable=False, server_default="")


def _shop(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f(f"fk_{table}_shop_id"), ondelete="CASCADE")


def upgrade() -> None:
    op.add_column("revisions", _text("author", columns.Words()))
    op.add_column("revisions", sa.Column("edits", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("revisions", sa.Column("checked", sa.JSON(none_as_null=True)))
    op.add_column("documents", sa.Column("care", sa.JSON(none_as_null=True)))
    op.add_column("documents", _text("author", columns.Words()))
    op.add_column("documents", sa.Column("at", columns.Moment()))
    op.add_column("documents", sa.Column("ended_by", columns.Words()))
    op.add_column("sources", sa.Column("mapping", sa.JSON(none_as_null=True)))
    op.add_column("gaps", _text("attribute"))
    op.add_column("gaps", _text("entry_id"))
    op.add_column("gaps", sa.Column("joined_to", columns.Key()))
    op.add_column("gaps", sa.Column("compared", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index(op.f("ix_gaps_joined_to"), "gaps", ["joined_to"], unique=False)
    op.create_table(
        "deleted_entries",
        sa.Column("shop_id", columns.Key(), nullable=False),
        sa.Column("kind", columns.Key(), nullable=False),
        sa.Column("id", columns.Key(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("at", columns.Moment(), nullable=False),
        _shop("deleted_entries"),
        sa.PrimaryKeyConstraint("shop_id", "kind", "id", name=op.f("pk_deleted_entries")),
    )
    op.create_table(
        "pinned_questions",
        sa.Column("id", columns.Key(), nullable=False),
        sa.Column("shop_id", columns.Key(), nullable=False),
        sa.Column("question", columns.Words(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("turns", sa.JSON(), nullable=False),
        sa.Column("expected", sa.JSON(), nullable=False),
        sa.Column("created_by", columns.Words(), nullable=False),
        sa.Column("created_at", columns.Moment(), nullable=False),
        sa.Column("updated_at", columns.Moment(), nullable=False),
        _shop("pinned_questions"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pinned_questions")),
    )
    op.create_index(op.f("ix_pinned_questions_shop_id"), "pinned_questions", ["shop_id"], unique=False)
    op.create_table(
        "answer_diffs",
        sa.Column("id", columns.Key(), nullable=False),
        sa.Column("shop_id", columns.Key(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("edits", sa.Integer(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("started_by", columns.Words(), nullable=False),
        sa.Column("started_at", columns.Moment(), nullable=False),
        sa.Column("heard_at", columns.Moment(), nullable=False),
        sa.Column("error", columns.Words(), nullable=False),
        _shop("answer_diffs"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_diffs")),
    )
    op.create_index(op.f("ix_answer_diffs_shop_id"), "answer_diffs", ["shop_id"], unique=False)
    op.create_table(
        "answer_diff_items",
        sa.Column("diff_id", columns.Key(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("shop_id", columns.Key(), nullable=False),
        sa.Column("conversation_id", columns.Key(), nullable=True),
        sa.Column("pinned_id", columns.Key(), nullable=True),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("item", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["diff_id"], ["answer_diffs.id"], name=op.f("fk_answer_diff_items_diff_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_answer_diff_items_conversation_id"), ondelete="CASCADE"
        ),
        _shop("answer_diff_items"),
        sa.PrimaryKeyConstraint("diff_id", "number", name=op.f("pk_answer_diff_items")),
    )
    for column in ("shop_id", "conversation_id"):
        op.create_index(op.f(f"ix_answer_diff_items_{column}"), "answer_diff_items", [column], unique=False)


def downgrade() -> None:
    for table in ("answer_diff_items", "answer_diffs", "pinned_questions", "deleted_entries"):
        op.drop_table(table)
    op.drop_index(op.f("ix_gaps_joined_to"), "gaps")
    for table, names in (
        ("gaps", ("compared", "joined_to", "entry_id", "attribute")),
        ("sources", ("mapping",)),
        ("documents", ("ended_by", "at", "author", "care")),
        ("revisions", ("checked", "edits", "author")),
    ):
        for name in names:
            op.drop_column(table, name)
