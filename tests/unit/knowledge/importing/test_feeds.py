"""Feeds for shopping ads, pages with schema.org data and dumps of other programs: exact products, prices, stock and texts."""

import json

import pytest

from knowledge.catalog import AvailabilityState, Product
from knowledge.errors import UnreadableFile
from knowledge.faq import FaqEntry
from knowledge.importing import FileResult, read_files
from knowledge.review import Review

State = AvailabilityState


def read(name: str, data: bytes | str, **given: str) -> FileResult:
    results = read_files([(name, data.encode() if isinstance(data, str) else data)], **given)  # type: ignore[arg-type]
    assert len(results) == 1
    result = results[0]
    assert result.rows == result.accepted + result.rejected
    return result


def products(result: FileResult) -> dict[str, Product]:
    return {document.id: document.body for document in result.documents if isinstance(document.body, Product)}


def counts(result: FileResult) -> tuple[int, int, int, int]:
    return result.rows, result.products, result.variants, result.rejected


RSS = """<?xml version="1.0"?>
<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel><title>Shop</title><link>https://shop.example</link>
<item><g:id>T-R-M</g:id><title>Plain title</title><g:title>Organic Tee - Red / M</g:title><g:description><![CDATA[<p>Soft &amp; <b>warm</b></p><script>x()</script>]]></g:description>
 <g:link>https://shop.example/tee?c=red&amp;s=m</g:link><g:image_link>https://shop.example/r.jpg</g:image_link>
 <g:additional_image_link>https://shop.example/r2.jpg</g:additional_image_link><g:additional_image_link>https://shop.example/r3.jpg</g:additional_image_link>
 <g:availability>in_stock</g:availability><g:price>25.00 EUR</g:price><g:sale_price>19.90 EUR</g:sale_price>
 <g:sale_price_effective_date>2026-03-01T00:00+0100/2026-03-31T23:59+0100</g:sale_price_effective_date>
 <g:brand>Oakhollow</g:brand><g:gtin>04012345678901</g:gtin><g:condition>new</g:condition><g:item_group_id>tee</g:item_group_id>
 <g:color>Red</g:color><g:size>M</g:size><g:material>Cotton</g:material><g:product_type>Clothing &gt; Tops</g:product_type>
 <g:google_product_category>212</g:google_product_category>
 <g:product_detail><g:section_name>Care</g:section_name><g:attribute_name>Washing</g:attribute_name><g:attribute_value>30 °C, inside out</g:attribute_value></g:product_detail>
 <g:product_highlight>Fair trade</g:product_highlight><g:product_highlight>Made in Porto</g:product_highlight>
 <g:shipping><g:country>DE</g:country><g:price>4.90 EUR</g:price></g:shipping><g:cost_of_goods_sold>7.00 EUR</g:cost_of_goods_sold></item>
<item><g:id>T-B-M</g:id><g:title>Organic Tee - Blue / M</g:title><g:description>Soft</g:description><g:link>https://shop.example/tee?c=blue</g:link>
 <g:image_link>https://shop.example/b.jpg</g:image_link><g:availability>out of stock</g:availability><g:price>25 EUR</g:price>
 <g:item_group_id>tee</g:item_group_id><g:color>Blue</g:color><g:size>M</g:size><g:material>Cotton</g:material></item>
<item><g:id>0042</g:id><g:title>水壶 1.7 升</g:title><g:link>https://shop.example/k</g:link><g:availability>preorder</g:availability>
 <g:price>1,299.00 CNY</g:price><g:condition>refurbished</g:condition></item>
<item><g:id>BAD</g:id><g:link>https://shop.example/x</g:link><g:price>5 EUR</g:price></item>
</channel></rss>"""


