"""Examples of requests and answers for the API's description; every name in them is invented."""

from collections.abc import Mapping
from typing import Any

Example = Mapping[str, Any]
SEEN: Example = {
    "first_seen_at": "2016-02-03T00:00:00Z",
    "last_seen_at": "2017-06-30T00:00:00Z",
}
RUN_ID = "20171204T020000Z-3fa1"
SHA = "9b74c9897bac770ffc029102a200c5de9b74c9897bac770ffc029102a200c5de"

ACCOUNT: Example = {
    "account_id": "Lantern:Blue_Heron",
    "market": "Lantern",
    "handle": "Blue_Heron",
    "folded_handle": "blueheron",
    "record_count": 41,
    **SEEN,
    "persona_id": "p-5c0ffee5c0ff",
}
HIT: Example = {"account": ACCOUNT, "why": "the same folded handle 'blueheron'"}
FOUND: Example = {
    "run_id": RUN_ID,
    "handle": "blueheron",
    "match": "folded",
    "hits": [HIT],
    "more": False,
}
LOOKUP: Example = {"handles": ["blueheron", "x:y/z"], "match": "folded", "limit": 10}
LOOKUP_ANSWER: Example = {"run_id": RUN_ID, "found": [FOUND]}
SHOWS: Example = {"kind": "key", "value": "0F" * 20, "proved": True}
ACCOUNT_ANSWER: Example = {"run_id": RUN_ID, "account": ACCOUNT, "shows": [SHOWS]}
LINK: Example = {
    "link_id": "8f14e45fceea167a",
    "left": "Lantern:Blue_Heron",
    "right": "Quayside:BlueHeron",
    "relation": "across",
    "verdict": "same",
    "band": "strong",
    "copier": None,
    "possible_framing": False,
    "prior_bits": -14.3,
    "bits": 5.2,
    "probability": 0.9735,
    "queue_bucket": "strong",
    "q_value": 0.012,
}
CITATION: Example = {
    "source_id": SHA,
    "source_name": "lantern_listings.csv",
    "place": "line 17",
    "row_id": "9e107d9d372bb6826bd81d3542a419d6",
}
HIGHLIGHT: Example = {"side": "left", "text": "Blue_Heron"}
EVIDENCE: Example = {
    "feature": "alias",
    "family": "handle",
    "level": "same_rare_handle",
    "weight_bits": 11.5,
    "counted": True,
    "forgeable": "free",
    "value": None,
    "count": 2,
    "sentence": "both handles read `blueheron`; no other account has it",
    "bits_source": "elicited: range 9 to 13 bits",
    "highlights": [HIGHLIGHT],
    "citations": [CITATION],
    "not_validated": [],
    "without_bits": -5.1,
    "without_verdict": None,
    "without_band": None,
}
STEP: Example = {
    "name": "alias",
    "kind": "for",
    "before_bits": -14.3,
    "after_bits": -2.8,
    "evidence": EVIDENCE,
    "source": None,
}
LINK_ANSWER: Example = {
    "run_id": RUN_ID,
    "status": "proposed by a machine; a person decides",
    "link": LINK,
    "because": None,
    "steps": [STEP],
    "not_counted": [],
    "missing": [],
    "not_validated": ["writing_style: posts of two places, measured within one forum"],
}
ACCOUNT_LINKS: Example = {
    "run_id": RUN_ID,
    "account_id": ACCOUNT["account_id"],
    "links": [LINK_ANSWER],
    "more": False,
}
LINKS_PAGE: Example = {
    "run_id": RUN_ID,
    "bucket": "strong",
    "links": [LINK],
    "next_cursor": f"{RUN_ID}@50",
}
PAIR: Example = {
    "status": "proposed by a machine; a person decides",
    "left": LINK["left"],
    "right": "Quayside:Grey_Otter",
    "relation": "across",
    "verdict": None,
    "band": None,
    "copier": None,
    "possible_framing": False,
    "prior_bits": -14.3,
    "prior_source": "elicited: half a partner an account, among 10,000 accounts",
    "terms": [EVIDENCE],
    "bits": -2.8,
    "probability": 0.1256,
    "made": "now",
    "because": None,
    "not_validated": [],
    "not_proposed": {
        "reasons": ["probability 0.13: a lead needs 0.25, 1.2 bits more"],
        "lacking_bits": 1.215,
        "brought_by": ["alias"],
        "left_out_by": [],
        "passed_by": [],
    },
    "ruling": None,
}
RULING: Example = {
    "number": 7,
    "left": "Lantern:Blue_Heron",
    "right": "Quayside:BlueHeron",
    "ruling": "same",
    "person": "C. Alder",
    "reason": "both confessed to",
    "decided_at": "2018-03-02T00:00:00Z",
    "cites": "verdict 18-104, p. 7",
    "shown": {"run_id": RUN_ID, "view": "all", "proposed": "lead", "bits": 1.4},
    "force": "counts",
}
PERSONA: Example = {
    "run_id": RUN_ID,
    "status": "proposed by a machine; a person decides",
    "persona_id": "p-5c0ffee5c0ff",
    "members": [ACCOUNT],
    "health": {
        "member_count": 3,
        "cohesion_bits": 4.9,
        "ruled_count": 1,
        "bridge_id": LINK["link_id"],
        "bridge_left": LINK["left"],
        "bridge_right": LINK["right"],
        "bridge_bits": 5.2,
        "bridge_ruled": False,
        "falls_apart": [LINK["right"]],
        "possible_crew": False,
        "crew_reason": None,
    },
    "changed": {"detail": "+ Quayside:BlueHeron", "cause": "new data"},
    "rulings": [RULING],
    "contradictions": [],
}
WITHOUT: Example = {
    "run_id": RUN_ID,
    "status": "proposed by a machine; a person decides",
    "link_id": LINK["link_id"],
    "left": LINK["left"],
    "right": LINK["right"],
    "held_by": "link",
    "bits": 5.2,
    "changes": True,
    "before": [{"persona_id": "p-5c0ffee5c0ff", "members": [LINK["left"], LINK["right"]]}],
    "after": [[LINK["left"]], [LINK["right"]]],
}
DECISIONS: Example = {"decisions": [RULING], "more": False, "contradictions": []}
NEIGHBOURHOOD: Example = {
    "run_id": RUN_ID,
    "account_id": ACCOUNT["account_id"],
    "depth": 1,
    "nodes": [
        {
            "id": ACCOUNT["account_id"],
            "kind": "account",
            "label": "Blue_Heron",
            "market": "Lantern",
            "persona_id": "p-5c0ffee5c0ff",
        }
    ],
    "edges": [
        {
            "source": LINK["left"],
            "target": LINK["right"],
            "kind": "LINKED",
            "link_id": LINK["link_id"],
            "bits": 5.2,
            "probability": 0.9735,
            "verdict": "same",
            "band": "strong",
        }
    ],
    "left_out_count": 0,
}
RUN: Example = {
    "run_id": RUN_ID,
    "view": "all",
    "published": True,
    "run_hash": SHA,
    "model_hash": SHA,
    "model_name": "default",
    "started_at": "2017-12-04T02:00:00Z",
    "finished_at": "2017-12-04T02:01:10Z",
    "source_ids": [SHA],
    "counts": {"accounts": 2841, "links": 112},
    "expected_wrong_count": 21.4,
    "stages": [{"name": "candidates", "count": 51234, "seconds": 1.4, "memory_mb": 410.0}],
}
RUNS: Example = {"published": RUN_ID, "runs": [RUN], "more": False}
PROBLEM: Example = {
    "type": "urn:samehand:problem:unknown-thing",
    "title": "Unknown thing",
    "status": 404,
    "detail": "there is no account 'Lantern:Blue_Heron'; write it market:handle, letter by "
    "letter as it is shown",
    "instance": "/v1/account",
}
