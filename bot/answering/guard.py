"""Guard: a sentence goes out only if this turn's evidence holds every fact it states.

What a sentence claims is read by claims.py (figures) and promises.py (words such as "sold out" or "free shipping"), what may be said stands in
fact_table.py. Here the two meet: each claim is bound to the product that its words speak of, so that the price of one product is no evidence
for another, and to the line of the evidence that has its figure, so that the fee of one country is none for the next.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.answering.claims import Claim, claims_of, cleaned
from bot.answering.composer import Findings
from bot.answering.denials import denial_violations
from bot.answering.evidence_lines import Line, pieces, stems
from bot.answering.fact_table import FactTable, ProductFacts, VariantFacts, fact_table
from bot.answering.features import feature_violations
from bot.answering.materials import material_violations
from bot.answering.mentions import Mention, Sentence, qualified_wrongly, read_sentence
from bot.answering.names import unknown_names
from bot.answering.places import elsewhere, everywhere, meet, places_in
from bot.answering.promises import word_violations
from bot.answering.superlatives import superlative_violations
from knowledge.currencies import DOLLARS
from knowledge.folding import fold
from knowledge.promotion import Promotion
from knowledge.units import Dimension


@dataclass(frozen=True, slots=True)
class Violation:
    """A claim that the evidence does not hold. `kind`: figure, price, currency, stock, date, time, percent, code, url, email, phone, product,
    discount, free, promise, variant."""

    kind: str
    value: str
    """The words of the claim. Customer-facing text: it goes to the trace, never to a log."""


_UNDER = re.compile(
    r"(?:under|below|within|up to|less than|no more than|at most|beneath|budget(?: of)?|maximum|cheaper than|不超过|低于|少于|小于|不到|预算|最多)\W*(?:of|is|your|the|是|在|为)?\W*$"
)
_UNDER_AFTER = re.compile(r"^\s*(?:or less|or under|and under|budget|limit|以内|以下|之内|之下|预算|左右的预算)")
_OVER = re.compile(r"(?:over|above|more than|at least|from|upwards of|超过|高于|大于|多于|不低于|至少|满)\W*$")
_OVER_AFTER = re.compile(r"^\s*(?:or more|and up|and above|or above|以上|起)")
_WAS = re.compile(
    r"(?:\bwas|\bwere|originally|\blist(?:ed)?(?: price)?(?: of| is| at)?|regular(?:ly)?(?: price)?(?: of| is)?|usual(?:ly)?(?: price)?(?: of| is)?|normal(?:ly)?(?: price)?(?: of| is)?|instead of|down from|reduced from|marked down from|full price(?: of| is)?|before(?: that| the sale)?|compared (?:with|to)|原价|原来|划线价|平时|之前|原本|原售价|标价|日常价)\W*(?:of|is|was|at|price|为|是|价|的)?\W*$"
)
_WAS_AFTER = re.compile(
    r"^\W*(?:before|list price|regularly|originally|normally|usually|的原价|的划线价)(?!\W*(?:of|is|was|the)?\W*[\d$€£¥])"
)
_MORE = re.compile(r"^\s*(?:\(?(?:\d+ ?%)?\)?\s*)?(?:more|less|cheaper|dearer|extra|lower|higher|difference|apart|的差价|差价)")
_SAVED = re.compile(r"^\s*(?:off|saving|discount|的优惠)")
_SAVED_BEFORE = re.compile(
    r"(?:sav(?:e|es|ing|ings)(?: you)?(?: of)?|discount of|reduced by|off|省了?|节省|立减|减|优惠|降了?|便宜了?)\W*(?:of|only|just|you|the|约|是|为)?\W*$"
)
_MORE_BEFORE = re.compile(
    r"(?:differ(?:s|ence)?(?: (?:is|of|by|in price is))?|by|cheaper by|便宜了?|贵了?|差价?(?:是|为)?|相差|差了?|少付|多付)\W*(?:of|only|just|you|the|约|是|为)?\W*$"
)
_TOTAL = re.compile(
    r"total|come to|comes to|altogether|together|in all|all in|combined|sum|each|for (?:both|all|the (?:pair|set|two|three))|一共|总共|合计|共计|总价|加起来|总计|共|两件|件|both"
)
_STOCK_CONTEXT = re.compile(r"in stock|left|remain|pieces?|units?|available|on hand|warehouse|库存|剩|现货|存货|仅余|余\s?\d|件|只剩|还有")
_WE_HAVE = re.compile(
    r"(?:\bwe (?:currently |still )?have|\bwe've got|\bthere are(?: still| currently)?|\bthere is|[还仅只]有|剩下?|库存)\W*(?:only|just|about|exactly|over)?\s*$"
)
_RATING_CONTEXT = re.compile(r"stars?|rat(?:ed|ing|ings)|out of|score|average|评分|星|平均|打分|满分|/\s?5")
_REVIEW_CONTEXT = re.compile(r"review|buyer|customer|rating|people|评价|评论|买家|顾客|条")
_DISCOUNT_CONTEXT = re.compile(r"off\b|discount|sav(?:e|ing)|reduc|cheaper|\bsale\b|coupon|code|折|优惠|减|省|降|便宜|促销|特价|返")
_DIFFERENCE_AFTER = re.compile(
    r"^\s*(?:lighter|heavier|more|less|longer|shorter|bigger|larger|smaller|taller|wider|narrower|thinner|thicker|extra|apart|lower|higher|faster|slower|brighter|quieter|的?差距?|之差)"
)
_DIFFERENCE_BEFORE = re.compile(
    r"(?:differ(?:s|ence)?(?: (?:is|of|by))?|\bby|extra|additional|轻|重|多|少|长|短|大|小|差|相差|高|低|快|慢|宽|窄|厚|薄)(?:了|出)?\W*(?:of|only|just|about|约|大约)?\W*$"
)
_COMPARED = re.compile(
    r"\bthan\b|compared|\bdiffer|\bagainst\b|\bextra\b|\badditional\b|比|相差|差|[轻重多少长短大小高低快慢宽窄厚薄](?:了|出)"
)
_NEGATED = re.compile(
    r"\bno\b|\bnot\b|n't\b|\bcannot\b|\bnever\b|\bunable\b|\bwithout\b|\bnone\b|\bnothing\b|\bneither\b|\bcouldn|\bdon.t\b|不|没|无|未|别|非"
)
_PAST = re.compile(r"\bended\b|\bexpired\b|\bover\b|no longer|\bfinished\b|\bwas only\b|\bpast\b|结束|过期|失效|已过|不再|停止|只限")
_HIGH_ONLY = re.compile(
    r"(?:up to|within|at most|max(?:imum)?(?: of)?|no more than|as much as|as long as|to|or|until|by|最多|最长|最高|最大|不超过|可达|至|到|最晚)\W*(?:of|the|is|是|为|约)?\W*$"
)
_HIGH_AFTER = re.compile(r"^\s*(?:at most|or less|at the latest|max|以内|之内|内|以下)")
_LOW_ONLY = re.compile(
    r"(?:from|at least|as little as|minimum(?: of)?|as few as|starting at|between|最少|最快|至少|最低|最短|从)\W*(?:of|the|is|是|为|约)?\W*$"
)
_LOW_AFTER = re.compile(r"^\s*(?:at least|or more|and up|起|以上)")
_CONDITION = re.compile(
    r"(?:\bfor|\bif you|\byour|\byou (?:want|need|asked|mentioned|are looking)|\bwithin|\bunder|\bbelow|\bover|\babove|\bbetween|\bup to|\bat least|looking for|您(?:要|说|想|需|提|的)|你(?:要|说|想|需|提|的)|需要|想要|预算|不超过|至少|如果|要求)[^.。]{0,24}$"
)
_INDEX = re.compile(r"^\s*(?:[-•*]\s*)?(?:no\.?\s*|option\s+|第\s*)?\d{1,2}\s*(?:[.)、:]|$)")
_OF_GOODS = frozenset(d.name for d in Dimension) - {"NUMBER", "MASS", "LENGTH", "VOLUME", "AREA", "TIME", "TEMPERATURE"}
"""Dimensions that describe goods: what a product states in them is not what a general rule says."""
_QUOTED = re.compile(r"[\"“]([^\"“”]{4,})[\"”]")
_AGAINST = re.compile(r"\d[^\d,;.]{0,10}\s(?:against|versus|vs\.?|compared (?:to|with))\s*[$€£¥]?$")
_COUNTED_NOUN = re.compile(r"^\s*(?:款|种|个|样|项|件|方面|点|条|把|只|台|双|张)(?P<noun>[㐀-鿿]{0,6})")
_PRODUCT_NOUN = re.compile(
    r"一共|总共|合计|共|加|要|产品|商品|选择|选项|方案|可选|可以|都|均|是|分别|适合|符合|能|型号|推荐|里|中|之|供|在|有|各|问题|方面|方式|办法|优惠|活动|原因|区别|不同|地方|颜色|尺码|规格|版本"
)
_COUNTED = re.compile(
    r"^\s*(?:of (?:them|these|our|the)|options?|choices?|models?|products?|items?|ones?|kinds?|variants?|versions?|styles?|are|suit|fit|picks?|suggestions?|questions?|things?|points?|ways?|types?|other|more|[a-z-]+ (?:options?|models?|ones?|kettles?|choices?)|款|种|个|者|样|项|件|方面|点|条|把|只|台|双|张)"
)


MOST_ABOUT = 2
"""Products that "it" may mean at most."""


class Guard:
    """Checks the sentences of one turn in their order: what one sentence names, the next may call "it"."""

    def __init__(self, findings: Findings, about: Iterable[str] = ()) -> None:
        """`about`: ids of the products that the answer is to be about, where the question itself names none."""
        self._table: FactTable = fact_table(findings)
        if not self._table.asked and 0 < len(known := frozenset(p for p in about if p in self._table.products)) <= MOST_ABOUT:
            self._table.asked = known
        self._carried: frozenset[str] = frozenset()
        self._carried_skus: frozenset[str] = frozenset()
        self._columns: list[frozenset[str]] = []

    @property
    def table(self) -> FactTable:
        """What may be said."""
        return self._table

    def violations(self, text: str) -> list[Violation]:
        """What in `text` the evidence does not hold; [] when it may go out. Remembers what a sentence that passed was about."""
        plain = cleaned(text)
        row = self._row(plain)
        if row is not None:
            return row
        found: list[Violation] = []
        before = (self._carried, self._carried_skus)
        for piece in pieces(plain):
            found += self._sentence(piece)
        if found:
            self._carried, self._carried_skus = before
        return list(dict.fromkeys(found))

    def spoken(self, text: str) -> tuple[str, ...]:
        """Ids of the products that a text names, in its order."""
        ids: dict[str, None] = {}
        for piece in pieces(cleaned(text)):
            for mention in read_sentence(piece, self._table).mentions:
                if mention.own and len(mention.products) <= 2:
                    ids.update(dict.fromkeys(sorted(mention.products)))
        return tuple(ids)

    # ── tables ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _row(self, text: str) -> list[Violation] | None:
        """A row of a Markdown table: each cell speaks of the product at the head of its column. None: it is no row."""
        stripped = text.strip()
        if not (stripped.startswith("|") and stripped.endswith("|") and stripped.count("|") > 2) or "\n" in stripped:
            return None
        cells = [cell.strip() for cell in stripped.strip("|").split("|")]
        if all(re.fullmatch(r":?-*:?", cell) for cell in cells):
            return []
        named = [self._own(read_sentence(cell, self._table)) for cell in cells]
        if sum(1 for n in named if n) >= 2:
            self._columns = named
        carried, found = self._carried, list[Violation]()
        for index, cell in enumerate(cells):
            self._carried = self._columns[index] if index < len(self._columns) and self._columns[index] else carried
            # The head of a row says what the figures are: "Weight | 1.1 kg | 620 g".
            head = f"{cells[0]}: " if index and not named[0] else ""
            for piece in [f"{head}{cell}"]:
                found += self._sentence(piece)
        self._carried = carried
        return found

    def _own(self, sentence: Sentence) -> frozenset[str]:
        return frozenset().union(*(m.products for m in sentence.mentions if m.own))

    # ── one sentence ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _sentence(self, piece: str) -> list[Violation]:
        table = self._table
        sentence = read_sentence(piece, table)
        whole = sentence.folded.strip(" .。!;,|-•>\"'“”")
        if len(whole) >= 12 and any(whole in rule for rule in table.rules):
            return []  # the merchant's own sentence
        found: list[Violation] = []
        claims = claims_of(piece)
        talked = self._own(sentence) | self._carried | table.asked
        own_words = [f for p in talked if (f := table.products.get(p)) is not None and len(whole) >= 12 and whole in f.text]
        if own_words and not any(line.kind == "review" and whole in line.folded for f in own_words for line in f.lines):
            return []  # the merchant's own sentence about it
        heads = _INDEX.match(sentence.folded)
        quoted = [m.span() for m in _QUOTED.finditer(sentence.folded) if m[1].strip(" .") in table.text]
        for index, claim in enumerate(claims):
            if any(left <= claim.start and claim.end <= right for left, right in quoted):
                continue  # word for word what a buyer or the merchant wrote
            if heads and claim.kind == "number" and claim.end <= heads.end():
                continue
            if any(m.start <= claim.start and claim.end <= m.end and m.own for m in sentence.mentions):
                continue  # figures inside a product's name
            if claim.kind == "number" and sentence.in_value(claim.start, claim.end, table.option_values):
                continue  # "Set of 3" is what the variant is called
            violation = self._claim(claim, claims, index, sentence)
            if violation:
                found.append(violation)
        if quoted:
            sentence = read_sentence(_QUOTED.sub(lambda m: " " * len(m.group()) if m.span() in quoted else m.group(), piece), table)
        bind = self._binder(sentence)
        for kind, value in word_violations(sentence, claims, table, bind, self._variants):
            found.append(Violation(kind, value))
        judged = (
            *feature_violations(sentence, table, bind),
            *superlative_violations(sentence, table, bind),
            *material_violations(sentence, table, bind),
            *denial_violations(sentence, table, self._own(sentence) or self._carried or table.asked),
        )
        for kind, value in judged:
            found.append(Violation(kind, value))
        for name in qualified_wrongly(sentence, table):
            found.append(Violation("product", name))
        for name in unknown_names(piece, sentence, table):
            found.append(Violation("product", name))
        own = self._own(sentence)
        if own:
            self._carried, self._carried_skus = own, frozenset()
        if sentence.options:
            chosen = self._variants(own or self._carried or table.asked, sentence, 0, len(piece))
            skus = frozenset(v.sku for v in chosen)
            self._carried_skus = skus
        return found

    def _binder(self, sentence: Sentence) -> Callable[[int, int], tuple[frozenset[str], bool]]:
        """Where a claim stands → the products it speaks of, and whether the words name them."""

        def bind(start: int, end: int) -> tuple[frozenset[str], bool]:
            if _AGAINST.search(sentence.folded[:start]):
                # "168 g against 255 g": the second figure is the other's.
                talked = self._own(sentence) | self._carried | self._table.asked
                mine = sentence.unit_for(start, end) or frozenset()
                if len(talked - mine) == 1:
                    return talked - mine, True
            unit = sentence.unit_for(start, end)
            if unit is not None:
                return unit, True
            kinds: frozenset[str] = frozenset().union(*(m.products for m in sentence.mentions if not m.own))
            base = self._carried or self._table.asked
            if kinds and base & kinds:
                return base & kinds, bool(self._carried)
            if kinds:
                return kinds | base, False
            return (base, True) if base else (frozenset(self._table.products), False)

        return bind

    def _variants(self, products: Iterable[str], sentence: Sentence, start: int, end: int) -> list[VariantFacts]:
        """The variants that the words around a claim tell: those whose options stand in its clause, else all of the products."""
        ids = [p for p in products if p in self._table.products]
        everything = [v for p in ids for v in self._table.products[p].variants]
        words = sentence.options_at(start, end, {value for v in everything for values in v.options.values() for value in values})
        if not words and (chosen := self._by_quantity(everything, sentence, start)):
            return chosen
        if not words:
            if self._carried_skus and (kept := [v for v in everything if v.sku in self._carried_skus]):
                return kept
            return everything
        chosen = []
        for variant in everything:
            sibling = [v for p in ids for v in self._table.products[p].variants if variant in self._table.products[p].variants]
            fits = True
            for name, values in variant.options.items():
                said = {w for w in words for v in sibling if w in v.options.get(name, ())}
                if said and not said & values:
                    fits = False
            chosen += [variant] if fits else []
        return chosen or everything

    def _by_quantity(self, variants: list[VariantFacts], sentence: Sentence, start: int) -> list[VariantFacts]:
        """The variants whose options state a quantity of the clause in another spelling ("1.0 升" for "1.0 L"); [] when that tells none apart."""
        left, right = sentence.clause(start)
        said = {(c.unit, round(c.low, 4)) for c in claims_of(sentence.text) if c.kind == "quantity" and left <= c.start < right}
        if not said or len(variants) < 2:
            return []
        own = [
            {
                (c.unit, round(c.low, 4))
                for values in v.options.values()
                for value in values
                for c in claims_of(value)
                if c.kind == "quantity"
            }
            for v in variants
        ]
        chosen = [v for v, stated in zip(variants, own, strict=True) if said & stated]
        return chosen if len(chosen) < len(variants) else []

    def _claim(self, claim: Claim, claims: tuple[Claim, ...], index: int, sentence: Sentence) -> Violation | None:
        products, named = self._binder(sentence)(claim.start, claim.end)
        facts = [self._table.products[p] for p in products if p in self._table.products]
        before, after = sentence.folded[: claim.start], sentence.folded[claim.end :]
        if claim.kind not in ("money", "url", "email", "phone") and self._quoted(claim, sentence, facts):
            return None
        match claim.kind:
            case "money":
                return self._money(claim, claims, index, sentence, products, named, before, after)
            case "percent":
                fine = self._percent(claim, sentence, facts, named)
                return None if fine else Violation("percent", claim.raw)
            case "quantity":
                fine = self._quantity(claim, sentence, facts, before, after)
                return None if fine else Violation("figure", claim.raw)
            case "number":
                return self._number(claim, sentence, products, facts, before, after)
            case "date":
                return None if self._date(claim, sentence, facts) else Violation("date", claim.raw)
            case "time":
                known = claim.unit in self._table.times or self._in_lines(claim, sentence, facts, free=True)
                return None if known else Violation("time", claim.raw)
            case "day":
                return None if self._day(claim, sentence, facts) else Violation("date", claim.raw)
            case "url":
                known = claim.unit.split("://")[-1].removeprefix("www.").rstrip("/") in self._table.text
                return None if known else Violation("url", claim.raw)
            case "email":
                return None if claim.unit in self._table.text else Violation("email", claim.raw)
            case "phone":
                phones = {c.unit for line in self._table.lines for c in line.claims if c.kind == "phone"}
                return None if any(claim.unit in p or p in claim.unit for p in phones) else Violation("phone", claim.raw)
            case _:
                return None if self._code(claim, sentence, facts, named) else Violation("code", claim.raw)

    def _quoted(self, claim: Claim, sentence: Sentence, facts: list[ProductFacts]) -> bool:
        """Whether the words around a figure stand just so in the description or the reviews of a product that the sentence names."""
        start, end = sentence.clause(claim.start)
        words = sentence.folded[start:end].strip(" .,;:!?。，；：-\"'")
        if len(words) < (6 if sentence.chinese else 10) or (len(words) < 2 * (claim.end - claim.start) and len(words) < 16):
            return False
        named = [self._table.products[p] for m in sentence.mentions if m.own for p in m.products if p in self._table.products]
        return any(words in f.text for f in named or facts)

    # ── money ───────────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _money(
        self,
        claim: Claim,
        claims: tuple[Claim, ...],
        index: int,
        sentence: Sentence,
        products: frozenset[str],
        named: bool,
        before: str,
        after: str,
    ) -> Violation | None:
        values = {claim.low} | ({claim.low / 100} if claim.raw[:1].isalpha() and claim.low >= 1000 else set())
        if not self._currency(claim):
            in_line = self._in_lines(claim, sentence, [])
            return None if in_line else Violation("currency", claim.raw)
        variants = self._variants(products, sentence, claim.start, claim.end)
        paid = [v.paid for v in variants if v.paid is not None] + [v.up_to for v in variants if v.up_to is not None]
        listed = [v.listed for v in variants if v.listed is not None]
        if any(_near(value, 0.0) for value in values):
            return None if paid and 0.0 in paid else Violation("price", claim.raw)
        respective = sentence.respective(claim, claims)
        if respective is not None:
            some = self._variants(respective, sentence, claim.start, claim.end)
            paid, listed = [v.paid for v in some if v.paid is not None], [v.listed for v in some if v.listed is not None]
        bound = bool(_UNDER.search(before) or _UNDER_AFTER.match(after) or _OVER.search(before) or _OVER_AFTER.match(after))
        if (
            bound
            and self._asked(claim)
            and self._bound_holds(claim, variants, bool(_UNDER.search(before) or _UNDER_AFTER.match(after)), sentence)
        ):
            return None
        verb = _price_verb(before)
        if _WAS.search(before) or _WAS_AFTER.match(after):
            if any(_in(value, listed) for value in values):
                return None
        elif _SAVED.match(after) or _SAVED_BEFORE.search(before):
            savings = [v.listed - v.paid for v in variants if v.listed is not None and v.paid is not None]
            cheaper = self._differences(products, variants, sentence) if re.search(r"便宜|cheaper", sentence.folded) else []
            if any(_in(value, savings + cheaper) for value in values) or self._reduction(claim, products, named):
                return None
        elif _MORE.match(after) or _MORE_BEFORE.search(before):
            if any(_in(value, self._differences(products, variants, sentence)) for value in values) or self._reduction(
                claim, products, named
            ):
                return None
        elif any(_in(value, paid) for value in values):
            return None
        summed = _TOTAL.search(sentence.folded) or re.search(r"[x×*=]\s*\W*$", before)
        if summed and any(_in(value, self._totals(claims, index, variants, products)) for value in values):
            return None
        if self._in_lines(claim, sentence, [], before=before if verb else None):
            return None
        return Violation("price", claim.raw)

    def _currency(self, claim: Claim) -> bool:
        if claim.unit == "$":
            return bool(self._table.currencies & DOLLARS)
        if claim.unit == "¥":
            return bool(self._table.currencies & {"CNY", "JPY"})
        return not claim.unit or claim.unit in self._table.currencies

    def _asked(self, claim: Claim) -> bool:
        """Whether the customer said this figure."""
        return any(
            _near(c.low, claim.low) or _near(c.high, claim.high) for c in self._table.question_claims if c.kind in ("money", "number")
        )

    def _bound_holds(self, claim: Claim, variants: list[VariantFacts], under: bool, sentence: Sentence) -> bool:
        """Whether what the words name keeps to the limit; a sentence that names nothing states nothing."""
        if not any(m.own for m in sentence.mentions):
            return True
        prices = [v.paid for v in variants if v.paid is not None]
        if _NEGATED.search(sentence.folded):
            return True
        return bool(prices) and (min(prices) <= claim.low if under else max(prices) >= claim.low)

    def _differences(self, products: frozenset[str], variants: list[VariantFacts], sentence: Sentence) -> list[float]:
        """What is saved against the list price, and what the products of the talk differ by."""
        savings = [v.listed - v.paid for v in variants if v.listed is not None and v.paid is not None]
        talked = {p for m in sentence.mentions if m.own for p in m.products} | self._carried | self._table.asked
        scope = products if len(products) > 1 else frozenset(p for p in products | talked if p in self._table.products)
        prices = {v.paid for p in scope for v in self._table.products[p].variants if v.paid is not None}
        own = {v.paid for v in variants if v.paid is not None}
        return savings + [abs(a - b) for a in own for b in prices if a != b]

    def _reduction(self, claim: Claim, products: frozenset[str], named: bool) -> bool:
        """Whether a promotion in force, for what is spoken of, takes this amount off."""
        for promotion in self._table.promotions:
            if promotion.amount_off is None or not _near(float(promotion.amount_off.major), claim.low):
                continue
            if not named or any(promotion in self._table.products[p].promotions for p in products if p in self._table.products):
                return True
        return False

    def _totals(self, claims: tuple[Claim, ...], index: int, variants: list[VariantFacts], products: frozenset[str]) -> list[float]:
        pieces_wanted = {c.low for c in (*claims, *self._table.question_claims) if c.kind == "number" and 2 <= c.low <= 999}
        prices = {v.paid for v in variants if v.paid is not None}
        out = [p * n for p in prices for n in pieces_wanted]
        if 2 <= len(products) <= 4:
            sums = {0.0}
            for p in products:
                own = {v.paid for v in self._table.products[p].variants if v.paid is not None} if p in self._table.products else set()
                sums = {s + price for s in sums for price in own}
            out += list(sums)
        return out

    # ── other figures ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def _percent(self, claim: Claim, sentence: Sentence, facts: list[ProductFacts], named: bool) -> bool:
        clause = sentence.clause_text(claim.start)
        if claim.off or _DISCOUNT_CONTEXT.search(clause):
            for f in facts:
                for v in f.variants:
                    off = 100 * (1 - v.paid / v.listed) if v.listed and v.paid is not None else 0.0
                    if off and (abs(off - claim.low) < 0.06 or _near(round(off), claim.low)):
                        return True
            fitting = self._table.promotions if not named else [p for f in facts for p in f.promotions]
            same = [p for p in fitting if p.percent_off is not None and _near(float(p.percent_off), claim.low)]
            if any(m.own for m in sentence.mentions) and same:
                return True
            if any(p.code.casefold() in sentence.folded or self._told_of(p, sentence) for p in same):
                return True
            others = [
                p
                for p in self._table.promotions
                if p not in fitting and p.percent_off is not None and _near(float(p.percent_off), claim.low)
            ]
            if others and named and any(m.own for m in sentence.mentions) and not any(p.code.casefold() in sentence.folded for p in others):
                return False
            return self._in_lines(claim, sentence, [])
        return self._in_lines(claim, sentence, facts)

    def _told_of(self, promotion: Promotion, sentence: Sentence) -> bool:
        """Whether words of a promotion's own text stand in the sentence."""
        lines = self._table.groups.get(f"promotion:{promotion.code}", ())
        return any(sentence.words & line.words for line in lines)

    def _quantity(self, claim: Claim, sentence: Sentence, facts: list[ProductFacts], before: str, after: str) -> bool:
        if self._in_lines(claim, sentence, facts):
            return True
        said = [c for c in self._table.question_claims if c.kind == "quantity" and c.unit == claim.unit and _near(c.low, claim.low)]
        if said and (_NEGATED.search(sentence.folded) or _CONDITION.search(before) or _UNDER.search(before) or _UNDER_AFTER.match(after)):
            return True
        if (_DIFFERENCE_AFTER.match(after) or _DIFFERENCE_BEFORE.search(before)) and _COMPARED.search(sentence.folded):
            return self._differs(claim, sentence, facts)
        return False

    def _differs(self, claim: Claim, sentence: Sentence, facts: list[ProductFacts]) -> bool:
        """Whether two products of the talk differ by this much in one and the same attribute."""
        talked = {p for m in sentence.mentions if m.own for p in m.products} | self._carried | self._table.asked
        scope = [*facts, *(self._table.products[p] for p in talked if p in self._table.products)]

        def stated(f: ProductFacts) -> list[tuple[frozenset[str], float]]:
            return [
                (line.words, c.low)
                for line in f.lines
                if line.kind in ("attribute", "option")
                for c in line.claims
                if c.kind == "quantity" and c.unit == claim.unit
            ]

        return any(
            words & others and a != b and _close(abs(a - b), claim.low)
            for f in facts
            for words, a in stated(f)
            for g in scope
            if g is not f
            for others, b in stated(g)
        )

    def _number(
        self, claim: Claim, sentence: Sentence, products: frozenset[str], facts: list[ProductFacts], before: str, after: str
    ) -> Violation | None:
        clause = sentence.clause_text(claim.start)
        window = before[-14:] + " " + after[:16]
        if _RATING_CONTEXT.search(clause) and any(_near(claim.low, r) for f in facts for r in f.ratings):
            return None
        if _REVIEW_CONTEXT.search(clause) and any(_near(claim.low, n) for f in facts for n in f.counts):
            return None
        listed = claim.small and re.match(r"\s*[:：]", after) is not None
        if listed and any(_near(claim.low, n) for f in facts for n in f.counts):
            return None
        if (_STOCK_CONTEXT.search(window) or _WE_HAVE.search(before)) and not re.match(r"\s*(?:colou?rs?|sizes?|款|种|色|个颜色)", after):
            variants = self._variants(products, sentence, claim.start, claim.end)
            stock = [v.offer.availability.quantity for v in variants if v.offer.availability.quantity is not None]
            if not self._table.hide_stock:
                sums = {sum(v.offer.availability.quantity or 0 for v in variants if v.sku in {w.sku for w in f.variants}) for f in facts}
                if claim.low in {float(q) for q in stock} or claim.low in {float(s) for s in sums}:
                    return None
            if not any(m.own for m in sentence.mentions) and self._in_lines(claim, sentence, []):
                return None
            pieces_asked = any(c.kind == "number" and _near(c.low, claim.low) for c in self._table.question_claims)
            enough = (
                bool(stock) and max(stock) >= claim.low and pieces_asked and not re.search(r"left|remain|剩|only|只有|仅|just|last", window)
            )
            return None if enough or (claim.low == 0 and 0 in stock) else Violation("stock", claim.raw)
        if self._in_lines(claim, sentence, facts):
            return None
        if claim.small and re.match(r"\s*of (?:them|these|those)", after) and any(_near(claim.low, n) for f in facts for n in f.counts):
            return None
        if claim.small and any(m.own and 0 <= m.start - claim.end <= 2 for m in sentence.mentions) and claim.low <= 20:
            return None  # "two KT-17E kettles"
        if claim.small and _COUNTED.match(after):
            mentioned = len({p for m in sentence.mentions if m.own for p in m.products})
            most = max(mentioned, len(products), len(self._carried), len(self._table.found), len(self._table.asked))
            if (2 <= claim.low <= most or claim.low in self._table.counts) and self._counts_products(after, sentence, claim):
                return None
        if (
            any(_near(claim.low, n) for f in facts for n in f.counts)
            and len(facts) <= 4
            and re.match(
                r"\s*(?:[a-z]+\s)?(?:colou?rs?|sizes?|variants?|options?|versions?|capacit|packs?|scents?|款(?![㐀-鿿]{2})|款(?:颜色|可选|规格|尺码)|种(?:颜色|规格|尺码|容量|香型|可选|选择|款)|个颜色|色|个尺码|个规格|个版本|个选择)",
                after,
            )
        ):
            return None
        said = any(c.kind in ("number", "money") and _near(c.low, claim.low) for c in self._table.question_claims)
        if said and (_CONDITION.search(before) or _NEGATED.search(clause)):
            return None
        if (
            claim.low == claim.high
            and any(_near(claim.low, n) for n in self._table.counts)
            and re.search(r"found|match|list|show|找到|共有|符合|一共|共", clause)
        ):
            return None
        return Violation("figure", claim.raw)

    def _counts_products(self, after: str, sentence: Sentence, claim: Claim) -> bool:
        """Whether what a small number counts is products: in Chinese the noun after the measure word tells ("三台设备", "两款水壶")."""
        noun = _COUNTED_NOUN.match(after)
        if noun is None or not noun["noun"]:
            return True
        start = claim.end + noun.start("noun")
        return _PRODUCT_NOUN.match(noun["noun"]) is not None or any(m.start <= start + 8 and m.end > start for m in sentence.mentions)

    def _date(self, claim: Claim, sentence: Sentence, facts: list[ProductFacts]) -> bool:
        year, month, day = map(int, claim.unit.split("-"))
        known = set(self._table.dates).union(*(f.dates for f in facts))
        third = re.search(r"月(?:份)?(初|中旬|底|末)", claim.raw)
        if third and month and not day:
            low, high = {"初": (1, 10), "中旬": (11, 20)}.get(third[1], (21, 31))
            known_days = {(y, m, d) for y, m, d in self._table.dates.union(*(f.dates for f in facts))}
            known_days |= {tuple(map(int, c.unit.split("-"))) for f in facts for line in f.lines for c in line.claims if c.kind == "date"}  # type: ignore[misc]
            return any(m == month and (not year or y == year) and low <= d <= high for y, m, d in known_days)
        if not month:
            # A bare year tells when something was made: a review's or a promotion's date is no evidence for it.
            stated = [line for f in facts for line in f.lines if line.kind != "review" or _REVIEW_CONTEXT.search(sentence.folded)]
            spoken = [line for line in self._table.lines if line.kind != "promotion" or _DISCOUNT_CONTEXT.search(sentence.folded)]
            return any(c.kind == "date" and _same_date(c.unit, claim.unit) for line in [*stated, *spoken] for c in line.claims) or any(
                str(year) in re.findall(r"\d{4}", line.folded) for line in stated
            )
        if any((not year or y == year) and (not month or m == month) and (not day or d == day) for y, m, d in known):
            return self._promotion_date(claim, sentence)
        return self._in_lines(claim, sentence, facts, same=lambda c: _same_date(c.unit, claim.unit))

    def _promotion_date(self, claim: Claim, sentence: Sentence) -> bool:
        """A date beside the code of one promotion must be of that promotion."""
        named = [p for p in self._table.promotions if p.code.casefold() in sentence.folded]
        if not named:
            return True
        lines = [line for p in named for line in self._table.groups.get(f"promotion:{p.code}", ())]
        return any(c.kind == "date" and _same_date(c.unit, claim.unit) for line in lines for c in line.claims)

    def _day(self, claim: Claim, sentence: Sentence, facts: list[ProductFacts]) -> bool:
        if self._in_lines(claim, sentence, facts):
            return True
        asked = any(c.kind == "day" and c.unit == claim.unit for c in self._table.question_claims)
        return asked and bool(_NEGATED.search(sentence.folded) or "?" in sentence.folded)

    def _code(self, claim: Claim, sentence: Sentence, facts: list[ProductFacts], named: bool) -> bool:
        token = claim.unit
        if " " in token:  # a standard: "EN 71"
            texts = [f.text for f in facts] if named and facts else [self._table.text]
            return any(token in re.sub(r"(?<=[a-z])[ -]?(?=\d)", " ", text) for text in texts)
        if token in self._table.aliases or token.replace("-", "") in self._table.aliases:
            return True
        over = [line for line in self._table.lines if line.over and token in line.folded]
        if over and not any(token in line.folded for line in self._table.lines if not line.over):
            return bool(_PAST.search(sentence.folded))
        if claim.off and token not in self._table.shouted:
            return token in {p.code.casefold() for p in self._table.promotions}
        if token in self._table.codes:
            held = [f for f in self._table.products.values() if token in f.text]
            in_rules = any(token in line.folded for line in self._table.lines)
            family = re.match(r"[a-z]{2,}(?=\d)", token)
            if family and not named and self._table.asked:
                facts, named = [self._table.products[p] for p in self._table.asked], True
                held = held if any(f in held for f in facts) else []
                in_rules = in_rules and not any(_rated(f) for f in facts)
                if not held and not in_rules:
                    return False
            if family and named and facts and not any(token in f.text for f in facts):
                # Another grade than the product's own: "IPX7" of what is rated IPX4.
                own = re.compile(rf"(?<![a-z0-9]){family.group()}\d")
                in_rules = in_rules and not any(own.search(f.text) or _rated(f) for f in facts)
            contrast = re.search(
                r"(?:instead of|rather than|versus|vs\.?|against|not|than|compared (?:to|with)|而不是|不是|比|高于|优于)\s*(?:the |an? )?$",
                sentence.folded[: claim.start],
            )
            return in_rules or not named or not held or bool(contrast) or any(f in held for f in facts)
        return bool(token in self._table.question and _NEGATED.search(sentence.folded))

    # ── lines of the evidence ───────────────────────────────────────────────────────────────────────────────────────────────

    def _in_lines(
        self,
        claim: Claim,
        sentence: Sentence,
        facts: list[ProductFacts],
        *,
        before: str | None = None,
        same: Callable[[Claim], bool] | None = None,
        free: bool = False,
    ) -> bool:
        """Whether a line of these products or of the shop's rules has this figure and is what the words speak of."""
        equal = same or (lambda c: self._equal(c, claim, sentence))
        clause = frozenset(stems(sentence.clause_text(claim.start)))
        for f in facts:
            if claim.kind in ("quantity", "number") and self._stated_otherwise(claim, f, clause, sentence, equal):
                continue
            for line in f.lines:
                if any(c.kind == claim.kind and equal(c) for c in line.claims) and self._aligned_product(
                    claim, line, f, clause, sentence, equal
                ):
                    return True
        holding = [
            line for line in self._table.by_claim.get((claim.kind, ""), ()) if any(c.kind == claim.kind and equal(c) for c in line.claims)
        ]
        if claim.kind == "quantity":
            holding += [line for line in self._table.by_claim.get(("number", ""), ()) if line not in holding and _elided(line, claim)]
        holding = [line for line in holding if not (_foreign(line, sentence) and self._translated(line, sentence))]
        # What only stands in the other language can't be compared word by word: it counts where no line of this language has the figure,
        # and never as the price of a product.
        own = [line for line in holding if not _foreign(line, sentence)]
        if not own and claim.kind == "money" and any(m.own for m in sentence.mentions):
            return False
        # What a product states of itself goes before the general rule: its own warranty, not that of another kind of goods.
        stated = [
            line.words
            for f in facts
            for line in f.lines
            if line.kind == "attribute" and clause & line.words and any(c.kind == claim.kind and c.unit == claim.unit for c in line.claims)
        ]
        of_goods = claim.kind == "quantity" and claim.unit in _OF_GOODS and any(m.own for m in sentence.mentions)
        if of_goods and any(line.kind == "attribute" and any(c.unit == claim.unit for c in line.claims) for f in facts for line in f.lines):
            return False
        if stated and claim.kind == "quantity":
            known = frozenset().union(*stated)
            holding = [line for line in own or holding if clause & (line.words - known)]
            own = []
        return any(self._aligned(claim, line, clause, sentence, before, equal, free) for line in own or holding)

    def _stated_otherwise(
        self, claim: Claim, facts: ProductFacts, clause: frozenset[str], sentence: Sentence, equal: Callable[[Claim], bool]
    ) -> bool:
        """Whether an attribute that the clause names has another figure of this kind: then no other line makes this one right."""
        best, others = 0, 0
        for line in facts.lines:
            if line.kind not in ("attribute", "option"):
                continue
            figures = [c for c in line.claims if c.kind == claim.kind and c.unit == claim.unit]
            shared = len(clause & line.words)
            if figures and shared and any(equal(c) for c in figures):
                best = max(best, shared)
            elif figures and shared:
                others = max(others, shared)
        if others > best and best == 0 and claim.kind == "number":
            return True
        if others > best and best == 0:
            # A longer span than the attribute's own line may stand in the description ("28 with the case").
            return not any(
                any(c.kind == claim.kind and equal(c) and len(clause & _around(line, c)) > 0 for c in line.claims)
                for line in facts.lines
                if line.kind in ("description", "option", "title") and not _foreign(line, sentence)
            )
        return False

    def _translated(self, line: Line, sentence: Sentence) -> bool:
        """Whether the rule of a foreign line is stated in the sentence's language, too."""
        kind, _, rest = line.group.partition(":")
        if kind == "faq":
            head = f"faq:{rest.rpartition(':')[0]}:"
        elif kind in ("policy", "heading"):
            head = f"{kind}:{re.split(r'[.#]', rest)[0]}."
        else:
            return False
        return any(group.startswith(head) and not _foreign(own, sentence) for group, lines in self._table.groups.items() for own in lines)

    def _equal(self, held: Claim, claim: Claim, sentence: Sentence) -> bool:
        if held.unit != claim.unit and claim.kind != "money":
            return False
        if claim.kind == "money" and held.unit != claim.unit and not ({held.unit, claim.unit} <= DOLLARS | {"$"} or not claim.unit):
            return False
        if claim.kind in ("money", "percent"):
            return _near(held.low, claim.low)
        if claim.kind in ("quantity", "number"):
            alike = _near if claim.kind == "number" else _close
            if alike(held.low, claim.low) and alike(held.high, claim.high):
                return True
            if held.low == held.high or claim.low != claim.high:
                return False
            before, after = sentence.folded[: claim.start], sentence.folded[claim.end :]
            high = _close(held.high, claim.low) and bool(_HIGH_ONLY.search(before) or _HIGH_AFTER.match(after))
            return high or (_close(held.low, claim.low) and bool(_LOW_ONLY.search(before) or _LOW_AFTER.match(after)))
        return True

    def _aligned_product(
        self, claim: Claim, line: Line, facts: ProductFacts, clause: frozenset[str], sentence: Sentence, equal: Callable[[Claim], bool]
    ) -> bool:
        if line.kind in ("attribute", "option"):
            value = line.folded.partition(": ")[2]
            if value in sentence.folded and (line.kind == "option" or len(value) >= 8):
                return True
            several = [c for c in line.claims if c.kind == claim.kind and c.unit == claim.unit]
            if (
                len(several) > 1
                and _foreign_value(line, sentence)
                and any(o.words == line.words and not _foreign_value(o, sentence) for o in facts.lines)
            ):
                return False  # the same attribute in the sentence's language tells which figure is which
            if len(several) > 1 and not _foreign_value(line, sentence):
                mine = frozenset[str]().union(*(_around(line, c) for c in several if equal(c)))
                rest = frozenset[str]().union(*(_around(line, c) for c in several if not equal(c)))
                if clause & (rest - mine) and not clause & (mine - rest):
                    return False
            if clause & line.words:
                return True
            rivals = [
                other
                for other in facts.lines
                if other.kind == "attribute"
                and other.words != line.words
                and any(c.kind == claim.kind and c.unit == claim.unit for c in other.claims)
            ]
            if any(clause & (other.words - line.words) for other in rivals):
                return False
            return claim.kind != "number" or bool(clause & line.context) or bool(_RATING_CONTEXT.search(line.folded))
        if _foreign(line, sentence) and line.kind != "review":
            # What a product states in the sentence's own language is compared word by word; the other language counts where it stands alone.
            return not any(other.kind == line.kind and not _foreign(other, sentence) and other.claims for other in facts.lines)
        if not clause & line.words:
            return claim.kind != "number"
        same_kind = [c for c in line.claims if c.kind == claim.kind and c.unit == claim.unit]
        if len(same_kind) > 1:
            # "Hot for 12 hours, cold for 24": each figure belongs to the words around it.
            mine = frozenset[str]().union(*(_around(line, c) for c in same_kind if equal(c)))
            rest = frozenset[str]().union(*(_around(line, c) for c in same_kind if not equal(c)))
            return not mine or bool(clause & mine) or not clause & (rest - mine)
        return True

    def _placed(self, claim: Claim, line: Line, sentence: Sentence, equal: Callable[[Claim], bool]) -> bool | None:
        """Whether a line about places speaks of the sentence's (or the question's); None where places do not tell."""
        clause = sentence.clause_text(claim.start)
        if elsewhere(clause) and not places_in(clause):
            return None
        said = places_in(clause) or places_in(sentence.folded) or self._table.question_places
        parts = [fold(part) for c in line.claims if equal(c) for part in [_part(line, c)] if places_in(fold(part)) or elsewhere(fold(part))]
        stated = frozenset[str]().union(*(places_in(p) for p in parts)) if parts else places_in(line.folded)
        others = any(elsewhere(p) for p in parts) if parts else elsewhere(line.folded)
        if not said or not (stated or others) or everywhere(line.folded):
            return None
        about = line.words | line.context
        if meet(said, stated):
            fits = bool((sentence.words | self._table.question_words) & about)
            return (fits and len(stated) == 1) or None
        # "All other countries" are those that no line beside it names.
        siblings = self._table.groups.get(line.group, ())
        rest = others and not stated and not any(meet(said, places_in(other.folded)) for other in siblings if other.claims)
        return rest

    def _aligned(
        self,
        claim: Claim,
        line: Line,
        clause: frozenset[str],
        sentence: Sentence,
        before: str | None,
        equal: Callable[[Claim], bool],
        free: bool,
    ) -> bool:
        if line.over and not _PAST.search(sentence.folded):
            return False
        placed = self._placed(claim, line, sentence, equal)
        if placed is not None:
            return placed
        if _foreign(line, sentence):
            return True
        words = frozenset(stems(before)) if before is not None else sentence.words
        about = line.words | line.context
        # A sentence that leaves out what the one before it was about ("That takes 3 to 5 business days.") keeps to the question.
        implied = before is None and not any(m.own for m in sentence.mentions) and bool(self._table.question_words & about)
        if claim.kind == "money" and (self._table.asked or self._carried):
            implied = False  # a bare amount in a turn about a product is its price
        if not free and not words & about and not implied:
            return False
        rivals = [
            other
            for other in self._table.groups.get(line.group, ())
            if other is not line
            and not any(c.kind == claim.kind and equal(c) for c in other.claims)
            and any(c.kind == claim.kind for c in other.claims)
        ]
        elsewhere = [
            other
            for other in self._table.by_claim.get((claim.kind, ""), ())
            if other.group != line.group
            and not _foreign(other, sentence)
            and any(c.kind == claim.kind and c.unit == claim.unit for c in other.claims)
            and not any(c.kind == claim.kind and equal(c) for c in other.claims)
        ]
        if not free and not clause & line.words and any(clause & other.words for other in elsewhere):
            return False
        if not any(clause & (other.words - line.words) for other in rivals) or clause & (
            line.words - frozenset().union(*(o.words for o in rivals))
        ):
            return True
        # "To the US it is $6.95, free from $59, in 3-5 business days": the last clause belongs to the line that the sentence began with.
        label = frozenset(stems(re.split(r"[:：]", line.folded)[0])) if re.search(r"[:：]", line.folded) else frozenset()
        others = {(c.kind, c.low) for c in claims_of(sentence.text) if c is not claim} & {
            (c.kind, c.low) for c in line.claims if not equal(c)
        }
        return bool(label & sentence.words and others)


