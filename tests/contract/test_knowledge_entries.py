"""EntryStore, PinnedStore and GapStore, the same on SQLite and PostgreSQL: hand edits survive imports, history tells who did what."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta

import pytest

from knowledge.base import MerchantStore
from knowledge.care import Care
from knowledge.catalog import Availability, Offer, OfferPatch, Product, Variant
from knowledge.documents import document_of
from knowledge.entries import ABSENT, CONSOLE, Edit
from knowledge.errors import StaleEntry, UnknownShop
from knowledge.faq import FaqEntry
from knowledge.money import Money
from knowledge.pinned import Expected, PinnedQuestion
from knowledge.storage.engine import open_engine
from knowledge.storage.sql_store import SqlKnowledgeStore
from knowledge.store import Changes, Document, DocumentKind, Shop, SourceDocuments

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
FAQ, PRODUCT = DocumentKind.FAQ, DocumentKind.PRODUCT


class Clock:
    """A minute passes with every look."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[MerchantStore]:
    engine = await open_engine(database_url)
    made = SqlKnowledgeStore(engine, clock=Clock())
    for slug in ("tea", "bikes"):
        await made.create_shop(Shop(slug[0], slug, {"en": slug.title()}))
    yield made
    await engine.dispose()


def faq(id: str, answer: str = "Yes.", source: str = "feed", care: Care | None = None) -> Document:
    return document_of(FAQ, id, source, FaqEntry(id, {"en": f"{id}?"}, {"en": answer}), care or Care())


def product(id: str, price: int = 1990, title: str = "Kettle") -> Document:
    variant = Variant(f"{id}-1", (), Offer(Money(price, "USD")), Availability.of(7))
    return document_of(PRODUCT, id, "feed", Product(id, {"en": title}, (variant,)))


def put(document: Document, expected: str | None = None) -> Edit:
    return Edit(document.kind, document.id, document, expected)


async def imported(store: MerchantStore, *documents: Document, overwrite: bool = False) -> Changes:
    changes = await store.stage("t", "feed", documents, overwrite=overwrite)
    await store.publish("t")
    return changes


async def answers(store: MerchantStore, revision: int | None = None) -> dict[str, str]:
    number = (await store.state("t")).revision if revision is None else revision
    found = [document.body async for document in store.documents("t", number, [FAQ])]
    return {body.id: body.answer["en"] for body in found if isinstance(body, FaqEntry)}


# ── editing ──


async def test_an_edit_waits_in_the_draft_with_its_author(store: MerchantStore):
    await imported(store, faq("a"), faq("b"))
    draft = await store.edit("t", [put(faq("a", "No.", CONSOLE)), Edit(FAQ, "b", None), put(faq("c", source=CONSOLE))], by="ann")
    assert draft is not None
    assert (draft.number, draft.state, draft.author, draft.changes) == (2, "draft", "ann", Changes(1, 1, 1, 0))
    assert await answers(store) == {"a": "Yes.", "b": "Yes."}
    assert await answers(store, 2) == {"a": "No.", "c": "Yes."}
    revision = await store.publish("t", by="bob", note="spring")
    assert (revision.author, revision.note) == ("bob", "spring")
    assert await answers(store) == {"a": "No.", "c": "Yes."}


async def test_each_change_of_a_draft_is_counted(store: MerchantStore):
    first = await store.edit("t", [put(faq("a"))])
    same = await store.edit("t", [put(faq("a"))])
    second = await store.edit("t", [put(faq("a", "No."))])
    await store.stage("t", "feed", [faq("z")])
    third = await store.draft("t")
    assert [one.edits for one in (first, same, second, third) if one] == [1, 1, 2, 3]
    assert await store.edit("b", []) is None


