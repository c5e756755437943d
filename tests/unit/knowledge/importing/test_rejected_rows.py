"""Rejected rows come back as a file to mend; importing it brings exactly what was missing."""

import csv
import io

import orjson
import pytest

from knowledge.catalog import Product
from knowledge.importing import FileResult, read_files
from knowledge.importing.rejected import corrections

BROKEN = (
    "sku,title,price,note\nA,Lamp,5,fine\nB,Rug,abc,\"=HYPERLINK(\"\"http://x\"\")\"\nC,,7,-12.50\nD,Mug,-3,@cmd\n"
)  # fmt: skip


def read(name: str, data: bytes) -> FileResult:
    return read_files([(name, data)])[0]


def rows_of(content: bytes) -> list[dict[str, str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_only_the_rejected_rows_with_the_same_columns_and_what_is_wrong() -> None:
    result = read("p.csv", BROKEN.encode())
    content, lines = corrections(result.header, result.rejects, result.problems, "en")
    rows = rows_of(content)
    assert not lines and [row["sku"] for row in rows] == ["B", "C", "D"]
    assert list(rows[0]) == ["sku", "title", "price", "note", "problem"]
    assert rows[0]["problem"] == "price: “abc” cannot be taken as a price: no amount is found in it. Write the amount alone, such as 19.90."
    said = rows_of(corrections(result.header, result.rejects, result.problems, "zh")[0])
    assert said[1]["problem"] == "title: 商品没有标题。 请在这一行填写标题。"


def test_no_cell_starts_a_formula_and_numbers_stay() -> None:
    result = read("p.csv", BROKEN.encode())
    rows = rows_of(corrections(result.header, result.rejects, result.problems, "en")[0])
    assert (rows[0]["note"], rows[1]["note"], rows[2]["note"], rows[2]["price"]) == ('\'=HYPERLINK("http://x")', "-12.50", "'@cmd", "-3")


def test_mended_and_imported_again_it_brings_what_was_missing() -> None:
    result = read("p.csv", BROKEN.encode())
    content, _ = corrections(result.header, result.rejects, result.problems, "en")
    mended = content.decode().replace("abc", "9.90").replace("C,,", "C,Chair,").replace("-3,", "3,")
    again = read("mended.csv", mended.encode())
    assert (again.rows, again.rejected) == (3, 0)
    whole = read("p.csv", BROKEN.replace("abc", "9.90").replace("C,,", "C,Chair,").replace("-3,", "3,").encode())
    assert [document.hash for document in again.documents] == [document.hash for document in whole.documents[1:]]
    assert "problem" not in repr(again.documents)


def test_a_round_without_mending_ends_in_the_same_file() -> None:
    first = read("p.csv", BROKEN.encode())
    content, _ = corrections(first.header, first.rejects, first.problems, "en")
    second = read("p.csv", content)
    again, _ = corrections(second.header, second.rejects, second.problems, "en")
    assert again == content


def test_the_other_rows_of_a_product_come_along() -> None:
    text = "sku,group,title,price,option Size\nA-S,a,Shirt,5,S\nA-M,a,Shirt,x,M\nB,b,Cap,4,\n"
    result = read("p.csv", text.encode())
    rows = rows_of(corrections(result.header, result.rejects, result.problems, "en")[0])
    assert [(row["sku"], bool(row["problem"])) for row in rows] == [("A-S", False), ("A-M", True)]
    mended = corrections(result.header, result.rejects, result.problems, "en")[0].decode().replace(",x,", ",6,")
    body = read("m.csv", mended.encode()).documents[0].body
    assert isinstance(body, Product) and [variant.sku for variant in body.variants] == ["A-S", "A-M"]


def test_the_other_language_of_an_entry_comes_along() -> None:
    text = "id,language,question,answer\nfee,en,How much?,\nfee,zh,多少钱？,五元。\nx,en,Why?,So.\n"
    result = read("f.csv", text.encode())
    assert [row["language"] for row in rows_of(corrections(result.header, result.rejects, result.problems, "en")[0])] == ["en", "zh"]


def test_records_that_hold_others_come_back_as_json_lines() -> None:
    records = [
        {"id": 1, "title": "Shirt", "price": "abc", "variants": [{"id": 7, "price": "x"}]},
        {"id": 2, "title": "Cap", "variants": [{"id": 8, "price": 4}]},
    ]
    result = read("p.json", orjson.dumps(records))
    content, lines = corrections(result.header, result.rejects, result.problems, "en")
    assert lines and result.rejected == 1
    back = orjson.loads(content.splitlines()[0])
    assert back["variants"] == [{"id": 7, "price": "x"}] and "price" in back["problem"]
    again = read("p.jsonl", content.replace(b'"x"', b"5").replace(b'"abc"', b"5"))
    assert (again.rows, again.rejected, again.variants) == (1, 0, 1)
    assert "cannot be taken" not in repr(again.documents)


@pytest.mark.parametrize("name", ["p.csv", "p.json"])
def test_nothing_rejected_is_nothing_to_mend(name: str) -> None:
    data = b"sku,title\nA,Lamp\n" if name == "p.csv" else b'[{"sku": "A", "title": "Lamp"}]'
    assert read(name, data).rejects == []
