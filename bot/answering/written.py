"""The composer with a language model: the model words what the composer without one has found, and the guard reads along.

the composer's draft            milliseconds; decides outcome, cards, handoff, memory; is the answer whenever the model's is not good
budget                          the shop's: where it does not allow the call, the draft is the answer
prompt                          this turn's evidence and the draft, as data
the model's stream              cut into sentences; each passes the guard before anybody sees it
what is cut                     is given in the composer's words where those hold the fact
"""

import asyncio
import re
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from bot.answering.answer import Citation, Engine, Outcome
from bot.answering.claims import Claim, claims_of, cleaned
from bot.answering.composer import AnswerComposer, Draft, Findings, Statement
from bot.answering.evidence_lines import Line, stems
from bot.answering.evidence_text import evidence_text, messages_of
from bot.answering.guard import Guard
from bot.answering.rendering import joined
from bot.answering.segmentation import Sentence, SentenceCutter
from bot.errors import Unavailable
from bot.language_model.metered import MeteredModel
from bot.language_model.prompting import Prompts
from bot.language_model.usage import Used
from knowledge.folding import fold
from knowledge.localized import TRADITIONAL, pick
from knowledge.shop_settings import shop_settings

TEXT_MOST = 790
LONG_MOST = 1600
"""Characters of an answer; of one that is a list or a table."""
SMALL_TALK = {"greeting", "thanks", "goodbye", "chitchat", "human", "privacy", "out_of_scope"}
LEAK = 48
"""Characters in a row that a sentence may share with the instructions; more is the prompt talking."""
COVERED = 0.6
"""Share of a statement's content words that stand in what was said already, from which on it is not said again."""
VOICE = "Friendly, plain and brief."
"""Of a shop that says nothing of it."""
VOICES = {
    "friendly": "Warm and familiar, like a friend who works in the shop.",
    "brief": "As short as it can be said, without pleasantries.",
}
"""What a model is told of the shop's tone; the plain one needs no word."""
LANGUAGES = {
    "zh": "Chinese (Simplified)",
    TRADITIONAL: "Chinese in Traditional characters, worded as in Taiwan and Hong Kong; names and quotations stay as the data writes them",
    "en": "English",
}
"""How a model is told what to write in."""
COMPOSER_SURE = 0.7
"""Confidence of the composer from which on its words are given as they are in a shop that puts it first."""
FEW = 2
"""Citations taken for a sentence at most from lines that the draft did not cite."""


@dataclass(slots=True)
class _Said:
    """What the customer has been told so far in this turn."""

    statements: list[Statement] = field(default_factory=list)
    own: int = 0
    """Of the model's."""
    given: set[int] = field(default_factory=set)
    """Statements of the composer that were given in its words, by place."""
    cut: int = 0
    notes: list[str] = field(default_factory=list)
    block: int = 0

    @property
    def text(self) -> str:
        return joined(self.statements)


