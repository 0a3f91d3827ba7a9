"""Runs to publish: say what a run concludes, get its tables."""

from datetime import UTC, datetime
from itertools import pairwise

import polars as pl

from features.handles.folding import fold
from linkage.run_store import RunSummary
from linkage.run_tables import RUN_TABLES

THEN = datetime(2017, 7, 20, 12, 30, 15, 123456, tzinfo=UTC)
NOW = datetime(2020, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)


class Run:
    """`Run("r1").account("agora", "bob").link("agora:bob", "hansa:bob", bits=9.0).tables()`."""

    def __init__(self, run_id: str) -> None:
        self.run_id = run_id
        self.rows: dict[str, list[dict[str, object]]] = {table.name: [] for table in RUN_TABLES}

    def account(self, market: str, handle: str, record_count: int = 3) -> "Run":
        if market not in {row["market"] for row in self.rows["markets"]}:
            row = {"market": market, "kind": "market", "opened_at": THEN, "account_count": 0}
            self.rows["markets"].append(row)
        self.rows["accounts"].append(
            {
                "account_id": f"{market}:{handle}",
                "market": market,
                "handle": handle,
                "folded_handle": fold(pl.Series([handle]))[0],
                "record_count": record_count,
                "first_seen_at": THEN,
            }
        )
        return self

    def link(self, left: str, right: str, bits: float = 9.0, verdict: str = "same") -> "Run":
        copies = verdict == "copies"
        self.rows["links"].append(
            {
                "left": left,
                "right": right,
                "link_id": f"{left}|{right}",
                "relation": "across",
                "verdict": verdict,
                "band": None if copies else "strong",
                "copier": right if copies else None,
                "possible_framing": False,
                "prior_bits": -14.0,
                "bits": bits,
                "probability": 1 / (1 + 2**-bits),
                "queue_bucket": "copies" if copies else "strong",
                "q_value": None if copies else 0.02,
            }
        )
        return self

    def chain(self, *account_ids: str) -> "Run":
        for left, right in pairwise(account_ids):
            self.link(left, right)
        return self

    def shows(self, kind: str, value: str, *account_ids: str, proved: bool = False) -> "Run":
        rows = ({"kind": kind, "value": value, "account_id": a} for a in account_ids)
        self.rows["shown"] += [{**row, "proved": proved} for row in rows]
        return self

    def persona(self, persona_id: str, *account_ids: str) -> "Run":
        rows = ({"persona_id": persona_id, "account_id": a} for a in account_ids)
        self.rows["members"] += rows
        return self

    def flow(self, market_from: str, market_to: str, count: int) -> "Run":
        row = {"market_from": market_from, "market_to": market_to, "count": count}
        self.rows["flows"].append(row)
        return self

    def tables(self) -> dict[str, pl.DataFrame]:
        return {t.name: pl.DataFrame(self.rows[t.name], schema=t.schema) for t in RUN_TABLES}

    def summary(self) -> RunSummary:
        return RunSummary(
            run_id=self.run_id,
            view="all",
            run_hash=f"hash of {self.run_id}",
            model_hash="a model",
            model_name="invented",
            started_at=THEN,
            finished_at=NOW,
            source_ids=(),
            decisions_hash="none",
            public_values_hash="none",
            counts={},
            stages=(),
        )


def a_run(run_id: str = "r1") -> Run:
    """Three markets, two personas, an impostor, a shared and a proved key, a shared photo."""
    return (
        Run(run_id)
        .account("agora", "Pillow Fort")
        .account("agora", "Pi110w_F0rt")
        .account("hansa", "pillowfort")
        .account("hansa", "Teapot")
        .account("valhalla", "teapots_official")
        .account("valhalla", "Umbrella")
        .link("agora:Pillow Fort", "hansa:pillowfort", bits=12.0)
        .link("agora:Pi110w_F0rt", "agora:Pillow Fort", bits=-3.0, verdict="copies")
        .link("hansa:Teapot", "valhalla:teapots_official", bits=8.0)
        .shows("key", "AB12", "agora:Pi110w_F0rt", "hansa:pillowfort")
        .shows("key", "AB12", "agora:Pillow Fort", proved=True)
        .shows("photo", "c3c3", "hansa:Teapot", "valhalla:teapots_official")
        .shows("contact", "fort@example.org", "agora:Pillow Fort", "hansa:pillowfort")
        .shows("wallet", "1Example", "hansa:Teapot", "valhalla:Umbrella")
        .persona("p-1", "agora:Pillow Fort", "hansa:pillowfort")
        .persona("p-2", "hansa:Teapot", "valhalla:teapots_official")
        .flow("agora", "hansa", 1)
        .flow("hansa", "valhalla", 1)
    )
