"""Who is at the door, what they may do, and the one gate to a conversation for staff.

The store holds hashes alone: passwords as argon2, everything random (sessions, links, API tokens) as SHA-256, since nobody guesses 256
random bits from a list. A form's CSRF token is made from the session's cookie, so that there is nothing more to keep.
"""

import asyncio
import hashlib
import hmac
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from fastapi import Request

from bot.consoles.staff_store import ROLES, ApiToken, Audit, Membership, Session, StaffStore, User
from bot.conversation.events import EventBus
from bot.conversation.records import Conversation
from bot.conversation.store import ConversationStore
from bot.errors import InvalidInput, NotAllowed, NotFound, SignInRequired, TooManyRequests
from knowledge.store import KnowledgeStore, Shop

log = logging.getLogger(__name__)


class Right(StrEnum):
    """What can be allowed."""

    READ_CONVERSATIONS = "read_conversations"
    ANSWER = "answer"
    """Take, reply, note, hand back, close."""
    READ_KNOWLEDGE = "read_knowledge"
    EDIT_KNOWLEDGE = "edit_knowledge"
    EDIT_SETTINGS = "edit_settings"
    """How the shop speaks, when people are there, when they are fetched."""
    EDIT_OFFERS = "edit_offers"
    """Prices and stock, which change by themselves many times a day."""


RIGHTS: Final[dict[str, frozenset[Right]]] = {
    "owner": frozenset(Right),
    "admin": frozenset(Right),
    "support": frozenset({Right.READ_CONVERSATIONS, Right.ANSWER, Right.READ_KNOWLEDGE}),
    "analyst": frozenset({Right.READ_CONVERSATIONS, Right.READ_KNOWLEDGE}),
    "viewer": frozenset({Right.READ_KNOWLEDGE}),
}
"""The one table of what each role may do. Owner and admin differ in what the terminal lets them do to each other, not here."""

SESSION_IDLE = timedelta(hours=12)
SESSION_LONGEST = timedelta(days=7)
TOUCH_AFTER = timedelta(seconds=30)
"""How old "seen" may be before a request renews it: one write in that time, however many requests."""
PRESENT_SECONDS = 120.0
"""Somebody whose browser was heard of within this time is there; an open desk is heard of every half minute."""
PRESENCE_CACHED = timedelta(seconds=3)
LINK_LASTS = timedelta(days=3)
MIN_PASSWORD, MAX_PASSWORD = 10, 200
"""Characters. Length is what makes a password strong; rules about signs make people write them down (NIST SP 800-63B, 5.1.1)."""
WINDOW = 15 * 60.0
PER_ACCOUNT, PER_ADDRESS = 10, 40
"""Attempts to sign in within WINDOW seconds. Addresses are shared by whole offices."""
HASHING_AT_ONCE = 2
"""argon2 takes 64 MiB each time."""
FIRST_OWNER = "owner@localhost"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
WRONG = "E-mail address and password do not fit together. Check both, or ask an owner for a new sign-in link."
OLD_FORM = "This form is too old or comes from another page. Reload the page and send it again."
CSRF_HEADER, CSRF_FIELD = "x-csrf-token", "csrf"


@dataclass(frozen=True, slots=True)
class Who:
    """The one who asks: a member of staff in a browser, or a program with an API token."""

    id: str
    """The user's id, or "token:..." of a program."""
    name: str
    """As customers and colleagues see it."""
    email: str
    """"" for a program."""
    memberships: tuple[Membership, ...]
    session: str = ""
    """Hash of the session; "" for a program."""
    csrf: str = ""

    def role(self, shop_id: str) -> str | None:
        """The role in that shop: the strongest of one there and one for all shops."""
        roles = [m.role for m in self.memberships if m.shop_id in (None, shop_id)]
        return min(roles, key=ROLES.index, default=None)

    def may(self, right: Right, shop_id: str) -> bool:
        """Whether the role in that shop allows it."""
        role = self.role(shop_id)
        return role is not None and right in RIGHTS[role]

    def shops(self, right: Right, shops: list[Shop]) -> list[Shop]:
        """Those of `shops` where it is allowed."""
        return [shop for shop in shops if self.may(right, shop.id)]


