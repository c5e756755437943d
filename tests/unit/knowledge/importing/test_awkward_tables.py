"""Tables as they really come: titles above the header, merged cells, sums below, numbers that spreadsheets spoil, every encoding."""

import io
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest

from knowledge.catalog import AvailabilityState, Product
from knowledge.importing import FileResult, read_files


def read(name: str, data: bytes | str) -> FileResult:
    results = read_files([(name, data.encode() if isinstance(data, str) else data)])
    assert len(results) == 1
    result = results[0]
    assert result.rows == result.accepted + result.rejected
    return result


def products(result: FileResult) -> list[Product]:
    return [document.body for document in result.documents if isinstance(document.body, Product)]


def counts(result: FileResult) -> tuple[int, int, int, int]:
    return result.rows, result.products, result.variants, result.rejected


def prices(result: FileResult) -> list[str]:
    return [
        f"{offer.regular.text} {offer.regular.currency}" + (f" to {offer.up_to.text}" if offer.up_to else "")
        if (offer := variant.offer).regular
        else ""
        for product in products(result)
        for variant in product.variants
    ]


def codes(result: FileResult) -> set[str]:
    return {problem.code for problem in result.problems}


def workbook(*rows: list[Any], merged: tuple[str, ...] = (), formats: dict[str, str] | None = None) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for area in merged:
        sheet.merge_cells(area)
    for cell, shape in (formats or {}).items():
        sheet[cell].number_format = shape
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


SHOP_TABLE = "货号,条码,标题,售价,划线价,库存\n00123,6901234567892,纯棉四件套 床上用品,199.00,299.00,12\n00124,6901234567893,羊毛被 冬季加厚,￥1299,,0\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gbk", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_chinese_shop_table_in_every_writing(encoding: str, delimiter: str, newline: str) -> None:
    text = SHOP_TABLE.replace(",", delimiter).replace("\n", newline)
    result = read("goods.csv", text.encode(encoding))
    assert counts(result) == (2, 2, 2, 0)
    first, second = products(result)
    assert (first.title, first.variants[0].sku) == ({"zh": "纯棉四件套 床上用品"}, "00123")
    assert prices(result) == ["299.00 CNY", "1299.00 CNY"]
    assert first.variants[0].offer.sale is not None and first.variants[0].offer.sale.text == "199.00"
    assert [one.value for one in (*first.attributes, *first.variants[0].attributes)] == ["6901234567892"]
    assert second.variants[0].availability.state is AvailabilityState.OUT_OF_STOCK


@pytest.mark.parametrize("encoding", ["big5", "utf-8", "utf-16"])
def test_traditional_chinese_table(encoding: str) -> None:
    result = read("goods.csv", "貨號,標題,售價,庫存\nA1,羊毛圍巾，冬季加厚款,NT$1280,5\nA2,純棉床單四件組,NT$980,0\n".encode(encoding))
    assert counts(result) == (2, 2, 2, 0)
    assert [product.title for product in products(result)] == [{"zh": "羊毛圍巾，冬季加厚款"}, {"zh": "純棉床單四件組"}]
    assert prices(result) == ["1280.00 TWD", "980.00 TWD"]


def test_japanese_table() -> None:
    result = read("goods.csv", "sku,title,price\nA1,ウールのマフラー、冬用,1280 JPY\n".encode("cp932"))
    assert next(iter(products(result)[0].title.values())) == "ウールのマフラー、冬用"


def test_title_rows_empty_columns_and_a_sum_below() -> None:
    text = "2026 春季价目表,,,,\n制表人：王,,,,\n\n货号,标题,,售价(元),库存\nA1,毯,,99,5\nA2,枕,,39,8\n\n合计,,,138,13\n备注：以上价格含税,,,,\n"
    result = read("list.csv", text)
    assert counts(result) == (2, 2, 2, 0)
    assert prices(result) == ["99.00 CNY", "39.00 CNY"]
    assert [problem.row for problem in result.problems if problem.code == "no_record"] == [9, 8]


