"""Tables of other shop systems: a row a variant, rows below their product, prices by currency, options in pairs of columns."""

import json

import pytest

from knowledge.catalog import AvailabilityState, Product
from knowledge.importing import FileResult, read_files

State = AvailabilityState


def read(text: str, name: str = "export.csv", currency: str = "USD") -> FileResult:
    (result,) = read_files([(name, text.encode())], shop_currency=currency)
    assert result.rows == result.accepted + result.rejected
    return result


def counts(result: FileResult) -> tuple[str, int, int, int, int]:
    return result.format, result.rows, result.products, result.variants, result.rejected


def products(result: FileResult) -> list[Product]:
    return [document.body for document in result.documents if isinstance(document.body, Product)]


def paid(product: Product) -> list[tuple[str, str, str, str]]:
    return [
        (
            one.sku,
            one.offer.regular.text if one.offer.regular else "",
            one.offer.sale.text if one.offer.sale else "",
            one.options[0].value if one.options else "",
        )
        for one in product.variants
    ]


MEDUSA = (
    "Product Id,Product Handle,Product Title,Product Description,Product Status,Product Thumbnail,Variant SKU,Variant Inventory Quantity,Variant Allow Backorder,"
    "Variant Manage Inventory,{price} EUR,{price} USD,{option} 1 Name,{option} 1 Value,Product Material\n"
    ",tee,Black Tee,Soft,published,https://m.example/f.png,T-S,4,FALSE,TRUE,24.0,29,Size,S,Cotton\n"
    ",tee,Black Tee,Soft,published,https://m.example/f.png,T-M,0,TRUE,TRUE,25.5,31,Size,M,Cotton\n"
    ",mug,Mug,,draft,,MUG,,FALSE,FALSE,5,6,Size,One,\n"
)


@pytest.mark.parametrize(("price", "option"), [("Price", "Option"), ("Variant Price", "Variant Option")])
def test_medusa(price: str, option: str) -> None:
    text = MEDUSA.format(price=price, option=option)
    result = read(text)
    assert counts(result) == ("medusa-csv", 3, 2, 3, 0)
    tee, mug = products(result)
    assert (tee.id, paid(tee)) == ("tee", [("T-S", "29.00", "", "S"), ("T-M", "31.00", "", "M")])
    assert [one.availability.state for one in (*tee.variants, *mug.variants)] == [State.IN_STOCK, State.BACKORDER, State.IN_STOCK]
    assert not mug.published
    assert paid(products(read(text, currency="EUR"))[0])[0] == ("T-S", "24.00", "", "S")


def test_squarespace() -> None:
    result = read(
        "Product ID [Non Editable],Variant ID [Non Editable],Product Type [Non Editable],Product Page,Product URL,Title,Description,SKU,Option Name 1,Option Value 1,"
        "Price,Sale Price,On Sale,Stock,Categories,Visible,Hosted Image URLs\n"
        "5f1,6a1,PHYSICAL,shop,tee,Logo Tee,<p>Soft</p>,SQ1,Size,S,25.00,20.00,Yes,5,/shirts,Yes,https://s.example/1.jpg https://s.example/2.jpg\n"
        ",6a2,,,,,,SQ2,,M,25.00,20.00,No,Unlimited,,,\n"
        "5f2,6a3,PHYSICAL,shop,hat,Hat,,SQ3,,,15.00,0.00,No,0,,No,\n"
    )
    assert counts(result) == ("squarespace-csv", 3, 2, 3, 0)
    tee, hat = products(result)
    assert paid(tee) == [("SQ1", "25.00", "20.00", "S"), ("SQ2", "25.00", "", "M")]
    assert (len(tee.images), tee.variants[1].availability.state, hat.published) == (2, State.IN_STOCK, False)


def test_wix() -> None:
    result = read(
        "handleId,fieldType,name,description,productImageUrl,collection,sku,price,surcharge,visible,discountMode,discountValue,inventory,productOptionName1,"
        "productOptionDescription1,additionalInfoTitle1,additionalInfoDescription1\n"
        "p1,Product,Sunglasses,<p>Dark</p>,https://w.example/a.jpg;https://w.example/b.jpg,Summer;Sale,,100,,true,PERCENT,10,InStock,Color,Red;Blue,Care,Wipe\n"
        "p1,Variant,,,,,SG-R,,0,true,,,5,,Red,,\n"
        "p1,Variant,,,,,SG-B,,10,true,,,OutOfStock,,Blue,,\n"
        "p2,Product,Hat,,,Summer,HAT,25,,false,AMOUNT,0,7,,,,\n"
    )
    assert counts(result) == ("wix-csv", 4, 2, 3, 0)
    glasses, hat = products(result)
    assert paid(glasses) == [("SG-R", "100.00", "90.00", "Red"), ("SG-B", "110.00", "99.00", "Blue")]
    assert paid(hat) == [("HAT", "25.00", "", "")] and not hat.published
    assert [(one.name, one.value) for one in glasses.attributes] == [("Care", "Wipe")]


