"""A process to be killed: stages a lot, publishes it and now and then rolls back, until it dies. Each lot changes every entry at once."""

import asyncio
import itertools
import sys
from pathlib import Path

from bot.assembly import services
from bot.settings import load_settings
from knowledge.documents import document_of, kind_of
from knowledge.faq import FaqEntry
from knowledge.store import Body, Document
from tests.builders import a_product

ENTRIES = 40


def lot(number: int) -> list[Document]:
    """Products and FAQ entries that all name their lot: in the title, in the price, in the answer."""
    bodies: list[Body] = [
        a_product(f"k-{n}", f"Kite {n} of lot {number}", price=f"{100 + number}.00 USD", description=f"Sewn for lot {number}, piece {n}.")
        for n in range(ENTRIES)
    ]
    bodies += [FaqEntry(f"q-{n}", {"en": f"What is rule {n}?"}, {"en": f"Rule {n} of lot {number}."}) for n in range(ENTRIES)]
    bodies += [FaqEntry(f"only-{number}", {"en": f"What is special in lot {number}?"}, {"en": f"A gift of lot {number}."})]
    return [document_of(kind_of(body), str(getattr(body, "id", "")), "feed", body) for body in bodies]


async def work(data: Path) -> None:
    """Says "ready" once it begins, and "published" each time."""
    async with services(load_settings(data=data)) as parts:
        knowledge, releasing = parts.knowledge, parts.merchant.releasing
        shop = await knowledge.store.shop("kites") or await knowledge.create_shop("kites")
        begun = max((revision.number for revision in await knowledge.store.revisions(shop.id)), default=0)
        print("ready", flush=True)
        for number in itertools.count(begun + 1):
            await knowledge.store.stage(shop.id, "feed", lot(number))
            serving = (await releasing.publish(shop, confirm=True)).revision.number
            print("published", flush=True)
            if number % 3 == 0:
                await releasing.roll_back(shop, serving - 1)


if __name__ == "__main__":
    asyncio.run(work(Path(sys.argv[1])))
