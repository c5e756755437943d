"""Questions that could not be answered: the same ones found in other words, and drafts of entries that answer them."""
