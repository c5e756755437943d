"""Each format gives the right products, prices, stock and texts; counts are exact."""

import io
import os
from pathlib import Path

import openpyxl
import pytest

from knowledge.catalog import AvailabilityState, Product
from knowledge.faq import FaqEntry
from knowledge.importing import FileResult, read_files
from knowledge.money import Money
from knowledge.policy import Policy
from knowledge.promotion import Promotion
from knowledge.review import Review

DATA = Path(__file__).resolve().parents[3] / "data"
DEV_DATA = Path(os.environ.get("ZHANGGUI_DEV_DATA", Path(__file__).resolve().parents[5] / "shared" / "data"))


def read(name: str) -> FileResult:
    return read_files([DATA / name])[0]


def products(result: FileResult) -> dict[str, Product]:
    return {document.id: document.body for document in result.documents if isinstance(document.body, Product)}


def counts(result: FileResult) -> tuple[int, int, int, int, int]:
    assert result.rows == result.accepted + result.rejected
    return result.rows, result.accepted, result.rejected, result.products, result.variants


def codes(result: FileResult) -> set[str]:
    return {problem.code for problem in result.problems}


def test_own_columns() -> None:
    result = read("own.csv")
    assert (result.format, result.kind, result.encoding) == ("own-csv", "products", "utf-8")
    assert counts(result) == (5, 5, 0, 4, 5)
    kettle = products(result)["k1"]
    assert kettle.title == {"en": "Kettle K1", "zh": "K1 水壶"}
    assert kettle.description == {"en": "Boils fast,\nstays quiet."}
    assert kettle.categories == ({"en": "Kitchen > Kettles", "zh": "厨房 > 水壶"},)
    assert kettle.goes_with == ("C1", "C2")
    black, white = kettle.variants
    assert (black.offer.regular, black.offer.sale) == (Money(4999, "USD"), Money(3999, "USD"))
    assert [(one.name, one.value, one.language) for one in black.options] == [("Colour", "Black", "en"), ("颜色", "黑色", "zh")]
    assert white.availability.state is AvailabilityState.OUT_OF_STOCK
    assert [(one.name, one.value) for one in kettle.attributes] == [("Material", "Steel"), ("材质", "钢")]
    assert [one.value for variant in kettle.variants for one in variant.attributes] == ["1.1 kg", "1.2 kg"]
    assert products(result)["C1"].variants[0].offer.regular == Money(129900, "EUR")
    assert "sku_made" in codes(result)
    assert not products(result)["X1"].published


def test_shopify() -> None:
    result = read("shopify.csv")
    assert result.format == "shopify-csv"
    assert counts(result) == (6, 6, 0, 3, 5)
    assert result.merged == 1
    apron = products(result)["linen-apron"]
    assert apron.description == {"en": "Washed linen, two pockets.\n- Crossed back\n- Machine wash"}
    assert len(apron.images) == 3
    assert apron.tags == ("linen", "gift")
    small, large, slate = apron.variants
    assert (small.offer.regular, small.offer.sale) == (Money(4900, "USD"), Money(3900, "USD"))
    assert [one.value for one in slate.options] == ["Slate", "M"]
    assert [variant.availability.state for variant in (small, large, slate)] == [
        AvailabilityState.IN_STOCK, AvailabilityState.BACKORDER, AvailabilityState.OUT_OF_STOCK,
    ]  # fmt: skip
    assert products(result)["gift-card"].variants[0].options == ()
    assert not products(result)["old-stool"].published


def test_woocommerce() -> None:
    result = read("woocommerce.csv")
    assert result.format == "woocommerce-csv"
    assert counts(result) == (8, 7, 1, 5, 6)
    found = products(result)
    mug = found["mug"]
    blue, sand = mug.variants
    assert blue.offer.sale == Money(1200, "USD")
    assert blue.offer.sale_until is not None and blue.offer.sale_until.isoformat() == "2026-02-01T00:00:00+00:00"
    assert (blue.availability.quantity, sand.availability.state) == (7, AvailabilityState.BACKORDER)
    assert mug.categories == ({"en": "Kitchen > Mugs"}, {"en": "Gifts"})
    assert [one.name for one in mug.attributes] == ["Material", "Weight"]
    assert found["tray"].variants[0].availability.state is AvailabilityState.OUT_OF_STOCK
    assert found["set"].goes_with == ("mug", "tray") and found["set"].variants[0].offer.regular is None
    assert not found["draftling"].published
    lost = next(problem for problem in result.problems if problem.rejects)
    assert (lost.row, lost.column, lost.code) == (9, "Parent", "parent_missing")


