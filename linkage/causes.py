"""Why two runs differ: what changed of what went into them, and which accounts it touches.

Everything a pair of accounts rests on is what the two left behind, the public values they show, the
model, and, for a few features, what all others left behind (how rare a value is, who showed it
first). So whoever was touched himself has his own cause; a pair that nothing touched has that of
the data as a whole; and a model, or another version of the program, bears on every pair.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from evidence.sources import source_of
from linkage.run_store import Inputs

DECISION, PUBLIC_VALUE, MODEL = "decision", "public value", "model"
PROGRAM, FIRST_RUN = "program", "first run"
NEW, CORRECTED, WITHDRAWN = DATA = ("new data", "corrected data", "withdrawn data")
ORDER = (DECISION, *DATA, PUBLIC_VALUE, MODEL, PROGRAM, FIRST_RUN)
UNKNOWN_PROGRAM = "unknown"
DESCRIBED = ("market", "kind", "opened_at", "closed_at", "reason", "belongs_to")
TOUCHED = pl.Schema({"account_id": pl.String, "cause": pl.String})


@dataclass(frozen=True)
class Lineage:
    """What the ledger knows of sources.

    Attributes:
        corrects: by source the one that it corrects.
        of_rulings: sources that brought decisions, and may have brought nothing else.
    """

    corrects: Mapping[str, str] = field(default_factory=dict)
    of_rulings: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Conclusions:
    """One run as it is compared.

    Attributes:
        inputs: what went into it.
        tables: accounts, markets, links, bonds, members, shown, left_behind and public_values.
        program: the version that made it.
        join_bits: see `bonds.join_bits`; None where it is not known.
    """

    inputs: Inputs
    tables: Mapping[str, pl.DataFrame]
    program: str = UNKNOWN_PROGRAM
    join_bits: float | None = None

    def members(self) -> dict[str, frozenset[str]]:
        """The accounts of each persona."""
        grouped = self.tables["members"].group_by("persona_id").agg("account_id")
        return {persona: frozenset(accounts) for persona, accounts in grouped.iter_rows()}


@dataclass(frozen=True)
class Causes:
    """What bears on pairs of accounts.

    Attributes:
        touched: account_id, cause: what bears on whom.
        everywhere: what bears on every pair.
        otherwise: what bears on a pair of which neither account was touched.
    """

    touched: pl.DataFrame
    everywhere: tuple[str, ...]
    otherwise: tuple[str, ...]

    def of_pairs(self, pairs: pl.DataFrame) -> pl.Series:
        """What bears on each of n pairs (columns left, right), joined by commas."""
        numbered = pairs.select("left", "right").with_row_index("pair")
        sides = [
            numbered.select("pair", account_id=side).join(self.touched, on="account_id")
            for side in ("left", "right")
        ]
        own = pl.concat([side.select("pair", "cause") for side in sides])
        untouched = numbered.join(own, on="pair", how="anti")
        every = [(numbered, cause) for cause in self.everywhere]
        every += [(untouched, cause) for cause in self.otherwise]
        rows = pl.concat([own, *(p.select("pair", cause=pl.lit(cause)) for p, cause in every)])
        found = rows.group_by("pair").agg(pl.col("cause").unique()).sort("pair")
        return pl.Series("cause", map(joined, found["cause"].to_list()), pl.String)

    def of_accounts(self, accounts: Iterable[str]) -> set[str]:
        """What bears on any of these accounts."""
        chosen = self.touched.filter(pl.col("account_id").is_in(list(accounts)))
        return {*chosen["cause"], *self.everywhere} or {*self.otherwise}


def joined(causes: Iterable[str]) -> str:
    """Causes in the order in which they are told."""
    return ", ".join(sorted(set(causes), key=_place))


def _place(cause: str) -> tuple[int, str]:
    known = [place for place, name in enumerate(ORDER) if cause.startswith(name)]
    return known[0], cause


def causes_between(before: Conclusions, after: Conclusions, lineage: Lineage) -> Causes:
    """What bears on pairs where a run is compared with the one before it."""
    classes = _classes(before, after, lineage)
    data = tuple(sorted(set(classes.values())))
    public = _public_values(before, after)
    touched = [_by_data(before, after, classes, data), *_by_public(before, after, public)]
    everywhere = (*_model(before, after), *_program(before, after))
    if not public.filter(kind="phrase").is_empty():
        everywhere = (*everywhere, PUBLIC_VALUE)
    fallback = (PUBLIC_VALUE,) if not public.is_empty() else (PROGRAM,)
    return Causes(
        pl.concat([pl.DataFrame(schema=TOUCHED), *touched]).unique().sort(TOUCHED.names()),
        everywhere,
        data if data or everywhere else fallback,
    )


def _model(before: Conclusions, after: Conclusions) -> Sequence[str]:
    return [MODEL] if before.inputs.model_hash != after.inputs.model_hash else []


def _program(before: Conclusions, after: Conclusions) -> Sequence[str]:
    versions = (before.program, after.program)
    known = UNKNOWN_PROGRAM not in versions and versions[0] != versions[1]
    return [f"{PROGRAM} {versions[0]} → {versions[1]}"] if known else []


def _classes(before: Conclusions, after: Conclusions, lineage: Lineage) -> dict[str, str]:
    """What became of each source that came or went: new, corrected or withdrawn data."""
    old, new = set(before.inputs.source_ids), set(after.inputs.source_ids)
    came, went = ({source_of(name) for name in names} for names in (new - old, old - new))
    told = {*before.tables["left_behind"]["source_id"], *after.tables["left_behind"]["source_id"]}
    kin = {(new, old) for new, old in lineage.corrects.items()}

    def is_corrected(source: str, others: set[str]) -> bool:
        return any(
            source == other or (source, other) in kin or (other, source) in kin for other in others
        )

    classes = {s: CORRECTED if is_corrected(s, came) else WITHDRAWN for s in went}
    classes |= {s: CORRECTED if is_corrected(s, went) else NEW for s in came}
    silent = lineage.of_rulings - told
    return {source: cause for source, cause in classes.items() if source not in silent}


def _by_data(
    before: Conclusions, after: Conclusions, classes: Mapping[str, str], data: Sequence[str]
) -> pl.DataFrame:
    """Accounts that left behind more, less or something else, and by which sources."""
    if not data:
        return pl.DataFrame(schema=TOUCHED)
    old, new = before.tables["left_behind"], after.tables["left_behind"]
    differ = pl.concat([_without(old, new), _without(new, old)])
    whole = ("account_id", "record_count", "digest")
    sums = [t.group_by("account_id").agg(pl.col(whole[1:]).sum()).select(whole) for t in (old, new)]
    changed = pl.concat([_without(*sums), _without(*sums[::-1])]).select("account_id").unique()
    named = pl.DataFrame(list(classes.items()), schema=["source_id", "cause"], orient="row")
    own = differ.join(changed, on="account_id", how="semi").join(named, on="source_id")
    placed = pl.concat([changed.join(own, on="account_id", how="anti"), _on_changed(before, after)])
    overall = placed.join(pl.DataFrame({"cause": data}), how="cross")
    return pl.concat([own.select(TOUCHED.names()), overall.select(TOUCHED.names())])


def _without(these: pl.DataFrame, those: pl.DataFrame) -> pl.DataFrame:
    return these.join(those, on=these.columns, how="anti", nulls_equal=True)


def _on_changed(before: Conclusions, after: Conclusions) -> pl.DataFrame:
    """Accounts on markets that are described otherwise than before."""
    old, new = (run.tables["markets"].select(DESCRIBED) for run in (before, after))
    markets = pl.concat([_without(old, new), _without(new, old)])["market"].unique()
    accounts = pl.concat([run.tables["accounts"] for run in (before, after)])
    return accounts.filter(pl.col("market").is_in(markets.implode())).select("account_id").unique()


def _public_values(before: Conclusions, after: Conclusions) -> pl.DataFrame:
    """The values that are public in one of the runs only: kind, value."""
    old, new = (run.tables["public_values"] for run in (before, after))
    return pl.concat([_without(old, new), _without(new, old)])


def _by_public(
    before: Conclusions, after: Conclusions, public: pl.DataFrame
) -> Iterable[pl.DataFrame]:
    """Accounts that show one of the values; of a picture, that show any."""
    shown = pl.concat([run.tables["shown"] for run in (before, after)])
    pictures = not public.filter(kind="photo").is_empty()
    showing = [shown.join(public, on=["kind", "value"], how="semi")]
    if pictures:
        showing.append(shown.filter(kind="photo"))
    for rows in showing:
        yield rows.select("account_id", cause=pl.lit(PUBLIC_VALUE)).unique()
