"""Reads what a merchant gives, whatever the format: the one door of importing. Blocking; call it in a thread."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import orjson

from knowledge.catalog import Product
from knowledge.documents import UnreadableBody, document_of, from_json
from knowledge.errors import UnreadableFile
from knowledge.faq import FaqEntry
from knowledge.importing import faq, faq_text, nested_json, own_products, policies, promotions, reviews, shopify, vendure, woocommerce
from knowledge.importing.columns import Columns, count_known
from knowledge.importing.decoding import MAX_BYTES, decode
from knowledge.importing.draft import Context, Draft
from knowledge.importing.json_records import JsonRecord, flat, read_json
from knowledge.importing.offer_table import OfferRow, offers_of
from knowledge.importing.problems import Problem, Report
from knowledge.importing.products import UNPUBLISHED_SUFFIX, build_products
from knowledge.importing.recognition import KINDS, foreign_format, kind_of_columns, table_format
from knowledge.importing.tables import Record, Table, read_delimited, read_workbook
from knowledge.importing.text import damaged, plain_line
from knowledge.policy import Policy
from knowledge.review import Review
from knowledge.store import Body, Document, DocumentKind

_TABLES = {".csv", ".tsv", ".tab", ".xlsx", ".xlsm", ".txt"}
SUFFIXES = (".csv", ".tsv", ".tab", ".xlsx", ".xlsm", ".json", ".jsonl", ".ndjson", ".md", ".markdown", ".txt")
"""What is looked for inside a folder."""

NamedBytes = tuple[str, bytes]
"""A file's name and its content, as an upload brings it."""


@dataclass(slots=True)
class FileResult:
    """What one file held. rows = accepted + rejected; `merged` of the accepted ones joined the entry of another row."""

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


def read_files(
    files: Iterable[str | Path | NamedBytes],
    *,
    kind: str = "auto",
    source: str | None = None,
    shop_currency: str = "USD",
    shop_languages: Sequence[str] = ("en", "zh"),
    now: datetime | None = None,
) -> list[FileResult]:
    """One result a file, in the order given; folders are walked by name. `kind`: auto, products, faq, policy, reviews,
    promotions or offers.

    Raises UnreadableFile for a file that was named and can't be used; inside a folder such a file gets a result with the reason instead.
    """
    if kind not in ("auto", *KINDS):
        raise UnreadableFile(f"“{kind}” is no kind of knowledge; choose one of auto, {', '.join(KINDS)}.")
    context = Context(shop_currency, tuple(shop_languages) or ("en",), now)
    results: list[FileResult] = []
    for entry in files:
        if isinstance(entry, tuple):
            results.append(_read(entry[0], entry[1], kind, source, context))
            continue
        path = Path(entry)
        if path.is_dir():
            results.extend(_walk(path, kind, source, context))
        else:
            results.append(_read(str(path), _bytes_of(path), kind, source, context))
    _settle_shared_sources(results)
    return results


def _settle_shared_sources(results: Sequence[FileResult]) -> None:
    """Files of one source bring each document once: the first one stays."""
    held: dict[tuple[str, DocumentKind, str], str] = {}
    for result in results:
        kept = []
        for document in result.documents:
            first = held.setdefault((result.source, document.kind, document.id), result.path)
            if first == result.path:
                kept.append(document)
                continue
            message = f"{document.kind.capitalize()} “{document.id}” stands in {first} already, which is part of the same source; that one was kept."
            result.problems.append(Problem(result.path, None, "", "in_another_file", message))
            result.warnings += 1
        result.documents = kept


def _walk(folder: Path, kind: str, source: str | None, context: Context) -> list[FileResult]:
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix.casefold() in SUFFIXES]
    files = [path for path in files if not any(part.startswith((".", "~$")) for part in path.relative_to(folder).parts)]
    files = [path for path in files if path.stem.casefold() not in ("readme", "license", "changelog")]
    if not files:
        raise UnreadableFile(f"{folder} holds no file that can be imported; give CSV, XLSX, JSON, Markdown or text.")
    results = []
    for path in files:
        try:
            results.append(_read(str(path), _bytes_of(path), kind, source, context))
        except UnreadableFile as error:
            problem = Problem(str(path), None, "", "unreadable", str(error), rejects=True)
            results.append(FileResult(str(path), source or path.name, problems=[problem]))
    return results


