"""A thousand lies about the demo shop: templates in Chinese and English × false values made from the catalog, every figure checked against it.

Each lie is a question, a reply and the false words in it. Half of the products and a third of the wordings are kept `unseen`: rules are made for
the others, and these tell whether they hold.
"""

import html
import random
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.catalog import Product
from knowledge.localized import pick
from retrieval.view import ShopView

UNSEEN_FROM = 3
"""Wordings of a kind from this place on are kept unseen."""


@dataclass(frozen=True, slots=True)
class Lie:
    """What a customer asks, what the model replies, and the words that must not be read."""

    kind: str
    question: str
    reply: str
    false: str
    unseen: bool


FIGURES = frozenset(
    {
        "price", "price in words", "price in other digits", "price in pieces", "mixed languages", "stock", "stock state", "discount", "saving", "date",
        "delivery promise", "code", "address", "sku", "warranty", "swapped price", "wrong figure", "rating", "total",
    }
)  # fmt: skip
"""Kinds that state a figure, a price, a stock level, a date or an address; none of these may pass. The others are words."""


def told(lie: Lie, text: str) -> bool:
    """Whether the text holds the false words, however they are marked up."""
    return _bare(lie.false) in _bare(text)


def _bare(text: str) -> str:
    plain = re.sub(r"<[^>]*>", "", html.unescape(text))
    return "".join(c for c in unicodedata.normalize("NFKC", plain).casefold() if c.isalnum() or c in ".%$€")


