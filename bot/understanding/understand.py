"""One message and what was said before → a Question: the way from words to what is wanted. Synchronous; embeds what it reads by meaning."""

import re
from dataclasses import replace

from bot.understanding import language, references
from bot.understanding.asked import asked_attributes
from bot.understanding.intents import classify
from bot.understanding.lexicon import lexicon, values
from bot.understanding.linear import linear_intents
from bot.understanding.meaning import NOTHING, MeaningModel
from bot.understanding.memory import filters_from_json, filters_json, memory_from_json, memory_json, ruled_after
from bot.understanding.names_across import NamesAcross
from bot.understanding.part_making import titles_of
from bot.understanding.part_reading import read_part
from bot.understanding.question import ABOUT_ONE, SEARCHES, SMALL_TALK, Intent, Memory, Part, Question, Subject, intent_of, topic_of
from bot.understanding.regional import standard
from bot.understanding.shop_language import in_shop_words, tongue_of
from bot.understanding.shop_words import ShopWords, words_of
from bot.understanding.spelling import spelt_out
from bot.understanding.splitting import Piece, asks, split
from bot.understanding.subjects import find
from bot.understanding.utterance import Utterance
from bot.understanding.written_out import written_out
from knowledge.attribute_names import concepts_in
from knowledge.folding import fold
from knowledge.localized import canonical
from knowledge.phrases import tokens
from knowledge.units import quantities
from retrieval.view import ShopView

RULED = 0.6
"""From this share on the piece before asked for a rule, and the next of the same message may go on from it."""
_RULE_CLEAR = 0.8
"""From this share on a clause by itself asks for a rule."""
_CLAUSE_LEAST = 4
LONGEST = 4000
"""Characters of a message that are read; what comes after is kept but not understood."""
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_TAG = re.compile(r"<[/!]?[a-zA-Z][^<>]{0,300}>")


