"""What a short message after a rule asks of that same rule: "shoes too?", "France?", 特价的呢, "and how many hours is that?"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.answering.places import elsewhere, meet, whereabouts
from bot.answering.rule_kinds import kinds_asked, telling_share
from bot.answering.rule_words import language_said
from bot.answering.rules import Rule, language_of
from bot.answering.speaking import Speaker
from bot.answering.thresholds import RULE_SURE
from bot.understanding.lexicon import lexicon
from bot.understanding.question import Intent, Part
from knowledge.faq import FaqEntry
from knowledge.folding import fold
from knowledge.localized import pick
from knowledge.policy import Policy, Section
from knowledge.store import DocumentKind
from retrieval.rarity import is_content, rarity
from retrieval.retriever import DocumentHit, RuleRow
from retrieval.rule_rows import rows_of, spoken
from retrieval.tokens import tokens, words

SHARED = 0.5
"""Share of what a message says, by rarity, that a sentence must hold to be what it asks about."""
KIND = 0.55
"""How near a sentence of the rule itself is that holds the kind of thing asked for: a time, an amount, an address."""
BEFORE = 0.3
"""What a sentence gains that holds the kind of thing asked for before."""
STRAY = 0.99
"""From this share of no shop matter on, a message goes on from nothing though a place stands in it: "the weather in Toronto"."""
WIDER = 0.8
"""The same of one about the country or union that a place lies in; of one about all other places."""
OTHERS = 0.6


@dataclass(frozen=True, slots=True)
class _Row:
    """A sentence of the rule spoken of or of the policy that it stands in. `cited`: of the very section that was said."""

    row: RuleRow
    heading: str
    cited: bool
    entry: FaqEntry | None = None
    policy: Policy | None = None
    section: Section | None = None


def continued_rule(speaker: Speaker, part: Part) -> Rule | None:
    """The FAQ entry spoken of, or the section of the policy spoken of, that speaks of what the message names; None where none does."""
    ids = speaker.findings.memory.rules
    if not part.follows or not ids or (part.intent is Intent.OUT_OF_SCOPE and part.meant.of("out_of_scope") >= STRAY):
        return None
    rows = list(_rows(speaker, ids))
    said, goods, places = _said(part), _goods(speaker, part), whereabouts(fold(part.text))
    kinds = [] if part.subjects else kinds_asked(part.text)
    nears = [max(_near(row, said, goods, places), KIND if row.cited and _holds_any(row, kinds) else 0.0) for row in rows]
    if part.elliptic and part.subjects and max(nears, default=0.0) < SHARED:
        # "And for the big trough?" where the rule names no troughs: what holds for all holds for it.
        nears = [SHARED if row.cited else 0.0 for row in rows]
    top = max(nears, default=0.0)
    if top < SHARED:
        return None
    if kinds_asked(part.follows) and not kinds:
        # 生鲜呢 after 多少钱包邮 asks for the amount, not for the day.
        nears = [
            near + (BEFORE * telling_share(part.follows, row.row.text) if near >= SHARED else 0.0)
            for near, row in zip(nears, rows, strict=True)
        ]
        top = max(nears)
    best = rows[nears.index(top)]
    valued = [(row.row, near) for row, near in zip(rows, nears, strict=True) if row.row.document_id == best.row.document_id]
    hit = DocumentHit(best.row.kind, best.row.document_id, 0.0, ())
    language = speaker.findings.question.language
    if best.entry is not None:
        return Rule(hit, RULE_SURE, language_of(best.entry.answer, language), entry=best.entry)
    assert best.policy is not None
    assert best.section is not None
    own = language_said(best.section, best.policy.language, language)
    ordered = tuple(sorted(valued, key=lambda pair: -pair[1]))
    return Rule(hit, RULE_SURE, own, policy=best.policy, section=best.section, rows=ordered)


def shares_words(speaker: Speaker, part: Part, rule: Rule) -> bool:
    """Whether a rule of the document spoken of holds a rare word of the message."""
    documents = {id.partition("#")[0] for id in speaker.findings.memory.rules}
    if f"{rule.hit.kind.value}:{rule.hit.id.partition('#')[0]}" not in documents:
        return False
    text = pick(rule.entry.answer, speaker.findings.question.language) if rule.entry else rule.section.text if rule.section else ""
    return any(rarity(word) >= RARE for word in _said(part).keys() & set(tokens(text)))


RARE = 0.5


def _rows(speaker: Speaker, ids: list[str]) -> Iterator[_Row]:
    view, language = speaker.findings.view, speaker.findings.question.language
    files: dict[str, None] = {}
    for id in ids:
        kind, _, document = id.partition(":")
        entry = view.faq.get(document) if kind == DocumentKind.FAQ.value else None
        if entry is not None and (answer := pick(entry.answer, language).strip()):
            yield _Row(RuleRow(DocumentKind.FAQ, document, 0, answer, False, 0.0), pick(entry.question, language), True, entry=entry)
        elif kind == DocumentKind.POLICY.value:
            files[document.partition("#")[0]] = None
    for file in files:
        policy = view.policies.get(file)
        for section in policy.sections if policy else ():
            document = f"{file}#{section.anchor}"
            cited = f"{DocumentKind.POLICY.value}:{document}" in ids
            for number, row in enumerate(spoken(rows_of(section.text), language)):
                found = RuleRow(DocumentKind.POLICY, document, number, row.text, row.item, 0.0)
                yield _Row(found, section.heading, cited, policy=policy, section=section)


def _holds_any(row: _Row, kinds: list[re.Pattern[str]]) -> bool:
    text = fold(row.row.text)
    return any(kind.search(text) for kind in kinds)


def _near(row: _Row, said: dict[str, float], goods: set[str], places: frozenset[str]) -> float:
    """How surely a sentence speaks of what the message names, 0..1."""
    text = fold(f"{row.heading} {row.row.text}")
    if places:
        headed = whereabouts(fold(row.heading))
        if row.entry is not None and headed and not meet(places, headed):
            return 0.0  # "only within the EU" was said of another country
        stated = whereabouts(text)
        if places & stated:
            return 1.0
        return WIDER if meet(places, stated) else OTHERS if elsewhere(text) else 0.0
    held, own = set(tokens(text)), set(tokens(row.row.text))
    weight = sum(said.values())
    # What stands in the sentence tells more than what stands above it.
    share = sum(w * (1.0 if word in own else 0.8) for word, w in said.items() if word in held) / weight if weight else 0.0
    return max(share, OTHERS if goods & own else 0.0)


def _said(part: Part) -> dict[str, float]:
    """The words that say what the message is about, with their rarity."""
    fillers = lexicon().plain["fillers"] | lexicon().plain["rule_words"]
    return {word: rarity(word) for word in words(part.text) if is_content(word) and word not in fillers and len(word) > 1}


def _goods(speaker: Speaker, part: Part) -> set[str]:
    """What the products named are called by kind: the last words of their categories, and the last word of their titles."""
    found: set[str] = set()
    for subject in part.subjects:
        product = speaker.product(subject.product_id) if subject.certain else None
        if product is None:
            continue
        found.update(word for kind in product.kinds for word in tokens(kind) if is_content(word))
        found.update(word for title in product.title.values() for word in words(title)[-1:] if is_content(word))
    return found
