"""A file that cannot be read is refused in one sentence, in English and Chinese."""

import ast
import string
from pathlib import Path

import pytest

from knowledge.errors import KnowledgeError
from knowledge.importing import read_files
from knowledge.importing.mapping import ColumnMapping, mapping_of, meaning_of
from knowledge.importing.problems import LANGUAGES
from knowledge.importing.refusals import refusals

ROOT = Path(__file__).resolve().parents[4]
CALLED = {"refused": 0, "worded": 1}
"""Functions whose argument at that place is a code."""


def codes_in_use() -> dict[str, str]:
    """Code to a file that refuses with it."""
    found = {}
    for path in (ROOT / "knowledge").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLED:
                code = node.args[CALLED[node.func.id]]
                if isinstance(code, ast.Constant):
                    found[str(code.value)] = path.name
    return found


def holes(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_every_refusal_is_worded_in_both_languages_and_none_is_left_over() -> None:
    assert set(codes_in_use()) == {code for code in refusals() if code != "_parts"}
    parts: dict[str, dict[str, str]] = refusals()["_parts"]  # type: ignore[assignment]
    assert all(set(said) == set(LANGUAGES) for said in parts.values())
    for code, said in refusals().items():
        if code != "_parts":
            assert set(said) == set(LANGUAGES), code
            assert holes(said["en"]) == holes(said["zh"]), code
            assert said["zh"].endswith("。") and said["en"].endswith("."), code


def test_nothing_refuses_a_file_in_english_alone() -> None:
    for path in (ROOT / "knowledge").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in ("UnreadableFile", "InvalidMapping", "EmptyTable"), f"{path.name}:{node.lineno}"


@pytest.mark.parametrize(
    ("name", "data", "kind", "code"),
    [
        ("茶单.csv", b"", "auto", "empty"),
        ("x.png", b"\x89PNG\r\n\x1a\n" + b"0" * 50, "auto", "binary"),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "auto", "binary"),
        ("a.xlsx", b"PK\x03\x04" + b"0" * 50, "auto", "damaged_archive"),
        ("a.pdf", b"%PDF-1.4 nonsense", "auto", "damaged_pdf"),
        ("a.json", b'{"a": ', "auto", "json_unsound"),
        ("a.json", b"5", "auto", "no_records"),
        ("a.xml", b"<?xml version='1.0'?><rss><channel></channel></rss>", "auto", "xml_without_products"),
        ("a.xml", b'<!DOCTYPE r [<!ENTITY x "y">]><rss>&x;</rss>', "auto", "entities_feed"),
        ("a.csv", b"frob,nicate\n1,2\n", "auto", "no_layout"),
        ("a.csv", b"sku,price\n1,2\n", "faq", "not_columns"),
        ("a.csv", b"sku,title\n1,2\n", "policy", "table_is_no_policy"),
        ("a.md", b"# Returns\n\nThirty days.\n", "products", "text_holds_no"),
        ("a.md", b"Only words.\n", "faq", "no_questions"),
        ("a.exe", b"plain words", "auto", "kind_not_read"),
    ],
)
def test_each_sentence_names_the_file_and_what_to_do(name: str, data: bytes, kind: str, code: str) -> None:
    with pytest.raises(KnowledgeError) as caught:
        read_files([(name, data)], kind=kind)
    error = caught.value
    assert error.code == code
    for language in LANGUAGES:
        sentence = error.said(language)
        assert name in sentence and "{" not in sentence and "@" not in sentence and "\n" not in sentence
        assert sentence.endswith("。") == (language == "zh")
    assert str(error).startswith(error.said("en"))
    assert error.said("zh-TW") == error.said("zh") and error.said("fr") == error.said("en")


def test_mappings_are_refused_in_both_languages() -> None:
    for wrong in (lambda: meaning_of("nonsense"), lambda: meaning_of("attribute:"), lambda: mapping_of(["Preis"]),
                  lambda: ColumnMapping.from_json({"columns": 5}), lambda: ColumnMapping.from_json({"kind": "shoes"})):  # fmt: skip
        with pytest.raises(KnowledgeError) as caught:
            wrong()
        assert caught.value.said("zh") != caught.value.said("en") == str(caught.value)


def test_a_file_in_an_archive_that_cannot_be_read_is_a_finding_in_both_languages(tmp_path: Path) -> None:
    (tmp_path / "good.csv").write_text("sku,title\nA,Cup\n", encoding="utf-8")
    (tmp_path / "bad.json").write_text("5", encoding="utf-8")
    results = {Path(one.path).name: one for one in read_files([tmp_path])}
    found = results["bad.json"].problems[0]
    assert found.code == "unreadable" and found.rejects and len(results["good.csv"].documents) == 1
    assert "holds no records" in found.reason("en") and "没有记录" in found.reason("zh")
