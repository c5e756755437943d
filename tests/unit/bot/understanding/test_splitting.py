import pytest

from bot.understanding.splitting import MOST_PARTS, split


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("多少钱？包邮吗？", ["多少钱？", "包邮吗？"]),
        ("Is it waterproof and how much is shipping?", ["Is it waterproof", "how much is shipping?"]),
        ("防水吗，多少钱", ["防水吗", "多少钱"]),
        ("这个防水吗 多少钱 包邮吗", ["这个防水吗", "多少钱", "包邮吗"]),
        (
            "How heavy is it, what is it made of, and do you ship to Canada?",
            ["How heavy is it", "what is it made of", "do you ship to Canada?"],
        ),
        ("KT-17E and KT-12T which is better?", ["KT-17E and KT-12T which is better?"]),
        ("black and white backpack", ["black and white backpack"]),
        ("compare BP-22 and BP-30", ["compare BP-22 and BP-30"]),
        ("推荐个包，要防水的，能装15寸电脑的", ["推荐个包，要防水的，能装15寸电脑的"]),
        ("what's the weight and dimensions of the BP-22", ["what's the weight and dimensions of the BP-22"]),
        ("hello", ["hello"]),
    ],
)
def test_questions_are_parted_and_lists_are_not(text: str, parts: list[str]) -> None:
    assert [piece.text for piece in split(text)] == parts


def test_what_leads_to_a_question_stays_with_it() -> None:
    (piece,) = split("I have a 15 inch laptop. Which backpack fits?")
    assert "15 inch laptop" in piece.whole
    assert "Which backpack fits?" in piece.whole


def test_many_questions_are_at_most_five_parts() -> None:
    assert len(split("? ".join(f"what is the price of item {n}" for n in range(20)))) == MOST_PARTS