def test_a_product_called_total_stays_a_product() -> None:
    result = read("p.csv", "title,sku,price,stock\nLamp,L,5,1\nTotal,T,9.90,3\n")
    assert counts(result) == (2, 2, 2, 0)


def test_a_header_repeated_on_each_page_is_no_record() -> None:
    result = read("p.csv", "sku,title,price\nA,Lamp,5\nsku,title,price\nB,Rug,6\n")
    assert counts(result) == (2, 2, 2, 0)


def test_quoted_line_breaks_and_delimiters() -> None:
    result = read("p.csv", 'sku,title,description,price\r\nA,"Lamp, tall","Line one\r\nLine ""two""","1,299.00"\r\n')
    (lamp,) = products(result)
    assert (lamp.title, lamp.description) == ({"en": "Lamp, tall"}, {"en": 'Line one\nLine "two"'})
    assert prices(result) == ["1299.00 USD"]


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("¥1,299.00起", "1299.00 CNY"),
        ("1.299,00 €", "1299.00 EUR"),
        ("US $12.99 - $19.99", "12.99 USD to 19.99"),
        ("￥１２８．５０", "128.50 CNY"),
        ("12,50 EUR", "12.50 EUR"),
        ("CHF 1'250.00", "1250.00 CHF"),
        ("¥99-199", "99.00 CNY to 199.00"),
        ("面议", ""),
        ("", ""),
    ],
)
def test_prices_as_people_write_them(text: str, price: str) -> None:
    result = read("p.csv", f'sku,title,price\nA,Lamp,"{text}"\n')
    assert (counts(result), prices(result)) == ((1, 1, 1, 0), [price])


@pytest.mark.parametrize(
    ("stock", "state", "pieces"),
    [
        ("有货", AvailabilityState.IN_STOCK, None),
        ("缺货", AvailabilityState.OUT_OF_STOCK, 0),
        ("99+", AvailabilityState.IN_STOCK, 99),
        (">100", AvailabilityState.IN_STOCK, 100),
        ("100以上", AvailabilityState.IN_STOCK, 100),
        ("12 件", AvailabilityState.IN_STOCK, 12),
        ("1,200", AvailabilityState.IN_STOCK, 1200),
    ],
)
def test_stock_as_people_write_it(stock: str, state: AvailabilityState, pieces: int | None) -> None:
    availability = products(read("p.csv", f'sku,title,stock\nA,Lamp,"{stock}"\n'))[0].variants[0].availability
    assert availability.state is state
    assert availability.quantity in ((pieces,) if pieces else (None, 0))


@pytest.mark.parametrize(("cell", "sku"), [('="00123"', "00123"), ("'00123", "00123"), ("\t00123", "00123"), ("00123", "00123")])
def test_numbers_kept_as_text(cell: str, sku: str) -> None:
    quoted = '"' + cell.replace('"', '""') + '"'
    assert products(read("p.csv", f"sku,title\n{quoted},Lamp\n"))[0].variants[0].sku == sku


def test_html_escaped_twice() -> None:
    result = read("p.csv", 'sku,title,description\nA,Tom &amp;amp; Jerry mug,"&amp;lt;p&amp;gt;Big &amp;amp;amp; blue&amp;lt;/p&amp;gt;"\n')
    (mug,) = products(result)
    assert (mug.title, mug.description) == ({"en": "Tom & Jerry mug"}, {"en": "Big & blue"})


def test_a_column_that_stands_there_twice() -> None:
    result = read("p.csv", "sku,title,price,price\nA,Lamp,5,9\nB,Rug,,7\n")
    assert prices(result) == ["5.00 USD", "7.00 USD"]
    assert "column_twice" in codes(result)


def test_dates_as_serial_numbers() -> None:
    result = read("p.csv", "sku,title,price,sale_price,sale_from,sale_until\nA,Lamp,10,8,46082,46112\n")
    offer = products(result)[0].variants[0].offer
    assert offer.sale_from is not None and offer.sale_from.date().isoformat() == "2026-03-01"
    assert offer.sale_until is not None and offer.sale_until.date().isoformat() == "2026-04-01"


