"""What words in cells mean: yes and no, published, availability, counts, dates."""

import re
import unicodedata
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation

from knowledge.catalog import AvailabilityState as State

YES = {
    "1",
    "true",
    "t",
    "yes",
    "y",
    "on",
    "是",
    "有",
    "上架",
    "已上架",
    "上柜",
    "在售",
    "销售中",
    "出售中",
    "active",
    "published",
    "publish",
    "enabled",
    "visible",
    "live",
    "启用",
    "发布",
    "已发布",
    "√",
    "✓",
    "ja",
    "oui",
    "sí",
    "si",
    "sì",
    "sim",
    "да",
    "はい",
    "公開",
    "公开",
    "aktiv",
    "actif",
    "activo",
    "attivo",
    "ativo",
    "publicado",
    "publié",
    "veröffentlicht",
    "正常",
    "正常销售",
    "上线",
    "已上线",
    "for sale",
    "on sale",
    "approved",
}
NO = {
    "0", "false", "f", "no", "n", "off", "否", "无", "下架", "已下架", "下柜", "未上架", "停售", "仓库中", "inactive", "unpublished", "draft", "archived", "deleted",
    "disabled", "hidden", "private", "pending", "trash", "unlisted", "suspended", "草稿", "已删除", "删除", "归档", "已归档", "停用", "待上架", "-1", "×", "✗",
    "nein", "nee", "non", "não", "нет", "いいえ", "非公開", "非公开", "inaktiv", "inactif", "inactivo", "inattivo", "inativo", "entwurf", "brouillon", "borrador", "bozza", "rascunho",
    "черновик", "下書き", "已停用", "not for sale", "ended", "rejected", "审核中", "待审核", "未发布", "下线", "已下线", "禁用", "异常",
}  # fmt: skip

_STATES: dict[str, State] = {
    **dict.fromkeys(("in stock", "instock", "available", "yes", "true", "1", "有货", "现货", "有", "在售", "有库存", "库存充足", "充足", "是", "limited availability",
                     "online only", "in store only", "unlimited", "always available", "现货供应", "不限", "无限", "auf lager", "lieferbar", "sofort lieferbar", "vorrätig", "en stock",
                     "disponible", "in magazzino", "disponibile", "op voorraad", "em estoque", "disponível", "в наличии", "есть", "在庫あり"), State.IN_STOCK),
    **dict.fromkeys(("low", "low stock", "lowstock", "limited", "few left", "库存紧张", "少量", "仅剩少量", "即将售罄", "紧张"), State.LOW),
    **dict.fromkeys(("preorder", "pre order", "presale", "pre sale", "coming soon", "预售", "预定", "预订", "即将上市"), State.PREORDER),
    **dict.fromkeys(("backorder", "back order", "onbackorder", "on backorder", "available for order", "made to order", "可订货", "补货中可下单", "订货", "缺货可订"),
                    State.BACKORDER),
    **dict.fromkeys(("out of stock", "outofstock", "oos", "sold out", "soldout", "unavailable", "not available", "no", "false", "0", "缺货", "无货", "售罄", "售完",
                     "无库存", "已售罄", "断货", "否", "无", "补货中", "nicht auf lager", "ausverkauft", "nicht lieferbar", "nicht vorrätig", "rupture", "rupture de stock", "en rupture de stock",
                     "épuisé", "agotado", "sin existencias", "sin stock", "no disponible", "esaurito", "non disponibile", "uitverkocht", "niet op voorraad", "esgotado", "sem estoque", "нет в наличии",
                     "нет", "在庫なし", "売り切れ", "品切れ"), State.OUT_OF_STOCK),
    **dict.fromkeys(("discontinued", "end of life", "eol", "retired", "停产", "停售", "已停产", "绝版"), State.DISCONTINUED),
    **dict.fromkeys(("unknown", "", "n/a", "na", "-", "未知", "不详"), State.UNKNOWN),
}  # fmt: skip


def folded(text: str) -> str:
    """For comparing words: width, case, underscores, hyphens and spaces do not count."""
    return re.sub(r"[\s_\-]+", " ", unicodedata.normalize("NFKC", text)).strip().casefold()


def yes_or_no(text: str) -> bool | None:
    """True or False; None where the word is not known."""
    word = unicodedata.normalize("NFKC", text).strip().casefold()
    if word in YES:
        return True
    if word in NO:
        return False
    number = decimal_of(word)
    return None if number is None else number > 0


def state_of(text: str) -> State | None:
    """What an availability word says; None where it is not known."""
    word = folded(text).removeprefix("https://schema.org/").removeprefix("http://schema.org/")
    return _STATES.get(word) or _STATES.get(word.replace(" ", ""))


def decimal_of(text: str) -> Decimal | None:
    """A plain number ("1,200", "12.0", "８"), else None."""
    plain = unicodedata.normalize("NFKC", text).strip().replace("\xa0", "").replace(" ", "")
    if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", plain):
        plain = plain.replace(",", "")
    if not re.fullmatch(r"[+-]?(\d{1,15}(\.\d{0,12})?|\.\d{1,12})", plain):
        return None
    try:
        return Decimal(plain)
    except InvalidOperation:
        return None


def count_of(text: str) -> int | None:
    """A count of pieces ("12", "12.0", "120件", "10+", ">100", "100以上"), else None."""
    text = re.sub(r"(?<=\d)['’](?=\d{3})", "", text)
    trimmed = re.sub(
        r"\s*(?:件|个|只|条|支|台|套|pcs|pieces|stk|units?)\.?$", "", unicodedata.normalize("NFKC", text).strip(), flags=re.IGNORECASE
    )
    number = decimal_of(re.sub(r"^(?:>|≥|>=|大于|超过)\s*|\s*(?:\+|以上|余)$", "", trimmed))
    return int(number) if number is not None and number == number.to_integral_value() else None


_DATES = (
    "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d", "%d.%m.%Y", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%Y/%m/%d %H:%M:%S",
    "%Y年%m月%d日 %H:%M", "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y",
)  # fmt: skip


_SERIAL = re.compile(r"[2-6]\d{4}(?:\.\d+)?")
"""Days since 1899-12-30, as spreadsheet programs count them: 1954 to 2091."""


def moment_of(text: str, *, end_of_day: bool = False) -> datetime | None:
    """A date or time in UTC, else None. A bare date is its first moment; with `end_of_day` the first moment of the day after it."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if _SERIAL.fullmatch(plain):
        plain = (datetime(1899, 12, 30, tzinfo=UTC) + timedelta(days=int(float(plain)))).date().isoformat()
    moment: datetime | None = None
    dateless = bool(re.search(r"\d[T ]\s*\d{1,2}:", plain))
    try:
        moment = datetime.fromisoformat(plain)
    except ValueError:
        for form in _DATES:
            try:
                moment = datetime.strptime(plain, form).replace(tzinfo=UTC)
                break
            except ValueError:
                continue
    if moment is None:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    try:
        if end_of_day and not dateless:
            moment += timedelta(days=1)
        return moment.astimezone(UTC)
    except OverflowError:
        return None


def several(text: str) -> tuple[str, ...]:
    """A list in a cell: parted by "|", else by line breaks, else by commas or semicolons."""
    separator = r"\|" if "|" in text else r"\n" if "\n" in text else r"[,;，；、]"
    return tuple(dict.fromkeys(part.strip() for part in re.split(separator, text) if part.strip()))
