"""Contradictions are found where two places speak of the same thing, and nowhere else."""

import time
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

import knowledge
from knowledge.catalog import Attribute, Product, Variant
from knowledge.contradictions import contradicting, contradictions
from knowledge.coverage import coverage_of
from knowledge.documents import document_of
from knowledge.faq import FaqEntry
from knowledge.figures import MONEY, SHARE, TIME, figures
from knowledge.importing import read_files
from knowledge.policy import Policy, Section
from knowledge.promotion import Promotion
from knowledge.store import Document
from knowledge.store import DocumentKind as K

DEMO = Path(knowledge.__file__).parent / "demo"


def faq(i: str, q: str | dict[str, str], a: str | dict[str, str], language: str = "en") -> Document:
    question, answer = ({language: text} if isinstance(text, str) else text for text in (q, a))
    return document_of(K.FAQ, i, "faq.csv", FaqEntry(i, question, answer))


def pol(i: str, heading: str, text: str, language: str = "en") -> Document:
    return document_of(K.POLICY, i, i, Policy(i, "Policy", language, "other", (Section(heading, "s", text),)))


def prod(title: str, text: str, attributes: list[tuple[str, ...]], language: str = "en") -> Document:
    stated = tuple(Attribute(one[0], one[1], one[2] if len(one) > 2 else language) for one in attributes)
    return document_of(K.PRODUCT, "p", "p.csv", Product("p", {language: title}, (Variant("p"),), {language: text}, attributes=stated))


def promo(code: str, percent: int) -> Document:
    return document_of(K.PROMOTION, code, "promo.csv", Promotion(code, {"en": "Spring"}, percent_off=Decimal(percent)))


