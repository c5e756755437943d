"""What of a policy section is said: all of a short one, else the sentences nearest to the question, with what another section adds to them."""

import re
from collections.abc import Sequence
from functools import lru_cache

from bot.answering.answer import Citation
from bot.answering.places import elsewhere, meet, whereabouts
from bot.answering.reply import Reply
from bot.answering.rule_kinds import kinds_asked, telling_share
from bot.answering.speaking import Speaker, trimmed
from bot.answering.thresholds import QUOTE_MOST, SECTION_MOST
from bot.understanding.intents import topic_said
from bot.understanding.question import Part, Topic
from bot.understanding.shop_words import words_of
from knowledge.folding import fold
from knowledge.localized import pick
from knowledge.policy import Policy, Section
from knowledge.store import DocumentKind
from retrieval.rarity import is_content, rarity
from retrieval.retriever import Evidence, RuleRow
from retrieval.rule_rows import rows_of, spoken
from retrieval.tokens import tokens

TOPIC = 0.07
"""What a sentence gains, in cosines, whose policy is about the topic asked for."""
KIND = 0.04
"""What a sentence gains, in cosines, that holds the kind of thing asked for: an amount, a time, who pays."""
GOODS = 0.05
"""What a sentence gains, in cosines, that names the goods spoken of, where the message leaves them out."""
_RATES = "how much, how long"
PLACE = 0.10
"""What a sentence gains, in cosines, that is about the place asked about, and loses that is about others alone."""
WIDER = 0.7
"""Share of it for the country that the place lies in."""
_CLAUSES = re.compile(r"[;；。,，](?!\d)|\.\s")
_FIGURE = re.compile(r"\d|[一二三四五六七八九十]")
BESIDE = 0.04
"""A sentence of another section so little behind the nearest is said with it."""
WITHIN = 0.10
"""One of the same section."""


Valued = tuple[RuleRow, float]
"""A sentence with how near it is to the question."""


def nearest(rows: Sequence[Valued]) -> dict[tuple[DocumentKind, str], float]:
    """How near the nearest sentence of each rule is to the question."""
    best: dict[tuple[DocumentKind, str], float] = {}
    for row, value in rows:
        best.setdefault((row.kind, row.document_id), value)
    return best


def say_section(speaker: Speaker, reply: Reply, policy: Policy, section: Section, rows: Sequence[Valued]) -> None:
    """Says what answers of the section, and of another where that is as near."""
    id = f"{policy.id}#{section.anchor}"
    own = [(row, value) for row, value in rows if row.document_id == id]
    if not own:
        whole = spoken(rows_of(section.text), speaker.findings.question.language)
        own = [(RuleRow(DocumentKind.POLICY, id, n, row.text, row.item, 0.0), 0.0) for n, row in enumerate(whole)]
    say_rows(speaker, reply, section, _chosen(own), id)
    room = SECTION_MOST - sum(len(s.text) for s in reply.statements)
    top = own[0][1]
    for row, value in rows:
        other = _section_of(speaker, row)
        if value < top - BESIDE or room < len(row.text):
            break
        if other is not None and row.document_id.partition("#")[0] == policy.id and row.document_id != id:
            beside = [each for each in rows if each[0].document_id == row.document_id]
            short = sum(len(each.text) for each, _ in beside) <= min(room, QUOTE_MOST)
            said = sorted((each for each, _ in beside), key=lambda each: each.number) if short else [row]
            say_rows(speaker, reply, other, said, row.document_id)
            break


def language_said(section: Section, own: str, wanted: str) -> str:
    """The language of what is said of a section: the customer's where it holds that, too."""
    rows = rows_of(section.text)
    both = 0 < len(spoken(rows, wanted)) < len(rows)
    return wanted if both and {own, wanted} & {"zh"} else own


def section_topic(policy: Policy, section: Section) -> str:
    """What a section is about: one file may hold shipping and returns."""
    said = topic_said(section.heading)
    return said.value if said is not None else policy.topic


def valued(speaker: Speaker, part: Part, evidence: Evidence) -> tuple[Valued, ...]:
    """The rows with how near they are, nearest first: those of the topic and about the place asked about before others."""
    places = places_asked(part)

    def of_topic(row: RuleRow) -> bool:
        policy = speaker.findings.view.policies.get(row.document_id.partition("#")[0])
        section = _section_of(speaker, row)
        return policy is not None and section is not None and part.topic is not None and section_topic(policy, section) == part.topic.value

    goods = goods_left_out(speaker, part)
    limited = (goods | goods_said(speaker, part)) if places else frozenset[str]()

    # "And to Galway?" asks for what it costs and how long it takes.
    asked = _RATES if places and part.topic is Topic.SHIPPING and not kinds_asked(part.text) else part.text

    def limits(row: RuleRow) -> bool:
        section = _section_of(speaker, row) if _GOES_ON.match(fold(row.text)) else None
        return bool(limited & _words(section.text if section is not None else row.text)) and _LIMITS.search(fold(row.text)) is not None

    def value(row: RuleRow) -> float:
        return (
            row.score
            + (_place(places, row, limits=limits(row)) if places else 0.0)
            + (TOPIC if of_topic(row) else 0.0)
            + KIND * telling_share(asked, row.text)
            + (_named(speaker, goods, row) if goods else 0.0)
        )

    rows = [(row, value(row)) for row in evidence.rows]
    return tuple(sorted(rows, key=lambda pair: -pair[1]))


def goods_left_out(speaker: Speaker, part: Part) -> frozenset[str]:
    """What the one product spoken of is called, where the message leaves that out. "And for the trough?" leaves out what is asked of it: the rule
    spoken of goes before one that names troughs."""
    return frozenset() if part.elliptic else goods_meant(speaker, part) - set(tokens(part.text))


