"""Whether two products go together, and what there is for a product: by the merchant's list, else by sentences and titles that name it
("one pair of ear pads for the Aurora 60", "does not fit the Spindle 2 BT")."""

import re
from collections.abc import Iterable

from bot.answering.answer import Citation, Outcome
from bot.answering.listing import list_item
from bot.answering.reply import Reply
from bot.answering.speaking import Speaker, trimmed
from bot.answering.stock import leaves
from bot.answering.thresholds import LISTED, LISTED_MOST, QUOTE_MOST, SURE
from bot.understanding.purposes import asks_for_company
from bot.understanding.question import Intent, Part
from bot.understanding.shop_words import ShopWords, words_of
from bot.understanding.title_runs import runs_in
from bot.understanding.title_terms import common_word, terms
from knowledge.catalog import Product
from knowledge.folding import fold
from knowledge.localized import pick
from knowledge.polarity import denied
from knowledge.verdicts import Verdict
from retrieval.quotable import quotable
from retrieval.retriever import Evidence
from retrieval.tokens import tokens

Named = tuple[Verdict, str, str]
"""What a product says of another: whether they go together, its words, and the field that holds them."""

_FOR_IT = re.compile(
    r"\b(?:goes? (?:well |together )?with|accessor\w+|spare|replacement|add[- ]?ons?|fit|fits|compatible|works? with|use[d]? with|for (?:the|my|this|it|an?)\b)"
    r"|配套|配件|搭配|配[什哪个得套]|要配|适配|兼容|通用|能用|可以用|用的|替换|能装|装得"
)
_TOGETHER = re.compile(
    r"\b(?:goes? (?:well |together )?with|fit|fits|compatible|works? (?:together |well )?with|use[d]? (?:\w+ )?with|connect\w*|plug\w*|pair\w*)\b|配套|搭配|适配|兼容|通用|能用|可以用|能装|装得|能接|连接|配得"
)


def together_reply(speaker: Speaker, part: Part, evidence: Evidence) -> Reply | None:
    """The answer to "does A fit B?" and "what is there for A?"; None where the merchant says nothing of the kind."""
    folded = fold(part.text)
    subjects = [p for s in part.subjects if s.certain and (p := speaker.product(s.product_id))]
    if not subjects or not (_FOR_IT.search(folded) or asks_for_company(folded)):
        return None
    focus = speaker.product(speaker.findings.memory.focus)
    if part.yes_no and _TOGETHER.search(folded) and any(s.how in ("named", "sku") for s in part.subjects):
        other = subjects[1] if len(subjects) > 1 else focus
        if other is not None and other.id != subjects[0].id and len(subjects) <= 2:
            return _fits(speaker, other, subjects[0])
    return _for_it(speaker, part, subjects[0], evidence) if len(subjects) == 1 else None


def _fits(speaker: Speaker, first: Product, second: Product) -> Reply | None:
    shop = words_of(speaker.findings.view)
    for speaking, other in ((first, second), (second, first)):
        said = _names(shop, speaking, other, speaker.language, titles=False)
        if said is not None:
            verdict, words_, field = said
            reply = Reply(Outcome.ANSWERED, SURE, focus=first.id)
            quote = trimmed(words_, QUOTE_MOST).rstrip("。")
            key = "fact.described_yes" if verdict is Verdict.YES else "fact.described_no"
            reply.say(
                speaker.say(key, product=speaker.name(speaking), quote=quote),
                speaker.cite_title(speaking),
                Citation("product", speaking.sku, field, quote),
            )
            for product in (first, second):
                reply.show(speaker.shown_variant(product).sku)
            return reply
    return None


