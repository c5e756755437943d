"""Alembic on a connection that is given; no alembic.ini. To write a new migration: `python -m bot.storage.migrations.run MESSAGE`."""

import sys
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration for this folder."""
    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent))
    made.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    made.attributes["connection"] = connection
    return made


def known() -> set[str]:
    """Every version that this program has."""
    return {script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()}


def upgrade(connection: Connection) -> None:
    """Runs what is missing, inside the connection's transaction."""
    command.upgrade(config(connection), "head")


def differences(connection: Connection) -> list[Any]:
    """What the tables in code have otherwise than the database; empty when the migrations are complete."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    import bot.storage.tables  # noqa: F401  (adds the bot's tables to the metadata)
    from knowledge.storage.tables import metadata

    found: list[Any] = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata)
    return found


def _write(message: str) -> None:
    number = f"{len(known()) + 1:04d}"
    with create_engine("sqlite://").connect() as connection:
        if known():
            upgrade(connection)
        command.revision(config(connection), message, autogenerate=True, rev_id=number)


if __name__ == "__main__":
    _write(" ".join(sys.argv[1:]))
