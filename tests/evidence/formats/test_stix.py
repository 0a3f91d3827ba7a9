"""STIX bundles: accounts, what relationships say they show, and what others say of values."""

import json
import os
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import pytest

from tests.evidence.intake_desk import Desk

WALLET = "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"
"""An address of Bitcoin's own documentation."""
BLOCK = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nxyz\n-----END PGP PUBLIC KEY BLOCK-----"
TIME = "2021-04-21T10:00:00.000Z"


def ref(kind: str, name: str) -> str:
    return f"{kind}--{uuid5(NAMESPACE_URL, name)}"


def thing(kind: str, name: str, /, **values: object) -> dict[str, object]:
    return {"type": kind, "spec_version": "2.1", "id": ref(kind, name), **values}


def joined(source: dict[str, object], target: dict[str, object], word: str) -> dict[str, object]:
    """A relationship (STIX 2.1, 5.1)."""
    ends = {"source_ref": source["id"], "target_ref": target["id"]}
    return thing("relationship", word + str(target["id"]), relationship_type=word, **ends)


def bundle(*objects: object, **values: object) -> str:
    """A bundle (STIX 2.1, 8)."""
    return json.dumps({"type": "bundle", "id": ref("bundle", "x"), "objects": objects, **values})


LAB = thing("identity", "lab", name="Kettle lab", identity_class="organization")
PILLOW = thing(
    "user-account",
    "pillow",
    account_login="pillow",
    account_type="tea-house",
    display_name="Pillow & Sons",
    user_id="17",
    account_created="2020-02-03T00:00:00Z",
)
COIN = thing("x-cryptocurrency-wallet", "coin", address=WALLET, created_by_ref=LAB["id"])
MAIL = thing("email-addr", "mail", value="pillow@example.org", belongs_to_ref=PILLOW["id"])


def test_a_user_account_is_an_account_with_its_own_id_and_time(desk: Desk) -> None:
    report = desk.take_one("tea.json", bundle(PILLOW))
    assert (report.rows_in, report.stored) == (1, 1)
    assert desk.rows("accounts", "market", "handle", "record_id", "profile", "place") == [
        ("tea-house", "pillow", "17", "shown as: Pillow & Sons", "object 1, line 1")
    ]
    assert desk.rows("accounts", "stated_precision") == [("second",)]


def test_what_a_relationship_says_an_account_shows_is_extracted_with_its_place(desk: Desk) -> None:
    desk.take_one("tea.json", bundle(joined(PILLOW, COIN, "uses"), COIN, MAIL, PILLOW))
    corpus = desk.corpus()
    places = corpus.texts.select("place").with_row_index("text")
    spans = corpus.spans.join(places, on="text").sort("place")
    found = spans.filter(spans["kind"].is_in(["wallet", "email"]))
    assert found.select("kind", "value", "place").rows() == [
        ("wallet", WALLET, "object 1, line 1"),
        ("email", "pillow@example.org", "object 3, line 1"),
    ]
    assert corpus.accounts["account_id"].to_list() == ["tea-house:pillow"]
    assert corpus.tags.height == 0


def test_a_key_that_an_account_shows_is_a_key(desk: Desk) -> None:
    key = thing("x-pgp-key", "key", block=BLOCK)
    desk.take_one("tea.json", bundle(PILLOW, key, joined(key, PILLOW, "belongs-to")))
    assert desk.rows("keys", "handle", "block") == [("pillow", BLOCK)]


def test_a_value_without_an_owner_is_a_tag_by_whoever_made_it(desk: Desk) -> None:
    onion = thing("domain-name", "onion", value="expyuzz4wqqyqhjn.onion")
    desk.take_one("tea.json", bundle(COIN, onion, LAB))
    assert desk.rows("tags", "kind", "value", "said_by") == [
        ("wallet", WALLET, "Kettle lab"),
        ("onion", "expyuzz4wqqyqhjn.onion", None),
    ]


def test_whom_an_account_is_said_to_belong_to_is_a_tag_of_the_account(desk: Desk) -> None:
    actor = thing("threat-actor", "ted", name="Ted Tea", aliases=["Teddy", "T."], created=TIME)
    desk.take_one("tea.json", bundle(actor, joined(PILLOW, actor, "attributed-to"), PILLOW))
    assert desk.rows("tags", "kind", "value", "label", "actor") == [
        ("name", "Ted Tea", "Teddy; T.", None),
        ("account", "tea-house:pillow", "attributed-to", "Ted Tea"),
    ]


