"""The composer without a language model: each part of a question answered from this turn's findings, in the shop's wording.

    a part → the product, rule or list that it is about (here)
      stating, pricing, stock, reviewing     one product
      listing, comparing                     several
      rules, promoting                       the house
      people, smalltalk, asking, limits      a person, the edges, a question back
    replies → one draft (here)

It reads nothing but its findings and takes about a millisecond.
"""

import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

from bot.answering.answer import Engine, HandoffReason, Outcome
from bot.answering.asking import may_ask, questions_back, which_product
from bot.answering.beside import beside_reply
from bot.answering.comparing import compare_reply
from bot.answering.composer import Draft, Findings, Statement
from bot.answering.extremes import superlative_reply
from bot.answering.facts import Fact, Verdict, concept_label, label, means, stated, verdict, wanted_words
from bot.answering.finding import found_products, nearness, not_carried
from bot.answering.limits import unpromised
from bot.answering.listing import search_reply
from bot.answering.matching import Matching, catalog_matching
from bot.answering.next_memory import next_memory
from bot.answering.people import order_reply, person_reply, privacy_reply
from bot.answering.pricing import price_reply
from bot.answering.promoting import codes_named, promotion_reply
from bot.answering.range import nothing_like
from bot.answering.rendering import joined
from bot.answering.reply import Reply
from bot.answering.reviewing import review_reply
from bot.answering.rules import Rule, answers, answers_instead, best_rule, hints, rule_reply, topic_rule
from bot.answering.smalltalk import out_of_scope_reply, small_talk_reply, store_reply, unclear_reply
from bot.answering.speaking import Speaker, trimmed
from bot.answering.stating import fact_reply, overview
from bot.answering.stock import stock_reply
from bot.answering.thresholds import (
    ABSTAINED,
    ASKED_BACK,
    COMPARED_MOST,
    GUESS,
    LISTED,
    MAX_QUESTIONS_BACK,
    MISSES_BEFORE_PERSON,
    OWN_RULE,
    PRODUCT_ALONE,
    QUICK_REPLIES,
    REASON_MOST,
    RULE_SURE,
    RULE_UNASKED,
    SUBJECT_AMONG,
    SURE,
    TEXT_MOST,
    TOPIC_CERTAIN,
    UNSURE_INTENT,
    WEAK,
)
from bot.answering.wording import Wordings
from bot.understanding.question import Intent, Part, Subject
from bot.understanding.subjects import with_variants
from knowledge.attribute_names import concept_of
from knowledge.catalog import Product
from knowledge.folding import fold
from retrieval.retriever import Evidence
from retrieval.tokens import tokens

_SMALL_TALK = {Intent.GREETING, Intent.THANKS, Intent.GOODBYE, Intent.CHITCHAT}
_ASKS = {Intent.PRODUCT_QUESTION, Intent.PRODUCT_SEARCH, Intent.RECOMMEND, Intent.POLICY, Intent.AVAILABILITY, Intent.PRICE, Intent.UNCLEAR}
_REVIEWS = re.compile(
    r"\breviews?\b|\b(?:buyers|customers|people|others)\b.{0,12}\b(?:say|think|write|like)|评价|口碑|评论|买家(?:怎么|说)|反馈"
)
_RANK = (Outcome.HANDED_OFF, Outcome.ANSWERED, Outcome.ASKED_BACK, Outcome.ABSTAINED)
MAX_SUBJECTS = 3


