"""Each finding says file, row, column, value, reason and what to do, in English and Chinese."""

import ast
import string
from pathlib import Path

import pytest

from knowledge.importing import read_files
from knowledge.importing.problems import LANGUAGES, Problem, wordings

ROOT = Path(__file__).resolve().parents[4]


def codes_in_use() -> dict[str, str]:
    """Code to a file that reports it."""
    found = {}
    for path in (ROOT / "knowledge").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id if isinstance(node.func, ast.Name) else ""
            place = {"reject": 2, "warn": 2, "Problem": 3}.get(name)
            if place is None or len(node.args) <= place:
                continue
            for constant in ast.walk(node.args[place]):
                if isinstance(constant, ast.Constant) and isinstance(constant.value, str) and constant.value:
                    found[constant.value] = path.name
    return found


def test_every_code_is_worded_in_both_languages() -> None:
    missing = {code: file for code, file in codes_in_use().items() if code not in wordings()}
    assert not missing
    for code, texts in wordings().items():
        if code == "_phrases":
            continue
        assert set(texts) == set(LANGUAGES), code
        assert len(texts["en"]) == len(texts["zh"]), code
        holes = [{name for part in said for _, name, _, _ in string.Formatter().parse(part) if name} for said in texts.values()]
        assert holes[0] == holes[1], code


def test_every_code_is_documented() -> None:
    text = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
    assert [code for code in codes_in_use() if f"`{code}`" not in text] == []


@pytest.mark.parametrize(
    ("row", "code", "column", "value", "reason", "advice"),
    [
        ("A,Lamp,5,9,1,,,", "sale_above_price", "sale_price", "9.00", "促销价 “9.00” 高于售价 5.00。", "促销价已略去；请修正其中一个。"),
        ("A,Lamp,5,,-4,,,", "stock_negative", "stock", "-4", "库存为 “-4”，小于 0，按售罄处理。", "请填写可售数量。"),
        ("A,Lamp,0,,1,,,", "price_zero", "price", "0", "价格为 0，顾客会看到“免费”。", "确实免费吗？如果价格需要咨询，请把单元格留空。"),
        ("A,Lamp,9,5,1,,tomorrowish,", "date_unreadable", "sale_until", "tomorrowish", "“tomorrowish” 不是日期。", "请写成 2026-12-31。"),
        (
            "A,Lamp,9,5,1,2026-05-02,2026-04-01,",
            "dates_reversed",
            "sale_until",
            "2026-04-01",
            "促销价的结束时间早于开始时间，因此不会生效。",
            "请修正日期。",
        ),
        ("A,Lamp,x5x,,1,,,", "price_unreadable", "price", "x5x", "“x5x” 不能作为价格：像编号。", "请只写金额，如 19.90。"),
        ("A,Lamp,5,,1,,,QQQ", "currency_unknown", "currency", "QQQ", "“QQQ” 不是币种。", "请写三字母代码，如 CNY 或 USD。"),
    ],
)
def test_findings_say_everything(row: str, code: str, column: str, value: str, reason: str, advice: str) -> None:
    text = f"sku,title,price,sale_price,stock,sale_from,sale_until,currency\n{row}\n"
    result = read_files([("shop/p.csv", text.encode())])[0]
    found = next(problem for problem in result.problems if problem.code == code)
    assert (found.path, found.row, found.column, found.value) == ("shop/p.csv", 2, column, value)
    assert (found.reason("zh"), found.advice("zh")) == (reason, advice)
    assert found.message == f"{found.reason('en')} {found.advice('en')}"
    assert "{" not in found.message and not any("一" <= c <= "鿿" for c in found.message)


def test_two_products_of_one_title_and_unknown_languages() -> None:
    twice = read_files([("p.csv", b"sku,title,price\nA,Lamp,5\nB,lamp,6\nC,Rug,7\n")])[0]
    assert [(p.code, p.row, p.rejects) for p in twice.problems] == [("title_twice", 3, False)]
    asked = read_files([("f.csv", b"language,question,answer\nklingonisch,How much?,Five.\n")])[0]
    assert [(p.code, p.value) for p in asked.problems] == [("language_unknown", "klingonisch")]
    assert asked.faq_entries == 1


def test_variants_of_one_product_may_share_a_title() -> None:
    result = read_files([("p.csv", b"sku,group,title,price,option Size\nA,g,Lamp,5,S\nB,g,Lamp,6,M\n")])[0]
    assert result.problems == []


def test_a_missing_price_is_on_request_and_never_nought() -> None:
    result = read_files([("p.csv", b"sku,title,price\nA,Lamp,\n")])[0]
    variant = result.documents[0].body.variants[0]  # type: ignore[union-attr]
    assert variant.offer.regular is None and variant.offer.sale is None
    assert [problem.code for problem in result.problems] == ["price_missing"]


def test_a_value_with_braces_or_of_great_length_does_no_harm() -> None:
    result = read_files([("p.csv", ("sku,title,price\nA,Lamp,{0.__class__}" + "x" * 500 + "\n").encode())])[0]
    found = result.problems[0]
    assert "{0.__class__}" in found.message and len(found.message) < 300


def test_what_has_no_wording_keeps_its_own() -> None:
    problem = Problem("p.csv", 2, "", "not_worded_anywhere", "Something is odd; look at it.")
    assert (problem.reason("zh"), problem.advice("zh")) == ("Something is odd; look at it.", "")


def test_every_reason_to_refuse_a_price_is_worded() -> None:
    tree = ast.parse((ROOT / "knowledge" / "prices.py").read_text(encoding="utf-8"))
    said = {
        node.value.value for node in ast.walk(tree) if isinstance(node, ast.Return | ast.keyword) and isinstance(node.value, ast.Constant)
    }
    reasons = {text for text in said if isinstance(text, str) and " " in text}
    assert len(reasons) > 10
    assert reasons <= set(wordings()["_phrases"])
