"""Guard: a sentence goes out only if this turn's evidence holds every fact it states."""

import re
from collections.abc import Iterable

from bot.answering.claims import claims_of, cleaned
from bot.answering.composer import Findings, Statement
from bot.answering.denials import denial_violations
from bot.answering.evidence_lines import Line, lines_of_text, pieces
from bot.answering.fact_table import FactTable, fact_table
from bot.answering.features import feature_violations
from bot.answering.guard.codes import address_holds, code_holds
from bot.answering.guard.dates import date_holds, day_holds
from bot.answering.guard.delivery_said import delivery_violations
from bot.answering.guard.held import stated
from bot.answering.guard.numbers import number_violation
from bot.answering.guard.phrases import NEGATED
from bot.answering.guard.polarity import polarity_violations
from bot.answering.guard.prices import price_violation
from bot.answering.guard.quantities import percent_holds, quantity_holds
from bot.answering.guard.scope import Bound, Scope, Violation
from bot.answering.guard.sums import basket_of, reduced_holds, sum_holds
from bot.answering.guard.support import Support, support_of, unsupported_words
from bot.answering.guard.words import word_violations
from bot.answering.materials import material_violations
from bot.answering.mentions import Sentence, qualified_wrongly, read_sentence
from bot.answering.names import unknown_names
from bot.answering.superlatives import superlative_violations
from knowledge.conversions import is_arithmetic
from knowledge.folding import fold

MOST_ABOUT = 2
"""Products that "it" may mean at most."""
OWN_SENTENCE = 12
"""Characters that a sentence must have to be taken for the merchant's own."""
_INDEX = re.compile(r"^\s*(?:[-•*]\s*)?(?:no\.?\s*|option\s+|第\s*)?\d{1,2}\s*(?:[.)、:]|$)")
_ITEMS = re.compile(r"(?:^|[:;])\s*(\d{1,2})[.、)]")
_DIGIT = re.compile(r"\d")
_QUOTED = re.compile(r"[\"“]([^\"“”]{4,})[\"”]")