class ExtractiveComposer:
    """AnswerComposer from data and wording alone. `matching`: every product that satisfies given filters, for extremes and for what dropping
    a condition would give; by default the view's own tables."""

    def __init__(self, wordings: Wordings, matching: Matching = catalog_matching) -> None:
        self._wordings = wordings
        self._matching = matching

    async def compose(self, findings: Findings) -> AsyncIterator[Statement | Draft]:
        """Every statement, then the draft."""
        draft = self.draft(findings)
        for statement in draft.statements:
            yield statement
        yield draft

    def draft(self, findings: Findings) -> Draft:
        """The whole answer; pure."""
        speaker = Speaker(findings, self._wordings.of(findings.question.language))
        replies = [
            self._reply(speaker, part, findings.evidence[number] if number < len(findings.evidence) else Evidence())
            for number, part in enumerate(findings.question.parts)
        ]
        return _joined(speaker, _without_weak(findings.question.parts, replies))

    def needs(self, findings: Findings) -> tuple[str, ...]:
        """Products that the answer would speak of beside those whose live offers were read: alternatives, what goes with it, what relaxing a
        condition gives. Their offers are to be read, too, before anything is said of them."""
        draft = self.draft(findings)
        by_sku = findings.view.by_sku
        read = {by_sku.get(sku.casefold()) for sku in findings.offers}
        cited = [c.id for s in draft.statements for c in s.citations if c.kind == "product"]
        spoken = dict.fromkeys(by_sku.get(sku.casefold()) for sku in [*draft.product_skus, *cited])
        return tuple(product_id for product_id in spoken if product_id and product_id not in read)

    # ── one part ────────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _reply(self, speaker: Speaker, part: Part, evidence: Evidence) -> Reply:
        rule = best_rule(speaker, part, evidence)
        reply = self._by_intent(speaker, part, evidence, rule)
        forbidden = unpromised(part.text) if reply.outcome is not Outcome.HANDED_OFF else ""
        if forbidden and reply.outcome is Outcome.ABSTAINED and part.intent not in _SMALL_TALK:
            refused = Reply(Outcome.ABSTAINED, ABSTAINED, focus=reply.focus, gap=reply.gap, gap_product=reply.gap_product, skus=reply.skus)
            refused.say(speaker.say(forbidden))
            refused.quick_replies.append(speaker.say("chip.person"))
            return refused
        if forbidden and not reply.merchants:
            reply.say(speaker.say(forbidden), line=True)
        certainty = min(1.0, max(0.0, part.certainty))
        reply.confidence *= 0.7 + 0.3 * certainty
        return reply

    def _by_intent(self, speaker: Speaker, part: Part, evidence: Evidence, rule: Rule | None) -> Reply:
        if not part.subjects and part.intent in _ASKS and codes_named(speaker, part):
            return promotion_reply(speaker, part, [])
        match part.intent:
            case Intent.HUMAN:
                return person_reply(speaker, HandoffReason.CUSTOMER_ASKED, "person.customer_asked")
            case Intent.COMPLAINT:
                return order_reply(speaker, part, rule, HandoffReason.COMPLAINT)
            case Intent.ORDER:
                return order_reply(speaker, part, rule, HandoffReason.ORDER)
            case Intent.PRIVACY:
                return privacy_reply(speaker, part, rule)
            case Intent.CHITCHAT if rule is not None and answers_instead(rule):
                return rule_reply(speaker, part, rule)
            case Intent.GREETING | Intent.THANKS | Intent.GOODBYE | Intent.CHITCHAT:
                return small_talk_reply(speaker, part)
            case Intent.OUT_OF_SCOPE:
                return out_of_scope_reply(speaker)
            case Intent.STORE_INFO:
                return store_reply(speaker, part, rule)
            case Intent.POLICY:
                return self._policy(speaker, part, evidence, rule)
            case Intent.PROMOTION:
                products = [p for s in part.subjects if (p := speaker.product(s.product_id))]
                if (
                    not products
                    and rule is not None
                    and _nearer_than_promotions(speaker, part, rule, evidence)
                    and not codes_named(speaker, part)
                ):
                    return rule_reply(speaker, part, rule)
                return promotion_reply(speaker, part, products, evidence)
            case Intent.COMPARE:
                return self._compare(speaker, part, evidence)
            case Intent.PRODUCT_SEARCH | Intent.RECOMMEND:
                return self._search(speaker, part, evidence, rule)
            case Intent.PRICE | Intent.AVAILABILITY | Intent.PRODUCT_QUESTION:
                return self._about_product(speaker, part, evidence, rule)
            case _:
                return self._unclear(speaker, part, evidence, rule)

    def _about_product(self, speaker: Speaker, part: Part, evidence: Evidence, rule: Rule | None) -> Reply:
        if part.superlative:
            reply = superlative_reply(speaker, part, evidence, self._matching)
            if reply is not None:
                return reply
        subjects = _likely(_subjects(speaker, part), evidence)
        if not subjects:
            return self._no_subject(speaker, part, evidence, rule)
        if part.intent is Intent.PRODUCT_QUESTION and not any(s.certain for s in subjects) and not part.asked and not part.yes_no:
            return self._search(speaker, replace(part, subjects=()), evidence, rule)
        certain = [s for s in subjects if s.certain]
        if not certain and len(subjects) > 1 and part.intent is Intent.PRODUCT_QUESTION and part.asked:
            # A property of a few that could be meant: saying it of each is shorter than a question back.
            several = [p for s in subjects[:LISTED] if (p := speaker.product(s.product_id))]
            same = _same_of_all(speaker, part, [p for s in subjects if (p := speaker.product(s.product_id))])
            if same is not None:
                return same
            if len(subjects) <= LISTED and any(stated(p, part.asked, speaker.language) for p in several):
                return _asked_of_many(speaker, replace(part, asked_value=""), several)
        if not certain and len(subjects) > 1 and may_ask(speaker.findings.memory):
            return which_product(speaker, part, [p for s in subjects if (p := speaker.product(s.product_id))])
        chosen = certain or subjects[:1]
        replies = [self._of_product(speaker, part, subject, evidence, rule) for subject in chosen[:MAX_SUBJECTS]]
        merged = _merged(replies)
        if not certain:
            merged.confidence *= GUESS
        return merged

    def _of_product(self, speaker: Speaker, part: Part, subject: Subject, evidence: Evidence, rule: Rule | None) -> Reply:
        product = speaker.product(subject.product_id)
        assert product is not None
        if part.intent is Intent.PRICE:
            return self._with_asked(speaker, part, product, subject, price_reply(speaker, part, product, subject, rule))
        if part.intent is Intent.AVAILABILITY and not _asks_which(part, product, subject):
            return self._with_asked(speaker, part, product, subject, stock_reply(speaker, part, product, subject, evidence))
        if any((concept_of(word) or word) == "rating" for word in part.asked) or (not part.asked and _REVIEWS.search(fold(part.text))):
            return review_reply(speaker, part, product, evidence)
        return fact_reply(speaker, part, product, subject, evidence, rule)

    def _with_asked(self, speaker: Speaker, part: Part, product: Product, subject: Subject, reply: Reply) -> Reply:
        """ "Is it in stock, and how long does it last?": the property that was asked for beside price or stock."""
        if not part.asked or part.asked_value or any(means(o.name, w) for w in part.asked for v in product.variants for o in v.options):
            return reply
        if not stated(product, part.asked, speaker.language):
            return reply
        beside = fact_reply(speaker, replace(part, intent=Intent.PRODUCT_QUESTION, yes_no=False), product, subject, Evidence(), None)
        merged = _merged([reply, beside])
        merged.focus, merged.focus_sku, merged.shown = reply.focus, reply.focus_sku, reply.shown
        return merged

    def _no_subject(self, speaker: Speaker, part: Part, evidence: Evidence, rule: Rule | None) -> Reply:
        """A question about a product that the words do not name."""
        if part.unnamed and not part.subjects and may_ask(speaker.findings.memory):
            return which_product(speaker, part, [p for i in speaker.findings.memory.shown if (p := speaker.product(i))])
        if rule is not None and answers(rule, least=RULE_SURE):
            return rule_reply(speaker, part, rule)
        found = found_products(speaker, part, evidence)
        if _alone(evidence, found):
            guess = with_variants(Subject(found[0][0].id, None, certain=False, how="likeness"), part.text, found[0][0])
            reply = self._of_product(speaker, part, guess, evidence, rule)
            reply.confidence *= GUESS
            return reply
        products = [p for p, _ in found]
        if products and part.intent in (Intent.PRICE, Intent.AVAILABILITY):
            return search_reply(speaker, part, evidence, self._matching)
        if products and part.asked:
            return _asked_of_many(speaker, part, products)
        if may_ask(speaker.findings.memory):
            shown = [p for i in speaker.findings.memory.shown if (p := speaker.product(i))]
            return which_product(speaker, part, products or shown)
        if products:
            return search_reply(speaker, part, evidence, self._matching)
        return self._unclear(speaker, part, evidence, rule)

    def _search(self, speaker: Speaker, part: Part, evidence: Evidence, rule: Rule | None) -> Reply:
        if part.superlative:
            reply = superlative_reply(speaker, part, evidence, self._matching)
            if reply is not None:
                return reply
        certain = [s for s in _subjects(speaker, part) if s.certain]
        if certain:
            product = speaker.product(certain[0].product_id)
            assert product is not None
            beside = beside_reply(speaker, part, product, evidence) if part.intent is Intent.RECOMMEND else None
            if beside is not None:
                return beside
            if part.intent is Intent.PRODUCT_SEARCH:
                return _merged([self._shown(speaker, subject) for subject in certain[:MAX_SUBJECTS]])
        found = found_products(speaker, part, evidence)
        if evidence.products and not_carried(speaker, part):
            return nothing_like(speaker, part)
        open_wish = not part.purpose and part.filters.empty
        if rule is not None and answers_instead(rule) and (not found or (open_wish and rule.fits > nearness(evidence) + 0.3)):
            return rule_reply(speaker, part, rule)
        if not found and part.filters.empty and part.certainty < UNSURE_INTENT and may_ask(speaker.findings.memory):
            return unclear_reply(speaker)
        return search_reply(speaker, part, evidence, self._matching)

    def _shown(self, speaker: Speaker, subject: Subject) -> Reply:
        """A product that was looked for by its name."""
        product = speaker.product(subject.product_id)
        assert product is not None
        variant = speaker.variant(product, subject.sku)
        reply = Reply(Outcome.ANSWERED, SURE, focus=product.id, focus_sku=subject.sku or "")
        reply.show(variant.sku if variant else speaker.shown_variant(product).sku)
        return overview(speaker, reply, product, [variant] if variant and subject.sku else [])

    def _policy(self, speaker: Speaker, part: Part, evidence: Evidence, rule: Rule | None) -> Reply:
        asked = part.asked or ((part.topic.value,) if part.topic else ())
        for subject in _subjects(speaker, part)[:1]:
            product = speaker.product(subject.product_id)
            if product is not None and asked and stated(product, asked, speaker.language):
                return fact_reply(speaker, replace(part, asked=tuple(asked)), product, subject, evidence, rule)
            if product is not None and subject.certain and _own_rule(evidence, product, rule):
                return fact_reply(speaker, replace(part, asked=()), product, subject, evidence, None)
        if rule is not None and (answers(rule) or (part.topic is not None and hints(rule) and _of_topic(rule, part))):
            return rule_reply(speaker, part, rule)
        of_topic = topic_rule(speaker, part, evidence) if part.certainty >= TOPIC_CERTAIN else None
        if of_topic is not None:
            reply = rule_reply(speaker, part, of_topic)
            reply.confidence = min(reply.confidence, ASKED_BACK)
            reply.quick_replies.append(speaker.say("chip.person"))
            return reply
        reply = Reply(Outcome.ABSTAINED, ABSTAINED, gap="no rule", topic=part.topic.value if part.topic else None)
        reply.say(speaker.say("rule.none"))
        reply.say(speaker.say("fact.ask_person"))
        reply.quick_replies.append(speaker.say("chip.person"))
        return reply

    def _compare(self, speaker: Speaker, part: Part, evidence: Evidence) -> Reply:
        memory = speaker.findings.memory
        products = [p for s in part.subjects if (p := speaker.product(s.product_id))]
        if len(products) < 2 and not part.subjects and len(memory.shown) > 1:
            products = [p for i in memory.shown if (p := speaker.product(i))]
        if len(products) == 1 and len(part.subjects[0].skus) > 1:
            return price_reply(speaker, part, products[0], part.subjects[0])  # "the 13 or the 15 inch laptop": variants differ in price
        if len(products) < 2:
            first = products[0] if products else speaker.product(memory.focus)
            others = [p for p, _ in found_products(speaker, part, evidence) if first is None or p.id != first.id]
            if first is not None and may_ask(memory) and others:
                reply = which_product(speaker, part, others)
                reply.statements = [Statement(speaker.say("ask.compare_second", product=speaker.name(first)), (speaker.cite_title(first),))]
                reply.pending = {**reply.pending, "kind": "compare_with", "first": first.id}
                return reply
            products = [*([first] if first else []), *others][:2]
        if len(products) < 2:
            return which_product(speaker, part, products, "ask.compare_what")
        return compare_reply(speaker, part, products[:COMPARED_MOST])

    def _unclear(self, speaker: Speaker, part: Part, evidence: Evidence, rule: Rule | None) -> Reply:
        """Nothing was understood: what fits anyway, else a question back, and after two of them a person."""
        if rule is not None and answers(rule, least=RULE_UNASKED):
            return rule_reply(speaker, part, rule)
        subjects = _subjects(speaker, part)
        if subjects:
            return self._of_product(speaker, part, subjects[0], evidence, rule)
        found = found_products(speaker, part, evidence) if part.standalone.strip() else []
        if found and not part.filters.empty:
            return search_reply(speaker, part, evidence, self._matching)
        memory = speaker.findings.memory
        if memory.misses >= MISSES_BEFORE_PERSON or questions_back(memory) >= MAX_QUESTIONS_BACK:
            return person_reply(speaker, HandoffReason.NOT_UNDERSTOOD, "person.not_understood")
        return unclear_reply(speaker)


