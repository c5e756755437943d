import re

import pytest

from knowledge.catalog import OfferPatch
from tests.unit.bot.channels.web.conftest import Door


async def test_the_frame_names_who_may_hold_it_and_runs_no_inline_script(door: Door) -> None:
    response = await door.http.get("/widget/tea")
    policy = response.headers["content-security-policy"]
    assert "frame-ancestors 'self' https://tea.example" in policy
    assert "javascript:" not in policy
    assert "unsafe" not in policy
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", response.text)


async def test_a_shop_without_origins_is_framed_by_itself_alone(door: Door) -> None:
    policy = (await door.http.get("/widget/hats")).headers["content-security-policy"]
    assert policy.endswith("frame-ancestors 'self'")


async def test_a_shops_name_is_text_in_the_page(door: Door) -> None:
    assert "<&>" not in (await door.http.get("/widget/hats")).text
    assert (await door.http.get("/widget/nobody")).status_code == 404


async def test_files_are_kept_for_ever_under_their_version_and_compressed(door: Door) -> None:
    page = (await door.http.get("/widget/tea")).text
    address = re.search(r'src="(/widget/assets/\w+/chat\.js)"', page)
    assert address
    response = await door.http.get(address[1])
    assert response.headers["content-type"].startswith("text/javascript")
    assert "immutable" in response.headers["cache-control"]
    assert response.headers["content-encoding"] == "gzip"
    again = await door.http.get(address[1], headers={"If-None-Match": response.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    old = await door.http.get("/widget/assets/000000000000/chat.js")
    assert "immutable" not in old.headers["cache-control"]


async def test_no_file_outside_the_folder_is_served(door: Door) -> None:
    for path in ("..%2froutes.py", "%2e%2e/routes.py", "widget.html", "nothing.js"):
        assert (await door.http.get(f"/widget/assets/x/{path}")).status_code == 404


async def test_sizes_stay_small(door: Door) -> None:
    embed = await door.http.get("/widget.js")
    assert int(embed.headers["content-length"]) <= 6_000
    page = await door.http.get("/widget/tea")
    total = len(page.content)
    for address in {*re.findall(r'"(/widget/assets/[^"]+)"', page.text), "/widget/assets/x/i18n/zh.js"}:
        total += int((await door.http.get(address)).headers["content-length"])
    assert total <= 45_000


async def test_all_languages_have_the_same_words(door: Door) -> None:
    keys = [
        re.findall(r"^  (\w+):", (await door.http.get(f"/widget/assets/x/i18n/{code}.js")).text, re.MULTILINE)
        for code in ("en", "zh", "zh-Hant")
    ]
    assert keys[0] == keys[1] == keys[2]
    assert len(keys[0]) > 50


async def test_the_storefront_shows_live_prices(door: Door) -> None:
    assert "$49.00" in (await door.http.get("/shops/tea")).text
    await door.knowledge.patch_offers("s1", [OfferPatch("KETTLE", price="45.50")])
    page = (await door.http.get("/shops/tea/products/kettle")).text
    assert "$45.50" in page
    assert 'data-shop="tea"' in page


@pytest.mark.parametrize(
    ("query", "accept", "title"),
    [("?lang=zh", "en", "铜壶"), ("", "zh-CN,zh;q=0.9", "铜壶"), ("", "fr", "Copper Kettle"), ("?lang=en", "zh", "Copper Kettle")],
)
async def test_the_language_is_chosen_or_the_browsers(door: Door, query: str, accept: str, title: str) -> None:
    page = (await door.http.get(f"/shops/tea{query}", headers={"Accept-Language": accept})).text
    assert title in page


async def test_a_chosen_language_goes_along(door: Door) -> None:
    assert 'href="/products/kettle?lang=zh"' in (await door.http.get("/shops/tea?lang=zh")).text.replace("&amp;", "&")


async def test_what_is_not_there_is_404(door: Door) -> None:
    for path in ("/shops/nobody", "/?shop=nobody", "/shops/tea/products/nothing", "/shops/hats/products/kettle", "/demo/images/no.svg"):
        assert (await door.http.get(path)).status_code == 404, path


async def test_privacy_and_pictures(door: Door) -> None:
    assert (await door.http.get("/privacy?shop=tea")).status_code == 200
    picture = await door.http.get("/demo/images/kettle.svg")
    assert picture.headers["content-type"] == "image/svg+xml"
    assert "sandbox" in picture.headers["content-security-policy"]
