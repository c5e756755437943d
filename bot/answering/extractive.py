"""The composer without a language model: each part of a question answered from this turn's findings, in the shop's wording.

    a part → what it is about, by its intent (here)
      about_product      which product is meant
        one_product        stating, pricing, stock, reviewing
        many_products      a property of several
      looking, listing     goods that are looked for
      comparing            several side by side
      rules, promoting     the house
      people, smalltalk, asking, limits   a person, the edges, a question back
    joining: replies → one draft

It reads nothing but its findings and takes about a millisecond.
"""

import re
from collections.abc import AsyncIterator
from dataclasses import replace

from bot.answering.about_product import about_product, unclear_part
from bot.answering.adding_up import sum_reply
from bot.answering.answer import HandoffReason, Outcome
from bot.answering.asking import may_ask, which_product
from bot.answering.browsing import browsing_reply
from bot.answering.buying import buying_reply
from bot.answering.calling import with_person
from bot.answering.comparing import compare_reply
from bot.answering.composer import Draft, Findings, Statement
from bot.answering.continuing import continued_rule
from bot.answering.converting import conversion_reply, say_converted
from bot.answering.deals import asks_for_any, deals_named, speaks_of_reductions
from bot.answering.deals_spoken_of import of_deals_told
from bot.answering.dearness import asks_difference
from bot.answering.facts import stated
from bot.answering.falling_back import fallen_back
from bot.answering.finding import found_products
from bot.answering.going_on import goes_on
from bot.answering.joining import merged, one_draft, without_weak
from bot.answering.limits import unpromised
from bot.answering.looking import looked_for
from bot.answering.matching import Matching, catalog_matching
from bot.answering.nearest import nearest_goods
from bot.answering.one_product import subjects_of
from bot.answering.people import order_reply, person_reply, privacy_reply
from bot.answering.picking import pick_reply
from bot.answering.price_apart import difference_reply
from bot.answering.pricing import price_reply
from bot.answering.promoting import codes_named, deals_asked, pointed_at, promotion_reply, themes_named
from bot.answering.relaxing import without_it
from bot.answering.reply import Reply
from bot.answering.restocking import restock_reply
from bot.answering.rule_overview import asks_in_general, kind_in_general, overview
from bot.answering.rules import Rule, answers, answers_instead, before_goods, best_rule, hints, rule_reply, speaks_of, topic_rule
from bot.answering.sizing import size_reply
from bot.answering.smalltalk import acknowledged_reply, out_of_scope_reply, small_talk_reply, store_reply
from bot.answering.speaking import Speaker
from bot.answering.stating import fact_reply
from bot.answering.thresholds import (
    ABSTAINED,
    ASKED_BACK,
    CLEARLY,
    COMPARED_MOST,
    OWN_RULE,
    RULE_NEAR,
    RULE_SURE,
    TOPIC_CERTAIN,
)
from bot.answering.wording import Wordings
from bot.understanding.acknowledging import acknowledges, hails
from bot.understanding.lexicon import lexicon
from bot.understanding.question import Intent, Part, Subject, Topic
from knowledge.catalog import Product
from knowledge.folding import fold
from knowledge.phrases import tokens as tokens_of
from knowledge.shop_settings import shop_settings
from retrieval.retriever import Evidence

_SMALL_TALK = {Intent.GREETING, Intent.THANKS, Intent.GOODBYE, Intent.CHITCHAT}
_ASKS = {
    Intent.PRODUCT_QUESTION,
    Intent.PRODUCT_SEARCH,
    Intent.RECOMMEND,
    Intent.POLICY,
    Intent.AVAILABILITY,
    Intent.PRICE,
    Intent.UNCLEAR,
    Intent.OUT_OF_SCOPE,
}
_SMALL_OR_NOTHING = {Intent.UNCLEAR, Intent.CHITCHAT}
_MAY_BE_HEARD = {Intent.PRODUCT_QUESTION, Intent.OUT_OF_SCOPE, Intent.POLICY, Intent.UNCLEAR, Intent.CHITCHAT}
"""What "ok, let me think about it" is taken for after goods or a rule."""
_MAY_MEAN_DEALS = {Intent.PRODUCT_SEARCH, Intent.POLICY, Intent.PRODUCT_QUESTION, Intent.UNCLEAR, Intent.OUT_OF_SCOPE}


