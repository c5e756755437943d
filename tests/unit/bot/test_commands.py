"""The command line as a script sees it: real processes' behaviour through `main`, on a directory of its own."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.__main__ import main

PRODUCTS = """sku,title,brand,price,currency,stock,attribute Weight,group,option Colour
KX-1-RD,Kite KX-1,Aero,29.90,USD,4,300 g,KX-1,Red
KX-1-BL,Kite KX-1,Aero,31.90,USD,0,300 g,KX-1,Blue
TB-9,Wooden Train TB-9,Pip,49.00,USD,12,1.2 kg,TB-9,
"""
FAQ = "id,question,answer,language\nship,How much is shipping?,Shipping is $4.50 everywhere.,en\nship,运费多少？,运费一律 4.50 美元。,zh\n"

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> tuple[int, str, str]:
        try:
            status = main(["--data", str(tmp_path / "data"), *arguments])
        except SystemExit as stop:  # argparse
            status = int(str(stop.code))
        out, err = capsys.readouterr()
        return status, out, err

    return call


@pytest.fixture
def filled(run: Run, tmp_path: Path) -> Run:
    (tmp_path / "products.csv").write_text(PRODUCTS, encoding="utf-8")
    (tmp_path / "faq.csv").write_text(FAQ, encoding="utf-8")
    status, _, err = run("import", "products.csv", "faq.csv")
    assert status == 0, err
    return run


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_an_import_reports_by_file_and_a_second_one_changes_nothing(run: Run, tmp_path: Path) -> None:
    (tmp_path / "products.csv").write_text(PRODUCTS + "BAD-1,No price here,Pip,a lot,USD,1,,,\n", encoding="utf-8")
    status, out, _ = run("import", "products.csv", "--json")
    report = json.loads(out)
    assert status == 1
    assert report["files"][0] | {"encoding": "?"} == {
        "path": "products.csv", "format": "own-csv", "encoding": "?", "kind": "products",
        "rows": 4, "accepted": 3, "rejected": 1, "warnings": report["files"][0]["warnings"],
    }  # fmt: skip
    assert (report["products"], report["variants"], report["version"]) == (2, 3, 1)
    assert report["passages"] > 0
    problem = next(p for p in report["problems"] if p["column"] == "price")
    assert problem["row"] in (4, 5) and "a lot" in problem["message"]
    status, out, _ = run("import", "products.csv", "--json")
    assert json.loads(out)["changes"] == {"added": 0, "changed": 0, "removed": 0, "unchanged": 2}
    assert json.loads(out)["version"] == 1


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n\x00\x00", b"colour,size\nred,M\n", b""])
def test_an_unusable_file_is_refused_in_one_sentence(run: Run, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.csv").write_bytes(content)
    status, out, err = run("import", "x.csv")
    assert (status, out) == (2, "")
    assert err.startswith("zhanggui: ") and len(err.splitlines()) == 1 and "Traceback" not in err
    status, out, _ = run("import", "x.csv", "--json")
    assert status == 2
    assert json.loads(out)["error"]


def test_a_missing_file_is_named(run: Run) -> None:
    status, _, err = run("import", "nowhere.csv")
    assert status == 2 and "nowhere.csv" in err


def test_a_header_without_rows_is_accepted(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_text("sku,title,price\n", encoding="utf-8")
    status, out, _ = run("import", "empty.csv", "--json")
    report = json.loads(out)
    assert status == 0 and report["files"][0]["rows"] == 0 and report["files"][0]["warnings"] >= 1


def test_ask_answers_with_the_live_price_and_its_source(filled: Run) -> None:
    status, out, _ = filled("ask", "How much is the red kite KX-1?", "--json")
    answer = json.loads(out)
    assert status == 0
    assert answer["outcome"] == "answered" and "29.90" in answer["text"]
    assert answer["products"][0]["sku"] == "KX-1-RD" and answer["products"][0]["price"] == "29.90"
    assert any(source["kind"] == "product" for source in answer["sources"])
    assert set(answer) >= {
        "message_id", "conversation", "text", "language", "outcome", "intent", "intents", "topic", "products", "sources",
        "handoff", "quick_replies", "confidence", "engine", "took_ms",
    }  # fmt: skip


def test_every_batch_line_gets_exactly_one_answer_in_order(filled: Run, tmp_path: Path) -> None:
    asked = [
        {"id": 1, "text": "How much is the KX-1 in red?", "conversation": "c"},
        {"id": "two", "text": "And in blue?", "conversation": "c"},
        {"id": 3, "text": ""},
        {"id": 4, "text": "😀😀😀"},
        {"id": 5, "text": "x" * 10_000},
        {"id": 6, "text": "\x00\x07 <script>alert(1)</script> \u202e"},
        {"id": 7, "text": "运费多少？"},
        {"id": 8, "text": "How much is it?"},
    ]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(line) + "\n" for line in asked), encoding="utf-8")
    status, out, err = filled("ask", "--batch", "in.jsonl", "--out", "out.jsonl")
    assert (status, out) == (0, ""), err
    answers = lines(tmp_path / "out.jsonl")
    assert [answer["id"] for answer in answers] == [line["id"] for line in asked]
    assert len({answer["message_id"] for answer in answers}) == len(asked)
    assert answers[0]["conversation"] == answers[1]["conversation"] == "c"
    assert "29.90" in answers[0]["text"] and answers[1]["products"][0]["sku"] == "KX-1-BL"
    assert "4.50" in answers[6]["text"] and answers[6]["language"] == "zh"
    # A line of its own remembers nothing of the others.
    assert answers[7]["outcome"] == "asked_back"
    assert all("<script>" not in answer["text"] for answer in answers)


def test_a_named_conversation_goes_on_in_a_later_batch(filled: Run, tmp_path: Path) -> None:
    for number, text in enumerate(("How much is the wooden train?", "How heavy is it?")):
        (tmp_path / "in.jsonl").write_text(json.dumps({"id": number, "text": text, "conversation": "again"}), encoding="utf-8")
        assert filled("ask", "--batch", "in.jsonl", "--out", "out.jsonl")[0] == 0
    assert "1.2 kg" in lines(tmp_path / "out.jsonl")[0]["text"]


@pytest.mark.parametrize("content", ["not json\n", '{"id": 1}\n', "[1, 2]\n"])
def test_a_batch_that_cannot_be_read_is_refused_before_anything_is_asked(filled: Run, tmp_path: Path, content: str) -> None:
    (tmp_path / "in.jsonl").write_text(content, encoding="utf-8")
    status, _, err = filled("ask", "--batch", "in.jsonl", "--out", "out.jsonl")
    assert status == 2 and "line 1" in err
    assert not (tmp_path / "out.jsonl").exists()


def test_search_gives_products_once_and_the_merchants_words(filled: Run, tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text(
        json.dumps({"id": "q", "text": "kite"}) + "\n" + json.dumps({"id": "r", "text": "运费"}), encoding="utf-8"
    )
    status, _, err = filled("search", "--batch", "in.jsonl", "--out", "out.jsonl", "--top", "5")
    assert status == 0, err
    kite, fee = lines(tmp_path / "out.jsonl")
    assert kite["products"][0] | {"score": 0} == {"sku": "KX-1-RD", "title": "Kite KX-1", "score": 0}
    assert len({product["sku"] for product in kite["products"]}) == len(kite["products"])
    assert fee["passages"][0] | {"score": 0} == {"kind": "faq", "id": "ship", "score": 0, "text": "运费一律 4.50 美元。"}


def test_rank_gives_every_candidate_once_and_needs_no_shop(run: Run, tmp_path: Path) -> None:
    candidates = [{"id": "a", "text": "It weighs 300 g."}, {"id": "b", "text": "Red and blue."}, {"id": "c", "text": "Comes with a bag."}]
    (tmp_path / "in.jsonl").write_text(json.dumps({"id": 1, "query": "How heavy is it?", "candidates": candidates}), encoding="utf-8")
    status, _, err = run("rank", "--batch", "in.jsonl", "--out", "out.jsonl")
    assert status == 0, err
    (ranked,) = lines(tmp_path / "out.jsonl")
    assert sorted(id_ for id_, _ in ranked["ranking"]) == ["a", "b", "c"]
    assert ranked["ranking"][0][0] == "a"
    assert [score for _, score in ranked["ranking"]] == sorted((score for _, score in ranked["ranking"]), reverse=True)
    assert 0 <= ranked["answerable"] <= 1
    assert not (tmp_path / "data" / "zhanggui.db").exists()


def test_an_export_imports_as_the_same(filled: Run, tmp_path: Path) -> None:
    assert filled("export", "--shop", "main", "--as", "products", "--out", "products.jsonl")[0] == 0
    assert [(line["sku"], line["price"], line["stock"]) for line in lines(tmp_path / "products.jsonl")] == [
        ("KX-1-RD", "29.90", 4),
        ("KX-1-BL", "31.90", 0),
        ("TB-9", "49.00", 12),
    ]
    status, out, _ = filled("import", "products.jsonl", "--source", "products.csv", "--json")
    assert status == 0 and json.loads(out)["changes"]["unchanged"] == 2


def test_shops_are_made_listed_and_deleted(run: Run) -> None:
    assert run("shop", "create", "tea", "--name", "Tea House", "--currency", "EUR")[0] == 0
    status, _, err = run("shop", "create", "tea")
    assert status == 2 and "tea" in err
    assert run("shop", "create", "No Spaces")[0] == 2
    assert json.loads(run("shop", "list", "--json")[1])[0] | {"languages": []} == {
        "slug": "tea", "name": "Tea House", "currency": "EUR", "languages": [], "revision": 0,
    }  # fmt: skip
    assert run("shop", "delete", "tea")[0] == 0
    assert run("ask", "hello", "--shop", "tea")[0] == 2


def test_doctor_says_what_is_to_be_mended(filled: Run) -> None:
    status, out, _ = filled("doctor")
    assert status == 1
    assert "MEND  staff" in out and "zhanggui user create" in out
    assert "ok    shop main" in out
    status, link, _ = filled("user", "create", "me@example.com", "--role", "owner")
    assert status == 0 and "/desk/welcome#" in link
    assert filled("doctor")[0] == 0


def test_forget_erases_the_words_from_the_disk(filled: Run, tmp_path: Path) -> None:
    secret = "my cousin Zebulon wants the wooden train"
    (tmp_path / "in.jsonl").write_text(json.dumps({"id": 1, "text": secret, "conversation": "private"}), encoding="utf-8")
    assert filled("ask", "--batch", "in.jsonl", "--out", "out.jsonl")[0] == 0
    database = tmp_path / "data" / "zhanggui.db"
    assert b"Zebulon" in b"".join(path.read_bytes() for path in database.parent.glob("zhanggui.db*"))
    status, out, _ = filled("forget", "private")
    assert status == 0 and "erased" in out
    assert b"Zebulon" not in b"".join(path.read_bytes() for path in database.parent.glob("zhanggui.db*"))
    assert filled("forget", "private")[0] == 2


def test_a_draft_is_published_or_discarded_and_a_revision_brought_back(filled: Run, tmp_path: Path) -> None:
    def price() -> str:
        return str(json.loads(filled("ask", "How much is the red kite KX-1?", "--json")[1])["products"][0]["price"])

    (tmp_path / "products.csv").write_text(PRODUCTS.replace("29.90", "27.50"), encoding="utf-8")
    assert filled("import", "products.csv", "--draft")[0] == 0
    assert price() == "29.90"
    assert filled("revision", "discard")[0] == 0
    assert filled("revision", "publish")[0] == 0 and price() == "29.90"
    assert filled("import", "products.csv", "--draft")[0] == 0
    status, out, _ = filled("revision", "publish")
    assert status == 0 and "revision" in out and price() == "27.50"
    assert filled("revision", "rollback", "1")[0] == 0 and price() == "29.90"
    assert filled("revision", "list")[1].count("serves") == 1
    assert filled("revision", "rollback", "99")[0] == 2


def test_what_a_draft_changes_is_shown_entry_by_entry_and_answer_by_answer(filled: Run, tmp_path: Path) -> None:
    question = "How much is the red kite KX-1?"
    assert filled("ask", question)[0] == 0
    (tmp_path / "products.csv").write_text(PRODUCTS.replace("29.90", "27.50"), encoding="utf-8")
    assert filled("import", "products.csv", "--draft")[0] == 0
    status, out, _ = filled("revision", "diff")
    assert status == 0 and "1 changed" in out and "2990 -> 2750" in out
    told = json.loads(filled("revision", "diff", "--json")[1])
    assert told["counts"]["product"]["changed"] == 1 and told["entries"][0]["change"] == "changed"
    status, out, _ = filled("revision", "answers", "--json")
    answers = json.loads(out)
    assert status == 0 and answers["state"] == "done" and answers["counts"]["price_changed"] == 1
    assert [item["question"] for item in answers["items"]] == [question]
    assert "1 with another price" in filled("revision", "answers")[1]
    assert filled("revision", "publish", "--note", "spring prices")[0] == 0
    assert "spring prices" in filled("revision", "list")[1]
    assert filled("revision", "answers")[0] == 2  # no draft any more
