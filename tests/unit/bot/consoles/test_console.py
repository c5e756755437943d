"""The merchant's first page, and prices and stock by program."""

import pytest

from bot.consoles.shared.pages import conditions, local_path
from bot.consoles.shared.rich_text import rich
from bot.consoles.shared.words import FOLDER, load_words
from bot.consoles.staff.pages import read_summary
from bot.handoff.summary import queue_in
from bot.understanding.memory import filters_json
from knowledge.money import Money
from retrieval.filters import AttributeCondition, Filters
from tests.unit.bot.consoles.conftest import House

OFFERS = "/api/v1/shops/tea/knowledge/offers"


async def test_the_console_shows_what_the_shop_holds_and_what_it_could_not_answer(house: House) -> None:
    await house.knowledge.record_gap("s1", "Is it <vegan>?", "en", "not_stated", house.clock())
    await house.knowledge.record_gap("s2", "A hat question", "en", "not_stated", house.clock())
    browser = await house.signed_in("viewer")
    page = (await browser.get("/console/tea")).text
    assert "Is it &lt;vegan&gt;?" in page and "A hat question" not in page and "Revision 1" in page
    assert 'type="file"' not in (await browser.get("/console/tea/import")).text
    assert "tea" in (await browser.get("/console")).text and "/console/hats" not in (await browser.get("/console")).text


async def _price(house: House, shop_id: str = "s1") -> str:
    paid = (await house.knowledge.offers(shop_id, ["K-1"]))["K-1"].offer.paid(house.clock())
    return paid.text if paid else ""


async def test_prices_and_stock_change_at_once(house: House) -> None:
    http = await house.program("admin")
    response = await http.patch(OFFERS, json=[{"sku": "K-1", "price": "39.90", "stock": 3}, {"sku": "nope", "stock": 1}])
    assert response.status_code == 200 and response.json() == {"changed": ["K-1"], "unknown": ["nope"]}
    assert await _price(house) == "39.90" and await _price(house, "s2") == "49.00"
    assert (await house.knowledge.offers("s1", ["K-1"]))["K-1"].availability.quantity == 3


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[{}]",
        b"not json",
        b'[{"sku":"K-1","price":"-1"}]',
        b'[{"sku":"K-1","price":"12,50"}]',
        b'[{"sku":"K-1","stock":-1}]',
        b'[{"sku":"K-1","stock":1.5}]',
        b'[{"sku":"K-1","currency":"dollar"}]',
        b'[{"sku":"K-1","prize":"1"}]',
    ],
)
async def test_a_wrong_value_changes_nothing_and_is_named(house: House, body: bytes) -> None:
    http = await house.program("admin")
    response = await http.patch(OFFERS, content=body)
    assert response.status_code == 422 and response.headers["content-type"] == "application/problem+json"
    assert await _price(house) == "49.00"


async def test_offers_belong_to_the_token_s_shop_and_role(house: House) -> None:
    body = [{"sku": "K-1", "price": "1"}]
    assert (await house.http.patch(OFFERS, json=body)).status_code == 401
    assert (await (await house.program("support")).patch(OFFERS, json=body)).status_code == 403
    assert (await (await house.program("admin", "s2")).patch(OFFERS, json=body)).status_code == 404
    assert await _price(house) == "49.00"


def test_all_languages_say_the_same_things() -> None:
    import tomllib
    from string import Formatter

    flat: dict[str, dict[str, set[str]]] = {}
    for path in FOLDER.rglob("*.toml"):
        for table, texts in tomllib.loads(path.read_text(encoding="utf-8")).items():
            for key, text in texts.items():
                known = flat.setdefault(path.stem, {})
                assert f"{table}.{key}" not in known, f"{path} says again what stands elsewhere: {table}.{key}"
                known[f"{table}.{key}"] = {name for _, name, _, _ in Formatter().parse(text) if name}
    assert flat["zh"] == flat["en"]
    assert set(load_words()) == {"en", "zh"}


def test_summary_lines_find_their_places() -> None:
    summary = read_summary("! Trade\n? a kettle\n# kt-17e, kt-12t\n> Is it red?\n> Hello?\nfree text", {"kt-17e": "Kettle 1.7 L"})
    assert (summary.wants, summary.seen, summary.said, summary.other) == (
        "a kettle",
        "Kettle 1.7 L, kt-12t",
        ("Is it red?", "Hello?"),
        "free text",
    )
    assert summary.queue == "Trade" and queue_in("! Trade\n? a kettle") == "Trade"
    assert not read_summary("") and queue_in("> ! Trade") == ""


def test_rich_text_makes_structure_and_no_markup() -> None:
    html = str(rich("Hi **<b>**\n- one\n- two\n1. a\n| x | y |\n|---|---|\n| 1 | <i> |"))
    assert "<strong>&lt;b&gt;</strong>" in html and "<ul><li>one</li><li>two</li>" in html and "<td>&lt;i&gt;</td>" in html
    assert "<i>" not in html


def test_conditions_read_like_words() -> None:
    kept = filters_json(
        Filters(price_max=Money(50000, "USD"), in_stock=True, attributes=(AttributeCondition(("colour",), ("red",), said="red"),))
    )
    assert conditions(kept) == "price max: 500.00 USD, in stock, attributes: red"


def test_local_paths_stay_local() -> None:
    assert local_path("/desk?shop=tea") == "/desk?shop=tea" and local_path("/deskx") == "/desk" and local_path(None) == "/desk"
