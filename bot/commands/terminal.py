"""The terminal as a channel: asks on behalf of a customer, one turn at a time, and prints."""

import json
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TextIO

from bot.answering.answer_json import named
from bot.assembly import Services, services
from bot.commands.output import opened_for_writing
from bot.conversation.records import ChannelKind, Conversation, Inbox, IncomingMessage
from bot.demo import SLUG, load_demo
from bot.errors import InvalidInput, Unavailable
from bot.settings import Settings
from knowledge.errors import UnknownShop
from knowledge.localized import canonical
from knowledge.store import Shop

ANSWER_SECONDS = 120.0


@asynccontextmanager
async def shop_services(settings: Settings, slug: str | None) -> AsyncIterator[tuple[Services, Shop]]:
    """The parts and the shop meant: the one named, else the only one, else the demo shop, which is loaded where no shop is."""
    async with services(settings) as parts:
        yield parts, await chosen_shop(parts, slug)


async def chosen_shop(parts: Services, slug: str | None) -> Shop:
    """Raises UnknownShop with the sentence that helps."""
    shops = await parts.knowledge.store.shops()
    if slug is None and len(shops) == 1 and shops[0].slug != SLUG:
        return shops[0]
    if not shops or ((slug or SLUG) == SLUG and any(shop.slug == SLUG for shop in shops)):
        if slug not in (None, SLUG):
            raise UnknownShop(f"There is no shop '{slug}'; create it with 'zhanggui shop create {slug}' or import into it.")
        return await load_demo(parts)
    wanted = slug or SLUG
    for shop in shops:
        if shop.slug == wanted:
            return shop
    names = ", ".join(shop.slug for shop in shops)
    raise UnknownShop(f"There is no shop '{wanted}'. Name one of these with --shop: {names}.")


class Terminal:
    """Conversations held over the terminal's inbox."""

    def __init__(self, parts: Services, shop: Shop, inbox: Inbox) -> None:
        self._parts = parts
        self._shop = shop
        self._inbox = inbox

    @classmethod
    async def open(cls, parts: Services, shop: Shop) -> "Terminal":
        """The terminal of a shop; its view is loaded, so that the first answer is not the slow one."""
        inbox = await parts.conversations.inbox(shop.id, ChannelKind.TERMINAL)
        await parts.retriever.whole(shop)
        return cls(parts, shop, inbox)

    async def conversation(self, name: str = "", *, customer: str = "", language: str = "") -> Conversation:
        """The conversation of that name, gone on with or begun; "" begins one of its own."""
        if name:
            return await self._parts.conversations.open_for(self._inbox, name, name=customer, language=language)
        return await self._parts.conversations.start(self._inbox, language=language)

    async def ask(self, conversation: Conversation, text: str, *, language: str = "") -> dict[str, object]:
        """One turn: the Answer as JSON. Raises Unavailable when none comes in time."""
        message = IncomingMessage(self._inbox.id, conversation.address, "", text, language=language)
        received = await self._parts.assistant.receive(conversation, message)
        answer = await self._parts.assistant.answer_json_to(received, ANSWER_SECONDS)
        if answer is None:
            raise Unavailable(
                f"No answer came within {ANSWER_SECONDS:.0f} seconds; the log says why. The question is kept and answered later."
            )
        return answer


async def ask_one(settings: Settings, slug: str | None, text: str, as_json: bool, out: TextIO) -> int:
    """`zhanggui ask TEXT`."""
    async with shop_services(settings, slug) as (parts, shop):
        terminal = await Terminal.open(parts, shop)
        answer = await terminal.ask(await terminal.conversation(), text)
    _print(out, answer, as_json)
    return 0


async def ask_batch(settings: Settings, slug: str | None, source: Path, target: Path) -> int:
    """`zhanggui ask --batch`: every line gets exactly one Answer, in file order."""
    lines = read_lines(source, required=("id", "text"))
    async with shop_services(settings, slug) as (parts, shop):
        terminal = await Terminal.open(parts, shop)
        with opened_for_writing(target) as file:
            for number, line in enumerate(lines, 1):
                name = str(line.get("conversation") or "")
                language = canonical(str(line.get("language") or ""))
                conversation = await terminal.conversation(name, customer=str(line.get("customer") or ""), language=language)
                answer = await terminal.ask(conversation, str(line["text"]), language=language)
                answer = named(answer, str(answer["message_id"]), name or conversation.id)
                file.write(json.dumps({"id": line["id"], **answer}, ensure_ascii=False) + "\n")
                file.flush()
                progress(number, len(lines), "answered")
    return 0


async def chat(settings: Settings, slug: str | None, inp: TextIO, out: TextIO) -> int:
    """`zhanggui chat`: a conversation until an empty line, "exit" or the end of input."""
    async with shop_services(settings, slug) as (parts, shop):
        terminal = await Terminal.open(parts, shop)
        conversation = await terminal.conversation()
        greeting = parts.notices.greeting(shop, shop.languages[0])
        out.write(f"{greeting}\n(an empty line ends the conversation)\n")
        while True:
            out.write("\n> ")
            out.flush()
            text = inp.readline()
            if not text.strip() or text.strip().casefold() in ("exit", "quit", "退出"):
                return 0
            _print(out, await terminal.ask(conversation, text.strip()), as_json=False)


def _print(out: TextIO, answer: Mapping[str, object], as_json: bool) -> None:
    if as_json:
        out.write(json.dumps(answer, ensure_ascii=False) + "\n")
        return
    out.write(f"{answer['text']}\n")
    products = answer["products"]
    if isinstance(products, list):
        for card in products:
            price = f"{card['currency']} {card['price']}" if card["price"] else "-"
            stock = f", {card['stock']}" if card["stock"] is not None else ""
            variant = f" ({card['variant']})" if card["variant"] else ""
            out.write(f"  · {card['title']}{variant}  {price}  [{card['availability']}{stock}]  {card['sku']}\n")
    sources = answer["sources"]
    if isinstance(sources, list) and sources:
        named_sources = dict.fromkeys(f"{source['kind']} {source['id']}" for source in sources)
        out.write("  ← " + ", ".join(named_sources) + "\n")
    replies = answer["quick_replies"]
    if isinstance(replies, list) and replies:
        out.write("  [" + "] [".join(map(str, replies)) + "]\n")


def read_lines(path: Path, *, required: tuple[str, ...]) -> list[dict[str, object]]:
    """The objects of a JSONL file. Raises InvalidInput naming the first line that cannot be used, before anything is done."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InvalidInput(f"There is no file {path}; check the name after --batch.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(
            f"{path} cannot be read as UTF-8 text ({type(error).__name__}); save it as UTF-8, one JSON object a line."
        ) from None
    lines: list[dict[str, object]] = []
    for number, raw in enumerate(text.split("\n"), 1):
        if not raw.strip():
            continue
        try:
            line = json.loads(raw)
        except json.JSONDecodeError as error:
            raise InvalidInput(f"{path}, line {number} is not JSON ({error.msg}); write one JSON object a line.") from None
        missing = [name for name in required if not isinstance(line, dict) or name not in line]
        if missing:
            raise InvalidInput(f"{path}, line {number} lacks {' and '.join(missing)}; each line is an object with {', '.join(required)}.")
        lines.append(line)
    return lines


def progress(done: int, total: int, what: str) -> None:
    """Says on standard error how far a batch is, about every twentieth part."""
    step = max(1, total // 20)
    if done % step == 0 or done == total:
        sys.stderr.write(f"\r{done} of {total} {what}" + ("\n" if done == total else ""))
        sys.stderr.flush()