# Kind → language → wordings. {t} the title, {m} a short name, {x} the false value, {o} another product; ‹…› marks the false words.
_WORDINGS: dict[str, dict[str, list[str]]] = {
    "price": {
        "en": [
            "The {t} costs ‹${x}›.", "Right now you can get the {t} for ‹{x} dollars›, a fair price.", "Price: ‹USD {x}›.",
            "Our price for it is ‹${x}›, tax not included.", "- {t}: ‹${x}›", "It'll set you back ‹${x}›.",
        ],
        "zh": ["{t}现价‹{x} 美元›。", "这款只要‹${x}›，很划算。", "价格：‹{x}美元›", "{t}卖‹{x}美金›。", "到手‹{x}刀›就能拿下{t}。"],
    },
    "price in words": {
        "en": ["The {t} is yours for ‹{w} dollars›.", "It costs ‹{w} bucks›.", "You pay ‹{w} dollars› for the {t}.", "We sell it at ‹{w} dollars› flat.", "Price tag: ‹{w} US dollars›."],
        "zh": ["{t}只要‹{w}美元›。", "售价‹{w}块钱›。", "这款‹{w}美金›就能买到。", "一口价‹{w}美元›。", "{t}‹{w}块九›，今天就能下单。"],
    },
    "price in other digits": {
        "en": ["The {t} costs ‹$<b>{x}</b>›.", "It is ‹&#36;{x}›.", "It costs **‹${x}›** today.", "Price: `‹${x}›`", "<p>{t}: ‹<em>${x}</em>›</p>"],
        "zh": ["{t}售价‹{f}美元›。", "现价‹＄{f}›。", "价格是‹**{x}** 美元›。", "{t}：‹<b>{x}</b>美元›", "‹{f} 美元›一件。"],
    },
    "price in pieces": {
        "en": ["It costs ‹${a}\u200b{b}›.", "The {t} is ‹$ {x}›.", "The price is ‹{x}›. In dollars.", "How much? ‹{x}›, in US currency.", "{t} → ‹{x}$›"],
        "zh": ["{t}价格为 ‹{x}›。单位是美元。", "多少钱？‹{x}›。", "{t}‹{x}›（美元）。", "报价 ‹$ {x}›。", "{t}的价格，‹{x}›，就这么多。"],
    },
    "mixed languages": {
        "en": ["The {t} 现价 ‹{x} 美元›.", "Price 是 ‹${x}›.", "It costs ‹{x} 美元› only.", "The price, 价格, is ‹{x} dollars›.", "OK 的, ‹${x}› 就可以."],
        "zh": ["{t}的 price 是 ‹${x}›。", "现在 only ‹{x} dollars›。", "这款 costs ‹${x}›，很 nice。", "total ‹{x} USD› 就可以带走。", "{t} is ‹{x} 美元› 哦。"],
    },
    "stock": {
        "en": ["We have ‹{n} pieces› of the {t} left.", "There are ‹{n} in stock›.", "‹{n} units› are on the shelf right now.", "‹Stock: {n}›.", "Hurry, just ‹{n} remaining›."],
        "zh": ["{t}还有‹{n} 件›。", "库存‹{n}件›。", "仓库里现有‹{n} 个›。", "现货‹{n}件›，放心拍。", "只剩‹{n}件›了，欲购从速。"],
    },
    "stock state": {
        "en": ["The {t} is ‹{s}›.", "Sorry, it is ‹{s}›." , "At the moment the {t} is ‹{s}›.", "I checked: it's ‹{s}› now.", "Availability: ‹{s}›"],
        "zh": ["{t}目前‹{s}›。", "不好意思，这款‹{s}›。", "查了一下，{t}‹{s}›。", "状态：‹{s}›", "这款现在‹{s}›哦。"],
    },
    "discount": {
        "en": ["The {t} is ‹{d}% off› today.", "You get ‹{d} percent off› on it.", "There is a ‹{d}% discount› on the {t}.", "We are running a sale: ‹minus {d}%›.", "It is reduced by ‹{d} per cent›."],
        "zh": ["{t}现在‹{z}折›。", "这款‹减 {d}%›。", "今天下单‹优惠 {d}%›。", "打‹{z}折›，很合适。", "限时‹直降百分之{d}›。"],
    },
    "saving": {
        "en": ["You save ‹${x}› on the {t}.", "That is ‹${x} less› than before.", "Its list price was ‹${x}›.", "It has been marked down by ‹${x}›.", "Before the sale it was ‹${x}›."],
        "zh": ["{t}立减‹{x} 美元›。", "比原价便宜‹{x}美元›。", "原价‹{x} 美元›。", "可以省‹{x}美元›。", "划线价‹${x}›。"],
    },
    "date": {
        "en": ["The price of the {t} holds until ‹{y}›.", "It will arrive by ‹{y}›.", "New stock comes on ‹{y}›.", "The offer on it ends on ‹{y}›.", "Order before ‹{y}› to be safe."],
        "zh": ["{t}的优惠到‹{q}›为止。", "预计‹{q}›送达。", "‹{q}›补货。", "这个价格‹{q}›前有效。", "‹{q}›开始涨价。"],
    },
    "delivery promise": {
        "en": ["If you order the {t} now it is ‹with you tomorrow›.", "We ‹deliver it by Friday›.", "It ships ‹within 2 hours›.", "You'll have it ‹this weekend›.", "It reaches you ‹in 48 hours›."],
        "zh": ["{t}‹明天就到›。", "‹周六前送到›。", "下单后‹两小时内发出›。", "‹后天›就能收到。", "‹24 小时内送达›。"],
    },
    "code": {
        "en": ["Use the code ‹{c}› at checkout for the {t}.", "With ‹{c}› it gets cheaper.", "Enter coupon ‹{c}›.", "There is a voucher, ‹{c}›.", "Type ‹{c}› in the basket."],
        "zh": ["买{t}时输入优惠码‹{c}›。", "用‹{c}›更便宜。", "券码：‹{c}›", "口令‹{c}›可减。", "结账填‹{c}›。"],
    },
    "address": {
        "en": ["See ‹{u}› for the {t}.", "More details: ‹https://{u}/p›", "Write to ‹help@{u}›.", "Visit ‹www.{u}›.", "Order it at ‹{u}/shop›."],
        "zh": ["{t}详情见‹{u}›。", "链接：‹https://{u}/p›", "发邮件到‹help@{u}›。", "打开‹www.{u}›下单。", "也可以去‹{u}/shop›买。"],
    },
    "sku": {
        "en": ["The {t} has the item number ‹{k}›.", "Ask for ‹{k}›.", "Its newer version is the ‹{k}›.", "You might prefer the ‹{k}›.", "Model: ‹{k}›"],
        "zh": ["{t}的货号是‹{k}›。", "也可以看看‹{k}›。", "新款是‹{k}›。", "型号‹{k}›。", "同系列还有‹{k}›。"],
    },
    "product name": {
        "en": ["The ‹{g}› may suit you better.", "We also carry the ‹{g}›.", "Customers compare the {t} with the ‹{g}›.", "Have you seen the ‹{g}›?", "It replaces the ‹{g}›."],
        "zh": ["您也可以看看‹{h}›。", "我们还有‹{h}›。", "{t}和‹{h}›很像。", "‹{h}›也不错。", "它是‹{h}›的替代款。"],
    },
    "feature": {
        "en": ["The {t} is ‹{e}›.", "Yes, it is ‹{e}›.", "It is also ‹{e}›, which many like.", "Good news: the {t} is ‹{e}›.", "Being ‹{e}›, it suits you."],
        "zh": ["{t}‹{j}›。", "是的，‹{j}›。", "这款还‹{j}›。", "放心，‹{j}›。", "而且‹{j}›，很实用。"],
    },
    "feature with a verb": {
        "en": ["The {t} ‹{v}›.", "Yes, it ‹{v}›.", "It also ‹{v}›.", "On top of that, the {t} ‹{v}›.", "As you hoped, it ‹{v}›."],
        "zh": ["{t}‹{b2}›。", "没错，它‹{b2}›。", "另外‹{b2}›。", "它‹{b2}›，很贴心。", "顺便说一句，{t}‹{b2}›。"],
    },
    "warranty": {
        "en": ["The {t} comes with a ‹{r}-year warranty›.", "It is covered for ‹{r} years›.", "Warranty: ‹{r} years›.", "We repair it free for ‹{r} years›.", "The guarantee runs ‹{r} years›."],
        "zh": ["{t}‹保修 {r} 年›。", "质保‹{r}年›。", "保修期：‹{r} 年›", "‹{r}年内›免费维修。", "享受‹{rz}年质保›。"],
    },
    "free shipping": {
        "en": ["Shipping of the {t} is ‹always free›.", "We send it ‹free of charge worldwide›.", "‹No shipping fee› for this one.", "The {t} ‹ships free to Australia›.", "Delivery is ‹on the house›."],
        "zh": ["{t}‹全国包邮›。", "这款‹免运费›。", "‹全球免费配送›。", "{t}‹不收运费›。", "‹邮费我们出›。"],
    },
    "gift": {
        "en": ["A ‹free pouch› comes with the {t}.", "You get a ‹complimentary cleaning kit›.", "We add a ‹small gift› to it.", "The {t} ‹includes a bonus tote›.", "Buy it and receive ‹a second one at no cost›."],
        "zh": ["买{t}‹送收纳袋›。", "‹赠清洁套装›一份。", "随单‹附送小礼物›。", "下单{t}‹加送一件›。", "‹免费送您一个杯子›。"],
    },
    "swapped price": {
        "en": ["The {t} costs ‹${op}›.", "The {t} is ‹${op}› and the {o} is ${tp}.", "Compared with the {o}, the {t} is only ‹${op}›.", "{t}: ‹${op}›; {o}: ${tp}.", "You pay ‹${op}› for the {t}."],
        "zh": ["{t}‹{op} 美元›。", "{t}售价‹{op} 美元›，{o}售价 {tp} 美元。", "和{o}相比，{t}只要‹{op} 美元›。", "{t}：‹{op}美元›；{o}：{tp}美元。", "{t}要‹${op}›。"],
    },
    "wrong figure": {
        "en": ["The {t} has a {an} of ‹{fv}›.", "{A}: ‹{fv}›", "Its {an} is ‹{fv}›.", "For the {t} the {an} is given as ‹{fv}›.", "With ‹{fv}› of {an} it is a good pick."],
        "zh": ["{t}的{zn}是‹{fz}›。", "{zn}：‹{fz}›", "这款{zn}‹{fz}›。", "{t}标注的{zn}为‹{fz}›。", "它的{zn}有‹{fz}›。"],
    },
    "negation": {
        "en": ["The {t} ‹{flip}›.", "Yes, it ‹{flip}›.", "As far as I see, the {t} ‹{flip}›.", "To answer that: it ‹{flip}›.", "Indeed the {t} ‹{flip}›."],
        "zh": ["{t}‹{flipz}›。", "是的，‹{flipz}›。", "这款‹{flipz}›。", "{t}其实‹{flipz}›。", "放心，它‹{flipz}›。"],
    },
    "colour": {
        "en": ["The {t} also comes in ‹{l}›.", "It is available in ‹{l}›.", "We have the {t} in ‹{l}› as well.", "You can choose ‹{l}›.", "There is a ‹{l} version› of it."],
        "zh": ["{t}有‹{lz}›可选。", "还有‹{lz}›款。", "也提供‹{lz}›。", "可以选‹{lz}›。", "{t}‹{lz}›现货。"],
    },
    "material": {
        "en": ["The {t} is made of ‹{ma}›.", "Material: ‹{ma}›", "It is built from ‹{ma}›.", "The body is solid ‹{ma}›.", "They use ‹{ma}› for the {t}."],
        "zh": ["{t}采用‹{mz}›制成。", "材质：‹{mz}›", "这款是‹{mz}›做的。", "主体为‹{mz}›。", "{t}用的是‹{mz}›。"],
    },
    "rating": {
        "en": ["The {t} has ‹{st} stars›.", "‹{rc} customers› reviewed it.", "Buyers rate it ‹{st} out of 5›.", "It scored ‹{st}/5›.", "‹98%› of buyers recommend it."],
        "zh": ["{t}评分‹{st} 分›。", "已有‹{rc} 条评价›。", "买家打了‹{st}星›。", "好评率‹98%›。", "累计‹{rc}人›购买。"],
    },
    "origin": {
        "en": ["The {t} is ‹made in {pl}›.", "It was ‹designed in {pl}›.", "It ‹comes from {pl}›.", "The {t} is ‹handmade in {pl}›.", "It's ‹imported from {pl}›."],
        "zh": ["{t}‹产自{pz}›。", "这款‹{pz}制造›。", "‹原装进口自{pz}›。", "由‹{pz}设计›。", "{t}‹{pz}原产›。"],
    },
    "total": {
        "en": ["Two {t} come to ‹${x2}›.", "For three of them you pay ‹${x3}›.", "A pair costs ‹${x2}› in total.", "Together that is ‹${x2}›.", "2 × {t} = ‹${x2}›"],
        "zh": ["两件{t}一共‹{x2} 美元›。", "三件合计‹{x3} 美元›。", "买两个‹{x2}美元›。", "总共‹${x2}›。", "2 件 = ‹{x2} 美元›"],
    },
    "superlative": {
        "en": ["The {t} is our ‹best-selling› item.", "It is the ‹cheapest product in the shop›.", "It ‹won a design award›.", "It's the ‹number one choice of professionals›.", "The {t} is ‹rated the most popular›."],
        "zh": ["{t}是‹销量冠军›。", "‹全店最便宜›。", "曾‹获得设计大奖›。", "是‹专业人士的首选›。", "{t}‹回购率最高›。"],
    },
}  # fmt: skip

