"""A shop's settings as JSON at /api/v1/shops/{shop}/settings: read, changed by a merge patch (RFC 7396), with their history.

The ETag tells whether somebody changed them since; PATCH with If-Match happens only if nobody did.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import TypeAdapter

from bot.consoles.access import Right
from bot.consoles.merchant.parts import MerchantParts
from bot.consoles.merchant.setting_changes import change_settings, settings_history
from bot.consoles.shared.bodies import API_TOKEN, read_json
from knowledge.shop_editing import fingerprint, settings_json
from knowledge.store import Shop

MAX_BODY = 256 * 1024
PATCH: TypeAdapter[dict[str, Any]] = TypeAdapter(dict[str, Any])


def settings_routes(parts: MerchantParts) -> APIRouter:
    """Mount it without prefix."""
    router = APIRouter(prefix="/api/v1/shops/{shop}/settings", tags=["settings"], dependencies=[Depends(API_TOKEN)])
    document = {"requestBody": {"content": {"application/merge-patch+json": {"schema": {"type": "object"}}}}}

    @router.get("")
    async def every(shop: str, request: Request, response: Response) -> dict[str, Any]:
        """Every setting with its present value."""
        _, found = await parts.open(request, shop, Right.READ_KNOWLEDGE)
        return told(found, response)

    @router.patch("", openapi_extra=document)
    async def change(shop: str, request: Request, response: Response) -> dict[str, Any]:
        """Changes what is named, null takes away; the next answer knows it. 422 names the setting that cannot be used, and nothing is changed."""
        who, found = await parts.open(request, shop, Right.EDIT_SETTINGS)
        expected = request.headers.get("if-match", "*").removeprefix("W/").strip('"')
        patch = await read_json(request, PATCH, limit=MAX_BODY)
        return told(await change_settings(parts, who, found, patch, expected="" if expected == "*" else expected), response)

    @router.get("/history")
    async def history(shop: str, request: Request, limit: Annotated[int, Query(ge=1, le=200)] = 50) -> dict[str, Any]:
        """Who changed what, newest first."""
        _, found = await parts.open(request, shop, Right.READ_KNOWLEDGE)
        return {
            "changes": [
                {
                    "who": one.who,
                    "at": one.at.isoformat(),
                    "settings": {name: {"before": old, "after": new} for name, (old, new) in one.settings.items()},
                }
                for one in await settings_history(parts, found, limit)
            ]
        }

    def told(shop: Shop, response: Response) -> dict[str, Any]:
        response.headers["ETag"] = f'"{fingerprint(shop)}"'
        response.headers["Cache-Control"] = "no-store"
        return settings_json(shop)

    return router
