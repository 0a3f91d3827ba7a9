"""Why two accounts are, or are not, proposed as one hand: a sum from the prior to the total."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from evidence.errors import RefusedInput, UnknownThing
from evidence.rulings import Rulings
from features.feature import Citation, Highlight
from features.pairs import Pairs
from linkage.assessment import assess
from linkage.basis import Basis
from linkage.decided import last_rulings
from linkage.findings import evidence_of
from linkage.first_showers import with_first_showers
from linkage.model import Model
from linkage.not_proposed import NotProposed, why_not_proposed
from linkage.observed import values_seen
from linkage.proposals import links_of
from linkage.remarks import not_validated, why_copies

NOW = "now"
"""How an explanation was made that no run stored."""


@dataclass(frozen=True)
class Term:
    """One feature's say on a pair; level and bits are None where there was nothing to compare.

    Only what is `counted` enters the sum: of each family the strongest for and against. What the
    pair would be had it not been found (`without_...`) is told of these alone.
    """

    feature: str
    family: str
    level: str | None
    weight_bits: float | None
    counted: bool
    forgeable: str | None
    value: float | None
    count: int
    sentence: str
    bits_source: str | None
    highlights: tuple[Highlight, ...]
    citations: tuple[Citation, ...]
    not_validated: tuple[str, ...] = ()
    without_bits: float | None = None
    without_verdict: str | None = None
    without_band: str | None = None


@dataclass(frozen=True)
class Explanation:
    """The sum of a pair: `prior_bits` and the counted terms make `bits`.

    Attributes:
        prior_source: where the prior's bits come from; None in runs of old, which kept it not.
        made: `run RUN_ID`, or `now`: computed afresh from the archive.
        because: what makes it `copies`; None where it is not.
        not_validated: what of it lies beyond anything that was measured, each with its feature.
        not_proposed: why the pair is no proposed link; None where it is one.
        ruling: what people ruled on it, in force now: same, different or unsure; None is nothing.
    """

    left: str
    right: str
    relation: str
    verdict: str | None
    band: str | None
    copier: str | None
    possible_framing: bool
    prior_bits: float
    terms: tuple[Term, ...]
    bits: float
    probability: float
    made: str
    prior_source: str | None = None
    because: str | None = None
    not_validated: tuple[str, ...] = ()
    not_proposed: NotProposed | None = None
    ruling: str | None = None


def explanation_of(
    link: Mapping[str, Any], evidence: pl.DataFrame, made: str, prior_sources: Mapping[str, str]
) -> Explanation:
    """An explanation from a row of `run_tables.LINKS` and its rows of `run_tables.EVIDENCE`.

    Args:
        link: the row.
        evidence: its rows.
        made: see `Explanation`.
        prior_sources: by relation, see `Rulebook.prior_sources`.
    """
    terms = tuple(_term(row) for row in evidence.drop("link_id").iter_rows(named=True))
    chosen = {k: v for k, v in link.items() if k in Explanation.__dataclass_fields__}
    return Explanation(
        **chosen,
        terms=terms,
        made=made,
        prior_source=prior_sources.get(link["relation"]),
        because=why_copies(terms) if link["verdict"] == "copies" else None,
        not_validated=not_validated(terms),
    )


def with_ruling(found: Explanation, decisions: pl.DataFrame) -> Explanation:
    """The explanation with what people ruled on the pair, see `evidence.rulings.DECISIONS`."""
    sides = sorted((found.left, found.right))
    ruled = last_rulings(decisions).filter(left=sides[0], right=sides[1])["ruling"]
    return replace(found, ruling=ruled[0] if len(ruled) else None)


def explain_afresh(
    basis: Basis, model: Model, rulings: Rulings, accounts: tuple[str, str]
) -> Explanation:
    """Explain any two accounts, proposed or not.

    Args:
        basis: of the corpus as it is now.
        model: what levels are worth, and what a link needs.
        rulings: the decisions in force.
        accounts: ids of the two, in either order.

    Raises:
        UnknownThing: there is no such account.
        RefusedInput: both are the same account.
    """
    rows = sorted(_row_of(basis, account) for account in accounts)
    if rows[0] == rows[1]:
        raise RefusedInput(f"{accounts[0]} is one account: name two to compare")
    pair = Pairs.of(rows[:1], rows[1:])
    assessment = assess(basis.accounts, basis.readings, model.rules, pair)
    only = np.array([0])
    links = links_of(assessment, only, basis.observed)
    seen = values_seen(basis.accounts, basis.readings)
    links = with_first_showers(links, seen, basis.observed)
    evidence = evidence_of(assessment, only, links["link_id"], basis.readings, model.rules)
    why = why_not_proposed(assessment, basis.met, model.rules.thresholds)
    found = explanation_of(links.row(0, named=True), evidence, NOW, model.rules.prior_sources)
    return with_ruling(replace(found, not_proposed=why), rulings.decisions)


def _row_of(basis: Basis, account: str) -> int:
    row = basis.accounts["account_id"].index_of(account)
    if row is None:
        raise UnknownThing("account", account)
    return row


def _term(row: Mapping[str, Any]) -> Term:
    highlights = tuple(Highlight(**highlight) for highlight in row["highlights"])
    citations = tuple(Citation(**citation) for citation in row["citations"])
    marks = tuple(row.get("not_validated") or ())
    read = {"highlights": highlights, "citations": citations, "not_validated": marks}
    return Term(**{**row, **read})
