"""Test questions as files: out and in again is the same, whatever the texts; what is wrong is told by line."""

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.pinned import Expected, PinnedQuestion
from knowledge.pinned_files import OUTCOMES, csv_table, json_lines, read_questions

LETTERS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), min_size=1, max_size=20) | st.sampled_from(
    ["=1+1", "-5", "'=x", "''+1", "a|b", "\\", "a\\|b", "@x", '"', "a,b", "退货7天"]
)
TEXTS = LETTERS.filter(lambda text: text == text.strip())
LISTS = st.lists(TEXTS, max_size=3).map(tuple)
QUESTIONS = st.builds(
    PinnedQuestion,
    TEXTS,
    TEXTS,
    st.sampled_from(["", "en", "zh"]),
    LISTS,
    st.builds(Expected, LISTS, LISTS, st.sampled_from(["", *OUTCOMES]), LISTS, st.sampled_from(["", "SKU-1", "=S"])),
)


@given(st.lists(QUESTIONS, max_size=5, unique_by=lambda one: one.id))
@pytest.mark.parametrize("write", [json_lines, csv_table])
def test_out_and_in_again_is_the_same(write, questions):  # type: ignore[no-untyped-def]
    found, refused = read_questions(write(questions), "shop", [one.id for one in questions])
    assert (found, refused) == (questions, [])


@given(st.lists(QUESTIONS, min_size=1, max_size=5, unique_by=lambda one: one.id))
def test_no_cell_starts_a_formula(questions):  # type: ignore[no-untyped-def]
    cells = [cell for row in csv.reader(io.StringIO(csv_table(questions).decode("utf-8-sig"))) for cell in row]
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "-", "@", "\t", "\r")]


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_read_or_refused(content):  # type: ignore[no-untyped-def]
    found, refused = read_questions(content, "shop")
    assert all(one.question for one in found) and all(one.line >= 0 for one in refused)


def test_ids_of_others_are_never_taken_over_and_reading_twice_is_the_same() -> None:
    line = json.dumps({"id": "known", "question": "Why?", "not": ["because"]}).encode()
    (mine,), _ = read_questions(line, "shop", ["known"])
    (strange,), _ = read_questions(line, "shop")
    (again,), _ = read_questions(line, "shop", [strange.id])
    (elsewhere,), _ = read_questions(line, "other")
    assert mine.id == "known" and mine.expected.avoid == ("because",), "as the API names it"
    assert strange.id == again.id != "known" and elsewhere.id != strange.id
    (kept,), _ = read_questions(json.dumps({"id": strange.id, "question": "How?"}).encode(), "shop", [strange.id])
    assert kept.id == strange.id


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\xff\xff", "unreadable"),
        (b"{broken", "unreadable"),
        (b"[1, 2]", "unreadable"),
        (b"name,price\nKettle,3\n", "unreadable"),
        (b'{"id": "x"}', "no_question"),
        (b'{"question": "x", "outcome": "perhaps"}', "unknown_outcome"),
        (json.dumps({"question": "x" * 2001}).encode(), "long_text"),
        (json.dumps({"question": "x", "expect": ["y" * 501]}).encode(), "long_text"),
        (json.dumps({"question": "x", "expect": ["y"] * 21}).encode(), "many_texts"),
        (b'{"a":' * 100_000, "unreadable"),
    ],
)
def test_what_is_wrong_is_told_by_line(content: bytes, reason: str) -> None:
    found, refused = read_questions(content, "shop")
    assert found == [] and [(one.line, one.reason) for one in refused] == [(1, reason)]
