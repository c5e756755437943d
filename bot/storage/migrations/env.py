"""Run by Alembic: takes the connection it is given and stays inside that connection's transaction."""

from typing import Any, Literal

from alembic import context

import bot.storage.tables  # noqa: F401  (adds the bot's tables to the metadata)
from knowledge.storage import columns
from knowledge.storage.tables import metadata


def _render(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Our column types by their short names; everything else as Alembic writes it."""
    ours = kind == "type" and isinstance(item, columns.Moment | columns.Words | columns.Key)
    return f"columns.{type(item).__name__}()" if ours else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    transaction_per_migration=False,
    render_item=_render,
)
with context.begin_transaction():
    context.run_migrations()