class Understanding:
    """Understands messages. Stateless; loads its tables once."""

    def __init__(self, meaning: MeaningModel | None = None, across: NamesAcross | None = None) -> None:
        """`meaning`: reads what sentences want beside the cue words; without it these decide alone. `across`: finds products by names in
        another language than their titles; without it none are found so."""
        self._meaning = meaning
        self._across = across
        lexicon()
        values()
        linear_intents()
        concepts_in("weight")
        language.detect("warm up the language tables please")
        quantities("1 kg")

    def read_ahead(self, view: ShopView) -> None:
        """Makes what is read of a view once a revision, for a thread beside the turns: its words, their names in the other language, and the
        vectors of foreign titles (3 ms each)."""
        tongue_of(view, words_of(view))
        if self._across is not None:
            self._across.read_ahead(view)

    def understand(self, text: str, memory: Memory, view: ShopView, *, chosen_language: str = "") -> Question:
        """What a message wants. `chosen_language`: what the customer set, wins over what is detected. Never raises on any text."""
        clean = _clean(text)
        tag = canonical(chosen_language) or language.detect(clean, memory.language, view.shop.languages)
        if not re.search(r"[^\W_]", clean):
            note = "no words" if clean else "empty"
            return Question(text, tag, (Part(text, "", Intent.UNCLEAR, certainty=0.95),), (note,))
        words = words_of(view)
        notes: list[str] = []
        spelt = spelt_out(written_out(clean), words)
        if spelt != clean:
            notes.append("spelling")
            clean = spelt
        told = clean
        # A name of the shop's goods goes before a regional word in it: 动感单车 is no 自行车.
        clean = standard(in_shop_words(clean, view, words), words)
        if (lifted := memory.lifts.get(fold(told))) is not None and isinstance(lifted, dict):
            left = filters_from_json(lifted)
            part = Part(clean, memory.search, Intent.PRODUCT_SEARCH, filters=left, anything=bool(left.categories), certainty=0.95)
            return Question(text, memory.language or tag, (part,), ("a condition taken back",))
        plain = standard(told, words)
        said_here = in_shop_words(clean, view, words)
        if said_here != plain:
            notes.append("in the words of the shop")
        clean = said_here
        corrected = _correction(clean)
        if corrected is not None:
            notes.append("correction")
        if lexicon().words["reset"].any(tokens(clean)) and not memory.pending:
            notes.append("earlier conditions dropped")
            memory = replace(memory, filters={}, search="")
        answered = self._answer(corrected or clean, memory, view, words, tag, notes)
        if answered is not None:
            return Question(text, tag, (answered,), tuple(notes))
        parts: list[Part] = []
        running = memory
        pieces = self._last_clause(split(corrected or clean))
        own_words = [piece.whole for piece in self._last_clause(split(_correction(plain) or plain))]
        for number, piece in enumerate(pieces):
            meant = self._meaning.of(piece.whole) if self._meaning is not None else NOTHING
            said = Utterance(piece.text, tokens(piece.text), running, view, words, tag, corrected is not None, notes)
            part = read_part(piece, said, parts[-1] if parts else None, meant, self._across)
            if (
                part.unnamed
                and parts
                and not parts[-1].subjects
                and parts[-1].intent not in SMALL_TALK | {Intent.HUMAN, Intent.OUT_OF_SCOPE}
            ):
                # "Can you wrap it as a present? How much is that?": the price of what was asked just before, not of a product.
                parts[-1] = replace(parts[-1], text=f"{parts[-1].text} {part.text}")
                continue
            if len(own_words) == len(pieces) and part.said == piece.whole:
                # Rules are found by meaning in any language: a name put in from the titles would draw those that hold it.
                part = replace(part, said=own_words[number])
            parts.append(part)
            running = _after(running, part)
        parts = _without_small_talk(parts)
        return Question(text, tag, tuple(parts), tuple(dict.fromkeys(notes)))

    def _last_clause(self, pieces: list[Piece]) -> list[Piece]:
        """A single Chinese message that only blanks part: its last clause, where that alone clearly asks for a rule and the whole does not
        (黑的吧 帮我爸买的 能包一下写个卡片不). What stands before only leads to it."""
        if self._meaning is None or len(pieces) != 1 or pieces[0].context:
            return pieces
        before, _, last = pieces[0].text.strip().rpartition(" ")
        if not before or len(last) < _CLAUSE_LEAST or not re.search(r"[一-鿿].*\s.*[一-鿿]", pieces[0].text) or not asks(last):
            return pieces
        if self._meaning.of(last).ruling < _RULE_CLEAR or self._meaning.of(pieces[0].text).ruling >= RULED:
            return pieces
        return [Piece(last)]

    def _answer(self, text: str, memory: Memory, view: ShopView, words: ShopWords, tag: str, notes: list[str]) -> Part | None:
        """The part when the message answers a question of ours, else None."""
        row = tokens(text)
        plain = fold(text).strip(" .!。！~,，")
        if memory.misses and plain in lexicon().plain["yes"] and not memory.pending:
            notes.append("yes to a person")
            return Part(text, text, Intent.HUMAN, certainty=0.7)
        if not memory.pending or len(row) > 25:
            return None
        reading = classify(text)
        if reading.intent in (Intent.HUMAN, Intent.ORDER, Intent.COMPLAINT, Intent.PRIVACY):
            return None
        named = find(text, view, words)
        subject = references.answer_to_question(text, memory, view, named.subjects)
        if subject is None:
            return None
        raw = memory.pending.get("part")
        part = raw if isinstance(raw, dict) else {}
        intent = intent_of(part.get("intent")) or intent_of(memory.last_intent) or Intent.PRODUCT_QUESTION
        if reading.intent in ABOUT_ONE and (concepts_in(row) or reading.certainty > 0.8) and not named.exact:
            intent = reading.intent
        before = str(part.get("text") or "")
        asked = tuple(word for word in part.get("asked") or () if isinstance(word, str)) or asked_attributes(text, row, ())
        cues = lexicon().intents
        if reading.intent in (Intent.PRICE, Intent.AVAILABILITY) and cues[reading.intent.value].any(row):
            # It picks one, and asks for something else of it.
            part, intent, asked, before = {}, reading.intent, asked_attributes(text, row, ()), ""
        subjects: tuple[Subject, ...] = (subject,)
        first = memory.pending.get("first")
        if memory.pending.get("kind") == "compare_with" and isinstance(first, str) and first in view.products:
            subjects, intent = (Subject(first, None, True, "carried"), subject), Intent.COMPARE
        elif intent not in ABOUT_ONE | {Intent.COMPARE, Intent.PROMOTION, Intent.POLICY}:
            intent = Intent.PRODUCT_QUESTION if asked else Intent.PRODUCT_SEARCH
        quantity = part.get("quantity")
        notes.append(f"answer to {memory.pending.get('kind', 'our question')}: {subject.product_id}")
        return Part(
            text=text,
            standalone=f"{titles_of(subjects, view, tag)} {before or text}".strip(),
            intent=intent,
            topic=topic_of(part.get("topic")),
            subjects=subjects,
            asked=asked,
            asked_value=str(part.get("asked_value") or ""),
            yes_no=part.get("yes_no") is True,
            quantity=quantity if isinstance(quantity, int) else None,
            certainty=0.9,
        )


