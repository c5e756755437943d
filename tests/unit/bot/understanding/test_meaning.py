"""What a sentence wants by its embedding, and how that meets the cue words."""

import pytest

from bot.understanding.intents import Reading, Surroundings
from bot.understanding.meaning import NOTHING, MeaningModel, Meant
from bot.understanding.question import Intent, Topic
from bot.understanding.reconciling import asks_reviews, reconciled
from retrieval.embedding import open_embedder


@pytest.fixture(scope="module")
def model() -> MeaningModel:
    embedder = open_embedder()
    return MeaningModel(embedder.embed_query, embedder.name)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("do folks who bought the stroller grumble about it", "review"),
        ("the stroller i bought from you is rubbish, i am furious", "complaint"),
        ("买过这款婴儿车的人觉得怎么样", "review"),
        ("if the zip fails after three months will you mend it", "warranty"),
        ("could i hand the trousers back if they are too short", "returns"),
        ("裤子短了可以退吗", "returns"),
        ("is posting to Lisbon expensive", "shipping"),
        ("哪里可以看球赛直播", "out_of_scope"),
        ("which bus goes to the airport", "out_of_scope"),
        ("any coupons this week", "promotion"),
        ("will the snowsuit fit a toddler of 88 cm", "product_question"),
        ("does the ink bleed on rice paper", "product_question"),
        ("脚背很高,这双鞋穿得进去吗", "product_question"),
        ("鱼缸过滤器晚上声音大不大", "product_question"),
        ("would you slip a handwritten note into the box", "service"),
        ("how tall is the eiffel tower", "out_of_scope"),
    ],
)
def test_near_misses_are_told_apart(model: MeaningModel, text: str, label: str) -> None:
    assert model.of(text).best[0] == label


@pytest.mark.parametrize(
    "text", ["assembly fee", "restocking charge", "receipt for my employer", "shop closes at", "发票抬头", "换货邮费", "售后电话"]
)
def test_rules_are_asked_for_in_two_words_too(model: MeaningModel, text: str) -> None:
    assert model.of(text).ruling > 0.7
    assert model.of(text).of("out_of_scope") < 0.3


def test_another_embedding_reads_nothing() -> None:
    assert MeaningModel(open_embedder().embed_query, "another").of("hello") is NOTHING
    assert NOTHING.ruling == 0.5


def meant(**shares: float) -> Meant:
    return Meant({**shares, "unclear": 1.0 - sum(shares.values())})


def test_a_complaint_by_words_alone_is_none_where_buyers_are_asked_about() -> None:
    shares = meant(review=0.9, complaint=0.02)
    reading = reconciled(Reading(Intent.COMPLAINT, certainty=0.9), shares, Surroundings(subjects=1))
    assert reading.intent is Intent.PRODUCT_QUESTION
    assert asks_reviews(shares)


def test_a_real_complaint_stays_one() -> None:
    reading = Reading(Intent.COMPLAINT, certainty=0.9)
    assert reconciled(reading, meant(complaint=0.3, review=0.6), Surroundings()) == reading


def test_labels_of_rules_count_together() -> None:
    reading = reconciled(Reading(Intent.RECOMMEND, certainty=0.6), meant(service=0.4, returns=0.25, warranty=0.1), Surroundings())
    assert (reading.intent, reading.topic) == (Intent.POLICY, None)
    reading = reconciled(Reading(Intent.PRODUCT_SEARCH, certainty=0.6), meant(shipping=0.5, returns=0.2), Surroundings())
    assert (reading.intent, reading.topic) == (Intent.POLICY, Topic.SHIPPING)


@pytest.mark.parametrize("around", [Surroundings(certain_subjects=1, subjects=1), Surroundings(exact=True)])
def test_a_product_that_is_named_is_a_shop_matter(around: Surroundings) -> None:
    reading = Reading(Intent.PRODUCT_QUESTION, certainty=0.6)
    assert reconciled(reading, meant(out_of_scope=0.95), around) == reading


def test_asking_for_a_person_is_never_overruled() -> None:
    reading = Reading(Intent.HUMAN, certainty=0.97)
    assert reconciled(reading, meant(shipping=0.99), Surroundings()) == reading
    assert reconciled(Reading(Intent.POLICY, Topic.SHIPPING, 0.5), meant(human=0.99), Surroundings()).intent is Intent.POLICY