class Guard:
    """Checks the sentences of one turn in their order: what one sentence names, the next may call "it"."""

    def __init__(self, findings: Findings, about: Iterable[str] = (), draft: str = "") -> None:
        """`about`: ids of the products that the answer is to be about, where the question itself names none. `draft`: the composer's answer."""
        self._table: FactTable = fact_table(findings)
        if not self._table.asked and 0 < len(known := frozenset(p for p in about if p in self._table.products)) <= MOST_ABOUT:
            self._table.asked = known
        self._carried: frozenset[str] = frozenset()
        self._carried_skus: frozenset[str] = frozenset()
        self._columns: list[frozenset[str]] = []
        self._by_model = False
        self._enumerates = False
        self._draft = _affirmed(draft)
        self._basket: list[float] = []
        self._said: list[str] = []

    @property
    def table(self) -> FactTable:
        """What may be said."""
        return self._table

    def violations(self, text: str, *, by_model: bool = False) -> list[Violation]:
        """What in `text` the evidence does not hold; [] when it may go out. Remembers what a sentence that passed was about. `by_model`: its words
        must stand in the evidence or the draft, too."""
        self._by_model = by_model
        plain = cleaned(text)
        row = self._row(plain)
        if row is not None:
            return row
        self._enumerates = _counts_on(plain)
        found: list[Violation] = []
        before = (self._carried, self._carried_skus)
        for piece in pieces(plain):
            found += self._sentence(piece)
        if found:
            self._carried, self._carried_skus = before
        else:
            self._keep(plain)
        return list(dict.fromkeys(found))

    def _keep(self, plain: str) -> None:
        """Remembers what was said for a reduction of it: the words, and the prices that they add up."""
        self._said.append(plain)
        self._basket = next((b for piece in pieces(plain) if (b := basket_of(read_sentence(piece, self._table)))), self._basket)

    def objections(self, statement: Statement) -> list[Violation]:
        """What keeps a statement of a draft from going out. The guard reads any text and may misread one: where our own composer put the words
        together from the shop's data, only a figure stands in the way that its sources do not say in just this way."""
        found = self.violations(statement.text)
        if statement.worded:
            return found
        left = [v for v in found if _DIGIT.search(v.value) and not (statement.quoted and statement.cites(v.value))]
        if found and not left:
            self._keep(cleaned(statement.text))
        return left

    def spoken(self, text: str) -> tuple[str, ...]:
        """Ids of the products that a text names, in its order."""
        ids: dict[str, None] = {}
        for piece in pieces(cleaned(text)):
            for mention in read_sentence(piece, self._table).mentions:
                if mention.own and len(mention.products) <= 2:
                    ids.update(dict.fromkeys(sorted(mention.products)))
        return tuple(ids)

    # ── tables ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _row(self, text: str) -> list[Violation] | None:
        """A row of a Markdown table: each cell speaks of the product at the head of its column. None: it is no row."""
        stripped = text.strip()
        if not (stripped.startswith("|") and stripped.endswith("|") and stripped.count("|") > 2) or "\n" in stripped:
            return None
        cells = [cell.strip() for cell in stripped.strip("|").split("|")]
        if all(re.fullmatch(r":?-*:?", cell) for cell in cells):
            return []
        named = [self._scope(cell).own for cell in cells]
        if sum(1 for n in named if n) >= 2:
            self._columns = named
        carried, found = self._carried, list[Violation]()
        for index, cell in enumerate(cells):
            if not index and not named[0] and any(cells[1:]):
                continue  # the head of the row is judged with each of its cells
            self._carried = self._columns[index] if index < len(self._columns) and self._columns[index] else carried
            # The head of a row says what the figures are: "Weight | 1.1 kg | 620 g".
            head = f"{cells[0]}: " if index and not named[0] else ""
            found += self._sentence(f"{head}{cell}")
        self._carried = carried
        return found

    # ── one sentence ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _scope(self, piece: str) -> Scope:
        return Scope(read_sentence(piece, self._table), self._table, claims_of(piece), self._carried, self._carried_skus)

    def _sentence(self, piece: str) -> list[Violation]:
        scope = self._scope(piece)
        if self._is_the_merchants(scope):
            return []
        folded = scope.sentence.folded
        quoted = [m.span() for m in _QUOTED.finditer(folded) if m[1].strip(" .") in self._table.text]
        found = self._figures(scope, quoted)
        if quoted:
            # What a buyer or the merchant wrote, word for word, is no claim of the answer's.
            piece_left = _QUOTED.sub(lambda m: " " * len(m.group()) if m.span() in quoted else m.group(), piece)
            scope.sentence = read_sentence(piece_left, self._table)
        sentence = scope.sentence
        told = [
            *word_violations(scope),
            *feature_violations(sentence, self._table, scope.bind),
            *superlative_violations(sentence, self._table, scope.bind),
            *material_violations(sentence, self._table, scope.bind),
            *denial_violations(sentence, self._table, scope.own or scope.carried or self._table.asked),
            *(("product", name) for name in qualified_wrongly(sentence, self._table)),
            *(("product", name) for name in unknown_names(piece, sentence, self._table)),
        ]
        if self._by_model and not told and not found:
            told += [*delivery_violations(scope), *polarity_violations(scope)]
            told += [("unsupported", word) for word in unsupported_words(scope, self._draft)]
        self._remember(scope)
        return found + [Violation(kind, value) for kind, value in told]

    def _is_the_merchants(self, scope: Scope) -> bool:
        """Whether it is a sentence of the merchant's own, of a rule or of a product that is spoken of."""
        whole = scope.sentence.folded.strip(" .。!;,|-•>\"'“”")
        if len(whole) < OWN_SENTENCE:
            return False
        if any(whole in rule for rule in self._table.rules):
            return True
        own = [f for p in scope.talked if (f := self._table.products.get(p)) is not None and whole in f.text]
        return bool(own) and not any(line.kind == "review" and whole in line.folded for f in own for line in f.lines)

    def _figures(self, scope: Scope, quoted: list[tuple[int, int]]) -> list[Violation]:
        if is_arithmetic(scope.sentence.text) or sum_holds(scope.sentence, scope.table):
            return []  # one amount in another unit, or prices added up, and nothing else
        if not self._by_model and reduced_holds(scope.sentence, self._basket, self._said):
            return []
        heads = _INDEX.match(scope.sentence.folded)
        items = {m.end(1) for m in _ITEMS.finditer(scope.sentence.folded)} if self._enumerates else set[int]()
        found = []
        for claim in scope.claims:
            if any(left <= claim.start and claim.end <= right for left, right in quoted):
                continue
            if heads and claim.kind == "number" and claim.end <= heads.end():
                continue
            if claim.kind == "number" and claim.end in items:
                continue
            if any(m.start <= claim.start and claim.end <= m.end and m.own for m in scope.sentence.mentions):
                continue  # figures inside a product's name
            if claim.kind == "number" and scope.sentence.in_value(claim.start, claim.end, self._table.option_values):
                continue  # "Set of 3" is what the variant is called
            if claim.kind == "number" and scope.calls_variant(claim, listed=not self._by_model):
                continue  # so is the 38 of "Court Shoe (38 · White): only 3 are left"
            violation = _figure(scope, scope.bound(claim))
            found += [violation] if violation else []
        return found

    def _remember(self, scope: Scope) -> None:
        if scope.own:
            self._carried, self._carried_skus = scope.own, frozenset()
        if scope.sentence.options:
            chosen = scope.variants(scope.own or self._carried or self._table.asked, 0, len(scope.sentence.text))
            self._carried_skus = frozenset(v.sku for v in chosen)


