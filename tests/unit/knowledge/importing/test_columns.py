"""What columns mean is told by their names, their values and the merchant; nothing internal reaches customers, nothing is lost in silence."""

import json

import pytest

from knowledge.catalog import AvailabilityState, Product
from knowledge.errors import UnreadableFile
from knowledge.importing import FileResult, read_files
from knowledge.importing.columns import PRODUCT, Columns
from knowledge.importing.mapping import ColumnMapping, InvalidMapping, UnknownColumns, check_columns, mapping_of


def table(text: str, *, said: str = "", name: str = "p.csv") -> FileResult:
    result = read_files([(name, text.encode())], mappings={"": mapping_of([said] if said else [])})[0]
    assert result.rows == result.accepted + result.rejected
    return result


def product(result: FileResult, place: int = 0) -> Product:
    body = result.documents[place].body
    assert isinstance(body, Product)
    return body


def attributes(result: FileResult) -> dict[str, str]:
    return {one.name: one.value for one in product(result).attributes}


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Product price incl. VAT", "price"),
        ("商品标题（必填）", "title"),
        ("商品售价（元）", "price"),
        ("Our Brand", "brand"),
        ("Web Description", "description"),
        ("库存(件)", "stock"),
        ("Main Image", "image"),
    ],
)
def test_names_with_something_around_them(header: str, field: str) -> None:
    cells = {"price": "19.90", "stock": "4", "image": "https://shop.example/a.jpg"}.get(field, "Some words here")
    assert Columns([header], PRODUCT, {}, [{header: cells}] * 5).fields == {field: [header]}


def test_a_name_inside_another_counts_only_if_the_values_fit() -> None:
    columns = Columns(["Our price field"], PRODUCT, {}, [{"Our price field": "yes"}] * 5)
    assert "price" not in columns and "Our price field" in columns.attributes


@pytest.mark.parametrize(
    ("header", "cells", "state"),
    [
        ("Status", ["in stock", "out of stock", "in stock"], AvailabilityState.IN_STOCK),
        ("Available", ["25", "0", "3"], AvailabilityState.IN_STOCK),
        ("In stock?", ["yes", "no", "yes"], AvailabilityState.IN_STOCK),
    ],
)
def test_one_name_for_several_things_is_settled_by_the_values(header: str, cells: list[str], state: AvailabilityState) -> None:
    result = table(f"sku,title,{header}\n" + "".join(f"A{n},Lamp {n},{cell}\n" for n, cell in enumerate(cells)))
    first = product(result)
    assert first.published
    assert first.variants[0].availability.state is state


def test_what_is_not_known_becomes_an_attribute_and_is_reported() -> None:
    result = table("sku,title,Zipper finish,Lining\nA,Bag,matt black,silk\nB,Case,gloss,cotton\n")
    assert attributes(result) == {"Zipper finish": "matt black", "Lining": "silk"}
    assert "column_as_attribute" in {problem.code for problem in result.problems}


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("Cost price", "3.20"),
        ("Supplier", "Foo Ltd"),
        ("进价", "12"),
        ("供应商", "某某厂"),
        ("Internal note", "ask Bob"),
        ("Staff notes", "ask Bob"),
        ("卖家备注", "老王家拿货"),
        ("Landed cost USD", "3.10"),
        ("Who to ask", "bob@mail.example"),
        ("Record", "3f2b8c1e-9d4a-4c5b-8e7f-0a1b2c3d4e5f"),
        ("Margin", "40%"),
        ("created_at", "2026-01-05 10:22:11"),
    ],
)
def test_what_customers_must_not_see_is_left_out_and_reported(header: str, cell: str) -> None:
    result = table(f"sku,title,{header}\nA,Lamp,{cell}\nB,Rug,{cell}\n")
    assert cell not in repr(result.documents)
    found = next(problem for problem in result.problems if problem.code in ("column_internal", "column_ignored"))
    assert header in found.message


