"""Open questions in the console, beyond what the entries' own tests look at: read by page."""

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
