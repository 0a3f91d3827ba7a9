import polars as pl
import pytest

from features.pairs import Pairs
from features.product_mix import ProductMix
from features.products.classes import classes_in
from features.products.quantities import quantities_in
from tests.builders import CorpusBuilder


@pytest.mark.parametrize(
    ("title", "quantities"),
    [
        ("3.5g of tea", ["3.5 g"]),
        ("1 Ounce tea", ["28 g"]),
        ("0,5 kg", ["500 g"]),
        ("100 x 2mg", ["100 count", "2 mg"]),
        ("250ug blotter", ["250 ug"]),
        ("tea since 1999", []),
    ],
)
def test_a_quantity_is_a_number_of_one_kind_however_it_is_typed(title, quantities):
    assert quantities_in(pl.Series([title]))["quantity"].to_list() == quantities


def test_a_name_of_two_words_is_known_as_one_class():
    found = classes_in(pl.Series(["Fine CRYSTAL METH", "valium and Xanax", "a kettle"]))
    assert found.rows() == [(0, "methamphetamine"), (1, "alprazolam"), (1, "diazepam")]


def mixed():
    builder = CorpusBuilder()
    for number in range(30):
        for grams in (1, 5, 10):
            market = "quay" if number % 2 else "harbour"
            builder.listing(market, f"shop{number:02}", f"{grams}g of weed, lot {number}")
    for market, named in (("harbour", "{} {}"), ("quay", "fine {} - {}")):
        for goods, amount in (("modafinil", "37 tabs"), ("opium", "13 g")):
            builder.listing(market, "odd", named.format(goods, amount))
    corpus = builder.build()
    rows = {name: row for row, name in enumerate(corpus.accounts["account_id"])}
    mix = ProductMix()
    survey = mix.survey(corpus)
    return mix, survey, mix.read(corpus, survey), rows


def test_the_same_rare_goods_in_the_same_amounts_stand_out():
    mix, survey, traits, rows = mixed()

    def value(left: str, right: str) -> float:
        return float(mix.compare(traits, survey, Pairs.of([rows[left]], [rows[right]])).value[0])

    alike, unlike = value("harbour:odd", "quay:odd"), value("harbour:odd", "quay:shop01")
    assert alike > unlike + 2


def test_what_a_copied_title_offers_came_along_with_it():
    builder = CorpusBuilder()
    for number in range(30):
        market = "quay" if number % 2 else "harbour"
        builder.listing(market, f"shop{number:02}", f"{number + 1}g of weed")
    builder.listing("harbour", "shop00", "opium 13 g").listing("quay", "shop01", "Opium, 13 g!")
    corpus = builder.build()
    rows = {name: row for row, name in enumerate(corpus.accounts["account_id"])}
    mix, pair = ProductMix(), (rows["harbour:shop00"], rows["quay:shop01"])
    survey = mix.survey(corpus)
    traits = mix.read(corpus, survey)
    assert mix.compare(traits, survey, Pairs.of(*([row] for row in pair))).level[0] == 0
    assert "word for word" in mix.explain(traits, survey, pair).sentence


def test_the_explanation_names_the_goods_and_cites_their_titles():
    mix, survey, traits, rows = mixed()
    finding = mix.explain(traits, survey, (rows["harbour:odd"], rows["quay:odd"]))
    assert "“modafinil 37 count”" in finding.sentence
    assert "“opium 13 g”" in finding.sentence
    assert [h.text for h in finding.highlights][:2] == ["modafinil 37 tabs", "opium 13 g"]
