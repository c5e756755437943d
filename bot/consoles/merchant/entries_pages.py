"""The pages that show and edit single entries: listed and searched, written in forms, kept in the draft until it is published."""

import secrets
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from bot.consoles.access import Right, Who
from bot.consoles.merchant.entry_form import EDITABLE, LOCAL, Plain, languages_of, plain_of, typed_of
from bot.consoles.merchant.entry_json import key_of, key_text, kind_of, title_of
from bot.consoles.merchant.offers import OFFERS, patch_of
from bot.consoles.merchant.parts import name_of
from bot.consoles.merchant.sections import ShopPages
from bot.consoles.merchant.shown_changes import ShownChange, gist_of, shown_change
from bot.consoles.shared.pages import HEADERS
from bot.consoles.shared.words import Words
from bot.errors import InvalidInput, NotFound, PreconditionFailed, TooLarge
from bot.gaps.drafting import GapDraft
from knowledge.attribute_names import names_of
from knowledge.catalog import Product
from knowledge.checking import TOPICS
from knowledge.documents import body_from_plain, care_json, document_of
from knowledge.editing import PastVersion, care_from_plain
from knowledge.entries import ABSENT, Version
from knowledge.errors import InvalidEntry, InvalidMoney, StaleEntry, UnknownEntry
from knowledge.localized import pick
from knowledge.revision import EntryChange, field_changes, plain
from knowledge.store import Document, DocumentKind, Shop

SHOWN = 50
VERSIONS = 20
LONGEST = 1024 * 1024
"""Characters of a form, as of an entry's JSON."""
SEE_OTHER = 303


