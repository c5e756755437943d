"""The bus in one process, or between many over Redis."""
