"""What buyers say: how many, the mean, and the best and the worst in their own words."""

import re

from bot.answering.answer import Citation, Outcome
from bot.answering.reply import Reply
from bot.answering.speaking import Speaker, trimmed
from bot.answering.thresholds import ABSTAINED, QUOTE_MOST, SURE
from bot.understanding.hearsay import without_hearsay
from bot.understanding.lexicon import lexicon
from bot.understanding.question import Part
from bot.understanding.title_terms import common_word
from knowledge.attribute_names import concept_of, names_of
from knowledge.catalog import Product
from knowledge.folding import fold
from knowledge.review import Review
from retrieval.retriever import Evidence
from retrieval.tokens import tokens

GOOD, BAD = 4.0, 3.0
"""From GOOD up a review praises; up to BAD it complains."""
SPEAKING_MOST = 2
"""Reviews quoted that speak of what was asked."""


def review_reply(speaker: Speaker, part: Part, product: Product, evidence: Evidence) -> Reply:
    """The digest of a product's reviews, the bad ones included."""
    reviews = list(speaker.findings.view.reviews.get(product.id, ()))
    rated = [r for r in reviews if r.rating is not None]
    reply = Reply(Outcome.ANSWERED, SURE, focus=product.id)
    reply.show(speaker.shown_variant(product).sku)
    if not reviews:
        return _source_rating(speaker, reply, product)
    _counts(speaker, reply, product, reviews, rated)
    matter = _matter(part, product)
    if matter:
        spoken = [r for r in reviews if _speaks_of(fold(r.text), matter)]
        if spoken:
            reply.say(speaker.say("review.speaking_of"), line=True)
            for each in sorted(spoken, key=lambda r: r.rating or 0.0)[:SPEAKING_MOST]:
                _quote(speaker, reply, "review.rated", each)
            return reply
        if all(r.language.split("-", maxsplit=1)[0] == speaker.language for r in reviews):
            reply.say(speaker.say("review.none_speaking"), line=True)
    praise = _quoted(speaker, [r for r in rated if (r.rating or 0) >= GOOD], evidence, best=True)
    complaint = _quoted(speaker, [r for r in rated if (r.rating or 0) <= BAD], evidence, best=False)
    if praise is None and complaint is None:
        praise = _quoted(speaker, reviews, evidence, best=True)
    for key, review in (("review.praise", praise), ("review.complaint", complaint)):
        if review is not None:
            _quote(speaker, reply, key, review)
    if complaint is None and rated:
        reply.say(speaker.say("review.no_complaint"), line=True)
    return reply


def _matter(part: Part, product: Product) -> list[str]:
    """Words for what buyers are asked to have said something of ("leaks"); [] where their opinion in general is asked for."""
    concepts = [concept_of(word) or word for word in part.asked if (concept_of(word) or word) != "rating"]
    words = [_DENYING.sub("", fold(name)) for concept in concepts for name in (concept, *names_of(concept))]
    words = [
        piece for word in words for piece in ([word] if not word.isascii() else tokens(word)) if len(piece) > (2 if piece.isascii() else 0)
    ]
    named = {term for title in product.title.values() for term in tokens(title)}
    left = [t for t in tokens(without_hearsay(part.text)) if t not in named and t not in lexicon().plain["fillers"] and len(t) > 1]
    said = [t for t in left if t not in lexicon().plain["yes_no_starts"] and not common_word(t)]
    return list(dict.fromkeys([*words, *said])) if part.yes_no or words else []


_DENYING = re.compile(r"^(?:防|不|可|是否|能否)|[\s-]*(?:proof|resistant|resistance|free|safe)$")
"""What turns a complaint into a property: buyers write of leaks, not of leak-proofness."""


def _speaks_of(text: str, matter: list[str]) -> bool:
    own = set(tokens(text))
    return any(word in own or (not word.isascii() and word in text) for word in matter)


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


def _quote(speaker: Speaker, reply: Reply, key: str, review: Review) -> None:
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
