"""Tables like those we know, as other shops and other languages write them: translated headers, parents, places, machine names, pages' marks."""

import json

import pytest

from knowledge.catalog import AvailabilityState, Product
from knowledge.importing import FileResult, read_files


def read(text: str, name: str = "export.csv", currency: str = "USD") -> FileResult:
    (result,) = read_files([(name, text.encode())], shop_currency=currency)
    assert result.rows == result.accepted + result.rejected
    return result


def counts(result: FileResult) -> tuple[str, int, int, int, int]:
    return result.format, result.rows, result.products, result.variants, result.rejected


def products(result: FileResult) -> list[Product]:
    return [document.body for document in result.documents if isinstance(document.body, Product)]


def offers(result: FileResult) -> dict[str, tuple[str, str, int | None]]:
    """SKU to what is paid now, its currency, and the pieces."""
    found = {}
    for one in (variant for product in products(result) for variant in product.variants):
        now = one.offer.sale or one.offer.regular
        found[one.sku] = (now.text if now else "", now.currency if now else "", one.availability.quantity)
    return found


WOO = {
    "de": "ID,Typ,Artikelnummer,Name,Veröffentlicht,Vorrätig?,Lager,Angebotspreis,Regulärer Preis,Übergeordnet,Attribut 1 Name,Attribut 1 Wert(e)",
    "fr": "ID,Type,UGS,Nom,Publié,En stock ?,Stock,Tarif promo,Tarif régulier,Parent,Nom de l’attribut 1,Valeur(s) de l’attribut 1",
    "es": "ID,Tipo,SKU,Nombre,Publicado,¿Existencias?,Inventario,Precio rebajado,Precio normal,Superior,Nombre del atributo 1,Valor(es) del atributo 1",
    "it": "ID,Tipo,SKU (COD),Nome,Pubblicato,In stock?,Magazzino,Prezzo in offerta,Prezzo di listino,Genitore,Nome dell'attributo 1,Valore dell'attributo 1",
    "nl": "ID,Type,SKU (artikelnummer),Naam,Gepubliceerd,Op voorraad?,Voorraad,Actieprijs,Reguliere prijs,Hoofd,Attribuut 1 naam,Attribuut 1 waarde(n)",
    "pt": "ID,Tipo,SKU,Nome,Publicado,Em estoque?,Estoque,Preço promocional,Preço,Ascendente,Nome do atributo 1,Valores do atributo 1",
    "zh": "ID,类型,SKU,名称,已发布,有货?,库存,促销价格,常规售价,父级,属性 1 名称,属性 1 值",
}


@pytest.mark.parametrize("language", sorted(WOO))
def test_woocommerce_in_the_language_of_the_shop(language: str) -> None:
    rows = '7,variable,H,Hat,1,1,,,,,Size,"S, M"\n8,variation,H-S,Hat - S,1,1,4,"9,90","12,90",H,Size,S\n9,variation,H-M,Hat - M,1,0,0,,"12,90",id:7,Size,M\n'
    result = read(WOO[language] + "\n" + rows)
    assert counts(result) == ("woocommerce-csv", 3, 1, 2, 0)
    assert offers(result) == {"H-S": ("9.90", "USD", 4), "H-M": ("12.90", "USD", 0)}
    assert [one.options[0].value for one in products(result)[0].variants] == ["S", "M"]


def test_vendure_in_several_languages_and_with_padded_quotes() -> None:
    result = read(
        "name:en ,name:de,slug:en,description:en,optionGroups:en,optionGroups:de,optionValues:en,optionValues:de,sku,price,stockOnHand,trackInventory\n"
        'Paper  ,Papier,paper, "Thick, white",size,Größe,A4,A4, P4 , 4.50,10,true\n'
        ",,,,,,A5,A5,P5,3,0,true\n"
    )
    assert counts(result) == ("vendure-csv", 2, 1, 2, 0)
    (paper,) = products(result)
    assert (paper.title, paper.description) == ({"en": "Paper", "de": "Papier"}, {"en": "Thick, white"})
    assert offers(result) == {"P4": ("4.50", "USD", 10), "P5": ("3.00", "USD", 0)}


