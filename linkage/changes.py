"""What differs between a run and the one before it, and why."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from linkage.run_store import Inputs
from linkage.run_tables import CHANGES

JUDGED = ("verdict", "band", "copier", "bits")
NEW_DATA, WITHDRAWN_DATA, BOTH_DATA = "new data", "withdrawn data", "new and withdrawn data"
MODEL, DECISION, PUBLIC_VALUE = "model", "decision", "public value"
PROGRAM, FIRST_RUN = "program", "first run"


@dataclass(frozen=True)
class Conclusions:
    """One run as it is compared: its inputs, and its tables accounts, links and members."""

    inputs: Inputs
    tables: Mapping[str, pl.DataFrame]

    def members(self) -> dict[str, frozenset[str]]:
        """The accounts of each persona."""
        grouped = self.tables["members"].group_by("persona_id").agg("account_id")
        return {persona: frozenset(accounts) for persona, accounts in grouped.iter_rows()}


def changes_since(before: Conclusions | None, after: Conclusions) -> pl.DataFrame:
    """Every link and persona that was added, changed or went, see `run_tables.CHANGES`.

    Args:
        before: the view's run before; None for the first.
        after: the new run.
    """
    if before is None:
        empty = {name: table.clear() for name, table in after.tables.items()}
        return _changes(Conclusions(after.inputs, empty), after, FIRST_RUN, FIRST_RUN)
    links, personas = _causes(before.inputs, after.inputs)
    return _changes(before, after, links, personas)


def _changes(
    before: Conclusions, after: Conclusions, link_cause: str, persona_cause: str
) -> pl.DataFrame:
    links = _changed_links(before, after).with_columns(cause=pl.lit(link_cause))
    if link_cause != FIRST_RUN and before.inputs.source_ids != after.inputs.source_ids:
        touched = _touched_accounts(before, after)
        by_data = pl.col("left").is_in(touched) | pl.col("right").is_in(touched)
        data = pl.lit(_data_cause(before.inputs, after.inputs))
        links = links.with_columns(cause=pl.when(by_data).then(data).otherwise("cause"))
    personas = pl.DataFrame(
        list(_changed_personas(before, after, links, persona_cause)),
        schema=CHANGES.schema,
        orient="row",
    )
    return pl.concat([links.select(CHANGES.schema.names()), personas]).sort("kind", "subject")


def _causes(before: Inputs, after: Inputs) -> tuple[str, str]:
    """Why links, and why personas, changed where no account of theirs has new data."""
    differs = {
        MODEL: before.model_hash != after.model_hash,
        PUBLIC_VALUE: before.public_values_hash != after.public_values_hash,
        _data_cause(before, after): before.source_ids != after.source_ids,
    }
    links = next((cause for cause, changed in differs.items() if changed), PROGRAM)
    decided = before.decisions_hash != after.decisions_hash
    return links, DECISION if decided else links


def _data_cause(before: Inputs, after: Inputs) -> str:
    """Whether sources came, went, or both, as where one corrects another."""
    old, new = set(before.source_ids), set(after.source_ids)
    if new - old:
        return BOTH_DATA if old - new else NEW_DATA
    return WITHDRAWN_DATA


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


def _touched_accounts(before: Conclusions, after: Conclusions) -> pl.Series:
    """Accounts that left behind more, less or something else than before."""
    old, new = before.tables["accounts"], after.tables["accounts"]
    known = old.join(new, on=new.columns, how="semi", nulls_equal=True)["account_id"]
    everyone = pl.concat([old["account_id"], new["account_id"]]).unique()
    return everyone.filter(~everyone.is_in(known.implode()))


def _changed_personas(
    before: Conclusions, after: Conclusions, links: pl.DataFrame, cause: str
) -> Iterator[tuple[str, str, str, str]]:
    """A persona changes because a link of its members did, else for the cause given."""
    of_account: dict[str, str] = {}
    for left, right, why in links.select("left", "right", "cause").iter_rows():
        of_account |= {left: why, right: why}
    old, new = before.members(), after.members()
    for persona in sorted(old.keys() | new.keys()):
        came = new.get(persona, frozenset()) - old.get(persona, frozenset())
        went = old.get(persona, frozenset()) - new.get(persona, frozenset())
        if came or went:
            whys = sorted({of_account[a] for a in came | went if a in of_account})
            words = [f"+ {a}" for a in sorted(came)] + [f"- {a}" for a in sorted(went)]
            yield "persona changed", persona, ", ".join(words), whys[0] if whys else cause