OPPOSED = [
    [
        faq("a", "How long do I have to return an item?", "You can return items within 30 days of delivery."),
        pol("returns.md", "Returns", "Items may be returned within 14 days of delivery."),
    ],
    [
        faq("a", "What is your return policy?", "We accept returns within 30 days of purchase."),
        pol("returns.md", "Return period", "You may return unused goods in their original packaging within 60 days of delivery."),
    ],
    [faq("a", "退货期限是多久？", "签收后 7 天内可无理由退货。", "zh"), pol("tui.md", "退货", "自签收之日起 15 天内可申请退货。", "zh")],
    [
        faq("a", "支持七天无理由吗？", "支持，收货后7天内无理由退货。", "zh"),
        pol("tui.md", "退货政策", "商品签收后30天内，未使用且包装完好可以退货。", "zh"),
    ],
    [
        faq("a", "Do you offer free shipping?", "Yes, orders over $50 ship free."),
        pol("s.md", "Shipping", "Free standard shipping on orders over $75."),
    ],
    [faq("a", "满多少包邮？", "满 99 元包邮。", "zh"), pol("s.md", "配送费用", "订单满 199 元包邮。", "zh")],
    [
        faq("a", "How much is shipping?", "Standard shipping costs $5.95."),
        pol("s.md", "Shipping fees", "Standard shipping is $7.95 per order."),
    ],
    [faq("a", "运费多少？", "每单运费 10 元。", "zh"), pol("s.md", "运费", "运费为 15 元。", "zh")],
    [
        faq("a", "How long is the warranty?", "All products come with a 2-year warranty."),
        pol("w.md", "Warranty", "We give a 12 month warranty on all products."),
    ],
    [faq("a", "保修多久？", "保修期为一年。", "zh"), pol("w.md", "保修期", "所有商品享受 24 个月质保。", "zh")],
    [
        faq("a", "When will I get my refund?", "Refunds are issued within 5 business days."),
        pol("r.md", "Refunds", "We process refunds within 10 business days."),
    ],
    [faq("a", "退款多久到账？", "退款 3 个工作日内到账。", "zh"), pol("r.md", "退款", "审核通过后，退款将在 7 个工作日内原路返回。", "zh")],
    [
        faq("a", "How long does delivery take?", "Delivery takes 2-3 business days."),
        pol("s.md", "Delivery times", "Standard delivery takes 5-7 business days."),
    ],
    [
        faq("a", "How long until you ship my order?", "Orders are dispatched within 24 hours."),
        pol("s.md", "Dispatch", "Orders ship within 3 days."),
    ],
    [faq("a", "多久发货？", "付款后 48 小时内发货。", "zh"), pol("s.md", "发货时间", "付款后 5 天内发货。", "zh")],
    [
        faq("a", "Is there a restocking fee?", "A 10% restocking fee applies to returns."),
        pol("r.md", "Return fees", "We charge a restocking fee of 15% on returned items."),
    ],
    [
        faq("a", "Do you price match?", "If our price drops within 14 days of purchase we refund the difference."),
        pol("p.md", "Price protection", "Price adjustment is possible within 7 days of purchase."),
    ],
    [
        faq("a", "How long can I cancel?", "You can cancel your order within 2 hours."),
        pol("c.md", "Cancellation", "Orders may be cancelled within 24 hours."),
    ],
    [faq("a", "How long is delivery?", "Delivery takes 3 days."), faq("b", "How long is delivery?", "Delivery takes 10 days.")],
    [faq("a", "Can I return sale items?", "Yes, within 30 days."), faq("b", "Can I return sale items?", "No, sale items are final.")],
    [faq("a", "多少天可以退货？", "15 天。", "zh"), faq("b", "多少天可以退货", "7 天内。", "zh")],
    [faq("a", "What is the return window?", "You have 30 days to return."), pol("tui.zh.md", "退货", "签收后 7 天内可以退货。", "zh")],
    [faq("a", {"en": "How long is the warranty?", "zh": "保修多久？"}, {"en": "The warranty is 24 months.", "zh": "保修 12 个月。"})],
    [faq("a", {"en": "Free shipping?", "zh": "包邮吗？"}, {"en": "Free from $59.", "zh": "满 79 美元包邮。"})],
    [prod("Kettle", "A kettle that weighs 1.5 kg and boils fast.", [("Weight", "1.2 kg")])],
    [prod("水壶", "轻便小巧，重约 1.5 公斤。", [("重量", "1.2 kg")], "zh")],
    [prod("Bottle", "It holds 750 ml.", [("Capacity", "500 ml")])],
    [prod("Kettle 1.7 L", "Nice.", [("Capacity", "2 L")])],
    [prod("Blanket", "Made of 100% cotton, very soft.", [("Material", "100% wool")])],
    [prod("毛毯", "选用100%羊毛制成。", [("材质", "100%棉")], "zh")],
    [prod("Lamp", "Nice", [("Weight", "1.2 kg", "en"), ("重量", "2.2 千克", "zh")])],
    [prod("Hair dryer", "The power is 2000 W.", [("Power", "1600 W")])],
    [prod("吹风机", "功率1800W，速干。", [("额定功率", "1600W")], "zh")],
    [prod("Speaker", "Battery capacity: 5000 mAh.", [("Battery capacity", "4000 mAh")])],
    [
        prod("Table", "Height: 75 cm.", [("Height", "72 cm")]),
    ],
    [promo("SPRING15", 15), faq("a", "Any deals?", "Use SPRING15 for 20% off.")],
    [
        faq("a", "How long is a gift card valid?", "Gift cards are valid for 12 months."),
        pol("g.md", "Gift cards", "Gift cards expire after 24 months."),
    ],
    [
        faq("a", "Warranty?", "Our products carry a limited lifetime warranty of 10 years."),
        pol("w.md", "Warranty period", "The warranty period is 5 years from the date of purchase."),
    ],
    [faq("a", "退货流程", "签收7日内可退货", "zh"), pol("p.md", "退换货说明", "支持10天无理由退换货。", "zh")],
    [
        faq("a", "Can I send something back?", "Sure, returns are possible for 21 days."),
        pol("r", "Our return policy", "Customers may return any product within 14 days after receiving it."),
    ],
    [faq("a", "What does postage cost?", "We charge $4.50 for postage."), pol("s", "Postage", "Postage is $6.50 per parcel.")],
    [
        faq("a", "From which amount is delivery free?", "Delivery is free from €40."),
        pol("s", "Delivery costs", "We deliver free of charge for orders above €60."),
    ],
    [faq("a", "What guarantee do I get?", "You get a three-year guarantee."), pol("w", "Guarantee", "Our guarantee lasts 24 months.")],
    [
        faq("a", "When does my parcel arrive?", "It usually arrives within 2 days."),
        pol("s", "How long does shipping take", "Parcels arrive within 5 to 8 days."),
    ],
    [faq("a", "多长时间内能退?", "收到商品后14天内都可以退货哦。", "zh"), pol("t", "退货规则", "买家可在签收后7天内发起退货。", "zh")],
    [faq("a", "邮费怎么收", "普通快递邮费8元一单", "zh"), pol("t", "配送与运费", "运费统一12元。", "zh")],
    [faq("a", "质保多长时间", "整机质保三年", "zh"), pol("t", "质保政策", "整机质保 1 年。", "zh")],
    [faq("a", "几天发货", "下单后24小时内发货", "zh"), pol("t", "发货", "我们会在 72 小时内发货。", "zh")],
    [faq("a", "买多少免运费", "消费满88元即可免运费", "zh"), pol("t", "运费说明", "满 128 元免运费，不满收取运费。", "zh")],
    [prod("Tent", "This tent weighs just 2.1 kg.", [("Item weight", "1.8 kg")])],
    [prod("Mug", "With a capacity of 350 ml it is a big mug.", [("Volume", "300 ml")])],
    [prod("台灯", "高度约45厘米，功率为12W。", [("高度", "38cm"), ("功率", "12W")], "zh")],
    [prod("Scarf", "100 % silk, hand rolled.", [("Fabric", "100% polyester")])],
    [prod("Power bank 10000 mAh", "Slim.", [("Battery capacity", "20000 mAh")])],
    [prod("保温杯 500ml", "大容量。", [("容量", "350ml")], "zh")],
    [
        faq("a", "What if I do not like it?", "Return it within 45 days."),
        pol("r", "Returns", "Returns are accepted up to 20 days after purchase."),
    ],
    [faq("a", "Do I pay for delivery?", "Delivery costs $9."), pol("s", "Delivery fees", "The delivery fee is $12.")],
    [faq("a", "How fast do you refund?", "We refund in 3 days."), pol("s", "Refunds", "Your refund will be credited within 14 days.")],
    [faq("a", "How long are you liable?", "There is a 6-month warranty."), pol("s", "Warranty", "Every item has a 1 year warranty.")],
    [faq("a", "换货期", "签收15天内可换货", "zh"), pol("s", "换货", "收货后30天内支持换货。", "zh")],
    [faq("a", "退款时间", "退款会在5天内到账", "zh"), pol("s", "退款说明", "退款将于 10 天内退回原支付账户。", "zh")],
    [faq("a", "How quickly do you dispatch?", "We ship within 1 day."), pol("s", "Handling time", "Handling time is 4 days.")],
    [prod("Chair", "The chair weighs 9 kg.", [("Weight", "7.5 kg")])],
    [prod("水杯", "容量为400毫升的水杯。", [("容量", "350ml")], "zh")],
]

