"""Lists: only what meets the wishes, the variant that does, what says so, and what to relax where nothing fits."""

from typing import Any

import pytest

from bot.answering.answer import Outcome
from bot.answering.composer import Draft
from bot.understanding.question import Intent
from knowledge.catalog import LiveOffer
from knowledge.store import DocumentKind
from retrieval.filters import AttributeCondition, Filters, Way
from retrieval.retriever import DocumentHit
from retrieval.view import ShopView, build_view
from tests.builders import a_product, a_shop, a_variant, money
from tests.unit.bot.answering.talks import a_part, evidence, found, talk, text
from tests.unit.retrieval.conftest import documents

FIND = Intent.PRODUCT_SEARCH
HEADPHONES = "Headphones | 耳机"
PRODUCTS = [
    a_product(
        "quiet",
        "HP-7 Headphones | HP-7 耳机",
        price="169 USD",
        category=HEADPHONES,
        attributes={"Noise cancelling": "Active", "降噪": "主动"},
    ),
    a_product(
        "plain", "HP-3 Headphones | HP-3 耳机", price="69 USD", category=HEADPHONES, attributes={"Noise cancelling": "No", "降噪": "否"}
    ),
    a_product("silent", "HP-1 Headphones | HP-1 耳机", price="19 USD", category=HEADPHONES),
    a_product(
        "bottle",
        "Bottle | 水壶",
        a_variant("BTL-500", options={"Capacity": "500 ml", "容量": "500 毫升"}, price="27 USD", stock=4),
        a_variant("BTL-750", options={"Capacity": "750 ml", "容量": "750 毫升"}, price="31 USD", stock=0),
        category="Bottles | 水杯",
    ),
]
OFFERS = [LiveOffer(v.sku, v.offer, v.availability) for product in PRODUCTS for v in product.variants]
SHOP = build_view(a_shop(), 1, documents(*PRODUCTS), OFFERS)
NOISE = AttributeCondition(("noise cancelling", "降噪"), ("noise cancelling", "降噪"), said="noise cancelling", way=Way.HAS)
WITHOUT = AttributeCondition(NOISE.names, NOISE.values, True, said="noise cancelling", way=Way.HAS)


def answer(
    language: str, *products: str, view: ShopView = SHOP, skus: dict[str, str] | None = None, words: str = "?", **rest: Any
) -> Draft:
    part = a_part(
        rest.pop("intent", FIND), words, filters=Filters(**{k: rest.pop(k) for k in list(rest) if k in Filters.__slots__}), **rest
    )
    hits = tuple(
        DocumentHit(h.kind, h.id, h.score, h.hits, relevance=h.relevance, sku=(skus or {}).get(h.id, ""))
        for h in found(DocumentKind.PRODUCT, *products)
    )
    got = evidence(matching=len(products))
    return talk(view, part, type(got)(products=hits, matching=len(products)), language=language)


@pytest.mark.parametrize(("language", "said"), [("en", "without noise cancelling"), ("zh", "不带 noise cancelling")])
def test_what_is_not_wanted_is_said_so(language: str, said: str) -> None:
    draft = answer(language, "plain", "silent", categories=("headphones",), attributes=(WITHOUT,), asked=("noise cancelling",))
    assert said in text(draft)


def test_what_denies_goes_alone_before_what_says_nothing() -> None:
    draft = answer("en", "silent", "plain", categories=("headphones",), attributes=(WITHOUT,), asked=("noise cancelling",))
    assert "HP-3" in text(draft)
    assert "HP-1" not in text(draft)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_band_is_said_as_its_middle(language: str) -> None:
    draft = answer(language, "plain", price_min=money("40 USD"), price_max=money("60 USD"), categories=("headphones",))
    assert "$50.00" in text(draft)
    assert "$40" not in text(draft)


@pytest.mark.parametrize(("language", "near"), [("en", "the nearest is: HP-7 Headphones"), ("zh", "最接近的是：HP-7 耳机")])
def test_nothing_fits_a_band_above_all(language: str, near: str) -> None:
    draft = answer(language, price_min=money("200 USD"), price_max=money("300 USD"), categories=("headphones",))
    assert draft.outcome is Outcome.ANSWERED
    assert near in text(draft)


def test_the_variant_that_fits_gives_price_reason_and_stock() -> None:
    large = AttributeCondition(("capacity", "容量"), (), minimum=600, unit="mL", said="bigger than 600 ml")
    draft = answer("en", "bottle", skus={"bottle": "BTL-750"}, categories=("bottles",), attributes=(large,))
    assert "$31.00" in text(draft)
    assert "750 ml" in text(draft)
    assert "500 ml" not in text(draft)


@pytest.mark.parametrize(("words", "language", "said"), [("got a bottle left?", "en", "in stock"), ("水壶还有吗", "zh", "有货")])
def test_the_only_one_found_is_said_to_be_there(words: str, language: str, said: str) -> None:
    assert said in text(answer(language, "bottle", words=words, yes_no=True, categories=("bottles",)))


def test_anything_within_the_conditions_needs_no_likeness() -> None:
    got = evidence(products=["silent"], fits=False)
    assert "HP-1" in text(talk(SHOP, a_part(FIND, "anything under 20", anything=True, filters=Filters(price_max=money("20 USD"))), got))
    assert "HP-1" not in text(talk(SHOP, a_part(FIND, "a tent under 20", filters=Filters(price_max=money("20 USD"))), got))


@pytest.mark.parametrize(
    ("product", "language", "said"),
    [
        ("quiet", "en", "Yes, the HP-7 Headphones has noise cancelling: Active."),
        ("plain", "en", "No, the HP-3 Headphones does not have noise cancelling."),
        ("quiet", "zh", "有的，HP-7 耳机有降噪功能：主动。"),
        ("plain", "zh", "没有，HP-3 耳机没有降噪功能。"),
    ],
)
def test_yes_and_no_are_sentences(product: str, language: str, said: str) -> None:
    part = a_part(Intent.PRODUCT_QUESTION, "does it cancel noise?", product, asked=("noise cancelling",), yes_no=True)
    assert text(talk(SHOP, part, language=language)) == said
