"""A general question about a topic ("what's your return policy?", 保修呢): the main figures of its sections, in the merchant's order."""

import re
from collections.abc import Sequence

from bot.answering.answer import Outcome
from bot.answering.reply import Reply
from bot.answering.rule_kinds import kinds_asked, telling_share, without_kinds
from bot.answering.rule_words import goods_meant, say_rows, section_topic
from bot.answering.speaking import Speaker
from bot.answering.thresholds import SECTION_MOST, SURE
from bot.understanding.lexicon import lexicon
from bot.understanding.question import Part, Topic
from knowledge.folding import fold
from knowledge.policy import Policy
from knowledge.store import DocumentKind
from retrieval.rarity import is_content
from retrieval.retriever import RuleRow
from retrieval.rule_rows import Row, rows_of, spoken
from retrieval.tokens import tokens, words

_WORD = re.compile(r"[a-z']+")
_FIGURE = re.compile(r"\d|[一二三四五六七八九十两]+[个天年月日周]")
_KIND_ASKED = re.compile(r"\bhow (?:long|soon|fast|many|much)\b|\bwhen\b|\bwho\b|\bwhere\b|几|多久|多少|多长|多快|什么时候|何时|谁|哪")


def asks_in_general(text: str, names: Sequence[str] = (), *, kinds: bool = False) -> bool:
    """Whether a text names a topic and nothing else but products. `names`: of these. `kinds`: it may ask for a time or a cost."""
    folded = fold(text)
    for word in {word for name in names for word in tokens(name)}:
        folded = re.sub(rf"(?<![a-z0-9]){re.escape(word)}(?![a-z0-9])" if word.isascii() else re.escape(word), " ", folded)
    if not kinds and _KIND_ASKED.search(folded):
        return False
    rest = list(folded)
    for hit in lexicon().topics.find(folded, overlapping=True):
        rest[hit.start : hit.end] = " " * (hit.end - hit.start)
    left = "".join(rest)
    if left == folded:
        return False
    left = without_kinds(left) if kinds else left
    known = lexicon().plain["rule_words"]
    latin = {word for word in _WORD.findall(left) if word not in known and word.removesuffix("s") not in known}
    kept = " ".join(latin) + re.sub(r"[a-z']+", " ", left)
    return not any(is_content(word) and word not in known for word in words(kept))


def kind_in_general(text: str, topic: Topic | None, names: Sequence[str] = ()) -> str:
    """The words for the times or costs of a topic that a text asks for and nothing else (运费怎么算, "how long does delivery take"), which a question
    about the warranty always does; "" where something particular is asked, or no such kind. `names`: of goods, which have their own warranty."""
    if topic is Topic.SHIPPING:
        return text if kinds_asked(text) and asks_in_general(text, kinds=True) else ""
    if topic is Topic.WARRANTY:
        return HOW_LONG if asks_in_general(text, names, kinds=True) else ""
    return ""


HOW_LONG = "how long"


def overview(speaker: Speaker, part: Part, kind: str = "") -> Reply | None:
    """The first sentence of the policy of the topic and those with figures at the head of its other sections; of a question for one kind of thing (`kind`: its
    words) all that hold it. None without such a policy."""
    policy = _policy(speaker, part)
    if policy is None or part.topic is None:
        return None
    reply = Reply(Outcome.ANSWERED, SURE, topic=part.topic.value)
    if not speaks(policy, speaker.language):
        reply.say(speaker.say("rule.other_language"))
    room, said = SECTION_MOST, 0
    goods = goods_meant(speaker, part) if kind and part.topic is Topic.WARRANTY else frozenset[str]()
    # What names the goods first; what names none may hold for them, too.
    sections = sorted(policy.sections, key=lambda s: not goods & set(tokens(s.text))) if goods else policy.sections
    for section in sections:
        rows = list(enumerate(spoken(rows_of(section.text), speaker.findings.question.language)))
        if kind and section_topic(policy, section) != part.topic.value:
            continue
        told = [(n, row) for n, row in rows if (telling_share(kind, row.text) == 1.0 if kind else _FIGURE.search(fold(row.text)))]
        # What the merchant puts first is told with or without a figure.
        told = told if kind else told[:1] or ([] if said else rows[:1])
        told.sort(key=lambda pair: not goods & set(tokens(pair[1].text)))
        while len(told) > 1 and sum(len(row.text) for _, row in told) > room:
            told.pop()
        if not told or (said and sum(len(row.text) for _, row in told) > room):
            continue
        id = f"{policy.id}#{section.anchor}"
        say_rows(speaker, reply, section, [_row(id, n, row) for n, row in told], id)
        said += 1
        room -= sum(len(row.text) for _, row in told)
    return reply if said else None


def _row(id: str, number: int, row: Row) -> RuleRow:
    return RuleRow(DocumentKind.POLICY, id, number, row.text, row.item, 0.0)


def _policy(speaker: Speaker, part: Part) -> Policy | None:
    """The policy of the topic, in the customer's language where there is one."""
    if part.topic is None:
        return None
    language = speaker.findings.question.language
    found = [p for p in speaker.findings.view.policies.values() if p.topic == part.topic.value and p.sections]
    return next((p for p in found if speaks(p, language)), None) or next(iter(found), None)


def speaks(policy: Policy, language: str) -> bool:
    """Whether a policy, or the rows of it that are said, are in the customer's language."""
    base = language.split("-", maxsplit=1)[0]
    if policy.language.split("-", maxsplit=1)[0] in (base, "und"):
        return True
    return any(len(spoken(rows_of(s.text), base)) < len(rows_of(s.text)) for s in policy.sections)