def test_bigcommerce() -> None:
    result = read(
        "Item Type,Product ID,Product Name,Product Code/SKU,Brand Name,Product Description,Price,Cost Price,Retail Price,Sale Price,Product Warranty,Allow Purchases?,"
        "Product Visible?,Track Inventory,Current Stock Level,Category,Product Custom Fields\n"
        "Product,77,Chambray Towel,TOW,Oak,<p>Beach</p>,49.00,20.00,59.00,45.00,1 year,Y,Y,by option,0,Bath;Sale,Material=Linen;Care=Cold\n"
        "  SKU,,[S]Size=Small,TOW-S,,,,,,,,,,,23,,\n"
        "  SKU,,[S]Size=Large,TOW-L,,,,,,,,,,,0,,\n"
        "  Rule,,,TOW-L,,,[ADD]10,,,,,,,,,,\n"
        "Product,80,Terrarium,TER,,,109.00,,,0.00,,Y,N,by product,9,Garden,\n"
    )
    assert counts(result) == ("bigcommerce-csv", 5, 2, 3, 0)
    towel, terrarium = products(result)
    assert paid(towel) == [("TOW-S", "49.00", "45.00", "Small"), ("TOW-L", "49.00", "45.00", "Large")]
    assert [one.availability.quantity for one in towel.variants] == [23, 0]
    assert paid(terrarium) == [("TER", "109.00", "", "")] and not terrarium.published
    assert "20.00" not in repr(towel)


def test_prestashop() -> None:
    result = read(
        "Product ID;Active (0/1);Name *;Categories (x,y,z...);Price tax excluded;Wholesale price;Discount amount;Discount percent;Discount from (yyyy-mm-dd);"
        "Discount to (yyyy-mm-dd);Reference #;Manufacturer;EAN13;Quantity;Summary;Description;Image URLs (x,y,z...);Feature(Name:Value:Position);Condition\n"
        "1;1;iPod Nano;Home,iPods;100;80;;5.5;2013-06-01;2018-12-31;RP-1;Apple;1234567890123;160;<p>Small</p>;<p>New.</p>;http://p.example/15.jpg,http://p.example/23.jpg;Color:Blue:1;new\n"
        "2;0;iPod shuffle;iPods;60;40;;;;;;Apple;;0;;;;;used\n"
    )
    assert counts(result) == ("prestashop-csv", 2, 2, 2, 0)
    nano, shuffle = products(result)
    assert (paid(nano), paid(shuffle)) == ([("RP-1", "100.00", "94.50", "")], [("2", "60.00", "", "")])
    assert (nano.description, nano.categories, len(nano.images)) == ({"en": "Small\nNew."}, ({"en": "iPods"},), 2)
    assert (shuffle.published, shuffle.variants[0].availability.state) == (False, State.OUT_OF_STOCK)


def test_magento() -> None:
    result = read(
        "sku,store_view_code,attribute_set_code,product_type,categories,name,description,product_online,visibility,price,special_price,special_price_to_date,"
        "base_image,additional_images,additional_attributes,qty,is_in_stock,manage_stock,configurable_variations,configurable_variation_labels\n"
        'BAG,,Bag,simple,"Default Category/Gear,Default Category/Gear/Bags",Duffle,<p>Big</p>,1,"Catalog, Search",34.00,29.00,12/31/2026,/b0.jpg,"/a.jpg,/b.jpg",'
        '"activity=Gym|Hiking,material=Nylon, washed",100.0000,1,1,,\n'
        "H-S,,Top,simple,,Hoodie-S,,1,Not Visible Individually,52.00,,,,,size=S,20,1,1,,\n"
        "H-M,,Top,simple,,Hoodie-M,,1,Not Visible Individually,54.00,,,,,size=M,0,0,1,,\n"
        'H,,Top,configurable,Default Category/Tops,Hoodie,<p>Warm</p>,1,"Catalog, Search",52.00,,,,,material=Fleece,0,1,1,"sku=H-S,size=S|sku=H-M,size=M",size=Size\n'
        "H,de,Top,configurable,,Kapuzenpulli,,,,,,,,,,,,,,\n"
        'OFF,,Bag,simple,,Old,,2,"Catalog, Search",10,,,,,,5,1,1,,\n'
    )
    assert counts(result) == ("magento-csv", 6, 3, 4, 0)
    bag, hoodie, old = products(result)
    assert paid(bag) == [("BAG", "34.00", "29.00", "")]
    assert bag.variants[0].offer.sale_until is not None and bag.variants[0].offer.sale_until.isoformat()[:10] == "2027-01-01"
    assert [(one.name, one.value) for one in bag.attributes] == [("Activity", "Gym, Hiking"), ("Material", "Nylon, washed")]
    assert bag.categories == ({"en": "Gear"}, {"en": "Gear > Bags"})
    assert (hoodie.id, hoodie.title) == ("H", {"en": "Hoodie", "de": "Kapuzenpulli"})
    assert paid(hoodie) == [("H-S", "52.00", "", "S"), ("H-M", "54.00", "", "M")]
    assert (hoodie.published, old.published) == (True, False)


