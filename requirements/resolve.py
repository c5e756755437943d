"""Writes the lock files: every package with its version, for an install next year that equals today's.

base.lock holds what `make run` installs; models.lock and test.lock what the extras add to it. torch stands in none of them: it is pinned in
pyproject.toml and installed by its own step, since plain dependency resolution may choose a build with GPU libraries of several gigabytes.
"""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEAD = "# Written by `make lock` from pyproject.toml; do not edit.\n"
BUILD = ["setuptools", "wheel"]
GPU = ("torch", "triton", "nvidia-", "cuda-")
"""Never locked; see above."""


def resolved(*targets: str) -> dict[str, str]:
    """Name to version of everything that pip would install for these targets into an empty environment."""
    command = [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed", "--quiet", "--report", "-", *targets]
    report = json.loads(subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout)
    found = {item["metadata"]["name"].lower().replace("_", "-"): item["metadata"]["version"] for item in report["install"]}
    return {name: version for name, version in found.items() if name != "zhanggui" and not name.startswith(GPU)}


def write(name: str, pins: dict[str, str]) -> None:
    """One lock file, sorted."""
    lines = [f"{package}=={version}\n" for package, version in sorted(pins.items())]
    (ROOT / "requirements" / f"{name}.lock").write_text(HEAD + "".join(lines), encoding="utf-8")


base = resolved(".", *BUILD)
write("base", base)
pins = [f"{package}=={version}" for package, version in base.items()]
models = resolved(".[models]", *pins)
write("models", {package: version for package, version in models.items() if package not in base})
test = resolved(".[test]", *pins)
write("test", {package: version for package, version in test.items() if package not in base})