def test_a_note_is_a_post_where_the_account_wrote_it_and_a_tag_elsewhere(desk: Desk) -> None:
    """Notes (STIX 2.1, 4.10)."""
    said = {"content": "kettles are back", "object_refs": [PILLOW["id"]], "created": TIME}
    own = thing("note", "own", authors=["pillow"], abstract="news", **said)
    other = thing("note", "other", authors=["an officer"], confidence=80, **said)
    desk.take_one("tea.json", bundle(own, other, PILLOW))
    assert desk.rows("posts", "handle", "title", "body") == [("pillow", "news", "kettles are back")]
    assert desk.rows("tags", "value", "label", "confidence") == [
        ("tea-house:pillow", "kettles are back", "80")
    ]


def test_cyber_observables_of_version_2_0_are_found_inside_observed_data(desk: Desk) -> None:
    inner = {
        "0": {"type": "user-account", "account_login": "pillow", "account_type": "tea-house"},
        "1": {"type": "email-addr", "value": "pillow@example.org", "belongs_to_ref": "0"},
        "2": {"type": "url", "value": "https://tea.example/x"},
    }
    report = desk.take_one("tea.json", bundle(thing("observed-data", "o", objects=inner)))
    assert (report.rows_in, report.stored) == (3, 3)
    assert desk.rows("accounts", "profile") == [(None,), ("e-mail: pillow@example.org",)]
    assert desk.rows("tags", "kind", "value") == [("link", "https://tea.example/x")]


def test_an_account_without_a_market_wants_one_to_be_said(desk: Desk) -> None:
    lonely = thing("user-account", "cushion", account_login="cushion")
    report = desk.take_one("tea.json", bundle(lonely))
    assert "say --market NAME" in (report.refused or "")
    desk.take_one("again.json", bundle(lonely, LAB), market="hall")
    assert desk.rows("accounts", "market", "handle") == [("hall", "cushion")]


def test_what_says_nothing_is_counted_and_left_and_what_is_no_object_is_quarantined(
    desk: Desk,
) -> None:
    odd = [{"type": "note"}, {"id": ref("note", "x")}, thing("note", "y") | {"id": "note--1"}, 17]
    report = desk.take_one("tea.json", bundle(PILLOW, LAB, joined(LAB, COIN, "uses"), *odd))
    assert (report.rows_in, report.stored, report.left_aside, report.quarantined) == (7, 1, 2, 4)
    assert {why for _, _, why in desk.quarantine()} == {
        "a STIX object without a type",
        "a STIX object without an id of its type",
        "not a JSON object",
    }


def test_objects_of_any_shape_end_nothing(desk: Desk) -> None:
    values: list[object] = [None, 17, True, [], ["a", 7, None], {}, {"a": {"b": []}}, "x" * 300]
    names = ["value", "name", "aliases", "object_refs", "authors", "source_ref", "objects"]
    kinds = ["user-account", "identity", "relationship", "note", "observed-data", "url"]
    odd = [
        thing(kind, f"{kind}{name}{n}", **{name: value})
        for kind in kinds
        for name in names
        for n, value in enumerate(values)
    ]
    report = desk.take_one("tea.json", bundle(*odd, PILLOW))
    assert report.rows_in >= len(odd) + 1
    assert desk.rows("accounts", "handle") == [("pillow",)]


def test_a_bundle_that_breaks_off_keeps_what_came_before(desk: Desk) -> None:
    whole = json.dumps({"type": "bundle", "id": ref("bundle", "x"), "objects": [PILLOW, COIN]})
    report = desk.take_one("tea.json", whole[:-40])
    assert (report.stored, report.quarantined) == (1, 1)


def test_an_envelope_of_taxii_is_read_like_a_bundle(desk: Desk) -> None:
    """TAXII 2.1, 3.7."""
    report = desk.take_one("tea.json", json.dumps({"more": False, "objects": [PILLOW]}))
    assert (report.rows_in, report.stored) == (1, 1)


def test_every_object_of_real_bundles_is_accounted_for(desk: Desk) -> None:
    folder = os.environ.get("SAMEHAND_TEST_DATA")
    if not folder:
        pytest.skip("SAMEHAND_TEST_DATA names no folder of real bundles")
    for path in sorted(Path(folder, "stix").rglob("*.json")):
        content = json.loads(path.read_bytes())
        if isinstance(content, dict) and content.get("type") == "bundle":
            report = desk.take_one(path.name, path.read_bytes(), market="hall")
            assert report.quarantined == 0
            assert report.rows_in >= len(content["objects"])
