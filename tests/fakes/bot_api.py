"""A strict Bot API on loopback: what Telegram refuses is refused with Telegram's words, and what no bot of ours may do fails the test.

Updates wait until they are confirmed by an offset, or are brought to the webhook. `scripted` answers the next calls of a method as told.
https://core.telegram.org/bots/api
"""

import asyncio
import json
import re
import socket
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from tests.fakes.telegram_html import Unparsable, parse, units

SEND = {
    "chat_id", "parse_mode", "reply_markup", "link_preview_options", "disable_notification", "protect_content", "reply_parameters",
}  # fmt: skip
PARAMETERS: dict[str, set[str]] = {
    "getMe": set(),
    "getUpdates": {"offset", "limit", "timeout", "allowed_updates"},
    "setWebhook": {"url", "secret_token", "allowed_updates", "drop_pending_updates", "max_connections"},
    "deleteWebhook": {"drop_pending_updates"},
    "getWebhookInfo": set(),
    "setMyCommands": {"commands", "language_code", "scope"},
    "sendMessage": SEND | {"text"},
    "sendPhoto": (SEND - {"link_preview_options"}) | {"photo", "caption"},
    "sendMediaGroup": (SEND - {"link_preview_options", "reply_markup", "parse_mode"}) | {"media"},
    "sendChatAction": {"chat_id", "action"},
    "answerCallbackQuery": {"callback_query_id", "text", "show_alert"},
}
PREFIX = "Bad Request: "


class Refused(Exception):
    def __init__(self, status: int, description: str, **parameters: object) -> None:
        super().__init__(description)
        self.status, self.description, self.parameters = status, description, parameters


@dataclass(slots=True)
class Call:
    method: str
    parameters: dict[str, Any]
    status: int = 200


@dataclass(slots=True)
class Said:
    """A message that a bot sent and the customer sees."""

    chat: int
    message_id: int
    text: str
    """Without markup."""
    markup: str
    keyboard: list[list[dict[str, Any]]]
    photo: str = ""
    album: str = ""
    entities: list[str] = field(default_factory=list)

    def data(self, text: str) -> str:
        """The callback data of the button that reads so, or begins so."""
        found = [b["callback_data"] for row in self.keyboard for b in row if b["text"] == text or b["text"].startswith(text)]
        assert found, f"no button '{text}' among {[b['text'] for row in self.keyboard for b in row]}"
        return str(found[0])

    @property
    def buttons(self) -> list[str]:
        return [button["text"] for row in self.keyboard for button in row]


@dataclass(slots=True)
class Scripted:
    status: int
    description: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)
    gate: asyncio.Event | None = None
    """Set: the call waits for it; with status 200 it then goes on as usual."""


