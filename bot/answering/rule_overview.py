"""A general question about a topic ("what's your return policy?", 保修呢): the main figures of its sections, in the merchant's order."""

import re
from collections.abc import Sequence

from bot.answering.answer import Outcome
from bot.answering.reply import Reply
from bot.answering.rule_words import say_rows
from bot.answering.speaking import Speaker
from bot.answering.thresholds import SECTION_MOST, SURE
from bot.understanding.lexicon import lexicon
from bot.understanding.question import Part
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


def asks_in_general(text: str, names: Sequence[str] = ()) -> bool:
    """Whether a text names a topic and nothing else but products. `names`: of these."""
    folded = fold(text)
    for word in {word for name in names for word in tokens(name)}:
        folded = re.sub(rf"(?<![a-z0-9]){re.escape(word)}(?![a-z0-9])" if word.isascii() else re.escape(word), " ", folded)
    if _KIND_ASKED.search(folded):
        return False
    rest = list(folded)
    for hit in lexicon().topics.find(folded):
        rest[hit.start : hit.end] = " " * (hit.end - hit.start)
    left = "".join(rest)
    if left == folded:
        return False
    known = lexicon().plain["rule_words"]
    latin = {word for word in _WORD.findall(left) if word not in known and word.removesuffix("s") not in known}
    kept = " ".join(latin) + re.sub(r"[a-z']+", " ", left)
    return not any(is_content(word) and word not in known for word in words(kept))


def overview(speaker: Speaker, part: Part) -> Reply | None:
    """The sentences with figures at the head of the policy of the topic, section by section; None without such a policy."""
    policy = _policy(speaker, part)
    if policy is None:
        return None
    reply = Reply(Outcome.ANSWERED, SURE, topic=part.topic.value if part.topic else None)
    room = SECTION_MOST
    for section in policy.sections:
        rows = spoken(rows_of(section.text), speaker.findings.question.language)
        told = next(((n, row) for n, row in enumerate(rows) if _FIGURE.search(fold(row.text))), None)
        if told is None or len(told[1].text) > room:
            continue
        id = f"{policy.id}#{section.anchor}"
        say_rows(speaker, reply, section, [_row(id, *told)], id)
        room -= len(told[1].text)
    return reply if reply.statements else None


def _row(id: str, number: int, row: Row) -> RuleRow:
    return RuleRow(DocumentKind.POLICY, id, number, row.text, row.item, 0.0)


def _policy(speaker: Speaker, part: Part) -> Policy | None:
    """The policy of the topic, in the customer's language where there is one."""
    if part.topic is None:
        return None
    base = speaker.findings.question.language.split("-", maxsplit=1)[0]
    found = [p for p in speaker.findings.view.policies.values() if p.topic == part.topic.value and p.sections]
    own = [p for p in found if p.language.split("-", maxsplit=1)[0] in (base, "und")]
    both = [p for p in found if any(len(spoken(rows_of(s.text), base)) < len(rows_of(s.text)) for s in p.sections)]
    return next(iter(own or both), None)