def _elided(line: Line, claim: Claim) -> bool:
    """Whether a line has the figure without its unit, after one with it: "at 95 °C for 3 minutes, rooibos at 100 °C for 6"."""
    number = re.match(r"\d+(?:\.\d+)?", claim.raw)
    units = [c for c in line.claims if c.kind == "quantity" and c.unit == claim.unit]
    if number is None or not units:
        return False
    value = float(number.group())
    factor = claim.low / value if value else 0.0
    for c in line.claims:
        if c.kind == "number" and _near(c.low, value):
            before = [
                u
                for u in units
                if u.start < c.start and (n := re.match(r"\d+(?:\.\d+)?", u.raw)) and _close(u.low, float(n.group()) * factor)
            ]
            if before:
                return True
    return False


def _around(line: Line, claim: Claim) -> frozenset[str]:
    """Words of the part of a line that holds a figure."""
    return frozenset(stems(fold(_part(line, claim))))


def _part(line: Line, claim: Claim) -> str:
    text = line.text.partition(": ")[2] if line.kind in ("attribute", "option") else line.text
    cuts = [m.end() for m in re.finditer(r"[,，、;；:：](?!\d{3})|\band\b", text)]
    left = max((c for c in cuts if c <= claim.start), default=0)
    return text[left : min((c for c in cuts if c >= claim.end), default=len(text))]


