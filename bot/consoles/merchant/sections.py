"""The sections of a shop's console, and what every page of it is made of: the shop, its navigation, its draft."""

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import Request, Response

from bot.consoles.access import Right, Who
from bot.consoles.merchant.parts import MerchantParts
from bot.consoles.shared.pages import Pages
from knowledge.localized import pick
from knowledge.store import Shop


@dataclass(frozen=True, slots=True)
class Section:
    """A place of the navigation. `name`: its words are `nav.NAME`; `path`: under /console/{shop}."""

    name: str
    path: str


SECTIONS = (
    Section("overview", ""),
    Section("import", "/import"),
    Section("feeds", "/feeds"),
    Section("entries", "/entries"),
    Section("revisions", "/revisions"),
    Section("gaps", "/gaps"),
    Section("bench", "/bench"),
    Section("pinned", "/pinned"),
    Section("settings", "/settings"),
)
"""In the order of the navigation. Only what exists stands here: a section comes with its pages."""


class ShopPages:
    """Renders the pages of one shop's console."""

    def __init__(self, parts: MerchantParts, pages: Pages) -> None:
        self.parts = parts
        self.pages = pages

    async def render(
        self, request: Request, template: str, who: Who, shop: Shop, section: str, *, status: int = 200, **values: object
    ) -> Response:
        """The page. Besides what every template has: `shop`, `name`, `at` (the path of its console), `sections`, `section`, `draft` and
        `may_edit`."""
        shared: Mapping[str, object] = {
            "shop": shop,
            "name": pick(shop.name, self.pages.words_of(request).language),
            "at": f"/console/{shop.slug}",
            "sections": SECTIONS,
            "section": section,
            "draft": await self.parts.store.draft(shop.id),
            "may_edit": who.may(Right.EDIT_KNOWLEDGE, shop.id),
        }
        return self.pages.render(request, template, who, status=status, **{**shared, **values})
