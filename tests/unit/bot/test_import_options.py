"""`zhanggui import --map` and `--rejected`: what a merchant says is heard, remembered, and what failed comes back as a file."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.__main__ import main

LIST = "Tuote,Nimike,Summa,Vari,Halli\nL-1,Leuchte Eins,19.90,Rot,7\nL-2,Leuchte Zwei,abc,Blau,7\nL-3,Leuchte Drei,29.90,Rot,7\n"
SAID = ("--map", "Tuote=sku,Nimike=title,Summa=price", "--map", "Vari=attribute:Colour", "--map", "Halli=ignore")

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "liste.csv").write_text(LIST, encoding="utf-8")

    def call(*arguments: str) -> tuple[int, str, str]:
        status = main(["--data", str(tmp_path / "data"), *arguments])
        out, err = capsys.readouterr()
        return status, out, err

    return call


def test_unknown_columns_are_refused_with_a_proposal_and_then_mapped_and_remembered(run: Run) -> None:
    status, _, err = run("import", "liste.csv")
    assert status == 2 and '--map "Nimike=title"' in err and len(err.splitlines()) == 1
    status, out, _ = run("import", "liste.csv", "--json")
    proposal = json.loads(out)["proposal"]
    assert status == 2 and proposal["rows"][0]["Tuote"] == "L-1" and {"column", "field", "confidence"} == set(proposal["columns"][0])
    status, out, _ = run("import", "liste.csv", *SAID, "--json")
    assert status == 1 and json.loads(out)["products"] == 2
    status, out, _ = run("import", "liste.csv", "--json")
    assert json.loads(out)["changes"] == {"added": 0, "changed": 0, "removed": 0, "unchanged": 2}
    status, _, err = run("import", "liste.csv", "--source", "another")
    assert status == 2, "what was said of one source holds for no other"


def test_a_dry_run_remembers_nothing(run: Run) -> None:
    assert run("import", "liste.csv", *SAID, "--dry-run")[0] == 1
    assert run("import", "liste.csv")[0] == 2


@pytest.mark.parametrize(
    ("said", "says"), [("Summa", "does not say"), ("Summa=prize", "nothing a column can mean"), ("Bertag=price", "There is no column")]
)
def test_a_slip_of_the_pen_is_refused_in_one_sentence(run: Run, said: str, says: str) -> None:
    status, out, err = run("import", "liste.csv", "--map", "Nimike=title", "--map", said)
    assert (status, out) == (2, "") and says in err and len(err.splitlines()) == 1


def test_rejected_rows_are_written_mended_and_imported(run: Run, tmp_path: Path) -> None:
    status, out, _ = run("import", "liste.csv", *SAID, "--rejected", "out/mend.csv")
    assert status == 1 and "out/mend.csv" in out
    target = tmp_path / "out" / "mend.csv"
    assert target.read_bytes().startswith(b"\xef\xbb\xbf")
    with target.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["Tuote"] for row in rows] == ["L-2"] and "abc" in rows[0]["problem"]
    target.write_text(target.read_text(encoding="utf-8").replace(",abc,", ",24.90,"), encoding="utf-8")
    status, out, _ = run("import", "out/mend.csv", *SAID, "--rejected", "none.csv", "--json")
    report = json.loads(out)
    assert status == 0 and report["changes"]["added"] == 1 and report["rejected_files"] == []
    assert not (tmp_path / "none.csv").exists()
    assert run("export", "--out", "all.jsonl")[0] == 0
    exported = (tmp_path / "all.jsonl").read_text(encoding="utf-8")
    assert [json.loads(line)["sku"] for line in exported.splitlines()] == ["L-1", "L-2", "L-3"]
    assert "problem" not in exported and "Halli" not in exported


def test_several_files_give_a_file_each(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("sku,title,price\nA,Lamp,x y\n", encoding="utf-8")
    (tmp_path / "f.csv").write_text("question,answer\nFee?,\n", encoding="utf-8")
    status, out, _ = run("import", "a.csv", "f.csv", "--rejected", "mend.csv", "--json")
    assert status == 1 and sorted(json.loads(out)["rejected_files"]) == ["mend.a.csv", "mend.f.csv"]


def test_findings_are_worded_in_both_languages(run: Run) -> None:
    _, out, _ = run("import", "liste.csv", *SAID, "--json")
    found = next(problem for problem in json.loads(out)["problems"] if problem["code"] == "price_unreadable")
    assert (found["row"], found["column"], found["value"], found["rejects"]) == (3, "Summa", "abc", True)
    assert found["reason"]["zh"] == "“abc” 不能作为价格：其中没有金额。" and found["advice"]["zh"]
    assert found["message"] == f"{found['reason']['en']} {found['advice']['en']}"


def test_a_check_names_both_places_that_disagree_and_what_is_missing(run: Run, tmp_path: Path) -> None:
    (tmp_path / "faq.csv").write_text(
        "id,question,answer,language\nret,Can I return it?,You can return it within 30 days.,en\n", encoding="utf-8"
    )
    (tmp_path / "returns.md").write_text("# Returns\n\nYou may return goods within 14 days.\n", encoding="utf-8")
    assert run("import", "faq.csv")[0] == 0
    assert run("revision", "check")[0] == 0
    assert run("import", "returns.md", "--draft")[0] == 0
    status, out, _ = run("revision", "check", "--json")
    report = json.loads(out)
    assert status == 1 and len(report["contradictions"]) == 1
    places = report["contradictions"][0]["places"]
    assert {(place["kind"], place["figure"]) for place in places} == {("faq", "30 days"), ("policy", "14 days")}
    assert report["coverage"]["fields"]["faq.answer"]["zh"] == {"there": 0, "wanted": 1}
    status, out, _ = run("revision", "check")
    assert status == 1 and "“30 days” and “14 days”" in out and "You may return goods within 14 days." in out


def test_names_in_json_are_mapped_too(run: Run, tmp_path: Path) -> None:
    (tmp_path / "goods.json").write_text('[{"tunnus": "L-1", "nimike": "Lamp", "reuna": "thin"}]', encoding="utf-8")
    status, out, err = run("import", "goods.json", "--map", "tunnus=sku,nimike=title,reuna=attribute:Edge", "--json")
    assert status == 0 and json.loads(out)["products"] == 1, err
    status, _, err = run("import", "goods.json", "--map", "ghost=price")
    assert status == 2 and "no column “ghost”; the columns are tunnus, nimike, reuna" in err
