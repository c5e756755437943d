"""What a sentence speaks of: the products and options that it names, and which of its claims belong to which of them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.answering.claims import Claim, parted
from bot.answering.evidence_lines import stems
from bot.answering.fact_table import FactTable
from knowledge.folding import fold

MOST_TOKENS = 14
_QUALIFIERS = frozenset(
    [
        "pro",
        "max",
        "plus",
        "mini",
        "lite",
        "air",
        "ultra",
        "se",
        "deluxe",
        "premium",
        "elite",
        "neo",
        "xl",
        "xs",
        "ii",
        "iii",
        "2",
        "3",
        "4",
        "5",
    ]
)
_TOKEN = re.compile(r"[a-z0-9]+(?:[-_.'/][a-z0-9]+)*|[㐀-鿿]|[×&+]")
_JOINT = re.compile(r"^\W*(?:and|or|vs\.?|versus|with|to|than|和|与|跟|及|以及|或|还是|对比|比)?\W*(?:the|our|a|an)?\s*$")
_CONTRASTED = re.compile(r"(?:compared (?:with|to)|unlike|next to|against|rather than|instead of)\s*(?:the|our|a|an)?\s*$")
"""Before a name that the sentence sets the next one against: "compared with A, B is ..."."""
_CLAUSE = re.compile(r",(?!\d{3})|[;|、]| - |\b(?:and|while|whereas|but|versus|vs\.?|though|although)\b|而(?!且)|但是?|(?<=[\d元%])和")
_QUOTE = re.compile(r"(?<![\w])\"[^\"]{4,}\"")
_FOLLOWS = re.compile(
    r"^\s*(?:\([^)]*\)\s*)?(?:for|on|gets you|buys|is what)\s+(?:the |our |a |an )?$|^\s*的\s*$|^\s*(?:就|即)?可(?:以)?(?:买|入手|拥有|带走)\s*$"
)
_FIRST = re.compile(r"\b(?:the )?(?:former|first)(?: one)?\b|前者|第一[款个]")
_SECOND = re.compile(r"\b(?:the )?(?:latter|second|other)(?: one)?\b|后者|第二[款个]|另一[款个]")
_PRONOUN = re.compile(r"\b(?:it|its|it's|this|they|these|that)\b|它|这款|该款|这个|本品")


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in the sentence and what it may mean. `own`: it names a product rather than a kind."""

    start: int
    end: int
    products: frozenset[str]
    own: bool


