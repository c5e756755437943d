"""Imports by program: real files and JSON rows, dry runs, drafts, mappings; by role, one shop never another's, and no more than fits."""

import csv
import io
from pathlib import Path
from typing import Any, get_args

import httpx
import pytest

from bot.consoles.merchant.import_pages import KINDS
from bot.consoles.merchant.imports_api import MAX_ROWS_BODY, Kind
from bot.metrics import MAX_UPLOAD
from knowledge.catalog import Product
from knowledge.store import DocumentKind
from tests.unit.bot.consoles.conftest import House

ROOT = Path(__file__).resolve().parents[4]
DATA, DEMO = ROOT / "tests" / "data", ROOT / "knowledge" / "demo"
IMPORTS = "/api/v1/shops/tea/knowledge/imports"
GOOD = b"sku,title,price,currency\nCUP-1,Blue Cup,12.00,USD\n"
BROKEN = b"sku,title,price,currency\nCUP-1,Blue Cup,12.00,USD\nCUP-2,Red Cup,1.2.3.4,USD\n=CUP,,3,USD\n"
UNSURE = b"Numero;Nimike;Hinta\nA-101;Teekanne Ton;12,50\nA-102;Teekanne Glas;15,90\n"

Files = list[tuple[str, tuple[str, bytes, str]]]


def parts(*files: tuple[str, bytes]) -> Files:
    return [("files", (name, content, "application/octet-stream")) for name, content in files]


async def sent(http: httpx.AsyncClient, *files: tuple[str, bytes], status: int = 200, **form: Any) -> dict[str, Any]:
    response = await http.post(f"{IMPORTS}?wait=30", files=parts(*files), data=form)
    assert response.status_code == status, response.text
    told: dict[str, Any] = response.json()
    return told


async def goods(house: House) -> dict[str, Product]:
    found = await house.knowledge.find_documents("s1", await house.knowledge.newest("s1"), kind=DocumentKind.PRODUCT, limit=500)
    return {one.id: one.body for one in found if isinstance(one.body, Product)}


async def test_real_files_of_every_kind_become_one_revision(house: House) -> None:
    http = await house.program("admin")
    paths = [DATA / "shopify.csv", DATA / "chinese_gb18030.csv", DATA / "faq.md", DATA / "returns.zh.md", DEMO / "promotions.csv"]
    told = await sent(http, *((path.name, path.read_bytes()) for path in paths))
    assert told["state"] == "done" and told["mode"] == "publish" and told["error"] is None, told
    report = told["report"]
    assert [file["path"] for file in report["files"]] == [path.name for path in paths]
    assert {file["kind"] for file in report["files"]} == {"products", "faq", "policy", "promotions"}
    assert report["version"] == 2 == (await house.knowledge.state("s1")).revision, "one revision for all of them"
    assert sum(file["rows"] for file in report["files"]) > 10 and report["products"] == len(await goods(house)) - 1
    again = await sent(http, *((path.name, path.read_bytes()) for path in paths))
    changes = again["report"]["changes"]
    assert changes["added"] == changes["changed"] == changes["removed"] == 0 < changes["unchanged"]
    audited = [one for one in await house.staff.audits("s1") if one.what == "knowledge.imported"]
    assert len(audited) == 10 and all(one.who.startswith("token:") for one in audited)


async def test_it_runs_by_itself_and_is_looked_at(house: House) -> None:
    http = await house.program("admin")
    begun = await http.post(IMPORTS, files=parts(("cups.csv", GOOD)))
    assert begun.status_code == 202 and begun.json()["state"] == "running" and begun.json()["report"] is None
    where = begun.headers["location"]
    ended = (await http.get(f"{where}?wait=30")).json()
    assert ended["state"] == "done" and ended["report"]["products"] == 1 and "CUP-1" in await goods(house)
    listed = (await http.get(IMPORTS)).json()["imports"]
    assert [one["id"] for one in listed] == [ended["id"]]
    viewer = await house.program("viewer")
    assert (await viewer.get(where)).status_code == 200
    assert (await http.get(f"{IMPORTS}/{'0' * 32}")).status_code == 404


