"""A question about one product: the value that was asked for with its source, yes or no where the data says so, else what comes near, else an
honest "the merchant does not state it"."""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.answering.answer import Citation, Outcome
from bot.answering.converting import facts_in_unit
from bot.answering.described import Sentence, asked_of, avoided, contents, counting, holds_avoided, measuring, verdict_of
from bot.answering.fact_sentences import say_facts, stock_known
from bot.answering.facts import (
    Fact,
    concept_label,
    facts_of,
    in_language,
    means,
    measure,
    stated,
    stated_near,
)
from bot.answering.joining import merged
from bot.answering.own_names import asks_negated, by_own_name
from bot.answering.quoting import (
    best_hit,
    denied_by,
    more_is_asked,
    names_another,
    near_enough,
    say_hit,
    say_told,
    says_the_word,
    telling_statement,
)
from bot.answering.reply import Reply
from bot.answering.rule_words import goods_meant
from bot.answering.rules import Rule, answers, answers_instead, rule_reply
from bot.answering.speaking import Speaker, trimmed
from bot.answering.telling import DIMENSIONS, asks_amount, names_all
from bot.answering.thresholds import ABSTAINED, FACT_HINT, FACT_SAYS, FACT_SAYS_UNNAMED, GUESS, QUOTE_MOST, REVIEW_SAYS, RULE_SURE, SURE
from bot.understanding.asked import OPEN
from bot.understanding.lexicon import values
from bot.understanding.question import Part, Subject
from knowledge.attribute_names import concept_of
from knowledge.catalog import Product, Variant
from knowledge.folding import fold
from knowledge.localized import pick
from knowledge.units import Dimension, quantities
from knowledge.verdicts import Verdict, bare, is_bare
from retrieval.quotable import quotable
from retrieval.retriever import Evidence, Hit
from retrieval.tokens import tokens

_ABOUT = re.compile(
    r"\b(?:about (?:it|this|that|the|them)|tell me (?:more )?about|describe|more (?:details|info\w*)|details (?:of|on|about)|what(?:'s| is) (?:the|this|that|it)\b"
    r"|show me|introduce)|介绍|说说|讲讲|详细|详情|了解一下|是什么(?:样|东西)?[的吗?？]*$"
)
_VAGUE = {"compatibility"}
"""What every "can I use it ..." seems to ask for: a rule about the matter answers it as well."""
_CLAIMED = {"certification", "vegan", "organic"}
"""What a shop must claim itself: nothing that comes near says it."""


