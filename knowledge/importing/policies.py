"""Policies out of documents: sections by heading, the topic by their words."""

import re
from pathlib import PurePath

from knowledge.importing.draft import Context
from knowledge.importing.faq import language_tag
from knowledge.importing.markdown import Prose
from knowledge.importing.text import clean, language_of, slug
from knowledge.policy import Policy, Section

_TOPICS: dict[str, str] = {
    "returns": r"returns?\b|refund|exchange|send(?:ing)? back|money back|退货|退款|换货|退换|售后",
    "shipping": r"shipping|delivery|deliver|dispatch|postage|customs|运费|配送|发货|物流|快递|运输|送货",
    "warranty": r"warrant|guarantee|repair|保修|质保|三包|维修|保固",
    "payment": r"payment|\bpay\b|paying|billing|invoice|checkout|支付|付款|结算|发票|账单",
    "privacy": r"privacy|personal data|data protection|\bgdpr\b|cookies?|隐私|个人信息|数据保护",
}  # fmt: skip


def policy_of(prose: Prose, name: str, context: Context) -> Policy | None:
    """The policy in a document; None when it has no words. `name` (the file's) becomes its id."""
    facts, headed = prose.facts, prose.pieces
    whole = "\n".join(f"{piece.heading}\n{piece.text}" for piece in headed).strip()
    if not clean(whole):
        return None
    stem = PurePath(name).stem
    tops = [piece for piece in headed if piece.level == 1]
    title = facts.get("title") or (tops[0].heading if len(tops) == 1 or (tops and headed[1] is tops[0]) else "") or _from_name(stem)
    sections: list[Section] = []
    taken: set[str] = set()
    for piece in headed:
        content = piece.text
        if not content:
            continue
        heading = piece.heading or title
        anchor = base = slug(heading) or "section"
        number = 2
        while anchor in taken:
            anchor, number = f"{base}-{number}", number + 1
        taken.add(anchor)
        sections.append(Section(heading, anchor, content))
    if not sections:
        sections.append(Section(title, slug(title) or "section", title))
    language = language_tag(facts.get("language", facts.get("lang", ""))) or _named_language(stem) or language_of(whole, context.languages)
    topic = facts.get("topic", "").casefold()
    return Policy(
        PurePath(name).name, title, language, topic if topic in (*_TOPICS, "other") else topic_of(stem, title, whole), tuple(sections)
    )


def _from_name(stem: str) -> str:
    return re.sub(r"[\s_\-.]+", " ", re.sub(r"[._-](?:en|zh|de|fr|es|ja)(?:-\w+)?$", "", stem)).strip().capitalize() or "Policy"


def _named_language(stem: str) -> str:
    match = re.search(r"[._-](en|zh|de|fr|es|it|pt|nl|ja|ko|ru)(?:[-_](?:cn|tw|hk|us|gb))?$", stem, re.IGNORECASE)
    return match[1].lower() if match else ""


def topic_of(stem: str, title: str, text: str) -> str:
    """By the file's name, else its title, else what its text speaks of most."""
    for hint in (re.sub(r"[_\-.]+", " ", stem), title):
        places = {topic: match.start() for topic, pattern in _TOPICS.items() if (match := re.search(pattern, hint, re.IGNORECASE))}
        if places:
            return min(places, key=lambda topic: places[topic])
    counts = {topic: len(re.findall(pattern, text, re.IGNORECASE)) for topic, pattern in _TOPICS.items()}
    best = max(counts, key=lambda topic: counts[topic])
    return best if counts[best] >= 2 else "other"