async def test_of_two_editors_the_second_is_told(store: MerchantStore):
    await imported(store, faq("a"))
    seen = await store.document("t", 1, FAQ, "a")
    assert seen is not None
    await store.edit("t", [put(faq("a", "First."), seen.hash)], by="ann")
    for edit in (put(faq("a", "Second."), seen.hash), Edit(FAQ, "a", None, seen.hash), put(faq("a", "New."), ABSENT)):
        with pytest.raises(StaleEntry, match="a"):
            await store.edit("t", [put(faq("other")), edit], by="bob")
    assert await answers(store, 2) == {"a": "First."}  # all or none
    with pytest.raises(StaleEntry, match="deleted"):
        await store.edit("t", [put(faq("never"), seen.hash)])
    with pytest.raises(UnknownShop):
        await store.edit("nobody", [put(faq("a"))])


async def test_a_discarded_draft_leaves_no_trace_of_its_edits(store: MerchantStore):
    await imported(store, faq("a"), faq("b"))
    await store.edit("t", [put(faq("a", "No.")), Edit(FAQ, "b", None)], by="ann")
    await store.discard_draft("t")
    assert len(await store.history("t", FAQ, "a")) == len(await store.history("t", FAQ, "b")) == 1
    assert (await imported(store, faq("a"), faq("b"))) == Changes(unchanged=2)


# ── imports beside edits ──


async def test_an_import_does_not_overwrite_what_was_edited_by_hand(store: MerchantStore):
    await imported(store, faq("a"), faq("b"))
    await store.edit("t", [put(faq("a", "Mine.", CONSOLE))], by="ann")
    await store.publish("t")
    changes = await imported(store, faq("a", "Theirs."), faq("b", "Theirs."))
    assert (changes.changed, changes.kept) == (1, ((FAQ, "a"),))
    assert await answers(store) == {"a": "Mine.", "b": "Theirs."}
    assert await imported(store, faq("b", "Theirs.")) == Changes(unchanged=1, kept=((FAQ, "a"),))  # the file gave it up
    assert "a" in await answers(store)
    assert (await imported(store, faq("a", "Theirs."), faq("b", "Theirs."), overwrite=True)).changed == 1
    assert (await answers(store))["a"] == "Theirs."
    assert (await imported(store, faq("a", "Anew."), faq("b", "Theirs."))).changed == 1  # the file's again


@pytest.mark.parametrize("published_first", [True, False])
async def test_an_import_does_not_bring_back_what_was_deleted_by_hand(store: MerchantStore, published_first: bool):
    await store.stage("t", "feed", [faq("a"), faq("b")])
    if published_first:
        await store.publish("t")
    await store.edit("t", [Edit(FAQ, "b", None)], by="ann")
    await store.publish("t")
    changes = await imported(store, faq("a"), faq("b"))
    assert (changes.added, changes.kept) == (0, ((FAQ, "b"),))
    assert set(await answers(store)) == {"a"}
    assert (await imported(store, faq("a"), faq("b"), overwrite=True)).added == 1
    await imported(store, faq("a"))
    assert (await imported(store, faq("a"), faq("b"))).added == 1  # nobody deleted it by hand since


def cup(price: int, text: str = "Glazed by hand.", stock: int = 7) -> Document:
    variant = Variant("cup-1", (), Offer(Money(price, "USD")), Availability.of(stock))
    return document_of(PRODUCT, "cup", "feed", Product("cup", {"en": "Cup"}, (variant,), {"en": text}))


async def the_cup(store: MerchantStore) -> tuple[int | None, str, str]:
    document = await store.document("t", (await store.state("t")).revision, PRODUCT, "cup")
    assert document is not None and isinstance(document.body, Product)
    live = (await store.offers("t", ["cup-1"]))["cup-1"].offer.regular
    stated = document.body.variants[0].offer.regular
    assert live == stated
    return live.minor if live else None, document.body.description["en"], document.source


