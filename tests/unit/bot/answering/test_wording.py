"""Wording is checked when it is loaded, and fills in as people write."""

import ast
import re
from pathlib import Path

import pytest

from bot.answering.wording import PACKAGED, Wording, load_wordings
from bot.errors import SettingsError
from knowledge.folding import script_of
from knowledge.shop_settings import TONES

ANSWERING = Path(__file__).parents[4] / "bot" / "answering"


def files(tmp_path, **texts):
    folder = tmp_path / "replies"
    folder.mkdir()
    for language, text in texts.items():
        (folder / f"{language}.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_key_that_one_language_lacks_is_named(tmp_path):
    folder = files(tmp_path, en='[a]\nx = "1"\ny = "2"', zh='[a]\nx = "1"')
    with pytest.raises(SettingsError, match=r"a\.y"):
        load_wordings(folder)


def test_a_placeholder_that_differs_is_named(tmp_path):
    folder = files(tmp_path, en='[a]\nx = "{price}"', zh='[a]\nx = "{product}"')
    with pytest.raises(SettingsError, match=r"zh\.toml: a\.x"):
        load_wordings(folder)


@pytest.mark.parametrize("broken", ['[a]\nx = "', 'x = "outside a table"', '[a]\nx = "{open"'])
def test_a_file_that_cannot_be_read_is_named(tmp_path, broken):
    with pytest.raises(SettingsError, match=r"en\.toml"):
        load_wordings(files(tmp_path, en=broken))


def test_english_must_be_there(tmp_path):
    with pytest.raises(SettingsError, match=r"en\.toml"):
        load_wordings(files(tmp_path, zh='[a]\nx = "1"'))


@pytest.mark.parametrize(
    ("text", "problem"),
    [('[a]\ny = "1"', r"calm\.en\.toml.*a\.y"), ('[a]\nx = "{other}"', r"calm\.en\.toml: a\.x"), ("[a", r"calm\.en\.toml")],
)
def test_a_tone_that_does_not_fit_is_named(tmp_path, text, problem):
    folder = files(tmp_path, en='[a]\nx = "{price}"', zh='[a]\nx = "{price}"')
    (folder / "tones").mkdir()
    (folder / "tones" / "calm.en.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=problem):
        load_wordings(folder)


def test_a_tone_changes_what_it_names_and_leaves_the_rest(tmp_path):
    folder = files(tmp_path, en='[a]\nx = "You pay {price}."\ny = "You wait."\nz = "Well."', zh='[a]\nx = "{price}"\ny = "1"\nz = "2"')
    (folder / "tones").mkdir()
    (folder / "tones" / "calm.en.toml").write_text('[replace]\nYou = "One"\n[a]\ny = "You rest."\nz = ""', encoding="utf-8")
    wordings = load_wordings(folder)
    calm = wordings.of("en-GB", "calm")
    assert [calm.say("a.x", price=3), calm.say("a.y"), calm.say("a.z")] == ["One pay 3.", "One rest.", ""]
    assert wordings.of("en").say("a.y") == "You wait." and wordings.of("zh", "calm").say("a.y") == "1"


def test_every_tone_that_a_shop_may_choose_has_its_files():
    packaged = {path.stem for path in (PACKAGED / "tones").glob("*.toml")}
    assert packaged == {f"{tone}.{language}" for tone in TONES[1:] for language in ("en", "zh", "zh-Hant")}


def test_chinese_and_latin_are_set_apart_but_not_from_marks():
    words = Wording("zh", {"a.x": "{product}重{value}。"})
    assert words.say("a.x", product="KT-17E", value="1.1 kg") == "KT-17E 重 1.1 kg。"
    assert words.say("a.x", product="水壶", value="（约）1 斤") == "水壶重（约）1 斤。"


@pytest.mark.parametrize(("value", "said"), [("Steel.", "It is Steel."), ("Steel", "It is Steel."), ("Really?", "It is Really?")])
def test_a_merchants_full_stop_is_not_doubled(value, said):
    assert Wording("en", {"a.x": "It is {value}."}).say("a.x", value=value) == said


def test_every_key_that_the_code_asks_for_exists():
    """Literal keys in calls; keys that are put together in the code are covered by the composer's own tests."""
    keys = set(load_wordings(PACKAGED).of("en")._sentences)
    asked = set()
    for path in ANSWERING.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("say", "count") and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str) and re.fullmatch(r"[a-z]+\.[a-z_]+", first.value):
                    asked.add(first.value if node.func.attr == "say" else f"{first.value}_many")
    assert len(asked) > 60
    assert asked - keys == set()


def test_a_language_without_a_file_is_served_in_english():
    wordings = load_wordings(PACKAGED)
    assert wordings.of("pt-BR").language == "en"
    assert wordings.of("zh-Hant").language == "zh"


def test_a_script_lacks_nothing_and_is_read_whole(tmp_path):
    """What zh-Hant lacks is said as in zh, so that nobody meets a hole; ours lacks nothing and holds no Simplified character."""
    folder = files(tmp_path, **{"en": '[a]\nx = "1"\ny = "2"', "zh": '[a]\nx = "一"\ny = "二"', "zh-Hant": '[a]\nx = "壹"'})
    words = load_wordings(folder).of("zh-TW")
    assert [words.say("a.x"), words.say("a.y"), words.language, words.tag] == ["壹", "二", "zh", "zh-Hant"]
    keys = {
        name: re.findall(r"^(?:\[\w+\]|\w+ =)", (PACKAGED / f"{name}.toml").read_text(encoding="utf-8"), re.M) for name in ("zh", "zh-Hant")
    }
    assert keys["zh"] == keys["zh-Hant"]
    for path in [PACKAGED / "zh-Hant.toml", *(PACKAGED / "tones").glob("*.zh-Hant.toml")]:
        odd = [
            (n, line)
            for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
            if any(script_of(c) == "Hans" for c in line)
        ]
        assert odd == [], path.name


def test_every_tag_gets_its_wording():
    wordings = load_wordings()
    tags = {tag: wordings.of(tag, "friendly").tag for tag in ("zh-HK", "zh-Hant", "zh", "zh-CN", "en-GB", "fr", "yue")}
    assert tags == {"zh-HK": "zh-Hant", "zh-Hant": "zh-Hant", "zh": "zh", "zh-CN": "zh", "en-GB": "en", "fr": "en", "yue": "zh-Hant"}
