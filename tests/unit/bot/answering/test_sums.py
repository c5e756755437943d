"""Sums, differences and the next variant over several turns, in shops whose titles and options hold figures and each other's words."""

import pytest

from bot.answering.claims import claims_of
from bot.answering.composer import Draft, Findings
from bot.answering.extractive import ExtractiveComposer
from bot.answering.guard import Guard
from bot.understanding.question import Memory
from bot.understanding.understand import Understanding
from knowledge.money import Money, format_money
from retrieval.retriever import Evidence
from retrieval.view import ShopView
from tests.builders import NOW, a_faq, a_product, a_shop, a_variant, a_view
from tests.unit.bot.answering.talks import WORDINGS
from tests.unit.bot.answering.test_conversations import Talk

NOODLES = a_product("noodles", "武汉热干面6盒", price="39.90 CNY", stock=30, category="速食")
COFFEE = a_product("coffee", "冻干黑咖啡", price="45.00 CNY", stock=12, category="冲饮")
CAKES = a_product("cakes", "无蔗糖桃酥", price="25.90 CNY", stock=12, category="糕点")
WALNUTS = a_product(
    "walnuts",
    "新疆185纸皮核桃",
    a_variant("HT-2", options={"规格": "2斤"}, price="36.80 CNY", stock=4),
    a_variant("HT-5", options={"规格": "5斤"}, price="85.00 CNY", stock=9),
    category="坚果",
)
NUTS = a_product(
    "nuts",
    "每日坚果",
    a_variant("NU-7", options={"规格": "7袋装"}, price="39.90 CNY", stock=4),
    a_variant("NU-30", options={"规格": "30袋装"}, price="129.00 CNY", stock=9),
    category="坚果",
)
NECKS = a_product(
    "necks",
    "锁鲜鸭脖",
    a_variant("YB-T", options={"口味": "甜辣"}, price="26.90 CNY", stock=22),
    a_variant("YB-M", options={"口味": "麻辣"}, price="28.90 CNY", stock=17),
    category="卤味",
)
TOFU = a_product("tofu", "麻辣豆干小包", price="18.80 CNY", stock=70, category="零食")
FILM = a_product("film", "麦壳 iPhone 16 系列高清钢化膜", price="39.00 CNY", stock=3, category="配件")
PRIVACY = a_product("privacy", "麦壳 iPhone 16 系列防窥膜", price="49.00 CNY", stock=3, category="配件")
FOOD = a_view(NOODLES, COFFEE, CAKES, WALNUTS, NUTS, NECKS, TOFU, FILM, PRIVACY, shop=a_shop(currency="CNY"))

DRUMS = a_product("drums", "Bolt DK5 Electronic Drum Kit", price="449.00 EUR", stock=3, category="Drums")
THRONE = a_product("throne", "Bolt Drum Throne", price="49.00 EUR", stock=3, category="Drums")
SHAKERS = a_product("shakers", "Savanna Percussion Set 10 Pieces", price="22.90 EUR", stock=3, category="Percussion")
CAPO = a_product(
    "capo",
    "Fenwick Trigger Capo",
    a_variant("CAP-S", options={"For": "Steel-string"}, price="14.90 EUR", stock=24),
    a_variant("CAP-C", options={"For": "Classical"}, price="15.90 EUR", stock=10),
    category="Accessories",
)
CLASSICAL = a_product("classical", "Alba Classical Guitar", price="119.00 EUR", stock=2, category="Guitars")
SHOES = a_product("shoes", "Cloudstep Shoes", price="399.00 EUR", stock=2, category="Shoes")
SCARF = a_product("scarf", "Wool Scarf", price="219.00 EUR", stock=2, category="Scarves")
STRINGS = a_product(
    "strings",
    "Silverline Strings",
    a_variant("SI-10", options={"Gauge": "10–47"}, price="8.50 EUR", stock=24),
    a_variant("SI-12", options={"Gauge": "12–53"}, price="9.50 EUR", stock=41),
    category="Strings",
)
MUSIC = a_view(DRUMS, THRONE, SHAKERS, CAPO, CLASSICAL, SHOES, SCARF, STRINGS, shop=a_shop(currency="EUR"))


