"""Every setting: type, unit, default. Environment variables with the prefix ZHANGGUI_, or a .env file; docs/settings.md lists them.

A wrong value stops the start with one sentence that names the setting and says what is allowed.
"""

from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import SettingsError
from knowledge.currencies import is_currency

PROMPTS = Path(__file__).resolve().parent.parent / "prompts"


def _url(*schemes: str) -> AfterValidator:
    def check(value: str) -> str:
        if value and (urlsplit(value).scheme not in schemes or "//" not in value):
            raise ValueError(f"must be empty or start with {' or '.join(f'{scheme}://' for scheme in schemes)}")
        return value.strip()

    return AfterValidator(check)


def _model(*prefixes: str) -> AfterValidator:
    def check(value: str) -> str:
        prefix, _, name = value.partition(":")
        if value and (not name or (prefixes and prefix not in prefixes)):
            raise ValueError(f"must be empty or of the form {' or '.join(f'{prefix}:NAME' for prefix in prefixes or ('openai',))}")
        return value.strip()

    return AfterValidator(check)


def _currency(value: str) -> str:
    if not is_currency(value.strip().upper()):
        raise ValueError("must be a currency's three letters, such as USD or CNY")
    return value.strip().upper()


Cap = Annotated[Annotated[Decimal, Field(ge=0, le=1_000_000_000)] | None, BeforeValidator(lambda value: None if value == "" else value)]


class Settings(BaseSettings):
    """All settings, checked. Only assembly, app and the commands read them; everybody else receives plain values."""

    model_config = SettingsConfigDict(env_prefix="ZHANGGUI_", env_file=".env", extra="ignore", hide_input_in_errors=True)

    data: Path = Field(Path("data"), description="Directory of the embedded database, index and keys. Two directories are two worlds.")
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    public_url: Annotated[str, _url("http", "https")] = Field(
        "", description="How customers and staff reach this server from outside; needed for Telegram webhooks. Empty: http://HOST:PORT."
    )
    database_url: Annotated[str, _url("postgresql", "postgresql+asyncpg", "sqlite", "sqlite+aiosqlite")] = Field(
        "", description="Empty: SQLite in the data directory; else postgresql://user:password@host/name."
    )
    chroma_url: Annotated[str, _url("http", "https")] = Field(
        "", description="Empty: embedded in the data directory; else http://host:port of a Chroma server."
    )
    redis_url: Annotated[str, _url("redis", "rediss", "unix")] = Field(
        "", description="Empty: in-process events, limits and locks; else redis://host:port, shared by all replicas."
    )
    chat_model: Annotated[str, _model()] = Field(
        "", description="Empty: no language model; else a LangChain model id such as openai:NAME or ollama:NAME (extra `ollama`)."
    )
    chat_model_base_url: Annotated[str, _url("http", "https")] = Field("", description="Address of an OpenAI-compatible server.")
    chat_model_api_key: SecretStr = Field(SecretStr(""), description="Key for it, where it wants one.")
    chat_model_timeout: float = Field(20.0, gt=0, le=300, description="Seconds for a whole answer; after that the composer answers.")
    chat_model_first_token: float = Field(
        8.0, gt=0, le=300, description="Seconds until the first words, and for looking things up before; after that the composer answers."
    )
    chat_model_price_in: Decimal = Field(
        Decimal(0), ge=0, le=1_000_000, description="Price of a million tokens that the model reads; 0: it costs nothing."
    )
    chat_model_price_out: Decimal = Field(
        Decimal(0), ge=0, le=1_000_000, description="Price of a million tokens that the model writes; 0: it costs nothing."
    )
    chat_model_currency: Annotated[str, AfterValidator(_currency)] = Field(
        "USD", description="Currency of these prices and of what shops may spend."
    )
    chat_model_cap_month: Cap = Field(
        None,
        description="What a shop may spend on the model in a month, after which the composer answers; empty: no limit, 0: no model (per shop: model_cap_month).",
    )
    chat_model_cap_day: Cap = Field(None, description="The same for a day (per shop: model_cap_day).")
    embedding_model: Annotated[str, _model("sentence-transformers")] = Field(
        "", description="Empty: the packaged model; else sentence-transformers:NAME-or-PATH (extra `models`)."
    )
    reranker_model: Annotated[str, _model("sentence-transformers")] = Field(
        "", description="Empty: none; else sentence-transformers:NAME-or-PATH of a cross-encoder (extra `models`)."
    )
    models_dir: Path | None = Field(None, description="Where converted models are kept. Empty: in the Python environment.")
    prompts_dir: Path = Field(PROMPTS, description="Prompts and fixed sentences; copy the folder and point here to reword them.")
    secret_key: SecretStr = Field(
        SecretStr(""), description="Encrypts channel tokens at rest. Empty: made once, kept in the data directory; replicas must share one."
    )
    telegram_token: SecretStr = Field(SecretStr(""), description="Bot token of the only shop, or of the demo shop.")
    telegram_tokens: dict[str, SecretStr] = Field(default_factory=dict, description='Bot tokens by shop: {"slug": "token"} as JSON.')
    telegram_mode: Literal["polling", "webhook"] = Field(
        "polling", description="polling: asks Telegram for updates (local use); webhook: Telegram calls PUBLIC_URL (production)."
    )
    telegram_api_url: Annotated[str, _url("http", "https")] = Field(
        "https://api.telegram.org", description="Bot API server; another one for a local Bot API server."
    )
    wait_minutes: float = Field(
        5.0,
        ge=0,
        le=1440,
        description="Minutes that a customer waits for a person before being told that nobody came (per shop: wait_minutes).",
    )
    feed_networks: str = Field(
        "",
        description="Private networks, comma separated (10.0.0.0/8), that product feeds may be fetched from beside public addresses.",
    )
    import_limit: int = Field(64, ge=1, le=200, description="Megabytes of the largest file that an import reads.")
    message_limit: int = Field(20, ge=1, description="Messages a conversation may send in 60 seconds.")
    address_limit: int = Field(600, ge=1, description="Customer requests that write, from one network address in 60 seconds.")
    trusted_proxies: str = Field(
        "127.0.0.1", description="Addresses, comma separated, whose X-Forwarded-* headers are believed; * for all (behind your own proxy)."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="How much is logged. Never message text.")

    @property
    def base_url(self) -> str:
        """The address for links: PUBLIC_URL, else where it listens."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host
        return self.public_url.rstrip("/") or f"http://{f'[{host}]' if ':' in host else host}:{self.port}"


def load_settings(**overrides: object) -> Settings:
    """Reads the environment and .env; raises SettingsError with one sentence on the first wrong value."""
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = "ZHANGGUI_" + "_".join(str(part) for part in first["loc"][:1]).upper()
        reason = first["msg"].removeprefix("Value error, ")
        raise SettingsError(f"{name} is not usable: {reason}. See docs/settings.md.") from None
    except Exception as error:  # pydantic-settings raises its own for JSON values that are none
        raise SettingsError(f"A setting cannot be read: {error}. See docs/settings.md.") from error
