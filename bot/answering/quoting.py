"""The merchant's own sentences: the one that tells what was asked, the one that denies it, the one ranked best, and whether it is near enough."""

import re
from collections.abc import Sequence

from bot.answering.answer import Citation
from bot.answering.fact_sentences import say_facts
from bot.answering.facts import (
    facts_of,
    in_language,
    means,
    wanted_words,
)
from bot.answering.reply import Reply
from bot.answering.speaking import Speaker, holds, trimmed
from bot.answering.telling import names_one, telling_part, tells
from bot.answering.thresholds import FACT_HINT, FACT_SAYS_UNNAMED, QUOTE_MOST, RULE_SURE
from bot.understanding.lexicon import lexicon
from bot.understanding.question import Part
from bot.understanding.title_terms import common_word
from knowledge.attribute_names import concept_of, names_of
from knowledge.catalog import Product
from knowledge.folding import fold
from retrieval.rarity import rarity
from retrieval.retriever import Evidence, Hit
from retrieval.tokens import tokens

_DENIAL = re.compile(
    r"(?:\bnot|\bno|\bnon|\bnever|\bwithout|n't|不|非|无|無|勿|不含|不可|不能|没有)(?:\s+(?:a|an|the|any|for))?[\s-]{0,2}$"
)


def best_hit(evidence: Evidence, product: Product) -> Hit | None:
    """The statement ranked best that is no title; None without any."""
    ranked = evidence.facts.get(product.id, ())
    return next((hit for hit in ranked if hit.passage.text.strip() and hit.passage.field != "title"), None)


TOLD_AMONG = 6
"""So many of the statements ranked best are looked through for one that tells what was asked."""


def telling_statement(evidence: Evidence, product: Product, part: Part, asked: Sequence[str]) -> tuple[Hit | None, str] | None:
    """The statement ranked best that tells what was asked, with its words that do; else the title, where that does."""
    wanted = wanted_words(part)
    if not asked and not wanted:
        return None
    ranked = [*evidence.facts.get(product.id, ())[:TOLD_AMONG]]
    naming = [hit for hit in ranked if names_one(hit.passage.text, asked)]
    for hit in [*naming, *(hit for hit in ranked if hit not in naming)]:
        kind = hit.passage.field.partition(":")[0]
        if kind not in ("attribute", "description") or evidence.answerable < FACT_HINT:
            continue
        text = hit.passage.text.partition(": ")[2] if kind == "attribute" else hit.passage.text
        if tells(text, asked, wanted, open_=not part.yes_no):
            return hit, telling_part(text, asked, wanted, open_=not part.yes_no)
    kinds = {concept_of(word) or word for word in asked}
    for title in product.title.values():
        if kinds & {"material", "colour", "fabric"} and tells(title, asked, wanted):
            return None, title
    return None


def say_told(speaker: Speaker, reply: Reply, product: Product, hit: Hit | None, words: str) -> None:
    """Quotes the words that tell what was asked; of the title without a statement."""
    quote = trimmed(words, QUOTE_MOST)
    cited = [speaker.cite_title(product)]
    if hit is not None:
        cited.append(Citation("product", product.sku, hit.passage.field, quote))
    reply.say(speaker.say("fact.described", product=speaker.name(product), quote=quote.rstrip("。")), *cited)


def near_enough(speaker: Speaker, part: Part, product: Product, hit: Hit, evidence_answerable: float) -> bool:
    """Whether the statement shares a word with what is asked beside the product's name. Words of another language cannot be compared."""
    if _bare(hit):
        return bool(_content(part, product) & set(tokens(hit.passage.field.partition(":")[2])))
    if not part.text.strip() or (not part.yes_no and hit.passage.field.startswith(("attribute:", "option:"))):
        return True
    own = hit.passage.language.split("-", maxsplit=1)[0]
    if own not in (speaker.language, "und") or _han(part.text) != _han(hit.passage.text):
        return True
    if evidence_answerable >= (FACT_SAYS_UNNAMED if part.yes_no else RULE_SURE):
        return True
    return bool(_content(part, product) & set(tokens(hit.passage.text)))


