"""Countries and regions in a text: what the shop states for one place is no evidence for another."""

import re
from functools import lru_cache

_PLACES = {
    "US": r"united states|\busa?\b|u\.s\.(?:a\.)?|america(?:n|ns)?|美国|美區",
    "CN": r"mainland china|\bchina\b|(?<!the )\bprc\b|中国大陆|中国内地|国内|大陆|内地|中国(?!香港|台湾|澳门)",
    "CA": r"\bcanada\b|\bcanadian\b|加拿大",
    "GB": r"united kingdom|\buk\b|great britain|\bbritain\b|\bengland\b|英国|英國",
    "EU": r"european union|\beu\b|\beurope(?:an)?\b|欧盟|欧洲",
    "DE": r"\bgermany\b|\bgerman\b(?! steel|-type)|德国",
    "FR": r"\bfrance\b|法国",
    "IT": r"\bitaly\b|意大利",
    "ES": r"\bspain\b|西班牙",
    "NL": r"netherlands|荷兰",
    "AU": r"\baustralia\b|澳大利亚|澳洲",
    "NZ": r"new zealand|新西兰",
    "JP": r"\bjapan\b|日本",
    "KR": r"south korea|\bkorea\b|韩国",
    "SG": r"singapore|新加坡",
    "HK": r"hong kong|香港|港澳台",
    "MO": r"\bmaca[ou]\b|澳门|港澳台",
    "TW": r"\btaiwan\b|台湾|港澳台",
    "IN": r"\bindia\b(?!n)|印度(?!尼)",
    "MX": r"\bmexico\b|墨西哥",
    "BR": r"\bbrazil\b|巴西",
    "RU": r"\brussia\b|俄罗斯",
    "CH": r"switzerland|瑞士",
    "NO": r"\bnorway\b|挪威",
    "TH": r"\bthailand\b|泰国",
    "VN": r"vietnam|越南",
    "MY": r"malaysia|马来西亚",
    "ID": r"indonesia|印度尼西亚|印尼",
    "PH": r"philippines|菲律宾",
    "AE": r"\bdubai\b|emirates|阿联酋|迪拜",
}
_EACH = tuple((code, re.compile(pattern)) for code, pattern in _PLACES.items())
_ANY = re.compile("|".join(_PLACES.values()))
_EU_MEMBERS = frozenset({"DE", "FR", "IT", "ES", "NL"})
_OTHERS = re.compile(
    r"other countr|elsewhere|rest of the world|all other|outside|abroad|international|其他(?:国家|地区|可送达)|其它国家|海外|境外"
)
_EVERYWHERE = re.compile(
    r"worldwide|every country|all countries|any country|everywhere|anywhere|around the world|across the world|globally|no matter where"
    r"|全球|全世界|世界各地|所有国家|所有地区|各个国家|任何国家|任何地区|无论(?:哪|何)"
)


@lru_cache(maxsize=8192)
def places_in(folded: str) -> frozenset[str]:
    """ISO codes of the countries that a folded text names ("EU" for the union)."""
    if not _ANY.search(folded):
        return frozenset()
    return frozenset(code for code, pattern in _EACH if pattern.search(folded))


def elsewhere(folded: str) -> bool:
    """Whether the text speaks of all countries but those named."""
    return _OTHERS.search(folded) is not None


def everywhere(folded: str) -> bool:
    """Whether the text speaks of every country."""
    return _EVERYWHERE.search(folded) is not None


def meet(said: frozenset[str], stated: frozenset[str]) -> bool:
    """Whether two sets of places share one; a member of the union belongs to it."""
    return bool(said & stated) or ("EU" in stated and bool(said & _EU_MEMBERS)) or ("EU" in said and bool(stated & _EU_MEMBERS))
