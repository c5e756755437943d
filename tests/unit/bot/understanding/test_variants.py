"""Which variant is meant, option by option."""

import pytest

from bot.understanding.question import Subject
from bot.understanding.shop_words import words_of
from bot.understanding.subjects import find, with_variants
from bot.understanding.variants import meant
from knowledge.catalog import Product
from tests.builders import a_product, a_variant, a_view

JACKET = a_product(
    "fleece",
    "Fleece Jacket",
    a_variant("F1", options={"size": "XL", "color": "navy", "zipper": "full"}),
    a_variant("F2", options={"size": "XL", "color": "navy", "zipper": "half"}),
    a_variant("F3", options={"size": "L", "color": "black", "zipper": "full"}),
    a_variant("F4", options={"size": "L", "color": "red", "zipper": "half"}),
)
READER = a_product(
    "reader",
    "E-Reader",
    a_variant("R1", options={"screen size": "8-inch", "connectivity": "Wi-Fi", "storage": "32GB"}),
    a_variant("R2", options={"screen size": "8-inch", "connectivity": "Wi-Fi + Cellular", "storage": "32GB"}),
    a_variant("R3", options={"screen size": "6-inch", "connectivity": "Wi-Fi", "storage": "8GB"}),
)
SHOE = a_product(
    "shoe", "Running Shoe", a_variant("S40", options={"shoe size": "Size 40"}), a_variant("S42", options={"shoe size": "Size 42"})
)
HOODIE = a_product(
    "hoodie", "Hoodie", a_variant("H1", options={"Color": "Red", "Logo": "No"}), a_variant("H2", options={"Color": "Red", "Logo": "Yes"})
)
MUG = a_product(
    "cup",
    "马克杯",
    a_variant("C1", options={"颜色": "米白色", "容量": "350ml"}),
    a_variant("C2", options={"颜色": "雾蓝", "容量": "500ml"}),
)


@pytest.mark.parametrize(
    ("text", "product", "skus"),
    [
        ("the xl navy full zip one", JACKET, {"F1"}),
        ("navy in XL", JACKET, {"F1", "F2"}),
        ("not the red one, a black one", JACKET, {"F3"}),
        ("8 inch wifi 32GB?", READER, {"R1"}),
        ('8" with wi-fi + cellular', READER, {"R2"}),
        ("6 inch or 8 inch, what's the difference", READER, {"R1", "R2", "R3"}),
        ("in red without logo", HOODIE, {"H1"}),
        ("the red one with logo", HOODIE, {"H2"}),
        ("雾蓝色500ml的多少钱", MUG, {"C2"}),
        ("500毫升的多少钱", MUG, {"C2"}),
        ("350的呢", MUG, {"C1"}),
        ("大的那款", MUG, {"C2"}),
        ("the smaller one", MUG, {"C1"}),
        ("everything but not navy", JACKET, {"F3", "F4"}),
        ("is the bigger one dearer than the smaller one", SHOE, set()),
        ("how much is it", JACKET, set()),
    ],
)
def test_variants_by_their_options(text: str, product: Product, skus: set[str]) -> None:
    assert set(meant(text, product).skus) == skus


@pytest.mark.parametrize(
    ("text", "product", "lacking", "nearest"),
    [
        ("XL red full zip", JACKET, {"XL", "red", "full"}, {"F1"}),
        ("the 6 inch with 64GB storage", READER, {"6-inch", "64GB"}, {"R3"}),
        ("do you have size 50", SHOE, {"size 50"}, {"S40", "S42"}),
    ],
)
def test_a_combination_that_there_is_not_is_never_the_nearest_one(
    text: str, product: Product, lacking: set[str], nearest: set[str]
) -> None:
    told = meant(text, product)
    assert told.skus == ()
    assert set(told.named) == lacking
    assert set(told.nearest) == nearest
    subject = with_variants(Subject(product.id), text, product)
    assert subject.sku is None
    assert set(subject.lacking) == lacking


def test_options_said_before_stay_where_they_are_not_named_again() -> None:
    assert meant("and with half zip?", JACKET, "F1").skus == ("F2",)


def test_a_whole_title_inside_a_sentence_goes_before_longer_ones() -> None:
    view = a_view(a_product("tee", {"en": "T-Shirt"}), a_product("tee-logo", {"en": "T-Shirt with Logo"}))
    words = words_of(view)
    assert [s.product_id for s in find("what colours does the t-shirt come in", view, words).subjects] == ["tee"]
    assert [s.product_id for s in find("the t-shirt with logo, please", view, words).subjects] == ["tee-logo"]


CHERRIES = a_product(
    "cherries",
    "车厘子",
    a_variant("J2", options={"规格": "JJ级 2斤"}),
    a_variant("3J2", options={"规格": "JJJ级 2斤"}),
    a_variant("3J5", options={"规格": "JJJ级 5斤"}),
)
RICE = a_product("rice", "大米", a_variant("R5", options={"规格": "5斤"}), a_variant("R15", options={"规格": "15斤"}))
CAMERA = a_product(
    "cam",
    "运动相机",
    a_variant("STD", options={"版本": "标准版"}),
    a_variant("RIDE", options={"版本": "骑行套装"}),
    a_variant("DIVE", options={"版本": "潜水套装"}),
)
SHADES = a_product("shawl", "Shawl", a_variant("B", options={"Colour": "Blue"}), a_variant("LB", options={"Colour": "Light Blue"}))
PHONE = a_product(
    "case",
    "Case",
    a_variant("16", options={"Model": "iPhone 16"}),
    a_variant("16P", options={"Model": "iPhone 16 Pro"}),
    a_variant("16PM", options={"Model": "iPhone 16 Pro Max"}),
)


@pytest.mark.parametrize(
    ("text", "product", "skus"),
    [
        ("JJ级 2斤的多少钱", CHERRIES, {"J2"}),
        ("jj级2斤还剩几件", CHERRIES, {"J2"}),
        ("JJJ级 2斤的", CHERRIES, {"3J2"}),
        ("JJ级 2斤和JJJ级 2斤差多少", CHERRIES, {"J2", "3J2"}),
        ("15斤的多少钱", RICE, {"R15"}),
        ("5斤和15斤的差多少", RICE, {"R5", "R15"}),
        ("骑行的多少钱", CAMERA, {"RIDE"}),
        ("骑行的比标准版贵多少", CAMERA, {"RIDE", "STD"}),
        ("骑行时能用的相机吗", CAMERA, set()),
        ("the light blue one", SHADES, {"LB"}),
        ("the blue one", SHADES, {"B"}),
        ("blue or light blue", SHADES, {"B", "LB"}),
        ("for the iphone 16 pro", PHONE, {"16P"}),
        ("iphone 16 or iphone 16 pro max?", PHONE, {"16", "16PM"}),
    ],
)
def test_a_value_inside_another_is_not_said_by_it(text: str, product: Product, skus: set[str]) -> None:
    assert set(meant(text, product).skus) == skus