def _own_rule(evidence: Evidence, product: Product, rule: Rule | None) -> bool:
    """What the product itself states about the matter ("Shipping date: 15 March") goes before a rule for everything that fits no better."""
    hit = next(iter(evidence.facts.get(product.id, ())), None)
    states = hit is not None and hit.passage.field.startswith(("attribute:", "option:"))
    return states and evidence.answerable >= OWN_RULE and evidence.answerable > (rule.fits if rule else 0.0)


def _subjects(speaker: Speaker, part: Part) -> list[Subject]:
    return [s for s in part.subjects if s.product_id in speaker.findings.view.products]


def _alone(evidence: Evidence, found: Sequence[tuple[Product, float]]) -> bool:
    """One product, or one far before the next."""
    if not found:
        return False
    scores = [hit.score for hit in evidence.products[:2]]
    return len(found) == 1 and (len(scores) < 2 or scores[1] < scores[0] - PRODUCT_ALONE)


def _likely(subjects: Sequence[Subject], evidence: Evidence) -> list[Subject]:
    """Without guesses that finding does not bear out."""
    first = {hit.id for hit in evidence.products[:SUBJECT_AMONG]}
    return [s for s in subjects if s.certain or not evidence.products or s.product_id in first]


def _asks_which(part: Part, product: Product, subject: Subject) -> bool:
    """ "Which colours are there?": the options, not the stock."""
    if part.asked_value or subject.lacking or (subject.sku and len(product.variants) > 1):
        return False
    return any(means(option.name, word) for word in part.asked for variant in product.variants for option in variant.options)


