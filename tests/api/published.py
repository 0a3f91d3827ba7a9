"""A small published run to read: say its accounts and links, get the tables of the run."""

from collections import Counter
from datetime import UTC, datetime
from math import exp, log

import polars as pl

from features.handles.folding import fold
from linkage.run_store import RunSummary, Stage
from linkage.run_tables import RUN_TABLES

SOURCE_ID = "5e" * 32
STARTED = datetime(2017, 12, 4, 2, 0, tzinfo=UTC)
PRIOR_BITS = -14.0
ODD_HANDLES = (
    "a/b",
    "x:y",
    "%2F",
    "who?me=1&id=2#top",
    "..",
    "\N{OWL}\N{BLACK HEART SUIT}",
    "\N{HEBREW LETTER SHIN}\N{HEBREW LETTER LAMED}",
    "bob\N{RIGHT-TO-LEFT OVERRIDE}xyz",
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>'",
    "{{ 7 * 7 }}",
    "two  words ",
)


def evidence(link_id: str, feature: str, bits: float | None, **values: object) -> dict[str, object]:
    """One finding; without bits there was nothing to compare."""
    absent = bits is None
    return {
        "link_id": link_id,
        "feature": feature,
        "family": feature,
        "level": None if absent else f"{feature}_level",
        "weight_bits": bits,
        "counted": not absent,
        "forgeable": None if absent else "free",
        "value": None,
        "count": 3,
        "sentence": f"nothing to compare by {feature}" if absent else f"{feature} speaks",
        "bits_source": None if absent else "elicited: invented for a test",
        "highlights": [] if absent else [{"side": "left", "text": "a <b>piece</b> of text"}],
        "citations": []
        if absent
        else [{"source_id": SOURCE_ID, "place": "line 17", "row_id": "r"}],
        "not_validated": ["two places"] if feature == "writing_style" else [],
        "without_bits": None if absent else 1.25,
        "without_verdict": None if absent else "same",
        "without_band": None if absent else "lead",
    } | values


class PublishedRun:
    """`PublishedRun("run-1").account(...).link(...).tables()`."""

    def __init__(self, run_id: str) -> None:
        self.run_id = run_id
        self.rows: dict[str, list[dict[str, object]]] = {table.name: [] for table in RUN_TABLES}

    def account(self, account_id: str, persona_id: str | None = None) -> "PublishedRun":
        market, _, handle = account_id.partition(":")
        seen = {"first_seen_at": STARTED, "last_seen_at": None, "record_count": 4}
        named = {"account_id": account_id, "market": market, "handle": handle}
        self.rows["accounts"].append(
            {**named, **seen, "folded_handle": fold(pl.Series([handle]))[0]}
        )
        if persona_id:
            self.rows["members"].append({"persona_id": persona_id, "account_id": account_id})
        return self

    def link(self, link_id: str, left: str, right: str, **bits: float | None) -> "PublishedRun":
        """A link; `bits` by feature, None where there was nothing to compare."""
        total_bits = PRIOR_BITS + sum(weight for weight in bits.values() if weight is not None)
        values = {"bits": total_bits, "probability": 1 / (1 + exp(-total_bits * log(2)))}
        verdict = {"verdict": "same", "band": "strong", "queue_bucket": "strong", "q_value": 0.02}
        untouched = {"copier": None, "possible_framing": False, "prior_bits": PRIOR_BITS}
        ends = {"link_id": link_id, "left": left, "right": right, "relation": "across"}
        self.rows["links"].append({**ends, **verdict, **values, **untouched})
        self.rows["evidence"] += [evidence(link_id, name, weight) for name, weight in bits.items()]
        return self

    def held(self, link_id: str, persona_id: str, bits: float) -> "PublishedRun":
        """A link that holds a persona of two together."""
        link = next(row for row in self.rows["links"] if row["link_id"] == link_id)
        left, right = link["left"], link["right"]
        tangle = len(self.rows["bonds"])
        bond = {"tangle": tangle, "left": left, "right": right, "kind": "link", "bits": bits}
        self.rows["bonds"].append({**bond, "link_id": link_id})
        bridge = {"bridge_id": link_id, "bridge_left": left, "bridge_right": right}
        health = {"member_count": 2, "cohesion_bits": bits, "ruled_count": 0, **bridge}
        health |= {"bridge_bits": bits, "bridge_ruled": False, "falls_apart": [right]}
        crew = {"possible_crew": True, "crew_reason": f"{left} and {right} show one key"}
        self.rows["personas"].append({"persona_id": persona_id, **health, **crew})
        return self

    def copies(self, link_id: str, left: str, right: str) -> "PublishedRun":
        """A link in which `right` imitates `left`."""
        self.link(link_id, left, right, alias=11.0, writing_style=-9.0)
        changed = {"verdict": "copies", "band": None, "queue_bucket": "copies", "copier": right}
        changed["q_value"] = None
        self.rows["links"][-1] |= changed
        return self

    def shows(self, kind: str, value: str, *accounts: str, proved: bool = False) -> "PublishedRun":
        self.rows["shown"] += [
            {"kind": kind, "value": value, "account_id": account, "proved": proved}
            for account in accounts
        ]
        return self

    def tables(self) -> dict[str, pl.DataFrame]:
        counts = Counter(str(row["market"]) for row in self.rows["accounts"])
        self.rows["markets"] = [
            {"market": market, "kind": "market", "account_count": count}
            for market, count in sorted(counts.items())
        ]
        return {
            table.name: pl.DataFrame(self.rows[table.name], schema=table.schema)
            for table in RUN_TABLES
        }

    def summary(self) -> RunSummary:
        return RunSummary(
            run_id=self.run_id,
            view="all",
            run_hash="ab" * 32,
            model_hash="cd" * 32,
            model_name="invented",
            started_at=STARTED,
            finished_at=STARTED,
            source_ids=(SOURCE_ID,),
            decisions_hash="ef" * 32,
            public_values_hash="ef" * 32,
            counts={"accounts": len(self.rows["accounts"]), "links": len(self.rows["links"])},
            join_bits=3.0,
            expected_wrong_count=7.4,
            stages=(Stage(name="candidates", count=12, seconds=0.5, memory_mb=90),),
        )


def a_small_run(run_id: str = "20171204T020000Z-0001") -> PublishedRun:
    """Two accounts of one hand, an impostor, a stranger, and accounts with odd handles."""
    heron, quay = "Lantern:Blue_Heron", "Quayside:BlueHeron"
    run = PublishedRun(run_id)
    for account_id in (heron, quay):
        run.account(account_id, "p-000000000001")
    for account_id in ("Quayside:Blue-Heron", "Lantern:alone", *(f"Odd:{h}" for h in ODD_HANDLES)):
        run.account(account_id)
    run.link("00000000000000a1", heron, quay, alias=11.5, writing_style=9.0, photo=None)
    run.held("00000000000000a1", "p-000000000001", 6.5)
    run.copies("00000000000000a2", heron, "Quayside:Blue-Heron")
    run.link("00000000000000a3", "Odd:a/b", "Odd:x:y", alias=8.0, pgp_key=-1.5, photo=9.0)
    return run.shows("key", "0F" * 20, heron, quay).shows("photo", "c3" * 8, heron, proved=True)