def test_rows_under_a_parent_are_its_variants() -> None:
    result = read(
        "type,sku,parent_sku,name,color,size,price,quantity\nparent,D,,Dress,,,,\nchild,D-1,D,,Red,S,59,3\nchild,D-2,D,,Red,M,59,0\nsingle,S,,Scarf,,,19,7\n"
    )
    assert counts(result) == ("own-csv", 4, 2, 3, 0) and result.merged == 1
    dress, _ = products(result)
    assert [[one.value for one in variant.options] for variant in dress.variants] == [["S"], ["M"]]
    assert offers(result) == {"D-1": ("59.00", "USD", 3), "D-2": ("59.00", "USD", 0), "S": ("19.00", "USD", 7)}


def test_pieces_at_several_places_are_added_up_and_limits_are_no_pieces() -> None:
    header = "sku,name,price,variant_option_one_name,variant_option_one_value,inventory_Main,inventory_Harbour,reorder_point_Main,Stock alert level"
    result = read(f"{header}\nA,Shoe,9,Size,41,2,3,10,5\nB,Sock,2,,,,,10,5\nC,Lace,1,,,-4,1,10,5\n")
    assert offers(result) == {"A": ("9.00", "USD", 5), "B": ("2.00", "USD", None), "C": ("1.00", "USD", 1)}
    assert [one.value for one in products(result)[0].variants[0].options] == ["41"]
    chinese = read("货号,商品名称,售价,上海仓库存,广州仓库存\nA,碗,9,2,3\n")
    assert offers(chinese) == {"A": ("9.00", "USD", 5)}


def test_machine_names_under_the_header_are_no_record() -> None:
    result = read(
        "TemplateType=x\tVersion=1\tThe top rows are not to be changed\t\t\t\n"
        "Seller SKU\tProduct Name\tStandard Price\tQuantity\tParent SKU\tSize\n"
        "item_sku\titem_name\tstandard_price\tquantity\tparent_sku\tsize_name\n"
        "B\tBoot\t\t\t\t\nB-42\tBoot\t129\t12\tB\t42\nB-43\tBoot\t129\t0\tB\t43\n",
        "flat.txt",
    )
    assert counts(result) == ("own-tsv", 3, 1, 2, 0)
    assert offers(result) == {"B-42": ("129.00", "USD", 12), "B-43": ("129.00", "USD", 0)}


def test_remarks_under_the_sums_are_no_records() -> None:
    result = read("SKU,Name,Price,Qty on hand\nA,Chair,10,1\nB,Table,20,2\nTotal,,30,3\nPrinted by the cash desk,,,\n")
    assert (result.rows, result.products, result.rejected) == (2, 2, 0)
    assert [problem.code for problem in result.problems] == ["no_record", "no_record"]


@pytest.mark.parametrize(
    "text",
    [
        "Artikel-Nr.;Bezeichnung;Preis (EUR);Lagerbestand;EK-Preis\nA;Käse;1.249,50;3;700,00\n",
        "Réf;Désignation;Prix TTC;Devise;Stock;Prix d'achat\nA;Käse;1 249,50 €;EUR;3;700,00\n",
        "Referencia;Nombre;Precio;Moneda;Existencias;Proveedor\nA;Käse;1.249,50;EUR;3;700\n",
        "Артикул;Наименование;Цена;Валюта;Остаток;Закупочная цена\nA;Käse;1 249,50;EUR;3;700\n",
        "商品コード,商品名,販売価格,通貨,在庫数,仕入価格\nA,Käse,1249.50,EUR,3,700\n",
    ],
)
def test_headers_of_other_languages(text: str) -> None:
    result = read(text)
    assert offers(result) == {"A": ("1249.50", "EUR", 3)}
    assert "700" not in repr(products(result))