def test_workbook_numbers_as_they_are_shown() -> None:
    data = workbook(
        ["货号", "条码", "标题", "售价", "促销价", "促销开始", "库存"],
        [123, 6901234567892.0, "毯", 1299.5, 999, date(2026, 3, 1), 12.0],
        formats={"A2": "00000", "D2": '"¥"#,##0.00', "B2": "0.00E+00"},
    )
    result = read("list.xlsx", data)
    (blanket,) = products(result)
    assert blanket.variants[0].sku == "00123"
    assert prices(result) == ["1299.50 CNY"]
    assert "6901234567892" in [one.value for one in (*blanket.attributes, *blanket.variants[0].attributes)]
    assert blanket.variants[0].offer.sale_from == datetime.fromisoformat("2026-03-01T00:00:00+00:00")
    assert blanket.variants[0].availability.quantity == 12


def test_rows_under_a_merged_title_are_variants_of_one_product() -> None:
    data = workbook(
        ["商品名称", "规格", "货号", "售价", "库存"],
        ["羊毛衫", "颜色：红", "S1", 199, 5],
        [None, "颜色：蓝", "S2", 219, 0],
        [None, "颜色：灰", "S3", 219, 3],
        ["围巾", "颜色：灰", "W1", 59, 3],
        merged=("A2:A4",),
    )
    result = read("list.xlsx", data)
    assert counts(result) == (4, 2, 4, 0)
    sweater, scarf = products(result)
    assert [variant.options[0].value for variant in sweater.variants] == ["红", "蓝", "灰"]
    assert (sweater.title, scarf.title) == ({"zh": "羊毛衫"}, {"zh": "围巾"})


def test_sheets_of_one_layout_are_read_together_and_notes_are_left_out() -> None:
    book = openpyxl.Workbook()
    lamps = book.active
    assert lamps is not None
    lamps.title = "Lamps"
    for row in (["SKU", "Title", "Price"], ["L1", "Lamp", 5], ["L2", "Tall lamp", 6]):
        lamps.append(row)
    rugs = book.create_sheet("Rugs")
    for row in (["SKU", "Title", "Price"], ["R1", "Rug", 7]):
        rugs.append(row)
    help_ = book.create_sheet("FAQ")
    for row in (["Question", "Answer"], ["Do you ship?", "Yes."]):
        help_.append(row)
    notes = book.create_sheet("Notes")
    notes.append(["Remember to", "order boxes"])
    notes.append(["until", "Friday"])
    hidden = book.create_sheet("Old")
    hidden.append(["SKU", "Title"])
    hidden.append(["X", "Old lamp"])
    hidden.sheet_state = "hidden"
    results = read_files([("shop.xlsx", saved(book))])
    assert [(result.path, result.source, result.kind, result.rows) for result in results] == [
        ("shop.xlsx", "shop.xlsx", "products", 2),
        ("shop.xlsx#Rugs", "shop.xlsx", "products", 1),
        ("shop.xlsx#FAQ", "shop.xlsx", "faq", 1),
    ]
    assert [problem.column for problem in results[0].problems if problem.code == "sheet_ignored"] == ["Notes"]


def test_formulas_give_their_stored_value() -> None:
    data = workbook(["sku", "title", "price"], ["A", "Lamp", "=2*5"], ["B", "Rug", 4])
    result = read("p.xlsx", data)  # openpyxl stores no value with a formula
    assert prices(result) == ["", "4.00 USD"]
    assert "formula_without_value" in codes(result)


