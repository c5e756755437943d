"""Of several that could be meant the one whose data answers; where none does, that is said of all."""

import pytest

from bot.answering.answer import Outcome
from bot.understanding.question import Intent, Subject
from knowledge.store import DocumentKind
from tests.builders import a_product, a_view
from tests.unit.bot.answering.talks import a_hit, a_part, evidence, talk, text

KETTLE = a_product("kettle", "Whistle Kettle | 鸣笛水壶", description="Cord 75 cm long. | 电源线长75厘米。")
TOASTER = a_product("toaster", "Sunny Toaster | 多士炉", description="Seven browning levels. | 七档烤色。")
SHOP = a_view(KETTLE, TOASTER)
SHOWN = (Subject("kettle", None, False, "carried"), Subject("toaster", None, False, "carried"))


def told(kettle: float, toaster: float, language: str = "en"):  # type: ignore[no-untyped-def]
    rows = {p.id: p.description[language].rstrip(".。") for p in (KETTLE, TOASTER)}
    facts = {id_: (a_hit(DocumentKind.PRODUCT, id_, row, field="description", language=language),) for id_, row in rows.items()}
    return evidence(facts=facts, answerable=max(kettle, toaster), answerable_of={"kettle": kettle, "toaster": toaster})


@pytest.mark.parametrize(("asked", "language"), [("how far does the cord reach", "en"), ("线有多长啊", "zh")])
def test_the_one_that_answers_is_meant(asked: str, language: str) -> None:
    draft = talk(SHOP, a_part(Intent.PRODUCT_QUESTION, asked, *SHOWN), told(0.95, 0.1, language), language=language)
    assert draft.outcome is Outcome.ANSWERED and "75" in text(draft) and "Seven" not in text(draft) and "七档" not in text(draft)
    assert draft.memory.focus == "kettle"


@pytest.mark.parametrize(("asked", "language"), [("can it go in the dishwasher", "en"), ("能放洗碗机吗", "zh")])
def test_where_none_answers_it_is_said_of_all_rather_than_asked_back(asked: str, language: str) -> None:
    draft = talk(SHOP, a_part(Intent.PRODUCT_QUESTION, asked, *SHOWN, yes_no=True), told(0.1, 0.1, language), language=language)
    assert draft.outcome is Outcome.ABSTAINED
    assert all(title in text(draft) for title in (("Whistle Kettle", "Sunny Toaster") if language == "en" else ("鸣笛水壶", "多士炉")))
