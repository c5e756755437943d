"""Our names are ordinary words: each must resolve to this project, and what is locked must be what is declared."""

import importlib
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", ["bot", "retrieval", "knowledge"])
def test_each_package_is_ours(name: str) -> None:
    module = importlib.import_module(name)
    assert module.__file__ is not None
    assert Path(module.__file__).resolve().is_relative_to(ROOT)


def test_prompts_are_opened_by_path() -> None:
    assert not (ROOT / "prompts" / "__init__.py").exists()


def test_what_is_declared_is_locked_in_that_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    locked = (ROOT / "requirements" / "base.lock").read_text().splitlines()
    for requirement in project["dependencies"]:
        name, version = re.match(r"([\w.-]+)(?:\[\w+\])?==([^;\s]+)", requirement).groups()  # type: ignore[union-attr]
        assert f"{name.lower().replace('_', '-')}=={version}" in locked, f"run `make lock`: {requirement}"


def test_the_default_install_brings_no_torch() -> None:
    locked = (ROOT / "requirements" / "base.lock").read_text()
    assert "\ntorch==" not in locked
    assert "\nsentence-transformers==" not in locked
