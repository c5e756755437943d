"""A model that words the evidence of its prompt and claims nothing else, in several manners: terse, friendly, lists, tables, conversions, the draft in
other words, sums, counts.

What it may say is read from the prompt alone (bot/answering/evidence_text.py writes it), as a real model would read it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Goods:
    """One product of the prompt's data."""

    title: str
    variants: list[tuple[str, str, str, str, str]] = field(default_factory=list)
    """Words, price, list price or "", state, pieces or ""."""
    attributes: list[tuple[str, str]] = field(default_factory=list)
    description: str = ""


@dataclass(slots=True)
class Shown:
    """What the prompt shows."""

    question: str
    draft: str
    goods: list[Goods] = field(default_factory=list)
    chinese: bool = False


_VARIANT = re.compile(
    r"  variant (?P<words>.*): (?P<price>[^;(]+?)(?: \(list price (?P<list>[^)]+)\))?; (?P<state>[a-z ]+?)(?:, (?P<pieces>\d+) pieces)?$"
)


def shown(system: str, question: str) -> Shown:
    """Reads a prompt."""
    data = system.split("\nDATA\n", 1)[1].split("\nEND OF DATA", 1)[0]
    draft = system.split("\nDRAFT\n", 1)[1].split("\nEND OF DRAFT", 1)[0].strip()
    out = Shown(question, draft, chinese=any("一" <= c <= "鿿" for c in draft))
    for block in data.split("\n\n"):
        head, *lines = block.splitlines() or [""]
        if not head.startswith("PRODUCT "):
            continue
        goods = Goods(head.removeprefix("PRODUCT ").strip())
        for line in lines:
            if m := _VARIANT.match(line):
                goods.variants.append((m["words"], m["price"], m["list"] or "", m["state"], m["pieces"] or ""))
            elif line.startswith("  description: "):
                goods.description = line.removeprefix("  description: ")
            elif not line.startswith("  review") and ": " in line:
                name, _, value = line.strip().partition(": ")
                goods.attributes.append((name, value))
        out.goods.append(goods)
    return out


# ── pieces ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _about(seen: Shown) -> list[Goods]:
    """The goods that the draft speaks of; the first where it names none."""
    named = [g for g in seen.goods if g.title in seen.draft or _short(g) in seen.draft]
    return named or seen.goods[:1]


def _short(goods: Goods) -> str:
    """ "KT-17E" where the title has such a word, else the title."""
    model = re.search(r"\b[A-Z]{2}-\d+[A-Z]*(?: Pro)?", goods.title)
    return model.group() if model else goods.title


def _fact(seen: Shown, goods: Goods) -> tuple[str, str] | None:
    """The attribute that the draft speaks of, else the first."""
    told = [a for a in goods.attributes if a[1] in seen.draft]
    return (told or goods.attributes or [None])[0]  # type: ignore[return-value]


def _priced(goods: Goods) -> tuple[str, str, str, str, str] | None:
    """A variant with a price, where all have the same one."""
    priced = [v for v in goods.variants if v[1] not in ("price on request", "")]
    return priced[0] if priced and len({v[1] for v in priced}) == 1 else None


def _is_rule(seen: Shown) -> bool:
    """The draft speaks of no goods: a rule of the shop."""
    return not seen.goods or not any(g.title in seen.draft or _short(g) in seen.draft for g in seen.goods)


def _lines(text: str) -> list[str]:
    parts = re.split(r"(?<=[。！？])|(?<=[.!?])\s+|\n+", text)
    return [p.strip() for p in parts if p and p.strip()]


# ── manners ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def terse(seen: Shown) -> str:
    """The value and nothing around it."""
    if _is_rule(seen):
        return _lines(seen.draft)[0]
    goods = _about(seen)[0]
    fact, variant = _fact(seen, goods), _priced(goods)
    if fact and fact[1] in seen.draft:
        return f"{fact[0]}：{fact[1]}。" if seen.chinese else f"{fact[0]}: {fact[1]}."
    if variant:
        return f"{_short(goods)}：{variant[1]}。" if seen.chinese else f"{_short(goods)}: {variant[1]}."
    return _lines(seen.draft)[0]