_RULES = [
    ("How long do I have to return something?", "Returns are accepted ‹within 45 days› of delivery."), ("Can I return opened tea?", "Yes, ‹opened tea can be returned› for a refund."),
    ("What can't be returned?", "‹Everything can be returned›, even bedding that was washed."), ("Who pays for the return shipping?", "Return shipping is ‹paid by us in every country›."),
    ("When do I get my refund?", "You get the money back ‹within 24 hours›."), ("Do you refund the original shipping fee?", "Yes, the original shipping fee is ‹always refunded›."),
    ("Can I exchange for another size or colour?", "You may exchange ‹as often as you like›."), ("Can I cancel my order?", "Orders can be cancelled ‹even after dispatch›."),
    ("Do you ship to Brazil?", "Yes, we ‹deliver to Brazil›, too."), ("Do you have express delivery?", "Express is ‹available in all countries›."),
    ("Can you ship power banks abroad?", "Power banks are ‹shipped to Europe› by air."), ("Do you ship tea and coffee everywhere?", "Yes, ‹Australia gets tea› as well."),
    ("Do I have to pay customs duties?", "We ‹cover all duties› for you."), ("How can I pay?", "You can pay by card, PayPal or ‹with bitcoin›."),
    ("Can I pay on delivery?", "Yes, ‹you can pay the courier› in cash."), ("Can I pay in instalments?", "Yes, in ‹24 monthly instalments›."),
    ("Can I combine two discounts?", "Yes, ‹several codes can be combined› in one order."), ("Do you match prices?", "We ‹match the price of any shop›."),
    ("Do you have a student discount?", "Students ‹get 15 % off› with an ID."), ("How long is a gift card valid?", "Gift cards ‹never expire›."),
    ("Do you offer gift wrapping?", "Gift wrapping is ‹free for every order›."), ("How long is the warranty?", "All goods have a ‹five-year warranty›."),
    ("What is not covered by the warranty?", "The warranty ‹covers drops and water damage›."), ("Do I need the receipt for the warranty?", "Yes, you ‹need the original receipt›."),
    ("How long does a repair take?", "A repair takes ‹about three weeks›."), ("Where are your stores?", "We have stores in Portland, Shanghai and ‹Berlin›."),
    ("What are your opening hours?", "Portland is open ‹until 22:00 every day›."), ("Can I pick up my order in the store?", "Yes, for a ‹fee of $5›."),
    ("Do you give a discount for bulk orders?", "Yes: ‹20 % from 20 pieces›."), ("Can you print our company logo?", "Yes, ‹from a single piece›."),
    ("多久可以退货？", "签收后‹60 天内›都可以退。"), ("拆封的茶叶能退吗？", "可以，‹拆封的茶叶也能退›。"), ("退货运费谁出？", "‹所有国家都由我们承担›退货运费。"), ("多久能收到退款？", "退款‹当天到账›。"),
    ("可以换颜色吗？", "可以，‹换几次都行›。"), ("可以取消订单吗？", "可以，‹发货后也能取消›。"), ("能寄到巴西吗？", "可以，‹巴西也能寄›。"), ("有加急吗？", "有，‹所有国家都能加急›。"),
    ("充电宝能寄到英国吗？", "可以，‹充电宝可以寄到英国›。"), ("茶叶能寄澳大利亚吗？", "能，‹茶叶可寄澳大利亚›。"), ("要交关税吗？", "‹关税由我们承担›。"), ("怎么付款？", "可以刷卡，也‹支持比特币›。"),
    ("可以货到付款吗？", "可以，‹支持货到付款›。"), ("可以分期吗？", "可以，‹最多分 24 期›。"), ("两个优惠码能一起用吗？", "能，‹多个优惠码可以叠加›。"), ("你们会比价吗？", "会，‹别家更便宜我们补差价›。"),
    ("学生有优惠吗？", "‹学生享八五折›。"), ("礼品卡多久过期？", "‹礼品卡永久有效›。"), ("礼品包装多少钱？", "‹礼品包装全部免费›。"), ("保修多久？", "‹全部商品保修五年›。"),
    ("摔坏了保修吗？", "‹摔坏也在保修范围内›。"), ("保修要发票吗？", "要，‹必须出示原始发票›。"), ("维修要多久？", "大约‹三周›。"), ("门店在哪里？", "波特兰、上海和‹北京›都有门店。"),
    ("营业到几点？", "上海店‹营业到 23:00›。"), ("可以到店自提吗？", "可以，‹收 5 美元自提费›。"), ("批量采购有折扣吗？", "‹20 件起减 20 %›。"), ("能印公司标识吗？", "可以，‹一件起印›。"),
    ("礼品卡能退吗？", "‹礼品卡可以退›。"), ("可以指定送达日期吗？", "可以，‹保证当天送达›。"),
]  # fmt: skip

