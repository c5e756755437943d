"""Colours and other values of options in words: what a product is said to come in."""

import re

from bot.answering.guard.colours import COLOURS
from bot.answering.guard.phrases import DENIES
from bot.answering.guard.scope import Scope
from bot.answering.guard.stock_said import OUT

_LIST_EN = re.compile(
    r"(?:comes? in|available in|sold in|offered in|choose (?:from|between)|there is|there are)\s+(?:the colou?rs |sizes? |colou?rs? )?(?P<list>[a-z0-9 ×.-]+(?:, (?:and |or )?[a-z0-9 ×.-]+)*(?:,? (?:and|or) [a-z0-9 ×.-]+))"
)
_COMES_IN = re.compile(r"comes? in|available in|sold in|offered in")
_COLOURS_ZH = re.compile(
    r"(?:有|提供|分为?)(?P<list>[㐀-鿿]{1,4}(?:[、和及][㐀-鿿]{1,4}?){1,7}?)(?:这?[两二三四五六七八几\d]\s?[种个款])?(?:颜色|配色|色可选|色)"
)
_NAMED_ZH = re.compile(r"(?:有|还有|提供|、|和|推出)(?P<word>[㐀-鿿]{2,4})(?:香型|口味|图案|款式|材质)")
_SENSE = re.compile(r"(?:colou?rs?|available|comes?|sold|stock|offered?|version|one|model|variant|有|颜色|款|可选|提供|版)")


def colour_violations(scope: Scope) -> list[tuple[str, str]]:
    """(kind, words) of every value of an option that the product spoken of does not come in."""
    return _listed_values(scope) + _colours(scope)


def _listed_values(scope: Scope) -> list[tuple[str, str]]:
    """A list that names an option's values names nothing else: "in natural, blue and charcoal"."""
    sentence, table = scope.sentence, scope.table
    folded = sentence.folded
    found: list[tuple[str, str]] = []
    if not sentence.chinese:
        for match in _LIST_EN.finditer(folded):
            items = [i.strip(" .") for i in re.split(r",| and | or ", match["list"]) if i.strip(" .")]
            products, named = scope.bind(match.start("list"), match.end("list"))
            facts = [table.products[p] for p in products if p in table.products]
            values = {v for f in facts for variant in f.variants for vs in variant.options.values() for v in vs}
            closed = _COMES_IN.match(match.group()) is not None
            if not (named or len(facts) == 1) or not 0 < len(facts) <= 3 or (sum(1 for i in items if i in values) < 2 and not closed):
                continue
            for item in (
                re.sub(r"^(?:a |an |the |two |three )|(?: (?:versions?|colou?rs?|sizes?|variants?|sets?))+$", "", i) for i in items
            ):
                last = item.split(" ")[0]
                if not re.match(r"[a-z]{3}", last):
                    continue
                if (
                    item not in values
                    and not any(last in v.split(" ") or v.startswith(last) for v in values)
                    and not any(last in f.words for f in facts)
                ):
                    found.append(("variant", item))
    for match in _COLOURS_ZH.finditer(folded):
        products, _ = scope.bind(match.start(), match.end())
        facts = [table.products[p] for p in products if p in table.products]
        values_zh = "".join(v for f in facts for variant in f.variants for vs in variant.options.values() for v in vs)
        for item in re.split(r"[、和及]", match["list"]):
            if facts and len(facts) <= 3 and item and item[:1] not in values_zh:
                found.append(("variant", item))
    for match in _NAMED_ZH.finditer(folded):
        word = match["word"]
        if not any(word[i : i + 2] in table.vocabulary for i in range(len(word) - 1)):
            found.append(("variant", word))
    return found


def _colours(scope: Scope) -> list[tuple[str, str]]:
    """A colour said of a product that has none such."""
    sentence, table = scope.sentence, scope.table
    found = []
    for colour in COLOURS:
        match = colour.search(sentence.folded)
        if match is not None and any(m.own and m.start <= match.start() and match.end() <= m.end for m in sentence.mentions):
            continue
        if match is None or "?" in sentence.folded or not _SENSE.search(sentence.folded):
            continue
        clause = sentence.clause_text(match.start())
        products, named = scope.bind(match.start(), match.end())
        if (
            not named
            or not products
            or DENIES.search(clause[: clause.find(match.group())][-30:])
            or OUT.search(clause)
            or re.search(r"\bno\b|\bnot\b|n't\b|没有|不|无", clause)
        ):
            continue
        if not any(colour.search(table.products[p].text) for p in products if p in table.products):
            found.append(("variant", match.group()))
    return found