def _nearer_than_promotions(speaker: Speaker, part: Part, rule: Rule, evidence: Evidence) -> bool:
    """A FAQ entry about this very question ("is there a student discount?"): nearer than every promotion, and all it asks about is said."""
    if rule.entry is None or not answers_instead(rule):
        return False
    best = max((hit.score for hit in evidence.promotions), default=0.0)
    said = set(tokens(part.standalone))
    asked = [text for texts in (rule.entry.question.values(), *rule.entry.also_asked.values()) for text in texts]
    share = max((len(said & own) / len(own) for text in asked if (own := set(tokens(text)))), default=0.0)
    return rule.hit.score > best and share >= RULE_SURE


def _of_topic(rule: Rule, part: Part) -> bool:
    return rule.policy is not None and part.topic is not None and rule.policy.topic == part.topic.value


def _same_of_all(speaker: Speaker, part: Part, products: Sequence[Product]) -> Reply | None:
    """Where all that could be meant state the same, no question back is needed; None where they differ."""
    facts = [stated(p, part.asked, speaker.language) for p in products]
    if len(products) < 2 or not all(facts) or len({fold(f.value).strip() for row in facts for f in row[:1]}) != 1:
        return None
    fact = facts[0][0]
    reply = Reply(Outcome.ANSWERED, SURE * GUESS, long=True)
    said = speaker.say("fact.short", name=label(fact, part.asked, speaker.language), value=fact.value)
    reply.say(
        speaker.say("fact.of_all", products=speaker.mark("enumerate").join(speaker.name(p) for p in products), fact=said),
        *(c for p, row in zip(products, facts, strict=True) for c in (speaker.cite_title(p), row[0].cited)),
    )
    for product in products:
        reply.show(speaker.shown_variant(product).sku)
    reply.shown = [p.id for p in products]
    return reply


