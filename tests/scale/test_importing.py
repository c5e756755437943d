"""A large import beside a running server, killed after it was published; a feed over the HTTP door. Real processes."""

import asyncio
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import httpx
import pytest

from tests.bench.bench_import import write_catalog
from tests.scale.cluster import App
from tests.scale.test_beside import ask

pytestmark = [pytest.mark.scale, pytest.mark.timeout(600)]
PRODUCTS = 1500


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    environment = {"ZHANGGUI_DATA": str(tmp_path / "data"), "ZHANGGUI_MESSAGE_LIMIT": "1000", "ZHANGGUI_FEED_NETWORKS": "127.0.0.0/8"}
    started = App(tmp_path, environment, demo=False).ready()
    yield started
    started.stop()


async def found(http: httpx.AsyncClient, app: App, number: int) -> bool:
    answer = await ask(http, app, f"How much is SKU-{number:06d}?")
    return any(product["sku"] == f"SKU-{number:06d}" for product in answer["products"])


async def test_goods_are_found_before_their_vectors_and_the_server_makes_those_of_a_killed_import(app: App, tmp_path: Path) -> None:
    catalog = tmp_path / "catalog.csv"
    (tmp_path / "old.csv").write_text("sku,title,price\nOLD-1,Old umbrella,9.90\n", encoding="utf-8")
    await asyncio.to_thread(app.run, "import", str(tmp_path / "old.csv"))
    await asyncio.to_thread(write_catalog, catalog, PRODUCTS)
    importing = app.command("import", str(catalog))
    async with httpx.AsyncClient(timeout=60) as http:
        async with asyncio.timeout(240):
            while not await found(http, app, PRODUCTS - 7):
                assert importing.poll() is None, "the import ended before its goods were found"
                await asyncio.sleep(0.1)
        assert importing.poll() is None, "the goods were found only when the import was done"
        importing.kill()
        await asyncio.to_thread(importing.communicate)
        assert await found(http, app, 3) and (await ask(http, app, "Old umbrella price?"))["products"][0]["sku"] == "OLD-1"
        async with asyncio.timeout(300):
            while "still to be made" in (said := await asyncio.to_thread(_doctor, app)):
                await asyncio.sleep(2)
        assert f"{PRODUCTS + 1} products" in said
        assert await found(http, app, 11)


def _doctor(app: App) -> str:
    process = app.command("doctor")
    out, _ = process.communicate(timeout=120)
    return out


async def test_a_feed_is_polled_by_the_server_and_told_over_http(app: App, tmp_path: Path) -> None:
    given = {"body": b"sku,title,price\nKX-1,Kite KX-1,29.90\n"}

    class Shop(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/gone.csv":
                self.send_response(302)
                self.send_header("Location", "http://169.254.169.254/latest/meta-data/")
                self.end_headers()
                return
            self.send_response(200)
            self.send_header("Content-Length", str(len(given["body"])))
            self.end_headers()
            self.wfile.write(given["body"])

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    try:
        await asyncio.to_thread(app.run, "shop", "create", "main")
        admin, viewer = [
            (await asyncio.to_thread(app.run, "token", "create", "--shop", "main", "--role", role)).strip() for role in ("admin", "viewer")
        ]
        feeds = f"{app.url}/api/v1/shops/main/knowledge/feeds"
        async with httpx.AsyncClient(timeout=60, headers={"Authorization": f"Bearer {admin}"}) as http:
            made = await http.post(feeds, json={"url": f"{address}/goods.csv?key=secret", "every_minutes": 30})
            assert (made.status_code, made.json()["source"], made.json()["state"]) == (201, "goods.csv", "waiting")
            assert "secret" not in made.text
            async with asyncio.timeout(90):
                while (state := (await http.get(f"{feeds}/goods.csv")).json())["state"] == "waiting":
                    await asyncio.sleep(0.5)
            assert (state["state"], state["report"]["products"]) == ("ok", 1), state
            given["body"] = b"sku,title,price\nKX-1,Kite KX-1,24.50\n"
            assert (await http.post(f"{feeds}/goods.csv/poll")).json()["report"]["changes"]["changed"] == 1
            began = time.monotonic()
            while "24.50" not in (answer := await ask(http, app, "How much is the Kite KX-1?"))["text"]:
                assert time.monotonic() - began < 5, answer
            await http.post(feeds, json={"url": f"{address}/gone.csv"})
            failed = (await http.post(f"{feeds}/gone.csv/poll")).json()
            if failed.get("status") == 409:  # the server polls it already
                failed = (await http.get(f"{feeds}/gone.csv")).json()
            assert failed["state"] == "failing" and "private network" in failed["error"]
            wrong = await http.post(feeds, json={"url": "file:///etc/passwd"})
            assert (wrong.status_code, wrong.json()["field"]) == (422, "url")
            twice = await http.post(feeds, json={"url": f"{address}/goods.csv"})
            assert twice.status_code == 422
            assert (await http.delete(f"{feeds}/gone.csv")).status_code == 204
            assert [feed["source"] for feed in (await http.get(feeds)).json()["feeds"]] == ["goods.csv"]
            headers = {"Authorization": f"Bearer {viewer}"}
            assert (await http.get(feeds, headers=headers)).status_code == 403
            assert (await http.get(feeds, headers={"Authorization": "Bearer zg_none"})).status_code == 401
        assert "goods.csv" in await asyncio.to_thread(app.run, "feed", "list")
    finally:
        server.shutdown()
        server.server_close()
