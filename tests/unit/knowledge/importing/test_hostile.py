"""Files made to harm: refused with one sentence, in little time and memory; what is harmless in them is read."""

import io
import json
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import openpyxl
import pytest

from knowledge.catalog import Product
from knowledge.errors import UnreadableFile
from knowledge.importing import read_files

TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
BOMB = "".join(
    ['<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a0 "lol">']
    + [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)]
    + ["]><rss><channel><item><id>&a9;</id></item></channel></rss>"]
)
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><item><id>1</id><title>&x;</title></item></channel></rss>'
MEGABYTE = b"0" * 2**20


def packed(members: dict[str, str | bytes | int]) -> bytes:
    """An archive; a number stands for so many megabytes of one digit."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in members.items():
            with archive.open(name, "w") as member:
                if isinstance(data, int):
                    for _ in range(data):
                        member.write(MEGABYTE)
                else:
                    member.write(data.encode() if isinstance(data, str) else data)
    return stream.getvalue()


def pdf(stream: bytes) -> bytes:
    """One page with this packed content."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R/Resources<<>>>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(stream), stream),
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj%sendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"xref\n0 5\n0000000000 65535 f \n%strailer<</Size 5/Root 1 0 R>>startxref\n%d\n%%%%EOF" % (table, len(out))


def flood() -> bytes:
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(MEGABYTE) for _ in range(300)) + packer.flush()


REPEATED = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet><table:table><table:table-row'
    ' table:number-rows-repeated="1048576"><table:table-cell office:value-type="string" table:number-columns-repeated="16384"><text:p>'
    + "x" * 1000
    + "</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
)
ODS = "application/vnd.oasis.opendocument.spreadsheet"
LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le")


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("bomb.zip", lambda: packed({"a.csv": 450}), "unpacks to more"),
        ("bomb.zip", lambda: packed({"a.csv": 100}), "larger than 64 MB"),
        ("bomb.xlsx", lambda: packed({"[Content_Types].xml": TYPES, "xl/workbook.xml": "<workbook/>", "xl/sharedStrings.xml": 60}), "more than"),
        ("bomb.docx", lambda: packed({"[Content_Types].xml": TYPES, "word/document.xml": 60}), "more than"),
        ("bomb.ods", lambda: packed({"mimetype": ODS, "content.xml": REPEATED}), "MB of text"),
        ("bomb.pdf", lambda: pdf(flood()), "damaged PDF"),
        ("many.zip", lambda: packed({f"{n}.csv": "sku,title\n" for n in range(5001)}), "5001 files"),
        ("nested.zip", lambda: packed({"in.zip": packed({"a.csv": "sku,title\nA,B\n"})}), "archive inside an archive"),
        ("slip.zip", lambda: packed({"../../evil.csv": "sku,title\nA,B\n"}), "leads out of it"),
        ("slip.zip", lambda: packed({"/etc/evil.csv": "sku,title\nA,B\n"}), "leads out of it"),
        ("slip.zip", lambda: packed({"a\\..\\..\\evil.csv": "sku,title\nA,B\n"}), "leads out of it"),
        ("slip.zip", lambda: packed({"C:\\evil.csv": "sku,title\nA,B\n"}), "leads out of it"),
        ("feed.xml", BOMB.encode, "XML entities"),
        ("feed.xml", lambda: BOMB.encode("utf-16"), "XML entities"),
        ("feed.xml", OUTSIDE.encode, "XML entities"),
        ("entity.docx", lambda: packed({"[Content_Types].xml": TYPES, "word/document.xml": BOMB}), "XML entities"),
        ("entity.ods", lambda: packed({"mimetype": ODS, "content.xml": OUTSIDE}), "XML entities"),
        ("deep.xml", lambda: b"<r>" + b"<item>" * 100_000 + b"</item>" * 100_000 + b"</r>", "no sound XML"),
        ("deep.json", lambda: b'{"a":' * 500_000 + b"1" + b"}" * 500_000, "nested too deep"),
        ("full.json", lambda: b"[" + b"[]," * 2_100_000 + b"1]", "more objects or values"),
        ("full.json", lambda: b"[" + b"1.1," * 4_100_000 + b"1]", "more objects or values"),
        ("deep.html", lambda: b"<html><body>" + b"<div>" * 300_000, "no words"),
        ("wide.csv", lambda: (",".join(f"c{n}" for n in range(999)) + ",title\n").encode(), "1000 columns"),
        ("long.csv", lambda: b"sku,title\n" + b"A,B\n" * 200_001, "200000 records"),
        ("long.jsonl", lambda: b'{"sku":"A","title":"B"}\n' * 200_001, "200000 records"),
        ("cell.csv", lambda: b'sku,title\nA,"' + b"x" * 3_000_000 + b'"\n', "field larger"),
        ("long.md", lambda: b"# Returns\n" + b"words " * 600_000, "characters of text"),
        ("locked.xlsx", lambda: LOCKED, "locked with a password"),
    ],
)  # fmt: skip
def test_refused_with_one_sentence(name: str, data: object, says: str) -> None:
    content = data()  # type: ignore[operator]
    with pytest.raises(UnreadableFile, match=says) as refusal:
        read_files([(name, content)])
    message = str(refusal.value)
    assert message.endswith(".") and "\n" not in message and len(message) < 250