def test_vendure_rows_without_a_name_continue_the_product_above() -> None:
    result = read("vendure.csv")
    assert counts(result) == (4, 3, 1, 2, 3)
    lamp, rope = products(result).values()
    assert [[one.value for one in variant.options] for variant in lamp.variants] == [["S", "Red"], ["M", "Red"]]
    assert lamp.description == {"en": "Bright, small"}
    assert (rope.brand, rope.attributes[0].value) == ("Northcord", "hemp")
    assert next(problem for problem in result.problems if problem.rejects).row == 4


@pytest.mark.parametrize(("name", "encoding"), [("chinese.csv", "utf-8"), ("chinese_gb18030.csv", "gb18030")])
def test_chinese_headers(name: str, encoding: str) -> None:
    result = read(name)
    assert (result.format, result.encoding) == ("zh-csv", encoding)
    assert counts(result) == (4, 3, 1, 3, 3)
    blanket = products(result)["A1001"]
    assert (blanket.variants[0].offer.regular, blanket.variants[0].offer.sale) == (Money(45900, "CNY"), Money(39900, "CNY"))
    assert [one.name for one in blanket.attributes] == ["材质", "尺寸", "温馨提示"]
    assert blanket.attributes[2].value == "1.建议干洗。\n2.初次使用有少量浮毛。"
    assert blanket.description == {"zh": "轻暖不刺\n四季可用"}
    assert products(result)["A1002"].variants[0].availability.state is AvailabilityState.OUT_OF_STOCK
    on_request = products(result)["A1003"]
    assert on_request.variants[0].offer.regular is None and not on_request.published
    bad = next(problem for problem in result.problems if problem.rejects)
    assert (bad.row, bad.column, bad.code) == (5, "售价", "price_unreadable")
    assert "约两百多" in bad.message


def test_both_encodings_hold_the_same() -> None:
    assert [d.hash for d in read("chinese.csv").documents] == [d.hash for d in read("chinese_gb18030.csv").documents]


def test_json_of_programs() -> None:
    result = read("nested.json")
    assert counts(result) == (2, 2, 0, 2, 2)
    bottle = products(result)["TB-07"]
    stated = {one.name: one.value for one in bottle.attributes}
    assert stated == {
        "Weight": "310",
        "Dimensions": "width 7.2, height 26.0",
        "Warranty information": "2 year warranty",
        "Barcode": "4006381333931",
    }
    assert bottle.variants[0].availability.state is AvailabilityState.LOW
    assert bottle.rating == 4.5
    reviews = [document.body for document in result.documents if isinstance(document.body, Review)]
    assert [(review.sku, review.rating, review.text) for review in reviews] == [
        ("TB-07", 5.0, "Keeps cold all day."),
        ("TB-07", 2.0, "The lid leaks."),
    ]
    assert "ada@mail.example" not in repr(result.documents) and "Ada" not in repr(result.documents)


def test_json_keyed_by_id_with_variants() -> None:
    result = read("keyed.json")
    assert counts(result) == (2, 2, 0, 2, 3)
    jacket = products(result)["9001"]
    assert [variant.sku for variant in jacket.variants] == ["7001", "7002"]
    assert [one.value for one in jacket.variants[1].options] == ["blue", "L"]
    assert jacket.variants[1].availability.state is AvailabilityState.OUT_OF_STOCK
    assert jacket.variants[0].offer.regular == Money(8025, "USD")


def test_workbook() -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.append(["Our spring list"])
    sheet.append(["SKU", "Title", "Price", "Stock"])
    sheet.append(["A-1", "Lamp", 19.9, 4])
    sheet.append([1002, "=1+1", 1200, 0])
    sheet["C3"].number_format = '"¥"#,##0.00'
    sheet["B4"].value = "Rug"
    stream = io.BytesIO()
    workbook.save(stream)
    result = read_files([("list.xlsx", stream.getvalue())])[0]
    assert (result.format, *counts(result)) == ("xlsx", 2, 2, 0, 2, 2)
    found = products(result)
    assert found["A-1"].variants[0].offer.regular == Money(1990, "CNY")
    assert found["1002"].variants[0].offer.regular == Money(120000, "CNY")


def test_jsonl_with_a_broken_line() -> None:
    text = '{"sku": "a", "title": "A", "price": 1.5}\n{oops\n{"sku": "b", "title": "B", "price": "2.00"}\n'
    result = read_files([("p.jsonl", text.encode())])[0]
    assert counts(result) == (3, 2, 1, 2, 2)
    assert result.problems[0].row == 2


