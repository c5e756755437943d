"""A price list without a currency: a new shop takes the one that its own rules speak of, and says so."""

from pathlib import Path

import pytest

from bot.__main__ import main

SHOPIFY = "Handle,Title,Variant SKU,Variant Price,Variant Inventory Qty\nfiddle,Corelli Fiddle,COR-1,139.00,4\n"
EUROS = "# Shipping\n\n## Ireland\n\n6.90 €, free from €80. Bulky goods €29.\n"
MIXED = "# Shipping\n\n## Rates\n\n£4 in the UK, £6 to Jersey, €9 in France, €12 in Italy.\n"
YUAN = "# 配送\n\n## 运费\n\n满99元包邮，不满收8元，偏远地区每单25元。\n"
FEW = "# Shipping\n\n## Rates\n\nFree from €80.\n"


@pytest.mark.parametrize(("rules", "taken"), [(EUROS, "EUR"), (MIXED, "USD"), (FEW, "USD"), (YUAN, "CNY")])
def test_bare_figures_mean_what_the_rules_speak_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], rules: str, taken: str
) -> None:
    monkeypatch.chdir(tmp_path)
    shop = tmp_path / "shop"
    shop.mkdir()
    (shop / "products_export.csv").write_text(SHOPIFY, encoding="utf-8")
    (shop / "shipping.md").write_text(rules, encoding="utf-8")
    assert main(["--data", "data", "import", "shop"]) == 0
    assert f"Prices that name no currency are in {taken};" in capsys.readouterr().out
    main(["--data", "data", "shop", "list"])
    assert f"  {taken}  " in capsys.readouterr().out


def test_a_price_that_names_its_currency_keeps_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    shop = tmp_path / "shop"
    shop.mkdir()
    (shop / "goods.csv").write_text("sku,title,price,currency\nK-1,Copper Kettle,49.90,USD\n", encoding="utf-8")
    (shop / "shipping.md").write_text(EUROS, encoding="utf-8")
    assert main(["--data", "data", "import", "shop"]) == 0
    main(["--data", "data", "shop", "list"])
    assert "  USD  " in capsys.readouterr().out
