"""Reviews out of records."""

from collections.abc import Sequence

from knowledge.importing.columns import Columns
from knowledge.importing.draft import Context
from knowledge.importing.faq import language_tag
from knowledge.importing.problems import Report
from knowledge.importing.tables import Record
from knowledge.importing.text import fingerprint, language_of, plain, plain_line
from knowledge.importing.words import decimal_of, moment_of
from knowledge.review import Review


def reviews_of(records: Sequence[Record], columns: Columns, report: Report, context: Context) -> list[Review]:
    """One review a record that names a SKU and has words or a rating; the others are rejected."""
    found: dict[str, Review] = {}
    for record in records:
        if record.row in report.rejected:
            continue
        sku, text = plain_line(columns.get(record.cells, "sku")), plain(columns.get(record.cells, "text"))
        stars, date = columns.get(record.cells, "rating"), plain_line(columns.get(record.cells, "date"))
        if not sku:
            report.reject(record.row, columns.column("sku"), "sku_missing")
            continue
        rating = decimal_of(stars.strip().removesuffix("星").removesuffix("/5")) if stars.strip() else None
        if stars.strip() and set(stars.strip()) <= {"★", "☆", "⭐"}:
            rating = decimal_of(str(sum(1 for mark in stars if mark in "★⭐")))
        if stars.strip() and (rating is None or not 0 < rating <= 5):
            report.warn(record.row, columns.column("rating"), "rating_unreadable", value=stars)
            rating = None
        if not text and rating is None:
            report.reject(record.row, columns.column("text"), "review_empty")
            continue
        if date and moment_of(date) is None:
            report.warn(record.row, columns.column("date"), "date_unreadable", value=date)
        identity = plain_line(columns.get(record.cells, "id")) or f"{sku}-{fingerprint(text, date, str(rating))}"
        if identity in found:
            report.warn(record.row, "", "review_twice")
            continue
        stated = columns.get(record.cells, "language")
        language = language_tag(stated) or language_of(text, context.languages)
        if stated.strip() and not language_tag(stated):
            report.warn(record.row, columns.column("language"), "language_unknown", value=stated)
        found[identity] = Review(identity, sku, text, float(rating) if rating is not None else None, language, date)
    return list(found.values())
