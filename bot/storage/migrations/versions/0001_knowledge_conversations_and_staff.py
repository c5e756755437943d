"""Knowledge, conversations and staff."""

import sqlalchemy as sa
from alembic import op

from knowledge.storage import columns

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "failed_sign_ins",
        sa.Column("id", columns.Key(), nullable=False),
        sa.Column("subject", columns.Key(), nullable=False),
        sa.Column("at", columns.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_failed_sign_ins")),
    )
    op.create_index("ix_failed_sign_ins_subject", "failed_sign_ins", ["subject", "at"], unique=False)
    op.create_table(
        "shops",
        sa.Column("id", columns.Key(), nullable=False),
        sa.Column("slug", columns.Key(), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("created_at", columns.Moment(), nullable=False),
        sa.Column("serving", sa.Integer(), nullable=False),
        sa.Column("draft", sa.Integer(), nullable=True),
        sa.Column("last_revision", sa.Integer(), nullable=False),
        sa.Column("offers_version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shops")),
        sa.UniqueConstraint("slug", name=op.f("uq_shops_slug")),
    )
    op.create_table(
        "users",
        sa.Column("id", columns.Key(), nullable=False),
        sa.Column("email", columns.Key(), nullable=False),
        sa.Column("name", columns.Words(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("disabled", sa.Boolean(name="disabled"), nullable=False),
        sa.Column("created_at", columns.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
    )
    op.create_table(
        "api_tokens",
        sa.Column("hash", columns.Key(), nullable=False),
        sa.Column("shop_id", columns.Key(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("name", columns.Words(), nullable=False),
        sa.Column("created_at", columns.Moment(), nullable=False),
        sa.Column("revoked_at", columns.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_api_tokens_shop_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_api_tokens")),
    )
    op.create_index(op.f("ix_api_tokens_shop_id"), "api_tokens", ["shop_id"], unique=False)
    op.create_table(
        "audits",
        sa.Column("id", columns.Key(), nullable=False),
        sa.Column("shop_id", columns.Key(), nullable=True),
        sa.Column("who", columns.Words(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("target", columns.Words(), nullable=False),
        sa.Column("at", columns.Moment(), nullable=False),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("after", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_audits_shop_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audits")),
    )
    op.create_index("ix_audits_at", "audits", ["shop_id", "at"], unique=False)
    op.create_table(
        "contacts",
        sa.Column("id", columns.Key(), nullable=False),
        sa.Column("shop_id", columns.Key(), nullable=False),
        sa.Column("name", columns.Words(), nullable=False),
        sa.Column("language", columns.Words(), nullable=False),
        sa.Column("reach", columns.Words(), nullable=False),
        sa.Column("created_at", columns.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_contacts_shop_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
    )
    op.create_index(op.f("ix_contacts_shop_id"), "contacts", ["shop_id"], unique=False)
    op.create_table(
        "documents",
        sa.Column("shop_id", columns.Key(), nullable=False),
        sa.Column("kind", columns.Key(), nullable=False),
        sa.Column("id", columns.Key(), nullable=False),
        sa.Column("valid_from", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("valid_until", sa.Integer(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_documents_shop_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("shop_id", "kind", "id", "valid_from", name=op.f("pk_documents")),
    )
    op.create_index("ix_documents_valid_from", "documents", ["shop_id", "valid_from"], unique=False)
    op.create_index("ix_documents_valid_until", "documents", ["shop_id", "valid_until"], unique=False)
    op.create_table(
        "gaps",
        sa.Column("id", columns.Key(), nullable=False),
        sa.Column("shop_id", columns.Key(), nullable=False),
        sa.Column("normalised", columns.Key(), nullable=False),
        sa.Column("question", columns.Words(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("first_at", columns.Moment(), nullable=False),
        sa.Column("last_at", columns.Moment(), nullable=False),
        sa.Column("product_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_gaps_shop_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gaps")),
        sa.UniqueConstraint("shop_id", "normalised", name=op.f("uq_gaps_shop_id_normalised")),
    )
    op.create_index(op.f("ix_gaps_shop_id"), "gaps", ["shop_id"], unique=False)
    op.create_table(
        "inboxes",
        sa.Column("id", columns.Key(), nullable=False),
        sa.Column("shop_id", columns.Key(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("name", columns.Key(), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_inboxes_shop_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inboxes")),
        sa.UniqueConstraint("shop_id", "channel", "name", name=op.f("uq_inboxes_shop_id_channel_name")),
    )
    op.create_table(
        "live_offers",
        sa.Column("shop_id", columns.Key(), nullable=False),
        sa.Column("sku", columns.Key(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("regular", sa.BigInteger(), nullable=True),
        sa.Column("sale", sa.BigInteger(), nullable=True),
        sa.Column("up_to", sa.BigInteger(), nullable=True),
        sa.Column("sale_from", columns.Moment(), nullable=True),
        sa.Column("sale_until", columns.Moment(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=True),
        sa.Column("as_of", columns.Moment(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_live_offers_shop_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("shop_id", "sku", name=op.f("pk_live_offers")),
    )
    op.create_index("ix_live_offers_version", "live_offers", ["shop_id", "version"], unique=False)
    op.create_table(
        "memberships",
        sa.Column("id", columns.Key(), nullable=False),
        sa.Column("user_id", columns.Key(), nullable=False),
        sa.Column("shop_id", columns.Key(), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_memberships_shop_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_memberships_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memberships")),
    )
    op.create_index(op.f("ix_memberships_shop_id"), "memberships", ["shop_id"], unique=False)
    op.create_index(op.f("ix_memberships_user_id"), "memberships", ["user_id"], unique=False)
    op.create_table(
        "revisions",
        sa.Column("shop_id", columns.Key(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("removed", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("created_at", columns.Moment(), nullable=False),
        sa.Column("published_at", columns.Moment(), nullable=True),
        sa.Column("note", columns.Words(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_revisions_shop_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("shop_id", "number", name=op.f("pk_revisions")),
    )
    op.create_table(
        "sessions",
        sa.Column("id_hash", columns.Key(), nullable=False),
        sa.Column("user_id", columns.Key(), nullable=False),
        sa.Column("created_at", columns.Moment(), nullable=False),
        sa.Column("seen_at", columns.Moment(), nullable=False),
        sa.Column("expires_at", columns.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sessions_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id_hash", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_seen_at"), "sessions", ["seen_at"], unique=False)
    op.create_index(op.f("ix_sessions_user_id"), "sessions", ["user_id"], unique=False)
    op.create_table(
        "sign_in_links",
        sa.Column("token_hash", columns.Key(), nullable=False),
        sa.Column("user_id", columns.Key(), nullable=False),
        sa.Column("expires_at", columns.Moment(), nullable=False),
        sa.Column("used_at", columns.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sign_in_links_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_in_links")),
    )
    op.create_index(op.f("ix_sign_in_links_user_id"), "sign_in_links", ["user_id"], unique=False)
    op.create_table(
        "sources",
        sa.Column("shop_id", columns.Key(), nullable=False),
        sa.Column("name", columns.Key(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.Column("imported_at", columns.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_sources_shop_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("shop_id", "name", name=op.f("pk_sources")),
    )
    op.create_table(
        "channel_updates",
        sa.Column("inbox_id", columns.Key(), nullable=False),
        sa.Column("update_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("shop_id", columns.Key(), nullable=False),
        sa.Column("at", columns.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["inbox_id"], ["inboxes.id"], name=op.f("fk_channel_updates_inbox_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_channel_updates_shop_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("inbox_id", "update_id", name=op.f("pk_channel_updates")),
    )
    op.create_index(op.f("ix_channel_updates_shop_id"), "channel_updates", ["shop_id"], unique=False)
    op.create_table(
        "conversations",
        sa.Column("id", columns.Key(), nullable=False),
        sa.Column("shop_id", columns.Key(), nullable=False),
        sa.Column("inbox_id", columns.Key(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("contact_id", columns.Key(), nullable=False),
        sa.Column("address", columns.Key(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("language", columns.Words(), nullable=False),
        sa.Column("agent_id", columns.Key(), nullable=True),
        sa.Column("memory", sa.JSON(), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("last_event", sa.Integer(), nullable=False),
        sa.Column("handoff_reason", sa.Text(), nullable=False),
        sa.Column("handoff_summary", columns.Words(), nullable=False),
        sa.Column("waiting_since", columns.Moment(), nullable=True),
        sa.Column("told_nobody_at", columns.Moment(), nullable=True),
        sa.Column("created_at", columns.Moment(), nullable=False),
        sa.Column("updated_at", columns.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name=op.f("fk_conversations_contact_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["inbox_id"], ["inboxes.id"], name=op.f("fk_conversations_inbox_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_conversations_shop_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversations")),
    )
    op.create_index("ix_conversations_activity", "conversations", ["shop_id", "status", "updated_at"], unique=False)
    op.create_index("ix_conversations_address", "conversations", ["inbox_id", "address"], unique=False)
    op.create_index(op.f("ix_conversations_contact_id"), "conversations", ["contact_id"], unique=False)
    op.create_index("ix_conversations_waiting", "conversations", ["status", "waiting_since"], unique=False)
    op.create_table(
        "identities",
        sa.Column("inbox_id", columns.Key(), nullable=False),
        sa.Column("address", columns.Key(), nullable=False),
        sa.Column("shop_id", columns.Key(), nullable=False),
        sa.Column("contact_id", columns.Key(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name=op.f("fk_identities_contact_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["inbox_id"], ["inboxes.id"], name=op.f("fk_identities_inbox_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_identities_shop_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("inbox_id", "address", name=op.f("pk_identities")),
    )
    op.create_index("ix_identities_address", "identities", ["address"], unique=False)
    op.create_index(op.f("ix_identities_contact_id"), "identities", ["contact_id"], unique=False)
    op.create_index(op.f("ix_identities_shop_id"), "identities", ["shop_id"], unique=False)
    op.create_table(
        "events",
        sa.Column("conversation_id", columns.Key(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("shop_id", columns.Key(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("at", columns.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_events_conversation_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_events_shop_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("conversation_id", "seq", name=op.f("pk_events")),
    )
    op.create_index(op.f("ix_events_shop_id"), "events", ["shop_id"], unique=False)
    op.create_table(
        "messages",
        sa.Column("id", columns.Key(), nullable=False),
        sa.Column("shop_id", columns.Key(), nullable=False),
        sa.Column("conversation_id", columns.Key(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("text", columns.Words(), nullable=False),
        sa.Column("at", columns.Moment(), nullable=False),
        sa.Column("external_id", columns.Key(), nullable=True),
        sa.Column("answer", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("agent_id", columns.Key(), nullable=True),
        sa.Column("agent_name", columns.Words(), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_messages_conversation_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_messages_shop_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("conversation_id", "external_id", name=op.f("uq_messages_conversation_id_external_id")),
        sa.UniqueConstraint("conversation_id", "seq", name=op.f("uq_messages_conversation_id_seq")),
    )
    op.create_index(op.f("ix_messages_shop_id"), "messages", ["shop_id"], unique=False)
    op.create_table(
        "ratings",
        sa.Column("conversation_id", columns.Key(), nullable=False),
        sa.Column("shop_id", columns.Key(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("comment", columns.Words(), nullable=False),
        sa.Column("at", columns.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_ratings_conversation_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_ratings_shop_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_ratings")),
    )
    op.create_index(op.f("ix_ratings_shop_id"), "ratings", ["shop_id"], unique=False)
    op.create_table(
        "deliveries",
        sa.Column("id", columns.Key(), nullable=False),
        sa.Column("shop_id", columns.Key(), nullable=False),
        sa.Column("conversation_id", columns.Key(), nullable=False),
        sa.Column("message_id", columns.Key(), nullable=False),
        sa.Column("inbox_id", columns.Key(), nullable=False),
        sa.Column("address", columns.Key(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", columns.Moment(), nullable=False),
        sa.Column("worker", sa.Text(), nullable=True),
        sa.Column("leased_until", columns.Moment(), nullable=True),
        sa.Column("progress", sa.JSON(), nullable=False),
        sa.Column("external_ids", sa.JSON(), nullable=False),
        sa.Column("error", columns.Words(), nullable=False),
        sa.Column("finished_at", columns.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_deliveries_conversation_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_deliveries_message_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_deliveries_shop_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("message_id", name=op.f("uq_deliveries_message_id")),
    )
    op.create_index("ix_deliveries_conversation", "deliveries", ["conversation_id", "state", "seq"], unique=False)
    op.create_index("ix_deliveries_due", "deliveries", ["state", "due_at"], unique=False)
    op.create_index(op.f("ix_deliveries_shop_id"), "deliveries", ["shop_id"], unique=False)
    op.create_table(
        "feedback",
        sa.Column("message_id", columns.Key(), nullable=False),
        sa.Column("shop_id", columns.Key(), nullable=False),
        sa.Column("conversation_id", columns.Key(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("comment", columns.Words(), nullable=False),
        sa.Column("at", columns.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_feedback_conversation_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_feedback_message_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_feedback_shop_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_feedback")),
    )
    op.create_index(op.f("ix_feedback_conversation_id"), "feedback", ["conversation_id"], unique=False)
    op.create_index(op.f("ix_feedback_shop_id"), "feedback", ["shop_id"], unique=False)
    op.create_table(
        "turns",
        sa.Column("id", columns.Key(), nullable=False),
        sa.Column("shop_id", columns.Key(), nullable=False),
        sa.Column("conversation_id", columns.Key(), nullable=False),
        sa.Column("message_id", columns.Key(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("received_at", columns.Moment(), nullable=False),
        sa.Column("finished_at", columns.Moment(), nullable=True),
        sa.Column("answer_id", columns.Key(), nullable=True),
        sa.Column("trace", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("worker", sa.Text(), nullable=True),
        sa.Column("leased_until", columns.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_turns_conversation_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_turns_message_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_turns_shop_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turns")),
        sa.UniqueConstraint("message_id", name=op.f("uq_turns_message_id")),
    )
    op.create_index(op.f("ix_turns_answer_id"), "turns", ["answer_id"], unique=False)
    op.create_index("ix_turns_conversation", "turns", ["conversation_id", "state", "seq"], unique=False)
    op.create_index("ix_turns_open", "turns", ["state", "received_at"], unique=False)
    op.create_index(op.f("ix_turns_shop_id"), "turns", ["shop_id"], unique=False)