def test_marks_in_pages() -> None:
    rdfa = (
        '<html><body><div vocab="https://schema.org/" typeof="Product"><span property="name">Kettle</span><meta property="sku" content="K1"/>'
        '<div rel="schema:offers"><p typeof="Offer"><span property="price" content="34.90">34,90</span><meta property="priceCurrency" content="EUR"/></p></div></div></body></html>'
    )
    assert offers(read(rdfa, "p.html")) == {"K1": ("34.90", "EUR", None)}
    graph = '<html><head><meta property="og:title" content="Sofa"><meta property="product:price:amount" content="899"><meta property="product:price:currency" content="EUR"></head><body>x</body></html>'
    assert [*offers(read(graph, "p.html")).values()] == [("899.00", "EUR", None)]
    wrapped = '<html><head><script type="application/ld+json"><!--//--><![CDATA[//><!--\n{"@type":"Product","name":"Anvil","sku":"A","offers":{"price":"5","priceCurrency":"USD"},}\n//--><!]]></script></head></html>'
    assert offers(read(wrapped, "p.html")) == {"A": ("5.00", "USD", None)}


def test_json_of_further_programs() -> None:
    variant = {
        "node": {
            "sku": "P-L",
            "price": {"amount": "30.0", "currencyCode": "CAD"},
            "inventoryQuantity": 4,
            "selectedOptions": [{"name": "Size", "value": "L"}],
        }
    }
    graphql = {"data": {"products": {"edges": [{"node": {"title": "Pot", "handle": "pot", "variants": {"edges": [variant]}}}]}}}
    assert offers(read(json.dumps(graphql), "p.json")) == {"P-L": ("30.00", "CAD", 4)}
    items = [
        {
            "sku": "M1",
            "name": "Bag",
            "price": 34,
            "status": status,
            "type_id": "simple",
            "extension_attributes": {"stock_item": {"qty": 9}},
            "custom_attributes": [],
        }
        for status in (1, 2)
    ]
    bag, off = (products(read(json.dumps({"items": [one]}), "p.json"))[0] for one in items)
    assert bag.published and bag.variants[0].availability.quantity == 9 and not off.published
    medusa = {
        "title": "Tee",
        "options": [{"id": "o1", "title": "Size"}],
        "variants": [{"sku": "T", "price": 5, "options": [{"option_id": "o1", "value": "S"}]}],
    }
    (tee,) = products(read(json.dumps({"products": [medusa]}), "p.json"))
    assert [(one.name, one.value) for one in tee.variants[0].options] == [("Size", "S")]
    (held,) = products(read(json.dumps([{"sku": "J", "title": "Tea", "price": 4, "stock": {"quantity": 7}}]), "p.json"))
    assert held.variants[0].availability.quantity == 7


def test_bigcommerce_version_3() -> None:
    result = read(
        "Item,ID,Name,Type,SKU,Options,Inventory Tracking,Current Stock,Price,Retail Price,Sale Price,Categories,Description,Is Visible,Image URL (Import)\n"
        "Product,1,Tee,physical,TS,,variant,10,25,0,22.5,18,x,TRUE,\nVariant,2,,,TS-S,Type=Rectangles|Name=Size|Value=S,,4,,,,,,,\n"
        "Variant,3,,,TS-M,Type=Rectangles|Name=Size|Value=M,,6,,,,,,,\nImage,4,,,,,,,,,,,,,https://x.example/t.jpg\n"
    )
    assert counts(result) == ("bigcommerce-csv", 4, 1, 2, 0)
    assert offers(result) == {"TS-S": ("22.50", "USD", 4), "TS-M": ("22.50", "USD", 6)}
    (tee,) = products(result)
    assert tee.images == ("https://x.example/t.jpg",) and [one.options[0].value for one in tee.variants] == ["S", "M"]


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("rupture", "out_of_stock"),
        ("auf Lager", "in_stock"),
        ("在庫あり", "in_stock"),
        ("agotado", "out_of_stock"),
        ("unlimited", "in_stock"),
    ],
)
def test_availability_in_other_languages(word: str, state: str) -> None:
    (result,) = products(read(f"sku,title,price,availability\nA,Lamp,5,{word}\n"))
    assert result.variants[0].availability.state is AvailabilityState(state)


