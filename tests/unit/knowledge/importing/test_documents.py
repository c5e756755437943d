"""Policies and questions out of pages, PDF, Word documents and packed folders."""

import io
import zipfile
from pathlib import Path

import pytest
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from knowledge.errors import UnreadableFile
from knowledge.faq import FaqEntry
from knowledge.importing import FileResult, read_files
from knowledge.policy import Policy


def read(name: str, data: bytes | str, kind: str = "auto") -> FileResult:
    results = read_files([(name, data.encode() if isinstance(data, str) else data)], kind=kind)
    assert len(results) == 1
    assert results[0].rows == results[0].accepted + results[0].rejected
    return results[0]


def policy(result: FileResult) -> Policy:
    (body,) = (document.body for document in result.documents)
    assert isinstance(body, Policy)
    return body


def sections(result: FileResult) -> list[tuple[str, str]]:
    return [(section.heading, section.text) for section in policy(result).sections]


def entries(result: FileResult) -> list[tuple[str, str]]:
    found = [document.body for document in result.documents]
    return [(next(iter(one.question.values())), next(iter(one.answer.values()))) for one in found if isinstance(one, FaqEntry)]


TERMS = """<!DOCTYPE html><html lang="en"><head><title>Terms - Shop</title><style>p{color:red}</style><script>var a = "<p>x</p>";</script></head><body>
<nav><a href="/">Home</a></nav><header><h1>Returns</h1></header><main><p>Send goods back
within 30&nbsp;days &amp; get&#8217;s your money.</p><h2 onclick="steal()">Who pays?</h2><p>We do.<br>For <b>damaged</b> goods only.</p>
<ul><li>EU: 4.90</li><li>World: 9.90</li></ul><table><tr><th>Zone</th><th>Days</th></tr><tr><td>EU</td><td>5</td></tr></table>
<p><strong>Refund time</strong></p><p>5 working days.</p><form><p>Search</p></form><p style="display: none">hidden words</p></main>
<footer><p>Imprint</p></footer></body></html>"""


def test_policy_page() -> None:
    result = read("returns.html", TERMS)
    assert (result.format, result.kind, result.rows) == ("policy-html", "policy", 3)
    assert sections(result) == [
        ("Returns", "Send goods back within 30 days & get’s your money."),
        ("Who pays?", "We do.\nFor damaged goods only.\n- EU: 4.90\n- World: 9.90\nZone: Days\nEU: 5"),
        ("Refund time", "5 working days."),
    ]
    assert (policy(result).id, policy(result).title, policy(result).topic, policy(result).language) == (
        "returns.html",
        "Returns",
        "returns",
        "en",
    )


@pytest.mark.parametrize(
    "body",
    [
        "<h2>Do you ship abroad?</h2><p>Yes.</p><h2>Do you gift-wrap?</h2><p>No.</p>",
        "<details><summary>Do you ship abroad?</summary><p>Yes.</p></details><details><summary>Do you gift-wrap?</summary>No.</details>",
        "<dl><dt>Do you ship abroad?</dt><dd>Yes.</dd><dt>Do you gift-wrap?</dt><dd>No.</dd></dl>",
        "<p><b>Do you ship abroad?</b></p><p>Yes.</p><p><b>Do you gift-wrap?</b></p><p>No.</p>",
        "<p>Q: Do you ship abroad?</p><p>A: Yes.</p><p>Q: Do you gift-wrap?</p><p>A: No.</p>",
        "<div><h3><button>Do you ship abroad?</button></h3><div>Yes.</div><h3><button>Do you gift-wrap?</button></h3><div>No.</div></div>",
    ],
)
def test_questions_on_a_page(body: str) -> None:
    result = read("help.html", f"<html><body>{body}</body></html>")
    assert (result.kind, result.faq_entries) == ("faq", 2)
    assert entries(result) == [("Do you ship abroad?", "Yes."), ("Do you gift-wrap?", "No.")]


