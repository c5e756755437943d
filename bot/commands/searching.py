"""`zhanggui search` and `zhanggui rank`: finding without answering."""

import json
from pathlib import Path
from typing import TextIO

from bot.commands.output import opened_for_writing
from bot.commands.terminal import progress, read_lines, shop_services
from bot.errors import InvalidInput
from bot.settings import Settings
from bot.understanding.language import detect
from knowledge.localized import pick
from knowledge.store import Shop
from retrieval.embedding import open_embedder
from retrieval.ranking import Candidate, Ranker
from retrieval.retriever import DocumentHit, Evidence, Query
from retrieval.search import Retriever
from retrieval.view import ShopView


async def search_one(settings: Settings, slug: str | None, text: str, top: int, as_json: bool, out: TextIO) -> int:
    """`zhanggui search TEXT`."""
    async with shop_services(settings, slug) as (parts, shop):
        view = await parts.retriever.whole(shop)
        found = await _search(parts.retriever, view, text, top)
    if as_json:
        out.write(json.dumps(found, ensure_ascii=False) + "\n")
        return 0
    for product in found["products"]:
        out.write(f"{product['score']:.3f}  {product['sku']}  {product['title']}\n")
    for passage in found["passages"]:
        out.write(f"{passage['score']:.3f}  {passage['kind']} {passage['id']}  {str(passage['text'])[:100]}\n")
    return 0


async def search_batch(settings: Settings, slug: str | None, source: Path, target: Path, top: int) -> int:
    """`zhanggui search --batch`."""
    lines = read_lines(source, required=("id", "text"))
    async with shop_services(settings, slug) as (parts, shop):
        view = await parts.retriever.whole(shop)
        with opened_for_writing(target) as file:
            for number, line in enumerate(lines, 1):
                found = await _search(parts.retriever, view, str(line["text"]), top)
                file.write(json.dumps({"id": line["id"], **found}, ensure_ascii=False) + "\n")
                progress(number, len(lines), "searched")
    return 0


async def found_ids(retriever: Retriever, shop: Shop, text: str, top: int) -> list[str]:
    """Ids of the documents found, best first, at most `top`, as `zhanggui search` gives them."""
    found = await _search(retriever, await retriever.whole(shop), text, top)
    return [str(passage["id"]) for passage in found["passages"]]


async def _search(retriever: Retriever, view: ShopView, text: str, top: int) -> dict[str, list[dict[str, object]]]:
    language = detect(text, shop_languages=view.shop.languages)
    evidence = await retriever.search(view, Query(text=text, language=language, top=top))
    return {"products": _products(view, evidence, language)[:top], "passages": _passages(view, evidence)[:top]}


def _products(view: ShopView, evidence: Evidence, language: str) -> list[dict[str, object]]:
    return [
        {"sku": product.sku, "title": pick(product.title, language), "score": round(hit.score, 4)}
        for hit in evidence.products
        if (product := view.products.get(hit.id))
    ]


def _passages(view: ShopView, evidence: Evidence) -> list[dict[str, object]]:
    hits: list[DocumentHit] = [*evidence.products, *evidence.faq, *evidence.policies, *evidence.reviews, *evidence.promotions]
    ranked = sorted(hits, key=lambda hit: -hit.score)
    return [
        {
            "kind": hit.kind.value,
            "id": view.products[hit.id].sku if hit.id in view.products and hit.kind.value == "product" else hit.id,
            "score": round(hit.score, 4),
            "text": hit.hits[0].passage.text,
        }
        for hit in ranked
        if hit.hits
    ]


def rank_batch(settings: Settings, source: Path, target: Path) -> int:
    """`zhanggui rank`: needs and loads no shop."""
    lines = read_lines(source, required=("id", "query", "candidates"))
    for number, line in enumerate(lines, 1):
        candidates = line["candidates"]
        if not isinstance(candidates, list) or not all(isinstance(c, dict) and "id" in c and "text" in c for c in candidates):
            raise InvalidInput(f"{source}, item {number}: candidates must be a list of objects with id and text.")
    ranker = Ranker(open_embedder(settings.embedding_model, settings.models_dir))
    with opened_for_writing(target) as file:
        for number, line in enumerate(lines, 1):
            candidates = line["candidates"]
            assert isinstance(candidates, list)
            result = ranker.rank(str(line["query"]), [Candidate(c["id"], str(c["text"])) for c in candidates])
            ranking = [[id_, round(score, 5)] for id_, score in result.ranking]
            file.write(
                json.dumps({"id": line["id"], "ranking": ranking, "answerable": round(result.answerable, 4)}, ensure_ascii=False) + "\n"
            )
            progress(number, len(lines), "ranked")
    return 0
