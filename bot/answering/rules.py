"""The house's own words: the FAQ entry or policy section that answers, verbatim and cited."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp, log

from bot.answering.answer import Citation, Engine, Outcome
from bot.answering.matters import BEFORE_GOODS, matters_in
from bot.answering.reply import Reply
from bot.answering.rule_kinds import telling_share
from bot.answering.rule_words import (
    Valued,
    goods_left_out,
    goods_meant,
    holds_there,
    language_said,
    nearest,
    say_section,
    section_topic,
    valued,
)
from bot.answering.speaking import Speaker, trimmed
from bot.answering.telling import DIMENSIONS, names_one
from bot.answering.thresholds import (
    FAQ_MARGIN,
    KIND_BONUS,
    LANGUAGE_MARGIN,
    NO_TOPIC,
    OTHER_PLACE,
    OTHER_TOPIC,
    RULE_HINT,
    RULE_INSTEAD,
    RULE_NEAR,
    RULE_SAYS,
    TEXT_MOST,
    TOPIC_BONUS,
)
from bot.understanding.intents import topic_said
from bot.understanding.question import Intent, Part, Topic
from knowledge.attribute_names import concept_of
from knowledge.faq import FaqEntry
from knowledge.folding import fold
from knowledge.localized import pick
from knowledge.policy import Policy, Section
from knowledge.store import DocumentKind
from knowledge.units import quantities
from retrieval.retriever import DocumentHit, Evidence
from retrieval.tokens import tokens

FOLLOWING = 0.5
"""How likely a rule is asked for by a short message after an answer about one."""
MEANT_SERVICE = 0.5
"""From this share on a service is asked for: fitting, wrapping, engraving."""
ABOUT_THEM = 0.3
"""How likely an entry about the goods spoken of is asked for at least."""
_TOPICS = frozenset(topic.value for topic in Topic)
NEARNESS, RULING = 0.82, 0.47
"""Weights of the log odds, see _fit."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A candidate answer. `fits`: how likely it answers, 0..1 and bonus; `language` of its words."""

    hit: DocumentHit
    fits: float
    language: str
    entry: FaqEntry | None = None
    policy: Policy | None = None
    section: Section | None = None
    rows: tuple[Valued, ...] = ()
    """The sentences of all rules found, nearest first."""


def best_rule(speaker: Speaker, part: Part, evidence: Evidence, *, topics: Iterable[str] = ()) -> Rule | None:
    """The FAQ entry or section that fits best, with those in the customer's language first among near equals; None if nothing came up."""
    wanted = {*topics, *([part.topic.value] if part.topic else [])}
    rows = valued(speaker, part, evidence)
    rules = [rule for hit in (*evidence.faq, *evidence.policies) if (rule := _rule(speaker, part, hit, wanted, rows))]
    known = {(rule.hit.kind, rule.hit.id) for rule in rules}
    rules += [
        rule for hit in of_matters(speaker, part) if (hit.kind, hit.id) not in known and (rule := _rule(speaker, part, hit, wanted, rows))
    ]
    return _nearest(speaker, rules, rows)


def rules_found(speaker: Speaker, part: Part, evidence: Evidence) -> list[Rule]:
    """Every entry and section that came up, as an answer to the part; those that fit best first."""
    wanted = {part.topic.value} if part.topic else set[str]()
    rows = valued(speaker, part, evidence)
    rules = [rule for hit in (*evidence.faq, *evidence.policies) if (rule := _rule(speaker, part, hit, wanted, rows))]
    return sorted(rules, key=lambda rule: -rule.fits)


def _nearest(speaker: Speaker, rules: Sequence[Rule], rows: Sequence[Valued]) -> Rule | None:
    """The one that fits best, also by its nearest sentence; near equals by language and kind."""
    language = speaker.findings.question.language.split("-", maxsplit=1)[0]
    near = nearest(rows)
    top = max(near.values(), default=0.0)

    def order(rule: Rule) -> float:
        own = rule.language.split("-", maxsplit=1)[0] in (language, "und")
        behind = top - near.get((rule.hit.kind, rule.hit.id), top - FARTHEST)
        return rule.fits + (LANGUAGE_MARGIN if own else 0.0) + (FAQ_MARGIN if rule.entry else 0.0) - ROWS * min(behind, FARTHEST)

    return max(rules, key=order, default=None)


FARTHEST = 0.2
"""A sentence this far behind the nearest says nothing about the question; farther makes no difference."""
ROWS = 4.0
"""What a rule loses whose best sentence is less near than another's, for each unit of cosine."""


