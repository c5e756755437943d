"""Port: staff, their rights and sessions, and the audit log. Holds hashes alone; `access.py` makes them and decides who may do what.

Implemented on SQLAlchemy for SQLite and PostgreSQL (bot/storage/sql_staff.py). Every time is UTC.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

ROLES = ("owner", "admin", "support", "analyst", "viewer")
"""From most to least rights."""


@dataclass(frozen=True, slots=True)
class User:
    """A member of staff. `email` is kept in lower case; `password_hash` "" means that no password is set."""

    id: str
    email: str
    name: str
    password_hash: str = ""
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Membership:
    """A role in one shop; `shop_id` None: in all of them."""

    user_id: str
    shop_id: str | None
    role: str


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser, known by the hash of its cookie."""

    id_hash: str
    user_id: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class SignInLink:
    """A link that signs in once."""

    token_hash: str
    user_id: str
    expires_at: datetime
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A key for programs, of one shop and role, known by its hash."""

    hash: str
    shop_id: str
    role: str
    name: str
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Audit:
    """Who did what to what. `before` and `after`: plain JSON; never a customer's words. `shop_id` None: the installation."""

    shop_id: str | None
    who: str
    what: str
    target: str
    at: datetime
    before: dict[str, object] | None = None
    after: dict[str, object] | None = None


class StaffStore(Protocol):
    """Each method is one transaction."""

    async def create_user(self, email: str, name: str, password_hash: str = "") -> User:
        """Raises Conflict when the e-mail address is taken."""

    async def user(self, user_id: str) -> User | None:
        """By id."""

    async def user_by_email(self, email: str) -> User | None:
        """Case does not count."""

    async def users(self, shop_id: str | None = None) -> list[User]:
        """By e-mail; with a shop, those who have a role there (or everywhere)."""

    async def set_password(self, user_id: str, password_hash: str) -> None:
        """Ends no session by itself; see end_sessions."""

    async def rename(self, user_id: str, name: str) -> None:
        """The name that customers and colleagues see."""

    async def disable(self, user_id: str, disabled: bool = True) -> None:
        """A disabled user's sessions and links are gone."""

    async def grant(self, user_id: str, shop_id: str | None, role: str) -> None:
        """Sets the role in that shop (None: in all); replaces the one before."""

    async def withdraw(self, user_id: str, shop_id: str | None) -> None:
        """Takes the role in that shop away; one for all shops is another."""

    async def memberships(self, user_id: str) -> list[Membership]:
        """Those for all shops first."""

    async def create_session(self, id_hash: str, user_id: str, expires_at: datetime) -> Session:
        """Created and seen now."""

    async def session(self, id_hash: str) -> Session | None:
        """None when unknown, expired, or of a disabled user."""

    async def touch_session(self, id_hash: str, expires_at: datetime | None = None) -> None:
        """Seen now; and with a time, valid until then."""

    async def end_session(self, id_hash: str) -> None:
        """Signs this browser out."""

    async def end_sessions(self, user_id: str) -> None:
        """All of the user's."""

    async def create_link(self, token_hash: str, user_id: str, expires_at: datetime) -> SignInLink:
        """For one sign-in."""

    async def use_link(self, token_hash: str) -> User | None:
        """The user, to one caller only and once; None when unknown, used, expired, or of a disabled user."""

    async def create_api_token(self, hash: str, shop_id: str, role: str, name: str) -> ApiToken:
        """Raises InvalidInput for a role that does not exist."""

    async def api_token(self, hash: str) -> ApiToken | None:
        """None when unknown or revoked."""

    async def api_tokens(self, shop_id: str) -> list[ApiToken]:
        """The valid ones, oldest first."""

    async def revoke(self, shop_id: str, hash: str) -> bool:
        """True if it was valid until now."""

    async def record_audit(
        self,
        shop_id: str | None,
        who: str,
        what: str,
        target: str,
        before: dict[str, object] | None = None,
        after: dict[str, object] | None = None,
    ) -> None:
        """Stamped with the time."""

    async def audits(self, shop_id: str | None, *, limit: int = 100, before: datetime | None = None, what: str = "") -> list[Audit]:
        """Newest first; with `what`, of that kind alone."""

    async def record_failure(self, subject: str) -> int:
        """Counts a failed sign-in of `subject` (an address of either kind); returns those of the last 15 minutes, this one included."""

    async def failures(self, subject: str) -> int:
        """Of the last 15 minutes."""

    async def clear_failures(self, subject: str) -> None:
        """After a success."""

    async def present(self, shop_id: str, seconds: float) -> list[User]:
        """Who may answer customers of this shop (owner, admin, support) and was seen in the last `seconds`."""
