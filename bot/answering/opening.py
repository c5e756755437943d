"""A shop's opening hours as people say them: the whole week, and when somebody is there again."""

from datetime import datetime

from bot.answering.answer import Citation
from bot.answering.wording import Wording
from knowledge.localized import pick
from knowledge.opening_hours import DAYS, OpeningHours, Spans, clock
from knowledge.shop_settings import opening_hours, shop_settings
from knowledge.store import Shop

SOURCE = "opening-hours"
"""The id under which an answer cites the shop's opening hours."""


def hours_words(shop: Shop, words: Wording, language: str, now: datetime) -> str:
    """When people are there: as the shop says it, else from its times; "" when it states neither. `language`: the customer's."""
    own = pick(shop_settings(shop).hours, language).strip()
    hours = opening_hours(shop)
    return own or (_week(hours, words, now) if hours is not None else "")


def back_words(shop: Shop, words: Wording, now: datetime) -> str:
    """That nobody is on duty, and when somebody is again; "" while somebody is, and for a shop that states no times."""
    opens = reopening(shop, now)
    hours = opening_hours(shop)
    if opens is None or hours is None:
        return ""
    return words.say("hours.back", when=_when(opens, now.astimezone(hours.zone), words), zone=hours.offset(opens))


def reopening(shop: Shop, now: datetime) -> datetime | None:
    """When somebody is there again, in the shop's zone; None while the shop is open, and when it states no times."""
    hours = opening_hours(shop)
    return None if hours is None or hours.is_open(now) else hours.next_opening(now)


def cite_hours(shop: Shop, words: Wording, language: str, now: datetime) -> tuple[Citation, ...]:
    """What a sentence about opening hours rests on."""
    hours, opens = opening_hours(shop), reopening(shop, now)
    own = pick(shop_settings(shop).hours, language).strip()
    texts = [own, _week(hours, words, now) if hours is not None else "", f"{opens:%Y-%m-%d %H:%M}" if opens is not None else ""]
    quote = " ".join(text for text in texts if text)
    return (Citation("policy", SOURCE, "hours", quote),) if quote else ()


def _week(hours: OpeningHours, words: Wording, now: datetime) -> str:
    items = [words.say("hours.item", days=_days(first, last, words), spans=_spans(spans, words)) for first, last, spans in hours.groups()]
    return words.say("hours.staffed", times=words.mark("semicolon").join(items), zone=hours.offset(now))


def _days(first: str, last: str, words: Wording) -> str:
    if (first, last) == (DAYS[0], DAYS[-1]):
        return words.say("hours.every_day")
    named = words.say(f"hours.{first}"), words.say(f"hours.{last}")
    return named[0] if first == last else words.say("hours.days", first=named[0], last=named[1])


def _spans(spans: Spans, words: Wording) -> str:
    return words.mark("comma").join(words.say("hours.span", opens=clock(span.start), closes=clock(span.end)) for span in spans)


def _when(opens: datetime, now: datetime, words: Wording) -> str:
    """ "tomorrow at 09:00", as seen from the shop's own day."""
    ahead, time = (opens.date() - now.date()).days, f"{opens:%H:%M}"
    if ahead == 0:
        return words.say("hours.today", time=time)
    if ahead == 1:
        return words.say("hours.tomorrow", time=time)
    if ahead < len(DAYS):
        return words.say("hours.on_day", day=words.say(f"hours.{DAYS[opens.weekday()]}"), time=time)
    return words.say("hours.on_date", date=f"{opens:%Y-%m-%d}", time=time)
