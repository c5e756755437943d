"""One question of a message → a Part: who is meant, what is asked, which conditions hold."""

import re
from dataclasses import dataclass, replace

from bot.understanding import followups
from bot.understanding.constraints import Conditions, read
from bot.understanding.intents import Reading, Surroundings, classify
from bot.understanding.lexicon import lexicon, values
from bot.understanding.question import Intent, Memory, Part, Subject, Topic
from bot.understanding.shop_words import ShopWords, terms
from bot.understanding.splitting import Piece
from bot.understanding.subjects import Named, find, sides, with_variants
from bot.understanding.variants import meant
from knowledge.attribute_names import concept_of, concepts_in
from knowledge.folding import fold
from knowledge.localized import pick
from knowledge.money import Money
from knowledge.phrases import Token, tokens
from knowledge.units import Dimension, quantities
from retrieval.filters import Filters
from retrieval.retriever import Sort
from retrieval.view import ShopView

ABOUT_ONE = {Intent.PRICE, Intent.AVAILABILITY, Intent.PRODUCT_QUESTION}
SEARCHES = {Intent.PRODUCT_SEARCH, Intent.RECOMMEND}
GOODS = ABOUT_ONE | SEARCHES | {Intent.COMPARE, Intent.PROMOTION}
SMALL_TALK = {Intent.GREETING, Intent.THANKS, Intent.GOODBYE, Intent.CHITCHAT, Intent.UNCLEAR}
_OPEN = re.compile(r"\b(?:how|what|which|when|where|who)\b|多少|什么|哪|怎么|如何|多[久长大重高宽厚深]|几[个天岁]")
_OPEN_ZH = re.compile(r"多少|什么|哪|怎么|怎样|如何|多久|多长|多大|多重|多高|几|为什么|啥|谁|多宽|多厚|多深")
_YES_NO_ZH = re.compile(r"[吗么嘛]|能不能|有没有|是不是|可不可以|会不会|要不要|行不行|能否|是否|([\u4e00-\u9fff])不\1")
_BESIDE = re.compile(
    r"goes? (?:well )?with|pairs? with|similar|alternativ|like the|instead of|accessor|match|搭配|配|类似|替代|平替|同类|一样的"
)
_COMPARING = re.compile(r"compar|\bvs\b|than|difference|\bor\b|which|对比|比|区别|差别|哪|还是")
_HIGHER = re.compile(r"^(?:max|min):")


