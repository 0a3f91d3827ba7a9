from dataclasses import replace

import pytest

from world.events import make_plan
from world.leavings import Leavings, Writer
from world.parameters import BASE
from world.plan import Plan

SEED = 5


@pytest.fixture(scope="module")
def plan() -> Plan:
    """A world where nothing escapes the scrapes, with many impostors."""
    scraped = replace(BASE, late_scrape_share=0.0, missed_row_share=0.0, impostor_share=0.3)
    return make_plan(SEED, 150, scraped)


def column(left: Leavings, table: str, name: str) -> list[str]:
    return [str(row.values[name]) for row in left.rows if row.table == table]


def test_an_account_leaves_the_same_whoever_wrote_before_it(plan):
    busy, fresh = Writer(SEED, plan), Writer(SEED, plan)
    after_others = [busy.leave(account) for account in plan.accounts[:12]][-1]
    assert fresh.leave(plan.accounts[11]) == after_others


def test_who_copies_texts_offers_what_the_victim_does_word_for_word(plan):
    writer = Writer(SEED, plan)
    copiers = [account for account in plan.accounts if account.copies is not None]
    assert copiers
    for copier in copiers[:5]:
        victim = writer.leave(plan.accounts[copier.copies])
        copied = writer.leave(copier)
        titles = column(copied, "listings", "title")
        assert titles
        assert set(titles) <= set(column(victim, "listings", "title"))
        assert column(copied, "accounts", "profile") != column(victim, "accounts", "profile")


def test_who_replays_posts_the_victims_signed_messages_to_the_byte(plan):
    writer = Writer(SEED, plan)
    replayer = next(account for account in plan.accounts if account.replays is not None)
    theirs, own = (
        {str(row.values["body"]) for row in writer.leave(account).rows if "signature" in row.holds}
        for account in (plan.accounts[replayer.replays], replayer)
    )
    assert theirs
    assert theirs <= own


def test_pictures_are_delivered_exactly_where_a_scraped_listing_names_them():
    patchy = make_plan(SEED, 60, replace(BASE, missed_row_share=0.5))
    writer = Writer(SEED, patchy)
    for account in patchy.accounts:
        left = writer.leave(account)
        photos = [names for names in column(left, "listings", "photos") if names != "None"]
        assert {name for names in photos for name in names.split(";")} == set(left.pictures)


def test_what_is_missed_is_listings_and_posts_and_never_profile_key_or_signature(plan):
    nothing = replace(plan, parameters=replace(plan.parameters, missed_row_share=1.0))
    for account in plan.accounts[:20]:
        whole, rest = Writer(SEED, plan).leave(account), Writer(SEED, nothing).leave(account)
        assert rest.rows == [
            row for row in whole.rows if row.table in ("accounts", "keys") or row.holds
        ]