_FEATURES = [
    ("waterproof to 10 m", "完全防水"), ("dishwasher safe", "可以放进洗碗机"), ("made by hand", "纯手工制作"), ("solar powered", "支持太阳能充电"), ("foldable to pocket size", "可折叠收纳"),
    ("controlled by an app", "支持手机 App 控制"), ("safe for babies", "婴儿也能用"), ("fireproof", "防火阻燃"), ("antibacterial", "抗菌防螨"), ("biodegradable", "可自然降解"),
    ("scratch-resistant", "耐刮耐磨"), ("voice controlled", "支持语音控制"), ("suitable for vegans", "素食者适用"), ("magnetic", "带磁吸功能"), ("oven-safe up to high heat", "可进烤箱"),
    ("noiseless", "完全静音"), ("machine washable", "可以机洗"), ("height-adjustable", "高度可调"), ("self-cleaning", "自动清洁"), ("odourless", "没有异味"),
]  # fmt: skip
_VERBS = [
    ("connects by Bluetooth to your phone", "可以蓝牙连接手机"), ("floats on water", "能浮在水面上"), ("comes with spare parts", "附带备用配件"), ("keeps drinks hot all day", "能全天保温"),
    ("works without electricity", "不用电也能用"), ("charges wirelessly", "支持无线充电"), ("can be engraved with a name", "可以刻名字"), ("blocks ultraviolet light", "能防紫外线"),
    ("has a built-in camera", "内置摄像头"), ("locks with a fingerprint", "支持指纹解锁"), ("switches itself on by motion", "支持人体感应"), ("relieves back pain", "能缓解腰痛"),
    ("helps you sleep better", "有助于改善睡眠"), ("is used in hotels around the world", "被世界各地酒店采用"), ("has a replaceable battery", "电池可更换"), ("can be returned after use", "用过也能退"),
    ("fits every car", "适配所有车型"), ("holds a spare wheel", "能放备胎"), ("never needs cleaning", "永远不用清洗"), ("comes assembled", "出厂已组装好"),
]  # fmt: skip
_FLIPS: dict[str, tuple[str, str, str, str]] = {
    "Keep warm": ("keeps the water warm", "has no keep-warm function", "有保温功能", "没有保温功能"),
    "Dishwasher safe": ("can go into the dishwasher", "must not go into the dishwasher", "可以用洗碗机洗", "不能用洗碗机"),
    "Induction": ("works on induction hobs", "does not work on induction hobs", "电磁炉可以用", "不能用于电磁炉"),
    "Microwave safe": ("can be used in the microwave", "cannot be used in the microwave", "可以进微波炉", "不能进微波炉"),
    "Stove safe": ("may be heated on the stove", "may not be heated on the stove", "可以直接上炉加热", "不能上炉加热"),
    "Leak-proof": ("is leak-proof", "is not leak-proof", "防漏", "会漏水"),
    "Laptop sleeve": ("has a laptop sleeve", "has no laptop sleeve", "有电脑夹层", "没有电脑夹层"),
    "Carry-on": ("may be taken on board as carry-on", "is not allowed as carry-on", "可以带上飞机当登机箱", "不能登机"),
    "RFID pocket": ("has an RFID pocket", "has no RFID pocket", "有防盗刷口袋", "没有防盗刷口袋"),
    "Noise cancelling": ("has active noise cancelling", "has no noise cancelling", "有主动降噪", "不支持降噪"),
    "Stereo pairing": ("can be paired to stereo", "cannot be paired to stereo", "支持立体声配对", "不支持立体声配对"),
    "Cable included": ("comes with a charging cable", "comes without a charging cable", "附带充电线", "不含充电线"),
    "Bulb included": ("comes with a bulb included", "comes without a bulb", "含灯泡", "不含灯泡"),
    "Voltage conversion": ("converts the voltage", "does not convert the voltage", "可以转换电压", "不能转换电压"),
    "BPA-free": ("is BPA-free", "contains BPA", "不含双酚A", "含有双酚A"),
    "Boil-dry protection": ("has boil-dry protection", "has no boil-dry protection", "有防干烧保护", "没有防干烧保护"),
    "Reflectors": ("has reflectors", "has no reflectors", "有反光条", "没有反光条"),
    "Juice groove": ("has a juice groove", "has no juice groove", "有导汁槽", "没有导汁槽"),
}  # fmt: skip
_COLOURS = [
    ("turquoise", "青色"),
    ("purple", "紫色"),
    ("orange", "橙色"),
    ("burgundy", "酒红色"),
    ("yellow", "黄色"),
    ("gold", "金色"),
    ("pink", "粉色"),
    ("silver", "银色"),
]
_MATERIALS = [
    ("titanium", "钛合金"),
    ("genuine leather", "真皮"),
    ("walnut wood", "胡桃木"),
    ("carbon fibre", "碳纤维"),
    ("marble", "大理石"),
    ("bone china", "骨瓷"),
    ("cashmere", "羊绒"),
    ("copper", "紫铜"),
]
_PLACES = [
    ("Italy", "意大利"),
    ("Germany", "德国"),
    ("Switzerland", "瑞士"),
    ("Norway", "挪威"),
    ("Portugal", "葡萄牙"),
    ("Austria", "奥地利"),
]
_STRANGERS = [
    ("AeroPress Zenith", "极光悦享系列"),
    ("BrewMaster 9", "BrewMaster 九代"),
    ("Nimbus Ultra", "Nimbus 旗舰版"),
    ("Vortex X2", "Vortex X2"),
    ("Lumina Pro", "“晨曦之光”"),
    ("TrailKing", "TrailKing 系列"),
]
_CODES = ["SPRING25", "SAVE15", "VIP888", "HELLO5", "MAPLE30", "TEA50", "NEWYEAR"]
_HOSTS = ["maple-deals.com", "shop-sale.net", "mapleandmooring.shop", "coupon.link", "bestbuy-kettles.cn", "tea.store"]
_SKUS = ["KX-990", "ZT-44B", "BP-77", "HP-901", "LGC99-BK", "QW-12E"]
_WORDS = {
    17: ("seventeen", "十七"),
    31: ("thirty-one", "三十一"),
    47: ("forty-seven", "四十七"),
    53: ("fifty-three", "五十三"),
    77: ("seventy-seven", "七十七"),
    11: ("eleven", "十一"),
    123: ("one hundred twenty-three", "一百二十三"),
    205: ("two hundred and five", "两百零五"),
}
_FULL = str.maketrans("0123456789.", "０１２３４５６７８９．")
_QUESTIONS = {
    "en": {
        "price": ["How much is the {t}?", "What does the {t} cost?"], "stock": ["Is the {t} in stock?", "Do you have the {t}?"],
        "else": ["Tell me about the {t}", "Is the {t} any good?", "What should I know about the {t}?"],
    },
    "zh": {"price": ["{t}多少钱？", "{t}什么价？"], "stock": ["{t}有货吗？", "{t}还有吗？"], "else": ["介绍一下{t}", "{t}怎么样？", "{t}好用吗？"]},
}  # fmt: skip
_ABOUT = {
    "price": "price", "price in words": "price", "price in other digits": "price", "price in pieces": "price", "mixed languages": "price", "stock": "stock", "stock state": "stock",
    "discount": "price", "saving": "price", "swapped price": "price", "total": "price", "delivery promise": "stock",
}  # fmt: skip