async def test_a_dry_run_writes_nothing_and_a_draft_publishes_nothing(house: House) -> None:
    http = await house.program("admin")
    told = await sent(http, ("cups.csv", GOOD), dry_run="true")
    assert told["mode"] == "check" and told["report"]["changes"]["added"] == 1
    assert await house.knowledge.draft("s1") is None and list(await goods(house)) == ["k-1"]
    brought = await http.post(f"{IMPORTS}/{told['id']}/again?wait=30", json={"mode": "draft"})
    assert brought.json()["state"] == "done" and brought.json()["mode"] == "draft"
    assert await house.knowledge.draft("s1") is not None and (await house.knowledge.state("s1")).revision == 1
    again = await http.post(f"{IMPORTS}/{told['id']}/again", json={"mode": "publish"})
    assert again.status_code == 409, "it is done"
    held = await sent(http, ("more.csv", GOOD.replace(b"CUP-1", b"CUP-9")))
    assert held["state"] == "failed" and held["error"]["code"] == "draft_waits" and "draft" in held["error"]["message"]


async def test_rows_are_json_with_our_own_columns_and_a_source(house: House) -> None:
    http = await house.program("admin")
    rows = [
        {"sku": "P-1", "title": "Pot", "title_zh": "茶壶", "price": "48.00", "currency": "USD", "stock": 5, "Rim": "thin"},
        {"sku": "P-2", "title": "Bowl", "price": 9.5, "currency": "USD", "options": [{"name": "Size", "value": "L"}]},
        {"sku": "P-3", "price": "1.00"},
    ]
    sent_rows = {"rows": rows, "source": "erp", "kind": "products", "map": {"Rim": "attribute:Edge"}}
    told = (await http.post(f"{IMPORTS}?wait=30", json=sent_rows)).json()
    assert told["state"] == "done", told
    found = await goods(house)
    assert found["P-1"].title == {"en": "Pot", "zh": "茶壶"} and found["P-1"].attributes[0].name == "Edge"
    assert found["P-2"].variants[0].options[0].value == "L"
    wrong = [one for one in told["report"]["problems"] if one["rejects"]]
    assert [(one["row"], one["code"]) for one in wrong] == [(3, "title_missing")] and wrong[0]["reason"]["zh"]
    lines = (await http.get(told["report"]["files"][0]["rejected_rows"])).text
    assert "P-3" in lines and "P-1" not in lines
    fewer = (await http.post(f"{IMPORTS}?wait=30", json={"rows": rows[:1], "source": "erp", "kind": "products"})).json()
    assert fewer["report"]["changes"]["removed"] == 1 and set(await goods(house)) == {"k-1", "P-1"}, "the source is replaced"
    assert found["P-1"].attributes == (await goods(house))["P-1"].attributes, "what a column means was remembered"


async def test_rejected_rows_come_back_to_be_mended(house: House) -> None:
    http = await house.program("admin")
    told = await sent(http, ("cups.csv", BROKEN), draft="1", language="zh")
    file = told["report"]["files"][0]
    assert (file["rows"], file["accepted"], file["rejected"]) == (3, 1, 2)
    rows = list(csv.DictReader(io.StringIO((await http.get(file["rejected_rows"])).text.lstrip("\ufeff"))))
    assert [row["sku"] for row in rows] == ["CUP-2", "'=CUP"] and "标题" in rows[1]["problem"]
    price = next(one for one in told["report"]["problems"] if one["code"] == "price_unreadable")
    assert (price["row"], price["column"], price["value"]) == (3, "price", "1.2.3.4")
    assert (await http.get(f"{IMPORTS}/{told['id']}/rejected/7")).status_code == 404


