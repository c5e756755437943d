"""Greetings and the edges of what a shop's assistant talks about, in the shop's voice."""

from bot.answering.answer import Outcome
from bot.answering.opening import cite_hours
from bot.answering.people import hours_text, own_words
from bot.answering.range import categories
from bot.answering.reply import Reply
from bot.answering.rules import Rule, answers, rule_reply
from bot.answering.speaking import Speaker
from bot.answering.thresholds import ABSTAINED, QUICK_REPLIES, SMALL_TALK
from bot.understanding.lexicon import lexicon
from bot.understanding.question import Intent, Part
from knowledge.localized import pick
from knowledge.shop_settings import shop_settings


def small_talk_reply(speaker: Speaker, part: Part) -> Reply:
    """greeting, thanks, goodbye, chitchat."""
    reply = Reply(Outcome.ANSWERED, SMALL_TALK)
    match part.intent:
        case Intent.GREETING if speaker.findings.memory.turns == 0:
            own = pick(shop_settings(speaker.findings.view.shop).greeting, speaker.findings.question.language).strip()
            reply.say(own or speaker.say("small.greeting", shop=shop_name(speaker)), *own_words("greeting", own))
            reply.quick_replies = own_chips(speaker)
        case Intent.GREETING:
            reply.say(speaker.say("small.greeting_again"))
            reply.quick_replies = own_chips(speaker)
        case Intent.THANKS:
            reply.say(speaker.say("small.thanks"))
        case Intent.GOODBYE:
            reply.say(speaker.say("small.goodbye", shop=shop_name(speaker)))
        case _:
            asks = lexicon().words["asks_to_ask"].any(part.text)
            reply.say(speaker.say("small.help") if asks else speaker.say("small.chitchat", shop=shop_name(speaker)))
            reply.say(what_we_do(speaker))
            reply.quick_replies = own_chips(speaker)
    return reply


def acknowledged_reply(speaker: Speaker) -> Reply:
    """After "ok": a word back, and nothing pushed on anybody."""
    reply = Reply(Outcome.ANSWERED, SMALL_TALK)
    reply.say(speaker.say("small.acknowledged"))
    return reply


def out_of_scope_reply(speaker: Speaker) -> Reply:
    """One polite line that says what the assistant is for."""
    reply = Reply(Outcome.ABSTAINED, ABSTAINED)
    reply.say(speaker.say("small.out_of_scope"))
    reply.say(what_we_do(speaker))
    reply.quick_replies = own_chips(speaker)
    return reply


def unclear_reply(speaker: Speaker) -> Reply:
    """Asks back with things the shop can answer."""
    reply = Reply(Outcome.ASKED_BACK, ABSTAINED, pending={"kind": "unclear"})
    reply.say(speaker.say("ask.unclear"))
    reply.say(what_we_do(speaker))
    reply.quick_replies = own_chips(speaker)
    return reply


def store_reply(speaker: Speaker, part: Part, rule: Rule | None) -> Reply:
    """About the shop itself: its FAQ and policies first, then hours and contact from its settings."""
    if rule is not None and answers(rule):
        return rule_reply(speaker, part, rule)
    reply = Reply(Outcome.ANSWERED, 0.6)
    findings = speaker.findings
    settings = shop_settings(findings.view.shop)
    if hours := hours_text(speaker):
        reply.say(hours, *cite_hours(findings.view.shop, speaker.words, findings.question.language, findings.now))
    ways = [way for way in (settings.contact_email, settings.contact_phone) if way]
    if ways:
        contact = speaker.mark("slash").join(ways)
        reply.say(speaker.say("small.contact", contact=contact), *own_words("contact", contact))
    if reply.statements:
        return reply
    reply.outcome, reply.confidence, reply.gap = Outcome.ABSTAINED, ABSTAINED, "not stated: about the shop"
    reply.say(speaker.say("small.store_unknown"))
    reply.quick_replies.append(speaker.say("chip.person"))
    return reply


def what_we_do(speaker: Speaker) -> str:
    """Names the shop's goods and what else can be asked."""
    kinds = categories(speaker)
    if not kinds:
        return speaker.say("small.can_do_plain")
    return speaker.say("small.can_do", categories=speaker.words.listed(kinds))


def own_chips(speaker: Speaker) -> list[str]:
    """The shop's own suggestions in the customer's language."""
    by_language = shop_settings(speaker.findings.view.shop).quick_replies
    tag = speaker.findings.question.language
    chips = by_language.get(tag) or by_language.get(tag.split("-", maxsplit=1)[0]) or by_language.get(speaker.language) or ()
    return [chip for chip in chips if chip.strip()][:QUICK_REPLIES]


def shop_name(speaker: Speaker) -> str:
    """The shop's name in the customer's language."""
    return pick(speaker.findings.view.shop.name, speaker.findings.question.language) or speaker.findings.view.shop.slug
