"""Products of one line: the men's of a women's shoe, the 5 kg of a 1 kg bag that are two products."""

from bot.understanding import followups
from bot.understanding.lexicon import values
from bot.understanding.shop_words import ShopWords
from bot.understanding.title_terms import common_word, terms
from knowledge.catalog import Product
from knowledge.folding import fold
from retrieval.view import ShopView

ALIKE = 0.4
"""Share of a title's own words, weighted by rarity, that another of its line has, too."""


def genders_in(text: str) -> frozenset[str]:
    """For whom a text says that a thing is: men, women, kids, ..."""
    return frozenset(hit.value.id for hit in values().phrases.find(text[:400]) if hit.value.kind == "gender")


def for_others(said: frozenset[str], product: Product) -> bool:
    """Whether a product is for none of those said, by its title: the women's shoe, where the men's is asked for."""
    own = genders_in(" ".join(product.title.values()))
    return bool(said and own) and not said & own and "unisex" not in own


def sibling(text: str, product: Product, view: ShopView, words: ShopWords) -> str | None:
    """The product that is called like this one but for what the text says ("and the men's?"); None where none or several are."""
    genders = genders_in(text)
    said = {term for term in followups.content(fold(text), words) if not common_word(term)}
    said -= {term for hit in values().phrases.find(text) if hit.value.kind == "gender" for term, _, _ in terms(text[hit.start : hit.end])}
    own = {term for title in product.title.values() for term, _, _ in terms(title) if term in words.postings}
    if not (said or genders) or said & own or not all(term in words.postings for term in said):
        return None
    if genders and not for_others(genders, product):
        return None
    scores: dict[int, float] = {}
    for term in own:
        for number in words.postings[term]:
            scores[number] = scores.get(number, 0.0) + words.rarity(term)
    least = ALIKE * sum(words.rarity(term) for term in own)
    found = []
    for number, score in scores.items():
        other = view.products[words.ids[number]]
        if score < least or other.id == product.id or any(number not in words.postings[term] for term in said):
            continue
        if not genders or genders & genders_in(" ".join(other.title.values())):
            found.append((score, other.id))
    best = [id_ for score, id_ in found if score == max(found)[0]]
    return best[0] if len(best) == 1 else None
