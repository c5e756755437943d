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
_SENTENCE_END = re.compile(
    r"[;；。！!|•](?=\s|$|[^\W\d_])|(?<!\bapprox)(?<!\bca)(?<!\bincl)(?<!\bexcl)(?<!\bmax)(?<!\bmin)(?<!\bno)(?<!\bdia)\.(?=\s|$)",
    re.IGNORECASE,
)
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
    matches = [match for match in _INSIDE.finditer(line) if concept_of(match["name"]) is not None]
    found = []
    for place, match in enumerate(matches):
        until = matches[place + 1].start() if place + 1 < len(matches) else len(line)
        found.append((match["name"], _first_sentence(line[match.end() : until])))
    return found


def _first_sentence(text: str) -> str:
    end = _SENTENCE_END.search(text)
    return text[: end.start()] if end else text


def _take(statements: Iterable[tuple[str, str]], found: dict[tuple[str, str], Attribute], languages: Sequence[str]) -> None:
    for name, value in statements:
        one = attribute(name.strip(" *_-–"), value.strip(" ,，;；|*_"), languages)
        if one is None or len(one.value) > LONGEST_VALUE or _ELSEWHERE.search(one.value) or not re.search(r"\w", one.value):
            continue
        found.setdefault(_key(one), one)
