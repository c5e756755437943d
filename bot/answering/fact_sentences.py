"""Statements of the catalog as sentences: a value, yes or no, every value of an option, a value for each variant."""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.answering.facts import (
    Fact,
    facts_of,
    in_language,
    label,
    means,
    verdict,
    wanted_words,
)
from bot.answering.feature_sentences import feature_sentence
from bot.answering.own_names import asks_negated
from bot.answering.reply import Reply
from bot.answering.speaking import Speaker, holds
from bot.understanding.question import Part
from knowledge.attribute_names import concept_of, names_of
from knowledge.catalog import Product, Variant
from knowledge.folding import fold
from knowledge.units import quantities
from knowledge.verdicts import Verdict, is_bare

FACTS_SAID = 2
"""Statements of one property that are said of a product, where a merchant has several."""
_DENIED = re.compile(r"^(?:no|none|not|non|without|否|无|不|没有|未|非)", re.IGNORECASE)
_KINDS = (("has", re.compile(r"有没有|有.*[吗嘛么?？]|带.*[吗嘛么?？]")), ("can", re.compile(r"能|可以|可不可以|行不行|支持")))


def say_facts(
    speaker: Speaker, reply: Reply, part: Part, product: Product, variants: Sequence[Variant], facts: list[Fact], *, near_only: bool = False
) -> None:
    """Says statements: with yes or no where they decide the question, by option or by variant where these differ. `near_only`: they are of a neighbouring property and decide nothing."""
    said, deciding = Verdict.OPEN, None
    if part.yes_no and not near_only and not asks_negated(part.text):
        said, deciding = verdict(facts, part.asked, wanted_words(part))
        if said is Verdict.OPEN and deciding is not None and not deciding.is_option:
            # The other language's words may decide what the customer's own do not ("leather" in "Material", "皮" asked).
            everywhere = [f for f in facts_of(product, variants) if any(means(f.name, a) for a in part.asked)]
            said, _ = verdict(everywhere, part.asked, wanted_words(part))
    if facts[0].is_option and not variants:
        _say_options(speaker, reply, part, product, facts, said)
        return
    if deciding is not None:
        facts = [deciding, *[f for f in facts if f is not deciding and not part.yes_no]]
    values = list({(f.value, f.field): f for f in facts}.values())
    by_variant = not variants and len({f.value for f in values}) > 1 and len({f.sku for f in values}) > 1
    if by_variant:
        _say_by_variant(speaker, reply, part, product, values)
        return
    values = _of_amount_said(part, values)
    for number, fact in enumerate(values[:FACTS_SAID]):
        lead = said if number == 0 else Verdict.OPEN
        variant = variants[0] if variants else None
        reply.say(_sentence(speaker, part, speaker.with_variant(product, variant), fact, lead), speaker.cite_title(product), fact.cited)


def _of_amount_said(part: Part, facts: list[Fact]) -> list[Fact]:
    """Of several statements, or several pieces of one, those of the size that the customer names: "180*200cm 62kg"."""
    said = {q.base_low for q in quantities(fold(part.text)) if q.base_low >= LEAST_SAID}
    if not said:
        return facts
    pieces = [(f, piece) for f in facts for piece in _PIECES.split(f.value) if piece.strip()]
    if len(pieces) < 2:
        return facts
    telling = [(f, piece) for f, piece in pieces if said <= {q.base_low for q in quantities(fold(piece))}]
    return [replace(f, value=piece.strip()) for f, piece in telling] if 0 < len(telling) < len(pieces) else facts


LEAST_SAID = 10
"""Smaller numbers in a question count pieces rather than name a size."""
_PIECES = re.compile(r"[;；\n]|(?<=\D)[,，、](?=\s*\D|\s*\d+\s*[*x×])")


def _sentence(speaker: Speaker, part: Part, name: str, fact: Fact, said: Verdict) -> str:
    value = fact.value.strip().rstrip("。.") if not fact.value.strip().endswith("...") else fact.value
    property_ = label(fact, part.asked, speaker.language)
    if in_words := feature_sentence(speaker, part, name, fact, said):
        return in_words
    if said is not Verdict.OPEN:
        return speaker.say(f"fact.{said.value}_{_kind(part)}", product=name, name=property_, value=value)
    if is_bare(value) or _DENIED.match(value):
        return speaker.say("fact.plain", product=name, name=property_, value=value)
    concept = concept_of(fact.name)
    key = f"concept.{concept}"
    # "5 year warranty" says itself what it is.
    if concept and key in speaker.words and not any(holds(fold(value), fold(name)) for name in names_of(concept)[:3]):
        return speaker.say(key, product=name, value=value)
    return speaker.say("fact.stated", product=name, name=property_, value=value)


def _kind(part: Part) -> str:
    """How a yes is said depends in Chinese on the question: 能…吗 → 可以, 有…吗 → 有, else 是."""
    return next((kind for kind, pattern in _KINDS if pattern.search(part.text)), "is")


def _say_options(speaker: Speaker, reply: Reply, part: Part, product: Product, facts: list[Fact], said: Verdict) -> None:
    values: dict[str, list[Variant]] = {}
    for variant in product.variants:
        for fact in in_language(
            [f for f in facts_of(product, [variant]) if f.is_option and f.name in {g.name for g in facts}], speaker.language
        ):
            values.setdefault(fact.value, []).append(variant)
    gone = [v for v, held in values.items() if not any(speaker.stock(x).state.buyable for x in held) and stock_known(speaker, held)]
    cited = list({f.value: f for f in facts}.values())
    property_ = label(facts[0], part.asked, speaker.language)
    if len(values) == 1 and said is Verdict.OPEN:
        text = speaker.say("fact.stated", product=speaker.name(product), name=property_, value=next(iter(values)))
    else:
        key = {Verdict.YES: "fact.options_yes", Verdict.NO: "fact.options_no", Verdict.OPEN: "fact.options"}[said]
        listed = speaker.words.listed(list(values))
        text = speaker.say(key, product=speaker.name(product), name=property_, values=listed, value=part.asked_value)
    reply.say(text, speaker.cite_title(product), *(f.cited for f in cited))
    if gone:
        reply.say(
            speaker.say("fact.options_gone", values=speaker.words.listed(gone)), *(speaker.cite_stock(values[value][0]) for value in gone)
        )


def stock_known(speaker: Speaker, variants: Sequence[Variant]) -> bool:
    """Whether the stock of each is stated."""
    return all(speaker.stock(v).state.value != "unknown" for v in variants)


def _say_by_variant(speaker: Speaker, reply: Reply, part: Part, product: Product, values: list[Fact]) -> None:
    by_sku = {v.sku: v for v in product.variants}
    items = [speaker.say("price.item", variant=speaker.options(by_sku[f.sku]), price=f.value) for f in values if f.sku in by_sku] or [
        f.value for f in values
    ]
    reply.say(
        speaker.say(
            "fact.by_variant",
            product=speaker.name(product),
            name=label(values[0], part.asked, speaker.language),
            values=speaker.mark("dots").join(items),
        ),
        speaker.cite_title(product),
        *(f.cited for f in values),
    )