class ExtractiveComposer:
    """AnswerComposer from data and wording alone. `matching`: every product that satisfies given filters, for extremes and for what dropping
    a condition would give; by default the view's own tables."""

    def __init__(self, wordings: Wordings, matching: Matching = catalog_matching) -> None:
        self._wordings = wordings
        self._matching = matching
        self._last: tuple[Findings, Draft] | None = None

    async def compose(self, findings: Findings) -> AsyncIterator[Statement | Draft]:
        """Every statement, then the draft."""
        draft = self.draft(findings)
        for statement in draft.statements:
            yield statement
        yield draft

    def draft(self, findings: Findings) -> Draft:
        """The whole answer; pure. The one given last is kept: `needs` and `compose` mostly ask for the same."""
        if (last := self._last) is not None and last[0] is findings:
            return last[1]
        tone = shop_settings(findings.view.shop).tone
        speaker = Speaker(findings, self._wordings.of(findings.question.language, tone))
        replies = [
            self._reply(speaker, part, findings.evidence[number] if number < len(findings.evidence) else Evidence())
            for number, part in enumerate(findings.question.parts)
        ]
        replied = without_weak(list(zip(findings.question.parts, replies, strict=True)))
        draft = one_draft(speaker, with_person(speaker, replied))
        self._last = (findings, draft)
        return draft

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
        rule = _of_the_matter(speaker, part, best_rule(speaker, part, evidence))
        reply = conversion_reply(speaker, part) or difference_reply(speaker, part) or sum_reply(speaker, part)
        reply = reply or fallen_back(speaker, part, self._by_intent(speaker, part, evidence, rule), rule)
        reply = nearest_goods(speaker, part, evidence, reply)
        say_converted(speaker, reply, part)
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
        if part.intent is not Intent.HUMAN and hails(part.text):
            return small_talk_reply(speaker, replace(part, intent=Intent.GREETING))
        named = part.intent in _ASKS and (codes_named(speaker, part) or themes_named(speaker, part) or deals_named(speaker, part))
        certain = [p for s in part.subjects if s.certain and s.how != "carried" and (p := speaker.product(s.product_id))]
        if part.intent in _ASKS and (sized := size_reply(speaker, part, evidence)) is not None:
            return sized
        if (back := restock_reply(speaker, part, evidence)) is not None:
            return back
        if (told := of_deals_told(speaker, part, evidence)) is not None:
            return told
        if rule is not None and part.intent in _ASKS | {Intent.PROMOTION, Intent.STORE_INFO} and before_goods(part, rule):
            return rule_reply(speaker, part, rule)
        if named and not (certain and part.intent in (Intent.PRICE, Intent.AVAILABILITY) and not codes_named(speaker, part)):
            return promotion_reply(speaker, part, certain or pointed_at(speaker, part), evidence)
        for own in (browsing_reply(speaker, part, evidence), pick_reply(speaker, part), buying_reply(speaker, part, evidence, rule)):
            if own is not None:
                return own
        heard = part.intent in _MAY_BE_HEARD and (part.intent in _SMALL_OR_NOTHING or not speaker.findings.memory.pending)
        if heard and acknowledges(part.text):
            return acknowledged_reply(speaker)
        if rule is not None and goes_on(speaker, part, rule):
            return rule_reply(speaker, part, rule)
        if (continued := _of_the_matter(speaker, part, continued_rule(speaker, part))) is not None:
            return rule_reply(speaker, part, continued)
        if part.intent in _MAY_MEAN_DEALS and not answers(rule, least=RULE_SURE):
            deals = deals_asked(speaker, part, evidence)
            if deals is not None:
                return deals
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
            case Intent.GREETING | Intent.GOODBYE if acknowledges(part.text):
                return acknowledged_reply(speaker)
            case Intent.GREETING | Intent.THANKS | Intent.GOODBYE | Intent.CHITCHAT:
                return small_talk_reply(speaker, part)
            case Intent.OUT_OF_SCOPE if rule is not None and (answers(rule, least=RULE_SURE) or rule.hit.relevance >= RULE_NEAR):
                return rule_reply(speaker, part, rule)
            case Intent.OUT_OF_SCOPE:
                return out_of_scope_reply(speaker)
            case Intent.STORE_INFO:
                return store_reply(speaker, part, rule)
            case Intent.POLICY:
                return self._policy(speaker, part, evidence, rule)
            case Intent.PROMOTION:
                products = [p for s in part.subjects if (p := speaker.product(s.product_id))]
                named = codes_named(speaker, part) or themes_named(speaker, part)
                if not products and not named and rule is not None and _nearer_than_promotions(part, rule, evidence):
                    return rule_reply(speaker, part, rule)
                return promotion_reply(speaker, part, products, evidence)
            case Intent.COMPARE:
                return self._compare(speaker, part, evidence)
            case Intent.PRODUCT_SEARCH | Intent.RECOMMEND:
                return looked_for(speaker, part, evidence, rule, self._matching)
            case Intent.PRODUCT_QUESTION if part.topic is Topic.WARRANTY and len(part.subjects) == 1 and _in_general(speaker, part):
                return self._policy(speaker, part, evidence, rule)
            case Intent.PRICE | Intent.AVAILABILITY | Intent.PRODUCT_QUESTION:
                return about_product(speaker, part, evidence, rule, self._matching)
            case _:
                return unclear_part(speaker, part, evidence, rule, self._matching)

    def _policy(self, speaker: Speaker, part: Part, evidence: Evidence, rule: Rule | None) -> Reply:
        asked = part.asked or ((part.topic.value,) if part.topic else ())
        for subject in subjects_of(speaker, part)[:1]:
            product = speaker.product(subject.product_id)
            if product is not None and asked and stated(product, asked, speaker.language):
                return fact_reply(speaker, replace(part, asked=tuple(asked)), product, subject, evidence, rule)
            if product is not None and subject.certain and _own_rule(evidence, product, rule):
                return fact_reply(speaker, replace(part, asked=()), product, subject, evidence, None)
        if not (rule is not None and rule.entry is not None and answers(rule, least=RULE_SURE)):
            names = _names(speaker, part)
            said = part.said or part.text
            kind = kind_in_general(said, part.topic, names)
            general = overview(speaker, part, kind) if kind or asks_in_general(said, names) else None
            if general is not None:
                return general
        if rule is not None and (answers(rule) or (part.topic is not None and hints(rule) and _of_topic(rule, part))):
            return _with_price(speaker, part, rule_reply(speaker, part, rule))
        of_topic = topic_rule(speaker, part, evidence) if part.certainty >= TOPIC_CERTAIN else None
        if of_topic is not None:
            reply = _with_price(speaker, part, rule_reply(speaker, part, of_topic))
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
        if len(products) == 2 and asks_difference(part.text):
            subjects = part.subjects if len(part.subjects) == 2 else tuple(Subject(p.id, None, True, "reference") for p in products)
            return about_product(speaker, replace(part, intent=Intent.PRICE, subjects=subjects), evidence, None, self._matching)
        if len(products) == 1 and part.subjects and len(part.subjects[0].skus) > 1:
            return price_reply(speaker, part, products[0], part.subjects[0])  # "the 13 or the 15 inch laptop": variants differ in price
        if len(products) < 2 and (free := without_it(speaker, part)) is not None:
            return free
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