def fact_reply(speaker: Speaker, part: Part, product: Product, subject: Subject, evidence: Evidence, rule: Rule | None) -> Reply:
    """The answer to a question about a product."""
    named = speaker.variant(product, subject.sku)
    variants = [named] if named and subject.sku else []
    asked = [word for word in part.asked if word]
    known = values().by_word.get(fold(part.asked_value).strip()) if part.yes_no and not asked else None
    if known is not None and not more_is_asked(part, product, known.words):
        asked = [known.kind]  # "does it come in yellow?" asks for its colours
    reply = Reply(Outcome.ANSWERED, SURE, focus=product.id, focus_sku=subject.sku or "")
    reply.show(named.sku if named else speaker.shown_variant(product).sku)
    if say_avoided(speaker, reply, part, product):
        return reply
    facts = by_own_name(part, product, speaker.language) or _told(speaker, part, product, asked, variants) or _brand(product, asked)
    if not facts and not asked:
        facts = facts_in_unit(part, in_language(facts_of(product, variants), speaker.language))
    if (rows := _measured_in_words(speaker, part, product, asked, facts)) and _quote(speaker, reply, part, product, rows[:1]):
        return reply
    if _whether_included(part, asked) and (said := asked_of(product, part.text, asked, speaker.language)) and _decides(said):
        _quote(speaker, reply, part, product, said)  # "stand sold separately" goes before the list of what is in the box
        return reply
    if facts:
        say_facts(speaker, reply, part, product, variants, facts)
        if rule is not None and part.yes_no and _says_more(speaker, part, rule, facts):
            reply = merged([reply, rule_reply(speaker, part, rule)])
            reply.focus, reply.focus_sku = product.id, subject.sku or ""
        return reply
    if say_count(speaker, reply, part, product):
        return reply
    if (held := contents(product, part.text, speaker.language)) and _quote(speaker, reply, part, product, held):
        return reply
    if not asked and not part.yes_no and _wants_overview(part, product):
        return overview(speaker, reply, product, variants)
    if part.yes_no and not part.asked_value and _say_described(speaker, reply, part, product):
        return reply
    if part.yes_no and not asked and (against := denied_by(evidence, product, part)) is not None:
        quote = trimmed(against.passage.text, QUOTE_MOST)
        cited = Citation("product", product.sku, against.passage.field, quote)
        reply.say(
            speaker.say("fact.described_no", product=speaker.name(product), quote=quote.rstrip("。")), speaker.cite_title(product), cited
        )
        return reply
    vague = all((concept_of(word) or word) in _VAGUE for word in asked)
    # A property that was named must be what the rule is about: sharing the product's name is not enough.
    if rule is not None and (answers(rule, least=RULE_SURE) if not asked or vague else answers_instead(rule)):
        return _with_product(speaker, part, rule, reply)
    if rule is not None and subject.how == "carried" and not asked and answers(rule) and rule.fits >= evidence.answerable:
        return _with_product(speaker, part, rule, reply)  # the product was left out because it is not about it
    hit = best_hit(evidence, product)
    prose = hit is not None and ":" not in hit.passage.field
    if rule is not None and not asked and answers(rule) and rule.fits > evidence.answerable:
        return _with_product(speaker, part, rule, reply)
    told = telling_statement(evidence, product, part, asked)
    if told is not None:
        say_told(speaker, reply, product, *told)
        reply.confidence = min(SURE, max(evidence.answerable, GUESS))
        return reply
    least = FACT_SAYS_UNNAMED if asked and prose else FACT_SAYS
    if hit is not None and hit.passage.field.startswith("review"):
        least = max(least, REVIEW_SAYS)
    if (
        hit is not None
        and evidence.answerable >= least
        and not (asked and names_another(hit, asked))
        and near_enough(speaker, part, product, hit, evidence.answerable)
    ):
        say_hit(speaker, reply, part, product, hit)
        reply.confidence = min(SURE, evidence.answerable)
        return reply
    nearby = [] if _CLAIMED & {concept_of(word) or word for word in asked} else stated_near(product, asked, speaker.language, variants)
    if nearby:
        say_facts(speaker, reply, part, product, variants, nearby, near_only=True)
        reply.confidence *= GUESS
        return reply
    if rule is not None and not asked and answers(rule):
        return _with_product(speaker, part, rule, reply)
    if not asked and not part.yes_no and not OPEN.search(fold(part.text)):
        return overview(speaker, reply, product, variants)  # no question at all: "I'd like some beef jerky"
    hinting = hit is not None and evidence.answerable >= (FACT_SAYS if asked else FACT_HINT) and not (asked and names_another(hit, asked))
    if hit is not None and hinting and not hit.passage.field.startswith("review") and says_the_word(part, product, hit):
        say_hit(speaker, reply, part, product, hit)
        reply.confidence = min(GUESS, evidence.answerable)
        return reply
    return _unstated(speaker, reply, part, product, hit if hinting else None)


def say_avoided(speaker: Speaker, reply: Reply, part: Part, product: Product) -> bool:
    """Whether it is for somebody who must not have something: no by the sentence that names it, yes by one that denies it."""
    for feature in avoided(part.text):
        held = holds_avoided(product, feature, speaker.language)
        if held is not None:
            says = Verdict.NO if held.says is Verdict.YES else Verdict.YES
            return _quote(speaker, reply, part, product, [replace(held, says=says)], decided=True)
    return False


def _whether_included(part: Part, asked: Sequence[str]) -> bool:
    """Whether it asks if something comes with the product."""
    return part.yes_no and bool(asked) and all(concept_of(word) == "included" for word in asked)


