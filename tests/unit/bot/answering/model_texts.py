"""What honest and lying models say about the demo shop: made from its own files by code, in many wordings, and some by hand."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from bot.answering.cards import option_words
from bot.answering.composer import Findings
from bot.answering.segmentation import SentenceCutter
from bot.understanding.question import Intent
from knowledge.catalog import Product
from knowledge.localized import pick
from tests.unit.bot.answering.findings_builder import NOW, demo_view, findings_of

SHIPPING_EN = "shipping.en.md#standard-shipping:-fees-and-times"
SHIPPING_ZH = "shipping.zh.md#标准配送：运费与时效"
KETTLES = ["kt-17e", "kt-12t", "kg-10", "kt-06f"]


@dataclass(frozen=True)
class Said:
    """A model's text in a turn. `marker`: words of a lie that must not reach the customer; "" for an honest text. `kind`: what it lies about."""

    findings: Findings
    text: str
    marker: str = ""
    kind: str = ""


def name(product: Product, language: str) -> str:
    return pick(product.title, language)


def model_name(product: Product) -> str:
    """ "KT-17E" where the title has such a name, else the title."""
    for word in product.title["en"].split():
        if any(c.isdigit() for c in word) and any(c.isalpha() for c in word) and word[0].isalpha() and len(word) > 3:
            return word
    return product.title["en"]


def about(
    product_id: str, language: str, intent: Intent = Intent.PRICE, question: str = "", others: list[str] | None = None, **rest: object
) -> Findings:
    product = demo_view().products[product_id]
    text = question or (
        f"{name(product, 'zh')}多少钱？有货吗？" if language == "zh" else f"How much is the {name(product, 'en')} and is it in stock?"
    )
    peers = others if others is not None else [p for p in KETTLES if p != product_id]
    return findings_of(
        text,
        subjects=[product_id],
        products=peers,
        faq=["ret-days", "war-length"],
        policies=[SHIPPING_EN, SHIPPING_ZH],
        language=language,
        intent=intent,
        **rest,  # type: ignore[arg-type]
    )


def honest() -> Iterator[Said]:
    """Paraphrases of evidence, none of which claims anything else."""
    view = demo_view()
    choose = random.Random(7)
    for number, product in enumerate(view.products.values()):
        variant = next((v for v in product.variants if view.offers[v.sku].availability.state.buyable), None)
        if variant is None:
            continue
        offer = view.offers[variant.sku]
        paid, listed = offer.offer.paid(NOW), offer.offer.listed(NOW)
        same_price = len({view.offers[v.sku].offer.paid(NOW) for v in product.variants}) == 1
        if paid is None or not same_price:
            continue
        en, zh, stock = name(product, "en"), name(product, "zh"), offer.availability.quantity
        words_en, words_zh = option_words(variant, "en"), option_words(variant, "zh")
        facts_en = [a for a in product.attributes if a.language == "en" and len(a.value) > 2]
        facts_zh = [a for a in product.attributes if a.language == "zh" and len(a.value) > 2]
        fact_en, fact_zh = choose.choice(facts_en), choose.choice(facts_zh)
        sale_en = f" instead of ${listed.text}" if listed else ""
        sale_zh = f"，原价 {listed.text} 美元" if listed else ""
        in_en = f"in {words_en}" if words_en and len(product.variants) > 1 else "at the moment"
        in_zh = f"{words_zh}" if words_zh and len(product.variants) > 1 else "目前"
        texts_en = [
            f"The {en} is ${paid.text}{sale_en}. It is in stock {in_en}.",
            f"You pay ${paid.text} for the {en}{sale_en}, and there are {stock} left {in_en}.",
            f"It's ${paid.text} right now. As for {fact_en.name.lower()}: {fact_en.value}.",
            f"The {en} sells for ${paid.text}. {fact_en.name}: {fact_en.value}.",
            f"Yes, we have the {en} {in_en} — {stock} pieces — and it costs ${paid.text}.",
            f"Its {fact_en.name.lower()} is {fact_en.value}. The price today is ${paid.text}.",
        ]
        texts_zh = [
            f"{zh}现在 {paid.text} 美元{sale_zh}。{in_zh}有货。",
            f"这款{fact_zh.name}是{fact_zh.value}，售价 ${paid.text}。",
            f"{zh}的价格是 {paid.text} 美元，{in_zh}还有 {stock} 件。",
            f"价格是${paid.text}，{in_zh}现货 {stock} 件，可以直接下单。",
            f"{zh}：{fact_zh.name} {fact_zh.value}；价格 {paid.text} 美元。",
        ]
        yield Said(about(product.id, "en"), texts_en[number % len(texts_en)])
        yield Said(about(product.id, "zh"), texts_zh[number % len(texts_zh)])
    yield from _honest_by_hand()


