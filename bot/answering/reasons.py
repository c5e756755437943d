"""Why a product is shown: the properties that meet the wishes, else the statement nearest to the words."""

from collections.abc import Sequence

from bot.answering.answer import Citation
from bot.answering.described import features_wished, of_feature, of_property
from bot.answering.facts import Fact, facts_of, in_language, label, means, stated
from bot.answering.ratings import rating_words
from bot.answering.speaking import Speaker, holds, trimmed
from bot.answering.thresholds import REASON_MOST
from bot.understanding.question import Part
from knowledge.catalog import Product, Variant
from knowledge.folding import fold
from knowledge.localized import pick
from retrieval.filters import AttributeCondition, Way
from retrieval.quotable import quotable
from retrieval.retriever import Sort
from retrieval.tokens import tokens


def reason_for(speaker: Speaker, part: Part, product: Product, variants: Sequence[Variant] = ()) -> tuple[str, list[Citation]]:
    """Why it is shown: the properties (of the variants meant) that meet the wishes, else the statement nearest to the words, else how it opens."""
    if part.sort is Sort.RATING and (rated := rating_words(speaker, product, "search.rated"))[0]:
        return rated
    facts = [f for c in part.filters.attributes if not c.absent and (f := _meeting(speaker, product, c, variants))]
    facts += [f for f in stated(product, part.asked, speaker.language, variants)[:1] if _readable(product, f, speaker.language)]
    facts = list({f.value: f for f in facts}.values())
    if facts:
        shown = [
            speaker.say("fact.short", name=label(f, (), speaker.language), value=trimmed(" ".join(f.value.split()), REASON_MOST))
            for f in facts[:2]
        ]
        return speaker.mark("enumerate").join(shown), [f.cited for f in facts[:2]]
    said = [s for c in part.filters.attributes if c.way is Way.HAS for s in of_property(product, c.names[0], speaker.language)[:1]]
    if said:
        quote = _clause(said[0].text)
        return quote, [Citation("product", product.sku, said[0].field, quote)]
    for feature in features_wished(part.text, [c.said for c in part.filters.attributes]):
        _, told = of_feature(product, feature, speaker.language)
        if told is not None and told.field != "title":
            quote = _clause(told.text)
            return quote, [Citation("product", product.sku, told.field, quote)]
    asked = {t for t in tokens(part.standalone) if len(t) > 1} - set(tokens(" ".join(product.title.values())))
    stating = in_language([f for f in facts_of(product) if not f.is_option], speaker.language)
    best = max(stating, key=lambda f: len(asked & set(tokens(f"{f.name} {f.value}"))), default=None)
    rows = quotable(pick(product.description, speaker.language))
    top = max(rows, key=lambda row: len(asked & set(tokens(row))), default="")
    if best is not None and len(asked & set(tokens(f"{best.name} {best.value}"))) >= max(1, len(asked & set(tokens(top)))):
        return speaker.say(
            "fact.short", name=label(best, (), speaker.language), value=trimmed(" ".join(best.value.split()), REASON_MOST)
        ), [best.cited]
    if not top:
        return "", []
    quote = _clause(top)
    return quote, [Citation("product", product.sku, "description", quote)]


def _readable(product: Product, fact: Fact, language: str) -> bool:
    """Whether it is in the customer's language, as far as the product's data speak it at all."""
    base = language.split("-", maxsplit=1)[0]
    return fact.language.split("-", maxsplit=1)[0] in (base, "und") or not any(f.language.startswith(base) for f in facts_of(product))


def _clause(sentence: str) -> str:
    """A sentence without its stop; a long one up to its last comma that fits."""
    text = sentence.strip().rstrip("。.")
    if len(text) <= REASON_MOST:
        return text
    head = text[:REASON_MOST]
    cut = max(head.rfind(mark) for mark in ("，", ", ", "；", "; ", ": ", "："))
    return head[:cut].rstrip() if cut > REASON_MOST // 3 else trimmed(text, REASON_MOST)


def _meeting(speaker: Speaker, product: Product, condition: AttributeCondition, variants: Sequence[Variant]) -> Fact | None:
    facts = in_language(facts_of(product, variants), speaker.language)
    if condition.names:
        facts = [f for f in facts if any(means(f.name, name) for name in condition.names)]
    if condition.values:
        facts = [f for f in facts if any(holds(fold(f.value), fold(v)) for v in condition.values)]
    elif not condition.names:
        return None
    return facts[0] if facts else None
