"""Which of the products found are worth naming: those that fit, suit the person they are for, and are of the kind asked for."""

import re

from bot.answering.speaking import Speaker
from bot.answering.thresholds import ADVICE_CERTAIN, ADVISED, LISTED_MOST, PRODUCT_FITS, PRODUCT_KEEPS, SUITS, SURE, document_relevance
from bot.understanding.goods import goods_wished
from bot.understanding.lexicon import values
from bot.understanding.question import Intent, Part
from bot.understanding.shop_words import words_of
from knowledge.attribute_names import concept_of, names_of
from knowledge.catalog import Product
from knowledge.folding import fold
from retrieval.filters import AttributeCondition, Way
from retrieval.retriever import Evidence, Sort
from retrieval.tokens import tokens

KIND_LISTED = 60
"""Up to so many products that are called by the word asked for, all of them are worth naming, however far the other words are."""


def found_products(speaker: Speaker, part: Part, evidence: Evidence) -> list[tuple[Product, float]]:
    """The products worth naming, with how well they fit, in evidence order."""
    rows = [(p, document_relevance(hit), hit.score) for hit in evidence.products if (p := speaker.product(hit.id))]
    if not rows:
        return []
    # Structure that the words gave (a category, a brand, a property) already says that these are meant.
    meant = bool(part.filters.categories or part.filters.brands or part.filters.attributes or part.filters.product_ids is not None)
    meant = meant or part.anything
    # A present is advised, not looked up: the nearest within the conditions are worth naming, however far the words are.
    advised = part.intent is Intent.RECOMMEND and part.certainty >= ADVICE_CERTAIN
    advised = advised or (bool(part.purpose) and not part.filters.empty)
    if advised and (part.purpose or part.interest):
        rows = _suiting(part, rows)
    if advised and not meant and (part.purpose or part.interest or not part.filters.empty):
        rows = [(p, max(fit, ADVISED), score) for p, fit, score in rows]
    fitting = [row for row in rows if row[1] >= PRODUCT_FITS]
    if part.sort is not Sort.RELEVANCE or part.filters.on_sale:
        return [(p, max(fit, SURE)) for p, fit, _ in (rows if meant else fitting or rows)]
    if not meant:
        rows = fitting
    best = max((score for _, _, score in rows), default=0.0)
    few = part.filters.product_ids is not None and len(part.filters.product_ids) <= KIND_LISTED
    all_listed = bool(part.filters.categories) and len(rows) <= LISTED_MOST
    if part.asked or few or part.anything or all_listed:
        # Which of them state what is asked, or are called so, decides, not which are a little nearer in words.
        return [(p, max(fit, 0.8) if meant else fit) for p, fit, _ in rows]
    return [(p, max(fit, 0.8) if meant else fit) for p, fit, score in rows if score >= best - PRODUCT_KEEPS]


def _suiting(part: Part, rows: list[tuple[Product, float, float]]) -> list[tuple[Product, float, float]]:
    """Best first for the person it is meant for: what is made for men is no present for a mother, nor a toy; what says that it is a present
    comes first, unless what the person likes says more."""
    who = {gender for hit in values().person_gender.find(part.purpose) for gender in hit.value}
    people = {fold(hit.value) for hit in values().people.find(part.purpose)}
    aged = [c for c in part.filters.attributes if c.way is Way.TAKES]
    out = []
    for product, fit, score in rows:
        stated = " ".join([*product.title.values(), *(a.value for a in product.attributes)])
        whole = " ".join([stated, *product.description.values()])
        made_for = _made_for(stated) | (_made_for(whole) - {"kids"})
        named = any(fold(hit.value) in people for hit in values().people.find(whole))
        if who and made_for and not (made_for & who) and not named:
            continue
        gain = SUITS if named or (who and made_for and made_for <= who) else 0.0
        gain += SUITS if people and not part.interest and _PRESENT.search(fold(whole)) else 0.0
        gain += 4 * SUITS if any(_of_age(product, condition) for condition in aged) else 0.0
        out.append((product, fit, score + gain))
    return sorted(out or rows, key=lambda row: -row[2])


def _made_for(text: str) -> set[str]:
    made = {hit.value.id for hit in values().phrases.find(text) if hit.value.kind == "gender"} & {"men", "women", "kids"}
    return made | {gender for hit in values().person_gender.find(text) for gender in hit.value}


def _of_age(product: Product, condition: AttributeCondition) -> bool:
    """It says that it is for such an age, rather than saying nothing (what says otherwise is not found)."""
    return condition.names == names_of("age") and any(concept_of(attribute.name) == "age" for attribute in product.attributes)


_PRESENT = re.compile(r"\bgifts?\b|\bpresents?\b|礼物|礼盒|送礼|送人")


def not_carried(speaker: Speaker, part: Part) -> bool:
    """Whether a kind of goods is asked for that no title and no category of the shop names: then the nearest in meaning is none of it."""
    hits = goods_wished(part.text)
    if part.intent is not Intent.PRODUCT_SEARCH or not hits or part.filters.categories or part.filters.product_ids is not None:
        return False
    words = words_of(speaker.findings.view)
    folded = fold(part.text)
    tables = speaker.findings.view.tables
    if tables is not None and any(len(tables.lexical.holders(term)) for hit in hits for term in tokens(folded[hit.start : hit.end])):
        return False  # the shop's own texts speak of such goods: "soft toys cannot be returned"
    if not all(_ENDS_NOUN.match(folded[hit.end :]) for hit in hits):
        return False
    return not any(words.titled(word) or words.categories.get(word) for hit in hits for word in (folded[hit.start : hit.end], *hit.value))


_ENDS_NOUN = re.compile(r"s?\s*(?:$|[,，.。?？!！;；]|\b(?:under|below|for|in|with|up|at|that|from|here|please|and|or)\b|[吗么嘛呢吧有的])")


def nearness(evidence: Evidence) -> float:
    """How likely the best product found is about the question."""
    return max((document_relevance(hit) for hit in evidence.products), default=0.0)