async def test_it_asks_what_columns_mean_or_is_told_at_once(house: House) -> None:
    http = await house.program("admin")
    asked = await sent(http, ("kannen.csv", UNSURE))
    assert asked["state"] == "asks" and await house.knowledge.draft("s1") is None
    file = asked["files"][0]
    proposal = file["columns"][0]
    assert file["error"]["code"] == "no_layout" and "标题" in file["error"]["zh"] and "Nimike" in proposal["doubtful"]
    assert {one["column"]: one["field"] for one in proposal["columns"]}["Nimike"] == "title" and len(proposal["rows"]) == 2
    strange = await http.post(f"{IMPORTS}/{asked['id']}/columns", json={"mappings": {"other.csv": {"columns": {}}}})
    assert strange.status_code == 422 and "kannen.csv" in strange.json()["detail"]
    nonsense = await http.post(f"{IMPORTS}/{asked['id']}/columns", json={"mappings": {"kannen.csv": {"columns": {"Nimike": "prize"}}}})
    assert nonsense.status_code == 422
    said = {"mappings": {"kannen.csv": {"columns": {"Numero": "sku", "Nimike": "title", "Hinta": "price"}}}}
    settled = (await http.post(f"{IMPORTS}/{asked['id']}/columns?wait=30", json=said)).json()
    assert settled["state"] == "done" and settled["report"]["products"] == 2
    mended = {"mappings": {"kannen.csv": {"columns": {"Numero": "attribute:Number", "Nimike": "title", "Hinta": "list_price"}}}}
    again = (await http.post(f"{IMPORTS}/{asked['id']}/columns?wait=30", json=mended)).json()
    assert again["state"] == "done", "what was said can be changed while the files are kept"
    for way in ({"map": ["Tuote=sku,Nimi=title", "Hinta=price"]}, {"map": '{"Tuote": "sku", "Nimi": "title", "Hinta": "price"}'}):
        text = UNSURE.replace(b"Numero", b"Tuote").replace(b"Nimike", b"Nimi")
        told = await sent(http, ("told.csv", text), draft="true", **way)
        assert told["state"] == "done" and told["report"]["products"] == 2, told
    remembered = await sent(http, ("told.csv", UNSURE.replace(b"Numero", b"Tuote").replace(b"Nimike", b"Nimi")), draft="true")
    assert remembered["state"] == "done"
    wrong = await sent(http, ("x.csv", GOOD), dry_run="true", map="Ghost=price")
    assert wrong["state"] == "failed" and "Ghost" in wrong["files"][0]["error"]["message"]


@pytest.mark.parametrize("role", ["viewer", "analyst", "support"])
async def test_a_token_of_the_wrong_role_is_refused_before_the_body_is_read(house: House, role: str) -> None:
    http = await house.program(role)
    refused = await http.post(IMPORTS, files=parts(("cups.csv", GOOD)))
    assert refused.status_code == 403 and refused.headers["content-type"] == "application/problem+json"
    assert (await http.post(IMPORTS, json={"rows": [], "source": "x"})).status_code == 403
    tea = await house.knowledge.shop("tea")
    assert tea is not None and await house.parts.uploads.all(tea) == []


async def test_no_shop_reaches_another_and_nobody_comes_without_a_token(house: House) -> None:
    hats = await house.program("admin", "s2")
    assert (await hats.post(IMPORTS, files=parts(("cups.csv", GOOD)))).status_code == 404
    assert (await hats.post("/api/v1/shops/nowhere/knowledge/imports", files=parts(("cups.csv", GOOD)))).status_code == 404
    tea = await house.program("admin")
    told = await sent(tea, ("cups.csv", BROKEN), dry_run="true")
    for path in ("", "/rejected/0"):
        assert (await hats.get(f"{IMPORTS}/{told['id']}{path}")).status_code == 404
        assert (await hats.get(f"/api/v1/shops/hats/knowledge/imports/{told['id']}{path}")).status_code == 404
    assert (await hats.post(f"/api/v1/shops/hats/knowledge/imports/{told['id']}/again", json={})).status_code == 404
    assert (await house.http.post(IMPORTS, files=parts(("cups.csv", GOOD)))).status_code == 401
    forged = house.client(Authorization="Bearer zg_forged")
    assert (await forged.post(IMPORTS, files=parts(("cups.csv", GOOD)))).status_code == 401