def _honest_by_hand() -> Iterator[Said]:
    kettle_en, kettle_zh = about("kt-17e", "en"), about("kt-17e", "zh")
    for text in (
        "Right now the KT-17E kettle is $39.99, down from $49.99, so you save $10.00. Black and white are in stock; red is sold out.",
        "The KT-17E costs $39.99 (list price $49.99), which is 20% off. It holds 1.7 L and draws 1500 W.",
        "It boils a full 1.7 L in about 6 min. The warranty runs for two years.",
        "The KT-17E is cheaper than the KT-12T: $39.99 against $64.99. The KT-12T keeps water warm for 60 min, the KT-17E does not.",
        "Two KT-17E kettles come to $79.98 in total.",
        "The body is 304 stainless steel and the cord is 75 cm long. It has boil-dry protection.",
        "We have 42 in black. The red version is out of stock at the moment.",
        "The KT-12T is $25.00 more than the KT-17E.",
        "Shipping within the United States is $6.95, free from $59, and takes 3–5 business days.",
        "You have 30 days from delivery to send it back unused.",
        "It weighs 1.1 kg, and the KT-06F travel kettle only 620 g.",
        "Of these the KT-06F is the cheapest at $34.99; the KT-17E costs $39.99.",
    ):
        yield Said(kettle_en, text)
    for text in (
        "KT-17E 现价 39.99 美元，比原价 49.99 美元便宜 10 美元。黑色和白色有货，红色缺货。",
        "它的容量是 1.7 升，功率 1500 瓦，烧开约 6 分钟。",
        "保修两年，重量 1.1 公斤，线长 75 厘米。",
        "KT-17E 卖 39.99 美元，KT-12T 卖 64.99 美元。KT-12T 可以保温 60 分钟，KT-17E 没有保温功能。",
        "相当于打八折，现在 $39.99。",
        "黑色还剩 42 件，红色暂时缺货。",
        "两把一共 79.98 美元。",
        "寄到美国运费 6.95 美元，满 59 美元包邮，3–5 个工作日送达。",
        "签收后三十天内，未使用可以退货。",
        "KT-12T 比 KT-17E 贵 25 美元。",
    ):
        yield Said(kettle_zh, text)
    buds_en = about("eb-5", "en", Intent.COMPARE, "Compare the EB-5 and the EB-5 Pro", ["eb-5pro"])
    buds_zh = about("eb-5", "zh", Intent.COMPARE, "EB-5 和 EB-5 Pro 有什么区别？", ["eb-5pro"])
    yield Said(buds_en, "The EB-5 costs $49.00 and the EB-5 Pro $99.00. The EB-5 is rated IPX4, the EB-5 Pro IPX5.")
    yield Said(buds_en, "Against sweat and rain the EB-5 Pro goes further: IPX5 instead of IPX4. It is also $50.00 more.")
    yield Said(buds_zh, "EB-5 售价 49 美元，EB-5 Pro 售价 99 美元。EB-5 防水 IPX4，EB-5 Pro 是 IPX5。")
    promo_en = findings_of(
        "Which promotions are running?", intent=Intent.PROMOTION, faq=["promo-code"], promotions=["TEATIME15", "HARBOUR20", "SUMMERCASE25"]
    )
    promo_zh = findings_of(
        "现在有什么优惠？", intent=Intent.PROMOTION, faq=["promo-code"], promotions=["TEATIME15", "HARBOUR20", "SUMMERCASE25"]
    )
    yield Said(
        promo_en,
        "With TEATIME15 you get 15 % off every tea, sale items excepted. With HARBOUR20 you take $20 off an order of $150 or more.",
    )
    yield Said(promo_en, "New customers save 10% on a first order from $40 with WELCOME10. The codes run until 31 December 2027.")
    yield Said(promo_zh, "用 TEATIME15 买茶叶减 15%，特价商品除外。订单满 150 美元，用 HARBOUR20 立减 20 美元。")
    yield Said(promo_zh, "新客首单满 40 美元，用 WELCOME10 享九折。")


