"""Tags: what others say of a value, beside the accounts and without one."""

import polars as pl

from evidence.formats.tag_values import tag_values
from evidence.masking import mask
from evidence.purge import purge
from tests.evidence.intake_desk import Desk

WALLET = "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"
"""An address of Bitcoin's own documentation."""
ETHEREUM = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
"""An address of EIP-55."""
TABLE = f"""address,currency,label,category,creator,source,lastmod
{WALLET},BTC,Tea house escrow,marketplace,Kettle lab,https://example.org/tea,2020-04-21
{WALLET[:-1]}3,BTC,Tea house escrow,marketplace,Kettle lab,https://example.org/tea,2020-04-21
,BTC,nothing,,,,
"""


def judged(value: str | None, told: str | None) -> tuple[object, ...]:
    return tag_values(pl.Series([value], dtype=pl.String), pl.Series([told], dtype=pl.String)).row(
        0
    )


def test_a_table_of_tags_is_stored_and_needs_no_market(desk: Desk) -> None:
    report = desk.take_one("tags.csv", TABLE, kind="tags")
    assert (report.rows_in, report.stored, report.quarantined, report.flawed) == (3, 2, 1, 1)
    assert desk.rows("tags", "kind", "value", "label", "said_by", "place")[0] == (
        *("wallet", WALLET, "Tea house escrow", "Kettle lab", "line 2"),
    )
    assert [row[2] for row in desk.quarantine()] == ["no value in the row"]


def test_a_wallet_with_a_wrong_checksum_is_kept_and_flawed(desk: Desk) -> None:
    desk.take_one("tags.csv", TABLE, kind="tags")
    right, wrong = desk.table("tags").sort("position")["flaws"].to_list()
    assert right == []
    assert "whose checksum holds" in wrong[0]


def test_tags_come_into_the_corpus_and_make_no_account(desk: Desk) -> None:
    desk.take_one("tags.csv", TABLE, kind="tags")
    corpus = desk.corpus()
    assert (corpus.account_count, corpus.tags.height, corpus.texts.height) == (0, 2, 0)
    assert corpus.tags["seen_at"].null_count() == 0
    assert mask(corpus, ["contact"]).tags.height == 0


def test_the_same_tags_twice_add_nothing(desk: Desk) -> None:
    desk.take_one("tags.csv", TABLE, kind="tags")
    report = desk.take_one("again.csv", TABLE + "\n", kind="tags")
    assert (report.stored, report.already_there) == (0, 2)


def test_tags_are_erased_like_everything_else(desk: Desk) -> None:
    desk.take_one("tags.csv", TABLE, kind="tags")
    purge(desk.workspace, [])
    batches = (desk.workspace.archive / "tags").glob("*")
    assert (desk.table("tags").height, [*batches]) == (0, [])


def test_values_are_written_as_extraction_writes_them() -> None:
    assert judged(" Kettle@Example.ORG ", None) == ("email", "kettle@example.org", None)
    assert judged("hxxps://tea[.]example/x", "url") == ("link", "https://tea.example/x", None)
    assert judged(ETHEREUM, "wallet") == ("wallet", ETHEREUM, None)
    assert judged("some words", None) == ("other", "some words", None)
    assert judged("some words", "email")[2] == "value: no email as far as its form goes"
    assert judged(None, "email") == (None, None, None)
