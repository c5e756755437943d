"""Everything the composer says in its own words, from prompts/replies/<language>.toml.

A language may be in two scripts: zh-Hant.toml is Chinese in Traditional characters, and what it lacks is said as in zh.toml.

A file is tables of sentences: `[price] plain = "{product} costs {price}."`, asked for as "price.plain". All files must have the same keys,
and a key the same placeholders in each, which is checked when they are loaded, so no customer meets a hole. Languages without a file are
served in English.

A shop may choose a tone: tones/<tone>.<language>.toml beside them holds the sentences that sound otherwise in it ("" says nothing), and under
[replace] words that are other words in every sentence. The plain tone has no file.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from string import Formatter

from bot.answering.rendering import is_han
from bot.errors import SettingsError
from knowledge.localized import canonical

FALLBACK = "en"
PACKAGED = Path(__file__).parents[2] / "prompts" / "replies"


class Wording:
    """The sentences of one language. `tag`: which file ("zh-Hant"); `language`: its language alone ("zh"), as what merchants wrote is tagged."""

    def __init__(self, tag: str, sentences: Mapping[str, str]) -> None:
        self.tag = tag
        self.language = tag.split("-", maxsplit=1)[0]
        self._sentences = sentences

    def __contains__(self, key: str) -> bool:
        return key in self._sentences

    def say(self, key: str, /, **values: object) -> str:
        """The sentence with its placeholders filled. Raises KeyError for a key or value that is missing: a mistake in the program."""
        out: list[str] = []
        for literal, name, _, _ in Formatter().parse(self._sentences[key]):
            out.append(self._spaced(out, literal))
            if name is not None:
                out.append(self._spaced(out, str(values[name])))
        text = "".join(out).strip()
        # A merchant's sentence brings its own full stop.
        for doubled, single in (("..", "."), ("。。", "。"), (".。", "。"), ("！。", "！"), ("？。", "？"), ("!.", "!"), ("?.", "?")):
            if text.endswith(doubled) and not text.endswith("..."):
                text = text[: -len(doubled)] + single
        return text

    def count(self, key: str, number: int, /, **values: object) -> str:
        """The sentence for one ("key_one") or for many ("key_many")."""
        return self.say(f"{key}_{'one' if number == 1 else 'many'}", count=number, **values)

    def mark(self, key: str) -> str:
        """A separator with the spaces it was written with."""
        return self._sentences[f"list.{key}"]

    def listed(self, items: list[str]) -> str:
        """ "a, b and c"."""
        if len(items) < 2:
            return "".join(items)
        return self.mark("comma").join(items[:-1]) + self.mark("and") + items[-1]

    def _spaced(self, before: list[str], text: str) -> str:
        """Chinese typography: a thin gap between Chinese characters and Latin words or figures, never beside full-width marks."""
        last = next((piece[-1] for piece in reversed(before) if piece), "")
        if (
            self.language == "zh"
            and last
            and text
            and ((_is_word_han(last) and _is_latin(text[0])) or (_is_latin(last) and _is_word_han(text[0])))
        ):
            return " " + text
        return text


class Wordings:
    """The wording of every language there is, in every tone."""

    def __init__(self, by_language: Mapping[str, Wording], toned: Mapping[tuple[str, str], Wording] | None = None) -> None:
        """`toned`: by tone and language."""
        self._by_language = by_language
        self._toned = toned or {}

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages with a file."""
        return tuple(self._by_language)

    def of(self, language: str, tone: str = "") -> Wording:
        """The wording for a BCP 47 tag, else English; in that tone, where it has one."""
        tag = canonical(language)
        known = next((t for t in (tag, tag.split("-", maxsplit=1)[0], FALLBACK) if t in self._by_language), FALLBACK)
        return self._toned.get((tone, known), self._by_language[known])


def load_wordings(directory: Path = PACKAGED) -> Wordings:
    """Reads and checks every file. Raises SettingsError naming the file and key that does not fit."""
    tables = {path.stem: _read(path) for path in sorted(directory.glob("*.toml"))}
    if FALLBACK not in tables:
        raise SettingsError(f"No replies/{FALLBACK}.toml was found in {directory.parent}; point the prompts folder to one that has it.")
    model = tables[FALLBACK]
    for language, table in tables.items():
        for key, sentence in tables.get(language.partition("-")[0], {}).items():
            table.setdefault(key, sentence)
        odd = sorted(model.keys() ^ table.keys())
        if odd:
            raise SettingsError(f"replies/{language}.toml and replies/{FALLBACK}.toml differ in the key {odd[0]}; both must have it.")
        for key, sentence in table.items():
            if _placeholders(sentence) != _placeholders(model[key]):
                raise SettingsError(f"replies/{language}.toml: {key} must have the placeholders of replies/{FALLBACK}.toml.")
    toned = {}
    for path in sorted((directory / "tones").glob("*.toml")):
        tone, _, language = path.stem.partition(".")
        if language in tables:
            toned[tone, language] = Wording(language, _toned(path, tables[language]))
    return Wordings({language: Wording(language, table) for language, table in tables.items()}, toned)


def _toned(path: Path, plain: Mapping[str, str]) -> dict[str, str]:
    """All sentences of a language in that tone."""
    own = _read(path)
    replaced = {key.removeprefix("replace."): own.pop(key) for key in list(own) if key.startswith("replace.")}
    for key, sentence in own.items():
        if key not in plain:
            raise SettingsError(f"tones/{path.name} has the key {key}, which no language has; take it out.")
        if not _placeholders(sentence) <= _placeholders(plain[key]):
            raise SettingsError(f"tones/{path.name}: {key} may only have the placeholders of the plain sentence.")
    return {key: _with(replaced, sentence) for key, sentence in {**plain, **own}.items()}


def _with(replaced: Mapping[str, str], sentence: str) -> str:
    for word, other in replaced.items():
        sentence = sentence.replace(word, other)
    return sentence


def _read(path: Path) -> dict[str, str]:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        flat = {f"{table}.{key}": value for table, keys in data.items() for key, value in keys.items()}
        for value in flat.values():
            _placeholders(value)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, AttributeError, ValueError) as error:
        raise SettingsError(f"replies/{path.name} cannot be read: {error}; mend it or restore the packaged file.") from error
    return flat


def _placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def _is_word_han(character: str) -> bool:
    return "㐀" <= character <= "鿿"


def _is_latin(character: str) -> bool:
    return not is_han(character) and (character.isalnum() or character in "$€£¥₩₹%°")
