"""A small bilingual shop that the composer's tests talk with."""

from datetime import UTC, datetime
from decimal import Decimal

from knowledge.promotion import Promotion
from tests.builders import a_faq, a_policy, a_product, a_review, a_shop, a_variant, a_view, money

KETTLE = a_product(
    "kt-17e",
    "Hearthquill KT-17E Electric Kettle | Hearthquill KT-17E 电热水壶",
    a_variant("KT17E-BK", options={"Colour": "Black", "颜色": "黑色"}, price="49.99 USD", sale="39.99 USD", stock=42),
    a_variant("KT17E-RD", options={"Colour": "Red", "颜色": "红色"}, price="49.99 USD", sale="39.99 USD", stock=0),
    brand="Hearthquill",
    category="Kitchen > Kettles | 厨房 > 水壶",
    goes_with=("MUG-1",),
    description="A family kettle with a seamless steel interior, so the water touches no plastic. It switches itself off when it boils."
    " | 家用大容量电热水壶，内胆一体无缝，水不接触塑料。水开自动断电。",
    attributes={
        "Weight": "1.1 kg",
        "重量": "1.1 kg",
        "Material": "304 stainless steel",
        "材质": "304 不锈钢",
        "Dishwasher safe": "No, wipe clean",
        "可用洗碗机": "否，擦拭即可",
        "Waterproof rating": "IPX4",
        "防水等级": "IPX4",
        "Warranty": "24 months",
        "保修期": "24 个月",
    },
)
DAYPACK = a_product(
    "bp-22",
    "Kestrelway BP-22 City Backpack | Kestrelway BP-22 都市双肩包",
    a_variant("BP22-S", options={"Size": "S", "尺码": "S"}, price="69.00 USD", stock=3),
    a_variant("BP22-L", options={"Size": "L", "尺码": "L"}, price="79.00 USD", stock=12),
    brand="Kestrelway",
    category="Bags > Backpacks | 箱包 > 双肩包",
    description="A slim everyday pack with a padded sleeve for laptops. Stands upright on the office floor."
    " | 轻薄的日常双肩包，带电脑夹层。放在办公室地上也能立住。",
    attributes={
        "Weight": "780 g",
        "重量": "780 g",
        "Capacity": "22 L",
        "容量": "22 L",
        "Material": "Recycled polyester",
        "材质": "再生聚酯纤维",
        "Laptop size": "Up to 14 inches",
        "适用电脑": "14 英寸以内",
    },
)
TRAVELPACK = a_product(
    "bp-38",
    "Kestrelway BP-38 Travel Backpack | Kestrelway BP-38 旅行双肩包",
    price="119.00 USD",
    stock=0,
    brand="Kestrelway",
    category="Bags > Backpacks | 箱包 > 双肩包",
    description="Opens like a suitcase and fits under most cabin bins. | 像行李箱一样全开，适合短途出差。",
    attributes={
        "Weight": "1.3 kg",
        "重量": "1.3 kg",
        "Capacity": "38 L",
        "容量": "38 L",
        "Material": "Full-grain leather",
        "材质": "头层牛皮",
        "Rain cover": "Included",
        "防雨罩": "附带",
    },
)
MUG = a_product("mug-1", "Mistvale Stoneware Mug | Mistvale 粗陶杯", price=None, stock=None, category="Kitchen > Mugs | 厨房 > 杯子")
STALL = a_view(
    KETTLE,
    DAYPACK,
    TRAVELPACK,
    MUG,
    shop=a_shop(
        settings={
            "greeting": {"en": "Welcome to the stall.", "zh": "欢迎光临小铺。"},
            "quick_replies": {"en": ["Which kettle is the quietest?"], "zh": ["哪款水壶最安静？"]},
            "hours": {"text": {"en": "Colleagues are here from 9:00 to 18:00.", "zh": "人工客服 9:00–18:00 在线。"}},
            "contact_email": "hello@stall.example",
        }
    ),
    faq=[
        a_faq(
            "ship",
            "How much is shipping? | 运费多少？",
            "Standard shipping is $6.95, free from $59. | 运费 6.95 美元，满 59 美元包邮。",
            approved=True,
        ),
        a_faq("gift", "Do you wrap gifts?", "Yes, for $4.50."),
    ],
    policies=[
        a_policy("returns.en.md", "returns", ("Return period", "You may return unused goods within 30 days of delivery.")),
        a_policy("returns.zh.md", "returns", ("退货期限", "签收后 30 天内可以退货。"), language="zh"),
    ],
    reviews=[
        a_review("r1", "KT17E-BK", "Boils a full pot in no time.", 5),
        a_review("r2", "KT17E-BK", "The lid came loose after a week.", 2),
    ],
    promotions=[
        Promotion(
            "KETTLE15",
            {"en": "15 % off kettles", "zh": "水壶减 15 %"},
            {"en": "15 % off all kettles with the code KETTLE15.", "zh": "使用优惠码 KETTLE15，水壶减 15 %。"},
            percent_off=Decimal(15),
            categories=("Kitchen > Kettles",),
            ends=datetime(2027, 1, 1, tzinfo=UTC),
        ),
        Promotion(
            "BIG20", {"en": "$20 off from $150", "zh": "满 150 美元减 20 美元"}, amount_off=money("20 USD"), minimum=money("150 USD")
        ),
        Promotion("OLD25", {"en": "25 % off bags", "zh": "箱包减 25 %"}, percent_off=Decimal(25), ends=datetime(2025, 8, 31, tzinfo=UTC)),
    ],
)
