"""Settings in forms and as JSON: saved part by part, refused with a sentence, not over somebody else's, with who changed what."""

import ast
import re
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.app import _errors
from bot.consoles.merchant.settings_api import settings_routes
from bot.consoles.shared.words import load_words
from knowledge import shop_checks
from knowledge.shop_editing import GROUPS, settings_json
from tests.unit.bot.consoles.conftest import Browser, House

PAGE = "/console/tea/settings"
API = "/api/v1/shops/tea/settings"


def fields_of(page: str, group: str) -> dict[str, str]:
    """What the form of a group would send untouched."""
    form = next(one for one in re.findall(r"<form.*?</form>", page, re.S) if f'action="{PAGE}/{group}#{group}"' in one)
    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and value and (not re.search('type="(?:checkbox|radio)"', tag) or " checked" in tag):
            found[unescape(name[1])] = unescape(value[1])
    for name, text in re.findall(r'<textarea name="([^"]+)"[^>]*>\n(.*?)</textarea>', form, re.S):
        found[unescape(name)] = unescape(text)
    for name, options in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r"<option(?: value=\"([^\"]*)\")? selected>([^<]*)", options) or re.search(
            r'<option(?: value="([^"]*)")?>([^<]*)', options
        )
        if chosen:
            found[name] = unescape(chosen[2] if chosen[1] is None else chosen[1])
    del found["csrf"]  # each browser sends its own
    return found


async def settings_of(house: House) -> dict[str, Any]:
    shop = await house.knowledge.shop("tea")
    assert shop is not None
    return settings_json(shop)


async def save(browser: Browser, group: str, **changes: str) -> httpx.Response:
    fields = fields_of((await browser.get(PAGE)).text, group)
    return await browser.post(f"{PAGE}/{group}", follow=True, **{**fields, **changes})


async def test_saved_untouched_nothing_changes(house: House) -> None:
    browser = await house.signed_in("admin")
    before = await settings_of(house)
    for group in GROUPS:
        response = await save(browser, group)
        assert response.status_code == 200 and "Saved." in response.text, response.text
    assert await settings_of(house) == before
    assert "Nothing was changed here yet" in (await browser.get(PAGE)).text, "and no history tells of it"


CHANGES: dict[str, tuple[dict[str, str], dict[str, Any]]] = {
    "shop": (
        {"name:en": "Tea & Co", "language:fr": "1", "first_language": "zh", "currency": "CNY", "amounts_in:zh": "CNY"},
        {"name": {"en": "Tea & Co", "zh": "tea铺"}, "languages": ["zh", "en", "fr"], "currency": "CNY", "amounts_in": {"zh": "CNY"}},
    ),
    "voice": (
        {"tone": "friendly", "greeting:en": "Hello <there>", "quick_replies:zh": "有什么茶？\n\n 运费多少？ ", "voice:en": "Like a friend."},
        {"tone": "friendly", "greeting": {"en": "Hello <there>"}, "quick_replies": {"zh": ["有什么茶？", "运费多少？"]}, "voice": {"en": "Like a friend."}},
    ),
    "hours": (
        {"timezone": "Asia/Shanghai", "mon:0:opens": "09:00", "mon:0:closes": "12:00", "mon:1:opens": "13:00", "mon:1:closes": "18:00",
         "sun:0:opens": "10:00", "sun:0:closes": "00:00", "closed": "2026-10-01\n2026-10-02"},
        {"hours": {"timezone": "Asia/Shanghai", "closed": ["2026-10-01", "2026-10-02"], "text": {}, "week": {
            **{day: [] for day in ("tue", "wed", "thu", "fri", "sat")}, "mon": ["09:00-12:00", "13:00-18:00"], "sun": ["10:00-24:00"]}}},
    ),
    "handoff": (
        {"words": "wholesale\n批发", "words_queue": "Trade", "subject:returns": "1", "amount": "1000", "amount_currency": "USD", "misses": "2",
         "wait_minutes": "0.5", "contact_question:en": "Your e-mail?"},
        {"handoff": {"words": {"words": ["wholesale", "批发"], "queue": "Trade"}, "subjects": {"subjects": ["returns"], "queue": ""},
                     "amount": {"amount": "1000.00", "currency": "USD", "queue": ""}, "misses": 2, "wait_minutes": 0.5,
                     "contact_question": {"en": "Your e-mail?"}}},
    ),
    "answers": ({"hide_stock": "1", "composer_first": "1"}, {"hide_stock": True, "composer_first": True}),
    "spending": ({"model_cap_month": " 20.50 ", "model_cap_day": "0"}, {"model_cap_month": "20.50", "model_cap_day": "0"}),
    "contact": (
        {"contact_email": "tea@shop.example", "contact_phone": "+86 21 555 0100", "privacy_notice:zh": "聊天保存 12 个月。",
         "privacy_url": "https://tea.example/privacy", "allowed_origins": "https://tea.example\nhttps://*.tea.example/"},
        {"contact_email": "tea@shop.example", "contact_phone": "+86 21 555 0100", "privacy_notice": {"zh": "聊天保存 12 个月。"},
         "privacy_url": "https://tea.example/privacy", "allowed_origins": ["https://tea.example", "https://*.tea.example"]},
    ),
}  # fmt: skip


