"""A shop made of a few files, and a visitor who talks with it over HTTP."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from bot.app import create_app
from bot.assembly import services
from bot.readiness import Readiness
from bot.settings import Settings


@asynccontextmanager
async def a_served_shop(folder: Path, slug: str, name: str, files: Mapping[str, str]) -> AsyncIterator[httpx.AsyncClient]:
    """The doors of an installation with this shop, imported from `files` (name → text)."""
    async with services(Settings(data=folder / "data", message_limit=500)) as parts:
        for file, text in files.items():
            (folder / file).write_text(text, encoding="utf-8")
        shop = await parts.knowledge.create_shop(slug, name)
        await parts.knowledge.import_files(shop, [folder / file for file in files])

        async def ready() -> None:
            return None

        app = create_app(parts, Readiness(parts, demo=False, on_ready=ready, on_failure=lambda: None))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://shop.test") as client:
            yield client


async def last_answer(http: httpx.AsyncClient, slug: str, *turns: str) -> dict[str, Any]:
    """The answer to the last of the messages of one conversation."""
    begun = (await http.post(f"/api/v1/shops/{slug}/conversations", json={})).json()
    path, key = f"/api/v1/conversations/{begun['id']}/messages?wait=30", {"Authorization": f"Bearer {begun['token']}"}
    answer: dict[str, Any] = {}
    for text in turns:
        response = await http.post(path, json={"text": text}, headers=key)
        assert response.status_code == 200, response.text
        answer = response.json()
    return answer
