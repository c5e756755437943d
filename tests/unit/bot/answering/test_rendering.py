"""Statements → text: what was streamed stays as it is."""

from hypothesis import given
from hypothesis import strategies as st

from bot.answering.composer import Statement
from bot.answering.rendering import joined


def test_blocks_are_lines_and_sentences_stand_in_one():
    rows = [Statement("One.", (), 0), Statement("Two.", (), 0), Statement("Three.", (), 1)]
    assert joined(rows) == "One. Two.\nThree."


def test_chinese_sentences_have_no_space_between():
    assert joined([Statement("有货。", (), 0), Statement("还有 3 件。", (), 0)]) == "有货。还有 3 件。"
    assert joined([Statement("有货。", (), 0), Statement("KT-17E 还有。", (), 0)]) == "有货。KT-17E 还有。"


@given(st.lists(st.tuples(st.text(max_size=12), st.integers(0, 2)), max_size=6))
def test_adding_a_statement_only_adds_to_the_end(rows):
    statements = [Statement(text, (), block) for text, block in rows]
    for count in range(len(statements)):
        assert joined(statements[: count + 1]).startswith(joined(statements[:count]))