class Access:
    """Sign-in, sessions, links, API tokens and the audit log. `clock` gives UTC; `hasher`: argon2 with its own defaults, if left out."""

    def __init__(self, staff: StaffStore, bus: EventBus, *, clock: Callable[[], datetime], hasher: PasswordHasher | None = None) -> None:
        self._staff = staff
        self._bus = bus
        self._clock = clock
        self._hasher = hasher or PasswordHasher()
        self._hashing = asyncio.Semaphore(HASHING_AT_ONCE)
        self._nobody = ""
        self._presence: dict[str, tuple[datetime, bool]] = {}

    # ── inviting ──

    async def invite(self, email: str, name: str, role: str, shop_id: str | None) -> str:
        """A new member of staff (or a further role of one); the token of a link that signs in once. Raises InvalidInput."""
        if role not in ROLES:
            raise InvalidInput(f'"{role}" is no role; choose one of {", ".join(ROLES)}.', field="role")
        if not _looks_like_email(email):
            raise InvalidInput(f"'{email}' is not an e-mail address.", field="email")
        user = await self._staff.user_by_email(email) or await self._staff.create_user(email, name)
        await self._staff.grant(user.id, shop_id, role)
        await self._staff.record_audit(shop_id, "terminal", "user.invited", user.email, after={"role": role})
        return await self._link(user)

    async def first_owner_token(self) -> str | None:
        """For the very first sign-in: makes the owner when there is no user; None once anybody has set a password."""
        users = await self._staff.users()
        if any(user.password_hash for user in users):
            return None
        if not users:
            return await self.invite(FIRST_OWNER, "Owner", "owner", None)
        owners = [user for user in users if "owner" in {m.role for m in await self._staff.memberships(user.id)} and not user.disabled]
        return await self._link(owners[0]) if owners else None

    async def new_link(self, email: str) -> str:
        """A new one-time link, for a forgotten password. Raises NotFound."""
        user = await self._staff.user_by_email(email)
        if user is None or user.disabled:
            raise NotFound(f"There is no user {email} who may sign in; 'zhanggui user list' shows them.")
        await self._staff.record_audit(None, "terminal", "user.link_made", user.email)
        return await self._link(user)

    async def _link(self, user: User) -> str:
        token = secrets.token_urlsafe(32)
        await self._staff.create_link(hash_token(token), user.id, self._clock() + LINK_LASTS)
        return token

    async def new_api_token(self, shop_id: str, role: str, name: str) -> str:
        """A key for programs, shown once."""
        token = "zg_" + secrets.token_urlsafe(32)
        made = await self._staff.create_api_token(hash_token(token), shop_id, role, name)
        await self._staff.record_audit(shop_id, "terminal", "token.created", _program(made), after={"role": role, "name": name})
        return token

    # ── signing in ──

    async def sign_in(self, address: str, email: str, password: str) -> str:
        """The session's token for the cookie. Raises TooManyRequests, NotAllowed: the same for an unknown user and a wrong password, and
        after the same work. `address`: the network address that asks."""
        await self._limit(f"sign-in:address:{address}", PER_ADDRESS)
        await self._limit(f"sign-in:account:{hash_token(email.strip().lower())}", PER_ACCOUNT)
        user = await self._staff.user_by_email(email) if len(email) <= MAX_PASSWORD else None
        known = user if user is not None and user.password_hash and not user.disabled else None
        if not await self._verified(known.password_hash if known else await self._hash_of_nobody(), password) or known is None:
            log.info("a sign-in failed")
            raise NotAllowed(WRONG, code="wrong_sign_in")
        if self._hasher.check_needs_rehash(known.password_hash):
            await self._staff.set_password(known.id, await self._hashed(password))
        await self._staff.record_audit(None, known.email, "signed_in", known.id)
        return await self._begin(known)

    async def sign_in_by_link(self, address: str, token: str, password: str, *, name: str = "") -> str:
        """Uses up the link, sets the password and begins a session; all others of the user end. Raises InvalidInput for a password that
        is too short (the link stays), NotAllowed for a link that is unknown, used or too old."""
        await self._limit(f"link:address:{address}", PER_ADDRESS)
        if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
            raise InvalidInput(
                f"Choose a password of {MIN_PASSWORD} to {MAX_PASSWORD} characters.",
                field="password",
                code="short_password",
                least=MIN_PASSWORD,
                most=MAX_PASSWORD,
            )
        hashed = await self._hashed(password)
        user = await self._staff.use_link(hash_token(token))
        if user is None:
            raise NotAllowed("This link was used already or is too old. Ask an owner for a new one.", code="used_link")
        await self._staff.set_password(user.id, hashed)
        if name.strip():
            await self._staff.rename(user.id, name.strip()[:80])
        await self._staff.end_sessions(user.id)
        await self._staff.record_audit(None, user.email, "signed_in_by_link", user.id)
        return await self._begin(user)

    async def sign_out(self, who: Who) -> None:
        """Ends this browser's session."""
        if who.session:
            await self._staff.end_session(who.session)
            await self._staff.record_audit(None, who.email, "signed_out", who.id)

    async def _begin(self, user: User) -> str:
        token = secrets.token_urlsafe(32)
        await self._staff.create_session(hash_token(token), user.id, self._clock() + SESSION_IDLE)
        self._presence.clear()
        return token

    async def _limit(self, name: str, most: int) -> None:
        wait = await self._bus.hit(name, most, WINDOW)
        if wait:
            raise TooManyRequests("Too many attempts to sign in. Wait a while, then try again.", retry_after=wait, code="too_many_sign_ins")

    async def _hashed(self, password: str) -> str:
        async with self._hashing:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def _verified(self, hashed: str, password: str) -> bool:
        def verified() -> bool:
            try:
                return self._hasher.verify(hashed, password if len(password) <= MAX_PASSWORD else "")
            except (VerificationError, InvalidHashError):
                return False

        async with self._hashing:
            return await asyncio.to_thread(verified)

    async def _hash_of_nobody(self) -> str:
        # Verified when there is no such user, so that the time taken tells nobody who exists.
        self._nobody = self._nobody or await self._hashed(secrets.token_urlsafe(16))
        return self._nobody

    # ── who asks ──

    async def who(self, request: Request, *, prolong: bool = True) -> Who:
        """By API token or cookie. With the cookie, an unsafe method must carry the CSRF token. Without `prolong` (a page that refreshes
        itself) the session lasts no longer for it. Raises SignInRequired, NotAllowed."""
        header = request.headers.get("authorization", "")
        if header:
            return await self._program_of(header)
        token = session_cookie(request)
        session = await self.session(token, prolong=prolong)
        user = await self._staff.user(session.user_id) if session else None
        if session is None or user is None:
            raise SignInRequired("Sign in first.")
        csrf = csrf_of(token)
        if request.method not in SAFE_METHODS and not hmac.compare_digest(await _csrf_sent(request), csrf.encode()):
            raise NotAllowed(OLD_FORM, code="old_form")
        memberships = await self._staff.memberships(user.id)
        return Who(user.id, user.name or user.email, user.email, tuple(memberships), session.id_hash, csrf)

    async def _program_of(self, header: str) -> Who:
        scheme, _, text = header.partition(" ")
        found = await self._staff.api_token(hash_token(text.strip())) if scheme.lower() == "bearer" and text else None
        if found is None:
            raise SignInRequired("Send a valid API token as `Authorization: Bearer TOKEN`; 'zhanggui token create' makes one.")
        return Who(_program(found), found.name, "", (Membership(_program(found), found.shop_id, found.role),))

    async def session(self, token: str, *, prolong: bool = True) -> Session | None:
        """The session of a cookie, seen now; None when it has ended, was idle too long or is too old."""
        found = await self._staff.session(hash_token(token)) if token else None
        now = self._clock()
        if found is not None and now - found.seen_at > TOUCH_AFTER:
            until = min(found.created_at + SESSION_LONGEST, now + SESSION_IDLE) if prolong else None
            await self._staff.touch_session(found.id_hash, until)
        return found

    async def still_there(self, who: Who) -> bool:
        """Marks an open desk as present without making its session last longer; False once the session has ended."""
        found = await self._staff.session(who.session)
        if found is not None and self._clock() - found.seen_at > TOUCH_AFTER:
            await self._staff.touch_session(found.id_hash)
        return found is not None

    async def anybody_present(self, shop_id: str) -> bool:
        """Whether somebody who may answer customers of that shop is there; at most a few seconds old."""
        now = self._clock()
        known = self._presence.get(shop_id)
        if known is None or now - known[0] > PRESENCE_CACHED:
            known = (now, bool(await self._staff.present(shop_id, PRESENT_SECONDS)))
            self._presence[shop_id] = known
        return known[1]

    # ── the gate ──

    async def shop(self, who: Who, right: Right, slug: str | None, knowledge: KnowledgeStore) -> Shop:
        """The shop of that slug, or with None the first one where it is allowed. Missing and forbidden look the same: NotFound. Who has a
        role there that does not allow this: NotAllowed."""
        known = [shop for shop in await knowledge.shops() if who.role(shop.id) and slug in (None, "", shop.slug)]
        allowed = who.shops(right, known)
        if allowed:
            return allowed[0]
        if known:
            raise NotAllowed("Your role does not allow this in this shop. Ask an owner for another role.", code="not_your_role")
        raise NotFound("There is no such shop, or none that you may open.", code="no_shop")

    async def conversation(
        self, who: Who, right: Right, conversation_id: str, conversations: ConversationStore, knowledge: KnowledgeStore
    ) -> tuple[Shop, Conversation]:
        """The only way staff get a conversation. Missing and forbidden look the same: NotFound. Who may read it but not do this: NotAllowed."""
        for shop in who.shops(Right.READ_CONVERSATIONS, await knowledge.shops()):
            found = await conversations.conversation(shop.id, conversation_id)
            if found is not None:
                if not who.may(right, shop.id):
                    raise NotAllowed("Your role lets you read this conversation, not answer in it.", code="not_your_role")
                return shop, found
        raise NotFound("There is no such conversation, or none that you may open.", code="no_conversation")

    async def record(self, who: Who, shop_id: str | None, what: str, target: str, *, once_in: float = 0.0, **after: object) -> None:
        """Writes the audit log; with `once_in`, the same thing by the same person at most once in that many seconds."""
        if not once_in or await self._bus.lock(f"audit:{who.id}:{what}:{target}", once_in):
            await self._staff.record_audit(shop_id, who.email or who.id, what, target, after=after or None)

    async def record_change(
        self, who: Who, shop_id: str, what: str, target: str, before: dict[str, object], after: dict[str, object]
    ) -> None:
        """Writes to the audit log what stood there and what stands there now."""
        await self._staff.record_audit(shop_id, who.email or who.id, what, target, before, after)

    async def history(self, shop_id: str, what: str, limit: int) -> list[Audit]:
        """What the audit log has of one kind of change in that shop, newest first."""
        return await self._staff.audits(shop_id, limit=limit, what=what)

    async def name_of(self, agent_id: str | None) -> str:
        """The name of who holds a conversation; "" for nobody or somebody who is gone."""
        user = await self._staff.user(agent_id) if agent_id else None
        return user.name if user else ""


