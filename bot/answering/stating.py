"""A question about one product: the value that was asked for with its source, yes or no where the data says so, else what comes near, else an
honest "the merchant does not state it"."""

import re
from collections.abc import Sequence

from bot.answering.answer import Citation, Outcome
from bot.answering.facts import (
    Fact,
    concept_label,
    facts_of,
    in_language,
    label,
    means,
    measure,
    stated,
    stated_near,
    verdict,
    wanted_words,
)
from bot.answering.reply import Reply
from bot.answering.rules import Rule, answers, answers_instead, rule_reply
from bot.answering.speaking import Speaker, holds, sentences, trimmed
from bot.answering.telling import names_all, names_one, telling_part, tells
from bot.answering.thresholds import ABSTAINED, FACT_HINT, FACT_SAYS, FACT_SAYS_UNNAMED, GUESS, QUOTE_MOST, REVIEW_SAYS, RULE_SURE, SURE
from bot.understanding.lexicon import lexicon, values
from bot.understanding.question import Part, Subject
from bot.understanding.shop_words import common_word
from knowledge.attribute_names import concept_of, names_of
from knowledge.catalog import Product, Variant
from knowledge.folding import fold
from knowledge.localized import pick
from knowledge.verdicts import Verdict, is_bare
from retrieval.retriever import Evidence, Hit
from retrieval.tokens import tokens

FACTS_SAID = 2
"""Statements of one property that are said of a product, where a merchant has several."""
_DENIED = re.compile(r"^(?:no|none|not|non|without|否|无|不|没有|未|非)", re.IGNORECASE)
_DENIAL = re.compile(
    r"(?:\bnot|\bno|\bnon|\bnever|\bwithout|n't|不|非|无|無|勿|不含|不可|不能|没有)(?:\s+(?:a|an|the|any|for))?[\s-]{0,2}$"
)
_ABOUT = re.compile(
    r"\b(?:about (?:it|this|that|the|them)|tell me (?:more )?about|describe|more (?:details|info\w*)|details (?:of|on|about)|what(?:'s| is) (?:the|this|that|it)\b"
    r"|show me|introduce)|介绍|说说|讲讲|详细|详情|了解一下|是什么(?:样|东西)?[的吗?？]*$"
)
_KINDS = (("has", re.compile(r"有没有|有.*[吗嘛么?？]|带.*[吗嘛么?？]")), ("can", re.compile(r"能|可以|可不可以|行不行|支持")))


def fact_reply(speaker: Speaker, part: Part, product: Product, subject: Subject, evidence: Evidence, rule: Rule | None) -> Reply:
    """The answer to a question about a product."""
    named = speaker.variant(product, subject.sku)
    variants = [named] if named and subject.sku else []
    asked = [word for word in part.asked if word]
    known = values().by_word.get(fold(part.asked_value).strip()) if part.yes_no and not asked else None
    if known is not None:
        asked = [known.kind]  # "does it come in yellow?" asks for its colours
    reply = Reply(Outcome.ANSWERED, SURE, focus=product.id, focus_sku=subject.sku or "")
    reply.show(named.sku if named else speaker.shown_variant(product).sku)
    facts = _told(speaker, part, product, asked, variants) or _brand(product, asked)
    if facts:
        _say_facts(speaker, reply, part, product, variants, facts)
        return reply
    if not asked and not part.yes_no and _wants_overview(speaker, part, product):
        return overview(speaker, reply, product, variants)
    if part.yes_no and not asked and (against := _denied_by(evidence, product, part)) is not None:
        quote = trimmed(against.passage.text, QUOTE_MOST)
        cited = Citation("product", product.sku, against.passage.field, quote)
        reply.say(
            speaker.say("fact.described_no", product=speaker.name(product), quote=quote.rstrip("。")), speaker.cite_title(product), cited
        )
        return reply
    # A property that was named must be what the rule is about: sharing the product's name is not enough.
    if rule is not None and (answers_instead(rule) if asked else answers(rule, least=RULE_SURE)):
        return _with_product(rule_reply(speaker, part, rule), reply)
    if rule is not None and subject.how == "carried" and not asked and answers(rule) and rule.fits >= evidence.answerable:
        return _with_product(rule_reply(speaker, part, rule), reply)  # the product was left out because it is not about it
    hit = _best_hit(evidence, product)
    prose = hit is not None and ":" not in hit.passage.field
    told = _telling(evidence, product, part, asked)
    if told is not None:
        _say_told(speaker, reply, part, product, *told)
        reply.confidence = min(SURE, max(evidence.answerable, GUESS))
        return reply
    least = FACT_SAYS_UNNAMED if asked and prose else FACT_SAYS
    if hit is not None and hit.passage.field.startswith("review"):
        least = max(least, REVIEW_SAYS)
    if (
        hit is not None
        and evidence.answerable >= least
        and not (asked and _names_another(hit, asked))
        and _near(speaker, part, product, hit, evidence.answerable)
    ):
        _say_hit(speaker, reply, part, product, hit)
        reply.confidence = min(SURE, evidence.answerable)
        return reply
    nearby = stated_near(product, asked, speaker.language, variants)
    if nearby:
        _say_facts(speaker, reply, part, product, variants, nearby, near_only=True)
        reply.confidence *= GUESS
        return reply
    if rule is not None and not asked and answers(rule):
        return _with_product(rule_reply(speaker, part, rule), reply)
    return _unstated(speaker, reply, part, product, hit if evidence.answerable >= (FACT_SAYS if asked else FACT_HINT) else None)


