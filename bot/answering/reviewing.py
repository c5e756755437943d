"""What buyers say: how many, the mean, and the best and the worst in their own words."""

from bot.answering.answer import Citation, Outcome
from bot.answering.reply import Reply
from bot.answering.speaking import Speaker, trimmed
from bot.answering.thresholds import ABSTAINED, QUOTE_MOST, SURE
from bot.understanding.question import Part
from knowledge.catalog import Product
from knowledge.review import Review
from retrieval.retriever import Evidence

GOOD, BAD = 4.0, 3.0
"""From GOOD up a review praises; up to BAD it complains."""


def review_reply(speaker: Speaker, part: Part, product: Product, evidence: Evidence) -> Reply:
    """The digest of a product's reviews, the bad ones included."""
    reviews = list(speaker.findings.view.reviews.get(product.id, ()))
    rated = [r for r in reviews if r.rating is not None]
    reply = Reply(Outcome.ANSWERED, SURE, focus=product.id)
    reply.show(speaker.shown_variant(product).sku)
    if not reviews:
        return _source_rating(speaker, reply, product)
    _counts(speaker, reply, product, reviews, rated)
    praise = _quoted(speaker, [r for r in rated if (r.rating or 0) >= GOOD], evidence, best=True)
    complaint = _quoted(speaker, [r for r in rated if (r.rating or 0) <= BAD], evidence, best=False)
    if praise is None and complaint is None:
        praise = _quoted(speaker, reviews, evidence, best=True)
    for key, review in (("review.praise", praise), ("review.complaint", complaint)):
        if review is not None:
            _quote(speaker, reply, key, product, review)
    if complaint is None and rated:
        reply.say(speaker.say("review.no_complaint"), line=True)
    return reply


def _counts(speaker: Speaker, reply: Reply, product: Product, reviews: list[Review], rated: list[Review]) -> None:
    name = speaker.name(product)
    if not rated:
        reply.say(speaker.words.count("review.count", len(reviews), product=name), speaker.cite_title(product))
        return
    mean = f"{sum(r.rating or 0 for r in rated) / len(rated):.1f}"
    low = sum(1 for r in rated if (r.rating or 0) <= BAD)
    cited = [Citation("review", r.id, "rating", f"{r.rating:g}") for r in rated[:12]]
    reply.say(speaker.words.count("review.mean", len(rated), product=name, mean=mean), speaker.cite_title(product), *cited)
    if low and len(rated) > 2:
        reply.say(speaker.words.count("review.low", low), *cited)


def _quoted(speaker: Speaker, reviews: list[Review], evidence: Evidence, *, best: bool) -> Review | None:
    """The one to quote: in the customer's language first, then what fits the question, then the more decided one."""
    language = speaker.findings.question.language.split("-", maxsplit=1)[0]
    rank = {hit.id: n for n, hit in enumerate(evidence.reviews)}

    def order(review: Review) -> tuple[bool, int, float, int]:
        own = review.language.split("-", maxsplit=1)[0] in (language, "und")
        rating = review.rating or 0.0
        return (not own, rank.get(review.id, len(rank)), -rating if best else rating, -min(len(review.text), QUOTE_MOST))

    told = [r for r in reviews if r.text.strip()]
    return min(told, key=order) if told else None


def _quote(speaker: Speaker, reply: Reply, key: str, product: Product, review: Review) -> None:
    words = trimmed(review.text, QUOTE_MOST)
    rating = f"{review.rating:g}" if review.rating is not None else ""
    text = speaker.say(key, quote=words.rstrip("。."), rating=rating) if rating else speaker.say("review.plain", quote=words.rstrip("。."))
    reply.say(text, Citation("review", review.id, "text", words), line=True)


def _source_rating(speaker: Speaker, reply: Reply, product: Product) -> Reply:
    if product.rating is not None:
        mean = f"{product.rating:.1f}"
        cite = Citation("product", product.sku, "rating", f"{product.rating:g}")
        if product.rating_count:
            reply.say(speaker.words.count("review.mean", product.rating_count, product=speaker.name(product), mean=mean), cite)
        else:
            reply.say(speaker.say("review.mean_only", product=speaker.name(product), mean=mean), cite)
        return reply
    reply.outcome, reply.confidence = Outcome.ABSTAINED, ABSTAINED
    reply.say(speaker.say("review.none", product=speaker.name(product)), speaker.cite_title(product))
    reply.gap, reply.gap_product = "no reviews", product.id
    return reply
