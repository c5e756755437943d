"""When something comes back: what is there now, and the shop's own words about waiting for it."""

import re

from bot.answering.joining import merged
from bot.answering.one_product import subjects_of
from bot.answering.reply import Reply
from bot.answering.rules import Rule, language_of, rule_reply, rules_found
from bot.answering.speaking import Speaker
from bot.answering.stock import stock_reply
from bot.answering.thresholds import RULE_SAYS
from bot.understanding.question import Intent, Part
from knowledge.folding import fold
from knowledge.localized import pick
from knowledge.store import DocumentKind
from retrieval.retriever import DocumentHit, Evidence

_WHEN_BACK = re.compile(
    r"补货|来货|再上架|(?:什么时候|啥时候?|几时|多久|几号|哪天|何时)[^，,。?？]{0,6}(?:有货|到货|再有|还有|上新|补|有(?![^，,。?？]))"
    r"|\brestock\w*|\bback in stock\b|\b(?:is|are|be|comes?|coming) back in\b"
    r"|(?<!until )(?<!till )(?<!til )(?<!by )\bwhen\b(?!.{0,30}\b(?:i|we|me|my|money|refund\w*|send\w*|sent|bring\w*|brought|give|given|take\w*|paid|cash)\b.{0,30}\bback\b)"
    r".{0,40}\b(?:available|in stock|back|get more|more in)\b"
)
"""Until when something may come back, or who sends it or its price back, is no question about stock."""
_RULED = re.compile(
    r"断货|缺货|没货|补货|到货|售罄|卖完|\bout[- ]of[- ]stock\b|\bsold[- ]out\b|\brestock\w*|\b(?:be|come|are|is) back\b|\bback in stock\b|\bnotif\w+"
)


def restock_reply(speaker: Speaker, part: Part, evidence: Evidence) -> Reply | None:
    """The answer to "when is it back?"; None where that is not asked, or the shop has no word about it."""
    if part.intent not in {Intent.AVAILABILITY, Intent.PRODUCT_QUESTION, Intent.POLICY, Intent.UNCLEAR} or not _WHEN_BACK.search(
        fold(part.text)
    ):
        return None
    language = speaker.findings.question.language
    waiting = {entry.id: entry for entry in speaker.findings.view.faq.values() if _RULED.search(fold(pick(entry.question, language)))}
    if not waiting:
        return None
    rule = next((rule for rule in rules_found(speaker, part, evidence) if rule.entry is not None and rule.entry.id in waiting), None)
    if rule is None:
        entry = next(iter(waiting.values()))
        rule = Rule(DocumentHit(DocumentKind.FAQ, entry.id, 0.0, ()), RULE_SAYS, language_of(entry.answer, language), entry=entry)
    certain = [s for s in subjects_of(speaker, part) if s.certain]
    product = speaker.product(certain[0].product_id) if len(certain) == 1 else None
    if product is None:
        return rule_reply(speaker, part, rule)
    stock = stock_reply(speaker, part, product, certain[0], Evidence())
    both = merged([stock, rule_reply(speaker, part, rule)])
    both.focus, both.focus_sku = product.id, stock.focus_sku
    return both
