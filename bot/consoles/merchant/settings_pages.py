"""The page of a shop's settings: one form for each group, each saved by itself, and who changed what."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from bot.consoles.access import Right, Who
from bot.consoles.merchant.sections import ShopPages
from bot.consoles.merchant.setting_changes import change_settings, settings_history
from bot.consoles.merchant.settings_form import CURRENCIES, LANGUAGES, areas, languages_of, patch_of, typed_of
from bot.consoles.merchant.shown_changes import Piece, compared
from bot.consoles.shared.pages import HEADERS
from bot.consoles.shared.words import Words
from bot.errors import InvalidInput, NotFound, PreconditionFailed
from knowledge.errors import InvalidSetting
from knowledge.opening_hours import DAYS, SPANS_OF_A_DAY
from knowledge.shop_checks import SUBJECTS
from knowledge.shop_editing import GROUPS, changed_shop, differences, fingerprint
from knowledge.shop_settings import TONES
from knowledge.store import Shop

SHOWN = 20
"""Changes of the history."""
SEE_OTHER = 303

Beside = tuple[str, tuple[Piece, ...]]
"""What a setting is called, and its two values as one text with what differs marked."""


def settings_page_routes(shown: ShopPages) -> APIRouter:
    """/console/{shop}/settings and what is under it; mount it without prefix."""
    parts, pages = shown.parts, shown.pages
    router = APIRouter(prefix="/console/{slug}/settings", include_in_schema=False, route_class=pages.route())

    @router.get("")
    async def show(slug: str, request: Request, done: str = "") -> Response:
        who, shop = await parts.open(request, slug, Right.READ_KNOWLEDGE)
        return await page(request, who, shop, typed_of(shop), done=done if done in GROUPS else "")

    @router.post("/{group}")
    async def change(slug: str, group: str, request: Request) -> Response:
        """Saves one group; or the page again, with what was typed and a sentence that says what is wrong with it."""
        who, shop = await parts.open(request, slug, Right.EDIT_SETTINGS)
        if group not in GROUPS:
            raise NotFound("There is no such form.", code="no_form")
        typed = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
        words = pages.words_of(request)
        patch = patch_of(group, typed, languages_of(shop))
        try:
            await change_settings(parts, who, shop, patch, expected=typed.get("expected", "none"), names=GROUPS[group])
        except InvalidSetting as wrong:
            sentence = words.error(f"setting_{wrong.code}", str(wrong), **wrong.details)
            problem = words("settings.problem", setting=label_of(wrong.field, words), sentence=sentence)
            return await again(request, who, shop, group, typed, problem, status=InvalidInput.status)
        except PreconditionFailed:
            # What was typed stays on the page, what stands there now beside it; saving once more is a decision.
            now = await parts.store.shop_by_id(shop.id) or shop
            beside = _beside(now, patch, words)
            return await again(request, who, now, group, typed, words("settings.conflict"), beside, status=PreconditionFailed.status)
        return RedirectResponse(f"/console/{shop.slug}/settings?done={group}#{group}", status_code=SEE_OTHER, headers=HEADERS)

    async def again(
        request: Request,
        who: Who,
        shop: Shop,
        group: str,
        typed: Mapping[str, str],
        problem: str,
        beside: Sequence[Beside] = (),
        *,
        status: int,
    ) -> Response:
        others = {name: value for name, value in typed_of(shop).items() if group_of(name) != group}
        return await page(request, who, shop, {**others, **typed}, group=group, problem=problem, beside=beside, status=status)

    async def page(
        request: Request,
        who: Who,
        shop: Shop,
        typed: Mapping[str, str],
        *,
        group: str = "",
        problem: str = "",
        beside: Sequence[Beside] = (),
        done: str = "",
        status: int = 200,
    ) -> Response:
        words = pages.words_of(request)
        changes = await settings_history(parts, shop, SHOWN)
        return await shown.render(
            request,
            "settings.html",
            who,
            shop,
            "settings",
            status=status,
            typed=_Typed(typed),
            expected={name: fingerprint(shop, names) for name, names in GROUPS.items()},
            groups=list(GROUPS),
            may_set=who.may(Right.EDIT_SETTINGS, shop.id),
            languages=languages_of(shop),
            offered=list(dict.fromkeys([*LANGUAGES, *shop.languages])),
            currencies=list(dict.fromkeys([shop.currency, *CURRENCIES])),
            tones=TONES,
            budget=await parts.spending.budget(shop) if parts.spending is not None else None,
            days=DAYS,
            spans=range(SPANS_OF_A_DAY),
            areas=areas(),
            subjects=SUBJECTS,
            wrong=group,
            problem=problem,
            beside=beside,
            done=done,
            history=[
                (one, [(label_of(name, words), _marked(old, new, words)) for name, (old, new) in one.settings.items()]) for one in changes
            ],
        )

    return router


def group_of(field: str) -> str:
    """The form that a field stands in."""
    name = field.partition(":")[0]
    return next((group for group, names in _FIELDS.items() if name in names), "")


_FIELDS: Mapping[str, tuple[str, ...]] = {
    "shop": ("name", "language", "first_language", "currency", "amounts_in"),
    "voice": GROUPS["voice"],
    "hours": ("timezone", "closed", "hours_text", *DAYS),
    "handoff": (
        "words", "words_queue", "subject", "subjects_queue", "amount", "amount_currency", "amount_queue", "misses", "wait_minutes",
        "contact_question",
    ),
    "answers": GROUPS["answers"],
    "spending": GROUPS["spending"],
    "contact": GROUPS["contact"],
}  # fmt: skip


def label_of(setting: str, words: Words) -> str:
    """What a setting is called: "handoff.words", "greeting.en" → in words, with the language where it is of one."""
    parts = setting.split(".")
    for length in (2, 1):
        key = "settings.s_" + "_".join(parts[:length])
        if key in words:
            rest = [words.named("language", part) if f"hours.{part}" not in words else words(f"hours.{part}") for part in parts[length:]]
            return " · ".join([words(key), *rest])
    return setting


def _beside(now: Shop, patch: Mapping[str, Any], words: Words) -> list[Beside]:
    """Setting by setting what stands there now and what was typed instead."""
    try:
        mine = changed_shop(now, patch)
    except InvalidSetting:
        return []
    return [(label_of(name, words), _marked(theirs, yours, words)) for name, (theirs, yours) in differences(now, mine).items()]


def _marked(old: Any, new: Any, words: Words) -> tuple[Piece, ...]:
    """Both values as one text; of what has parts (languages, days), only those that differ."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        differ = [name for name in {**old, **new} if old.get(name) != new.get(name)]
        old, new = ({name: value[name] for name in differ if name in value} for value in (old, new))
    return compared(_plain(old, words), _plain(new, words))


def _plain(value: Any, words: Words) -> str:
    """A value as people read it."""
    if isinstance(value, bool):
        return words("settings.yes" if value else "settings.no")
    if isinstance(value, Mapping):
        told = [(_word(str(name), words), _plain(inner, words)) for name, inner in value.items()]
        return "\n".join(f"{name}: {text}" for name, text in told if text)
    if isinstance(value, list):
        return ", ".join(_plain(inner, words) for inner in value)
    return "" if value is None else _word(str(value), words)


def _word(value: str, words: Words) -> str:
    """What a day, a language, a tone, a subject or a part of a rule is called; other texts as they are."""
    keys = (f"hours.{value}", f"settings.tone_{value}", f"settings.subject_{value}", f"settings.p_{value}", f"language.{value.lower()}")
    return next((words(key) for key in keys if key in words), value)


class _Typed(dict[str, str]):
    """What a form holds; what was not typed is empty."""

    def __missing__(self, key: str) -> str:
        return ""