def _foreign(line: Line, sentence: Sentence) -> bool:
    """Line and sentence are in different scripts: their words cannot be compared."""
    han = any("㐀" <= c <= "鿿" for c in line.text)
    return sentence.chinese != han and re.search(r"[a-z]{3}|[㐀-鿿]", line.folded) is not None


def _rated(facts: ProductFacts) -> bool:
    """Whether a product states a grade, be it none."""
    return any(line.kind == "attribute" and re.match(r"[^:]*(?:rating|等级)", line.folded) for line in facts.lines)


def _foreign_value(line: Line, sentence: Sentence) -> bool:
    return sentence.chinese != any("㐀" <= c <= "鿿" for c in line.text.partition(": ")[2])


def _price_verb(before: str) -> bool:
    return bool(
        re.search(
            r"(?:costs?|priced?|price|sells?|售价|价格|卖|只要|只需|仅需|\bis|\bat|for|是|为)\W*(?:is|are|at|of|for|only|just|为|是)?\W*$",
            before,
        )
    )


def _near(a: float, b: float) -> bool:
    return abs(a - b) < 0.005


def _close(a: float, b: float) -> bool:
    return abs(a - b) <= 0.004 * max(abs(a), abs(b)) + 1e-9


def _in(value: float, among: Iterable[float]) -> bool:
    return any(_near(value, other) for other in among)


def _same_date(a: str, b: str) -> bool:
    return all(x == y or "0" in (x, y) for x, y in zip(a.split("-"), b.split("-"), strict=True))


__all__ = ["Guard", "Mention", "Violation", "fold"]
