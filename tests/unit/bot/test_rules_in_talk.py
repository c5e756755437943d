"""Rules of the house in conversation, with the packaged embedding: which sentence is said, and what a short message goes on from."""

import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.answering.extractive import ExtractiveComposer
from bot.answering.wording import load_wordings
from bot.tracing import TurnTrace
from bot.understanding.meaning import MeaningModel
from bot.understanding.question import Memory
from bot.understanding.understand import Understanding
from bot.working_out import Asked, WorkingOut
from knowledge.catalog import utc_now
from knowledge.documents import document_of, kind_of
from knowledge.storage.engine import open_engine
from knowledge.storage.sql_store import SqlKnowledgeStore
from retrieval.embedding import open_embedder
from retrieval.exact import ExactIndexes
from retrieval.indexing import Publisher
from retrieval.search import Retriever
from retrieval.view import ShopView
from tests.builders import a_faq, a_policy, a_product, a_shop
from tests.contract.servers import Databases

SHIPPING = a_policy(
    "shipping.en.md",
    "shipping",
    ("Where from", "Our warehouse is in Denver, Colorado."),
    ("United States", "Parcels cost $7.50 and are free from $90. They take 3 to 6 days."),
    ("Alaska and Hawaii", "$21 flat, 7 to 10 days."),
    ("Canada", "$26, free from $250. Duties are paid by the customer."),
    ("Other countries", "We do not ship to other countries."),
)
RETURNS = a_policy(
    "returns.en.md",
    "returns",
    ("Refund", "Refunds go to your card within 6 working days after the parcel is back."),
    ("Thirty-five days", "You may return unused gear within 35 days of delivery."),
    ("Safety gear", "Ropes and harnesses that were used or opened can't be returned, since nobody could trust them again."),
    ("Faulty goods", "Send us a photo of what is faulty; we pay for the way back and replace it."),
)
RULES_ZH = a_policy(
    "配送.md",
    "shipping",
    ("运费", "满 120 元包邮,不满收 9 元。西藏、新疆每单加收 18 元。"),
    ("港澳台", "香港 55 元,4-6 天。台湾和海外不发货。"),
    language="zh",
)
CARRYING = a_policy(
    "service.en.md",
    "service",
    ("Bringing it in", "Our drivers carry parcels up to the second floor. Every further floor without a lift is $12."),
    ("Showroom", "Come and see us at 88 Larimer Street, any weekday."),
    ("Wear", "Fuzz on the sheath of a rope is normal; cut it off with scissors."),
)
WRAP = a_faq("wrap", "Do you wrap presents? | 可以包装成礼物吗？", "Yes, for $3.50, with a ribbon. | 可以,每件 3 元,送贺卡。")


class Talk:
    """A customer who goes on asking."""

    def __init__(self, working: WorkingOut, view: ShopView) -> None:
        self._working, self._view, self._memory = working, view, Memory()

    async def says(self, text: str) -> str:
        worked = await self._working.work_out(self._view, Asked(text, self._memory), TurnTrace("t", time.perf_counter()))
        self._memory = worked.draft.memory
        return f"{worked.answer.outcome}: {worked.answer.text}"


@pytest.fixture
async def talk(databases: Databases) -> AsyncIterator[Talk]:
    engine = await open_engine(databases.fresh("sqlite"))
    knowledge, shop = SqlKnowledgeStore(engine), a_shop()
    await knowledge.create_shop(shop)
    rope = a_product("rope", "Eiger Rope 60 m | 冰川登山绳", price="149.00 USD", stock=4, category="Ropes | 绳索")
    bodies = (rope, SHIPPING, RETURNS, RULES_ZH, CARRYING, WRAP)
    await knowledge.stage(shop.id, "test", [document_of(kind_of(body), body.id, "test", body) for body in bodies])
    embedder, indexes = open_embedder(), ExactIndexes()
    await Publisher(knowledge, indexes, embedder).publish(shop.id)
    retriever = Retriever(knowledge, indexes, embedder)

    working = WorkingOut(
        knowledge=knowledge,
        retriever=retriever,
        understanding=Understanding(MeaningModel(embedder.embed_query, embedder.name)),
        composer=ExtractiveComposer(load_wordings()),
        apology=lambda _: "Sorry",
        clock=utc_now,
    )
    yield Talk(working, await retriever.view(shop))
    await engine.dispose()


async def test_a_general_question_gets_the_main_figures(talk: Talk) -> None:
    said = await talk.says("what's your return policy?")
    assert "35 days" in said
    assert "answered" in said


async def test_a_question_with_a_condition_gets_the_sentence_about_it(talk: Talk) -> None:
    assert "can't be returned" in await talk.says("can i send a harness back if i already opened it")


@pytest.mark.parametrize(
    ("asked", "told", "not_told"),
    [
        ("how much is delivery to vancouver?", "$26", "$21"),
        ("what's the shipping on a $30 order to ohio", "$7.50", "$26"),
        ("shipping cost to honolulu?", "$21", "$7.50"),
        ("do you ship to norway?", "do not ship to other countries", "$26"),
        ("寄到乌鲁木齐运费多少", "18", "55"),
        ("可以寄台北吗", "不发货", "18"),
    ],
)
async def test_a_city_belongs_to_its_country_or_region(talk: Talk, asked: str, told: str, not_told: str) -> None:
    said = await talk.says(asked)
    assert told in said
    assert not_told not in said


async def test_a_short_message_goes_on_from_the_rule(talk: Talk) -> None:
    assert "$90" in await talk.says("from what amount is delivery free?")
    assert "$250" in await talk.says("also for canada?")
    assert "Duties are paid by the customer" in await talk.says("and the duties?")


async def test_the_price_of_a_service_is_not_that_of_a_product(talk: Talk) -> None:
    await talk.says("what does the Eiger rope cost?")
    await talk.says("do you wrap presents?")
    assert "$3.50" in await talk.says("how much is that")


async def test_goods_and_what_is_no_shop_matter_do_not_go_on_from_a_rule(talk: Talk) -> None:
    await talk.says("do you ship to canada?")
    assert "149" in await talk.says("how much is the Eiger rope?")
    await talk.says("do you ship to canada?")
    assert "$26" not in await talk.says("what's the weather in toronto tomorrow")


async def test_follow_ups_in_chinese(talk: Talk) -> None:
    await talk.says("能发香港吗")
    assert "不发货" in await talk.says("台灣呢")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("no lift in my building, do you carry it upstairs?", "$12"),
        ("fifth floor here and no elevator, do you carry parcels up?", "$12"),
    ],
)
async def test_a_rule_that_is_near_is_said_rather_than_nothing(talk: Talk, asked: str, told: str) -> None:
    await talk.says("what does the Eiger rope cost?")
    said = await talk.says(asked)
    assert told in said
    assert said.startswith("answered")


@pytest.mark.parametrize(
    "stray", ["write me a poem about autumn", "今晚哪个台有球赛", "what is the capital of peru", "我的股票跌了怎么办", "给我讲个笑话"]
)
@pytest.mark.parametrize("before", ["what does the Eiger rope cost?", "do you ship to canada?"])
async def test_nothing_near_is_said_of_no_shop_matter(talk: Talk, stray: str, before: str) -> None:
    await talk.says(before)
    assert (await talk.says(stray)).startswith("abstained")


def test_names_of_places_are_written_once_each() -> None:
    table = (Path(__file__).parents[3] / "bot" / "answering" / "places.toml").read_text(encoding="utf-8")
    for line in table.splitlines():
        names = line.partition('"')[2].rstrip('"').split("|")
        assert len(names) == len(set(names)), line