AGREEING = [
    [
        faq("a", "How long do I have to return an item?", "Within 30 days of delivery."),
        pol("r.md", "Refunds", "Refunds are made within 14 days."),
    ],
    [faq("a", "Return window?", "You have 30 days to return items."), pol("r.md", "Returns", "Sale items can be returned within 14 days.")],
    [
        faq("a", "Return window?", "You have 30 days to return items."),
        pol("r.md", "Returns", "Mattresses may be returned within 100 days."),
    ],
    [
        faq("a", "Return window?", "You have 30 days to return items."),
        pol("r.md", "Holiday returns", "Orders placed in December can be returned within 60 days."),
    ],
    [faq("a", "Return window?", "You have 30 days to return items."), pol("r.md", "Students", "Students may return within 90 days.")],
    [faq("a", "Shipping cost?", "Standard shipping costs $5.95."), pol("s.md", "Shipping", "Express shipping costs $14.95.")],
    [faq("a", "Shipping cost?", "Standard shipping costs $5.95 in the US."), pol("s.md", "Shipping", "Shipping to Canada is $12.95.")],
    [faq("a", "How long is delivery?", "Delivery takes 3-5 days."), pol("s.md", "Delivery", "Delivery to remote areas takes 10 days.")],
    [faq("a", "How long is delivery?", "Delivery takes 3-5 days."), pol("s.md", "Dispatch", "We dispatch within 24 hours.")],
    [faq("a", "How long is the warranty?", "24 months."), pol("w.md", "Warranty", "Built-in batteries have a 12 month warranty.")],
    [faq("a", "How long is the warranty?", "2 years."), pol("w.md", "Warranty", "The warranty lasts 24 months.")],
    [faq("a", "Return?", "Return within 1 month."), pol("w.md", "Returns", "Return within 30 days.")],
    [faq("a", "退货", "7天内可退货", "zh"), pol("w.md", "换货", "15天内可换货", "zh")],
    [faq("a", "退货", "7天内可退货", "zh"), pol("w.md", "质量问题", "质量问题30天内可退货", "zh")],
    [faq("a", "保修", "电器保修24个月", "zh"), pol("w.md", "保修", "家具保修12个月", "zh")],
    [faq("a", "运费", "运费10元，满99元包邮。", "zh"), pol("s.md", "运费", "偏远地区运费20元。", "zh")],
    [faq("a", "Do you ship to Canada?", "Yes, we do."), faq("b", "Do you ship to Brazil?", "No, sorry.")],
    [faq("a", "How long does delivery to France take?", "4 days."), faq("b", "How long does delivery to Italy take?", "8 days.")],
    [
        faq("a", "How do I get a refund?", "Refunds within 5 days."),
        faq("b", "How do I get a refund?", "Write to us; refunds take 3-5 business days, and banks need 10 days."),
    ],
    [prod("Kettle", "It weighs 1.2 kg without the 300 g base. The lid weighs 200 g.", [("Weight", "1.2 kg")])],
    [prod("Chair", "It weighs 8 kg and holds up to 120 kg. Maximum weight: 120 kg.", [("Weight", "8 kg"), ("Max load", "120 kg")])],
    [prod("Chair", "Supports a user weight of 150 kg.", [("Weight", "8 kg")])],
    [prod("Bag", "Weighs under 1 kg.", [("Weight", "850 g")])],
    [prod("Lamp", "Weight: 2.6 lb.", [("Weight", "1.2 kg")])],
    [prod("Set", "Each cup holds 200 ml.", [("Capacity", "1.2 L")])],
    [prod("Blanket", "Not 100% cotton but better. Cover of 100% cotton.", [("Material", "Shell 100% cotton, filling 100% wool")])],
    [prod("Pan 24 cm", "Height 5 cm, a height of 8 cm with lid.", [("Height", "5 cm, 8 cm with lid")])],
    [prod("床", "床高 40 cm，承重 300 公斤", [("重量", "60 kg"), ("高度", "40cm")], "zh")],
    [prod("被子", "填充重量 2kg，总重 3kg", [("重量", "3kg"), ("填充物重量", "2kg")], "zh")],
    [promo("SPRING15", 15), faq("a", "Any deals?", "Use SPRING15 for 15% off. Members get 5% more.")],
    [faq("a", {"en": "How long?", "zh": "多久？"}, {"en": "Delivery takes 5 business days.", "zh": "5 个工作日送达。"})],
    [
        faq("a", "Are returns free?", "Yes, within 30 days returns are free."),
        pol("r.md", "Cost of returns", "A label costs $5 and returns after 60 days are not possible."),
    ],
    [faq("a", "Can I return opened food?", "No."), faq("b", "Can I return unopened food?", "Yes, in 14 days.")],
    [faq("a", "Free shipping?", "Free over $50."), pol("s.md", "Gift", "Free gift with orders over $100.")],
    [
        faq("a", "When do you answer?", "Within 24 hours."),
        pol("r.md", "Warranty", "We answer warranty claims within 3 days. The warranty is 2 years."),
    ],
    [faq("a", "How long is the warranty?", "The warranty is 2 years."), pol("r.md", "Extended", "Register to get a 5 year warranty.")],
    [
        faq("a", "Can I send something back?", "Returns are possible for 21 days."),
        pol("r", "Underwear", "Underwear may be returned within 7 days if sealed."),
    ],
    [faq("a", "What does postage cost?", "We charge $4.50 for postage."), pol("s", "Postage", "Postage for bulky goods is $16.50.")],
    [faq("a", "Delivery?", "Delivery is free from €40."), pol("s", "Samples", "Free samples from €60.")],
    [faq("a", "Guarantee?", "You get a two-year guarantee."), pol("w", "Guarantee", "Frames have a guarantee of 10 years.")],
    [faq("a", "When does my parcel arrive?", "Within 2 days."), pol("s", "Returns", "Refunds arrive within 5 days.")],
    [faq("a", "退货", "收到商品后7天内可以退货", "zh"), pol("t", "退款", "退款将在15天内到账", "zh")],
    [faq("a", "邮费", "普通快递邮费8元", "zh"), pol("t", "运费", "顺丰快递运费18元", "zh")],
    [faq("a", "质保", "整机质保一年", "zh"), pol("t", "质保", "主板质保三年", "zh")],
    [faq("a", "发货", "24小时内发货", "zh"), pol("t", "预售", "预售商品15天内发货", "zh")],
    [faq("a", "会员", "会员满88元包邮", "zh"), pol("t", "运费", "满128元包邮", "zh")],
    [prod("Tent", "Packed it weighs 2.1 kg; the poles weigh 400 g.", [("Weight", "2.1 kg")])],
    [prod("Mug", "Bigger than our 300 ml mug.", [("Capacity", "350 ml")])],
    [prod("台灯", "灯罩高度15厘米，灯高45厘米。", [("高度", "45cm")], "zh")],
    [prod("Kettle 2 pack 1.7 L", "Each.", [("Capacity", "1.7 L")])],
    [prod("Backpack", "Laptop up to 15 inches. Height: 45 cm. Shoulder strap length 80 cm.", [("Height", "45 cm"), ("Length", "30 cm")])],
    [prod("Blender 600 W", "A 500 ml cup. The jar holds 1.5 L.", [("Power", "600 W"), ("Capacity", "1.5 L")])],
    [prod("Set", "Weight of each plate: 400 g.", [("Weight", "2.4 kg")])],
    [prod("床垫", "承重 200kg，厚度 20cm", [("重量", "30kg"), ("厚度", "20 厘米")], "zh")],
    [
        faq("a", "What if I do not like it?", "Return it within 45 days."),
        pol("r", "Returns", "Opened software must be returned within 3 days."),
    ],
    [faq("a", "Delivery?", "Delivery costs $9."), pol("s", "Delivery fees", "Saturday delivery costs $19.")],
    [faq("a", "Refund?", "We refund in 3 days."), pol("s", "Refunds", "Credit card refunds are visible after 14 days.")],
    [faq("a", "Warranty?", "6-month warranty."), pol("s", "Warranty", "Screens have a 3 month warranty.")],
    [faq("a", "换货", "15天内可换货", "zh"), pol("s", "退货", "7天内退货", "zh")],
    [faq("a", "退款", "退款5天内到账", "zh"), pol("s", "信用卡", "信用卡退款需要15天", "zh")],
    [faq("a", "Dispatch?", "We ship within 1 day."), pol("s", "Delivery", "Delivery takes 4 days from dispatch.")],
    [faq("a", "Cancel?", "Cancel within 12 hours."), pol("s", "Subscriptions", "Subscriptions can be cancelled with 30 days notice.")],
    [prod("Chair", "The cushion weighs 1 kg. It carries 120 kg.", [("Weight", "7.5 kg")])],
    [prod("水杯", "杯盖容量为100毫升，可当小杯。", [("容量", "350ml")], "zh")],
    [prod("Bag", "The strap is 120 cm long. Bag length 30 cm.", [("Length", "30 cm")])],
    [prod("Bike", "Weighs 12 kg including a 2 kg battery. The battery weighs 2 kg.", [("Weight", "12 kg")])],
    [faq("a", "How long is shipping?", "5 days"), faq("b", "How long is shipping by sea?", "40 days")],
    [faq("a", "Is it free?", "Yes, it is."), faq("b", "Is it free for students?", "No, only for teachers.")],
]


