"""Rules of the house, ranked in the adapted embedding."""

import numpy as np
import pytest

from knowledge.documents import document_of, kind_of
from knowledge.store import DocumentKind
from retrieval.adaptation import Adaptation, adaptation_for
from retrieval.embedding import open_embedder
from retrieval.house import House, house_of
from retrieval.passages import passages_of
from retrieval.retriever import Passage
from tests.builders import a_faq

RULES = (
    a_faq(
        "refund-time", "When do I get my money back? | 退款多久到账？", "Within five days after the parcel is here. | 收到包裹后五天内。"
    ),
    a_faq("return-cost", "Who pays return postage? | 退货运费谁出？", "The customer does. | 由顾客承担。"),
    a_faq("opened", "Can opened goods be returned? | 拆封了还能退吗？", "If they were not used. | 未使用可以。"),
    a_faq("cancel", "Can I cancel before it ships? | 发货前能取消吗？", "Yes, free of charge. | 可以，免费。"),
    a_faq("wrong", "I received the wrong item | 发错货了怎么办？", "We send the right one for free. | 免费补发。"),
)


@pytest.fixture(scope="module")
def passages() -> list[Passage]:
    return [p for rule in RULES for p in passages_of(document_of(kind_of(rule), rule.id, "test", rule))]


@pytest.fixture(scope="module")
def house(passages: list[Passage]) -> House:
    adaptation = adaptation_for(open_embedder().name)
    assert adaptation is not None
    return house_of(passages, open_embedder().embed([p.embedded for p in passages]), adaptation)


def found(house: House, question: str, lexical: float = 0.0) -> list[str]:
    cosines = house.cosines(open_embedder().embed_query(question))
    shares = np.full(len(house.rows), lexical, dtype=np.float32)
    best = house.best(cosines, shares, np.zeros(len(house.rows), dtype=bool), 5)
    return [ranked.id for ranked in best[DocumentKind.FAQ]]


@pytest.mark.parametrize(
    ("question", "rule"),
    [
        ("my reimbursement, how many days until it shows on my card", "refund-time"),
        ("钱几天能打回卡里", "refund-time"),
        ("is sending it back on you or on me", "return-cost"),
        ("寄回去的快递费要自己掏吗", "return-cost"),
        ("i already broke the seal", "opened"),
        ("包装打开过了不喜欢", "opened"),
        ("please stop my purchase, you have not sent it yet", "cancel"),
        ("寄来的东西不是我买的", "wrong"),
    ],
)
def test_other_words_find_the_rule_they_mean(house: House, question: str, rule: str) -> None:
    assert found(house, question)[0] == rule


def test_the_merchants_own_words_always_find_their_rule(house: House, passages: list[Passage]) -> None:
    for passage in passages:
        assert found(house, passage.embedded)[0] == passage.document_id


def test_a_rule_without_a_vector_is_found_by_its_words(passages: list[Passage], house: House) -> None:
    vectors = {row: house.vectors[row] for row, passage in enumerate(passages) if passage.document_id != "cancel"}
    bare = house_of(passages, vectors, house.adaptation)
    shares = np.array([float(passages[row].document_id == "cancel") for row in bare.rows], dtype=np.float32)
    cosines = bare.cosines(open_embedder().embed_query("zzz"))
    best = bare.best(cosines, shares, np.zeros(len(bare.rows), dtype=bool), 5)
    assert best[DocumentKind.FAQ][0].id == "cancel"


def test_words_count_more_for_an_answer_that_stands_without_a_question(house: House) -> None:
    rules = (a_faq("asked", "Opening hours?", "Nine to six."), a_faq("dash", "–", "Nine to six, too."), a_faq("none", "", "Ten to six."))
    passages = [p for rule in rules for p in passages_of(document_of(kind_of(rule), rule.id, "test", rule))]
    assert [p.document_id for p in passages] == ["asked", "asked", "dash", "none"]
    alike = house_of(passages, np.ones((4, 384), dtype=np.float32), house.adaptation)
    gained = []
    for rule in ("asked", "dash", "none"):
        shares = np.array([float(p.document_id == rule) for p in passages], dtype=np.float32)
        best = alike.best(alike.cosines(np.ones(384, dtype=np.float32)), shares, np.zeros(4, dtype=bool), 3)[DocumentKind.FAQ]
        assert best[0].id == rule
        gained.append(best[0].score - best[1].score)
    assert gained[1] == pytest.approx(gained[2])
    assert gained[1] > 2 * gained[0]


def test_another_model_has_no_adaptation() -> None:
    assert adaptation_for("sentence-transformers:other") is None


def test_adapted_vectors_have_length_one_and_unknown_ones_none() -> None:
    adaptation = Adaptation(np.zeros(3, dtype=np.float32), np.diag([2.0, 1.0, 1.0]).astype(np.float32))
    adapted = adaptation.of(np.array([[3.0, 4.0, 0.0], [0.0, 0.0, 0.0]], dtype=np.float32))
    assert np.allclose(np.linalg.norm(adapted, axis=1), [1.0, 0.0])
