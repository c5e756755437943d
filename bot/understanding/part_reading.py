"""One question of a message → a Part: who is meant, what is asked, which conditions hold."""

import re
from dataclasses import replace

from bot.understanding import followups, references
from bot.understanding.amounts import speaks_of_price
from bot.understanding.asked import without_name
from bot.understanding.constraints import Conditions, read
from bot.understanding.ellipsis.completing import completed
from bot.understanding.ellipsis.follow_up import FollowUp
from bot.understanding.ellipsis.wording import stands_beside
from bot.understanding.goods_meant import comes_with_it, compares, goods_named, subjects_meant
from bot.understanding.intents import Reading, Surroundings, classify, means_anything, topic_said
from bot.understanding.lexicon import lexicon
from bot.understanding.meaning import Meant
from bot.understanding.named import Named
from bot.understanding.names_across import NamesAcross
from bot.understanding.narrowing import filters_held
from bot.understanding.open_wishes import opened
from bot.understanding.options_alone import asked_of_chosen, chosen_alone, own_figures
from bot.understanding.options_told import asks_all_of_it, states, without_told
from bot.understanding.part_making import PartRead, made
from bot.understanding.paying import asks_who_pays
from bot.understanding.question import ABOUT_ONE, SEARCHES, SMALL_TALK, Intent, Part, Subject, Topic
from bot.understanding.reconciling import PLAIN, asks_reviews, reconciled
from bot.understanding.rule_follow_ups import FOLLOWS_MOST, asks_the_same, rule_gone_on_from, words_for_rules
from bot.understanding.shop_words import bare_currency
from bot.understanding.splitting import Piece
from bot.understanding.subjects import outside_spans
from bot.understanding.title_terms import terms
from bot.understanding.utterance import Utterance
from knowledge.attribute_names import concepts_in
from knowledge.folding import fold
from retrieval.filters import Filters
from retrieval.retriever import Sort

_CHEAPER_ONES = re.compile(r"有(?:没有)?(?:更|再)?便宜(?:一?点|一?些)?的|\b(?:any|anything|something|do you have a)\s(?:\w+\s)?cheaper\b")
_THE = re.compile(r"\b(?:the|this|that|your)\b|这|那|该")
_NAMED_IN_SEARCH = 0.45
"""From this share of its title on, goods named in a search are meant by it."""
_NAMED_BESIDE_RULE = 0.3
"""From this share on, goods named beside a rule are asked about."""
_PLAINLY = 0.8
"""From this share of the meaning on it asks for what is reduced, whatever rule was asked for before."""
_UNSURE = 0.7
"""Below this certainty a question may be one more about the rule asked for just before."""


def read_part(piece: Piece, said: Utterance, before: Part | None, meant: Meant, across: NamesAcross | None) -> Part:
    """The part of the Question that one piece of a message gives. `before`: the part of the piece before. `meant`: what the piece with its
    context wants, by its embedding. `across`: finds goods by names in another language than their titles."""
    named, left_out = goods_named(said, across)
    currency = bare_currency(said.view, said.words, said.tag)
    figures = named.spans if named.exact else own_figures(said, piece.whole, named)
    conditions = read(piece.whole, said.words, currency, names=figures)
    if not named.exact and _of_a_kind(said.text, conditions):
        named = Named()  # "noise cancelling headphones below $120": what is called so, not the one that is called most like it
    reference = references.Referred()
    if not named.exact or compares(said.text):
        reference = references.referred(said.text, said.row, said.memory, said.view, conditions)
    alone = chosen_alone(said, named)
    subjects = (alone,) if alone is not None else subjects_meant(said, named, reference)
    around = _surroundings(said, named, subjects, reference, conditions, left_out)
    reading = _reading(said, piece, around, meant, subjects, reference, named)
    if before is not None and _more_of_the_rule(reading, subjects, before):
        reading = replace(reading, intent=Intent.POLICY, topic=before.topic, certainty=_UNSURE)
        piece = Piece(said.text, f"{before.text} {piece.context}".strip())

    now = completed(
        FollowUp(
            *(said.text, said.row, said.memory, said.view, said.words, said.tag, said.corrected, said.notes),
            reading=reading,
            subjects=subjects,
            named=named,
            conditions=conditions,
        )
    )
    reading, subjects = now.reading, _surely_meant(said, now.reading, now.subjects, named, reference)
    asked, value = without_name(said.text, subjects, said.view, now.asked, now.value)
    if len(subjects) == 1 and asks_all_of_it(said, subjects[0], asked):
        subjects, value = (replace(subjects[0], sku=None, skus=(), lacking=()),), ""
    reading, asked, value = without_told(said, reading, subjects, asked, value)
    if alone is not None:
        reading, asked, value = asked_of_chosen(said, reading, asked, value)
    refined = reading.intent in SEARCHES and (
        now.refined or followups.refines(said.text, said.row, conditions, said.memory, said.words, left_out)
    )
    filters = filters_held(said, reading, subjects, conditions, refined=refined, left_out=left_out, beside=now.beside)
    filters, foreign = _payable(said, filters)
    if reading.intent is Intent.PRODUCT_QUESTION and asks_reviews(meant):
        asked, value = ("rating",), ""

    part = made(said, piece, PartRead(reading, subjects, conditions, filters, asked, value, refined, left_out, foreign))
    follows = rule_gone_on_from(said, part, named, conditions)
    if part.intent is Intent.PROMOTION and meant.of("promotion") >= _PLAINLY and topic_said(follows) is not None:
        follows = ""  # 新人有优惠吗 after 包邮吗
    ruled = words_for_rules(said, piece.whole, part)
    part = replace(part, meant=meant, said=ruled, follows=follows, elliptic=bool(follows) and asks_the_same(said.text))
    return opened(said, part, meant)