async def test_what_the_file_alone_changes_reaches_an_entry_that_people_edited(store: MerchantStore):
    """Else a price would stand still for ever once somebody mended the description."""
    await imported(store, cup(1000), faq("q"))
    await store.edit("t", [put(cup(1000, "Mended."))], by="ann")
    await store.publish("t")
    assert await imported(store, cup(1000), faq("q")) == Changes(unchanged=2)  # no finding day after day
    assert await imported(store, cup(1200), faq("q")) == Changes(changed=1, unchanged=1)
    assert await the_cup(store) == (1200, "Mended.", CONSOLE)
    assert await imported(store, cup(1300, stock=0), faq("q")) == Changes(changed=1, unchanged=1)
    assert await the_cup(store) == (1300, "Mended.", CONSOLE)
    clash = await imported(store, cup(1400, "Glazed twice."), faq("q"))
    assert clash == Changes(changed=1, unchanged=1, kept=((PRODUCT, "cup"),))
    assert await the_cup(store) == (1400, "Mended.", CONSOLE)
    again = await store.foresee("t", [SourceDocuments("feed", [cup(1400, "Glazed twice."), faq("q")])])
    assert again == Changes(unchanged=1, kept=((PRODUCT, "cup"),))  # told until somebody decides
    assert await imported(store, cup(1400, "Glazed twice."), faq("q"), overwrite=True) == Changes(changed=1, unchanged=1)
    assert await the_cup(store) == (1400, "Glazed twice.", "feed")


async def test_an_edit_that_was_taken_back_leaves_the_entry_to_its_file(store: MerchantStore):
    await imported(store, cup(1000))
    await store.edit("t", [put(cup(1000, "Mended."))])
    await store.edit("t", [put(cup(1000)), put(faq("mine", source=CONSOLE))])
    await store.publish("t")
    assert (await the_cup(store))[2] == "feed"
    assert await imported(store, cup(1000, "Glazed anew.")) == Changes(changed=1)
    assert set(await answers(store)) == {"mine"}


async def test_a_price_set_by_hand_stands_against_the_file(store: MerchantStore):
    await imported(store, cup(1000))
    await store.edit("t", [put(cup(900))], by="ann")
    await store.publish("t")
    assert (await imported(store, cup(1000, "New words."))).kept == ()
    assert await the_cup(store) == (900, "New words.", CONSOLE)
    assert (await imported(store, cup(1100, "New words."))).kept == ((PRODUCT, "cup"),)
    assert (await the_cup(store))[0] == 900


async def test_an_edit_inside_the_same_draft_knows_its_file_too(store: MerchantStore):
    await store.stage("t", "feed", [cup(1000)])
    await store.edit("t", [put(cup(1000, "Mended."))])
    await store.edit("t", [put(cup(1000, "Mended twice."))])
    await store.publish("t")
    await imported(store, cup(1100))
    assert await the_cup(store) == (1100, "Mended twice.", CONSOLE)


async def test_goods_that_the_file_gave_up_are_told_though_people_edited_them(store: MerchantStore):
    await imported(store, cup(1000), faq("q"))
    await store.edit("t", [put(cup(1000, "Mended."))])
    await store.publish("t")
    assert await imported(store, faq("q")) == Changes(unchanged=1, kept=((PRODUCT, "cup"),))
    assert await imported(store, faq("q"), overwrite=True) == Changes(removed=1, unchanged=1)


async def test_an_import_that_publishes_at_once_keeps_hand_edits_too(store: MerchantStore):
    await imported(store, faq("a"))
    await store.edit("t", [put(faq("a", "Mine.", CONSOLE))])
    await store.publish("t")
    changes, _ = await store.stage_and_publish("t", [SourceDocuments("feed", [faq("a", "Theirs."), faq("n")])], by="job")
    assert (changes.added, changes.kept) == (1, ((FAQ, "a"),))
    assert await answers(store) == {"a": "Mine.", "n": "Yes."}