def friendly(seen: Shown) -> str:
    """A full sentence or two with courtesies."""
    if _is_rule(seen):
        head, tail = ("很高兴为您解答！", "希望能帮到您。") if seen.chinese else ("Happy to help! ", " Hope that helps!")
        return head + seen.draft.strip() + tail
    goods = _about(seen)[0]
    variant, fact = _priced(goods), _fact(seen, goods)
    parts = []
    if variant and seen.chinese:
        parts.append(f"{goods.title}目前的价格是 {variant[1]}" + (f"，原价 {variant[2]}" if variant[2] else "") + "。")
    elif variant:
        parts.append(f"The {goods.title} is {variant[1]} right now" + (f", down from {variant[2]}." if variant[2] else "."))
    if fact:
        parts.append(f"它的{fact[0]}是{fact[1]}。" if seen.chinese else f"Its {fact[0].lower()} is {fact[1]}.")
    body = "".join(parts) if seen.chinese else " ".join(parts)
    return f"好问题！{body}还有什么想了解的吗？" if seen.chinese else f"Great question! {body} Let me know if you'd like to know more."


def listed(seen: Shown) -> str:
    """Markdown with bullets and bold names."""
    if _is_rule(seen):
        return "\n".join(f"- {line.lstrip('- ')}" for line in _lines(seen.draft))
    out = ["以下是详情：" if seen.chinese else "Here are the details:"]
    for goods in _about(seen)[:4]:
        variant = _priced(goods)
        out.append(f"- **{goods.title}**" + (f" — {variant[1]}" if variant else ""))
        if len(_about(seen)) == 1:
            out += [f"- {name}{'：' if seen.chinese else ': '}{value}" for name, value in goods.attributes[:4]]
    return "\n".join(out)


def table(seen: Shown) -> str:
    """Rows of a table; two columns for one product."""
    goods = [g for g in _about(seen) if g.attributes][:3]
    if _is_rule(seen) or not goods:
        return seen.draft
    price = "价格" if seen.chinese else "Price"
    if len(goods) == 1:
        variant = _priced(goods[0])
        rows = [f"| | {_short(goods[0])} |", "|---|---|"] + ([f"| {price} | {variant[1]} |"] if variant else [])
        return "\n".join([*rows, *(f"| {name} | {value} |" for name, value in goods[0].attributes[:4])])
    names = [n for n, _ in goods[0].attributes if all(any(n == m for m, _ in g.attributes) for g in goods)][:4]
    rows = ["| | " + " | ".join(_short(g) for g in goods) + " |", "|---" * (len(goods) + 1) + "|"]
    if all(_priced(g) for g in goods):
        rows.append(f"| {price} | " + " | ".join(v[1] for g in goods if (v := _priced(g))) + " |")
    rows += [f"| {n} | " + " | ".join(next(v for m, v in g.attributes if m == n) for g in goods) + " |" for n in names]
    return "\n".join(rows)


_CONVERT: list[tuple[str, str, Callable[[float], str], Callable[[float], str]]] = [
    (r"(?P<n>[\d.]+) kg", "kg", lambda x: f"{x * 2.20462:.1f} lb", lambda x: f"{x * 2:g} 斤"),
    (r"(?P<n>[\d.]+) g$", "g", lambda x: f"{x / 1000:g} kg", lambda x: f"{x / 1000:g} 公斤"),
    (r"^(?P<n>[\d.]+) L", "L", lambda x: f"{x * 1000:g} ml", lambda x: f"{x * 1000:g} 毫升"),
    (r"^(?P<n>[\d.]+) ml", "ml", lambda x: f"{x / 29.5735:.1f} fl oz", lambda x: f"{x / 1000:g} 升"),
    (r"^(?P<n>[\d.]+) cm", "cm", lambda x: f"{x / 2.54:.1f} inches", lambda x: f"{x / 100:g} 米"),
    (r"^(?P<n>[\d.]+) (?:months|个月)", "months", lambda x: f"{x / 12:g} years" if x % 12 == 0 and x > 12 else f"{x:g} months", lambda x: f"{x / 12:g} 年" if x % 12 == 0 else f"{x:g} 个月"),
    (r"^(?P<n>[\d.]+) (?:min|分钟)", "min", lambda x: f"{x:g} minutes", lambda x: f"{x * 60:g} 秒"),
]  # fmt: skip