def _rule(speaker: Speaker, part: Part, hit: DocumentHit, topics: set[str], rows: tuple[Valued, ...]) -> Rule | None:
    view = speaker.findings.view
    ruling = _ruling(part)
    fits = _fit(hit.relevance, ruling)
    language = speaker.findings.question.language
    if hit.kind is DocumentKind.FAQ:
        entry = view.faq.get(hit.id)
        if entry is None or not pick(entry.answer, language):
            return None
        if (not part.asked or hit.relevance >= RULE_NEAR) and goods_meant(speaker, part) & set(tokens(pick(entry.question, language))):
            # What is often asked about these very goods is no rule of the house: that none is asked for says little.
            ruling = max(ruling, ABOUT_THEM)
            fits = _fit(hit.relevance, ruling)
            if _stands_out(rows, hit) and goods_left_out(speaker, part) & set(tokens(pick(entry.question, language))):
                fits = max(fits, _row_fit(_nearness(rows, hit), ruling))
        if part.follows:
            # How near the entry is was found with the question before; what is asked now decides among them.
            fits = max(fits, _row_fit(_nearness(rows, hit), ruling))
        own = topic_said(f"{entry.category}. {pick(entry.question, language)}")
        if topics and (own is None or own.value not in topics):
            fits *= NO_TOPIC if own is None else OTHER_TOPIC
        if not holds_there(part, pick(entry.question, language)):
            fits *= OTHER_PLACE
        fits += KIND_BONUS * telling_share(part.text, pick(entry.answer, language)) * (1.0 - fits)
        fits = _kept(fits, speaker, part, hit, pick(entry.answer, language))
        fits = _of_one_matter(fits, part, pick(entry.question, language), pick(entry.answer, language))
        return Rule(hit, fit_of_shop_matter(fits, part), language_of(entry.answer, language), entry=entry, rows=rows)
    file, _, anchor = hit.id.partition("#")
    policy = view.policies.get(file)
    section = next((s for s in policy.sections if s.anchor == anchor), None) if policy else None
    if policy is None or section is None or not section.text.strip():
        return None
    fits = max(fits, _row_fit(_nearness(rows, hit), ruling))
    if not topics and part.meant.of("service") >= MEANT_SERVICE and section_topic(policy, section) in _TOPICS:
        fits *= OTHER_TOPIC  # "do you assemble beds" asks for no rule about returning them
    if topics and section_topic(policy, section) in topics:
        # The nearer it is already, the less the topic adds: a section about returns in general must not pass the entry that says it.
        fits += TOPIC_BONUS * (1.0 - fits)
    fits += KIND_BONUS * telling_share(part.text, section.text) * (1.0 - fits)
    fits = _kept(fits, speaker, part, hit, section.text)
    fits = _of_one_matter(fits, part, section.heading, section.text)
    return Rule(
        hit, fit_of_shop_matter(fits, part), language_said(section, policy.language, language), policy=policy, section=section, rows=rows
    )


def _nearness(rows: Sequence[Valued], hit: DocumentHit) -> float:
    """How near the nearest sentence of a rule is to the question."""
    return next((value for row, value in rows if row.kind is hit.kind and row.document_id == hit.id), 0.0)


def _stands_out(rows: Sequence[Valued], hit: DocumentHit) -> bool:
    """Whether a rule is nearer to the question by its sentences than every other one, by far."""
    other = next((value for row, value in rows if (row.kind, row.document_id) != (hit.kind, hit.id)), 0.0)
    return _nearness(rows, hit) >= other + FAR


FAR = 0.08


def _kept(fits: float, speaker: Speaker, part: Part, hit: DocumentHit, said: str) -> float:
    """The fit of a rule told before that holds the kind of thing asked for: "until how many days after?" asks it of that rule first."""
    told = part.follows and f"{hit.kind.value}:{hit.id}" in speaker.findings.memory.rules
    return fits + TOLD * telling_share(part.text, said) * (1.0 - fits) if told else fits


TOLD = 0.5
ONE_MATTER, BESIDE_OTHERS, OTHER_MATTER = 0.85, 0.7, 0.7
"""How likely a rule answers that is asked by the same matter; that only speaks of it; what is left of the fit of one that does not."""
_STATED_OR_NOT = frozenset({"hours", "visiting"})
"""What a rule either speaks of in its own words or does not answer: when parcels leave says nothing of opening hours."""


