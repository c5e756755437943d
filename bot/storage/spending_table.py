"""Table of what shops spend on their language model: sums by day, no words of anybody."""

from sqlalchemy import BigInteger, Column, Integer, Table, Text

from knowledge.storage.columns import Key
from knowledge.storage.tables import metadata, of_shop

model_spending = Table(
    "model_spending",
    metadata,
    of_shop(primary_key=True),
    Column("day", Key, primary_key=True),  # 2026-03-01, of UTC
    Column("currency", Text, primary_key=True),
    Column("nanos", BigInteger, nullable=False),  # billionths of the currency; what running calls may cost at most is in it
    Column("calls", Integer, nullable=False),
    Column("estimated", Integer, nullable=False),
    Column("refused", Integer, nullable=False),
    Column("tokens_in", BigInteger, nullable=False),
    Column("tokens_out", BigInteger, nullable=False),
)
