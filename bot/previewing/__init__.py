"""Looking before publishing: the very pipeline of a turn against a draft, without a conversation; and what publishing does after the look."""
