"""Conditions on attributes: words, amounts in any unit, absence, and what counts where nothing is stated."""

from typing import Any

import pytest

from retrieval.catalog_facts import says
from retrieval.filters import AttributeCondition, Filters, Way
from retrieval.view import build_view
from tests.builders import NOW, a_product, a_shop, a_variant
from tests.unit.retrieval.conftest import documents

PRODUCTS = [
    a_product("big", "Kettle", attributes={"Capacity": "1700 ml", "Material": "stainless steel"}),
    a_product("small", "水壶", attributes={"容量": "0.6 升", "材质": "玻璃"}),
    a_product("titled", "Flask 1.2 L", description="Made of glass."),
    a_product("bag", "Tote, vegan", attributes={"Material": "non-leather microfibre", "Waterproof": "No"}),
    a_product("wallet", "Wallet", attributes={"Material": "Leather", "Waterproof": "IPX5"}),
    a_product(
        "shirt",
        "Shirt",
        a_variant("S-R", options={"Colour": "Dark red", "Size": "M"}),
        a_variant("S-B", options={"Colour": "Blue", "Size": "XL"}),
    ),
]


def matching(condition: AttributeCondition, *more: AttributeCondition) -> set[str]:
    view = build_view(a_shop(), 1, documents(*PRODUCTS))
    assert view.tables is not None
    found = view.tables.catalog.matching(Filters(attributes=(condition, *more)), NOW)
    return {id for id, held in zip(view.tables.catalog.ids, found.products, strict=True) if held}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (AttributeCondition(("capacity",), (), minimum=1.0, unit="L"), {"big", "titled"}),
        (AttributeCondition(("容量",), (), maximum=0.7, unit="L"), {"small"}),
        (AttributeCondition(("Capacity",), (), maximum=41, unit="fl oz"), {"small", "titled"}),
        (AttributeCondition(("material",), ("glass", "玻璃")), {"small", "titled"}),
        (AttributeCondition(("material",), ("leather",)), {"wallet"}),
        (AttributeCondition(("material",), ("leather",), absent=True), {"big", "small", "titled", "bag", "shirt"}),
        (AttributeCondition(("colour",), ("red",)), {"shirt"}),
        (AttributeCondition((), ("waterproof",)), {"wallet"}),
        (AttributeCondition((), ("vegan",)), {"bag"}),
    ],
)
def test_conditions(condition: AttributeCondition, expected: set[str]) -> None:
    assert matching(condition) == expected


def test_what_is_called_by_a_material_is_not_without_it() -> None:
    goods = [
        a_product("belt", "Leather Belt", attributes={"Material": "cowhide"}),
        a_product("strap", "Vegan Leather Strap", attributes={"Material": "PU"}),
        a_product("rope", "Rope Belt", attributes={"Material": "hemp"}),
    ]
    view = build_view(a_shop(), 1, documents(*goods))
    assert view.tables is not None
    without = AttributeCondition(("material",), ("leather",), absent=True)
    found = view.tables.catalog.matching(Filters(attributes=(without,)), NOW).products
    assert {id for id, held in zip(view.tables.catalog.ids, found, strict=True) if held} == {"strap", "rope"}


def test_two_options_must_be_of_one_variant() -> None:
    red, large, medium = (AttributeCondition((n,), (v,)) for n, v in (("colour", "red"), ("size", "XL"), ("size", "M")))
    assert matching(red, medium) == {"shirt"}
    assert matching(red, large) == set()


@pytest.mark.parametrize(
    ("value", "word", "expected"),
    [
        ("Black / Red", "red", True),
        ("Reddish", "red", False),
        ("XL", "L", False),
        ("Genuine leather", "leather", True),
        ("faux leather", "leather", False),
        ("不含皮革", "皮革", False),
        ("真皮", "皮", True),
        ("boxes", "box", True),
    ],
)
def test_values_state_whole_words(value: str, word: str, expected: bool) -> None:
    assert says(value, word) is expected


WISHES = [
    a_product("cabin", "Cabin Case", attributes={"Carry-on": "Yes"}),
    a_product("large", "Large Case", description="Too large to take on board as a carry-on.", attributes={"Carry-on": "No"}),
    a_product("duffel", "Duffel", description="Accepted as cabin baggage everywhere."),
    a_product("trunk", "Trunk"),
    a_product("pack-16", "Pack", attributes={"Laptop size": "Up to 16 inches"}),
    a_product("pack-13", "Small Pack", attributes={"适用电脑": "13 英寸以内"}),
    a_product("blocks", "Blocks", attributes={"Age": "From 3 years"}),
    a_product("board", "Board Game", attributes={"Age": "8–99 years"}),
]


def wished(way: Way, names: tuple[str, ...], **rest: Any) -> set[str]:
    view = build_view(a_shop(), 1, documents(*WISHES))
    assert view.tables is not None
    condition = AttributeCondition(names, rest.pop("values", ()), way=way, **rest)
    found = view.tables.catalog.matching(Filters(attributes=(condition,)), NOW)
    return {id for id, held in zip(view.tables.catalog.ids, found.products, strict=True) if held}


def test_a_property_is_there_where_it_is_stated_and_not_denied() -> None:
    words = ("cabin baggage",)
    assert wished(Way.HAS, ("carry-on",), values=words) == {"cabin", "duffel"}


def test_a_property_that_is_not_wanted_is_denied_or_not_stated() -> None:
    without = wished(Way.HAS, ("carry-on",), values=("cabin baggage",), absent=True)
    assert "large" in without
    assert "trunk" in without
    assert not without & {"cabin", "duffel"}


def test_what_takes_a_size_says_so() -> None:
    assert wished(Way.TAKES, ("laptop size",), minimum=15.6, unit="in") == {"pack-16"}
    assert wished(Way.TAKES, ("laptop size",), minimum=33, unit="cm") == {"pack-16", "pack-13"}
    assert wished(Way.TAKES, ("laptop size",), minimum=16, unit="in", absent=True) == {"pack-13"}


def test_of_an_age_what_says_nothing_is_for_everybody() -> None:
    assert "board" not in wished(Way.TAKES, ("age",), minimum=4, unit="yr")
    assert {"blocks", "trunk"} <= wished(Way.TAKES, ("age",), minimum=4, unit="yr")
    assert "blocks" not in wished(Way.TAKES, ("age",), minimum=1, unit="yr")


def test_products_can_be_left_out() -> None:
    view = build_view(a_shop(), 1, documents(*WISHES))
    assert view.tables is not None
    found = view.tables.catalog.matching(Filters(not_product_ids=("trunk", "gone")), NOW)
    assert found.count == len(WISHES) - 1


@pytest.mark.parametrize(("absent", "expected"), [(False, {"jug", "tagged"}), (True, {"pot", "cup"})])
def test_what_a_text_denies_is_not_there(absent: bool, expected: set[str]) -> None:
    goods = [
        a_product("pot", "Teapot", description="Glazed inside.\n- No strainer, no lid"),
        a_product("jug", "Jug", description="- Built-in strainer, can be taken out"),
        a_product("tagged", "Pitcher", description="Plain.", tags=("strainer",)),
        a_product("cup", "Cup", description="Plain cup."),
    ]
    condition = AttributeCondition(("strainer",), ("strainer",), absent, way=Way.HAS)
    view = build_view(a_shop(), 1, documents(*goods))
    assert view.tables is not None
    found = view.tables.catalog.matching(Filters(attributes=(condition,)), NOW)
    assert {id for id, held in zip(view.tables.catalog.ids, found.products, strict=True) if held} == expected
