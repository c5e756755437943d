"""Ranking candidates for a question, and the figures by which rankings are judged."""

from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from retrieval.evaluation import auc, ndcg, recall_at, reciprocal_rank
from retrieval.facts import without_product
from retrieval.ranking import Candidate, Ranker
from tests.builders import a_product
from tests.fakes.embedder import HashingEmbedder

RANKER = Ranker(HashingEmbedder())


def test_the_attribute_that_is_asked_for_goes_first() -> None:
    texts = ['brand: { value:"acme" }', "item_weight: { unit:pounds, value:1.83 }", "batteries_included: { value:false }"]
    ranking = RANKER.rank("what is the item weight", [Candidate(i, text) for i, text in enumerate(texts)])
    assert ranking.ranking[0][0] == 1
    assert 0 <= ranking.answerable <= 1


def test_nothing_to_rank() -> None:
    assert RANKER.rank("anything", []).ranking == []
    assert RANKER.rank("anything", []).answerable == 0


@given(st.text(max_size=40), st.lists(st.text(max_size=60), max_size=8))
def test_every_candidate_exactly_once_best_first(query: str, texts: list[str]) -> None:
    ranking = RANKER.rank(query, [Candidate(i, text) for i, text in enumerate(texts)])
    assert sorted(id for id, _ in ranking.ranking) == list(range(len(texts)))
    scores = [score for _, score in ranking.ranking]
    assert scores == sorted(scores, reverse=True)
    assert 0 <= ranking.answerable <= 1


def test_the_name_of_the_product_is_no_part_of_the_question() -> None:
    kettle = a_product("kt-17e", "Hearth KT-17E Electric Kettle | 电热水壶 KT-17E", brand="Hearth")
    assert without_product("How heavy is the KT-17E electric kettle?", kettle) == "How heavy is the ?"
    assert without_product("水壶多重", kettle) == "多重"
    assert without_product("KT-17E", kettle) == "KT-17E"


def test_figures_of_known_rankings() -> None:
    assert recall_at(["a", "b", "c"], {"b", "z"}, 2) == 0.5
    assert reciprocal_rank(["a", "b"], {"b"}) == 0.5
    assert ndcg([1.0, 0.0]) == 1.0
    assert ndcg([0.0, 1.0]) == approx(0.6309, abs=1e-4)
    assert auc([True, False, True, False], [0.9, 0.1, 0.8, 0.2]) == 1.0
    assert auc([True, False], [0.5, 0.5]) == 0.5
    assert auc([True, True], [0.1, 0.2]) == 0.5
