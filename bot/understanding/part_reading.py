"""One question of a message → a Part: who is meant, what is asked, which conditions hold."""

import re
from dataclasses import dataclass, replace

from bot.understanding import followups, references
from bot.understanding.asked import OPEN, is_yes_no, without_name
from bot.understanding.constraints import Conditions, extremes_in, read
from bot.understanding.ellipsis.completing import completed
from bot.understanding.ellipsis.follow_up import FollowUp
from bot.understanding.ellipsis.rereading import STRONG
from bot.understanding.ellipsis.wording import stands_beside
from bot.understanding.goods import goods_wished, narrower
from bot.understanding.intents import Reading, Surroundings, classify, means_anything, topic_said
from bot.understanding.lexicon import lexicon
from bot.understanding.meaning import NOTHING, Meant
from bot.understanding.named import Named
from bot.understanding.names_across import NamesAcross
from bot.understanding.purposes import asks_for_company
from bot.understanding.question import ABOUT_ONE, GOODS, SEARCHES, SMALL_TALK, Intent, Memory, Part, Subject, Topic, intent_of
from bot.understanding.reconciling import PLAIN, asks_reviews, reconciled
from bot.understanding.shop_words import ShopWords, bare_currency, terms
from bot.understanding.splitting import Piece
from bot.understanding.subjects import by_option, find, sides, with_shared_head, with_variants
from bot.understanding.unwanted import unwanted
from bot.understanding.variants import meant
from knowledge.attribute_names import concept_of, concepts_in
from knowledge.catalog import Product
from knowledge.folding import fold
from knowledge.localized import pick
from knowledge.money import Money
from knowledge.phrases import Token, tokens
from retrieval.filters import Filters
from retrieval.retriever import Sort
from retrieval.tokens import tokens as index_terms
from retrieval.view import ShopView

