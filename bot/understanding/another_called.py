"""The one thing that a message calls by a word of its title, while another was spoken of: "how much are the blocks" after a bike."""

import re

from bot.understanding.shop_words import ShopWords
from bot.understanding.title_terms import common_word, terms
from knowledge.catalog import Product

_THE = re.compile(r"\bthe ((?:[\w'-]+ ){0,3}[\w'-]+)")
"""A noun with what stands before it. It may have been left unspoken of until now."""


def another_called(folded: str, spoken_of: Product, words: ShopWords) -> str:
    """The product in whose title all words of such a noun stand that any title holds, one of them as what it is, and none of which is said of the product
    spoken of; "" none, or several."""
    own = _said_of(spoken_of)
    for phrase in _THE.findall(folded):
        said = [term for term, _, _ in terms(phrase) if term in words.postings and not term.isdigit() and not common_word(term)]
        if own.intersection(said) or not any(term in words.heads for term in said):
            continue
        numbers = set.intersection(*(set(words.postings[term]) for term in said))
        if len(numbers) == 1:
            return words.ids[numbers.pop()]
    return ""


def _said_of(product: Product) -> set[str]:
    """The words of all that the merchant says of it."""
    texts = [*product.title.values(), *product.description.values(), *(text for path in product.categories for text in path.values())]
    texts += [text for a in product.attributes for text in (a.name, a.value)]
    texts += [text for v in product.variants for o in v.options for text in (o.name, o.value)]
    return {term for text in texts for term, _, _ in terms(text)}