def converted(seen: Shown) -> str:
    """Figures in other units that are equal within rounding."""
    if _is_rule(seen):
        return seen.draft
    goods = _about(seen)[0]
    for name, value in sorted(goods.attributes, key=lambda a: a[1] not in seen.draft):
        for pattern, _, english, chinese in _CONVERT:
            if (m := re.search(pattern, value)) and "×" not in value and "," not in value and "，" not in value:
                figure = float(m["n"])
                if seen.chinese:
                    return f"{goods.title}的{name}是{value}，也就是{chinese(figure)}。"
                return f"The {_short(goods)} has a {name.lower()} of {value}, which is about {english(figure)}."
    return friendly(seen)


def redrafted(seen: Shown) -> str:
    """The draft with plain words exchanged and its sentences begun another way."""
    if seen.chinese:
        pairs = [
            ("现价", "现在的价格是"),
            ("有货", "有现货"),
            ("缺货", "暂时没货"),
            ("您可以", "可以"),
            ("我们", "本店"),
            ("售价", "价格为"),
        ]
        head = "简单来说，"
    else:
        pairs = [
            (" costs ", " is priced at "),
            (" is in stock", " is available now"),
            ("You have ", "There are "),
            (" We ", " Our team will "),
            (" takes ", " needs "),
        ]
        head = ""
    text = seen.draft
    for old, new in pairs[:3]:
        text = text.replace(old, new)
    return head + text


def summed(seen: Shown) -> str:
    """Two of them, with the sum shown."""
    goods = _about(seen)[0] if seen.goods and not _is_rule(seen) else None
    variant = _priced(goods) if goods else None
    if goods is None or variant is None or not (m := re.search(r"(\d+(?:\.\d+)?)", variant[1])):
        return seen.draft
    twice = f"{2 * float(m[1]):.2f}"
    if seen.chinese:
        return f"{_short(goods)}每件 {variant[1]}，两件就是 2 × {m[1]} = {twice} 美元。"
    return f"One {_short(goods)} is {variant[1]}, so two of them come to ${twice} (2 × ${m[1]})."


def counted(seen: Shown) -> str:
    """How many there are, then which."""
    goods = [g for g in _about(seen) if _priced(g)]
    if _is_rule(seen) or len(goods) < 2:
        return friendly(seen)
    if seen.chinese:
        return f"一共有 {len(goods)} 款符合：" + "；".join(f"{i}. {g.title}，{_priced(g)[1]}" for i, g in enumerate(goods, 1)) + "。"  # type: ignore[index]
    return f"I found {len(goods)} of them for you:\n" + "\n".join(f"{i}. {g.title}, {_priced(g)[1]}" for i, g in enumerate(goods, 1))  # type: ignore[index]


def stocked(seen: Shown) -> str:
    """What can be had, by variant."""
    goods = _about(seen)[0] if seen.goods and not _is_rule(seen) else None
    if goods is None or not goods.variants:
        return seen.draft
    out = []
    for words, price, _, state, pieces in goods.variants[:4]:
        name = words if len(goods.variants) > 1 else goods.title
        if seen.chinese:
            state_zh = {"in stock": "有货", "out of stock": "缺货", "low": "库存不多", "preorder": "可预订"}.get(state, "")
            out.append(f"{name}：{price}，{state_zh}{f'，还有 {pieces} 件' if pieces else ''}。" if state_zh else f"{name}：{price}。")
        else:
            left = f" ({pieces} left)" if pieces else ""
            out.append(f"{name}: {price}, {state if state != 'low' else 'low stock'}{left}.")
    return "\n".join(out)


MANNERS: dict[str, Callable[[Shown], str]] = {
    f.__name__: f for f in (terse, friendly, listed, table, converted, redrafted, summed, counted, stocked)
}


def honest(manner: str) -> Callable[[list[object]], str]:
    """A script for ScriptedChatModel in this manner."""

    def script(messages: list[object]) -> str:
        return MANNERS[manner](shown(str(messages[0].content), str(messages[-1].content)))  # type: ignore[attr-defined]

    return script