def test_the_merchant_has_the_last_word() -> None:
    said = "Bezeichnung=title,Preis=price,Farbe=option:Colour,Lieferant=attribute:Maker,Lager=ignore,Titel cn=title:zh"
    text = "Bezeichnung,Preis,Farbe,Lieferant,Lager,Titel cn\nLampe,19.90,Rot,Foo,Halle 3,灯\n"
    result = table(text, said=said)
    one = product(result)
    assert one.title["zh"] == "灯" and "Lampe" in one.title.values()
    assert one.variants[0].offer.regular is not None and one.variants[0].offer.regular.text == "19.90"
    assert [(option.name, option.value) for option in one.variants[0].options] == [("Colour", "Rot")]
    assert attributes(result) == {"Maker": "Foo"}
    assert "Halle 3" not in repr(result.documents)


def test_a_mapping_beats_the_known_name_and_finds_headers_however_written() -> None:
    result = table("SKU,Title,Product_Name\nA,Mr,Lamp\n", said="title=ignore,product name=title")
    assert product(result).title == {"en": "Lamp"}


def test_a_mapping_works_on_other_programs_layouts_and_json() -> None:
    shopify = "Handle,Title,Vendor,Variant SKU,Variant Price,Fabric\nbag,Bag,Foo,B1,10.00,Linen\n"
    result = table(shopify, said="Fabric=attribute:Material")
    assert result.format == "shopify-csv" and attributes(result)["Material"] == "Linen"
    records = json.dumps([{"sku": "A", "bezeichnung": "Lampe", "preis": 5, "innenName": "x", "masse": {"breite": 3}}])
    result = table(records, said="bezeichnung=title,preis=price,innenName=ignore", name="p.json")
    assert list(product(result).title.values()) == ["Lampe"] and "innen" not in repr(result.documents).casefold()


def test_where_nothing_is_known_a_proposal_says_what_it_may_be() -> None:
    rows = "".join(f"X-{n}0{n};Leuchte Modell {n} aus Holz;{n}9,90 €;{n};https://shop.example/{n}.jpg\n" for n in range(1, 15))
    with pytest.raises(UnknownColumns) as refusal:
        table("Koodi;Nimike;Summa;Maara;Kuva\n" + rows)
    proposal = refusal.value.proposal
    meant = {one.column: one.field for one in proposal.columns}
    assert (meant["Koodi"], meant["Nimike"], meant["Summa"], meant["Kuva"]) == ("sku", "title", "price", "image")
    assert not proposal.sure and len(proposal.rows) == 10 and all(one.confidence < 0.75 for one in proposal.columns)
    assert '--map "Nimike=title"' in str(refusal.value)
    taken = read_files([("p.csv", ("Koodi;Nimike;Summa;Maara;Kuva\n" + rows).encode())], mappings={"": proposal.mapping})[0]
    assert (taken.accepted, product(taken).sku) == (14, "X-101")


def test_a_table_of_known_names_is_sure_and_says_so() -> None:
    proposal = table("sku,title,price\nA,Lamp,5\n").proposal
    assert proposal is not None and proposal.sure and proposal.kind == "products"
    assert [(one["column"], one["field"], one["confidence"]) for one in proposal.as_json()["columns"]] == [
        ("sku", "sku", 1.0),
        ("title", "title", 1.0),
        ("price", "price", 1.0),
    ]


def test_a_mapping_is_remembered_as_json() -> None:
    mapping = mapping_of(["Preis=price", "Farbe=Option: Colour", "X=skip"])
    assert ColumnMapping.from_json(json.loads(json.dumps(mapping.as_json()))) == mapping
    assert mapping.meanings == {"Preis": "price", "Farbe": "option:Colour", "X": "ignore"}
    later = mapping.with_(mapping_of(["preis=list_price"]))
    assert later.meaning("PREIS") == "list_price" and later.meaning("Farbe") == "option:Colour"
    result = read_files([("p.csv", b"sku,title,Preis\nA,Lamp,5\n")], mappings={"p.csv": mapping, "other.csv": later})[0]
    assert product(result).variants[0].offer.regular is not None


