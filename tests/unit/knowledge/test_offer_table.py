"""Tables of prices and stock: recognised, read row by row, live at once, and no revision for them. On real SQLite."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from knowledge.base import KnowledgeBase
from knowledge.catalog import AvailabilityState, LiveOffer, utc_now
from knowledge.importing import FileResult, read_files
from knowledge.storage.engine import open_engine
from knowledge.storage.sql_store import SqlKnowledgeStore
from knowledge.store import Document, Shop
from tests.contract.servers import Databases

GOODS = (
    "sku,title,price,sale_price,currency,stock\n"
    "A-1,Red kettle,19.90,,EUR,3\nB-1,Blue kettle,29.90,24.90,EUR,0\nC-1,Grey kettle,39.90,,USD,9\nD-1,Tea,5,,EUR,2\n"
)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


async def never_embedded(shop_id: str, documents: Sequence[Document]) -> None:
    assert documents, "prices and stock need no embedding"


@pytest.fixture
async def knowledge(databases: Databases) -> AsyncIterator[KnowledgeBase]:
    engine = await open_engine(databases.fresh("sqlite"))
    yield KnowledgeBase(SqlKnowledgeStore(engine, clock=utc_now), never_embedded, lambda: NOW)
    await engine.dispose()


@pytest.fixture
async def shop(knowledge: KnowledgeBase, tmp_path: Path) -> Shop:
    made = await knowledge.create_shop("tea", "Tea", "EUR")
    (tmp_path / "goods.csv").write_text(GOODS, encoding="utf-8")
    await knowledge.import_files(made, [tmp_path / "goods.csv"])
    return made


def read(text: str, name: str = "prices.csv", kind: str = "auto") -> FileResult:
    return read_files([(name, text.encode())], kind=kind, shop_currency="EUR", now=NOW)[0]


async def live(knowledge: KnowledgeBase, shop: Shop, sku: str) -> LiveOffer:
    return (await knowledge.store.offers(shop.id, [sku]))[sku]


@pytest.mark.parametrize(
    "text",
    [
        "sku,price\nA-1,1\n",
        "SKU,Stock\nA-1,1\n",
        "Variant SKU;Price;Quantity\nA-1;1,50;2\n",
        "货号,售价,库存\nA-1,1,2\n",
        "商品编码\t库存状态\nA-1\t有货\n",
        "id,availability,sale_price\nA-1,in stock,4\n",
        "sku,price,stock,as_of\nA-1,1,2,2026-02-28\n",
    ],
)
def test_a_table_without_titles_is_one_of_prices_and_stock(text: str):
    result = read(text)
    assert (result.kind, result.accepted, result.documents) == ("offers", 1, [])


def test_a_title_makes_it_products_unless_it_is_said_otherwise():
    text = "sku,title,price\nA-1,Red kettle,9.90\n"
    assert read(text).kind == "products"
    asked = read(text, kind="offers")
    assert asked.kind == "offers" and [row.patch.price for row in asked.offers] == ["9.90"]


async def test_prices_and_stock_are_live_without_a_revision(knowledge: KnowledgeBase, shop: Shop, tmp_path: Path):
    before = await knowledge.store.state(shop.id)
    file = tmp_path / "prices.csv"
    file.write_text('sku,price,stock,as_of\nA-1,"17,50",0,2026-03-01T09:00:00Z\nB-1,31.00,12,\nNOPE-1,1.00,1,\n', encoding="utf-8")
    report = await knowledge.import_files(shop, [file])
    after = await knowledge.store.state(shop.id)
    assert (report.offers, report.version, after.revision) == (2, before.revision, before.revision)
    assert after.offers_version > before.offers_version
    red = await live(knowledge, shop, "A-1")
    assert red.offer.regular.text == "17.50" and red.offer.regular.currency == "EUR"
    assert (red.availability.state, red.availability.as_of) == (AvailabilityState.OUT_OF_STOCK, datetime(2026, 3, 1, 9, tzinfo=UTC))
    assert (await live(knowledge, shop, "B-1")).offer.paid(NOW).text == "31.00"
    (result,) = report.files
    assert (result.rows, result.accepted, result.rejected) == (3, 2, 1)
    assert [(p.row, p.column, p.code, p.rejects) for p in report.problems] == [(4, "sku", "sku_unknown", True)]


async def test_the_goods_of_the_shop_stay_when_a_price_table_has_their_source_name(knowledge: KnowledgeBase, shop: Shop, tmp_path: Path):
    file = tmp_path / "goods.csv"
    file.write_text("sku,price\nA-1,1.00\n", encoding="utf-8")
    await knowledge.import_files(shop, [file])
    for sku in ("A-1", "B-1", "C-1", "D-1"):
        assert (await live(knowledge, shop, sku)).offer.regular is not None
    file.write_text("sku,price\n", encoding="utf-8")
    assert (await knowledge.import_files(shop, [file])).changes.removed == 0


async def test_bad_rows_are_named_and_good_ones_go_on(knowledge: KnowledgeBase, shop: Shop, tmp_path: Path):
    rows = ["A-1,abc,", "A-1,10,", ",10,", "B-1,-3,", "C-1,,", "C-1,5-9,", "D-1,,many", "D-1,4,7", "D-1,3,1"]
    file = tmp_path / "prices.csv"
    file.write_text("\n".join(["sku,price,stock", *rows]), encoding="utf-8")
    report = await knowledge.import_files(shop, [file])
    assert report.offers == 2
    codes = {p.row: p.code for p in report.problems}
    assert codes == {
        2: "price_unreadable",
        4: "sku_missing",
        5: "price_negative",
        6: "nothing_stated",
        7: "price_range",
        8: "stock_unreadable",
        10: "duplicate_sku",
    }
    assert (await live(knowledge, shop, "A-1")).offer.regular.text == "10.00"
    assert (await live(knowledge, shop, "D-1")).offer.regular.text == "4.00"


async def test_sale_prices_begin_and_end_with_their_column(knowledge: KnowledgeBase, shop: Shop, tmp_path: Path):
    file = tmp_path / "prices.csv"
    file.write_text("sku,price,sale_price\nA-1,19.90,15\nB-1,29.90,\nC-1,,35\n", encoding="utf-8")
    await knowledge.import_files(shop, [file])
    offers = await knowledge.store.offers(shop.id, ["A-1", "B-1", "C-1"])
    told = {sku: (o.offer.paid(NOW).text, o.offer.listed(NOW) and o.offer.listed(NOW).text) for sku, o in offers.items()}
    assert told == {"A-1": ("15.00", "19.90"), "B-1": ("29.90", None), "C-1": ("35.00", "39.90")}
    assert offers["C-1"].offer.regular.currency == "USD", "the offer's own currency, not the shop's"


async def test_words_of_availability_drop_a_count_that_they_do_not_confirm(knowledge: KnowledgeBase, shop: Shop, tmp_path: Path):
    file = tmp_path / "stock.csv"
    file.write_text("sku,availability,stock\nA-1,sold out,\nB-1,预售,5\nC-1,in stock,0\nD-1,in stock,\n", encoding="utf-8")
    await knowledge.import_files(shop, [file])
    offers = await knowledge.store.offers(shop.id, ["A-1", "B-1", "C-1", "D-1"])
    assert {sku: (o.availability.state.value, o.availability.quantity) for sku, o in offers.items()} == {
        "A-1": ("out_of_stock", None),
        "B-1": ("preorder", 5),
        "C-1": ("out_of_stock", 0),
        "D-1": ("in_stock", None),
    }
    assert offers["D-1"].availability.as_of == NOW


async def test_a_dry_run_says_what_is_unknown_and_writes_nothing(knowledge: KnowledgeBase, shop: Shop, tmp_path: Path):
    file = tmp_path / "prices.csv"
    file.write_text("sku,price\nA-1,1.00\nX,1.00\n", encoding="utf-8")
    report = await knowledge.import_files(shop, [file], dry_run=True)
    assert [p.code for p in report.problems] == ["sku_unknown"] and report.offers == 0
    assert (await live(knowledge, shop, "A-1")).offer.regular.text == "19.90"


async def test_a_price_that_the_currency_has_not_is_refused_alone(knowledge: KnowledgeBase, shop: Shop, tmp_path: Path):
    file = tmp_path / "prices.csv"
    file.write_text("sku,price,currency\nA-1,2000,JPY\n", encoding="utf-8")
    await knowledge.import_files(shop, [file])
    file.write_text("sku,price\nA-1,19.99\nB-1,5.55\n", encoding="utf-8")
    report = await knowledge.import_files(shop, [file])
    assert report.offers == 1 and [(p.row, p.code) for p in report.problems] == [(2, "offer_refused")]
    assert (await live(knowledge, shop, "A-1")).offer.regular.text == "2000"