@dataclass(slots=True)
class Sentence:
    """One sentence read against the table."""

    text: str
    folded: str
    mentions: list[Mention]
    units: list[tuple[int, int, list[frozenset[str]]]] = field(default_factory=list)
    """Names that stand side by side ("A and B") are one unit: start, end, the products of each name."""
    breaks: list[int] = field(default_factory=list)
    words: frozenset[str] = frozenset()
    chinese: bool = False
    options: bool = False
    label: str = ""
    """What stands before a colon at the start ("Weight: A 1 kg · B 2 kg"): it says what all figures are."""

    def clause(self, position: int) -> tuple[int, int]:
        """Bounds of the clause around a position."""
        start = max((b for b in self.breaks if b <= position), default=0)
        return start, min((b for b in self.breaks if b > position), default=len(self.folded))

    def clause_text(self, position: int) -> str:
        """The clause around a position; one that holds a figure only reaches back to the one before it."""
        start, end = self.clause(position)
        if start and not re.search(r"[a-z]{3}|[㐀-鿿]{2}", self.folded[start:end]):
            start, _ = self.clause(start - 1)
        return self.label + self.folded[start:end] if start else self.folded[start:end]

    def unit_for(self, start: int, end: int) -> frozenset[str] | None:
        """The products whose names a claim belongs to; None when the sentence names none."""
        if not self.units:
            return None
        following = next((u for u in self.units if u[0] >= end), None)
        if following is not None and _FOLLOWS.match(self.folded[end : following[0]]):
            return _all(following)
        bracketed = self._bracketed(start)
        if bracketed is not None:
            return bracketed
        left, right = self.clause(start)
        inside = [u for u in self.units if u[1] > left and u[0] < right]
        earlier = [u for u in inside if u[1] <= start] or ([] if inside else [u for u in self.units if u[1] <= start])
        if len(self.units) == 1 and len(self.units[0][2]) == 2:
            head = self.folded[max(left, start - 30) : start]
            if _SECOND.search(head):
                return self.units[0][2][1]
            if _FIRST.search(head):
                return self.units[0][2][0]
        if earlier:
            return _all(earlier[-1])
        if inside:
            return _all(inside[0])
        if following is not None and _PRONOUN.search(self.folded[left:right]):
            return None  # "It weighs 1.1 kg, the KT-06F only 620 g."
        return _all(following) if following is not None else _all(self.units[-1])

    def _bracketed(self, position: int) -> frozenset[str] | None:
        """The products named just before the bracket that a position stands in: "A (IPX4, $49) or B (IPX5, $99)"."""
        opened, closed = self.folded.rfind("(", 0, position), self.folded.rfind(")", 0, position)
        if opened <= closed:
            return None
        before = [u for u in self.units if u[1] <= opened]
        inside = [u for u in self.units if opened < u[0] and u[1] <= position]
        return before[-1][2][-1] if before and not inside and opened - before[-1][1] < 24 else None

    def in_value(self, start: int, end: int, values: Iterable[str]) -> bool:
        """Whether a place lies inside one of these values, spelled out in the sentence."""
        return any(
            at <= start and end <= at + len(value)
            for value in values
            if len(value) >= end - start + 2 and value in self.folded
            for at in _occurrences(value, self.folded)
        )

    def respective(self, claim: Claim, claims: tuple[Claim, ...]) -> frozenset[str] | None:
        """ "A and B cost $1 and $2": the first figure belongs to the first name. None where figures and names do not pair."""
        flat = [group for _, _, groups in self.units for group in groups]
        amounts = [c for c in claims if c.kind == claim.kind]
        if (
            len(flat) > 1
            and " · " not in self.folded
            and len(amounts) == len(flat)
            and claim in amounts
            and all(c.start >= self.units[-1][1] for c in amounts)
        ):
            return flat[amounts.index(claim)]
        for index, (_, end, groups) in enumerate(self.units):
            if len(groups) < 2:
                continue
            until = self.units[index + 1][0] if index + 1 < len(self.units) else len(self.folded)
            amounts = [c for c in claims if c.kind == claim.kind and end <= c.start < until]
            if claim in amounts and len(amounts) == len(groups):
                return groups[amounts.index(claim)]
        return None

    def _overlaps(self, value: str, left: int, right: int) -> bool:
        """Whether a value of several words stands in a clause, in whole or in part: it may hold commas itself."""
        if not _stands(value, self.folded):
            return False
        return any(at < right and at + len(value) > left for at in _occurrences(value, self.folded))

    def options_at(self, start: int, end: int, values: Iterable[str]) -> set[str]:
        """Values of options that stand in the clause of a claim, else in the clauses before it as far back as any does."""
        wanted = [v for v in values if v]
        left, right = self.clause(start)
        if end > right:
            right = end
        while True:
            found = {v for v in wanted if (self._overlaps(v, left, right) if "," in v or " " in v else _stands(v, self.folded[left:right]))}
            # "Navy" inside "navy blue" is not said by itself; the longest go first.
            rest, own = self.folded[left:right], set[str]()
            for value in sorted(found, key=len, reverse=True):
                if _stands(value, rest) or value not in self.folded[left:right]:
                    own.add(value)
                    rest = rest.replace(value, "\x00" * len(value)) if len(value) > 2 else rest
            found = own
            if found or left <= 0:
                return found
            right = left
            left, _ = self.clause(left - 1)


def _occurrences(value: str, text: str) -> list[int]:
    out, position = [], text.find(value)
    while position >= 0:
        out.append(position)
        position = text.find(value, position + 1)
    return out


def _all(unit: tuple[int, int, list[frozenset[str]]]) -> frozenset[str]:
    return frozenset().union(*unit[2])


def _stands(value: str, text: str) -> bool:
    position = text.find(value)
    while position >= 0:
        before, after = text[position - 1 : position], text[position + len(value) : position + len(value) + 1]
        latin = value[0].isascii() and value[0].isalnum()
        if not (latin and before.isascii() and before.isalnum()) and not (
            value[-1].isascii() and value[-1].isalnum() and after.isascii() and after.isalnum()
        ):
            return True
        position = text.find(value, position + 1)
    head = value.split(" ")[0]
    if head != value and len(head) >= 3 and "㐀" <= head[0] <= "鿿" and head in text:
        return True
    return value.endswith("色") and len(value) == 2 and re.search(rf"{value[0]}(?:的|款|色|那)", text) is not None


