"""The terms of the lexical leg."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.tokens import codes, compact, spaced_codes, stem, tokens, words


@pytest.mark.parametrize("written", ["KT-17E", "kt-17e", "ＫＴ－１７Ｅ", "KT17E", "KT.17E"])
def test_a_model_number_is_found_however_it_is_written(written):
    assert "kt17e" in tokens(f"这款{written}防水吗")
    assert codes(f"is the {written} in stock?") == {"kt17e"}
    assert compact(written) == "kt17e"


def test_a_model_number_stays_whole_too():
    assert tokens("KT-17E") == ["kt-17e", "kt17e"]


def test_a_code_with_a_space_is_only_a_guess():
    assert spaced_codes("is the KT 17E in stock") == {"kt17e"}
    assert codes("size 10 shoes, 500ml, 2 pieces") == set()
    assert "size10" not in tokens("size 10")


def test_long_numbers_are_codes_and_short_ones_are_not():
    assert codes("article 1006002, 3 pieces, 2999 yuan") == {"1006002"}


def test_chinese_gives_words_and_pairs_of_characters():
    found = tokens("智能手表防水吗")
    assert {"智能", "手表", "防水", "能手", "表防"} <= set(found)
    assert found.count("手表") == 1, "a word of two characters isn't counted as a pair again"
    assert "能手" not in words("智能手表防水吗")


def test_traditional_and_simplified_meet():
    assert tokens("這款羽絨服") == tokens("这款羽绒服")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("shipping", "shipped"), ("ships", "ship"), ("batteries", "battery"), ("boxes", "box"), ("charged", "charging"),
        ("charge", "charges"), ("Returns", "returned"), ("dresses", "dress"), ("sizes", "size"), ("men's", "men"),
    ],
)  # fmt: skip
def test_forms_of_an_english_word_meet(one, other):
    assert tokens(one) == tokens(other)


@pytest.mark.parametrize(("one", "other"), [("bus", "bu"), ("this", "thi"), ("ring", "r"), ("bed", "b"), ("sale", "salty")])
def test_different_words_stay_apart(one, other):
    assert stem(one) != stem(other)


def test_numbers_keep_their_value():
    assert tokens("$1,299.00") == ["1299.00"]
    assert tokens("1.43 inches")[0] == "1.43"
    assert set(tokens("500ml")) >= set(tokens("500 ml"))


def test_joined_words_are_found_written_apart_or_together():
    assert {"t-shirt", "shirt", "tshirt"} <= set(tokens("T-shirt"))
    assert set(tokens("wifi")) <= set(tokens("Wi-Fi"))


def test_scripts_without_spaces_give_pairs():
    assert tokens("반품은") == ["반품", "품은"]
    assert tokens("送料はいくら")[-1] == "くら"


def test_texts_without_words_give_nothing():
    for text in ("", " \t\n", "\0", "😀👍", "？？？", "\ud800"):
        assert tokens(text) == []


@given(st.text(max_size=300))
def test_any_text_gives_clean_terms_and_the_same_ones_again(text):
    found = tokens(text)
    assert found == tokens(text)
    assert all(term and term == term.strip() for term in found)
    assert all(code == compact(code) for code in codes(text))


@pytest.mark.parametrize("hostile", ["a-" * 10_000, "1," * 10_000 + "x", "1" * 20_000 + "x", "a'" * 10_000, "手表" * 10_000])
@pytest.mark.timeout(5)
def test_twenty_thousand_characters_are_quick(hostile):
    tokens(hostile)
    codes(hostile)
    spaced_codes(hostile)
