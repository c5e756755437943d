"""What people avoid, with the words under which goods hold it: milk for somebody who bears no lactose.

The families are the substances that food labels must name in the EU (Regulation 1169/2011, annex II) and what cosmetics and textiles are
most often avoided for.
"""

_FAMILIES = tuple(
    frozenset(row.split())
    for row in (
        "dairy lactose milk whey casein butter cream cheese 乳糖 牛奶 牛乳 乳清 乳制品 奶制品 奶粉 奶油",
        "gluten wheat barley rye spelt oats 麸质 小麦 大麦 面筋",
        "nuts nut almond hazelnut walnut cashew pistachio pecan macadamia 坚果 杏仁 榛子 核桃 腰果 开心果",
        "peanut peanuts 花生",
        "soy soya soybean soybeans 大豆 黄豆",
        "egg eggs 鸡蛋 蛋清",
        "fish 鱼",
        "shellfish shrimp prawn crab lobster 虾 蟹 贝类 海鲜",
        "sesame 芝麻",
        "latex 乳胶",
        "nickel 镍",
        "fragrance perfume parfum 香精 香料",
        "alcohol 酒精",
    )
)


def kin_of(word: str) -> frozenset[str]:
    """All words of what somebody avoids who avoids this; the word alone where no family holds it."""
    plain = word.removesuffix("s")
    return frozenset({word}).union(*(family for family in _FAMILIES if word in family or plain in family))
