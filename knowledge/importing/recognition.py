"""Which format a file has and what kind of thing it holds, told by its columns."""

from collections.abc import Sequence

from knowledge.errors import UnreadableFile
from knowledge.importing.columns import FAQ, PRODUCT, PROMOTION, REVIEW, Columns, folded
from knowledge.importing.offer_table import OFFER, is_offer_table
from knowledge.importing.shopify import is_shopify
from knowledge.importing.text import language_of
from knowledge.importing.vendure import is_vendure
from knowledge.importing.woocommerce import is_woocommerce

KINDS = ("products", "faq", "policy", "reviews", "promotions", "offers")
_NEEDED = {
    "products": "a column title (or title_en, title_zh, name, 标题, 商品名称)",
    "faq": "the columns question and answer (or 问题 and 答案)",
    "reviews": "the columns sku and text or rating",
    "promotions": "the column code or title, and one of percent_off, amount_off, text",
    "policy": "Markdown or text",
    "offers": "the column sku (货号, ...) and one of price, sale_price, stock, availability",
}
_KNOWN = {"products": PRODUCT, "faq": FAQ, "reviews": REVIEW, "promotions": PROMOTION, "offers": OFFER}


def foreign_format(header: Sequence[str]) -> str:
    """shopify, woocommerce, vendure or ""."""
    if is_shopify(header):
        return "shopify"
    if is_woocommerce(header):
        return "woocommerce"
    return "vendure" if is_vendure(header) else ""


def kind_of_columns(header: Sequence[str], wanted: str, name: str) -> tuple[str, Columns]:
    """Kind and meaning of columns. Raises UnreadableFile naming the columns that are needed."""
    if wanted != "auto":
        if wanted == "policy":
            raise UnreadableFile(f"{name} is a table; policies are read from {_NEEDED['policy']}.")
        columns = Columns(header, _KNOWN[wanted])
        if not _fits(wanted, columns):
            raise UnreadableFile(f"{name} has not the columns of {wanted}; it needs {_NEEDED[wanted]}.")
        return wanted, columns
    for kind in ("faq", "promotions", "reviews", "products", "offers"):
        columns = Columns(header, _KNOWN[kind])
        if _fits(kind, columns) and _typical(kind, columns, header):
            return kind, columns
    needed = "; ".join(f"{kind} need {_NEEDED[kind]}" for kind in ("products", "offers", "faq", "reviews", "promotions"))
    raise UnreadableFile(f"{name} has none of the layouts we know: {needed}.")


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
        return "text" in columns and not names & {"title", "price", "stock", "售价", "商品名称"}
    return True


def table_format(layout: str, header: Sequence[str], kind: str, columns: Columns) -> str:
    """How the report names the layout: zh-csv where the headers are Chinese, else own-csv, own-tsv or xlsx; faq-csv and so on for the rest."""
    if kind != "products":
        return f"{'promotions' if kind == 'promotions' else kind}-{layout}"
    chinese = sum(1 for name in header if language_of(name) == "zh" and not name.casefold().startswith(("attribute", "option", "variant ")))
    plain = [name for name in header if not name.casefold().startswith(("attribute", "option", "variant "))]
    if layout == "xlsx":
        return "xlsx"
    return f"zh-{layout}" if chinese * 2 > len(plain) else f"own-{layout}"