def test_faq_markdown() -> None:
    result = read("faq.md")
    assert (result.format, result.rows, result.faq_entries) == ("faq-markdown", 3, 3)
    entries = [document.body for document in result.documents if isinstance(document.body, FaqEntry)]
    assert entries[0].answer == {"en": "Two to four working days.\n\n- Express: one day"}
    assert entries[1].question == {"zh": "可以寄到国外吗？"} and entries[1].answer == {"zh": "可以，运费见配送政策。"}
    assert [entry.category for entry in entries] == ["Delivery", "Delivery", "Payment"]


@pytest.mark.parametrize(
    "text",
    [
        "**Q:** Do you ship?\n**A:** Yes,\nevery day.\n\nQ: Returns?\nA: 30 days.\n",
        "问：能退货吗？\n答：可以，\n30 天内。\n\n问：包邮吗？\n答：满 59 包邮。",
    ],
)
def test_faq_by_marks(text: str) -> None:
    result = read_files([("help.md", text.encode())])[0]
    assert (result.kind, result.faq_entries) == ("faq", 2)
    first = result.documents[0].body
    assert isinstance(first, FaqEntry)
    assert len(next(iter(first.answer.values())).split("\n")) == 2


def test_faq_rows_of_one_id_are_one_entry() -> None:
    text = "id,language,question,answer,also_asked\nfee,en,How much is it?,Five.,Price?|Cost?\nfee,zh,多少钱？,五元。,\nfee,en,How much?,Six.,\n,,???,None.,\nx,en,Why?,,\n"
    result = read_files([("faq.csv", text.encode())])[0]
    assert (result.rows, result.accepted, result.rejected, result.merged, result.faq_entries) == (5, 3, 2, 1, 2)
    entry = result.documents[0].body
    assert isinstance(entry, FaqEntry)
    assert entry.question == {"en": "How much is it?", "zh": "多少钱？"}
    assert entry.also_asked == {"en": ("Price?", "Cost?")}
    assert codes(result) >= {"duplicate_id", "answer_missing", "question_without_words"}


@pytest.mark.parametrize(
    ("head", "mark", "approved"),
    [("approved", "yes", True), ("approved", "true", True), ("逐字回答", "是", True), ("approved", "", False), ("approved", "no", False)],
)
def test_only_a_marked_faq_entry_is_approved(head: str, mark: str, approved: bool) -> None:
    for text in (
        f"question,answer,{head}\nHow?,So.,{mark}\n",
        f"id,language,question,answer,{head}\na,en,How?,So.,\na,zh,怎么？,这样。,{mark}\n",
    ):
        entry = read_files([("faq.csv", text.encode())])[0].documents[0].body
        assert isinstance(entry, FaqEntry)
        assert entry.approved is approved
    plain = read_files([("faq.csv", b"question,answer\nHow?,So.\n")])[0].documents[0].body
    assert isinstance(plain, FaqEntry)
    assert not plain.approved


def test_faq_with_a_column_for_each_language() -> None:
    result = read_files([("faq.csv", "question_en,question_zh,answer_en,answer_zh\nHow?,怎么？,So.,这样。\n".encode())])[0]
    entry = result.documents[0].body
    assert isinstance(entry, FaqEntry)
    assert (entry.question, entry.answer) == ({"en": "How?", "zh": "怎么？"}, {"en": "So.", "zh": "这样。"})
    again = read_files([("faq.csv", "question_en,question_zh,answer_en,answer_zh\nHow?,怎么？,So.,这样。\n".encode())])[0]
    assert again.documents == result.documents


def test_policy() -> None:
    result = read("returns.zh.md")
    policy = result.documents[0].body
    assert isinstance(policy, Policy)
    assert (policy.id, policy.language, policy.topic, policy.title) == ("returns.zh.md", "zh", "returns", "退货政策")
    assert [(section.heading, section.anchor) for section in policy.sections] == [
        ("退货政策", "退货政策"),
        ("如何申请", "如何申请"),
        ("谁付运费", "谁付运费"),
    ]


def test_policy_as_text() -> None:
    text = "Shipping terms\n\nWe deliver on working days.\n\nCosts\n\nFive dollars. Free from 59.\n"
    policy = read_files([("terms.txt", text.encode())])[0].documents[0].body
    assert isinstance(policy, Policy)
    assert (policy.title, policy.topic) == ("Shipping terms", "shipping")
    assert [section.heading for section in policy.sections] == ["Shipping terms", "Costs"]