def says(view: ShopView, *turns: str) -> str:
    talk = Talk(view)
    for turn in turns[:-1]:
        talk.ask(turn)
    return talk.says(turns[-1])


@pytest.mark.parametrize(
    ("view", "turns", "total"),
    [
        (FOOD, ("武汉热干面6盒和冻干黑咖啡一起买一共多少钱",), "= ¥84.90"),
        (FOOD, ("买3个武汉热干面6盒一共多少钱",), "¥119.70"),
        (FOOD, ("两个冻干黑咖啡加一个无蔗糖桃酥总共多少",), "= ¥115.90"),
        (FOOD, ("武汉热干面6盒多少钱", "冻干黑咖啡呢", "两个一起多少"), "= ¥84.90"),
        (FOOD, ("冻干黑咖啡多少钱", "两个一共多少"), "= ¥90.00"),
        (FOOD, ("冻干黑咖啡多少钱", "3个呢"), "= ¥135.00"),
        (FOOD, ("每日坚果7袋装多少钱", "再加一个30袋装的一共多少"), "= ¥168.90"),
        (FOOD, ("麦壳 iPhone 16 系列高清钢化膜和麦壳 iPhone 16 系列防窥膜一共多少钱",), "= ¥88.00"),
        (MUSIC, ("how much is the Bolt DK5?", "total with the drum throne and the wool scarf?"), "= €717.00"),
        (MUSIC, ("how much for the savanna percussion set 10 pieces and the wool scarf together?",), "= €241.90"),
        (MUSIC, ("how much is the Wool Scarf?", "what about 3?"), "= €657.00"),
        (MUSIC, ("how much for the cloudstep shoes and the wool scarf together?",), "= €618.00"),
    ],
)
def test_a_sum_counts_what_is_meant(view: ShopView, turns: tuple[str, ...], total: str) -> None:
    assert total in says(view, *turns)


@pytest.mark.parametrize(
    ("view", "turns", "held", "not_held"),
    [
        (FOOD, ("锁鲜鸭脖甜辣多少钱", "麻辣的呢"), "¥28.90", "¥18.80"),
        (MUSIC, ("how much is the Fenwick Trigger Capo in Classical", "and in Steel-string?"), "€14.90", "€119.00"),
        (MUSIC, ("how much is the Fenwick Trigger Capo in Steel-string", "and in Classical?"), "€15.90", "€119.00"),
        (FOOD, ("锁鲜鸭脖甜辣还有货吗", "麻辣的呢"), "17 件", "70 件"),
        (MUSIC, ("is the Fenwick Trigger Capo in Classical in stock?", "and in Steel-string?"), "24", "€119.00"),
        (MUSIC, ("Silverline Strings 10–47多少钱", "12–53的呢"), "€9.50", "€14.90"),
    ],
)
def test_an_option_alone_is_of_what_was_spoken_of(view: ShopView, turns: tuple[str, ...], held: str, not_held: str) -> None:
    said = says(view, *turns)
    assert held in said
    assert not_held not in said


@pytest.mark.parametrize(
    ("view", "turns", "difference"),
    [
        (FOOD, ("新疆185纸皮核桃2斤和5斤差多少钱",), "¥48.20"),
        (FOOD, ("武汉热干面6盒比冻干黑咖啡便宜多少",), "¥5.10"),
        (FOOD, ("锁鲜鸭脖多少钱", "麻辣的比甜辣的贵多少"), "¥2.00"),
        (MUSIC, ("how much more expensive is the wool scarf than the bolt drum throne?",), "€170.00"),
        (MUSIC, ("price difference between 12–53 and 10–47 for the silverline strings?",), "€1.00"),
    ],
)
def test_by_how_much_prices_differ(view: ShopView, turns: tuple[str, ...], difference: str) -> None:
    assert difference in says(view, *turns)


def test_half_of_a_sum_is_none() -> None:
    """One of the two is open: no total is said of the other."""
    said = says(
        a_view(DRUMS, SCARF, *(a_product(f"l{n}", f"Garden Lamp {n}", price="9.00 EUR") for n in "AB"), shop=a_shop(currency="EUR")),
        "total for 2 wool scarves plus the garden lamp?",
    )
    assert "€438.00" not in said