@dataclass(slots=True)
class PartReader:
    """One piece of a message on its way to a Part."""

    piece: Piece
    memory: Memory
    view: ShopView
    words: ShopWords
    tag: str
    notes: list[str]
    corrected: bool
    before: Part | None
    """The piece of the same message that was read before."""
    foreign: str = ""
    """The currency of a limit in which nothing is sold here."""
    refined: bool = False
    """Goes on with the search before, though no condition says so."""
    beside: str = ""
    """A product of which others are wanted, cheaper or dearer."""

    def part(self) -> Part:
        """The part; notes of what was done go to `notes`."""
        text, row = self.piece.text, tokens(self.piece.text)
        named = self._named(text)
        if not named.exact and lexicon().superlatives.any(row):
            named = Named()  # "the lightest backpack": a kind, not a name
        conditions = read(self.piece.whole, self.words, self.words.currency, names=named.spans if named.exact else ())
        if not named.exact and _of_a_kind(text, conditions):
            named = Named()  # "noise cancelling headphones below $120": what is called so, not the one that is called most like it
        reference = followups.Referred()
        if not named.exact or _COMPARING.search(fold(text)):
            reference = followups.referred(text, row, self.memory, self.view, conditions)
        subjects = self._subjects(text, named, reference)
        reading = classify(text, self._surroundings(text, named, subjects, reference, conditions))
        if reading.intent in SMALL_TALK and self.piece.context:
            reading = classify(self.piece.whole, self._surroundings(text, named, subjects, reference, conditions))
        before = self.before
        if (
            before is not None
            and before.intent is Intent.POLICY
            and before.topic
            and not subjects
            and reading.certainty < 0.7
            and reading.intent in ABOUT_ONE | {Intent.UNCLEAR}
        ):
            reading = replace(reading, intent=Intent.POLICY, topic=before.topic, certainty=0.7)
            self.piece = Piece(text, f"{before.text} {self.piece.context}".strip())
        reading, subjects, asked, asked_value = self._carried(text, row, reading, subjects, named, conditions)
        if reading.intent in SEARCHES and not named.exact and not reference.subjects:
            beside = bool(_BESIDE.search(fold(text)))
            subjects = tuple(s for s in subjects if s.certain and (beside or named.strength >= 0.45))
        if reading.intent in {Intent.POLICY, Intent.STORE_INFO} and not named.exact and not reference.subjects and named.strength < 0.3:
            subjects = tuple(s for s in subjects if s.how == "carried" or s.certain)
        asked, asked_value = self._own_words(text, subjects, asked, asked_value)
        reading, asked, asked_value = self._told_options(text, row, reading, subjects, asked, asked_value)
        filters = self._filters(text, row, reading, subjects, conditions)
        limit = filters.price_max or filters.price_min
        if limit is not None and self.words.currencies and limit.currency not in self.words.currencies:
            self.notes.append(f"limit in {limit.currency} left out")
            self.foreign, filters = limit.currency, replace(filters, price_min=None, price_max=None)
        return self._made(text, row, reading, subjects, conditions, filters, asked, asked_value)

    def _named(self, text: str) -> Named:
        named = find(text, self.view, self.words)
        if named.exact and len(named.subjects) >= 2:
            return named
        pieces = sides(text)
        if len(pieces) < 2 or len(pieces) > 5:
            return named
        each = [find(piece, self.view, self.words) for piece in pieces]
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

    def _subjects(self, text: str, named: Named, reference: followups.Referred) -> tuple[Subject, ...]:
        if named.exact or (named.subjects and all(s.certain for s in named.subjects)):
            if reference.plural and not named.exact:
                return reference.subjects
            if reference.subjects and len(named.subjects) == 1 and _COMPARING.search(fold(text)):
                both = {s.product_id: s for s in (*reference.subjects[:1], *named.subjects)}
                if len(both) == 2:
                    return tuple(both.values())
            return named.subjects
        if reference.subjects and all(s.certain for s in reference.subjects):
            if reference.note:
                self.notes.append(f"{reference.note} = {', '.join(s.product_id for s in reference.subjects)}")
            return tuple(self._variant(s, text) for s in reference.subjects)
        if named.subjects:
            known = [s for s in named.subjects if s.product_id in self.memory.shown or s.product_id == self.memory.focus]
            if len(known) == 1:
                self.notes.append(f"narrowed to what was shown: {known[0].product_id}")
                return (replace(known[0], certain=True, how="reference"),)
            return named.subjects
        return reference.subjects

    def _variant(self, subject: Subject, text: str) -> Subject:
        return with_variants(subject, text, self.view.products[subject.product_id])

    def _surroundings(
        self, text: str, named: Named, subjects: tuple[Subject, ...], reference: followups.Referred, conditions: Conditions
    ) -> Surroundings:
        filters = conditions.filters
        said = replace(filters, categories=(), brands=())
        return Surroundings(
            subjects=len(subjects),
            certain_subjects=sum(1 for s in subjects if s.certain),
            reference=bool(reference.subjects),
            shown=len(self.memory.shown),
            categories=bool(filters.categories or filters.brands),
            options=len({hit.value for hit in self.words.options.find(text[:400])}),
            limits=filters.price_max is not None or filters.price_min is not None,
            conditions=not said.empty or conditions.sort is not Sort.RELEVANCE or bool(conditions.superlative),
            purpose=bool(conditions.purpose),
            exact=named.exact,
            strength=named.strength,
            focus=bool(self.memory.focus),
            superlative=bool(conditions.superlative) or conditions.sort is not Sort.RELEVANCE,
            shop_terms=any(
                term in self.words.postings and len(term) > 1 and not term.isdigit()
                for term, _, _ in terms(text[:400])
                if term not in lexicon().plain["fillers"]
            ),
        )

    def _carried(
        self, text: str, row: list[Token], reading: Reading, subjects: tuple[Subject, ...], named: Named, conditions: Conditions
    ) -> tuple[Reading, tuple[Subject, ...], tuple[str, ...], str]:
        """What an elliptical follow-up leaves out: the product ("warranty?"), or the question ("and the BP-30?", 那黑色的呢)."""
        asked = asked_attributes(text, row, named.spans)
        if (
            not asked
            and (any(s.certain for s in subjects) or (self.memory.focus and len(row) <= 8))
            and reading.intent is Intent.PRODUCT_QUESTION
        ):
            asked = asked_attributes(text, row, named.spans, every_name=True)
        asked = self._stated_first(text, row, subjects, named, asked)
        value = _asked_value(text, conditions, bool(subjects) and not named.exact)
        memory, last = self.memory, intent_of(self.memory.last_intent)
        focus = memory.focus if memory.focus in self.view.products else ""
        short = len(row) <= (10 if row and row[0].word.isascii() else 14)
        bare = reading.intent in {Intent.PRODUCT_SEARCH, Intent.UNCLEAR, Intent.PRODUCT_QUESTION, Intent.AVAILABILITY} and not asked
        what_about = lexicon().words["what_about"].any(row) or self.corrected or text.strip().endswith(("呢", "呢?", "呢？"))
        if subjects and bare and memory.focus and _HAVE_IT.search(fold(text)) and any(s.sku or s.skus for s in subjects):
            return replace(reading, intent=Intent.AVAILABILITY, certainty=0.75), subjects, (), value
        if (
            subjects
            and bare
            and last in ABOUT_ONE | {Intent.POLICY}
            and (what_about or self._only_a_name(row, named))
            and reading.intent is not Intent.AVAILABILITY
        ):
            self.notes.append(f"question carried: {last.value}")
            return (
                replace(reading, intent=last if last is not Intent.POLICY else Intent.PRODUCT_QUESTION, certainty=0.75),
                subjects,
                tuple(memory.asked),
                value,
            )
        if (
            not subjects
            and focus
            and short
            and _SUITS.search(fold(text))
            and reading.intent in SEARCHES
            and not conditions.filters.categories
        ):
            self.notes.append(f"it = {focus}")
            return (
                replace(reading, intent=Intent.PRODUCT_QUESTION, certainty=0.7),
                (Subject(focus, memory.focus_sku or None, True, "carried"),),
                asked,
                value,
            )
        if not subjects and focus and short and not memory.search:
            table = lexicon().words
            if _BESIDE.search(fold(text)) and reading.intent not in {Intent.COMPARE, Intent.HUMAN, Intent.POLICY}:
                self.notes.append(f"beside {focus}")
                return replace(reading, intent=Intent.RECOMMEND, certainty=0.8), (Subject(focus, None, True, "carried"),), asked, value
            if (
                (table["cheaper"].any(row) or table["dearer"].any(row))
                and not conditions.filters.categories
                and reading.intent not in {Intent.COMPLAINT, Intent.HUMAN, Intent.ORDER}
            ):
                self.notes.append(f"others like {focus}")
                self.beside = focus
                return replace(reading, intent=Intent.PRODUCT_SEARCH, certainty=0.75), (), asked, value
        if (
            not subjects
            and focus
            and conditions.quantity
            and len(row) <= 8
            and reading.intent in {Intent.OUT_OF_SCOPE, Intent.UNCLEAR, Intent.PRODUCT_SEARCH, Intent.PRODUCT_QUESTION}
        ):
            return (
                replace(reading, intent=Intent.PRICE, certainty=0.6),
                (Subject(focus, memory.focus_sku or None, True, "carried"),),
                asked,
                value,
            )
        if not subjects and focus and short:
            told = bool(conditions.values) or bool(meant(text, self.view.products[focus]).concepts)
            options_only = told and not conditions.filters.categories and bare
            if options_only and last in ABOUT_ONE | {Intent.COMPARE} and not followups.wants_more(text):
                carried = Subject(focus, memory.focus_sku or None, True, "carried")
                subject = self._variant(carried, text)
                subject = replace(subject, sku=None) if subject == carried else subject
                self.notes.append(f"it = {focus}")
                if subject.sku and _HAVE_IT.search(fold(text)):
                    return replace(reading, intent=Intent.AVAILABILITY, certainty=0.75), (subject,), (), value
                intent = last if subject.sku and last in ABOUT_ONE else Intent.AVAILABILITY
                return replace(reading, intent=intent, certainty=0.75), (subject,), tuple(memory.asked) if subject.sku else asked, value
            searching = bool(
                conditions.filters.categories
                or conditions.superlative
                or conditions.sort is not Sort.RELEVANCE
                or followups.wants_more(text)
                or lexicon().words["cheaper"].any(row)
                or lexicon().words["dearer"].any(row)
            )
            about = (
                reading.intent in ABOUT_ONE
                or (reading.intent is Intent.POLICY and reading.topic is Topic.WARRANTY)
                or (reading.intent is Intent.UNCLEAR and asked)
            )
            if about and not searching and not (named.subjects):
                self.notes.append(f"it = {focus}")
                subject = self._variant(Subject(focus, memory.focus_sku or None, True, "carried"), text)
                intent = Intent.PRODUCT_QUESTION if reading.intent in {Intent.UNCLEAR, Intent.POLICY} else reading.intent
                return (
                    replace(reading, intent=intent, certainty=max(reading.certainty, 0.7)),
                    (subject,),
                    asked,
                    value or _asked_value(text, conditions, True),
                )
        if (
            not subjects
            and not focus
            and short
            and len(memory.shown) > 1
            and reading.intent in ABOUT_ONE
            and not conditions.filters.categories
        ):
            wish = last in SEARCHES and asked and not _yes_no(text, row) and "?" not in fold(text) and not _OPEN.search(fold(text))
            if wish and reading.intent is Intent.PRODUCT_QUESTION:
                self.refined = True
                self.notes.append("another wish")
                return replace(reading, intent=last or Intent.PRODUCT_SEARCH, certainty=0.7), (), asked, value
            if not followups.wants_more(text) and not followups.refines(text, row, conditions, memory, self.words):
                shown = [id_ for id_ in memory.shown if id_ in self.view.products][:4]
                if asked or reading.intent is not Intent.PRODUCT_QUESTION:
                    self.notes.append("one of those shown")
                    return reading, tuple(Subject(id_, None, False, "carried") for id_ in shown), asked, value
        if (
            not subjects
            and conditions.superlative
            and len(memory.shown) > 1
            and not conditions.filters.categories
            and re.search(r"which|whose|哪|谁", fold(text))
        ):
            shown = [id_ for id_ in memory.shown if id_ in self.view.products][:4]
            self.notes.append("among those shown")
            return (
                replace(reading, intent=Intent.COMPARE, certainty=0.8),
                tuple(Subject(id_, None, True, "reference") for id_ in shown),
                asked,
                value,
            )
        if (
            not subjects
            and followups.refines(text, row, conditions, memory, self.words)
            and reading.intent
            in (
                SEARCHES
                | {
                    Intent.UNCLEAR,
                    Intent.PRODUCT_QUESTION,
                    Intent.PRICE,
                    Intent.AVAILABILITY,
                    Intent.PROMOTION,
                    Intent.CHITCHAT,
                    Intent.COMPARE,
                }
            )
            and (last in SEARCHES or memory.search)
        ):
            keeps = reading.intent if reading.intent is Intent.RECOMMEND else last if last in SEARCHES else Intent.PRODUCT_SEARCH
            return replace(reading, intent=keeps, certainty=max(reading.certainty, 0.75), off_topic=0.0), (), asked, value
        return reading, subjects, asked, value

    def _filters(self, text: str, row: list[Token], reading: Reading, subjects: tuple[Subject, ...], conditions: Conditions) -> Filters:
        if reading.intent in ABOUT_ONE and subjects:
            if all(s.sku for s in subjects):
                return Filters()
            options = tuple(c for c in conditions.values if not c.absent and (set(c.names) & {"colour", "size"}))
            return Filters(attributes=options) if reading.intent is not Intent.PRODUCT_QUESTION or options else Filters()
        if reading.intent is Intent.COMPARE and subjects:
            return Filters()
        if self.beside:
            return self._others(row, conditions)
        if reading.intent is Intent.PRODUCT_QUESTION:
            return replace(conditions.filters, attributes=(), in_stock=False)
        if reading.intent not in GOODS:
            return Filters() if reading.intent is not Intent.UNCLEAR else conditions.filters
        if subjects and reading.intent is Intent.PROMOTION:
            return Filters()
        if reading.intent in SEARCHES and self._refines(text, row, conditions):
            filters, notes = followups.carry(conditions, text, row, self.memory, self.view)
            self.notes.extend(notes)
            return filters
        return self._of_kind(conditions)

    def _stated_first(
        self, text: str, row: list[Token], subjects: tuple[Subject, ...], named: Named, asked: tuple[str, ...]
    ) -> tuple[str, ...]:
        """With one product meant, a property that it states comes before a vaguer one: "induction hob" before "can be used on"."""
        if len(subjects) != 1 or not subjects[0].certain or subjects[0].product_id not in self.view.products:
            return asked
        stated = {concept_of(attribute.name) for attribute in self.view.products[subjects[0].product_id].attributes}
        if any(concept_of(word) in stated for word in asked):
            return asked
        more = tuple(
            word for word in asked_attributes(text, row, named.spans, every_name=True) if concept_of(word) in stated and word not in asked
        )
        return (*more, *asked)

    def _own_words(self, text: str, subjects: tuple[Subject, ...], asked: tuple[str, ...], value: str) -> tuple[tuple[str, ...], str]:
        """Without what only belongs to the name: "power" of "the PB-20 power bank", "silk" of "the silk pillowcase"."""
        named = [s for s in subjects if s.how in {"named", "sku"} and s.product_id in self.view.products]
        if not named:
            return asked, value
        titles = [fold(title) for s in named for title in self.view.products[s.product_id].title.values()]
        folded = fold(text)
        if value and any(_stands_in(fold(value), title) for title in titles):
            value = ""
        kept = []
        for word in asked:
            at = folded.find(fold(word))
            following = re.match(r"[\s-]*([a-z]{2,})", folded[at + len(word) :]) if at >= 0 and word.isascii() else None
            if following and any(re.search(rf"{re.escape(fold(word))}[\s-]+{re.escape(following.group(1))}", title) for title in titles):
                continue
            if at >= 0 and not word.isascii() and len(asked) > 1 and any(fold(word) in title for title in titles):
                continue
            kept.append(word)
        if value and any(concept_of(word) == "age" for word in kept) and not re.search(r"\d", value):
            value = ""
        return tuple(kept), value

    def _told_options(
        self, text: str, row: list[Token], reading: Reading, subjects: tuple[Subject, ...], asked: tuple[str, ...], value: str
    ) -> tuple[Reading, tuple[str, ...], str]:
        """An option that is named by its value is not asked for: "the 15 inch laptop with 16GB RAM" wants a price, not its RAM."""
        if reading.intent not in ABOUT_ONE or len(subjects) != 1 or subjects[0].product_id not in self.view.products:
            return reading, asked, value
        told = meant(text, self.view.products[subjects[0].product_id], subjects[0].sku or "")
        if not told.skus and not told.nearest:
            return reading, asked, value
        left = tuple(word for word in asked if (concept_of(word) or fold(word)) not in told.concepts)
        if reading.intent is not Intent.PRODUCT_QUESTION:
            return reading, left, value
        cues, last = lexicon().intents, intent_of(self.memory.last_intent)
        open_ = bool(_OPEN.search(fold(text))) and not cues["price"].any(row) and not cues["availability"].any(row)
        if left or (asked and _yes_no(text, row) and len(told.skus) != 1) or open_:
            return reading, left or asked, value
        if (
            cues["availability"].any(row)
            or (_yes_no(text, row) and not cues["price"].any(row))
            or (subjects[0].how == "carried" and last is Intent.AVAILABILITY and not cues["price"].any(row))
        ):
            intent = Intent.AVAILABILITY
        else:
            intent = Intent.PRICE
        self.notes.append("option told")
        return replace(reading, intent=intent), (), value

    def _only_a_name(self, row: list[Token], named: Named) -> bool:
        """Little more than a product's name."""
        certain = bool(named.subjects) and named.subjects[0].certain
        return certain and len(row) <= 6 and not lexicon().intents["search"].any(row)

    def _refines(self, text: str, row: list[Token], conditions: Conditions) -> bool:
        return self.refined or followups.refines(text, row, conditions, self.memory, self.words)

    def _others(self, row: list[Token], conditions: Conditions) -> Filters:
        """Products of the same category, cheaper or dearer than the one spoken of."""
        product = self.view.products[self.beside]
        leaf = tuple(path.split(">")[-1].strip().casefold() for names in product.categories[:1] for path in names.values())
        filters = replace(conditions.filters, categories=leaf)
        lowest = followups.lowest_price([self.beside], self.view)
        if lowest is None or filters.price_min or filters.price_max:
            return filters
        if lexicon().words["cheaper"].any(row):
            return replace(filters, price_max=Money(lowest - 1, self.words.currency))
        return replace(filters, price_min=Money(lowest + 1, self.words.currency))

    def _of_kind(self, conditions: Conditions) -> Filters:
        """For an extreme ("the lightest umbrella"), only things that are called so by their titles, where the shop has no such category."""
        filters = conditions.filters
        if filters.categories or (conditions.sort is Sort.RELEVANCE and not conditions.superlative):
            return filters
        kinds = [set(self.words.heads[term]) for term, _, _ in terms(conditions.rest[:300]) if term in self.words.heads]
        if not kinds or len(kinds[-1]) > 2000:
            return filters
        if len(kinds[-1]) == 1:
            (number,) = kinds[-1]
            product = self.view.products[self.words.ids[number]]
            leaf = [path.split(">")[-1].strip().casefold() for names in product.categories[:1] for path in names.values()]
            return replace(filters, categories=tuple(leaf))
        return replace(filters, product_ids=tuple(self.words.ids[number] for number in sorted(kinds[-1])))

    def _made(
        self,
        text: str,
        row: list[Token],
        reading: Reading,
        subjects: tuple[Subject, ...],
        conditions: Conditions,
        filters: Filters,
        asked: tuple[str, ...],
        asked_value: str,
    ) -> Part:
        searching = reading.intent in SEARCHES
        refined = searching and self._refines(text, row, conditions)
        superlative = conditions.superlative if reading.intent in GOODS else ""
        if superlative and not asked:
            asked = (_HIGHER.sub("", superlative),)
        return Part(
            text=text,
            standalone=self._standalone(text, subjects, refined, conditions if searching else None, reading.intent is Intent.POLICY),
            intent=reading.intent,
            topic=reading.topic,
            subjects=subjects,
            filters=filters,
            sort=conditions.sort if reading.intent in GOODS else Sort.RELEVANCE,
            asked=asked if reading.intent in GOODS or reading.topic is Topic.WARRANTY or reading.intent is Intent.UNCLEAR else (),
            asked_value=asked_value if reading.intent in GOODS and not searching else "",
            yes_no=_yes_no(text, row),
            superlative=superlative,
            count=conditions.count if searching or reading.intent is Intent.COMPARE else None,
            purpose=conditions.purpose if searching or reading.intent is Intent.UNCLEAR else "",
            quantity=conditions.quantity if not searching else None,
            certainty=round(reading.certainty, 3),
            foreign=self.foreign,
            unnamed=self._unnamed(reading, conditions, subjects),
        )

    def _unnamed(self, reading: Reading, conditions: Conditions, subjects: tuple[Subject, ...]) -> bool:
        """Whether nothing is left beside the words that ask for a price or stock."""
        if (
            any(s.how != "carried" for s in subjects)
            or reading.intent not in ABOUT_ONE
            or reading.topic is not None
            or conditions.filters.categories
            or conditions.filters.brands
        ):
            return False
        rest = list(conditions.rest)
        for key in ("price", "availability"):
            for hit in lexicon().intents[key].find(conditions.rest):
                rest[hit.start : hit.end] = " " * (hit.end - hit.start)
        return not followups.content("".join(rest), self.words)

    def _standalone(self, text: str, subjects: tuple[Subject, ...], refined: bool, looking: Conditions | None, ruled: bool) -> str:
        """`looking`: the conditions of a search; its prices and counts hold already and say nothing about what is looked for."""
        whole = self.piece.whole
        if looking is not None and looking.wish and followups.content(looking.wish, self.words):
            whole = looking.wish
        if refined and self.memory.search:
            before = read(self.memory.search, self.words, self.words.currency)
            wanted = before.rest or self.memory.search
            return f"{wanted[:200]} {whole}".strip()
        # A code says nothing to a search for rules ("can you mail the PB-20 abroad?" is about power banks).
        pointed = tuple(s for s in subjects if s.how in {"reference", "carried"} or (ruled and s.how == "sku"))
        return f"{titles_of(pointed[:4], self.view, self.tag)} {whole}".strip() if pointed else whole


