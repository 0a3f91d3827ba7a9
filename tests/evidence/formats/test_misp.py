"""MISP events: what has an owner becomes accounts, posts and keys; the rest is a tag."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.evidence.intake_desk import Desk

WALLET = "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"
"""An address of Bitcoin's own documentation."""
BLOCK = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nxyz\n-----END PGP PUBLIC KEY BLOCK-----"
Thing = dict[str, Any]
SHOP = 'interpol-dwva:entity="market"'


def an_attribute(kind: str, value: object, relation: str = "", **values: object) -> Thing:
    named = {"object_relation": relation} if relation else {}
    return {"type": kind, "value": value, **named, **values}


def an_object(name: str, uuid: str = "", **relations: object) -> Thing:
    """An object whose relations have underscores for hyphens; their types are text."""
    found = [an_attribute("text", v, r.replace("_", "-")) for r, v in relations.items()]
    return {"name": name, "uuid": uuid, "Attribute": found}


def an_event(*things: Thing, **values: object) -> Thing:
    """An event (MISP core format, 2.2)."""
    return {
        "Event": {
            "uuid": "e-1",
            "info": "Tea houses",
            "Orgc": {"name": "Kettle lab"},
            "Tag": [{"name": SHOP}],
            "Attribute": [thing for thing in things if "value" in thing],
            "Object": [thing for thing in things if "value" not in thing],
            **values,
        }
    }


PILLOW = an_object(
    "user-account",
    "u-1",
    username="pillow",
    account_type="tea-house",
    display_name="Pillow & Sons",
    description="old hand",
    user_id="17",
)
COIN = an_object("coin-address", "c-1", address=WALLET, symbol="BTC")


def test_an_account_object_is_an_account_with_what_it_says_of_itself(desk: Desk) -> None:
    report = desk.take_one("event.json", json.dumps(an_event(PILLOW)))
    assert (report.rows_in, report.stored) == (1, 1)
    assert desk.rows("accounts", "market", "handle", "record_id", "profile", "place") == [
        (
            *("tea-house", "pillow", "17", "shown as: Pillow & Sons\nold hand"),
            "event 1, object 1, line 1",
        )
    ]


def test_contacts_and_keys_of_an_account_are_its_own(desk: Desk) -> None:
    shown = [
        an_attribute("email", "Pillow@example.org", "email"),
        an_attribute("pgp-public-key", BLOCK, "pgp"),
        an_attribute("btc", WALLET, "wallet", deleted=True),
    ]
    account = {"name": "telegram-account", "Attribute": [*PILLOW["Attribute"], *shown]}
    desk.take_one("event.json", json.dumps(an_event(account)))
    assert desk.rows("accounts", "profile")[1] == ("e-mail: Pillow@example.org",)
    assert desk.rows("keys", "handle", "block") == [("pillow", BLOCK)]
    spans = desk.corpus().spans
    assert spans.filter(kind="email")["value"].to_list() == ["pillow@example.org"]
    assert spans.filter(kind="wallet").height == 0


@pytest.mark.parametrize("direction", ["to the wallet", "from the wallet"])
def test_a_wallet_that_an_account_refers_to_is_shown_by_it(desk: Desk, direction: str) -> None:
    one, other = (PILLOW, COIN) if direction == "to the wallet" else (COIN, PILLOW)
    joined = {**one, "ObjectReference": [{"referenced_uuid": other["uuid"]}]}
    desk.take_one("event.json", json.dumps(an_event(joined, other)))
    assert ("pillow", f"wallet: {WALLET}") in desk.rows("accounts", "handle", "profile")
    assert desk.table("tags").height == 0


def test_a_text_with_an_author_is_a_post(desk: Desk) -> None:
    message = an_object(
        "instant-message",
        "m-1",
        from_user="pillow",
        body="kettles are back",
        subject="news",
        app_used="Telegram",
        sent_date="2021-04-21T10:00:00+02:00",
    )
    desk.take_one("event.json", json.dumps(an_event(message)))
    assert desk.rows("posts", "market", "handle", "title", "body", "stated_precision") == [
        ("Telegram", "pillow", "news", "kettles are back", "second")
    ]


