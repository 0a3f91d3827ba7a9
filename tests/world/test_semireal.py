from collections import Counter
from datetime import timedelta

import gnupg
import polars as pl
import pytest

from evidence.assembly import assemble
from tests.builders import MemoryBlobs
from tests.world.carried import START, a_crowd
from world.parameters import BASE, VARIANTS
from world.semireal import INVENTED, SemiReal, semi_real

CONTENT = ("title", "description", "price", "currency", "stated_at", "stated_precision")
END = START + timedelta(days=400)
BEGIN_KEY = "-----BEGIN PGP PUBLIC KEY BLOCK-----"
BEGIN_SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----"


@pytest.fixture(scope="module")
def crowd() -> dict[str, pl.DataFrame]:
    return a_crowd().tables()


@pytest.fixture(scope="module")
def made(crowd) -> SemiReal:
    return semi_real(crowd, BASE, 3)


def carried(made: SemiReal, table: str) -> pl.DataFrame:
    """The carriers' own rows, with whose they were."""
    rows = made.tables[table].filter(pl.col("source_id") != INVENTED)
    return rows.join(made.accounts, on=["market", "handle"])


def rows_of(made: SemiReal, table: str, market: str, handle: str) -> list[dict]:
    return made.tables[table].filter(market=market, handle=handle).to_dicts()


def ties(made: SemiReal, kind: str) -> list[dict]:
    found = made.truth.filter(kind=kind).to_dicts()
    assert found
    return found


def test_every_row_of_a_carrier_is_carried_once_with_its_text_price_and_time(crowd, made):
    listings = carried(made, "listings")
    assert listings.height == crowd["listings"].height
    kept = listings.filter(pl.col("handle") == pl.col("was_handle"))
    before = crowd["listings"].join(kept, left_on=["handle"], right_on=["was_handle"], how="semi")
    columns = ["position", *CONTENT]
    assert kept.height > 500
    assert set(kept.select(columns).rows()) <= set(before.select(columns).rows())
    unnamed = [name for name in columns if name not in ("title", "description")]
    assert set(listings.select(unnamed).rows()) == set(crowd["listings"].select(unnamed).rows())


def test_posts_that_name_nobody_are_unchanged_to_the_byte_whoever_bears_which_name(crowd, made):
    posts = carried(made, "posts")
    columns = ["position", "body", "stated_at"]
    assert sorted(posts.select(columns).rows()) == sorted(crowd["posts"].select(columns).rows())


def test_who_bears_another_handle_names_himself_by_it(made):
    listings = carried(made, "listings").filter(pl.col("handle") != pl.col("was_handle"))
    assert listings.height > 20
    for row in listings.to_dicts():
        number = row["title"].rsplit(" ", 1)[1]
        assert row["title"] == f"{row['handle']} offers lot {number}"
        asked = f"ask {row['handle']}, or {row['handle']}s at any time."
        assert row["description"] == f"Lot {number}: {asked}"


def test_masked_texts_are_counted(made):
    masked = made.accounts.filter(pl.col("masked_texts") > 0)
    other = made.accounts.filter(pl.col("handle") != pl.col("was_handle"))
    sellers = other.filter(was_market="harbour")
    assert masked.sort("handle").equals(sellers.sort("handle"))
    assert masked["masked_texts"].equals(masked["text_count"].rename("masked_texts"))


def test_the_late_half_stands_on_another_market_and_begins_where_the_early_one_ends(made):
    for tie in made.truth.filter(same=1).to_dicts():
        early = rows_of(made, "posts", tie["market_a"], tie["handle_a"])
        late = rows_of(made, "posts", tie["market_b"], tie["handle_b"])
        early += rows_of(made, "listings", tie["market_a"], tie["handle_a"])
        late += rows_of(made, "listings", tie["market_b"], tie["handle_b"])
        assert tie["market_b"] == f"{tie['market_a']}-2"
        last = max(row["stated_at"] for row in early)
        assert last < min(row["stated_at"] for row in late)


def test_the_truth_says_same_exactly_where_one_carrier_has_both_accounts(made):
    assert (made.truth["same"] == 1).equals(made.truth["carrier_a"] == made.truth["carrier_b"])
    by_carrier = Counter(made.accounts["carrier"].to_list())
    movers = sum(count == 2 for count in by_carrier.values())
    assert movers == made.truth["same"].sum() > 30
    assert max(by_carrier.values()) == 2


def test_ties_stay_within_an_entity(made):
    entity = {(a["market"], a["handle"]): a["entity"] for a in made.accounts.to_dicts()}
    for tie in made.truth.to_dicts():
        sides = [(tie[f"market_{side}"], tie[f"handle_{side}"]) for side in "ab"]
        assert {entity[side] for side in sides} == {tie["entity"]}


def keys_of(made: SemiReal, tie: dict, side: str) -> set[str]:
    rows = rows_of(made, "keys", tie[f"market_{side}"], tie[f"handle_{side}"])
    return {row["block"] for row in rows}


def test_who_moves_keeps_what_the_kind_of_move_says(made):
    for tie in ties(made, "kept_handle_and_key"):
        assert tie["handle_a"] == tie["handle_b"]
        assert keys_of(made, tie, "a") == keys_of(made, tie, "b") != set()
    for tie in ties(made, "changed_handle"):
        assert tie["handle_a"] != tie["handle_b"]
        assert keys_of(made, tie, "a") == keys_of(made, tie, "b") != set()
    for tie in ties(made, "changed_key"):
        assert tie["handle_a"] == tie["handle_b"]
        assert not keys_of(made, tie, "a") & keys_of(made, tie, "b")
    for tie in ties(made, "changed_both"):
        assert tie["handle_a"] != tie["handle_b"]
        assert not keys_of(made, tie, "a") & keys_of(made, tie, "b")


