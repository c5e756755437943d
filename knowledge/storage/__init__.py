"""The knowledge port on SQLAlchemy; engine and columns serve `bot/storage` too."""
