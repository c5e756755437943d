"""Chinese messages in the words of English shops and the other way round, in trades of every kind."""

import pytest

from bot.understanding.asked import asked_attributes
from bot.understanding.question import Intent, Memory
from bot.understanding.shop_language import in_shop_words, tongue_of
from bot.understanding.shop_words import words_of
from bot.understanding.understand import Understanding
from knowledge.catalog import Attribute
from knowledge.phrases import tokens
from retrieval.view import ShopView
from tests.builders import a_product, a_view

MUSIC = ["Maple Acoustic Guitar", "Concert Ukulele", "Student Violin 4/4", "Folding Music Stand", "Clip-On Tuner", "Nylon Guitar Strings"]
CAMP = [
    "Ridge Two-Person Tent",
    "Alpine Down Sleeping Bag",
    "Rider Camping Lantern",
    "Carbon Trekking Poles",
    "Steel Bottle 1 L",
    "Gas Stove",
]
DESK = ["Brass Fountain Pen", "Dotted Notebook A5", "Canvas Pencil Case", "Sticky Notes, 6 colours", "Ink 50 ml", "Brush Pen"]
PETS = ["Salmon Dry Cat Food", "Beef Wet Dog Food", "Reflective Dog Leash", "Corner Cat Tree", "Automatic Feeder", "Cat Litter 10 l"]
BEAUTY = ["Rose Lip Balm", "Vitamin C Serum", "Clay Face Mask", "Daily Sunscreen SPF 50", "Argan Hair Oil", "Bamboo Makeup Brush"]
CHINESE = ["云朵羽绒被 200x230", "护眼台灯 Pro", "儿童乳胶枕", "65W 氮化镓充电器", "机械键盘 87键", "亚麻窗帘", "不粘平底锅 28cm"]


def shop(titles: list[str], language: str = "en") -> ShopView:
    return a_view(*(a_product(f"p{n}", {language: title}) for n, title in enumerate(titles)))


def said(text: str, view: ShopView) -> str:
    return in_shop_words(text, view, words_of(view))


def named(text: str, view: ShopView) -> list[str]:
    (part,) = Understanding().understand(text, Memory(), view).parts
    return [subject.product_id for subject in part.subjects if subject.certain]


@pytest.mark.parametrize(
    ("titles", "text", "id"),
    [
        (MUSIC, "木吉他多少钱", "p0"), (MUSIC, "尤克里里有货吗", "p1"), (MUSIC, "小提琴多重", "p2"), (MUSIC, "調音器多少錢", "p4"), (MUSIC, "吉他弦还有吗", "p5"),
        (CAMP, "帐篷多少钱", "p0"), (CAMP, "羽绒睡袋多重", "p1"), (CAMP, "营地的提灯有货吗", "p2"), (CAMP, "登山杖价格", "p3"),
        (DESK, "钢笔多少钱", "p0"), (DESK, "笔袋有货吗", "p2"), (DESK, "便利贴多少钱一包", "p3"), (DESK, "墨水有货吗", "p4"),
        (PETS, "狗绳多少钱", "p2"), (PETS, "猫爬架多高", "p3"), (PETS, "自动喂食器多少钱", "p4"), (PETS, "猫砂有货吗", "p5"),
        (BEAUTY, "润唇膏多少钱", "p0"), (BEAUTY, "维他命精华有货吗", "p1"), (BEAUTY, "防晒霜多少钱", "p3"), (BEAUTY, "化妆刷有货吗", "p5"),
    ],
)  # fmt: skip
def test_what_is_named_in_chinese(titles: list[str], text: str, id: str) -> None:
    assert named(text, shop(titles)) == [id]


@pytest.mark.parametrize(("text", "id"), [("动感单车多少钱", "p0"), ("跑步机多少钱", "p2")])
def test_a_name_goes_before_a_regional_word_in_it(text: str, id: str) -> None:
    assert named(text, shop(["Stride Spin Bike", "City Bicycle", "Walking Treadmill", "Foam Roller"])) == [id]


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("how much is the down duvet", "p0"), ("is the desk lamp in stock?", "p1"), ("price of the latex pillow", "p2"), ("charger in stock?", "p3"),
        ("how heavy is the mechanical keyboard", "p4"), ("how much are the linen curtains", "p5"), ("is the frying pan in stock", "p6"),
    ],
)  # fmt: skip
def test_what_is_named_in_english(text: str, id: str) -> None:
    assert named(text, shop(CHINESE, "zh")) == [id]


