"""The pages that show and edit single entries: listed and searched, written in forms, kept in the draft until it is published."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from bot.consoles.access import Right, Who
from bot.consoles.merchant.entry_checks import field_of, unknown_names
from bot.consoles.merchant.entry_form import EDITABLE, LOCAL, counts_of, languages_of, plain_of, starts_of, typed_of
from bot.consoles.merchant.entry_json import key_of, key_text, kind_of, title_of
from bot.consoles.merchant.form_fields import Fields, Plain, is_address, rows, with_changed_rows
from bot.consoles.merchant.offer_form import patches_of, shown_offers
from bot.consoles.merchant.parts import name_of
from bot.consoles.merchant.product_form import STATES
from bot.consoles.merchant.sections import ShopPages
from bot.consoles.merchant.shown_changes import ShownChange, gist_of, shown_change
from bot.consoles.shared.pages import HEADERS
from bot.consoles.shared.words import Words
from bot.errors import InvalidInput, NotFound, PreconditionFailed, TooLarge
from bot.gaps.drafting import GapDraft
from knowledge.attribute_names import names_of
from knowledge.catalog import LiveOffer, Product
from knowledge.checking import TOPICS
from knowledge.documents import body_from_plain, care_json, document_of
from knowledge.editing import PastVersion, care_from_plain
from knowledge.entries import ABSENT, Version
from knowledge.errors import InvalidEntry, InvalidMoney, StaleEntry, UnknownEntry
from knowledge.localized import pick
from knowledge.review import Review
from knowledge.revision import EntryChange, field_changes, plain
from knowledge.store import Document, DocumentKind, Shop

SHOWN = 50
VERSIONS = 20
LONGEST = 1024 * 1024
"""Characters of a form, as of an entry's JSON."""
MOST_FIELDS = 20_000
"""A product of some hundred variants has a few thousand."""
SEE_OTHER = 303
PICTURES = HEADERS | {
    "Content-Security-Policy": HEADERS["Content-Security-Policy"].replace("img-src 'self'", "img-src 'self' https: http:")
}
"""Headers of a page that shows pictures from where the merchant keeps them."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A form as it is to be shown. `typed`: what stands in its fields; `wrong`: field to what to do, as a sentence; `focus`: where to write."""

    kind: DocumentKind
    document: Document | None
    typed: Mapping[str, str]
    languages: Sequence[str]
    id: str = ""
    proposal: GapDraft | None = None
    problem: str = ""
    wrong: Mapping[str, str] = field(default_factory=dict)
    wrong_offers: Mapping[str, str] = field(default_factory=dict)
    offers_typed: Mapping[str, str] | None = None
    focus: str = ""
    yours: ShownChange | None = None
    status: int = 200


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
            keys, past = list(why), key_of(after)
            begin_at = keys.index(past) + 1 if past in keys else 0  # mended meanwhile: from the beginning again
            page = [one.document for one in found[begin_at : begin_at + SHOWN + 1]]
        else:
            page = await parts.store.find_documents(
                shop.id, number, kind=wanted, text=text.strip()[:200], after=key_of(after), limit=SHOWN + 1
            )
        more = len(page) > SHOWN
        listed = page[:SHOWN] if more else page
        language = pages.words_of(request).language
        counts = await parts.store.counts(shop.id, number)
        return await shown.render(
            request,
            "entries.html",
            who,
            shop,
            "entries",
            rows=[
                (one, pick(title_of(one), language) or one.id, why.get((one.kind, one.id)), path_of(shop, one.kind, one.id))
                for one in listed
            ],
            counts={one.value: count for one, count in counts.items()},
            kinds=[one.value for one in EDITABLE],
            kind=kind,
            text=text,
            stale=stale,
            stale_count=len(found),
            next=key_text((listed[-1].kind, listed[-1].id)) if more else "",
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
        typed = typed_of(wanted, body, {}, languages)
        if wanted is DocumentKind.REVIEW:
            typed["sku"] = request.query_params.get("sku", "")[:200]
        return await form(request, who, shop, Shown(wanted, None, typed, languages, proposal=proposal))

    @router.post("/new/{kind}")
    async def create(slug: str, kind: str, request: Request) -> Response:
        who, shop = await parts.open(request, slug, Right.EDIT_KNOWLEDGE)
        wanted, typed = _editable(kind), await _typed(request)
        proposal = await parts.drafting.propose(shop, typed["gap"]) if typed.get("gap") else None
        languages = languages_of(shop.languages, dict(proposal.body) if proposal else {})
        form_shown = Shown(wanted, None, typed, languages, proposal=proposal)
        if (do := typed.get("do", "")).startswith(("add:", "remove:")):
            return await changed_rows(request, who, shop, form_shown, do)
        first = next((f"variant:{number}:sku" for number in rows(typed, "variant")), "")
        id = proposal.entry_id if proposal else typed.get("id", "").strip() or typed.get(first, "").strip()
        if not id and wanted is not DocumentKind.PROMOTION:
            id = f"{wanted.value}-{secrets.token_hex(4)}"
        return await save(request, who, shop, form_shown, id)

    @router.get("/{kind}/{id:path}")
    async def show(slug: str, kind: str, id: str, request: Request) -> Response:
        who, shop = await parts.open(request, slug, Right.READ_KNOWLEDGE)
        document = await _the_entry(shop, kind_of(kind), id)
        body = plain(document)
        languages = languages_of(shop.languages, body)
        typed = typed_of(document.kind, body, care_json(document.care) or {}, languages)
        return await form(request, who, shop, Shown(document.kind, document, typed, languages))

    @router.post("/{kind}/{id:path}")
    async def change(slug: str, kind: str, id: str, request: Request) -> Response:
        """Saves, adds or removes a row, deletes, or changes prices and stock, by the button that was pressed."""
        await parts.open(request, slug, Right.READ_KNOWLEDGE)  # who asks is known before the form is read
        typed = await _typed(request)
        if typed.get("do") == "offers":
            return await offers(request, slug, kind, id, typed)
        who, shop = await parts.open(request, slug, Right.EDIT_KNOWLEDGE)
        wanted = kind_of(kind)
        if (do := typed.get("do", "")) != "delete":
            document = await _present(shop, _editable(kind), id)
            languages = languages_of(shop.languages, plain(document) if document else {})
            form_shown = Shown(wanted, document, typed, languages, id)
            if do.startswith(("add:", "remove:")):
                return await changed_rows(request, who, shop, form_shown, do)
            return await save(request, who, shop, form_shown, id)
        try:
            await parts.editing.delete_entry(shop, wanted, id, by=name_of(who), expected=typed.get("expected", ABSENT))
        except UnknownEntry:
            raise NotFound("There is no such entry any more.", code="no_entry") from None
        except StaleEntry:
            raise PreconditionFailed("Somebody changed the entry since you looked at it; look again.", code="stale_entry") from None
        await parts.access.record(who, shop.id, "entry.deleted", f"{kind}:{id}")
        return RedirectResponse(f"/console/{shop.slug}/entries?kind={kind}&done=deleted", status_code=SEE_OTHER, headers=HEADERS)

    async def changed_rows(request: Request, who: Who, shop: Shop, of: Shown, do: str) -> Response:
        """The form with a row more or less; nothing is written."""
        typed, focus = with_changed_rows(of.typed, do, starts_of(of.kind, of.languages), counts_of(of.kind))
        return await form(request, who, shop, Shown(of.kind, of.document, typed, of.languages, of.id, of.proposal, focus=focus))

    async def save(request: Request, who: Who, shop: Shop, of: Shown, id: str) -> Response:
        """Into the draft; or the form again, with what was typed and at each field what is wrong with it."""
        words, kind, typed = pages.words_of(request), of.kind, dict(of.typed)
        before = plain(of.document) if of.document else {}
        fields = Fields(typed, shop.currency)
        body = plain_of(kind, fields, before, of.languages, await _live(shop, of.document), id)
        problem = ""
        if not fields.wrong:
            fields.wrong |= await unknown_names(parts.store, shop, await parts.editing.newest(shop), kind, body, before)
        if not fields.wrong:
            try:
                written = await parts.editing.put_entry(shop, kind, id, body, by=name_of(who), expected=typed.get("expected", ABSENT))
            except (InvalidEntry, InvalidMoney) as wrong:
                problem = _sentence(wrong, words)
                fields.wrong |= field_of(wrong, typed, of.languages)
            except StaleEntry:
                return await conflict(request, who, shop, of, id, typed, body)
        if fields.wrong or problem:
            told = _told(fields, words)
            again = Shown(kind, of.document, typed, of.languages, of.id, of.proposal, problem, told, status=InvalidInput.status)
            return await form(request, who, shop, again)
        await parts.access.record(who, shop.id, "entry.put", f"{kind.value}:{id}", hash=written.hash)
        if of.proposal:
            await parts.store.set_gap_state(shop.id, of.proposal.gap.id, "open", id)
            await parts.access.record(who, shop.id, "gap.drafted", of.proposal.gap.id, entry=id)
        return RedirectResponse(f"{path_of(shop, kind, id)}?done=saved", status_code=SEE_OTHER, headers=HEADERS)

    async def conflict(request: Request, who: Who, shop: Shop, of: Shown, id: str, typed: dict[str, str], body: Plain) -> Response:
        """Somebody was quicker: theirs beside what was typed, which another save puts in its place."""
        words, now = pages.words_of(request), await _present(shop, of.kind, id)
        taken = now is not None and of.document is None
        sentence = words("entries.conflict_taken" if taken else "entries.conflict" if now else "entries.conflict_gone")
        if not taken:
            # Saving once more is meant: what the form says replaces what stands there now.
            typed["expected"] = now.hash if now else ABSENT
        theirs = now if of.document else None
        yours = _beside(theirs, body, words) if theirs else None
        again = Shown(
            of.kind, theirs, typed, of.languages, id, of.proposal, sentence, yours=yours, status=PreconditionFailed.status
        )  # fmt: skip
        return await form(request, who, shop, again)

    async def offers(request: Request, slug: str, kind: str, id: str, typed: dict[str, str]) -> Response:
        """Live prices and stock of a product's variants: those that were typed otherwise than shown."""
        who, shop = await parts.open(request, slug, Right.EDIT_OFFERS)
        document = await _the_entry(shop, kind_of(kind), id)
        live = await _live(shop, document)
        fields = Fields(typed, shop.currency)
        patches = patches_of(fields, live, rows(typed, "offer"), parts.clock())
        problem = ""
        if not fields.wrong:
            try:
                changes = await parts.store.patch_offers(shop.id, patches)
            except InvalidMoney:
                problem = pages.words_of(request)("error.offer_typed")
        if fields.wrong or problem:
            words, body = pages.words_of(request), plain(document)
            languages = languages_of(shop.languages, body)
            told = _told(fields, words)
            shows = typed_of(document.kind, body, care_json(document.care) or {}, languages)
            again = Shown(
                document.kind, document, shows, languages, problem=problem, wrong_offers=told, offers_typed=typed, status=InvalidInput.status
            )  # fmt: skip
            return await form(request, who, shop, again)
        await parts.access.record(who, shop.id, "offers.patched", shop.slug, changed=len(changes.changed), unknown=len(changes.unknown))
        return RedirectResponse(f"{path_of(shop, document.kind, id)}?done=offers#offers-title", status_code=SEE_OTHER, headers=HEADERS)

    async def form(request: Request, who: Who, shop: Shop, of: Shown) -> Response:
        words, document, kind = pages.words_of(request), of.document, of.kind
        product = document.body if document and isinstance(document.body, Product) else None
        live = await _live(shop, document)
        tasks = [one for one in await parts.store.fact_tasks(shop.id) if one.product_id == product.id] if product else []
        offer_rows, offers_typed = shown_offers(list(live.values()), parts.clock(), shop.currency)
        pictures = [found for line in of.typed.get("images", "").splitlines() if (found := _picture(line.strip()))]
        response = await shown.render(
            request,
            "entries_form.html",
            who,
            shop,
            "entries",
            status=of.status,
            kind=kind.value,
            document=document,
            title=(pick(title_of(document), words.language) or document.id) if document else words(f"entries.new_{kind.value}"),
            action=path_of(shop, kind, document.id) if document else f"/console/{shop.slug}/entries/new/{kind.value}",
            typed=_Typed({**of.typed, "id": of.id or of.typed.get("id", "")}),
            wrong=of.wrong,
            focus=of.focus,
            expected=of.typed.get("expected") or (document.hash if document and "expected" not in of.typed else ABSENT),
            languages=of.languages,
            local=LOCAL.get(kind, ()),
            topics=TOPICS,
            states_named=[(state, words(f"stocked.{state}")) for state in STATES],
            numbers={row: rows(of.typed, row) for row in starts_of(kind, of.languages)},
            pictures=pictures,
            editable=kind in EDITABLE,
            gist=gist_of(document, words.language) if document else "",
            product=product,
            live=live,
            offers=offer_rows,
            offers_typed=_Typed(of.offers_typed or offers_typed),
            wrong_offers=of.wrong_offers,
            may_offer=who.may(Right.EDIT_OFFERS, shop.id),
            reviews=await _reviews(shop, product),
            facts=[((names_of(one.attribute) or (one.attribute,))[0], one.count) for one in tasks],
            proposal=of.proposal,
            history=await history(shop, document, words) if document else [],
            problem=of.problem,
            yours=of.yours,
            done=request.query_params.get("done", "") if request.method == "GET" else "",
        )
        response.headers.update(PICTURES)
        return response

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

    async def _live(shop: Shop, document: Document | None) -> dict[str, LiveOffer]:
        """The live offers of a product's variants, in their order; those that are new in the draft have none."""
        skus = [one.sku for one in document.body.variants] if document and isinstance(document.body, Product) else []
        found = await parts.store.offers(shop.id, skus) if skus else {}
        return {sku: found[sku] for sku in skus if sku in found}

    async def _reviews(shop: Shop, product: Product | None) -> list[Document]:
        """What buyers said of it, the first few."""
        number = await parts.editing.newest(shop)
        found: dict[str, Document] = {}
        for variant in product.variants[:20] if product else ():
            for one in await parts.store.find_documents(shop.id, number, kind=DocumentKind.REVIEW, text=variant.sku, limit=SHOWN):
                if isinstance(one.body, Review) and one.body.sku == variant.sku:
                    found[one.id] = one
        return list(found.values())

    return router


def path_of(shop: Shop, kind: DocumentKind, id: str) -> str:
    """The page of an entry."""
    return f"/console/{shop.slug}/entries/{kind.value}/{quote(id, safe='')}"


def _picture(address: str) -> str:
    """Where a browser finds it; a path without a beginning is one of our own site, as in the demo shop. "" for what is no address."""
    if is_address(address):
        return address
    return f"/{address}" if address and is_address(f"/{address}") and ":" not in address else ""


def _told(fields: Fields, words: Words) -> dict[str, str]:
    """Field to what to do, in the order of the form."""
    place = {name: number for number, name in enumerate(fields.typed)}
    found = sorted(fields.wrong.items(), key=lambda one: place.get(one[0], len(place)))
    return {name: words(f"wrong.{code}") for name, code in found}


def _sentence(wrong: InvalidEntry | InvalidMoney, words: Words) -> str:
    """What is wrong with an entry as a whole, in the reader's language where we have it."""
    place = getattr(wrong, "field", "amount")
    return words.error(f"entry_{place.partition('.')[2] if place.startswith('care.') else place.partition('.')[0]}", str(wrong))


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
    form = await request.form(max_fields=MOST_FIELDS)
    typed = {name: value.replace("\r\n", "\n") for name, value in form.items() if isinstance(value, str)}
    if sum(map(len, typed.values())) > LONGEST:
        raise TooLarge("This is too much for one entry; write a shorter one.", code="long_entry")
    return typed
