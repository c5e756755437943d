"""Colours, materials, sizes and for whom; and the shop's own option values ("Plum", "US plug")."""

import re

from bot.understanding.lexicon import Value, values
from bot.understanding.negation import negated
from bot.understanding.purposes import is_present
from bot.understanding.shop_words import ShopWords
from bot.understanding.words_read import WordsRead
from knowledge.attribute_names import concept_of, names_of
from knowledge.folding import fold
from knowledge.phrases import Found
from retrieval.filters import AttributeCondition


def values_in(reading: WordsRead, words: ShopWords) -> list[AttributeCondition]:
    """Colours, materials, sizes and for whom; and the shop's own option values ("Plum", "US plug")."""
    wanted: dict[str, list[str]] = {}
    unwanted: dict[str, list[str]] = {}
    said: dict[tuple[str, bool], list[str]] = {}
    joined = [(hit.start, hit.end) for hit in values().compounds.find(reading.row)]
    joined += [(hit.start, hit.end) for hit in words.titles_joined.find(reading.row)]
    spots: list[tuple[int, int, int, int, str, tuple[str, ...]]] = []
    for own in words.options.find(reading.row):
        if len(reading.folded[own.start : own.end]) >= 2 and own.value.concept in {
            "colour",
            "size",
            "material",
            "scent",
            "plug",
            "pattern",
        }:
            known = [value for word in own.value.words if (value := values().by_word.get(fold(word)))]
            if known:
                continue
            spots.append((own.start, own.end, own.first, own.last, own.value.concept, own.value.words))
    present = is_present(reading.row)
    for hit in values().phrases.find(reading.row):
        if any(a <= hit.start and hit.end <= b for a, b in joined) or any(a <= hit.start and hit.end <= b for a, b, *_ in spots):
            continue
        if hit.value.kind == "gender" and present and values().people.get(reading.folded[hit.start : hit.end]):
            continue  # for whom it is, which need not stand on it
        if _stands_as_value(reading, hit):
            spots.append((hit.start, hit.end, hit.first, hit.last, hit.value.kind, hit.value.words))
    for start, end, first, last, kind, spellings in sorted(spots):
        if not reading.free(start, end):
            continue
        absent = negated(reading.row, first, last)
        (unwanted if absent else wanted).setdefault(kind, []).extend(spellings)
        said.setdefault((kind, absent), []).append(reading.text[start:end])
        if kind != "gender" or absent:
            reading.take(start, end)
    out = []
    for table, absent in ((wanted, False), (unwanted, True)):
        for kind, spellings_of in table.items():
            names = names_of(kind) or names_of(concept_of(kind) or "")
            if kind == "material":
                names = tuple(
                    dict.fromkeys(
                        (
                            *names,
                            *names_of("fabric"),
                            *names_of("composition"),
                            *names_of("shell"),
                            *names_of("filling"),
                            *names_of("lining"),
                        )
                    )
                )
            words_of_value = tuple(dict.fromkeys(word.casefold() for word in spellings_of))
            out.append(AttributeCondition(() if kind == "gender" else names, words_of_value, absent, said=" / ".join(said[(kind, absent)])))
    return out


_AS_VALUE_AFTER = re.compile(r"^\s*(?:色|的|款|系|版|$|[,，。?？!！]|吗|呢|有|或|和|跟|、|还|/)")


def _stands_as_value(reading: WordsRead, hit: Found[Value]) -> bool:
    word = reading.folded[hit.start : hit.end]
    after, before = reading.folded[hit.end :], reading.folded[: hit.start]
    if hit.value.kind == "size" and word.isascii():
        original = reading.text[hit.start : hit.end]
        if len(word) <= 2 and word.isalpha():
            if re.search(r"\d\s?$", before):
                return False  # 22 L
            return bool(
                re.search(r"size\s*$", before)
                or (original.isupper() and not re.search(r"[a-z0-9'’.]$", before) and not re.match(r"['’]?[a-z0-9]", after))
            )
        return bool(re.search(r"(?:size|in|in a|the|a|an|or|and)\s*$", before)) or word not in {
            "small",
            "medium",
            "single",
            "double",
            "twin",
            "queen",
            "king",
        }
    if hit.value.kind == "gender":
        return len(word) > 1 or bool(re.match(r"^[款的士生式装]", after))
    if word.isascii():
        if word in {"down", "clear", "gold", "orange", "natural", "sand", "cream", "paper", "iron", "wool", "single"}:
            return (
                word not in {"down", "clear", "sand"}
                or bool(re.search(r"(?:goose|duck|in|with|the|not|real)\s*$", before))
                or bool(re.match(r"\s+(?:jacket|duvet|filling|pillow)", after))
            )
        return True
    if len(word) == 1:
        return (bool(_AS_VALUE_AFTER.match(after)) and not re.match(r"^的?(?:多|什么|怎)", after)) or (
            hit.value.kind == "material" and bool(re.match(r"^质", after))
        )
    return True