def hash_token(token: str) -> str:
    """SHA-256, hex."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def csrf_of(session_token: str) -> str:
    """What a form of this session carries: made from the cookie, and not leading back to it."""
    return hmac.new(session_token.encode(), b"csrf", hashlib.sha256).hexdigest()


def cookie_name(request: Request) -> str:
    """Over https with the prefix that lets no other host or path set it."""
    return "__Host-zhanggui-staff" if request.url.scheme == "https" else "zhanggui-staff"


def session_cookie(request: Request) -> str:
    """The session's token, or ""."""
    return request.cookies.get(cookie_name(request), "")


def same_origin(request: Request) -> bool:
    """Whether a form without a session (signing in) was sent by a page of ours: browsers say so in headers that pages cannot set."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("origin")
    return origin is None or origin.partition("://")[2] == request.headers.get("host", "")


async def _csrf_sent(request: Request) -> bytes:
    sent = request.headers.get(CSRF_HEADER)
    kind = request.headers.get("content-type", "")
    if sent is None and kind.startswith(("application/x-www-form-urlencoded", "multipart/form-data")):
        field = (await request.form()).get(CSRF_FIELD)
        sent = field if isinstance(field, str) else None
    return (sent or "").encode("utf-8", "replace")


def _program(token: ApiToken) -> str:
    return f"token:{token.hash[:12]}"


def _looks_like_email(text: str) -> bool:
    local, at, host = text.strip().partition("@")
    return bool(local and at and host) and " " not in text.strip() and "@" not in host and len(text) <= 200
