"""The four cases of the demonstration: what must be found about them, and whether it was."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from api.commands.explain import explained
from evidence.records import account_id
from evidence.workspace import Workspace
from linkage.explanation import Explanation, Term

Cited = tuple[str, str]
"""A source and a place in it."""


@dataclass(frozen=True)
class Expected:
    """What must hold of a case.

    Attributes:
        verdicts, bands: one of these; None stands for a pair that is not proposed, or no band.
        feature, levels: the feature that must have found one of these levels.
        holds: what each side's cited records must hold among them: key, signature, or nothing said.
        copier: whether the later account must be named as the copier.
    """

    verdicts: Collection[str | None]
    bands: Collection[str | None]
    feature: str
    levels: Collection[str]
    holds: tuple[str, ...] = ()
    copier: bool = False


EXPECTED: Mapping[str, Expected] = {
    "moved with handle and key": Expected(
        {"same"}, {"proved"}, "pgp_key", {"same_key_proved"}, ("key", "signature")
    ),
    "changed handle and key": Expected(
        {"same"}, {"lead", "strong"}, "writing_style", {"posts_compared"}
    ),
    "impostor with a copied handle": Expected(
        {"copies"},
        {None},
        "pgp_key",
        {"one_signed_one_shows", "one_signed_one_posts", "same_key_owned", "same_key_shown"},
        ("key",),
        copier=True,
    ),
    "quoted key": Expected({None}, {None}, "pgp_key", {"same_key_quoted"}, ("key",)),
}


@dataclass(frozen=True)
class Case:
    """One of the four: its name and, for the older and the newer account, what it left where."""

    name: str
    older: Mapping[str, Any]
    newer: Mapping[str, Any]

    @property
    def accounts(self) -> tuple[str, str]:
        """The ids of the older and the newer account."""
        older, newer = (account_id(s["market"], s["handle"]) for s in (self.older, self.newer))
        return older, newer


@dataclass(frozen=True)
class Checked:
    """A case, what was found about it, and what is amiss; nothing amiss is as it must be."""

    case: Case
    found: Explanation
    amiss: tuple[str, ...]


def read_cases(world: Path) -> list[Case]:
    """The cases of an invented world (`cases.json`)."""
    cases = json.loads((world / "cases.json").read_text(encoding="utf-8"))
    return [Case(case["case"], case["left"], case["right"]) for case in cases]


def check_cases(workspace: Workspace, world: Path) -> list[Checked]:
    """Compare what the published run (or the archive) says of each case with the truth."""
    checked = []
    for case in read_cases(world):
        found = explained(workspace, case.accounts)
        checked.append(Checked(case, found, faults_of(case, found, world / "delivery")))
    return checked


def faults_of(case: Case, found: Explanation, delivery: Path) -> tuple[str, ...]:
    """What of an explanation is not as it must be for the case, in words; empty where all is."""
    expected = EXPECTED[case.name]
    verdict = found.verdict if found.not_proposed is None else None
    band = found.band if found.not_proposed is None else None
    term = next(term for term in found.terms if term.feature == expected.feature)
    faults = {
        f"verdict {verdict}": verdict not in expected.verdicts,
        f"band {band}": band not in expected.bands,
        f"copier {found.copier}": expected.copier and found.copier != case.accounts[1],
        f"{term.feature} found {term.level}": term.level not in expected.levels,
    }
    cited = _citation_faults(case, term, expected, delivery)
    return (*(fault for fault, is_so in faults.items() if is_so), *cited)


def _citation_faults(case: Case, term: Term, expected: Expected, delivery: Path) -> tuple[str, ...]:
    cited = {(citation.source_id, citation.place) for citation in term.citations}
    sides = [_left_behind(side, delivery) for side in (case.older, case.newer)]
    faults = [
        f"{term.feature} cites no {held or 'record'} of {account}"
        for account, side in zip(case.accounts, sides, strict=True)
        for held in expected.holds or ("",)
        if not any(place in cited and (not held or held in holds) for place, holds in side.items())
    ]
    if cited - sides[0].keys() - sides[1].keys():
        faults.append(f"{term.feature} cites what neither account left")
    return tuple(faults)


def _left_behind(side: Mapping[str, Any], delivery: Path) -> dict[Cited, list[str]]:
    """Where everything of a side stands, and what it holds."""
    files = {record["file"] for record in side["records"]}
    sources = {file: sha256((delivery / file).read_bytes()).hexdigest() for file in files}
    return {
        (sources[record["file"]], record["place"]): record["holds"] for record in side["records"]
    }
