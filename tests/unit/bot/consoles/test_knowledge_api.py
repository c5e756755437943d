"""The merchant's JSON: entries with ETags, revisions, comparisons, test questions, gaps; by role, one shop never another's, all audited."""

from collections.abc import AsyncIterator

import httpx
import pytest
from sqlalchemy import select

from bot.storage.tables import audits
from knowledge.catalog import OfferPatch
from knowledge.faq import FaqEntry
from knowledge.store import Shop
from tests.builders import a_product
from tests.contract.servers import Databases
from tests.unit.bot.previewing.shopfront import Shopfront, shopfront

HOURS = FaqEntry("hours", {"en": "What are your opening hours?"}, {"en": "We are open from nine to five."})
KETTLE = a_product("kettle", "Copper Kettle", price="49.90 USD", stock=7)
GIFT = {"question": {"en": "Can I pay by bitcoin?"}, "answer": {"en": "Yes, by bitcoin too."}, "also_asked": {"zh": ["能用比特币付款吗"]}}


@pytest.fixture
async def front(databases: Databases) -> AsyncIterator[Shopfront]:
    async with shopfront(databases) as made:
        await made.publish(KETTLE, HOURS)
        yield made


@pytest.fixture
async def http(front: Shopfront) -> AsyncIterator[httpx.AsyncClient]:
    async with await front.program() as client:
        yield client