@pytest.mark.parametrize("words", ["新疆185纸皮核桃多少钱", "5斤的新疆185纸皮核桃多少钱"])
def test_a_place_in_a_title_asks_for_no_shipping(words: str) -> None:
    assert "¥85.00" in says(FOOD, words)


def test_every_price_is_read_as_money() -> None:
    """618 is a day of sales in China, and what two things may cost."""
    for sentence in ("The price of the Widget is {} now.", "小部件售价 {}。"):
        for minor in [*range(1, 200_000, 97), *range(100, 250_000, 100)]:
            amount = format_money(Money(minor, "CNY"))
            assert [(c.kind, c.low) for c in claims_of(sentence.format(amount))] == [("money", minor / 100)], amount


PUZZLES = [
    a_product(f"puzzle{n}", f"{name} Puzzle", price=f"{price} EUR", stock=9, category="Puzzles")
    for n, (name, price) in enumerate([("World Map", "14.99"), ("Farm", "9.99"), ("Glow", "9.99")])
]
KITE = a_product("kite", "Big Sky Kite", price="40.00 EUR", stock=9, category="Outdoor")
CARD = a_product("card", "Gift Card", price="60.00 EUR", stock=9, category="Gift cards")
OFFERS = a_view(
    *PUZZLES,
    KITE,
    CARD,
    shop=a_shop(currency="EUR"),
    faq=[
        a_faq("offers", "What is on offer?", "Until 24 December 2026: 3 for 2 on all puzzles, the cheapest is free."),
        a_faq("new", "Do you have a discount for new customers?", "New customers get €5 off a first order over €10 with the code HELLO."),
        a_faq("more", "Is there a discount for a large order?", "€10 off orders over €100. Gift cards are excluded."),
        a_faq("old", "Was there a summer sale?", "Until 30 June 2020: 50% off everything with the code SUMMER."),
    ],
)


class ShopTalk(Talk):
    """A conversation whose statements are judged with their sources, as a turn judges them."""

    def ask(self, words: str) -> Draft:
        question = Understanding().understand(words, Memory(), OFFERS)
        nothing = tuple(Evidence() for _ in question.parts)
        findings = Findings(view=OFFERS, question=question, evidence=nothing, offers=dict(OFFERS.offers), memory=Memory(), now=NOW)
        draft = ExtractiveComposer(WORDINGS).draft(findings)
        self._guard = Guard(findings)
        assert [v for s in draft.statements for v in self._guard.objections(s)] == []
        return draft


@pytest.mark.parametrize(
    ("words", "held", "not_held"),
    [
        (
            "how much are the world map puzzle, the farm puzzle and the glow puzzle together?",
            ("= €34.97", "€34.97 - €9.99 = €24.98"),
            "HELLO",
        ),
        ("how much are the world map puzzle and the farm puzzle together?", ("= €24.98",), " - "),
        ("what do 3 big sky kites cost in total?", ("€120.00", "€120.00 - €10.00 = €110.00"), "3 for 2"),
        ("what do 2 big sky kites cost in total?", ("€80.00",), " - "),
        ("what do 3 gift cards cost in total?", ("€180.00",), " - "),
        ("total for 2 big sky kites and a gift card?", ("= €140.00",), " - "),
    ],
)
def test_a_total_after_the_reduction_that_holds(words: str, held: tuple[str, ...], not_held: str) -> None:
    said = ShopTalk(OFFERS).says(words)
    assert all(row in said for row in held)
    assert not_held not in said


@pytest.mark.parametrize(
    "sentence",
    [
        "With that, €34.97 - €14.99 = €19.98.",
        "With that, €34.97 - €9.99 = €20.98.",
        "With that, €30.00 - €9.99 = €20.01.",
    ],
)
def test_a_wrong_reduction_does_not_pass_the_guard(sentence: str) -> None:
    talk = ShopTalk(OFFERS)
    talk.ask("how much are the world map puzzle, the farm puzzle and the glow puzzle together?")
    assert talk.objections(sentence)
