"""Attributes that stand inside a description: lines and table rows "Material: wool", and the same in running text.

A name is believed where it is known (attribute_names.toml), or stands among known ones in a list of statements; what nobody knows and
what stands alone is prose.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from knowledge.attribute_names import concept_of
from knowledge.catalog import Attribute
from knowledge.importing.draft import Draft
from knowledge.importing.statements import attribute

SOURCE = "description"
LONGEST_VALUE = 200
"""Characters; what is longer is a text, not a value."""
LISTED = 3
"""Statements in a row from which they are a list, where unknown names count too."""

_NAME = r"[^\s\d:：.。;；,，!?！？\"“”()（）][^:：\n.。;；,，!?！？\"“”()（）]{0,38}(?:\s?[(（][^()（）:：\n]{1,20}[)）])?"
_LINE = re.compile(rf"^[\s\-–•·*●■◆▪✓✔]*(?P<name>{_NAME})\s*[:：]\s*(?P<value>\S.*)$")
_INSIDE = re.compile(rf"(?:^|(?<=[.;,。；，!?！？|•·])\s*)(?P<name>{_NAME})\s*[:：]\s*(?=\S)")
_ABBREVIATED = "".join(
    rf"(?<!\b{word})"
    for word in ("approx", "ca", "incl", "excl", "max", "min", "no", "dia", "cu", "sq", "fl", "vol", "wt", "oz", "lbs", "ft", "in")
)
_SENTENCE_END = re.compile(rf"[;；。！!|•](?=\s|$|[^\W\d_])|{_ABBREVIATED}\.(?=\s|$)", re.IGNORECASE)
_NEXT_NAME = re.compile(r"\s((?:[^\W\d_][\w/&'-]*\s){0,3}[^\W\d_][\w/&'-]*)\s?[:：]\s")
"""What may be the name of a further statement that follows without a mark: "5.5 cm body weight: 150 g"."""
_PROSE = re.compile(r"\b(?:you|your|we|our|us|they|their|customers?|i|my)\b|您|我们|你|亲", re.IGNORECASE)
"""Who speaks to somebody tells; a value does not."""
_ELSEWHERE = re.compile(
    r"\b(?:see|refer to|check|consult|as)\b.{0,30}\b(?:chart|table|below|above|picture|pictured|photos?|images?|shown|described|description|label|guide)\b"
    r"|见(?:下|上|图|详)|如图|详见|参见|参考(?:图|表|尺码)|请看|以实物|^(?:n/?a|none|tbd|-+|/|无|其他|other)$",
    re.IGNORECASE,
)
"""Values that only point somewhere else."""
_SAID_TO_SOMEBODY = re.compile(
    r"^(?:note|notes|tip|tips|step|warning|important|attention|ps|hint|faq|q|a|注|备注|提示|温馨提示|说明|问|答|步骤)\b", re.IGNORECASE
)


def find_hidden(drafts: Sequence[Draft], languages: Sequence[str]) -> None:
    """Adds to each draft what its description states and its own columns do not."""
    for draft in drafts:
        texts = [text for text in draft.description.values() if ":" in text or "：" in text]
        if not texts:
            continue
        stated = {_key(one) for one in (*draft.attributes, *draft.variant_attributes, *draft.options)}
        for text in texts:
            for one in attributes_in(text, languages):
                if _key(one) not in stated:
                    stated.add(_key(one))
                    draft.attributes.append(replace(one, source=SOURCE))


def _key(one: Attribute) -> tuple[str, str]:
    return concept_of(one.name) or one.name.casefold(), one.language


def attributes_in(text: str, languages: Sequence[str]) -> list[Attribute]:
    """The statements of a plain text, each name once."""
    found: dict[tuple[str, str], Attribute] = {}
    block: list[tuple[str, str]] = []
    for line in (*text.split("\n"), ""):
        inside = _inside(line)
        match = _LINE.match(line) if len(inside) < 2 else None
        if match is not None and len(match["name"].split()) <= 5:
            block.append((match["name"], match["value"]))
            continue
        _take(_believed(block), found, languages)
        block = []
        _take(inside, found, languages)
    return list(found.values())


def _believed(block: Sequence[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    known = [concept_of(name) is not None for name, _ in block]
    listed = len(block) >= LISTED and sum(known) * 2 >= len(block)
    for (name, value), is_known in zip(block, known, strict=True):
        if is_known or (listed and len(name.split()) <= 3 and len(value) <= LONGEST_VALUE // 2 and not _SAID_TO_SOMEBODY.match(name)):
            yield name, _first_sentence(value) if len(value) > LONGEST_VALUE else value


def _inside(line: str) -> list[tuple[str, str]]:
    """Statements in running text: a known name with a colon at the start of a sentence or clause, up to the sentence's end."""
    starts: list[tuple[int, int, str]] = [
        (match.start(), match.end(), match["name"]) for match in _INSIDE.finditer(line) if concept_of(match["name"]) is not None
    ]
    if starts:
        starts.extend(_unmarked(line, starts[0][1], {end for _, end, _ in starts}))
        starts.sort()
    found = []
    for place, (_, end, name) in enumerate(starts):
        until = starts[place + 1][0] if place + 1 < len(starts) else len(line)
        found.append((name, _first_sentence(line[end:until])))
    return found


def _unmarked(line: str, after: int, known: set[int]) -> Iterable[tuple[int, int, str]]:
    for match in _NEXT_NAME.finditer(line, after):
        clause = re.split(r"[.;,。；，!?](?!\d)", line[: match.start()])[-1]
        words = match[1].split() if ":" in clause or "：" in clause else []
        for first in range(len(words)):
            name = " ".join(words[first:])
            if concept_of(name) is not None:
                if match.end() not in known:
                    yield match.end(1) - len(name), match.end(), name
                break


def _first_sentence(text: str) -> str:
    end = _SENTENCE_END.search(text)
    return text[: end.start()] if end else text


def _take(statements: Iterable[tuple[str, str]], found: dict[tuple[str, str], Attribute], languages: Sequence[str]) -> None:
    for name, value in statements:
        one = attribute(name.strip(" *_-–"), value.strip(" ,，;；|*_"), languages)
        if (
            one is None
            or _PROSE.search(one.value)
            or len(one.value) > LONGEST_VALUE
            or _ELSEWHERE.search(one.value)
            or not re.search(r"\w", one.value)
        ):
            continue
        found.setdefault(_key(one), one)
