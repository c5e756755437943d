"""Yes and no in a sentence: "No, the HP-300 does not have noise cancelling." rather than "Noise cancelling: No"."""

from bot.answering.facts import Fact
from bot.answering.speaking import Speaker
from bot.understanding.question import Part
from knowledge.attribute_names import concept_of
from knowledge.verdicts import Verdict, is_bare, presence, says_free


def feature_sentence(speaker: Speaker, part: Part, name: str, fact: Fact, said: Verdict) -> str:
    """The sentence for a property that is there or not; "" for one that the wording has no words for, and for a question about its value.
    `name`: the product's."""
    concept = concept_of(fact.name)
    if said is Verdict.OPEN or concept is None or says_free(fact.name) or presence(fact.name, fact.value) is not said:
        return ""
    if part.asked_value and concept_of(part.asked_value) != concept:
        return ""
    form = next((form for form in ("has", "can") if f"feature.{form}_{concept}" in speaker.words), "")
    if not form:
        return ""
    feature = speaker.say(f"feature.{form}_{concept}")
    key = f"fact.{said.value}_{form}_feature"
    if is_bare(fact.value):
        return speaker.say(key, product=name, feature=feature)
    return speaker.say(f"{key}_value", product=name, feature=feature, value=fact.value.strip().rstrip("。."))