def _asked_of_many(speaker: Speaker, part: Part, products: Sequence[Product]) -> Reply:
    """A property asked of a kind of product ("are your backpacks waterproof?"): what each of the nearest states."""
    reply = Reply(Outcome.ANSWERED, SURE * GUESS, long=True)
    rows: list[tuple[Product, Fact | None]] = []
    for product in products:
        facts = stated(product, part.asked, speaker.language)
        rows.append((product, facts[0] if facts else None))
    if part.asked_value:
        # Only those of which the data says so, where it says so of any.
        fitting: list[tuple[Product, Fact | None]] = [
            (p, f) for p, f in rows if f and verdict([f], part.asked, wanted_words(part))[0] is Verdict.YES
        ]
        rows = fitting or rows
    rows = rows[:LISTED]
    if not any(fact for _, fact in rows):
        asked = concept_label(part.asked[0], speaker.language)
        reply.outcome, reply.confidence, reply.gap = Outcome.ABSTAINED, ABSTAINED, f"not stated: {asked}"
        reply.say(speaker.say("fact.unstated_many", asked=asked))
    for product, fact in rows:
        chosen = speaker.shown_variant(product)
        value = (
            speaker.say("fact.short", name=label(fact, part.asked, speaker.language), value=trimmed(fact.value, REASON_MOST))
            if fact
            else speaker.say("fact.of_many_unstated")
        )
        reply.say(
            speaker.say("fact.of_many", product=speaker.name(product), value=value),
            speaker.cite_title(product),
            *([fact.cited] if fact else []),
            line=True,
        )
        reply.show(chosen.sku)
    reply.shown = [product.id for product, _ in rows]
    if reply.outcome is Outcome.ABSTAINED:
        reply.quick_replies.append(speaker.say("chip.person"))
    return reply


