"""Documents become passages: stable, few, without price or stock."""

from retrieval.passages import content_hash, passages_of, sentences, statements_of
from retrieval.structured_text import readable
from tests.builders import a_faq, a_policy, a_product, a_review, a_variant
from tests.unit.retrieval.conftest import documents

KETTLE = a_product(
    "kt",
    "Kettle | 水壶",
    a_variant("K-RD", options={"Colour": "Red", "颜色": "红色"}, price="77.77 USD", stock=4321),
    a_variant("K-BK", options={"Colour": "Black", "颜色": "黑色"}, price="88.88 USD", sale="66.66 USD", stock=5432),
    attributes={"Weight": "1 kg", "重量": "1 公斤"},
    description="Boils fast. Quiet. | 烧水快。安静。",
)


def test_one_passage_a_language_with_its_own_words() -> None:
    (document,) = documents(KETTLE)
    en, zh = passages_of(document)
    assert (en.id, zh.id) == ("product:kt#description:en", "product:kt#description:zh")
    assert "Colour: Red, Black" in en.embedded
    assert "重量: 1 公斤" in zh.embedded
    assert "重量" not in en.embedded
    assert en.hash == content_hash(en.embedded)
    assert passages_of(document) == (en, zh)


def test_price_and_stock_are_in_no_passage() -> None:
    (document,) = documents(KETTLE)
    everything = " ".join(p.embedded + p.text for p in passages_of(document))
    assert not any(figure in everything for figure in ("77.77", "88.88", "66.66", "4321", "5432"))


def test_a_long_description_is_cut_between_sentences() -> None:
    text = " ".join(f"Sentence number {n} says something about the kettle and its handle." for n in range(60))
    (document,) = documents(a_product("long", "Kettle", description=text))
    passages = passages_of(document)
    assert len(passages) > 2
    assert len({p.id for p in passages}) == len(passages)
    assert " ".join(p.text for p in passages) == text
    assert all("Kettle" in p.embedded for p in passages)


def test_each_phrasing_of_a_question_is_found_by_itself() -> None:
    faq = a_faq("ship", "Do you ship abroad? | 能寄国外吗？", "Yes. | 可以。")
    faq.also_asked["en"] = ("international delivery", "send overseas")
    (document,) = documents(faq)
    passages = passages_of(document)
    assert [p.embedded for p in passages if p.language == "en"] == [
        "Do you ship abroad?",
        "international delivery",
        "send overseas",
        "Do you ship abroad?\nYes.",
    ]
    assert {p.text for p in passages if p.language == "en"} == {"Yes."}
    assert len({p.id for p in passages}) == len(passages)


def test_policies_are_cited_by_section_and_reviews_by_themselves() -> None:
    policy, review = documents(a_policy("returns.en.md", "returns", ("Refunds", "30 days."), ("How to", "Write to us.")), a_review("r9"))
    assert [p.document_id for p in passages_of(policy)] == ["returns.en.md#refunds", "returns.en.md#how-to"]
    assert [p.document_id for p in passages_of(review)] == ["r9"]


def test_an_unpublished_product_has_no_passage() -> None:
    from dataclasses import replace

    (document,) = documents(replace(KETTLE, published=False))
    assert passages_of(document) == ()


def test_statements_hold_options_of_all_variants() -> None:
    texts = {s.text for s in statements_of(KETTLE)}
    assert {"Weight: 1 kg", "Colour: Red, Black", "颜色: 红色、黑色", "Boils fast.", "烧水快。"} <= texts


def test_sentences_end_where_sentences_end() -> None:
    assert sentences("It holds 1.7 L. It boils fast! 水开断电。安静") == ["It holds 1.7 L.", "It boils fast!", "水开断电。", "安静"]


def test_records_become_words() -> None:
    assert readable('age_range_description:  { value:"adult" }') == "age range description: adult"
    assert readable("is_electric: { value:false }") == "is electric: no"
    assert readable("item_weight: { unit:pounds, normalized_value:{ unit:pounds, value:1.6 }, value:1.6 }") == "item weight: 1.6 pounds"
    assert readable("Weight: 1 kg") == "Weight: 1 kg"
    assert readable("{ broken") == "{ broken"