def test_attributes_without_an_owner_are_tags_of_their_event(desk: Desk) -> None:
    things = [
        an_attribute("btc", WALLET, category="Financial fraud", timestamp="1603642920"),
        an_attribute("domain", "expyuzz4wqqyqhjn.onion", comment="mirror", Tag=[{"name": "seen"}]),
        an_attribute("domain", "tea.example"),
        COIN,
    ]
    report = desk.take_one("event.json", json.dumps(an_event(*things)))
    assert (report.rows_in, report.stored, report.left_aside) == (4, 3, 1)
    rows = desk.rows("tags", "kind", "value", "label", "category", "said_by", "stated_precision")
    assert rows == [
        ("wallet", WALLET, "Tea houses", f"Financial fraud; {SHOP}", "Kettle lab", "second"),
        ("onion", "expyuzz4wqqyqhjn.onion", "mirror", f"seen; {SHOP}", "Kettle lab", None),
        ("wallet", WALLET, "Tea houses", f"coin-address; {SHOP}", "Kettle lab", None),
    ]
    assert desk.rows("tags", "cites")[0] == ("MISP event e-1: Tea houses",)


def test_an_events_name_counts_wherever_it_stands(desk: Desk) -> None:
    event = an_event(an_attribute("btc", WALLET))["Event"]
    backwards = {"Event": dict(reversed(event.items()))}
    desk.take_one("event.json", json.dumps(backwards))
    assert desk.rows("tags", "said_by", "label") == [("Kettle lab", "Tea houses")]


@pytest.mark.parametrize(
    "shape",
    [
        {"response": [an_event(PILLOW), an_event(COIN, info="other")]},
        [an_event(PILLOW), an_event(COIN, info="other")],
        {"response": {"Object": [PILLOW], "Attribute": [an_attribute("btc", WALLET)]}},
        {"response": [{"Object": PILLOW}, {"Attribute": an_attribute("btc", WALLET)}]},
    ],
)
def test_collections_are_read_in_every_shape_that_servers_give(desk: Desk, shape: object) -> None:
    report = desk.take_one("events.json", json.dumps(shape, indent=1))
    assert (report.rows_in, report.stored) == (2, 2)
    assert (desk.table("accounts").height, desk.table("tags").height) == (1, 1)


def test_events_one_a_line_have_their_own_names(desk: Desk) -> None:
    lines = [json.dumps(an_event(an_attribute("btc", WALLET), info=name)) for name in ("a", "b")]
    desk.take_one("events.json", "\n".join(lines))
    assert desk.rows("tags", "label", "place") == [
        ("a", "event 1, attribute 1, line 1"),
        ("b", "event 2, attribute 1, line 2"),
    ]


def test_what_is_of_another_shape_is_quarantined_alone(desk: Desk) -> None:
    odd = [{"type": "btc"}, 17, {"value": None, "type": "btc"}, {"Attribute": "x"}, {"value": []}]
    report = desk.take_one("event.json", json.dumps(an_event(PILLOW, Attribute=odd)))
    assert (report.stored, report.quarantined, report.left_aside) == (1, 2, 3)


def test_reports_on_an_event_are_counted_and_left(desk: Desk) -> None:
    event = an_event(PILLOW, EventReport=[{"name": "x", "content": "y"}], ShadowAttribute=[])
    report = desk.take_one("event.json", json.dumps(event))
    assert (report.rows_in, report.stored, report.left_aside) == (2, 1, 1)


def test_half_a_character_in_an_events_name_costs_the_name_alone(desk: Desk) -> None:
    event = an_event(an_attribute("btc", WALLET), info="tea \ud800 house")
    report = desk.take_one("event.json", json.dumps(event))
    assert report.stored == 1
    assert desk.rows("tags", "label", "said_by") == [(None, "Kettle lab")]


def test_a_few_references_cannot_stand_for_millions_of_rows(desk: Desk) -> None:
    coins = [an_attribute("btc", f"{WALLET}{n}", "wallet") for n in range(2_000)]
    many = {"name": "wallets", "uuid": "w-1", "Attribute": coins}
    report = desk.take_one("event.json", json.dumps(an_event(many)))
    assert (report.stored, report.quarantined) == (1_000, 1)
    assert desk.quarantine()[0][2] == "it says more than 1,000 things"


def test_every_attribute_and_object_of_real_events_is_accounted_for(desk: Desk) -> None:
    folder = os.environ.get("SAMEHAND_TEST_DATA")
    if not folder:
        pytest.skip("SAMEHAND_TEST_DATA names no folder of real events")
    paths = sorted(Path(folder, "stix").glob("misp_*collection_[0-9].json"))
    reports = [desk.take_one(path.name, path.read_bytes(), market="hall") for path in paths]
    assert reports
    assert all((report.quarantined, report.rows_in) == (0, 2) for report in reports)