def _names(speaker: Speaker, part: Part) -> list[str]:
    return [title for s in part.subjects if (p := speaker.product(s.product_id)) for title in (p.id, *p.title.values())]


def _in_general(speaker: Speaker, part: Part) -> bool:
    """Whether nothing but the topic is asked of the goods: "and its warranty?", 保修呢."""
    return bool(kind_in_general(part.said or part.text, part.topic, _names(speaker, part)))


def _of_the_matter(speaker: Speaker, part: Part, rule: Rule | None) -> Rule | None:
    """The rule, unless it only is about the same product: how to wash the quilt does not answer how heavy it is."""
    if rule is None or part.intent is not Intent.PRODUCT_QUESTION or not part.subjects or not part.asked:
        return rule
    return rule if speaks_of(speaker, rule, part.asked) else None


_WITH_SERVICE = re.compile(
    r"\b(?:with|incl\w*|plus|and)\b.{0,20}\b(?:shipping|delivery|postage|(?:gift[- ]?)?wrap\w*|install\w*|assembl\w*|engrav\w*|set-?up)\b"
    r"|(?:含|包括|加上?|连|算上)(?:了|上)?(?:礼品)?(?:运费|邮费|快递费|包装|安装|组装|刻字)"
    r"|(?:寄|发|送|快递)到?.{1,10}(?:总共|一共|加起来|合计)|(?:总共|一共|加起来|合计).{0,8}(?:寄|发|送|运费|邮费)"
)


def _with_price(speaker: Speaker, part: Part, rule: Reply) -> Reply:
    """ "What do three of them cost with shipping?", "how much incl gift wrapping": the price first, then the rule."""
    certain = [s for s in subjects_of(speaker, part) if s.certain]
    memory = speaker.findings.memory
    if not part.subjects and speaker.product(memory.focus) is not None:
        certain = [Subject(memory.focus, memory.focus_sku or None, True, "carried")]
    if len(certain) != 1 or not _WITH_SERVICE.search(fold(part.text)) or not lexicon().intents["price"].any(tokens_of(part.text)):
        return rule
    product = speaker.product(certain[0].product_id)
    assert product is not None
    price = price_reply(speaker, part, product, certain[0])
    if price.outcome is not Outcome.ANSWERED:
        return rule
    both = merged([price, rule])
    both.focus, both.focus_sku = price.focus, price.focus_sku
    return both


def _own_rule(evidence: Evidence, product: Product, rule: Rule | None) -> bool:
    """What the product itself states about the matter ("Shipping date: 15 March") goes before a rule for everything that fits no better."""
    hit = next(iter(evidence.facts.get(product.id, ())), None)
    states = hit is not None and hit.passage.field.startswith(("attribute:", "option:"))
    return states and evidence.answerable >= OWN_RULE and evidence.answerable > (rule.fits if rule else 0.0)


def _nearer_than_promotions(part: Part, rule: Rule, evidence: Evidence) -> bool:
    """A rule about this very question ("is there a student discount?") that is nearer than every promotion. Where what is on is clearly asked
    for, it must be near by itself."""
    if not speaks_of_reductions(rule) or (evidence.promotions and asks_for_any(part.text)):
        return False
    best = max((hit.score for hit in evidence.promotions), default=0.0)
    near = rule.hit.relevance >= CLEARLY if part.meant.of("promotion") >= CLEARLY else answers(rule)
    return near and rule.hit.score > best


def _of_topic(rule: Rule, part: Part) -> bool:
    return rule.policy is not None and part.topic is not None and rule.policy.topic == part.topic.value