def _decides(found: Sequence[Sentence]) -> bool:
    """Whether the sentences say yes or no."""
    return verdict_of(found) is not Verdict.OPEN


def _say_described(speaker: Speaker, reply: Reply, part: Part, product: Product) -> bool:
    """Yes or no by the sentence that names what is asked about, in the merchant's words."""
    found = asked_of(product, part.text, part.asked, speaker.language)
    if not found:
        return False
    return _quote(speaker, reply, part, product, found)


def say_count(speaker: Speaker, reply: Reply, part: Part, product: Product) -> bool:
    """How many, by the sentence that counts them."""
    found = counting(product, part.text, speaker.language)
    return bool(found) and _quote(speaker, reply, part, product, found[:1])


def _quote(speaker: Speaker, reply: Reply, part: Part, product: Product, found: Sequence[Sentence], *, decided: bool = False) -> bool:
    said = Verdict.OPEN if asks_negated(part.text) and not decided else verdict_of(found)
    quotes = dict.fromkeys((s.text, s.field) for s in found[: 1 if said is not Verdict.OPEN else 2])
    key = {Verdict.YES: "fact.described_yes", Verdict.NO: "fact.described_no", Verdict.OPEN: "fact.described"}[said]
    quote = " ".join(trimmed(text, QUOTE_MOST).rstrip("。") for text, _ in quotes)
    cited = [Citation("product", product.sku, field, trimmed(text, QUOTE_MOST)) for text, field in quotes]
    reply.say(speaker.say(key, product=speaker.name(product), quote=quote), speaker.cite_title(product), *cited)
    reply.confidence = DESCRIBED
    return True


DESCRIBED = 0.85
"""How sure an answer is that a sentence of the description gives."""


def _told(speaker: Speaker, part: Part, product: Product, asked: Sequence[str], variants: Sequence[Variant]) -> list[Fact]:
    """What is stated of what was asked; of two properties asked at once ("how much filling") also a neighbouring name of the second. An amount
    that is asked for comes first."""
    if both := [a.name for a in product.attributes if len(asked) > 1 and names_all(a, asked)]:
        return in_language([f for f in facts_of(product) if f.name in both], speaker.language)
    facts = stated(product, asked, speaker.language, variants) or _measured_by_option(speaker, product, asked, variants)
    if facts and len(asked) > 1:
        for word in asked:
            if not stated(product, (word,), speaker.language, variants):
                facts = [*facts, *(f for f in stated_near(product, (word,), speaker.language, variants) if f not in facts)]
    if len(facts) > 1 and asks_amount(part.text):
        facts = sorted(facts, key=lambda f: measure([f]) is None)
    return facts


def _measured_in_words(speaker: Speaker, part: Part, product: Product, asked: Sequence[str], facts: Sequence[Fact]) -> list[Sentence]:
    """What the description says of an amount that is asked for, where no statement of its own does: another one that the question only brushes
    ("how many kilos can it take?") must not answer instead."""
    if not asked or not asks_amount(part.text) or any(means(f.name, asked[0]) for f in facts):
        return []
    dimension = DIMENSIONS.get(concept_of(asked[0]) or "")
    if dimension is None or (facts and all(DIMENSIONS.get(concept_of(f.name) or "") is not dimension for f in facts)):
        return []
    return measuring(product, asked[0], dimension, speaker.language)


def _measured_by_option(speaker: Speaker, product: Product, asked: Sequence[str], variants: Sequence[Variant]) -> list[Fact]:
    """A length in an option that does not say of what it is one: 规格：高60cm, "Model: 90 x 200 cm"."""
    if not any(DIMENSIONS.get(concept_of(word) or word) is Dimension.LENGTH for word in asked):
        return []
    unnamed = [f for f in facts_of(product, variants) if f.is_option and concept_of(f.name) in (None, "net_content", "size", "model")]
    return in_language([f for f in unnamed if any(q.dimension is Dimension.LENGTH for q in quantities(f.value))], speaker.language)