def _of_a_kind(text: str, conditions: Conditions) -> bool:
    """A price limit picks among many: what stands beside it is a kind of product, unless one is pointed at."""
    on_sale = conditions.filters.on_sale and not lexicon().intents["price"].any(text)
    limited = conditions.filters.price_max is not None or conditions.filters.price_min is not None or on_sale
    return limited and not _THE.search(fold(text))


def _surroundings(
    said: Utterance,
    named: Named,
    subjects: tuple[Subject, ...],
    reference: references.Referred,
    conditions: Conditions,
    left_out: tuple[str, ...],
) -> Surroundings:
    filters = conditions.filters
    limits = replace(filters, categories=(), brands=())
    ordered = bool(conditions.superlative) or conditions.sort is not Sort.RELEVANCE
    limited = filters.price_max is not None or filters.price_min is not None
    return Surroundings(
        subjects=len(subjects),
        certain_subjects=sum(1 for s in subjects if s.certain),
        reference=bool(reference.subjects),
        shown=len(said.memory.shown),
        categories=bool(filters.categories or filters.brands),
        options=len({hit.value for hit in said.words.options.find(said.text[:400])}),
        limits=limited,
        only_limits=limited and all(speaks_of_price(term) for term in _contentful(conditions.wish)),
        only_order=bool(ordered and said.memory.shown) and not followups.content(conditions.rest, said.words),
        kinds=bool(conditions.kinds) and not named.exact,
        left_out=bool(left_out),
        conditions=not limits.empty or ordered,
        purpose=bool(conditions.purpose),
        exact=named.exact,
        strength=named.strength,
        focus=bool(said.memory.focus),
        superlative=ordered,
        anything=ordered and means_anything(said.text),
        shop_terms=any(term in said.words.postings and len(term) > 1 and not term.isdigit() for term in _contentful(said.text)),
    )


def _contentful(text: str) -> list[str]:
    """The terms of a text that are no fillers."""
    return [term for term, _, _ in terms(text[:400]) if term not in lexicon().plain["fillers"]]


