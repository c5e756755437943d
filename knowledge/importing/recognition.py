"""What kind of thing a table holds and how its layout is called, told by its columns."""

from collections.abc import Mapping, Sequence

from knowledge.errors import UnreadableFile
from knowledge.importing.columns import FAQ, PRODUCT, PROMOTION, REVIEW, Columns, folded
from knowledge.importing.mapping import ColumnMapping, UnknownColumns, as_arguments, propose
from knowledge.importing.offer_table import OFFER, is_offer_table
from knowledge.importing.refusals import refused
from knowledge.importing.text import language_of
from knowledge.importing.value_shapes import SAMPLED

KINDS = ("products", "faq", "policy", "reviews", "promotions", "offers")
_KNOWN = {"products": PRODUCT, "faq": FAQ, "reviews": REVIEW, "promotions": PROMOTION, "offers": OFFER}


def kind_of_columns(
    header: Sequence[str],
    wanted: str,
    name: str,
    rows: Sequence[Mapping[str, str]] = (),
    mapping: ColumnMapping | None = None,
) -> tuple[str, Columns]:
    """Kind and meaning of columns; `rows`: cells by header, which help where names do not tell. `mapping`: what the merchant said.

    Raises UnreadableFile naming the columns that are needed; UnknownColumns, with a proposal, where saying what columns mean would help."""
    said = mapping.meanings if mapping else {}
    wanted = mapping.kind if mapping and mapping.kind and wanted == "auto" else wanted

    def columns_of(kind: str) -> Columns:
        return Columns(header, _KNOWN[kind], said, rows[:SAMPLED])

    def unknown(why: UnreadableFile, kind: str) -> UnknownColumns:
        proposal = propose(header, rows, kind, columns_of(kind))
        help_ = f" Or say what columns mean, such as {arguments}." if (arguments := as_arguments(proposal)) else ""
        error = UnknownColumns(f"{why}{help_}", proposal)
        error.code, error.sentences = why.code, why.sentences
        return error

    if wanted != "auto":
        if wanted == "policy":
            raise refused("table_is_no_policy", name)
        columns = columns_of(wanted)
        if not _fits(wanted, columns):
            raise unknown(refused("not_columns", name, kind=f"@kind_{wanted}", needed=f"@need_{wanted}"), wanted)
        return wanted, columns
    for kind in ("faq", "promotions", "reviews", "products", "offers"):
        columns = columns_of(kind)
        if _fits(kind, columns) and _typical(kind, columns, header):
            return kind, columns
    raise unknown(refused("no_layout", name), "products")


def _fits(kind: str, columns: Columns) -> bool:
    if kind == "products":
        return "title" in columns
    if kind == "faq":
        return "question" in columns and "answer" in columns
    if kind == "reviews":
        return "sku" in columns and ("text" in columns or "rating" in columns)
    if kind == "offers":
        return is_offer_table(columns)
    return "code" in columns or "title" in columns


def _typical(kind: str, columns: Columns, header: Sequence[str]) -> bool:
    names = {folded(column) for column in header}
    if kind == "promotions":
        return bool({"percent_off", "amount_off", "starts", "ends", "audience"} & set(columns.fields)) and not names & {
            "sku",
            "price",
            "stock",
            "售价",
            "库存",
        }
    if kind == "reviews":
        if "title" in names and "rating" not in columns:
            return False
        # Where a column is the words of a review, a title is the review's own.
        written = any(name == "review" or name.startswith(("reviewer", "review ")) for name in names)
        return "text" in columns and not names & {"price", "stock", "售价", "商品名称"} and (written or "title" not in names)
    return True


def table_format(layout: str, header: Sequence[str], kind: str) -> str:
    """How the report names the layout: zh-csv where the headers are Chinese, else own-csv, own-tsv, own-xml; xlsx and ods; faq-csv and so on for the rest."""
    if kind != "products":
        return f"{'promotions' if kind == 'promotions' else kind}-{layout}"
    if layout in ("xlsx", "ods"):
        return layout
    return f"zh-{layout}" if is_chinese(header) else f"own-{layout}"


def is_chinese(header: Sequence[str]) -> bool:
    """Whether most columns are named in Chinese, those aside that carry a name of the merchant's choice."""
    plain = [name for name in header if not name.casefold().startswith(("attribute", "option", "variant "))]
    return sum(1 for name in plain if language_of(name) == "zh") * 2 > len(plain)