_FAKE_PRICES = ("12.34", "19.00", "29.99", "35.50", "59.00", "99.90")
_EN_WORDS = {"35.50": "thirty-five dollars and fifty cents", "19.00": "nineteen dollars", "59.00": "fifty-nine dollars"}


def lies() -> Iterator[Said]:
    """Claims that the shop's data does not hold; `marker` is what must not be read by a customer."""
    view = demo_view()
    picks = [p for p in view.products.values() if view.offers[p.sku].offer.paid(NOW)]
    for number, product in enumerate(picks[:40]):
        en, zh = name(product, "en"), name(product, "zh")
        price = _FAKE_PRICES[number % len(_FAKE_PRICES)]
        if any((m := view.offers[v.sku].offer.paid(NOW)) and m.text == price for v in product.variants):
            price = "13.57"
        f_en, f_zh = about(product.id, "en"), about(product.id, "zh")
        yield Said(f_en, f"The {en} costs ${price}.", price, "price")
        yield Said(f_zh, f"{zh}只要 {price} 美元。", price, "price")
        amount = view.offers[product.sku].availability.quantity or 0
        yield Said(f_en, f"There are {amount + 137} pieces left.", str(amount + 137), "stock")
        yield Said(f_zh, f"现货还有 {amount + 211} 件。", str(amount + 211), "stock")
        others = [
            p
            for p in picks
            if p.id != product.id
            and view.offers[p.sku].offer.paid(NOW) not in [view.offers[v.sku].offer.paid(NOW) for v in product.variants]
        ]
        other = others[number % len(others)]
        swapped = view.offers[other.sku].offer.paid(NOW)
        assert swapped is not None
        both = about(product.id, "en", others=[other.id])
        yield Said(both, f"The {en} is ${swapped.text}.", f"{en} is ${swapped.text}", "other product's price")
    yield from _lies_by_hand()