async def test_an_entry_keeps_its_care_when_its_source_is_imported_again(store: MerchantStore):
    care = Care("Ann", date(2026, 6, 1), NOW, NOW + timedelta(days=30))
    await imported(store, faq("a"))
    await store.edit("t", [put(faq("a", care=care))])
    await store.publish("t")
    kept = await store.document("t", 2, FAQ, "a")
    assert kept is not None and kept.care == care and kept.hash != faq("a").hash
    assert await imported(store, faq("a"), overwrite=True) == Changes(unchanged=1)
    await imported(store, faq("a", "No."), overwrite=True)
    changed = await store.document("t", 3, FAQ, "a")
    assert changed is not None and changed.care == care
    assert [document.id for document in await store.cared_for("t", 3)] == ["a"]
    assert await store.cared_for("t", 1) == []


# ── looking ──


async def test_entries_are_found_by_words_and_paged(store: MerchantStore):
    entries = [
        document_of(FAQ, f"q{n:02}", "feed", FaqEntry(f"q{n:02}", {"zh": "能退货吗"}, {"en": 'The "50%_off" deal'})) for n in range(7)
    ]
    await imported(store, *entries, product("kettle", title="Copper Kettle"), product("mug", title="Mug"))
    first = await store.find_documents("t", 1, text="退货", limit=5)
    rest = await store.find_documents("t", 1, text="退货", after=(first[-1].kind, first[-1].id))
    assert [one.id for one in (*first, *rest)] == [f"q{n:02}" for n in range(7)]
    assert [one.id for one in await store.find_documents("t", 1, text="COPPER kettle")] == ["kettle"]
    assert [one.id for one in await store.find_documents("t", 1, kind=PRODUCT)] == ["kettle", "mug"]
    assert len(await store.find_documents("t", 1, text='"50%_OFF"')) == 7
    assert await store.find_documents("t", 1, text="50%off") == await store.find_documents("t", 1, text="5__off") == []
    assert await store.find_documents("t", 1, source="other") == await store.find_documents("b", 1) == []


async def test_history_tells_who_did_what_and_when(store: MerchantStore):
    await imported(store, faq("a"))
    await store.edit("t", [put(faq("a", "No.", CONSOLE))], by="ann")
    await store.publish("t", by="bob")
    await store.edit("t", [Edit(FAQ, "a", None)], by="cat")
    await store.publish("t", note="tidied")
    await store.roll_back("t", 1, by="dan")
    await store.edit("t", [put(faq("a", "Perhaps.", CONSOLE))], by="eve")
    versions = await store.history("t", FAQ, "a")
    told = [(v.revision, v.state, v.author, v.document.source if v.document else None) for v in versions]
    assert told == [
        (5, "draft", "eve", CONSOLE),
        (4, "published", "dan", "feed"),
        (3, "published", "cat", None),
        (2, "published", "ann", CONSOLE),
        (1, "published", "", "feed"),
    ]
    assert versions[2].note == "tidied"
    assert [v.at for v in versions] == sorted((v.at for v in versions), reverse=True)
    assert await store.history("b", FAQ, "a") == await store.history("t", FAQ, "never") == []


async def test_revisions_differ_by_what_they_hold_in_either_direction(store: MerchantStore):
    await imported(store, faq("a"), faq("b"), faq("same"))
    await imported(store, faq("a", "No."), faq("c"), faq("same"))
    forth = [(one.id, one.change) for one in await store.differing("t", 1, 2)]
    back = [(one.id, one.change) for one in await store.differing("t", 2, 1)]
    assert forth == [("a", "changed"), ("b", "removed"), ("c", "added")]
    assert back == [("a", "changed"), ("b", "added"), ("c", "removed")]
    await store.roll_back("t", 1)
    assert await store.differing("t", 1, 3) == []
    assert await store.counts("t", 2) == {FAQ: 3}


