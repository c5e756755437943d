"""Rules of the house have a second vector: made in publishing, kept, read along where a rule may be asked for."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from knowledge.faq import FaqEntry
from knowledge.storage.leases import SqlLeases
from knowledge.store import DocumentKind
from retrieval.cross_language import CrossLanguageEmbedder
from retrieval.embedding import open_embedder
from retrieval.filling import Filler
from retrieval.indexing import Publisher
from retrieval.retriever import Query
from retrieval.search import Retriever
from retrieval.second_vectors import SecondVectors
from tests.builders import NOW, a_faq, a_product
from tests.fakes.embedder import HashingEmbedder
from tests.unit.retrieval.conftest import Bench, documents


class Counted(CrossLanguageEmbedder):
    """Keeps what it was asked for; one model for all tests, which takes a second to open."""

    _shared = CrossLanguageEmbedder()

    def __init__(self) -> None:
        super().__init__()
        self.embedded: list[str] = []
        self.asked: list[str] = []

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.embedded.extend(texts)
        return self._shared.embed(texts)

    def embed_query(self, text: str) -> NDArray[np.float32]:
        self.asked.append(text)
        return self._shared.embed_query(text)


CHINESE = (
    a_faq("refund-time", "| 退款多久到账？", "| 收到包裹后五天内退回原账户。"),
    a_faq("return-cost", "| 退货运费谁出？", "| 由顾客承担。"),
    a_faq("opened", "| 拆封了还能退吗？", "| 未使用可以退。"),
    a_faq("cancel", "| 发货前能取消订单吗？", "| 可以，不收费。"),
    a_faq("wrong", "| 发错货了怎么办？", "| 我们免费补发正确的商品。"),
    a_faq("address", "| 下单后能改地址吗？", "| 发货前可以联系客服修改。"),
    a_faq("wrap", "| 有礼品包装吗？", "| 结账时可以选择，五元一份。"),
    a_faq("invoice", "| 怎么开发票？", "| 订单页面下载电子发票。"),
)
ENGLISH = (
    a_faq("refund-time", "When do I get my money back?", "Within five days after the parcel is here."),
    a_faq("return-cost", "Who pays return postage?", "The customer does."),
    a_faq("opened", "Can opened goods be returned?", "If they were not used."),
    a_faq("cancel", "Can I cancel before it ships?", "Yes, free of charge."),
    a_faq("wrong", "I received the wrong item", "We send the right one for free."),
    a_faq("address", "Can I change the delivery address?", "Before dispatch the service can change it."),
    a_faq("wrap", "Do you wrap gifts?", "Tick the box at the checkout, it costs five."),
    a_faq("invoice", "How do I get an invoice?", "Download it from the order page."),
)
KETTLE = a_product("kettle", "Steel kettle")


@pytest.fixture
def second() -> Counted:
    return Counted()


def a_publisher(bench: Bench, second: Counted) -> Publisher:
    return Publisher(bench.store, bench.indexes, open_embedder(), second=lambda: second)


def a_retriever(bench: Bench, second: Counted, *, filler: Filler | None = None, resident: int = 60_000) -> Retriever:
    return Retriever(
        bench.store, bench.indexes, open_embedder(), clock=lambda: NOW, second=lambda: second, filler=filler, resident=resident
    )


async def publish(bench: Bench, second: Counted, *bodies: object) -> None:
    await bench.store.stage(bench.shop.id, "feed", documents(*bodies))  # type: ignore[arg-type]
    await a_publisher(bench, second).publish(bench.shop.id)


async def first_of(retriever: Retriever, bench: Bench, text: str, language: str) -> str:
    return (await retriever.search(await retriever.view(bench.shop), Query(text, language))).faq[0].id


@pytest.mark.parametrize("resident", [60_000, 0])
@pytest.mark.parametrize(
    ("rules", "language", "asked"),
    [
        (
            CHINESE,
            "en",
            {
                "how many days until the reimbursement shows on my card": "refund-time",
                "is postage on me if i send it back": "return-cost",
                "i broke the seal already, too late to give it back?": "opened",
                "stop my purchase please, it has not left yet": "cancel",
                "you sent me something i did not buy": "wrong",
                "i moved house since i ordered": "address",
                "nice paper and a ribbon for a present?": "wrap",
                "my accountant wants a bill": "invoice",
            },
        ),
        (
            ENGLISH,
            "zh",
            {
                "钱几天能打回卡里": "refund-time",
                "寄回去的快递费要自己掏吗": "return-cost",
                "包装打开过了不喜欢还能退不": "opened",
                "还没发出，不想要了": "cancel",
                "寄来的东西不是我买的": "wrong",
                "搬家了，收货的地方想换一个": "address",
                "送人的，能包漂亮点吗": "wrap",
                "公司报销要票": "invoice",
            },
        ),
    ],
)
async def test_rules_of_one_language_are_found_in_the_other(
    bench: Bench, second: Counted, rules: tuple[FaqEntry, ...], language: str, asked: dict[str, str], resident: int
) -> None:
    await publish(bench, second, *rules, KETTLE)
    retriever = a_retriever(bench, second, resident=resident)
    found = {text: await first_of(retriever, bench, text, language) for text in asked}
    assert sum(found[text] == id for text, id in asked.items()) >= len(asked) - 1, found


async def test_only_rules_get_one_and_each_text_once(bench: Bench, second: Counted) -> None:
    await publish(bench, second, *ENGLISH, KETTLE)
    assert second.embedded and not any("kettle" in text.casefold() for text in second.embedded)
    assert len(second.embedded) == len(set(second.embedded)) == 2 * len(ENGLISH)
    second.embedded.clear()
    changed = a_faq("wrap", "Do you wrap gifts?", "Tick the box at the checkout, it costs seven.")
    await publish(bench, second, *ENGLISH[:-2], changed, ENGLISH[-1], KETTLE)
    assert second.embedded == ["Do you wrap gifts?\nTick the box at the checkout, it costs seven."]


async def test_they_survive_a_restart(bench: Bench, second: Counted) -> None:
    await publish(bench, second, *ENGLISH)
    second.embedded.clear()
    retriever = a_retriever(bench, second)
    await retriever.view(bench.shop)
    await a_publisher(bench, second).bring_up(bench.shop.id, 1)
    assert second.embedded == []


async def test_a_shop_from_before_gets_them_beside_the_turns(bench: Bench, second: Counted) -> None:
    await bench.store.stage(bench.shop.id, "feed", documents(*CHINESE, KETTLE))
    await Publisher(bench.store, bench.indexes, open_embedder()).publish(bench.shop.id)
    leases = SqlLeases(bench.store._engine, lambda: NOW)
    before = Filler(bench.store, bench.indexes, open_embedder(), leases)
    await before.fill(bench.shop.id)
    filler = Filler(bench.store, bench.indexes, open_embedder(), leases, second=lambda: second)
    retriever = a_retriever(bench, second, filler=filler)
    early = await retriever.view(bench.shop)
    # What has no second vector yet is found by the first alone.
    assert (await retriever.search(early, Query("退款多久到账", "zh"))).faq[0].id == "refund-time"
    whole = await retriever.whole(bench.shop)
    assert whole.tables is not None and not whole.tables.lacking
    assert len(second.embedded) == 2 * len(CHINESE)
    assert (await retriever.search(whole, Query("my accountant wants a bill", "en"))).faq[0].id == "invoice"
    await retriever.stop()


async def test_a_draft_is_found_with_both(bench: Bench, second: Counted) -> None:
    retriever = a_retriever(bench, second)
    view = await retriever.view_of(bench.shop, documents(*CHINESE), [])
    assert view.tables is not None and not view.tables.lacking
    assert (await retriever.search(view, Query("my accountant wants a bill", "en"))).faq[0].id == "invoice"


async def test_it_reads_only_where_rules_lack_the_language_and_may_be_asked_for(bench: Bench, second: Counted) -> None:
    await publish(bench, second, *ENGLISH, a_faq("票", "| 怎么开发票？", "| 订单页面下载。"), KETTLE)
    retriever = a_retriever(bench, second)
    view = await retriever.view(bench.shop)
    await retriever.search(view, Query("my accountant wants a bill", "en"))
    goods = await retriever.search(view, Query("水壶", "zh", ruling=False))
    await retriever.search(view, Query("水壶", "zh", kinds=(DocumentKind.PRODUCT,)))
    assert second.asked == []
    both = await retriever.search(view, Query("水壶", "zh"))
    assert second.asked == ["水壶"]
    # Goods are ranked alike, whoever reads the rules.
    assert [hit.score for hit in goods.products] == pytest.approx([hit.score for hit in both.products])


async def test_what_no_revision_uses_any_more_is_removed(bench: Bench, second: Counted) -> None:
    await publish(bench, second, *ENGLISH)
    await publish(bench, second, *ENGLISH[:2])
    await a_publisher(bench, second).collect(bench.shop.id, keep=1)
    index = await bench.indexes.open(bench.shop.id, second.name, second.dimensions)
    assert await index.count() == 4


async def test_without_a_map_for_the_first_model_there_is_no_second(bench: Bench, second: Counted) -> None:
    assert SecondVectors.of(bench.indexes, HashingEmbedder(), lambda: second) is None
    assert SecondVectors.of(bench.indexes, open_embedder(), None) is None
    await bench.publish(*ENGLISH)
    retriever = Retriever(bench.store, bench.indexes, bench.embedder, clock=lambda: NOW, second=lambda: second)
    await retriever.search(await retriever.view(bench.shop), Query("invoice", "en"))
    assert second.asked == [] and second.embedded == []


async def test_a_rule_without_its_second_vector_competes_by_the_first(bench: Bench, second: Counted) -> None:
    await publish(bench, second, *ENGLISH)
    retriever = a_retriever(bench, second)
    view = await retriever.view(bench.shop)
    assert view.tables is not None and view.tables.house is not None and view.tables.house.second is not None
    house = view.tables.house
    lacking = house.second.copy()
    lacking[house.document == house.documents.index((DocumentKind.FAQ, "invoice"))] = 0
    partly = replace(house, second=lacking)
    assert partly.lacking and not house.lacking
    vector = open_embedder().embed_query("How do I get an invoice?")
    adapted = SecondVectors.of(bench.indexes, open_embedder(), lambda: second).of_query("How do I get an invoice?")  # type: ignore[union-attr]
    nearest = int(np.argmax(partly.cosines(vector, adapted)))
    assert partly.documents[partly.document[nearest]][1] == "invoice"
