"""The merchant console: what the shop knows, what it could not answer, and the doors through which knowledge comes in."""
