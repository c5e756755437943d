"""The bot's tables: conversations and staff. They share the knowledge package's metadata, so that one set of migrations covers both.

Each row belongs to a shop and goes with it (users and their sessions are the installation's). What a customer said or was told stands in
`messages`, `turns`, `events`, `conversations` (memory, summary), `deliveries`, `feedback`, `corrections` and `ratings` alone: `forget` erases these.
"""

from sqlalchemy import JSON, BigInteger, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, UniqueConstraint

import bot.storage.job_tables
import bot.storage.spending_table
import bot.storage.upload_tables  # noqa: F401  (likewise)
import knowledge.storage.feed_tables  # noqa: F401  (likewise)
from knowledge.storage.columns import Key, Moment, Words
from knowledge.storage.tables import metadata, of_shop

inboxes = Table(
    "inboxes",
    metadata,
    Column("id", Key, primary_key=True),
    of_shop(),
    Column("channel", Text, nullable=False),
    Column("name", Key, nullable=False),
    Column("settings", JSON, nullable=False),
    Column("secret", LargeBinary, nullable=False),
    UniqueConstraint("shop_id", "channel", "name"),
)

contacts = Table(
    "contacts",
    metadata,
    Column("id", Key, primary_key=True),
    of_shop(index=True),
    Column("name", Words, nullable=False),
    Column("language", Words, nullable=False),
    Column("reach", Words, nullable=False),
    Column("created_at", Moment, nullable=False),
)

identities = Table(
    "identities",
    metadata,
    Column("inbox_id", Key, ForeignKey("inboxes.id", ondelete="CASCADE"), primary_key=True),
    Column("address", Key, primary_key=True),
    of_shop(index=True),
    Column("contact_id", Key, ForeignKey("contacts.id", ondelete="CASCADE"), nullable=False, index=True),
    Index("ix_identities_address", "address"),
)

