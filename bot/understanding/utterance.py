"""One question of a message and what it is said against: the same for all who read it."""

from dataclasses import dataclass

from bot.understanding.question import Memory, Subject
from bot.understanding.shop_words import ShopWords
from bot.understanding.subjects import with_variants
from knowledge.folding import fold
from knowledge.phrases import Token
from retrieval.view import ShopView


@dataclass(frozen=True, slots=True)
class Utterance:
    """`row`: its words. `tag`: the language it is answered in. `corrected`: it takes something back ("no, I meant ...")."""

    text: str
    row: list[Token]
    memory: Memory
    view: ShopView
    words: ShopWords
    tag: str
    corrected: bool
    notes: list[str]
    """What was done, for the trace."""

    @property
    def folded(self) -> str:
        """The text as patterns read it."""
        return fold(self.text)

    def in_variants(self, subject: Subject) -> Subject:
        """The subject in the variants that the message names."""
        return with_variants(subject, self.text, self.view.products[subject.product_id])
