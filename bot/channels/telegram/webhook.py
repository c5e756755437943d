"""The webhook."""

from fastapi import APIRouter

from bot.channels.telegram.adapter import TelegramChannel


def telegram_routes(channel: TelegramChannel) -> APIRouter:
    """POST /telegram/{shop}/webhook."""
    return APIRouter()
