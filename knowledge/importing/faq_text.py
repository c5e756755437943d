"""FAQ entries out of documents: headings that ask, or Q:/A: and 问：/答： lines."""

import re

from knowledge.importing.draft import Context
from knowledge.importing.faq import FaqDraft
from knowledge.importing.markdown import Piece, Prose, unmarked
from knowledge.importing.text import clean, language_of, plain_line

_Q = re.compile(
    r"^\s*(?:[-*+]\s+|\d+[.)、]\s*)?(?:\*\*|__)?\s*(?:Q(?:uestion)?\s*\d*|问题?\s*\d*)\s*(?:[:：.]\s*(?:\*\*|__)?|(?:\*\*|__)\s*[:：])\s*(.+?)(?:\*\*|__)?\s*$",
    re.IGNORECASE,
)
_A = re.compile(
    r"^\s*(?:[-*+]\s+)?(?:\*\*|__)?\s*(?:A(?:nswer)?|答案?|回答)\s*(?:[:：]\s*(?:\*\*|__)?|(?:\*\*|__)\s*[:：])\s*(.*?)\s*$", re.IGNORECASE
)
_ASKS = re.compile(
    r"[?？]\s*$|^(?:how|what|when|where|which|who|why|can|could|do|does|did|is|are|will|may|should)\b|(?:吗|呢|么|多少|怎么|如何|什么|哪|几|是否|能否|可否)",
    re.IGNORECASE,
)


def is_faq(prose: Prose, name: str) -> bool:
    """Whether a document reads as questions with answers; `name`: its file's, without the ending."""
    lines = prose.body.split("\n")
    if sum(1 for line in lines if _Q.match(line)) >= 1 and sum(1 for line in lines if _A.match(line)) >= 1:
        return True
    headings = [
        piece.heading for piece in prose.pieces if piece.level >= 2 or (piece.level == 1 and re.search(r"[?？]\s*$", piece.heading))
    ]
    asking = sum(1 for heading in headings if re.search(r"[?？]\s*$|吗\s*$", heading))
    if re.search(r"faq|常见问题|问答|q&a|q_and_a|questions", name, re.IGNORECASE) and headings:
        return True
    return bool(headings) and asking >= 2 and asking * 2 >= len(headings)


def drafts_of(prose: Prose, context: Context) -> list[FaqDraft]:
    """One draft a question; `row` is the line that it stands in."""
    fixed = prose.facts.get("language", "")
    lines = prose.body.split("\n")
    if any(_Q.match(line) for line in lines) and any(_A.match(line) for line in lines):
        found = _by_marks(lines)
    else:
        found = _by_headings(prose.pieces)
    drafts = []
    for line, question, answer, category in found:
        asked, answered = plain_line(question), clean(answer)
        tag = fixed or language_of(asked, context.languages)
        if tag == "und":
            tag = language_of(answered, context.languages)
        draft = FaqDraft(line, category=plain_line(category))
        if asked:
            draft.question[tag] = asked
        if answered:
            draft.answer[tag] = answered
        drafts.append(draft)
    return drafts


def _by_marks(lines: list[str]) -> list[tuple[int, str, str, str]]:
    found: list[tuple[int, str, list[str], str]] = []
    category, answering = "", False
    for number, line in enumerate(lines, start=1):
        if heading := re.match(r"^ {0,3}#{1,6}\s+(.+?)\s*#*$", line):
            if not _Q.match(heading[1]):
                category, answering = heading[1], False
                continue
            line = heading[1]
        if asks := _Q.match(line):
            found.append((number, asks[1], [], category))
            answering = False
        elif answers := _A.match(line):
            answering = bool(found)
            if found:
                found[-1][2].append(answers[1])
        elif found and (answering or line.strip()):
            found[-1][2].append(line)
            answering = True
    return [(number, unmarked(question), unmarked("\n".join(answer)), named) for number, question, answer, named in found]


def _by_headings(headed: list[Piece]) -> list[tuple[int, str, str, str]]:
    """Headings with text of their own are questions; those without are the categories of what follows."""
    found = []
    categories: dict[int, str] = {}
    for place, piece in enumerate(headed):
        if piece.level == 0:
            continue
        following = headed[place + 1] if place + 1 < len(headed) else None
        opens = following is not None and following.level > piece.level
        title = piece.level == 1 and place <= 1 and not _ASKS.search(piece.heading)
        if (opens and not piece.text) or (title and (opens or not piece.text)):
            categories = {level: name for level, name in categories.items() if level < piece.level}
            if not title:
                categories[piece.level] = piece.heading
            continue
        category = next((categories[level] for level in sorted(categories, reverse=True) if level < piece.level), "")
        found.append((piece.line, piece.heading, piece.text, category))
    return found
