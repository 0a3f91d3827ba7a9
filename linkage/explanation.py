"""Why two accounts are, or are not, proposed as one hand: a sum from the prior to the total."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from evidence.corpus import Corpus
from evidence.errors import RefusedInput, UnknownThing
from evidence.rulings import Rulings
from features.feature import AnyFeature, Citation, Highlight
from features.pairs import Pairs
from linkage.assessment import Assessment, assess
from linkage.findings import evidence_of
from linkage.model import Model, Thresholds
from linkage.observed import observed_accounts
from linkage.pipeline import meet_all, read_all
from linkage.proposals import links_of
from linkage.readings import Reading, unwatched


@dataclass(frozen=True)
class Term:
    """One feature's say on a pair; level and bits are None where there was nothing to compare.

    Only what is `counted` enters the sum: of each family the strongest for and against.
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


@dataclass(frozen=True)
class Explanation:
    """The sum of a pair: `prior_bits` and the counted terms make `bits`.

    Attributes:
        made: `run RUN_ID`, or `now`: computed afresh from the archive.
        not_proposed: why the pair is no proposed link; None where it is one.
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
    not_proposed: str | None


def explanation_of(
    link: Mapping[str, Any], evidence: pl.DataFrame, made: str, not_proposed: str | None = None
) -> Explanation:
    """An explanation from a row of `run_tables.LINKS` and its rows of `run_tables.EVIDENCE`."""
    terms = tuple(_term(row) for row in evidence.drop("link_id").iter_rows(named=True))
    chosen = {k: v for k, v in link.items() if k in Explanation.__dataclass_fields__}
    return Explanation(**chosen, terms=terms, made=made, not_proposed=not_proposed)


def explain_afresh(
    corpus: Corpus,
    features: Sequence[AnyFeature],
    model: Model,
    rulings: Rulings,
    accounts: tuple[str, str],
) -> Explanation:
    """Explain any two accounts from what the archive holds now, proposed or not.

    Raises:
        UnknownThing: there is no such account.
        RefusedInput: both are the same account.
    """
    rows = sorted(_row_of(corpus, account) for account in accounts)
    if rows[0] == rows[1]:
        raise RefusedInput(f"{accounts[0]} is one account: name two to compare")
    pair = Pairs.of(rows[:1], rows[1:])
    readings = read_all(corpus, features, rulings, unwatched)
    assessment = assess(corpus.accounts, readings, model.rules, pair)
    only = np.array([0])
    links = links_of(assessment, only, observed_accounts(corpus))
    evidence = evidence_of(assessment, only, links["link_id"], readings, model.rules)
    why = _why_not(assessment, readings, model.rules.thresholds)
    return explanation_of(links.row(0, named=True), evidence, "now", why)


def _why_not(
    assessment: Assessment, readings: Sequence[Reading], thresholds: Thresholds
) -> str | None:
    if not len(assessment.judgement.proposed):
        probability = assessment.scores.probability[0]
        return f"probability {probability:.2g}: a lead needs {thresholds.lead_probability:.2g}"
    brought = meet_all(readings, unwatched).pairs
    if not np.isin(assessment.pairs.keys, brought.keys).any():
        return "no feature brought these two together, so that a run does not compare them"
    return None


def _row_of(corpus: Corpus, account: str) -> int:
    row = corpus.accounts["account_id"].index_of(account)
    if row is None:
        raise UnknownThing("account", account)
    return row


def _term(row: Mapping[str, Any]) -> Term:
    highlights = tuple(Highlight(**highlight) for highlight in row["highlights"])
    citations = tuple(Citation(**citation) for citation in row["citations"])
    return Term(**{**row, "highlights": highlights, "citations": citations})