# ── the whole answer ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _merged(replies: Sequence[Reply]) -> Reply:
    """Several replies to one part, as one."""
    first = replies[0]
    if len(replies) == 1:
        return first
    out = Reply(min((r.outcome for r in replies), key=_RANK.index), min(r.confidence for r in replies))
    for reply in replies:
        offset = out.statements[-1].block + 1 if out.statements else 0
        out.statements += [replace(s, block=s.block + offset) for s in reply.statements]
        out.skus += [s for s in reply.skus if s not in out.skus]
        out.shown += [i for i in (reply.shown or [reply.focus]) if i and i not in out.shown]
        out.quick_replies += [q for q in reply.quick_replies if q not in out.quick_replies]
        out.notes += reply.notes
        out.gap, out.gap_product = out.gap or reply.gap, out.gap_product or reply.gap_product
        out.pending = out.pending or reply.pending
        out.handoff = out.handoff or reply.handoff
        out.topic = out.topic or reply.topic
        out.long = out.long or reply.long
    return out


def _without_weak(parts: Sequence[Part], replies: list[Reply]) -> list[Reply]:
    """Beside a part that is no shop matter, what only words alike suggested is not said."""
    outside = [p.intent is Intent.OUT_OF_SCOPE for p in parts]
    if not any(outside) or all(outside):
        return replies
    return [
        r
        for p, r, out in zip(parts, replies, outside, strict=True)
        if out or p.subjects or r.handoff or p.intent in _SMALL_TALK or (r.confidence >= WEAK and r.outcome is Outcome.ANSWERED)
    ]