@pytest.mark.parametrize(
    ("titles", "text"),
    [
        (CAMP, "可以包装成礼物吗"), (CAMP, "有没有优惠"), (CAMP, "多少钱"), (CAMP, "保修几年"), (PETS, "可以退货吗"), (DESK, "一包多少钱"), (BEAUTY, "在吗"),
        (CAMP, "how much is the tent"), (MUSIC, "钢笔多少钱"), (PETS, "请问怎么付款"), (BEAUTY, ""),
    ],
)  # fmt: skip
def test_what_names_nothing_here_stays_as_it_is(titles: list[str], text: str) -> None:
    assert said(text, shop(titles)) == text


@pytest.mark.parametrize(
    "text", ["can i pay by card", "how long does delivery take", "is it on sale", "what do you have", "机械键盘多少钱", "thanks!"]
)
def test_questions_of_the_house_stay_as_they_are(text: str) -> None:
    assert said(text, shop(CHINESE, "zh")) == text


def test_the_words_that_stand_in_one_title_together_are_chosen() -> None:
    view = shop(["Clara Glass Kettle", "Swan Gooseneck Kettle", "Glass Storage Jar", "Tea Glass"])
    assert said("玻璃水壶多少钱", view) == "glass kettle 多少钱"
    assert said("玻璃的那个", view) == "玻璃的那个"


def test_all_that_are_called_so_are_meant() -> None:
    view = shop(["Forge Cast Iron Skillet", "Lumen Ceramic Frying Pan", "Hong Wok", "Alder Saucepan"])
    assert set(said("平底锅", view).split("/")) == {"frying pan", "skillet"}
    assert said("铸铁平底锅", view) == "cast iron skillet"


def test_a_word_inside_another_is_none() -> None:
    view = shop(["Canvas Bag", "Solar Lantern", "Solar Path Lights", "Steel Lamp"])
    assert said("包装盒", view) == "包装盒"
    assert said("太阳能灯笼", view) == "solar lantern"


def test_shops_in_both_languages_need_no_translation() -> None:
    view = a_view(
        *(a_product(f"p{n}", {"en": en, "zh": zh}) for n, (en, zh) in enumerate([("Tent", "帐篷"), ("Lamp", "灯"), ("Bag", "包")]))
    )
    tongue = tongue_of(view, words_of(view))
    assert not tongue.han and not tongue.latin


def test_the_question_keeps_what_was_written() -> None:
    question = Understanding().understand("尤克里里多少钱", Memory(), shop(MUSIC))
    assert question.text == "尤克里里多少钱" and question.language == "zh"
    assert "in the words of the shop" in question.notes


@pytest.mark.parametrize(
    ("text", "asked"),
    [("最大承重多少公斤", ("最大承重",)), ("容量是多少升", ("容量",)), ("多少公斤", ("weight",))],
)
def test_a_unit_beside_a_property_asks_for_no_second_one(text: str, asked: tuple[str, ...]) -> None:
    assert asked_attributes(text, tokens(text), ()) == asked


@pytest.mark.parametrize(("text", "intent"), [("what's the CRI?", Intent.PRODUCT_QUESTION), ("显色指数呢", Intent.PRODUCT_QUESTION)])
def test_a_property_of_what_was_shown_is_no_matter_outside(text: str, intent: Intent) -> None:
    lamp = a_product("p0", {"zh": "护眼台灯"}, attributes=(Attribute("显色指数", "Ra97", "zh"),))
    (part,) = Understanding().understand(text, Memory(shown=["p0"]), a_view(lamp)).parts
    assert part.intent is intent


@pytest.mark.parametrize(("text", "left"), [("no kettle", True), ("不要水壶", True), ("a kettle", False)])
def test_what_is_left_out_goes_on_with_the_list_before(text: str, left: bool) -> None:
    view = shop(["Glass Kettle", "Steel Toaster", "Rice Cooker", "Air Fryer"])
    memory = Memory(search="something for the kitchen", shown=["p1", "p2"], last_intent="product_search")
    (part,) = Understanding().understand(text, memory, view).parts
    assert ("something for the kitchen" in part.standalone) is left