def test_chinese_page_in_gbk() -> None:
    page = '<html><head><meta charset="gbk"><title>退货政策</title></head><body><h1>退货政策</h1><p>七天内可以退货。</p></body></html>'
    result = read("returns.htm", page.encode("gbk"))
    assert (result.encoding, policy(result).language) == ("gb18030", "zh")
    assert sections(result) == [("退货政策", "七天内可以退货。")]


def test_questions_by_language_in_json() -> None:
    text = '{"faq": [{"question": {"en": "Returns?", "zh": "能退吗？"}, "answer": {"en": "30 days", "zh": "30天"}}, {"question": "Why?", "answer": "So."}]}'
    result = read("faq.json", text)
    assert (result.kind, result.rows, result.faq_entries) == ("faq", 2, 2)
    first = result.documents[0].body
    assert isinstance(first, FaqEntry)
    assert (first.question, first.answer) == ({"en": "Returns?", "zh": "能退吗？"}, {"en": "30 days", "zh": "30天"})


def pdf(*pages: list[tuple[int, str]], password: str = "") -> bytes:
    """Pages of lines, each with its size in points."""
    writer = PdfWriter()
    for lines in pages:
        page = writer.add_blank_page(420, 595)
        font = DictionaryObject({NameObject("/Type"): NameObject("/Font"), NameObject("/Subtype"): NameObject("/Type1"),
                                 NameObject("/BaseFont"): NameObject("/Helvetica")})  # fmt: skip
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})})
        content, height = "", 540
        for size, text in lines:
            content += f"BT /F1 {size} Tf 40 {height} Td ({text}) Tj ET\n"
            height -= int(size * 1.4)
        stream = DecodedStreamObject()
        stream.set_data(content.encode("latin-1"))
        page[NameObject("/Contents")] = writer._add_object(stream)
    if password:
        writer.encrypt(password)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


LONG = "Goods may be sent back within thirty days of the day on which they were delivered to"


def test_pdf_with_headings_and_running_heads() -> None:
    pages = [
        [
            (8, "Maple shop terms"),
            (20, "Shipping"),
            (10, LONG),
            (10, "you, unless a law says more."),
            (14, "Costs"),
            (10, "Five dollars."),
            (8, "Page 1"),
        ],
        [(8, "Maple shop terms"), (14, "Abroad"), (10, "- Canada: nine dollars"), (10, "- Japan: twelve dollars"), (8, "Page 2")],
        [(8, "Maple shop terms"), (14, "Pickup"), (10, "From the shop, free."), (8, "Page 3")],
    ]
    result = read("shipping.pdf", pdf(*pages))
    assert (result.format, result.kind, policy(result).topic, policy(result).language) == ("policy-pdf", "policy", "shipping", "en")
    assert sections(result) == [
        ("Shipping", f"{LONG} you, unless a law says more."),
        ("Costs", "Five dollars."),
        ("Abroad", "- Canada: nine dollars\n- Japan: twelve dollars"),
        ("Pickup", "From the shop, free."),
    ]


def test_pdf_of_questions() -> None:
    result = read("faq.pdf", pdf([(16, "Do you ship abroad?"), (10, f"Yes. {LONG}"), (10, "you."), (16, "Do you gift-wrap?"), (10, "No.")]))
    assert entries(result) == [("Do you ship abroad?", f"Yes. {LONG} you."), ("Do you gift-wrap?", "No.")]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (pdf([]), "pictures only"),
        (pdf([(10, "Secret")], password="word"), "locked with a password"),
        (pdf([(10, "Cut off")])[:200], "damaged PDF"),
    ],
)
def test_pdf_that_cannot_be_read(data: bytes, says: str) -> None:
    with pytest.raises(UnreadableFile, match=says) as refusal:
        read("terms.pdf", data)
    assert str(refusal.value).count(".") <= 3 and "\n" not in str(refusal.value)


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def docx(*paragraphs: tuple[str, str], more: str = "") -> bytes:
    """Paragraphs with the name of their style ("" for plain text)."""
    body = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'
        for style, text in paragraphs
    )
    styles = "".join(f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="heading {name}"/></w:style>' for name in ("1", "2"))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
        )
        archive.writestr("word/styles.xml", f"<w:styles {W}>{styles}</w:styles>")
        archive.writestr("word/document.xml", f"<w:document {W}><w:body>{body}{more}</w:body></w:document>")
    return stream.getvalue()