async def test_too_much_is_refused_with_a_sentence(house: House) -> None:
    http = await house.program("admin")
    told = await http.post(
        IMPORTS, content=b"x", headers={"content-type": "multipart/form-data; boundary=x", "content-length": str(MAX_UPLOAD + 1)}
    )
    assert told.status_code == 413, "refused by its length, unread"

    async def flood():  # type: ignore[no-untyped-def]
        yield b'{"source": "x", "rows": [{"sku": "'
        for _ in range(MAX_ROWS_BODY // 2**20 + 1):
            yield b"9" * 2**20

    told = await http.post(IMPORTS, content=flood(), headers={"content-type": "application/json"})
    assert told.status_code == 413 and "Send less" in told.json()["detail"]
    largest = house.parts.uploads.max_file_bytes
    told = await http.post(IMPORTS, files=parts(("big.csv", b"a" * (largest + 1))))
    assert told.status_code == 413 and "big.csv is larger than" in told.json()["detail"]
    many = await http.post(IMPORTS, files=parts(*((f"{n}.csv", GOOD) for n in range(21))))
    assert many.status_code == 422 and "1 to 20 files" in many.json()["detail"]


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"kind": "shoes"}, "kind"),
        ({"dry_run": "perhaps"}, "dry_run"),
        ({"surprise": "1"}, "surprise"),
        ({"map": "Preis"}, "does not say what a column means"),
        ({"map": "{broken"}, "JSON object"),
        ({"language": "fr"}, "language"),
    ],
)
async def test_what_is_asked_for_wrongly_is_refused(house: House, form: dict[str, str], says: str) -> None:
    http = await house.program("admin")
    refused = await http.post(IMPORTS, files=parts(("cups.csv", GOOD)), data=form)
    assert refused.status_code == 422 and says in refused.text, refused.text
    assert (await http.post(IMPORTS, data={"kind": "faq"}, files=[("other", ("a.csv", GOOD, "text/csv"))])).status_code == 422
    assert (await http.post(IMPORTS, content=b"--x", headers={"content-type": "multipart/form-data; boundary=x"})).status_code == 422
    both = await http.post(IMPORTS, files=parts(("a.csv", GOOD), ("b.csv", GOOD)), data={"source": "erp"})
    assert both.status_code == 422 and "one file" in both.text
    assert (await http.post(IMPORTS, json={"rows": [{"sku": "A"}]})).status_code == 422, "rows need a source"
    assert (await http.post(IMPORTS, json={"rows": "A", "source": "x"})).status_code == 422


async def test_one_hostile_file_holds_up_no_other(house: House) -> None:
    http = await house.program("admin")
    told = await sent(
        http, ("../../cups.csv", GOOD), ("logo.png", b"\x89PNG\r\n\x1a\n0000"), ("e.xml", b'<!DOCTYPE r [<!ENTITY x "y">]><rss>&x;</rss>')
    )
    assert told["state"] == "done" and [file["name"] for file in told["files"]] == ["cups.csv", "logo.png", "e.xml"]
    assert [file["error"] and file["error"]["code"] for file in told["files"]] == [None, "binary", "entities_feed"]
    assert told["files"][1]["error"]["en"] == told["files"][1]["error"]["message"] and "图片" in told["files"][1]["error"]["zh"]
    none = await sent(http, ("logo.png", b"\x89PNG\r\n\x1a\n0000"))
    assert none["state"] == "failed" and none["error"]["code"] == "nothing_read"


async def test_it_is_documented(house: House) -> None:
    document = (await house.http.get("/openapi.json")).json()["paths"]
    post = document["/api/v1/shops/{shop}/knowledge/imports"]["post"]
    assert set(post["requestBody"]["content"]) == {"multipart/form-data", "application/json"}
    fields = post["requestBody"]["content"]["multipart/form-data"]["schema"]["properties"]
    assert {"files", "kind", "dry_run", "draft", "overwrite", "source", "map", "language"} == set(fields)
    assert {"200", "202"} <= set(post["responses"]) and post["security"]
    assert get_args(Kind) == KINDS