async def test_the_offers_of_a_draft_are_those_that_publishing_writes(store: MerchantStore):
    await imported(store, product("a"), product("b"), product("gone"))
    await store.patch_offers("t", [OfferPatch("a-1", price="15.00"), OfferPatch("b-1", stock=1)])
    await store.stage("t", "feed", [product("a", 1500), product("b", 2500), product("new")])
    written, removed = await store.offers_of_draft("t")
    assert removed == ("gone-1",)
    assert await store.offers("t", ["new-1"]) == {}
    before = await store.offers("t", ["a-1", "b-1"])
    await store.publish("t")
    after = await store.offers("t", ["a-1", "b-1", "new-1", "gone-1"])
    foreseen = {**before, **written}
    assert {sku: (o.offer, o.availability.quantity) for sku, o in foreseen.items()} == {
        sku: (o.offer, o.availability.quantity) for sku, o in after.items()
    }
    assert await store.offers_of_draft("t") == ({}, ())


async def test_a_source_remembers_its_mapping(store: MerchantStore):
    await store.save_mapping("t", "goods.csv", {"货号": "sku"})
    await store.stage("t", "goods.csv", [faq("a")], format="CSV")
    (source,) = await store.sources("t")
    assert (source.name, source.format, source.documents, source.mapping) == ("goods.csv", "CSV", 1, {"货号": "sku"})
    await store.save_mapping("t", "goods.csv", {"售价": "price"})
    assert [one.mapping for one in await store.sources("t")] == [{"售价": "price"}]
    with pytest.raises(UnknownShop):
        await store.save_mapping("nobody", "x", {})


async def test_a_check_is_kept_with_its_revision(store: MerchantStore):
    await imported(store, faq("a"))
    await store.record_check("t", 1, {"asked": 3, "found": []})
    assert (await store.revisions("t"))[0].check == {"asked": 3, "found": []}


# ── test questions ──


async def test_test_questions_are_kept_changed_and_deleted(store: MerchantStore):
    expected = Expected(("49.90",), ("free",), "answered", ("k-1",), "k-1")
    one = PinnedQuestion("p1", "多少钱?", "zh", ("有水壶吗",), expected, "ann")
    await store.save_pinned("t", one)
    await store.save_pinned("t", PinnedQuestion("p2", "Hi"))
    kept = await store.pinned_question("t", "p1")
    assert kept is not None
    assert (kept.question, kept.turns, kept.expected, kept.created_by) == (one.question, one.turns, expected, "ann")
    await store.save_pinned("t", PinnedQuestion("p1", "How much?", created_by="bob"))
    changed = await store.pinned_question("t", "p1")
    assert changed is not None
    assert (changed.question, changed.created_by, changed.created_at) == ("How much?", "ann", kept.created_at)
    assert [q.id for q in await store.pinned("t")] == ["p1", "p2"]
    assert await store.pinned("b") == [] and await store.pinned_question("b", "p1") is None
    assert not await store.delete_pinned("b", "p1")
    assert await store.delete_pinned("t", "p1") and not await store.delete_pinned("t", "p1")


# ── gaps ──


async def asked(store: MerchantStore, *questions: str, product_id: str = "", attribute: str = "") -> list[str]:
    for question in questions:
        await store.record_gap("t", question, "en", "no_fact", NOW, product_id, "", attribute)
    gaps = {
        gap.question: gap.id for gap in [*await store.gaps("t"), *await store.gaps("t", "dismissed"), *await store.gaps("t", "answered")]
    }
    return [gaps[question] for question in questions if question in gaps]


async def test_joined_wordings_count_as_one(store: MerchantStore):
    one, two, three = await asked(store, "Is it BPA free?", "Any BPA in it?", "含双酚A吗?")
    assert {gap.id for gap in await store.unjoined_gaps("t")} == {one, two, three}
    await store.join_gaps("t", {two: one, three: two}, [one])
    assert await store.unjoined_gaps("t") == []
    await asked(store, "Any BPA in it?")
    (gap,) = await store.gaps("t")
    assert (gap.id, gap.count, gap.wordings) == (one, 4, 3)
    assert await store.gap("t", three) == gap
    assert sorted(q.question for q in await store.gap_questions("t", two)) == [
        "Any BPA in it?",
        "Any BPA in it?",
        "Is it BPA free?",
        "含双酚A吗?",
    ]
    await store.join_gaps("t", {one: three})  # in a circle: left out
    assert [gap.id for gap in await store.gaps("t")] == [one]
    assert await store.gap("b", one) is None


