"""What a feed may be fetched from, and how much of it: against a real server that misbehaves."""

import asyncio
import gzip
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.errors import InvalidInput, SettingsError
from bot.feeds.addresses import is_allowed, networks_of
from bot.feeds.fetching import FeedFailed, Fetcher, Limits, shown_url, usable_url
from tests.unit.bot.feeds.conftest import Request, WebServer, answer

HERE = networks_of("127.0.0.0/8")
CSV = b"sku,price\nA-1,9.90\n"


def a_fetcher(limits: Limits | None = None) -> Fetcher:
    return Fetcher(HERE, limits)


def largest(folder: Path) -> int:
    return max(file.stat().st_size for file in folder.iterdir())


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.100.100.200", "168.63.129.16",
        "0.0.0.0", "255.255.255.255", "224.0.0.1", "192.0.0.192", "198.18.0.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1",
        "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::", "2002:a9fe:a9fe::", "2001:0:7f00:1::", "2001:db8::1", "nonsense", "",
    ],
)  # fmt: skip
def test_private_addresses_are_refused_in_every_notation(address: str) -> None:
    assert not is_allowed(address)


@pytest.mark.parametrize(
    "address", ["93.184.215.14", "1.1.1.1", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:1.1.1.1", "64:ff9b::101:101"]
)
def test_public_addresses_are_allowed(address: str) -> None:
    assert is_allowed(address)


def test_networks_of_ones_own_are_allowed_but_never_where_clouds_keep_keys() -> None:
    own = networks_of("10.0.0.0/8, 127.0.0.1/32, 0.0.0.0/0, ::/0")
    assert is_allowed("10.3.4.5", own) and is_allowed("::ffff:10.3.4.5", own)
    for address in ("169.254.169.254", "::ffff:169.254.169.254", "fe80::1", "100.100.100.200", "fd00:ec2::254", "64:ff9b::a9fe:a9fe"):
        assert not is_allowed(address, own)
    assert not is_allowed("192.168.0.1", networks_of("10.0.0.0/8"))
    with pytest.raises(SettingsError, match="ZHANGGUI_FEED_NETWORKS"):
        networks_of("10.0.0.0/99")


async def test_a_file_is_fetched_with_its_marks_and_the_next_time_only_asked_for(web: WebServer, tmp_path: Path) -> None:
    async def handler(request: Request, writer: asyncio.StreamWriter) -> None:
        if request.headers.get("if-none-match") == '"v1"' and request.headers.get("if-modified-since") == "Mon, 02 Mar 2026 00:00:00 GMT":
            await answer(writer, b"", "304 Not Modified", {"Content-Length": ""})
        else:
            await answer(writer, CSV, "200 OK", {"ETag": '"v1"', "Last-Modified": "Mon, 02 Mar 2026 00:00:00 GMT"})

    web.handlers["/prices.csv"] = handler
    first = await a_fetcher().fetch(web.url("/prices.csv?key=1"), tmp_path)
    assert first.path is not None and first.path.read_bytes() == CSV and first.path.suffix == ".csv"
    again = await a_fetcher().fetch(web.url("/prices.csv"), tmp_path, etag=first.etag, last_modified=first.last_modified)
    assert again.path is None and again.etag == '"v1"'


@pytest.mark.parametrize("name", ["localhost", "127.1", "2130706433", "0x7f000001", "[::ffff:127.0.0.1]"])
async def test_names_and_notations_that_lead_home_are_refused(web: WebServer, tmp_path: Path, name: str) -> None:
    web.gives("/a.csv", CSV)
    with pytest.raises(FeedFailed, match="private network"):
        await Fetcher().fetch(web.url("/a.csv", name), tmp_path)
    assert web.requests == []


async def test_the_connection_goes_to_the_address_that_was_checked(web: WebServer, tmp_path: Path) -> None:
    """A name server that answers with a public address first and a private one after it (DNS rebinding)."""
    asked: list[str] = []

    async def rebinding(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["169.254.169.254"]

    web.gives("/a.csv", CSV)
    fetched = await Fetcher(HERE, resolver=rebinding).fetch(f"http://shop.example:{web.port}/a.csv", tmp_path)
    assert fetched.path is not None and asked == ["shop.example"]
    assert web.requests[0].headers["host"] == f"shop.example:{web.port}"


async def test_one_private_address_among_several_is_enough_to_refuse(web: WebServer, tmp_path: Path) -> None:
    async def mixed(host: str, port: int) -> Sequence[str]:
        return ["127.0.0.1", "10.0.0.1"]

    with pytest.raises(FeedFailed, match="private network"):
        await Fetcher(HERE, resolver=mixed).fetch(f"http://shop.example:{web.port}/a.csv", tmp_path)


@pytest.mark.parametrize(
    "target",
    ["http://169.254.169.254/latest/meta-data/", "http://[fd00:ec2::254]/", "http://10.0.0.1/", "//192.168.0.1/x", "http://0.0.0.0/"],
)
async def test_a_redirect_is_checked_like_the_first_address(web: WebServer, tmp_path: Path, target: str) -> None:
    web.redirects("/a.csv", target)
    with pytest.raises(FeedFailed, match="private network"):
        await a_fetcher().fetch(web.url("/a.csv"), tmp_path)


@pytest.mark.parametrize("target", ["file:///etc/passwd", "gopher://127.0.0.1/", "ftp://127.0.0.1/a", "javascript:alert(1)"])
async def test_a_redirect_to_another_scheme_is_refused(web: WebServer, tmp_path: Path, target: str) -> None:
    web.redirects("/a.csv", target)
    with pytest.raises(FeedFailed, match="needs an address"):
        await a_fetcher().fetch(web.url("/a.csv"), tmp_path)


async def test_redirects_are_followed_but_not_for_ever_and_keys_stay_at_home(web: WebServer, tmp_path: Path) -> None:
    web.redirects("/old.csv", "/new.csv")
    web.gives("/new.csv", CSV)
    url = web.url("/old.csv").replace("http://", "http://merchant:s%40cret@")
    assert (await a_fetcher().fetch(url, tmp_path)).path is not None
    assert [request.headers["authorization"] for request in web.requests] == ["Basic bWVyY2hhbnQ6c0BjcmV0"] * 2
    web.redirects("/loop.csv", "/loop.csv")
    with pytest.raises(FeedFailed, match="redirects more than"):
        await a_fetcher().fetch(web.url("/loop.csv"), tmp_path)


async def test_keys_do_not_go_to_another_server(web: WebServer, tmp_path: Path) -> None:
    web.redirects("/old.csv", web.url("/new.csv", "127.0.0.1.nip.example"))
    web.gives("/new.csv", CSV)

    async def home(host: str, port: int) -> Sequence[str]:
        return ["127.0.0.1"]

    await Fetcher(HERE, resolver=home).fetch(web.url("/old.csv").replace("http://", "http://merchant:key@"), tmp_path)
    assert ["authorization" in request.headers for request in web.requests] == [True, False]


async def test_a_huge_body_is_cut_off(web: WebServer, tmp_path: Path) -> None:
    async def endless(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        while True:
            writer.write(b"x" * 65536)
            await writer.drain()

    web.handlers["/endless.csv"] = endless
    web.gives("/said.csv", b"", Content_Length="999999999")
    for path in ("/endless.csv", "/said.csv"):
        with pytest.raises(FeedFailed, match="larger than 1 MB"):
            await a_fetcher(Limits(size=2**20)).fetch(web.url(path), tmp_path)
    assert largest(tmp_path) <= 2**20


async def test_a_gzip_bomb_is_cut_off(web: WebServer, tmp_path: Path) -> None:
    bomb = gzip.compress(b"0" * 50_000_000)
    web.gives("/bomb.csv", bomb, Content_Encoding="gzip")
    web.gives("/bomb.csv.gz", gzip.compress(b"a") + bomb)
    for path in ("/bomb.csv", "/bomb.csv.gz"):
        with pytest.raises(FeedFailed, match="unpacks to more than 4 MB"):
            await a_fetcher(Limits(unpacked=4 * 2**20)).fetch(web.url(path), tmp_path)
    assert largest(tmp_path) <= 4 * 2**20


async def test_gzip_is_unpacked_and_a_damaged_one_is_refused(web: WebServer, tmp_path: Path) -> None:
    packed = gzip.compress(CSV * 1000)
    web.gives("/a.csv", packed, Content_Encoding="gzip")
    web.gives("/b.csv.gz", gzip.compress(CSV) + gzip.compress(CSV))
    web.gives("/cut.csv", packed[:-20], Content_Encoding="gzip")
    one = await a_fetcher().fetch(web.url("/a.csv"), tmp_path)
    assert one.path is not None and one.path.read_bytes() == CSV * 1000
    two = await a_fetcher().fetch(web.url("/b.csv.gz"), tmp_path)
    assert two.path is not None and two.path.read_bytes() == CSV * 2 and two.path.suffix == ".csv"
    with pytest.raises(FeedFailed, match="damaged gzip"):
        await a_fetcher().fetch(web.url("/cut.csv"), tmp_path)


async def test_a_body_that_drips_ends_at_the_time_limit(web: WebServer, tmp_path: Path) -> None:
    async def drip(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.02)

    web.handlers["/drip.csv"] = drip
    with pytest.raises(FeedFailed, match="did not arrive within"):
        await a_fetcher(Limits(seconds=0.4, silence=5)).fetch(web.url("/drip.csv"), tmp_path)


async def test_a_server_that_falls_silent_is_left(web: WebServer, tmp_path: Path) -> None:
    async def silent(request: Request, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(30)

    web.handlers["/silent.csv"] = silent
    with pytest.raises(FeedFailed, match="fell silent"):
        await a_fetcher(Limits(silence=0.2)).fetch(web.url("/silent.csv"), tmp_path)


async def test_a_body_that_ends_early_is_no_feed(web: WebServer, tmp_path: Path) -> None:
    web.gives("/cut.csv", CSV, Content_Length="5000")
    with pytest.raises(FeedFailed, match="cannot be reached"):
        await a_fetcher().fetch(web.url("/cut.csv"), tmp_path)


async def test_another_status_is_said_with_how_long_to_wait(web: WebServer, tmp_path: Path) -> None:
    web.gives("/busy.csv", b"", "503 Service Unavailable", Retry_After="120")
    with pytest.raises(FeedFailed, match="status 503") as failed:
        await a_fetcher().fetch(web.url("/busy.csv"), tmp_path)
    assert failed.value.retry_after == 120


@pytest.mark.parametrize(
    ("path", "content_type", "suffix"),
    [
        ("/feed", "application/json; charset=utf-8", ".json"),
        ("/feed", "text/csv", ".csv"),
        ("/export.php", "application/xml", ".xml"),
        ("/goods.XLSX", "application/octet-stream", ".xlsx"),
        ("/feed", "", ".csv"),
    ],
)
async def test_the_kind_of_file_is_told_by_name_or_type(web: WebServer, tmp_path: Path, path: str, content_type: str, suffix: str) -> None:
    web.gives(path, CSV, Content_Type=content_type)
    fetched = await a_fetcher().fetch(web.url(path), tmp_path)
    assert fetched.path is not None and fetched.path.suffix == suffix


@pytest.mark.parametrize(
    "url",
    [
        "",
        "shop.example/a.csv",
        "file:///etc/passwd",
        "http://",
        "http://a b/",
        "http://x/\r\nHost: y",
        "http://x:99999/",
        "https://" + "a" * 2100,
    ],
)
def test_what_is_no_address_is_refused_when_it_is_typed(url: str) -> None:
    with pytest.raises(InvalidInput):
        usable_url(url)


def test_addresses_are_shown_without_keys() -> None:
    assert shown_url("https://me:secret@shop.example/a.csv?token=secret#x") == "https://shop.example/a.csv?…"
