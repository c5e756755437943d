"""What columns are called: our own names and the usual others, in English and Chinese here, in further languages in column_names.toml."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib import resources

from knowledge.attribute_names import concept_of
from knowledge.folding import simplified
from knowledge.importing.value_shapes import Shapes, likely_field, shapes_of, suits
from knowledge.localized import LocalText

PROBLEM_COLUMN = "problem"
"""The column that a file of rejected rows says in what is wrong with each; never read."""

PRODUCT: dict[str, tuple[str, ...]] = {
    "sku": ("sku", "variant sku", "sku code", "custom label", "item number", "article number", "货号", "商家编码", "sku编码", "规格编码", "sku编号", "sku码", "款号", "sku id", "variant code",
        "item sku", "seller sku", "merchant sku", "stock code", "part number", "part no", "article no", "item no", "reference", "条目编码", "商品货号", "规格货号", "外部编码",
        "型号编码", "goods sn", "product sku", "sku number", "item code", "stock keeping unit", "asin"),
    "id": ("id", "product id", "product code", "item id", "商品编码", "商品编号", "商品id", "商品代码", "产品编号", "产品编码", "编号", "编码", "product no", "product number", "商品号", "货品编号",
        "货品编码", "商品序号", "产品id"),
    "title": ("title", "name", "product name", "product title", "product", "item name", "标题", "商品名称", "商品标题", "产品名称", "产品标题", "名称", "品名", "宝贝标题", "商品名", "item title",
        "item", "goods name", "article name", "商品全称", "货品名称", "物品名称", "产品名", "商品标题名称", "主标题"),
    "description": ("description", "body", "body html", "long description", "details", "product description", "商品详情", "详情", "描述", "商品描述", "产品描述", "详细描述", "宝贝描述",
        "图文详情", "介绍", "商品介绍", "full description", "product details", "detail", "html description", "text", "商品详细描述", "产品详情", "详细说明", "商品说明", "说明", "图文描述", "产品介绍",
        "详细介绍"),
    "highlight": ("highlight", "short description", "subtitle", "selling point", "selling points", "卖点", "商品卖点", "副标题", "简介", "商品简介", "短标题", "摘要", "summary",
        "tagline", "short text", "excerpt", "product highlights", "宣传语", "广告语", "推荐语", "亮点", "一句话描述"),
    "brand": ("brand", "vendor", "manufacturer", "品牌", "品牌名称", "厂商", "生产商", "brand name", "manufacturer name", "make", "商品品牌", "牌子"),
    "category": ("categories", "category", "product type", "product category", "type", "分类", "类目", "商品分类", "类别", "商品类目", "所属分类", "品类", "栏目", "category path",
        "category name", "department", "collection", "product group", "breadcrumb", "商品类别", "产品分类", "产品类别", "类目名称", "一级类目", "商品品类", "宝贝类目", "店铺分类", "分类名称", "商品分组"),
    "price": ("price", "selling price", "current price", "unit price", "retail price", "regular price", "售价", "价格", "销售价", "现价", "单价", "零售价", "商城价", "本店价", "一口价",
        "商品价格", "店铺价", "product price", "item price", "standard price", "base price", "sales price", "normal price", "our price",
        "unit price incl vat", "gross price", "销售价格", "销售单价", "定价", "卖价", "宝贝价格", "含税价", "标价", "报价", "京东价", "淘宝价",
        "天猫价", "拼单价", "单价区间", "价格区间", "start price", "buy it now price"),
    "sale_price": ("sale price", "special price", "discount price", "discounted price", "offer price", "promo price", "促销价", "优惠价", "折扣价", "活动价", "特价", "券后价",
        "promotional price", "deal price", "reduced price", "price sale", "到手价", "折后价", "优惠价格", "促销价格"),
    "list_price": ("list price", "compare at price", "compare price", "msrp", "rrp", "original price", "was price", "市场价", "划线价", "原价", "吊牌价", "专柜价", "建议零售价",
        "msrp price", "suggested retail price", "recommended retail price", "strike price", "strikethrough price", "price before discount", "full price", "参考价",
        "指导价", "官方价", "市场价格", "门市价", "厂商指导价", "counter price", "old price", "oldprice", "单买价"),
    "price_to": ("price to", "max price", "price max", "最高价", "highest price", "最高价格", "价格上限"),
    "currency": ("currency", "currency code", "currency id", "币种", "货币", "price currency", "currency iso", "币别", "货币单位", "价格单位"),
    "stock": ("stock", "quantity", "qty", "inventory", "stock quantity", "inventory quantity", "on hand", "stock on hand", "库存", "库存数量", "库存量", "可售库存", "现有库存", "数量",
        "商品库存", "stock level", "stock qty", "available quantity", "quantity available", "available stock", "units in stock", "stock count", "current stock",
        "inventory level", "inventory count", "qty in stock", "库存数", "实际库存", "剩余库存", "可用库存", "总库存", "宝贝数量", "在库数量", "商品数量",
        "可售数量", "qty on hand", "quantity on hand", "units on hand", "on hand qty", "qty available", "current quantity"),
    "stock_at": ("stock at",),
    "availability": ("availability", "availability status", "stock status", "in stock", "available", "库存状态", "供货状态", "是否有货", "现货", "现货状态", "stock availability",
        "availability state", "is in stock", "库存情况", "现货情况", "有无现货", "是否现货"),
    "published": ("published", "is published", "active", "enabled", "status", "visible", "visibility", "state", "上架", "是否上架", "上架状态", "状态", "商品状态", "是否在售", "销售状态",
        "是否发布", "已上架", "is active", "product status", "publish status", "listing status", "online", "product online", "enabled status", "on sale status", "是否启用",
        "是否显示", "在售状态", "商品上架", "上下架", "上下架状态", "发布状态", "启用状态", "上下柜状态", "上下柜"),
    "deleted": ("deleted", "is deleted", "archived", "删除", "已删除", "是否删除", "已归档", "is archived", "trashed", "已移除", "是否归档"),
    "sold_when_empty": ("sold when empty", "backorders", "backorder allowed", "backorders allowed", "allow backorder", "continue selling when out of stock", "缺货可售",
        "允许缺货下单", "允许超卖"),
    "sale_from": ("sale from", "sale starts", "sale start", "date sale price starts", "促销开始", "促销开始时间", "special price from", "special from date", "sale start date",
        "special price from date", "promotion start", "特价开始", "活动开始时间"),
    "sale_until": ("sale until", "sale ends", "sale end", "date sale price ends", "促销结束", "促销结束时间", "special price to", "special to date", "sale end date",
        "special price to date", "promotion end", "特价结束", "活动结束时间"),
    "url": ("url", "link", "product url", "链接", "商品链接", "网址", "商品网址", "商品地址", "page url", "web address", "product link", "产品链接", "详情链接", "详情页",
        "商品页面"),
    "variant_url": ("variant url",),
    "image": ("images", "image", "image url", "image src", "image link", "picture", "photo", "thumbnail", "图片", "主图", "商品图片", "商品主图", "图片链接", "主图链接", "封面",
        "image urls", "main image", "main image url", "picture url", "pictures", "photos", "gallery", "product image", "product images", "additional image link",
        "additional images", "base image", "图片地址", "图片url", "商品主图链接", "轮播图", "产品图片", "图片网址", "商品图"),
    "variant_image": ("variant image", "variant image url"),
    "group": ("group", "item group id", "parent sku", "parent", "handle", "spu", "spu编码", "商品组", "款式编码", "主商品编码", "parent id", "parent code", "variant group",
        "product group id", "style code", "style number", "master sku", "model group", "父sku", "主货号", "主款号", "同款编码", "spu编号", "父商品编码"),
    "options": ("options", "规格", "商品规格", "规格名称", "销售属性", "sku规格", "型号规格", "variant", "variation", "variant name", "variation name", "规格属性", "规格值", "sku名称", "sku属性",
        "款式", "颜色尺码", "颜色规格", "商品型号"),
    "attributes": ("attributes", "specifications", "specs", "spec", "parameters", "features", "参数", "商品参数", "属性", "商品属性", "产品参数", "规格参数", "技术参数", "properties",
        "technical data", "tech specs", "product attributes", "item specifics", "details list", "宝贝属性", "产品属性", "商品规格参数", "详细参数", "基本参数"),
    "variant_attributes": ("variant attributes",),
    "goes_with": ("goes with", "related", "cross sells", "accessories", "搭配", "搭配商品", "关联商品", "相关商品", "related products", "cross sell", "cross sell skus",
        "related skus", "frequently bought with", "complements", "推荐搭配", "配套商品"),
    "replaces": ("replaces", "replacement for", "替代", "替代商品", "supersedes", "successor of", "替换", "替换型号"),
    "tags": ("tags", "labels", "keywords", "标签", "关键词", "关键字", "product tags", "检索词", "搜索词"),
    "rating": ("rating", "average rating", "评分", "平均评分", "avg rating", "star rating", "review rating", "商品评分", "综合评分"),
    "rating_count": ("rating count", "ratings", "review count", "评分人数", "评价数", "评价数量", "number of reviews", "reviews count", "total reviews", "评论数", "评价人数"),
    "as_of": ("as of",),
}  # fmt: skip
FAQ: dict[str, tuple[str, ...]] = {
    "id": ("id", "faq id", "编号", "序号"),
    "question": ("question", "q", "questions", "问题", "问", "标准问题", "标准问", "常见问题", "提问"),
    "answer": ("answer", "a", "answers", "response", "reply", "答案", "回答", "答", "回复", "标准答案", "答复"),
    "language": ("language", "lang", "locale", "语言", "语种"),
    "also_asked": ("also asked", "similar questions", "alternative questions", "variants", "phrasings", "aliases", "相似问题", "相似问法", "相似问", "扩展问题", "其他问法", "同义问题"),
    "category": ("category", "topic", "section", "分类", "类别", "类目", "主题"),
    "approved": ("approved", "word for word", "verbatim", "原样回答", "逐字回答", "已核准"),
}  # fmt: skip
REVIEW: dict[str, tuple[str, ...]] = {
    "id": ("id", "review id", "评价编号"),
    "sku": ("sku", "product sku", "product handle", "product id", "product", "商品编码", "货号", "商品编号"),
    "rating": ("rating", "stars", "score", "review rating", "review score", "评分", "星级", "打分"),
    "text": (
        "text",
        "review",
        "comment",
        "body",
        "content",
        "review text",
        "review body",
        "review content",
        "评价",
        "评论",
        "内容",
        "评价内容",
        "评论内容",
    ),
    "language": FAQ["language"],
    "date": ("date", "created at", "review date", "日期", "时间", "评价时间", "评论时间"),
}
PROMOTION: dict[str, tuple[str, ...]] = {
    "code": ("code", "promo code", "coupon", "coupon code", "promotion", "优惠码", "活动编码", "优惠券码", "编码", "活动编号", "代码"),
    "title": ("title", "name", "标题", "名称", "活动名称"),
    "text": ("text", "description", "terms", "说明", "描述", "规则", "活动说明"),
    "percent_off": ("percent off", "percent", "discount percent", "折扣百分比", "减免百分比"),
    "amount_off": ("amount off", "discount amount", "立减", "减免金额", "优惠金额"),
    "currency": PRODUCT["currency"],
    "minimum": ("minimum", "minimum amount", "min order", "minimum order", "最低消费", "门槛", "满额"),
    "skus": ("skus", "products", "适用商品"),
    "categories": ("categories", "category", "适用分类"),
    "starts": ("starts", "start", "starts at", "start date", "valid from", "开始", "开始时间", "开始日期"),
    "ends": ("ends", "end", "ends at", "end date", "valid until", "expires", "结束", "结束时间", "结束日期", "截止时间"),
    "audience": ("audience", "for", "人群", "适用人群"),
}


@lru_cache(maxsize=8192)
def folded(name: str) -> str:
    """A header for comparing: width, case, underscores, hyphens, closing dots and Traditional characters do not count, nor what stands in
    brackets."""
    plain = name if name.isascii() else simplified(unicodedata.normalize("NFKC", name)).replace("’", "'")
    plain = re.sub(r"([a-z])([A-Z])", r"\1 \2", plain)
    plain = re.sub(r"[(\[（【][^)\]）】]*[)\]）】]", " ", plain)
    return re.sub(r"[\s_\-/*?¿:：？]+|\.(?=\W|$)", " ", plain).replace("  ", " ").strip().casefold()


def _with_further_languages(known: dict[str, tuple[str, ...]], kind: str) -> dict[str, tuple[str, ...]]:
    """The names with those of column_names.toml after them; a name that means something already keeps its meaning."""
    told = {alias for aliases in known.values() for alias in aliases}
    named = tomllib.loads(resources.files("knowledge.importing").joinpath("column_names.toml").read_text(encoding="utf-8"))[kind]
    return {
        field: (*aliases, *dict.fromkeys(name for one in named.get(field, ()) if (name := folded(one)) not in told))
        for field, aliases in known.items()
    }


_FURTHER = {alias for aliases in (*PRODUCT.values(), *FAQ.values()) for alias in aliases}
PRODUCT = _with_further_languages(PRODUCT, "product")
FAQ = _with_further_languages(FAQ, "faq")
_FURTHER = {alias for aliases in (*PRODUCT.values(), *FAQ.values()) for alias in aliases} - _FURTHER
"""Names of column_names.toml: believed only where the cells fit them."""

NAMED_ATTRIBUTES = {
    "material", "color", "colour", "size", "weight", "dimensions", "warranty", "origin", "country of origin", "gender", "age group", "pattern", "model", "capacity",
    "barcode", "gtin", "ean", "upc", "isbn", "mpn", "power", "voltage", "材质", "颜色", "尺码", "尺寸", "重量", "保修", "保修期", "质保", "产地", "型号", "容量", "功率", "电压", "条码", "条形码",
    "净含量", "保质期", "面料", "适用人群", "适用季节", "风格", "图案", "成分", "品号",
}  # fmt: skip
"""Columns that state a fact about the goods under their own name, without the word “attribute” before it."""
_LOCAL = {"title", "description", "category", "highlight", "question", "answer", "also_asked", "text"}
_LANGUAGE = re.compile(r"^(.+?)\s(zh|en|und|[a-z]{2})(\s(?:cn|tw|hk|us|gb|[a-z]{2}|hans|hant))?$")
_PREFIXED = re.compile(r"^\s*(variant attribute|attribute|attr|option|属性|选项|规格|参数)(?:\s*[:：]\s*|[\s_]+)(.+?)\s*$", re.IGNORECASE)


_INTERNAL = re.compile(
    r"\b(?:costs?|cogs|landed|purchase price|buying price|buy price|trade price|reseller price|reorder|safety stock|staff|employee|buyer|owner|notes?|password|api key|wholesale|dealer price|margin|markup|mark up|profit|commission|suppliers?|warehouse|internal|private|secret|e ?mail|seo|meta"
    r"|uuid|guid|hash|token|tax|taxable|vat|hs code|tariff|fulfil+ment|discounts?|permalink|etag|qr code)\b"
    r"|^(?:memo|remarks?|comments?|phone|phone number|mobile|contact|contact person|slug|template|theme|sort|sort order|position|rank|featured|is featured|shelf|bin"
    r"|version|revision|row|line no|json|html|(?:created|updated|modified|added|changed|imported|synced|published)(?: (?:at|by|on|date|time))?)$"
    r"|成本|进价|进货|采购|批发|供货价|结算|底价|毛利|利润|佣金|提成|供应商|供货商|仓库|库位|货架|仓位|内部|备注|备忘|拿货|货源|业务员|负责人|经办|出厂价|到岸价|内码|员工|操作人|创建|更新时间|修改时间|录入|审核|联系人|电话|手机号|邮箱|^排序"
    r"|einkauf|\bek\b|\blieferant|\bmarge\b|prix d'achat|fournisseur|\bcoûts?\b|proveedor|\bcoste\b|precio de compra|fornitore|prezzo di acquisto|\bcosto\b|inkoop|leverancier|fornecedor|\bcusto\b"
    r"|закуп|поставщик|себестоимость|仕入|原価"
    r"|^序号$|权重|折扣|税率|税收|税费|运费模板|^单位$|计量单位|[\u4e00-\u9fff]id$|(?:^|\s)ids?$"
)
"""Names of what customers must not see (costs, suppliers, contacts) and of bookkeeping that tells them nothing."""
_NOISE = re.compile(
    r"^(?:our|my|your|shop|store|web|online|main|default|base|full|long|the|product|item|goods|article|variant|sku|商品|产品|宝贝|货品|主|默认|店铺|网店|平台)\s*"
    r"|\s*(?:incl|including|excl|excluding|with|without|inkl|zzgl|exkl|con|avec|in)\s(?:vat|tax|gst|mwst|ust|iva|tva|btw|euro?)$|\s(?:brutto|ttc)$|\s(?:tax|vat|gst)\s(?:incl|included|inclusive|inc)$|\s*(?:usd|eur|gbp|cny|rmb|jpy|chf|hkd|aud|cad|inr|[€$£¥₹]|text|value|field|column|name|必填|选填|元|含税|不含税|信息|内容|字段)$"
)
"""What stands around a known name without changing it: "Product price incl. VAT", "商品标题（必填）"."""
_NUMBERED = re.compile(r"\s*\d{1,2}$")
"""What tells columns of one kind apart: Image 1, Image 2, 图片3."""
_STOCK_AT = re.compile(
    r"(?:inventory|stock|current quantity|quantity on hand|qty on hand|on hand|库存|bestand) (?:at |in )?(?P<place>\S.*)|(?P<store>.{1,12}[仓店])(?:可用)?(?:库存|数量)"
)
"""Pieces at one of several places: inventory_Main_Outlet, Current Quantity Main St, 上海仓库存."""
_NO_PLACE = re.compile(
    r"\b(?:alert|low|level|min|max|minimum|maximum|reorder|restock|threshold|per|unit|units|pack|box|carton|limit|polic\w+|track\w*|manage\w*|control\w*|type|item|id|date|status|sold|reserved"
    r"|incoming|ordered|cost|value|price|location|notification|behaviou?r|name|code|history|notes?|mindest\w*|kritisch\w*|melde\w*|soll|mini\w*|alerte|seguridad|sicherheit\w*)\b"
)
IGNORE = "ignore"
"""The meaning of a column that is left out."""
_NAMED_KINDS = {"option": "options", "attribute": "attributes", "variant attribute": "variant_attributes"}
SURE = 0.75
"""Confidence from which a meaning is believed."""
WEIGHTY = frozenset({"title", "sku", "price", "sale_price", "list_price", "currency", "stock", "availability"})
"""Fields that a merchant is asked about where a column may or may not be one of them; any other column that is not known is harmless as a
property by its own name."""
_PRICED = re.compile(r"\bprices?\b|价")
"""Names that speak of a price, whichever."""


def is_internal(name: str) -> bool:
    """Whether a column's or field's name says that customers have no business reading it."""
    return concept_of(name) is None and bool(_INTERNAL.search(folded(name)))


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one column is taken for: a field, "field:LANGUAGE", "attribute:NAME", "option:NAME", "variant attribute:NAME" or "ignore"."""

    column: str
    field: str
    confidence: float
    """0 to 1; 1 is the name itself or what the merchant said."""


