"""What a shop sets for a language model: the voice it is told, and whether it is asked at all."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.answering.answer import Engine
from bot.answering.composer import Draft, Findings
from bot.answering.extractive import ExtractiveComposer
from bot.answering.wording import load_wordings
from bot.answering.written import VOICES, WrittenComposer
from bot.language_model.prompting import Prompts
from bot.understanding.question import Intent, Memory, Question, Subject
from tests.fakes.chat_model import ScriptedChatModel
from tests.fakes.spending import metered
from tests.unit.bot.answering.stall import STALL
from tests.unit.bot.answering.talks import NOW, a_part

PROMPTS = Prompts(Path(__file__).parents[4] / "prompts")
SAID = "For the black KT-17E you pay $39.99."


def told(**settings: Any) -> Findings:
    view = replace(STALL, shop=replace(STALL.shop, settings={**STALL.shop.settings, **settings}))
    part = a_part(Intent.PRICE, "how much is the black kettle", Subject("kt-17e", "KT17E-BK"))
    return Findings(view, Question(part.text, "en", (part,)), (), dict(view.offers), Memory(), NOW)


async def worded(findings: Findings) -> tuple[Draft, ScriptedChatModel]:
    model = ScriptedChatModel(script=SAID, prompts=[])
    composer = WrittenComposer(metered(model), ExtractiveComposer(load_wordings()), PROMPTS)
    pieces = [piece async for piece in composer.compose(findings)]
    assert isinstance(pieces[-1], Draft)
    return pieces[-1], model


@pytest.mark.parametrize("tone", sorted(VOICES))
async def test_the_voice_and_the_tone_are_told_to_the_model(tone: str) -> None:
    _, model = await worded(told(voice={"en": "Like a sailor."}, tone=tone))
    instructions = str(model.prompts[0][0].content)
    assert "Like a sailor." in instructions and VOICES[tone] in instructions
    _, model = await worded(told())
    assert not any(voice in str(model.prompts[0][0].content) for voice in VOICES.values())


async def test_the_model_is_not_asked_for_what_the_composer_is_sure_of_where_the_shop_puts_it_first() -> None:
    draft, model = await worded(told())
    assert draft.engine is Engine.MODEL and len(model.prompts) == 1
    draft, model = await worded(told(composer_first=True))
    assert draft.engine is Engine.COMPOSER and model.prompts == []
    assert "39.99" in draft.statements[0].text
