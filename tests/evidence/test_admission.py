"""What is said of a source, and a delivery that corrects another or is read once more."""

from datetime import UTC, datetime

import pytest

from evidence.acts import Act, events_of
from evidence.archive import Archive
from evidence.correction import restore, withdraw
from evidence.errors import RefusedInput
from evidence.intake import file_intake
from evidence.intake.intake_report import FileReport
from evidence.ledger import Ledger
from evidence.source_card import SourceCard
from evidence.sources import Source
from evidence.tombstones import lay_tombstone
from tests.evidence.intake_desk import LISTING_HEADER, NOW, Desk

SEIZED = datetime(2019, 3, 2, tzinfo=UTC)
CARD = SourceCard({"owner": "Customs", "captured_at": SEIZED, "captured_precision": "day"})
ACT = Act("kim", "a wrong file", NOW)
TEA = LISTING_HEADER + "bazaar,pillow,tea,1,2014\n"
MINT = LISTING_HEADER + "bazaar,pillow,mint,1,2014\n"


def sources(desk: Desk) -> dict[str, Source]:
    with Ledger.open(desk.workspace) as ledger:
        return {source.source_id: source for source in ledger.sources()}


def actions(desk: Desk, source_id: str | None) -> list[str]:
    with Ledger.open(desk.workspace) as ledger:
        return [event.action for event in events_of(ledger, str(source_id))]


def titles(desk: Desk) -> list[object]:
    return desk.corpus().listings["title"].to_list()


def take(desk: Desk, name: str, content: str, **wishes: object) -> FileReport:
    return desk.take_one(name, content, person="kim", **wishes)


def test_a_fact_that_states_no_time_of_capture_has_its_sources(desk: Desk) -> None:
    rows = "pillow,tea,2018-05\npillow,mint,\n"
    take(desk, "items.csv", "vendor,title,scraped_at\n" + rows, market="bazaar", card=CARD)
    table = desk.table("listings").sort("position")
    assert table["captured_at"].to_list() == [datetime(2018, 5, 1, tzinfo=UTC), SEIZED]
    assert table["captured_precision"].to_list() == ["month", "day"]
    assert desk.corpus().listings["captured_precision"].sort().to_list() == ["day", "month"]


def test_what_was_said_of_a_source_is_recorded_with_who_took_it_in(desk: Desk) -> None:
    report = take(desk, "items.csv", TEA, card=CARD)
    assert sources(desk)[str(report.source_id)].owner == "Customs"
    assert actions(desk, report.source_id) == ["taken in"]


def test_the_same_file_twice_stays_one_source_with_one_event(desk: Desk) -> None:
    take(desk, "items.csv", TEA, card=CARD)
    again = take(desk, "items.csv", TEA, card=CARD)
    assert (again.refused, actions(desk, again.source_id)) == (None, ["taken in"])


def test_other_words_on_a_known_source_are_not_lost_silently(desk: Desk) -> None:
    take(desk, "items.csv", TEA)
    assert "--replaces" in str(take(desk, "items.csv", TEA, card=CARD).refused)


def test_a_correction_counts_and_what_it_corrects_does_not(desk: Desk) -> None:
    wrong = take(desk, "items.csv", TEA)
    right = take(desk, "right.csv", MINT, replaces=wrong.source_id)
    assert titles(desk) == ["mint"]
    found = sources(desk)
    assert found[str(wrong.source_id)].state == "replaced"
    assert found[str(right.source_id)].replaces == wrong.source_id
    assert actions(desk, wrong.source_id) == ["taken in", "replaced"]


def test_a_correction_that_is_refused_leaves_what_it_was_to_correct(desk: Desk) -> None:
    wrong = take(desk, "items.csv", TEA)
    report = desk.take(
        desk.write("right.csv", "nothing,of,use\n1,2,3\n"),
        wish=file_intake.Wish(replaces=wrong.source_id),
    ).files[0]
    assert report.refused is not None
    assert titles(desk) == ["tea"]