QUESTIONS = {
    "en": [
        "How much is the KT-17E kettle?", "Is the KT-12T in stock?", "What is the capacity of the KG-10?", "How heavy is the BP-22?", "Does the HP-300 have noise cancelling?",
        "What is the Moka Pot made of?", "Is the cutting board dishwasher safe?", "How long is the battery life of the EB-5?", "Compare the EB-5 and the EB-5 Pro", "KT-17E or KT-12T, which is better?",
        "Which backpacks do you have under $100?", "Do you have headphones up to $80?", "Show me kettles under 50 dollars", "What is the lightest backpack?", "Which speaker is waterproof?",
        "I need a gift for my father, around $60", "Do you have tea without caffeine?", "What colours does the BP-28 come in?", "How much are two Commuter Thermo Mugs?", "What is the warranty of the HP-700?",
        "How big is the Merino Throw?", "Is the PB-20 allowed on a plane?", "What size is the Drift Cabin Suitcase?", "Does the Glass Teapot go on the stove?", "How many lumens does the DL-9 have?",
        "Which duvet is the warmest?", "Do you have the Weighted Blanket in 8 kg?", "How much weight does the Folding Camp Chair hold?", "What is in the Tea Gift Box?", "Is the Rain Jacket available in M?",
        "How much is shipping?", "How long does delivery take?", "Do you ship to Canada?", "How long do I have to return something?", "Who pays for the return shipping?", "When do I get my refund?",
        "How long is the warranty?", "What is not covered by the warranty?", "How can I pay?", "Can I pay in instalments?", "Do you have a student discount?", "Can I combine two discounts?",
        "Do you offer gift wrapping?", "How long is a gift card valid?", "Where are your stores?", "What are your opening hours?", "Which promotions are running?", "Do I have to pay customs duties?",
        "Can I pick up my order in the store?", "Can I exchange for another size or colour?", "Is tax included in the price?", "Can you ship power banks abroad?", "Do you give a discount for bulk orders?",
        "Can I cancel my order?", "What can't be returned?", "Do you have express delivery?", "How do I claim the warranty?", "Can you print our company logo?", "Do you have a loyalty programme?",
        "How do reviewers like the HP-700?", "What do buyers say about the BP-28?", "Something light for a trip under $40",
    ],
    "zh": [
        "KT-17E 多少钱？", "KT-12T 有货吗？", "KG-10 容量多大？", "BP-22 多重？", "HP-300 有降噪吗？", "摩卡壶是什么材质？", "竹砧板能用洗碗机吗？", "EB-5 续航多久？", "EB-5 和 EB-5 Pro 有什么区别？",
        "KT-17E 和 KT-12T 哪个好？", "100 美元以内的双肩包有哪些？", "80 美元以内的耳机", "50 美元以下的水壶", "最轻的双肩包是哪款？", "哪款音箱防水？", "送爸爸的礼物，60 美元左右", "有不含咖啡因的茶吗？",
        "BP-28 有哪些颜色？", "两个通勤保温咖啡杯多少钱？", "HP-700 保修多久？", "美利奴羊毛盖毯多大？", "PB-20 能带上飞机吗？", "Drift 登机箱尺寸多少？", "玻璃茶壶能明火加热吗？", "DL-9 多少流明？",
        "重力毯有 8 公斤的吗？", "折叠露营椅能承重多少？", "六味茶礼盒里有什么？", "防雨外套有 M 码吗？", "智能灯泡需要什么？", "运费多少钱？", "多久能送到？", "能寄到加拿大吗？", "多久可以退货？", "退货运费谁出？",
        "多久能收到退款？", "保修多久？", "哪些不在保修范围？", "可以怎么付款？", "可以分期吗？", "有学生优惠吗？", "两个优惠码能一起用吗？", "可以礼品包装吗？", "礼品卡有效期多久？", "门店在哪里？", "营业时间是几点？",
        "现在有什么优惠？", "要交关税吗？", "可以到店自提吗？", "可以换颜色吗？", "价格含税吗？", "充电宝能寄到国外吗？", "批量采购有折扣吗？", "可以取消订单吗？", "哪些商品不能退？", "有加急配送吗？", "怎么申请保修？",
        "能印公司标识吗？", "有会员积分吗？", "HP-700 的评价怎么样？", "买家怎么评价 BP-28？", "40 美元以内适合旅行的轻便东西",
    ],
}  # fmt: skip
