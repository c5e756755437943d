"""Channel tokens at rest."""

import stat
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.secrets import SecretBox


def test_a_sealed_secret_opens_with_the_same_key_only(tmp_path: Path) -> None:
    box = SecretBox("", tmp_path / "secret.key")
    sealed = box.seal("123:token")
    assert b"token" not in sealed
    assert SecretBox("", tmp_path / "secret.key").open(sealed) == "123:token"
    with pytest.raises(SettingsError, match="restore the key"):
        SecretBox("", tmp_path / "other.key").open(sealed)


def test_the_kept_key_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    SecretBox("", tmp_path / "secret.key")
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600


def test_a_key_of_the_wrong_form_is_refused_with_the_way_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="generate_key"):
        SecretBox("short", tmp_path / "secret.key")
