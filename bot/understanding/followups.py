"""A search that goes on: which conditions of before still hold, and whether a wish refines the one before it."""

import re
from collections.abc import Collection
from dataclasses import replace

from bot.understanding.constraints import Conditions
from bot.understanding.lexicon import lexicon
from bot.understanding.memory import filters_from_json
from bot.understanding.question import Memory
from bot.understanding.shop_words import ShopWords, words_of
from bot.understanding.title_terms import terms
from knowledge.catalog import utc_now
from knowledge.folding import fold
from knowledge.money import Money
from knowledge.phrases import Token
from retrieval.filters import AttributeCondition, Filters
from retrieval.retriever import Sort
from retrieval.view import ShopView

_MORE = re.compile(
    r"\b(?:more|other|another|different)\s+(?:options?|ones?|choices?|products?|models?|suggestions?|ideas?|kinds?)\b|\banything else\b|\bwhat else\b|\bshow (?:me )?more\b|\bany others?\b"
    r"|还有(?:别的|其他|其它|没有别的)|(?<![色码号款的寸只味])还有吗|别的(?:款|吗|呢)|其他的?(?:款|吗|呢|还有)|换一批|换几款|再来几个|再推荐"
)
_ANY_PRICE = re.compile(
    r"any price|price doesn't matter|no budget|money is no object|any colou?r|(?:价格|预算|颜色)(?:不限|无所谓|随便)|不限(?:价格|颜色|预算|价)"
)
_SAME_KIND = re.compile(
    r"\bones?\b|^(?:and|what about|how about|or|but|only|just|also)\b|的(?:呢|吗|有吗|有没有)?\W*$|^那|^(?:要|不要|有没有|有|换|只要)"
)
_OTHER_MEASURE = re.compile(
    r"\b(?:any(?:thing)?|something|ones?|bit|slightly)\b.{0,12}\b(?:smaller|bigger|larger|lighter|heavier|longer|shorter|better)\b|(?:有(?:没有)?|要|来|换)(?:个|款)?(?:更|再)?[大小轻长短好]一?[点些]儿?的"
)
"""Another of the kind that was shown: "anything smaller?", 有大一点的吗."""
_GENERIC = frozenset(
    [
        "one",
        "ones",
        "thing",
        "got",
        "stuff",
        "things",
        "something",
        "anything",
        "product",
        "products",
        "item",
        "items",
        "option",
        "options",
        "model",
        "models",
        "kind",
        "price",
        "prices",
        "budget",
        "color",
        "colour",
        "size",
        "style",
        "version",
        "it",
        "them",
        "they",
        "these",
        "those",
        "that",
        "this",
        "made",
        "material",
        "less",
        "more",
        "cheaper",
        "expensive",
        "lighter",
        "smaller",
        "bigger",
        "larger",
        "better",
        "under",
        "over",
        "around",
        "about",
        "between",
        "max",
        "maximum",
        "minimum",
        "only",
        "just",
        "also",
        "instead",
        "rather",
        "actually",
        "meant",
        "mean",
        "said",
        "wait",
        "sorry",
        "still",
        "too",
        "pricey",
        "anyone",
        "else",
        "without",
        "want",
        "need",
        "please",
        "prefer",
    ]
)
_GENERIC_HAN = re.compile(
    r"[的吗呢吧啊呀了嘛么哦我你您要想有没个款件些点一那这它不是对说指问换成只就更再还别其他它都可以能看找给推荐便宜贵价格预算左右以内以下上块元钱颜色大小轻重好最比较太几和或者以男女码号种几样式买卖东西商品现货打折特价优惠有货请麻烦也会行吧哪有什么怎么多少]"
)


def lowest_price(ids: list[str], view: ShopView) -> int | None:
    """The lowest price paid now among products, minor units of the shop's currency."""
    now = utc_now()
    paid = [
        money.minor
        for id_ in ids
        if id_ in view.products
        for variant in view.products[id_].variants
        if (offer := view.offers.get(variant.sku)) is not None
        and (money := offer.offer.paid(now))
        and money.currency == words_of(view).currency
    ]
    return min(paid, default=None)


