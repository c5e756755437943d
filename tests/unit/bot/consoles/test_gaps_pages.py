"""Open questions in the console, beyond what the entries' own tests look at: read by page."""

import html
import re
from datetime import date

from knowledge.care import Care
from knowledge.documents import document_of
from knowledge.faq import FaqEntry
from knowledge.store import DocumentKind
from tests.unit.bot.consoles.conftest import House


async def test_open_questions_are_read_by_page(house: House) -> None:
    for number in range(35):
        await house.knowledge.record_gap("s1", f"What of matter {number:02}?", "en", "no rule", house.clock())
    browser = await house.signed_in("admin")
    first, second = (await browser.get("/console/tea/gaps")).text, (await browser.get("/console/tea/gaps?page=2")).text
    assert "Open 35" in first and "Page 1 of 2" in first and first.count('class="change"') == 30 and second.count('class="change"') == 5
    gap = (await house.knowledge.gaps("s1", offset=32))[0]
    back = await browser.post(f"/console/tea/gaps/{gap.id}", do="dismiss", page="2")
    assert "Page 2 of 2" in back.text and "Dismissed. It does not come back" in back.text


async def test_entries_to_look_at_again_are_read_by_page(house: House) -> None:
    care = Care(review_by=date(2026, 1, 1))
    entries = [FaqEntry(f"q{number:02}", {"en": f"What of {number:02}?"}, {"en": "Yes."}) for number in range(60)]
    documents = [document_of(DocumentKind.FAQ, entry.id, "care", entry, care) for entry in entries]
    await house.knowledge.stage("s1", "care", documents)
    browser = await house.signed_in("admin")
    first = (await browser.get("/console/tea/entries?stale=1")).text
    assert "What of 00?" in first and "What of 55?" not in first
    link = re.search(r'href="(/console/tea/entries\?[^"]*after=[^"]+)"', first)
    assert link
    second = (await browser.get(html.unescape(link[1]))).text
    assert "What of 55?" in second and "What of 00?" not in second and "after=" not in second