def test_google_merchant_rss() -> None:
    result = read("feed.xml", RSS)
    assert (result.format, result.kind) == ("google-xml", "products")
    assert counts(result) == (4, 2, 3, 1)
    found = products(result)
    tee = found["tee"]
    assert (tee.title, tee.brand) == ({"en": "Organic Tee"}, "Oakhollow")
    assert tee.description["en"].split("\n") == ["Soft & warm", "- Fair trade", "- Made in Porto"]
    assert tee.categories == ({"en": "Clothing > Tops"},)
    red, blue = tee.variants
    assert (red.offer.regular, red.offer.sale) and red.offer.regular is not None and red.offer.sale is not None
    assert (red.offer.regular.text, red.offer.regular.currency, red.offer.sale.text) == ("25.00", "EUR", "19.90")
    assert red.offer.sale_from is not None and red.offer.sale_from.isoformat() == "2026-02-28T23:00:00+00:00"
    assert red.offer.sale_until is not None and red.offer.sale_until.isoformat() == "2026-03-31T22:59:00+00:00"
    assert [[(one.name, one.value) for one in variant.options] for variant in tee.variants] == [[("Color", "Red")], [("Color", "Blue")]]
    assert {(one.name, one.value) for one in tee.attributes} >= {("Size", "M"), ("Material", "Cotton"), ("Washing", "30 °C, inside out")}
    assert (red.availability.state, blue.availability.state) == (State.IN_STOCK, State.OUT_OF_STOCK)
    assert tee.images[:3] == ("https://shop.example/r.jpg", "https://shop.example/r2.jpg", "https://shop.example/r3.jpg")
    assert red.url == "https://shop.example/tee?c=red&s=m" or tee.url == "https://shop.example/tee?c=red&s=m"
    kettle = found["0042"]
    assert kettle.variants[0].offer.regular is not None and kettle.variants[0].offer.regular.text == "1299.00"
    assert kettle.variants[0].offer.regular.currency == "CNY"
    assert kettle.variants[0].availability.state is State.PREORDER
    assert ("Condition", "refurbished") in [(one.name, one.value) for one in kettle.attributes]
    assert "7.00" not in repr(result.documents) and "4.90" not in repr(result.documents) and "x()" not in repr(result.documents)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "gb2312"])
def test_feeds_in_the_encoding_that_they_name(encoding: str) -> None:
    title = {"gb2312": "保温杯", "iso-8859-1": "Müsli café"}.get(encoding, "Müsli 保温杯")
    text = f'<?xml version="1.0" encoding="{encoding}"?><rss xmlns:g="http://base.google.com/ns/1.0"><channel><item><g:id>1</g:id><g:title>{title}</g:title><g:link>https://s.example/1</g:link><g:price>5 EUR</g:price><g:availability>in stock</g:availability></item></channel></rss>'
    result = read("feed.xml", text.encode(encoding))
    assert counts(result) == (1, 1, 1, 0)
    assert list(products(result)["1"].title.values()) == [title]


def test_google_merchant_atom() -> None:
    text = (
        '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xmlns:g="http://base.google.com/ns/1.0"><title>S</title>'
        '<entry><g:id>A</g:id><title>Lamp</title><summary>Warm light</summary><link href="https://s.example/a" rel="alternate"/>'
        "<g:image_link>https://s.example/a.jpg</g:image_link><g:price>USD 12.00</g:price><g:availability>backorder</g:availability></entry></feed>"
    )
    result = read("feed.atom", text)
    assert (result.format, counts(result)) == ("google-xml", (1, 1, 1, 0))
    lamp = products(result)["A"]
    assert (lamp.url, lamp.description) == ("https://s.example/a", {"en": "Warm light"})
    assert lamp.variants[0].availability.state is State.BACKORDER
    assert lamp.variants[0].offer.regular is not None and lamp.variants[0].offer.regular.text == "12.00"


def test_google_merchant_tsv() -> None:
    header = "id\ttitle\tdescription\tlink\timage link\tadditional image link\tavailability\tprice\tsale price\titem group id\tsize\tproduct detail\tproduct highlight\tidentifier exists"
    rows = [
        'S-40\tTrail Shoe\tGrippy\thttps://s.example/s\thttps://s.example/1.jpg\t"https://s.example/2.jpg,https://s.example/3.jpg"\tin stock\t89.00 USD\t79.00 USD\tshoe\t40\t"Sole:Material:Rubber,General:Drop:4 mm"\t"""Light, quick"",Dry feet"\tno',
        "S-41\tTrail Shoe\tGrippy\thttps://s.example/s\thttps://s.example/1.jpg\t\tout_of_stock\t89.00 USD\t\tshoe\t41\t\t\tno",
    ]
    result = read("feed.txt", "\n".join([header, *rows]))
    assert (result.format, counts(result)) == ("google-tsv", (2, 1, 2, 0))
    shoe = products(result)["shoe"]
    assert shoe.description["en"].split("\n") == ["Grippy", "- Light, quick", "- Dry feet"]
    assert [(one.name, one.value) for one in shoe.attributes] == [("Material", "Rubber"), ("Drop", "4 mm")]
    assert [variant.options[0].value for variant in shoe.variants] == ["40", "41"]
    assert len(shoe.images) == 3


