"""Publications as work in the background: watched, refused, taken over from a dead process, never done twice."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.errors import Conflict, NotFound
from bot.previewing.dry_run import SideName
from bot.previewing.job_store import JobKind, JobState
from bot.previewing.jobs import Jobs
from bot.previewing.releasing import Releasing
from bot.storage.sql_jobs import SqlJobStore
from knowledge.errors import RevisionConflict
from knowledge.faq import FaqEntry
from knowledge.pinned import Expected, PinnedQuestion
from tests.builders import a_product
from tests.unit.bot.previewing.shopfront import Shopfront

HOURS = FaqEntry("hours", {"en": "What are your opening hours?"}, {"en": "We are open from nine to five."})
KETTLE = a_product("kettle", "Copper Kettle", price="49.90 USD")
PINNED = PinnedQuestion("p", HOURS.question["en"], expected=Expected(expect=("nine to five",)))


class Later:
    """A clock for who looks after the process has died."""

    def __init__(self, front: Shopfront) -> None:
        self._front = front
        self.by = timedelta()

    def __call__(self) -> datetime:
        return self._front.clock() + self.by


def another_process(front: Shopfront, clock: Later) -> Jobs:
    return Jobs(front.store, SqlJobStore(front.engine), front.parts.releasing, clock=clock)


async def serving(front: Shopfront) -> int:
    return (await front.store.state("t")).revision


async def test_a_publication_is_watched_to_its_end(front: Shopfront) -> None:
    await front.publish(KETTLE)
    await front.stage(KETTLE, HOURS)
    begun = await front.parts.jobs.publish(front.shop, by="ann", note="hours")
    assert begun.state is JobState.RUNNING and await serving(front) == 1
    done = await front.parts.jobs.ended(front.shop, begun)
    assert (done.state, done.result["revision"], done.step) == (JobState.DONE, 2, "looking")  # type: ignore[index]
    assert (await front.store.revisions("t"))[0].author == "ann" and await serving(front) == 2
    assert await front.parts.jobs.get(front.shop, begun.id) == done
    back = await front.parts.jobs.ended(front.shop, await front.parts.jobs.roll_back(front.shop, 1, by="ann"))
    assert back.result is not None and back.result["revision"] == 3 and await serving(front) == 3
    with pytest.raises(Conflict):
        await front.parts.jobs.publish(front.shop)  # there is no draft
    with pytest.raises(NotFound):
        await front.parts.jobs.get(front.shop, "nothing")


async def test_pressing_twice_is_one_publication(front: Shopfront) -> None:
    await front.stage(KETTLE)
    one, other = await front.parts.jobs.publish(front.shop), await front.parts.jobs.publish(front.shop)
    assert one.id == other.id
    await front.parts.jobs.wait()
    assert await serving(front) == 1 and len(await front.parts.jobs.all(front.shop)) == 1


async def test_worse_test_questions_stop_it_and_stay_readable(front: Shopfront) -> None:
    await front.publish(KETTLE, HOURS)
    await front.store.save_pinned("t", PINNED)
    await front.stage(KETTLE)
    begun = await front.parts.jobs.publish(front.shop)
    with pytest.raises(Conflict, match="get worse"):
        await front.parts.jobs.ended(front.shop, begun)
    kept = await front.parts.jobs.get(front.shop, begun.id)
    assert kept.state is JobState.REFUSED and kept.result is not None
    assert [one["id"] for one in kept.result["regressions"]] == ["p"] and await serving(front) == 1
    with pytest.raises(Conflict, match="get worse"):  # whoever asks later, in whatever process
        await another_process(front, Later(front)).ended(front.shop, begun)
    confirmed = await front.parts.jobs.publish(front.shop, confirm=True)
    assert (await front.parts.jobs.ended(front.shop, confirmed)).state is JobState.DONE and await serving(front) == 2


async def test_what_went_wrong_is_kept(front: Shopfront) -> None:
    await front.publish(KETTLE)
    begun = await front.parts.jobs.roll_back(front.shop, 9)
    with pytest.raises(RevisionConflict):
        await front.parts.jobs.ended(front.shop, begun)
    kept = await front.parts.jobs.get(front.shop, begun.id)
    assert kept.state is JobState.FAILED and "no revision 9" in kept.error


async def test_a_publication_whose_process_died_is_finished_by_another(front: Shopfront) -> None:
    """Killed before the switch: the draft is published by whoever starts next, once."""
    await front.publish(KETTLE)
    await front.stage(KETTLE, HOURS)
    jobs = front.parts.jobs
    begun = await jobs.publish(front.shop, by="ann", note="hours")
    jobs._running[begun.id].cancel()
    await asyncio.gather(*jobs._running.values(), return_exceptions=True)
    await SqlJobStore(front.engine).save_job(replace(begun, state=JobState.RUNNING))  # killed, it could not say so
    later = Later(front)
    other, third = another_process(front, later), another_process(front, later)
    assert await other.resume() == 0, "it was heard of just now"
    later.by = timedelta(minutes=1)
    assert (await other.get(front.shop, begun.id)).state is JobState.INTERRUPTED
    assert sorted([await other.resume(), await third.resume()]) == [0, 1]
    await other.wait()
    await third.wait()
    assert await serving(front) == 2 and (await jobs.get(front.shop, begun.id)).state is JobState.DONE
    newest = (await front.store.revisions("t"))[0]
    assert (newest.number, newest.author, newest.note) == (2, "ann", "hours")


@pytest.mark.parametrize("kind", [JobKind.PUBLISH, JobKind.ROLL_BACK])
async def test_a_switch_that_had_happened_is_not_made_again(front: Shopfront, kind: JobKind) -> None:
    """Killed between the switch and its last word."""
    await front.publish(KETTLE)
    await front.publish(KETTLE, HOURS)
    jobs, store = front.parts.jobs, SqlJobStore(front.engine)
    if kind is JobKind.PUBLISH:
        await front.stage(KETTLE)
        begun = await jobs.publish(front.shop, by="ann")
    else:
        begun = await jobs.roll_back(front.shop, 1, by="ann")
    await jobs.wait()
    await store.save_job(begun)  # as if it had never said that it is done
    later = Later(front)
    later.by = timedelta(minutes=1)
    other = another_process(front, later)
    assert await other.resume() == 1
    await other.wait()
    done = await jobs.get(front.shop, begun.id)
    assert (done.state, done.result["revision"]) == (JobState.DONE, 3) and await serving(front) == 3  # type: ignore[index]


async def test_a_draft_that_changed_meanwhile_is_not_published_by_who_takes_over(front: Shopfront) -> None:
    await front.publish(KETTLE)
    await front.stage(KETTLE, HOURS)
    jobs = front.parts.jobs
    begun = await jobs.publish(front.shop)
    await asyncio.sleep(0)  # it has begun
    await jobs.stop()  # a server that is stopped leaves it to the next
    assert (await jobs.get(front.shop, begun.id)).state is JobState.INTERRUPTED
    await front.stage(KETTLE)
    await front.stage(KETTLE, a_product("mug", "Tea Mug"))
    other = another_process(front, Later(front))
    assert await other.resume() == 1
    await other.wait()
    kept = await jobs.get(front.shop, begun.id)
    assert kept.state is JobState.FAILED and kept.result == {"code": "stale_draft"} and await serving(front) == 1


async def test_test_questions_are_asked_of_either_side(front: Shopfront) -> None:
    await front.publish(KETTLE, HOURS)
    await front.store.save_pinned("t", PINNED)
    jobs = front.parts.jobs
    with pytest.raises(Conflict):
        await jobs.ask(front.shop, SideName.DRAFT)
    await front.stage(KETTLE)
    missing = {}
    for side in SideName:
        done = await jobs.ended(front.shop, await jobs.ask(front.shop, side))
        assert done.result is not None
        (one,) = done.result["results"]
        missing[side] = one["failures"]
    assert missing[SideName.PUBLISHED] == [] and ["expect", "nine to five"] in missing[SideName.DRAFT]
    assert await front.store.gaps("t") == [], "what is asked as a test is nobody's question"


async def test_the_switch_waits_for_every_text_and_customers_are_answered_meanwhile(front: Shopfront) -> None:
    """Embedding goes on for long: the old revision answers all the while."""
    await front.publish(KETTLE, HOURS)
    gate, steps = asyncio.Event(), list[str]()

    class Slow(Releasing):
        async def publish(self, shop, **given):  # type: ignore[no-untyped-def]
            await gate.wait()
            told = given.pop("told")
            return await super().publish(shop, **given, told=lambda *step: (steps.append(step[0]), told(*step)))

    slow = Slow(front.store, front.publisher, front.parts.runs, front.parts.releasing._check)
    jobs = Jobs(front.store, SqlJobStore(front.engine), slow, clock=front.clock)
    await front.stage(KETTLE, FaqEntry("hours", HOURS.question, {"en": "We never open."}))
    begun = await jobs.publish(front.shop)
    conversation = await front.ask(HOURS.question["en"])
    told = [message.text for message in await front.conversations.messages(conversation.id)]
    assert any("nine to five" in text for text in told) and (await jobs.get(front.shop, begun.id)).state is JobState.RUNNING
    gate.set()
    assert (await jobs.ended(front.shop, begun)).state is JobState.DONE
    assert steps == ["embedding", "switching", "looking"] and await serving(front) == 2
