"""`zhanggui revision check`: where the shop's knowledge contradicts itself, and what is missing in one of its languages."""

import asyncio
import json
from typing import TextIO

from bot.assembly import services
from bot.commands.terminal import chosen_shop
from bot.settings import Settings
from knowledge.contradictions import contradictions
from knowledge.coverage import coverage_of

_LANGUAGE = "en"
"""What the terminal speaks."""


async def check(settings: Settings, slug: str | None, as_json: bool, out: TextIO) -> int:
    """Of the draft, else of what serves. 1 when something contradicts itself."""
    async with services(settings) as parts:
        shop = await chosen_shop(parts, slug)
        store = parts.knowledge.store
        draft = await store.draft(shop.id)
        number = draft.number if draft else (await store.state(shop.id)).revision
        documents = [document async for document in store.documents(shop.id, number)] if number else []
    found = await asyncio.to_thread(contradictions, documents, currency=shop.currency)
    coverage = coverage_of(documents, shop.languages)
    if as_json:
        report = {"revision": number, "contradictions": [one.as_json() for one in found], "coverage": coverage.as_json()}
        out.write(json.dumps(report, ensure_ascii=False) + "\n")
        return 1 if found else 0
    out.write(f"Revision {number} of shop '{shop.slug}': {len(found)} contradictions.\n")
    for one in found:
        out.write(f"  {one.sentence(_LANGUAGE)}\n")
        for place in (one.first, one.second):
            out.write(f"    {place.kind} {place.id}, {place.field} ({place.language}): {place.text}\n")
    for name, counts in coverage.fields.items():
        out.write(f"  {name}: " + ", ".join(f"{there} of {wanted} in {language}" for language, (there, wanted) in counts.items()) + "\n")
    return 1 if found else 0
