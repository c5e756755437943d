"""Alembic migrations of both packages' tables; `bot/storage/migrate.py` runs them."""
