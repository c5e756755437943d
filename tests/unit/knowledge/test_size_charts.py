"""Size charts in merchants' texts, and shoe sizes by the standards."""

import pytest

from knowledge.importing.markdown import prose_of
from knowledge.shoe_sizes import foot_of, size_of
from knowledge.size_charts import SizeChart, audience_in, charts_of, key_of


def only(text: str, heading: str = "") -> SizeChart:
    found = charts_of(text, heading)
    assert len(found) == 1
    return found[0]


def test_a_table_as_policies_keep_it() -> None:
    marked = (
        "| EU | US 男 | 脚长 |\n|---|---|---|\n| 41 | 8 | 26.0 cm |\n| 42 | – | 26.5 cm |\n| 43 | 10 | 27.5 cm |\n\nWide feet: one size up."
    )
    chart = only(prose_of(marked).pieces[0].text, "鞋")
    assert [(c.system, c.audience, c.measure) for c in chart.columns] == [("eu", "", ""), ("us", "men", ""), ("", "", "foot")]
    assert [row.cells for row in chart.rows] == [("41", "8", "26.0 cm"), ("42", "–", "26.5 cm"), ("43", "10", "27.5 cm")]
    assert chart.rows[1].text == "EU 42, 脚长 26.5 cm"
    amount = chart.amount(chart.rows[1], 2)
    assert amount is not None and amount.base_low == 265


def test_sizes_across_the_top_and_units_in_names() -> None:
    chart = only("Size | S | M | L\nHeight (cm) | 155-162 | 160-168 | 165-173\nBust | 80 cm | 84 cm | 88 cm")
    assert [c.measure for c in chart.columns] == ["", "height", "chest"]
    assert [row.cells[0] for row in chart.rows] == ["S", "M", "L"]
    amount = chart.amount(chart.rows[0], 1)
    assert amount is not None and (amount.base_low, amount.base_high) == (1550, 1620)


@pytest.mark.parametrize(
    ("text", "heading", "rows", "measure"),
    [
        ("Measure around your palm: S 18–19 cm, M 20–21 cm, L 22–23 cm.", "Gloves", ["S", "M", "L"], "hand"),
        ("30 = 腰围 waist 78 cm; 32 = 83 cm", "Jeans", ["30", "32"], "waist"),
        (
            "92 to 98 cm. 3-4 years is 98 to 104 cm, 4-5 years 104 to 110 cm.",
            "What height is 2-3 years?",
            ["2-3 years", "3-4 years", "4-5 years"],
            "height",
        ),
        ("S码：胸围 40-45cm，M码：胸围46-52cm", "狗衣服", ["S", "M"], "chest"),
        ("XS fits dogs up to 4 kg; S fits dogs up to 8 kg", "", ["XS", "S"], "weight"),
    ],
)
def test_charts_in_clauses(text: str, heading: str, rows: list[str], measure: str) -> None:
    chart = only(text, heading)
    assert [row.cells[0] for row in chart.rows] == rows
    assert chart.columns[1].measure == measure


@pytest.mark.parametrize(
    "text",
    [
        "Germany: €5.95, 2-3 days\nFrance: €9, 3–5 days\nItaly: €8, 9 days",
        "We ship parcels up to 30 kg, oversized 31-50 kg by freight.",
        "Our M series lasts 10 hours. It weighs 2 kg.",
        "Name: Price, Weight\nOak: 20, 3 kg\nAsh: 30, 4 kg\nElm: 25, 5 kg",
    ],
)
def test_what_is_no_size_chart(text: str) -> None:
    assert charts_of(text, "Delivery") == []


@pytest.mark.parametrize(
    ("said", "key"), [("EU 42", "42"), ("42码", "42"), ("42.0", "42"), ("9.5", "9.5"), ("XL (2-3)", "xl"), ("265mm", "265")]
)
def test_sizes_are_compared_without_what_stands_around_them(said: str, key: str) -> None:
    assert key_of(said) == key


@pytest.mark.parametrize(
    ("words", "who"), [("男装 Men's clothes", "men"), ("Women's", "women"), ("女鞋", "women"), ("童装", "kids"), ("Unisex", "")]
)
def test_whom_words_are_for(words: str, who: str) -> None:
    assert audience_in(words) == who


@pytest.mark.parametrize(
    ("system", "who", "size", "foot"),
    [("eu", "", 42, 266.7), ("us", "men", 9, 266.7), ("us", "women", 7.5, 241.3), ("uk", "", 8, 266.7), ("mm", "", 265, 265)],
)
def test_feet_of_sizes(system: str, who: str, size: float, foot: float) -> None:
    assert foot_of(system, who, size) == pytest.approx(foot, abs=0.1)


@pytest.mark.parametrize(
    ("system", "who", "size"), [("eu", "", "41"), ("mm", "", "260"), ("us", "men", "8"), ("us", "women", "9.5"), ("jp", "", "26")]
)
def test_sizes_of_a_foot(system: str, who: str, size: str) -> None:
    assert size_of(system, who, 260) == size


def test_no_foot_is_that_long() -> None:
    assert foot_of("eu", "", 420) is None and foot_of("", "", 42) is None