_YES_OR_NO = re.compile(r"\W*(?:(?:yes|no|true|false|是|否|有|无|不|不?可以|不?能|不?支持)\W*)+")


def _bare(hit: Hit) -> bool:
    """Whether the statement only says yes or no to its own name: dishwasher-safe "no" answers nothing else."""
    kind, _, name = hit.passage.field.partition(":")
    value = fold(hit.passage.text.removeprefix(name)).strip(" :：")
    return kind == "attribute" and _YES_OR_NO.fullmatch(value) is not None


TELLING = 0.9
"""From this rarity on, a word is what a question is about."""


def says_the_word(part: Part, product: Product, hit: Hit) -> bool:
    """Whether the statement holds a rare word of the question: it is about that very thing, though under another name than the one understood."""
    shared = _content(part, product) & set(tokens(hit.passage.text))
    return any(rarity(term) >= TELLING and (len(term) > 3 if term.isascii() else len(term) > 1) for term in shared)


_EMPHASIS = frozenset(
    [
        "genuine",
        "genuinely",
        "proper",
        "properly",
        "actual",
        "actually",
        "made",
        "pure",
        "purely",
        "fully",
        "completely",
        "entirely",
        "truly",
        "authentic",
    ]
)


def more_is_asked(part: Part, product: Product, words: Sequence[str]) -> bool:
    """Whether a rare word stands beside the value supposed: "is the wood FSC?" asks for more than wood. `words`: all spellings of the value."""
    named = {term for text in words for term in tokens(text)} | _EMPHASIS
    rare = (term for term in _content(part, product) - named if term.isascii() and term.isalpha() and len(term) > 2)
    return any(rarity(term) >= 1.0 for term in rare)


def _content(part: Part, product: Product) -> set[str]:
    """The words of a question that say what is asked: neither the product's name nor those of every question."""
    named = {term for title in product.title.values() for term in tokens(title)}
    plain = lexicon().plain
    small = plain["fillers"] | plain["yes_no_starts"] | plain["question_starts"]
    return {t for t in tokens(part.text) if len(t) > 1 and t not in named and t not in small and not common_word(t)}


def denied_by(evidence: Evidence, product: Product, part: Part) -> Hit | None:
    """The statement that denies the very word that is asked for: "not tubeless" to "can I run it tubeless?"."""
    words = [word for word in _content(part, product) if len(word) > (3 if word.isascii() else 1)]
    for hit in evidence.facts.get(product.id, ()):
        kind = hit.passage.field.partition(":")[0]
        text = fold(hit.passage.text)
        if kind in ("attribute", "description") and any(
            _DENIAL.search(text[: match.start()]) for word in words for match in re.finditer(re.escape(word), text)
        ):
            return hit
    return None


def _han(text: str) -> bool:
    return any("㐀" <= c <= "鿿" for c in text)


def names_another(hit: Hit, asked: Sequence[str]) -> bool:
    """An attribute of another known name is no answer to a property that was named, unless it speaks of it."""
    kind, _, name = hit.passage.field.partition(":")
    value = fold(hit.passage.text.removeprefix(name))
    if any(holds(value, fold(spelling)) for word in asked for spelling in (word, *names_of(concept_of(word) or ""))):
        return False
    return kind in ("attribute", "option") and concept_of(name) is not None and not any(means(name, word) for word in asked)


def say_hit(speaker: Speaker, reply: Reply, part: Part, product: Product, hit: Hit) -> None:
    """Quotes a statement: as a value where it is one, else in the words of the merchant or a buyer."""
    kind, _, name = hit.passage.field.partition(":")
    if kind in ("attribute", "option"):
        facts = in_language([f for f in facts_of(product) if f.name == name], speaker.language)
        if facts:
            say_facts(speaker, reply, part, product, [], facts)
            return
    quote = trimmed(hit.passage.text, QUOTE_MOST)
    if kind.startswith("review"):
        reply.say(
            speaker.say("review.said", product=speaker.name(product), quote=quote),
            Citation("review", hit.passage.document_id, "text", quote),
        )
    else:
        reply.say(
            speaker.say("fact.described", product=speaker.name(product), quote=quote),
            speaker.cite_title(product),
            Citation("product", product.sku, hit.passage.field, quote),
        )