@pytest.mark.parametrize(
    ("argument", "says"),
    [
        ("Preis", "does not say what a column means"),
        ("Preis=", "does not say what a column means"),
        ("Preis=prize", "nothing a column can mean"),
        ("Preis=attribute:", "lacks the name"),
        ("Preis=title:!!", "nothing a column can mean"),
    ],
)
def test_a_wrong_mapping_is_refused_with_a_sentence(argument: str, says: str) -> None:
    with pytest.raises(InvalidMapping, match=says):
        mapping_of([argument])


def test_a_mapping_of_a_column_that_is_not_there_is_refused() -> None:
    with pytest.raises(InvalidMapping, match="no column “Pries”; the columns are sku, Preis"):
        check_columns(mapping_of(["Pries=price"]), [("sku", "Preis")])


def test_a_kind_can_be_mapped_too() -> None:
    faq = ColumnMapping({"Thema": "question", "Text": "answer"}, "faq")
    result = read_files([("f.csv", "Thema,Text\nVersand?,Fünf Tage.\n".encode())], mappings={"f.csv": faq})[0]
    assert (result.kind, result.faq_entries) == ("faq", 1)
    with pytest.raises(InvalidMapping):
        ColumnMapping.from_json({"columns": {"a": "price"}, "kind": "faq"})
    with pytest.raises(UnreadableFile):
        table("Thema,Text\nVersand?,Fünf Tage.\n")


def test_numbered_picture_columns_are_pictures() -> None:
    result = table(
        "sku,title,IMAGE1,Image 2,图片3,Main Image\nA,Lamp,https://a.example/1.jpg,https://a.example/2.jpg,,https://a.example/0.jpg\n"
    )
    assert set(product(result).images) == {f"https://a.example/{n}.jpg" for n in range(3)}
    assert result.warnings == 0


TRADES = {
    "tea": "货号,品名,茶类,年份,产区,净含量,冲泡水温,售价,库存,最佳赏味期\nT1,正山小种,红茶,2025,桐木关,100g,90-95℃,168,35,24个月\nT2,安吉白茶,绿茶,2026,安吉,50g,80℃,298,12,12个月\n",
    "bicycles": "Part No,Item,Speeds,Teeth,Axle standard,Freehub body,Price,In stock\nBX-1,Crankset,11,46/30,BB86,,89.00,14\nBX-2,Cassette,11,11-34,,HG,49.90,40\n",
    "furniture": "SKU;Name;Upholstery;Legs;W x D x H;Fire rating;Retail price;Delivery weeks\nSF-2;Sofa;Wool;Oak;160 x 90 x 82 cm;BS 5852;899,00;6\n",
    "cosmetics": '商品编码,商品名称,全成分,备案编号,产品使用期限,售价,现货,孕妇可用\nC1,面霜,"水,甘油",国妆备字2023,三年,129,200,是\n',
    "books": "ISBN,Title,Author,Reading age,Series,Price (GBP),Qty\n9780140328721,Fantastic Mr Fox,Roald Dahl,7-9,,6.99,22\n9780261103573,The Fellowship of the Ring,Tolkien,12+,Rings,9.99,8\n",
}


@pytest.mark.parametrize("trade", TRADES)
def test_properties_of_a_trade_hold_nobody_up(trade: str) -> None:
    result = table(TRADES[trade])
    assert result.proposal is not None and result.proposal.settled and result.rejected == 0
    first = product(result)
    assert first.variants[0].offer.regular is not None
    header = {"tea": "冲泡水温", "bicycles": "Axle standard", "furniture": "Fire rating", "cosmetics": "备案编号", "books": "Reading age"}[
        trade
    ]
    assert header in attributes(result)
    if trade in ("tea", "bicycles", "cosmetics", "books"):
        assert first.variants[0].availability.quantity


