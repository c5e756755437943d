"""StaffStore on SQLAlchemy, for SQLite and PostgreSQL alike."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.consoles.staff_store import ROLES, ApiToken, Audit, Membership, Session, SignInLink, User
from bot.errors import Conflict, InvalidInput
from bot.storage.tables import api_tokens, audits, failed_sign_ins, memberships, sessions, sign_in_links, users
from knowledge.catalog import utc_now
from knowledge.storage.columns import AnyRow, new_id
from knowledge.storage.engine import Engine

FAILURES_COUNT_FOR = timedelta(minutes=15)
_KEPT = timedelta(days=1)
_ANSWERING = ("owner", "admin", "support")


class SqlStaffStore:
    """See bot.consoles.staff_store.StaffStore. `clock` gives the time in UTC."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = utc_now) -> None:
        self._engine = engine
        self._clock = clock

    # ── users ──

    async def create_user(self, email: str, name: str, password_hash: str = "") -> User:
        """Raises Conflict when the e-mail address is taken."""
        user = User(new_id(), _plain(email), name, password_hash)
        values = {"id": user.id, "email": user.email, "name": name, "password_hash": password_hash}
        try:
            async with self._engine.write() as connection:
                await connection.execute(insert(users).values(**values, disabled=False, created_at=self._clock()))
        except IntegrityError as error:
            raise Conflict("A user with this e-mail address exists already; choose another address.") from error
        return user

    async def user(self, user_id: str) -> User | None:
        """By id."""
        return await self._user(users.c.id == user_id)

    async def user_by_email(self, email: str) -> User | None:
        """Case does not count."""
        return await self._user(users.c.email == _plain(email))

    async def _user(self, condition: Any) -> User | None:
        async with self._engine.read() as connection:
            row = (await connection.execute(select(users).where(condition))).one_or_none()
        return None if row is None else _to_user(row)

    async def users(self, shop_id: str | None = None) -> list[User]:
        """See the port."""
        query = select(users).order_by(users.c.email)
        if shop_id is not None:
            query = query.where(users.c.id.in_(_members(shop_id)))
        async with self._engine.read() as connection:
            return [_to_user(row) for row in await connection.execute(query)]

    async def set_password(self, user_id: str, password_hash: str) -> None:
        """Stores the hash."""
        await self._set(user_id, password_hash=password_hash)

    async def rename(self, user_id: str, name: str) -> None:
        """The name that customers and colleagues see."""
        await self._set(user_id, name=name)

    async def _set(self, user_id: str, **values: object) -> None:
        async with self._engine.write() as connection:
            await connection.execute(update(users).where(users.c.id == user_id).values(**values))

    async def disable(self, user_id: str, disabled: bool = True) -> None:
        """A disabled user's sessions and links go at once."""
        async with self._engine.write() as connection:
            await connection.execute(update(users).where(users.c.id == user_id).values(disabled=disabled))
            if disabled:
                await connection.execute(delete(sessions).where(sessions.c.user_id == user_id))
                await connection.execute(delete(sign_in_links).where(sign_in_links.c.user_id == user_id))

    # ── roles ──

    async def grant(self, user_id: str, shop_id: str | None, role: str) -> None:
        """Raises InvalidInput for a role that does not exist."""
        if role not in ROLES:
            raise InvalidInput(f'"{role}" is no role; choose one of {", ".join(ROLES)}.')
        async with self._engine.write() as connection:
            # The user's row orders two grants to the same user: a key over shop_id would let NULL stand twice.
            await connection.execute(select(users.c.id).where(users.c.id == user_id).with_for_update())
            await _withdraw(connection, user_id, shop_id)
            await connection.execute(insert(memberships).values(id=new_id(), user_id=user_id, shop_id=shop_id, role=role))

    async def withdraw(self, user_id: str, shop_id: str | None) -> None:
        """Takes the role in that shop away; one for all shops is another."""
        async with self._engine.write() as connection:
            await _withdraw(connection, user_id, shop_id)

    async def memberships(self, user_id: str) -> list[Membership]:
        """Those for all shops first."""
        query = select(memberships).where(memberships.c.user_id == user_id)
        async with self._engine.read() as connection:
            found = [Membership(row.user_id, row.shop_id, row.role) for row in await connection.execute(query)]
        return sorted(found, key=lambda one: (one.shop_id is not None, one.shop_id or ""))

    # ── signing in ──

    async def create_session(self, id_hash: str, user_id: str, expires_at: datetime) -> Session:
        """Old sessions are cleared away on the way."""
        now = self._clock()
        async with self._engine.write() as connection:
            await connection.execute(delete(sessions).where(sessions.c.expires_at < now))
            values = {"id_hash": id_hash, "user_id": user_id, "created_at": now, "seen_at": now, "expires_at": expires_at}
            await connection.execute(insert(sessions).values(**values))
        return Session(id_hash, user_id, now, now, expires_at)

    async def session(self, id_hash: str) -> Session | None:
        """See the port."""
        query = (
            select(sessions)
            .join(users, users.c.id == sessions.c.user_id)
            .where(sessions.c.id_hash == id_hash, sessions.c.expires_at > self._clock(), users.c.disabled.is_(False))
        )
        async with self._engine.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        return None if row is None else Session(row.id_hash, row.user_id, row.created_at, row.seen_at, row.expires_at)

    async def touch_session(self, id_hash: str, expires_at: datetime | None = None) -> None:
        """See the port."""
        values: dict[str, object] = {"seen_at": self._clock()}
        if expires_at is not None:
            values["expires_at"] = expires_at
        async with self._engine.write() as connection:
            await connection.execute(update(sessions).where(sessions.c.id_hash == id_hash).values(**values))

    async def end_session(self, id_hash: str) -> None:
        """Signs this browser out."""
        async with self._engine.write() as connection:
            await connection.execute(delete(sessions).where(sessions.c.id_hash == id_hash))

    async def end_sessions(self, user_id: str) -> None:
        """Signs the user out everywhere."""
        async with self._engine.write() as connection:
            await connection.execute(delete(sessions).where(sessions.c.user_id == user_id))

    async def create_link(self, token_hash: str, user_id: str, expires_at: datetime) -> SignInLink:
        """A link for one sign-in."""
        async with self._engine.write() as connection:
            await connection.execute(insert(sign_in_links).values(token_hash=token_hash, user_id=user_id, expires_at=expires_at))
        return SignInLink(token_hash, user_id, expires_at)

    async def use_link(self, token_hash: str) -> User | None:
        """See the port."""
        now = self._clock()
        c = sign_in_links.c
        using = update(sign_in_links).where(c.token_hash == token_hash, c.used_at.is_(None), c.expires_at > now).values(used_at=now)
        async with self._engine.write() as connection:
            if not (await connection.execute(using)).rowcount:
                return None
            owner = select(users).join(sign_in_links, c.user_id == users.c.id).where(c.token_hash == token_hash)
            row = (await connection.execute(owner.where(users.c.disabled.is_(False)))).one_or_none()
        return None if row is None else _to_user(row)

    # ── keys for programs ──

    async def create_api_token(self, hash: str, shop_id: str, role: str, name: str) -> ApiToken:
        """Raises InvalidInput for a role that does not exist."""
        if role not in ROLES:
            raise InvalidInput(f'"{role}" is no role; choose one of {", ".join(ROLES)}.')
        token = ApiToken(hash, shop_id, role, name, self._clock())
        async with self._engine.write() as connection:
            values = {"hash": hash, "shop_id": shop_id, "role": role, "name": name, "created_at": token.created_at}
            await connection.execute(insert(api_tokens).values(**values))
        return token

    async def api_token(self, hash: str) -> ApiToken | None:
        """See the port."""
        query = select(api_tokens).where(api_tokens.c.hash == hash, api_tokens.c.revoked_at.is_(None))
        async with self._engine.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        return None if row is None else _to_token(row)

    async def api_tokens(self, shop_id: str) -> list[ApiToken]:
        """The valid ones, oldest first."""
        c = api_tokens.c
        query = select(api_tokens).where(c.shop_id == shop_id, c.revoked_at.is_(None)).order_by(c.created_at, c.hash)
        async with self._engine.read() as connection:
            return [_to_token(row) for row in await connection.execute(query)]

    async def revoke(self, shop_id: str, hash: str) -> bool:
        """Only a token of that shop."""
        c = api_tokens.c
        revoking = update(api_tokens).where(c.shop_id == shop_id, c.hash == hash, c.revoked_at.is_(None)).values(revoked_at=self._clock())
        async with self._engine.write() as connection:
            return (await connection.execute(revoking)).rowcount > 0

    # ── audit, failures, presence ──

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
        values = {"id": new_id(), "shop_id": shop_id, "who": who, "what": what, "target": target, "at": self._clock()}
        async with self._engine.write() as connection:
            await connection.execute(insert(audits).values(**values, before=before, after=after))

    async def audits(self, shop_id: str | None, *, limit: int = 100, before: datetime | None = None, what: str = "") -> list[Audit]:
        """Of that shop alone, or with None those of the installation."""
        c = audits.c
        query = select(audits).where(c.shop_id.is_(None) if shop_id is None else c.shop_id == shop_id)
        if before is not None:
            query = query.where(c.at < before)
        if what:
            query = query.where(c.what == what)
        async with self._engine.read() as connection:
            rows = (await connection.execute(query.order_by(c.at.desc(), c.id.desc()).limit(limit))).all()
        return [Audit(row.shop_id, row.who, row.what, row.target, row.at, row.before, row.after) for row in rows]

    async def record_failure(self, subject: str) -> int:
        """See the port."""
        now = self._clock()
        async with self._engine.write() as connection:
            await connection.execute(delete(failed_sign_ins).where(failed_sign_ins.c.at < now - _KEPT))
            await connection.execute(insert(failed_sign_ins).values(id=new_id(), subject=_plain(subject), at=now))
            return await self._failures(connection, subject)

    async def failures(self, subject: str) -> int:
        """See the port."""
        async with self._engine.read() as connection:
            return await self._failures(connection, subject)

    async def _failures(self, connection: AsyncConnection, subject: str) -> int:
        c = failed_sign_ins.c
        since = self._clock() - FAILURES_COUNT_FOR
        query = select(func.count()).select_from(failed_sign_ins).where(c.subject == _plain(subject), c.at > since)
        return int(await connection.scalar(query) or 0)

    async def clear_failures(self, subject: str) -> None:
        """After a success."""
        async with self._engine.write() as connection:
            await connection.execute(delete(failed_sign_ins).where(failed_sign_ins.c.subject == _plain(subject)))

    async def present(self, shop_id: str, seconds: float) -> list[User]:
        """See the port."""
        now = self._clock()
        c = sessions.c
        seen = select(c.user_id).where(c.seen_at >= now - timedelta(seconds=seconds), c.expires_at > now)
        query = select(users).where(users.c.id.in_(seen), users.c.id.in_(_members(shop_id, _ANSWERING)), users.c.disabled.is_(False))
        async with self._engine.read() as connection:
            return [_to_user(row) for row in await connection.execute(query.order_by(users.c.email))]


def _members(shop_id: str, roles: tuple[str, ...] = ROLES) -> Any:
    c = memberships.c
    return select(c.user_id).where(or_(c.shop_id == shop_id, c.shop_id.is_(None)), c.role.in_(roles))


async def _withdraw(connection: AsyncConnection, user_id: str, shop_id: str | None) -> None:
    c = memberships.c
    same_shop = c.shop_id.is_(None) if shop_id is None else c.shop_id == shop_id
    await connection.execute(delete(memberships).where(c.user_id == user_id, same_shop))


def _plain(address: str) -> str:
    return address.strip().lower()


def _to_user(row: AnyRow) -> User:
    return User(row.id, row.email, row.name, row.password_hash, row.disabled)


def _to_token(row: AnyRow) -> ApiToken:
    return ApiToken(row.hash, row.shop_id, row.role, row.name, row.created_at)
