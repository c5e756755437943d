import pytest

from bot.understanding.language import detect


@pytest.mark.parametrize(
    ("text", "previous", "language"),
    [
        ("How much is shipping?", "zh", "en"),
        ("运费多少", "en", "zh"),
        ("這個防水嗎", "en", "zh-Hant"),
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


@pytest.mark.parametrize(
    ("text", "previous", "shop", "language"),
    [
        ("多少錢", "", ("en", "zh"), "zh-Hant"),
        ("有冇貨", "zh", ("zh",), "zh-Hant"),
        ("这个多少钱", "zh-Hant", ("zh",), "zh"),
        ("保固多久", "zh-Hant", ("zh",), "zh-Hant"),
        ("保固多久", "zh", ("zh-Hant",), "zh"),
        ("保固多久", "", ("en", "zh-TW"), "zh-Hant"),
        ("保固多久", "", ("en", "zh"), "zh"),
        ("KT-17E?", "zh-Hant", ("en",), "zh-Hant"),
        ("KT-17E?", "zh-HK", ("en",), "zh-Hant"),
        ("KT-17E?", "", ("zh-Hant",), "zh-Hant"),
        ("how much is it?", "zh-Hant", ("zh-Hant",), "en"),
        ("この商品は在庫ありますか", "zh-Hant", ("zh",), "ja"),
    ],
)
def test_the_script_to_answer_in(text: str, previous: str, shop: tuple[str, ...], language: str) -> None:
    assert detect(text, previous, shop) == language