class FakeBot:
    """One bot and its customers."""

    def __init__(self, server: "BotApiServer", token: str, username: str) -> None:
        self._server = server
        self.token = token
        self.id = int(token.partition(":")[0])
        self.username = username
        self.updates: list[dict[str, Any]] = []
        self.next_update = 1000
        self.next_message = 1
        self.chats: set[int] = set()
        self.blocked: set[int] = set()
        self.said: list[Said] = []
        self.typed: list[int] = []
        self.presses: dict[str, str | None] = {}
        """Callback id to the toast it was answered with; None: not yet."""
        self.webhook: dict[str, Any] = {}
        self.commands: dict[str, list[dict[str, str]]] = {}
        self.files: set[str] = set()
        self.polls: list[asyncio.Event] = []

    # ── what customers do ──

    def user(self, chat: int, language: str) -> dict[str, Any]:
        return {"id": abs(chat), "is_bot": False, "first_name": "Ada", "last_name": "L", "language_code": language}

    def chat(self, chat: int) -> dict[str, Any]:
        if chat < 0:
            return {"id": chat, "type": "supergroup", "title": "Group"}
        return {"id": chat, "type": "private", "first_name": "Ada"}

    def message(self, chat: int, language: str = "en", **content: Any) -> dict[str, Any]:
        self.chats.add(chat)
        number = self.next_message
        self.next_message += 1
        text = content.get("text") or content.get("caption") or ""
        entities = [{"type": "bot_command", "offset": 0, "length": len(c.group(0))} for c in [re.match(r"/\w+(?:@\w+)?", text)] if c]
        entities += [{"type": "mention", "offset": units(text[: m.start()]), "length": len(m.group(0))} for m in re.finditer(r"@\w+", text)]
        if entities:
            content.setdefault("entities" if content.get("text") else "caption_entities", entities)
        return {"message_id": number, "date": 1_772_366_400, "chat": self.chat(chat), "from": self.user(chat, language), **content}

    def put(self, **update: Any) -> dict[str, Any]:
        """Queues an update; the numbers grow."""
        full = {"update_id": self.next_update, **update}
        self.next_update += 1
        self.updates.append(full)
        for poll in self.polls:
            poll.set()
        return full

    def says(self, text: str, chat: int = 7, language: str = "en") -> dict[str, Any]:
        return self.put(message=self.message(chat, language, text=text))

    def sends(self, chat: int = 7, **content: Any) -> dict[str, Any]:
        return self.put(message=self.message(chat, **content))

    def edits(self, message: dict[str, Any], text: str) -> dict[str, Any]:
        return self.put(edited_message={**message, "text": text, "edit_date": message["date"] + 60})

    def press(self, data: str, said: Said | None = None, chat: int = 7, language: str = "en") -> str:
        """The callback id."""
        press_id = str(9_000 + len(self.presses))
        self.presses[press_id] = None
        shown = said or self.said[-1]
        message = {"message_id": shown.message_id, "date": 1_772_366_400, "chat": self.chat(chat), "text": shown.text or "-"}
        self.put(callback_query={"id": press_id, "from": self.user(chat, language), "chat_instance": "1", "data": data, "message": message})
        return press_id

    def block(self, chat: int = 7) -> None:
        self.blocked.add(chat)
        bot = {"id": self.id, "is_bot": True, "first_name": "Bot", "username": self.username}
        old, new = {"user": bot, "status": "member"}, {"user": bot, "status": "kicked", "until_date": 0}
        change = {"chat": self.chat(chat), "from": self.user(chat, "en"), "date": 1_772_366_400}
        self.put(my_chat_member={**change, "old_chat_member": old, "new_chat_member": new})

    async def bring(self, client: httpx.AsyncClient | None = None) -> list[int]:
        """Brings what waits to the webhook, in order; what is not answered with 2xx goes on waiting. Returns the statuses."""
        statuses = []
        own = client or httpx.AsyncClient(trust_env=False)
        for update in list(self.updates):
            headers = {"X-Telegram-Bot-Api-Secret-Token": self.webhook["secret_token"]} if self.webhook.get("secret_token") else {}
            response = await own.post(self.webhook["url"], json=update, headers=headers)
            statuses.append(response.status_code)
            if response.is_success:
                self.updates.remove(update)
        if client is None:
            await own.aclose()
        return statuses

    def to(self, chat: int = 7) -> list[Said]:
        return [said for said in self.said if said.chat == chat]


