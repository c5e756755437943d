"""The demo shop's data files: complete, bilingual, and of one mind with themselves."""

import csv
import json
import re
import tomllib
from collections import defaultdict
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

DEMO = Path(__file__).parents[3] / "knowledge" / "demo"
QUESTIONS = Path(__file__).parents[2] / "questions" / "demo.jsonl"
LANGUAGES = ("en", "zh")
HAN = re.compile(r"[\u4e00-\u9fff]")


def rows(name: str) -> list[dict[str, str]]:
    """The records of one of the shop's CSV files."""
    with (DEMO / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def variants() -> list[dict[str, str]]:
    return rows("products.csv")


@pytest.fixture(scope="module")
def products(variants: list[dict[str, str]]) -> dict[str, list[dict[str, str]]]:
    grouped: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in variants:
        grouped[row["group"]].append(row)
    return dict(grouped)


@pytest.fixture(scope="module")
def faq() -> dict[tuple[str, str], dict[str, str]]:
    return {(row["id"], row["language"]): row for row in rows("faq.csv")}


@pytest.fixture(scope="module")
def shop() -> dict[str, Any]:
    return tomllib.loads((DEMO / "shop.toml").read_text(encoding="utf-8"))


def policy(name: str, language: str) -> str:
    return (DEMO / "policies" / f"{name}.{language}.md").read_text(encoding="utf-8")


def states(text: str, figure: object) -> bool:
    """Whether the figure stands in the text as a number of its own: 59, not 159 or 59.5."""
    return re.search(rf"(?<![\d.,]){re.escape(str(figure))}(?![\d]|[.,]\d)", text) is not None


def test_catalog_is_as_large_as_promised(products: dict[str, list[dict[str, str]]], variants: list[dict[str, str]]) -> None:
    assert len(products) >= 80
    assert len(variants) > len(products)
    assert len({row["category"].split(" > ")[0] for row in variants}) == 8
    stocked = [row for row in variants if row["availability"] != "preorder" and row["stock"]]
    empty = [row for row in stocked if row["stock"] == "0"]
    assert 0.08 <= len(empty) / len(stocked) <= 0.15
    assert any(1 <= int(row["stock"]) <= 3 for row in stocked)
    assert sum(any(row["sale_price"] for row in group) for group in products.values()) >= 12
    assert len({row["group"] for row in variants if row["availability"] == "preorder"}) == 1
    assert len({row["group"] for row in variants if row["published"] == "false"}) == 1
    assert len({row["group"] for row in variants if not row["price"]}) == 1


def test_skus_are_unique(variants: list[dict[str, str]]) -> None:
    assert len({row["sku"] for row in variants}) == len(variants)


def test_prices_are_decimals_and_sales_are_cheaper(variants: list[dict[str, str]]) -> None:
    for row in variants:
        assert row["currency"] == "USD"
        if row["price"]:
            assert Decimal(row["price"]).as_tuple().exponent == -2, row["sku"]
        if row["sale_price"]:
            assert Decimal(0) < Decimal(row["sale_price"]) < Decimal(row["price"]), row["sku"]


def test_every_product_speaks_both_languages(variants: list[dict[str, str]]) -> None:
    for row in variants:
        for column in ("title", "description"):
            assert row[f"{column}_en"] and not HAN.search(row[f"{column}_en"]), row["sku"]
            assert HAN.search(row[f"{column}_zh"]), row["sku"]
        assert HAN.search(row["category_zh"]) and not HAN.search(row["category"]), row["sku"]
        assert row["category"].count(" > ") == row["category_zh"].count(" > ")


def test_attributes_and_options_are_stated_in_both_languages(variants: list[dict[str, str]]) -> None:
    for row in variants:
        for kind in ("attribute", "option"):
            named = [name for name, value in row.items() if name.startswith(f"{kind} ") and value]
            chinese = [name for name in named if HAN.search(name)]
            assert len(chinese) * 2 == len(named), row["sku"]
            assert not any(HAN.search(row[name]) for name in named if name not in chinese), row["sku"]


def test_category_pairs_are_one_to_one(variants: list[dict[str, str]]) -> None:
    pairs = {(row["category"], row["category_zh"]) for row in variants}
    assert len(pairs) == len({en for en, _ in pairs}) == len({zh for _, zh in pairs})


def test_variants_of_a_product_share_its_words_and_differ_in_options(products: dict[str, list[dict[str, str]]]) -> None:
    for group, members in products.items():
        assert len({(row["title_en"], row["title_zh"], row["category"], row["url"], row["image"]) for row in members}) == 1, group
        options = [tuple(value for name, value in row.items() if name.startswith("option ")) for row in members]
        assert len(set(options)) == len(options), group


def test_relations_name_products_that_exist(variants: list[dict[str, str]]) -> None:
    skus = {row["sku"]: row["group"] for row in variants}
    related = 0
    for row in variants:
        for column in ("goes_with", "replaces"):
            for sku in filter(None, row[column].split("|")):
                related += 1
                assert sku in skus and skus[sku] != row["group"], (row["sku"], sku)
    assert related > 50


def test_every_picture_exists_and_is_harmless(products: dict[str, list[dict[str, str]]]) -> None:
    for group, members in products.items():
        path = DEMO.parent / members[0]["image"]
        assert path.is_file(), group
        text = path.read_text(encoding="utf-8")
        assert 'viewBox="0 0 320 320"' in text and len(text.encode()) <= 1536, group
        assert not re.search(r"<script|href|url\(|\son\w+=|<foreignObject", text), group
    assert len(list((DEMO / "images").glob("*.svg"))) == len(products)


def test_faq_has_a_hundred_entries_in_pairs(faq: dict[tuple[str, str], dict[str, str]]) -> None:
    assert len(faq) == len(rows("faq.csv")), "an id and language come twice"
    ids = {entry for entry, _ in faq}
    assert len(ids) >= 100
    for entry in ids:
        for language in LANGUAGES:
            row = faq[entry, language]
            assert bool(HAN.search(row["question"])) == bool(HAN.search(row["answer"])) == (language == "zh"), entry
            phrasings = row["also_asked"].split("|")
            assert len(phrasings) >= 2 and len({*phrasings, row["question"]}) == len(phrasings) + 1, entry


def test_faq_phrasings_belong_to_one_entry(faq: dict[tuple[str, str], dict[str, str]]) -> None:
    owner: dict[str, str] = {}
    for (entry, _), row in faq.items():
        for phrasing in (row["question"], *row["also_asked"].split("|")):
            assert owner.setdefault(phrasing.casefold(), entry) == entry, phrasing


def test_faq_answers_agree_on_figures_across_languages(faq: dict[tuple[str, str], dict[str, str]]) -> None:
    """Amounts with cents, percentages and codes are written alike in both languages."""
    figure = re.compile(r"\d+\.\d\d|\d+(?= %)|[A-Z]{6,}\d+")
    for entry in {entry for entry, _ in faq}:
        assert set(figure.findall(faq[entry, "en"]["answer"])) == set(figure.findall(faq[entry, "zh"]["answer"])), entry


@pytest.mark.parametrize("name", ["shipping", "returns", "warranty", "payment", "privacy"])
def test_policies_are_headed_alike_in_both_languages(name: str) -> None:
    texts = {language: policy(name, language) for language in LANGUAGES}
    for text in texts.values():
        assert text.startswith("# ")
    assert texts["en"].count("\n## ") == texts["zh"].count("\n## ") >= 5
    assert HAN.search(texts["zh"]) and not HAN.search(texts["en"])


@pytest.mark.parametrize(
    ("fact", "document", "entries"),
    [
        ("free_shipping_usd", "shipping", ("ship-fee", "ship-free")),
        ("free_shipping_canada_usd", "shipping", ("ship-fee", "ship-free")),
        ("free_shipping_other_usd", "shipping", ("ship-fee", "ship-free")),
        ("standard_shipping_us_usd", "shipping", ("ship-fee",)),
        ("standard_shipping_china_usd", "shipping", ("ship-fee",)),
        ("return_days", "returns", ("ret-days", "ret-sale", "ret-gift", "ret-store")),
        ("refund_business_days", "returns", ("ret-refund-time",)),
        ("exchange_days", "returns", ("ret-exchange",)),
        ("warranty_electrical_months", "warranty", ("war-length",)),
        ("warranty_bags_months", "warranty", ("war-length",)),
        ("warranty_suitcase_months", "warranty", ("war-length",)),
        ("warranty_other_months", "warranty", ("war-length",)),
        ("instalments_from_usd", "payment", ("pay-install",)),
        ("price_protection_days", "payment", ("promo-match",)),
        ("chat_retention_months", "privacy", ("priv-chat",)),
        ("gift_wrap_usd", "", ("gift-wrap",)),
    ],
)
def test_policies_and_faq_state_the_same_figures(
    fact: str, document: str, entries: tuple[str, ...], shop: dict[str, Any], faq: dict[tuple[str, str], dict[str, str]]
) -> None:
    figure = shop["facts"][fact]
    for language in LANGUAGES:
        if document:
            assert states(policy(document, language), figure), (document, language)
        for entry in entries:
            assert states(faq[entry, language]["answer"], figure), (entry, language)


def test_the_warranty_of_a_product_is_the_policys(variants: list[dict[str, str]], shop: dict[str, Any]) -> None:
    facts = shop["facts"]
    for row in variants:
        stated = row["attribute Warranty"]
        if not stated:
            continue
        months = int(stated.split()[0])
        if row["category"].startswith(("Lighting", "Audio")) or row.get("attribute Power"):
            assert months == facts["warranty_electrical_months"], row["sku"]
        elif "Polycarbonate" in row["attribute Material"]:
            assert months == facts["warranty_suitcase_months"], row["sku"]
        elif row["category"].startswith("Bags"):
            assert months == facts["warranty_bags_months"], row["sku"]
        elif row["category"].startswith("Bedding"):
            assert months == facts["warranty_other_months"], row["sku"]
        assert row["attribute 保修期"] == f"{months} 个月"


def test_reviews_are_many_mixed_and_of_goods_that_exist(variants: list[dict[str, str]]) -> None:
    reviews = rows("reviews.csv")
    group = {row["sku"]: row["group"] for row in variants}
    by_group: dict[str, list[int]] = defaultdict(list)
    for review in reviews:
        by_group[group[review["sku"]]].append(int(review["rating"]))
        assert date(2025, 1, 1) <= date.fromisoformat(review["date"]) <= date(2026, 11, 1)
        assert bool(HAN.search(review["text"])) == (review["language"] == "zh")
    assert len(reviews) >= 150 and len(by_group) >= 60
    assert len({review["text"] for review in reviews}) == len(reviews)
    assert {rating for ratings in by_group.values() for rating in ratings} == {1, 2, 3, 4, 5}
    assert sum(len(ratings) >= 4 and min(ratings) <= 3 < max(ratings) for ratings in by_group.values()) >= 8


def test_promotions_have_terms_goods_and_windows(variants: list[dict[str, str]]) -> None:
    promotions = rows("promotions.csv")
    assert len(promotions) == 5
    skus = {row["sku"] for row in variants}
    categories = {row["category"] for row in variants} | {row["category"].split(" > ")[0] for row in variants}
    now = datetime(2026, 6, 1, tzinfo=UTC).date()
    for promotion in promotions:
        assert set(filter(None, promotion["skus"].split("|"))) <= skus
        assert set(filter(None, promotion["categories"].split("|"))) <= categories
        assert HAN.search(promotion["title_zh"]) and HAN.search(promotion["text_zh"])
        assert not (promotion["percent_off"] and promotion["amount_off"])
        assert date.fromisoformat(promotion["starts"]) < date.fromisoformat(promotion["ends"])
        minimum = promotion["minimum"].removesuffix(".00")
        for text in (promotion["text"], promotion["text_zh"]):
            assert not minimum or states(text, minimum), promotion["code"]
    assert [row["code"] for row in promotions if date.fromisoformat(row["ends"]) < now] == ["SUMMERCASE25"]


def test_shop_settings_are_complete_in_both_languages(shop: dict[str, Any]) -> None:
    assert shop["slug"] == "demo" and shop["currency"] == "USD" and set(shop["languages"]) == set(LANGUAGES)
    assert shop["handoff"]["wait_minutes"] == 5
    for texts in (shop["name"], shop["greeting"], shop["voice"], shop["privacy_notice"], shop["handoff"]["contact_question"]):
        assert set(texts) == set(LANGUAGES) and all(texts.values())
    assert all(len(shop["quick_replies"][language]) == 4 for language in LANGUAGES)


def test_sample_questions_expect_facts_that_the_shop_holds(
    variants: list[dict[str, str]], faq: dict[tuple[str, str], dict[str, str]]
) -> None:
    """Every source named exists; for FAQ-only questions the answer holds the expected words."""
    questions = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    assert len(questions) == len({question["id"] for question in questions}) == 40
    skus = {row["sku"] for row in variants}
    codes = {row["code"] for row in rows("promotions.csv")}
    for question in questions:
        for source in question["sources"]:
            kind, _, name = source.partition(":")
            if kind == "product":
                assert name in skus, source
            elif kind == "faq":
                assert (name, question["language"]) in faq, source
            elif kind == "policy":
                assert (DEMO / "policies" / name).is_file(), source
            elif kind == "promotion":
                assert name in codes, source
            else:
                assert kind == "review", source
        first_kind, _, first = question["sources"][0].partition(":")
        if first_kind == "faq":
            assert all(text in faq[first, question["language"]]["answer"] for text in question["expect"]), question["id"]