def _counts_on(text: str) -> bool:
    """Whether items within a line are numbered ("two of them: 1. A; 2. B"): from 1, and on."""
    numbers = [int(m[1]) for m in _ITEMS.finditer(fold(text))]
    return len(numbers) > 1 and numbers == list(range(1, len(numbers) + 1))


def _affirmed(draft: str) -> Support:
    """The words of a draft, without what it denies or leaves open: "whether it floats is not stated" bears out no floating."""
    lines: list[Line] = [line for line in lines_of_text("draft", draft, "draft") if not NEGATED.search(line.folded)]
    return support_of(lines)


def _figure(scope: Scope, bound: Bound) -> Violation | None:
    """What is wrong with a figure, by its kind."""
    kind, raw = bound.claim.kind, bound.claim.raw
    if kind not in ("money", "url", "email", "phone") and _quoted(scope.sentence, bound, scope.table):
        return None
    match kind:
        case "money":
            return price_violation(scope, bound)
        case "number":
            return number_violation(scope, bound)
        case "percent":
            return None if percent_holds(scope, bound) else Violation("percent", raw)
        case "quantity":
            return None if quantity_holds(scope, bound) else Violation("figure", raw)
        case "date":
            return None if date_holds(scope, bound) else Violation("date", raw)
        case "day":
            return None if day_holds(scope, bound) else Violation("date", raw)
        case "time":
            known = bound.claim.unit in scope.table.times or stated(scope, bound.claim, bound.facts, free=True)
            return None if known else Violation("time", raw)
        case "url" | "email" | "phone":
            return None if address_holds(scope, bound) else Violation(kind, raw)
        case _:
            return None if code_holds(scope, bound) else Violation("code", raw)


def _quoted(sentence: Sentence, bound: Bound, table: FactTable) -> bool:
    """Whether the words around a figure stand just so in the description or the reviews of a product that the sentence names."""
    claim = bound.claim
    start, end = sentence.clause(claim.start)
    words = sentence.folded[start:end].strip(" .,;:!?。，；：-\"'")
    if len(words) < (6 if sentence.chinese else 10) or (len(words) < 2 * (claim.end - claim.start) and len(words) < 16):
        return False
    named = [table.products[p] for m in sentence.mentions if m.own for p in m.products if p in table.products]
    return any(words in f.text for f in named or bound.facts)