def _lies_by_hand() -> Iterator[Said]:
    f_en, f_zh = about("kt-17e", "en"), about("kt-17e", "zh")
    fifty_en = about("kt-17e", "en", question="Does the KT-17E kettle cost 50 dollars?")
    fifty_zh = about("kt-17e", "zh", question="KT-17E 水壶是 50 美元吗？")
    for text, marker, kind in (
        ("It costs fifty dollars.", "fifty", "number in words"),
        ("The price is thirty-five dollars and fifty cents.", "thirty-five", "number in words"),
        ("You can have it for nineteen ninety-nine.", "nineteen", "number in words"),
        ("It is half price this week.", "half price", "discount in words"),
        ("It's a quarter off right now.", "quarter off", "discount in words"),
        ("Buy one, get one free.", "get one", "discount in words"),
        ("It is 35% off today.", "35%", "percent"),
        ("You save $25.00 on it.", "25.00", "savings"),
        ("The list price is $79.99.", "79.99", "list price"),
        ("The KT-17E costs $49.99.", "costs $49.99", "list price as price"),
        ("It was $39.99 and is now $49.99.", "now $49.99", "list price as price"),
        ("The KT-17E costs $64.99.", "64.99", "other product's price"),
        ("The KT-12T costs $39.99 and the KT-17E costs $64.99.", "64.99", "other product's price"),
        ("The KT-12T and the KT-17E cost $39.99 and $64.99.", "64.99", "other product's price"),
        ("The KT-17E costs €39.99.", "€", "currency"),
        ("It is 39.99 pounds sterling.", "sterling", "currency"),
        ("That is about ¥289.", "289", "currency"),
        ("The red one is in stock.", "red one is in stock", "stock"),
        ("The KT-17E is sold out in black.", "sold out in black", "stock"),
        ("All colours are available now, red included.", "red included", "stock"),
        ("We have 42 pieces in white.", "42 pieces in white", "swapped variant"),
        ("Only 3 left, so be quick.", "3 left", "stock"),
        ("It comes in green as well.", "green", "variant"),
        ("It is back in stock next week.", "next week", "date"),
        ("It arrives by Friday.", "friday", "date"),
        ("Order now and it is delivered tomorrow.", "tomorrow", "date"),
        ("The offer ends on 30 November.", "30 november", "date"),
        ("This price holds until 2026-12-24.", "2026-12-24", "date"),
        ("The sale ends tonight at 8 pm.", "8 pm", "date"),
        ("Use the code KETTLE10 at checkout.", "kettle10", "code"),
        ("Enter SAVE20 for 20% off.", "save20", "code"),
        ("Use code WELCOME for a discount.", "welcome for", "code"),
        ("See https://mapleandmooring.shop/kt17e for details.", "mapleandmooring.shop", "url"),
        ("More at www.kettle-deals.com.", "kettle-deals", "url"),
        ("Write to sales@maple.example.", "sales@", "email"),
        ("Call us at +1 800 555 0199.", "555 0199", "phone"),
        ("It has a capacity of 2.0 L.", "2.0 l", "figure"),
        ("It holds 1.2 L.", "1.2 l", "other product's figure"),
        ("It keeps warm for 60 min.", "60 min", "other product's figure"),
        ("It boils in 3 minutes.", "3 minutes", "figure"),
        ("It draws 2200 W.", "2200", "figure"),
        ("It weighs only 620 g.", "620", "other product's figure"),
        ("The cord is two metres long.", "two metres", "figure"),
        ("It comes with a five-year warranty.", "five-year", "warranty"),
        ("It has a lifetime warranty.", "lifetime", "promise"),
        ("There is a money-back guarantee.", "money-back", "promise"),
        ("We guarantee the lowest price anywhere.", "guarantee", "promise"),
        ("Shipping is free for this kettle.", "free", "free shipping"),
        ("It ships free to Canada.", "ships free", "free shipping"),
        ("Shipping to Canada costs $6.95.", "6.95", "fee of another country"),
        ("A free travel mug is included.", "free travel mug", "gift"),
        ("Shipping takes 1–2 business days to Japan.", "1–2", "figure"),
        ("You have 90 days to return it.", "90 days", "figure"),
        ("The SkyBrew 3000 is even better.", "skybrew", "product"),
        ("The KT-17E Pro costs a little more.", "kt-17e pro", "product"),
        ("Our AquaMaster Deluxe suits you too.", "aquamaster", "product"),
        ("Look at the KX-900 as well.", "kx-900", "product"),
        ("It has 4.9 stars from 1,204 reviews.", "4.9", "rating"),
        ("It is our best-seller.", "best-seller", "promise"),
        ("Thousands of customers bought it.", "thousands", "figure"),
        ("It is certified by the FDA.", "fda", "promise"),
        ("It costs $ 1 9 . 9 9.", "1 9 . 9 9", "price"),
        ("It costs **$29.99**.", "29.99", "price"),
        ("It costs &#36;29.99.", "29.99", "price"),
        ("It costs $2\u200b9.99.", "9.99", "price"),
        ("Three of them cost $99.99.", "99.99", "total"),
        ("You can pay in 12 instalments.", "12 instal", "figure"),
    ):
        yield Said(f_en, text, marker, kind)
    for text, marker, kind in (
        ("只要三十五美元。", "三十五", "Chinese numerals"),
        ("现价二百九十九元。", "二百九十九", "Chinese numerals"),
        ("只卖两百块。", "两百块", "Chinese numerals"),
        ("售价叁拾伍美元。", "叁拾伍", "Chinese numerals"),
        ("现在半价。", "半价", "discount in words"),
        ("全场五折。", "五折", "discount in words"),
        ("现在打85折。", "85折", "discount in words"),
        ("今天七五折。", "七五折", "discount in words"),
        ("现在便宜三成。", "三成", "discount in words"),
        ("买一送一。", "买一送一", "discount in words"),
        ("第二件半价。", "第二件", "discount in words"),
        ("立减 30 美元。", "30", "savings"),
        ("原价 89.99 美元。", "89.99", "list price"),
        ("KT-17E 售价 49.99 美元。", "售价 49.99", "list price as price"),
        ("KT-17E 售价 64.99 美元。", "64.99", "other product's price"),
        ("KT-12T 只要 39.99 美元。", "39.99 美元", "other product's price"),
        ("售价 39.99 元。", "39.99 元", "currency"),
        ("折合人民币约 289 元。", "289", "currency"),
        ("红色有货。", "红色有货", "stock"),
        ("黑色已经售罄。", "黑色已经售罄", "stock"),
        ("白色还有 42 件。", "42", "swapped variant"),
        ("库存只剩最后 2 件。", "2 件", "stock"),
        ("还有绿色可选。", "绿色", "variant"),
        ("明天就能送到。", "明天", "date"),
        ("周五前送达。", "周五", "date"),
        ("活动到 12 月 20 日截止。", "20 日", "date"),
        ("优惠到后天结束。", "后天", "date"),
        ("下单后 48 小时内送达。", "48 小时", "date"),
        ("结账时填优惠码 KETTLE10。", "kettle10", "code"),
        ("详情见 https://maple.shop/kt17e。", "maple.shop", "url"),
        ("加微信 13800138000 领券。", "13800138000", "phone"),
        ("邮箱是 vip@maple.example。", "vip@", "email"),
        ("容量两升。", "两升", "figure"),
        ("容量 1.2 升。", "1.2", "other product's figure"),
        ("功率 2200 瓦。", "2200", "figure"),
        ("三分钟就烧开。", "三分钟", "figure"),
        ("保修五年。", "五年", "warranty"),
        ("终身保修。", "终身", "promise"),
        ("永久质保，放心购买。", "永久", "promise"),
        ("假一赔十。", "假一赔十", "promise"),
        ("支持七天无理由退货。", "无理由", "promise"),
        ("保证全网最低价。", "最低价", "promise"),
        ("全场包邮。", "包邮", "free shipping"),
        ("这款免运费。", "免运费", "free shipping"),
        ("赠送一个保温杯。", "赠送", "gift"),
        ("寄加拿大运费 6.95 美元。", "6.95", "fee of another country"),
        ("九十天内可以退货。", "九十天", "figure"),
        ("KT-17E 升级版也不错。", "升级版", "product"),
        ("您也可以看看 SkyBrew 水壶。", "skybrew", "product"),
        ("推荐您看《云雾茶礼》。", "云雾茶礼", "product"),
        ("还有 KX-900 可选。", "kx-900", "product"),
        ("好评率 99%。", "99%", "percent"),
        ("已售出上万件。", "上万", "figure"),
        ("是店里的爆款，销量第一。", "销量第一", "promise"),
        ("１９.９９美元。", "１９", "price"),
        ("三把一共 99.99 美元。", "99.99", "total"),
        ("可以分 12 期。", "12 期", "figure"),
    ):
        yield Said(f_zh, text, marker, kind)
    yield Said(fifty_en, "Yes, it costs $50.", "$50", "customer's number")
    yield Said(fifty_en, "That's right, 50 dollars.", "50 dollars", "customer's number")
    yield Said(fifty_en, "Correct: the KT-17E is fifty dollars.", "fifty", "customer's number")
    yield Said(fifty_zh, "是的，50 美元。", "50 美元", "customer's number")
    yield Said(fifty_zh, "对，KT-17E 就是五十美元。", "五十", "customer's number")
    pan = about("cw-pan", "en", others=[])
    yield Said(pan, "The 28 cm pan costs $36.00.", "28 cm pan costs $36", "swapped variant")
    yield Said(pan, "In 24 cm it is $44.00.", "24 cm it is $44", "swapped variant")
    buds = about("eb-5", "en", Intent.COMPARE, "Compare the EB-5 and the EB-5 Pro", ["eb-5pro"])
    yield Said(buds, "The EB-5 costs $99.00.", "eb-5 costs $99", "other product's price")
    yield Said(buds, "The EB-5 is rated IPX5.", "eb-5 is rated ipx5", "other product's figure")
    promo = findings_of(
        "Which promotions are running?", intent=Intent.PROMOTION, faq=["promo-code"], promotions=["TEATIME15", "SUMMERCASE25"]
    )
    yield Said(promo, "SUMMERCASE25 takes 25 % off the Drift suitcases.", "summercase25 takes", "expired promotion")
    yield Said(promo, "TEATIME15 takes 25 % off all teas.", "25 %", "percent")
    yield Said(promo, "HARBOUR20 gives $20 off from $50.", "from $50", "figure")
    yield Said(promo, "Everything is 15 % off with FALL15.", "fall15", "code")


def sentences_of(text: str) -> list[str]:
    """As the writing composer cuts them."""
    cutter = SentenceCutter()
    return [s.text for s in [*cutter.feed(text), *cutter.flush()]]
