"""PATCH /knowledge/offers beyond price and stock: sales, availability, and as many as a shop has."""

from datetime import timedelta

from bot.consoles.merchant.offers import MOST
from tests.unit.bot.consoles.conftest import House

OFFERS = "/api/v1/shops/tea/knowledge/offers"


async def live(house: House):
    return (await house.knowledge.offers("s1", ["K-1"]))["K-1"]


async def test_a_sale_begins_and_ends(house: House) -> None:
    http = await house.program("admin")
    assert (await http.patch(OFFERS, json=[{"sku": "K-1", "sale_price": "39.5"}])).json() == {"changed": ["K-1"], "unknown": []}
    offer = (await live(house)).offer
    assert (offer.paid(house.clock()).text, offer.listed(house.clock()).text) == ("39.50", "49.00")
    await http.patch(OFFERS, json=[{"sku": "K-1", "price": 45, "sale_price": "44.99"}])
    assert (await live(house)).offer.listed(house.clock()).text == "45.00"
    await http.patch(OFFERS, json=[{"sku": "K-1", "sale_price": ""}])
    offer = (await live(house)).offer
    assert (offer.paid(house.clock()).text, offer.listed(house.clock())) == ("45.00", None)
    # What is not below the price is no sale.
    await http.patch(OFFERS, json=[{"sku": "K-1", "price": "45", "sale_price": "45"}])
    assert (await live(house)).offer.listed(house.clock()) is None


async def test_a_sale_has_its_time(house: House) -> None:
    http, day = await house.program("admin"), house.clock()
    sale = {
        "sku": "K-1",
        "sale_price": "39.5",
        "sale_from": (day - timedelta(days=1)).isoformat(),
        "sale_until": (day + timedelta(days=1)).isoformat(),
    }
    assert (await http.patch(OFFERS, json=[sale])).status_code == 200
    offer = (await live(house)).offer
    assert (offer.paid(day).text, offer.paid(day + timedelta(days=2)).text) == ("39.50", "49.00")
    await http.patch(OFFERS, json=[{"sku": "K-1", "sale_price": "39.5", "sale_until": None}])
    assert (await live(house)).offer.paid(day + timedelta(days=400)).text == "39.50", "said to be open on both sides"
    for wrong in (
        {"sku": "K-1", "sale_until": day.isoformat()},
        {"sku": "K-1", "sale_price": "", "sale_from": day.isoformat()},
        {**sale, "sale_until": sale["sale_from"]},
    ):
        assert (await http.patch(OFFERS, json=[wrong])).status_code == 422, wrong


async def test_availability_is_said_with_or_without_a_count(house: House) -> None:
    http = await house.program("admin")
    for sent, state, quantity in (
        ({"availability": "discontinued"}, "discontinued", None),
        ({"availability": "preorder", "stock": 8}, "preorder", 8),
        ({"availability": "in_stock", "stock": 2}, "low", 2),
        ({"availability": "in_stock", "stock": 0}, "out_of_stock", 0),
        ({"availability": "in_stock"}, "in_stock", None),
    ):
        assert (await http.patch(OFFERS, json=[{"sku": "K-1", **sent}])).status_code == 200
        has = (await live(house)).availability
        assert (has.state.value, has.quantity) == (state, quantity), sent
    assert (await http.patch(OFFERS, json=[{"sku": "K-1", "availability": "plenty"}])).status_code == 422


async def test_a_whole_shop_in_one_request_and_no_more(house: House) -> None:
    http = await house.program("admin")
    many = [{"sku": f"X-{number}", "price": "19.90", "currency": "USD", "stock": 7} for number in range(MOST - 1)]
    response = await http.patch(OFFERS, json=[*many, {"sku": "K-1", "price": "19.90"}], timeout=120)
    assert response.json()["changed"] == ["K-1"] and len(response.json()["unknown"]) == MOST - 1
    more = await http.patch(OFFERS, json=[*many, {"sku": "K-1", "price": "1"}, {"sku": "K-2", "price": "1"}], timeout=120)
    assert more.status_code == 422 and (await live(house)).offer.regular.text == "19.90"
