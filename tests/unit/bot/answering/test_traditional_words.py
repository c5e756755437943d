"""A model that writes Traditional Chinese over a shop that writes Simplified: asked to, believed where it is honest and cut where it lies, as in Simplified.

The texts are those of model_texts.py, converted by OpenCC with Taiwan's phrases and quotation marks.
"""

from dataclasses import replace
from functools import cache

import opencc
import pytest

from bot.answering.answer import Engine
from bot.answering.composer import Findings
from bot.answering.extractive import ExtractiveComposer
from bot.answering.rendering import joined
from bot.answering.wording import load_wordings
from bot.answering.written import WrittenComposer
from knowledge.folding import fold, script_of
from tests.fakes.chat_model import ScriptedChatModel
from tests.fakes.spending import metered
from tests.unit.bot.answering.model_texts import Said, about, honest, lies
from tests.unit.bot.answering.test_written import PROMPTS, answered, written

HONEST = [said for said in honest() if said.findings.question.language == "zh"]
LIES = [said for said in lies() if said.findings.question.language == "zh"]
COMPOSER = ExtractiveComposer(load_wordings())


@cache
def converter() -> opencc.OpenCC:
    return opencc.OpenCC("s2twp")


def traditional(text: str) -> str:
    return str(converter().convert(text)).replace("“", "「").replace("”", "」")


def asked_in_traditional(said: Said) -> Findings:
    question = said.findings.question
    return replace(said.findings, question=replace(question, text=traditional(question.text), language="zh-Hant"))


async def test_honest_words_are_delivered() -> None:
    lost = []
    for said in HONEST:
        read, draft = await answered(written(traditional(said.text)), asked_in_traditional(said))
        if draft.engine is not Engine.MODEL:
            lost.append((traditional(said.text), read, draft.notes))
    assert len(HONEST) >= 50
    assert len(lost) <= 0.1 * len(HONEST), lost


async def test_no_lie_reaches_the_customer() -> None:
    through = []
    for lie in LIES:
        findings = asked_in_traditional(lie)
        read, _ = await answered(written(traditional(lie.text)), findings)
        own = joined(COMPOSER.draft(findings).statements)
        if fold(traditional(lie.marker)) in fold(read) and fold(traditional(lie.marker)) not in fold(own):
            through.append((lie.kind, traditional(lie.text), read))
    assert len(LIES) >= 80
    assert through == []


async def test_a_model_is_asked_for_traditional() -> None:
    for tag, wanted in (("zh-Hant", "Traditional characters"), ("zh", "Simplified")):
        model = ScriptedChatModel(script="KT-17E 現價 39.99 美元。", prompts=[])
        findings = about("kt-17e", "zh")
        findings = replace(findings, question=replace(findings.question, language=tag))
        await answered(WrittenComposer(metered(model), COMPOSER, PROMPTS), findings)
        assert wanted in str(model.prompts[-1][0].content)


@pytest.mark.parametrize("product", ["kt-17e", "bp-18", "eb-5", "li-dl9", "be-weighted"])
def test_the_composer_says_line_by_line_what_it_says_in_simplified(product: str) -> None:
    findings = about(product, "zh")
    other = replace(findings, question=replace(findings.question, language="zh-Hant"))
    plain, hant = COMPOSER.draft(findings), COMPOSER.draft(other)
    assert len(plain.statements) == len(hant.statements)
    assert (plain.outcome, plain.product_skus, plain.confidence) == (hant.outcome, hant.product_skus, hant.confidence)
    assert script_of("".join(hant.quick_replies)) == "Hant"
