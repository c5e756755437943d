"""Settings of a shop: one JSON document, merge patches, and nothing malformed that gets in."""

import json
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.demo import described_shop
from knowledge.errors import InvalidSetting
from knowledge.shop_editing import GROUPS, changed_shop, checked_shop, differences, fingerprint, settings_json
from knowledge.shop_settings import ShopSettings, handoff_rules, opening_hours, shop_settings
from knowledge.store import Shop
from tests.fakes.frozen import frozen

DEMO = Path(__file__).parents[3] / "knowledge" / "demo" / "shop.toml"
EMPTY = Shop("s", "tea", {"en": "Tea"})


def demo() -> Shop:
    return described_shop(Shop("d", "demo", {}), tomllib.loads(DEMO.read_text(encoding="utf-8")))


def test_every_setting_belongs_to_one_group_and_is_told() -> None:
    named = [name for group in GROUPS.values() for name in group]
    assert sorted(named) == sorted(settings_json(EMPTY)) and len(named) == len(set(named))


@pytest.mark.parametrize("shop", [EMPTY, demo()])
def test_what_is_read_can_be_written_back_and_changes_nothing(shop: Shop) -> None:
    again = changed_shop(shop, json.loads(json.dumps(settings_json(shop))))
    assert differences(shop, again) == {}
    assert settings_json(again) == settings_json(shop) and fingerprint(again) == fingerprint(shop)
    assert again.settings.get("facts") == shop.settings.get("facts"), "what is no setting of the console stays"


def test_a_patch_changes_what_it_names() -> None:
    shop = changed_shop(demo(), {"greeting": {"en": None, "fr": "Bonjour"}, "handoff": {"words": {"words": ["wholesale", " wholesale "]}}})
    told = settings_json(shop)
    assert set(told["greeting"]) == {"zh", "fr"} and told["handoff"]["words"]["words"] == ["wholesale"]
    assert told["handoff"]["wait_minutes"] == 5 and told["hours"] == settings_json(demo())["hours"]
    assert set(differences(demo(), shop)) == {"greeting", "handoff.words"}
    assert fingerprint(shop, GROUPS["hours"]) == fingerprint(demo(), GROUPS["hours"]) and fingerprint(shop) != fingerprint(demo())


def test_a_waiting_time_that_stood_outside_moves_and_stays() -> None:
    old = replace(EMPTY, settings={"wait_minutes": 2.5})
    assert shop_settings(changed_shop(old, {"handoff": {"misses": 3}})).wait_minutes == 2.5
    assert shop_settings(changed_shop(old, {"handoff": {"wait_minutes": None}})).wait_minutes is None


def test_a_description_in_a_file_is_held_to_the_same() -> None:
    assert checked_shop(demo()) == demo()
    with pytest.raises(InvalidSetting, match="time zone"):
        checked_shop(replace(EMPTY, settings={"hours": {"timezone": "Mars", "days": ["mon"], "opens": "9:00", "closes": "18:00"}}))


