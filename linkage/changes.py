"""What differs between a run and the one before it, and why."""

import polars as pl

from linkage.causes import FIRST_RUN, TOUCHED, Causes, Conclusions, Lineage, causes_between
from linkage.persona_changes import changed_personas
from linkage.run_tables import CHANGES

JUDGED = ("verdict", "band", "copier", "bits")


def changes_since(
    before: Conclusions | None, after: Conclusions, lineage: Lineage | None = None
) -> pl.DataFrame:
    """Every link and persona that was added, changed or went, see `run_tables.CHANGES`.

    Args:
        before: the view's run before; None for the first.
        after: the new run.
        lineage: what the ledger knows of sources; None: nothing.
    """
    if before is None:
        empty = {name: table.clear() for name, table in after.tables.items()}
        nothing = Conclusions(after.inputs, empty, after.program, after.join_bits)
        first = Causes(pl.DataFrame(schema=TOUCHED), (FIRST_RUN,), ())
        return _changes(nothing, after, first)
    return _changes(before, after, causes_between(before, after, lineage or Lineage()))


def _changes(before: Conclusions, after: Conclusions, causes: Causes) -> pl.DataFrame:
    links = _changed_links(before, after)
    links = links.with_columns(causes.of_pairs(links))
    rows = list(changed_personas(before, after, links, causes))
    personas = pl.DataFrame(rows, schema=CHANGES.schema, orient="row")
    return pl.concat([links.select(CHANGES.schema.names()), personas]).sort("kind", "subject")


def _changed_links(before: Conclusions, after: Conclusions) -> pl.DataFrame:
    columns = ("link_id", "left", "right", *JUDGED)
    old, new = (run.tables["links"].select(columns) for run in (before, after))
    both = old.join(new, on=["link_id", "left", "right"], how="full", coalesce=True)
    was, now = pl.col("verdict"), pl.col("verdict_right")
    same = pl.all_horizontal(pl.col(c).eq_missing(pl.col(f"{c}_right")) for c in JUDGED)
    gone = pl.when(now.is_null()).then(pl.lit("link removed")).otherwise(pl.lit("link changed"))
    kind = pl.when(was.is_null()).then(pl.lit("link added")).otherwise(gone)
    return both.filter(~same).select(
        "left",
        "right",
        kind=kind,
        subject="link_id",
        detail=pl.format("{} and {}: {} → {}", "left", "right", _worded(""), _worded("_right")),
    )


def _worded(side: str) -> pl.Expr:
    standing = pl.coalesce(f"band{side}", f"verdict{side}", pl.lit("not proposed"))
    bits = pl.format(" at {} bits", pl.col(f"bits{side}").round(2))
    return pl.concat_str(standing, bits.fill_null(""))