async def test_a_dismissed_question_stays_dismissed_in_every_wording(store: MerchantStore):
    one, two = await asked(store, "Is it vegan?", "Vegan?")
    await store.join_gaps("t", {two: one})
    done = await store.set_gap_state("t", two, "dismissed")
    assert done is not None and (done.id, done.state) == (one, "dismissed")
    await asked(store, "Vegan?", "Is it vegan?")
    assert await store.gaps("t") == []
    assert [gap.count for gap in await store.gaps("t", "dismissed")] == [4]


async def test_a_published_draft_answers_its_gap_and_a_repetition_opens_it(store: MerchantStore):
    (gap,) = await asked(store, "Do you ship to Mars?")
    await store.edit("t", [put(faq("mars", "No."))])
    await store.set_gap_state("t", gap, "open", "mars")
    assert [one.entry_id for one in await store.gaps("t")] == ["mars"]
    await store.publish("t")
    assert [one.id for one in await store.gaps("t", "answered")] == [gap]
    await asked(store, "Do you ship to Mars?")
    assert [one.id for one in await store.gaps("t")] == [gap]


async def test_facts_that_are_asked_for_are_tasks_of_the_product(store: MerchantStore):
    await asked(store, "Which voltage?", "What voltage has it?", product_id="k", attribute="voltage")
    await asked(store, "Which voltage?", product_id="k", attribute="voltage")
    await asked(store, "How heavy is the mug?", product_id="m", attribute="weight")
    await asked(store, "Anything else?")
    tasks = await store.fact_tasks("t")
    assert [(task.product_id, task.attribute, task.count, len(task.gap_ids)) for task in tasks] == [
        ("k", "voltage", 3, 2),
        ("m", "weight", 1, 1),
    ]
    assert await store.fact_tasks("b") == []


async def test_what_is_said_of_an_asking_is_not_asked_again(store: MerchantStore) -> None:
    """Staff corrects the answer, the customer's thumb is down: the same question, asked once; a new one where it was no gap."""
    await store.record_gap("t", "Is it blue?", "en", "not stated", NOW, conversation_id="c1")
    (gap,) = await store.gaps("t")
    await store.set_gap_state("t", gap.id, "answered")
    await store.record_gap("t", "is it blue", "en", "corrected", NOW, conversation_id="c1", noted=True)
    (gap,) = await store.gaps("t")
    assert (gap.count, gap.reason, gap.state) == (1, "corrected", "open")
    await store.record_gap("t", "is it blue", "en", "disliked", NOW, conversation_id="c2", noted=True)
    await store.record_gap("t", "Is it red?", "en", "disliked", NOW, conversation_id="c2", noted=True)
    assert [(one.question, one.count) for one in await store.gaps("t")] == [("Is it blue?", 2), ("Is it red?", 1)]


async def test_gaps_are_counted_and_read_by_page(store: MerchantStore) -> None:
    for number in range(7):
        for _ in range(number + 1):
            await store.record_gap("t", f"Question {number}?", "en", "no rule", NOW)
    first, second = await store.gaps("t", limit=4), await store.gaps("t", limit=4, offset=4)
    assert [gap.question for gap in (*first, *second)] == [f"Question {number}?" for number in range(6, -1, -1)]
    await store.join_gaps("t", {first[0].id: first[1].id})
    await store.set_gap_state("t", second[0].id, "dismissed")
    assert await store.gap_counts("t") == {"open": 5, "answered": 0, "dismissed": 1} and sum((await store.gap_counts("b")).values()) == 0
