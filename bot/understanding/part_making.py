"""What was read of a question → the Part that the rest of a turn works with."""

import functools
import re
from dataclasses import dataclass

from bot.understanding import followups
from bot.understanding.asked import is_yes_no
from bot.understanding.constraints import Conditions, read
from bot.understanding.counts import outside_names, pieces_wanted
from bot.understanding.goods import goods_wished
from bot.understanding.intents import Reading, means_anything
from bot.understanding.lexicon import lexicon
from bot.understanding.question import ABOUT_ONE, GOODS, SEARCHES, Intent, Part, Subject, Topic
from bot.understanding.splitting import Piece
from bot.understanding.title_terms import terms
from bot.understanding.utterance import Utterance
from knowledge.folding import fold
from knowledge.localized import pick
from retrieval.filters import Filters
from retrieval.retriever import Sort
from retrieval.tokens import tokens as index_terms
from retrieval.view import ShopView

_HIGHER = re.compile(r"^(?:max|min):")


@dataclass(frozen=True, slots=True)
class PartRead:
    """What was read of a question. `refined`: it goes on with the search before. `left_out`: products named to be left out. `foreign`: the
    currency of a limit in which nothing is sold here."""

    reading: Reading
    subjects: tuple[Subject, ...]
    conditions: Conditions
    filters: Filters
    asked: tuple[str, ...]
    value: str
    refined: bool
    left_out: tuple[str, ...]
    foreign: str


def made(said: Utterance, piece: Piece, read_so: PartRead) -> Part:
    """The part, with what its intent has use for."""
    reading, conditions, subjects, asked = read_so.reading, read_so.conditions, read_so.subjects, read_so.asked
    searching, of_goods = reading.intent in SEARCHES, reading.intent in GOODS
    superlative = conditions.superlative if of_goods else ""
    if superlative and not asked:
        asked = (_HIGHER.sub("", superlative),)
    return Part(
        text=said.text,
        standalone=_standalone(said, piece, read_so),
        intent=reading.intent,
        topic=reading.topic,
        subjects=subjects,
        filters=read_so.filters,
        sort=conditions.sort if of_goods else Sort.RELEVANCE,
        asked=asked if of_goods or reading.topic is Topic.WARRANTY or reading.intent is Intent.UNCLEAR else (),
        asked_value=read_so.value if of_goods and not searching else "",
        yes_no=is_yes_no(said.text, said.row),
        superlative=superlative,
        count=conditions.count if searching or reading.intent is Intent.COMPARE else None,
        purpose=conditions.purpose if searching or reading.intent is Intent.UNCLEAR else "",
        interest=conditions.interest if searching else "",
        anything=searching and (_whole_shop(said, conditions) or (not read_so.filters.empty and not _said_beside(said, read_so))),
        quantity=_pieces(said, conditions, subjects) if not searching else None,
        certainty=round(reading.certainty, 3),
        foreign=read_so.foreign,
        unnamed=_unnamed(said, read_so),
    )


def titles_of(subjects: tuple[Subject, ...], view: ShopView, tag: str) -> str:
    """The subjects' titles in the language `tag`, joined by " / "."""
    return " / ".join(pick(view.products[s.product_id].title, tag) for s in subjects if s.product_id in view.products)


def _standalone(said: Utterance, piece: Piece, read_so: PartRead) -> str:
    """The question as it would be asked by itself. Of a search without its prices and counts, which hold already and say nothing about what
    is looked for."""
    conditions, whole = read_so.conditions, piece.whole
    if read_so.reading.intent in SEARCHES:
        if conditions.interest:
            # For somebody who likes trains, trains are looked for, not what is nearest to "birthday gift".
            kinds = [kind for kind in conditions.categories_said if fold(kind) not in conditions.interest]
            return " ".join([conditions.interest, *kinds])
        if conditions.wish and followups.content(conditions.wish, said.words):
            whole = conditions.wish
    if read_so.refined and said.memory.search:
        before = read(said.memory.search, said.words, said.words.currency)
        return f"{(before.rest or said.memory.search)[:200]} {whole}".strip()
    # A code says nothing to a search for rules ("can you mail the PB-20 abroad?" is about power banks).
    ruled = read_so.reading.intent is Intent.POLICY
    pointed = tuple(s for s in read_so.subjects if s.how in {"reference", "carried"} or (ruled and s.how == "sku"))
    return f"{titles_of(pointed[:4], said.view, said.tag)} {whole}".strip() if pointed else whole


def _whole_shop(said: Utterance, conditions: Conditions) -> bool:
    """Whether all goods are to be put in an order: "your cheapest item"."""
    if conditions.sort is Sort.RELEVANCE or conditions.kinds:
        return False
    filters = conditions.filters
    only_order = not (filters.categories or filters.brands or filters.attributes or followups.content(conditions.rest, said.words))
    return only_order or means_anything(said.text) or _names_trade(said, conditions)


def _names_trade(said: Utterance, conditions: Conditions) -> bool:
    """Whether goods are called by a word for all that the shop sells: its texts speak of toys, no title and no category does."""
    hits = goods_wished(said.text)
    if not hits or conditions.filters.categories or conditions.filters.brands or said.view.tables is None:
        return False
    lexical = said.view.tables.lexical
    return all(any(len(lexical.holders(term)) for term in index_terms(said.text[hit.start : hit.end])) for hit in hits)


def _said_beside(said: Utterance, read_so: PartRead) -> set[str]:
    """The words that say more of what is looked for than its kind and conditions do."""
    conditions = read_so.conditions
    more = followups.content(conditions.rest, said.words)
    kind = {term for words in conditions.categories_said for term, _, _ in terms(words)}
    kind |= {term for term in more if set(said.words.heads.get(term, ())) & set(conditions.kinds)}
    for id_ in read_so.left_out:
        kind |= {term for title in said.view.products[id_].title.values() for term, _, _ in terms(title)}
    return more - kind


def _pieces(said: Utterance, conditions: Conditions, subjects: tuple[Subject, ...]) -> int | None:
    """Pieces wanted; a number that belongs to the product's name is none ("Puzzle, 1000 Pieces")."""
    number = conditions.quantity
    products = [p for s in subjects if (p := said.view.products.get(s.product_id)) is not None]
    if number is None or not products or not any(c.isdigit() for c in said.folded):
        return number
    return pieces_wanted(functools.reduce(outside_names, products, said.folded))


def _unnamed(said: Utterance, read_so: PartRead) -> bool:
    """Whether nothing is left beside the words that ask for a price or stock."""
    reading, filters = read_so.reading, read_so.conditions.filters
    if any(s.how != "carried" for s in read_so.subjects) or filters.categories or filters.brands:
        return False
    if reading.intent not in ABOUT_ONE or reading.topic is not None:
        return False
    rest = list(read_so.conditions.rest)
    for key in ("price", "availability"):
        for hit in lexicon().intents[key].find(read_so.conditions.rest):
            rest[hit.start : hit.end] = " " * (hit.end - hit.start)
    return not followups.content("".join(rest), said.words)
