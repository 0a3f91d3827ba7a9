"""The whole path from a corpus to links and personas, on one screen."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from evidence.corpus import Corpus
from evidence.rulings import Rulings
from features.feature import AnyFeature
from linkage.assessment import assess
from linkage.basis import Basis, basis_of
from linkage.candidates import gather
from linkage.chance import chance_of
from linkage.findings import evidence_of
from linkage.first_showers import with_first_showers
from linkage.grouping import group_accounts
from linkage.model import Model
from linkage.observed import (
    left_behind,
    observed_markets,
    shown_values,
    values_seen,
)
from linkage.proposals import flows_of, links_of, with_q_values
from linkage.readings import Watch

Keep = Callable[[Basis], object]
"""Puts away what every pair was compared from, for later questions."""


@dataclass(frozen=True)
class Linked:
    """What a run concludes.

    Attributes:
        tables: accounts, markets, links, evidence, bonds, shown, flows, left_behind and
            public_values, see `linkage.run_tables`.
        personas: account ids of each persona, ascending; their ids are the ledger's to give.
        health: of each persona, in their order: `run_tables.PERSONAS` without the id.
    """

    tables: Mapping[str, pl.DataFrame]
    personas: list[list[str]]
    health: pl.DataFrame


def link(
    corpus: Corpus,
    features: Sequence[AnyFeature],
    model: Model,
    rulings: Rulings,
    watch: Watch,
    keep: Keep = lambda _: None,
) -> Linked:
    """Walk the whole path: read, meet, compare, score, judge, explain, group.

    Args:
        corpus: what is known.
        features: the features, with their fitted parts.
        model: what levels are worth, and what a link needs.
        rulings: decisions and public values in force.
        watch: told after each stage.
        keep: is given what pairs are compared from, before any is.
    """
    basis = basis_of(corpus, features, rulings, watch)
    keep(basis)
    watch("keep what was read", len(features))
    readings, accounts, candidates = basis.readings, basis.observed, gather(basis.met)
    del basis
    assessment = assess(corpus.accounts, readings, model.rules, candidates.pairs, watch)
    watch("score", len(candidates.pairs))
    proposed = assessment.judgement.proposed
    chance = chance_of(corpus, (candidates, assessment), readings, model.rules, watch)
    links = links_of(assessment, proposed, accounts)
    links = with_first_showers(links, values_seen(corpus.accounts, readings), accounts)
    links = with_q_values(links, assessment, proposed, chance)
    watch("propose links", links.height)
    evidence = evidence_of(assessment, proposed, links["link_id"], readings, model.rules, watch)
    shown = shown_values(corpus, readings)
    grouping = group_accounts(assessment, rulings, model.rules.thresholds, accounts, shown)
    watch("group into personas", len(grouping.personas))
    tables = {
        "accounts": accounts,
        "markets": observed_markets(corpus),
        "links": links,
        "evidence": evidence.sort("link_id", maintain_order=True),
        "bonds": grouping.bonds,
        "shown": shown,
        "flows": flows_of(links, accounts),
        "left_behind": left_behind(corpus),
        "public_values": rulings.public_values.select("kind", "value").unique().sort(pl.all()),
    }
    return Linked(tables, grouping.personas, grouping.health)
