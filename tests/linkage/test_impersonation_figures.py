"""What `bench/impersonation.py` counts."""

import polars as pl

from bench.framed.outcomes import Concluded
from bench.impersonation import figures

LINKS = [
    ("a:1", "b:1", "copies", "b:1"),
    ("a:2", "b:2", "copies", "a:2"),
    ("a:3", "b:3", "copies", "unknown"),
    ("a:4", "b:4", "same", None),
    ("a:6", "b:6", "same", None),
    ("a:7", "b:7", "copies", "b:7"),
]
TRUTH = [*((f"a:{n}", f"b:{n}", False, "impostor") for n in range(1, 6))]
TRUTH += [("b:6", "a:6", True, "kept_handle"), ("a:7", "b:7", True, "kept_handle")]
MEMBERS = [("p1", "a:4"), ("p1", "b:4"), ("p2", "a:6"), ("p2", "b:6"), ("p3", "a:1")]


def test_copycats_and_movers_are_counted_side_by_side():
    names = ("left", "right", "verdict", "copier")
    run = Concluded(
        pl.DataFrame(LINKS, schema=names, orient="row"),
        pl.DataFrame(),
        pl.DataFrame(MEMBERS, schema=("persona_id", "account_id"), orient="row"),
    )
    truth = pl.DataFrame(TRUTH, schema=("left", "right", "same", "kind"), orient="row")
    assert dict(figures(run, truth)) == {
        "copycats not in a persona with their victim": (4, 5),
        "copycats named `copies`": (3, 5),
        "copycats proposed as the same hand": (1, 5),
        "of those named: said who copies": (2, 3),
        "of those said: right": (1, 2),
        "movers found (lead and above)": (1, 2),
        "movers in one persona": (1, 2),
        "movers named `copies`": (1, 2),
    }