def _told(speaker: Speaker, part: Part, product: Product, asked: Sequence[str], variants: Sequence[Variant]) -> list[Fact]:
    """What is stated of what was asked; of two properties asked at once ("how much filling") also a neighbouring name of the second. An amount
    that is asked for comes first."""
    if both := [a.name for a in product.attributes if len(asked) > 1 and names_all(a, asked)]:
        return in_language([f for f in facts_of(product) if f.name in both], speaker.language)
    facts = stated(product, asked, speaker.language, variants)
    if facts and len(asked) > 1:
        for word in asked:
            if not stated(product, (word,), speaker.language, variants):
                facts = [*facts, *(f for f in stated_near(product, (word,), speaker.language, variants) if f not in facts)]
    if len(facts) > 1 and _AMOUNT_ASKED.search(fold(part.text)):
        facts = sorted(facts, key=lambda f: measure([f]) is None)
    return facts


_AMOUNT_ASKED = re.compile(r"\bhow (?:much|many|heavy|long|big|large|tall|wide|thick|far)\b|多少|几|多[重长大高宽厚久]")


def _with_product(said: Reply, reply: Reply) -> Reply:
    said.focus, said.focus_sku = reply.focus, reply.focus_sku
    return said


def _brand(product: Product, asked: Sequence[str]) -> list[Fact]:
    if product.brand and asked and all(means("brand", word) for word in asked):  # the brand of a part of it is another matter
        return [Fact("brand", product.brand, "und", product.sku, "brand")]
    return []


def _wants_overview(speaker: Speaker, part: Part, product: Product) -> bool:
    """Nothing in particular is asked: "tell me about it", or the product's name alone."""
    folded = fold(part.text)
    if _ABOUT.search(folded):
        return True
    named = set(tokens(" ".join([*product.title.values(), product.brand, *(v.sku for v in product.variants)])))
    return not {word for word in tokens(part.text) if word not in named and len(word) > 1}


# ── values ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _say_facts(
    speaker: Speaker, reply: Reply, part: Part, product: Product, variants: Sequence[Variant], facts: list[Fact], *, near_only: bool = False
) -> None:
    said, deciding = Verdict.OPEN, None
    if part.yes_no and not near_only:
        said, deciding = verdict(facts, part.asked, wanted_words(part))
        if said is Verdict.OPEN and deciding is not None and not deciding.is_option:
            # The other language's words may decide what the customer's own do not ("leather" in "Material", "皮" asked).
            everywhere = [f for f in facts_of(product, variants) if any(means(f.name, a) for a in part.asked)]
            said, _ = verdict(everywhere, part.asked, wanted_words(part))
    if facts[0].is_option and not variants:
        _say_options(speaker, reply, part, product, facts, said)
        return
    if deciding is not None:
        facts = [deciding, *[f for f in facts if f is not deciding and not part.yes_no]]
    values = list({(f.value, f.field): f for f in facts}.values())
    by_variant = not variants and len({f.value for f in values}) > 1 and len({f.sku for f in values}) > 1
    if by_variant:
        _say_by_variant(speaker, reply, part, product, values)
        return
    for number, fact in enumerate(values[:FACTS_SAID]):
        lead = said if number == 0 else Verdict.OPEN
        variant = variants[0] if variants else None
        reply.say(_sentence(speaker, part, speaker.with_variant(product, variant), fact, lead), speaker.cite_title(product), fact.cited)