_COMPARING = re.compile(r"compar|\bvs\b|than|\bdiff|\bor\b|which|对比|比|区别|差别|哪|还是")
_BESIDE_IT = re.compile(
    r"^\W*(?:那|那么)?(?:和|跟|与|比起?|对比|相比).{1,30}(?:比|相比|哪|谁|更|区别|差)|^\W*(?:它|这[个款]|那)?比.{1,20}?(?:贵|便宜|重|轻|大|小|厚|薄|长|短|好|强|高|低|快|慢)|\b(?:compared? (?:to|with)|than|versus|vs)\b"
)
_TO_OTHER = re.compile(
    r"\b(?:differen\w+|compar\w+|better|worse|cheaper|than|versus|vs)\b.{0,16}\b(?:to|from|with|than|the)\b|(?:和|跟|与|比).{0,10}(?:比|区别|差别|不同|哪)"
)
_AGAINST = re.compile(r"\bdiff|\bhow much (?:more|less|cheaper)\b|差多少|差价|区别|差别|(?:贵|便宜)(?:了)?多少")
_FOLLOWS_MOST = 14
"""Words of a message that may leave out what it goes on from."""
_THE_SAME = re.compile(
    r"^\W*(?:and |or |but |also |what about |how about )*(?:for|to|with|on|if)\b(?! the (?:first|second|third|last))|\b(?:too|as well)\W*$|^\W*(?:and |but )*also\b"
    r"|^\W*(?:那|那么)?.{1,12}也(?:一样|算|可以|能|行|是|要|有|支持|包)?.{0,4}[吗么嘛?？]\W*$"
)
"""Asks just what was asked before of something else: "and for sofas?", "shoes too?", 鞋子也可以吗."""
_WHAT_ABOUT = re.compile(r"^\W*(?:and|or|but|what about|how about|what if|whatabout)\b|^\W*(?:那|那么)|呢\W*$")
_BARE_MOST = 4
"""Words, with the mark, of a question that is nothing but a name: "desk motors?"."""
_BY_ITSELF = {Intent.HUMAN, Intent.ORDER, Intent.PRIVACY, Intent.GREETING, Intent.THANKS, Intent.GOODBYE, Intent.COMPARE}
_KIND_MOST = 2000
"""More products than this called by one word are no kind."""
_KIN_MOST = 40
"""Products of one category among which a single word may choose."""
_OF_ALL = re.compile(
    r"最近|现在有|全店|全场|店里|你们|你家|活动|会员|新客|新人|新用户|首单|学生|老师|优惠[券码]|积分|叠加|一起用|同时|满减"
    r"|\b(?:currently|right now|at the moment|site ?wide|students?|teachers?|members?|first order|new customers?|codes?|coupons?|vouchers?|stack\w*|combin\w+|sales?|promotions?|promos?)\b"
)
"""Asks for reductions of the whole shop."""
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
    meant: Meant = NOTHING
    """What the piece with its context wants, by its embedding."""
    across: NamesAcross | None = None
    """Finds products by names in another language than their titles."""
    foreign: str = ""
    """The currency of a limit in which nothing is sold here."""
    refined: bool = False
    """Goes on with the search before, though no condition says so."""
    left_out: tuple[str, ...] = ()
    """Products that are named to be left out."""
    beside: str = ""
    """A product of which others are wanted, cheaper or dearer."""

    def part(self) -> Part:
        """The part; notes of what was done go to `notes`."""
        text, row = self.piece.text, tokens(self.piece.text)
        named = self._named(text)
        counted = bool(self.memory.shown) and references.counts_on(text)
        if not named.subjects and self.across is not None and not counted and not self.words.categories.find(text):
            found = self.across.named(text, self.view, surely=True)
            if found:
                self.notes.append("named in another language")
                named = Named(tuple(self._variant(s, text) for s in found), strength=0.5)
        if (
            not named.subjects
            and not (self.memory.focus or self.memory.shown or self.memory.search)
            and not self.words.categories.find(text)
        ):
            named = by_option(text, self.view, self.words)
        self.left_out = unwanted(text, self.words, named.spans)
        if self.left_out and any(s.product_id in self.left_out for s in named.subjects):
            kept = tuple(s for s in named.subjects if s.product_id not in self.left_out)
            named = replace(named, subjects=kept) if kept else Named()
        if not named.exact and sum(s.certain for s in named.subjects) < 2 and extremes_in(row):
            named = Named()  # "the lightest backpack": a kind, not a name; "which is wider, the Linden or the Harbor" names two
        currency = bare_currency(self.view, self.words, self.tag)
        conditions = read(self.piece.whole, self.words, currency, names=named.spans if named.exact else ())
        if not named.exact and _of_a_kind(text, conditions):
            named = Named()  # "noise cancelling headphones below $120": what is called so, not the one that is called most like it
        reference = references.Referred()
        if not named.exact or _COMPARING.search(fold(text)):
            reference = references.referred(text, row, self.memory, self.view, conditions)
        subjects = self._subjects(text, named, reference)
        reading = classify(text, self._surroundings(text, named, subjects, reference, conditions))
        if reading.intent in SMALL_TALK and self.piece.context:
            reading = classify(self.piece.whole, self._surroundings(text, named, subjects, reference, conditions))
        reading = reconciled(reading, self.meant, self._surroundings(text, named, subjects, reference, conditions))
        reading = self._about_what_is_meant(reading, subjects, reference)
        if reading.intent is Intent.OUT_OF_SCOPE and self._of_what_was_shown(row):
            reading = replace(reading, intent=Intent.PRODUCT_QUESTION, certainty=0.7, off_topic=0.0)
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
        follow = FollowUp(text, row, reading, subjects, named, conditions, self.memory, self.view, self.words, corrected=self.corrected)
        now = completed(follow, self.notes)
        reading, subjects, asked, asked_value = now.reading, now.subjects, now.asked, now.value
        self.refined, self.beside = now.refined, now.beside
        if reading.intent in SEARCHES and not named.exact and not reference.subjects:
            beside = stands_beside(text)
            subjects = tuple(s for s in subjects if s.certain and (beside or named.strength >= 0.45 or s.how == "reference"))
        if reading.intent in {Intent.POLICY, Intent.STORE_INFO} and not named.exact and not reference.subjects and named.strength < 0.3:
            subjects = tuple(s for s in subjects if s.how == "carried" or s.certain)
        asked, asked_value = without_name(text, subjects, self.view, asked, asked_value)
        if len(subjects) == 1 and self._asks_all_of_it(text, subjects[0], asked):
            subjects, asked_value = (replace(subjects[0], sku=None, skus=(), lacking=()),), ""
        reading, asked, asked_value = self._told_options(text, row, reading, subjects, asked, asked_value)
        filters = self._filters(text, row, reading, subjects, conditions)
        limit = filters.price_max or filters.price_min
        if limit is not None and self.words.currencies and limit.currency not in self.words.currencies:
            self.notes.append(f"limit in {limit.currency} left out")
            self.foreign, filters = limit.currency, replace(filters, price_min=None, price_max=None)
        if reading.intent is Intent.PRODUCT_QUESTION and asks_reviews(self.meant):
            asked, asked_value = ("rating",), ""
        part = self._made(text, row, reading, subjects, conditions, filters, asked, asked_value)
        follows = self._follows(text, row, part, named, conditions)
        return replace(part, meant=self.meant, said=self._said(part), follows=follows, elliptic=bool(follows) and asks_the_same(text))

    def _said(self, part: Part) -> str:
        """The customer's words that rules are looked for with; "is there money off for two?" after a pillow asks for what counts for pillows."""
        focus = self.view.products.get(self.memory.focus)
        goods = part.subjects or part.filters.categories or part.filters.brands or part.filters.product_ids
        if part.intent is not Intent.PROMOTION or focus is None or goods or not focus.categories or _OF_ALL.search(fold(part.text)):
            return self.piece.whole
        return f"{pick(focus.categories[0], self.tag).split('>')[-1].strip()} {self.piece.whole}"

    def _follows(self, text: str, row: list[Token], part: Part, named: Named, conditions: Conditions) -> str:
        """The question about a rule that a short message without goods of its own may go on from: "and to Canada?", 那要多少钱."""
        before = self.memory.ruled
        if not before or len(row) > (_FOLLOWS_MOST if row and row[0].word.isascii() else 2 * _FOLLOWS_MOST):
            return ""
        if part.intent in _BY_ITSELF or conditions.superlative:
            return ""
        goods = bool(conditions.filters.categories or conditions.filters.brands or named.exact)
        goods = goods or any(s.how in {"named", "sku"} and s.certain for s in part.subjects)
        if goods and not leaves_out(text):
            return ""
        own, was = topic_said(text), topic_said(before)
        return before if own is None or own is was else ""

    def _named(self, text: str) -> Named:
        named = find(text, self.view, self.words)
        if named.exact and len(named.subjects) >= 2:
            return named
        pieces = sides(text)
        if len(pieces) < 2 or len(pieces) > 5:
            return named
        each = [find(piece, self.view, self.words) for piece in with_shared_head(pieces)]
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

    def _subjects(self, text: str, named: Named, reference: references.Referred) -> tuple[Subject, ...]:
        if not named.exact and self._stays(text, named, reference):
            return tuple(self._variant(s, text) for s in reference.subjects) or (Subject(self.memory.focus, None, True, "reference"),)
        if named.exact or (named.subjects and all(s.certain for s in named.subjects)):
            if reference.plural and not named.exact and not self._chosen_of_shown(named):
                return reference.subjects
            if (other := self._other_of_two(text, named)) is not None:
                return (*named.subjects, other)
            if len(named.subjects) == 1 and ((reference.subjects and _COMPARING.search(fold(text))) or self._beside_focus(text)):
                first = reference.subjects[:1] or (Subject(self.memory.focus, self.memory.focus_sku or None, True, "reference"),)
                both = {s.product_id: s for s in (*first, *named.subjects)}
                if len(both) == 2:
                    return tuple(both.values())
            return named.subjects
        if self._beside_focus(text) and (other := self._kin_called(text, named)) is not None:
            return (Subject(self.memory.focus, self.memory.focus_sku or None, True, "reference"), self._variant(other, text))
        if self.corrected and named.subjects and not {s.product_id for s in named.subjects} & {s.product_id for s in reference.subjects}:
            return named.subjects  # "no, I meant that balance bike": not what was spoken of
        if len(reference.subjects) == 1 and self._sets_beside(text, reference.subjects[0]):
            return (Subject(self.memory.focus, self.memory.focus_sku or None, True, "reference"), *reference.subjects)
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

    def _chosen_of_shown(self, named: Named) -> bool:
        """ "Which of those is larger, the robot or the kite?": some of those shown are named."""
        return len(named.subjects) > 1 and all(s.product_id in self.memory.shown for s in named.subjects)

    def _other_of_two(self, text: str, named: Named) -> Subject | None:
        """The one that the one named is set against, where two were spoken of: "what's the difference if I take the oat Linden?"."""
        shown = [id_ for id_ in self.memory.shown if id_ in self.view.products]
        if len(shown) != 2 or len(named.subjects) != 1 or named.subjects[0].product_id not in shown or not _AGAINST.search(fold(text)):
            return None
        return next(Subject(id_, None, True, "reference") for id_ in shown if id_ != named.subjects[0].product_id)

    def _beside_focus(self, text: str) -> bool:
        """Whether the product named is set beside the one spoken of: 和M50比哪个轻, "lighter than the Brick?"."""
        return self.memory.focus in self.view.products and bool(_BESIDE_IT.search(fold(text)))

    def _kin_called(self, text: str, named: Named) -> Subject | None:
        """The one other product of the same category that is called so, be it by a word of every day: 比air那款贵多少."""
        leaf = self.view.products[self.memory.focus].categories[:1]
        kin = [id_ for id_, product in self.view.products.items() if product.categories[:1] == leaf and id_ != self.memory.focus]
        if named.subjects:
            kin = [s.product_id for s in named.subjects if s.product_id in kin]
        elif leaf and len(kin) <= _KIN_MOST:
            spoken = {term for term, _, _ in terms(text)} - lexicon().plain["fillers"]
            own = {term for title in self.view.products[self.memory.focus].title.values() for term, _, _ in terms(title)}
            kin = [
                id_ for id_ in kin if any(t in spoken - own for title in self.view.products[id_].title.values() for t, _, _ in terms(title))
            ]
        return Subject(kin[0], None, True, "named") if len(kin) == 1 else None

    def _sets_beside(self, text: str, other: Subject) -> bool:
        """ "What's the difference to the first one?", with another one spoken of."""
        known = self.memory.focus in self.view.products and self.memory.focus != other.product_id
        return known and other.certain and bool(_TO_OTHER.search(fold(text)))

    def _stays(self, text: str, named: Named, reference: references.Referred) -> bool:
        """Whether it is about what was spoken of before, though a word of it stands in another title: 它自带麦克风吗, 适合摩卡壶吗."""
        if not named.subjects or self.memory.focus not in self.view.products or _COMPARING.search(fold(text)):
            return False
        if any(s.product_id == self.memory.focus for s in named.subjects):
            return False
        pointed = reference.note == "it" and named.strength < STRONG and references.points_at_one(text)
        return pointed or (is_yes_no(text, tokens(text)) and references.goes_with_it(text))

    def _variant(self, subject: Subject, text: str) -> Subject:
        return with_variants(subject, text, self.view.products[subject.product_id])

    def _surroundings(
        self, text: str, named: Named, subjects: tuple[Subject, ...], reference: references.Referred, conditions: Conditions
    ) -> Surroundings:
        filters = conditions.filters
        said = replace(filters, categories=(), brands=())
        ordered = bool(conditions.superlative) or conditions.sort is not Sort.RELEVANCE
        return Surroundings(
            subjects=len(subjects),
            certain_subjects=sum(1 for s in subjects if s.certain),
            reference=bool(reference.subjects),
            shown=len(self.memory.shown),
            categories=bool(filters.categories or filters.brands),
            options=len({hit.value for hit in self.words.options.find(text[:400])}),
            limits=filters.price_max is not None or filters.price_min is not None,
            kinds=bool(conditions.kinds) and not named.exact,
            left_out=bool(self.left_out),
            conditions=not said.empty or ordered,
            purpose=bool(conditions.purpose),
            exact=named.exact,
            strength=named.strength,
            focus=bool(self.memory.focus),
            superlative=ordered,
            anything=ordered and means_anything(text),
            shop_terms=any(
                term in self.words.postings and len(term) > 1 and not term.isdigit()
                for term, _, _ in terms(text[:400])
                if term not in lexicon().plain["fillers"]
            ),
        )

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
        if reading.intent in SEARCHES and len(subjects) == 1 and subjects[0].certain and asks_for_company(text):
            return self._of_other_kinds(subjects[0], conditions)
        if reading.intent is Intent.PRODUCT_QUESTION:
            return replace(conditions.filters, attributes=(), in_stock=False)
        if reading.intent not in GOODS:
            return Filters() if reading.intent is not Intent.UNCLEAR else conditions.filters
        if subjects and reading.intent is Intent.PROMOTION:
            return Filters()
        if reading.intent in SEARCHES and self.left_out:
            without = tuple(dict.fromkeys((*conditions.filters.not_product_ids, *self.left_out)))
            conditions = replace(conditions, filters=replace(conditions.filters, not_product_ids=without))
        if reading.intent in SEARCHES and conditions.wishes:
            conditions = replace(
                conditions, filters=replace(conditions.filters, attributes=(*conditions.filters.attributes, *conditions.wishes))
            )
        if reading.intent in SEARCHES and self._refines(text, row, conditions):
            filters, notes = followups.carry(conditions, text, row, self.memory, self.view)
            self.notes.extend(notes)
            if not filters.categories and filters.product_ids is None and self.memory.search:
                kinds = read(self.memory.search, self.words, self.words.currency).kinds
                return self._called(filters, kinds) if 0 < len(kinds) <= _KIND_MOST else filters
            return filters
        return self._of_kind(conditions)

    def _about_what_is_meant(self, reading: Reading, subjects: tuple[Subject, ...], reference: references.Referred) -> Reading:
        """ "Tell me more about the second one" speaks of goods, and so does "what standing desks do you have in walnut", whatever it sounds like."""
        if reading.intent is Intent.PROMOTION and _CHEAPER_ONES.search(fold(self.piece.text)) and not subjects:
            return replace(reading, intent=Intent.PRODUCT_SEARCH, topic=None, certainty=0.75)  # 有便宜点的外套吗 haggles for nothing
        certain = [s for s in subjects if s.certain]
        pointed = bool(certain) and reference.note not in {"", "it"} and all(s.how == "reference" for s in certain)
        if reading.intent in {Intent.OUT_OF_SCOPE, Intent.CHITCHAT, Intent.GOODBYE, Intent.STORE_INFO} and pointed:
            return replace(reading, intent=Intent.PRODUCT_QUESTION, topic=None, certainty=0.75, off_topic=0.0)
        if reading.intent is Intent.STORE_INFO and any(s.sku or s.skus for s in certain) and self.meant.of("store_info") < PLAIN:
            return replace(reading, intent=Intent.AVAILABILITY, topic=None, certainty=0.7)
        return reading

    def _asks_all_of_it(self, text: str, subject: Subject, asked: tuple[str, ...]) -> bool:
        """ "The 5-6 years is gone, what other sizes are there?": all values of an option are asked for, and the one that is named is not meant."""
        if subject.product_id not in self.view.products or not (subject.sku or subject.skus):
            return False
        if not (OPEN.search(fold(text)) and _OTHERS.search(fold(text))) and not followups.wants_more(text):
            return False
        return bool(meant(text, self.view.products[subject.product_id]).concepts & {concept_of(word) for word in asked})

    def _told_options(
        self, text: str, row: list[Token], reading: Reading, subjects: tuple[Subject, ...], asked: tuple[str, ...], value: str
    ) -> tuple[Reading, tuple[str, ...], str]:
        """An option that is named by its value is not asked for: "the 15 inch laptop with 16GB RAM" wants a price, not its RAM."""
        if reading.intent not in ABOUT_ONE or len(subjects) != 1 or subjects[0].product_id not in self.view.products:
            return reading, asked, value
        told = meant(text, self.view.products[subjects[0].product_id], subjects[0].sku or "")
        if not told.skus and not told.nearest:
            if reading.intent is Intent.PRODUCT_QUESTION and self._only_its_own(text, row, subjects[0], asked, value):
                return replace(reading, intent=Intent.PRICE), (), ""
            return reading, asked, value
        left = tuple(word for word in asked if (concept_of(word) or fold(word)) not in told.concepts)
        if reading.intent is not Intent.PRODUCT_QUESTION:
            return reading, left, value
        if len(told.skus) == 1 and is_yes_no(text, row) and not OPEN.search(fold(text)):
            # "Is there a king size, for a 2 m bed?": the size is told by another word than the shop's own.
            left = tuple(word for word in left if concept_of(word) != "size" or self._states(subjects[0].product_id, "size"))
            asked = left
        cues, last = lexicon().intents, intent_of(self.memory.last_intent)
        open_ = bool(OPEN.search(fold(text))) and not cues["price"].any(row) and not cues["availability"].any(row)
        if left or (asked and is_yes_no(text, row) and len(told.skus) != 1) or open_:
            return reading, left or asked, value
        carried_price = subjects[0].how == "carried" and last is Intent.PRICE
        intent = Intent.PRICE if cues["price"].any(row) or (carried_price and not cues["availability"].any(row)) else Intent.AVAILABILITY
        self.notes.append("option told")
        return replace(reading, intent=intent), (), value

    def _of_what_was_shown(self, row: list[Token]) -> bool:
        """Whether it asks for a property that the products spoken of state: "what's the CRI" after a lamp."""
        shown = [id_ for id_ in (self.memory.focus, *self.memory.shown) if id_ in self.view.products]
        asked = {concept for concept, _, _ in concepts_in(row)} if shown and len(row) <= _FOLLOWS_MOST else set()
        return any(self._states(id_, concept) for id_ in shown for concept in asked)

    def _states(self, id_: str, concept: str) -> bool:
        product = self.view.products[id_]
        held = (*product.attributes, *(o for v in product.variants for o in v.options))
        return any(concept_of(one.name) == concept for one in held)

    def _only_its_own(self, text: str, row: list[Token], subject: Subject, asked: tuple[str, ...], value: str) -> bool:
        """A name with an amount that the only variant has, and no question: "Jin Jun Mei 50 g please"."""
        product = self.view.products[subject.product_id]
        if not value or not subject.certain or len(product.variants) > 1 or is_yes_no(text, row) or OPEN.search(fold(text)) or asked:
            return False
        plain = re.sub(r"\s", "", fold(value))
        return any(plain == re.sub(r"\s", "", fold(option.value)) for option in product.variants[0].options)

    def _refines(self, text: str, row: list[Token], conditions: Conditions) -> bool:
        return self.refined or followups.refines(text, row, conditions, self.memory, self.words, self.left_out)

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

    def _of_other_kinds(self, subject: Subject, conditions: Conditions) -> Filters:
        """What may go with a product: nothing of its category, but for what is made for such a thing ("Rug Pad" for a rug)."""
        product = self.view.products[subject.product_id]
        leaf = {path.split(">")[-1].strip().casefold() for names in product.categories[:1] for path in names.values()}
        last = [row[-1][0] for title in product.title.values() if (row := list(terms(title)))]
        parts = {number for term in last for number in set(self.words.postings.get(term, ())) - set(self.words.heads.get(term, ()))}
        naming = self._naming(product)
        kin = tuple(id for number in sorted(self.words.in_categories(leaf) - parts) if (id := self.words.ids[number]) not in naming)
        return replace(
            conditions.filters, categories=(), brands=(), attributes=(), not_product_ids=(*conditions.filters.not_product_ids, *kin)
        )

    def _naming(self, product: Product) -> set[str]:
        """Other products whose texts hold all words of a title of this one ("goes with the Little Chef Play Kitchen")."""
        tables = self.view.tables
        if tables is None:
            return set()
        found: set[str] = set()
        for title in product.title.values():
            held = [set(tables.lexical.holders(term).tolist()) for term in index_terms(title)]
            rows = set.intersection(*held) if held else set()
            found |= {tables.catalog.ids[number] for row in rows if (number := int(tables.product_of[row])) >= 0}
        return found - {product.id}

    def _of_kind(self, conditions: Conditions) -> Filters:
        """Only things that are called so by their titles, where the shop has no such category; for an extreme ("the lightest umbrella") of
        a single one, all of its category."""
        filters, kinds = conditions.filters, conditions.kinds
        extreme = conditions.sort is not Sort.RELEVANCE or bool(conditions.superlative)
        if extreme and filters.product_ids is None:
            called = narrower(self.piece.text, filters.categories, kinds, self.words)
            if called:
                return self._called(filters, called)
        if filters.categories or not kinds or len(kinds) > _KIND_MOST:
            return filters
        if extreme and len(kinds) == 1:
            product = self.view.products[self.words.ids[kinds[0]]]
            leaf = [path.split(">")[-1].strip().casefold() for names in product.categories[:1] for path in names.values()]
            return replace(filters, categories=tuple(leaf))
        return self._called(filters, kinds)

    def _called(self, filters: Filters, kinds: tuple[int, ...]) -> Filters:
        return replace(filters, product_ids=tuple(self.words.ids[number] for number in kinds))

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
            yes_no=is_yes_no(text, row),
            superlative=superlative,
            count=conditions.count if searching or reading.intent is Intent.COMPARE else None,
            purpose=conditions.purpose if searching or reading.intent is Intent.UNCLEAR else "",
            interest=conditions.interest if searching else "",
            anything=searching and (self._whole_shop(text, conditions) or (not filters.empty and not self._said_beside(conditions))),
            quantity=self._pieces(conditions, subjects) if not searching else None,
            certainty=round(reading.certainty, 3),
            foreign=self.foreign,
            unnamed=self._unnamed(reading, conditions, subjects),
        )

    def _whole_shop(self, text: str, conditions: Conditions) -> bool:
        """Whether all goods are to be put in an order: "your cheapest item"."""
        return (
            conditions.sort is not Sort.RELEVANCE and not conditions.kinds and (means_anything(text) or self._names_trade(text, conditions))
        )

    def _names_trade(self, text: str, conditions: Conditions) -> bool:
        """Whether goods are called by a word for all that the shop sells: its texts speak of toys, no title and no category does."""
        hits = goods_wished(text)
        if not hits or conditions.filters.categories or conditions.filters.brands or self.view.tables is None:
            return False
        lexical = self.view.tables.lexical
        return all(any(len(lexical.holders(term)) for term in index_terms(text[hit.start : hit.end])) for hit in hits)

    def _said_beside(self, conditions: Conditions) -> set[str]:
        """The words that say more of what is looked for than its kind and conditions do."""
        said = followups.content(conditions.rest, self.words)
        kind = {term for words in conditions.categories_said for term, _, _ in terms(words)}
        kind |= {term for term in said if set(self.words.heads.get(term, ())) & set(conditions.kinds)}
        for id_ in self.left_out:
            kind |= {term for title in self.view.products[id_].title.values() for term, _, _ in terms(title)}
        return said - kind

    def _pieces(self, conditions: Conditions, subjects: tuple[Subject, ...]) -> int | None:
        """Pieces wanted; a number that belongs to the product's name is none ("Puzzle, 1000 Pieces")."""
        number = conditions.quantity
        titles = [fold(t) for s in subjects if s.product_id in self.view.products for t in self.view.products[s.product_id].title.values()]
        return None if number is None or any(re.search(rf"(?<!\d){number}(?!\d)", title) for title in titles) else number

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
        if looking is not None and looking.interest:
            # For somebody who likes trains, trains are looked for, not what is nearest to "birthday gift".
            return " ".join([looking.interest, *(said for said in looking.categories_said if fold(said) not in looking.interest)])
        if looking is not None and looking.wish and followups.content(looking.wish, self.words):
            whole = looking.wish
        if refined and self.memory.search:
            before = read(self.memory.search, self.words, self.words.currency)
            wanted = before.rest or self.memory.search
            return f"{wanted[:200]} {whole}".strip()
        # A code says nothing to a search for rules ("can you mail the PB-20 abroad?" is about power banks).
        pointed = tuple(s for s in subjects if s.how in {"reference", "carried"} or (ruled and s.how == "sku"))
        return f"{titles_of(pointed[:4], self.view, self.tag)} {whole}".strip() if pointed else whole


