"""Prompts are checked when they are loaded."""

from pathlib import Path
from shutil import copytree

import pytest

from bot.answering.shop_tools import shop_tools
from bot.errors import SettingsError
from bot.language_model.prompting import TOOLS, VARIABLES, Prompts

PACKAGED = Path(__file__).parents[4] / "prompts"


def test_the_packaged_prompts_have_all_their_variables() -> None:
    prompt = Prompts(PACKAGED)["answer"]
    filled = prompt.fill(**{name: f"<{name}>" for name in VARIABLES["answer"]})
    assert all(f"<{name}>" in filled for name in VARIABLES["answer"])
    assert "{{" not in filled


def test_the_packaged_tools_are_all_described() -> None:
    described = Prompts(PACKAGED).tools
    for tool in shop_tools(described):
        assert tool.description == described[tool.name]["description"]
        properties = tool.parameters["properties"]
        assert isinstance(properties, dict)
        assert {*properties, "description"} == TOOLS[tool.name]
        assert all(schema["description"] for schema in properties.values())


@pytest.mark.parametrize(
    ("change", "named"), [(('wish = "', 'wush = "'), r"find_products\.wish"), (("[results]", "[results"), "tools.toml")]
)
def test_a_tool_that_is_not_described_stops_the_start(tmp_path: Path, change: tuple[str, str], named: str) -> None:
    copytree(PACKAGED, tmp_path, dirs_exist_ok=True)
    text = (PACKAGED / "tools.toml").read_text(encoding="utf-8")
    (tmp_path / "tools.toml").write_text(text.replace(*change), encoding="utf-8")
    with pytest.raises(SettingsError, match=named):
        Prompts(tmp_path)


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