def goods_meant(speaker: Speaker, part: Part) -> frozenset[str]:
    """What the one product spoken of is called: words of its title, maker and kind."""
    certain = [s.product_id for s in part.subjects if s.certain]
    id_ = certain[0] if len(certain) == 1 else speaker.findings.memory.focus if not part.subjects and part.filters.empty else ""
    product = speaker.product(id_)
    if product is None:
        return frozenset()
    named = [*product.title.values(), product.brand, *product.kinds]
    return frozenset(word for name in named for word in tokens(name) if is_content(word) and rarity(word) >= NAMING)


def goods_said(speaker: Speaker, part: Part) -> frozenset[str]:
    """The words of the message that titles and kinds of this shop's goods hold, but for those that name a place."""
    words = words_of(speaker.findings.view)
    said = (word for word in tokens(part.text) if is_content(word) and rarity(word) >= NAMING and not whereabouts(word))
    return frozenset(word for word in said if word in words.postings or word in words.category_terms)


def _named(speaker: Speaker, goods: frozenset[str], row: RuleRow) -> float:
    """What a row gains by naming the goods: itself, or what it stands under."""
    if goods & _words(row.text):
        return GOODS
    section, entry = _section_of(speaker, row), speaker.findings.view.faq.get(row.document_id) if row.kind is DocumentKind.FAQ else None
    if entry is not None:
        return GOODS if goods & _words(pick(entry.question, speaker.language)) else 0.0
    return GOODS * UNDER if section is not None and goods & _words(f"{section.heading}\n{section.text}") else 0.0


@lru_cache(maxsize=4096)
def _words(text: str) -> frozenset[str]:
    return frozenset(tokens(text))


UNDER = 0.6
"""Share of it for a sentence of a section that names them elsewhere."""
NAMING = 0.4
"""Rarity of a word from which on it tells goods apart."""


def places_asked(part: Part) -> frozenset[str]:
    """The places that a question is about, by its words or by those it goes on from."""
    lines = [part.text, *reversed(part.follows.splitlines())]
    return next((found for line in lines if (found := whereabouts(fold(line)))), frozenset())


def holds_there(part: Part, asked: str) -> bool:
    """Whether what is asked in an entry ("do you ship to Norway?") may be about the place that the customer asks about."""
    places = places_asked(part)
    stated = whereabouts(fold(asked)) if places else frozenset()
    return not stated or meet(places, stated)


_LIMITS = re.compile(r"\bonly\b|\bexcept\b|\bexclud|\b(?:limited|restricted) to\b|只(?!要)|只限|僅|仅|限(?:于|於|送|寄|发)|除.{1,12}外")
"""What says that it holds for some places and for no other."""


_GOES_ON = re.compile(r"(?:they|these|those|it|this)\b|它|这些|此类|该类")
"""How a sentence begins that goes on speaking of what its section names."""


def _place(places: frozenset[str], row: RuleRow, *, limits: bool) -> float:
    """What a row gains by being about the places asked about, or loses by being about others. `limits`: it tells where alone the goods asked about
    may go ("power banks go only to Canada"), which answers for every place."""
    file, _, anchor = row.document_id.partition("#")
    heading, said = fold((anchor if row.kind is DocumentKind.POLICY else file).replace("-", " ")), fold(row.text)
    headed = whereabouts(heading)
    if headed and row.kind is DocumentKind.FAQ and not meet(places, headed):
        return -PLACE
    if headed and not meet(places, headed):
        return 0.0 if meet(places, whereabouts(said)) else -PLACE
    stated = whereabouts(f"{heading} {said}")
    if places & stated:
        return PLACE
    if meet(places, stated):
        return PLACE * WIDER
    if stated and limits:
        return PLACE
    if stated:
        # "Free from 88; Tibet and Xinjiang pay 15 more": the first half holds everywhere else.
        general = not whereabouts(heading) and any(_FIGURE.search(c) and not whereabouts(c) for c in _CLAUSES.split(said))
        return 0.0 if general else -PLACE
    return PLACE / 2 if elsewhere(f"{heading} {said}") else 0.0


def _chosen(rows: Sequence[Valued]) -> list[RuleRow]:
    """All rows of a short section, else the nearest and those hardly behind, in the section's order."""
    if sum(len(row.text) for row, _ in rows) <= QUOTE_MOST:
        return sorted((row for row, _ in rows), key=lambda row: row.number)
    top, room = rows[0][1], SECTION_MOST
    kept: list[RuleRow] = []
    for row, value in rows:
        if kept and (value < top - WITHIN or room < len(row.text)):
            continue
        kept.append(row)
        room -= len(row.text)
    return sorted(kept, key=lambda row: row.number)


def say_rows(speaker: Speaker, reply: Reply, section: Section, rows: Sequence[RuleRow], id: str) -> None:
    """Says rows of a section, under its heading where they do not tell what they are about."""
    for number, row in enumerate(rows):
        said = trimmed(row.text, QUOTE_MOST * 2)
        if number == 0 and not set(tokens(section.heading)) & set(tokens(said)):
            # "Unless faulty: opened tea ..." says nothing without what stands above it.
            said = speaker.say("rule.under", heading=section.heading, text=said)
        line = (number > 0 and row.item) or (number == 0 and bool(reply.statements))
        reply.say(said, Citation("policy", id, section.heading, said), line=line)


def _section_of(speaker: Speaker, row: RuleRow) -> Section | None:
    if row.kind is not DocumentKind.POLICY:
        return None
    file, _, anchor = row.document_id.partition("#")
    policy = speaker.findings.view.policies.get(file)
    return next((s for s in policy.sections if s.anchor == anchor), None) if policy else None
