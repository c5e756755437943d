"""Traditional Chinese through the doors: our own words are Traditional, the shop's stay as it wrote them, questions in either script find the same."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
import pytest_asyncio

from bot.app import create_app
from bot.assembly import Services, services
from bot.commands.terminal import ask_batch
from bot.readiness import Readiness
from bot.settings import Settings
from knowledge.folding import script_of

GOODS = """sku,title_zh,price,currency,stock,option 颜色,attribute 材质
KX-1-R,云雀风筝 KX-1,29.90,USD,41,红色,尼龙
KX-1-B,云雀风筝 KX-1,29.90,USD,0,蓝色,尼龙
KX-2,龙形风筝 KX-2,19.00,USD,57,,丝绸
BK-7,户外背包 BK-7,59.00,USD,12,,帆布
"""
RULES = """id,language,question,answer
ship,zh,运费多少？,国内运费 6 美元，满 59 美元包邮。
back,zh,可以退货吗？,签收后 30 天内可以退货。
"""
pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass
class House:
    parts: Services
    http: httpx.AsyncClient

    async def begin(self, language: str = "", shop: str = "kites") -> "Customer":
        response = await self.http.post(f"/api/v1/shops/{shop}/conversations", json={"language": language})
        begun = response.json()
        return Customer(self.http, f"/api/v1/conversations/{begun['id']}", {"Authorization": f"Bearer {begun['token']}"})

    async def ask(self, text: str, shop: str = "kites") -> dict[str, Any]:
        return await (await self.begin(shop=shop)).ask(text)


@dataclass
class Customer:
    http: httpx.AsyncClient
    path: str
    key: dict[str, str]

    async def ask(self, text: str, **more: str) -> dict[str, Any]:
        response = await self.http.post(f"{self.path}/messages?wait=30", json={"text": text, **more}, headers=self.key)
        assert response.status_code == 200, response.text
        return dict(response.json())

    async def notices(self) -> list[str]:
        messages = (await self.http.get(self.path, headers=self.key)).json()["messages"]
        return [message["text"] for message in messages if message["author"] == "system"]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    folder: Path = tmp_path_factory.mktemp("traditional")
    async with services(Settings(data=folder / "data", message_limit=500)) as parts:
        (folder / "kites.csv").write_text(GOODS, encoding="utf-8")
        (folder / "faq.csv").write_text(RULES, encoding="utf-8")
        shop = await parts.knowledge.create_shop("kites", "风筝铺")
        await parts.knowledge.import_files(shop, [folder / "kites.csv", folder / "faq.csv"])
        (folder / "lamps.csv").write_text(
            "sku,title_zh,price,currency,stock\nL-1,護眼檯燈 L-1,880.00,TWD,9\nL-2,行動電源 L-2,450.00,TWD,3\n", encoding="utf-8"
        )
        lamps = await parts.knowledge.create_shop("lamps", "燈具行", "TWD", ("zh-Hant",))
        await parts.knowledge.import_files(lamps, [folder / "lamps.csv"])

        async def ready() -> None:
            return None

        app = create_app(parts, Readiness(parts, demo=False, on_ready=ready, on_failure=lambda: None))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://shop.test") as http:
            yield House(parts, http)


@pytest.mark.parametrize("tag", ["zh-TW", "zh-HK", "zh-Hant", "zh_TW"])
async def test_a_visitor_is_greeted_in_the_script_of_the_browser(house: House, tag: str) -> None:
    customer = await house.begin(tag)
    (greeting,) = await customer.notices()
    assert greeting.startswith("歡迎光臨风筝铺。我是本店的智慧助理"), "the shop's name as it wrote it"
    answer = await customer.ask("KX-2?")
    assert answer["language"] == "zh-Hant", "a message that does not tell stays in the script before"


async def test_simplified_stays_simplified(house: House) -> None:
    for tag in ("zh", "zh-CN", "zh-Hans-HK"):
        assert "欢迎光临" in (await (await house.begin(tag)).notices())[0]
    answer = await house.ask("KX-2多少钱？")
    assert answer["language"] == "zh" and script_of(answer["text"]) == "Hans"


async def test_who_writes_traditional_is_answered_in_it_with_the_shops_words_as_they_are(house: House) -> None:
    answer = await house.ask("龍形風箏多少錢？")
    assert answer["language"] == "zh-Hant"
    assert answer["text"] == "龙形风筝 KX-2售價 $19.00。" or "售價 $19.00" in answer["text"]
    assert "龙形风筝" in answer["text"]
    assert answer["products"][0]["title"] == "龙形风筝 KX-2"


@pytest.mark.parametrize(
    ("simplified", "traditional"),
    [
        ("云雀风筝有没有货", "雲雀風箏有冇貨"),
        ("云雀风筝多少钱", "雲雀風箏幾錢"),
        ("云雀风筝有什么颜色", "雲雀風箏有咩色"),
        ("运费多少", "運費幾多錢"),
        ("可以退货吗", "可唔可以退貨"),
        ("蓝色的云雀风筝还有吗", "藍色的雲雀風箏還有嗎"),
        ("30美元以下的风筝", "30美金以下的風箏"),
        ("背包有货吗", "背囊有貨嗎"),
        ("丝绸的风筝", "絲綢的風箏"),
        ("我要找真人客服", "我想搵真人客服"),
    ],
)
async def test_questions_in_either_script_find_the_same(house: House, simplified: str, traditional: str) -> None:
    one, other = await house.ask(simplified), await house.ask(traditional)
    assert (one["language"], other["language"]) == ("zh", "zh-Hant")
    for name in ("outcome", "sources", "intents"):
        assert one[name] == other[name], name
    assert [card["sku"] for card in one["products"]] == [card["sku"] for card in other["products"]]
    assert script_of(one["text"]) == "Hans"
    # Line by line the same but for the script: nothing that is said in one is left out of the other.
    assert one["text"].count("\n") == other["text"].count("\n")


async def test_chips_are_traditional_and_do_what_they_say(house: House) -> None:
    customer = await house.begin()
    answer = await customer.ask("有紅色、40美元以內的風箏嗎")
    assert answer["products"][0]["sku"].startswith("KX")
    texts = [chip["text"] for chip in answer["conditions"]]
    assert "$40.00 以內" in texts
    lift = next(chip["lift"] for chip in answer["conditions"] if chip["text"] == "$40.00 以內")
    assert lift == "不限「$40.00 以內」"
    after = await customer.ask(lift)
    assert after["language"] == "zh-Hant"
    assert "$40.00 以內" not in [chip["text"] for chip in after["conditions"]]
    for chip in (await house.ask("你好，請問一下"))["quick_replies"]:
        said = await house.ask(chip)
        assert said["outcome"] in ("answered", "asked_back", "handed_off"), chip


async def test_handing_over(house: House) -> None:
    answer = await house.ask("請幫我轉真人客服")
    assert answer["outcome"] == "handed_off"
    assert "客服人員" in answer["text"] and script_of(answer["text"]) == "Hant"
    customer = await house.begin("zh-TW")
    await house.http.post(f"{customer.path}/handoff", headers=customer.key)
    assert "客服人員" in (await customer.notices())[-1]


async def test_the_script_may_change_in_a_conversation(house: House) -> None:
    customer = await house.begin()
    assert (await customer.ask("云雀风筝多少钱"))["language"] == "zh"
    assert (await customer.ask("那運費呢"))["language"] == "zh-Hant"
    assert (await customer.ask("KX-2?"))["language"] == "zh-Hant"
    assert (await customer.ask("how much is the KX-2?"))["language"] == "en"


async def test_every_tone(house: House) -> None:
    token = await house.parts.access.new_api_token((await house.parts.knowledge.shop("kites")).id, "admin", "test")
    said = {}
    for tone in ("plain", "friendly", "brief"):
        await house.http.patch("/api/v1/shops/kites/settings", json={"tone": tone}, headers={"Authorization": f"Bearer {token}"})
        said[tone] = (await house.ask("龍形風箏多少錢"))["text"]
    assert len(set(said.values())) == 3
    assert "喔" in said["friendly"]


async def test_batch(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data")
    (tmp_path / "kites.csv").write_text(GOODS, encoding="utf-8")
    async with services(settings) as parts:
        shop = await parts.knowledge.create_shop("kites", "风筝铺")
        await parts.knowledge.import_files(shop, [tmp_path / "kites.csv"])
    lines = [{"id": "1", "text": "KX-2?", "language": "zh_TW"}, {"id": "2", "text": "KX-2有冇貨"}]
    (tmp_path / "in.jsonl").write_text("\n".join(orjson.dumps(line).decode() for line in lines), encoding="utf-8")
    await ask_batch(settings, "kites", tmp_path / "in.jsonl", tmp_path / "out.jsonl")
    answers = [orjson.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [answer["language"] for answer in answers] == ["zh-Hant", "zh-Hant"]


async def test_a_shop_that_writes_traditional_is_found_in_both_scripts(house: House) -> None:
    for text in ("護眼檯燈多少錢", "护眼台灯多少钱", "護眼枱燈幾錢"):
        answer = await house.ask(text, "lamps")
        assert [card["title"] for card in answer["products"]] == ["護眼檯燈 L-1"], text
    answer = await house.ask("有行動電源嗎", "lamps")
    assert [card["sku"] for card in answer["products"]] == ["L-2"], "its own word is not taken for another"
    assert (await house.ask("L-1?", "lamps"))["language"] == "zh-Hant", "its own script where nothing tells"


async def test_the_storefront_and_the_widget(house: House) -> None:
    page = await house.http.get("/shops/kites", headers={"Accept-Language": "zh-TW,zh;q=0.9"})
    assert '<html lang="zh-Hant">' in page.text and "先問清楚，再下單。" in page.text and "龙形风筝" in page.text
    assert 'data-locale="zh-Hant"' in page.text and "lang=en" in page.text
    product = await house.http.get("/shops/kites/products/KX-2?lang=zh-HK")
    assert product.status_code in (200, 404)
    assert "商品規格" in product.text or product.status_code == 404
    assert '<html lang="zh-CN">' in (await house.http.get("/shops/kites", headers={"Accept-Language": "zh-Hans-HK"})).text