def test_meta_catalog() -> None:
    text = (
        "# Required | A unique content ID,# Required | Title,,,,,,,,,,\n"
        "id,title,description,availability,condition,price,link,image_link,brand,quantity_to_sell_on_facebook,status,fb_product_category\n"
        "M1,Mug,Big mug,in stock,new,12.50 GBP,https://s.example/m,https://s.example/m.jpg,Oak,7,active,Home > Kitchen\n"
        "M2,Old mug,Older,discontinued,new,12.50 GBP,https://s.example/o,https://s.example/o.jpg,Oak,,archived,\n"
        "M3,Cup,Cup,in stock,used,£8.00,https://s.example/c,https://s.example/c.jpg,Oak,0,active,\n"
    )
    result = read("catalog.csv", text)
    assert (result.format, counts(result)) == ("meta-csv", (3, 3, 3, 0))
    found = products(result)
    assert (found["M1"].variants[0].availability.quantity, found["M1"].published) == (7, True)
    assert not found["M2"].published
    assert found["M3"].variants[0].availability.state is State.OUT_OF_STOCK
    assert found["M3"].variants[0].offer.regular is not None and found["M3"].variants[0].offer.regular.currency == "GBP"


def test_any_list_of_products_in_xml() -> None:
    text = (
        "<catalog><product id='1' available='true'><name>Lamp &amp; shade</name><price currency='EUR'>1.299,00</price><stock>4</stock>"
        "<param name='Power' unit='W'>40</param></product><product id='2'><name>Rug&nbsp;round</name><price currency='EUR'>9,90</price><stock>0</stock></product></catalog>"
    )
    result = read("list.xml", text)
    assert (result.format, counts(result)) == ("own-xml", (2, 2, 2, 0))
    lamp, rug = products(result).values()
    assert (lamp.title, rug.title) == ({"en": "Lamp & shade"}, {"en": "Rug round"})
    assert [variant.offer.regular.text for product in (lamp, rug) for variant in product.variants if variant.offer.regular] == [
        "1299.00",
        "9.90",
    ]
    assert [(one.name, one.value) for one in lamp.attributes] == [("Power", "40 W")]


def test_a_list_of_offers_with_numbers_for_currency_and_category() -> None:
    text = (
        "<yml_catalog><shop><categories><category id='1'>Kitchen</category></categories><offers><offer id='9' available='true'><price>1500</price>"
        "<currencyId>RUB</currencyId><categoryId>1</categoryId><name>Kettle</name><param name='Power' unit='W'>2000</param></offer></offers></shop></yml_catalog>"
    )
    result = read("offers.xml", text)
    assert counts(result) == (1, 1, 1, 0)
    kettle = products(result)["9"]
    offer = kettle.variants[0].offer
    assert offer.regular is not None and (offer.regular.text, offer.regular.currency) == ("1500.00", "RUB")
    assert (kettle.categories, kettle.variants[0].availability.state) == ((), State.IN_STOCK)


def test_a_feed_without_products() -> None:
    with pytest.raises(UnreadableFile, match="holds no products"):
        read("feed.xml", "<rss><channel><title>News</title></channel></rss>")


def page(*nodes: object, body: str = "") -> str:
    scripts = "".join(
        f'<script type="application/ld+json">{node if isinstance(node, str) else json.dumps(node)}</script>' for node in nodes
    )
    return f"<!DOCTYPE html><html lang='en'><head><title>Shop</title>{scripts}</head><body>{body}</body></html>"


