"""Words → hard conditions, an order, how many: "a black backpack under 50 bucks, at least 20 L, not leather, top 3".

Amounts without a currency are in the shop's. "About" is ±20 %. What was read is taken out of the text, so that what is left says what
is looked for.
"""

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal

from bot.understanding.amounts import Amount, price_limits
from bot.understanding.lexicon import Value, lexicon, values
from bot.understanding.shop_words import ShopWords, kin
from knowledge.attribute_names import concept_of, concepts_in, names_of
from knowledge.folding import fold
from knowledge.money import money_of
from knowledge.phrases import Found, Token, tokens
from knowledge.units import Dimension, Quantity, quantities
from retrieval.filters import AttributeCondition, Filters
from retrieval.retriever import Sort

_NAMES_OF_DIMENSION = {
    Dimension.MASS: "weight",
    Dimension.VOLUME: "capacity",
    Dimension.LENGTH: "dimensions",
    Dimension.POWER: "power",
    Dimension.CHARGE: "battery_capacity",
    Dimension.DATA: "storage",
    Dimension.LOUDNESS: "noise",
    Dimension.LUMINOUS_FLUX: "brightness",
    Dimension.VOLTAGE: "voltage",
    Dimension.TEMPERATURE: "temperature_range",
    Dimension.COLOUR_TEMPERATURE: "colour_temperature",
    Dimension.TIME: "battery_life",
    Dimension.AREAL_WEIGHT: "fabric_weight",
    Dimension.PIXELS: "camera",
    Dimension.FREQUENCY: "frequency",
    Dimension.WATER_PROTECTION: "waterproof",
    Dimension.UV_PROTECTION: "uv_protection",
    Dimension.PRESSURE: "suction",
    Dimension.ENERGY: "battery_capacity",
}
_AT_LEAST = re.compile(
    r"(?:at least|no less than|not less than|minimum(?: of)?|min\.?|more than|over|above|from|exceeding|larger than|bigger than|heavier than|longer than"
    r"|greater than|upwards of|不低于|不少于|至少|最少|大于|超过|高于|多于|不小于|起码|>=?|≥)\s*(?:of\s+)?$"
)
_AT_MOST = re.compile(
    r"(?:at most|no more than|not more than|maximum(?: of)?|max\.?|less than|under|below|up to|within|lighter than|smaller than|shorter than|fewer than|not over"
    r"|not exceeding|不超过|不高于|不大于|不多于|至多|最多|小于|少于|低于|不到|不能超过|别超过|轻于|<=?|≤)\s*(?:of\s+)?$"
)
_OR_MORE = re.compile(r"^\s*(?:or more|or larger|or bigger|or above|or longer|and up|and above|plus\b|\+|minimum|以上|及以上|或以上|起)")
_OR_LESS = re.compile(
    r"^\s*(?:or less|or under|or lighter|or smaller|or below|max(?:imum)?\b|tops|以下|以内|之内|及以下|或以下|内(?!胆|存|衬))"
)
_ABOUT_BEFORE = re.compile(r"(?:around|about|roughly|approximately|approx\.?|circa|~|大概|大约|约|差不多)\s*$")
_ABOUT_AFTER = re.compile(r"^\s*(?:左右|上下|ish\b|or so\b)")
_COUNT = re.compile(
    r"\b(?:top|best|first)\s+(?P<a>\d{1,2}|two|three|four|five|six|seven|eight|nine|ten)\b(?!\s*(?:%|l\b|kg|g\b|cm|inch|litre|liter))"
    r"|\b(?P<b>\d{1,2}|two|three|four|five|six|seven|eight|nine|ten|a couple|a few)\s+(?:of (?:your|the) best\s+)?(?:good\s+|best\s+|different\s+|other\s+)?"
    r"(?:options|suggestions|recommendations|choices|ideas|products|items|models|picks|alternatives)\b"
    r"|(?:recommend|suggest|show|give|list|find)\s+(?:me\s+)?(?P<c>\d{1,2}|two|three|four|five|six|seven|eight|nine|ten)\s+(?=[a-z])"
    r"|(?:推荐|介绍|来|列|列出|给我|找|挑|选|看|建议)(?:我|个)?(?P<d>\d{1,2}|[一二两三四五六七八九十])\s*(?:个|款|件|种|双|台|条|样)"
    r"|前\s?(?P<e>\d{1,2}|[二两三四五六七八九十])\s*(?:个|款|名|件)?"
)
_QUANTITY = re.compile(
    r"\b(?:buy|order|take|get|purchase|need|want)\s+(?:me\s+)?(?P<a>\d{1,3}\b|two|three|four|five|six|ten|a dozen)\b(?!\s*(?:%|percent|l\b|kg|g\b|cm|inch|litre|liter|day|hour|year|usd|dollar|buck))"
    r"|\b(?P<b>\d{1,4}|two|three|four|five|six|ten)\s+(?:of (?:them|these|those|it|the|your)|pieces|units|pcs)\b"
    r"|\bquantity\s*(?:of\s*)?(?P<c>\d{1,4})|(?<!\w)x\s?(?P<d>\d{1,3})\b"
    r"|(?:买|订|拿|要|来|下单|购买|订购|入手)(?:了)?\s*(?P<e>\d{1,4}|[一二两三四五六七八九十]+)\s*(?:个|件|台|双|条|只|把|套|包|盒|瓶|本|袋|份|支)(?!月|小时|人)"
    r"|(?<!第)(?P<f>\d{1,4}|[两二三四五六七八九十]+)\s*(?:个|件|台|双|条|只|把|套|包|盒|瓶|本|袋|份)\s*(?:一共|总共|多少钱|有货|够不够|能便宜|有优惠)"
)
_WORDS_TO_NUMBER = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "a couple": 2, "a few": 3, "a dozen": 12,
    "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10,
}  # fmt: skip
_FOR = re.compile(
    r"\b(?:as a (?:gift|present) for|(?:a )?(?:gift|present)s? for|suitable for|good for|great for|perfect for|ideal for|for use (?:in|on|at)|to use (?:in|on|at)|for)\s+"
    r"(?P<x>(?!it\b|this\b|that\b|them\b|sale\b|free\b|less\b|under\b|around\b|about\b|me\b|you\b|the price|price|more than|how|what|which|\$|\d)"
    r"[a-z][\w'-]*(?:\s+(?!under\b|below\b|around\b|that\b|which\b|with\b|and\b|in\b|please\b|less\b|between\b|who\b|is\b|are\b|at\b|on\b|or\b|not\b|without\b|has\b|have\b|does\b|do\b|can\b|from\b|up\b|over\b|about\b|to\b)[\w'-]+){0,3})"
)
_FOR_ZH = (
    re.compile(r"(?:送给|送|给)(?P<x>(?:我|我的|我家|咱)?[\u4e00-\u9fff]{1,5}?)(?:的?(?:生日|礼物|结婚|新年|圣诞|节日)[\u4e00-\u9fff]{0,4}|的|用|买|推荐|选|挑|合适|，|,|。|\?|？|$|\s)"),
    re.compile(r"(?:适合|适用于|用于|用来|拿来|为了)(?P<x>[\u4e00-\u9fff]{2,8}?)(?:用的|使用|用|的|吗|嘛|，|,|。|\?|？|$|\s)"),
    re.compile(r"(?P<x>(?:上班|通勤|雨天通勤|雨天|旅行|旅游|出差|露营|徒步|登山|爬山|跑步|健身|办公|办公室|学习|宿舍|居家|户外|骑车|骑行|钓鱼|野餐|开车|车载|上学|考试|睡觉|约会|婚礼|圣诞|生日|春游|自驾|游泳|瑜伽|送礼|日常))(?:时)?(?:用|穿|背|带|喝|戴|盖|使|场合)"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Conditions:
    """What the words demand. `rest`: the text without them."""

    filters: Filters = field(default_factory=Filters)
    sort: Sort = Sort.RELEVANCE
    superlative: str = ""
    count: int | None = None
    quantity: int | None = None
    purpose: str = ""
    rest: str = ""
    wish: str = ""
    """The text without prices, counts, measures, an order, and wishes about stock and sale; colours and materials stay."""
    values: tuple[AttributeCondition, ...] = ()
    """The conditions on option and attribute words alone (colour, material, size), also inside `filters`."""
    categories_said: tuple[str, ...] = ()
    """The customer's own words for the categories."""
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Reading:
    text: str
    folded: str
    row: list[Token]
    taken: list[tuple[int, int]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def take(self, start: int, end: int) -> None:
        self.taken.append((start, end))

    def free(self, start: int, end: int) -> bool:
        return all(end <= a or b <= start for a, b in self.taken)


def read(text: str, words: ShopWords, currency: str, *, names: tuple[tuple[int, int], ...] = ()) -> Conditions:
    """The conditions in a text. `names`: characters that name a product, where no condition is looked for. Never raises."""
    reading = _Reading(text, fold(text), tokens(text), list(names))
    amounts = _quantities(reading)
    count, quantity = _counts(reading)
    limits = price_limits(reading.folded, currency, tuple(amounts_spans(amounts)) + tuple(names))
    attributes = _measured(reading, amounts)
    sort, superlative = _superlative(reading)
    filters = Filters(
        price_min=_money(limits.low, limits.currency),
        price_max=_money(limits.high, limits.currency),
        in_stock=_said(reading, "in_stock"),
        on_sale=_said(reading, "on_sale"),
    )
    for start, end in limits.spans:
        reading.take(start, end)
    wish = _without(reading, names)
    filters, said = _shop_names(reading, words, filters)
    option_values = _values(reading, words)
    purpose = _purpose(reading)
    filters = replace(filters, attributes=(*attributes, *option_values))
    return Conditions(
        filters,
        sort,
        superlative,
        count,
        quantity,
        purpose,
        _rest(reading, names, filters.attributes, filters.not_brands),
        wish,
        tuple(option_values),
        said,
        tuple(reading.notes),
    )


def amounts_spans(amounts: list[Quantity]) -> list[tuple[int, int]]:
    """Where amounts with a physical unit stand: no prices there."""
    return [(q.start, q.end) for q in amounts]


def _money(value: Decimal | None, currency: str) -> Amount | None:
    return money_of(value, currency) if value is not None else None


def _quantities(reading: _Reading) -> list[Quantity]:
    return [q for q in quantities(reading.folded[:2000]) if q.dimension not in (Dimension.NUMBER, Dimension.SHARE)]


def _measured(reading: _Reading, amounts: list[Quantity]) -> list[AttributeCondition]:
    """Conditions with numbers and units: "at least 20 L". An amount without "at least" or the like is no condition, only a word."""
    out: list[AttributeCondition] = []
    asked = [(c, a, b) for c, a, b in concepts_in(reading.row)]
    for q in amounts:
        if q.dimension is Dimension.TIME and q.unit in {"d", "wk", "yr", "mo"}:
            continue  # delivery times and ages
        before, after = reading.folded[max(0, q.start - 24) : q.start], reading.folded[q.end : q.end + 16]
        minimum = maximum = None
        least, most = _AT_LEAST.search(before), _AT_MOST.search(before)
        more, less = _OR_MORE.match(after), _OR_LESS.match(after)
        about = _ABOUT_BEFORE.search(before) or _ABOUT_AFTER.match(after)
        if least and most:
            # "不低于" holds "低于", "no more than" holds "more than": the longer one was said.
            least, most = (least, None) if least.start() < most.start() else (None, most)
        if most or less:
            maximum = q.high
        elif least or more:
            minimum = q.low
        elif about and q.dimension not in (Dimension.TIME, Dimension.LENGTH):
            minimum, maximum = q.low * 0.8, q.high * 1.2
        elif q.high > q.low:
            minimum, maximum = q.low, q.high
        else:
            continue
        start = q.start - (len(before) - (most or least).start()) if (most or least) else q.start  # type: ignore[union-attr]
        end = q.end + (less or more).end() if (less or more) else q.end  # type: ignore[union-attr]
        nearest = min(asked, key=lambda c: min(abs(c[1] - q.end), abs(c[2] - q.start)), default=None)
        concept = nearest[0] if nearest and _measures(nearest[0], q.dimension) else _NAMES_OF_DIMENSION.get(q.dimension, "")
        if not concept:
            continue
        said = reading.text[start:end].strip()
        out.append(AttributeCondition(names_of(concept), (), False, minimum, maximum, q.unit, said))
        reading.take(start, end)
    return out


_LENGTHS = {"length", "width", "height", "depth", "thickness", "diameter", "screen_size", "cord_length", "seat_height", "folded_height", "packed_size",
            "blade_length", "laptop_size", "dimensions", "heel_height", "size", "waterproof"}  # fmt: skip
_TIMES = {
    "battery_life",
    "charging_time",
    "boil_time",
    "brewing_time",
    "insulation",
    "keeps_cold",
    "burning_time",
    "playing_time",
    "timer",
    "keep_warm",
}
_MASSES = {"weight", "maximum_load", "net_content", "fill_weight"}


def _measures(concept: str, dimension: Dimension) -> bool:
    if dimension is Dimension.LENGTH:
        return concept in _LENGTHS
    if dimension is Dimension.TIME:
        return concept in _TIMES
    if dimension is Dimension.MASS:
        return concept in _MASSES
    if dimension is Dimension.DATA:
        return concept in {"memory", "storage"}
    if dimension is Dimension.VOLUME:
        return concept in {"capacity", "net_content"}
    return _NAMES_OF_DIMENSION.get(dimension) == concept


def _number(match: re.Match[str] | None) -> int | None:
    if match is None:
        return None
    text = next((group for group in match.groups() if group), "")
    return int(text) if text.isascii() and text.isdigit() else _WORDS_TO_NUMBER.get(text)


def _counts(reading: _Reading) -> tuple[int | None, int | None]:
    counted = _COUNT.search(reading.folded)
    bought = _QUANTITY.search(reading.folded)
    count = _number(counted)
    quantity = _number(bought)
    if counted is not None and count is not None:
        reading.take(*counted.span())
        if bought is not None and bought.start() < counted.end() and counted.start() < bought.end():
            quantity = None
    return count if count and count <= 20 else None, quantity if quantity and quantity > 0 else None


def _superlative(reading: _Reading) -> tuple[Sort, str]:
    sort, extreme = Sort.RELEVANCE, ""
    for hit in lexicon().superlatives.find(reading.row):
        if not reading.free(hit.start, hit.end):
            continue
        if ":" in hit.value:
            extreme = extreme or hit.value
        elif sort is Sort.RELEVANCE:
            sort = Sort(hit.value)
        reading.take(hit.start, hit.end)
    return sort, extreme


def _said(reading: _Reading, key: str) -> bool:
    hits = lexicon().words[key].find(reading.row)
    for hit in hits:
        reading.take(hit.start, hit.end)
    return bool(hits)


def negated(row: list[Token], first: int, last: int) -> bool:
    """Whether the tokens [first, last) stand under a negation: "not leather", 不要皮的, 红色除外."""
    window = row[max(0, first - 6) : first]
    for number in range(len(window) - 1, -1, -1):
        if window[number].word in {".", "?", "!", ",", ";", "。", "、"}:
            window = window[number + 1 :]
            break
    hits = lexicon().words["negation"].find(window)
    if hits and hits[-1].value == "没有" and hits[-1].first and window[hits[-1].first - 1].word == "有":
        hits = []  # 有没有
    if hits:
        between = window[hits[-1].last :]
        if (
            len(between) <= 3
            and "的" not in {token.word for token in between}
            and not any(token.word in {"but", "under", "than", "more", "less", "only", "just"} for token in between)
        ):
            return True
    after = row[last : last + 4]
    while after and after[0].word in {"的", "is", "are", "one"}:
        after = after[1:]
    hits = lexicon().words["negation_after"].find(after)
    return bool(hits) and hits[0].first == 0


_BELONGS = re.compile(r"\b(?:for|fits?|holds?|carry|carries|of|my)\b[^,.?!]{0,20}$|(?:适合|给|装|放|配|我的)[^,，。?？!！的]{0,8}$")


def goods_wished(text: str) -> list[Found[tuple[str, ...]]]:
    """Everyday words for goods that are looked for, with their synonyms; not what it is for ("a pack for my laptop", 装笔记本电脑的包)."""
    folded = fold(text)
    return [hit for hit in values().goods.find(text) if not _BELONGS.search(folded[: hit.start])]


def _shop_names(reading: _Reading, words: ShopWords, filters: Filters) -> tuple[Filters, tuple[str, ...]]:
    """Categories and brands by the shop's own names. The most exact category wins where one name holds another."""
    categories: list[str] = []
    said: list[str] = []
    brands: list[str] = []
    not_brands: list[str] = []
    for hit in words.brands.find(reading.row):
        if not reading.free(hit.start, hit.end):
            continue
        (not_brands if negated(reading.row, hit.first, hit.last) else brands).append(hit.value)
        reading.take(hit.start, hit.end)
    for category in words.categories.find(reading.row):
        if not reading.free(category.start, category.end) or negated(reading.row, category.first, category.last):
            continue
        if not _whole_word(reading, category) or _modifies(reading, words, category):
            continue
        categories.extend(name.casefold() for name in category.value)
        said.append(reading.text[category.start : category.end])
    for kind in () if categories or brands else goods_wished(reading.folded):
        if reading.free(kind.start, kind.end) and not negated(reading.row, kind.first, kind.last):
            found = kin(reading.folded[kind.start : kind.end], kind.value, words)
            categories.extend(found)
            if found:
                said.append(reading.text[kind.start : kind.end])
    filters = replace(
        filters,
        categories=tuple(dict.fromkeys(categories)),
        brands=tuple(dict.fromkeys(brands)),
        not_brands=tuple(dict.fromkeys(not_brands)),
    )
    return filters, tuple(said)


_GIFTS = frozenset(["gift", "gifts", "present", "presents", "礼物", "礼品", "送礼", "sale", "new", "新品"])


_HEADS = frozenset(
    [
        "cover",
        "case",
        "bag",
        "holder",
        "stand",
        "rack",
        "box",
        "sleeve",
        "filter",
        "strap",
        "cleaner",
        "brush",
        "lid",
        "towel",
        "accessory",
        "part",
        "cable",
        "charger",
        "mat",
        "tray",
        "clip",
        "hook",
    ]
)
"""What stands after a category's name makes another thing of it: "duvet cover", "laptop stand"."""


def _modifies(reading: _Reading, words: ShopWords, hit: Found[tuple[str, ...]]) -> bool:
    """A category's name that only describes the thing wanted ("rain jacket", "duvet cover", "gift for my dad")."""
    if reading.folded[hit.start : hit.end] in _GIFTS:
        return True
    following = reading.row[hit.last : hit.last + 1]
    if not following or following[0].start - hit.end > 1:
        return False
    word = following[0].word
    if word in _HEADS:
        return True
    if word.isascii():
        return word in words.postings and word.isalpha() and not values().by_word.get(word) and not hit.value[0].endswith(word)
    pair = reading.folded[following[0].start : following[0].start + 2]
    return len(pair) == 2 and pair in words.postings and following[0].start == hit.end and not concept_of(pair)


def _whole_word(reading: _Reading, hit: Found[tuple[str, ...]]) -> bool:
    """A Chinese category name inside a longer word ("茶" in "茶壶") is not that category."""
    if hit.end - hit.start >= 2 or reading.folded[hit.start].isascii():
        return True
    following = reading.folded[hit.end : hit.end + 1]
    before = reading.folded[hit.start - 1 : hit.start]
    inside = "\u4e00" <= following <= "\u9fff" and following not in "的吗呢有多怎什哪是能可都也还和或、"
    return not inside and not ("\u4e00" <= before <= "\u9fff" and before not in "的款买要找些点有卖喝看种个盒包和送给")


def _values(reading: _Reading, words: ShopWords) -> list[AttributeCondition]:
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
    for hit in values().phrases.find(reading.row):
        if any(a <= hit.start and hit.end <= b for a, b in joined) or any(a <= hit.start and hit.end <= b for a, b, *_ in spots):
            continue
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
_NOT_AFTER_SIZE = re.compile(r"(?:size|in|in a|in an|the|a|an|码|尺码|号|black|white|red|blue|green|grey|gray|navy|[色款的是要])\s*$")


def _stands_as_value(reading: _Reading, hit: Found[Value]) -> bool:
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
        return (bool(_AS_VALUE_AFTER.match(after)) and not re.match(r"^的?(?:多|什么|怎)", after)) or bool(re.match(r"^质", after))
    return True


def _purpose(reading: _Reading) -> str:
    english = _FOR.search(reading.folded)
    if english and reading.free(*english.span("x")):
        said = reading.text[english.start("x") : english.end("x")].strip()
        if fold(said) not in {"my", "the", "a", "an", "some", "any"} and not re.match(r"(?:how|what|which)\b", fold(said)):
            return said
    for pattern in _FOR_ZH:
        chinese = pattern.search(reading.folded)
        if chinese:
            person = values().people.find(reading.folded[chinese.start("x") : chinese.end("x")])
            if person:
                return person[0].value
            said = reading.text[chinese.start("x") : chinese.end("x")]
            if fold(said) in {"我", "你", "您", "他", "她", "我们", "我的", "什么", "谁", "哪里", "个", "推荐", "什么人"}:
                continue
            return said.removeprefix("我的").removeprefix("我家") if len(said) > 3 else said.removeprefix("我") or said
    person = values().people.find(reading.row)
    gift = re.search(r"送|礼物|gift|present", reading.folded)
    return reading.text[person[0].start : person[0].end] if person and gift else ""


_LOOSE = re.compile(r"\s+([,，.。?？!！;；])")


def _without(reading: _Reading, names: tuple[tuple[int, int], ...]) -> str:
    """The text without what was read so far."""
    keep = list(reading.text)
    for start, end in reading.taken:
        if (start, end) not in names:
            keep[start:end] = " " * (end - start)
    return _LOOSE.sub(r"\1", re.sub(r"\s+", " ", "".join(keep))).strip(" ,，。.;；、")


def _rest(
    reading: _Reading, names: tuple[tuple[int, int], ...], conditions: tuple[AttributeCondition, ...], not_brands: tuple[str, ...]
) -> str:
    rest = _without(reading, names)
    if any(condition.absent for condition in conditions) or not_brands:
        for hit in lexicon().words["negation"].find(rest):
            rest = rest[: hit.start] + " " * (hit.end - hit.start) + rest[hit.end :]
    return re.sub(r"\s+", " ", rest).strip(" ,，。.?？!！;；")
