"""Export, then import, is identity."""

import string
from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from knowledge.catalog import Attribute, Availability, AvailabilityState, Offer, Product, Variant
from knowledge.documents import document_of, from_json, kind_of, to_json
from knowledge.exporting import lines_of
from knowledge.faq import FaqEntry
from knowledge.importing import read_files
from knowledge.money import Money
from knowledge.policy import Policy, Section
from knowledge.promotion import Promotion
from knowledge.review import Review
from knowledge.store import Body

# Bodies as an import makes them: clean text, no markup, every list without repeats.
_LETTERS = string.ascii_letters + string.digits + "棉羊毛水壶éß.,:;'\"+*#%()（）：，。？!|$¥-"
line = st.text(_LETTERS + " ", min_size=1, max_size=20).map(lambda text: " ".join(text.split())).filter(bool)
prose = st.lists(line, min_size=1, max_size=3).map("\n".join)
word = st.text(string.ascii_letters + string.digits + "-_.", min_size=1, max_size=8).filter(lambda text: text.strip("-_."))
tag = st.sampled_from(["en", "zh", "zh-TW", "und", "de"])
instants = st.integers(946_684_800, 4_070_908_800).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


def texts(value: st.SearchStrategy[str], least: int = 0) -> st.SearchStrategy[dict[str, str]]:
    return st.dictionaries(tag, value, min_size=least, max_size=3)


def unique(value: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(value, max_size=3, unique=True).map(tuple)


statements = st.lists(st.builds(Attribute, line, prose, tag), max_size=3, unique_by=lambda one: (one.name, one.language)).map(tuple)


@st.composite
def offers(draw: st.DrawFn) -> Offer:
    currency = draw(st.sampled_from(["USD", "CNY", "JPY", "KWD"]))
    regular = draw(st.none() | st.integers(min_value=2, max_value=10**9))
    if regular is None:
        return Offer()
    sale = draw(st.none() | st.integers(min_value=1, max_value=regular - 1))
    start, end = (draw(st.none() | instants) if sale else None for _ in range(2))
    up_to = draw(st.none() | st.integers(min_value=1, max_value=10**6))
    return Offer(
        Money(regular, currency), Money(sale, currency) if sale else None, start, end, Money(regular + up_to, currency) if up_to else None
    )


@st.composite
def availabilities(draw: st.DrawFn) -> Availability:
    as_of = draw(st.none() | instants)
    if draw(st.booleans()):
        return Availability.of(draw(st.integers(0, 10**6)), sold_when_empty=draw(st.booleans()), as_of=as_of)
    return Availability(draw(st.sampled_from(list(AvailabilityState))), None, as_of)


@st.composite
def products(draw: st.DrawFn) -> Product:
    skus = draw(st.lists(word, min_size=1, max_size=3, unique=True))
    names = draw(statements)
    shared = {(one.name, one.language) for one in names}
    variants = []
    images = draw(unique(word))
    for sku in skus:
        own = tuple(one for one in draw(statements) if (one.name, one.language) not in shared)
        image = draw(st.sampled_from(["", "v.jpg"]))
        options = tuple(one for one in draw(statements) if one.value not in ("default", "standard"))
        variants.append(Variant(sku, options, draw(offers()), draw(availabilities()), image, draw(st.sampled_from(["", "/v"])), own))
    rating = draw(st.none() | st.decimals(min_value="0.5", max_value=5, places=2))
    return Product(
        id=skus[0] if len(skus) == 1 and draw(st.booleans()) else draw(word),
        title=draw(texts(line, 1)), variants=tuple(variants), description=draw(texts(prose)), brand=draw(st.just("") | line),
        categories=tuple(draw(st.lists(texts(word, 1), max_size=2, unique_by=repr))), attributes=names, images=images, url=draw(st.sampled_from(["", "/p"])),
        goes_with=draw(unique(word)), replaces=draw(unique(word)), tags=draw(unique(line)), published=draw(st.booleans()),
        rating=float(rating) if rating else None, rating_count=draw(st.none() | st.integers(0, 10**6)),
    )  # fmt: skip


def there_and_back(body: Body) -> None:
    text = "\n".join(lines_of(body))
    result = read_files([("export.jsonl", text.encode())])[0]
    assert [problem for problem in result.problems if problem.rejects] == []
    identity = body.code if isinstance(body, Promotion) else body.id
    assert [to_json(document.body) for document in result.documents] == [to_json(body)]
    assert result.documents[0].id == identity


@given(products())
def test_products(product: Product) -> None:
    there_and_back(product)


@given(
    st.builds(
        FaqEntry,
        line,
        texts(line, 1),
        texts(prose, 1),
        st.dictionaries(tag, unique(line.filter(lambda text: "|" not in text)).filter(bool), max_size=2),
        st.just("") | line,
        st.booleans(),
    )
)
def test_faq(entry: FaqEntry) -> None:
    there_and_back(entry)


@given(st.builds(Review, word, word, prose, st.none() | st.sampled_from([1.0, 3.5, 5.0]), tag, st.sampled_from(["", "2026-01-02"])))
def test_reviews(review: Review) -> None:
    there_and_back(review)


@given(
    st.builds(
        Promotion, line, texts(line, 1), texts(prose), st.none() | st.integers(1, 100).map(Decimal), st.none() | st.integers(1, 10**6).map(lambda minor: Money(minor, "EUR")),
        st.just(None), unique(word), unique(line), st.none() | st.just(datetime(2026, 1, 1, tzinfo=UTC)), st.none() | st.just(datetime(2026, 5, 1, tzinfo=UTC)), st.just("") | line,
    )
)  # fmt: skip
def test_promotions(promotion: Promotion) -> None:
    there_and_back(promotion)


@given(
    st.builds(
        Policy,
        line,
        line,
        tag,
        st.sampled_from(["shipping", "other"]),
        st.lists(st.builds(Section, line, word, prose), min_size=1, max_size=3).map(tuple),
    )
)
def test_policies(policy: Policy) -> None:
    there_and_back(policy)


@given(products())
def test_bodies_survive_storage(product: Product) -> None:
    kind = kind_of(product)
    assert from_json(kind, to_json(product)) == product
    assert document_of(kind, product.id, "a", product).hash == document_of(kind, product.id, "b", from_json(kind, to_json(product))).hash
