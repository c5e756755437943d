"""Products that are pointed at: "it", "the second one", "both", 便宜的那把, and the answer to a question of ours."""

import re
from dataclasses import dataclass, replace

import rjieba

from bot.understanding.constraints import Conditions
from bot.understanding.followups import wants_more
from bot.understanding.lexicon import lexicon
from bot.understanding.question import Memory, Subject
from bot.understanding.title_terms import terms
from bot.understanding.variants import meant, variant_in
from knowledge.catalog import utc_now
from knowledge.folding import fold
from knowledge.phrases import Token, tokens
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
    r"\b(?:the|that|this)\b[^.?!]{0,24}\bone\b|(?:的|色|款|号)(?:那|这)[个款件种双台条张把只样本盒包瓶支块套副辆根颗枚顶床盏口罐袋]|那(?:个|款|件)[^。？]{0,6}的"
)
_CALLED = re.compile(r"(?:^|[，,。\s]|那)([一-鿿]{1,6}?)的?(?:那|这)[个款件种双台条张把只样本盒包瓶支块套副辆根颗枚顶床盏口罐袋]")
"""What one of several is called by: 油的那个, 大红袍那款."""
_NUMBER_ALONE = re.compile(r"^\W*(?:no\.?|nr\.?|number|option|#)?\s*([1-6])\W*$", re.IGNORECASE)
_PLURAL = re.compile(r"\b(?:they|them|these|those|both|either|each|all of)\b|它们|他们|这两|那两|两个|两款|这些|那些|这几|那几|俩|都")


_IT = re.compile(
    r"它(?!们)|这(?:个|款|台|件|双|条|把|张|瓶|盒|包|只|支)(?!店)|^\W*(?:and |so |but )?(?:is|does|can|has|will|do|did|would) (?:it|this|that)\b|\bit\b|\bits\b"
)
_EMPTY_IT = re.compile(
    r"\bit (?:usually |normally |typically |roughly )?takes? (?:you |u )?(?:\w+ )?to (?:get (?!hot|warm|ready|full)|arrive|ship|deliver|reach|come|be delivered|send|post)"
    r"|\bth(?:is|at|e) (?:web ?site|site|web ?shop|shop|store|company|business|page|chat|app)\b"
    r"|\b(?:is it (?:possible|ok(?:ay)?|allowed) to|does it matter|it depends|(?:does|will|would) it cost (?:me )?to)\b"
    r"|[这那](?:么|边|里|会儿)"
)
""" "How long does it take to get to Berlin", "is this site legit", 怎么这么贵: points at no product."""
_GOES_WITH_IT = re.compile(
    r"^\W*(?:那|那么)?(?:也)?(?:能不能|可不可以|可以|能|会|是否)?(?:直接)?(?:适合|适用|兼容|支持|搭配|配合|用在|放进|配|用|装|放)"
    r"|^\W*(?:and |so |also )?(?:does it |do they |will it |can it |is it )?(?:also )?(?:works?|fits?|compatible|suitable|goes?|ok|okay|good)\b.{0,12}\b(?:with|for|on|into|in|my)\b"
)

_COMES_WITH = re.compile(
    r"(?:^|[\s，,。])\W*(?:那|那么|请问)?(?:它|这[个款台件套把双]|里面|盒子里)?(?:是不是|会不会|会|还|也|都)?"
    r"(?:送不送|带不带|配不配|附不附|自带|附带|附赠|附送|赠送|标配|内置|带有|送|带|附|赠)"
    r"(?![货到上去来回走着给达修不没你我他她人礼]|[男女]|老人|长辈|朋友|孩|爸|妈|同事|客户|领导)"
    r"(?P<thing>[^，,。?？有能可]{1,20}?)(?:的)?(?P<asks>吗|么|嘛|不|没|没有)?\W*$"
    r"|^\W*(?:and |so |but )?(?:(?:is|are) (?:the |an? |any |some )?)?(?!.{0,12}\b(?:shipping|delivery|postage|vat|tax|taxes|duties|returns?|warranty|assembly|installation)\b)(?P<part>[a-z][a-z -]{2,24}?) (?:included|in the box)(?: too| as well)?\W*$"
)
_BOTH_WAYS = re.compile(r"(?:送不送|带不带|配不配|附不附|是不是|会不会)")


def comes_with(text: str) -> str:
    """The thing of which it asks whether it comes with what was spoken of ("is a grinder included?", 自带磨豆机吗); "" where it asks nothing so."""
    folded = fold(text)
    said = _COMES_WITH.search(folded)
    if said is None or (said["thing"] and not said["asks"] and not _BOTH_WAYS.search(folded)):
        return ""
    thing = said["thing"] or said["part"] or ""
    return "" if said["thing"] and _names_place(thing) else thing.strip()


def _names_place(thing: str) -> bool:
    return any(kind == "ns" for _, kind in rjieba.tag(thing))


def points_at_one(text: str) -> bool:
    """Whether a word in it stands for one thing spoken of."""
    return bool(_IT.search(_EMPTY_IT.sub(" ", fold(text))))


def counts_on(text: str) -> bool:
    """Whether it picks by number: "the second one", 第二个."""
    return bool(_ORDINAL.search(fold(text)))


def goes_with_it(text: str) -> bool:
    """Whether it asks if something else goes with what was spoken of: what is named is not what is asked about."""
    return bool(_GOES_WITH_IT.search(fold(text)))


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
    if _THIS_ONE.search(folded) and not focus and shown:
        having = [id_ for id_ in shown if meant(text, view.products[id_]).skus or (conditions.values and _titled(view, id_, conditions))]
        if len(having) == 1:
            return _to(having, "by option")
    called = _CALLED.search(folded)
    if len(shown) >= 2 and called:
        having = [id_ for id_ in shown if any(called.group(1) in fold(title) for title in view.products[id_].title.values())]
        if len(having) == 1:
            return _to(having, "by name")
    if len(shown) >= 2 and _THIS_ONE.search(folded):
        spoken = {term for term, _, _ in terms(text)} - lexicon().plain["fillers"]
        scores = {id_: len(spoken & {t for title in view.products[id_].title.values() for t, _, _ in terms(title)}) for id_ in shown}
        best = [id_ for id_, score in scores.items() if score and score == max(scores.values())]
        if len(best) == 1:
            return _to(best, "by name")
    if len(shown) >= 2 and (words["both"].any(row) or _PLURAL.search(folded)) and _PLURAL.search(folded):
        return _to(shown[:4], "both", plural=True)
    if words["it"].any(_EMPTY_IT.sub(" ", fold(text))):
        if focus:
            return _to([focus], "it", memory.focus_sku)
        if len(shown) == 1:
            return _to(shown, "it")
        if re.search(r"\b(?:it|this|that)\b|它|这|那", folded) and not wants_more(text):
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
