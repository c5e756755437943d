"""`zhanggui shop | user | token | forget | doctor`: what an owner does at the terminal."""

import json
import re
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TextIO

import httpx

from bot.assembly import Services, services
from bot.commands.terminal import chosen_shop
from bot.demo import described_shop
from bot.errors import InvalidInput, NotFound
from bot.settings import Settings
from knowledge.localized import pick
from knowledge.shop_editing import checked_shop
from retrieval.retriever import Query

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
Say = Callable[[str, bool, str], None]
"""Part, whether it is well, sentence."""
ROLES = ("owner", "admin", "support", "analyst", "viewer")


async def shop_create(settings: Settings, slug: str, name: str, currency: str, languages: Sequence[str], out: TextIO) -> int:
    """Raises InvalidInput for a slug or currency of the wrong form."""
    if not SLUG.fullmatch(slug):
        raise InvalidInput(f"'{slug}' cannot be a shop's slug; use 1 to 63 lower-case letters, digits and hyphens.")
    if not re.fullmatch(r"[A-Z]{3}", currency):
        raise InvalidInput(f"'{currency}' is not a currency; use the three-letter code, such as USD or CNY.")
    async with services(settings) as parts:
        await parts.knowledge.create_shop(slug, name, currency, languages)
    out.write(f"Shop '{slug}' is there; fill it with 'zhanggui import FILE --shop {slug}'.\n")
    return 0


async def shop_list(settings: Settings, as_json: bool, out: TextIO) -> int:
    """Slug, name, currency, languages and serving revision of each."""
    async with services(settings) as parts:
        shops = await parts.knowledge.store.shops()
        revisions = {shop.id: (await parts.knowledge.store.state(shop.id)).revision for shop in shops}
    rows: list[dict[str, object]] = [
        {
            "slug": shop.slug,
            "name": pick(shop.name, shop.languages[0]),
            "currency": shop.currency,
            "languages": list(shop.languages),
            "revision": revisions[shop.id],
        }
        for shop in shops
    ]
    if as_json:
        out.write(json.dumps(rows, ensure_ascii=False) + "\n")
        return 0
    for row in rows:
        state = f"revision {row['revision']}" if row["revision"] else "nothing published"
        out.write(f"{row['slug']}  {row['name']}  {row['currency']}  {state}\n")
    if not rows:
        out.write("There is no shop yet; 'zhanggui shop create SLUG' makes one, 'zhanggui import FILE' makes and fills one.\n")
    return 0


async def shop_delete(settings: Settings, slug: str, out: TextIO) -> int:
    """The shop, its knowledge, conversations and vectors, for good."""
    async with services(settings) as parts:
        shop = await parts.knowledge.shop(slug)
        await parts.knowledge.store.delete_shop(shop.id)
        await parts.indexes.drop(shop.id)
    out.write(f"Shop '{slug}' and everything of it is deleted.\n")
    return 0


async def user_create(settings: Settings, email: str, name: str, role: str, slug: str | None, out: TextIO) -> int:
    """Makes a member of staff and prints the one-time sign-in link."""
    if role not in ROLES:
        raise InvalidInput(f"'{role}' is not a role; use one of {', '.join(ROLES)}.")
    async with services(settings) as parts:
        shop = await parts.knowledge.shop(slug) if slug else None
        token = await parts.access.invite(email, name or email.split("@", maxsplit=1)[0], role, shop.id if shop else None)
    out.write(f"{email} is {role}. Sign in once with this link and choose a password:\n  {sign_in_link(settings, token)}\n")
    return 0


async def user_list(settings: Settings, out: TextIO) -> int:
    """Everybody of the staff with roles."""
    async with services(settings) as parts:
        shops = {shop.id: shop.slug for shop in await parts.knowledge.store.shops()}
        for user in await parts.staff.users():
            memberships = await parts.staff.memberships(user.id)
            roles = ", ".join(f"{m.role}@{shops.get(m.shop_id or '', 'all shops')}" for m in memberships) or "no role"
            out.write(f"{user.email}  {user.name}  {roles}{'  (disabled)' if user.disabled else ''}\n")
    return 0


async def user_disable(settings: Settings, email: str, out: TextIO) -> int:
    """Ends all sessions of the user and lets no new one begin."""
    async with services(settings) as parts:
        user = await parts.staff.user_by_email(email)
        if user is None:
            raise NotFound(f"There is no user {email}; 'zhanggui user list' shows them.")
        await parts.staff.disable(user.id)
    out.write(f"{email} can no longer sign in.\n")
    return 0


async def user_link(settings: Settings, email: str, out: TextIO) -> int:
    """A new one-time link, for a forgotten password."""
    async with services(settings) as parts:
        token = await parts.access.new_link(email)
    out.write(f"  {sign_in_link(settings, token)}\n")
    return 0


async def token_create(settings: Settings, slug: str | None, role: str, name: str, out: TextIO) -> int:
    """An API token for one shop; shown once."""
    if role not in ROLES:
        raise InvalidInput(f"'{role}' is not a role; use one of {', '.join(ROLES)}.")
    async with services(settings) as parts:
        shop = await chosen_shop(parts, slug)
        token = await parts.access.new_api_token(shop.id, role, name)
    out.write(token + "\n")
    return 0


