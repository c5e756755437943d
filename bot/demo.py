"""Loads the demo shop, once, through the same doors that a merchant uses."""

import sys
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.assembly import Services
from knowledge.errors import ShopExists
from knowledge.store import Shop

DEMO = Path(__file__).resolve().parent.parent / "knowledge" / "demo"
SLUG = "demo"
OUTSIDE_SETTINGS = ("slug", "currency", "languages", "name")


async def load_demo(parts: Services) -> Shop:
    """Creates the demo shop, imports its files and publishes it; progress on standard error. Does nothing when it is complete already."""
    shop = await parts.knowledge.store.shop(SLUG)
    if shop is None:
        described = tomllib.loads((DEMO / "shop.toml").read_text(encoding="utf-8"))
        shop = described_shop(Shop(id=SLUG, slug=SLUG, name={}), described)
        try:
            await parts.knowledge.store.create_shop(shop)
        except ShopExists:
            shop = await parts.knowledge.shop(SLUG)
    if (await parts.knowledge.store.state(shop.id)).revision == 0:
        _progress("Loading the demo shop (once) ...")
        files = [DEMO / name for name in ("products.csv", "faq.csv", "reviews.csv", "promotions.csv")]
        report = await parts.knowledge.import_files(shop, [*files, *sorted((DEMO / "policies").glob("*.md"))])
        _progress(f"The demo shop is there: {report.products} products, {report.faq_entries} FAQ entries.")
    return shop


def described_shop(shop: Shop, described: Mapping[str, Any]) -> Shop:
    """The shop with what a TOML description says of it; what it does not name stays."""
    name = described.get("name", shop.name)
    return replace(
        shop,
        name={"und": name} if isinstance(name, str) else dict(name),
        currency=described.get("currency", shop.currency),
        languages=tuple(described.get("languages", shop.languages)),
        settings={**shop.settings, **{key: value for key, value in described.items() if key not in OUTSIDE_SETTINGS}},
    )


def _progress(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()
