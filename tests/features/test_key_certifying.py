"""An old key that certifies the new one of its name gives its word for it; other keys do not."""

from datetime import UTC, datetime, timedelta

import pytest

from evidence.corpus import Corpus
from features.keys.certifying import read_certifications
from features.keys.displays import read_displays
from features.pairs import Pairs
from features.pgp_key import PgpKey
from tests.builders import CorpusBuilder
from tests.keys import KeyMaker, key_maker

DAY = datetime(2014, 3, 1, tzinfo=UTC)
LATER = DAY + timedelta(days=30)


@pytest.fixture(scope="module")
def maker():
    with key_maker() as made:
        yield made


def certified(maker: KeyMaker, old_name: str, new_name: str) -> tuple[str, str]:
    old, new = maker.key(old_name), maker.key(new_name)
    maker.gpg("--local-user", old, "--quick-sign-key", new)
    return old, new


def level_of(corpus: Corpus, left: str, right: str) -> str | None:
    feature = PgpKey()
    survey = feature.survey(corpus)
    traits = feature.read(corpus, survey)
    rows = [corpus.accounts["account_id"].to_list().index(account) for account in (left, right)]
    outcome = feature.compare(traits, survey, Pairs.of([rows[0]], [rows[1]]))
    level = int(outcome.level[0])
    return feature.levels[level - 1].name if level else None


def test_the_old_key_that_certifies_the_new_one_ties_their_accounts(maker: KeyMaker):
    old, new = certified(maker, "Quillfoot <old@example.org>", "Quillfoot <new@example.org>")
    old_says = maker.sign(old, "I am quillfoot on harbour")
    new_says = maker.sign(new, "I am inkstep on lantern")
    corpus = (
        CorpusBuilder()
        .post("harbour", "quillfoot", maker.block(old) + old_says, stated_at=DAY)
        .account("lantern", "inkstep", profile=f"{maker.block(new)}\n{new_says}", stated_at=LATER)
        .build()
    )
    assert level_of(corpus, "harbour:quillfoot", "lantern:inkstep") == "rotation_signed"


def test_a_friends_or_a_markets_key_certifies_without_being_the_same_hand(maker: KeyMaker):
    staff, vendor = certified(maker, "Harbour staff <s@example.org>", "Inkstep <i@example.org>")
    corpus = (
        CorpusBuilder()
        .post("harbour", "captain", maker.block(staff) + maker.sign(staff, "captain of harbour"))
        .post("lantern", "inkstep", maker.block(vendor) + maker.sign(vendor, "inkstep, lantern"))
        .build()
    )
    assert read_certifications(corpus, read_displays(corpus)).is_empty()
    level = level_of(corpus, "harbour:captain", "lantern:inkstep")
    assert level == "different_keys_signed"


def test_who_certifies_a_strangers_key_later_ties_nobody_firmly(maker: KeyMaker):
    victim = maker.key("Dunlin <dunlin@example.org>")
    before = maker.block(victim) + maker.sign(victim, "I am dunlin on lantern")
    impostor = maker.key("Dunlin <impostor@example.org>")
    maker.gpg("--local-user", impostor, "--quick-sign-key", victim)
    own = maker.block(impostor) + maker.sign(impostor, "I am inkstep on harbour")
    corpus = (
        CorpusBuilder()
        .post("lantern", "dunlin", before, stated_at=DAY)
        .post("harbour", "inkstep", own, stated_at=LATER)
        .post("harbour", "inkstep", f"my other key\n{maker.block(victim)}", stated_at=LATER)
        .build()
    )
    words = read_certifications(corpus, read_displays(corpus))
    assert words["in_time"].to_list() == [False]
    assert level_of(corpus, "harbour:inkstep", "lantern:dunlin") != "rotation_signed"
    assert level_of(corpus, "harbour:inkstep", "lantern:dunlin") != "rotation_proved"


def test_a_quoted_certification_is_nobodys_word(maker: KeyMaker):
    old, new = certified(maker, "Godwit <old@example.org>", "Godwit <new@example.org>")
    quoted = "\n".join("> " + line for line in maker.block(new).splitlines())
    corpus = (
        CorpusBuilder()
        .post("harbour", "godwit", maker.block(old))
        .post("lantern", "ann", f"she wrote:\n{quoted}\nreally")
        .build()
    )
    assert read_certifications(corpus, read_displays(corpus)).is_empty()
