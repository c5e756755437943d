"""An entry as the fields of a form, and the fields as an entry's plain JSON. What a form does not show stays as it was."""

from collections.abc import Mapping, Sequence

from bot.consoles.merchant.form_fields import Fields, Plain, minutes, rows
from bot.consoles.merchant.product_form import COUNTS, plain_of_product, starts_of_product, typed_of_product
from knowledge.catalog import LiveOffer
from knowledge.checking import TOPICS
from knowledge.importing.text import slug
from knowledge.money import Money
from knowledge.store import DocumentKind

LOCAL: dict[DocumentKind, tuple[str, ...]] = {
    DocumentKind.FAQ: ("question", "answer"),
    DocumentKind.PROMOTION: ("title", "text"),
    DocumentKind.PRODUCT: ("title", "description"),
}
"""Texts by language."""
EDITABLE = (DocumentKind.PRODUCT, DocumentKind.FAQ, DocumentKind.POLICY, DocumentKind.PROMOTION, DocumentKind.REVIEW)
"""In the order in which a list offers to write them."""
_MONEY = ("amount_off", "minimum")
_WINDOW = ("effective_from", "effective_until")
_NOT_LANGUAGES = ("minor", "currency")


def languages_of(shop_languages: Sequence[str], body: Plain) -> list[str]:
    """Those of the shop, then others that the entry has texts in."""
    found = dict.fromkeys(shop_languages or ("en",))
    variants = body.get("variants") or ()
    for texts in (*body.values(), *(body.get("categories") or ())):
        if isinstance(texts, dict):
            found |= dict.fromkeys(tag for tag in texts if tag not in _NOT_LANGUAGES)
    for stated in (body.get("attributes") or (), *(one.get(name) or () for one in variants for name in ("options", "attributes"))):
        found |= dict.fromkeys(one["language"] for one in stated)
    return list(found)


def starts_of(kind: DocumentKind, languages: Sequence[str]) -> dict[str, dict[str, str]]:
    """The rows that a form of this kind can have more of, and what a new one holds."""
    if kind is DocumentKind.PRODUCT:
        return starts_of_product(languages)
    return {"section": {"heading": "", "text": ""}} if kind is DocumentKind.POLICY else {}


def counts_of(kind: DocumentKind) -> Mapping[str, int]:
    """How many rows are added at once, where not one."""
    return COUNTS if kind is DocumentKind.PRODUCT else {}


def typed_of(kind: DocumentKind, body: Plain, care: Mapping[str, str], languages: Sequence[str]) -> dict[str, str]:
    """The fields of a form that show this body (`{}`: an empty one) and its care."""
    typed = {"owner": care.get("owner", ""), "review_by": care.get("review_by", "")}
    typed |= {name: minutes(care.get(name)) for name in _WINDOW}
    for tag in languages:
        typed |= {f"{name}:{tag}": (body.get(name) or {}).get(tag, "") for name in LOCAL.get(kind, ())}
    match kind:
        case DocumentKind.FAQ:
            typed |= {f"also_asked:{tag}": "\n".join((body.get("also_asked") or {}).get(tag, ())) for tag in languages}
            typed |= {"category": str(body.get("category") or ""), "approved": "1" if body.get("approved") else ""}
        case DocumentKind.POLICY:
            typed |= {name: str(body.get(name) or "") for name in ("title", "language", "topic")}
            for number, section in enumerate(body.get("sections") or [{"heading": "", "text": ""}]):
                typed |= {f"section:{number}:{name}": section[name] for name in ("heading", "text")}
        case DocumentKind.PROMOTION:
            typed |= {"percent_off": str(body.get("percent_off") or ""), "audience": str(body.get("audience") or "")}
            typed |= {name: "\n".join(body.get(name) or ()) for name in ("skus", "categories")}
            typed |= {name: minutes(body.get(name)) for name in ("starts", "ends")}
            for name in _MONEY:
                typed[name] = Money(**body[name]).text if body.get(name) else ""
                typed[f"{name}:currency"] = body[name]["currency"] if body.get(name) else ""
        case DocumentKind.REVIEW:
            typed |= {name: str(body.get(name) or "") for name in ("sku", "text", "language", "date")}
            typed["rating"] = f"{body['rating']:g}" if body.get("rating") is not None else ""
        case DocumentKind.PRODUCT:
            typed |= typed_of_product(body, languages)
    return typed


