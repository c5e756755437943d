"""Our names are ordinary words: each must resolve to this project, and what is locked must be what is declared."""

import ast
import importlib
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OURS = {"bot", "retrieval", "knowledge", "tests"}
OPTIONAL = {"langchain-ollama"}
"""Only tested where it is installed."""


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


def locked(*names: str) -> set[str]:
    """Distributions that the lock files named install."""
    lines = [line for name in names for line in (ROOT / "requirements" / f"{name}.lock").read_text().splitlines()]
    return {line.partition("==")[0] for line in lines if "==" in line}


def imported(*folders: str, whole: bool) -> Iterator[tuple[str, str]]:
    """Third-party modules and the file that imports them; with `whole` also inside functions, where an extra may be imported."""
    for path in sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree) if whole else tree.body:
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
                names = [node.module]
            else:
                continue
            for name in names:
                module = name.partition(".")[0]
                if module not in OURS and module not in sys.stdlib_module_names:
                    yield module, path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize(
    ("folders", "whole", "locks"),
    [
        (("bot", "retrieval", "knowledge"), False, ("base",)),
        (("bot", "retrieval", "knowledge"), True, ("base", "models")),
        pytest.param(("tests",), True, ("base", "models", "test"), marks=pytest.mark.models),
    ],
)
def test_what_is_imported_is_locked(folders: tuple[str, ...], whole: bool, locks: tuple[str, ...]) -> None:
    # torch is pinned in pyproject.toml and installed by its own step.
    allowed = locked(*locks) | OPTIONAL | ({"torch"} if "models" in locks else set())
    owners = packages_distributions()
    checked = 0
    for module, path in imported(*folders, whole=whole):
        names = {name.lower().replace("_", "-").replace(".", "-") for name in owners.get(module, [module])}
        assert names & allowed, f"{path} imports {module}: declare it in pyproject.toml and run `make lock`"
        checked += 1
    assert checked
