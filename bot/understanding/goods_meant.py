"""Which goods a question is about: those it names, those it points at, or both set side by side."""

import re
from dataclasses import replace

from bot.understanding import references
from bot.understanding.another_called import another_called
from bot.understanding.asked import is_yes_no
from bot.understanding.constraints import extremes_in
from bot.understanding.lexicon import lexicon
from bot.understanding.named import STRONG, Named
from bot.understanding.names_across import NamesAcross
from bot.understanding.question import Subject
from bot.understanding.reductions import asks_if_it_holds
from bot.understanding.subjects import by_option, find, sides, with_shared_head
from bot.understanding.title_terms import terms
from bot.understanding.unwanted import unwanted
from bot.understanding.utterance import Utterance
from knowledge.attribute_names import concepts_in
from knowledge.folding import fold

_COMPARING = re.compile(r"compar|\bvs\b|than|\bdiff|\bor\b|which|对比|比|区别|差别|哪|还是")
_BESIDE_IT = re.compile(
    r"^\W*(?:那|那么)?(?:和|跟|与|比起?|对比|相比).{1,30}(?:比|相比|哪|谁|更|区别|差)|^\W*(?:它|这[个款]|那)?比.{1,20}?(?:贵|便宜|重|轻|大|小|厚|薄|长|短|好|强|高|低|快|慢)|\b(?:compared? (?:to|with)|than|versus|vs)\b"
)
_TO_OTHER = re.compile(
    r"\b(?:differen\w+|compar\w+|better|worse|cheaper|than|versus|vs)\b.{0,16}\b(?:to|from|with|than|the)\b|(?:和|跟|与|比).{0,10}(?:比|区别|差别|不同|哪)"
)
_AGAINST = re.compile(r"\bdiff|\bhow much (?:more|less|cheaper)\b|差多少|差价|区别|差别|(?:贵|便宜)(?:了)?多少")
_KIN_MOST = 40
"""Products of one category among which a single word may choose."""


def compares(text: str) -> bool:
    """Sets goods beside each other."""
    return bool(_COMPARING.search(fold(text)))


def goods_named(said: Utterance, across: NamesAcross | None) -> tuple[Named, tuple[str, ...]]:
    """The goods that it names, by whatever of the ways; and the products that are named to be left out."""
    text, kinds_said = said.text, said.words.categories.find(said.text)
    if comes_with_it(said):
        return Named(), ()  # 自带磨豆机吗 asks of what was spoken of, though the shop sells grinders
    named = _named_together(said)
    counted = bool(said.memory.shown) and references.counts_on(text)
    used_with = bool(said.memory.focus) and any(concept == "compatibility" for concept, _, _ in concepts_in(said.row))
    if not named.subjects and across is not None and not (counted or kinds_said or used_with):
        found = across.named(text, said.view, surely=True)
        if found:
            said.notes.append("named in another language")
            named = Named(tuple(said.in_variants(s) for s in found), strength=0.5)
    first = not (said.memory.focus or said.memory.shown or said.memory.search)
    if not named.subjects and not kinds_said:
        chosen = by_option(text, said.view, said.words)
        named = chosen if first or _names_another(said, chosen) else named
    if not named.subjects and _asks_if_reduced(said) and said.memory.focus in said.view.products:
        other = another_called(said.folded, said.view.products[said.memory.focus], said.words)
        named = Named((said.in_variants(Subject(other, None, True)),), strength=0.5) if other else named
    left_out = unwanted(text, said.words, named.spans)
    if left_out and any(s.product_id in left_out for s in named.subjects):
        kept = tuple(s for s in named.subjects if s.product_id not in left_out)
        named = replace(named, subjects=kept) if kept else Named()
    if not named.exact and sum(s.certain for s in named.subjects) < 2 and extremes_in(said.row):
        named = Named()  # "the lightest backpack": a kind, not a name; "which is wider, the Linden or the Harbor" names two
    return named, left_out


def _asks_if_reduced(said: Utterance) -> bool:
    """Whether it asks if a reduction told before holds."""
    return bool(said.memory.promoted) and asks_if_it_holds(said.text)


def _names_another(said: Utterance, chosen: Named) -> bool:
    """Whether a word of its title stands in the text, and in none of what was spoken of: "the 100 piece block set" after a bike."""
    spoken = {term for term, _, _ in terms(said.text)} - lexicon().plain["fillers"]
    known = (said.memory.focus, *said.memory.shown)
    return any(
        s.product_id not in known and spoken & _titled(said, s.product_id) - set().union(*(_titled(said, k) for k in known))
        for s in chosen.subjects
    )


def _titled(said: Utterance, id_: str) -> set[str]:
    product = said.view.products.get(id_)
    return {term for title in product.title.values() for term, _, _ in terms(title)} if product is not None else set()


def comes_with_it(said: Utterance) -> bool:
    """Whether it asks if something comes with what was spoken of or shown."""
    return bool(said.memory.focus or said.memory.shown) and bool(references.comes_with(said.text))


def _named_together(said: Utterance) -> Named:
    """The goods that the text names as one, or its sides by themselves ("the Linden or the Harbor")."""
    named = find(said.text, said.view, said.words)
    if named.exact and len(named.subjects) >= 2:
        return named
    pieces = sides(said.text)
    if len(pieces) < 2 or len(pieces) > 5:
        return named
    each = [find(piece, said.view, said.words) for piece in with_shared_head(pieces)]
    several = {s.product_id: s for found in each for s in found.subjects if s.certain}
    if len(several) >= 2 and (len(named.subjects) < len(several)):
        spans = named.spans
        return Named(
            tuple(several.values()), all(found.exact for found in each if found.subjects), False, spans, max(f.strength for f in each)
        )
    if not named.subjects or not named.subjects[0].certain:
        alone = [found for found in each if found.exact]
        if len(alone) == 1 and not named.exact:
            return replace(alone[0], spans=())
    return named