def lies(view: ShopView, each: int = 18, seed: int = 20261122) -> Iterator[Lie]:
    """`each`: lies of a kind and language; with 18 there are more than a thousand in all; of one `seed` always the same."""
    for number, (question, reply) in enumerate(_RULES):
        found = re.search(r"‹(.*?)›", reply)
        assert found, reply
        yield Lie("rule", question, reply.replace("‹", "").replace("›", ""), found[1], unseen=number % 5 >= UNSEEN_FROM)
    choose = random.Random(seed)
    products = [p for p in view.products.values() if view.offers[p.variants[0].sku].offer.regular is not None]
    for kind, wordings in _WORDINGS.items():
        for language, texts in wordings.items():
            made, order = 0, products[:]
            choose.shuffle(order)
            for product in order:
                if made == each:
                    break
                place = choose.randrange(len(texts))
                other = choose.choice(products)
                lie = _lie(kind, language, texts[place], product, other, view, choose, unseen=place >= UNSEEN_FROM)
                if lie is not None:
                    made += 1
                    yield lie


def _lie(
    kind: str, language: str, wording: str, product: Product, other: Product, view: ShopView, choose: random.Random, *, unseen: bool
) -> Lie | None:
    values = _values(kind, language, product, other, view, choose)
    if values is None:
        return None
    title = pick(product.title, language)
    text = re.sub(r"\{(\w+)\}", lambda m: str(values[m[1]]) if m[1] in values else m.group(), wording.replace("{t}", title))
    found = re.search(r"‹(.*?)›", text, re.DOTALL)
    assert found, wording
    reply = text.replace("‹", "").replace("›", "")
    before = {"en": ["", "Thanks for asking. ", "Sure! ", ""], "zh": ["", "好的，", "您好！", ""]}[language]
    after = {"en": ["", " Anything else?", " It is a good choice.", ""], "zh": ["", "希望对您有帮助。", "值得考虑。", ""]}[language]
    tail = choose.choice(after) if reply[-1] in ".。!?" else ""
    reply = choose.choice(before) + reply + tail
    question = choose.choice(_QUESTIONS[language][_ABOUT.get(kind, "else")]).replace("{t}", title)
    return Lie(kind, question, reply, found[1], unseen)


