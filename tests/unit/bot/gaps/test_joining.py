"""Wordings of one question become one gap; what the merchant decided of it holds for the next wording; drafts take staff's own words."""

import pytest

from bot.errors import NotFound
from bot.gaps.joining import Joining
from knowledge.catalog import utc_now
from retrieval.embedding import cross_language_embedder, open_embedder
from retrieval.likeness import Likeness
from tests.builders import a_product
from tests.unit.bot.previewing.shopfront import Shopfront

KETTLE = a_product("kettle", "Copper Kettle", price="49.90 USD")


@pytest.fixture(scope="module")
def likeness() -> Likeness:
    return Likeness(open_embedder(), cross_language_embedder)


async def record(front: Shopfront, *asked: tuple[str, str], product_id: str = "", attribute: str = "") -> None:
    for text, language in asked:
        await front.store.record_gap("t", text, language, "no rule", utc_now(), product_id, "", attribute)


async def questions(front: Shopfront, state: str = "open") -> dict[str, int]:
    return {gap.question: gap.count for gap in await front.store.gaps("t", state)}


async def test_wordings_in_two_languages_are_one_question(front: Shopfront, likeness: Likeness) -> None:
    joining = Joining(front.store, front.store, likeness)
    await record(
        front, ("Do you ship to Germany?", "en"), ("can you deliver to germany", "en"), ("可以寄到德国吗", "zh"), ("Is it vegan?", "en")
    )
    assert await joining.join_new("t") == 2
    assert await questions(front) == {"Do you ship to Germany?": 3, "Is it vegan?": 1}
    assert await joining.join_new("t") == 0


async def test_questions_that_name_different_things_stay_apart(front: Shopfront, likeness: Likeness) -> None:
    asked = [
        "Is it dishwasher safe?",
        "Is it microwave safe?",
        "Do you ship to Mars?",
        "Do you ship to Germany?",
        "可以寄到法国吗",
        "可以寄到英国吗",
    ]
    await record(front, *((text, "zh" if "寄" in text else "en") for text in asked))
    await Joining(front.store, front.store, likeness).join_new("t")
    apart = await questions(front)
    assert {"Is it dishwasher safe?", "Is it microwave safe?", "Do you ship to Mars?", "Do you ship to Germany?"} <= apart.keys()
    assert len([text for text in apart if "寄" in text]) >= 1


async def test_a_fact_of_one_product_is_one_question_in_any_words(front: Shopfront, likeness: Likeness) -> None:
    await record(front, ("What voltage does it take?", "en"), ("能在美国用吗，电压多少", "zh"), product_id="kettle", attribute="voltage")
    await record(front, ("Which voltage, please?", "en"), product_id="mug", attribute="voltage")
    await Joining(front.store, front.store, likeness).join_new("t")
    assert await questions(front) == {"What voltage does it take?": 2, "Which voltage, please?": 1}
    assert [(task.product_id, task.count) for task in await front.store.fact_tasks("t")] == [("kettle", 2), ("mug", 1)]


async def test_a_new_wording_of_a_dismissed_question_is_dismissed(front: Shopfront, likeness: Likeness) -> None:
    joining = Joining(front.store, front.store, likeness)
    await record(front, ("Do you ship to Germany?", "en"))
    await joining.join_new("t")
    (gap,) = await front.store.gaps("t")
    await front.store.set_gap_state("t", gap.id, "dismissed")
    await record(front, ("can you deliver to germany", "en"), ("Do you ship to Germany?", "en"))
    await joining.join_new("t")
    assert await questions(front) == {}
    assert await questions(front, "dismissed") == {"Do you ship to Germany?": 3}


async def test_forgetting_who_asked_first_leaves_the_question_of_the_others(front: Shopfront) -> None:
    await front.publish(KETTLE)
    first = await front.ask("Do you ship to Zebulon's Germany?")
    other = await front.ask("Do you deliver to Germany?")
    gaps = {gap.question: gap.id for gap in await front.store.gaps("t")}
    leader, member = gaps["Do you ship to Zebulon's Germany?"], gaps["Do you deliver to Germany?"]
    await front.store.join_gaps("t", {member: leader})
    await front.store.set_gap_state("t", leader, "dismissed")
    await front.conversations.forget(first.contact_id)
    assert await questions(front, "dismissed") == {"Do you deliver to Germany?": 1}  # the merchant's decision stays
    await front.conversations.forget(other.contact_id)
    assert await questions(front, "dismissed") == await questions(front) == {}


async def test_a_draft_takes_the_words_of_staff(front: Shopfront) -> None:
    await front.publish(KETTLE)
    conversation = await front.ask("Do you ship to Germany?")
    await front.staff_says(conversation, "Yes, to Germany in five days. Mail ann@tea.example for more.")
    await front.ask("Do you ship to Germany?")
    (gap,) = await front.store.gaps("t")
    draft = await front.parts.drafting.propose(front.shop, gap.id)
    assert draft.body["question"] == {"en": "Do you ship to Germany?"}
    assert draft.body["answer"] == {"en": "Yes, to Germany in five days. Mail … for more."}
    assert [(reply.conversation_id, reply.agent_name) for reply in draft.replies] == [(conversation.id, "Ann")]
    with pytest.raises(NotFound):
        await front.parts.drafting.propose(front.shop, "nothing")