def test_a_file_over_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "big.csv"
    with path.open("wb") as file:
        file.truncate(200 * 2**20)
    with pytest.raises(UnreadableFile, match="larger than 64 MB"):
        read_files([path])
    with pytest.raises(UnreadableFile, match="larger than 1 MB"):
        read_files([("b.csv", b"sku,title\n" + b"A,B\n" * 400_000)], max_bytes=2**20)


def test_a_workbook_with_links_and_formulas_is_read_by_its_stored_values() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["sku", "title", "price"], ["A", '=HYPERLINK("http://evil.example","Lamp")', "='[1]Sheet1'!A1"], ["B", "Rug", 5]):
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("xl/externalLinks/externalLink1.xml", "<externalLink/>")
    (result,) = read_files([("links.xlsx", stream.getvalue())])
    assert (result.rows, result.products, result.rejected) == (2, 1, 1)
    assert {"external_links", "formula_without_value"} <= {problem.code for problem in result.problems}
    assert "evil" not in repr(result.documents)


PAGE = """<html><body><h1 onclick="x()">Returns</h1><p>Thirty days<script>alert(1)</script><img src=x onerror=alert(1)>
<a href="javascript:alert(1)">here</a> &lt;script&gt;alert(2)&lt;/script&gt; &amp;lt;b&amp;gt;fine&amp;lt;/b&amp;gt;</p><style>p{}</style><svg onload=alert(3)></svg></body></html>"""


@pytest.mark.parametrize("name", ["returns.html", "returns.md"])
def test_no_script_reaches_customers(name: str) -> None:
    (result,) = read_files([(name, PAGE.encode())])
    said = json.dumps([document.body.sections[0].text for document in result.documents])  # type: ignore[union-attr]
    for trace in ("script", "alert(1)", "onerror", "onclick", "onload", "javascript", "<", "p{}"):
        assert trace not in said, trace


def test_no_script_of_a_feed_or_page_reaches_customers() -> None:
    node = {"@type": "Product", "sku": "A", "name": "Lamp<script>alert(1)</script>", "description": "<img src=x onerror=alert(1)>&lt;script&gt;alert(1)&lt;/script&gt;",
            "url": "javascript:alert(1)", "image": "data:text/html,<script>", "brand": {"name": "<b>Oak</b>"}}  # fmt: skip
    escaped = json.dumps(node).replace("</", "<\\/")
    page = f'<html><script type="application/ld+json">{escaped}</script></html>'
    feed = "<rss><channel><item><id>A</id><title>Lamp&lt;script&gt;alert(1)&lt;/script&gt;</title><link>javascript:alert(1)</link><image_link>x</image_link><price>5</price><availability>in stock</availability></item></channel></rss>"
    for name, text in (("a.html", page), ("a.xml", feed)):
        (result,) = read_files([(name, text.encode())])
        assert result.products == 1
        assert "alert" not in repr(result.documents) and "<b>" not in repr(result.documents)


def test_broken_characters() -> None:
    (result,) = read_files([("a.json", b'[{"sku":"A\\ud800","title":"La\\u0000mp \\udfff x","price":5,"bad\\ud800":"1"}]')])
    (nul,) = read_files([("a.csv", b"sku,title,price\nB\x00,Ru\x00g,5\n")])
    for body in (document.body for one in (result, nul) for document in one.documents):
        assert isinstance(body, Product)
        said = repr(body)
        assert "\x00" not in said and "\ufffd" not in said and "\\ud800" not in said
        said.encode()
    for problem in result.problems:
        json.dumps(problem.message, ensure_ascii=False).encode()


MEASURED = """
import sys
from pathlib import Path
from knowledge.errors import UnreadableFile
from knowledge.importing import read_files
try:
    read_files([sys.argv[1]])
except UnreadableFile as refusal:
    print(refusal)
# Not getrusage: its maximum goes on counting from the process that started this one.
peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(int(peak.split()[1]) // 1024)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="counts memory as Linux does")
@pytest.mark.parametrize("name", ["rows.csv", "rows.jsonl", "rows.xml"])
def test_the_largest_file_stays_below_a_gigabyte(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    row = {"csv": "S{},Product number {},12.50,4\n", "jsonl": '{{"sku":"S{}","title":"Product number {}","price":12.5,"stock":4}}\n',
           "xml": "<item><sku>S{}</sku><title>Product number {}</title><price>12.50</price></item>"}[name[5:]]  # fmt: skip
    start, end = {"csv": ("sku,title,price,stock\n", ""), "jsonl": ("", ""), "xml": ("<r>", "</r>")}[name[5:]]
    count = 58 * 2**20 // len(row.format(100000, 100000))
    path.write_text(start + "".join(row.format(n, n) for n in range(count)) + end)
    ran = subprocess.run([sys.executable, "-c", MEASURED, str(path)], capture_output=True, text=True, check=True)
    sentence, megabytes = ran.stdout.strip().split("\n")
    assert "200000 records" in sentence
    assert int(megabytes) < 1000
