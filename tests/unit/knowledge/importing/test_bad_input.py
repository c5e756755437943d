"""Bad content never raises and never half-imports; unusable files are refused with a sentence."""

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.catalog import AvailabilityState, Product
from knowledge.errors import UnreadableFile
from knowledge.importing import FileResult, read_files

DATA = Path(__file__).resolve().parents[3] / "data"


def table(text: str, name: str = "p.csv", encoding: str = "utf-8") -> FileResult:
    result = read_files([(name, text.encode(encoding))])[0]
    assert result.rows == result.accepted + result.rejected
    return result


def only(result: FileResult) -> Product:
    assert len(result.documents) == 1
    body = result.documents[0].body
    assert isinstance(body, Product)
    return body


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.csv", b"", "empty"),
        ("a.csv", b"foo,bar\n1,2\n", "products need a column title"),
        ("a.csv", b"colour,price,stock\nA,1,2\n", "products need a column title"),
        ("a.json", b"{", "no JSON"),
        ("a.json", b"[" * 100_000, "no JSON"),
        ("a.json", b"42", "no records"),
        ("a.pdf", b"%PDF-1.7 ...", "a damaged PDF"),
        ("a.csv", b"\x89PNG\r\n\x1a\n\x00\x00", "a picture"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".xlsx"),
        ("a.xlsx", b"PK\x03\x04junk", "damaged workbook"),
        ("a.bin", bytes(range(256)) * 50, "not text"),
        ("a.csv", (",".join(f"c{n}" for n in range(1500)) + ",title\n1\n").encode(), "columns"),
        ("a.md", b"  \n", "empty"),
        ("a.html", b"<html></html>", "no words"),
    ],
)
def test_unusable_files(name: str, data: bytes, says: str) -> None:
    with pytest.raises(UnreadableFile) as refusal:
        read_files([(name, data)])
    message = str(refusal.value)
    assert says in message
    assert "\n" not in message and message.endswith(".")


def test_missing_file_and_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="does not exist"):
        read_files([tmp_path / "nothing.csv"])
    with pytest.raises(UnreadableFile, match="no file that can be imported"):
        read_files([tmp_path])


def test_a_folder_is_walked_and_one_bad_file_does_not_stop_it(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "b.csv").write_text("title,price\nLamp,5\n")
    (tmp_path / "a.csv").write_text("foo\n1\n")
    (tmp_path / ".hidden.csv").write_text("title\nX\n")
    (tmp_path / "note.log").write_text("x")
    results = read_files([tmp_path])
    assert [(result.source, result.products) for result in results] == [("a.csv", 0), ("b.csv", 1)]
    assert results[0].problems[0].code == "unreadable"


def _archive(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def test_hostile_workbooks() -> None:
    with pytest.raises(UnreadableFile, match="unpacks to more"):
        read_files([("bomb.xlsx", _archive({"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": b"0" * (610 * 2**20)}))])
    entity = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><workbook>&a;</workbook>'
    with pytest.raises(UnreadableFile, match="entities"):
        read_files([("entity.xlsx", _archive({"xl/workbook.xml": entity}))])
    with pytest.raises(UnreadableFile, match="no file that can be imported"):
        read_files([("a.zip", _archive({"a.bin": b"hello"}))])


def test_header_without_rows_is_accepted() -> None:
    for name, text in (("p.csv", "sku,title,price\n"), ("p.json", "[]"), ("faq.csv", "question,answer\n")):
        result = read_files([(name, text.encode())])[0]
        assert (result.rows, result.rejected, result.warnings, result.documents) == (0, 0, 1, [])


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ("A,Lamp,-5,", "price", "price_negative"),
        ("A,Lamp,about ten,", "price", "price_unreadable"),
        ("A,,5,", "title", "title_missing"),
        ("A,Lamp,5,XQZ", "currency", "currency_unknown"),
        ("A,Lamp,5,USD,more", "", "too_many_cells"),
    ],
)
def test_rejected_rows_say_where_and_why(row: str, column: str, code: str) -> None:
    result = table(f"sku,title,price,currency\n{row}\nB,Rug,7,\n")
    assert (result.accepted, result.rejected, result.products) == (1, 1, 1)
    problem = next(problem for problem in result.problems if problem.rejects)
    assert (problem.row, problem.column, problem.code) == (2, column, code)


def test_duplicate_sku_keeps_the_first() -> None:
    result = table("sku,title,price\nA,Lamp,5\nA,Lamp again,6\n")
    assert (result.accepted, result.rejected) == (1, 1)
    assert only(result).title == {"en": "Lamp"}
    assert "row 2" in next(problem.message for problem in result.problems if problem.rejects)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("A,Lamp,5,9,1,", "sale_above_price"),
        ("A,Lamp,5,,1,someday", "availability_unknown"),
        ("A,Lamp,5,,lots,", "stock_unreadable"),
        ("A,Lamp,0,,1,", "price_zero"),
        ("A,Lamp,,,1,", "price_missing"),
    ],
)
def test_warnings_leave_the_row_in(row: str, code: str) -> None:
    result = table(f"sku,title,price,sale_price,stock,availability\n{row}\n")
    assert (result.accepted, result.rejected, result.products) == (1, 0, 1)
    assert [problem.code for problem in result.problems] == [code]
    assert result.warnings == 1


