"""One file's bytes to documents: recognises what they are, has them read by their format, and settles the counts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

import orjson

from knowledge.catalog import Product
from knowledge.documents import UnreadableBody, document_of, from_json
from knowledge.errors import UnreadableFile
from knowledge.faq import FaqEntry
from knowledge.importing import (
    faq,
    faq_text,
    html_pages,
    nested_json,
    own_products,
    pdf,
    policies,
    promotions,
    reviews,
    saleor,
    schema_org,
)
from knowledge.importing.archives import container_of, is_archive
from knowledge.importing.columns import IGNORE, SURE, Columns, count_known
from knowledge.importing.decoding import decode
from knowledge.importing.draft import Context, Draft
from knowledge.importing.feed_xml import is_xml, read_xml
from knowledge.importing.foreign import foreign_format
from knowledge.importing.json_records import JsonRecord, flat, mapped, read_json
from knowledge.importing.json_shapes import holds_objects, usual_shape, with_language_columns
from knowledge.importing.linked_data import json_ld, microdata, open_graph, rdfa
from knowledge.importing.mapping import Proposal, propose
from knowledge.importing.markdown import Prose, prose_of
from knowledge.importing.offer_table import OfferRow, offers_of
from knowledge.importing.open_document import read_ods
from knowledge.importing.option_pairs import with_option_columns
from knowledge.importing.problems import Problem, Report
from knowledge.importing.products import UNPUBLISHED_SUFFIX, build_products
from knowledge.importing.recognition import kind_of_columns, table_format
from knowledge.importing.refusals import refused
from knowledge.importing.rejected import RejectedRow, rejected_rows, restore
from knowledge.importing.tables import HEADER_WITHIN, EmptyTable, Record, Table, read_delimited, table_of
from knowledge.importing.text import damaged, plain_line, slug
from knowledge.importing.word_documents import page_of_docx
from knowledge.importing.workbooks import Sheet, best_sheet, read_xlsx
from knowledge.policy import Policy
from knowledge.review import Review
from knowledge.store import Body, Document, DocumentKind

_JSON = (".json", ".jsonl", ".ndjson")
_MARKDOWN = (".md", ".markdown")
_HTML = (".html", ".htm", ".xhtml")
_TABLES = (".csv", ".tsv", ".tab", ".txt", "")
SUFFIXES = (*_TABLES[:4], ".xlsx", ".xlsm", ".ods", *_JSON, *_MARKDOWN, *_HTML, ".xml", ".rss", ".atom", ".pdf", ".docx", ".zip")
"""What is looked for inside a folder."""
MAX_PROSE = 3_000_000
"""Characters of one document: more is no policy and no list of questions."""
_SHORTENED = re.compile(r"\d(?:[.,]\d+)?E\+\d{1,2}", re.IGNORECASE)
"""How spreadsheet programs show, and then save, a number of many digits."""


@dataclass(slots=True)
class FileResult:
    """What one file (or one sheet of it) held. rows = accepted + rejected; `merged` of the accepted ones joined the entry of another row."""

    path: str
    source: str
    format: str = ""
    encoding: str = ""
    kind: str = ""
    rows: int = 0
    accepted: int = 0
    rejected: int = 0
    merged: int = 0
    warnings: int = 0
    products: int = 0
    variants: int = 0
    faq_entries: int = 0
    problems: list[Problem] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    offers: list[OfferRow] = field(default_factory=list)
    """Of a table of prices and stock: what it changes, instead of documents."""
    proposal: Proposal | None = None
    """What the columns were taken for; not `sure`: ask the merchant."""
    header: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    """The names that records of JSON came with, before a mapping renamed them."""
    rejects: list[RejectedRow] = field(default_factory=list)
    """The rows that were left out, and with them the other rows of the same entry."""


def read_file(path: str, data: bytes, kind: str, source: str, context: Context) -> list[FileResult]:
    """What the file holds: one result, or one a sheet where several sheets of a workbook hold records. Raises UnreadableFile."""
    if not data.strip():
        raise refused("empty", path)
    reader = FileReader(FileResult(path, source), context)
    if is_archive(data):
        return reader.read_archive(data, kind)
    return [reader.read(data, kind)]


class FileReader:
    """Reads one file into its result. Each of the private readers leaves bodies, the rows that were read and the findings."""

    def __init__(self, result: FileResult, context: Context) -> None:
        self.result, self.context = result, context
        self.report = Report(result.path)
        self.name = result.path
        self.bodies: list[tuple[DocumentKind, str, Body]] = []
        self.rows: set[int] = set()
        self.merged = 0
        self.mapping = context.mapping(result.source)
        self.records: list[Record] = []

    def read_archive(self, data: bytes, kind: str) -> list[FileResult]:
        """A workbook or a Word document."""
        self.result.encoding = "utf-8"
        match container_of(data, self.name):
            case "xlsx":
                return self._workbook(read_xlsx(data, self.name, count_known), kind)
            case "ods":
                return self._workbook(read_ods(data, self.name, count_known), kind)
            case "docx":
                self._prose(html_pages.prose_of(page_of_docx(data, self.name)), kind, "docx")
        return [self.finished()]

    def read(self, data: bytes, kind: str) -> FileResult:
        """Anything that is no archive."""
        if b"%PDF-" in data[:1024]:
            self.result.encoding = "binary"
            self._prose(pdf.prose_of(data, self.name), kind, "pdf")
            return self.finished()
        text, self.result.encoding = decode(data, self.name)
        self._text(text.lstrip("\ufeff"), kind)
        return self.finished()

    def _text(self, text: str, kind: str) -> None:
        suffix = PurePath(self.name).suffix.casefold()
        start = text[:2000].lstrip()
        if suffix in _JSON or (start[:1] in ("{", "[") and suffix not in (*_MARKDOWN, *_TABLES[:4])):
            self._json(text, kind, lines=suffix in (".jsonl", ".ndjson"))
        elif suffix in _HTML or (suffix not in (*_MARKDOWN, *_TABLES[:4]) and html_pages.is_html(start)):
            self._page(html_pages.page_of(text, self.name), kind)
        elif suffix in (".xml", ".rss", ".atom") or (start[:1] == "<" and suffix not in (*_MARKDOWN, *_TABLES[:3]) and is_xml(start)):
            self._table(read_xml(text, self.report), kind)
        elif suffix in _MARKDOWN:
            self._prose(prose_of(self._short(text)), kind, "markdown")
        elif suffix == ".txt" and not _is_table(text):
            self._prose(prose_of(self._short(text), plain_text=True), kind, "text")
        elif suffix in (*_TABLES, ".xls"):
            self._table(read_delimited(text, self.report, count_known), kind)
        else:
            raise refused("kind_not_read", self.name)

    def _short(self, text: str) -> str:
        if len(text) > MAX_PROSE:
            raise refused("too_much_text", self.name, limit=MAX_PROSE)
        return text

    def _workbook(self, sheets: list[Sheet], kind: str) -> list[FileResult]:
        """The sheet that is known best, and the others that hold the same columns or another kind of knowledge."""
        best = best_sheet(sheets, count_known)
        results = []
        for sheet in sheets:
            if sheet is best or (kind == "auto" and _further(sheet.table, best.table, self.name)):
                result = self.result if sheet is best else FileResult(f"{self.name}#{sheet.title}", self.result.source, encoding="utf-8")
                reader = self if sheet is best else FileReader(result, self.context)
                reader.report.take(sheet.report)
                reader._table(sheet.table, kind)
                results.append((sheet is not best, reader))
            elif sheet.table.records:
                self.report.warn(None, sheet.title, "sheet_ignored", value=sheet.title)
        return [reader.finished() for _, reader in sorted(results, key=lambda entry: entry[0])]

    def _page(self, page: html_pages.Page, kind: str) -> None:
        """What the page states for machines, else a table with known columns, else its text."""
        for stated in (json_ld, microdata, rdfa, open_graph) if kind in ("auto", "products", "faq") else ():
            found = schema_org.read_nodes(stated(page), self.context, products=kind != "faq", questions=kind != "products")
            if found.rows:
                self._schema_org(found)
                return
        tables = []
        for rows in html_pages.tables_of(page):
            try:
                tables.append(Sheet("", table_of("html", rows, report := Report(self.name), count_known), report))
            except EmptyTable:
                continue
        tables = [table for table in tables if count_known(table.table.header) >= 3 and _kind_of(table.table, self.name)]
        if tables:
            best = best_sheet(tables, count_known)
            self.report.take(best.report)
            self._table(best.table, kind)
        elif kind in ("auto", "faq", "policy"):
            self._prose(html_pages.prose_of(page), kind, "html")
        else:
            raise refused("page_states_nothing", self.name, kind=f"@kind_{kind}")

    def _schema_org(self, found: schema_org.Found) -> None:
        self.result.kind = "products" if found.products else "faq"
        self.result.format = "schema.org-html"
        self.rows = found.rows
        self._products(found.products)
        self._reviews([review for row, review in found.reviews if row not in self.report.rejected])
        if found.questions:
            self._faq(found.questions)

    def _table(self, table: Table, kind: str) -> None:
        restore(table)
        self.result.header, self.records = tuple(table.header), list(table.records)
        self.rows = {record.row for record in table.records}
        self._note_damage(table.records)
        foreign = foreign_format(table.header) if kind in ("auto", "products") else None
        if foreign is not None:
            self.result.kind, self.result.format = "products", foreign.named(table)
            table.records = [record for record in table.records if record.row not in self.report.rejected]
            drafts = foreign.drafts_of(table, self.report, self.context)
            self._products(own_products.overlaid(drafts, table.records, self.mapping, self.context))
        else:
            table = with_option_columns(table, self.mapping)
            rows = [record.cells for record in table.records]
            self.result.kind, columns = kind_of_columns(table.header, kind, self.name, rows, self.mapping)
            self.result.proposal = propose(table.header, rows, self.result.kind, columns)
            self.result.format = table_format(table.layout, table.header, self.result.kind)
            self._note_columns(columns)
            self._note_shortened(table.records, columns)
            self._records(table, columns)
        if not table.records and not self.report.rejected:
            self.report.warn(None, "", "no_rows", "The file has a header but no rows, so nothing was brought.")

    def _note_columns(self, columns: Columns) -> None:
        """Says which columns were not read, and which were read on a guess."""
        for code, names in (
            ("column_ignored", columns.ignored),
            ("column_internal", columns.internal),
            ("column_as_attribute", columns.assumed),
        ):
            if names:
                self.report.warn(1, names[0], code, names=", ".join(f"“{name}”" for name in names[:8]) + ("…" if len(names) > 8 else ""))
        for column, meaning in columns.meanings.items():
            if SURE <= meaning.confidence < 0.9 and meaning.field != IGNORE:
                self.report.warn(1, column, "column_guessed", field=meaning.field)

    def _note_shortened(self, records: Sequence[Record], columns: Columns) -> None:
        """Numbers like 6.9E+12: of a barcode nothing is known any more, so it is left out."""
        for record in records:
            for column, cell in [entry for entry in record.cells.items() if _SHORTENED.fullmatch(entry[1].strip())]:
                self.report.warn(record.row, column, "number_shortened", value=cell)
                if column in columns.attributes or column in columns.variant_attributes:
                    del record.cells[column]

    def _note_damage(self, records: Sequence[Record]) -> None:
        for record in records:
            for column, cell in record.cells.items():
                if damaged(cell):
                    message = "Some characters were lost before the file came here and were left out; check the encoding it was saved in."
                    self.report.warn(record.row, column, "damaged_text", message)

    def _records(self, table: Table, columns: Columns) -> None:
        records = [record for record in table.records if record.row not in self.report.rejected]
        match self.result.kind:
            case "products":
                drafts = [own_products.draft_of(record, columns, self.context) for record in records]
                for record, draft in zip(records, drafts, strict=True):
                    if record.block and not draft.group:
                        # Rows under one merged cell are variants of one product.
                        draft.group = draft.product_id or slug(next(iter(draft.title.values()), "")) or f"row-{record.row}"
                _join_parents(drafts)
                _group_by_id(drafts)
                self._products(drafts)
            case "faq":
                self._faq(faq.drafts_of(records, columns, self.report, self.context))
            case "offers":
                self.result.offers = offers_of(records, columns, self.report, self.context)
            case "reviews":
                self._reviews(reviews.reviews_of(records, columns, self.report, self.context))
            case _:
                for promotion in promotions.promotions_of(records, columns, self.report, self.context):
                    self.bodies.append((DocumentKind.PROMOTION, promotion.code, promotion))

    def _json(self, text: str, kind: str, *, lines: bool) -> None:
        records, layout = read_json(text, self.report, lines=lines)
        self.rows = {record.row for record in records} | self.report.rejected
        self.result.given = tuple(dict.fromkeys(name for record in records for name in record.data))
        records = [mapped(record, self.mapping) for record in records]
        if not records:
            self.result.kind, self.result.format = (kind if kind != "auto" else ""), layout
            if not self.report.rejected:
                self.report.warn(None, "", "no_rows", "The file holds no records, so nothing was brought.")
            return
        if kind in ("auto", "products") and saleor.is_saleor(records):
            self._drafts(saleor.drafts_of(records, self.context), f"saleor-{layout}")
            return
        records = [JsonRecord(record.row, with_language_columns(record.data), record.key) for record in records]
        header = list(dict.fromkeys(name for record in records for name in record.data))
        if kind in ("auto", "policy") and (found := [record for record in records if _is_policy(record)]) and len(found) == len(records):
            self.result.kind, self.result.format = "policy", f"policy-{layout}"
            self._policies(found)
            return
        if kind in ("auto", "products"):
            records = [JsonRecord(record.row, usual_shape(record.data), record.key) for record in records]
            header = list(dict.fromkeys(name for record in records for name in record.data))
        self.result.header, self.records = tuple(header), [flat(record) for record in records]
        rows = [record.cells for record in self.records]
        self.result.kind, columns = kind_of_columns(header, kind, self.name, rows, self.mapping)
        self.result.proposal = propose(header, rows, self.result.kind, columns)
        self.result.format = layout if self.result.kind == "products" else f"{self.result.kind}-{layout}"
        self._note_damage(self.records)
        if self.result.kind != "products":
            self._records(Table(layout, header, self.records), columns)
            return
        if any(nested_json.is_nested(record) or holds_objects(record.data) for record in records):
            self._nested(records)
            return
        drafts = [own_products.draft_of(record, columns, self.context) for record in self.records]
        for draft, source in zip(drafts, records, strict=True):
            draft.sku = draft.sku or (plain_line(source.key) if not draft.group else "")
        records.clear()  # a large file is not held twice
        self._products(drafts)

    def _nested(self, records: list[JsonRecord]) -> None:
        drafts: list[Draft] = []
        inner: list[tuple[int, Review]] = []
        for record in records:
            found, reviews_inside = nested_json.drafts_of(record, self.context)
            drafts.extend(found)
            inner.extend((record.row, review) for review in reviews_inside)
        records.clear()
        self._products(drafts)
        self._reviews([review for row, review in inner if row not in self.report.rejected])

    def _drafts(self, drafts: list[Draft], format: str) -> None:
        self.result.kind, self.result.format = "products", format
        self.rows = {draft.row for draft in drafts}
        self._products(drafts)

    def _prose(self, prose: Prose, kind: str, layout: str) -> None:
        if kind not in ("auto", "faq", "policy"):
            raise refused("text_holds_no", self.name, kind=f"@kind_{kind}")
        if kind == "faq" or (kind == "auto" and faq_text.is_faq(prose, PurePath(self.name).stem)):
            self.result.kind, self.result.format = "faq", f"faq-{layout}"
            drafts = faq_text.drafts_of(prose, self.context)
            if not drafts:
                raise refused("no_questions", self.name)
            self.rows = {draft.row for draft in drafts}
            self._faq(drafts)
            return
        self.result.kind, self.result.format = "policy", f"policy-{layout}"
        policy = policies.policy_of(prose, self.result.path.replace("\\", "/"), self.context)
        if policy is None:
            raise refused("policy_without_words", self.name)
        self.rows = set(range(1, len(policy.sections) + 1))
        self.bodies.append((DocumentKind.POLICY, policy.id, policy))

    def _products(self, drafts: list[Draft]) -> None:
        self.merged = sum(1 for draft in drafts if draft.product_only) if not self.result.format.endswith(("json", "jsonl")) else 0
        products: list[Product] = build_products(drafts, self.report, self.context)
        self.result.products = sum(1 for product in products if not product.id.endswith(UNPUBLISHED_SUFFIX)) or len(products)
        self.result.variants = sum(len(product.variants) for product in products)
        self.bodies.extend((DocumentKind.PRODUCT, product.id, product) for product in products)

    def _faq(self, drafts: list[faq.FaqDraft]) -> None:
        entries: list[FaqEntry] = faq.build_entries(drafts, self.report)
        self.result.faq_entries = len(entries)
        self.merged += len([draft for draft in drafts if draft.row not in self.report.rejected]) - len(entries)
        self.bodies.extend((DocumentKind.FAQ, entry.id, entry) for entry in entries)

    def _reviews(self, found: list[Review]) -> None:
        self.bodies.extend((DocumentKind.REVIEW, review.id, review) for review in found)

    def _policies(self, records: list[JsonRecord]) -> None:
        for record in records:
            try:
                body = from_json(DocumentKind.POLICY, orjson.dumps(record.data, default=str).decode())
            except UnreadableBody:
                self.report.reject(
                    record.row,
                    "sections",
                    "policy_unreadable",
                    "The policy needs id, title, language, topic and sections with heading, anchor and text.",
                )
                continue
            assert isinstance(body, Policy)
            self.bodies.append((DocumentKind.POLICY, body.id, body))

    def finished(self) -> FileResult:
        """The result with its counts, problems and documents."""
        result, report = self.result, self.report
        result.rows = len(self.rows | report.rejected)
        result.rejected = len(report.rejected)
        result.accepted = result.rows - result.rejected
        result.merged = max(0, min(self.merged, result.accepted))
        result.warnings, result.problems = report.warnings, report.problems
        result.rejects = rejected_rows(self.records, report)
        result.documents = [document_of(kind, identity, result.source, body) for kind, identity, body in self.bodies]
        return result


def _group_by_id(drafts: Sequence[Draft]) -> None:
    """Records with one product number and title, each with its own SKU, are variants of one product."""
    found: dict[str, list[Draft]] = {}
    for draft in drafts:
        if draft.product_id and draft.sku and not draft.group:
            found.setdefault(draft.product_id, []).append(draft)
    for identity, same in found.items():
        titles = {tuple(sorted(draft.title.items())) for draft in same if draft.title}
        if len(same) > 1 and len(titles) == 1:
            for draft in same:
                draft.group = identity


def _join_parents(drafts: Sequence[Draft]) -> None:
    """A record that others name as their parent belongs to their product; without price and stock of its own it only tells of it."""
    named = {draft.group for draft in drafts if draft.group}
    for draft in drafts:
        identity = next((one for one in (draft.sku, draft.product_id) if one in named), "")
        if not identity or (draft.group and draft.group != identity):
            continue
        draft.group = identity
        if not (draft.price or draft.stock) and any(other.group == identity and other is not draft for other in drafts):
            draft.product_only, draft.product_id, draft.sku = True, identity, ""


def _is_table(text: str) -> bool:
    lines = text.lstrip()[:100_000].splitlines()[:HEADER_WITHIN]
    return any(
        count_known(line.split(delimiter)) >= (2 if place == 0 else 4)
        for place, line in enumerate(lines)
        for delimiter in (",", "\t", ";", "|")
    )


def _kind_of(table: Table, name: str) -> str:
    """The kind of knowledge that a table holds; "" for none that is known."""
    if foreign_format(table.header) is not None:
        return "products"
    try:
        return kind_of_columns(table.header, "auto", name)[0]
    except UnreadableFile:
        return ""


def _further(table: Table, best: Table, name: str) -> bool:
    """Whether a sheet beside the best one is read too: it has the same columns, or holds questions, reviews or promotions."""
    if not table.records:
        return False
    names, known = {name for name in table.header if name}, {name for name in best.header if name}
    return len(names & known) * 5 >= max(len(names), len(known)) * 4 or _kind_of(table, name) in ("faq", "reviews", "promotions")


def _is_policy(record: JsonRecord) -> bool:
    return isinstance(record.data.get("sections"), list) and "topic" in record.data
