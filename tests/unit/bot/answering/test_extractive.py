"""What was asked is what is answered, in the customer's language, and nothing more."""

import pytest

from bot.answering.answer import Engine, HandoffReason, Outcome
from bot.answering.composer import Draft, Findings
from bot.answering.guard import Guard
from bot.understanding.question import Intent, Memory, Part, Question, Subject, Topic
from knowledge.store import DocumentKind
from retrieval.filters import AttributeCondition, Filters
from retrieval.retriever import Evidence, Sort
from tests.builders import NOW, money
from tests.unit.bot.answering.stall import STALL
from tests.unit.bot.answering.talks import a_hit, a_part, evidence, talk, text

ASK = Intent.PRODUCT_QUESTION
BLACK, RED = Subject("kt-17e", "KT17E-BK"), Subject("kt-17e", "KT17E-RD")


def matching(view, filters, now):
    """Every backpack, unless a price limit is set that none meets."""
    return [] if filters.price_max is not None else ["bp-22", "bp-38"]


CASES: list[tuple[str, Part, Evidence, dict[str, list[str]], Outcome]] = [
    (
        "an attribute",
        a_part(ASK, "how heavy is the KT-17E", "kt-17e", asked=("weight",)),
        evidence(),
        {"en": ["weighs 1.1 kg"], "zh": ["KT-17E 电热水壶重 1.1 kg。"]},
        Outcome.ANSWERED,
    ),
    (
        "a denied property",
        a_part(ASK, "能放洗碗机吗", "kt-17e", asked=("dishwasher safe", "可用洗碗机"), yes_no=True),
        evidence(),
        {"en": ["No.", "wipe clean"], "zh": ["不可以", "擦拭即可"]},
        Outcome.ANSWERED,
    ),
    (
        "a rating that says yes",
        a_part(ASK, "is it waterproof", "kt-17e", asked=("waterproof",), yes_no=True),
        evidence(),
        {"en": ["Yes.", "IPX4"], "zh": ["是的", "IPX4"]},
        Outcome.ANSWERED,
    ),
    (
        "the supposed value",
        a_part(ASK, "is it leather", "bp-38", asked=("material",), asked_value="leather", yes_no=True),
        evidence(),
        {"en": ["Yes.", "Full-grain leather"], "zh": ["是的", "头层牛皮"]},
        Outcome.ANSWERED,
    ),
    (
        "another value",
        a_part(ASK, "is it leather", "bp-22", asked=("material",), asked_value="leather", yes_no=True),
        evidence(),
        {"en": ["No.", "Recycled polyester"], "zh": ["不是的", "再生聚酯纤维"]},
        Outcome.ANSWERED,
    ),
    (
        "an upper bound",
        a_part(ASK, "does a 13 inch laptop fit", "bp-22", asked=("laptop_size",), asked_value="13 inch", yes_no=True),
        evidence(),
        {"en": ["Yes.", "Up to 14 inches"], "zh": ["14 英寸以内"]},
        Outcome.ANSWERED,
    ),
    (
        "over an upper bound",
        a_part(ASK, "does a 16 inch laptop fit", "bp-22", asked=("laptop_size",), asked_value="16 inch", yes_no=True),
        evidence(),
        {"en": ["No.", "Up to 14 inches"], "zh": ["14 英寸以内"]},
        Outcome.ANSWERED,
    ),
    (
        "a colour that is not made",
        a_part(ASK, "does it come in green", "kt-17e", asked=("colour",), asked_value="green", yes_no=True),
        evidence(),
        {"en": ["No, the", "Black and Red. Out of stock at the moment: Red."], "zh": ["没有", "黑色和红色。目前缺货的是：红色。"]},
        Outcome.ANSWERED,
    ),
    (
        "which colours",
        a_part(ASK, "what colours", "kt-17e", asked=("colour",)),
        evidence(),
        {"en": ["Colour: Black and Red. Out of stock at the moment: Red."], "zh": ["颜色有：黑色和红色。"]},
        Outcome.ANSWERED,
    ),
    (
        "what nobody states",
        a_part(ASK, "how long is the cord", "kt-17e", asked=("cord_length",)),
        evidence(),
        {"en": ["doesn't state this", "cord length"], "zh": ["没有写明", "线长"]},
        Outcome.ABSTAINED,
    ),
    (
        "a sentence of the description",
        a_part(ASK, "does the water touch plastic", "kt-17e"),
        evidence(
            facts={"kt-17e": (a_hit(DocumentKind.PRODUCT, "kt-17e", "so the water touches no plastic", field="description"),)},
            answerable=0.8,
        ),
        {"en": ["“so the water touches no plastic”"], "zh": ["商品介绍", "plastic"]},
        Outcome.ANSWERED,
    ),
    (
        "about it",
        a_part(ASK, "tell me about it", "kt-17e"),
        evidence(),
        {"en": ["$39.99 (was $49.99)", "seamless steel"], "zh": ["$39.99（原价 $49.99）", "内胆一体无缝"]},
        Outcome.ANSWERED,
    ),
    (
        "reviews, the bad one too",
        a_part(ASK, "any good?", "kt-17e", asked=("rating",)),
        evidence(),
        {"en": ["2 ratings, 3.5 stars on average", "Boils", "lid came loose"], "zh": ["2 条评分，平均 3.5 星", "lid came loose"]},
        Outcome.ANSWERED,
    ),
    (
        "no reviews",
        a_part(ASK, "reviews?", "mug-1", asked=("rating",)),
        evidence(),
        {"en": ["Nobody has reviewed"], "zh": ["还没有人评价"]},
        Outcome.ABSTAINED,
    ),
    (
        "a price on sale, and a total",
        a_part(Intent.PRICE, "3 of them?", "kt-17e", quantity=3),
        evidence(),
        {
            "en": ["$39.99 now instead of $49.99", "save $10.00", "$119.97"],
            "zh": ["现价 $39.99，原价 $49.99，省 $10.00", "3 件一共 $119.97"],
        },
        Outcome.ANSWERED,
    ),
    (
        "prices by variant",
        a_part(Intent.PRICE, "how much", "bp-22"),
        evidence(),
        {"en": ["$69.00 to $79.00", "S $69.00; L $79.00"], "zh": ["$69.00 到 $79.00", "S $69.00；L $79.00"]},
        Outcome.ANSWERED,
    ),
    (
        "the price of the variant meant",
        a_part(Intent.PRICE, "the large one?", Subject("bp-22", "BP22-L")),
        evidence(),
        {"en": ["(L) is $79.00."], "zh": ["（L）售价 $79.00。"]},
        Outcome.ANSWERED,
    ),
    (
        "no price",
        a_part(Intent.PRICE, "how much is the mug", "mug-1"),
        evidence(),
        {"en": ["gives no price"], "zh": ["没有标价"]},
        Outcome.ABSTAINED,
    ),
    (
        "stock by variant",
        a_part(Intent.AVAILABILITY, "in stock?", "kt-17e"),
        evidence(),
        {"en": ["In stock: Black (42 pieces)", "Out of stock: Red"], "zh": ["有货：黑色（42 件）", "缺货：红色"]},
        Outcome.ANSWERED,
    ),
    (
        "the variant is gone",
        a_part(Intent.AVAILABILITY, "the red one?", RED),
        evidence(),
        {"en": ["(Red) is out of stock", "In stock instead: Black"], "zh": ["（红色）目前缺货", "现在有货的是：黑色"]},
        Outcome.ANSWERED,
    ),
    (
        "more than there are",
        a_part(Intent.AVAILABILITY, "20 of the large?", Subject("bp-22", "BP22-L"), quantity=20),
        evidence(),
        {"en": ["only 12 left"], "zh": ["只剩 12 件，没有您要的那么多"]},
        Outcome.ANSWERED,
    ),
    (
        "gone, with the nearest instead",
        a_part(Intent.AVAILABILITY, "do you have the BP-38", "bp-38"),
        evidence(products=["bp-38", "bp-22"]),
        {"en": ["out of stock", "BP-22 City Backpack – from $69.00"], "zh": ["目前缺货", "BP-22 都市双肩包，$69.00 起"]},
        Outcome.ANSWERED,
    ),
    (
        "stock nobody states",
        a_part(Intent.AVAILABILITY, "mugs?", "mug-1"),
        evidence(),
        {"en": ["doesn't state whether"], "zh": ["没有写明"]},
        Outcome.ABSTAINED,
    ),
    (
        "a search",
        a_part(Intent.PRODUCT_SEARCH, "a pack for my laptop"),
        evidence(products=["bp-22", "bp-38"]),
        {
            "en": ["1. Kestrelway BP-22", "A slim everyday pack with a padded sleeve", "2. Kestrelway BP-38", "out of stock now"],
            "zh": ["1. Kestrelway BP-22", "目前缺货"],
        },
        Outcome.ANSWERED,
    ),
    (
        "why it fits",
        a_part(
            Intent.RECOMMEND,
            "a leather backpack",
            filters=Filters(attributes=(AttributeCondition(("material",), ("leather", "皮"), said="leather"),)),
        ),
        evidence(products=["bp-38"]),
        {"en": ["matches (leather)", "Material: Full-grain leather"], "zh": ["材质：头层牛皮"]},
        Outcome.ANSWERED,
    ),
    (
        "nothing fits: what to relax",
        a_part(Intent.PRODUCT_SEARCH, "backpack under 50", filters=Filters(price_max=money("50 USD"), categories=("backpacks",))),
        evidence(),
        {
            "en": ["Backpacks and up to $50.00", "Without that budget the nearest is", "BP-22 City Backpack – from $69.00"],
            "zh": ["双肩包和$50.00 以内", "不限价格的话，最接近的是"],
        },
        Outcome.ANSWERED,
    ),
    (
        "not in the catalog",
        a_part(Intent.PRODUCT_SEARCH, "do you sell bicycles"),
        evidence(products=["bp-22"], fits=False),
        {"en": ["nothing like that", "bags"], "zh": ["没有找到", "箱包"]},
        Outcome.ABSTAINED,
    ),
    (
        "cheapest first",
        a_part(Intent.PRODUCT_SEARCH, "cheapest backpack", filters=Filters(categories=("backpacks",)), sort=Sort.PRICE_ASC),
        evidence(products=["bp-22", "bp-38"]),
        {"en": ["cheapest first", "1. Kestrelway BP-22"], "zh": ["按价格从低到高", "1. Kestrelway BP-22"]},
        Outcome.ANSWERED,
    ),
    (
        "the lightest, over how many",
        a_part(Intent.PRODUCT_QUESTION, "which is the lightest", superlative="min:weight"),
        evidence(products=["bp-38", "mug-1", "bp-22"]),
        {
            "en": ["Of the 2 products that state it", "BP-22 City Backpack is the lightest: 780 g", "Others don't state it"],
            "zh": ["写明重量的 2 款里", "最轻：780 g", "其余的没有写明"],
        },
        Outcome.ANSWERED,
    ),
    (
        "side by side",
        a_part(Intent.COMPARE, "compare them", "bp-22", "bp-38"),
        evidence(),
        {
            "en": [
                "Weight: BP-22 780 g · BP-38 1.3 kg",
                "Rain cover: BP-22 not stated · BP-38 Included",
                "Price: BP-22 from $69.00 · BP-38 $119.00",
            ],
            "zh": ["重量：BP-22 780 g · BP-38 1.3 kg", "防雨罩：BP-22 未写明 · BP-38 附带"],
        },
        Outcome.ANSWERED,
    ),
    (
        "a verdict in the customer's terms",
        a_part(Intent.COMPARE, "which is lighter", "bp-22", "bp-38", asked=("weight",), superlative="min:weight"),
        evidence(),
        {"en": ["Lightest: BP-22, 780 g."], "zh": ["最轻的是 BP-22：780 g。"]},
        Outcome.ANSWERED,
    ),
    (
        "the merchant's answer",
        a_part(Intent.POLICY, "how much is delivery", topic=Topic.SHIPPING),
        evidence(faq=["ship"]),
        {"en": ["Standard shipping is $6.95, free from $59."], "zh": ["运费 6.95 美元，满 59 美元包邮。"]},
        Outcome.ANSWERED,
    ),
    (
        "a rule of the house",
        a_part(Intent.POLICY, "can I send it back", topic=Topic.RETURNS),
        evidence(policies=["returns.en.md#return-period", "returns.zh.md#退货期限"]),
        {"en": ["within 30 days of delivery"], "zh": ["签收后 30 天内可以退货。"]},
        Outcome.ANSWERED,
    ),
    (
        "no rule",
        a_part(Intent.POLICY, "do you take trade-ins"),
        evidence(faq=["ship"], fits=False),
        {"en": ["don't say anything about that"], "zh": ["没有提到"]},
        Outcome.ABSTAINED,
    ),
    (
        "warranty of a product",
        a_part(Intent.POLICY, "what warranty does the kettle have", "kt-17e", topic=Topic.WARRANTY),
        evidence(),
        {"en": ["warranty of 24 months"], "zh": ["保修 24 个月"]},
        Outcome.ANSWERED,
    ),
    (
        "promotions in force",
        a_part(Intent.PROMOTION, "any promotions?"),
        evidence(),
        {"en": ["KETTLE15", "2026-12-31", "BIG20"], "zh": ["KETTLE15", "满 150 美元减 20 美元"]},
        Outcome.ANSWERED,
    ),
    (
        "an expired code",
        a_part(Intent.PROMOTION, "does OLD25 work?"),
        evidence(),
        {"en": ["OLD25 has run out"], "zh": ["OLD25 已经过期"]},
        Outcome.ANSWERED,
    ),
    (
        "about the shop",
        a_part(Intent.STORE_INFO, "when are you open"),
        evidence(),
        {"en": ["9:00 to 18:00", "hello@stall.example"], "zh": ["9:00–18:00", "hello@stall.example"]},
        Outcome.ANSWERED,
    ),
    (
        "a person",
        a_part(Intent.HUMAN, "a human please"),
        evidence(),
        {"en": ["Nobody is at the desk"], "zh": ["没有同事在线"]},
        Outcome.HANDED_OFF,
    ),
    ("an order", a_part(Intent.ORDER, "where is my order"), evidence(), {"en": ["colleague"], "zh": ["同事"]}, Outcome.HANDED_OFF),
    ("a complaint", a_part(Intent.COMPLAINT, "it broke"), evidence(), {"en": ["sorry"], "zh": ["抱歉"]}, Outcome.HANDED_OFF),
    ("privacy", a_part(Intent.PRIVACY, "what do you know of me"), evidence(), {"en": ["erase"], "zh": ["删除"]}, Outcome.ANSWERED),
    ("greeting", a_part(Intent.GREETING, "hi"), evidence(), {"en": ["Welcome to the stall."], "zh": ["欢迎光临小铺。"]}, Outcome.ANSWERED),
    ("thanks", a_part(Intent.THANKS, "thanks"), evidence(), {"en": ["welcome"], "zh": ["不客气"]}, Outcome.ANSWERED),
    ("off topic", a_part(Intent.OUT_OF_SCOPE, "weather?"), evidence(), {"en": ["outside"], "zh": ["帮不上忙"]}, Outcome.ABSTAINED),
    ("unclear", a_part(Intent.UNCLEAR, "blorp"), evidence(), {"en": ["other words"], "zh": ["换个说法"]}, Outcome.ASKED_BACK),
    (
        "a promise about health",
        a_part(ASK, "does it cure back pain", "bp-22", yes_no=True),
        evidence(),
        {"en": ["can't promise any effect on health"], "zh": ["不能作任何承诺"]},
        Outcome.ABSTAINED,
    ),
    (
        "what goes with it",
        a_part(Intent.RECOMMEND, "what goes with it", "kt-17e"),
        evidence(),
        {"en": ["go well with", "Stoneware Mug – price on request"], "zh": ["搭配", "粗陶杯，价格需咨询"]},
        Outcome.ANSWERED,
    ),
    (
        "a property of a kind of goods",
        a_part(ASK, "how heavy are your backpacks", asked=("weight",)),
        evidence(products=["bp-22", "bp-38"]),
        {"en": ["BP-22 City Backpack – Weight: 780 g", "1.3 kg"], "zh": ["重量：780 g", "1.3 kg"]},
        Outcome.ANSWERED,
    ),
]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(("part", "found", "expected", "outcome"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_answers_what_was_asked(part, found, expected, outcome, language):
    draft = talk(STALL, part, found, language=language, matching=matching)
    said = text(draft)
    for words in expected[language]:
        assert words in said
    assert draft.outcome is outcome
    assert draft.long or len(said) < 800
    assert 0 < draft.confidence <= 1
    assert len(draft.quick_replies) <= 4
    assert len(draft.product_skus) <= 6
    assert bool(draft.gap) == ((outcome is Outcome.ABSTAINED and part.intent is not Intent.OUT_OF_SCOPE) or "no product fits" in draft.gap)
    assert "{" not in said
    assert "!" not in said
    assert "！" not in said


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(("part", "found"), [case[1:3] for case in CASES], ids=[case[0] for case in CASES])
def test_every_statement_passes_the_guard(part, found, language):
    draft = talk(STALL, part, found, language=language, matching=matching)
    findings = Findings(STALL, Question(part.text, language, (part,)), (found,), dict(STALL.offers), Memory(shown=draft.memory.shown), NOW)
    guard = Guard(findings)
    cut = {s.text: guard.violations(s.text) for s in draft.statements}
    assert {said: found for said, found in cut.items() if found} == {}


@pytest.mark.parametrize(("part", "found"), [case[1:3] for case in CASES], ids=[case[0] for case in CASES])
def test_figures_and_products_are_cited(part, found):
    draft = talk(STALL, part, found, matching=matching)
    for statement in draft.statements:
        if any(char.isdigit() for char in statement.text) and "search" not in part.intent.value and part.intent is not Intent.STORE_INFO:
            cited = statement.citations or draft.product_skus
            assert cited or draft.outcome is not Outcome.ANSWERED, statement.text


def test_only_a_marked_faq_entry_is_approved():
    part = a_part(Intent.POLICY, "delivery fee?")
    assert talk(STALL, part, evidence(faq=["ship"])).engine is Engine.APPROVED
    assert talk(STALL, a_part(Intent.POLICY, "gift wrap?"), evidence(faq=["gift"])).engine is Engine.COMPOSER
    assert talk(STALL, [part, a_part(Intent.THANKS)], [evidence(faq=["ship"]), Evidence()]).engine is Engine.COMPOSER


def test_an_entry_without_the_customers_language_is_marked():
    draft = talk(STALL, a_part(Intent.POLICY, "可以包装礼物吗"), evidence(faq=["gift"]), language="zh")
    assert text(draft) == "以下是商家的原文（其他语言）：\nYes, for $4.50."
    assert draft.engine is Engine.COMPOSER


def test_each_part_is_answered_in_order_and_named_once():
    parts = [a_part(Intent.PRICE, "how much", Subject("bp-22", "BP22-S")), a_part(ASK, "and how heavy", "bp-22", asked=("weight",))]
    draft = talk(STALL, parts, [evidence(), evidence()])
    assert text(draft) == "The price of the Kestrelway BP-22 City Backpack (S) is $69.00.\nThe BP-22 weighs 780 g."
    assert draft.intents == ("price", "product_question")


def test_a_part_that_cannot_be_answered_says_so_beside_one_that_can():
    parts = [a_part(Intent.PRICE, "how much", BLACK), a_part(ASK, "cord?", "kt-17e", asked=("cord_length",))]
    draft = talk(STALL, parts, [evidence(), evidence()])
    assert draft.outcome is Outcome.ANSWERED
    assert "doesn't state this of the KT-17E: cord length" in text(draft)
    assert draft.gap_product == "kt-17e"
    assert "Talk to a person" in draft.quick_replies


def test_of_a_few_that_could_be_meant_each_price_is_said():
    part = a_part(Intent.PRICE, "the backpack?", Subject("bp-22", certain=False), Subject("bp-38", certain=False))
    draft = talk(STALL, part, evidence())
    assert draft.outcome is Outcome.ANSWERED
    assert "BP-22 City Backpack is $69.00 to $79.00" in text(draft)
    assert "BP-38 Travel Backpack" in text(draft)
    assert (draft.memory.focus, draft.memory.shown) == ("", ["bp-22", "bp-38"])


def test_products_that_could_all_be_meant_are_asked_for_twice_at_most():
    part = a_part(ASK, "does the backpack float?", Subject("bp-22", certain=False), Subject("bp-38", certain=False), asked=("buoyancy",))
    memory = Memory()
    for asked in (1, 2):
        draft = talk(STALL, part, evidence(), memory=memory)
        assert draft.outcome is Outcome.ASKED_BACK
        assert draft.quick_replies == ("Kestrelway BP-22 City Backpack", "Kestrelway BP-38 Travel Backpack")
        assert draft.memory.pending["options"] == ["bp-22", "bp-38"]
        assert draft.memory.pending["times"] == asked
        memory = draft.memory
    assert talk(STALL, part, evidence(), memory=memory).outcome is Outcome.ABSTAINED


def test_how_much_is_it_without_any_product_asks_back():
    draft = talk(STALL, a_part(Intent.PRICE, "how much is it"), evidence(products=["bp-22"], fits=False))
    assert (draft.outcome, text(draft)) == (Outcome.ASKED_BACK, "Which product do you mean?")


def test_a_message_not_understood_again_and_again_fetches_a_person():
    draft = talk(STALL, a_part(Intent.UNCLEAR, "zzz"), memory=Memory(misses=2))
    assert draft.outcome is Outcome.HANDED_OFF
    assert draft.handoff is not None
    assert draft.handoff.reason is HandoffReason.NOT_UNDERSTOOD


@pytest.mark.parametrize(("staff", "waiting", "words"), [(True, False, "fetching a colleague"), (False, True, "already in the queue")])
def test_a_person_is_fetched_as_the_desk_stands(staff, waiting, words):
    draft = talk(STALL, a_part(Intent.HUMAN, "human"), staff=staff, waiting=waiting)
    assert words in text(draft)
    assert draft.handoff is not None
    assert draft.handoff.reason is HandoffReason.CUSTOMER_ASKED


def test_while_it_waits_shop_questions_are_answered_and_a_colleague_is_coming():
    draft = talk(STALL, a_part(Intent.PRICE, "how much", BLACK), waiting=True)
    assert draft.outcome is Outcome.ANSWERED
    assert text(draft).endswith("\nA colleague is coming as well.")


def test_hidden_stock_is_never_a_number():
    from dataclasses import replace

    hidden = replace(STALL, shop=replace(STALL.shop, settings={"hide_stock": True}))
    for part in (
        a_part(Intent.AVAILABILITY, "in stock?", "kt-17e"),
        a_part(Intent.AVAILABILITY, "the small one?", Subject("bp-22", "BP22-S")),
        a_part(Intent.AVAILABILITY, "20 of the large?", Subject("bp-22", "BP22-L"), quantity=20),
    ):
        draft = talk(hidden, part)
        said = text(draft)
        assert "42" not in said
        assert " 3 " not in said
        assert "12" not in said
        assert not any("42" in c.quote or "12" in c.quote for s in draft.statements for c in s.citations)


def test_promotions_of_other_goods_and_expired_ones_are_not_said():
    draft = talk(STALL, a_part(Intent.PROMOTION, "any discount on the BP-22?", "bp-22"))
    assert "BIG20" in text(draft)
    assert "KETTLE15" not in text(draft)
    assert "OLD25" not in text(draft)


def test_no_terms_of_an_expired_promotion():
    assert "25 %" not in text(talk(STALL, a_part(Intent.PROMOTION, "does OLD25 still work?")))


def test_price_and_stock_come_from_the_live_offer():
    from dataclasses import replace

    from knowledge.catalog import Availability, LiveOffer, Offer

    live = {**STALL.offers, "KT17E-BK": LiveOffer("KT17E-BK", Offer(regular=money("45.50 USD")), Availability.of(7, as_of=NOW))}
    view = replace(STALL, offers=live)
    assert "is $45.50." in text(talk(view, a_part(Intent.PRICE, "how much", BLACK)))
    assert "7 pieces" in text(talk(view, a_part(Intent.AVAILABILITY, "in stock?", BLACK)))


def test_memory_carries_what_was_shown_and_spoken_of():
    listed = talk(STALL, a_part(Intent.PRODUCT_SEARCH, "backpack"), evidence(products=["bp-22", "bp-38"]), language="zh")
    assert (listed.memory.shown, listed.memory.focus, listed.memory.language) == (["bp-22", "bp-38"], "", "zh")
    about = talk(STALL, a_part(Intent.AVAILABILITY, "the red one?", RED), memory=listed.memory)
    assert (about.memory.focus, about.memory.focus_sku, about.memory.turns) == ("kt-17e", "KT17E-RD", 2)
    kept = talk(STALL, a_part(Intent.THANKS), memory=about.memory)
    assert kept.memory.focus == "kt-17e"


def test_other_languages_are_served_in_english_with_the_merchants_words():
    assert "weighs 1.1 kg" in text(talk(STALL, a_part(ASK, "peso?", "kt-17e", asked=("weight",)), language="es"))


async def test_statements_stream_before_the_draft():
    from bot.answering.extractive import ExtractiveComposer
    from tests.unit.bot.answering.talks import WORDINGS

    part = a_part(Intent.AVAILABILITY, "in stock?", "kt-17e")
    findings = Findings(STALL, Question("?", "en", (part,)), (Evidence(),), dict(STALL.offers), Memory(), NOW)
    pieces = [piece async for piece in ExtractiveComposer(WORDINGS).compose(findings)]
    assert isinstance(pieces[-1], Draft)
    assert tuple(pieces[:-1]) == pieces[-1].statements


def test_what_else_it_speaks_of_is_named_so_that_its_offers_are_read():
    from bot.answering.extractive import ExtractiveComposer
    from tests.unit.bot.answering.talks import WORDINGS

    part = a_part(Intent.RECOMMEND, "what goes with it", "kt-17e")
    offers = {sku: STALL.offers[sku] for sku in ("KT17E-BK", "KT17E-RD")}
    findings = Findings(STALL, Question("?", "en", (part,)), (Evidence(),), offers, Memory(), NOW)
    composer = ExtractiveComposer(WORDINGS)
    assert composer.needs(findings) == ("mug-1",)
    full = Findings(STALL, Question("?", "en", (part,)), (Evidence(),), dict(STALL.offers), Memory(), NOW)
    assert composer.needs(full) == ()


def test_a_property_of_few_that_could_be_meant_is_said_of_each():
    part = a_part(ASK, "how heavy is the backpack", Subject("bp-22", certain=False), Subject("bp-38", certain=False), asked=("weight",))
    said = text(talk(STALL, part, evidence()))
    assert "780 g" in said
    assert "1.3 kg" in said


def test_stock_and_a_property_in_one_breath():
    said = text(talk(STALL, a_part(Intent.AVAILABILITY, "in stock, and how heavy?", BLACK, asked=("weight",))))
    assert said == "Yes, the Hearthquill KT-17E Electric Kettle (Black) is in stock: 42 pieces.\nThe KT-17E (Black) weighs 1.1 kg."


def test_without_a_kind_of_goods_nothing_is_relaxed():
    part = a_part(
        Intent.PRODUCT_SEARCH, "leather wallet", filters=Filters(attributes=(AttributeCondition((), ("leather",), said="leather"),))
    )
    draft = talk(STALL, part, evidence(), matching=lambda view, filters, now: ["kt-17e"])
    assert (draft.outcome, text(draft)) == (Outcome.ABSTAINED, "Nothing in the shop meets this: leather.")