@pytest.mark.parametrize(
    ("stock", "word", "state"),
    [
        ("0", "", AvailabilityState.OUT_OF_STOCK),
        ("0", "in stock", AvailabilityState.OUT_OF_STOCK),
        ("0", "backorder", AvailabilityState.BACKORDER),
        ("0", "预售", AvailabilityState.PREORDER),
        ("2", "in_stock", AvailabilityState.LOW),
        ("9", "", AvailabilityState.IN_STOCK),
        ("", "有货", AvailabilityState.IN_STOCK),
        ("", "discontinued", AvailabilityState.DISCONTINUED),
        ("有货", "", AvailabilityState.IN_STOCK),
        ("-3", "", AvailabilityState.OUT_OF_STOCK),
        ("", "", AvailabilityState.UNKNOWN),
    ],
)
def test_stock_and_availability(stock: str, word: str, state: AvailabilityState) -> None:
    assert only(table(f"sku,title,stock,availability\nA,Lamp,{stock},{word}\n")).variants[0].availability.state is state


@pytest.mark.parametrize("word", ["no", "draft", "archived", "已删除", "下架", "0", "否", "deleted", "whatever"])
def test_unpublished_goods_are_kept_and_hidden(word: str) -> None:
    result = table(f"sku,title,published\nA,Lamp,{word}\n")
    assert (result.products, only(result).published) == (1, False)


def test_an_unpublished_variant_is_never_beside_published_ones() -> None:
    result = table("sku,title,group,published,option Size\nA,Shoe,shoe,yes,40\nB,Shoe,shoe,no,41\n")
    assert (result.products, result.variants) == (1, 2)
    shown, hidden = (document.body for document in result.documents)
    assert isinstance(shown, Product) and isinstance(hidden, Product)
    assert [variant.sku for variant in shown.variants] == ["A"] and shown.published
    assert [variant.sku for variant in hidden.variants] == ["B"] and not hidden.published


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030"])
def test_encodings(encoding: str) -> None:
    result = table("货号,标题,售价,库存\nA,棉布四件套床上用品，纯棉面料,￥199,5\nB,羊毛被，冬季加厚,￥299,5\n", encoding=encoding)
    assert [next(iter(d.body.title.values())) for d in result.documents if isinstance(d.body, Product)] == [
        "棉布四件套床上用品，纯棉面料",
        "羊毛被，冬季加厚",
    ]


def test_western_letters_are_not_taken_for_chinese() -> None:
    result = table("sku;title;price\nA;Café crème brûlée für Größe;12,50\nB;Müsli naïve;1.299,00\n", encoding="cp1252")
    assert result.encoding == "cp1252"
    titles = [next(iter(d.body.title.values())) for d in result.documents if isinstance(d.body, Product)]
    assert titles == ["Café crème brûlée für Größe", "Müsli naïve"]
    prices = [d.body.variants[0].offer.regular for d in result.documents if isinstance(d.body, Product)]
    assert [price.text for price in prices if price] == ["12.50", "1299.00"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters(delimiter: str) -> None:
    result = table("sku,title,price\nA,Lamp,5\n".replace(",", delimiter))
    assert only(result).variants[0].sku == "A"


def test_headers_are_tolerant() -> None:
    result = table(" S K U ,PRODUCT  Title,Price (EUR),Sale-Price,In Stock?\n".replace(" S K U ", "Sku") + "A,Lamp,5,4,yes\n")
    offer = only(result).variants[0].offer
    assert offer.regular is not None and offer.sale is not None
    assert (offer.regular.text, offer.regular.currency, offer.sale.text) == ("5.00", "EUR", "4.00")


def test_no_markup_and_no_lost_characters_reach_customers() -> None:
    cell = "<p>Soft&nbsp;<b>wool</b></p><script>steal()</script>&lt;img src=x onerror=y&gt; \x07\ufffdend"
    result = table(f'sku,title,description,image\nA,<i>Lamp</i>,"{cell}",javascript:alert(1)\n')
    product = only(result)
    assert product.title == {"en": "Lamp"}
    assert product.description["en"].split() == ["Soft", "wool", "end"]
    assert product.images == ()
    assert "damaged_text" in {problem.code for problem in result.problems}


def test_formulas_are_plain_text() -> None:
    assert only(table('sku,title\n=1+1,"=HYPERLINK(""http://x"")"\n')).title == {"en": '=HYPERLINK("http://x")'}


def test_one_source_brings_a_document_once() -> None:
    first, second = read_files([("a.csv", b"sku,title\nA,Lamp\n"), ("b.csv", b"sku,title\nA,Lamp two\nB,Rug\n")], source="feed")
    assert {result.source for result in (first, second)} == {"feed"}
    assert [document.id for document in second.documents] == ["B"]


def test_the_same_file_gives_the_same_hashes() -> None:
    once, twice = (read_files([DATA])[:] for _ in range(2))
    assert [d.hash for result in once for d in result.documents] == [d.hash for result in twice for d in result.documents]


@given(
    st.binary(max_size=300),
    st.sampled_from(["a.csv", "a.json", "a.jsonl", "a.md", "a.txt", "a.xlsx"]),
    st.sampled_from([b"", b"sku,title,price\n", b"# A?\n", b"[{", b"PK\x03\x04"]),
)
def test_any_bytes_are_read_or_refused(data: bytes, name: str, start: bytes) -> None:
    try:
        results = read_files([(name, start + data)])
    except UnreadableFile as refusal:
        assert str(refusal)
        return
    for result in results:
        assert result.rows == result.accepted + result.rejected
        assert "\ufffd" not in "".join(repr(document.body) for document in result.documents)
