"""Quantities as numbers: `3.5g`, `1/8 oz`, `100 x 2mg`, each as class and value."""

import polars as pl

NUMBER = r"(\d+(?:[.,]\d+)?)"
UNIT = (
    r"(kg|kilos?|kilograms?|g|gr|gs|grams?|grammes?|oz|ounces?|lbs?|pounds?|mg|µg|ug|mcg|ml|l|%|x"
    r"|pills?|tabs?|tablets?|caps?|capsules?|pcs|pieces?|hits?|blotters?|days?|months?)"
)
QUANTITY = rf"(?i){NUMBER}\s?{UNIT}(?:\b|\s|$)"

GRAMS = {"kg": 1000.0, "kilo": 1000.0, "kilogram": 1000.0, "g": 1.0, "gr": 1.0, "gram": 1.0}
GRAMS |= {"gramme": 1.0, "oz": 28.0, "ounce": 28.0, "lb": 448.0, "pound": 448.0}
OTHERS = {"mg": "mg", "µg": "ug", "ug": "ug", "mcg": "ug", "ml": "ml", "l": "l", "%": "%"}
OTHERS |= {"day": "days", "month": "months"}


def quantities_in(texts: pl.Series) -> pl.DataFrame:
    """The quantities of n texts: number (the row of the text) and quantity, such as `3.5 g`.

    Ounces count as 28 grams and pounds as 16 of them, as sellers round; whatever is counted in
    pieces is `count`.
    """
    found = (
        pl.DataFrame({"said": texts.str.extract_all(QUANTITY)})
        .with_row_index("number")
        .explode("said", empty_as_null=True)
        .drop_nulls()
    )
    value = pl.col("said").str.extract(NUMBER).str.replace(",", ".").cast(pl.Float64)
    unit = pl.col("said").str.extract(QUANTITY, 2).str.to_lowercase()
    single = (
        pl.when(unit.is_in(["gs", "%"]))
        .then(unit.str.slice(0, 1))
        .otherwise(unit.str.strip_suffix("s"))
    )
    grams = single.replace_strict(GRAMS, default=None, return_dtype=pl.Float64)
    kind = single.replace_strict(OTHERS, default="count", return_dtype=pl.String)
    return (
        found.with_columns(
            value=value * grams.fill_null(1.0),
            kind=pl.when(grams.is_null()).then(kind).otherwise(pl.lit("g")),
        )
        .select(
            "number",
            quantity=pl.concat_str(
                pl.col("value").round(3).cast(pl.String).str.strip_suffix(".0"),
                "kind",
                separator=" ",
            ),
        )
        .unique()
        .sort("number", "quantity")
    )
