"""Gap rows inside one transaction: joining, standing for others, and what erasing a customer leaves. See knowledge/gaps.py."""

import unicodedata
from typing import Any

from sqlalchemy import and_, bindparam, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from knowledge.storage.tables import documents, gap_questions, gaps
from knowledge.store import DocumentKind


def normalised(question: str) -> str:
    """The question without case, width, punctuation and doubled spaces: what makes two the same wording."""
    folded = unicodedata.normalize("NFKC", question).casefold()
    kept = "".join(" " if unicodedata.category(letter)[0] in "PSZC" else letter for letter in folded)
    return " ".join(kept.split()) or folded


async def answer_drafted(connection: AsyncConnection, shop_id: str) -> None:
    """Open gaps whose drafted entry serves now are answered."""
    c = gaps.c
    serving = select(documents.c.id).where(
        documents.c.shop_id == shop_id, documents.c.kind == DocumentKind.FAQ.value, documents.c.valid_until.is_(None)
    )
    drafted = and_(c.shop_id == shop_id, c.state == "open", c.entry_id != "", c.entry_id.in_(serving))
    await connection.execute(update(gaps).where(drafted).values(state="answered"))


async def join(connection: AsyncConnection, shop_id: str, gap_id: str, into: str) -> None:
    """`gap_id` and all that it stands for are stood for by `into`, or by the gap that stands for that one."""
    target = await standing_for(connection, shop_id, into)
    if target is None or target == gap_id:
        return
    c = gaps.c
    moved = and_(c.shop_id == shop_id, (c.id == gap_id) | (c.joined_to == gap_id))
    await connection.execute(update(gaps).where(moved).values(joined_to=target, compared=True))


async def standing_for(connection: AsyncConnection, shop_id: str, gap_id: str) -> str | None:
    """The gap that stands for this one; None: there is no such gap."""
    c = gaps.c
    row = (await connection.execute(select(c.id, c.joined_to).where(c.shop_id == shop_id, c.id == gap_id))).one_or_none()
    return None if row is None else str(row.joined_to or row.id)


async def forget(connection: AsyncConnection, conversation_ids: Any) -> int:
    """Takes these conversations' words out of the gaps: a wording that nobody else used goes, and another of its like stands for the
    rest. `conversation_ids`: a subquery. Returns askings erased."""
    c = gap_questions.c
    touched = (await connection.scalars(select(c.gap_id).where(c.conversation_id.in_(conversation_ids)).distinct())).all()
    erased = (await connection.execute(delete(gap_questions).where(c.conversation_id.in_(conversation_ids)))).rowcount
    for gap_id in touched:
        left = (await connection.execute(select(c.question).where(c.gap_id == gap_id).order_by(c.at, c.id))).scalars().all()
        if left:
            await connection.execute(update(gaps).where(gaps.c.id == gap_id).values(question=left[0], asked=len(left)))
        else:
            await _hand_over(connection, gap_id)
            await connection.execute(delete(gaps).where(gaps.c.id == gap_id))
    return erased


async def _hand_over(connection: AsyncConnection, gap_id: str) -> None:
    c = gaps.c
    heir = await connection.scalar(select(c.id).where(c.joined_to == gap_id).order_by(c.asked.desc(), c.id).limit(1))
    if heir is None:
        return
    gone = (await connection.execute(select(c.state, c.entry_id).where(c.id == gap_id))).one()
    await connection.execute(update(gaps).where(c.joined_to == gap_id).values(joined_to=heir))
    await connection.execute(update(gaps).where(c.id == heir).values(joined_to=None, state=gone.state, entry_id=gone.entry_id))


def leaders(shop_id: str) -> Any:
    """A query for gaps that stand for themselves, with `asked`, `wordings`, `first` and `last` over all they stand for."""
    one, many = gaps.alias("one"), gaps.alias("many")
    mine = and_(many.c.shop_id == shop_id, func.coalesce(many.c.joined_to, many.c.id) == one.c.id)
    return (
        select(
            one,
            func.sum(many.c.asked).label("all_asked"),
            func.count().label("wordings"),
            func.min(many.c.first_at).label("first"),
            func.max(many.c.last_at).label("last"),
        )
        .join(many, mine)
        .where(one.c.shop_id == shop_id, one.c.joined_to.is_(None))
        .group_by(*one.c)
    ), one


REOPEN = update(gaps).where(gaps.c.id == bindparam("b_id"), gaps.c.state == "answered").values(state="open")
"""One that was answered opens again when it comes back; a dismissed one stays so and only counts."""