@pytest.mark.parametrize("documents", OPPOSED, ids=str)
def test_what_contradicts_is_found_with_both_places(documents: list[Document]) -> None:
    found = contradictions(documents)
    assert len(found) == 1
    for place in (found[0].first, found[0].second):
        assert place.key in {(document.kind, document.id) for document in documents}
        assert place.text
    assert found[0].sentence("en") != found[0].sentence("zh")
    assert found[0].as_json()["places"][0]["quote"]


@pytest.mark.parametrize("documents", AGREEING, ids=str)
def test_what_differs_for_a_reason_is_no_contradiction(documents: list[Document]) -> None:
    assert contradictions(documents) == []


@pytest.fixture(scope="module")
def demo() -> Iterator[list[Document]]:
    yield [document for result in read_files([DEMO]) for document in result.documents]


def test_the_demo_shop_contradicts_itself_nowhere(demo: list[Document]) -> None:
    assert contradictions(demo) == []
    assert coverage_of(demo).incomplete == ()


def test_one_changed_figure_in_the_demo_shop_is_found(demo: list[Document]) -> None:
    place = next(n for n, document in enumerate(demo) if document.id == "ret-days")
    body = demo[place].body
    assert isinstance(body, FaqEntry)
    for language, said in (("en", "30 days"), ("zh", "30 天")):
        assert said in body.answer[language]
        changed = replace(body, answer={**body.answer, language: body.answer[language].replace(said, said.replace("30", "14"))})
        shop = [*demo[:place], document_of(K.FAQ, body.id, "faq.csv", changed), *demo[place + 1 :]]
        found = contradictions(shop)
        assert found and all((K.FAQ, "ret-days") in (one.first.key, one.second.key) for one in found)
        assert any("14" in place.text and place.figure for one in found for place in (one.first, one.second))


