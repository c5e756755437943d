"""A scripted customer over the HTTP door."""

import json
import uuid
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

import httpx


@dataclass
class Customer:
    """One conversation; `base` may be any replica."""

    http: httpx.AsyncClient
    id: str
    token: str

    @classmethod
    async def start(cls, http: httpx.AsyncClient, base: str, shop: str = "demo") -> "Customer":
        response = await http.post(f"{base}/api/v1/shops/{shop}/conversations", json={})
        assert response.status_code == 201, response.text
        body = response.json()
        return cls(http, body["id"], body["token"])

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    async def send(self, base: str, text: str, *, wait: int = 0, client_id: str = "") -> httpx.Response:
        body = {"text": text, "client_id": client_id or uuid.uuid4().hex}
        path = f"{base}/api/v1/conversations/{self.id}/messages" + (f"?wait={wait}" if wait else "")
        return await self.http.post(path, json=body, headers=self.headers)

    async def transcript(self, base: str) -> list[dict[str, Any]]:
        response = await self.http.get(f"{base}/api/v1/conversations/{self.id}", headers=self.headers)
        assert response.status_code == 200, response.text
        messages: list[dict[str, Any]] = response.json()["messages"]
        return messages

    async def events(self, base: str, after: int = 0) -> AsyncGenerator[dict[str, Any]]:
        """Stored events as {"id", "type", "data"}; passing signs have no id."""
        headers = {**self.headers, "Last-Event-ID": str(after)}
        async with self.http.stream("GET", f"{base}/api/v1/conversations/{self.id}/events", headers=headers, timeout=30) as response:
            assert response.status_code == 200
            event: dict[str, Any] = {}
            async for line in response.aiter_lines():
                if not line:
                    if "type" in event:
                        yield event
                    event = {}
                elif line.startswith("id:"):
                    event["id"] = int(line[3:])
                elif line.startswith("event:"):
                    event["type"] = line[6:].strip()
                elif line.startswith("data:"):
                    event["data"] = json.loads(line[5:])
