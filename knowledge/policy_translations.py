"""The same policy in two languages: returns.en.md and returns.zh.md."""

import re
from collections.abc import Mapping

from knowledge.policy import Policy, Section

_LANGUAGE = re.compile(r"[._-](?:en|zh|de|fr|es|it|pt|nl|ja|ko|ru)(?:[-_](?:cn|tw|hk|us|gb|hant|hans))?(?=\.[^.]*$|$)", re.IGNORECASE)


def translated(policies: Mapping[str, Policy], id: str, language: str) -> tuple[Policy, Section] | None:
    """The section `file#anchor` as the shop says it in `language`: the one at the same place of the file of the same name (without its
    language) and the same number of sections. None where it is in that language already, or not translated section by section."""
    file, _, anchor = id.partition("#")
    policy = policies.get(file)
    base = language.split("-", maxsplit=1)[0]
    if policy is None or _base(policy) in (base, "und"):
        return None
    place = next((n for n, section in enumerate(policy.sections) if section.anchor == anchor), None)
    name = _LANGUAGE.sub("", policy.id)
    for other in policies.values():
        same = _base(other) == base and len(other.sections) == len(policy.sections) and _LANGUAGE.sub("", other.id) == name
        if place is not None and same and other.sections[place].text.strip():
            return other, other.sections[place]
    return None


def _base(policy: Policy) -> str:
    return policy.language.split("-", maxsplit=1)[0]