def made_for(speaker: Speaker, product: Product, evidence: Evidence) -> list[tuple[Product, str, str]]:
    """Products of other kinds that the merchant says go with this one, with the words and the field that say so."""
    view, shop = speaker.findings.view, words_of(speaker.findings.view)
    out: dict[str, tuple[Product, str, str]] = {}
    for name in product.goes_with:
        other = speaker.product(view.by_sku.get(name.casefold(), name))
        if other is not None and other.id != product.id:
            out[other.id] = (other, "", "")
    for hit in evidence.products:
        other = speaker.product(hit.id)
        if other is None or other.id == product.id or other.id in out:
            continue
        if _part_of(other, product):
            out[other.id] = (other, speaker.title(other), "title")
        kin = bool(leaves(other) & leaves(product))
        said = _names(shop, other, product, speaker.language, titles=not kin)
        if said is not None and said[0] is Verdict.YES and (not kin or _FOR_IT.search(fold(said[1]))):
            out[other.id] = (other, said[1], said[2])
    return list(out.values())


def _part_of(other: Product, product: Product) -> bool:
    """Whether a title is that of a thing for such a product: "Rug Pad" for a rug, "Bottle Cage" for a bottle; the other's own last word stands in
    it right before its last."""
    for title in product.title.values():
        own = [word for word in tokens(title) if word.isalpha() and len(word) > 1]
        for text in other.title.values():
            row = [word for word in tokens(text) if word.isalpha() and len(word) > 1]
            if own and row and own[-1].isascii() and row[-2:-1] == own[-1:] and row[-1] not in own:
                return True
    return False


def refuses(speaker: Speaker, other: Product, product: Product) -> bool:
    """Whether a product's own words say that it does not go with another ("does not fit the Fen 3")."""
    said = _names(words_of(speaker.findings.view), other, product, speaker.language)
    return said is not None and said[0] is Verdict.NO


def agrees(speaker: Speaker, other: Product, product: Product) -> Verdict:
    """What the words of either say of whether they go together: a clause that denies it goes before one that names both."""
    if other.id in product.goes_with or any(v.sku in product.goes_with for v in other.variants):
        return Verdict.YES
    shop = words_of(speaker.findings.view)
    said = {_spoken_of(shop, speaking, of) for speaking, of in ((other, product), (product, other))}
    if Verdict.NO in said:
        return Verdict.NO
    return Verdict.YES if Verdict.YES in said or _made_for(shop, other, product, speaker.language) else Verdict.OPEN


NAMED_BY = 0.5
"""Share of a title, its rarer words counting more, by which a clause speaks of the product."""
_APART = re.compile(r"\bincluded?\b|\bseparate\w*|\bcomes? with\b|\bin the box\b|另[购外买售配]|单独|单买|选配|自备|不[含带附送]|没[带送]")
"""What is not in the box still goes with it."""
_CODE = re.compile(r"[a-z]\d|\d[a-z]")
"""A word of letters and figures names a product by itself: "not for the V60"."""
_CLAUSE = re.compile(r"[,，;；。!！?？\n]|\.(?=\s|$)")


def _spoken_of(shop: ShopWords, speaking: Product, other: Product) -> Verdict:
    """What one product's texts say of another that a clause of them names by most of its title."""
    own = {term for title in speaking.title.values() for term, _, _ in terms(title)}
    said = Verdict.OPEN
    for title in other.title.values():
        called = {term: shop.rarity(term) for term, _, _ in terms(title) if term not in own}
        whole = sum(called.values())
        texts = [*speaking.description.values(), *speaking.title.values(), *(a.value for a in speaking.attributes)]
        for clause in (piece for text in texts for row in quotable(text) for piece in _CLAUSE.split(row)):
            spans = [(start, end) for term, start, end in terms(clause) if term in called]
            held = sum(called[term] for term in {term for term, _, _ in terms(clause)} & called.keys())
            coded = any(term in called and _CODE.search(term) for term, _, _ in terms(clause))
            if not spans or (held < NAMED_BY * whole and not coded):
                continue
            no = denied(fold(clause), min(a for a, _ in spans), max(b for _, b in spans))
            if no and not _APART.search(fold(clause)):
                return Verdict.NO
            said = Verdict.YES
    return said


FEW_CALLED = 3
"""A word that more products are called by than this says no particular thing."""


