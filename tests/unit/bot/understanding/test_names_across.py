"""Chinese names of goods whose titles are in English, in trades of every kind."""

import pytest

from bot.understanding.names_across import NamesAcross
from bot.understanding.question import Memory
from bot.understanding.understand import Understanding
from retrieval.embedding import open_embedder
from retrieval.view import ShopView
from tests.builders import a_product, a_view

TITLES = [
    "Aurora Electric Toothbrush", "Granite Frying Pan", "Nimbus Two-Person Tent", "Folding Camping Chair", "Oak Bookshelf", "Linen Curtains",
    "Stainless Dog Bowl", "Cat Scratching Post", "Carbon Tennis Racket", "Silk Scarf",
]  # fmt: skip


@pytest.fixture(scope="module")
def names() -> NamesAcross:
    return NamesAcross(open_embedder(""))


def shop(language: str = "en", titles: list[str] = TITLES) -> ShopView:
    return a_view(*(a_product(f"p{n}", {language: title}) for n, title in enumerate(titles)))


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("电动牙刷多少钱", "Aurora Electric Toothbrush"), ("狗碗还有货吗", "Stainless Dog Bowl"), ("双人帐篷多重", "Nimbus Two-Person Tent"),
        ("橡木书架多少钱？", "Oak Bookshelf"), ("貓抓板有貨嗎", "Cat Scratching Post"), ("那個橡木書架多少錢", "Oak Bookshelf"), ("丝巾有优惠吗", "Silk Scarf"),
    ],
)  # fmt: skip
def test_what_is_named_in_chinese(names: NamesAcross, text: str, title: str) -> None:
    assert [TITLES[int(s.product_id[1:])] for s in names.named(text, shop())] == [title]


@pytest.mark.parametrize("text", ["多少钱", "那个呢", "有优惠吗", "电视多少钱", "手机壳有货吗", "how much is the tent", "你好", ""])
def test_nothing_is_named(names: NamesAcross, text: str) -> None:
    assert names.named(text, shop()) == ()


def test_chinese_titles_are_left_to_the_words(names: NamesAcross) -> None:
    assert names.named("电动牙刷多少钱", shop("zh", ["电动牙刷", "平底锅", "双人帐篷", "书架"])) == ()


@pytest.mark.parametrize("text", ["冲锋衣多少钱", "雨伞多少钱", "平板电脑多少钱", "牛排还有货吗"])
def test_what_is_not_sold_is_never_named_for_sure(names: NamesAcross, text: str) -> None:
    assert names.named(text, shop(), surely=True) == ()


def test_several_are_named_at_once(names: NamesAcross) -> None:
    found = names.named("电动牙刷和双人帐篷一共多少钱", shop())
    assert [TITLES[int(s.product_id[1:])] for s in found] == ["Aurora Electric Toothbrush", "Nimbus Two-Person Tent"]


def test_a_mere_guess_does_not_go_before_what_is_spoken_of(names: NamesAcross) -> None:
    memory = Memory(focus="p0", shown=["p0"])
    (part,) = Understanding(across=names).understand("多少钱", memory, shop()).parts
    assert [s.product_id for s in part.subjects] == ["p0"]
    (part,) = Understanding(across=names).understand("双人帐篷多少钱", memory, shop()).parts
    assert [s.product_id for s in part.subjects] == ["p2"]


GOODS = [
    a_product("mower", {"en": "Volt Lawn Mower"}, category="Tools"), a_product("rose", {"en": "Thorn Leather Gloves"}, category="Tools"),
    a_product("thin", {"en": "Finch Nitrile Gloves"}, category="Tools"), a_product("basil", {"en": "Genovese Basil"}, category="Seeds"),
    a_product("chilli", {"en": "Dragon Chilli"}, category="Seeds"), a_product("pot", {"en": "Siena Pot"}, category="Pots & planters"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("有手套吗", {"rose", "thin"}),
        ("有什么种子", {"basil", "chilli"}),
        ("推荐几款种子", {"basil", "chilli"}),
        ("哪双手套便宜", {"rose", "thin"}),
    ],
)
def test_kinds_of_goods_in_chinese(text: str, kinds: set[str]) -> None:
    view = a_view(*GOODS)
    (part,) = Understanding().understand(text, Memory(), view).parts
    held = set(part.filters.product_ids or ()) or {
        id for id, p in view.products.items() if {n.casefold() for c in p.categories for n in c.values()} & set(part.filters.categories)
    }
    assert held == kinds


@pytest.mark.parametrize("text", ["平衡车最大承重多少公斤", "这款平衡车最大载重是多少"])
def test_the_name_of_a_property_is_no_superlative(names: NamesAcross, text: str) -> None:
    view = a_view(
        a_product("bike", {"en": "Balance Bike"}), a_product("kite", {"en": "Big Kite"}), a_product("table", {"en": "Water Table"})
    )
    (part,) = Understanding(across=names).understand(text, Memory(), view).parts
    assert [s.product_id for s in part.subjects] == ["bike"] and not part.superlative