WXR = """<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/"><channel>
<item><title>Page</title><wp:post_id>1</wp:post_id><wp:post_type>page</wp:post_type><wp:status>publish</wp:status></item>
<item><title>Hat</title><link>https://w.example/hat</link><content:encoded><![CDATA[<p>Warm</p>]]></content:encoded><wp:post_id>2</wp:post_id><wp:status>publish</wp:status>
<wp:post_type>product</wp:post_type><category domain="product_type" nicename="variable">variable</category><category domain="pa_color" nicename="sky">Sky blue</category></item>
<item><title>Hat - Sky</title><wp:post_id>3</wp:post_id><wp:post_parent>2</wp:post_parent><wp:status>publish</wp:status><wp:post_type>product_variation</wp:post_type>
<wp:postmeta><wp:meta_key>_sku</wp:meta_key><wp:meta_value>H-S</wp:meta_value></wp:postmeta><wp:postmeta><wp:meta_key>_regular_price</wp:meta_key><wp:meta_value>15</wp:meta_value></wp:postmeta>
<wp:postmeta><wp:meta_key>_sale_price</wp:meta_key><wp:meta_value>12</wp:meta_value></wp:postmeta><wp:postmeta><wp:meta_key>_stock</wp:meta_key><wp:meta_value>7</wp:meta_value></wp:postmeta>
<wp:postmeta><wp:meta_key>attribute_pa_color</wp:meta_key><wp:meta_value>sky</wp:meta_value></wp:postmeta></item>
<item><title>Cup</title><wp:post_id>4</wp:post_id><wp:status>draft</wp:status><wp:post_type>product</wp:post_type><wp:postmeta><wp:meta_key>_sku</wp:meta_key><wp:meta_value>C</wp:meta_value></wp:postmeta></item>
</channel></rss>"""


def test_woocommerce_out_of_an_export_of_wordpress() -> None:
    result = read(WXR, "export.xml")
    assert counts(result) == ("woocommerce-xml", 3, 2, 2, 0)
    hat, cup = products(result)
    assert offers(result)["H-S"] == ("12.00", "USD", 7) and not cup.published
    assert [(one.name, one.value) for one in hat.variants[0].options] == [("Color", "Sky blue")]
    assert (hat.url, hat.description) == ("https://w.example/hat", {"en": "Warm"})


def test_goods_under_their_categories_in_json() -> None:
    goods = [{"sku": "T", "name": "Green", "price": 4}, {"sku": "C", "name": "Cup", "price": 9}]
    for data in (
        {"tea": goods[:1], "cups": goods[1:]},
        {"categories": [{"name": "tea", "products": goods[:1]}, {"name": "cups", "products": goods[1:]}]},
    ):
        result = read(json.dumps(data), "p.json")
        assert offers(result) == {"T": ("4.00", "USD", None), "C": ("9.00", "USD", None)}
        assert [[*one.categories[0].values()] for one in products(result)] == [["tea"], ["cups"]]
    beside = read(json.dumps({"categories": [{"name": "tea"}], "products": goods}), "p.json")
    assert len(offers(beside)) == 2


def test_points_group_the_pieces_where_commas_part_the_cents() -> None:
    german = read("SKU;Name;Preis;Bestand\nA;Tasse;12,90;1.200\nB;Topf;1.249,00;1.000\n")
    assert offers(german) == {"A": ("12.90", "USD", 1200), "B": ("1249.00", "USD", 1000)}
    english = read('SKU,Name,Price,Stock\nA,Cup,12.90,1.000\nB,Pot,12.90,"1,200"\n')
    assert offers(english) == {"A": ("12.90", "USD", 1), "B": ("12.90", "USD", 1200)}


def test_shopify_counts_the_pieces_of_the_variant_before_those_of_the_product() -> None:
    result = read(
        "Handle,Title,Total Inventory Qty,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Qty,Variant Price\nk,Knit,8,Size,S,K-S,3,89\nk,,,,M,K-M,5,89\n"
    )
    assert offers(result) == {"K-S": ("89.00", "USD", 3), "K-M": ("89.00", "USD", 5)}


