"""Sizes and measures of a body in messages."""

import pytest

from bot.understanding.sizes_said import measures_said, sizes_said, system_asked


@pytest.mark.parametrize(
    ("text", "system", "value", "asked"),
    [
        ("im a US men 9, which EU size is that", "us", "9", "eu"),
        ("美码9是欧码多少", "us", "9", "eu"),
        ("what's 42 EU in UK sizes?", "eu", "42", "uk"),
        ("do you have it in UK 8.5?", "uk", "8.5", ""),
        ("有UK5的吗", "uk", "5", ""),
        ("42码还有吗", "eu", "42", ""),
        ("260码有没有", "mm", "260", ""),
        ("women's trainers US 7", "us", "7", ""),
    ],
)
def test_sizes(text: str, system: str, value: str, asked: str) -> None:
    found = sizes_said(text)
    assert [(s.system, s.value) for s in found] == [(system, value)]
    assert system_asked(text, found) == asked


@pytest.mark.parametrize("text", ["can you send us 5 boxes", "we need 42 of them", "a 15 inch laptop", "it gives us 9 hours"])
def test_what_is_no_size(text: str) -> None:
    assert sizes_said(text) == []


@pytest.mark.parametrize(
    ("text", "measures"),
    [
        ("身高170体重65", [("height", 1700), ("weight", 65000)]),
        ("一米七五 130斤", [("height", 1750), ("weight", 65000)]),
        ("我170 60kg", [("height", 1700), ("weight", 60000)]),
        ("I'm 5'10\" and 80 kg", [("height", 1780), ("weight", 80000)]),
        ("his head is 51cm", [("head", 510)]),
        ("脚长24cm穿几码", [("foot", 240)]),
        ("waist 83 cm, hips 100 cm", [("waist", 830), ("hip", 1000)]),
        ("体重120", [("weight", 60000)]),
    ],
)
def test_measures(text: str, measures: list[tuple[str, float]]) -> None:
    assert [(m.measure, m.value) for m in measures_said(text)] == measures