def _sentence(speaker: Speaker, part: Part, name: str, fact: Fact, said: Verdict) -> str:
    value = fact.value.strip().rstrip("。.") if not fact.value.strip().endswith("...") else fact.value
    property_ = label(fact, part.asked, speaker.language)
    if said is not Verdict.OPEN:
        return speaker.say(f"fact.{said.value}_{_kind(speaker, part)}", product=name, name=property_, value=value)
    if is_bare(value) or _DENIED.match(value):
        return speaker.say("fact.plain", product=name, name=property_, value=value)
    concept = concept_of(fact.name)
    key = f"concept.{concept}"
    # "5 year warranty" says itself what it is.
    if concept and key in speaker.words and not any(holds(fold(value), fold(name)) for name in names_of(concept)[:3]):
        return speaker.say(key, product=name, value=value)
    return speaker.say("fact.stated", product=name, name=property_, value=value)


def _kind(speaker: Speaker, part: Part) -> str:
    """How a yes is said depends in Chinese on the question: 能…吗 → 可以, 有…吗 → 有, else 是."""
    return next((kind for kind, pattern in _KINDS if pattern.search(part.text)), "is")


def _say_options(speaker: Speaker, reply: Reply, part: Part, product: Product, facts: list[Fact], said: Verdict) -> None:
    values: dict[str, list[Variant]] = {}
    for variant in product.variants:
        for fact in in_language(
            [f for f in facts_of(product, [variant]) if f.is_option and f.name in {g.name for g in facts}], speaker.language
        ):
            values.setdefault(fact.value, []).append(variant)
    gone = [v for v, held in values.items() if not any(speaker.stock(x).state.buyable for x in held) and _known(speaker, held)]
    cited = list({f.value: f for f in facts}.values())
    property_ = label(facts[0], part.asked, speaker.language)
    if len(values) == 1 and said is Verdict.OPEN:
        text = speaker.say("fact.stated", product=speaker.name(product), name=property_, value=next(iter(values)))
    else:
        key = {Verdict.YES: "fact.options_yes", Verdict.NO: "fact.options_no", Verdict.OPEN: "fact.options"}[said]
        listed = speaker.words.listed(list(values))
        text = speaker.say(key, product=speaker.name(product), name=property_, values=listed, value=part.asked_value)
    reply.say(text, speaker.cite_title(product), *(f.cited for f in cited))
    if gone:
        reply.say(
            speaker.say("fact.options_gone", values=speaker.words.listed(gone)), *(speaker.cite_stock(values[value][0]) for value in gone)
        )


def _known(speaker: Speaker, variants: Sequence[Variant]) -> bool:
    return all(speaker.stock(v).state.value != "unknown" for v in variants)


def _say_by_variant(speaker: Speaker, reply: Reply, part: Part, product: Product, values: list[Fact]) -> None:
    by_sku = {v.sku: v for v in product.variants}
    items = [speaker.say("price.item", variant=speaker.options(by_sku[f.sku]), price=f.value) for f in values if f.sku in by_sku] or [
        f.value for f in values
    ]
    reply.say(
        speaker.say(
            "fact.by_variant",
            product=speaker.name(product),
            name=label(values[0], part.asked, speaker.language),
            values=speaker.mark("dots").join(items),
        ),
        speaker.cite_title(product),
        *(f.cited for f in values),
    )


# ── from the ranked statements ──────────────────────────────────────────────────────────────────────────────────────────────────


def _best_hit(evidence: Evidence, product: Product) -> Hit | None:
    ranked = evidence.facts.get(product.id, ())
    return next((hit for hit in ranked if hit.passage.text.strip() and hit.passage.field != "title"), None)


TOLD_AMONG = 6
"""So many of the statements ranked best are looked through for one that tells what was asked."""


def _telling(evidence: Evidence, product: Product, part: Part, asked: Sequence[str]) -> tuple[Hit | None, str] | None:
    """The statement ranked best that tells what was asked, with its words that do; else the title, where that does."""
    wanted = wanted_words(part)
    if not asked and not wanted:
        return None
    ranked = [*evidence.facts.get(product.id, ())[:TOLD_AMONG]]
    naming = [hit for hit in ranked if names_one(hit.passage.text, asked)]
    for hit in [*naming, *(hit for hit in ranked if hit not in naming)]:
        kind = hit.passage.field.partition(":")[0]
        if kind not in ("attribute", "description") or evidence.answerable < FACT_HINT:
            continue
        text = hit.passage.text.partition(": ")[2] if kind == "attribute" else hit.passage.text
        if tells(text, asked, wanted, open_=not part.yes_no):
            return hit, telling_part(text, asked, wanted, open_=not part.yes_no)
    kinds = {concept_of(word) or word for word in asked}
    for title in product.title.values():
        if kinds & {"material", "colour", "fabric"} and tells(title, asked, wanted):
            return None, title
    return None