def needed_for(speaker: Speaker, part: Part, product: Product) -> Reply | None:
    """ "Can I make fresh pasta with it?" of a mixer that does not say so: the thing made for it that is called what the question names."""
    shop = words_of(speaker.findings.view)
    rare = [
        numbers for w in _kind_words(part.text, product) if not common_word(w) and len(numbers := shop.postings.get(w, ())) <= FEW_CALLED
    ]
    for number in dict.fromkeys(number for numbers in rare for number in numbers):
        other = speaker.product(shop.ids[number])
        if other is None or other.id == product.id:
            continue
        said = _names(shop, other, product, speaker.language)
        if (said is not None and said[0] is Verdict.YES) or _made_for(shop, other, product, speaker.language):
            reply = Reply(Outcome.ANSWERED, SURE, focus=other.id, long=True)
            reply.say(speaker.say("search.goes_with", product=speaker.name(product)), speaker.cite_title(product))
            list_item(speaker, reply, part, other, 0)
            reply.shown = [other.id]
            return reply
    return None


_FOR = r"\b(?:for|fits?|takes?|holds?|with|every|all)\b[^.;]{0,40}\b"


def _made_for(shop: ShopWords, speaking: Product, other: Product, language: str) -> bool:
    """Whether it says to be for something that is called by a word which few goods of the shop are called by: "for Bolero"."""
    called = {term for title in other.title.values() for term, _, _ in terms(title) if term.isascii() and term.isalpha() and len(term) > 3}
    rare = [term for term in called if len(shop.postings.get(term, ())) <= FEW_CALLED and not common_word(term)]
    rows = [*speaking.title.values(), *_rows(speaking, language)]
    found = [(fold(row), match.end()) for term in rare for row in rows for match in re.finditer(rf"{_FOR}(?={re.escape(term)})", fold(row))]
    return bool(found) and not any(denied(row, at, at + 1) for row, at in found)


def _for_it(speaker: Speaker, part: Part, product: Product, evidence: Evidence) -> Reply | None:
    rows = made_for(speaker, product, evidence)
    wanted = _kind_words(part.text, product)
    kept = [row for row in rows if wanted & _called(row[0])]
    if not kept and not asks_for_company(part.text) and (part.intent not in _LOOKING or not _FOR_IT.search(fold(part.text))):
        return None
    chosen = (kept or rows)[: min(part.count or LISTED, LISTED_MOST)]
    if not chosen:
        return None
    reply = Reply(Outcome.ANSWERED, SURE, long=True)
    reply.say(speaker.say("search.goes_with", product=speaker.name(product)), speaker.cite_title(product))
    for number, (other, _, _) in enumerate(chosen, start=1):
        list_item(speaker, reply, part, other, number if len(chosen) > 1 else 0)
    reply.shown = [other.id for other, _, _ in chosen]
    reply.focus = chosen[0][0].id if len(chosen) == 1 else product.id
    return reply


_LOOKING = (Intent.RECOMMEND, Intent.PRODUCT_SEARCH)


def _kind_words(text: str, product: Product) -> set[str]:
    """What the question calls the thing that is to go with the product."""
    named = {term for title in product.title.values() for term in tokens(title)}
    return {w for w in tokens(text) if w not in named and len(w) > 1}


def _called(product: Product) -> set[str]:
    return {w for text in (*product.title.values(), *leaves(product)) for w in tokens(text)}


def _names(shop: ShopWords, speaking: Product, other: Product, language: str, *, titles: bool = True) -> Named | None:
    """What a product's own words say of another, which they name."""
    number = shop.ids.index(other.id) if other.id in shop.ids else -1
    texts: list[tuple[str, str]] = [(row, "description") for row in _rows(speaking, language)]
    texts += [(f"{a.name}: {a.value}", f"attribute:{a.name}") for a in speaking.attributes]
    texts += [(title, "title") for title in speaking.title.values()] if titles else []
    for text, field in texts:
        for run in runs_in(text, shop.pairs):
            if number in run.numbers:
                folded = fold(text)
                return (Verdict.NO if denied(folded, run.start, run.end) else Verdict.YES), text, field
    return None


def _rows(product: Product, language: str) -> Iterable[str]:
    for text in dict.fromkeys([pick(product.description, language), *product.description.values()]):
        yield from quotable(text)