async def forget(settings: Settings, who: str, out: TextIO) -> int:
    """Erases a customer by contact id, conversation id or channel address: messages, memories, traces, deliveries."""
    async with services(settings) as parts:
        contacts = await parts.conversations.find_contacts(who)
        if not contacts:
            raise NotFound(f"No customer is known as '{who}'; give a contact id, a conversation id or the address on the channel.")
        for contact in contacts:
            erased = await parts.conversations.forget(contact.id)
            out.write(f"{contact.id}: erased " + ", ".join(f"{count} {table}" for table, count in erased.items() if count) + ".\n")
    return 0


async def doctor(settings: Settings, out: TextIO) -> int:
    """Checks settings, storage, index, model and channels; 1 if something is to be mended."""
    failures = 0

    def say(part: str, well: bool, sentence: str) -> None:
        nonlocal failures
        failures += not well
        out.write(f"{'ok  ' if well else 'MEND'}  {part}: {sentence}\n")

    async with services(settings) as parts:
        say("settings", True, f"data in {settings.data}, {'PostgreSQL' if 'postgres' in settings.database_url else 'SQLite'}")
        shops = await parts.knowledge.store.shops()
        say("storage", True, f"{len(shops)} shops")
        reachable = await parts.indexes.ready()
        say(
            "index",
            reachable,
            settings.chroma_url or "embedded Chroma" if reachable else "Chroma cannot be reached; check ZHANGGUI_CHROMA_URL",
        )
        vector = parts.embedder.embed_query("doctor")
        say("embedding", bool(abs(float(vector @ vector) - 1) < 1e-3), f"{parts.embedder.name}, {parts.embedder.dimensions} dimensions")
        for shop in shops:
            await _doctor_shop(parts, shop.slug, say)
        await _doctor_model(settings, say)
        await _doctor_telegram(parts, say)
        people = await parts.staff.users()
        say("staff", bool(people), f"{len(people)} users" if people else "nobody can sign in yet; 'zhanggui user create EMAIL' helps")
    return 1 if failures else 0


async def _doctor_shop(parts: Services, slug: str, say: Say) -> None:
    shop = await parts.knowledge.shop(slug)
    view = await parts.retriever.view(shop)
    if not view.revision:
        say(f"shop {slug}", False, f"nothing is published; 'zhanggui import FILE --shop {slug}' fills it")
        return
    await parts.retriever.search(view, Query(text="test", language=shop.languages[0]))
    index = await parts.indexes.open(shop.id, parts.embedder.name, parts.embedder.dimensions)
    missing = await index.missing([passage.hash for passage in view.passages])
    sentence = f"revision {view.revision}, {len(view.products)} products, {len(view.faq)} FAQ entries, {len(view.passages)} passages"
    say(
        f"shop {slug}",
        not missing,
        sentence + (f"; {len(missing)} vectors are still to be made: a running server does that, or any import" if missing else ""),
    )


async def _doctor_model(settings: Settings, say: Say) -> None:
    if not settings.chat_model:
        say("chat model", True, "none; the composer answers")
        return
    if not settings.chat_model_base_url:
        say("chat model", True, f"{settings.chat_model} at its provider (not called)")
        return
    try:
        async with httpx.AsyncClient(timeout=5) as client:
            await client.get(settings.chat_model_base_url)
        say("chat model", True, f"{settings.chat_model} at {settings.chat_model_base_url}")
    except httpx.HTTPError as error:
        say(
            "chat model",
            False,
            f"{settings.chat_model_base_url} does not answer ({type(error).__name__}); check ZHANGGUI_CHAT_MODEL_BASE_URL",
        )


async def telegram_set(settings: Settings, slug: str | None, token: str, out: TextIO) -> int:
    """Keeps a shop's bot token, encrypted; a running server takes it up within seconds. Raises InvalidInput for what is no token."""
    if not re.fullmatch(r"[A-Za-z0-9:_-]{8,256}", token):
        raise InvalidInput("Give the token of @BotFather on standard input: 'zhanggui telegram set --shop SLUG < token.txt'.")
    async with services(settings) as parts:
        shop = await chosen_shop(parts, slug)
        name = await parts.telegram.set_token(shop, token)
    out.write(f"Shop '{shop.slug}' speaks as @{name} on Telegram.\n")
    return 0


async def telegram_remove(settings: Settings, slug: str | None, out: TextIO) -> int:
    """Forgets a shop's stored token."""
    async with services(settings) as parts:
        shop = await chosen_shop(parts, slug)
        await parts.telegram.set_token(shop, "")
    out.write(f"Shop '{shop.slug}' has no stored Telegram token any more.\n")
    return 0


async def _doctor_telegram(parts: Services, say: Say) -> None:
    for name, well, sentence in await parts.telegram.check():
        say(f"telegram {name}", well, sentence)


def sign_in_link(settings: Settings, token: str) -> str:
    """The token stands behind '#', so that it reaches no log and no Referer."""
    return f"{settings.base_url}/desk/welcome#{token}"


async def shop_set(settings: Settings, slug: str, path: Path, out: TextIO) -> int:
    """Takes name, currency, languages and settings from a TOML file like knowledge/demo/shop.toml; what it does not name stays."""
    described = _read_toml(path)
    async with services(settings) as parts:
        shop = await parts.knowledge.shop(slug)
        await parts.knowledge.store.change_shop(shop.id, lambda now: checked_shop(described_shop(now, described)))
    out.write(f"Shop '{slug}' has the settings of {path.name}.\n")
    return 0


def _read_toml(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InvalidInput(f"{path} cannot be read ({error.strerror}); check the name.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidInput(f"{path} is not TOML ({error}); knowledge/demo/shop.toml shows the form.") from None
