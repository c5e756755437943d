"""Every figure that decides whether the composer may say something, in one place, since they are calibrated together.

How likely a hit is about the question is the retriever's to say (retrieval/confidence.py): one calibration for both languages.
"""

from retrieval.retriever import DocumentHit

RULE_SAYS = 0.50
"""A FAQ entry or policy section from here on answers the question."""
RULE_SURE = 0.75
"""From here on it also goes before a statement of a product, and answers where no rule was asked for."""
RULE_NEAR = 0.75
"""A rule so near answers a message that sounds like no shop matter: 1 of 1,000 such messages comes so near to any rule of four shops."""
RULE_UNASKED = 0.80
"""From here on it answers a message of which nothing else is understood."""
RULE_INSTEAD = 0.80
"""From here on it answers somebody who looks for goods or promotions."""
CLEARLY = 0.6
"""Share of a meaning from which on it is what was meant."""
RULE_HINT = 0.30
"""From here on, of the topic that was asked for, it is better than nothing."""
TOPIC_CERTAIN = 0.84
"""From this certainty of a policy question on, the nearest section of that policy is said where nothing fits better."""
WEAK = 0.8
"""An answer under this confidence is not given beside a part that is no shop matter."""
TOPIC_BONUS = 0.15
"""Added to a section whose policy has the topic that was asked for."""
OTHER_TOPIC = 0.8
"""What is left of the fit of an entry that is of another topic than the one asked for."""
OTHER_PLACE = 0.5
"""The same of an entry whose question is about other places than the one asked about."""
NO_TOPIC = 0.9
"""The same of an entry of no topic."""
KIND_BONUS = 0.12
"""Share of what a rule lacks that it gains by holding the kind of thing that is asked for: a time, an amount."""
LANGUAGE_MARGIN = 0.10
"""A rule in the customer's language goes before one in another that is better by less."""
FAQ_MARGIN = 0.05
"""A FAQ entry, the merchant's own answer, goes before a policy section that is better by less."""

PRODUCT_FITS = 0.22
"""A product found by words alone from here on belongs to what is looked for."""
ADVICE_CERTAIN = 0.6
"""Certainty of a wish for advice from which on the nearest products are named."""
ADVISED = 0.5
"""How well a product is taken to fit that is named to somebody who asks for advice."""
SUITS = 0.015
"""What a product gains, in cosines, that is called a present or made for whom it is meant."""
PRODUCT_KEEPS = 0.035
"""How far under the best product's score a further one may be to be listed with it."""
PRODUCT_ALONE = 0.05
"""A product whose follower is this far under it is the one that is meant."""
SUBJECT_AMONG = 5
"""A product that is only guessed to be meant must be among the first so many that were found."""

FACT_SAYS = 0.55
"""`Evidence.answerable` from here on: the best statement of the product answers."""
FACT_SAYS_UNNAMED = 0.90
"""The same where a property was named that no attribute states: a sentence must fit very well to be about it."""
OWN_RULE = 0.85
"""The same where the question is about shipping, returns, payment or warranty: the product's own statement goes before the house's rule."""
PROMOTION_MEANT = 0.75
"""A promotion found by words from here on is the one that is spoken of."""
REVIEW_SAYS = 0.80
"""The same where the best statement is a buyer's."""
FACT_HINT = 0.35
"""From here on it is said with care: the merchant does not state it directly."""

SURE = 0.95
"""Confidence of an answer read from a field: price, stock, an attribute by its name."""
GUESS = 0.75
"""Factor on the confidence where the product is a guess by likeness."""
ABSTAINED = 0.30
ASKED_BACK = 0.45
LOW_CONFIDENCE = 0.5
"""An answer that is no likelier right than wrong (confidence is calibrated): a merchant sees the question, and a language model may look further."""
SMALL_TALK = 0.95
UNSURE_INTENT = 0.40
"""Under this certainty of the intent, and with nothing found, a question back is better than a refusal."""

MAX_QUESTIONS_BACK = 2
"""In a row; then the best try."""
MISSES_BEFORE_PERSON = 2
"""Turns in a row without an answer before a message that is not understood fetches a person."""

LISTED = 3
LISTED_MOST = 5
OPTIONS = 4
QUICK_REPLIES = 4
COMPARED_MOST = 4
TABLE_ROWS = 8
TEXT_MOST = 790
"""Characters of an answer that is no table and no list."""
SECTION_MOST = 420
"""Characters of a policy that are said."""
QUOTE_MOST = 240
REASON_MOST = 90
"""Characters of a quoted sentence; of the reason beside a listed product."""


def document_relevance(document: DocumentHit) -> float:
    """How likely the document is about the question, 0..1: that of its best passage."""
    return document.relevance
