"""TagPacks: the header is inherited, wallets are verified, and YAML's powers are refused."""

from pathlib import Path

import pytest

from tests.evidence.intake_desk import Desk

WALLET = "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"
"""An address of Bitcoin's own documentation."""
ETHEREUM = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
"""An address of EIP-55."""
HEADER = """title: Tea houses
creator: Kettle lab
source: https://example.org/teas   # where all of it comes from
confidence: web_crawl
currency: BTC
lastmod: 2021-04-21
concepts:
  - market
"""
PACK = f"""---
{HEADER}tags:
- address: {WALLET}
  label: "Tea house: escrow"
  abuse: scam
- address: {ETHEREUM}
  label: Cup and saucer
  currency: ETH
  category: shop
  creator: Saucer lab
  concepts:
    - organization
  lastmod: 2022-01-02
- label: a transaction
  tx_hash: 04d92601677d62a985310b61a301e74870fa942c8be0648e16b1db23b996a8cd
"""


def test_tags_inherit_the_header_and_overrule_it(desk: Desk) -> None:
    report = desk.take_one("teas.yaml", PACK)
    assert (report.rows_in, report.stored, report.flawed) == (3, 3, 0)
    assert desk.rows("tags", "kind", "value", "currency", "label", "category") == [
        ("wallet", WALLET, "BTC", "Tea house: escrow", "scam; market"),
        ("wallet", ETHEREUM, "ETH", "Cup and saucer", "shop; organization"),
        ("transaction", PACK.split()[-1], "BTC", "a transaction", "market"),
    ]
    said = desk.rows("tags", "said_by", "confidence", "cites", "stated_precision", "place")
    assert said[1] == (*("Saucer lab", "web_crawl", "https://example.org/teas", "day", "line 14"),)


def test_a_header_behind_the_tags_counts_as_well(desk: Desk) -> None:
    desk.take_one("teas.yaml", f"title: Teas\ntags:\n  - address: {WALLET}\n    label: x\n{HEADER}")
    assert desk.rows("tags", "label", "said_by", "currency") == [("x", "Kettle lab", "BTC")]


def test_a_wrong_address_is_stored_with_its_flaw(desk: Desk) -> None:
    report = desk.take_one("teas.yaml", PACK.replace(WALLET, WALLET[:-1] + "3"))
    assert (report.stored, report.flawed) == (3, 1)
    (flaw,) = desk.table("tags")["flaws"].explode().drop_nulls().to_list()
    assert "checksum" in flaw


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        ("- &a address: x\n  label: x", "anchors and aliases"),
        ("- address: *a\n  label: x", "anchors and aliases"),
        ("- !!python/object/apply:os.system ['true']", "YAML tags"),
        ("- address: x\n  label: !include /etc/passwd", "YAML tags"),
        ("- address: x\n  label: {a: {b: c}}", "nested more deeply"),
        ("- address: x\n  label: " + "[" * 5000, "nested more deeply"),
        ("- address: x\n  label: 'never closed", "broken YAML"),
        ("- just text", "no mapping"),
        ("- colour: green", "no tag"),
        ("- address: x\n  label: " + "x" * (1 << 20), "more than 1 MiB"),
        ("- address: x\n  concepts: [" + "a, " * 20_000 + "]", "more than 10000 parts"),
    ],
)
def test_an_item_that_is_no_plain_mapping_is_given_up_alone(
    desk: Desk, item: str, reason: str
) -> None:
    good = f"- address: {WALLET}\n  label: before\n"
    report = desk.take_one("teas.yaml", f"{HEADER}tags:\n{good}{item}\n{good}")
    assert (report.rows_in, report.quarantined) == (3, 1)
    ((_, line, why),) = desk.quarantine()
    assert line == 12
    assert reason in str(why)


def test_a_bomb_of_aliases_in_the_header_is_named_and_inherited_by_nobody(desk: Desk) -> None:
    bomb = "".join(f"b{n}: &b{n} [*b{n - 1}, *b{n - 1}]\n" for n in range(1, 40))
    report = desk.take_one("teas.yaml", PACK.replace("tags:", f"b0: &b0 [x]\n{bomb}tags:"))
    assert (report.stored, report.quarantined) == (3, 40)


def test_a_pack_without_tags_is_refused(desk: Desk) -> None:
    report = desk.take_one("teas.yaml", HEADER + "tags:\n")
    assert "no tags" in (report.refused or "")


def test_tags_in_flow_style_are_named(desk: Desk) -> None:
    report = desk.take_one("teas.yaml", HEADER + "tags: [{address: x, label: y}]\n")
    assert (report.stored, report.quarantined) == (0, 1)


def test_other_yaml_is_no_tagpack(desk: Desk) -> None:
    path: Path = desk.write("notes.yaml", "title: notes\nparts:\n- a\n")
    assert desk.take(path).files[0].stored == 0