def _bytes_of(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UnreadableFile(f"{path} is larger than {MAX_BYTES // 2**20} MB; split it.")
        return path.read_bytes()
    except FileNotFoundError as error:
        raise UnreadableFile(f"{path} does not exist; check the name.") from error
    except (OSError, ValueError) as error:
        raise UnreadableFile(
            f"{path} cannot be opened ({getattr(error, 'strerror', None) or error}); check that it may be read."
        ) from error


def _read(path: str, data: bytes, kind: str, source: str | None, context: Context) -> FileResult:
    if len(data) > MAX_BYTES:
        raise UnreadableFile(f"{path} is larger than {MAX_BYTES // 2**20} MB; split it.")
    if not data.strip():
        raise UnreadableFile(f"{path} is empty; the first row must name the columns.")
    result = FileResult(path, source or Path(path.replace("\\", "/")).name)
    return _Reading(result, context).read(data, kind)


class _Reading:
    def __init__(self, result: FileResult, context: Context) -> None:
        self.result, self.context = result, context
        self.report = Report(result.path)
        self.name = result.path
        self.bodies: list[tuple[DocumentKind, str, Body]] = []
        self.rows: set[int] = set()
        self.merged = 0

    def read(self, data: bytes, kind: str) -> FileResult:
        suffix = Path(self.name).suffix.casefold()
        if data.startswith(b"PK\x03\x04"):
            self.result.encoding = "utf-8"
            self._table(read_workbook(data, self.report, count_known), kind)
            return self._finished()
        text, self.result.encoding = decode(data, self.name)
        start = text.lstrip("\ufeff \t\r\n")[:1]
        if suffix in (".json", ".jsonl", ".ndjson") or (suffix not in (".md", ".markdown", ".csv", ".tsv", ".txt") and start in ("{", "[")):
            self._json(text.lstrip("\ufeff"), kind, lines=suffix in (".jsonl", ".ndjson"))
        elif suffix in (".md", ".markdown") or (suffix == ".txt" and not self._is_table(text)):
            self._prose(text, kind, markdown=suffix != ".txt")
        elif suffix in (*_TABLES, ""):
            self._table(read_delimited(text, self.report, count_known), kind)
        else:
            raise UnreadableFile(f"{self.name} is of a kind that is not read; give CSV, XLSX, JSON, Markdown or text.")
        return self._finished()

    def _is_table(self, text: str) -> bool:
        first = text.lstrip().split("\n", 1)[0]
        return any(count_known(first.split(delimiter)) >= 2 for delimiter in (",", "\t", ";", "|"))

    # Each of the following leaves bodies, the rows that were read and the findings.

    def _table(self, table: Table, kind: str) -> None:
        self.rows = {record.row for record in table.records}
        self._note_damage(table.records)
        foreign = foreign_format(table.header) if kind in ("auto", "products") else ""
        if foreign:
            self.result.kind, self.result.format = "products", f"{foreign}-{table.layout}"
            table.records = [record for record in table.records if record.row not in self.report.rejected]
            drafts = {"shopify": lambda: shopify.drafts_of(table, self.context), "vendure": lambda: vendure.drafts_of(table, self.context),
                      "woocommerce": lambda: woocommerce.drafts_of(table, self.report, self.context)}[foreign]()  # fmt: skip
            self._products(drafts)
        else:
            self.result.kind, columns = kind_of_columns(table.header, kind, self.name)
            self.result.format = table_format(table.layout, table.header, self.result.kind, columns)
            if columns.ignored:
                names = ", ".join(f"“{name}”" for name in columns.ignored[:8])
                self.report.warn(
                    1,
                    columns.ignored[0],
                    "column_ignored",
                    f"Columns that were not read: {names}; facts for customers go into “attribute NAME”.",
                )
            self._records(table, columns)
        if not table.records and not self.report.rejected:
            self.report.warn(None, "", "no_rows", "The file has a header but no rows, so nothing was brought.")

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
                self._products([own_products.draft_of(record, columns, self.context) for record in records])
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
        if not records:
            self.result.kind, self.result.format = (kind if kind != "auto" else ""), layout
            if not self.report.rejected:
                self.report.warn(None, "", "no_rows", "The file holds no records, so nothing was brought.")
            return
        header = list(dict.fromkeys(name for record in records for name in record.data))
        if kind in ("auto", "policy") and (found := [record for record in records if _is_policy(record)]) and len(found) == len(records):
            self.result.kind, self.result.format = "policy", f"policy-{layout}"
            self._policies(found)
            return
        self.result.kind, columns = kind_of_columns(header, kind, self.name)
        self.result.format = layout if self.result.kind == "products" else f"{self.result.kind}-{layout}"
        self._note_damage([flat(record) for record in records])
        if self.result.kind != "products":
            self._records(Table(layout, header, [flat(record) for record in records]), columns)
            return
        drafts: list[Draft] = []
        inner: list[tuple[int, Review]] = []
        nested = any(nested_json.is_nested(record) for record in records)
        for record in records:
            if nested:
                found_drafts, found_reviews = nested_json.drafts_of(record, self.context)
                drafts.extend(found_drafts)
                inner.extend((record.row, review) for review in found_reviews)
            else:
                single = own_products.draft_of(flat(record), columns, self.context)
                single.sku = single.sku or (plain_line(record.key) if not single.group else "")
                drafts.append(single)
        self._products(drafts)
        self._reviews([review for row, review in inner if row not in self.report.rejected])

    def _prose(self, text: str, kind: str, *, markdown: bool) -> None:
        if kind not in ("auto", "faq", "policy"):
            raise UnreadableFile(f"{self.name} is text; {kind} are read from CSV, XLSX or JSON.")
        if kind == "faq" or (kind == "auto" and faq_text.is_faq(text, Path(self.name).stem)):
            self.result.kind, self.result.format = "faq", "faq-markdown" if markdown else "faq-text"
            drafts = faq_text.drafts_of(text, self.report, self.context)
            if not drafts:
                raise UnreadableFile(
                    f"{self.name} holds no questions; write each as a heading (## …?) with its answer under it, or as Q: and A: lines."
                )
            self.rows = {draft.row for draft in drafts}
            self._faq(drafts)
            return
        self.result.kind, self.result.format = "policy", "policy-markdown" if markdown else "policy-text"
        policy = policies.policy_of(text, self.result.path.replace("\\", "/"), self.context, markdown=markdown)
        if policy is None:
            raise UnreadableFile(f"{self.name} has no words; write the policy's text into it.")
        self.rows = set(range(1, len(policy.sections) + 1))
        self.bodies.append((DocumentKind.POLICY, policy.id, policy))

    def _products(self, drafts: list[Draft]) -> None:
        products: list[Product] = build_products(drafts, self.report, self.context)
        self.result.products = sum(1 for product in products if not product.id.endswith(UNPUBLISHED_SUFFIX)) or len(products)
        self.result.variants = sum(len(product.variants) for product in products)
        self.merged = sum(1 for draft in drafts if draft.product_only) if self.result.format not in ("json", "jsonl") else 0
        self.bodies.extend((DocumentKind.PRODUCT, product.id, product) for product in products)

    def _faq(self, drafts: list[faq.FaqDraft]) -> None:
        entries: list[FaqEntry] = faq.build_entries(drafts, self.report)
        self.result.faq_entries = len(entries)
        self.merged = len([draft for draft in drafts if draft.row not in self.report.rejected]) - len(entries)
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

    def _finished(self) -> FileResult:
        result, report = self.result, self.report
        result.rows = len(self.rows | report.rejected)
        result.rejected = len(report.rejected)
        result.accepted = result.rows - result.rejected
        result.merged = max(0, min(self.merged, result.accepted))
        result.warnings, result.problems = report.warnings, report.problems
        result.documents = [document_of(kind, identity, result.source, body) for kind, identity, body in self.bodies]
        return result


def _is_policy(record: JsonRecord) -> bool:
    return isinstance(record.data.get("sections"), list) and "topic" in record.data