ODS = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>{}</office:spreadsheet></office:body></office:document-content>"""


def ods(*sheets: str) -> bytes:
    import zipfile

    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", ODS.format("".join(sheets)))
    return stream.getvalue()


def text_cell(text: str, more: str = "") -> str:
    return f'<table:table-cell office:value-type="string" {more}><text:p>{text}</text:p></table:table-cell>'


def test_open_document() -> None:
    header = "".join(text_cell(name) for name in ("SKU", "Title", "Price", "Stock", "Sale from"))
    rows = (
        f"<table:table-row>{text_cell('<text:span>Spring</text:span> list')}</table:table-row>"
        '<table:table-row table:number-rows-repeated="3"><table:table-cell table:number-columns-repeated="1024"/></table:table-row>'
        f"<table:table-row>{header}</table:table-row>"
        f"<table:table-row>{text_cell('A<text:s/>1')}{text_cell('Lamp', 'table:number-rows-spanned=&quot;2&quot;'.replace('&quot;', chr(34)))}"
        '<table:table-cell office:value-type="currency" office:currency="EUR" office:value="1299.5"><text:p>1.299,50 €</text:p></table:table-cell>'
        '<table:table-cell office:value-type="float" office:value="7"><text:p>7</text:p></table:table-cell>'
        '<table:table-cell office:value-type="date" office:date-value="2026-03-01"><text:p>1.3.26</text:p></table:table-cell></table:table-row>'
        f"<table:table-row>{text_cell('A2')}<table:covered-table-cell/>"
        '<table:table-cell office:value-type="currency" office:currency="EUR" office:value="9"/>'
        '<table:table-cell office:value-type="float" office:value="0"/></table:table-row>'
        '<table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    result = read("list.ods", ods(f'<table:table table:name="One">{rows}</table:table>'))
    assert (result.format, counts(result)) == ("ods", (2, 1, 2, 0))
    assert prices(result) == ["1299.50 EUR", "9.00 EUR"]
    lamp = products(result)[0]
    assert [variant.sku for variant in lamp.variants] == ["A 1", "A2"]
    assert [variant.availability.quantity for variant in lamp.variants] == [7, 0]


def test_a_spreadsheet_that_is_a_page() -> None:
    page = (
        '<html><head><meta charset="gb2312"></head><body><table><tr><th>货号</th><th>标题</th><th>售价</th><th>库存</th></tr>'
        "<tr><td>A1</td><td>毯子</td><td>￥99.00</td><td>3</td></tr></table></body></html>"
    )
    result = read("export.xls", page.encode("gbk"))
    assert (result.format, result.encoding, counts(result)) == ("zh-html", "gb18030", (1, 1, 1, 0))
    assert prices(result) == ["99.00 CNY"]


def test_a_second_reading_gives_the_same_documents() -> None:
    data = workbook(["商品名称", "货号", "售价"], ["羊毛衫", "S1", 199], [None, "S2", 219], merged=("A2:A3",))
    once, twice = read("list.xlsx", data), read("list.xlsx", data)
    assert [document.hash for document in once.documents] == [document.hash for document in twice.documents]


def test_rows_of_one_title_that_a_colour_or_size_tells_apart_are_variants() -> None:
    text = (
        "货号,标题,售价,库存,规格,颜色,容量,重量\n"
        "X-B1,星河手机,2999,3,黑色 128GB,黑色,128GB,189g\n"
        "X-W2,星河手机,3399,0,白色 256GB,白色,256GB,189g\n"
        "L1,台灯,99,5,,,,1kg\n"
        "L2,台灯,89,5,,,,2kg\n"
    )
    result = read("goods.csv", text)
    assert counts(result) == (4, 3, 4, 0)
    phone = next(product for product in products(result) if len(product.variants) == 2)
    assert [[(o.name, o.value) for o in variant.options] for variant in phone.variants] == [
        [("颜色", "黑色"), ("容量", "128GB")],
        [("颜色", "白色"), ("容量", "256GB")],
    ]
    assert [one.value for one in phone.attributes] == ["189g"]


def test_rows_of_a_group_are_told_apart_by_what_differs() -> None:
    result = read("goods.csv", "sku,group,title,price,colour,material\nA,g,Cup,5,red,clay\nB,g,Cup,5,blue,clay\n")
    (cup,) = products(result)
    assert [[(o.name, o.value) for o in variant.options] for variant in cup.variants] == [[("colour", "red")], [("colour", "blue")]]
    assert [(one.name, one.value) for one in cup.attributes] == [("material", "clay")]


def test_a_currency_said_once_for_all_products_of_a_file() -> None:
    result = read("goods.json", '{"shop": "Tea", "currency": "CNY", "products": [{"sku": "A", "title": "Green tea", "price": 48}]}')
    assert prices(result) == ["48.00 CNY"]
