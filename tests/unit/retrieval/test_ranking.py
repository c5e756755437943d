"""Ranking candidates for a question, and the figures by which rankings are judged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from retrieval.adaptation import statement_maps_for
from retrieval.embedding import open_embedder
from retrieval.evaluation import auc, ndcg, recall_at, reciprocal_rank
from retrieval.facts import without_product
from retrieval.question_forms import AnswerForm, QuestionForm
from retrieval.ranking import FEATURES, Candidate, Ranker
from retrieval.ranking_weights import PLAIN, WITH_MAPS
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


@pytest.mark.parametrize(
    ("text", "answer", "question"),
    [
        ("it does. Question: does it float?", "it does.", "does it float?"),
        ("Q: does it float? A: it does.", "it does.", "does it float?"),
        ("问：能浮起来吗？答：能。", "能。", "能浮起来吗？"),
        ("亲，请问：能退吗", "亲，请问：能退吗", ""),
        ("There is no question about that.", "There is no question about that.", ""),
        ("Question: does it float?", "Question: does it float?", ""),
    ],
)
def test_an_answer_is_read_beside_the_question_that_it_answered(text: str, answer: str, question: str) -> None:
    form = AnswerForm.of(text)
    assert (form.answer, form.question) == (answer, question)


def test_forms_of_questions_and_answers() -> None:
    assert QuestionForm.of("how long is the cable") == QuestionForm(amount=True, yes_or_no=False)
    assert QuestionForm.of("能放洗碗机吗") == QuestionForm(amount=False, yes_or_no=True)
    assert AnswerForm.of("Not sure, maybe 3 m").hedged and AnswerForm.of("不清楚").hedged and not AnswerForm.of("It is 3 m long.").hedged
    assert AnswerForm.of("Yes, it does").says_so and AnswerForm.of("可以。").says_so and not AnswerForm.of("Blue.").says_so
    assert AnswerForm.of("Does it shrink?").asks and not AnswerForm.of("No. Question: does it shrink?").asks


def test_the_packaged_model_has_maps_and_any_other_ranks_without() -> None:
    assert statement_maps_for(open_embedder().name) is not None
    assert statement_maps_for("sentence-transformers:other") is None
    assert len(WITH_MAPS.weights) == len(PLAIN.weights) == len(FEATURES)
    assert PLAIN.weights[FEATURES.index("statement")] == 0


@pytest.mark.parametrize(
    ("question", "best"),
    [
        ("will it wake the baby", "Noise level: 45 dB"),
        ("会吵醒孩子吗", "噪音：45 分贝"),
        ("拎着沉不沉", "重量：1.4 公斤"),
        ("can it stay out in the rain", "Water resistance: IPX7"),
    ],
)
def test_a_property_is_found_that_the_question_does_not_name(question: str, best: str) -> None:
    chinese = question[0] > "z"
    texts = (
        ["颜色：藏青色", "重量：1.4 公斤", "噪音：45 分贝", "保修期：24 个月", "功率：1200 瓦", "材质：不锈钢"]
        if chinese
        else ["Colour: navy", "Weight: 1.4 kg", "Noise level: 45 dB", "Warranty: 24 months", "Water resistance: IPX7", "Material: steel"]
    )
    candidates = [Candidate(text, text, text.replace("：", ":").split(":")[0]) for text in texts]
    assert Ranker(open_embedder()).rank(question, candidates).ranking[0][0] == best
