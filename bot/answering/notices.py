"""The fixed sentences that are no answer: greetings, waiting, apologies. The shop's own words where it has them, else prompts/replies."""

from datetime import datetime

from bot.answering.opening import back_words
from bot.answering.wording import Wording, Wordings
from knowledge.localized import pick
from knowledge.shop_settings import shop_settings
from knowledge.store import Shop


class Notices:
    """What a customer is told outside an answer."""

    def __init__(self, wordings: Wordings) -> None:
        self._wordings = wordings

    def say(self, key: str, language: str) -> str:
        """The sentence [notice] `key` in that language."""
        return self._wordings.of(language).say(f"notice.{key}")

    def greeting(self, shop: Shop, language: str) -> str:
        """The shop's greeting; it says that this is an assistant, and what is kept."""
        settings = shop_settings(shop)
        own = pick(settings.greeting, language)
        return own or self._toned(shop, language).say("small.greeting", shop=pick(shop.name, language))

    def waiting(self, shop: Shop, language: str, now: datetime, *, present: bool) -> str:
        """Said when somebody asked for a person: one is fetched, or when somebody is there again. `present`: somebody of the staff is."""
        words = self._toned(shop, language)
        return ("" if present else back_words(shop, words, now)) or words.say("notice.waiting")

    def nobody_came(self, shop: Shop, language: str) -> str:
        """Said once, when nobody came within the minutes set: where may we reach you?"""
        return pick(shop_settings(shop).contact_question, language) or self.say("nobody_came", language)

    def _toned(self, shop: Shop, language: str) -> Wording:
        return self._wordings.of(language, shop_settings(shop).tone)
