"""Facts that stand in sentences alone: yes and no, features wished for, what goes together; in shops of other trades."""

import pytest

from bot.answering.composer import Draft
from bot.answering.described import asked_of, features_wished, verdict_of
from bot.understanding.question import Intent, Memory
from knowledge.verdicts import Verdict
from retrieval.filters import Filters
from tests.builders import a_product, a_variant, a_view
from tests.unit.bot.answering.talks import a_part, evidence, talk, text

POT = a_product(
    "pot", "Fen 2 Teapot | 芬2茶壶", description="Glazed inside.\n- No strainer\n- Bamboo lid included\n- Holds four cups", category="Pots"
)
JUG = a_product(
    "jug", "Fen 3 Jug | 芬3水壶", description="- Built-in strainer, can be taken out\n- Not safe for the stove", category="Pots"
)
CUP = a_product("cup", "Moor 1 Cup | 荒原1杯", description="Plain cup.", category="Pots")
LID = a_product("lid", "Cork Lid | 软木盖", description="Made for the Fen 2. Does not fit the Fen 3.", category="Parts")
SHOP = a_view(POT, JUG, CUP, LID)


def answer(words: str, *ids: str, language: str = "en", intent: Intent = Intent.PRODUCT_QUESTION, **rest: object) -> Draft:
    return talk(SHOP, a_part(intent, words, *ids, yes_no=True, **rest), evidence(), language=language)


@pytest.mark.parametrize(
    ("words", "id_", "begins"),
    [
        ("does it have a strainer?", "pot", "No."),
        ("does it have a strainer?", "jug", "Yes."),
        ("does it come with a lid?", "pot", "Yes."),
        ("is it safe for the stove?", "jug", "No."),
    ],
)
def test_yes_and_no_by_the_sentence_that_says_so(words: str, id_: str, begins: str) -> None:
    said = text(answer(words, id_))
    assert said.startswith(begins)
    assert "“- " not in said  # a list's mark is no part of what is said


def test_what_no_sentence_names_is_not_stated() -> None:
    assert answer("does it have a handle?", "cup").outcome.value == "abstained"


def test_who_asks_for_a_use_gets_no_yes() -> None:
    buds = a_product("buds", "Moor Buds", description="IPX5 against rain. For the gym.", category="Audio")
    part = a_part(Intent.PRODUCT_QUESTION, "can i dive with it?", "buds", yes_no=True, asked=("waterproof",))
    said = text(talk(a_view(buds), part, evidence()))
    assert "IPX5" in said
    assert not said.startswith("Yes")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("turntables with a built in preamp?", [("built in preamp", False)]),
        ("headphones without a cable", [("cable", True)]),
        ("a jacket that has a hood under 50", [("hood", False)]),
        ("chairs that don't have armrests", [("armrests", True)]),
        ("do you have anything for dogs", []),
        ("有没有带收纳袋的帐篷", [("收纳袋", False)]),
        ("不酸的豆子有哪几款", [("酸", True)]),
        ("无糖的饼干", [("糖", True)]),
        ("你们有什么茶", []),
        ("有货的黑色手机壳", []),
    ],
)
def test_features_that_are_wished_for(words: str, found: list[tuple[str, bool]]) -> None:
    assert [(f.said, f.absent) for f in features_wished(words)] == found


@pytest.mark.parametrize(
    ("words", "shown"),
    [("pots with a built in strainer", {"JUG"}), ("pots without a strainer", {"POT"}), ("带盖的壶", {"POT", "JUG", "CUP"})],
)
def test_a_denial_never_counts_as_having_it(words: str, shown: set[str]) -> None:
    part = a_part(Intent.PRODUCT_SEARCH, words, filters=Filters(categories=("pots",)))
    draft = talk(SHOP, part, evidence(products=("pot", "jug", "cup")))
    assert set(draft.product_skus) == shown


def test_which_of_two_has_it() -> None:
    part = a_part(Intent.COMPARE, "which has a strainer?", "pot", "jug", asked=("strainer",))
    said = text(talk(SHOP, part, evidence()))
    assert "No strainer" in said
    assert said.splitlines()[-1] == "By what the shop states, that is the Fen 3 Jug."


@pytest.mark.parametrize(
    ("words", "ids", "begins"), [("does it fit the Fen 3?", ("lid", "jug"), "No."), ("does it fit the fen 2?", ("lid", "pot"), "Yes.")]
)
def test_whether_two_go_together(words: str, ids: tuple[str, str], begins: str) -> None:
    assert text(answer(words, *ids)).startswith(begins)


def test_what_there_is_for_a_product() -> None:
    part = a_part(Intent.RECOMMEND, "which lid goes with the fen 2?", "pot")
    draft = talk(SHOP, part, evidence(products=("pot", "lid", "jug")))
    assert draft.product_skus == ("LID",)
    other = a_part(Intent.RECOMMEND, "which lid goes with the fen 3?", "jug")
    assert "LID" not in talk(SHOP, other, evidence(products=("pot", "lid", "jug"))).product_skus


def test_how_many_by_the_sentence_that_counts() -> None:
    part = a_part(Intent.PRODUCT_QUESTION, "how many cups is it for?", "pot")
    assert "four cups" in text(talk(SHOP, part, evidence()))


def test_alternatives_are_named_where_a_list_of_one_is_sold_out() -> None:
    gone = a_product("gone", "Moor 2 Cup", a_variant("GONE", stock=0), category="Pots", description="Plain.")
    part = a_part(Intent.AVAILABILITY, "is the moor 2 left?", yes_no=True, filters=Filters(categories=("pots",)))
    said = text(talk(a_view(gone, JUG), part, evidence(products=("gone",)), memory=Memory()))
    assert said.splitlines()[-1] != "What comes close to it:"
    assert "Fen 3 Jug" in said


DRILL = a_product("drill", "Volt Drill", description={"en": "Two batteries and charger included. No case."})


@pytest.mark.parametrize(("asked", "says"), [("带电池吗", Verdict.YES), ("有充电器吗", Verdict.YES)])
def test_english_sentences_answer_chinese_questions(asked: str, says: Verdict) -> None:
    found = asked_of(DRILL, asked, (), "zh")
    assert found and verdict_of(found) is says