def test_chinese_tables_of_one_row_a_sku() -> None:
    result = read(
        "商品名称,商品编码,规格编码,规格名,规格值,价格,划线价,库存,商品状态\n"
        "羊毛围巾,WJ,WJ-R,颜色,红色,128.00,199.00,12,销售中\n"
        "羊毛围巾,WJ,WJ-B,,蓝色,128.00,199.00,0,销售中\n"
        "帽子,MZ,MZ-1,,,59.00,,5,仓库中\n"
    )
    assert counts(result) == ("zh-csv", 3, 2, 3, 0)
    scarf, hat = products(result)
    assert (scarf.id, paid(scarf)) == ("WJ", [("WJ-R", "199.00", "128.00", "红色"), ("WJ-B", "199.00", "128.00", "蓝色")])
    assert [one.options[0].name for one in scarf.variants] == ["颜色", "颜色"] and not hat.published


def test_one_number_with_two_titles_is_two_products() -> None:
    assert counts(read("商品编码,货号,标题,售价\n1,A,毯,5\n1,B,枕,6\n"))[2:] == (2, 2, 0)


def test_rejected_rows_keep_the_columns_of_their_file() -> None:
    result = read("商品名称,货号,规格名,规格值,价格\n毯,A,颜色,红,oops\n")
    assert result.header == ("商品名称", "货号", "规格名", "规格值", "价格")
    assert result.rejects[0].cells["规格值"] == "红"


def test_shopify_as_json() -> None:
    variant = {"price": "25.00", "grams": 200, "position": 1}
    data = {
        "id": 1, "title": "Tee", "handle": "tee", "body_html": "<p>Soft</p>", "vendor": "Oak", "product_type": "Shirts", "tags": ["a", "b"],
        "options": [{"name": "Size", "position": 1, "values": ["S", "M"]}, {"name": "Color", "position": 2, "values": ["Red"]}],
        "images": [{"id": 5, "src": "https://s.example/1.jpg"}],
        "variants": [
            {**variant, "id": 11, "title": "S / Red", "option1": "S", "option2": "Red", "option3": None, "sku": "T-S", "compare_at_price": "30.00", "available": True},
            {**variant, "id": 12, "title": "M / Red", "option1": "M", "option2": "Red", "option3": None, "sku": "T-M", "compare_at_price": None, "inventory_quantity": 0},
        ],
    }  # fmt: skip
    result = read(json.dumps({"products": [data]}), "products.json")
    assert counts(result) == ("json", 1, 1, 2, 0)
    (tee,) = products(result)
    assert paid(tee) == [("T-S", "30.00", "25.00", "S"), ("T-M", "25.00", "", "M")]
    assert (tee.description, tee.brand, tee.images, tee.attributes) == ({"en": "Soft"}, "Oak", ("https://s.example/1.jpg",), ())
    assert [one.availability.state for one in tee.variants] == [State.IN_STOCK, State.OUT_OF_STOCK]


def test_woocommerce_as_json() -> None:
    data = {
        "id": 7, "name": "Mug", "status": "publish", "sku": "MUG", "price": "9.90", "regular_price": "12.50", "sale_price": "9.90", "stock_quantity": 4,
        "stock_status": "instock", "description": "<p>Big</p>", "categories": [{"id": 1, "name": "Kitchen", "slug": "kitchen"}],
        "images": [{"id": 2, "src": "https://w.example/m.jpg"}], "attributes": [{"id": 0, "name": "Material", "options": ["Clay", "Glaze"]}],
        "permalink": "https://w.example/mug",
    }  # fmt: skip
    (mug,) = products(read(json.dumps([data]), "products.json"))
    assert paid(mug) == [("MUG", "12.50", "9.90", "")]
    assert (mug.categories, mug.images, mug.url) == (({"en": "Kitchen"},), ("https://w.example/m.jpg",), "https://w.example/mug")
    assert [(one.name, one.value) for one in mug.attributes] == [("Material", "Clay, Glaze")]


