"""Conditions on attributes: words, amounts in any unit, absence, and what counts where nothing is stated."""

import pytest

from retrieval.catalog_facts import says
from retrieval.filters import AttributeCondition, Filters
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