def test_word_document() -> None:
    table = "<w:tbl>" + "".join(
        f"<w:tr><w:tc><w:p><w:r><w:t>{a}</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>{b}</w:t></w:r></w:p></w:tc></w:tr>"
        for a, b in (("地区", "天数"), ("北京", "1"))
    ) + "</w:tbl>"  # fmt: skip
    data = docx(("1", "配送说明"), ("", "满 99 元包邮 &amp; 次日达。"), ("2", "时效"), ("", "工作日发货。"), more=table)
    result = read("配送.docx", data)
    assert (result.format, policy(result).language, policy(result).topic) == ("policy-docx", "zh", "shipping")
    assert sections(result) == [("配送说明", "满 99 元包邮 & 次日达。"), ("时效", "工作日发货。\n地区: 天数\n北京: 1")]


def test_word_document_of_questions() -> None:
    result = read("faq.docx", docx(("1", "Help"), ("2", "Do you ship abroad?"), ("", "Yes."), ("2", "Do you gift-wrap?"), ("", "No.")))
    assert entries(result) == [("Do you ship abroad?", "Yes."), ("Do you gift-wrap?", "No.")]


def packed(members: dict[str, bytes | str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


SHOP: dict[str, bytes | str] = {
    "goods/products.csv": "sku,title,price\nA,Lamp,5\nB,Rug,oops\n",
    "goods/feed.xml": "<products><product><sku>C</sku><name>Bowl</name><price>7</price></product></products>",
    "texts/faq.md": "## Do you ship?\nYes.\n\n## Do you wrap?\nNo.\n",
    "texts/returns.docx": docx(("1", "Returns"), ("", "Thirty days.")),
    "texts/broken.json": "{oops",
    "picture.png": b"\x89PNG\r\n\x1a\n",
    "__MACOSX/goods/._products.csv": b"\x00\x05\x16\x07",
    ".DS_Store": b"\x00",
}


def test_a_packed_folder() -> None:
    results = read_files([("shop.zip", packed(SHOP))])
    assert {result.path: (result.kind, result.accepted, result.rejected) for result in results} == {
        "shop.zip/goods/feed.xml": ("products", 1, 0),
        "shop.zip/goods/products.csv": ("products", 1, 1),
        "shop.zip/texts/broken.json": ("", 0, 0),
        "shop.zip/texts/faq.md": ("faq", 2, 0),
        "shop.zip/texts/returns.docx": ("policy", 1, 0),
    }
    assert {result.source for result in results} == {"shop.zip"}
    assert [problem.code for problem in results[2].problems] == ["unreadable"]


def test_the_same_folder_unpacked(tmp_path: Path) -> None:
    for name, data in SHOP.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
    packed_results, results = read_files([("shop.zip", packed(SHOP))]), read_files([tmp_path])
    assert [(one.kind, one.rows) for one in results] == [(one.kind, one.rows) for one in packed_results]
    assert [document.body for one in results for document in one.documents] == [
        document.body for one in packed_results for document in one.documents
    ]


def test_names_that_an_old_packer_wrote_in_gbk() -> None:
    data = packed({"AAAA": "sku,title\nA,毯\n"}).replace(b"AAAA", "商品".encode("gbk"))
    with pytest.raises(UnreadableFile, match="no file that can be imported"):
        read_files([("shop.zip", data)])
    data = packed({"AAAA.csv": "sku,title\nA,毯\n"}).replace(b"AAAA", "商品".encode("gbk"))
    assert [result.path for result in read_files([("shop.zip", data)])] == ["shop.zip/商品.csv"]