@pytest.mark.parametrize("group", GROUPS)
async def test_each_form_saves_what_it_shows_and_nothing_else(house: House, group: str) -> None:
    browser = await house.signed_in("admin")
    before = await settings_of(house)
    typed, kept = CHANGES[group]
    assert set(kept) == set(GROUPS[group])
    response = await save(browser, group, **typed)
    assert response.status_code == 200, response.text
    now = await settings_of(house)
    assert {name: now[name] for name in kept} == kept
    assert {name: now[name] for name in now if name not in kept} == {name: before[name] for name in before if name not in kept}
    assert "<there>" not in response.text
    # What stands in the forms now is what was saved: sent again, it changes nothing.
    await save(browser, group)
    assert await settings_of(house) == now
    assert "mei@tea.example" in response.text, "who changed it"


async def test_a_box_that_is_no_longer_ticked_and_a_field_that_was_emptied(house: House) -> None:
    browser = await house.signed_in("admin")
    await save(browser, "answers", hide_stock="1")
    await save(browser, "voice", **{"greeting:en": "Hello."})
    fields = fields_of((await browser.get(PAGE)).text, "answers")
    assert fields.pop("hide_stock") == "1"
    await browser.post(f"{PAGE}/answers", **fields)
    await save(browser, "voice", **{"greeting:en": ""})
    now = await settings_of(house)
    assert (now["hide_stock"], now["greeting"]) == (False, {})


@pytest.mark.parametrize(
    ("group", "typed", "en", "zh"),
    [
        ("hours", {"mon:0:opens": "09:00"}, "both times of a pair", "开始和结束都要填"),
        ("hours", {"mon:0:opens": "09:00", "mon:0:closes": "18:00", "timezone": ""}, "need a time zone", "需要时区"),
        ("shop", {"name:en": "", "name:zh": ""}, "needs a name", "名称"),
        ("voice", {"quick_replies:en": "a\nb\nc\nd\ne"}, "at most 4", "最多 4 个"),
        ("handoff", {"wait_minutes": "soon"}, "whole number", "整数"),
        ("spending", {"model_cap_month": "much"}, "is no amount", "不是金额"),
        ("contact", {"privacy_url": "javascript:alert(1)"}, "whole address", "完整的网址"),
    ],
)
async def test_what_is_wrong_is_said_in_the_readers_language_and_what_was_typed_stays(
    house: House, group: str, typed: dict[str, str], en: str, zh: str
) -> None:
    browser = await house.signed_in("admin")
    before = await settings_of(house)
    for language, said in (("en", en), ("zh", zh)):
        await browser.get(f"{PAGE}?lang={language}")
        response = await save(browser, group, **typed)
        assert response.status_code == 422 and said in unescape(response.text), response.text
        again = fields_of(response.text, group)
        assert {name: again.get(name, "") for name in typed} == typed
    assert await settings_of(house) == before


