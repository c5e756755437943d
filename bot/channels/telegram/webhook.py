"""Telegram's own door: POST /telegram/{shop}/webhook."""

import json
import logging

from fastapi import APIRouter, Request, Response

from bot.channels.telegram.adapter import TelegramChannel
from bot.errors import InvalidInput

log = logging.getLogger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"


def telegram_routes(channel: TelegramChannel) -> APIRouter:
    """The router; mount it without prefix."""
    router = APIRouter(tags=["telegram"])

    @router.post("/telegram/{shop}/webhook", include_in_schema=False)
    async def webhook(shop: str, request: Request) -> Response:
        """An update. 200 once it is stored; 401 and 403 for whoever is not Telegram; anything else lets Telegram try again."""
        secret = request.headers.get(SECRET_HEADER)
        # Who it is comes first: nobody else makes us read a body.
        await channel.admits(shop, secret)
        try:
            update = json.loads(await request.body())
            if not isinstance(update, dict) or not isinstance(update.get("update_id"), int):
                raise ValueError("no update")
        except ValueError:
            raise InvalidInput("The body is not an update of the Bot API.") from None
        await channel.called(shop, secret, update)
        return Response(status_code=200)

    return router