def test_a_source_is_replaced_once(desk: Desk) -> None:
    wrong = take(desk, "items.csv", TEA)
    take(desk, "right.csv", MINT, replaces=wrong.source_id)
    more = take(desk, "more.csv", MINT + "bazaar,pillow,jam,1,2014\n", replaces=wrong.source_id)
    assert "is replaced already" in str(more.refused)


def test_several_files_replace_nothing(desk: Desk) -> None:
    wrong = take(desk, "items.csv", TEA)
    paths = [desk.write("a.csv", MINT), desk.write("b.csv", MINT)]
    with pytest.raises(RefusedInput, match="here are 2"):
        desk.take(*paths, wish=file_intake.Wish(replaces=wrong.source_id))


def test_a_file_read_again_under_another_market_counts_as_it_was_read_last(desk: Desk) -> None:
    content = "vendor,title\npillow,tea\n,mint\n"
    first = take(desk, "items.csv", content, market="bazaar")
    take(desk, "items.csv", content, market="harbour", replaces=first.source_id, card=CARD)
    assert desk.corpus().accounts["account_id"].to_list() == ["harbour:pillow"]
    source = sources(desk)[str(first.source_id)]
    assert (source.reading, source.owner, source.state) == (2, "Customs", "in force")
    assert actions(desk, first.source_id) == ["taken in", "read again"]
    assert Archive(desk.workspace).counts(source.reading_id) == {"listings": 1, "quarantine": 1}
    assert Archive(desk.workspace).counts(source.source_id) == {"quarantine": 0}
    assert [row[0] for row in desk.quarantine()] == ["items.csv"]


class Cut(Exception):
    """The power went."""


@pytest.mark.parametrize("moment", ["trim_quarantine", "forget"])
def test_reading_again_cut_off_leaves_the_old_reading_or_the_new(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    content = "vendor,title\npillow,tea\n"
    first = take(desk, "items.csv", content, market="bazaar")
    again = {"market": "harbour", "replaces": first.source_id}
    whole, left = getattr(Archive, moment), [2 if moment == "forget" else 1]

    def cut(archive: Archive, *arguments: object) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise Cut
        whole(archive, *arguments)

    with monkeypatch.context() as patch:
        patch.setattr(Archive, moment, cut)
        with pytest.raises(Cut):
            take(desk, "items.csv", content, **again)
    cut_at = "harbour" if moment == "forget" else "bazaar"
    assert desk.corpus().accounts["market"].to_list() == [cut_at]
    take(desk, "items.csv", content, **again)
    assert desk.corpus().accounts["market"].to_list() == ["harbour"]


def test_what_an_intake_cut_off_had_read_otherwise_is_forgotten(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(*_: object) -> None:
        raise Cut

    content = "vendor,title\npillow,tea\n"
    with monkeypatch.context() as patch:
        patch.setattr(Archive, "trim_quarantine", cut)
        with pytest.raises(Cut):
            take(desk, "items.csv", content, market="bazaar")
    take(desk, "items.csv", content, market="harbour")
    assert desk.corpus().accounts["account_id"].to_list() == ["harbour:pillow"]


def test_a_withdrawn_file_that_comes_again_is_refused_with_what_to_do(desk: Desk) -> None:
    source_id = str(take(desk, "items.csv", TEA).source_id)
    with Ledger.open(desk.workspace) as ledger:
        withdraw(ledger, sources(desk)[source_id], ACT)
    assert titles(desk) == []
    assert f"source restore {source_id[:12]}" in str(take(desk, "items.csv", TEA).refused)
    with Ledger.open(desk.workspace) as ledger:
        restore(ledger, sources(desk)[source_id], ACT)
    assert titles(desk) == ["tea"]


def test_erased_bytes_are_refused_and_leave_no_trace(desk: Desk) -> None:
    source_id = str(take(desk, "items.csv", TEA).source_id)
    other = Desk(desk.delivery)
    with Ledger.open(other.workspace) as ledger, ledger.writing() as connection:
        lay_tombstone(connection, source_id, ACT)
    assert "erased on 2020-01-01 (a wrong file)" in str(take(other, "items.csv", TEA).refused)
    assert other.quarantine() == []
    assert not list(other.workspace.archive.rglob("*.parquet"))
