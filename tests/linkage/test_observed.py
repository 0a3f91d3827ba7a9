from datetime import UTC, datetime

from linkage.observed import observed_accounts, observed_markets
from tests.builders import CorpusBuilder

FIRST, LAST = datetime(2014, 2, 1, tzinfo=UTC), datetime(2015, 2, 1, tzinfo=UTC)


def test_an_account_is_counted_over_all_that_it_left():
    builder = CorpusBuilder()
    builder.listing("harbour", "Ann", "a kettle", stated_at=LAST)
    builder.post("harbour", "Ann", "hello").account("harbour", "Ann", "sells kettles")
    builder.key("harbour", "Ann", "no block", stated_at=FIRST).photo("harbour", "Ann", b"bytes")
    account = observed_accounts(builder.build()).row(0, named=True)
    assert account["record_count"] == 5
    assert (account["first_seen_at"], account["last_seen_at"]) == (FIRST, LAST)
    assert account["folded_handle"] == "ann"


def test_markets_are_those_described_and_those_with_accounts():
    builder = CorpusBuilder().market("closed", "market", reason="seized")
    builder.listing("harbour", "ann", "a kettle").listing("harbour", "bob", "a kettle")
    markets = {row["market"]: row for row in observed_markets(builder.build()).to_dicts()}
    assert markets["closed"]["account_count"] == 0
    assert markets["closed"]["reason"] == "seized"
    assert (markets["harbour"]["account_count"], markets["harbour"]["kind"]) == (2, "market")
