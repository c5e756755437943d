"""How buyers rate a product: of the reviews that we hold, else as the source says."""

from bot.answering.answer import Citation
from bot.answering.speaking import Speaker
from knowledge.catalog import Product

CITED_MOST = 12


def rating_words(speaker: Speaker, product: Product, key: str = "compare.rated") -> tuple[str, list[Citation]]:
    """ "4.5 stars (2 ratings)" and what it rests on; ("", []) where nobody rated it. `key`: of the wording."""
    rated = [r for r in speaker.findings.view.reviews.get(product.id, ()) if r.rating is not None]
    if rated:
        mean = sum(r.rating or 0 for r in rated) / len(rated)
        words = speaker.words.count(key, len(rated), mean=f"{mean:.1f}")
        return words, [Citation("review", r.id, "rating", f"{r.rating:g}") for r in rated[:CITED_MOST]]
    if product.rating is not None:
        value = f"{product.rating:g}"
        return speaker.say("search.rated", rating=value), [Citation("product", product.sku, "rating", value)]
    return "", []


def mean_rating(speaker: Speaker, product: Product) -> float | None:
    """1 to 5; None where nobody rated it."""
    given = [r.rating for r in speaker.findings.view.reviews.get(product.id, ()) if r.rating is not None]
    return sum(given) / len(given) if given else product.rating
