"""Several questions in one message → one text each. "A and B, which is better" and "black and white" stay whole."""

import re
from dataclasses import dataclass

from bot.understanding.lexicon import lexicon
from knowledge.attribute_names import concepts_in
from knowledge.folding import fold
from knowledge.phrases import tokens

MOST_PARTS = 5
_SENTENCE = re.compile(r"(?<=[?!。！？；;\n])\s*|(?<=[a-z0-9)\]'\"%])\.(?=\s+[A-Z\u4e00-\u9fff])\s*|(?<=[\u4e00-\u9fff])\.(?=\S)")
_JOINT = re.compile(
    r"\s*(?:,|，|;|；)?\s*\b(?:and also|and|also|plus|another thing|by the way|btw)\s+"
    r"(?=(?:how|what|which|when|where|who|why|is|are|do|does|did|can|could|will|would|should|has|have you)\b)"
    r"|\s*[,，、;；\s]\s*(?=还有|另外|顺便|再问|以及)|\s*[,，]\s*(?:还有|另外|顺便问一下|顺便|再问一下|以及|and)?\s*"
    r"|(?<=[吗呢么不没])\s+(?=\S)|(?<=多少钱)\s+(?=\S)|(?<=[吗么嘛])(?:还有|另外|以及)"
)
_COMPARES = re.compile(r"which|better|compare|versus|\bvs\b|difference|哪个|哪款|哪一|对比|比较|区别|还是|更", re.IGNORECASE)
_SUMS = re.compile(r"\btogether\b|\bin total\b|\baltogether\b|一共|总共|總共|合计|加起来|一起", re.IGNORECASE)
_ADDED = re.compile(r"(?:and |plus )?(?:the|an?|one|two|three|\d{1,2}|set|pack|pair|box)\b")
_LEAD = re.compile(r"^(?:[\s,，、.。]|(?:and|also|plus|btw|by the way)\b|还有|另外|以及|顺便问一下|顺便|再问一下|还想问)+", re.IGNORECASE)
_DEPENDENT = re.compile(r"^(?:which|哪个|哪款|哪一|but|if|because|如果|因为|但|的话|or\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Piece:
    """One question with what was said around it. `context`: statements that lead to it."""

    text: str
    context: str = ""

    @property
    def whole(self) -> str:
        """Context and question."""
        return f"{self.context} {self.text}".strip()


def split(text: str) -> list[Piece]:
    """The questions of a message, in order; at least one piece, at most five. Statements go with the question that follows them, else with the
    one before."""
    sentences = [part.strip() for part in _SENTENCE.split(text[:4000]) if part and re.search(r"\w", part)]
    clauses = [clause for sentence in sentences for clause in _clauses(sentence)]
    if len(clauses) <= 1:
        return [Piece(text.strip())]
    pieces: list[Piece] = []
    waiting = ""
    for clause in clauses:
        if asks(clause) and not (_DEPENDENT.match(fold(clause)) and (pieces or waiting) and _COMPARES.search(clause)):
            pieces.append(Piece(clause, waiting))
            waiting = ""
        elif asks(clause) and waiting:
            pieces.append(Piece(f"{waiting} {clause}"))
            waiting = ""
        elif asks(clause) and pieces:
            pieces[-1] = Piece(f"{pieces[-1].text} {clause}", pieces[-1].context)
        else:
            waiting = f"{waiting} {clause}".strip()
    if waiting:
        if pieces:
            pieces[-1] = Piece(f"{pieces[-1].text} {waiting}", pieces[-1].context)
        else:
            pieces.append(Piece(waiting))
    if len(pieces) > MOST_PARTS:
        rest = " ".join(piece.whole for piece in pieces[MOST_PARTS - 1 :])
        pieces = [*pieces[: MOST_PARTS - 1], Piece(rest)]
    return pieces


def asks(clause: str) -> bool:
    """Whether a clause is a question or request by itself."""
    folded = fold(clause).strip()
    if folded.endswith("?"):
        return True
    row = tokens(clause)
    if not row:
        return False
    table = lexicon()
    first = row[0].word
    if first in table.plain["question_starts"] and first.isascii():
        return True
    han = any("\u4e00" <= c <= "\u9fff" for c in folded)
    if han and (table.words["question_starts"].any(row) or folded.endswith(("不", "没", "没有"))):
        return True
    if table.words["requests"].any(row):
        return True
    if table.intents["price"].any(row) or (concepts_in(row) and len(row) <= 8) or (table.topics.any(row) and len(row) <= 8):
        return True
    return table.intents["human"].any(row) if "human" in table.intents else table.human["phrases"].any(row)


def _clauses(sentence: str) -> list[str]:
    """A sentence cut where both sides ask by themselves."""
    if _COMPARES.search(sentence) and len(sentence) < 160 and not re.search(r"[,，]\s*(?:and|还有|另外|多少|包邮|how|what)", sentence):
        return [sentence]
    out: list[str] = []
    start = 0
    for joint in _JOINT.finditer(sentence):
        if joint.end() <= joint.start():
            continue
        left, right = sentence[start : joint.start()], sentence[joint.end() :]
        right_clause = re.split(r"[,，]", right, maxsplit=1)[0]
        strict = "," in joint.group() or "，" in joint.group() or not joint.group().strip()
        both = _interrogative(left) and _interrogative(right_clause) if strict else asks(left) and asks(right_clause)
        if _ADDED.match(fold(right)) and _SUMS.search(right):
            continue  # "the map, the farm and the space puzzle together"
        if left.strip() and both and _alone(left) and _alone(right_clause):
            out.append(left.strip())
            start = joint.end()
    out.append(_LEAD.sub("", sentence[start:]).strip())
    return [clause for clause in out if clause]


def _interrogative(clause: str) -> bool:
    """A question by its form, or one of the few that shoppers shorten ("多少钱", "包邮"); not a condition ("防水的")."""
    folded = fold(clause).strip(" ,，")
    row = tokens(clause)
    table = lexicon()
    if folded.endswith("?"):
        return True
    if not row or folded.endswith("的"):
        return False
    if folded.endswith(("不", "没")) and not row[0].word.isascii():
        return True
    if row[0].word.isascii():
        return row[0].word in table.plain["question_starts"] or table.intents["price"].any(row)
    return table.words["question_starts"].any(row) or table.intents["price"].any(row) or (table.topics.any(row) and len(row) <= 6)


def _alone(clause: str) -> bool:
    """Long enough to be a question of its own: not a single colour or name in a list."""
    row = tokens(clause)
    if any("\u4e00" <= token.word[0] <= "\u9fff" for token in row):
        return len(row) >= 2
    return len(row) >= 2 or bool(concepts_in(row)) or lexicon().topics.any(row)
