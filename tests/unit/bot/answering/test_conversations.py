"""Whole conversations without retrieval: what is understood, said and remembered, in a shop of goods that no list of words was made for."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.answering.answer import Outcome
from bot.answering.composer import Draft, Findings
from bot.answering.extractive import ExtractiveComposer
from bot.answering.guard import Guard
from bot.understanding.question import Intent, Memory
from bot.understanding.understand import Understanding
from knowledge.promotion import Promotion
from retrieval.retriever import Evidence
from retrieval.view import ShopView
from tests.builders import NOW, a_product, a_review, a_shop, a_variant, a_view, money
from tests.unit.bot.answering.talks import WORDINGS, text

WOOL = a_product(
    "wool",
    "Fjord Sock Yarn | 峡湾袜线",
    a_variant("W-50-GR", options={"Size": "50 g", "Colour": "Green"}, price="8.00 USD", stock=12),
    a_variant("W-100-GR", options={"Size": "100 g", "Colour": "Green"}, price="14.00 USD", stock=0),
    a_variant("W-100-BL", options={"Size": "100 g", "Colour": "Blue"}, price="14.00 USD", stock=5),
    category="Yarn | 毛线",
    description="Superwash, not felting. Spun in Bergen.",
    attributes={"Needle breaker test": "Passed", "Moth proof": "No"},
)
NEEDLES = a_product(
    "needles",
    "Birch Needles | 桦木棒针",
    a_variant("N-3", options={"Size": "3 mm"}, price="6.00 USD", stock=9),
    a_variant("N-5", options={"Size": "5 mm"}, price="7.50 USD", stock=2),
    category="Tools | 工具",
)
HOOKS = a_product("hook", "Steel Crochet Hook | 钢钩针", price="4.00 USD", stock=3, category="Tools | 工具", brand="Nordkrok")
SHOP = a_view(
    WOOL,
    NEEDLES,
    HOOKS,
    shop=a_shop(),
    reviews=[a_review("r1", "W-50-GR", "It pilled after two washes.", 2), a_review("r2", "W-50-GR", "Lovely and soft.", 5)],
    promotions=[
        Promotion(
            "KNIT5", {"en": "Knitters' week"}, {"en": "$5 off orders of $40 or more."}, amount_off=money("5 USD"), minimum=money("40 USD")
        ),
        Promotion("HELLO", {"en": "Welcome"}, {"en": "$2 off the first order of new customers."}, amount_off=money("2 USD")),
        Promotion("LNT25", {"en": "Lantern days"}, ends=datetime(2025, 3, 1, tzinfo=UTC)),
    ],
)


class Talk:
    """A customer who goes on asking; every statement must pass the guard."""

    def __init__(self, view: ShopView = SHOP) -> None:
        self._view = view
        self._understanding = Understanding()
        self._composer = ExtractiveComposer(WORDINGS)
        self._memory = Memory()

    def ask(self, words: str) -> Draft:
        question = self._understanding.understand(words, self._memory, self._view)
        findings = Findings(
            view=self._view,
            question=question,
            evidence=tuple(Evidence() for _ in question.parts),
            offers=dict(self._view.offers),
            memory=replace(self._memory),
            now=NOW,
        )
        draft = self._composer.draft(findings)
        guard = Guard(findings)
        assert [v for s in draft.statements for v in guard.violations(s.text)] == []
        self._memory = draft.memory
        self._guard = guard
        return draft

    def objections(self, sentence: str) -> list[str]:
        """What the guard has against a sentence after the last question."""
        return [violation.kind for violation in self._guard.violations(sentence)]

    def says(self, words: str) -> str:
        return text(self.ask(words))


@pytest.fixture
def talk() -> Talk:
    return Talk()


def test_a_sold_out_variant_is_said_to_be_first(talk: Talk) -> None:
    draft = talk.ask("is the fjord sock yarn 100 g in green in stock?")
    assert "out of stock" in draft.statements[0].text
    assert not text(draft).startswith("Yes")
    assert draft.product_skus[0] == "W-100-GR"
    assert "Blue" in text(draft)


@pytest.mark.parametrize("words", ["fjord sock yarn 50g how much", "峡湾袜线50克多少钱", "what does the 50 g fjord sock yarn cost"])
def test_a_variant_named_by_an_amount_has_its_price_alone(talk: Talk, words: str) -> None:
    said = talk.says(words)
    assert "$8.00" in said
    assert "$14.00" not in said


def test_a_value_that_there_is_not(talk: Talk) -> None:
    said = talk.says("do you have the fjord sock yarn in red?")
    assert "red" in said
    assert "Green" in said
    assert not said.startswith("Yes")


def test_what_is_not_wanted_is_left_out(talk: Talk) -> None:
    said = talk.says("fjord sock yarn, not the 50 g, how much is it")
    assert "$14.00" in said
    assert "$8.00" not in said


def test_the_smaller_of_two_sizes(talk: Talk) -> None:
    assert "$6.00" in talk.says("how much are the birch needles in the smaller size")


def test_a_follow_up_keeps_product_and_question(talk: Talk) -> None:
    assert "$8.00" in talk.says("how much is the fjord sock yarn 50 g green")
    assert "$14.00" in talk.says("and the 100 g blue?")
    assert "5" in talk.says("how many of those are left")
    assert "$70.00" in talk.says("so 5 of them come to how much?")


def test_a_new_question_word_ends_the_question_before(talk: Talk) -> None:
    talk.ask("how much is the steel crochet hook")
    assert "$7.50" not in talk.says("where do the birch needles come from")


def test_pieces_are_stock_whatever_they_are_counted_in(talk: Talk) -> None:
    talk.ask("钢钩针多少钱")
    assert "3" in talk.says("还有几支")


def test_a_product_stays_the_one_spoken_of_after_a_promotion(talk: Talk) -> None:
    talk.ask("how much are the birch needles 5 mm")
    talk.ask("thanks!")
    assert "2" in talk.says("how many are left?")


def test_how_much_more(talk: Talk) -> None:
    assert "$6.00 more" in talk.says("how much more is the fjord sock yarn 100 g than the 50 g")
    assert "$2.00" in talk.says("how much more are the birch needles 3 mm than the steel crochet hook")


@pytest.mark.parametrize(
    ("words", "verdict"),
    [
        ("my basket is 30 dollars, does KNIT5 work?", "does not reach"),
        ("my basket is 55 dollars, does KNIT5 work?", "that reaches"),
        ("does KNIT5 work if I buy 4 of the steel crochet hook", "does not reach"),
        ("does HELLO work for a returning customer?", "new customers only"),
        ("is the lantern days discount still on?", "over"),
    ],
)
def test_a_verdict_on_a_promotion(talk: Talk, words: str, verdict: str) -> None:
    assert verdict in talk.says(words)


def test_a_promotion_that_nothing_decides_gets_no_verdict(talk: Talk) -> None:
    said = talk.says("what is KNIT5?")
    assert "$40" in said
    assert "reach" not in said


def test_buyers_words_where_they_are_asked_for(talk: Talk) -> None:
    said = talk.says("do people complain about pilling with the fjord sock yarn?")
    assert "2 ratings" in said
    assert "pilled" in said
    assert talk.ask("what do people say about the birch needles?").outcome is Outcome.ABSTAINED


def test_a_property_under_the_merchants_own_name(talk: Talk) -> None:
    said = talk.says("did the fjord sock yarn pass the needle breaker test?")
    assert "Passed" in said


def test_the_brand_of_a_part_is_not_the_brand(talk: Talk) -> None:
    draft = talk.ask("what brand of steel wire is in the steel crochet hook's handle?")
    assert "is by Nordkrok" not in text(draft)


def test_a_piece_that_asks_nothing_is_dropped_beside_an_answer(talk: Talk) -> None:
    said = talk.says("how much is the steel crochet hook? and hmm?")
    assert "$4.00" in said
    assert "Which product" not in said
    assert "outside what" not in said


def test_no_colour_is_claimed_that_nobody_states(talk: Talk) -> None:
    draft = talk.ask("do you have the steel crochet hook in red?")
    assert draft.outcome is Outcome.ABSTAINED
    assert "in stock" not in text(draft)


def test_a_figure_without_its_unit_names_a_size(talk: Talk) -> None:
    said = talk.says("is the fjord sock yarn 50 in stock")
    assert "12" in said
    assert "100 g" not in said


def test_the_promotion_of_one_piece_is_no_verdict(talk: Talk) -> None:
    assert "reach" not in talk.says("is there a coupon for the steel crochet hook?")


HOME = a_view(
    a_product(
        "rod",
        "Linden Curtain Rod | 椴木窗帘杆",
        a_variant("ROD-60", options={"Length": "60 cm"}, price="18.00 USD", stock=4),
        a_variant("ROD-80", options={"Length": "80 cm"}, price="24.00 USD", stock=0),
        a_variant("ROD-100", options={"Length": "100 cm"}, price="29.00 USD", stock=13),
        category="Windows | 窗饰",
    ),
    a_product("shelf", "Garage Shelf 80 cm | 车库层架 80 厘米", price="59.00 USD", stock=3, category="Shelves | 层架"),
    a_product(
        "paint",
        "Marl Wall Paint | 泥灰墙面漆",
        a_variant("P-1", options={"Volume": "1 L"}, price="15.00 USD", stock=7),
        a_variant("P-5", options={"Volume": "5 L"}, price="60.00 USD", stock=2),
        category="Paint | 油漆",
    ),
    a_product(
        "biscuits",
        "Oat Biscuits | 燕麦饼干",
        price="4.50 USD",
        stock=30,
        category="Biscuits | 饼干",
        attributes={"Pieces": "24", "片数": "24片"},
    ),
    a_product("brackets", "Linden Curtain Bracket | 椴木窗帘托架", price="3.00 USD", stock=20, category="Windows | 窗饰"),
    a_product(
        "tieback",
        "Leather Tieback | 皮质窗帘绑带",
        price="9.00 USD",
        stock=8,
        category="Windows | 窗饰",
        attributes={"Material": "Goatskin", "Moth proof": "no"},
    ),
    a_product(
        "cord",
        "Cord Tieback | 编绳窗帘绑带",
        price="7.00 USD",
        stock=8,
        category="Windows | 窗饰",
        attributes={"Material": "Cotton", "Moth proof": "yes"},
    ),
    a_product(
        "drill",
        "Mallet Cordless Drill | 木槌无绳电钻",
        price="89.00 USD",
        stock=6,
        category="Machines | 电动工具",
        description="Takes all Mallet batteries. Battery and charger are sold separately. Hard case included."
        " | 可用木槌的各种蓄电池。蓄电池需另购。附硬壳箱。",
    ),
    a_product("cell", "Mallet Battery 4 Ah | 木槌蓄电池 4 Ah", price="40.00 USD", stock=9, category="Machines | 电动工具"),
    shop=a_shop(),
)


@pytest.fixture
def home() -> Talk:
    return Talk(HOME)


@pytest.mark.parametrize("words", ["80 cm one?", "and the 80 cm?", "80厘米的呢"])
def test_an_amount_alone_is_an_option_of_what_was_spoken_of(home: Talk, words: str) -> None:
    home.ask("how much is the linden curtain rod 60 cm")
    said = home.says(words)
    assert "$24.00" in said or "out of stock" in said or "缺货" in said or "没有" in said
    assert "59" not in said


def test_a_name_beside_the_amount_is_another_product(home: Talk) -> None:
    home.ask("how much is the linden curtain rod 60 cm")
    assert "$59.00" in home.says("and the garage shelf 80 cm?")


@pytest.mark.parametrize("words", ["and the 100 cm one?", "and in 100 cm?"])
def test_another_option_after_a_price_has_price_and_stock(home: Talk, words: str) -> None:
    home.ask("how much is the linden curtain rod 60 cm")
    said = home.says(words)
    assert "$29.00" in said
    assert "13" in said


def test_a_price_asked_for_is_answered_by_the_price_alone(home: Talk) -> None:
    home.ask("how much is the linden curtain rod 60 cm")
    assert "13" not in home.says("what does the 100 cm one cost?")


@pytest.mark.parametrize("words", ["sorry, i mean the 5 litre", "no, the 5 litre one"])
def test_the_unit_of_an_option_is_not_asked_for(home: Talk, words: str) -> None:
    home.ask("how much is the marl wall paint")
    assert "$60.00" in home.says(words)


@pytest.mark.parametrize("words", ["and how many in a box?", "how many to a pack", "一盒有几片"])
def test_how_many_is_no_price(home: Talk, words: str) -> None:
    home.ask("how much are the oat biscuits" if words.isascii() else "燕麦饼干多少钱")
    said = home.says(words)
    assert "24" in said
    assert "4.50" not in said


def test_how_many_of_a_second_question_is_of_the_product_of_the_first(home: Talk) -> None:
    assert "24" in home.says("oat biscuits — in stock? and how many pieces")


def test_what_is_for_a_thing_is_not_the_thing(home: Talk) -> None:
    said = home.says("how much is a bracket for the linden curtain rod?")
    assert "$3.00" in said
    assert "$18.00" not in said


@pytest.mark.parametrize("words", ["what does a battery cost then", "how much is a spare battery?"])
def test_a_thing_not_spoken_of_is_another_one(home: Talk, words: str) -> None:
    home.ask("how much is the mallet cordless drill")
    said = home.says(words)
    assert "$40.00" in said
    assert "$89.00" not in said


def test_a_word_that_the_product_is_called_by_is_no_other_one(home: Talk) -> None:
    home.ask("how much is the linden curtain rod 60 cm")
    assert "$3.00" not in home.says("what does a rod cost in 100 cm")


@pytest.mark.parametrize(("words", "absent"), [("tiebacks, moth proof", False), ("tiebacks that are not moth-proof", True)])
def test_a_property_that_the_shop_answers_by_yes_or_no_is_a_condition(words: str, absent: bool) -> None:
    (part,) = Understanding().understand(words, Memory(), HOME).parts
    assert part.intent is Intent.PRODUCT_SEARCH
    assert [(c.names, c.absent) for c in part.filters.attributes] == [(("Moth proof",), absent)]


@pytest.mark.parametrize(("words", "verdict"), [("does it come with a battery?", "No"), ("does it come with a hard case?", "Yes")])
def test_what_is_sold_separately_does_not_come_with_it(home: Talk, words: str, verdict: str) -> None:
    home.ask("how much is the mallet cordless drill")
    assert home.says(words).startswith(verdict)
