"""Facts inside texts become attributes with their source kept; prose stays prose."""

import csv
import io
import json

import orjson
import pytest

from knowledge.catalog import Product
from knowledge.documents import document_of
from knowledge.exporting import lines_of
from knowledge.importing import read_files
from knowledge.importing.hidden_attributes import attributes_in
from knowledge.importing.statements import attribute, spec_lines
from knowledge.store import DocumentKind
from knowledge.units import Dimension, quantities

BOTH = ("en", "zh")


def found(text: str) -> dict[str, str]:
    return {one.name: one.value for one in attributes_in(text, BOTH)}


def imported(**cells: str) -> Product:
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(cells)
    writer.writerow(cells.values())
    body = read_files([("p.csv", stream.getvalue().encode())])[0].documents[0].body
    assert isinstance(body, Product)
    return body


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A soft throw.\nMaterial: 100% wool\nCare: hand wash at 30 °C. Dry flat.", {"Material": "100% wool", "Care": "hand wash at 30 °C. Dry flat."}),
        ("轻暖不刺。\n材质：100%羊毛\n• 尺寸：150*200cm", {"材质": "100%羊毛", "尺寸": "150*200cm"}),
        ("It is soft. Material: 100% wool. Weight: 1.2 kg.", {"Material": "100% wool", "Weight": "1.2 kg"}),
        ("材质：纯棉，颜色：蓝色；尺寸：20x30cm。很好用。", {"材质": "纯棉", "颜色": "蓝色", "尺寸": "20x30cm"}),
        ("Warranty: 2 years\nLampshade: linen\nSwitch kind: dimmer\nHeight: 40 cm",
         {"Warranty": "2 years", "Lampshade": "linen", "Switch kind": "dimmer", "Height": "40 cm"}),
        ("size: 4.8 × 15.9 cm weight: about 0.15 kg country of origin: japan", {"size": "4.8 × 15.9 cm", "weight": "about 0.15 kg", "country of origin": "japan"}),
    ],
)  # fmt: skip
def test_statements_in_texts(text: str, expected: dict[str, str]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Note: please wash before use.",
        "Step 1: open the box. Step 2: enjoy.",
        "One thing is sure: you will love it.",
        "Size: see chart below.",
        "尺寸：详见下图",
        "Our promise: fair prices.",
        "He said: weight is nothing.",
        "Storage: your toddler can bring all of their toys along!",
        "Open from 10:00 to 18:00, call 555:1234.",
        "https://shop.example/material:wool",
    ],
)
def test_prose_states_nothing(text: str) -> None:
    assert found(text) == {}


def test_tables_and_lists_in_html() -> None:
    html = (
        "<p>A lamp.</p><table><tr><th>Material</th><td>Oak</td></tr><tr><td>Height:</td><td>40 cm</td></tr></table>"
        "<ul><li>Colour: blue</li><li>Nice and warm</li></ul><dl><dt>Voltage</dt><dd>230 V</dd><dt>产地</dt><dd>中国</dd></dl>"
    )
    product = imported(sku="A", title="Lamp", description=html)
    stated = {one.name: (one.value, one.source) for one in product.attributes}
    assert stated == {
        "Material": ("Oak", "description"),
        "Height": ("40 cm", "description"),
        "Colour": ("blue", "description"),
        "Voltage": ("230 V", "description"),
        "产地": ("中国", "description"),
    }
    assert "Voltage: 230 V" in next(iter(product.description.values()))


def test_what_a_column_states_is_not_stated_again_under_another_name() -> None:
    product = imported(sku="A", title="Lamp", description="Item weight: 2 kg\n重量：2 千克", **{"attribute Weight": "2 kg"})
    assert [(one.name, one.source) for one in product.attributes] == [("Weight", ""), ("重量", "description")]


def test_the_source_survives_export_and_import() -> None:
    product = imported(sku="A", title="Lamp", description="Material: oak", colour="red")
    lines = "\n".join(lines_of(product))
    again = read_files([("p.jsonl", lines.encode())])[0].documents[0]
    assert again.hash == document_of(DocumentKind.PRODUCT, "A", "p.csv", product).hash
    assert isinstance(again.body, Product)
    assert [one.source for one in again.body.attributes] == [one.source for one in product.attributes] != ["", ""]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("材质：100%羊毛\n产地：内蒙古", {"材质": "100%羊毛", "产地": "内蒙古"}),
        ("材质:棉;产地:中国;颜色:红", {"材质": "棉", "产地": "中国", "颜色": "红"}),
        ("颜色：红，尺码：L", {"颜色": "红", "尺码": "L"}),
        ("材质：棉 产地：中国", {"材质": "棉", "产地": "中国"}),
        ("外套材质：外套帆布：100%棉；外套弹力布：锦纶80%", {"外套材质": "外套帆布：100%棉；外套弹力布：锦纶80%"}),
        ("Material: cotton | Weight: 200 g", {"Material": "cotton", "Weight": "200 g"}),
        ("Ratio: 3, 4, 5", {"Ratio": "3, 4, 5"}),
    ],
)
def test_several_statements_in_a_cell(cell: str, expected: dict[str, str]) -> None:
    stated, rest = spec_lines(cell, BOTH)
    assert {one.name: one.value for one in stated} == expected and rest == ""


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("Weight (g)", "310", ("Weight", "310 g")),
        ("重量（kg）", "1.2", ("重量", "1.2 kg")),
        ("weight kg", "1.2", ("weight", "1.2 kg")),
        ("Size (cm)", "20 x 30", ("Size", "20 x 30 cm")),
        ("保修期(月)", "24", ("保修期", "24 个月")),
        ("Weight (g)", "310 g", ("Weight (g)", "310 g")),
        ("Size (EU)", "42", ("Size (EU)", "42")),
        ("Plan B", "7", ("Plan B", "7")),
        ("Series M", "3", ("Series M", "3")),
    ],
)
def test_a_unit_in_the_name_goes_to_the_number(name: str, value: str, expected: tuple[str, str]) -> None:
    one = attribute(name, value, BOTH)
    assert one is not None and (one.name, one.value) == expected


def test_units_of_json_make_values_comparable() -> None:
    record = {
        "sku": "A", "title": "Bottle", "weight": 310, "weightUnit": "g", "volume": {"value": 1.5, "unit": "L"},
        "dimensions": {"width": 7.2, "height": 26, "unit": "cm"}, "costPrice": 3, "supplierName": "Foo",
    }  # fmt: skip
    body = read_files([("p.json", json.dumps([record]).encode())])[0].documents[0].body
    assert isinstance(body, Product)
    stated = {one.name: one.value for one in body.attributes}
    assert stated == {"Weight": "310 g", "Volume": "1.5 L", "Dimensions": "width 7.2 cm, height 26 cm"}
    assert quantities(stated["Weight"])[0].dimension is Dimension.MASS and quantities(stated["Volume"])[0].base_low == 1500
    assert "Foo" not in orjson.dumps([repr(body)]).decode()
