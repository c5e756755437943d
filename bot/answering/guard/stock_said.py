"""Words for stock: in, out, few left, on order, gone, and when it comes back."""

import re

from bot.answering.fact_table import FactTable
from bot.answering.guard.colours import COLOURS
from bot.answering.guard.phrases import denied_before
from bot.answering.guard.scope import Scope
from bot.answering.mentions import Sentence
from knowledge.catalog import AvailabilityState

_OPEN = re.compile(
    r"\?|\bif\b|\bwhether\b|\bonce\b|\bas long as\b|\bunless\b|\bwhen (?:it|they)|\bback in stock\b|\bshould it\b|如果|若|是否|一旦|前提|到货|吗|呢$|补货|的话"
)
OUT = re.compile(
    r"out[ -]of[ -]stock|sold[ -]out|unavailable|no stock|none left|no (?:more )?(?:pieces|units) left|not (?:currently )?available|isn't available|aren't available|not in stock|isn't in stock|no longer available|缺货|售罄|卖完|无货|没货|没有货|没有现货|断货|无现货|暂无库存|库存不足|没有库存|卖光"
)
_IN = re.compile(
    r"(?<!not )(?<!back )in stock|(?<!un)(?<!not )available (?:now|today|right now|immediately|to order|for order|for immediate)|(?:is|are) (?:currently |still |also |both |all )?(?<!not )available(?= for \$| at \$|[.,;!]|$| and )|ready to ship|have (?:it|them|this|one) (?:here|now)|plenty (?:of|left)|on the shelf|有货|现货|库存充足|货源充足|有库存|备有库存|可立即购买|可以直接下单|可以下单|能买到"
)
_FEW = re.compile(
    r"only a few left|few (?:pieces |units )?left|running low|\blow (?:in|on) stock|\blow stock|almost (?:gone|sold out)|nearly sold out|selling fast|last (?:few|ones?|pieces?)|limited stock|库存(?:紧张|不多|告急|有限)|所剩无几|所剩不多|快(?:没|卖完|售罄)了?|数量有限|即将售罄|手慢无"
)
_LATER = re.compile(r"pre-?orders?\b|back-?orders?\b|预售|预订|预购")
_GONE = re.compile(r"discontinued|no longer (?:sold|made|produced)|停产|下架|绝版")
_RESTOCK = re.compile(
    r"\b(?:restock\w*|back in stock|available again|new stock|back) (?:again )?(?:in|within|on|by|around|after|from|early|late|mid)? ?(?:about |a |an |the |two |three |\d)[^.?]{0,14}(?:days?|weeks?|months?)|\b(?:within|in|after) (?:about |a |an |one |two |three |four |\d+[-–]?)+ ?\d* ?(?:business )?(?:days?|weeks?|months?)[^.?]{0,20}(?:restock|back in stock)|(?:一|两|二|三|四|几|\d+)\s?(?:天|周|个?星期|个?月)(?:之?后|内|以内)?(?:会|就|可|将|能)?(?:补货|到货)|\b(?:will be )?(?:restock(?:ed|ing)?|back in stock) (?:on|by|in|within|next|soon|this|tomorrow)|arriv(?:es|ing) (?:soon|next)|(?:即将|马上|很快|近期|下周|明天)(?:补货|到货)|(?:补货|到货)时间"
)
_ALL = re.compile(r"\ball\b|\bevery\b|\bboth\b|\beach\b|全部|所有|都有|均有|每[种款个]")
_EACH_OF = re.compile(
    r"(?:\b(?:all|both|each)(?: of them| colou?rs| sizes| versions| variants)?(?: are| is)?(?: currently| still)?|都|均|全部|全都)\s*$"
)


def stock_violations(scope: Scope) -> list[tuple[str, str]]:
    """(kind, words) of every word for stock that no variant spoken of bears out."""
    sentence, table = scope.sentence, scope.table
    folded = sentence.folded
    found: list[tuple[str, str]] = []
    for match in _RESTOCK.finditer(folded):
        if (
            not denied_before(sentence, match.start())
            and "?" not in folded
            and not any(_RESTOCK.search(line.folded) for line in table.lines)
        ):
            found.append(("stock", match.group()))
    if _OPEN.search(folded):
        return found
    outs = [(m.start(), m.end()) for m in OUT.finditer(folded)]
    for pattern, check in ((OUT, _is_out), (_IN, _is_in), (_FEW, _is_few), (_LATER, _is_later), (_GONE, _is_gone)):
        for match in pattern.finditer(folded):
            if pattern is not OUT and any(s <= match.start() < e for s, e in outs):
                continue
            if pattern is not OUT and denied_before(sentence, match.start()):
                continue
            if pattern is OUT and re.match(r"out|sold|缺|售|卖|断|无", match.group()) and denied_before(sentence, match.start()):
                check_now, word = _is_in, match.group()
            else:
                check_now, word = check, match.group()
            if pattern in (_LATER, _IN) and _in_rules(pattern, sentence, table):
                continue
            products, named = scope.bind(match.start(), match.end())
            if not products or (not named and len(products) > 1):
                states = [v.offer.availability.state for p in products for v in table.products[p].variants]
                if scope.is_vague(products, named) or (states and not any(check_now([s]) for s in states)):
                    found.append(("stock", word))
                continue
            chosen = scope.variants(products, match.start(), match.end())
            whole = [v for p in products if p in table.products for v in table.products[p].variants]
            states = [v.offer.availability.state for v in chosen]
            listed = sentence.folded[max(0, match.start() - 60) : match.end()] if _EACH_OF.search(sentence.folded[: match.start()]) else ""
            if listed and check_now is _is_in:
                # "Cedar, osmanthus and fig are all in stock": each of them is meant.
                said = [v for v in whole if any(w and w in listed for values in v.options.values() for w in values)]
                chosen = said or chosen
                states = [v.offer.availability.state for v in chosen]
            each = check_now is _is_in and (bool(listed) or _ALL.search(sentence.clause_text(match.start())))
            if not check_now(states) or (each and not all(_is_in([s]) for s in states)):
                # "Not available in pink" is true of what is not made in pink.
                colour_missing = (
                    check_now is _is_out
                    and len(chosen) == len(whole)
                    and any(
                        c.search(folded) and not any(c.search(value) for v in whole for values in v.options.values() for value in values)
                        for c in COLOURS
                    )
                )
                if not colour_missing:
                    found.append(("stock", word))
    return found


def _in_rules(pattern: re.Pattern[str], sentence: Sentence, table: FactTable) -> bool:
    """A rule of the shop speaks of stock in general ("preorders are charged on the day they ship"), and the sentence is about the rule."""
    if any(m.own for m in sentence.mentions):
        return False
    return any(pattern.search(line.folded) and len(sentence.words & line.words) >= 2 for line in table.lines)


def _is_out(states: list[AvailabilityState]) -> bool:
    return bool(states) and all(not s.buyable for s in states)


def _is_in(states: list[AvailabilityState]) -> bool:
    return any(s in (AvailabilityState.IN_STOCK, AvailabilityState.LOW) for s in states)


def _is_few(states: list[AvailabilityState]) -> bool:
    return AvailabilityState.LOW in states


def _is_later(states: list[AvailabilityState]) -> bool:
    return any(s in (AvailabilityState.PREORDER, AvailabilityState.BACKORDER) for s in states)


def _is_gone(states: list[AvailabilityState]) -> bool:
    return AvailabilityState.DISCONTINUED in states