def problem(response: httpx.Response, status: int) -> dict[str, object]:
    """An RFC 9457 body of that status."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    told: dict[str, object] = response.json()
    assert told["status"] == status and str(told["detail"]).endswith(".")
    return told


async def test_an_entry_is_written_read_changed_and_deleted_with_its_etag(http: httpx.AsyncClient) -> None:
    made = await http.put("entries/faq/gift", json=GIFT, headers={"If-None-Match": "*"})
    assert made.status_code == 200 and made.json()["source"] == "console"
    read = await http.get("entries/faq/gift")
    assert read.headers["etag"] == made.headers["etag"] and read.json()["body"]["also_asked"] == {"zh": ["能用比特币付款吗"]}
    problem(await http.put("entries/faq/gift", json=GIFT, headers={"If-None-Match": "*"}), 412)
    changed = await http.put("entries/faq/gift", json={**GIFT, "answer": {"en": "No."}}, headers={"If-Match": read.headers["etag"]})
    assert changed.status_code == 200 and changed.headers["etag"] != read.headers["etag"]
    problem(await http.put("entries/faq/gift", json=GIFT, headers={"If-Match": read.headers["etag"]}), 412)
    problem(await http.delete("entries/faq/gift", headers={"If-Match": read.headers["etag"]}), 412)
    assert (await http.delete("entries/faq/gift", headers={"If-Match": changed.headers["etag"]})).status_code == 204
    problem(await http.get("entries/faq/gift"), 404)


async def test_ids_are_the_merchants_own(http: httpx.AsyncClient) -> None:
    for id in ("a/b", "退换货.md", "with space", "history"):
        assert (await http.put(f"entries/faq/{httpx.URL('http://x/').join(id).raw_path.decode()[1:]}", json=GIFT)).status_code == 200, id
        found = await http.get("entries", params={"text": "bitcoin", "kind": "faq"})
        assert id in [one["id"] for one in found.json()["entries"]]


@pytest.mark.parametrize(
    ("kind", "body", "field"),
    [
        ("faq", {"question": {"en": "Why?"}}, "answer"),
        ("faq", {"question": {"en": " "}, "answer": {"en": "Because."}}, "question"),
        ("faq", {**GIFT, "care": {"review_by": "soon"}}, "care.review_by"),
        (
            "faq",
            {**GIFT, "care": {"effective_from": "2026-02-01T00:00:00Z", "effective_until": "2026-01-01T00:00:00Z"}},
            "care.effective_until",
        ),
        ("product", {"title": {"en": "Cup"}, "variants": []}, "variants"),
        ("product", {"title": {"en": "Cup"}, "variants": [{"sku": "KETTLE"}]}, "variants"),
        (
            "product",
            {"title": {"en": "Cup"}, "variants": [{"sku": "C", "offer": {"regular": {"minor": -5, "currency": "USD"}}}]},
            "variants.0.offer",
        ),
        ("promotion", {"title": {"en": "Sale"}, "percent_off": "120"}, "percent_off"),
        ("policy", {"title": "T", "language": "en", "topic": "shipping", "sections": []}, "sections"),
    ],
)
async def test_what_makes_no_sense_is_refused_with_its_place(
    http: httpx.AsyncClient, kind: str, body: dict[str, object], field: str
) -> None:
    told = problem(await http.put(f"entries/{kind}/new", json=body), 422)
    assert str(told["field"]).startswith(field), told
    assert (await http.get("revisions/draft")).json() is None


async def test_list_pages_searches_and_counts(http: httpx.AsyncClient) -> None:
    for number in range(5):
        await http.put(f"entries/faq/q{number}", json={**GIFT, "question": {"en": f"Question {number}?"}})
    first = (await http.get("entries", params={"kind": "faq", "limit": 4})).json()
    rest = (await http.get("entries", params={"kind": "faq", "limit": 4, "after": first["next"]})).json()
    assert [one["id"] for one in first["entries"] + rest["entries"]] == ["hours", "q0", "q1", "q2", "q3", "q4"]
    assert rest["next"] is None and first["counts"] == {"faq": 6, "product": 1}
    assert [one["id"] for one in (await http.get("entries", params={"text": "copper"})).json()["entries"]] == ["kettle"]
    assert (await http.get("entries", params={"revision": 1, "kind": "faq"})).json()["counts"] == {"faq": 1, "product": 1}
    problem(await http.get("entries", params={"after": "nonsense"}), 422)
    problem(await http.get("entries", params={"kind": "car"}), 404)


async def test_a_product_comes_with_what_customers_are_told_now(http: httpx.AsyncClient, front: Shopfront) -> None:
    await front.store.patch_offers("t", [OfferPatch("KETTLE", price="39.00", stock=2)])
    told = (await http.get("entries/product/kettle")).json()
    assert told["body"]["variants"][0]["offer"]["regular"]["minor"] == 4990
    assert (told["offers"]["KETTLE"]["price"], told["offers"]["KETTLE"]["stock"]) == ("39.00", 2)


async def test_compare_publish_and_history(http: httpx.AsyncClient, front: Shopfront) -> None:
    body = (await http.get("entries/product/kettle")).json()["body"]
    body["variants"][0]["offer"]["regular"]["minor"] = 5990
    await http.put("entries/product/kettle", json=body)
    await http.put("entries/faq/gift", json=GIFT)
    await http.delete("entries/faq/hours")
    told = (await http.get("revisions/compare")).json()
    assert told["counts"] == {
        "product": {"added": 0, "changed": 1, "removed": 0, "unchanged": 0},
        "faq": {"added": 1, "changed": 0, "removed": 1, "unchanged": 0},
    }
    changed = next(one for one in told["entries"] if one["change"] == "changed")
    assert changed["fields"] == [{"path": "variants[KETTLE].offer.regular.minor", "before": 4990, "after": 5990}]
    only = (await http.get("revisions/compare", params={"kind": "faq", "change": "removed"})).json()
    assert [one["id"] for one in only["entries"]] == ["hours"]
    done = (await http.post("revisions/publish", json={"note": "autumn"})).json()
    assert done["revision"]["number"] == 2 and done["check"]["found"] == [] and done["check"]["removed"] == 1
    assert (await front.store.offers("t", ["KETTLE"]))["KETTLE"].offer.regular.minor == 5990  # type: ignore[union-attr]
    (new, old) = (await http.get("history/product/kettle")).json()["versions"]
    assert (new["revision"], new["change"], new["source"], new["note"], old["source"]) == (2, "changed", "console", "autumn", "feed")
    assert new["author"].startswith("token:") and new["fields"] == changed["fields"]
    gone = (await http.get("history/faq/hours")).json()["versions"][0]
    assert (gone["change"], gone["entry"]) == ("removed", None)
    back = (await http.post("revisions/1/roll-back")).json()
    assert back["revision"]["number"] == 3
    assert [one["number"] for one in (await http.get("revisions")).json()["revisions"]] == [3, 2, 1]


async def test_a_draft_that_changed_since_it_was_read_is_not_published(http: httpx.AsyncClient) -> None:
    await http.put("entries/faq/gift", json=GIFT)
    tag = (await http.get("revisions/draft")).headers["etag"]
    await http.put("entries/faq/other", json=GIFT)
    problem(await http.post("revisions/publish", headers={"If-Match": tag}), 412)
    problem(await http.post("revisions/1/roll-back"), 409)
    assert (await http.post("revisions/discard")).status_code == 204
    assert (await http.get("revisions/draft")).json() is None


async def test_the_bench_asks_either_side_and_stores_nothing(http: httpx.AsyncClient, front: Shopfront) -> None:
    await http.put("entries/faq/gift", json=GIFT)
    asked = {"text": "Can I pay by bitcoin?"}
    published = (await http.post("test-bench", json=asked)).json()
    draft = (await http.post("test-bench", json={**asked, "revision": "draft"})).json()
    assert (published["revision"], published["answer"]["outcome"]) == (1, "abstained")
    assert (draft["revision"], draft["answer"]["text"], draft["trace"]["revision"]) == (2, "Yes, by bitcoin too.", 2)
    followed = (await http.post("test-bench", json={"text": "How much is it?", "turns": ["Tell me about the Copper Kettle"]})).json()
    assert "$49.90" in followed["answer"]["text"]
    assert await front.store.gaps("t") == [] and await front.conversations.conversations("t") == []
    await http.post("revisions/discard")
    assert problem(await http.post("test-bench", json={**asked, "revision": "draft"}), 409)["code"] == "no_draft"


async def test_test_questions_block_a_worse_draft_until_confirmed(http: httpx.AsyncClient) -> None:
    body = {"question": HOURS.question["en"], "expect": ["nine to five"], "not": ["closed"], "outcome": "answered", "sources": ["hours"]}
    pinned = (await http.post("pinned-questions", json=body)).json()
    assert {name: pinned[name] for name in body} == body
    await http.delete("entries/faq/hours")
    run = (await http.post("pinned-questions/run")).json()
    assert run["regressions"] == 1 and run["results"][0]["failures_before"] == []
    refused = problem(await http.post("revisions/publish"), 409)
    assert refused["code"] == "regressions" and refused["regressions"][0]["id"] == pinned["id"]  # type: ignore[index]
    assert (await http.post("revisions/publish", json={"confirm": True})).status_code == 200
    changed = await http.put(f"pinned-questions/{pinned['id']}", json={"question": "Hello!"})
    assert changed.json()["expect"] == [] and len((await http.get("pinned-questions")).json()["questions"]) == 1
    assert (await http.delete(f"pinned-questions/{pinned['id']}")).status_code == 204
    problem(await http.delete(f"pinned-questions/{pinned['id']}"), 404)
    problem(await http.post("pinned-questions", json={"question": "x", "outcome": "happy"}), 422)


async def test_a_comparison_of_answers_is_started_watched_and_read(http: httpx.AsyncClient, front: Shopfront) -> None:
    await front.ask("Can I pay by bitcoin?")
    await front.ask("What are your opening hours?")
    problem(await http.post("answer-diffs"), 409)
    await http.put("entries/faq/gift", json=GIFT)
    started = await http.post("answer-diffs", json={"limit": 50})
    assert started.status_code == 202
    await front.parts.diffs.wait()
    told = (await http.get(f"answer-diffs/{started.json()['id']}")).json()
    assert (told["state"], told["done"], told["total"]) == ("done", 2, 2)
    assert told["counts"]["newly_answerable"] == 1 and told["counts"]["same"] == 1
    assert told["summary"] == {"en": "Of 2 answers: 1 newly answerable.", "zh": "2 个回答中：1 个新能回答。"}
    items = (await http.get(f"answer-diffs/{told['id']}/items", params={"change": "newly_answerable"})).json()
    assert [one["question"] for one in items["items"]] == ["Can I pay by bitcoin?"]
    assert "conversation" not in str(items) and len((await http.get("answer-diffs")).json()["diffs"]) == 1


async def test_gaps_are_listed_drafted_dismissed_and_merged(http: httpx.AsyncClient, front: Shopfront) -> None:
    conversation = await front.ask("Can I pay by bitcoin?")
    await front.staff_says(conversation, "Yes, by bitcoin too.")
    await front.ask("Do you ship to Mars?", "What voltage is the Copper Kettle?")
    told = (await http.get("gaps")).json()
    ids = {one["question"]: one["id"] for one in told["gaps"]}
    assert [(one["product_id"], one["attribute"]) for one in told["facts"]] == [("kettle", "voltage")]
    gift, mars = ids["Can I pay by bitcoin?"], ids["Do you ship to Mars?"]
    assert (await http.get(f"gaps/{gift}")).json()["conversations"] == [conversation.id]
    proposed = (await http.post(f"gaps/{gift}/draft")).json()
    assert proposed["entry"]["answer"] == {"en": "Yes, by bitcoin too."} and proposed["written"] is None
    assert (await http.get("revisions/draft")).json() is None
    written = (await http.post(f"gaps/{gift}/draft", json={"write": True})).json()["written"]
    assert written["body"]["answer"] == {"en": "Yes, by bitcoin too."}
    problem(await http.post(f"gaps/{mars}/draft", json={"write": True}), 422)
    await http.post("revisions/publish")
    assert [one["id"] for one in (await http.get("gaps", params={"state": "answered"})).json()["gaps"]] == [gift]
    assert (await http.post(f"gaps/{mars}/dismiss")).json()["state"] == "dismissed"
    await front.ask("Do you ship to Mars?")
    assert mars not in [one["id"] for one in (await http.get("gaps")).json()["gaps"]]
    merged = (await http.post(f"gaps/{mars}/merge", json={"into": gift})).json()
    assert (merged["id"], merged["count"], merged["wordings"]) == (gift, 3, 2)
    problem(await http.post("gaps/none/dismiss"), 404)


async def test_stale_entries_are_listed(http: httpx.AsyncClient) -> None:
    care = {"owner": "Ann", "review_by": "2020-01-01"}
    await http.put("entries/faq/gift", json={**GIFT, "care": care})
    (stale,) = (await http.get("stale")).json()["entries"]
    assert (stale["id"], stale["why"], stale["care"]) == ("gift", "review_due", care)
    kept = (await http.put("entries/faq/gift", json={**GIFT, "answer": {"en": "No."}})).json()
    assert kept["care"] == care
    assert (await http.put("entries/faq/gift", json={**GIFT, "care": {}})).json()["care"] is None


@pytest.mark.parametrize("role", ["viewer", "analyst", "support"])
async def test_who_may_only_read_changes_nothing(front: Shopfront, role: str) -> None:
    await front.stage(HOURS, source="other")
    async with await front.program(role) as http:
        for path in (
            "entries",
            "entries/faq/hours",
            "revisions",
            "revisions/compare",
            "stale",
            "gaps",
            "pinned-questions",
            "answer-diffs",
            "sources",
        ):
            assert (await http.get(path)).status_code == 200, path
        for path in (
            "revisions/publish",
            "revisions/discard",
            "revisions/1/roll-back",
            "answer-diffs",
            "pinned-questions",
            "gaps/x/dismiss",
            "gaps/x/draft",
        ):
            problem(await http.post(path, json=None), 403)
        problem(await http.put("entries/faq/x", json=GIFT), 403)
        problem(await http.delete("entries/faq/hours"), 403)
    assert (await front.store.state("t")).revision == 1


async def test_another_shops_knowledge_looks_as_if_it_were_not_there(front: Shopfront, http: httpx.AsyncClient) -> None:
    await front.store.create_shop(Shop("b", "bikes", {"en": "Bikes"}))
    pinned = (await http.post("pinned-questions", json={"question": "Hello!"})).json()["id"]
    other = "http://shop.test/api/v1/shops/bikes/knowledge/"
    for path in ("entries", "revisions", "gaps", "pinned-questions"):
        problem(await http.get(other + path), 404)
    token = await front.access.new_api_token("b", "admin", "theirs")
    theirs = {"Authorization": f"Bearer {token}"}
    problem(await http.put(f"{other}pinned-questions/{pinned}", json={"question": "Mine now"}, headers=theirs), 404)
    problem(await http.get(f"{other}entries/faq/hours", headers=theirs), 404)
    anonymous = await httpx.AsyncClient(transport=http._transport, base_url=other).get("entries")
    problem(anonymous, 401)


async def test_every_change_is_in_the_audit_log(http: httpx.AsyncClient, front: Shopfront) -> None:
    await http.put("entries/faq/gift", json=GIFT)
    await http.delete("entries/faq/hours")
    await http.post("revisions/publish", json={"confirm": True})
    await http.post("revisions/1/roll-back")
    async with front.engine.read() as connection:
        rows = (await connection.execute(select(audits.c.what, audits.c.who).where(audits.c.shop_id == "t").order_by(audits.c.at))).all()
    done = [row.what for row in rows if row.who.startswith("token:")]
    assert done == ["entry.put", "entry.deleted", "knowledge.published", "knowledge.rolled_back"]


@pytest.mark.parametrize("number", ["0", "99999999999999999999", "-1", "x"])
async def test_numbers_out_of_range_are_refused(http: httpx.AsyncClient, number: str) -> None:
    assert 400 <= (await http.post(f"revisions/{number}/roll-back")).status_code < 500
    for path in (f"entries?revision=9{number}9999999999", f"revisions/compare?old=9{number}9999999999", f"history/faq/{number}"):
        assert 400 <= (await http.get(path)).status_code < 500, path


async def test_odd_letters_break_nothing(http: httpx.AsyncClient) -> None:
    for path in (
        "entries?text=%00%25_'",
        "entries?source=%00",
        "entries/faq/%00",
        "history/faq/%F0%9F%8D%B5",
        "gaps/%00",
        "entries?after=faq:%00",
    ):
        assert (await http.get(path)).status_code in (200, 404), path
    problem(await http.put("entries/faq/a%00b", json=GIFT), 422)
    problem(await http.put("entries/faq/x", content=b'{"question": {"en": "\\ud800"}}'), 422)
    problem(await http.put("entries/faq/x", content=b"[]"), 422)
