"""The words by which a product's options are told, each value once in all its languages."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.understanding.lexicon import lexicon_rows, values
from bot.understanding.title_terms import HAN, WORD
from knowledge.attribute_names import concept_of
from knowledge.catalog import Attribute, Product, Variant
from knowledge.folding import fold
from knowledge.phrases import tokens


@dataclass(frozen=True, slots=True)
class OptionWord:
    """A value of an option or attribute as this shop writes it, with the same value's other spellings (its other language)."""

    concept: str
    words: tuple[str, ...]


def option_words(product: Product) -> Iterator[OptionWord]:
    """What a product comes in, and what it is made of, smells of or is plugged into."""
    for variant in product.variants:
        yield from _paired(variant.options)
    yield from (word for word in _paired(product.attributes) if word.concept in {"colour", "material", "size", "scent", "plug", "pattern"})


def countries(value: OptionWord) -> Iterator[str]:
    """Other words for a plug or version of a country: "Chinese plug", 国标, for "CN plug 220 V"."""
    if value.concept != "plug":
        return
    said = {token.word for word in value.words for token in tokens(word)}
    whole = " ".join(fold(word) for word in value.words)
    for row in lexicon_rows("country"):
        if any(name in said if name.isascii() else name in whole for name in row):
            yield from (f"{name} plug" if name.isascii() else f"{name}插头" for name in row)
            yield from (name for name in row if name.endswith(("规", "标")))


def _paired(attributes: tuple[Attribute, ...]) -> Iterator[OptionWord]:
    """Entries of one concept in two languages are one value: Colour: Black beside 颜色: 黑色."""
    grouped: dict[str, list[str]] = {}
    for attribute in attributes:
        concept = concept_of(attribute.name) or fold(attribute.name)
        held = grouped.setdefault(concept, [])
        if attribute.value and attribute.value not in held and len(attribute.value) <= 40:
            held.append(attribute.value)
    for concept, found in grouped.items():
        wide = [word for word in found if len(word) > 1 or not word.isascii()]
        if wide:
            yield OptionWord(concept, tuple(wide))


def value_pairs(title: str, product: Product) -> Iterator[str]:
    """Neighbouring words in a title of which one is a colour or material that the product doesn't have as an option: "green tea"."""
    found = values().phrases.find(title)
    if not found:
        return
    stated = {fold(a.value) for v in product.variants for a in v.options} | {fold(a.value) for a in product.attributes}
    folded = fold(title)
    for hit in found:
        if hit.value.kind not in {"colour", "material"} or any(fold(w) in value for w in hit.value.words for value in stated):
            continue
        after = WORD.match(folded[hit.end :].lstrip(" -"))
        if after:
            word = after.group()
            yield f"{folded[hit.start : hit.end]} {word[:1] if HAN.match(word) else word}"
        if hit.start:
            before = re.search(r"([a-z0-9]+|[\u3400-\u9fff])[\s-]*$", folded[: hit.start])
            if before:
                yield f"{before.group(1)} {folded[hit.start : hit.end]}"


def variant_words(variant: Variant) -> list[OptionWord]:
    """The options of a variant, one entry for each, all languages."""
    return list(_paired_all(variant.options))


def _paired_all(attributes: tuple[Attribute, ...]) -> Iterator[OptionWord]:
    grouped: dict[str, list[str]] = {}
    for attribute in attributes:
        grouped.setdefault(concept_of(attribute.name) or fold(attribute.name), []).append(attribute.value)
    for concept, found in grouped.items():
        yield OptionWord(concept, tuple(dict.fromkeys(found)))