def plain_of(kind: DocumentKind, fields: Fields, before: Plain, languages: Sequence[str], live: Mapping[str, LiveOffer], id: str) -> Plain:
    """The body with its care, as `Editing.put_entry` takes it. `before`: the plain body (and care) that stands there now; `live`: the live
    offers of its variants; `id`: of the entry. What is wrong stands in `fields.wrong`; then the body is of no use."""
    match kind:
        case DocumentKind.FAQ:
            plain = _faq(fields, before, languages)
        case DocumentKind.POLICY:
            plain = _policy(fields, before, languages)
        case DocumentKind.PROMOTION:
            plain = _promotion(fields, before, languages)
        case DocumentKind.REVIEW:
            plain = _review(fields, before, languages)
        case _:
            plain = plain_of_product(fields, before, languages, live, id)
    plain["care"] = _care(fields, before.get("care") or {})
    return plain


def _faq(fields: Fields, before: Plain, languages: Sequence[str]) -> Plain:
    also = {tag: items for tag in languages if (items := fields.lines(f"also_asked:{tag}"))}
    told = {name: fields.local(name, languages) for name in ("question", "answer")}
    for name, said in told.items():
        if not said:
            fields.refuse(f"{name}:{languages[0]}", name)
    return dict(before) | told | {"also_asked": also, "category": fields.text("category"), "approved": bool(fields.text("approved"))}


def _policy(fields: Fields, before: Plain, languages: Sequence[str]) -> Plain:
    """A section keeps its anchor while its heading stays; customers' sources name it."""
    anchors: dict[str, list[str]] = {}
    for section in before.get("sections") or ():
        anchors.setdefault(section["heading"], []).append(section["anchor"])
    taken = {anchor for named in anchors.values() for anchor in named}
    sections: list[Plain] = []
    for number in rows(fields.typed, "section"):
        heading, text = fields.text(f"section:{number}:heading"), fields.text(f"section:{number}:text")
        if heading and not text:
            fields.refuse(f"section:{number}:text", "section")
        if not text:
            continue
        anchor = anchors[heading].pop(0) if anchors.get(heading) else _free(slug(heading) or "section", taken)
        taken.add(anchor)
        sections.append({"heading": heading, "anchor": anchor, "text": text})
    if not sections:
        fields.refuse(f"section:{next(iter(rows(fields.typed, 'section')), 0)}:text", "sections")
    topic = fields.text("topic")
    if topic and topic not in TOPICS:
        fields.refuse("topic", "topic")
    if not fields.text("title"):
        fields.refuse("title", "name")
    return dict(before) | {
        "title": fields.text("title"),
        "language": fields.text("language") or languages[0],
        "topic": topic or TOPICS[-1],
        "sections": sections,
    }


def _promotion(fields: Fields, before: Plain, languages: Sequence[str]) -> Plain:
    percent = fields.decimal("percent_off", "0.01", "100", "percent")
    told = {name: fields.local(name, languages) for name in LOCAL[DocumentKind.PROMOTION]}
    window = {name: fields.moment(name, before.get(name)) for name in ("starts", "ends")}
    moneys = {name: fields.money(name, f"{name}:currency") for name in _MONEY}
    if not told["title"] and not told["text"]:
        fields.refuse(f"title:{languages[0]}", "title")
    if percent is None and moneys["amount_off"] is None and not told["text"] and not {"percent_off", "amount_off"} & set(fields.wrong):
        fields.refuse("percent_off", "terms")
    if percent is not None and moneys["amount_off"] is not None:
        fields.refuse("amount_off", "one_reduction")
    _check_window(fields, window["starts"], window["ends"], "ends")
    lists = {name: fields.lines(name) for name in ("skus", "categories")}
    about: Plain = {"percent_off": str(percent) if percent is not None else None, "audience": fields.text("audience")}
    return dict(before) | told | window | moneys | lists | about


def _review(fields: Fields, before: Plain, languages: Sequence[str]) -> Plain:
    rating = fields.decimal("rating", "1", "5", "rating")
    if not fields.text("sku"):
        fields.refuse("sku", "review_sku")
    if not fields.text("text") and rating is None:
        fields.refuse("text", "review_empty")
    date = fields.text("date") if fields.text("date") == before.get("date") else fields.day("date")
    about = {name: fields.text(name) for name in ("sku", "text")}
    return dict(before) | about | {"rating": float(rating) if rating is not None else None, "date": date,
                                   "language": fields.text("language") or languages[0]}  # fmt: skip


def _care(fields: Fields, before: Mapping[str, str]) -> Plain:
    care: Plain = {"owner": fields.text("owner"), "review_by": fields.day("review_by")}
    care |= {name: fields.moment(name, before.get(name)) for name in _WINDOW}
    _check_window(fields, care["effective_from"], care["effective_until"], "effective_until")
    return {name: value for name, value in care.items() if value}


def _check_window(fields: Fields, begins: str | None, ends: str | None, name: str) -> None:
    if begins and ends and minutes(begins) >= minutes(ends):
        fields.refuse(name, "ends")


def _free(anchor: str, taken: set[str]) -> str:
    return next(name for number in range(1, len(taken) + 2) if (name := anchor if number == 1 else f"{anchor}-{number}") not in taken)