def refines(text: str, row: list[Token], conditions: Conditions, memory: Memory, words: ShopWords, left_out: Collection[str] = ()) -> bool:
    """Whether a wish goes on with the search before ("under 50", "red ones", "no kettle", 便宜点的) rather than beginning another. `left_out`:
    products that are named to be left out."""
    if not memory.search and not memory.filters:
        return False
    folded = fold(text)
    carried = filters_from_json(memory.filters)
    if conditions.filters.categories:
        return bool(set(conditions.filters.categories) & set(carried.categories))
    table = lexicon().words
    if _ANY_PRICE.search(folded):
        return True
    without = {*conditions.filters.not_product_ids, *left_out}
    left = {
        term
        for term in content(conditions.rest, words)
        if not without or term not in words.postings or not without.issuperset(words.ids[number] for number in words.postings[term])
    }
    if _MORE.search(folded) and not left:
        return True
    if left and any(term in words.postings for term in left):
        return False
    wishes = (
        bool(without)
        or not conditions.filters.empty
        or conditions.sort is not Sort.RELEVANCE
        or bool(conditions.superlative)
        or bool(conditions.purpose)
    )
    if not left:
        return wishes or table["cheaper"].any(row) or table["dearer"].any(row) or bool(_OTHER_MEASURE.search(folded))
    return wishes and bool(_SAME_KIND.search(folded)) and len(left) <= 2


def content(rest: str, words: ShopWords) -> set[str]:
    """The words of a rest that could say what is looked for: no fillers, no "cheaper", no 便宜点的."""
    fillers = lexicon().plain["fillers"] | lexicon().plain["yes_no_starts"]
    out = set()
    for term, _, _ in terms(rest):
        if term.isascii():
            if term not in fillers and term not in _GENERIC and len(term) > 1:
                out.add(term)
        elif not _GENERIC_HAN.sub("", term):
            continue
        elif term in words.postings or not _GENERIC_HAN.search(term):
            out.add(term)
    return out


def carry(conditions: Conditions, text: str, row: list[Token], memory: Memory, view: ShopView) -> tuple[Filters, list[str]]:
    """The conditions in force: those of before, replaced where the message says otherwise. Notes for the trace."""
    old, new = filters_from_json(memory.filters), conditions.filters
    notes: list[str] = []
    folded = fold(text)
    if re.search(r"any price|price doesn't matter|no budget|money is no object|(?:价格|预算)(?:不限|无所谓|随便)|不限价", folded):
        old = replace(old, price_min=None, price_max=None)
    if re.search(r"any colou?r|颜色(?:不限|无所谓|随便)|不限颜色", folded):
        old = replace(old, attributes=tuple(c for c in old.attributes if "colour" not in c.names))
    kept = tuple(c for c in old.attributes if not any(_same_matter(c, other) for other in new.attributes))
    merged = replace(
        new,
        price_min=new.price_min or (old.price_min if new.price_max is None else None),
        price_max=new.price_max
        or (old.price_max if new.price_min is None or (old.price_max and new.price_min.minor < old.price_max.minor) else None),
        in_stock=new.in_stock or old.in_stock,
        on_sale=new.on_sale or old.on_sale,
        categories=new.categories or old.categories,
        brands=new.brands or tuple(brand for brand in old.brands if brand not in new.not_brands),
        not_brands=tuple(dict.fromkeys((*old.not_brands, *new.not_brands))),
        not_product_ids=tuple(dict.fromkeys((*old.not_product_ids, *new.not_product_ids))),
        attributes=(*kept, *new.attributes),
        product_ids=None,
    )
    open_price = new.price_min is None and new.price_max is None and not conditions.sort.value.startswith("price")
    if open_price and lexicon().words["cheaper"].any(row):
        lowest = lowest_price(memory.shown or [memory.focus], view)
        if lowest is not None and lowest > 1:
            merged = replace(merged, price_max=_money(lowest - 1, view), price_min=None)
            notes.append("cheaper than what was shown")
    if _MORE.search(folded) and memory.shown and len(view.products) <= 2000:
        shown = set(memory.shown)
        merged = replace(merged, product_ids=tuple(id_ for id_ in view.products if id_ not in shown))
        notes.append("others than shown")
    for name, was in (
        ("budget", old.price_max or old.price_min),
        ("category", old.categories),
        ("properties", kept),
        ("brand", old.brands),
    ):
        if was:
            notes.append(f"{name} carried")
    return merged, notes


def _money(minor: int, view: ShopView) -> Money:
    """An amount in the currency that the shop's prices are in."""
    return Money(minor, words_of(view).currency)


def _same_matter(old: AttributeCondition, new: AttributeCondition) -> bool:
    if (old.minimum is None and old.maximum is None) != (new.minimum is None and new.maximum is None):
        return False
    if old.absent != new.absent:
        return bool(set(old.values) & set(new.values))
    return old.names == new.names


def wants_more(text: str) -> bool:
    """Asks for others than those shown."""
    return bool(_MORE.search(fold(text)))