class WrittenComposer:
    """AnswerComposer on a chat model. `timeout`, `first_token` in seconds: for the whole answer, and until its first words."""

    def __init__(
        self, model: MeteredModel, fallback: AnswerComposer, prompts: Prompts, *, timeout: float = 20.0, first_token: float = 8.0
    ) -> None:
        self._model = model
        self._fallback = fallback
        self._prompt = prompts["answer"]
        self._timeout = timeout
        self._first_token = first_token
        self._instructions = fold(" ".join(re.split(r"\{\{\w+\}\}", self._prompt.fill(**dict.fromkeys(_NAMES, "\n")))))

    def needs(self, findings: Findings) -> Sequence[str]:
        """What the composer without a model would speak of."""
        return self._fallback.needs(findings)

    async def compose(self, findings: Findings) -> AsyncIterator[Statement | Draft]:
        """Statements that passed the guard as they come, then the draft with all of them."""
        draft = await self._drafted(findings)
        before, worded, after = _shares(draft, findings)
        used = findings.used or Used()
        if not worded:
            for statement in draft.statements:
                yield statement
            yield draft if findings.used is None else replace(draft, model=self._model.used_json(used))
            return
        about = {i for sku in draft.product_skus if (i := findings.view.by_sku.get(sku.casefold()))}
        guard = Guard(findings, about, joined(worded))
        said = _Said(block=before[-1].block + 1 if before else 0)
        for statement in before:
            guard.violations(statement.text)
            said.statements.append(statement)
            yield statement
        failure = ""
        async with aclosing(self._sentences(findings, draft, worded, used)) as sentences:
            try:
                async for sentence in sentences:
                    if len(said.text) + len(sentence.text) > (LONG_MOST if draft.long else TEXT_MOST):
                        failure = "too long"
                        break
                    for statement in self._judged(sentence, guard, said, worded, findings):
                        yield statement
                    if said.cut >= 3 and said.cut > 2 * said.own:
                        failure = "mostly cut"
                        break
            except TimeoutError:
                failure = "too slow"
            except Unavailable as error:
                failure = error.message
        if not said.own:
            failure = failure or ("every sentence was cut" if said.cut else "said nothing")
        for statement in self._rest(said, worded, guard, broken=failure not in ("", "too long")):
            yield statement
        for statement in after:
            said.statements.append(replace(statement, block=said.block + 1))
            yield said.statements[-1]
        yield self._final(draft, said, guard, findings, used, failure)

    async def _drafted(self, findings: Findings) -> Draft:
        async for piece in self._fallback.compose(findings):
            if isinstance(piece, Draft):
                return piece
        raise RuntimeError("the composer without a model ended without a draft")

    # ── the model ───────────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _sentences(self, findings: Findings, draft: Draft, worded: list[Statement], used: Used) -> AsyncGenerator[Sentence, None]:
        """The model's sentences. Raises TimeoutError when it is slow and Unavailable when it fails."""
        loop = asyncio.get_running_loop()
        end = loop.time() + self._timeout - used.seconds
        cutter = SentenceCutter()
        first = True
        system = self._system(findings, draft, worded)
        async with aclosing(self._model.stream(findings.view.shop, system, messages_of(findings), used)) as stream:
            while True:
                left = end - loop.time()
                try:
                    async with asyncio.timeout(min(left, self._first_token) if first else left):
                        piece = await anext(stream)
                except StopAsyncIteration:
                    break
                first = first and not piece.strip()
                for sentence in cutter.feed(piece):
                    yield sentence
        for sentence in cutter.flush():
            yield sentence

    def _system(self, findings: Findings, draft: Draft, worded: list[Statement]) -> str:
        language = findings.question.language
        settings = shop_settings(findings.view.shop)
        rules = (
            "- The colleague's answer to another part of the question is given apart; do not repeat it."
            if len(worded) < len(draft.statements)
            else ""
        )
        return self._prompt.fill(
            shop=pick(findings.view.shop.name, language) or findings.view.shop.slug,
            voice=" ".join(part for part in (VOICES.get(settings.tone, ""), pick(settings.voice, language)) if part) or VOICE,
            language=LANGUAGES.get(language) or LANGUAGES.get(language.split("-")[0]) or f"the language with the tag {language}",
            evidence=evidence_text(findings, draft),
            draft=joined(worded),
            rules=rules,
            limit=str(LONG_MOST // 2 if draft.long else 500),
        )

    # ── each sentence ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def _judged(self, sentence: Sentence, guard: Guard, said: _Said, worded: list[Statement], findings: Findings) -> list[Statement]:
        """What is given for a sentence: itself when everything in it holds, else the composer's words for the same fact, else nothing."""
        problem = self._odd(sentence.text, findings)
        kinds = [problem] if problem else sorted({v.kind for v in guard.violations(sentence.text, by_model=True)})
        if sentence.new_line and said.statements and said.own + len(said.given):
            said.block += 1
        if not kinds:
            said.own += 1
            statement = Statement(sentence.text, self._cited(sentence.text, guard, worded), said.block, worded=True)
            said.statements.append(statement)
            return [statement]
        said.cut += 1
        said.notes.append(f"cut: {', '.join(kinds)}")
        if problem:
            return []
        wanted = frozenset(stems(fold(cleaned(sentence.text))))
        kinds_said = {c.kind for c in claims_of(cleaned(sentence.text))}
        best, score = None, 0.0
        for place, statement in enumerate(worded):
            if place in said.given or _covered(statement, said.text):
                continue
            words = frozenset(stems(fold(cleaned(statement.text))))
            same = len(wanted & words) + 2 * len(kinds_said & {c.kind for c in claims_of(cleaned(statement.text))})
            if same > score:
                best, score = place, float(same)
        if best is None or score < 2:
            return []
        return self._give(worded, best, said, guard)

    def _give(self, worded: list[Statement], place: int, said: _Said, guard: Guard) -> list[Statement]:
        """One statement in the composer's words, if it holds."""
        said.given.add(place)
        if guard.objections(worded[place]):
            return []
        statement = replace(worded[place], block=said.block)
        said.statements.append(statement)
        return [statement]

    def _odd(self, text: str, findings: Findings) -> str:
        """Why a sentence is not fit to be said whatever it claims, else ""."""
        folded = fold(text)
        letters = sum(1 for c in text if c.isalpha())
        han = sum(1 for c in text if "㐀" <= c <= "鿿")
        base = findings.question.language.split("-")[0]
        if base == "zh" and letters > 12 and han < 0.15 * letters and not text.lstrip().startswith(("|", "-")):
            return "language"
        if base == "en" and han > 0.3 * max(letters, 1):
            return "language"
        if len(folded) > LEAK and any(folded[i : i + LEAK] in self._instructions for i in range(0, len(folded) - LEAK, 8)):
            return "leak"
        return ""

    def _cited(self, text: str, guard: Guard, worded: list[Statement]) -> tuple[Citation, ...]:
        """The sources of a sentence: those of the draft's statements that say the same, else the lines that hold its figures."""
        plain = cleaned(text)
        keys, words = {_key(c) for c in claims_of(plain)}, frozenset(stems(fold(plain)))
        out: dict[Citation, None] = {}
        best: tuple[float, Statement | None] = (0.0, None)
        for statement in worded:
            held = cleaned(statement.text)
            shared = keys & {_key(c) for c in claims_of(held)}
            score = 3.0 * len(shared) + len(words & frozenset(stems(fold(held))))
            if shared:
                out.update(dict.fromkeys(statement.citations))
            if score > best[0]:
                best = (score, statement)
        if not out and best[1] is not None and best[0] >= 2:
            out.update(dict.fromkeys(best[1].citations))
        covered = {_key(c) for statement in worded for c in claims_of(cleaned(statement.text))}
        if keys - covered or (not out and not keys):
            out.update(dict.fromkeys(_looked_up(plain, keys - covered, guard)))
        return tuple(out)

    def _rest(self, said: _Said, worded: list[Statement], guard: Guard, *, broken: bool) -> list[Statement]:
        """What of the composer's the customer still needs: all of it when the model said nothing, what was not covered when it broke off, the
        first statement of weight when the model talked past it."""
        if not said.own and not said.given:
            out = [replace(s, block=s.block + said.block) for s in worded]
            said.statements += out
            said.given |= set(range(len(worded)))
            return out
        out = []
        if broken or said.cut:
            places = [i for i, s in enumerate(worded) if i not in said.given and not _covered(s, said.text)]
            if not broken:
                places = [i for i in places if claims_of(cleaned(worded[i].text))][:2] if said.cut > len(said.given) else []
            said.block += 1 if places else 0
            for place in places:
                out += self._give(worded, place, said, guard)
            return out
        weighty = [i for i, s in enumerate(worded) if claims_of(cleaned(s.text))]
        told = {_key(c) for c in claims_of(cleaned(said.text))}
        needed = {_key(c) for i in weighty for c in claims_of(cleaned(worded[i].text))}
        if weighty and not told & needed and not _covered(worded[weighty[0]], said.text):
            said.block += 1
            out += self._give(worded, weighty[0], said, guard)
            said.notes.append("the model left the fact out")
        return out

    def _final(self, draft: Draft, said: _Said, guard: Guard, findings: Findings, used: Used, failure: str) -> Draft:
        draft = replace(draft, model=self._model.used_json(used))
        notes = [*draft.notes, f"model {self._model.name}, prompt {self._prompt.hash}"]
        notes += said.notes + ([f"model: {failure}"] if failure else [])
        if said.given:
            notes.append(f"in the composer's words: {len(said.given)} of {len(said.statements)}")
        if not said.own:
            return replace(draft, notes=tuple(notes))
        spoken = guard.spoken(said.text)
        engine = Engine.MODEL if said.own >= len(said.given) else Engine.COMPOSER
        memory = draft.memory
        if len(spoken) > 1 and len(memory.shown) > 1 and set(spoken) <= set(memory.shown):
            memory = replace(memory, shown=list(spoken))
        return replace(
            draft,
            statements=tuple(said.statements),
            engine=engine,
            product_skus=_skus(draft, spoken, findings),
            memory=memory,
            notes=tuple(notes),
        )


_NAMES = ("shop", "voice", "language", "evidence", "draft", "rules", "limit")


def _shares(draft: Draft, findings: Findings) -> tuple[list[Statement], list[Statement], list[Statement]]:
    """What stays in the merchant's or composer's words before the model's part, what the model words, and what stays after it. A model words
    every shop answer; approved answers are given as they are, and questions back, refusals and handoffs stay the composer's, as does what it is
    sure of where the shop puts it first."""
    everything = list(draft.statements)
    if draft.engine is Engine.APPROVED or draft.outcome is not Outcome.ANSWERED or set(draft.intents) <= SMALL_TALK:
        return everything, [], []
    if shop_settings(findings.view.shop).composer_first and draft.confidence >= COMPOSER_SURE:
        return everything, [], []
    fixed = [_is_approved(s, findings) for s in everything]
    if findings.waiting and everything and not everything[-1].citations:
        fixed[-1] = True  # "a colleague is coming"
    if all(fixed):
        return everything, [], []
    start, end = fixed.index(False), len(fixed) - fixed[::-1].index(False)
    if any(fixed[start:end]):
        # An approved answer between two others: the model's part comes first, what is approved follows.
        return [], [s for s, f in zip(everything, fixed, strict=True) if not f], [s for s, f in zip(everything, fixed, strict=True) if f]
    return everything[:start], everything[start:end], everything[end:]


def _is_approved(statement: Statement, findings: Findings) -> bool:
    if not statement.citations or any(c.kind != "faq" for c in statement.citations):
        return False
    entries = [findings.view.faq.get(c.id) for c in statement.citations]
    return all(entry is not None and entry.approved for entry in entries)


def _key(claim: Claim) -> tuple[str, float, float, str]:
    unit = "" if claim.kind == "money" else claim.unit
    return claim.kind, round(claim.low, 2), round(claim.high, 2), unit


def _covered(statement: Statement, text: str) -> bool:
    """Whether what was said already holds the statement's figures and most of its words."""
    plain, told = cleaned(statement.text), cleaned(text)
    figures = {_key(c) for c in claims_of(plain)}
    if figures and not figures <= {_key(c) for c in claims_of(told)}:
        return False
    words = frozenset(stems(fold(plain)))
    share = len(words & frozenset(stems(fold(told)))) / len(words) if words else 1.0
    return share >= (0.3 if figures else COVERED)


def _looked_up(plain: str, keys: set[tuple[str, float, float, str]], guard: Guard) -> list[Citation]:
    """Citations for figures that the draft did not have, or for a sentence without any."""
    table = guard.table
    spoken = guard.spoken(plain) or tuple(sorted(table.asked))
    words = frozenset(stems(fold(plain)))
    found: list[tuple[int, Citation]] = []
    for product_id in spoken:
        facts = table.products.get(product_id)
        for variant in facts.variants if facts else ():
            if any(kind == "money" and low in (variant.paid, variant.listed) for kind, low, _, _ in keys):
                found.append((9, Citation("product", variant.sku, "price", f"{variant.paid} {variant.currency}")))
                break
        for line in facts.lines if facts else ():
            shared = len(words & (line.words | line.context)) + 5 * len(keys & {_key(c) for c in line.claims})
            if shared >= 2:
                kind = "review" if line.kind == "review" else "product"
                name = line.text.partition(":")[0] if line.kind in ("attribute", "option") else ""
                field_ = f"{line.kind}:{name}" if name else line.kind
                found.append((shared, Citation(kind, facts.product.sku if facts else "", field_, line.text)))
    for line in table.lines:
        citation = _rule_citation(line)
        shared = len(words & line.words) + 5 * len(keys & {_key(c) for c in line.claims})
        if citation is not None and shared >= 3:
            found.append((shared, citation))
    found.sort(key=lambda pair: -pair[0])
    return [citation for _, citation in found[:FEW]]


def _rule_citation(line: Line) -> Citation | None:
    kind, _, rest = line.group.partition(":")
    if kind == "faq":
        return Citation("faq", rest.rpartition(":")[0], "answer", line.text)
    if kind == "policy":
        return Citation("policy", rest.rpartition(":")[0], "text", line.text)
    if kind == "promotion":
        return Citation("promotion", rest, "text", line.text)
    return None


def _skus(draft: Draft, spoken: tuple[str, ...], findings: Findings) -> tuple[str, ...]:
    """The draft's variants of the products that the text speaks of, in the text's order; of a product that the model added, its first that can
    be bought. A text that names none ("It costs ...") speaks of the draft's."""
    if not spoken:
        return draft.product_skus
    out: list[str] = []
    for product_id in spoken:
        product = findings.view.products.get(product_id)
        if product is None:
            continue
        own = {v.sku for v in product.variants}
        chosen = [sku for sku in draft.product_skus if sku in own]
        buyable = [v.sku for v in product.variants if (o := findings.offers.get(v.sku)) and o.availability.state.buyable]
        out += chosen or (buyable or [product.sku])[:1]
    return tuple(dict.fromkeys(out))[:6]