def test_product_in_json_ld() -> None:
    node = {
        "@context": "https://schema.org/",
        "@type": "Product",
        "name": "Executive <b>Anvil</b>",
        "image": ["https://s.example/1.jpg", {"@type": "ImageObject", "url": "https://s.example/2.jpg"}],
        "description": "Sleek &amp; heavy",
        "sku": "0446310786",
        "mpn": "925872",
        "brand": {"@type": "Brand", "name": "ACME"},
        "category": "Tools/Anvils",
        "weight": {"@type": "QuantitativeValue", "value": "55.67", "unitCode": "KGM"},
        "additionalProperty": [{"@type": "PropertyValue", "name": "Face", "value": 12.5, "unitText": "cm"}],
        "review": {
            "@type": "Review",
            "reviewBody": "Solid.",
            "reviewRating": {"ratingValue": "4"},
            "author": {"@type": "Person", "name": "Fred Benson"},
        },
        "aggregateRating": {"@type": "AggregateRating", "ratingValue": "4.4", "reviewCount": "89"},
        "offers": {
            "@type": "Offer",
            "url": "https://s.example/anvil",
            "priceCurrency": "USD",
            "price": 119.99,
            "priceSpecification": {
                "@type": "UnitPriceSpecification",
                "priceType": "https://schema.org/StrikethroughPrice",
                "price": 179.99,
            },
            "availability": "https://schema.org/InStock",
            "itemCondition": "https://schema.org/UsedCondition",
        },
    }
    micro = '<div itemscope itemtype="https://schema.org/Product"><h1 itemprop="name">Executive Anvil</h1></div>'
    result = read("anvil.html", page({"@type": "Organization", "name": "ACME"}, node, body=micro))
    assert (result.format, counts(result)) == ("schema.org-html", (1, 1, 1, 0))
    anvil = products(result)["0446310786"]
    assert (anvil.title, anvil.description, anvil.brand) == ({"en": "Executive Anvil"}, {"en": "Sleek & heavy"}, "ACME")
    offer = anvil.variants[0].offer
    assert offer.regular is not None and offer.sale is not None
    assert (offer.regular.text, offer.sale.text, offer.sale.currency) == ("179.99", "119.99", "USD")
    assert anvil.variants[0].availability.state is State.IN_STOCK
    assert (anvil.rating, anvil.rating_count) == (4.4, 89)
    assert {("Weight", "55.67 kg"), ("Face", "12.5 cm"), ("MPN", "925872"), ("Condition", "used")} <= {
        (one.name, one.value) for one in anvil.attributes
    }
    reviews = [document.body for document in result.documents if isinstance(document.body, Review)]
    assert [(review.sku, review.rating, review.text) for review in reviews] == [("0446310786", 4.0, "Solid.")]
    assert "Fred" not in repr(result.documents)


def test_product_group_with_variants() -> None:
    def variant(sku: str, size: str, price: float, state: str) -> dict[str, object]:
        return {
            "@type": "Product",
            "sku": sku,
            "name": f"Wool Coat, {size}",
            "size": size,
            "color": "Green",
            "offers": {"@type": "Offer", "price": price, "priceCurrency": "EUR", "availability": f"https://schema.org/{state}"},
        }

    group = {
        "@context": "https://schema.org",
        "@type": "ProductGroup",
        "name": "Wool Coat",
        "productGroupID": "coat",
        "variesBy": ["https://schema.org/size"],
        "hasVariant": [variant("C-S", "S", 39.9, "InStock"), variant("C-M", "M", 42, "OutOfStock"), {"@id": "#l"}],
    }
    large = {"@id": "#l", **variant("C-L", "L", 45.5, "PreOrder")}
    result = read("coat.html", page({"@graph": [group, large]}))
    assert (result.products, result.variants, result.rejected) == (1, 3, 0)
    coat = products(result)["coat"]
    assert coat.title == {"en": "Wool Coat"}
    assert [(one.sku, one.options[0].value, one.offer.regular.text if one.offer.regular else "") for one in coat.variants] == [
        ("C-S", "S", "39.90"),
        ("C-M", "M", "42.00"),
        ("C-L", "L", "45.50"),
    ]
    assert [one.availability.state for one in coat.variants] == [State.IN_STOCK, State.OUT_OF_STOCK, State.PREORDER]


def test_variants_that_name_their_group_alone() -> None:
    nodes = [
        {"@type": ["Product"], "sku": f"T-{size}", "name": f"Tee {size}", "size": size, "isVariantOf": {"@type": "ProductGroup", "productGroupID": "tee", "variesBy": "size"},
         "offers": {"price": "20.00", "priceCurrency": "EUR"}} for size in ("S", "M")
    ]  # fmt: skip
    result = read("tee.html", page(*nodes))
    assert (result.products, result.variants, result.rejected) == (1, 2, 0)
    assert [one.options[0].value for one in products(result)["tee"].variants] == ["S", "M"]


