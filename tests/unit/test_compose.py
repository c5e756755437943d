"""The scaled setting as it is written down: read, and held to the program. No Docker needed."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
KNOWN = {f"ZHANGGUI_{name.upper()}" for name in Settings.model_fields}
VARIABLE = re.compile(r"\$\{([A-Z_]+)")
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def instructions(name: str) -> list[str]:
    return [line.partition(" ")[2] for line in DOCKERFILE.splitlines() if line.split(" ")[0] == name]


def test_every_variable_given_to_the_app_is_a_setting() -> None:
    given = set(SERVICES["app"]["environment"])
    assert given <= KNOWN
    assert {"ZHANGGUI_DATABASE_URL", "ZHANGGUI_REDIS_URL", "ZHANGGUI_CHROMA_URL", "ZHANGGUI_SECRET_KEY"} <= given
    assert set(re.findall(r"ZHANGGUI_[A-Z_]+", DOCKERFILE)) <= KNOWN


def test_what_the_compose_file_asks_for_is_in_the_example() -> None:
    example = (ROOT / "deploy" / "example.env").read_text(encoding="utf-8")
    named = set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE))
    required = set(re.findall(r"\$\{([A-Z_]+):\?", (ROOT / "docker-compose.yml").read_text(encoding="utf-8")))
    assert required <= named
    of_compose = {"EXTRAS", "ZHANGGUI_PORT", "POSTGRES_PASSWORD"}
    assert set(VARIABLE.findall((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))) <= KNOWN | of_compose


def test_the_values_are_accepted_as_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    filled = {"POSTGRES_PASSWORD": "p-w", "ZHANGGUI_SECRET_KEY": "k"}

    def value(text: str) -> str:
        return re.sub(r"\$\{([A-Z_]+)(?::[-?]([^}]*))?\}", lambda m: filled.get(m[1], m[2] or ""), text)

    for name, text in SERVICES["app"]["environment"].items():
        monkeypatch.setenv(name, value(text))
    settings = Settings()
    # Each address names a service of this file.
    for url in (settings.database_url, settings.redis_url, settings.chroma_url):
        assert re.sub(r"^[a-z]+://(?:[^@/]*@)?([a-z]+).*", r"\1", url) in SERVICES


def test_every_service_can_be_waited_for() -> None:
    for name, service in SERVICES.items():
        assert ("image" in service) != ("build" in service), name
        for other, how in service.get("depends_on", {}).items():
            assert other in SERVICES
            assert how["condition"] != "service_healthy" or "healthcheck" in SERVICES[other], f"{name} waits for {other}"
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert (ROOT / source).is_file() if source.startswith("./") else source in COMPOSE["volumes"]
    assert SERVICES["app"]["deploy"]["replicas"] >= 2
    # Only the proxy is reached from outside, so only its X-Forwarded-* headers come in.
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]


def test_health_is_asked_where_the_app_answers() -> None:
    for text in (" ".join(SERVICES["app"]["healthcheck"]["test"]), DOCKERFILE):
        assert re.search(r"http://127\.0\.0\.1:8000/(readyz|healthz)", text)
    assert instructions("EXPOSE") == [str(Settings.model_fields["port"].default)]
    caddy = (ROOT / "deploy" / "Caddyfile").read_text(encoding="utf-8")
    assert re.search(r"\bapp 8000\b", caddy)
    assert "flush_interval -1" in caddy  # else event streams wait in the proxy's buffer


def test_the_image_is_built_from_files_that_exist() -> None:
    for arguments in instructions("COPY"):
        if not arguments.startswith("--from"):
            for source in arguments.split()[:-1]:
                assert (ROOT / source).exists(), source
    for name in re.findall(r"-r ([\w./-]+)", DOCKERFILE):
        assert (ROOT / name).is_file()
    packages = {name.split(".")[0] for name in PROJECT["tool"]["setuptools"].get("packages", {}).get("find", {}).get("include", ["bot"])}
    copied = {source.rstrip("*.") for arguments in instructions("COPY") for source in arguments.split()[:-1]}
    assert {name.rstrip("*") for name in packages} <= copied
    python = re.findall(r"^FROM python:(\d+)\.(\d+)", DOCKERFILE, re.MULTILINE)
    assert len(set(python)) == 1 and (3, 11) <= tuple(map(int, python[0])) < (3, 14)
    # pip is told not to isolate the build, so what builds must be among what was installed.
    lock = (ROOT / "requirements" / "base.lock").read_text(encoding="utf-8")
    for requirement in PROJECT["build-system"]["requires"]:
        assert re.search(rf"^{re.split('[<>=]', requirement)[0]}==", lock, re.MULTILINE)
    assert "USER zhanggui" in DOCKERFILE


def test_the_build_context_leaves_out_what_is_large_or_secret() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert {".git", ".venv", "data", ".env"} <= set(ignored)


def test_the_chroma_server_is_the_client_s_version() -> None:
    pinned = next(item.partition("==")[2] for item in PROJECT["project"]["dependencies"] if item.startswith("chromadb=="))
    assert SERVICES["chroma"]["image"] == f"chromadb/chroma:{pinned}"
