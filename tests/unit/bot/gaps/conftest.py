from collections.abc import AsyncIterator

import pytest

from tests.contract.servers import Databases
from tests.unit.bot.previewing.shopfront import Shopfront, shopfront


@pytest.fixture
async def front(databases: Databases) -> AsyncIterator[Shopfront]:
    async with shopfront(databases) as made:
        yield made