def _reading(
    said: Utterance,
    piece: Piece,
    around: Surroundings,
    meant: Meant,
    subjects: tuple[Subject, ...],
    reference: references.Referred,
    named: Named,
) -> Reading:
    """What is wanted, by cue words, by meaning and by the goods that are meant. A whole title in the text says nothing of that."""
    if comes_with_it(said):
        return Reading(Intent.PRODUCT_QUESTION, certainty=0.85)
    beside = outside_spans(said.text, named.spans) if named.strength >= 1 and not named.exact else said.text
    reading = classify(beside, around)
    if reading.intent in SMALL_TALK and piece.context:
        reading = classify(piece.whole, around)
    reading = reconciled(reading, meant, around)
    if beside != said.text and reading.intent is Intent.POLICY and topic_said(beside) is None and lexicon().intents["price"].any(beside):
        reading = replace(reading, intent=Intent.PRICE, topic=None)  # the title alone sounds of a rule: "what is the Alaska cooler box"
    reading = _about_what_is_meant(said.text, reading, meant, subjects, reference)
    ruled = topic_said(said.memory.ruled)
    if reading.topic is Topic.SHIPPING and ruled in {Topic.RETURNS, Topic.WARRANTY} and asks_who_pays(said.text):
        return replace(reading, topic=ruled)  # 运费谁出, after sending something back was spoken of
    if reading.intent is Intent.OUT_OF_SCOPE and _of_what_was_shown(said):
        return replace(reading, intent=Intent.PRODUCT_QUESTION, certainty=0.7, off_topic=0.0)
    return reading


def _about_what_is_meant(
    text: str, reading: Reading, meant: Meant, subjects: tuple[Subject, ...], reference: references.Referred
) -> Reading:
    """ "Tell me more about the second one" speaks of goods, and so does "what standing desks do you have in walnut", whatever it sounds like."""
    if reading.intent is Intent.PROMOTION and _CHEAPER_ONES.search(fold(text)) and not subjects:
        return replace(reading, intent=Intent.PRODUCT_SEARCH, topic=None, certainty=0.75)  # 有便宜点的外套吗 haggles for nothing
    certain = [s for s in subjects if s.certain]
    pointed = bool(certain) and reference.note not in {"", "it"} and all(s.how == "reference" for s in certain)
    if reading.intent in {Intent.OUT_OF_SCOPE, Intent.CHITCHAT, Intent.GOODBYE, Intent.STORE_INFO} and pointed:
        return replace(reading, intent=Intent.PRODUCT_QUESTION, topic=None, certainty=0.75, off_topic=0.0)
    if reading.intent is Intent.STORE_INFO and any(s.sku or s.skus for s in certain) and meant.of("store_info") < PLAIN:
        return replace(reading, intent=Intent.AVAILABILITY, topic=None, certainty=0.7)
    return reading


def _of_what_was_shown(said: Utterance) -> bool:
    """Whether it asks for a property that the products spoken of state: "what's the CRI" after a lamp."""
    products = [said.view.products[id_] for id_ in (said.memory.focus, *said.memory.shown) if id_ in said.view.products]
    asked = {concept for concept, _, _ in concepts_in(said.row)} if products and len(said.row) <= FOLLOWS_MOST else set()
    return any(states(product, concept) for product in products for concept in asked)


def _more_of_the_rule(reading: Reading, subjects: tuple[Subject, ...], before: Part) -> bool:
    """Whether it is one more question about the rule that the piece before asked for: "do you ship to Chile? how long does it take?"."""
    ruled = before.intent is Intent.POLICY and before.topic is not None
    return ruled and not subjects and reading.certainty < _UNSURE and reading.intent in ABOUT_ONE | {Intent.UNCLEAR}


def _surely_meant(
    said: Utterance, reading: Reading, subjects: tuple[Subject, ...], named: Named, reference: references.Referred
) -> tuple[Subject, ...]:
    """Without goods that only sound like a word of a search or of a question about a rule."""
    if named.exact or reference.subjects:
        return subjects
    if reading.intent in SEARCHES:
        beside = stands_beside(said.text)
        return tuple(s for s in subjects if s.certain and (beside or named.strength >= _NAMED_IN_SEARCH or s.how == "reference"))
    if reading.intent in {Intent.POLICY, Intent.STORE_INFO} and named.strength < _NAMED_BESIDE_RULE:
        return tuple(s for s in subjects if s.how == "carried" or s.certain)
    return subjects


def _payable(said: Utterance, filters: Filters) -> tuple[Filters, str]:
    """Without a limit in a currency in which nothing is sold here; and that currency, "" none."""
    limit = filters.price_max or filters.price_min
    if limit is None or not said.words.currencies or limit.currency in said.words.currencies:
        return filters, ""
    said.notes.append(f"limit in {limit.currency} left out")
    return replace(filters, price_min=None, price_max=None), limit.currency