class BotApiServer:
    """`async with BotApiServer() as api`. `pictures`: addresses that hold a photo."""

    def __init__(self) -> None:
        self.bots: dict[str, FakeBot] = {}
        self.calls: list[Call] = []
        self.scripts: dict[str, deque[Scripted]] = defaultdict(deque)
        self.pictures: set[str] = set()
        self.violations: list[str] = []
        """What Telegram would let pass and we do not: parameters that do not exist, updates dropped."""
        self.url = ""
        self._changed = asyncio.Condition()
        self._server: uvicorn.Server | None = None
        self._task: asyncio.Task[None] | None = None

    def add(self, token: str = "123456:" + "A" * 35, username: str = "shop_bot") -> FakeBot:
        bot = self.bots[token] = FakeBot(self, token, username)
        return bot

    def script(self, method: str, *answers: Scripted) -> None:
        self.scripts[method].extend(answers)

    async def __aenter__(self) -> "BotApiServer":
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        app = Starlette(routes=[Route("/bot{token}/{method}", self._call, methods=["GET", "POST"])])
        self._server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off"))
        self._task = asyncio.create_task(self._server.serve([listener]))
        while not self._server.started:
            await asyncio.sleep(0)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None and self._task is not None
        for bot in self.bots.values():
            for poll in bot.polls:
                poll.set()
        self._server.should_exit = self._server.force_exit = True
        await self._task
        assert not self.violations, self.violations

    async def until(self, condition: Callable[[], object], seconds: float = 20.0) -> None:
        """Waits until a call made it true."""
        async with self._changed:
            try:
                async with asyncio.timeout(seconds):
                    await self._changed.wait_for(condition)
            except TimeoutError:
                raise AssertionError(f"not within {seconds} s; calls: {[(c.method, c.status) for c in self.calls][-20:]}") from None

    def made(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    async def _call(self, request: Request) -> JSONResponse:
        method = request.path_params["method"]
        call = Call(method, await _parameters(request))
        try:
            bot = self.bots.get(request.path_params["token"])
            if bot is None:
                raise Refused(401, "Unauthorized")
            if method not in PARAMETERS:
                raise Refused(404, "Not Found: method not found")
            for name in call.parameters.keys() - PARAMETERS[method]:
                self.violations.append(f"{method} has no parameter {name}")
            if _json(call.parameters.get("drop_pending_updates")):
                self.violations.append(f"{method} drops updates")
            if self.scripts[method]:
                scripted = self.scripts[method].popleft()
                if scripted.gate is not None:
                    self.calls.append(call)
                    await self._tell()
                    await scripted.gate.wait()
                    self.calls.remove(call)
                if scripted.status != 200:
                    raise Refused(scripted.status, scripted.description or f"Error {scripted.status}", **scripted.parameters)
            result = await getattr(self, f"_{method}")(bot, call.parameters)
            return JSONResponse({"ok": True, "result": result})
        except Refused as refused:
            call.status = refused.status
            body: dict[str, Any] = {"ok": False, "error_code": refused.status, "description": refused.description}
            if refused.parameters:
                body["parameters"] = refused.parameters
            return JSONResponse(body, status_code=refused.status)
        finally:
            self.calls.append(call)
            await self._tell()

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    # ── methods ──

    async def _getMe(self, bot: FakeBot, _: dict[str, Any]) -> Any:
        return {"id": bot.id, "is_bot": True, "first_name": "Bot", "username": bot.username, "can_join_groups": True}

    async def _getUpdates(self, bot: FakeBot, given: dict[str, Any]) -> Any:
        if bot.webhook:
            raise Refused(
                409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
            )
        for other in bot.polls:
            other.set()
        offset = int(given.get("offset", 0))
        if offset > 0:
            bot.updates = [update for update in bot.updates if update["update_id"] >= offset]
        waiting = list(bot.updates)
        await self._tell()
        woken = asyncio.Event()
        bot.polls.append(woken)
        try:
            if not waiting and int(given.get("timeout", 0)):
                async with asyncio.timeout(float(given["timeout"])):
                    await woken.wait()
        except TimeoutError:
            pass
        finally:
            bot.polls.remove(woken)
        if bot.polls and not bot.updates:
            raise Refused(409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running")
        return [dict(update) for update in bot.updates[: int(given.get("limit", 100))]]

    async def _setWebhook(self, bot: FakeBot, given: dict[str, Any]) -> Any:
        url = str(given.get("url", ""))
        if not url.startswith("https://") and not url.startswith("http://127.0.0.1"):
            raise Refused(400, PREFIX + "bad webhook: An HTTPS URL must be provided for webhook")
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", str(given.get("secret_token", ""))):
            raise Refused(400, PREFIX + "secret token contains unallowed characters")
        bot.webhook = dict(given)
        return True

    async def _deleteWebhook(self, bot: FakeBot, _: dict[str, Any]) -> Any:
        bot.webhook = {}
        return True

    async def _getWebhookInfo(self, bot: FakeBot, _: dict[str, Any]) -> Any:
        return {"url": bot.webhook.get("url", ""), "has_custom_certificate": False, "pending_update_count": len(bot.updates)}

    async def _setMyCommands(self, bot: FakeBot, given: dict[str, Any]) -> Any:
        commands = _json(given.get("commands"))
        for command in commands:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
                raise Refused(400, PREFIX + "BOT_COMMAND_INVALID")
            if not 1 <= len(command["description"]) <= 256:
                raise Refused(400, PREFIX + "BOT_COMMAND_DESCRIPTION_INVALID")
        bot.commands[str(given.get("language_code") or "")] = commands
        return True

    async def _sendMessage(self, bot: FakeBot, given: dict[str, Any]) -> Any:
        chat = self._open(bot, given)
        text, entities = _marked(str(given.get("text", "")), given.get("parse_mode"))
        if not text.strip():
            raise Refused(400, PREFIX + "message text is empty")
        if units(text.strip()) > 4096:
            raise Refused(400, PREFIX + "message is too long")
        return self._say(bot, Said(chat, 0, text.strip(), str(given["text"]), _keyboard(given), entities=entities))

    async def _sendPhoto(self, bot: FakeBot, given: dict[str, Any]) -> Any:
        chat = self._open(bot, given)
        return self._say(bot, self._photo(bot, chat, given, str(given.get("photo", "")), _keyboard(given)))

    async def _sendMediaGroup(self, bot: FakeBot, given: dict[str, Any]) -> Any:
        chat = self._open(bot, given)
        media = _json(given.get("media"))
        if not 2 <= len(media) <= 10:
            raise Refused(400, PREFIX + "there must be 2-10 items in the album")
        photos = [self._photo(bot, chat, item, str(item["media"]), []) for item in media]
        for photo in photos:
            photo.album = str(bot.next_message)
        return [self._say(bot, photo) for photo in photos]

    async def _sendChatAction(self, bot: FakeBot, given: dict[str, Any]) -> Any:
        chat = self._open(bot, given)
        if given.get("action") != "typing":
            raise Refused(400, PREFIX + "wrong parameter action in request")
        bot.typed.append(chat)
        return True

    async def _answerCallbackQuery(self, bot: FakeBot, given: dict[str, Any]) -> Any:
        press = str(given.get("callback_query_id"))
        if bot.presses.get(press, "") is not None:
            raise Refused(400, PREFIX + "query is too old and response timeout expired or query ID is invalid")
        if len(str(given.get("text", ""))) > 200:
            raise Refused(400, PREFIX + "MESSAGE_TOO_LONG")
        bot.presses[press] = str(given.get("text", ""))
        return True

    def _open(self, bot: FakeBot, given: dict[str, Any]) -> int:
        chat = int(given.get("chat_id", 0))
        if chat not in bot.chats:
            raise Refused(400, PREFIX + "chat not found")
        if chat in bot.blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        return chat

    def _photo(self, bot: FakeBot, chat: int, given: dict[str, Any], source: str, keyboard: list[list[dict[str, Any]]]) -> Said:
        caption, entities = _marked(str(given.get("caption", "")), given.get("parse_mode"))
        if units(caption) > 1024:
            raise Refused(400, PREFIX + "message caption is too long")
        if source.startswith(("http://", "https://")):
            if source.endswith(".svg"):
                raise Refused(400, PREFIX + "wrong type of the web page content")
            if source not in self.pictures:
                raise Refused(400, PREFIX + "failed to get HTTP URL content")
        elif source not in bot.files:
            raise Refused(400, PREFIX + "wrong file identifier/HTTP URL specified")
        return Said(chat, 0, caption, str(given.get("caption", "")), keyboard, photo=source, entities=entities)

    def _say(self, bot: FakeBot, said: Said) -> dict[str, Any]:
        said.message_id = bot.next_message
        bot.next_message += 1
        bot.said.append(said)
        me = {"id": bot.id, "is_bot": True, "first_name": "Bot", "username": bot.username}
        message = {"message_id": said.message_id, "date": 1_772_366_400, "chat": bot.chat(said.chat), "from": me}
        if not said.photo:
            return {**message, "text": said.text}
        file_id = said.photo if said.photo in bot.files else f"file-{said.message_id}"
        bot.files.add(file_id)
        size = {"file_id": file_id, "file_unique_id": file_id, "width": 90, "height": 90}
        return {**message, "caption": said.text, "photo": [size]}


async def _parameters(request: Request) -> dict[str, Any]:
    if request.headers.get("content-type", "").startswith("application/json"):
        return dict(json.loads(await request.body() or b"{}"))
    form = await request.form()
    return {**dict(request.query_params), **dict(form.items())}


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _marked(text: str, mode: object) -> tuple[str, list[str]]:
    if mode is None:
        return text, []
    if mode != "HTML":
        raise Refused(400, PREFIX + "unsupported parse_mode")
    try:
        read, entities = parse(text)
    except Unparsable as problem:
        raise Refused(400, PREFIX + f"can't parse entities: {problem}") from None
    return read, [entity.type for entity in entities]


def _keyboard(given: dict[str, Any]) -> list[list[dict[str, Any]]]:
    if not given.get("reply_markup"):
        return []
    rows: list[list[dict[str, Any]]] = _json(given["reply_markup"])["inline_keyboard"]
    for button in (button for row in rows for button in row):
        if not button["text"].strip():
            raise Refused(400, PREFIX + "BUTTON_TEXT_INVALID")
        if not 1 <= len(button["callback_data"].encode()) <= 64:
            raise Refused(400, PREFIX + "BUTTON_DATA_INVALID")
    return rows