def test_a_new_key_is_announced_by_a_message_that_the_old_one_signed(made, tmp_path):
    tmp_path.chmod(0o700)
    gpg = gnupg.GPG(gnupghome=str(tmp_path), options=["--no-autostart"])
    told = [tie for tie in ties(made, "changed_key") if "announced" in tie["told"]]
    tie = told[0]
    old = gpg.import_keys(keys_of(made, tie, "a").pop()).fingerprints[0]
    new = gpg.import_keys(keys_of(made, tie, "b").pop()).fingerprints[0]
    posts = rows_of(made, "posts", tie["market_b"], tie["handle_b"])
    message = next(row["body"] for row in posts if BEGIN_SIGNED in row["body"])
    checked = gpg.verify(message)
    assert checked.valid
    assert checked.pubkey_fingerprint == old
    assert f"I am {tie['handle_b']} on {tie['market_b']}." in message
    assert new in message


def test_an_impostor_writes_texts_of_its_own_beside_what_it_copies(made):
    for tie in ties(made, "impostor"):
        assert tie["market_a"] != tie["market_b"]
        copied = "listings copied" in tie["told"]
        titles = [
            {row["description"] for row in rows_of(made, "listings", market, handle)}
            for market, handle in (
                (tie["market_a"], tie["handle_a"]),
                (tie["market_b"], tie["handle_b"]),
            )
        ]
        assert bool(titles[0] & titles[1]) == copied
        assert bool(keys_of(made, tie, "a") & keys_of(made, tie, "b")) == ("key" in tie["told"])


def test_who_quotes_a_key_shows_it_in_a_post_only(made):
    for tie in ties(made, "quoted_key"):
        posts = rows_of(made, "posts", tie["market_b"], tie["handle_b"])
        block = keys_of(made, tie, "a").pop()
        body = next(row["body"] for row in posts if BEGIN_KEY in row["body"])
        assert block in body
        marked = body.startswith(f"[quote={tie['handle_a']}]")
        assert tie["told"] == ("quotation marked" if marked else "quotation not marked")
        assert keys_of(made, tie, "b") == set()


def test_who_has_armor_of_his_own_takes_part_in_nothing():
    corpus = a_crowd(40)
    for handle in sorted({str(row["handle"]) for row in corpus.rows["posts"]}):
        corpus.post("quayside", handle, "-----BEGIN PGP MESSAGE-----\n\nhQ\n")
    made = semi_real(corpus.tables(), BASE, 3)
    assert made.truth.height > 5
    assert set(made.truth["market_a"]) <= {"harbour", "harbour-2"}


def test_one_seed_gives_one_world_and_another_seed_another(crowd, made):
    again, other = semi_real(crowd, BASE, 3), semi_real(crowd, BASE, 4)
    assert again.truth.equals(made.truth)
    assert all(again.tables[name].equals(made.tables[name]) for name in made.tables)
    assert not other.truth.equals(made.truth)


def test_the_successor_of_a_forum_is_a_forum_of_the_successor(made):
    markets = made.tables["markets"].select("market", "kind", "belongs_to").rows()
    assert ("quayside-2", "forum", "harbour-2") in markets
    assert ("harbour-2", "market", None) in markets


def test_its_tables_make_a_corpus_of_its_accounts(made):
    corpus = assemble(made.tables, MemoryBlobs())
    named = made.accounts.select(id=pl.concat_str("market", pl.lit(":"), "handle"))
    assert sorted(corpus.accounts["account_id"]) == sorted(named["id"])
    kinds = dict(corpus.accounts.select("market", "market_kind").unique().rows())
    assert (kinds["quayside-2"], kinds["harbour-2"]) == ("forum", "market")


def test_a_profile_and_what_is_undated_stay_with_the_first_account():
    corpus = a_crowd(40)
    sellers = sorted({str(row["handle"]) for row in corpus.rows["listings"]})
    for handle in sellers:
        corpus.account("harbour", handle, f"A profile of {handle}.", stated_at=END)
        corpus.listing("harbour", handle, "a lot of no day")
    made = semi_real(corpus.tables(), BASE, 3)
    movers = made.truth.filter(same=1, market_a="harbour").to_dicts()
    assert movers
    for tie in movers:
        for table in ("accounts", "listings"):
            late = rows_of(made, table, tie["market_b"], tie["handle_b"])
            early = rows_of(made, table, tie["market_a"], tie["handle_a"])
            assert not [row for row in late if row["position"] > 8 * 40 or table == "accounts"]
            assert [row for row in early if row["position"] > 8 * 40 or table == "accounts"]


def kept_key_share(made: SemiReal) -> float:
    movers = made.truth.filter(same=1)
    kept = movers.filter(pl.col("told").str.contains("key kept")).height
    return kept / movers.height


def test_each_wrong_variant_shows(crowd, made):
    worlds = {name: semi_real(crowd, rates, 3) for name, rates in VARIANTS.items()}
    assert kept_key_share(worlds["key_reuse_third"]) < 0.6 * kept_key_share(made)
    impostors = made.truth.filter(kind="impostor").height
    assert worlds["copycats_doubled"].truth.filter(kind="impostor").height > 1.4 * impostors
    whole = carried(made, "posts").height
    assert 0.4 * whole < carried(worlds["text_halved"], "posts").height < 0.6 * whole
    assert carried(worlds["late_scrapes"], "posts").height < 0.8 * whole
    (missing,) = worlds["market_missing"].missing
    assert missing in {"harbour-2", "quayside-2"}
    assert missing not in set(worlds["market_missing"].tables["posts"]["market"]) | set(
        worlds["market_missing"].tables["listings"]["market"]
    )
    assert worlds["market_missing"].truth.height > 0
