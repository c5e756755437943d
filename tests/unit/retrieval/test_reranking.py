"""A reranker orders what was found and decides nothing else."""

import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from retrieval.errors import UnknownModel
from retrieval.filters import Filters
from retrieval.reranking import CrossEncoderReranker, Reranker, open_reranker
from retrieval.retriever import DocumentHit, Query, Sort
from retrieval.search import Retriever
from tests.builders import NOW, a_faq, a_product, a_variant, money
from tests.unit.retrieval.conftest import Bench

LAMPS = [
    a_product(f"lamp-{n:02d}", f"Desk Lamp LM-{n:02d}", a_variant(f"LM-{n:02d}", price=f"{n + 10}.00 USD", stock=n % 2)) for n in range(40)
]
RULES = [a_faq("ship", "How much is shipping?", "It is free."), a_faq("back", "How do I return a lamp?", "Within 30 days.")]


class Numbered:
    """Scores by the figure after "LM-", smallest first; tells what it was asked."""

    def __init__(self) -> None:
        self.read: list[Sequence[str]] = []

    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        self.read.append(texts)
        return [-float(text.partition("LM-")[2][:2] or 0) for text in texts]


def with_reranker(bench: Bench, reranker: Reranker | None, resident: int = 60_000) -> Retriever:
    return Retriever(bench.store, bench.indexes, bench.embedder, clock=lambda: NOW, reranker=reranker, resident=resident)


def ids(hits: Sequence[DocumentHit]) -> list[str]:
    return [hit.id for hit in hits]


@pytest.mark.parametrize("resident", [60_000, 0])
async def test_the_best_twenty_are_read_again_and_cut_afterwards(bench: Bench, resident: int) -> None:
    await bench.publish(*LAMPS, *RULES)
    reranker = Numbered()
    plain, again = with_reranker(bench, None, resident), with_reranker(bench, reranker, resident)
    view = await again.view(bench.shop)
    query = Query("a lamp for my desk", top=5)
    wide = await plain.search(view, Query("a lamp for my desk", top=20))
    found = await again.search(view, query)
    assert ids(found.products) == sorted(ids(wide.products))[:5]
    assert len(reranker.read[0]) == 20 + len(wide.faq)
    assert [hit.score for hit in found.products] == sorted((hit.score for hit in wide.products), reverse=True)[:5]
    assert found.answerable == pytest.approx((await plain.search(view, query)).answerable)
    assert found.took_ms["rerank"] >= 0


async def test_conditions_stay_hard(bench: Bench) -> None:
    await bench.publish(*LAMPS)
    again = with_reranker(bench, Numbered())
    filters = Filters(in_stock=True, price_min=money("20 USD"), price_max=money("26 USD"))
    found = await again.search(await again.view(bench.shop), Query("desk lamp", filters=filters))
    assert ids(found.products) == ["lamp-11", "lamp-13", "lamp-15"]
    assert found.matching == 3


async def test_what_is_named_exactly_stays_first(bench: Bench) -> None:
    await bench.publish(*LAMPS)
    again = with_reranker(bench, Numbered())
    found = await again.search(await again.view(bench.shop), Query("Is the LM-33 a desk lamp?"))
    assert ids(found.products)[0] == "lamp-33"
    assert ids(found.products)[1:] == sorted(ids(found.products)[1:])
    assert found.products[0].score >= found.products[1].score


async def test_an_order_that_was_asked_for_stays(bench: Bench) -> None:
    await bench.publish(*LAMPS)
    plain, again = with_reranker(bench, None), with_reranker(bench, Numbered())
    query = Query("desk lamp", sort=Sort.PRICE_DESC, top=3)
    view = await again.view(bench.shop)
    found = ids((await again.search(view, query)).products)
    assert len(found) > 1
    assert found == sorted(found, reverse=True) == ids((await plain.search(view, query)).products)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cross-encoder of random weights over single letters and digits."""
    pytest.importorskip("sentence_transformers")
    return save_cross_encoder(tmp_path_factory.mktemp("reranker"), labels=1)


def save_cross_encoder(folder: Path, labels: int) -> Path:
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizer

    pieces = [f"{before}{sign}" for sign in "abcdefghijklmnopqrstuvwxyz0123456789" for before in ("", "##")]
    vocabulary = {piece: number for number, piece in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "-", "?", *pieces])}
    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
        num_labels=labels,
        initializer_range=0.6,
    )
    BertForSequenceClassification(config).eval().save_pretrained(folder)
    BertTokenizer(vocab=vocabulary).save_pretrained(folder)
    return folder


@pytest.mark.models
async def test_a_cross_encoder_decides_the_order(bench: Bench, tiny: Path) -> None:
    await bench.publish(*LAMPS)
    reranker = open_reranker(f"sentence-transformers:{tiny}")
    assert reranker is not None
    again = with_reranker(bench, reranker)
    filters = Filters(in_stock=True)
    found = await again.search(await again.view(bench.shop), Query("a lamp for my desk", filters=filters, top=20))
    texts = ["\n".join(dict.fromkeys(hit.passage.embedded for hit in product.hits)) for product in found.products]
    scores = reranker.scores("a lamp for my desk", texts)
    assert len(texts) == 20
    assert scores == sorted(scores, reverse=True)
    assert len({round(score, 6) for score in scores}) > 10  # the order is one of scores, not of a constant
    assert ids(found.products) != sorted(ids(found.products))
    assert all(int(id[-2:]) % 2 for id in ids(found.products))


@pytest.mark.models
def test_scores_do_not_depend_on_neighbours_and_take_any_text(tiny: Path) -> None:
    reranker = CrossEncoderReranker(str(tiny))
    texts = ["a lamp", "", "\0", "\ud800 half a pair", "灯", "x" * 20_000, "lamp " * 300]
    together = reranker.scores("lamp?", texts)
    shuffled = random.Random(3).sample(texts, len(texts))
    assert reranker.scores("lamp?", shuffled) == pytest.approx([together[texts.index(text)] for text in shuffled], abs=1e-5)
    assert reranker.scores("lamp?", []) == []


@pytest.mark.models
def test_models_that_cannot_be_used_are_refused_with_a_sentence(tmp_path: Path) -> None:
    pytest.importorskip("sentence_transformers")
    with pytest.raises(UnknownModel, match="can't be loaded"):
        open_reranker(f"sentence-transformers:{tmp_path / 'nothing'}")
    with pytest.raises(UnknownModel, match="3 scores"):
        open_reranker(f"sentence-transformers:{save_cross_encoder(tmp_path / 'three', labels=3)}")


@pytest.mark.parametrize("model", ["cohere:rerank", "sentence-transformers:", "nonsense"])
def test_other_names_are_refused_with_a_sentence(model: str) -> None:
    with pytest.raises(UnknownModel, match="ZHANGGUI_RERANKER_MODEL"):
        open_reranker(model)
    assert open_reranker("") is None
