"""What a customer typed in several messages before an answer came, as one text."""

from collections.abc import Sequence

_ENDS = tuple(".?!。？！…~～;；")


def as_one(fragments: Sequence[str]) -> str:
    """Fragments in their order: half a sentence goes on with the next one, a whole one ends its line."""
    plain = [fragment.strip() for fragment in fragments if fragment.strip()]
    return "".join(
        fragment if last else f"{fragment}\n" if fragment.endswith(_ENDS) else f"{fragment} "
        for fragment, last in zip(plain, [*([False] * (len(plain) - 1)), True], strict=True)
    )
