"""Settings: each documented, a wrong value stops the start with one sentence that names it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import Settings, load_settings

ROOT = Path(__file__).resolve().parents[3]
WRONG = {
    "ZHANGGUI_PORT": "eighty",
    "ZHANGGUI_DATABASE_URL": "mysql://localhost/x",
    "ZHANGGUI_CHROMA_URL": "localhost:8000",
    "ZHANGGUI_REDIS_URL": "http://localhost",
    "ZHANGGUI_CHAT_MODEL": "gpt",
    "ZHANGGUI_CHAT_MODEL_TIMEOUT": "-1",
    "ZHANGGUI_CHAT_MODEL_PRICE_IN": "-1",
    "ZHANGGUI_CHAT_MODEL_CURRENCY": "coins",
    "ZHANGGUI_CHAT_MODEL_CAP_MONTH": "much",
    "ZHANGGUI_EMBEDDING_MODEL": "hub:name",
    "ZHANGGUI_TELEGRAM_MODE": "carrier pigeon",
    "ZHANGGUI_TELEGRAM_TOKENS": "{not json",
    "ZHANGGUI_LOG_LEVEL": "loud",
}


@pytest.fixture(autouse=True)
def _no_env_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_value_is_named_in_one_sentence(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, WRONG[name])
    with pytest.raises(SettingsError) as refusal:
        load_settings()
    assert name in str(refusal.value) or name.removeprefix("ZHANGGUI_").lower() in str(refusal.value)
    assert "docs/settings.md" in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_wrong_value_stops_the_start_without_a_traceback(tmp_path: Path) -> None:
    environment = {"ZHANGGUI_PORT": "eighty", "PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "bot", "serve"], env=environment, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr.startswith("zhanggui: ZHANGGUI_PORT is not usable")
    assert len(done.stderr.splitlines()) == 1


def test_a_secret_is_not_in_the_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHANGGUI_DATABASE_URL", "mysql://me:topsecret@localhost/x")
    with pytest.raises(SettingsError) as refusal:
        load_settings()
    assert "topsecret" not in str(refusal.value)


def test_an_empty_cap_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHANGGUI_CHAT_MODEL_CAP_MONTH", "")
    monkeypatch.setenv("ZHANGGUI_CHAT_MODEL_CAP_DAY", "0")
    settings = load_settings()
    assert (settings.chat_model_cap_month, settings.chat_model_cap_day) == (None, 0)


def test_tokens_by_shop_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHANGGUI_TELEGRAM_TOKENS", json.dumps({"tea": "1:abc"}))
    settings = load_settings()
    assert settings.telegram_tokens["tea"].get_secret_value() == "1:abc"
    assert "abc" not in repr(settings)


def test_every_setting_is_documented_with_its_meaning() -> None:
    document = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    for name, field in Settings.model_fields.items():
        line = next((line for line in document.splitlines() if f"`ZHANGGUI_{name.upper()}`" in line), "")
        assert line, f"docs/settings.md lacks ZHANGGUI_{name.upper()}"
        assert str(field.description) in line, f"docs/settings.md says something else of ZHANGGUI_{name.upper()}"
