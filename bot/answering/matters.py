"""Matters that every shop is asked about in the same few ways: a message and an entry that are both about one belong together, however else the
message reads ("saw the same cooker for 55 elsewhere, can you match that" names a cooker and asks for no cooker)."""

import re
from functools import lru_cache

from knowledge.folding import fold

_MATTERS = {
    "price match": r"\bprice[- ]?match\w*|\bmatch\w* .{0,20}\bprices?\b|\b(?:can|could|will|would|do) (?:you|u|ye|yous) (?:\w+ )?match\b|\bbeat (?:that|this|their|the|other)\b"
    r"|\bcheaper (?:at|on|elsewhere|somewhere|in another|from another)\b|比价|别家|别的店|别人家|其他(?:店|家|平台)|拼多多|(?<![a-z])pdd|淘宝|京东|天猫|亚马逊"
    r"|同款.{0,6}(?:才|只要|便宜)",
    "haggling": r"\bhaggl\w+|\bnegotia\w+|\bbest price\b|\bknock .{0,20}\boff\b|便宜(?:一?点|一?些)(?!的)|少(?:一?点钱|算)|议价|还价|砍价|讲价|抹零",
    "price protection": r"\bprice (?:drops?|adjust\w*|protect\w*)|\b(?:goes|go|went) on sale (?:after|later|next)|降价.{0,6}(?:补|退)|保价|价保|买贵|补差",
    "visiting": r"\b(?:i|we|one|people|customers) (?:\w+ ){0,2}(?:come|walk) (?:in|by|round|over)\b|\b(?:drop|pop|stop) (?:in|by)\b|\bvisit (?:you|your|the)\b|\bshowroom\b|\b(?:physical|real|brick).{0,12} (?:shop|store)\b"
    r"|\b(?:try|test|see|view|touch|feel)\b.{0,40}\b(?:in person|in store|in (?:your|the) (?:shop|store))\b|\b(?:do you have|is there|where is|where's) (?:an?|your|the) (?:\w+ )?(?:shop|store|showroom)\b"
    r"|实体店|门店|线下(?:店|门|体验)|展厅|去你们?(?:店|那)|到店",
    "hours": r"\b(?:opening|business|shop|store) (?:hours|times)\b|\b(?:are|r) (?:you|ye|u|yous) open\b|\bopen (?:on )?(?:mon|tues|wednes|thurs|fri|satur|sun|weekend)\w*"
    r"|\b(?:what time|when|till when) (?:do|are) (?:you|ye|u) (?:open|close|shut)\w*|营业时间|几点(?:开门|关门|营业|上班|下班|打烊)|(?:周|星期|礼拜)[一二三四五六日天末].{0,4}(?:开门|营业|上班)",
    "bulk": r"\bbulk\b|\bwholesale\b|\b(?:large|big|bigger|volume|corporate|company|group) (?:orders?|quantit\w+)\b|\bquantity discounts?\b|\bdiscount for (?:that|this) many\b"
    r"|批发|团购|大批|公司(?:采购|订购)|企业(?:采购|订购)|大量(?:购买|采购|买)|多买",
    "instalments": r"\binstal+ments?\b|\bklarna\b|\bafterpay\b|\bclearpay\b|\bpay (?:it |them )?(?:monthly|later|off over|in parts|in \d)|\bmonthly payments?\b|分期|[分几]+几?期|花呗|白条",
    "pick-up": r"\bpick(?:ing)?[- ](?:it |them )?up (?:in|at|from|myself|the order)\b|\bclick (?:and|&) collect\b|\bcollect (?:it |them )?(?:in|from|at|myself)\b|\bstore pickup\b|自提|自取|到店取",
    "fault": r"\b(?:arriv\w+|came|comes?|turns? up|delivered) (?:\w+ )?(?:broken|damaged|cracked|dead|faulty)\b|\b(?:faulty|defective|defects?)\b|\bdamaged (?:in|on|during)\b|\bstops? working\b"
    r"|质量问题|(?:收到|到货|到了).{0,4}(?:坏|破|碎|死)|破损|(?:不响|不亮|不转|不工作|没声音|开不了机|充不进电)(?:了|怎么办|呢|咋)",
}  # fmt: skip
_EACH = {name: re.compile(pattern) for name, pattern in _MATTERS.items()}
BEFORE_GOODS = frozenset({"price match", "haggling", "price protection", "visiting", "hours", "bulk"})
"""What is no question about goods, though goods are named beside it."""


@lru_cache(maxsize=8192)
def matters_in(text: str) -> frozenset[str]:
    """The matters that a text speaks of."""
    folded = fold(text)
    return frozenset(name for name, pattern in _EACH.items() if pattern.search(folded))