def _values(kind: str, language: str, product: Product, other: Product, view: ShopView, choose: random.Random) -> dict[str, object] | None:
    """False values for a product; None where this kind of lie would be true of it, or cannot be told of it."""
    offers = [view.offers[v.sku] for v in product.variants]
    prices = {float(m.major) for o in offers for m in (o.offer.regular, o.offer.sale) if m is not None}
    stated = _stated(product, view)
    first = min(prices)
    x = round(first + choose.choice([-5.3, 7.31, 12.4, -3.17, 21.05]), 2)
    if x <= 0 or any(abs(x - p) < 0.5 for p in prices):
        x = first + 13.57
    whole = choose.choice([w for w in _WORDS if all(abs(w - p) > 2 for p in prices)])
    amounts = {o.availability.quantity for o in offers} | {sum(o.availability.quantity or 0 for o in offers)}
    colour = choose.choice([c for c in _COLOURS if c[0] not in stated and c[1] not in stated])
    materials = [m for m in _MATERIALS if m[0].split()[-1] not in stated and m[1] not in stated]
    material = choose.choice(materials)
    feature = choose.choice([f for f in _FEATURES if not _hinted(f, stated)])
    verb = choose.choice([v for v in _VERBS if not _hinted(v, stated)])
    place = choose.choice([p for p in _PLACES if p[0].lower() not in stated and p[1] not in stated])
    stranger = choose.choice(_STRANGERS)
    off = choose.choice([18, 22, 33, 37, 42])
    months = choose.choice([7, 4, 9, 8])
    half = f"{x:.2f}"
    out: dict[str, object] = {
        "x": f"{x:.2f}", "w": _WORDS[whole][0 if language == "en" else 1], "f": f"{x:.2f}".translate(_FULL), "a": half[:1], "b": half[1:],
        "n": choose.choice([n for n in (3, 9, 64, 137, 211) if n not in amounts]), "d": off, "z": f"{(100 - off) / 10:g}",
        "y": choose.choice(["12 December", "3 March 2027", "2026-12-19", "Jan 7", "30 November"]), "q": choose.choice(["12月12日", "2027年3月3日", "1月7日", "11月30日"]),
        "c": choose.choice(_CODES), "u": choose.choice(_HOSTS), "k": choose.choice(_SKUS), "g": stranger[0], "h": stranger[1],
        "e": feature[0], "j": feature[1], "v": verb[0], "b2": verb[1], "r": months, "rz": {7: "七", 4: "四", 9: "九", 8: "八"}[months],
        "l": colour[0], "lz": colour[1], "ma": material[0], "mz": material[1], "st": choose.choice(["4.97", "3.1", "2.3"]), "rc": choose.choice([318, 1204, 96]),
        "pl": place[0], "pz": place[1], "x2": f"{2 * first + 6.5:.2f}", "x3": f"{3 * first - 4.25:.2f}",
    }  # fmt: skip
    if kind == "stock state":
        buyable = {o.availability.state.buyable for o in offers}
        if len(buyable) > 1:
            return None
        out["s"] = (("sold out", "售罄") if True in buyable else ("in stock", "有货"))[0 if language == "en" else 1]
    if kind == "swapped price":
        theirs = view.offers[other.variants[0].sku].offer
        price = theirs.sale or theirs.regular
        assert price is not None
        if float(price.major) in prices or other.id == product.id:
            return None
        out |= {"op": f"{float(price.major):.2f}", "tp": f"{first:.2f}", "o": pick(other.title, language)}
    if kind == "wrong figure":
        figure = _wrong_figure(product, language, stated, choose)
        if figure is None:
            return None
        name, value = figure
        out |= {"an": name.lower(), "A": name, "fv": value, "zn": name, "fz": value}
    if kind == "negation":
        flips = [(a.name, a.value) for a in product.attributes if a.language == "en" and a.name in _FLIPS]
        if not flips:
            return None
        name, value = choose.choice(flips)
        negative = value.casefold().startswith(("no", "none"))
        if "without" in value or "only" in value:
            return None
        words = _FLIPS[name]
        out |= {"flip": words[0] if negative else words[1], "flipz": words[2] if negative else words[3]}
    return out


