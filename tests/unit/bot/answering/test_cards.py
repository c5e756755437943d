"""Cards show the live offer, never what was imported."""

from dataclasses import replace

from bot.answering.cards import cards_of
from bot.answering.composer import Findings
from bot.understanding.question import Intent, Memory, Question
from knowledge.catalog import Availability, LiveOffer, Offer
from tests.builders import NOW, money
from tests.unit.bot.answering.stall import STALL
from tests.unit.bot.answering.talks import a_part


def findings(language="en", view=STALL, **offers):
    part = a_part(Intent.PRICE)
    return Findings(view, Question("?", language, (part,)), (), {**view.offers, **offers}, Memory(), NOW)


def test_price_list_price_and_stock_as_they_are_now():
    card = cards_of(findings(), ("kt17e-bk",))[0]
    assert (card.sku, card.variant, card.price, card.list_price, card.stock) == (
        "KT17E-BK",
        "Black",
        money("39.99 USD"),
        money("49.99 USD"),
        42,
    )
    live = LiveOffer("KT17E-BK", Offer(regular=money("45 USD")), Availability.of(1, as_of=NOW))
    changed = cards_of(findings(**{"KT17E-BK": live}), ("KT17E-BK",))[0]
    assert (changed.price, changed.list_price, changed.stock, changed.availability) == (money("45 USD"), None, 1, "low")


def test_words_are_in_the_customers_language():
    card = cards_of(findings("zh"), ("KT17E-RD",))[0]
    assert (card.title, card.variant) == ("Hearthquill KT-17E 电热水壶", "红色")


def test_unknown_skus_and_doubles_are_left_out_and_six_are_the_most():
    skus = ("KT17E-BK", "nope", "KT17E-BK", "KT17E-RD", "BP22-S", "BP22-L", "BP-38", "MUG-1")
    cards = cards_of(findings(), skus)
    assert [card.sku for card in cards] == ["KT17E-BK", "KT17E-RD", "BP22-S", "BP22-L", "BP-38", "MUG-1"]


def test_a_shop_that_hides_stock_shows_no_number():
    hidden = replace(STALL, shop=replace(STALL.shop, settings={"hide_stock": True}))
    card = cards_of(findings(view=hidden), ("KT17E-BK",))[0]
    assert (card.stock, card.availability) == (None, "in_stock")


def test_a_variant_without_a_live_offer_has_no_price():
    bare = replace(STALL, offers={})
    assert cards_of(findings(view=bare), ("KT17E-BK",))[0].price is None