def subjects_meant(said: Utterance, named: Named, reference: references.Referred) -> tuple[Subject, ...]:
    """The goods named and pointed at, weighed against each other and against what was spoken of before."""
    if not named.exact and _stays(said, named, reference):
        return tuple(said.in_variants(s) for s in reference.subjects) or (Subject(said.memory.focus, None, True, "reference"),)
    if named.exact or (named.subjects and all(s.certain for s in named.subjects)):
        if reference.plural and not named.exact and not _chosen_of_shown(said, named):
            return reference.subjects
        if (other := _other_of_two(said, named)) is not None:
            return (*named.subjects, other)
        if len(named.subjects) == 1 and ((reference.subjects and compares(said.text)) or _beside_focus(said)):
            first = reference.subjects[:1] or (_spoken_of(said),)
            both = {s.product_id: s for s in (*first, *named.subjects)}
            if len(both) == 2:
                return tuple(both.values())
        return named.subjects
    if _beside_focus(said) and (other := _kin_called(said, named)) is not None:
        return (_spoken_of(said), said.in_variants(other))
    if said.corrected and named.subjects and not {s.product_id for s in named.subjects} & {s.product_id for s in reference.subjects}:
        return named.subjects  # "no, I meant that balance bike": not what was spoken of
    if len(reference.subjects) == 1 and _sets_beside(said, reference.subjects[0]):
        return (_spoken_of(said), *reference.subjects)
    if reference.subjects and all(s.certain for s in reference.subjects):
        if reference.note:
            said.notes.append(f"{reference.note} = {', '.join(s.product_id for s in reference.subjects)}")
        return tuple(said.in_variants(s) for s in reference.subjects)
    if named.subjects:
        known = [s for s in named.subjects if s.product_id in said.memory.shown or s.product_id == said.memory.focus]
        if len(known) == 1:
            said.notes.append(f"narrowed to what was shown: {known[0].product_id}")
            return (replace(known[0], certain=True, how="reference"),)
        return named.subjects
    return reference.subjects


def _spoken_of(said: Utterance) -> Subject:
    """The product last spoken of, as one pointed at."""
    return Subject(said.memory.focus, said.memory.focus_sku or None, True, "reference")


def _chosen_of_shown(said: Utterance, named: Named) -> bool:
    """ "Which of those is larger, the robot or the kite?": some of those shown are named."""
    return len(named.subjects) > 1 and all(s.product_id in said.memory.shown for s in named.subjects)


def _other_of_two(said: Utterance, named: Named) -> Subject | None:
    """The one that the one named is set against, where two were spoken of: "what's the difference if I take the oat Linden?"."""
    shown = [id_ for id_ in said.memory.shown if id_ in said.view.products]
    if len(shown) != 2 or len(named.subjects) != 1 or named.subjects[0].product_id not in shown or not _AGAINST.search(said.folded):
        return None
    return next(Subject(id_, None, True, "reference") for id_ in shown if id_ != named.subjects[0].product_id)


def _beside_focus(said: Utterance) -> bool:
    """Whether the product named is set beside the one spoken of: 和M50比哪个轻, "lighter than the Brick?"."""
    return said.memory.focus in said.view.products and bool(_BESIDE_IT.search(said.folded))


def _kin_called(said: Utterance, named: Named) -> Subject | None:
    """The one other product of the same category that is called so, be it by a word of every day: 比air那款贵多少."""
    leaf = said.view.products[said.memory.focus].categories[:1]
    kin = [id_ for id_, product in said.view.products.items() if product.categories[:1] == leaf and id_ != said.memory.focus]
    if named.subjects:
        kin = [s.product_id for s in named.subjects if s.product_id in kin]
    elif leaf and len(kin) <= _KIN_MOST:
        spoken = {term for term, _, _ in terms(said.text)} - lexicon().plain["fillers"]
        own = {term for title in said.view.products[said.memory.focus].title.values() for term, _, _ in terms(title)}
        kin = [id_ for id_ in kin if any(t in spoken - own for title in said.view.products[id_].title.values() for t, _, _ in terms(title))]
    return Subject(kin[0], None, True, "named") if len(kin) == 1 else None


def _sets_beside(said: Utterance, other: Subject) -> bool:
    """ "What's the difference to the first one?", with another one spoken of."""
    known = said.memory.focus in said.view.products and said.memory.focus != other.product_id
    return known and other.certain and bool(_TO_OTHER.search(said.folded))


def _stays(said: Utterance, named: Named, reference: references.Referred) -> bool:
    """Whether it is about what was spoken of before, though a word of it stands in another title: 它自带麦克风吗, 适合摩卡壶吗."""
    if not named.subjects or said.memory.focus not in said.view.products or compares(said.text):
        return False
    if any(s.product_id == said.memory.focus for s in named.subjects):
        return False
    if _asks_if_reduced(said):
        return False  # "does that go for the knife set as well?": that is the reduction
    pointed = reference.note == "it" and named.strength < STRONG and references.points_at_one(said.text)
    return pointed or (is_yes_no(said.text, said.row) and references.goes_with_it(said.text))
