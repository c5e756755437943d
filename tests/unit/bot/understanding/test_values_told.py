"""Products named by what they come in, hold or are for; shades and short forms of their variants."""

import pytest

from bot.understanding.shop_words import words_of
from bot.understanding.subjects import by_option, find
from bot.understanding.variants import meant
from retrieval.view import ShopView
from tests.builders import a_product, a_variant, a_view

CASE = a_product(
    "case",
    "液态硅胶壳",
    a_variant("C-16-B", options={"颜色": "黑色", "适用机型": "iPhone 16"}),
    a_variant("C-16-G", options={"颜色": "抹茶绿", "适用机型": "iPhone 16"}),
    a_variant("C-16P-G", options={"颜色": "抹茶绿", "适用机型": "iPhone 16 Pro"}),
    a_variant("C-16PM-P", options={"颜色": "樱花粉", "适用机型": "iPhone 16 Pro Max"}),
    category="手机壳",
)
KEVLAR = a_product("kevlar", "iPhone 16 Pro 芳纶磁吸款", price="199 CNY", category="手机壳")
SMALL = a_product(
    "small",
    "极川 10000mAh 充电宝",
    a_variant("P1-P", options={"颜色": "香芋紫"}),
    a_variant("P1-W", options={"颜色": "白色"}),
    category="充电宝",
)
LARGE = a_product("large", "极川 20000mAh 充电宝", attributes={"颜色": "黑色"}, category="充电宝")
SLIM = a_product("slim", "极川 磁吸充电宝", attributes={"适用机型": "iPhone 12 及以后"}, category="充电宝")
TABLET = a_product(
    "tablet",
    "云砚 Pad 11",
    a_variant("T-8-128", options={"容量": "8GB+128GB"}),
    a_variant("T-8-256", options={"容量": "8GB+256GB"}),
    a_variant("T-12-256", options={"容量": "12GB+256GB"}),
    category="平板",
)
SLEEVE = a_product("sleeve", "磁吸键盘保护套", attributes={"适用机型": "云砚 Pad 11"}, category="配件")
CURTAIN = a_product(
    "curtain",
    "遮光窗帘",
    a_variant("W-15", options={"规格": "宽1.5米", "颜色": "雾灰"}),
    a_variant("W-20", options={"规格": "宽2.0米", "颜色": "雾灰"}),
    a_variant("W-15B", options={"规格": "宽1.5米", "颜色": "米色"}),
    category="窗帘",
)
TEA = a_product(
    "tea", "明前龙井", a_variant("L-50", options={"规格": "50g罐装"}), a_variant("L-250", options={"规格": "250g礼盒"}), category="茶"
)
SHOP = a_view(CASE, KEVLAR, SMALL, LARGE, SLIM, TABLET, SLEEVE, CURTAIN, TEA)
WATCH = a_product(
    "watch",
    "Sport Watch Band",
    a_variant("B-9", options={"fits": "Series 9"}),
    a_variant("B-U", options={"fits": "Series 9 Ultra"}),
    a_variant("B-UM", options={"fits": "Series 9 Ultra Mini"}),
)


@pytest.mark.parametrize(
    ("text", "product", "sku"),
    [
        ("10000毫安香芋紫那个充电宝", "small", "P1-P"),
        ("20000的充电宝多少钱", "large", None),
        ("magsafe充电宝 我iPhone13能用不", "slim", None),
        ("紫色的充电宝还有吗", "small", "P1-P"),
        ("iPhone16Pro的硅胶壳有绿色吗", "case", "C-16P-G"),
        ("键盘保护套 pad11用的 什么价", "sleeve", None),
        ("pad11多少钱", "tablet", None),
    ],
)
def test_the_values_beside_a_kind_choose(text: str, product: str, sku: str | None) -> None:
    named = find(text, SHOP, words_of(SHOP))
    assert [(s.product_id, s.sku, s.certain) for s in named.subjects] == [(product, sku, True)]


def test_a_kind_without_a_value_stays_open() -> None:
    named = find("充电宝多少钱", SHOP, words_of(SHOP))
    assert not any(s.certain for s in named.subjects)


def owner(text: str, view: ShopView = SHOP) -> list[tuple[str, str | None]]:
    return [(s.product_id, s.sku) for s in by_option(text, view, words_of(view)).subjects]


def test_what_one_product_alone_comes_in_names_it() -> None:
    assert owner("香芋紫的还有货不") == [("small", "P1-P")]
    assert owner("有250g礼盒吗") == [("tea", "L-250")]
    assert owner("还有货吗") == []
    two = a_view(
        a_product("a", "Mug", a_variant("A1", options={"Colour": "Sage green"}), a_variant("A2", options={"Colour": "Black"})),
        a_product("b", "Bowl", a_variant("B1", options={"Colour": "Sage green"}), a_variant("B2", options={"Colour": "Black"})),
    )
    assert owner("is the sage green back in stock?", two) == []


@pytest.mark.parametrize(
    ("text", "skus"),
    [
        ("绿色", ("C-16-G", "C-16P-G")),
        ("粉的", ("C-16PM-P",)),
        ("16pm的有吗", ("C-16PM-P",)),
        ("promax的", ("C-16PM-P",)),
        ("16pro 绿的", ("C-16P-G",)),
        ("普通16 绿的", ("C-16-G",)),
        ("棕色", ()),
    ],
)
def test_shades_and_short_forms(text: str, skus: tuple[str, ...]) -> None:
    assert meant(text, CASE).skus == skus


@pytest.mark.parametrize(
    ("text", "skus"),
    [("12+256的", ("T-12-256",)), ("要256g的", ("T-8-256", "T-12-256")), ("8+128多少", ("T-8-128",)), ("16+512有吗", ())],
)
def test_amounts_put_together_without_their_units(text: str, skus: tuple[str, ...]) -> None:
    assert meant(text, TABLET).skus == skus


def test_short_forms_in_english() -> None:
    assert meant("the ultra mini please", WATCH).skus == ("B-UM",)
    assert meant("9 ultra", WATCH).skus == ("B-U",)
    assert meant("the standard one", WATCH).skus == ("B-9",)


def test_a_figure_before_its_dimension() -> None:
    assert meant("米色1.5宽的", CURTAIN).skus == ("W-15B",)
    assert meant("灰的2.0宽", CURTAIN).skus == ("W-20",)
