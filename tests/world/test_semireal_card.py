from datetime import UTC, datetime

from evidence.source_card import read_source_card
from evidence.sources import Source
from world.semireal_card import inherited_card


def a_source(**said: object) -> Source:
    return Source("a" * 64, "scrape.csv", 10, datetime(2020, 1, 1, tzinfo=UTC), **said)


def card_of(tmp_path, *sources: Source) -> dict:
    path = tmp_path / "source.toml"
    path.write_text(inherited_card(sources), encoding="utf-8")
    return dict(read_source_card(path).fields)


def test_the_strictest_handling_and_the_earliest_days_hold(tmp_path):
    early, late = datetime(2021, 5, 1, tzinfo=UTC), datetime(2023, 5, 1, tzinfo=UTC)
    fields = card_of(
        tmp_path,
        a_source(handling_code="H1", tlp="AMBER+STRICT", review_at=late, delete_at=late),
        a_source(handling_code="H2", tlp="GREEN", review_at=early),
    )
    assert (fields["handling_code"], fields["tlp"]) == ("H2", "AMBER+STRICT")
    assert (fields["review_at"], fields["delete_at"]) == (early, late)


def test_two_compartments_make_one_that_is_neither(tmp_path):
    fields = card_of(tmp_path, a_source(compartment="west"), a_source(compartment="east"))
    assert fields["compartment"] == "east + west"
    assert card_of(tmp_path, a_source(), a_source())["compartment"] == "default"


def test_owners_and_bases_are_named_as_they_were_with_quotes_and_accents(tmp_path):
    fields = card_of(tmp_path, a_source(owner='Zoll "Süd"', legal_basis="§ 98a"), a_source())
    assert (fields["owner"], fields["legal_basis"]) == ('Zoll "Süd"', "§ 98a")


def test_what_is_unknown_stays_unsaid_but_the_grade_says_that_it_is_no_evidence(tmp_path):
    assert card_of(tmp_path, a_source(grade="A1")) == {"compartment": "default", "grade": "X4"}