def entries_page_routes(shown: ShopPages) -> APIRouter:
    """/console/{shop}/entries and what is under it; mount it without prefix."""
    parts, pages = shown.parts, shown.pages
    router = APIRouter(prefix="/console/{slug}/entries", include_in_schema=False, route_class=pages.route())

    @router.get("")
    async def entries(slug: str, request: Request, kind: str = "", text: str = "", after: str = "", stale: bool = False) -> Response:
        who, shop = await parts.open(request, slug, Right.READ_KNOWLEDGE)
        wanted, number = kind_of(kind) if kind else None, await parts.editing.newest(shop)
        found = await parts.editing.stale(shop)
        why = {(one.document.kind, one.document.id): one.why for one in found}
        if stale:
            page = [one.document for one in found]
        else:
            page = await parts.store.find_documents(
                shop.id, number, kind=wanted, text=text.strip()[:200], after=key_of(after), limit=SHOWN + 1
            )
        more = len(page) > SHOWN and not stale
        rows = page[:SHOWN] if more else page
        language = pages.words_of(request).language
        counts = await parts.store.counts(shop.id, number)
        return await shown.render(
            request,
            "entries.html",
            who,
            shop,
            "entries",
            rows=[
                (one, pick(title_of(one), language) or one.id, why.get((one.kind, one.id)), path_of(shop, one.kind, one.id)) for one in rows
            ],
            counts={one.value: count for one, count in counts.items()},
            kinds=[one.value for one in EDITABLE],
            kind=kind,
            text=text,
            stale=stale,
            stale_count=len(found),
            next=key_text((rows[-1].kind, rows[-1].id)) if more else "",
            done=request.query_params.get("done") == "deleted",
        )

    @router.get("/new/{kind}")
    async def begin(slug: str, kind: str, request: Request, gap: str = "") -> Response:
        who, shop = await parts.open(request, slug, Right.EDIT_KNOWLEDGE)
        wanted = _editable(kind)
        proposal = await parts.drafting.propose(shop, gap) if gap else None
        if proposal and await _present(shop, wanted, proposal.entry_id):
            return RedirectResponse(path_of(shop, wanted, proposal.entry_id), status_code=SEE_OTHER, headers=HEADERS)
        body: Plain = dict(proposal.body) if proposal else {}
        languages = languages_of(shop.languages, body)
        return await form(request, who, shop, wanted, None, typed_of(wanted, body, {}, languages), languages, proposal=proposal)

    @router.post("/new/{kind}")
    async def create(slug: str, kind: str, request: Request) -> Response:
        who, shop = await parts.open(request, slug, Right.EDIT_KNOWLEDGE)
        wanted, typed = _editable(kind), await _typed(request)
        proposal = await parts.drafting.propose(shop, typed["gap"]) if typed.get("gap") else None
        id = proposal.entry_id if proposal else typed.get("id", "").strip() or typed.get("new_sku", "").strip()
        if not id and wanted is not DocumentKind.PROMOTION:
            id = f"{wanted.value}-{secrets.token_hex(4)}"
        languages = languages_of(shop.languages, dict(proposal.body) if proposal else {})
        return await save(request, who, shop, wanted, id, None, typed, languages, proposal)

    @router.get("/{kind}/{id:path}")
    async def show(slug: str, kind: str, id: str, request: Request) -> Response:
        who, shop = await parts.open(request, slug, Right.READ_KNOWLEDGE)
        document = await _the_entry(shop, kind_of(kind), id)
        body = plain(document)
        languages = languages_of(shop.languages, body)
        typed = typed_of(document.kind, body, care_json(document.care) or {}, languages)
        return await form(request, who, shop, document.kind, document, typed, languages)

    @router.post("/{kind}/{id:path}")
    async def change(slug: str, kind: str, id: str, request: Request) -> Response:
        """Saves, deletes, or changes prices and stock, by the button that was pressed."""
        await parts.open(request, slug, Right.READ_KNOWLEDGE)  # who asks is known before the form is read
        typed = await _typed(request)
        if typed.get("do") == "offers":
            return await offers(request, slug, kind, id, typed)
        who, shop = await parts.open(request, slug, Right.EDIT_KNOWLEDGE)
        wanted = kind_of(kind)
        if typed.get("do") != "delete":
            document = await _present(shop, _editable(kind), id)
            languages = languages_of(shop.languages, plain(document) if document else {})
            return await save(request, who, shop, wanted, id, document, typed, languages, None)
        try:
            await parts.editing.delete_entry(shop, wanted, id, by=name_of(who), expected=typed.get("expected", ABSENT))
        except UnknownEntry:
            raise NotFound("There is no such entry any more.", code="no_entry") from None
        except StaleEntry:
            raise PreconditionFailed("Somebody changed the entry since you looked at it; look again.", code="stale_entry") from None
        await parts.access.record(who, shop.id, "entry.deleted", f"{kind}:{id}")
        return RedirectResponse(f"/console/{shop.slug}/entries?kind={kind}&done=deleted", status_code=SEE_OTHER, headers=HEADERS)

    async def save(
        request: Request,
        who: Who,
        shop: Shop,
        kind: DocumentKind,
        id: str,
        document: Document | None,
        typed: dict[str, str],
        languages: Sequence[str],
        proposal: GapDraft | None,
    ) -> Response:
        """Into the draft; or the form again, with what was typed and a sentence that says what is wrong with it."""
        words = pages.words_of(request)
        before = plain(document) if document else {}
        try:
            body = plain_of(kind, typed, before, languages, shop.currency)
            written = await parts.editing.put_entry(shop, kind, id, body, by=name_of(who), expected=typed.get("expected", ABSENT))
        except (InvalidEntry, InvalidMoney) as wrong:
            field = getattr(wrong, "field", "amount")
            sentence = words.error(f"entry_{field.partition('.')[2] if field.startswith('care.') else field.partition('.')[0]}", str(wrong))
            return await form(
                request, who, shop, kind, document, typed, languages, proposal=proposal, problem=sentence, status=InvalidInput.status
            )
        except StaleEntry:
            now = await _present(shop, kind, id)
            sentence = words("entries.conflict_taken" if now and not document else "entries.conflict" if now else "entries.conflict_gone")
            if document or not now:
                # Saving once more is meant: what the form says replaces what stands there now.
                typed["expected"] = now.hash if now else ABSENT
            theirs = now if document else None
            return await form(
                request, who, shop, kind, theirs, typed, languages, id=id, proposal=proposal, problem=sentence,
                yours=_beside(theirs, body, words) if theirs else None, status=PreconditionFailed.status,
            )  # fmt: skip
        await parts.access.record(who, shop.id, "entry.put", f"{kind.value}:{id}", hash=written.hash)
        if proposal:
            await parts.store.set_gap_state(shop.id, proposal.gap.id, "open", id)
            await parts.access.record(who, shop.id, "gap.drafted", proposal.gap.id, entry=id)
        return RedirectResponse(f"{path_of(shop, kind, id)}?done=saved", status_code=SEE_OTHER, headers=HEADERS)

    async def offers(request: Request, slug: str, kind: str, id: str, typed: Mapping[str, str]) -> Response:
        """Live prices and stock of a product's variants: those that were typed otherwise than shown."""
        who, shop = await parts.open(request, slug, Right.EDIT_OFFERS)
        document = await _the_entry(shop, kind_of(kind), id)
        assert isinstance(document.body, Product)
        asked: list[dict[str, str]] = []
        for variant in document.body.variants:
            given = {name: typed.get(f"{name}:{variant.sku}", "").strip() for name in ("price", "stock")}
            new = {name: value for name, value in given.items() if value and value != typed.get(f"was_{name}:{variant.sku}")}
            if new:
                asked.append({"sku": variant.sku, **new})
        try:
            wanted = OFFERS.validate_python(asked)
        except ValidationError:
            raise InvalidInput("Write prices as digits, such as 19.90, and stock as a whole number.", code="offer_typed") from None
        now = parts.clock()
        changes = await parts.store.patch_offers(shop.id, [patch_of(one, now) for one in wanted])
        await parts.access.record(who, shop.id, "offers.patched", shop.slug, changed=len(changes.changed), unknown=len(changes.unknown))
        return RedirectResponse(f"{path_of(shop, document.kind, id)}?done=offers", status_code=SEE_OTHER, headers=HEADERS)

    async def form(
        request: Request,
        who: Who,
        shop: Shop,
        kind: DocumentKind,
        document: Document | None,
        typed: Mapping[str, str],
        languages: Sequence[str],
        *,
        id: str = "",
        proposal: GapDraft | None = None,
        problem: str = "",
        yours: ShownChange | None = None,
        status: int = 200,
    ) -> Response:
        words = pages.words_of(request)
        product = document.body if document and isinstance(document.body, Product) else None
        live = await parts.store.offers(shop.id, [one.sku for one in product.variants]) if product else {}
        tasks = [one for one in await parts.store.fact_tasks(shop.id) if one.product_id == product.id] if product else []
        return await shown.render(
            request,
            "entries_form.html",
            who,
            shop,
            "entries",
            status=status,
            kind=kind.value,
            document=document,
            id=document.id if document else id or typed.get("id", ""),
            title=(pick(title_of(document), words.language) or document.id) if document else words(f"entries.new_{kind.value}"),
            action=path_of(shop, kind, document.id) if document else f"/console/{shop.slug}/entries/new/{kind.value}",
            typed=_Typed(typed),
            expected=typed.get("expected") or (document.hash if document and "expected" not in typed else ABSENT),
            languages=languages,
            local=LOCAL.get(kind, ()),
            topics=TOPICS,
            section_count=sum(name.startswith("text:") and name[5:].isdigit() for name in typed) if kind is DocumentKind.POLICY else 0,
            editable=kind in EDITABLE,
            gist=gist_of(document, words.language) if document else "",
            product=product,
            offers=[
                (sku, paid.text if (paid := one.offer.paid(parts.clock())) else "", paid.currency if paid else "", one.availability)
                for sku, one in live.items()
            ],
            may_offer=who.may(Right.EDIT_OFFERS, shop.id),
            facts=[((names_of(one.attribute) or (one.attribute,))[0], one.count) for one in tasks],
            proposal=proposal,
            history=await history(shop, document, words) if document else [],
            problem=problem,
            yours=yours,
            done=request.query_params.get("done", "") if request.method == "GET" else "",
        )

    async def history(shop: Shop, document: Document, words: Words) -> list[tuple[Version, ShownChange]]:
        past = await parts.editing.history(shop, document.kind, document.id, VERSIONS + 1)
        older: list[PastVersion | None] = [*past[1:], None]
        told = []
        for one, before in zip(past, older, strict=True):
            was, now = before.version.document if before else None, one.version.document
            if was or now:
                change = EntryChange(document.kind, document.id, one.change, was, now, one.fields)
                told.append((one.version, shown_change(change, words)))
        return told[:VERSIONS]

    async def _present(shop: Shop, kind: DocumentKind, id: str) -> Document | None:
        return await parts.store.document(shop.id, await parts.editing.newest(shop), kind, id)

    async def _the_entry(shop: Shop, kind: DocumentKind, id: str) -> Document:
        found = await _present(shop, kind, id)
        if found is None:
            raise NotFound("There is no such entry.", code="no_entry")
        return found

    return router


