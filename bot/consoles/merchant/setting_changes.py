"""Changing what is set for a shop, by page or by program: in one step, not over somebody else's change, and with its history."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.consoles.access import Right, Who
from bot.consoles.merchant.parts import MerchantParts
from bot.errors import NotAllowed, PreconditionFailed
from knowledge.shop_editing import changed_shop, differences, fingerprint
from knowledge.store import Shop

CHANGED = "settings.changed"
"""In the audit log."""


@dataclass(frozen=True, slots=True)
class SettingsChange:
    """Who changed what: setting → value before and after."""

    who: str
    at: datetime
    settings: Mapping[str, tuple[Any, Any]]


async def change_settings(
    parts: MerchantParts, who: Who, shop: Shop, patch: Mapping[str, Any], *, expected: str = "", names: Iterable[str] | None = None
) -> Shop:
    """The shop with the patch; it holds for the next answer of every process. `expected`: fingerprint of the settings `names` (of all) that
    were looked at, "" for any. Raises InvalidSetting, NotAllowed, PreconditionFailed."""
    if not who.may(Right.EDIT_SETTINGS, shop.id):
        raise NotAllowed("Your role does not allow this in this shop. Ask an owner for another role.", code="not_your_role")
    chosen = None if names is None else tuple(names)

    def changed(now: Shop) -> Shop:
        if expected and fingerprint(now, chosen) != expected:
            raise PreconditionFailed("Somebody changed these settings since you looked at them; look again.", code="stale_settings")
        return changed_shop(now, patch)

    before, after = await parts.store.change_shop(shop.id, changed)
    changes = differences(before, after)
    if changes:
        await parts.access.record_change(
            who,
            shop.id,
            CHANGED,
            shop.slug,
            {name: old for name, (old, _) in changes.items()},
            {name: new for name, (_, new) in changes.items()},
        )
    return after


async def settings_history(parts: MerchantParts, shop: Shop, limit: int) -> list[SettingsChange]:
    """The last changes, newest first."""
    found = []
    for audit in await parts.access.history(shop.id, CHANGED, limit):
        before, after = audit.before or {}, audit.after or {}
        found.append(SettingsChange(audit.who, audit.at, {name: (before.get(name), after.get(name)) for name in after}))
    return found
