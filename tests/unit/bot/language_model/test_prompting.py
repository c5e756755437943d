"""Prompts are checked when they are loaded."""

from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.language_model.prompting import VARIABLES, Prompts

PACKAGED = Path(__file__).parents[4] / "prompts"


def test_the_packaged_prompts_have_all_their_variables() -> None:
    prompt = Prompts(PACKAGED)["answer"]
    filled = prompt.fill(**{name: f"<{name}>" for name in VARIABLES["answer"]})
    assert all(f"<{name}>" in filled for name in VARIABLES["answer"])
    assert "{{" not in filled


def test_what_is_filled_in_is_not_read_for_variables() -> None:
    filled = Prompts(PACKAGED)["answer"].fill(**dict.fromkeys(VARIABLES["answer"], "{{draft}}"))
    assert "{{draft}}" in filled


@pytest.mark.parametrize(("change", "named"), [(("{{draft}}", ""), "draft"), (("{{draft}}", "{{draft}} {{colour}}"), "colour")])
def test_a_wrong_variable_stops_the_start(tmp_path: Path, change: tuple[str, str], named: str) -> None:
    text = (PACKAGED / "answer.md").read_text(encoding="utf-8")
    (tmp_path / "answer.md").write_text(text.replace(*change), encoding="utf-8")
    with pytest.raises(SettingsError, match=named) as caught:
        Prompts(tmp_path)
    assert "answer.md" in caught.value.message


def test_a_missing_prompt_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"answer\.md"):
        Prompts(tmp_path)
