"""Word counts find what they should, and only what they should."""

import numpy as np
from pytest import approx

from retrieval.lexical import LexicalIndex, TermCounts
from retrieval.passages import passages_of
from retrieval.rarity import rarity
from tests.builders import a_product
from tests.unit.retrieval.conftest import documents


def index(*titles: str, counts: TermCounts | None = None) -> LexicalIndex:
    made = documents(*(a_product(f"p{i}", {"und": title}) for i, title in enumerate(titles)))
    return LexicalIndex([p for d in made for p in passages_of(d)], counts)


def test_the_rarer_word_decides() -> None:
    found = index("steel kettle", "steel pan", "steel pot", "glass kettle KT-17").scores("steel KT-17")
    assert int(np.argmax(found)) == 3
    assert found[1] > 0


def test_chinese_words_meet_however_they_are_cut() -> None:
    found = index("便携式电热水壶", "双肩背包", "红色雨伞").scores("热水壶")
    assert found[0] > 0
    assert found[1] == found[2] == 0


def test_coverage_counts_words_the_shop_never_uses() -> None:
    lexical = index("electric kettle", "umbrella")
    rows = np.arange(2, dtype=np.int32)
    full, none = lexical.coverage("an electric kettle please", rows)
    assert full == approx(1.0)
    assert none == 0
    half = lexical.coverage("kettle weather", rows)[0]
    assert 0 < half < 0.6
    assert lexical.coverage("what is the", rows).tolist() == [0.0, 0.0]


def test_function_words_say_nothing() -> None:
    assert rarity("the") < 0.1 < 0.9 < rarity("kettl")
    assert rarity("的") < 0.1
    assert rarity("水壶") == 1.0


def test_counts_are_kept_across_revisions() -> None:
    counts = TermCounts()
    first = index("steel kettle", "umbrella", counts=counts)
    second = index("steel kettle", "wooden spoon", counts=counts)
    assert first.scores("spoon").tolist() == [0.0, 0.0]
    assert second.scores("spoon")[1] > 0
    assert second.scores("umbrella").tolist() == [0.0, 0.0]
    np.testing.assert_allclose(second.scores("steel kettle"), index("steel kettle", "wooden spoon").scores("steel kettle"), rtol=1e-6)


def test_an_empty_shop_has_no_scores() -> None:
    assert LexicalIndex([]).scores("kettle").shape == (0,)