def read_sentence(text: str, table: FactTable) -> Sentence:
    """Names, clauses and words of a (cleaned) sentence."""
    folded = fold(text)
    unquoted = _QUOTE.sub(lambda m: "\x00" * len(m.group()), folded)
    mentions = _mentions(unquoted, table)
    bare = unquoted.replace("\x00", "")
    han, latin = len(re.findall(r"[㐀-鿿]", bare)), len(re.findall(r"[a-z]", bare))
    chinese = han > 0 if table.chinese else han * 2 > latin
    breaks = [m.end() for m in _CLAUSE.finditer(parted(text)) if not any(n.start < m.end() and m.start() < n.end for n in mentions)]
    sentence = Sentence(text, folded, mentions, breaks=breaks, words=frozenset(stems(folded)), chinese=chinese)
    own = _leading([m for m in mentions if m.own], folded, table)
    # A dot parts the columns of a comparison ("A $1 · B $2") and the options of a variant ("Black · M"): the former where a name follows.
    sentence.breaks = sorted({*sentence.breaks, *(m.start for m in own if folded[: m.start].endswith(" · "))})
    head = re.match(r"[^:]{2,40}:(?![\d/])", folded)
    if head and not any(m.start < head.end() for m in own):
        sentence.label = head.group()
    for mention in own:
        if (
            sentence.units
            and _JOINT.match(folded[sentence.units[-1][1] : mention.start])
            and len(folded[sentence.units[-1][1] : mention.start]) < 14
            and not _CONTRASTED.search(folded[: sentence.units[-1][0]])
        ):
            start, last, groups = sentence.units[-1]
            if not folded[last : mention.start].strip() and groups[-1] & mention.products:
                # "BP-25 laptop backpack": two names of one thing.
                sentence.units[-1] = (start, mention.end, [*groups[:-1], groups[-1] & mention.products])
                continue
            sentence.units[-1] = (start, mention.end, [*groups, mention.products])
        else:
            sentence.units.append((mention.start, mention.end, [mention.products]))
    # Breaks inside a unit ("the A and the B cost ...") part nothing.
    sentence.breaks = [b for b in sentence.breaks if not any(s < b < e for s, e, _ in sentence.units)]
    sentence.options = any(_stands(v, folded) for v in table.option_values)
    return sentence


_AROUND = 8
"""Characters after a name that must stand with it in a product's own text, for the name to be quoted from there."""


def _leading(own: list[Mention], folded: str, table: FactTable) -> list[Mention]:
    """The names that claims may belong to: without those that a line quotes from the text of the product it began with ("1. A, the
    predecessor of the B, sold out")."""
    if len(own) < 2 or len(own[0].products) != 1:
        return own
    facts = table.products[next(iter(own[0].products))]
    return [own[0], *(m for m in own[1:] if folded[m.start : m.end + _AROUND] not in facts.text or len(folded) < m.end + _AROUND)]


def _mentions(folded: str, table: FactTable) -> list[Mention]:
    tokens = [(m.start(), m.end()) for m in _TOKEN.finditer(folded)]
    found: list[Mention] = []
    i = 0
    while i < len(tokens):
        start = tokens[i][0]
        best = None
        for j in range(min(i + MOST_TOKENS, len(tokens)) - 1, i - 1, -1):
            slice_ = folded[start : tokens[j][1]]
            meant = table.aliases.get(slice_) or (table.aliases.get(slice_[:-1]) if slice_.endswith("s") else None)
            if meant:
                best = (j, meant)
                break
        if best is None:
            i += 1
            continue
        j, meant = best
        own = {p for p, own in meant.items() if own}
        end = tokens[j][1]
        if len(own) > 1:
            own = _unqualified(own, folded[start:end], table) or own
        found.append(Mention(start, end, frozenset(own or meant), bool(own) and len(own) <= 3))
        i = j + 1
    return found


def _unqualified(own: set[str], alias: str, table: FactTable) -> set[str]:
    """Of products that share a model name, those that are called by it alone: "EB-5" is not the "EB-5 Pro"."""
    return {
        p
        for p in own
        if not any(a.startswith(alias + " ") and a[len(alias) + 1 :].split(" ")[0] in _QUALIFIERS for a in table.products[p].aliases)
    }


def qualified_wrongly(sentence: Sentence, table: FactTable) -> list[str]:
    """Names that go on where the catalog's do not: "KT-17E Pro" when there is only a KT-17E."""
    wrong = []
    for mention in sentence.mentions:
        if not mention.own:
            continue
        rest = sentence.text[mention.end :]
        follows = re.match(
            r"[\s-]+(Pro|Max|Plus|Mini|Lite|Air|Ultra|SE|Deluxe|Premium|Elite|Neo|XL|II|III)(?![A-Za-z])|\s*(升级版|青春版|旗舰版|尊享版|豪华版|增强版|限量版|[二三]代)",
            rest,
        )
        if follows:
            word = fold(follows[1] or follows[2])
            if not any(word in alias for p in mention.products for alias in table.products[p].aliases):
                wrong.append(sentence.text[mention.start : mention.end + follows.end()])
    return wrong