def _clean(text: str) -> str:
    plain = _CONTROL.sub(" ", text[:LONGEST])
    if "<" in plain:
        plain = _TAG.sub(" ", plain)
    return re.sub(r"[ \t\r\f\v]+", " ", plain).strip()


def _correction(text: str) -> str | None:
    """What is said after "no, I meant ..."; None when nothing is corrected."""
    for hit in lexicon().words["correction"].find(text):
        if hit.start <= 8:
            rest = text[hit.end :].strip(" ,，。.:：!！")
            again = _correction(rest)
            if again is not None:
                return again
            if len(tokens(rest)) >= 1:
                return rest
    return None


def _after(memory: Memory, part: Part) -> Memory:
    """The memory for the next piece of the same message: the product just spoken of, and what was asked."""
    certain = [s for s in part.subjects if s.certain]
    if len(certain) == 1:
        memory = replace(memory, focus=certain[0].product_id, focus_sku=certain[0].sku or "", shown=memory.shown or [certain[0].product_id])
    elif len(certain) > 1:
        memory = replace(memory, focus="", focus_sku="", shown=[s.product_id for s in certain])
    if part.intent in SEARCHES:
        memory = replace(memory, search=part.standalone, filters=filters_json(part.filters))
    ruled = part.intent in (Intent.POLICY, Intent.STORE_INFO, Intent.PROMOTION) or (part.meant.ruling >= RULED and part.meant.shares)
    return replace(
        memory,
        last_intent=part.intent.value,
        asked=list(part.asked),
        pending={},
        ruled=ruled_after(part) if ruled else memory.ruled if part.intent in SMALL_TALK else "",
        rules=memory.rules if part.intent in SMALL_TALK else [],
    )


def _without_small_talk(parts: list[Part]) -> list[Part]:
    """Without greetings and thanks around real questions, and without doubles."""
    real = [part for part in parts if part.intent not in SMALL_TALK]
    kept = real or [part for part in parts if part.intent is not Intent.UNCLEAR] or parts
    seen: set[tuple[object, ...]] = set()
    out = []
    for part in kept:
        key = (
            (part.intent, part.topic, part.subjects, part.asked, part.asked_value, part.superlative)
            if part.intent in SMALL_TALK
            else (part.text,)
        )
        if key not in seen:
            seen.add(key)
            out.append(part)
    return out


__all__ = ["Understanding", "memory_from_json", "memory_json"]