def test_a_rating_with_its_count() -> None:
    (pack,) = products(read('[{"id": 1, "title": "Backpack", "price": 109.95, "rating": {"rate": 3.9, "count": 120}}]', "products.json"))
    assert (pack.rating, pack.rating_count, paid(pack)) == (3.9, 120, [("1", "109.95", "", "")])


def test_woocommerce_with_references_by_id_and_meta() -> None:
    result = read(
        "\ufeffID,Type,SKU,GTIN,Name,Published,Visibility in catalog,Date sale price starts,Date sale price ends,In stock?,Stock,Backorders allowed?,Weight (kg),"
        "Sale price,Regular price,Categories,Parent,Grouped products,Attribute 1 name,Attribute 1 value(s),Meta: _cost\n"
        '100,variable,,,V-Neck Tee,1,visible,,,1,,0,.5,,,"Clothing > Tshirts, Sale",,,Color,"Blue, Red",secret\n'
        "101,variation,woo-red,,V-Neck Tee - Red,1,visible,2026-03-01,2026-03-31,1,5,0,,16,20,,id:100,,Color,Red,\n"
        "102,variation,woo-blue,,V-Neck Tee - Blue,1,visible,,,0,0,0,,,20,,id:100,,Color,Blue,\n"
        '103,simple,hoodie,0123456789012,"Hoodie, ""big""",-1,visible,,,backorder,,1,,,45,,,,,,\n'
        '105,grouped,,,Set,1,visible,,,1,,0,,,,,,"woo-red, hoodie",,,\n'
        '106,"simple, downloadable, virtual",album,,Album,1,visible,,,1,,0,,,15,,,,,,\n'
        "107,variation,orphan,,X,1,visible,,,1,1,0,,,20,,id:999,,Color,Red,\n"
    )
    assert counts(result) == ("woocommerce-csv", 7, 4, 5, 1)
    tee, hoodie, bundle, album = products(result)
    assert paid(tee) == [("woo-red", "20.00", "16.00", "Red"), ("woo-blue", "20.00", "", "Blue")]
    assert tee.categories == ({"en": "Clothing > Tshirts"}, {"en": "Sale"})
    assert [(one.name, one.value) for one in tee.attributes] == [("Weight", "0.5 kg")]
    assert (hoodie.published, hoodie.variants[0].availability.state) == (False, State.BACKORDER)
    assert [one.value for one in hoodie.variants[0].attributes] == ["0123456789012"]
    assert (bundle.goes_with, paid(album)) == (("woo-red", "hoodie"), [("album", "15.00", "", "")])
    assert "secret" not in repr(result.documents)


def test_shopify_with_its_corners() -> None:
    result = read(
        "Handle,Title,Body (HTML),Vendor,Product Category,Published,Option1 Name,Option1 Value,Option1 Linked To,Option2 Name,Option2 Value,Variant SKU,"
        "Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Price,Variant Compare At Price,Variant Barcode,Image Src,"
        "Material (product.metafields.custom.material),Cost per item,Status\n"
        'tee,Tee,"<p>Soft &amp; <em>warm</em></p>\n<ul><li>A</li></ul>",Oak,Apparel > Tops,true,Color,Red,x,Size,S,\'0012,shopify,-3,deny,"1,299.00",1500.00,'
        "'0123456789012,https://s.example/1.jpg,Cotton,5.55,active\n"
        "tee,,,,,,,Red,,,M,T-R-M,shopify,0,continue,1299,,,https://s.example/2.jpg,,5.55,\n"
        "tee,,,,,,,,,,,,,,,,,,https://s.example/3.jpg,,,\n"
        "gift,Gift Card,,Oak,,true,Denominations,$10.00,,,,,,,deny,10.00,,,,,,active\n"
        "gift,,,,,,,$25.00,,,,,,,deny,25.00,,,,,,\n"
        "old,Old,,Oak,,false,Title,Default Title,,,,OLD,shopify,5,deny,7.00,,,,,,draft\n"
    )
    assert counts(result) == ("shopify-csv", 6, 3, 5, 0)
    tee, gift, old = products(result)
    assert tee.description == {"en": "Soft & warm\n- A"}
    assert paid(tee) == [("0012", "1500.00", "1299.00", "Red"), ("T-R-M", "1299.00", "", "Red")]
    assert [one.availability.state for one in (*tee.variants, *gift.variants)] == [
        State.OUT_OF_STOCK,
        State.BACKORDER,
        State.IN_STOCK,
        State.IN_STOCK,
    ]
    assert [(one.name, one.value) for one in tee.attributes] == [("Material", "Cotton")]
    assert [price for _, price, _, _ in paid(gift)] == ["10.00", "25.00"]
    assert not old.published and "5.55" not in repr(result.documents)