def test_questions_in_microdata() -> None:
    one = (
        '<div itemprop="mainEntity" itemscope itemtype="https://schema.org/Question"><h3 itemprop="name">{}</h3>'
        '<div itemprop="acceptedAnswer" itemscope itemtype="https://schema.org/Answer"><div itemprop="text">{}</div></div></div>'
    )
    body = one.format("Do you ship?", "<p>Yes.</p><ul><li>EU</li></ul>") + one.format("能退吗？", "可以。")
    result = read("faq.html", f'<html><body itemscope itemtype="https://schema.org/FAQPage">{body}</body></html>')
    assert (result.format, result.kind, result.faq_entries) == ("schema.org-html", "faq", 2)
    entry = result.documents[0].body
    assert isinstance(entry, FaqEntry) and entry.answer == {"en": "Yes.\n- EU"}


def test_offers_with_their_own_skus_are_variants_and_others_a_range() -> None:
    offers = [{"@type": "Offer", "sku": f"B-{n}", "name": f"{n} ml", "price": str(n), "priceCurrency": "USD"} for n in (250, 500)]
    result = read("b.html", page({"@type": "Product", "name": "Bottle", "offers": offers}))
    assert (result.rows, result.products, result.variants) == (1, 1, 2)
    ranged = {"@type": "AggregateOffer", "lowPrice": "20", "highPrice": "35.5", "priceCurrency": "USD", "offerCount": 3}
    bowl = next(iter(products(read("c.html", page({"@type": ["Product"], "name": "Bowl", "offers": ranged}))).values()))
    offer = bowl.variants[0].offer
    assert offer.regular is not None and offer.up_to is not None
    assert (offer.regular.text, offer.up_to.text) == ("20.00", "35.50")


@pytest.mark.parametrize(
    "script",
    [
        '<!-- {"@type": "Product", "name": "Lamp", "sku": "L", "offers": {"price": "5.00", "priceCurrency": "USD"}} -->',
        '/*<![CDATA[*/{"@type": "Product", "name": "Lamp", "sku": "L", "offers": {"price": "5.00", "priceCurrency": "USD",},}/*]]>*/',
        '[{"@type": "Product", "name": "Lamp",\n"description": "two\nlines", "sku": "L", "offers": [{"price": 5, "priceCurrency": "USD"}]}];',
        '{"@graph": [{"@type": "WebPage", "mainEntity": {"@type": "Product", "name": "Lamp", "sku": "L", "offers": {"price": 5.0, "priceCurrency": "USD"}}}]}',
        '{"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": {"@type": "Product", "name": "Lamp", "sku": "L", "offers": {"price": 5.0, "priceCurrency": "USD"}}}]}',
    ],
)
def test_json_ld_as_shops_write_it(script: str) -> None:
    result = read("lamp.html", page("{broken", script))
    assert counts(result) == (1, 1, 1, 0)
    offer = products(result)["L"].variants[0].offer
    assert offer.regular is not None and (offer.regular.text, offer.regular.currency) == ("5.00", "USD")


def test_references_that_lead_in_a_circle_end() -> None:
    nodes = [{"@id": f"#{n}", "@type": "Product", "name": f"P{n}", "isRelatedTo": [{"@id": f"#{m}"} for m in range(40)]} for n in range(40)]
    assert read("loop.html", page({"@graph": nodes})).products == 40