def test_reviews_and_promotions() -> None:
    reviews = read_files([("r.csv", "sku,rating,text,language,date\nA,5,好用,,2026-01-02\nA,9,Fine,en,\n,3,x,en,\nA,,,,\n".encode())])[0]
    assert (reviews.kind, reviews.rows, reviews.accepted, reviews.rejected) == ("reviews", 4, 2, 2)
    first = reviews.documents[0].body
    assert isinstance(first, Review)
    assert (first.language, first.rating) == ("zh", 5.0)
    text = "code,title,percent_off,amount_off,currency,minimum,skus,starts,ends\nSPRING,Spring,15%,,,,A|B,2026-03-01,2026-03-31\nTEN,Ten off,,10,EUR,50,,,\nBAD,Bad,150,,,,,,\n"
    promotions = read_files([("p.csv", text.encode())])[0]
    assert (promotions.kind, promotions.rows, promotions.accepted, promotions.rejected) == ("promotions", 3, 2, 1)
    spring, ten = (document.body for document in promotions.documents)
    assert isinstance(spring, Promotion) and isinstance(ten, Promotion)
    assert (str(spring.percent_off), spring.skus) == ("15", ("A", "B"))
    assert spring.ends is not None and spring.ends.isoformat() == "2026-04-01T00:00:00+00:00"
    assert (ten.amount_off, ten.minimum) == (Money(1000, "EUR"), Money(5000, "EUR"))


@pytest.mark.skipif(not (DEV_DATA / "catalogs").is_dir(), reason="the development data is not here")
@pytest.mark.parametrize(
    ("name", "format", "rows", "made", "variants"),
    [
        ("shopify_packt.csv", "shopify-csv", 21, 20, 21),
        ("woocommerce_sample_products.csv", "woocommerce-csv", 24, 15, 22),
        ("vendure_products_full.csv", "vendure-csv", 34, 20, 34),
        ("yanxuan_a_utf8bom.csv", "zh-csv", 129, 129, 129),
        ("yanxuan_a_gb18030.csv", "zh-csv", 129, 129, 129),
        ("dummyjson_a.json", "json", 106, 106, 106),
        ("tau2_retail_products.json", "json", 50, 50, 591),
        ("saleor_populatedb.json", "saleor-json", 32, 32, 73),
        ("schemaorg_product.html", "schema.org-html", 1, 1, 1),
        ("schemaorg_product-ref.html", "schema.org-html", 1, 1, 1),
        ("schemaorg_product_microdata.html", "schema.org-html", 1, 1, 1),
    ],
)
def test_catalogs_of_real_shops(name: str, format: str, rows: int, made: int, variants: int) -> None:
    result = read_files([DEV_DATA / "catalogs" / name])[0]
    assert result.format == format
    assert counts(result) == (rows, rows, 0, made, variants)
    said = repr([document.body for document in result.documents])
    assert "\ufffd" not in said and "<p>" not in said and "<img" not in said
    if name.startswith("yanxuan"):
        assert all(
            variant.offer.regular and variant.offer.regular.currency == "CNY"
            for product in products(result).values()
            for variant in product.variants
        )


def test_a_number_with_three_places_is_no_thousand() -> None:
    result = read_files([("p.json", b'[{"sku": "a", "title": "A", "price": 12.345}, {"sku": "b", "title": "B", "price": 1299}]')])[0]
    assert [product.variants[0].offer.regular for product in products(result).values()] == [Money(1235, "USD"), Money(129900, "USD")]
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.append(["sku", "title", "price"])
    sheet.append(["a", "A", 12.3456])
    sheet["C2"].number_format = "0.00"
    stream = io.BytesIO()
    workbook.save(stream)
    found = products(read_files([("p.xlsx", stream.getvalue())])[0])
    assert found["a"].variants[0].offer.regular == Money(1235, "USD")


def test_a_currency_in_one_price_holds_for_the_file_without_one() -> None:
    result = read_files([("p.csv", "货号,标题,售价,原价\nA,毯,¥10,12\nB,枕,20,\n".encode())], shop_currency="USD")[0]
    offers = [product.variants[0].offer for product in products(result).values()]
    assert [offer.regular for offer in offers] == [Money(1200, "CNY"), Money(2000, "CNY")]


def test_promotions_with_texts_by_language() -> None:
    text = '[{"code": "CLAY10", "title": {"en": "Glaze week", "zh": "釉料周"}, "text": {"en": "10 % off glazes.", "zh": "釉料九折。"}, "percent_off": 10}]'
    (result,) = read_files([("promotions.json", text.encode())])
    (clay,) = (document.body for document in result.documents)
    assert isinstance(clay, Promotion)
    assert clay.title == {"en": "Glaze week", "zh": "釉料周"}
    assert clay.text == {"en": "10 % off glazes.", "zh": "釉料九折。"}
