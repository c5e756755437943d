"""Hand edits and imports of one entry, brought together field by field."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from knowledge.merging import merge

LEAVES = st.one_of(st.none(), st.integers(0, 3), st.sampled_from(["a", "b"]))
ENTRIES = st.recursive(LEAVES, lambda inner: st.dictionaries(st.sampled_from(["x", "y", "z"]), inner, max_size=3), max_leaves=6)


@given(ENTRIES, ENTRIES)
def test_what_one_side_alone_changed_is_taken(base: Any, changed: Any) -> None:
    assert merge(base, base, changed).merged == changed and not merge(base, base, changed).clashes
    assert merge(base, changed, base).merged == changed and not merge(base, changed, base).clashes
    assert merge(base, changed, changed).merged == changed and not merge(base, changed, changed).clashes


@given(ENTRIES, ENTRIES, ENTRIES)
def test_a_second_look_at_the_same_file_changes_nothing_more(base: Any, ours: Any, theirs: Any) -> None:
    first = merge(base, ours, theirs)
    second = merge(first.base, first.merged, theirs)
    assert second.merged == first.merged and second.clashes == first.clashes


def variant(sku: str, price: int, currency: str = "USD", stock: int = 1) -> dict[str, Any]:
    return {"sku": sku, "offer": {"regular": {"minor": price, "currency": currency}}, "availability": {"quantity": stock}}


def test_variants_are_told_apart_by_sku_and_a_price_keeps_its_currency() -> None:
    base = {"variants": [variant("A", 10), variant("B", 20)]}
    ours = {"variants": [variant("A", 11), variant("B", 20), variant("C", 30)]}
    theirs = {"variants": [variant("B", 25, "EUR"), variant("A", 10, stock=9)]}
    done = merge(base, ours, theirs)
    assert done.merged == {"variants": [variant("A", 11, stock=9), variant("B", 25, "EUR"), variant("C", 30)]}
    assert done.clashes == ()
    both = merge(base, ours, {"variants": [variant("A", 10, "EUR"), variant("B", 20)]})
    assert both.merged["variants"][0] == variant("A", 11) and both.clashes == ("variants.A.offer",)