async def test_two_who_change_the_same_form_and_two_who_change_different_ones(house: House) -> None:
    mei = await house.signed_in("admin")
    ann = await house.signed_in("admin", email="ann@tea.example", name="Ann")
    opened = {group: fields_of((await ann.get(PAGE)).text, group) for group in GROUPS}
    await save(mei, "voice", **{"greeting:en": "Mei's greeting"})
    assert (await ann.post(f"{PAGE}/answers", **{**opened["answers"], "hide_stock": "1"})).status_code == 200, (
        "another form is another matter"
    )
    response = await ann.post(f"{PAGE}/voice", **{**opened["voice"], "greeting:en": "Ann's greeting"})
    assert response.status_code == 412 and "Mei&#39;s" in response.text and "Ann&#39;s greeting" in response.text
    assert (await settings_of(house))["greeting"] == {"en": "Mei's greeting"}
    again = fields_of(response.text, "voice")
    assert again["greeting:en"] == "Ann's greeting"
    assert (await ann.post(f"{PAGE}/voice", **again)).status_code == 200
    assert (await settings_of(house))["greeting"] == {"en": "Ann's greeting"}


async def test_who_may_not_change_settings_reads_them(house: House) -> None:
    for role in ("support", "analyst", "viewer"):
        browser = await house.signed_in(role, email=f"{role}@tea.example")
        page = await browser.get(PAGE)
        assert page.status_code == 200 and '<fieldset class="bare entry-form" disabled>' in page.text and "Save" not in page.text
        assert (await browser.post(f"{PAGE}/answers", hide_stock="1")).status_code == 403
    stranger = await house.signed_in("admin", "s2", email="hat@hats.example")
    assert (await stranger.get(PAGE)).status_code == 404
    assert (await stranger.post(f"{PAGE}/answers", hide_stock="1")).status_code == 404
    assert (await settings_of(house))["hide_stock"] is False


async def test_a_form_from_another_page_changes_nothing(house: House) -> None:
    browser = await house.signed_in("admin")
    fields = fields_of((await browser.get(PAGE)).text, "answers")
    assert (await browser.http.post(f"{PAGE}/answers", data={**fields, "hide_stock": "1"})).status_code == 403
    assert (await browser.post(f"{PAGE}/nothing", x="1")).status_code == 404
    assert (await browser.post(f"{PAGE}/answers", hide_stock="1")).status_code == 412, "without what was looked at"
    assert (await settings_of(house))["hide_stock"] is False


def test_every_refusal_has_words_in_every_language() -> None:
    tree = ast.parse(Path(shop_checks.__file__).read_text(encoding="utf-8"))
    refusals = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "InvalidSetting"]
    codes = {node.args[2].value for node in refusals if isinstance(node.args[2], ast.Constant)}
    assert len(refusals) > 20 and {"span", "zone", "too_many", "number"} <= codes
    for words in load_words().values():
        assert [code for code in sorted(codes) if f"error.setting_{code}" not in words] == []


# ── for programs ──


@pytest.fixture
def api(house: House) -> House:
    house.app.include_router(settings_routes(house.parts))
    _errors(house.app)
    return house


async def test_a_program_reads_patches_and_sees_the_history(api: House) -> None:
    program = await api.program("admin")
    first = await program.get(API)
    assert first.status_code == 200 and first.json() == await settings_of(api)
    done = await program.patch(API, json={"hide_stock": True, "greeting": {"zh": "你好"}}, headers={"If-Match": first.headers["etag"]})
    assert done.status_code == 200 and done.json()["hide_stock"] is True and done.headers["etag"] != first.headers["etag"]
    stale = await program.patch(API, json={"hide_stock": False}, headers={"If-Match": first.headers["etag"]})
    assert stale.status_code == 412 and (await settings_of(api))["hide_stock"] is True
    (change,) = (await program.get(f"{API}/history")).json()["changes"]
    assert change["who"].startswith("token:") and change["settings"]["greeting"] == {"before": {}, "after": {"zh": "你好"}}


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"hours": {"week": {"mon": "all day"}}}', b'{"languages": null}', b'{"colour": 1}'])
async def test_what_a_program_sends_wrongly_is_named_and_changes_nothing(api: House, body: bytes) -> None:
    before = await settings_of(api)
    response = await (await api.program("admin")).patch(API, content=body)
    assert response.status_code == 422 and response.json()["detail"].endswith(".")
    assert response.json()["field"]
    assert await settings_of(api) == before


async def test_roles_and_shops_of_programs(api: House) -> None:
    assert (await api.http.get(API)).status_code == 401
    assert (await (await api.program("viewer")).get(API)).status_code == 200
    assert (await (await api.program("support")).patch(API, json={"hide_stock": True})).status_code == 403
    assert (await (await api.program("admin", "s2")).patch(API, json={"hide_stock": True})).status_code == 404
    assert (await settings_of(api))["hide_stock"] is False
