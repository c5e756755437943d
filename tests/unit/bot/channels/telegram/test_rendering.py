"""Whatever the text, Telegram takes every piece, and nothing but white space at a cut is lost."""

import re

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.rendering import BUTTON_LIMIT, Run, clean, html, plain, shorten, shown, split, units
from tests.fakes.telegram_html import parse

anything = st.text(st.characters() | st.sampled_from("<>&\"' \n\t.。!？👩‍🚀🇨🇳é\u0301\u200d\ufe0f\x00\ud83d"), max_size=400)
runs = st.lists(
    st.builds(Run, anything, st.sampled_from(["", "b", "s"]), st.sampled_from(["", "https://shop.example/?a=1&b=\"'<>"])), max_size=6
)
limits = st.integers(min_value=120, max_value=600)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


@given(runs, limits)
def test_pieces_parse_fit_and_lose_nothing(rich: list[Run], limit: int):
    pieces = split(rich, limit)
    for piece in pieces:
        text, _ = parse(html(piece))
        assert text == plain(piece)
        assert text.strip() == text != ""
        assert units(html(piece)) <= limit
    assert squeezed("".join(plain(piece) for piece in pieces)) == squeezed(clean(plain(rich)))


@given(runs, limits)
def test_what_is_shortened_parses_and_fits(rich: list[Run], limit: int):
    short = shorten(rich, limit)
    text, _ = parse(html(short))
    assert units(html(short)) <= limit and text == plain(short)


@given(anything)
def test_a_button_is_one_line_in_limits(text: str):
    line = shown(text)
    assert units(line) <= BUTTON_LIMIT and "\n" not in line


def test_cuts_between_paragraphs_then_lines_then_sentences_then_words():
    def cut(text: str, limit: int = 40) -> list[str]:
        return [plain(piece) for piece in split([Run(text)], limit)]

    assert cut("a" * 30 + "\n\n" + "b" * 30) == ["a" * 30, "b" * 30]
    assert cut("a" * 30 + "\n" + "b" * 30) == ["a" * 30, "b" * 30]
    assert cut("It costs 3.50 and no more than it. Second sentence here.") == [
        "It costs 3.50 and no more than it.",
        "Second sentence here.",
    ]
    assert cut("这一句话有十个字呢对不对。" * 4, 40) == ["这一句话有十个字呢对不对。" * 3, "这一句话有十个字呢对不对。"]
    assert cut("words " * 10) == [("words " * 6).strip(), ("words " * 4).strip()]


def test_never_cuts_a_sign_in_two():
    for sign in ("👩‍👩‍👧‍👦", "🇨🇳", "👍🏽", "e\u0301", "❤️"):
        for piece in split([Run(sign * 40)], 37 + units(sign)):
            assert plain(piece).replace(sign, "") == ""


def test_escapes_count_and_styles_are_closed_at_a_cut():
    pieces = split([Run("&" * 30, "b")], 57)
    assert [html(piece) for piece in pieces] == ["<b>" + "&amp;" * 10 + "</b>"] * 3


def test_a_link_cannot_break_out_of_its_attribute():
    text, entities = parse(html([Run("<here>", "b", 'https://x/"><script>')]))
    assert text == "<here>" and [entity.type for entity in entities] == ["b", "a"]