@pytest.mark.parametrize(
    ("text", "doubtful"),
    [
        ("sku,title,Kosten\nA1,Pot,12.50\nA2,Lamp,15.90\n", {"Kosten": "price"}),
        ("sku,title,price,Trade\nA1,Pot,12.50,8.10\nA2,Lamp,15.90,9.10\n", {"Trade": "ignore"}),
        ("货号,标题,日常价,直播价\nA1,茶壶,129,99\nA2,茶杯,39,29\n", {"日常价": "price", "直播价": "ignore"}),
        ("Nummer,title,price\nA-101,Pot,12.50\nA-102,Lamp,15.90\n", {"Nummer": "sku"}),
        ("sku,title,price,Geld\nA1,Pot,12.50,EUR\nA2,Lamp,15.90,EUR\n", {"Geld": "currency"}),
        ("sku,title,price,Saldo\nA1,Pot,12.50,in stock\nA2,Lamp,15.90,out of stock\n", {"Saldo": "availability"}),
    ],
)
def test_what_may_be_a_price_a_number_or_stock_is_asked_and_not_told_before(text: str, doubtful: dict[str, str]) -> None:
    result = table(text)
    assert result.proposal is not None and not result.proposal.settled
    meant = {one.column: one.field for one in result.proposal.columns}
    assert result.proposal.doubtful == tuple(doubtful) and {name: meant[name] for name in doubtful} == doubtful
    assert attributes(result) == {}, "nothing of it reaches customers before the merchant has said what it is"
    assert any(name in problem.message for name in doubtful for problem in result.problems)
    said = ",".join(f"{name}=ignore" for name in doubtful)
    settled = table(text, said=said).proposal
    assert settled is not None and settled.settled


@pytest.mark.parametrize(
    ("grams", "unit", "weight"), [("35000", "g", "35 kg"), ("254", "g", "254 g"), ("1900", "", "1.9 kg"), ("1360.777", "lb", "3 lb")]
)
def test_weights_as_a_merchant_would_write_them(grams: str, unit: str, weight: str) -> None:
    header = "Handle,Title,Vendor,Variant SKU,Variant Price,Variant Grams,Variant Weight Unit\n"
    assert attributes(table(f"{header}bag,Bag,Foo,B1,10.00,{grams},{unit}\n"))["Weight"] == weight


def variants_of(result: FileResult) -> dict[str, list[tuple[str, dict[str, str]]]]:
    products = [document.body for document in result.documents if isinstance(document.body, Product)]
    return {one.id: [(v.sku, {o.name: o.value for o in v.options}) for v in one.variants] for one in products}


def test_of_two_columns_for_article_numbers_the_one_that_repeats_groups_the_rows() -> None:
    result = table(
        "款号,货号,商品名称,价格,规格,颜色,适用机型\n"
        "K1,K1-A,硅胶壳,49,iPhone 16 黑色,黑色,iPhone 16\nK1,K1-B,硅胶壳,49,iPhone 16 Pro 黑色,黑色,iPhone 16 Pro\n"
        "K1,K1-C,硅胶壳,49,iPhone 16 Pro 浅粉,浅粉,iPhone 16 Pro\nT1,T1-A,茶杯,20,大号,,\n"
    )
    assert variants_of(result) == {
        "K1": [
            ("K1-A", {"颜色": "黑色", "适用机型": "iPhone 16"}),
            ("K1-B", {"颜色": "黑色", "适用机型": "iPhone 16 Pro"}),
            ("K1-C", {"颜色": "浅粉", "适用机型": "iPhone 16 Pro"}),
        ],
        "T1": [("T1-A", {"规格": "大号"})],
    }


def test_two_columns_for_article_numbers_that_both_tell_every_row_group_nothing() -> None:
    result = table("货号,款号,商品名称,价格\nA-1,9001,毛巾,10\nA-2,9002,浴巾,20\n")
    assert sorted(variants_of(result)) == ["A-1", "A-2"]


def test_a_group_whose_option_does_not_tell_its_rows_apart_takes_the_colour_beside_it() -> None:
    result = table(
        "货号,款号,商品名称,价格,规格,颜色\nS-1,S,四件套,359,1.5米床,雾蓝\nS-2,S,四件套,359,1.5米床,奶白\nS-3,S,四件套,399,1.8米床,奶白\n"
    )
    assert variants_of(result)["S"] == [
        ("S-1", {"规格": "1.5米床", "颜色": "雾蓝"}),
        ("S-2", {"规格": "1.5米床", "颜色": "奶白"}),
        ("S-3", {"规格": "1.8米床", "颜色": "奶白"}),
    ]
