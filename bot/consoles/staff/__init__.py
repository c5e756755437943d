"""The staff desk: who waits, what was said, take over, answer, hand back."""