def _of_one_matter(fits: float, part: Part, asked: str, said: str) -> float:
    """The fit of a rule that is about a matter that the message asks about (bot/answering/matters.py)."""
    wanted = matters_in(part.text)
    if not wanted:
        return fits
    if wanted & matters_in(asked):
        return max(fits, ONE_MATTER)
    if wanted & matters_in(said):
        return max(fits, BESIDE_OTHERS)
    return fits * OTHER_MATTER if wanted & _STATED_OR_NOT else fits


def of_matters(speaker: Speaker, part: Part) -> list[DocumentHit]:
    """Entries about a matter that the message asks about, whatever was found."""
    wanted = matters_in(part.text)
    if not wanted:
        return []
    language = speaker.findings.question.language
    faq = [
        e
        for e in speaker.findings.view.faq.values()
        if wanted & (matters_in(pick(e.question, language)) | matters_in(pick(e.answer, language)))
    ]
    return [DocumentHit(DocumentKind.FAQ, entry.id, 0.0, ()) for entry in faq[:OF_MATTERS]]


OF_MATTERS = 4


def before_goods(part: Part, rule: Rule) -> bool:
    """Whether the rule is about a matter that the message asks about though it names goods."""
    asked = rule.entry.question.values() if rule.entry else [rule.section.heading] if rule.section else []
    return any(BEFORE_GOODS & matters_in(part.text) & matters_in(text) for text in asked)


def _ruling(part: Part) -> float:
    """How likely a rule is asked for: by what the words mean, or by what was understood of them."""
    ruling = max(part.meant.ruling, FOLLOWING) if part.follows else part.meant.ruling
    if part.intent in (Intent.POLICY, Intent.PROMOTION, Intent.STORE_INFO, Intent.PRIVACY):
        return max(ruling, min(part.certainty, 0.9))
    # Who asks about an order or complains may be told a rule, too.
    return max(ruling, 0.5) if part.intent in (Intent.ORDER, Intent.COMPLAINT) else ruling


def _fit(relevance: float, ruling: float) -> float:
    """How likely the rule answers, 0..1, from how near it is and how likely a rule is asked for at all: a logistic model, learnt together
    with retrieval.confidence.rule_confidence."""
    near = min(max(relevance, 1e-6), 1 - 1e-6)
    x = NEARNESS * log(near / (1 - near)) + RULING * log((ruling + 0.01) / (1.01 - ruling))
    return 1 / (1 + exp(-x))


ROW_NEAR, ROW_RULING, ROW_CONSTANT = 22.0, 0.5, -21.5
"""The same of a sentence, see _row_fit."""


def _row_fit(value: float, ruling: float) -> float:
    """How likely the sentence answers, 0..1: a logistic model over how near it is (retrieval/rule_rows.py), learnt on questions about rules and
    goods of four shops and 1,000 messages that are no shop matter; AUC .976 from the nearness alone, .95 from that of whole documents."""
    return 1 / (1 + exp(-(ROW_NEAR * value + ROW_RULING * log((ruling + 0.01) / (1.01 - ruling)) + ROW_CONSTANT)))


OUTSIDE, OUTSIDE_USUAL, OUTSIDE_LEAST = 0.5, -2.0, -2.5
"""Weight of the log odds that a message is no shop matter; the odds that change nothing; those under which they say no more. See _of_shop."""


def fit_of_shop_matter(fits: float, part: Part) -> float:
    """What is left of the fit once it counts, too, how likely the message is no matter of a shop: words of payment stand in both. Chosen on 600
    phrasings of the demo shop's entries, questions to 16 shops and 3,300 messages that are no shop matter: as many rules reach RULE_SAYS
    and RULE_SURE as before, and half as many for those messages (1.9 -> 1.0 % in the demo shop, 0.2 -> 0.1 % in the others)."""
    if not part.meant.shares or part.follows:
        return fits
    outside = part.meant.of("out_of_scope")
    odds = max(log((outside + 0.01) / (1.01 - outside)), OUTSIDE_LEAST) - OUTSIDE_USUAL
    near = min(max(fits, 0.0), 1.0)
    return 1 / (1 + exp(OUTSIDE * odds - log((near + 0.01) / (1.01 - near))))


def language_of(text: dict[str, str], language: str) -> str:
    """The language of what is said of a text to a customer of that language."""
    chosen = pick(text, language)
    return next((tag for tag, value in text.items() if value == chosen), "und")