_CHEAPER_ONES = re.compile(r"有(?:没有)?(?:更|再)?便宜(?:一?点|一?些)?的|\b(?:any|anything|something|do you have a)\s(?:\w+\s)?cheaper\b")
_OTHERS = re.compile(r"\b(?:other|else|another|different)\b|还有|别的|其他|其它")
_THE = re.compile(r"\b(?:the|this|that|your)\b|这|那|该")


def asks_the_same(text: str) -> bool:
    """Asks by its words just what was asked before: "and for sofas?", 鞋子也可以吗."""
    return bool(_THE_SAME.search(fold(text)))


def leaves_out(text: str) -> bool:
    """A few words that name something and leave out what is asked: "what about lamps", 那鞋子呢, "shoes too?", "Gloves?"."""
    folded = fold(text)
    bare = len(tokens(folded)) <= _BARE_MOST and folded.rstrip().endswith(("?", "？"))
    if bare or asks_the_same(text) or _WHAT_ABOUT.search(folded):
        return not OPEN.search(_WHAT_ABOUT.sub(" ", folded).replace("呢", " ")) and not any(
            lexicon().intents[cue].any(folded) for cue in ("price", "availability", "search")
        )
    return False


def _of_a_kind(text: str, conditions: Conditions) -> bool:
    """A price limit picks among many: what stands beside it is a kind of product, unless one is pointed at."""
    on_sale = conditions.filters.on_sale and not lexicon().intents["price"].any(text)
    limited = conditions.filters.price_max is not None or conditions.filters.price_min is not None or on_sale
    return limited and not _THE.search(fold(text))


def titles_of(subjects: tuple[Subject, ...], view: ShopView, tag: str) -> str:
    """The subjects' titles in the language `tag`, joined by " / "."""
    return " / ".join(pick(view.products[s.product_id].title, tag) for s in subjects if s.product_id in view.products)
