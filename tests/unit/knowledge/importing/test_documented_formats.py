"""Every example of docs/formats.md imports as it stands."""

import re
from pathlib import Path

import pytest

from knowledge.importing import read_files

PAGE = (Path(__file__).resolve().parents[4] / "docs" / "formats.md").read_text(encoding="utf-8")
EXAMPLES = {
    match[1]: re.sub(r"(?m)^    ", "", match[2])
    for match in re.finditer(r"(?m)^## ([^\n]+)\n+(?:(?!^## |^    ).*?\n)*?((?:^    [^\n]*\n)+)", PAGE)
}


@pytest.mark.parametrize(
    ("heading", "name", "kind", "rows"),
    [
        ("Products in our own columns", "p.csv", "products", 2),
        ("Chinese shop tables", "p.csv", "products", 1),
        ("Shopify product CSV", "p.csv", "products", 2),
        ("WooCommerce product CSV", "p.csv", "products", 2),
        ("Vendure product CSV", "p.csv", "products", 2),
        ("Other shop systems", "p.csv", "products", 3),
        ("Shopping feeds", "p.tsv", "products", 2),
        ("FAQ", "faq.csv", "faq", 3),
        ("Reviews", "r.csv", "reviews", 1),
        ("Promotions", "p.csv", "promotions", 1),
    ],
)
def test_example(heading: str, name: str, kind: str, rows: int) -> None:
    result = read_files([(name, EXAMPLES[heading].encode())])[0]
    assert (result.kind, result.rows, result.rejected) == (kind, rows, 0)
    assert result.documents


def test_json_examples() -> None:
    listed, keyed = re.split(r"\n(?=\{)", EXAMPLES["JSON of programs"].strip())
    assert read_files([("a.json", listed.encode())])[0].products == 1
    assert read_files([("b.json", keyed.encode())])[0].variants == 1