def test_only_sources_of_the_answer_count_for_an_answer() -> None:
    documents = [
        faq("a", "How long is the warranty?", "The warranty is 2 years."),
        pol("w", "Warranty", "The warranty is 12 months."),
        faq("b", "Hours?", "9 to 5."),
    ]
    found = contradictions(documents)
    assert contradicting(found, {(K.FAQ, "a"), (K.POLICY, "w"), (K.FAQ, "b")}) == found != []
    assert contradicting(found, {(K.FAQ, "a"), (K.FAQ, "b")}) == []


def test_many_entries_are_compared_in_seconds() -> None:
    documents = [
        faq(f"f{n}", f"How long does delivery of model {n}x take to town {n % 97}?", f"It takes {n % 9 + 1} days.") for n in range(2000)
    ]
    started = time.perf_counter()
    contradictions(documents)
    assert time.perf_counter() - started < 15


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("within 30 days", [(TIME, 30, 30, "")]),
        ("3–5 business days", [(TIME, 3, 5, "working")]),
        ("5 个工作日内", [(TIME, 5, 5, "working")]),
        ("two or three days", [(TIME, 2, 3, "")]),
        ("两三天", []),
        ("from 15 November to 24 December, 11 月 15 日至 12 月 24 日, before 14:00, in 2026年", []),
        ("满 59 美元包邮", [(MONEY, 59, 59, "USD")]),
        ("$6.95, then USD 1,200.50", [(MONEY, 6.95, 6.95, "USD"), (MONEY, 1200.5, 1200.5, "USD")]),
        ("15 % off", [(SHARE, 15, 15, "")]),
        ("保修两年", [(TIME, 730.5, 730.5, "")]),
    ],
)
def test_figures(text: str, expected: list[tuple[str, float, float, str]]) -> None:
    assert [(one.kind, one.low, one.high, one.unit) for one in figures(text)] == expected


