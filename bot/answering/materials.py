"""What goods are made of: a material said of a product must stand in what is stated of it."""

import re
from collections.abc import Callable

from bot.answering.fact_table import FactTable
from bot.answering.mentions import Sentence

Bind = Callable[[int, int], tuple[frozenset[str], bool]]

_MATERIALS = tuple(
    re.compile(rf"(?<![a-z])(?:{english})(?![a-z])|{chinese}")
    for english, chinese in (
        ("glass", "玻璃"), ("crystal", "水晶"), ("wood(?:en)?|oak|pine|teak|maple wood|cherry ?wood", "实木|橡木|松木|柚木|樱桃木|原木"), ("walnut", "胡桃木"), ("beech", "榉木"),
        ("bamboo", "竹"), ("rattan|wicker|willow", "藤|柳编"), ("cork", "软木"), ("plastic", "塑料"), ("silicone", "硅胶"), ("rubber", "橡胶"),
        ("(?:stainless[- ])?steel", "不锈钢|钢"), ("titanium", "钛合金|纯钛|钛金属"), ("alumini?um", "铝"), ("copper", "铜"), ("brass", "黄铜"), ("bronze", "青铜"),
        ("cast[- ]iron|iron", "铸铁|铁(?!观音)"), ("carbon fib(?:er|re)", "碳纤维"), ("fib(?:er|re)glass", "玻璃纤维|玻纤"), ("magnesium", "镁合金"), ("zinc", "锌合金"),
        ("ceramic", "陶瓷"), ("porcelain|bone china", "骨瓷|瓷"), ("stoneware", "炻|粗陶"), ("clay|terracotta", "紫砂|陶土"), ("marble", "大理石"), ("granite", "花岗岩|麦饭石"),
        ("teflon|ptfe", "特氟[龙隆]"), ("enamel(?:led|ed)?", "珐琅|搪瓷"), ("leather", "真皮|牛皮|皮革|头层皮"), ("suede", "麂皮"), ("cotton", "棉(?!花糖)"), ("linen|flax", "亚麻"),
        ("silk", "真丝|桑蚕丝|蚕丝"), ("wool|merino|cashmere", "羊毛|羊绒|美利奴"), ("polyester", "聚酯纤维?|涤纶"), ("nylon", "尼龙"), ("acrylic", "腈纶|亚克力"), ("polycarbonate", "聚碳酸酯"),
        ("canvas", "帆布"), ("velvet", "天鹅绒"), ("fleece", "抓绒"), ("microfib(?:er|re)", "超细纤维|纤维"), ("duck down", "鸭绒"), ("goose down", "鹅绒"), ("memory foam", "记忆棉"),
        ("latex", "乳胶"), ("beeswax", "蜂蜡"), ("soy(?: wax)?", "大豆蜡"), ("paraffin", "石蜡"), ("tritan", "tritan"), ("pvc", "pvc"), ("gore-?tex", "gore-?tex"), ("kevlar", "凯夫拉"),
    )
)  # fmt: skip
_ANY = re.compile("|".join(p.pattern for p in _MATERIALS))
_MADE = re.compile(
    r"\bmade (?:of|from|out of|with)\b|\bmaterials?\b|\bfilled with\b|\bfilling\b|\bcoat(?:ed|ing)\b|\blin(?:ed|ing)\b|\bhandles?\b|\blids?\b|\bbod(?:y|ies)\b|\bshells?\b|\bframes?\b"
    r"|\b(?:a|an|the|with|in) (?:solid |genuine |real |pure )?[a-z-]+ (?:handle|lid|body|shell|frame|base|cover|blade|strap|strainer|lining)\b|\d+ ?%|材质|采用|制成|做的|制作|内胆|外壳|填充|涂层|手柄|盖|面料|成分|内衬|框架|底座|\d+ ?%"
)
_NO = re.compile(r"\bno\b|\bnot\b|n't\b|\bwithout\b|\bfree\b|\bnever\b|\binstead of\b|\brather than\b|不(?!锈)|没|无(?!线)|非|勿")


def material_violations(sentence: Sentence, table: FactTable, bind: Bind) -> list[tuple[str, str]]:
    """(kind, words) of every material that is said of a product which states none such."""
    folded = sentence.folded
    if not _ANY.search(folded) or not _MADE.search(folded) or "?" in folded:
        return []
    found: list[tuple[str, str]] = []
    for pattern in _MATERIALS:
        for match in pattern.finditer(folded):
            if any(m.start <= match.start() and match.end() <= m.end for m in sentence.mentions):
                continue
            products, named = bind(match.start(), match.end())
            facts = [table.products[p] for p in products if p in table.products]
            if not (named or len(facts) == 1) or not 0 < len(facts) <= 4 or _NO.search(sentence.clause_text(match.start())):
                continue
            if any(pattern.search(f.text) for f in facts):
                continue
            held = any(pattern.search(line.folded) for line in table.lines if not line.over)
            if not held or any(m.own for m in sentence.mentions):
                found.append(("material", match.group()))
    return found
