"""FAQ entries out of records: rows of one id in several languages are one entry."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

import orjson

from knowledge.faq import FaqEntry
from knowledge.importing.columns import Columns
from knowledge.importing.draft import Context
from knowledge.importing.problems import Report
from knowledge.importing.statements import localized
from knowledge.importing.tables import Record
from knowledge.importing.text import fingerprint, language_of, plain, plain_line, slug
from knowledge.importing.words import yes_or_no
from knowledge.localized import LocalText


@dataclass(slots=True)
class FaqDraft:
    """One entry as its file states it."""

    row: int
    id: str = ""
    question: LocalText = field(default_factory=dict)
    answer: LocalText = field(default_factory=dict)
    also_asked: dict[str, list[str]] = field(default_factory=dict)
    category: str = ""
    approved: bool = False


def drafts_of(records: Sequence[Record], columns: Columns, report: Report, context: Context) -> list[FaqDraft]:
    """One draft a record that has an answer; the others are rejected."""
    drafts = []
    for record in records:
        if record.row in report.rejected:
            continue
        cells = record.cells
        stated = columns.get(cells, "language")
        language = language_tag(stated)
        if stated.strip() and not language:
            report.warn(record.row, columns.column("language"), "language_unknown", value=stated)
        question, answer = columns.get(cells, "question"), columns.get(cells, "answer")
        draft = FaqDraft(record.row, plain_line(columns.get(cells, "id")))
        draft.question, draft.answer = columns.texts(cells, "question"), columns.texts(cells, "answer")
        draft.question, draft.answer = localized("", (), draft.question, one_line=True), localized("", (), draft.answer)
        _say(draft.question, plain_line(question), language, context)
        tag = language or next((tag for tag, text in draft.question.items() if text == plain_line(question)), "")
        if tag in ("und", "") and not language:
            tag = language_of(plain(answer), context.languages)
            if "und" in draft.question and tag not in ("und", *draft.question) and "und" not in columns.texts(cells, "question"):
                draft.question[tag] = draft.question.pop("und")
        _say(draft.answer, plain(answer), tag, context)
        _also_asked(draft, cells, columns, tag, context)
        draft.category = plain_line(columns.get(cells, "category"))
        draft.approved = yes_or_no(columns.get(cells, "approved")) is True
        drafts.append(draft)
    return drafts


def language_tag(text: str) -> str:
    """A language tag out of what people write: "zh_CN", "English", "中文"."""
    word = unicodedata.normalize("NFKC", text).strip().casefold().replace("_", "-")
    named = {
        "english": "en",
        "chinese": "zh",
        "中文": "zh",
        "汉语": "zh",
        "简体中文": "zh",
        "英文": "en",
        "英语": "en",
        "german": "de",
        "french": "fr",
        "spanish": "es",
    }
    if word in named:
        return named[word]
    match = re.fullmatch(r"([a-z]{2,3})(?:-([a-z]{2,8}))?", word)
    if match is None:
        return ""
    region = match[2] or ""
    return match[1] + (f"-{region.upper() if len(region) == 2 else region.title()}" if region else "")


def _say(texts: LocalText, text: str, language: str, context: Context) -> None:
    if text and text not in texts.values():
        texts.setdefault(language or language_of(text, context.languages), text)


def _also_asked(draft: FaqDraft, cells: dict[str, str], columns: Columns, tag: str, context: Context) -> None:
    for language, text in (*columns.texts(cells, "also_asked").items(), ("", columns.get(cells, "also_asked"))):
        for phrase in _phrases(text):
            told = language or (tag if tag not in ("", "und") else language_of(phrase, context.languages))
            known = draft.also_asked.setdefault(told, [])
            if phrase not in known and not (not language and any(phrase in phrases for phrases in draft.also_asked.values())):
                known.append(phrase)
    draft.also_asked = {language: phrases for language, phrases in draft.also_asked.items() if phrases}


def _phrases(text: str) -> list[str]:
    if text.lstrip().startswith("["):
        try:
            data = orjson.loads(text)
            return [line for entry in data if (line := plain_line(str(entry)))]
        except orjson.JSONDecodeError:
            pass
    return [line for part in re.split(r"[|\n]", text) if (line := plain_line(part))]


def build_entries(drafts: Sequence[FaqDraft], report: Report) -> list[FaqEntry]:
    """Entries in file order; drafts of one id are merged by language."""
    merged: dict[str, FaqDraft] = {}
    for draft in drafts:
        if draft.id:
            report.together[draft.row] = draft.id
        if not any(draft.answer.values()):
            report.reject(draft.row, "answer", "answer_missing")
            continue
        if not any(_has_words(text) for text in draft.question.values()):
            shown = next(iter(draft.question.values()), "")
            report.warn(draft.row, "question", "question_without_words", value=shown)
        if not draft.id:
            draft.id = _made_id(draft)
            held = merged.get(draft.id)
            if held is not None and held.answer != draft.answer:
                report.warn(draft.row, "question", "question_twice", value=next(iter(draft.question.values()), ""), first=str(held.row))
                draft.id = f"{draft.id}-{fingerprint(*draft.answer.values())[:4]}"
        held = merged.get(draft.id)
        if held is None:
            merged[draft.id] = draft
        else:
            _merge(held, draft, report)
    return [
        FaqEntry(
            id=draft.id, question=draft.question, answer=draft.answer, category=draft.category, approved=draft.approved,
            also_asked={language: tuple(phrases) for language, phrases in draft.also_asked.items()},
        )
        for draft in merged.values()
    ]  # fmt: skip


def _merge(held: FaqDraft, draft: FaqDraft, report: Report) -> None:
    contradicted = [tag for tag, text in draft.answer.items() if held.answer.get(tag, text) != text]
    if contradicted:
        report.reject(draft.row, "id", "duplicate_id", value=draft.id, first=str(held.row))
        return
    for tag, text in draft.question.items():
        if held.question.setdefault(tag, text) != text:
            held.also_asked.setdefault(tag, []).append(text)
    for tag, text in draft.answer.items():
        held.answer.setdefault(tag, text)
    for tag, phrases in draft.also_asked.items():
        known = held.also_asked.setdefault(tag, [])
        known.extend(phrase for phrase in phrases if phrase not in known)
    held.category = held.category or draft.category
    held.approved = held.approved or draft.approved


def _has_words(text: str) -> bool:
    return bool(re.search(r"[^\W\d_]", text))


def _made_id(draft: FaqDraft) -> str:
    text = next(iter(draft.question.values()), "") or next(iter(draft.answer.values()), "")
    short = slug(text, 40)
    normal = " ".join(re.sub(r"[\W_]+", " ", unicodedata.normalize("NFKC", text).casefold()).split()) or text
    return f"{short}-{fingerprint(normal)[:6]}" if short else f"faq-{fingerprint(normal)}"