def test_coverage_says_what_is_missing_in_which_language() -> None:
    documents = [
        faq("a", {"en": "Fee?", "zh": "运费？"}, {"en": "Five."}),
        document_of(K.PRODUCT, "p", "p", Product("p", {"en": "Lamp"}, (Variant("p"),))),
        document_of(K.PRODUCT, "k", "p", Product("k", {"en": "KT-17 E"}, (Variant("k"),), {"en": "A kettle.", "zh": "水壶。"})),
        pol("returns.en.md", "Returns", "30 days."),
        pol("returns.zh.md", "退货", "30 天。", "zh"),
        pol("privacy.md", "Privacy", "We keep nothing.", "en"),
    ]
    coverage = coverage_of(documents, ("en", "zh-CN"))
    lacking = {(entry.kind, entry.id): dict(entry.missing) for entry in coverage.incomplete}
    assert lacking == {
        (K.FAQ, "a"): {"zh": ("answer",)},
        (K.PRODUCT, "p"): {"en": ("description",), "zh": ("title", "description")},
        (K.POLICY, "privacy"): {"zh": ("text",)},
    }
    assert coverage.fields["product.title"] == {"en": (2, 2), "zh": (1, 2)}
    assert coverage.as_json()["fields"]["policy.text"]["zh"] == {"there": 1, "wanted": 2}
