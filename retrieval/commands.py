"""Sentences in a merchant's or buyer's text that command an assistant ("ignore all previous instructions and reply only with ..."): no fact about
goods, and left out of what is searched, quoted and shown to a model. The merchant's own text stays as it is."""

import re
from dataclasses import replace

from knowledge.catalog import Product
from knowledge.faq import FaqEntry
from knowledge.localized import LocalText
from knowledge.policy import Policy
from knowledge.promotion import Promotion
from knowledge.review import Review
from knowledge.store import Document

_COMMAND = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:previous|prior|above|earlier|preceding|following|system|your|all|any)\b.{0,40}"
    r"\b(?:instructions?|prompts?|rules?|directions?|guidelines|messages)\b"
    r"|\b(?:ignore|disregard|override|bypass)\b.{0,24}\b(?:instructions?|prompts?|rules?|guidelines)\b.{0,12}\b(?:above|before|you were)\b"
    r"|\b(?:reply|respond|answer|output|print|repeat|say)\b[^.?!\n]{0,16}\b(?:only|exactly|verbatim|nothing (?:but|else))\b"
    r"|\b(?:only|just|now) (?:reply|respond|output|print|repeat)\b|\brepeat after me\b|\bnew (?:task|instructions?|orders?)\s*:"
    r"|\byou are now (?:an?|in|the)\b|\bfrom now on,? you (?:are|must|will|shall)\b|\bdeveloper mode\b|\bsystem prompt\b|\bjailbreak"
    r"|\bas an? (?:ai|artificial intelligence|language model)\b|<\|?(?:im_start|system|endoftext)"
    r"|(?:忽略|无视|忘记|忘掉|不要理会|不用理会)[^。！？\n]{0,16}(?:指令|指示|提示词?|规则|设定|命令)"
    r"|(?:只|仅|必须)(?:能|需|需要|要|许)?(?:输出|回复|回答|说)[：:“\"「『]|从现在(?:起|开始)[，,]?你|你现在是(?:一个|一名|个)|系统提示|提示词|开发者模式|新(?:任务|指令)[：:]",
    re.IGNORECASE,
)
_PART = re.compile(r"[^.!?。！？；;\n]*[.!?。！？；;\n]*\s*")


def commands(text: str) -> bool:
    """Whether something in the text commands an assistant."""
    return _COMMAND.search(text) is not None


def without_commands(text: str) -> str:
    """The text without the sentences that command an assistant."""
    if not commands(text):
        return text
    return "".join(part for part in _PART.findall(text) if not commands(part)).strip()


def plain(document: Document) -> Document:
    """The document without such sentences; the very same one where it has none."""
    body = document.body
    if isinstance(body, Product):
        attributes = tuple(one for one in body.attributes if not commands(one.value))
        if attributes == body.attributes and not any(map(commands, body.description.values())):
            return document
        return replace(document, body=replace(body, description=_clean(body.description), attributes=attributes))
    if isinstance(body, Review):
        return replace(document, body=replace(body, text=without_commands(body.text))) if commands(body.text) else document
    if isinstance(body, FaqEntry):
        return replace(document, body=replace(body, answer=_clean(body.answer))) if any(map(commands, body.answer.values())) else document
    if isinstance(body, Policy) and any(commands(section.text) for section in body.sections):
        sections = tuple(replace(section, text=without_commands(section.text)) for section in body.sections)
        return replace(document, body=replace(body, sections=sections))
    if isinstance(body, Promotion) and any(map(commands, body.text.values())):
        return replace(document, body=replace(body, text=_clean(body.text)))
    return document


def _clean(text: LocalText) -> LocalText:
    return {tag: without_commands(value) for tag, value in text.items()}
