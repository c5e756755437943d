"""When a person is needed or wanted, and what the shop keeps of a customer."""

from dataclasses import replace

from bot.answering.answer import USUAL_QUEUE, Citation, Engine, Handoff, HandoffReason, Outcome
from bot.answering.opening import back_words, cite_hours, hours_words, reopening
from bot.answering.reply import Reply
from bot.answering.rules import Rule, answers, rule_reply
from bot.answering.speaking import Speaker
from bot.answering.thresholds import RULE_SURE, SURE
from bot.understanding.question import Part
from knowledge.localized import pick
from knowledge.shop_settings import shop_settings


def person_reply(speaker: Speaker, reason: HandoffReason, opening: str, queue: str = "") -> Reply:
    """Fetches a person: what happens now, or when somebody is there and how to be reached. `opening`: key of the first sentence, "" none;
    `queue`: where the customer waits, "" in the usual one."""
    findings = speaker.findings
    shop = findings.view.shop
    opens = None if findings.staff_present else reopening(shop, findings.now)
    wait = max(1, int((opens - findings.now).total_seconds())) if opens is not None else None
    reply = Reply(Outcome.HANDED_OFF, SURE, handoff=Handoff(reason, queue or USUAL_QUEUE, wait))
    if opening:
        reply.say(speaker.say(opening))
    cited = cite_hours(shop, speaker.words, findings.question.language, findings.now)
    if findings.waiting:
        reply.say(speaker.say("person.already"))
    elif findings.staff_present:
        reply.say(speaker.say("person.coming"))
    elif opens is not None:
        reply.say(back_words(shop, speaker.words, findings.now), *cited)
    else:
        reply.say(speaker.say("person.nobody"))
    if not findings.staff_present:
        if opens is None or findings.waiting:
            reply.say(hours_text(speaker), *cited)
        if not findings.waiting:
            reply.say(speaker.say("person.where_reached"))
    return reply


def order_reply(speaker: Speaker, part: Part, rule: Rule | None, reason: HandoffReason) -> Reply:
    """An order or account that exists, or a complaint: the rule that helps where there is one, and a person in any case."""
    reply = person_reply(speaker, reason, f"person.{reason.value}")
    if rule is not None and answers(rule):
        helping = rule_reply(speaker, part, rule)
        offset = helping.statements[-1].block + 1
        reply.statements = [*helping.statements, *(replace(s, block=s.block + offset) for s in reply.statements)]
    return reply


def privacy_reply(speaker: Speaker, part: Part, rule: Rule | None) -> Reply:
    """What is kept, and how it is erased."""
    reply = Reply(Outcome.ANSWERED, SURE)
    if rule is not None and answers(rule, least=RULE_SURE):
        reply = rule_reply(speaker, part, rule)
        reply.topic, reply.engine, reply.merchants = None, Engine.COMPOSER, False
    else:
        notice = pick(shop_settings(speaker.findings.view.shop).privacy_notice, speaker.findings.question.language)
        reply.say(notice.strip() or speaker.say("privacy.kept"), *own_words("privacy-notice", notice))
    reply.say(speaker.say("privacy.erase"), line=bool(reply.statements))
    reply.quick_replies.append(speaker.say("chip.person"))
    return reply


def hours_text(speaker: Speaker) -> str:
    """When people are there; "" when the shop does not state it."""
    findings = speaker.findings
    return hours_words(findings.view.shop, speaker.words, findings.question.language, findings.now)


def own_words(id: str, text: str) -> tuple[Citation, ...]:
    """What a sentence that the shop set itself is cited as, where figures stand in it."""
    return (Citation("policy", id, "text", text),) if any(sign.isdigit() for sign in text) else ()