class Columns:
    """What each column of one file means: `fields` by name, texts by field and language, option and attribute columns by their name.

    `meanings`: what the merchant said, header to meaning. `sample`: records whose cells help where names do not tell.
    """

    def __init__(
        self,
        header: Iterable[str],
        known: dict[str, tuple[str, ...]],
        meanings: Mapping[str, str] | None = None,
        sample: Sequence[Mapping[str, str]] = (),
    ) -> None:
        self.fields: dict[str, list[str]] = {}
        self.local: dict[str, dict[str, str]] = {}
        self.options: dict[str, str] = {}
        self.attributes: dict[str, str] = {}
        self.variant_attributes: dict[str, str] = {}
        self.ignored: list[str] = []
        """Left out although nobody said so."""
        self.internal: list[str] = []
        """Left out since they look like what customers must not see."""
        self.assumed: list[str] = []
        """Not known, so taken as attributes by their names."""
        self.doubtful: list[str] = []
        """May be one of WEIGHTY or some other amount of money: to be asked about, and left out until that is answered."""
        self.meanings: dict[str, Meaning] = {}
        self._guessed: set[str] = set()
        self._known = known
        self._aliases = {alias: name for name, aliases in known.items() for alias in aliases}
        self._rank = {alias: place for aliases in known.values() for place, alias in enumerate(aliases)}
        said = {folded(column): meaning for column, meaning in (meanings or {}).items()}
        unknown: list[str] = []
        places: dict[str, list[tuple[float, str]]] = {}
        for column in header:
            name = folded(column)
            if not name or (name == PROBLEM_COLUMN and name not in self._aliases):
                continue
            if (meaning := (meanings or {}).get(column) or said.get(name)) is not None:
                self._take(Meaning(column, meaning, 1.0), places, -1.0)
            elif not self._by_name(column, name, places, sample):
                unknown.append(column)
        taken = set(places) | set(self.local)
        for column in unknown:
            self._by_values(column, [cells.get(column, "") for cells in sample], places, taken)
        if known is PRODUCT:
            self._group_by_values(places, sample)
        for field, found in places.items():
            self.fields[field] = [column for _, column in sorted(found, key=lambda entry: entry[0])]

    def _group_by_values(self, places: dict[str, list[tuple[float, str]]], sample: Sequence[Mapping[str, str]]) -> None:
        """Of two columns for article numbers, in one of which the numbers repeat while in the other they do not, the one that repeats says which
        rows are one product (款号 beside 货号)."""
        numbered = places.get("sku", [])
        if len(numbered) < 2 or "group" in places:
            return
        cells = {column: [row[column] for row in sample if row.get(column, "").strip()] for _, column in numbered}
        alone = [column for column, held in cells.items() if held and len(set(held)) == len(held)]
        shared = [column for column, held in cells.items() if len(set(held)) < len(held)]
        if alone and len(shared) == 1:
            places["sku"] = [entry for entry in numbered if entry[1] != shared[0]]
            self._take(Meaning(shared[0], "group", 0.9), places, 0)

    @cached_property
    def names(self) -> dict[str, str]:
        """The header that each field is read from, for messages; the same object for every record."""
        found = {name: columns[0] for name, columns in self.fields.items()}
        return {**{name: next(iter(local)) for name, local in self.local.items()}, **found}

    @staticmethod
    def _numbers(tag: str, column: str, sample: Sequence[Mapping[str, str]]) -> bool:
        """Whether a column “category id” holds numbers of categories rather than categories in Indonesian."""
        return tag == "id" and not any(re.search(r"[^\W\d_]{2}", cells.get(column, "")) for cells in sample)

    def _by_name(self, column: str, name: str, places: dict[str, list[tuple[float, str]]], sample: Sequence[Mapping[str, str]]) -> bool:
        """Whether the name alone tells the meaning."""
        products = self._known is PRODUCT
        prefixed = _PREFIXED.match(unicodedata.normalize("NFKC", column)) if products and name not in self._aliases else None
        if prefixed:
            kind = prefixed[1].casefold()
            said = "option" if kind in ("option", "选项", "规格") else kind if kind == "variant attribute" else "attribute"
            self._take(Meaning(column, f"{said}:{prefixed[2]}", 1.0), places, 0)
            return True
        if products and name not in self._aliases and self._aliases.get(_NUMBERED.sub("", name)) == "image":
            self._take(Meaning(column, "image", 1.0), places, 500)
            return True
        if name in self._aliases:
            field = self._aliases[name]
            if (
                name in _FURTHER
                and field in ("title", "stock")
                and not suits(field, shapes_of([cells.get(column, "") for cells in sample]))
            ):
                return False  # a Lager may be the place, an Artikel the number
            if products and sample:
                field = _corrected(field, [cells.get(column, "") for cells in sample])
            self._take(Meaning(column, field, 1.0), places, self._rank[name])
            return True
        if (match := _LANGUAGE.match(name)) and self._aliases.get(match[1]) in _LOCAL and not self._numbers(match[2], column, sample):
            region = (match[3] or "").strip()
            tag = match[2] if not region else f"{match[2]}-{region.upper() if len(region) == 2 else region.title()}"
            self._take(Meaning(column, f"{self._aliases[match[1]]}:{tag}", 1.0), places, 0)
            return True
        if products and (at := _STOCK_AT.fullmatch(name)) and not _NO_PLACE.search(at["place"] or ""):
            cells = [cells.get(column, "") for cells in sample]
            if suits("stock_at", shapes_of(cells)):
                self._take(Meaning(column, "stock_at", 0.9), places, 0)
                return True
        if products and (name in NAMED_ATTRIBUTES or concept_of(column) is not None):
            self._take(Meaning(column, f"attribute:{_tidy(column)}", 0.95), places, 0)
            return True
        return False

    def _by_values(self, column: str, cells: Sequence[str], places: dict[str, list[tuple[float, str]]], taken: set[str]) -> None:
        """The meaning of a column whose name is not known: from a known name inside it if the values fit, else it is an attribute."""
        if self._known is not PRODUCT:
            self.meanings[column] = Meaning(column, IGNORE, 0.5)
            self.ignored.append(column)
            return
        shapes = shapes_of(cells)
        if (field := self._inside(column)) and field not in taken and cells and shapes.filled and suits(field, shapes):
            taken.add(field)
            self._take(Meaning(column, field, 0.8), places, 1000)
            return
        if is_internal(column):
            self.meanings[column] = Meaning(column, IGNORE, 0.9)
            self.internal.append(column)
            return
        spoken_for = taken | self._guessed
        likely, sure = likely_field(shapes, spoken_for)
        if not likely and _PRICED.search(folded(column)) and shapes.is_("number") and "price" not in spoken_for:
            likely, sure = "price", 0.6
        personal = shapes.is_("personal", 0.5) and not shapes.is_("barcode")
        if personal or shapes.is_("machine", 0.5) or (shapes.is_("date") and ":" in "".join(cells[:20])):
            self.meanings[column] = Meaning(column, IGNORE, 0.8)
            self.internal.append(column)
        elif likely in WEIGHTY or self._money(column, shapes):
            # An amount that nobody named may be what the shop itself pays: customers are told of it only once the merchant says so.
            self.meanings[column] = Meaning(column, likely or IGNORE, sure or 0.5)
            self._guessed.add(likely)
            self.doubtful.append(column)
            self.ignored.append(column)
        elif shapes.is_("picture") or shapes.is_("address") or shapes.is_("flag") or (cells and not shapes.filled):
            self.meanings[column] = Meaning(column, likely or IGNORE, sure or 0.5)
            self.ignored.append(column)
        else:
            self._take(Meaning(column, f"attribute:{_tidy(column)}", 0.6), places, 0)
            self.assumed.append(column)

    @staticmethod
    def _money(column: str, shapes: Shapes) -> bool:
        """Whether a column that is not known holds amounts of money."""
        return shapes.is_("money") or shapes.is_("amount") or (shapes.is_("number") and bool(_PRICED.search(folded(column))))

    def _inside(self, column: str) -> str:
        """The field whose name is left when what stands around it is taken off; "" for none."""
        name = folded(column)
        for _ in range(3):
            shorter = _NOISE.sub("", name).strip(" ._-")
            if shorter in self._aliases:
                return self._aliases[shorter]
            if shorter == name or not shorter:
                return ""
            name = shorter
        return ""

    def _take(self, meaning: Meaning, places: dict[str, list[tuple[float, str]]], rank: float) -> None:
        column, (kind, _, rest) = meaning.column, meaning.field.partition(":")
        self.meanings[column] = meaning
        if kind in _NAMED_KINDS and rest:
            named: dict[str, str] = getattr(self, _NAMED_KINDS[kind])
            named[column] = rest
        elif rest:
            self.local.setdefault(kind, {})[column] = rest
        elif kind != IGNORE:
            places.setdefault(kind, []).append((rank, column))

    def __contains__(self, name: str) -> bool:
        return name in self.fields or name in self.local

    def column(self, name: str) -> str:
        """The header that a field is read from, for messages; the field's own name when the file has none."""
        if name in self.fields:
            return self.fields[name][0]
        return next(iter(self.local.get(name, {})), name)

    def get(self, cells: dict[str, str], name: str) -> str:
        """The first filled cell of a field."""
        for column in self.fields.get(name, ()):  # asked some thirty times a record: a generator costs as much again
            cell = cells.get(column)
            if cell and not cell.isspace():
                return cell
        return ""

    def all(self, cells: dict[str, str], name: str) -> list[str]:
        """Every filled cell of a field."""
        return [cells[column] for column in self.fields.get(name, ()) if cells.get(column, "").strip()]

    def texts(self, cells: dict[str, str], name: str) -> LocalText:
        """The filled cells of a field's language columns, by language."""
        return {tag: cells[column] for column, tag in self.local.get(name, {}).items() if cells.get(column, "").strip()}


