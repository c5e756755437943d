"""`zhanggui revision`: list, diff, answers, publish, discard and roll back, as the console does it."""

import asyncio
import json
import sys
from collections.abc import Sequence
from typing import TextIO

from bot.assembly import services
from bot.commands.terminal import chosen_shop, progress
from bot.consoles.merchant.answers_api import diff_json, item_json
from bot.consoles.merchant.entry_json import comparison_json, revision_json
from bot.consoles.shared.words import load_words
from bot.errors import Conflict
from bot.previewing.answer_changes import Change
from bot.previewing.releasing import Released
from bot.previewing.summary import summary
from bot.settings import Settings
from knowledge.revision import EntryChange
from knowledge.store import DocumentKind

_LOOK_EVERY = 0.5
_SHOWN = 20
"""Entries or answers that are printed where no limit is given."""
_LANGUAGE = "en"
"""What the terminal speaks."""


async def list_revisions(settings: Settings, slug: str | None, as_json: bool, out: TextIO) -> int:
    """Newest first, the draft among them."""
    async with services(settings) as parts:
        shop = await chosen_shop(parts, slug)
        found = await parts.knowledge.store.revisions(shop.id)
    if as_json:
        out.write(json.dumps([revision_json(revision) for revision in found], ensure_ascii=False) + "\n")
        return 0
    for revision in found:
        changes = revision.changes
        said = [
            f"{revision.number}  {revision.state}  {revision.created_at:%Y-%m-%d %H:%M}",
            f"{changes.added} added, {changes.changed} changed, {changes.removed} removed",
            *(["serves"] if revision.current else []),
            *filter(None, (revision.author, revision.note)),
        ]
        out.write("  ".join(said) + "\n")
    return 0


async def diff(
    settings: Settings, slug: str | None, old: int | None, new: int | None, kind: str, limit: int, as_json: bool, out: TextIO
) -> int:
    """How a revision (the draft) differs from another (what serves), entry by entry and field by field."""
    async with services(settings) as parts:
        shop = await chosen_shop(parts, slug)
        wanted = DocumentKind(kind) if kind else None
        found = await parts.merchant.editing.compare(shop, old, new, kind=wanted, limit=limit)
    if as_json:
        out.write(json.dumps(comparison_json(found), ensure_ascii=False) + "\n")
        return 0
    out.write(f"Revision {found.new} against {found.old}:\n")
    for one, n in found.counts.items():
        out.write(f"  {one.value}: {n.added} added, {n.changed} changed, {n.removed} removed, {n.unchanged} unchanged\n")
    for entry in found.entries:
        out.writelines(f"{line}\n" for line in _lines(entry))
    if found.more:
        out.write("  and more: --limit shows them.\n")
    return 0


def _lines(entry: EntryChange) -> list[str]:
    head = f"{ {'added': '+', 'removed': '-'}.get(entry.change, '~') } {entry.kind.value} {entry.id}"
    return [head, *(f"    {one.path}: {_short(one.before)} -> {_short(one.after)}" for one in entry.fields)]


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else text[:79] + "…"


async def answers(settings: Settings, slug: str | None, limit: int, as_json: bool, out: TextIO) -> int:
    """Recent and test questions answered by the draft beside what serves; 1 if test questions get worse."""
    async with services(settings) as parts:
        shop = await chosen_shop(parts, slug)
        begun = await parts.merchant.diffs.start(shop, by="terminal", limit=limit)
        while (now := await parts.merchant.diffs.get(shop, begun.id)).state == "running":
            await asyncio.sleep(_LOOK_EVERY)
            if now.total:
                progress(now.done, now.total, "compared")
        counts = await parts.merchant.diffs.counts(now)
        gone, worse = await parts.merchant.diffs.notable(now)
        changed = [change.value for change in Change if change is not Change.SAME]
        items = await parts.merchant.diffs.items(now, changed, limit=10_000 if as_json else _SHOWN)
    if now.error:
        raise Conflict(f"The answers could not be compared ({now.error}); the log says more.")
    sentence = summary(load_words()[_LANGUAGE], now.done, counts, gone, worse)
    if as_json:
        told = {**diff_json(now), "counts": counts, "now_unavailable": gone, "regressions": worse, "summary": sentence}
        out.write(json.dumps({**told, "items": [item_json(item) for item in items]}, ensure_ascii=False) + "\n")
        return 1 if worse else 0
    out.write(sentence + "\n")
    for item in items:
        out.write(f"{item.change}{'  REGRESSION' if item.item.get('regressed') else ''}: {item.item['question']}\n")
        for side in ("before", "after"):
            told_text = item.item[side]
            out.write(f"    {side}: {str(told_text.get('text') if isinstance(told_text, dict) else '')[:160]}\n")
    return 1 if worse else 0


async def publish(settings: Settings, slug: str | None, confirm: bool, note: str, out: TextIO) -> int:
    """1 with the test questions that get worse, where these were not confirmed; nothing is published then."""
    async with services(settings) as parts:
        shop = await chosen_shop(parts, slug)
        try:
            done = await parts.merchant.releasing.publish(shop, by="terminal", note=note, confirm=confirm)
        except Conflict as refused:
            if refused.details.get("code") != "regressions":
                raise
            _tell_regressions(refused)
            return 1
        return _told(done, f"Shop '{shop.slug}' now answers from revision {done.revision.number}.", out)


def _tell_regressions(refused: Conflict) -> None:
    sys.stderr.write(f"zhanggui: {refused.message.replace('with confirmation', 'with --confirm')}\n")
    worse = refused.details["regressions"]
    for one in worse if isinstance(worse, Sequence) else ():
        sys.stderr.write(f"  {one['question']}\n    before: {one['before'][:160]}\n    after: {one['after'][:160]}\n")


async def discard(settings: Settings, slug: str | None, out: TextIO) -> int:
    """Throws the draft away."""
    async with services(settings) as parts:
        shop = await chosen_shop(parts, slug)
        await parts.merchant.releasing.discard(shop)
    out.write(f"Shop '{shop.slug}' has no draft any more.\n")
    return 0


async def roll_back(settings: Settings, slug: str | None, number: int, out: TextIO) -> int:
    """What revision `number` held serves again."""
    async with services(settings) as parts:
        shop = await chosen_shop(parts, slug)
        done = await parts.merchant.releasing.roll_back(shop, number, by="terminal")
        sentence = f"Shop '{shop.slug}' answers as in revision {number} again (now revision {done.revision.number})."
        return _told(done, sentence, out)


def _told(done: Released, sentence: str, out: TextIO) -> int:
    out.write(sentence + "\n")
    found = (done.check or {}).get("found")
    if found:
        sys.stderr.write("zhanggui: entries that were removed are still found; 'zhanggui revision list --json' names them.\n")
        return 1
    return 0