def test_microdata() -> None:
    body = (
        '<div itemscope itemtype="http://schema.org/Product" itemref="more"><h1 itemprop="name">Executive Anvil</h1><img itemprop="image" src="https://s.example/a.jpg">'
        '<div itemprop="description"><p>Heavy.</p><ul><li>Steel</li></ul></div><div itemprop="offers" itemscope itemtype="http://schema.org/Offer">'
        '<meta itemprop="priceCurrency" content="EUR"><span itemprop="price" content="1299.00">1.299,00 €</span>'
        '<link itemprop="availability" href="http://schema.org/BackOrder"></div>'
        '<div itemprop="isRelatedTo" itemscope itemtype="http://schema.org/Product"><span itemprop="name">Hammer</span></div></div>'
        '<p id="more"><span itemprop="sku">0012</span></p>'
    )
    result = read("anvil.htm", f"<html><body>{body}</body></html>")
    assert counts(result) == (1, 1, 1, 0)
    anvil = products(result)["0012"]
    assert anvil.description == {"en": "Heavy.\n- Steel"}
    assert anvil.variants[0].availability.state is State.BACKORDER
    assert anvil.variants[0].offer.regular is not None and anvil.variants[0].offer.regular.text == "1299.00"


def test_faq_page() -> None:
    def question(asked: str, answer: str) -> dict[str, object]:
        return {"@type": "Question", "name": asked, "acceptedAnswer": {"@type": "Answer", "text": answer}}

    node = {"@context": "https://schema.org", "@type": "FAQPage", "mainEntity": [
        question("Do you ship abroad?", "<p>Yes, to <a href='x'>40 countries</a>.</p><ul><li>EU: 5 days</li></ul>"),
        question("可以退货吗？", "七天内可以。"),
        question("Why?", ""),
    ]}  # fmt: skip
    result = read("help.html", page(node))
    assert (result.kind, result.rows, result.faq_entries, result.rejected) == ("faq", 3, 2, 1)
    entries = [document.body for document in result.documents if isinstance(document.body, FaqEntry)]
    assert entries[0].answer == {"en": "Yes, to 40 countries.\n- EU: 5 days"}
    assert entries[1].question == {"zh": "可以退货吗？"}


def test_a_dump_of_saleor() -> None:
    def row(model: str, pk: int, **fields: object) -> dict[str, object]:
        return {"model": model, "pk": pk, "fields": fields}

    dump = [
        row("product.category", 1, name="Clothing", parent=None),
        row("product.category", 2, name="Shirts", parent=1),
        row("product.product", 9, name="Linen Shirt", slug="linen-shirt", category=2, rating=0.0,
            description={"blocks": [{"type": "paragraph", "data": {"text": "Cool <b>linen</b>"}}, {"type": "list", "data": {"items": ["Washable"]}}]}),
        row("product.productchannellisting", 1, product=9, channel=1, is_published=True, currency="USD"),
        row("product.productvariant", 21, sku="LS-S", name="S", product=9, track_inventory=True),
        row("product.productvariant", 22, sku="LS-M", name="M", product=9, track_inventory=True),
        row("product.productvariantchannellisting", 1, variant=21, channel=2, currency="PLN", price_amount="199.000", discounted_price_amount="199.000"),
        row("product.productvariantchannellisting", 2, variant=21, channel=1, currency="USD", price_amount="49.000", discounted_price_amount="39.500"),
        row("product.productvariantchannellisting", 3, variant=22, channel=1, currency="USD", price_amount="52.000", discounted_price_amount="52.000"),
        row("attribute.attribute", 5, name="Size", slug="size"),
        row("attribute.attributevalue", 6, name="Small", attribute=5),
        row("attribute.assignedvariantattribute", 7, variant=21, assignment=1),
        row("attribute.assignedvariantattributevalue", 8, value=6, assignment=7),
        row("warehouse.stock", 1, product_variant=21, quantity=3),
    ]  # fmt: skip
    result = read("dump.json", json.dumps(dump))
    assert (result.format, counts(result)) == ("saleor-json", (1, 1, 2, 0))
    shirt = products(result)["linen-shirt"]
    assert shirt.description == {"en": "Cool linen\n- Washable"}
    assert shirt.categories == ({"en": "Clothing > Shirts"},)
    small, medium = shirt.variants
    assert small.offer.regular is not None and small.offer.sale is not None and medium.offer.regular is not None
    assert (small.offer.regular.text, small.offer.sale.text, medium.offer.regular.text) == ("49.00", "39.50", "52.00")
    assert (small.options[0].value, medium.options[0].value) == ("Small", "M")
    assert small.availability.quantity == 3
    polish = products(read("dump.json", json.dumps(dump), shop_currency="PLN"))["linen-shirt"].variants
    assert [variant.offer.regular.currency for variant in polish if variant.offer.regular] == ["PLN", "USD"]