def _joined(speaker: Speaker, replies: Sequence[Reply]) -> Draft:
    findings = speaker.findings
    parts = findings.question.parts
    whole = _merged(replies)
    engine = whole.engine if len(replies) == 1 else Engine.COMPOSER
    if len(replies) > 1 and len(parts) > 1:
        # Small talk around a question ("hi, do you have ...") does not make the answer surer.
        weighty = [r.confidence for r, p in zip(replies, parts, strict=False) if p.intent not in _SMALL_TALK]
        whole.confidence = min(weighty) if weighty else whole.confidence
    statements = _deduplicated(whole.statements)
    if findings.waiting and whole.outcome is not Outcome.HANDED_OFF:
        block = statements[-1].block + 1 if statements else 0
        statements.append(Statement(speaker.say("person.still_coming"), (), block))
    if not whole.long:
        statements = _short(statements)
    topic = whole.topic or next((p.topic.value for p in parts if p.topic), None)
    return Draft(
        statements=tuple(statements),
        outcome=whole.outcome,
        engine=engine,
        confidence=round(min(1.0, max(0.0, whole.confidence)), 3),
        product_skus=tuple(whole.skus[:6]),
        quick_replies=tuple(_chips(speaker, whole, parts)),
        handoff=whole.handoff,
        intents=tuple(dict.fromkeys(p.intent.value for p in parts)),
        topic=topic,
        memory=next_memory(findings, whole),
        gap=whole.gap,
        gap_product=whole.gap_product,
        long=whole.long,
        notes=tuple(whole.notes),
    )


def _deduplicated(statements: Sequence[Statement]) -> list[Statement]:
    return list({statement.text: statement for statement in reversed(statements)}.values())[::-1]


def _short(statements: list[Statement]) -> list[Statement]:
    kept: list[Statement] = []
    for statement in statements:
        if kept and len(joined([*kept, statement])) > TEXT_MOST:
            break
        kept.append(statement)
    return kept


def _chips(speaker: Speaker, whole: Reply, parts: Sequence[Part]) -> list[str]:
    """What was offered, then what this shop can answer next about the product spoken of."""
    chips = list(whole.quick_replies)
    intents = {part.intent for part in parts}
    if whole.outcome is Outcome.HANDED_OFF:
        return []
    if whole.outcome is Outcome.ANSWERED and whole.focus and len(chips) < QUICK_REPLIES - 1:
        product = speaker.product(whole.focus)
        asked = {concept_of(word) or word for part in parts for word in part.asked}
        if product is not None and Intent.PRICE not in intents and any(speaker.paid(v) for v in product.variants):
            chips.append(speaker.say("chip.price"))
        if product is not None and Intent.AVAILABILITY not in intents:
            chips.append(speaker.say("chip.stock"))
        if product is not None and speaker.findings.view.reviews.get(product.id) and "rating" not in asked:
            chips.append(speaker.say("chip.reviews"))
    if whole.outcome is Outcome.ANSWERED and not whole.merchants and Intent.POLICY not in intents and whole.focus:
        topics = {policy.topic for policy in speaker.findings.view.policies.values()}
        chips += [speaker.say(f"chip.{topic}") for topic in ("shipping", "returns") if topic in topics]
    return list(dict.fromkeys(chips))[:QUICK_REPLIES]
