"""Findings of one turn in one line, on the demo shop's own files, with evidence chosen by hand."""

import csv
import tomllib
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from bot.answering.composer import Findings
from bot.understanding.question import Intent, Memory, Part, Question, Subject
from knowledge.catalog import Attribute, Availability, LiveOffer, Offer, Product, Variant
from knowledge.faq import FaqEntry
from knowledge.money import Money
from knowledge.policy import Policy, Section
from knowledge.promotion import Promotion
from knowledge.review import Review
from knowledge.store import DocumentKind, Shop
from retrieval.retriever import DocumentHit, Evidence
from retrieval.view import ShopView
from tests.builders import a_view

DEMO = Path(__file__).parents[4] / "knowledge" / "demo"
NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


def rows(name: str) -> list[dict[str, str]]:
    with (DEMO / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _money(text: str) -> Money | None:
    return Money(int(Decimal(text) * 100), "USD") if text else None


def _stated(row: dict[str, str], prefix: str) -> tuple[Attribute, ...]:
    out = []
    for key, value in row.items():
        if key.startswith(prefix) and value:
            name = key.removeprefix(prefix)
            out.append(Attribute(name, value, "zh" if any("一" <= c <= "鿿" for c in name) else "en"))
    return tuple(out)


@lru_cache(maxsize=1)
def demo_view() -> ShopView:
    """The demo shop as a view, read straight from its files."""
    described = tomllib.loads((DEMO / "shop.toml").read_text(encoding="utf-8"))
    shop = Shop(id="demo", slug="demo", name=described["name"], currency="USD", languages=("en", "zh"), settings=described)
    groups: dict[str, list[dict[str, str]]] = {}
    for row in rows("products.csv"):
        groups.setdefault(row["group"] or row["sku"], []).append(row)
    products = []
    for group, members in groups.items():
        first = members[0]
        variants = []
        for row in members:
            offer = Offer(regular=_money(row["price"]), sale=_money(row["sale_price"]))
            stock = Availability.of(int(row["stock"]) if row["stock"] else None, as_of=NOW)
            variants.append(Variant(row["sku"], _stated(row, "option "), offer, stock, attributes=()))
        products.append(
            Product(
                id=group,
                title={"en": first["title_en"], "zh": first["title_zh"]},
                variants=tuple(variants),
                description={"en": first["description_en"], "zh": first["description_zh"]},
                brand=first["brand"],
                categories=({"en": first["category"], "zh": first["category_zh"]},),
                attributes=_stated(first, "attribute "),
                url=first["url"],
            )
        )
    faq: dict[str, FaqEntry] = {}
    for row in rows("faq.csv"):
        entry = faq.get(row["id"]) or FaqEntry(row["id"], {}, {}, {})
        entry.question[row["language"]] = row["question"]
        entry.answer[row["language"]] = row["answer"]
        entry.also_asked[row["language"]] = tuple(row["also_asked"].split("|"))
        faq[row["id"]] = entry
    policies = []
    for path in sorted((DEMO / "policies").glob("*.md")):
        title, *sections = path.read_text(encoding="utf-8").split("\n## ")
        made = []
        for section in sections:
            heading, _, text = section.partition("\n")
            made.append(Section(heading.strip(), heading.strip().lower().replace(" ", "-"), text.strip()))
        policies.append(Policy(path.name, title.strip("# \n"), path.stem.split(".")[1], path.stem.split(".")[0], tuple(made)))
    promotions = []
    for row in rows("promotions.csv"):
        promotions.append(
            Promotion(
                row["code"],
                {"en": row["title"], "zh": row["title_zh"]},
                {"en": row["text"], "zh": row["text_zh"]},
                Decimal(row["percent_off"]) if row["percent_off"] else None,
                _money(row["amount_off"]),
                _money(row["minimum"]),
                tuple(s for s in row["skus"].split("|") if s),
                tuple(c for c in row["categories"].split("|") if c),
                datetime.fromisoformat(row["starts"]).replace(tzinfo=UTC),
                datetime.fromisoformat(row["ends"]).replace(hour=23, minute=59, tzinfo=UTC),
                row["audience"],
            )
        )
    reviews = [
        Review(f"review-{i}", row["sku"], row["text"], float(row["rating"]), row["language"], row["date"])
        for i, row in enumerate(rows("reviews.csv"))
    ]
    return a_view(*products, shop=shop, faq=faq.values(), policies=policies, reviews=reviews, promotions=promotions)


def hit(kind: DocumentKind, id: str) -> DocumentHit:
    return DocumentHit(kind, id, 1.0, ())


def findings_of(
    text: str,
    *,
    products: Iterable[str] = (),
    subjects: Iterable[str] = (),
    faq: Iterable[str] = (),
    policies: Iterable[str] = (),
    promotions: Iterable[str] = (),
    view: ShopView | None = None,
    language: str = "",
    intent: Intent = Intent.PRODUCT_QUESTION,
    part: dict[str, object] | None = None,
    offers: dict[str, LiveOffer] | None = None,
    memory: Memory | None = None,
) -> Findings:
    """findings_of("How much is it?", subjects=["kt-17e"]); policies as "shipping.en.md#dispatch"."""
    view = view or demo_view()
    language = language or ("zh" if any("一" <= c <= "鿿" for c in text) else "en")
    asked = Part(text=text, standalone=text, intent=intent, subjects=tuple(Subject(s) for s in subjects))
    if part:
        asked = replace(asked, **part)  # type: ignore[arg-type]
    evidence = Evidence(
        products=tuple(hit(DocumentKind.PRODUCT, p) for p in dict.fromkeys([*subjects, *products])),
        faq=tuple(hit(DocumentKind.FAQ, f) for f in faq),
        policies=tuple(hit(DocumentKind.POLICY, p) for p in policies),
        promotions=tuple(hit(DocumentKind.PROMOTION, p) for p in promotions),
    )
    read = dict.fromkeys([*subjects, *products])
    return Findings(
        view=view,
        question=Question(text, language, (asked,)),
        evidence=(evidence,),
        offers=offers if offers is not None else {v.sku: view.offers[v.sku] for p in read for v in view.products[p].variants},
        memory=memory or Memory(language=language),
        now=NOW,
    )
