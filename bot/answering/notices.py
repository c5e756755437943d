"""The fixed sentences that are no answer: greetings, waiting, apologies. The shop's own words where it has them, else prompts/replies."""

from bot.answering.wording import Wordings
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
        hello = own or self._wordings.of(language).say("small.greeting", shop=pick(shop.name, language))
        return hello

    def nobody_came(self, shop: Shop, language: str) -> str:
        """Said once, when nobody came within the minutes set: where may we reach you?"""
        return pick(shop_settings(shop).contact_question, language) or self.say("nobody_came", language)