def topic_rule(speaker: Speaker, part: Part, evidence: Evidence) -> Rule | None:
    """The section of the policy of the topic asked for that comes nearest, else the first one in the customer's language; the FAQ entry found
    goes before where it is of some use. None without such a policy."""
    if part.topic is None:
        return None
    topic = part.topic.value
    rows = valued(speaker, part, evidence)
    rules = [rule for hit in (*evidence.faq, *evidence.policies) if (rule := _rule(speaker, part, hit, {topic}, rows))]
    near = [
        rule
        for rule in rules
        if rule.fits >= RULE_HINT / 2 and (rule.policy is None or rule.section is None or section_topic(rule.policy, rule.section) == topic)
    ]
    if near:
        return _nearest(speaker, near, rows)
    language = speaker.findings.question.language
    policies = [p for p in speaker.findings.view.policies.values() if p.topic == topic and p.sections]
    own = [p for p in policies if _speaks(p.language, language)] or policies
    if not own:
        return None
    section = next((s for s in own[0].sections if s.text.strip()), None)
    if section is None:
        return None
    hit = DocumentHit(DocumentKind.POLICY, f"{own[0].id}#{section.anchor}", 0.0, ())
    return Rule(hit, RULE_HINT, own[0].language, policy=own[0], section=section, rows=rows)


def rule_reply(speaker: Speaker, part: Part, rule: Rule) -> Reply:
    """The rule's words. The whole of an FAQ entry in the customer's language is the merchant's own answer; where it is marked as
    approved, no model words it."""
    reply = Reply(Outcome.ANSWERED, min(0.97, rule.fits), topic=part.topic.value if part.topic else None)
    foreign = not _speaks(rule.language, speaker.findings.question.language)
    if foreign:
        reply.say(speaker.say("rule.other_language"))
    if rule.entry is not None:
        _say_entry(speaker, reply, rule.entry)
        reply.merchants = not foreign and not reply.notes
        if reply.merchants and rule.entry.approved:
            reply.engine = Engine.APPROVED
    elif rule.policy is not None and rule.section is not None:
        say_section(speaker, reply, rule.policy, rule.section, rule.rows)
    return reply


def _speaks(language: str, wanted: str) -> bool:
    return language == "und" or language.split("-", maxsplit=1)[0] == wanted.split("-", maxsplit=1)[0]


def _say_entry(speaker: Speaker, reply: Reply, entry: FaqEntry) -> None:
    answer = pick(entry.answer, speaker.findings.question.language).strip()
    paragraphs = [line.strip() for line in answer.splitlines() if line.strip()]
    left = TEXT_MOST
    for number, paragraph in enumerate(paragraphs):
        kept = paragraph if len(paragraph) <= left else trimmed(paragraph, left)
        reply.say(kept, Citation("faq", entry.id, "answer", kept), line=number > 0 or bool(reply.statements))
        left -= len(kept)
        if kept != paragraph or left < 40:
            if number < len(paragraphs) - 1 or kept != paragraph:
                reply.notes.append(f"faq {entry.id} cut")
            break


def answers(rule: Rule | None, *, least: float = RULE_SAYS) -> bool:
    """Whether the rule may be given as the answer."""
    return rule is not None and rule.fits >= least


def answers_instead(rule: Rule | None) -> bool:
    """Whether the rule may be given to somebody whose words sound like looking for goods."""
    return rule is not None and rule.fits >= RULE_INSTEAD


def hints(rule: Rule | None) -> bool:
    """Whether it is better than nothing for a question of its topic."""
    return rule is not None and rule.fits >= RULE_HINT


_COMES_WITH = re.compile(r"送|带|附|赠|配|含|盒内|盒子里|包装内|\b(?:includ\w*|comes? with|in the box|supplied|separately)\b")


def speaks_of(speaker: Speaker, rule: Rule, asked: Sequence[str]) -> bool:
    """Whether the rule may be about what is asked of the product, and not only about the product: how to wash the quilt says nothing of its
    weight. Judged where it can be: of amounts, and of what comes with a thing."""
    concepts = {concept_of(word) for word in asked}
    if not concepts or not concepts <= {*DIMENSIONS, "included"}:
        return True
    if rule.entry is not None:
        text = f"{pick(rule.entry.question, speaker.language)} {pick(rule.entry.answer, speaker.language)}"
    else:
        text = f"{rule.section.heading} {rule.section.text}" if rule.section is not None else ""
    if "included" in concepts:
        return rule.entry is not None and bool(_COMES_WITH.search(fold(text)))
    if names_one(text, asked):
        return True
    wanted = {DIMENSIONS[concept] for concept in concepts if concept}
    return any(quantity.dimension in wanted for quantity in quantities(fold(text)[:1500]))