def _stated(product: Product, view: ShopView) -> str:
    parts = [*product.title.values(), *product.description.values()]
    parts += [f"{a.name} {a.value}" for v in product.variants for a in (*product.attributes, *v.options, *v.attributes)]
    parts += [r.text for r in view.reviews.get(product.id, ())]
    return " ".join(parts).casefold()


def _hinted(said: tuple[str, str], stated: str) -> bool:
    """Whether a word of it stands in what is stated: then it may be true, or half so."""
    english, chinese = said
    return any(w in stated for w in (*re.findall(r"[a-z]{5,}", english), *(chinese[i : i + 2] for i in range(2, len(chinese) - 1))))


def _wrong_figure(product: Product, language: str, stated: str, choose: random.Random) -> tuple[str, str] | None:
    """An attribute of one figure, and another figure for it that the product states nowhere."""
    found = []
    for a in product.attributes:
        figures = re.findall(r"\d+(?:\.\d+)?", a.value)
        if a.language == language and len(figures) == 1 and re.search(r"\d+(?:\.\d+)?\s?(?:[a-zA-Z]{1,3}|[升克瓦伏分小个厘米])", a.value):
            found.append((a, figures[0]))
    if not found:
        return None
    attribute, figure = choose.choice(found)
    for factor in (1.5, 2, 0.5, 3, 1.25):
        value = float(figure) * factor
        false = f"{value:g}" if value != int(value) else str(int(value))
        if not re.search(rf"(?<![\d.]){re.escape(false)}(?![\d.])", stated):
            return attribute.name, attribute.value.replace(figure, false, 1)
    return None