@pytest.mark.parametrize(
    ("patch", "field"),
    [
        ({"colour": "red"}, "colour"),
        ({"name": {"en": None}}, "name"),
        ({"name": {"en": "T" * 121}}, "name.en"),
        ({"name": {"<script>": "x"}}, "name"),
        ({"languages": []}, "languages"),
        ({"languages": ["english"]}, "languages"),
        ({"currency": "ZZZ"}, "currency"),
        ({"amounts_in": {"zh": "yuan"}}, "amounts_in.zh"),
        ({"tone": "loud"}, "tone"),
        ({"quick_replies": {"en": ["a", "b", "c", "d", "e"]}}, "quick_replies.en"),
        ({"quick_replies": {"en": ["x" * 81]}}, "quick_replies.en"),
        ({"hours": {"timezone": "Mars/Base"}}, "hours.timezone"),
        ({"hours": {"week": {"mon": ["09:00-18:00"]}}}, "hours.timezone"),
        ({"hours": {"timezone": "UTC", "week": {"mon": ["9-18"]}}}, "hours.week.mon"),
        ({"hours": {"timezone": "UTC", "week": {"mon": ["09:00-13:00", "12:00-18:00"]}}}, "hours.week.mon"),
        ({"hours": {"timezone": "UTC", "week": {"mon": ["01:00-02:00", "03:00-04:00", "05:00-06:00"]}}}, "hours.week.mon"),
        ({"hours": {"week": {"monday": []}}}, "hours.week.monday"),
        ({"hours": {"closed": ["Christmas"]}}, "hours.closed"),
        ({"handoff": {"amount": {"amount": "-5", "currency": "USD"}}}, "handoff.amount"),
        ({"handoff": {"amount": {"amount": "NaN", "currency": "USD"}}}, "handoff.amount"),
        ({"handoff": {"words": {"words": ["!!"]}}}, "handoff.words"),
        ({"handoff": {"words": "wholesale"}}, "handoff.words"),
        ({"handoff": {"subjects": {"subjects": ["weather"]}}}, "handoff.subjects"),
        ({"handoff": {"misses": 0}}, "handoff.misses"),
        ({"handoff": {"misses": True}}, "handoff.misses"),
        ({"handoff": {"wait_minutes": -1}}, "handoff.wait_minutes"),
        ({"handoff": {"rules": []}}, "handoff.rules"),
        ({"hide_stock": "yes"}, "hide_stock"),
        ({"greeting": {"en": "a\x00b"}}, "greeting.en"),
        ({"greeting": {"en": 3}}, "greeting.en"),
        ({"greeting": ["hi"]}, "greeting"),
        ({"contact_email": "nobody"}, "contact_email"),
        ({"contact_phone": "call me"}, "contact_phone"),
        ({"privacy_url": "javascript:alert(1)"}, "privacy_url"),
        ({"allowed_origins": ["https://shop.example/path"]}, "allowed_origins"),
        ({"allowed_origins": ["https://a.example; script-src *"]}, "allowed_origins"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(patch: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidSetting) as refused:
        changed_shop(EMPTY, patch)
    assert refused.value.field == field and str(refused.value).endswith(".")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(name=st.sampled_from(sorted(settings_json(EMPTY))), value=JSON)
def test_any_json_is_kept_whole_or_refused_in_one_sentence(name: str, value: Any) -> None:
    try:
        shop = changed_shop(EMPTY, {name: value})
    except InvalidSetting as refused:
        assert refused.field.startswith(name)
        return
    json.dumps(settings_json(shop))
    assert settings_json(changed_shop(shop, settings_json(shop))) == settings_json(shop)


@given(settings=st.dictionaries(st.sampled_from(sorted({*settings_json(EMPTY), "wait_minutes"})), JSON))
def test_reading_forgives_anything_that_may_stand_there(settings: dict[str, Any]) -> None:
    shop = replace(EMPTY, settings=settings)
    assert isinstance(shop_settings(shop), ShopSettings)
    opening_hours(shop)
    handoff_rules(shop)
    json.dumps(settings_json(shop))


def test_settings_are_never_changed_in_place() -> None:
    """What is read of them is kept as long as the shop is."""
    shop = replace(demo(), settings=frozen(demo().settings))
    with pytest.raises(AssertionError, match="in place"):
        shop.settings["hours"]["text"]["en"] = "Never"  # type: ignore[index]
    for name, value in settings_json(demo()).items():
        changed = changed_shop(shop, {name: value})
        assert changed is not shop and shop_settings(changed) is not shop_settings(shop)
        assert differences(shop, changed) == {} and checked_shop(changed) == changed
    assert changed_shop(shop, {"handoff": {"misses": 3}, "hide_stock": True}).settings != shop.settings
    assert handoff_rules(shop) == handoff_rules(demo()) and opening_hours(shop) == opening_hours(demo())
    assert described_shop(shop, tomllib.loads(DEMO.read_text(encoding="utf-8"))).settings == shop.settings == demo().settings
