"""The forms of questions and answers, read from a few marks of the language: what kind of thing is asked for, and how a text answers.

None of it says what a text is about; the embedding and the shared words do. Chinese and English; other languages show no marks.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from knowledge.folding import fold

_AMOUNT = re.compile(
    r"\b(?:how (?:many|much|long|big|tall|wide|high|deep|thick|heavy|large|far|fast|old|loud|small|hot|cold|bright)|size|sizes|dimensions?|measure\w*"
    r"|weigh\w*|length|width|height|depth|diameter|thickness|capacity|age|inch\w*|wattage|voltage)\b"
    r"|多少|多大|多重|多长|多高|多宽|多厚|多久|几[个只条件寸年天小分升克岁档]|尺寸|重量|容量|长度|宽度|高度|直径|功率|电压"
)
_FIGURE = re.compile(r"\d|[一二三四五六七八九十两]+[个年天小分升克厘毫米]")
_YES_OR_NO = re.compile(
    r"^\s*(?:so |and |hi,? |hello,? )?(?:can|could|does|do|did|is|are|was|will|would|has|have|should|any(?:one|body)?)\b"
    r"|吗|是不是|有没有|能不能|能否|是否|可不可以|会不会|行不行"
)
_SAYS_SO = re.compile(
    r"^\s*(?:yes|no|yep|yup|nope|yeah|sure|absolutely|correct|it (?:does|is|will|can|should)|they (?:do|are|will)|not?)\b"
    r"|^\s*(?:是|对|可以|能|会|有|支持|没有|没|不)"
)
_HEDGED = re.compile(
    r"\b(?:not sure|don'?t know|do not know|i (?:guess|think|believe|assume|imagine|suppose)|no idea|might|maybe|probably|should|can'?t say|sorry"
    r"|assum\w+)\b|可能|也许|大概|应该|不确定|不清楚|不知道|估计|好像"
)
_OWN = re.compile(r"\b(?:i|my|we|our|i'm|i've)\b|我")
_ANSWER_FIRST = re.compile(
    r"^(?P<answer>.*?\S)\s*(?<=[\s。！？；.!?;])(?:question|q|问题|问)\s*[:：]\s*(?P<question>.+)$", re.IGNORECASE | re.DOTALL
)
_QUESTION_FIRST = re.compile(
    r"^\s*(?:question|q|问题|问)\s*[:：]\s*(?P<question>.+?)\s*(?:\banswer|\ba|回答|答)\s*[:：]\s*(?P<answer>.+)$",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class QuestionForm:
    """What kind of answer a question wants."""

    amount: bool
    """A figure: how many, how long, which size."""
    yes_or_no: bool

    @staticmethod
    def of(question: str) -> "QuestionForm":
        """Read from the question's words."""
        folded = fold(question)
        return QuestionForm(bool(_AMOUNT.search(folded)), bool(_YES_OR_NO.search(folded)))


@dataclass(frozen=True, slots=True)
class AnswerForm:
    """How a text that may answer is put."""

    answer: str
    """The text without the question that it answered."""
    question: str
    """What was asked, of a text that holds question and answer ("It does. Question: does it float?"); else ""."""
    figure: bool
    hedged: bool
    """Says that it isn't sure."""
    says_so: bool
    """Begins as an answer to yes or no."""
    own: bool
    """Tells of the writer."""
    asks: bool
    """Is a question itself."""

    @staticmethod
    @lru_cache(maxsize=16384)
    def of(text: str) -> "AnswerForm":
        """Read from the text's words; remembered, since a product's statements are read at each question."""
        told = _QUESTION_FIRST.match(text) or _ANSWER_FIRST.match(text)
        answer, question = (told["answer"].strip(), told["question"].strip()) if told else (text, "")
        folded = fold(answer)
        return AnswerForm(
            answer=answer,
            question=question,
            figure=bool(_FIGURE.search(text)),
            hedged=bool(_HEDGED.search(folded)),
            says_so=bool(_SAYS_SO.search(folded)),
            own=bool(_OWN.search(folded)),
            asks=not question and text.rstrip().endswith(("?", "？")),
        )
