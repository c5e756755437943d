import pytest

from bot.understanding.language import detect


@pytest.mark.parametrize(
    ("text", "previous", "language"),
    [
        ("How much is shipping?", "zh", "en"),
        ("运费多少", "en", "zh"),
        ("這個防水嗎", "en", "zh"),
        ("这个backpack防水吗", "en", "zh"),
        ("有没有 iPhone 15 Pro Max case", "", "zh"),
        ("ok", "zh", "zh"),
        ("KT-17E?", "zh", "zh"),
        ("iPhone 15", "zh", "zh"),
        ("👍", "zh", "zh"),
        ("", "zh", "zh"),
        ("", "", "en"),
        ("これは防水ですか", "", "ja"),
        ("방수 되나요?", "", "ko"),
        ("сколько стоит доставка", "", "ru"),
        ("Haben Sie einen Wasserkocher?", "en", "de"),
        ("¿Cuánto cuesta el envío a Madrid?", "en", "es"),
        ("merci beaucoup pour votre aide", "en", "fr"),
        ("is it waterproof", "zh", "en"),
    ],
)
def test_the_language_to_answer_in(text: str, previous: str, language: str) -> None:
    assert detect(text, previous) == language


def test_without_a_hint_the_shops_first_language_is_used() -> None:
    assert detect("KT-17E", "", ("zh", "en")) == "zh"