_SUITS = re.compile(r"(?:合适|适合).{0,8}[吗么嘛?？]|\b(?:good|suitable|right|ok|okay|fine) (?:as|for)\b.*\?$")
_HAVE_IT = re.compile(
    r"^(?:那|那么)?(?:有没有|有)(?!多|什么|哪|啥).{1,14}(?:吗|么|嘛|没有?|的)?\W*$|^(?:and )?(?:do you have|is there|have you got|got)\b"
)
_THE = re.compile(r"\b(?:the|this|that|your)\b|这|那|该")


def _of_a_kind(text: str, conditions: Conditions) -> bool:
    """A price limit picks among many: what stands beside it is a kind of product, unless one is pointed at."""
    limited = conditions.filters.price_max is not None or conditions.filters.price_min is not None or conditions.filters.on_sale
    return limited and not _THE.search(fold(text))


def asked_attributes(text: str, row: list[Token], names: tuple[tuple[int, int], ...], *, every_name: bool = False) -> tuple[str, ...]:
    """The attributes asked for: the customer's own word where it is a name, else the concept's ("how heavy" → "weight")."""
    out = []
    goods = [(hit.start, hit.end) for hit in values().goods.find(row)]  # 保温 of 保温杯 asks for nothing
    for concept, start, end in concepts_in(row, every_name=every_name):
        if any(a <= start < b for a, b in names) or any(a <= start and end <= b and (a, b) != (start, end) for a, b in goods):
            continue
        said = text[start:end]
        out.append(said if concept_of(said) == concept else concept.replace("_", " "))
    return tuple(dict.fromkeys(out))[:4]