def path_of(shop: Shop, kind: DocumentKind, id: str) -> str:
    """The page of an entry."""
    return f"/console/{shop.slug}/entries/{kind.value}/{quote(id, safe='')}"


def _beside(theirs: Document, body: Plain, words: Words) -> ShownChange:
    """What stands there now, and what was typed, field by field."""
    about = {name: value for name, value in body.items() if name != "care"}
    mine = document_of(theirs.kind, theirs.id, theirs.source, body_from_plain(theirs.kind, about), care_from_plain(body["care"]))
    return shown_change(EntryChange(theirs.kind, theirs.id, "changed", theirs, mine, field_changes(theirs, mine)), words)


class _Typed(dict[str, str]):
    """What stands in the fields of a form; a field that nobody filled is empty."""

    def __missing__(self, name: str) -> str:
        return ""


def _editable(kind: str) -> DocumentKind:
    if (wanted := kind_of(kind)) not in EDITABLE:
        raise NotFound("Entries of this kind come from files alone.", code="no_form")
    return wanted


async def _typed(request: Request) -> dict[str, str]:
    typed = {name: value.replace("\r\n", "\n") for name, value in (await request.form()).items() if isinstance(value, str)}
    if sum(map(len, typed.values())) > LONGEST:
        raise TooLarge("This is too much for one entry; write a shorter one.", code="long_entry")
    return typed