def _say_told(speaker: Speaker, reply: Reply, part: Part, product: Product, hit: Hit | None, words: str) -> None:
    quote = trimmed(words, QUOTE_MOST)
    cited = [speaker.cite_title(product)]
    if hit is not None:
        cited.append(Citation("product", product.sku, hit.passage.field, quote))
    reply.say(speaker.say("fact.described", product=speaker.name(product), quote=quote.rstrip("。")), *cited)


def _near(speaker: Speaker, part: Part, product: Product, hit: Hit, evidence_answerable: float) -> bool:
    """Whether the statement shares a word with what is asked beside the product's name. Words of another language cannot be compared."""
    if not part.yes_no or not part.text.strip():
        return True
    own = hit.passage.language.split("-", maxsplit=1)[0]
    if own not in (speaker.language, "und") or _han(part.text) != _han(hit.passage.text):
        return True
    if evidence_answerable >= FACT_SAYS_UNNAMED:
        return True
    return bool(_content(part, product) & set(tokens(hit.passage.text)))


def _content(part: Part, product: Product) -> set[str]:
    """The words of a question that say what is asked: neither the product's name nor those of every question."""
    named = {term for title in product.title.values() for term in tokens(title)}
    plain = lexicon().plain
    small = plain["fillers"] | plain["yes_no_starts"] | plain["question_starts"]
    return {t for t in tokens(part.text) if len(t) > 1 and t not in named and t not in small and not common_word(t)}


def _denied_by(evidence: Evidence, product: Product, part: Part) -> Hit | None:
    """The statement that denies the very word that is asked for: "not tubeless" to "can I run it tubeless?"."""
    words = [word for word in _content(part, product) if len(word) > (3 if word.isascii() else 1)]
    for hit in evidence.facts.get(product.id, ()):
        kind = hit.passage.field.partition(":")[0]
        text = fold(hit.passage.text)
        if kind in ("attribute", "description") and any(
            _DENIAL.search(text[: match.start()]) for word in words for match in re.finditer(re.escape(word), text)
        ):
            return hit
    return None


def _han(text: str) -> bool:
    return any("㐀" <= c <= "鿿" for c in text)


def _names_another(hit: Hit, asked: Sequence[str]) -> bool:
    """An attribute of another known name is no answer to a property that was named, unless it speaks of it."""
    kind, _, name = hit.passage.field.partition(":")
    value = fold(hit.passage.text.removeprefix(name))
    if any(holds(value, fold(spelling)) for word in asked for spelling in (word, *names_of(concept_of(word) or ""))):
        return False
    return kind in ("attribute", "option") and concept_of(name) is not None and not any(means(name, word) for word in asked)


def _say_hit(speaker: Speaker, reply: Reply, part: Part, product: Product, hit: Hit) -> None:
    kind, _, name = hit.passage.field.partition(":")
    if kind in ("attribute", "option"):
        facts = in_language([f for f in facts_of(product) if f.name == name], speaker.language)
        if facts:
            _say_facts(speaker, reply, part, product, [], facts)
            return
    quote = trimmed(hit.passage.text, QUOTE_MOST)
    if kind.startswith("review"):
        reply.say(
            speaker.say("review.said", product=speaker.name(product), quote=quote),
            Citation("review", hit.passage.document_id, "text", quote),
        )
    else:
        reply.say(
            speaker.say("fact.described", product=speaker.name(product), quote=quote),
            speaker.cite_title(product),
            Citation("product", product.sku, hit.passage.field, quote),
        )


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
    if not any(speaker.stock(v).state.buyable for v in among) and _known(speaker, among):
        reply.say(speaker.say("price.but_out_of_stock"), *(speaker.cite_stock(v) for v in among))
    kept = _opening(description)
    if kept:
        reply.say(kept, Citation("product", product.sku, "description", kept), line=True)
    return reply


def _opening(description: str) -> str:
    kept = ""
    for sentence in sentences(" ".join(description.split())):
        if kept and len(kept) + len(sentence) > QUOTE_MOST:
            break
        kept = f"{kept}{'' if not kept or kept[-1] in '。！？' else ' '}{sentence}"
    return trimmed(kept, QUOTE_MOST * 2)