def _asked_value(text: str, conditions: Conditions, about_one: bool) -> str:
    """The value that a question supposes: "is it leather?" → leather; "20升吗" → 20升."""
    for condition in conditions.values:
        if condition.said:
            return condition.said.split(" / ")[0]
    if about_one:
        for condition in conditions.filters.attributes:
            if condition.said:
                return condition.said
        made = re.search(r"\bmade in ([a-z][a-z ]{2,20})", fold(text)) or re.search(
            r"([\u4e00-\u9fff]{2,4})(?:产|制造|生产)的?吗", fold(text)
        )
        if made:
            return text[made.start(1) : made.end(1)].strip()
        for quantity in quantities(fold(text)[:500]):
            if quantity.dimension is not Dimension.NUMBER:
                return text[quantity.start : quantity.end].strip()
    return ""


def _stands_in(value: str, title: str) -> bool:
    return (
        value in title
        if not value.isascii()
        else bool(re.search(rf"(?<![a-z0-9]){re.escape(value)}(?![a-z0-9])", title.replace("-", " "))) or value in title
    )


def _yes_no(text: str, row: list[Token]) -> bool:
    if not row:
        return False
    folded = fold(text)
    if any("\u4e00" <= c <= "\u9fff" for c in folded):
        return bool(_YES_NO_ZH.search(folded)) and not _OPEN_ZH.search(folded.replace("有什么区别", ""))
    return row[0].word in lexicon().plain["yes_no_starts"] and not re.search(
        r"\b(?:how|what|which|when|where)\b", folded.split("?")[0][5:40]
    )


def intent_of(value: object) -> Intent | None:
    """The intent of that name; None for anything else."""
    try:
        return Intent(str(value)) if value else None
    except ValueError:
        return None


def topic_of(value: object) -> Topic | None:
    """The topic of that name; None for anything else."""
    try:
        return Topic(str(value)) if value else None
    except ValueError:
        return None


def titles_of(subjects: tuple[Subject, ...], view: ShopView, tag: str) -> str:
    """The subjects' titles in the language `tag`, joined by " / "."""
    return " / ".join(pick(view.products[s.product_id].title, tag) for s in subjects if s.product_id in view.products)
