"""What a message means after what was said before: "it", "the second one", "那黑色的呢?", an answer to our question, conditions that still hold."""

import re
from dataclasses import dataclass, replace

from bot.understanding.constraints import Conditions
from bot.understanding.lexicon import lexicon
from bot.understanding.memory import filters_from_json
from bot.understanding.question import Memory, Subject
from bot.understanding.shop_words import ShopWords, terms, words_of
from bot.understanding.variants import variant_in
from knowledge.catalog import utc_now
from knowledge.folding import fold
from knowledge.money import Money
from knowledge.phrases import Token, tokens
from retrieval.filters import AttributeCondition, Filters
from retrieval.retriever import Sort
from retrieval.view import ShopView

_ORDINALS = {
    "first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3, "fifth": 4, "5th": 4, "sixth": 5, "6th": 5,
    "last": -1, "一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "两": 1,
}  # fmt: skip
_ORDINAL = re.compile(
    r"\b(?:the\s+)?(?P<a>first|second|third|fourth|fifth|sixth|last|[1-3](?:st|nd|rd)|[4-6]th)\s+(?:one|product|item|option|choice|model|two)\b"
    r"|\bthe\s+(?P<b>first|second|third|fourth|fifth|sixth|last)\b(?!\s+(?:order|time|week|month|year|day|night|class|aid|floor|purchase|name|step|page|thing|two\b|minute))"
    r"|(?:^|\s)(?:#|number\s|no\.?\s?|option\s|nr\.?\s?)(?P<c>[1-6])\b(?![\d-])"
    r"|第\s?(?P<d>[一二三四五六1-6])\s?(?:个|款|件|种|双|台|条|张|把|只|项|样|本|盒|包|瓶)?(?!代|次|天|年|版)"
    r"|(?P<e>最后)(?:一|那)?(?:个|款|件|种|双|台|条)"
)
_FIRST_TWO = re.compile(r"\b(?:the\s+)?first\s+two\b|前(?:面)?(?:两|二|2)\s?(?:个|款|件)|头两(?:个|款)")
_THIS_ONE = re.compile(
    r"\b(?:the|that|this)\b[^.?!]{0,24}\bone\b|(?:的|色|款|号)(?:那|这)(?:个|款|件|只|双|台)|那(?:个|款|件)[^。？]{0,6}的"
)
_NUMBER_ALONE = re.compile(r"^\W*(?:no\.?|nr\.?|number|option|#)?\s*([1-6])\W*$", re.IGNORECASE)
_PLURAL = re.compile(r"\b(?:they|them|these|those|both|either|each|all of)\b|它们|他们|这两|那两|两个|两款|这些|那些|这几|那几|俩|都")
_MORE = re.compile(
    r"\b(?:more|other|another|different)\s+(?:options?|ones?|choices?|products?|models?|suggestions?|ideas?|kinds?)\b|\banything else\b|\bwhat else\b|\bshow (?:me )?more\b|\bany others?\b"
    r"|还有(?:别的|其他|其它|吗|没有别的)|别的(?:款|吗|呢)|其他的?(?:款|吗|呢|还有)|换一批|换几款|再来几个|再推荐"
)
_ANY_PRICE = re.compile(
    r"any price|price doesn't matter|no budget|money is no object|any colou?r|(?:价格|预算|颜色)(?:不限|无所谓|随便)|不限(?:价格|颜色|预算|价)"
)
_SAME_KIND = re.compile(
    r"\bones?\b|^(?:and|what about|how about|or|but|only|just|also)\b|的(?:呢|吗|有吗|有没有)?\W*$|^那|^(?:要|不要|有没有|有|换|只要)"
)
_GENERIC = frozenset(
    [
        "one",
        "ones",
        "thing",
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


@dataclass(frozen=True, slots=True)
class Referred:
    """Products that were meant by reference. `how` as in Subject; `narrowed`: the words chose one of several by themselves."""

    subjects: tuple[Subject, ...] = ()
    note: str = ""
    plural: bool = False


def referred(text: str, row: list[Token], memory: Memory, view: ShopView, conditions: Conditions) -> Referred:
    """What "it", "the second one", "both", "the cheaper one" mean here; nothing without a conversation before."""
    shown = [id_ for id_ in memory.shown if id_ in view.products]
    focus = memory.focus if memory.focus in view.products else ""
    if not shown and not focus:
        return Referred()
    folded = fold(text)
    words = lexicon().words
    if shown and _FIRST_TWO.search(folded):
        return _to(shown[:2], "the first two", plural=True)
    found = [_place(match, len(shown)) for match in _ORDINAL.finditer(folded)]
    chosen = [shown[place] for place in found if place is not None]
    if chosen:
        return _to(list(dict.fromkeys(chosen)), f"number {found[0]}" if found else "ordinal", plural=len(set(chosen)) > 1)
    if len(shown) >= 2 and words["former"].any(row):
        return _to(shown[:1], "the former")
    if len(shown) >= 2 and words["latter"].any(row):
        return _to(shown[1:2], "the latter")
    if words["other"].any(row) and focus and len(shown) == 2 and focus in shown:
        return _to([id_ for id_ in shown if id_ != focus], "the other one")
    if len(shown) >= 2 and _THIS_ONE.search(folded) and (words["cheaper"].any(row) or words["dearer"].any(row)):
        priced = _by_price(shown, view)
        if len(priced) >= 2:
            return _to([priced[-1] if words["dearer"].any(row) and not words["cheaper"].any(row) else priced[0]], "by price")
    if conditions.values and _THIS_ONE.search(folded) and not focus and shown:
        having = [id_ for id_ in shown if variant_in(text, view.products[id_]) or _titled(view, id_, conditions)]
        if len(having) == 1:
            return _to(having, "by option")
    if len(shown) >= 2 and _THIS_ONE.search(folded):
        spoken = {term for term, _, _ in terms(text)} - lexicon().plain["fillers"]
        scores = {id_: len(spoken & {t for title in view.products[id_].title.values() for t, _, _ in terms(title)}) for id_ in shown}
        best = [id_ for id_, score in scores.items() if score and score == max(scores.values())]
        if len(best) == 1:
            return _to(best, "by name")
    if len(shown) >= 2 and (words["both"].any(row) or _PLURAL.search(folded)) and _PLURAL.search(folded):
        return _to(shown[:4], "both", plural=True)
    if words["it"].any(row):
        if focus:
            return _to([focus], "it", memory.focus_sku)
        if len(shown) == 1:
            return _to(shown, "it")
        if re.search(r"\b(?:it|this|that)\b|它|这|那", folded) and not _MORE.search(folded):
            return Referred(tuple(Subject(id_, None, False, "reference") for id_ in shown[:4]), "it: one of several")
    return Referred()


def _to(ids: list[str], note: str, sku: str = "", *, plural: bool = False) -> Referred:
    return Referred(tuple(Subject(id_, sku or None, True, "reference") for id_ in ids), note, plural)


def _place(match: re.Match[str], count: int) -> int | None:
    word = next((group for group in match.groups() if group), "")
    place = -1 if word == "最后" else _ORDINALS.get(word, int(word) - 1 if word.isascii() and word.isdigit() else 99)
    if place == -1:
        return count - 1 if count else None
    return place if place < count else None


def _by_price(ids: list[str], view: ShopView) -> list[str]:
    """Those with a price, cheapest first."""
    now = utc_now()
    priced = []
    for id_ in ids:
        paid = [
            money.minor
            for variant in view.products[id_].variants
            if (offer := view.offers.get(variant.sku)) and (money := offer.offer.paid(now))
        ]
        paid = paid or [money.minor for variant in view.products[id_].variants if (money := variant.offer.paid(now))]
        if paid:
            priced.append((min(paid), id_))
    return [id_ for _, id_ in sorted(priced, key=lambda row: row[0])]


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


def _titled(view: ShopView, id_: str, conditions: Conditions) -> bool:
    titles = " ".join(fold(title) for title in view.products[id_].title.values())
    return any(fold(word) in titles for condition in conditions.values for word in condition.values if len(word) > 1)


def answer_to_question(text: str, memory: Memory, view: ShopView, named: tuple[Subject, ...]) -> Subject | None:
    """The option that a message picks of those we asked about: by number, name or a part of the name; None when it picks none."""
    listed = memory.pending.get("options")
    options = [str(option) for option in listed] if isinstance(listed, list) else []
    ids = [option if option in view.products else view.by_sku.get(option.casefold(), "") for option in options]
    if not any(ids):
        return None
    number = _NUMBER_ALONE.match(fold(text))
    place: int | None = int(number.group(1)) - 1 if number else None
    if place is None:
        ordinal = _ORDINAL.search(fold(text))
        place = _place(ordinal, len(ids)) if ordinal else None
    if place is not None and place < len(ids) and ids[place]:
        return _option(ids[place], options[place], text, view)
    among = [subject for subject in named if subject.product_id in ids]
    if len(among) == 1:
        return replace(among[0], certain=True)
    if len(tokens(text)) > 12:
        return None
    spoken = {term for term, _, _ in terms(text)}
    scores: dict[str, int] = {}
    for id_ in filter(None, ids):
        own = {term for title in view.products[id_].title.values() for term, _, _ in terms(title)}
        own |= {term for path in view.products[id_].categories for name in path.values() for term, _, _ in terms(name)}
        scores[id_] = len(spoken & own)
    best = max(scores.values(), default=0)
    fitting = [id_ for id_, score in scores.items() if score == best]
    if best == 0:
        by_option = [id_ for id_ in scores if variant_in(text, view.products[id_])]
        return _option(by_option[0], "", text, view) if len(by_option) == 1 else None
    return _option(fitting[0], "", text, view) if len(fitting) == 1 else None


def _option(id_: str, option: str, text: str, view: ShopView) -> Subject:
    sku = next((v.sku for v in view.products[id_].variants if v.sku.casefold() == option.casefold()), None)
    return Subject(id_, sku or variant_in(text, view.products[id_]), True, "reference")


def refines(text: str, row: list[Token], conditions: Conditions, memory: Memory, words: ShopWords) -> bool:
    """Whether a wish goes on with the search before ("under 50", "red ones", 便宜点的) rather than beginning another."""
    if not memory.search and not memory.filters:
        return False
    folded = fold(text)
    carried = filters_from_json(memory.filters)
    if conditions.filters.categories:
        return bool(set(conditions.filters.categories) & set(carried.categories))
    table = lexicon().words
    if _ANY_PRICE.search(folded):
        return True
    left = content(conditions.rest, words)
    if _MORE.search(folded) and not left:
        return True
    if left and any(term in words.postings for term in left):
        return False
    wishes = (
        not conditions.filters.empty or conditions.sort is not Sort.RELEVANCE or bool(conditions.superlative) or bool(conditions.purpose)
    )
    if not left:
        return wishes or table["cheaper"].any(row) or table["dearer"].any(row)
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