conversations = Table(
    "conversations",
    metadata,
    Column("id", Key, primary_key=True),
    of_shop(),
    Column("inbox_id", Key, ForeignKey("inboxes.id", ondelete="CASCADE"), nullable=False),
    Column("channel", Text, nullable=False),
    Column("contact_id", Key, ForeignKey("contacts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("address", Key, nullable=False),
    Column("token_hash", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("language", Words, nullable=False),
    Column("agent_id", Key),
    Column("memory", JSON, nullable=False),
    Column("last_seq", Integer, nullable=False),
    Column("last_event", Integer, nullable=False),
    Column("handoff_reason", Text, nullable=False),
    Column("handoff_summary", Words, nullable=False),
    Column("waiting_since", Moment),
    Column("told_nobody_at", Moment),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Index("ix_conversations_activity", "shop_id", "status", "updated_at"),
    Index("ix_conversations_address", "inbox_id", "address"),
    Index("ix_conversations_waiting", "status", "waiting_since"),
)


def of_conversation(*, primary_key: bool = False, index: bool = False) -> Column[str]:
    """The column that ties a row to its conversation."""
    key = ForeignKey("conversations.id", ondelete="CASCADE")
    return Column("conversation_id", Key, key, nullable=False, primary_key=primary_key, index=index)


messages = Table(
    "messages",
    metadata,
    Column("id", Key, primary_key=True),
    of_shop(index=True),
    of_conversation(),
    Column("seq", Integer, nullable=False),
    Column("author", Text, nullable=False),
    Column("text", Words, nullable=False),
    Column("at", Moment, nullable=False),
    Column("external_id", Key),  # NULL: never repeats
    Column("answer", JSON(none_as_null=True)),
    Column("agent_id", Key),
    Column("agent_name", Words, nullable=False),
    UniqueConstraint("conversation_id", "seq"),
    UniqueConstraint("conversation_id", "external_id"),
)

turns = Table(
    "turns",
    metadata,
    Column("id", Key, primary_key=True),
    of_shop(index=True),
    of_conversation(),
    Column("message_id", Key, ForeignKey("messages.id", ondelete="CASCADE"), nullable=False, unique=True),
    Column("seq", Integer, nullable=False),  # of the message: turns of one conversation are taken in this order
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("finished_at", Moment),
    Column("answer_id", Key, index=True),
    Column("trace", JSON(none_as_null=True)),
    Column("worker", Text),
    Column("leased_until", Moment),
    Index("ix_turns_conversation", "conversation_id", "state", "seq"),
    Index("ix_turns_open", "state", "received_at"),
)

events = Table(
    "events",
    metadata,
    of_conversation(primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    of_shop(index=True),
    Column("type", Text, nullable=False),
    Column("data", JSON, nullable=False),
    Column("at", Moment, nullable=False),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Key, primary_key=True),
    of_shop(index=True),
    of_conversation(),
    Column("message_id", Key, ForeignKey("messages.id", ondelete="CASCADE"), nullable=False, unique=True),
    Column("inbox_id", Key, nullable=False),
    Column("address", Key, nullable=False),
    Column("seq", Integer, nullable=False),  # of the message
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("worker", Text),
    Column("leased_until", Moment),
    Column("progress", JSON, nullable=False),
    Column("external_ids", JSON, nullable=False),
    Column("error", Words, nullable=False),
    Column("finished_at", Moment),
    Index("ix_deliveries_conversation", "conversation_id", "state", "seq"),
    Index("ix_deliveries_due", "state", "due_at"),
)

channel_updates = Table(
    "channel_updates",
    metadata,
    Column("inbox_id", Key, ForeignKey("inboxes.id", ondelete="CASCADE"), primary_key=True),
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    of_shop(index=True),
    Column("at", Moment, nullable=False),
)

feedback = Table(
    "feedback",
    metadata,
    Column("message_id", Key, ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True),
    of_shop(index=True),
    of_conversation(index=True),
    Column("value", Integer, nullable=False),
    Column("comment", Words, nullable=False),
    Column("at", Moment, nullable=False),
)

corrections = Table(
    "corrections",
    metadata,
    Column("message_id", Key, ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True),  # the answer that was wrong
    of_shop(index=True),
    of_conversation(index=True),
    Column("text", Words, nullable=False),
    Column("by_name", Words, nullable=False),
    Column("at", Moment, nullable=False),
)

ratings = Table(
    "ratings",
    metadata,
    of_conversation(primary_key=True),
    of_shop(index=True),
    Column("score", Integer, nullable=False),
    Column("comment", Words, nullable=False),
    Column("at", Moment, nullable=False),
)

users = Table(
    "users",
    metadata,
    Column("id", Key, primary_key=True),
    Column("email", Key, nullable=False, unique=True),  # lower case
    Column("name", Words, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("disabled", Boolean(name="disabled", create_constraint=False), nullable=False),
    Column("created_at", Moment, nullable=False),
)

memberships = Table(
    "memberships",
    metadata,
    Column("id", Key, primary_key=True),
    Column("user_id", Key, ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("shop_id", Key, ForeignKey("shops.id", ondelete="CASCADE"), index=True),  # NULL: all shops
    Column("role", Text, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id_hash", Key, primary_key=True),
    Column("user_id", Key, ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("created_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False, index=True),
    Column("expires_at", Moment, nullable=False),
)

sign_in_links = Table(
    "sign_in_links",
    metadata,
    Column("token_hash", Key, primary_key=True),
    Column("user_id", Key, ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
)

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("hash", Key, primary_key=True),
    of_shop(index=True),
    Column("role", Text, nullable=False),
    Column("name", Words, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("revoked_at", Moment),
)

audits = Table(
    "audits",
    metadata,
    Column("id", Key, primary_key=True),
    Column("shop_id", Key, ForeignKey("shops.id", ondelete="CASCADE")),  # NULL: of the installation
    Column("who", Words, nullable=False),
    Column("what", Text, nullable=False),
    Column("target", Words, nullable=False),
    Column("at", Moment, nullable=False),
    Column("before", JSON(none_as_null=True)),
    Column("after", JSON(none_as_null=True)),
    Index("ix_audits_at", "shop_id", "at"),
)

failed_sign_ins = Table(
    "failed_sign_ins",
    metadata,
    Column("id", Key, primary_key=True),
    Column("subject", Key, nullable=False),  # an e-mail address or a network address, as the gate names it
    Column("at", Moment, nullable=False),
    Index("ix_failed_sign_ins_subject", "subject", "at"),
)

answer_diffs = Table(
    "answer_diffs",
    metadata,
    Column("id", Key, primary_key=True),
    of_shop(index=True),
    Column("revision", Integer, nullable=False),  # the draft, as it was after `edits` changes
    Column("edits", Integer, nullable=False),
    Column("base", Integer, nullable=False),  # the revision that served
    Column("state", Text, nullable=False),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("started_by", Words, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("heard_at", Moment, nullable=False),
    Column("error", Words, nullable=False),
)

answer_diff_items = Table(
    "answer_diff_items",
    metadata,
    Column("diff_id", Key, ForeignKey("answer_diffs.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    of_shop(index=True),
    # Whose words it holds: they go when the conversation is erased. NULL: a pinned question.
    Column("conversation_id", Key, ForeignKey("conversations.id", ondelete="CASCADE"), index=True),
    Column("pinned_id", Key),
    Column("change", Text, nullable=False),
    Column("item", JSON, nullable=False),
)
