"""The benchmarks' own arithmetic and their page: what a wrong figure there would mislead about."""

import json
from math import log

import numpy as np
import pytest

from bot.evaluation.figures import rate
from tests.bench.__main__ import SUMMARY, summary, table, with_section
from tests.bench.baselines import BM25, PlainChain
from tests.bench.rows import figure_row, time_row


class Axes:
    """Texts of one word on an axis each."""

    name, dimensions = "axes", 3

    def embed_query(self, text: str) -> np.ndarray:
        return np.eye(3, dtype=np.float32)["abc".index(text[0])]


def test_bm25_is_okapis() -> None:
    index = BM25(["1", "2", "3"], ["red kite", "red train of oak wood", "blue lamp"])
    rarity = log(1 + (3 - 2 + 0.5) / (2 + 0.5))
    mean = 3.0
    expected = [rarity * 2.2 / (1 + 1.2 * (0.25 + 0.75 * length / mean)) for length in (2, 5)]
    assert list(index.scores("Red")) == pytest.approx([*expected, 0.0])
    assert index.search("blue kite", 1) in (["1"], ["3"])
    assert index.search("oak_wood", 1) == ["2"]


def test_the_plain_chain_finds_and_fills_its_prompt() -> None:
    chain = PlainChain(Axes(), ["x", "y", "z"], ["apple", "bread", "corn"], np.eye(3, dtype=np.float32))
    assert chain.search("bread?", 1) == ["y"]
    assert "bread" in chain.chain.invoke("bread?").to_string()


def page_of(*rows: object) -> str:
    return with_section("# Benchmarks\n\nIntro.\n\n## By hand\n\nkept\n", "Ranking", table(json.dumps({"rows": rows})))


def test_a_section_takes_the_place_of_its_old_one_alone() -> None:
    page = with_section("# B\n\nIntro.\n\n## A\n\nold\n\n## C\n\nkept\n", "A", "new")
    assert page == "# B\n\nIntro.\n\n## A\n\nnew\n\n## C\n\nkept\n"
    assert with_section(page, "D", "more").endswith("kept\n\n## D\n\nmore\n")


def test_the_summary_has_every_row_with_a_bar() -> None:
    low = figure_row("false handoffs", rate("", [False] * 9 + [True], higher_is_better=False), 0.005)
    high = figure_row("P@1", rate("", [True] * 9 + [False]), 0.9, BM25=0.5)
    free = figure_row("nothing wanted", rate("", [True]))
    page = page_of(
        *(row.__dict__ if hasattr(row, "__dict__") else {s: getattr(row, s) for s in row.__slots__} for row in (low, high, free))
    )
    told = summary(page)
    assert told.startswith("1 of 2 bars are met") and "| false handoffs | 0.1 | ≤ 0.005 ✗ |" in told and "| P@1 | 0.9 | ≥ 0.9 ✓ |" in told
    assert "nothing wanted" not in told
    again = with_section(page, SUMMARY, told)
    assert summary(again) == told and "kept" in again


def test_a_time_within_its_bar() -> None:
    assert time_row("a turn", 30.04, 10, 30.0).met is False
    assert time_row("a turn", 29.9, 10, 30.0).met is True
    assert time_row("a turn", 29.9, 10).met is None