def test_one_product_with_its_categories_is_no_list_of_categories() -> None:
    one = {"sku": "A", "name": "Pot", "price": 5, "categories": [{"id": 9, "name": "Clay"}, {"id": 10, "name": "Garden"}]}
    result = read(json.dumps(one), "p.json")
    assert offers(result) == {"A": ("5.00", "USD", None)}


def test_saleors_table_has_prices_by_channel_and_stock_by_warehouse() -> None:
    header = "id,name,description,category,variant sku,Fit (product attribute),Size (variant attribute)"
    channels = "us (channel currency code),us (channel price amount),uk (channel currency code),uk (channel price amount)"
    stocks = "North (warehouse quantity),South (warehouse quantity)"
    row = '9,Polo,"{""blocks"": [{""data"": {""text"": ""Cool""}, ""type"": ""paragraph""}]}",Tops,P-S,Slim,S,USD,21.5,GBP,18,4,3\n'
    text = f"{header},{channels},{stocks}\n{row}"
    assert offers(read(text)) == {"P-S": ("21.50", "USD", 7)} and offers(read(text, currency="GBP")) == {"P-S": ("18.00", "GBP", 7)}
    result = read(text)
    assert counts(result) == ("saleor-csv", 1, 1, 1, 0)
    (polo,) = products(result)
    assert polo.description == {"en": "Cool"} and [one.value for one in polo.variants[0].options] == ["S"]


def test_a_title_beside_a_reviewer_is_the_reviews_own() -> None:
    result = read(
        "title,body,rating,review_date,reviewer_name,product_handle\nGreat,Love it,5,2023-05-01,Ann,shirt\n,Too small,2,2023-05-02,Bob,shirt\n"
    )
    assert (result.kind, result.accepted, result.products) == ("reviews", 2, 0)
    assert "Ann" not in repr(result.documents)


def test_one_column_for_publication_and_availability() -> None:
    result = read("货号,商品名称,价格,状态\nA,甲,10,销售中\nB,乙,10,已下架\nC,丙,10,审核中\nD,丁,10,售罄\nE,戊,10,预售\n")
    assert [one.published for one in products(result)] == [True, False, False, True, True]
    states = {variant.sku: variant.availability.state.value for one in products(result) for variant in one.variants}
    assert (states["D"], states["E"]) == ("out_of_stock", "preorder")


@pytest.mark.parametrize("header", ["price_gbp", "Price GBP", "Price (GBP)", "Price £"])
def test_the_currency_in_the_header_of_the_prices(header: str) -> None:
    assert offers(read(f"sku,title,{header}\nA,Pot,10.50\nB,Pan,9.00\n")) == {"A": ("10.50", "GBP", None), "B": ("9.00", "GBP", None)}


def test_a_name_of_another_language_is_believed_where_the_cells_fit() -> None:
    place = read("Artikelnummer;Bezeichnung;Preis;Lager\nA;Tasse;5,00;Halle Nord\nB;Topf;6,00;Halle Süd\n")
    assert offers(place) == {"A": ("5.00", "USD", None), "B": ("6.00", "USD", None)}
    assert "stock_unreadable" not in {problem.code for problem in place.problems}
    pieces = read("Artikelnummer;Bezeichnung;Preis;Lager;Bestand kritisch\nA;Tasse;5,00;3;10\n")
    assert offers(pieces) == {"A": ("5.00", "USD", 3)}


@pytest.mark.parametrize("words", ["review", "review text", "Review Body"])
def test_a_title_beside_the_words_of_a_review_is_the_reviews_own(words: str) -> None:
    table = f"sku,rating,title,{words},author\nSADDLE-1,5,,Soft and light,Ann\nSADDLE-1,2,Meh,Came loose,Bob\n"
    result = read(table, "reviews.csv")
    assert (result.kind, result.accepted, result.rejected, result.products) == ("reviews", 2, 0, 0)


def test_goods_with_a_column_about_reviews_stay_goods() -> None:
    result = read("sku,title,rating,review,price\nSADDLE-1,Gel saddle,4.5,Soft and light,30\n", "goods.csv")
    assert (result.kind, result.products) == ("products", 1)
