"""Anonymous visitors: who starts a conversation gets its one key. The server keeps a hash of it and nothing else, so a stolen database
opens no conversation.

A token reads "CONVERSATION.SECRET": it names the conversation it opens, so that "what is known of me" needs no other name in the request.
"""

import hashlib
import secrets
from dataclasses import dataclass

from fastapi import Request

from bot.conversation.records import Conversation
from bot.conversation.store import ConversationStore
from bot.errors import NotFound, SignInRequired

SECRET_BYTES = 32
MAX_TOKEN = 256
"""Characters; a longer header is no token of ours."""


@dataclass(frozen=True, slots=True)
class Secret:
    """A new visitor's secret, and the hash that the store keeps."""

    text: str
    hash: str

    def token(self, conversation_id: str) -> str:
        """What the visitor carries."""
        return f"{conversation_id}.{self.text}"


def new_secret() -> Secret:
    """256 random bits."""
    text = secrets.token_urlsafe(SECRET_BYTES)
    return Secret(text, hash_secret(text))


def hash_secret(text: str) -> str:
    """SHA-256, hex. Fast on purpose: the secret is random, nobody can guess it from a list."""
    return hashlib.sha256(text.encode()).hexdigest()


def bearer(request: Request) -> tuple[str, str]:
    """Conversation id and secret from the Authorization header. Raises SignInRequired."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    conversation_id, dot, text = token.strip().rpartition(".")
    if scheme.lower() != "bearer" or not dot or not conversation_id or not text or len(token) > MAX_TOKEN or not token.isascii():
        raise SignInRequired("Send the conversation's token as `Authorization: Bearer TOKEN`.")
    return conversation_id, text


async def visitor(request: Request, conversations: ConversationStore, conversation_id: str | None = None) -> Conversation:
    """The conversation that the request's token opens. With `conversation_id`, it must be that one. A wrong token and a conversation that
    does not exist look the same: NotFound."""
    named, text = bearer(request)
    if conversation_id is None or conversation_id == named:
        found = await conversations.by_token(named, hash_secret(text))
        if found is not None:
            return found
    raise NotFound("There is no such conversation, or this token does not open it. Start a new one.")