def _tidy(column: str) -> str:
    return re.sub(r"_+", " ", column).strip()


def _corrected(field: str, cells: Sequence[str]) -> str:
    """The field that the cells show where one name is used for several things: "Status: in stock", "Available: 25", "Stock: yes"."""
    if field not in ("published", "availability"):
        return field
    shapes = shapes_of(cells)
    if field == "published" and shapes.is_("availability") and not shapes.is_("yes_or_no", 0.5):
        return "availability"
    if field == "availability" and shapes.is_("count") and not shapes.is_("flag"):
        return "stock"
    return field


def count_known(cells: Sequence[str]) -> int:
    """How many of these could be headers of any kind of file."""
    return sum(1 for cell in cells if cell.strip() and len(cell) < 80 and _is_known(cell))


_ALL = {alias for known in (PRODUCT, FAQ, REVIEW, PROMOTION) for aliases in known.values() for alias in aliases}
_FOREIGN = {
    "handle", "body html", "option1 name", "option1 value", "variant price", "variant compare at price", "variant inventory qty", "regular price",
    "option groups", "option values", "slug", "facets", "tax category", "track inventory", "attribute 1 name", "in stock", "url handle",
}  # fmt: skip


def _is_known(cell: str) -> bool:
    name = folded(cell)
    match = _LANGUAGE.match(name)
    return name in _ALL or name in _FOREIGN or bool(match and match[1] in _ALL) or bool(_PREFIXED.match(cell)) or name in NAMED_ATTRIBUTES
