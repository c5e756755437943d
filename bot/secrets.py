"""Encryption at rest of what we must be able to read again: channel tokens. (Passwords and session tokens are only ever hashed.)"""

import hashlib
import hmac
import os
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from bot.errors import SettingsError


class SecretBox:
    """Fernet (AES-128-CBC with HMAC-SHA256) under one key: the setting, else a file in the data directory, made once, mode 0600."""

    def __init__(self, key: str, path: Path) -> None:
        if not key:
            key = _kept_key(path)
        try:
            self._fernet = Fernet(key.encode())
        except ValueError:
            raise SettingsError(
                "ZHANGGUI_SECRET_KEY is not usable: it must be 32 bytes in URL-safe base64; "
                "'python -c \"from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())\"' makes one."
            ) from None
        self._key = key.encode()

    def derive(self, purpose: str) -> bytes:
        """32 bytes that depend on the key and the purpose alone (HMAC-SHA256): the same on every replica and after a restart."""
        return hmac.new(self._key, purpose.encode(), hashlib.sha256).digest()

    def seal(self, secret: str) -> bytes:
        """Encrypted bytes, for the database."""
        return self._fernet.encrypt(secret.encode())

    def open(self, sealed: bytes) -> str:
        """The secret; "" for nothing. Raises SettingsError when the key is not the one it was sealed with."""
        if not sealed:
            return ""
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken:
            raise SettingsError(
                "A stored channel token cannot be decrypted: ZHANGGUI_SECRET_KEY (or secret.key in the data directory) is not the one it was "
                "sealed with; restore the key, or set the token again."
            ) from None


def _kept_key(path: Path) -> str:
    """The key in `path`, made when there is none. Two processes that start at once end with the same key: the first to create the file wins."""
    if not path.exists():
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            pass
        else:
            with os.fdopen(descriptor, "wb") as file:
                file.write(Fernet.generate_key())
    return path.read_text(encoding="ascii").strip()
