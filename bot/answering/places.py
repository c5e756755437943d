"""Countries and regions in a text: what the shop states for one place is no evidence for another, but what it states for a country holds for
its regions and cities."""

import re
import tomllib
from functools import cache, lru_cache
from pathlib import Path

_PLACES = {
    "US": r"united states|\busa\b|u\.s\.(?:a\.)?|america(?:n|ns)?|美国|美區"
    # "Us" alone is mostly the shop: "write to us", "send us photos".
    r"|\b(?:the|in|within|inside|outside|across|contiguous|continental|mainland|ships?|shipping|delivery|deliver) us\b"
    r"|\b(?:ship|deliver)\w*(?: (?!back)\w+){0,2} to us\b|^us\b(?!\$)|[(\[]us[)\]]|\bus(?=(?:,| and| or| &|/) (?:canad|uk|mexic|eu\b|austral))"
    r"|\bus (?:only|orders?|address\w*|customers?|mainland|residents?|states|territor\w*|shipping|delivery|warehouse)\b",
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
_TABLE = Path(__file__).with_name("places.toml")
_EU_MEMBERS = frozenset(
    [
        "AT",
        "BE",
        "BG",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "ES",
        "FI",
        "FR",
        "GR",
        "HR",
        "HU",
        "IE",
        "IT",
        "LT",
        "LU",
        "LV",
        "MT",
        "NL",
        "PL",
        "PT",
        "RO",
        "SE",
        "SI",
        "SK",
    ]
)
_LATIN = re.compile(r"[a-z']+")
_HAN = re.compile(r"[\u3400-\u9fff]+")
_OTHERS = re.compile(
    r"other countr|elsewhere|rest of the world|all other|outside|abroad|international|其他(?:国家|地区|可送达)|其它国家|海外|境外"
)
_EVERYWHERE = re.compile(
    r"worldwide|every country|all countries|any country|everywhere|anywhere|around the world|across the world|globally|no matter where"
    r"|全球|全世界|世界各地|所有国家|所有地区|各个国家|任何国家|任何地区|无论(?:哪|何)"
)


@cache
def _names() -> tuple[dict[str, frozenset[str]], int]:
    """Folded name → codes, and the most characters of a Chinese one."""
    found: dict[str, frozenset[str]] = {}
    with _TABLE.open("rb") as file:
        for codes in tomllib.load(file).values():
            for code, names in codes.items():
                for name in names.split("|"):
                    found[name] = found.get(name, frozenset()) | {code}
    return found, max(len(name) for name in found if _HAN.match(name))


@lru_cache(maxsize=8192)
def places_in(folded: str) -> frozenset[str]:
    """ISO codes of the countries that a folded text names ("EU" for the union)."""
    if not _ANY.search(folded):
        return frozenset()
    return frozenset(code for code, pattern in _EACH if pattern.search(folded))


@lru_cache(maxsize=8192)
def whereabouts(folded: str) -> frozenset[str]:
    """The same with the countries of cities, and regions ("CN-XJ", without their country): where somebody may live. Of a text about goods it
    says nothing, they are named after places."""
    found = set(places_in(folded))
    names, longest = _names()
    words = _LATIN.findall(folded)
    for length in (1, 2, 3):
        for start in range(len(words) - length + 1):
            found |= names.get(" ".join(words[start : start + length]), frozenset())
    for run in _HAN.findall(folded):
        for start in range(len(run) - 1):
            for length in range(2, min(longest, len(run) - start) + 1):
                found |= names.get(run[start : start + length], frozenset())
    return frozenset(found)


def around(places: frozenset[str]) -> frozenset[str]:
    """The places with the countries that they lie in."""
    return places | {code.partition("-")[0] for code in places}


def elsewhere(folded: str) -> bool:
    """Whether the text speaks of all countries but those named."""
    return _OTHERS.search(folded) is not None


def everywhere(folded: str) -> bool:
    """Whether the text speaks of every country."""
    return _EVERYWHERE.search(folded) is not None


def meet(said: frozenset[str], stated: frozenset[str]) -> bool:
    """Whether what is stated of some places holds for one that is spoken of: a region belongs to its country, a member to the union."""
    wide = around(said)
    return bool(wide & stated) or ("EU" in stated and bool(wide & _EU_MEMBERS)) or ("EU" in said and bool(stated & _EU_MEMBERS))
