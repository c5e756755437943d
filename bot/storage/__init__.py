"""Conversations and staff on SQLAlchemy, and the migrations of all tables."""
