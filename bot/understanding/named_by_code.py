"""Products named by SKU or model number."""

import re
from collections.abc import Sequence

from bot.understanding.named import NAMED_MOST, Named
from bot.understanding.question import Subject
from bot.understanding.shop_words import ShopWords
from bot.understanding.title_terms import terms
from knowledge.folding import fold
from retrieval.tokens import codes, compact, spaced_codes
from retrieval.view import ShopView


def by_code(text: str, view: ShopView, words: ShopWords) -> Named | None:
    """The products of every SKU and model number in a text, in its order; None without any."""
    found: dict[str, Subject] = {}
    spoken = codes(text[:2000]) | spaced_codes(text[:2000])
    # SKUs made of letters alone (TRB) count when they stand in capitals.
    spoken |= {compact(fold(word)) for word in re.findall(r"(?<![A-Za-z0-9])[A-Z][A-Z0-9-]{2,}(?![A-Za-z])", text[:2000])}
    hits = [code for code in spoken if code in words.codes]
    hits = [code for code in hits if not any(code != other and code in other for other in hits)]
    for code in sorted(hits, key=lambda c: _place(text, c)):
        products = words.codes[code]
        sku = words.skus.get(code)
        if sku is not None and view.by_sku.get(sku.casefold()):
            owner = view.by_sku[sku.casefold()]
            product = view.products.get(owner)
            alone = product is not None and len(product.variants) == 1
            found[owner] = Subject(owner, sku if not alone or product else None, True, "sku")
            continue
        chosen = _meant(text, code, products, view) if len(products) > 1 else dict.fromkeys(products, True)
        for product_id, certain in list(chosen.items())[:NAMED_MOST]:
            found.setdefault(product_id, Subject(product_id, None, certain, "named"))
    return Named(tuple(found.values()), spans=tuple(code_spans(text, hits))) if found else None


def _meant(text: str, code: str, products: Sequence[str], view: ShopView) -> dict[str, bool]:
    """Which of several products with one model number: "EB-5 Pro" by the word after it, a bare "EB-5" the one with the plainest name.
    Two mentions may mean two. True: the only one that a mention can mean."""
    own = {
        id_: {term for title in view.products[id_].title.values() for term, _, _ in terms(title)}
        for id_ in products
        if id_ in view.products
    }
    if not own:
        return dict.fromkeys(products, False)
    shared = set.intersection(*own.values())
    folded = fold(text)
    pattern = re.compile(r"[\s\-_./+#]*".join(map(re.escape, code)))
    chosen: dict[str, bool] = {}
    for match in pattern.finditer(folded):
        following = next((term for term, _, _ in terms(folded[match.end() : match.end() + 24])), "")
        fitting = [id_ for id_, mine in own.items() if following in mine and following not in shared]
        if not fitting:
            least = min(len(mine - shared) for mine in own.values())
            fitting = [id_ for id_, mine in own.items() if len(mine - shared) == least]
        for id_ in fitting:
            chosen[id_] = chosen.get(id_, False) or len(fitting) == 1
    return chosen or dict.fromkeys(products, False)


def _place(text: str, code: str) -> int:
    spans = list(code_spans(text, [code]))
    return spans[0][0] if spans else 0


def code_spans(text: str, hits: Sequence[str]) -> list[tuple[int, int]]:
    """The characters of a text at which each code stands first, however it is parted there."""
    out = []
    folded = fold(text)
    for code in hits:
        pattern = r"[\s\-_./+#]*".join(map(re.escape, code))
        match = re.search(pattern, folded)
        if match:
            out.append(match.span())
    return out