def _with_product(speaker: Speaker, part: Part, rule: Rule, reply: Reply) -> Reply:
    """The rule's words, with the product spoken of; its card, too, where the rule is about it."""
    said = rule_reply(speaker, part, rule)
    if rule.entry is not None and goods_meant(speaker, part) & set(tokens(pick(rule.entry.question, speaker.language))):
        said.skus = list(reply.skus)
    said.focus, said.focus_sku = reply.focus, reply.focus_sku
    return said


def _says_more(speaker: Speaker, part: Part, rule: Rule, facts: Sequence[Fact]) -> bool:
    """Whether the entry that asks the very same of these goods says more than a bare yes or no of the product, and the same ("Yes, in the cabin only")."""
    if rule.entry is None or rule.hit.relevance < THE_SAME or not all(is_bare(fact.value) for fact in facts):
        return False
    answer = pick(rule.entry.answer, speaker.language)
    first = bare(re.split(r"[\s,，。.;；:：!！]", answer.strip(), maxsplit=1)[0])
    return first in (Verdict.OPEN, bare(facts[0].value)) and bool(
        goods_meant(speaker, part) & set(tokens(pick(rule.entry.question, speaker.language)))
    )


THE_SAME = 0.9
"""How near an entry is that asks the same."""


def _brand(product: Product, asked: Sequence[str]) -> list[Fact]:
    if product.brand and asked and all(means("brand", word) for word in asked):  # the brand of a part of it is another matter
        return [Fact("brand", product.brand, "und", product.sku, "brand")]
    return []


def _wants_overview(part: Part, product: Product) -> bool:
    """Nothing in particular is asked: "tell me about it", or the product's name alone."""
    folded = fold(part.text)
    if _ABOUT.search(folded):
        return True
    named = set(tokens(" ".join([*product.title.values(), product.brand, *(v.sku for v in product.variants)])))
    return not {word for word in tokens(part.text) if word not in named and len(word) > 1}


def _unstated(speaker: Speaker, reply: Reply, part: Part, product: Product, hint: Hit | None) -> Reply:
    reply.outcome, reply.confidence = Outcome.ABSTAINED, ABSTAINED
    reply.gap = "not stated: " + (concept_label(part.asked[0], "en") if part.asked else "what was asked")
    reply.gap_product = product.id
    asked = concept_label(part.asked[0], speaker.language) if part.asked else ""
    if asked:
        reply.say(speaker.say("fact.unstated", product=speaker.name(product), asked=asked), speaker.cite_title(product))
    else:
        reply.say(speaker.say("fact.unstated_open", product=speaker.name(product)), speaker.cite_title(product))
    if hint is not None and not hint.passage.field.startswith("review"):
        quote = trimmed(hint.passage.text, QUOTE_MOST)
        reply.say(speaker.say("fact.hint", quote=quote), Citation("product", product.sku, hint.passage.field, quote))
    reply.say(speaker.say("fact.ask_person"))
    reply.quick_replies.append(speaker.say("chip.person"))
    return reply


def overview(speaker: Speaker, reply: Reply, product: Product, variants: Sequence[Variant]) -> Reply:
    """The product in two lines: what it is and what it costs."""
    among = list(variants) or list(product.variants)
    chosen = speaker.shown_variant(product, among)
    name = speaker.with_variant(product, variants[0] if variants else None)
    description = pick(product.description, speaker.language)
    price = speaker.price_words(product, among)
    reply.say(speaker.say("overview.price", product=name, price=price), speaker.cite_title(product), speaker.cite_price(chosen))
    if not any(speaker.stock(v).state.buyable for v in among) and stock_known(speaker, among):
        reply.say(speaker.say("price.but_out_of_stock"), *(speaker.cite_stock(v) for v in among))
    kept = _opening(description)
    if kept:
        reply.say(kept, Citation("product", product.sku, "description", kept), line=True)
    return reply


def _opening(description: str) -> str:
    kept = ""
    for sentence in quotable(description):
        if kept and len(kept) + len(sentence) > QUOTE_MOST:
            break
        joint = "" if not kept or kept[-1] in "。！？" else " " if kept[-1] in ".!?…" else "; "
        kept = f"{kept}{joint}{sentence}"
    return trimmed(kept, QUOTE_MOST * 2)
