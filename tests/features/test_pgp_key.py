"""PGP key: who holds a key, who shows it, who quotes it."""

import csv
import gzip
import os
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from evidence.corpus import Corpus
from evidence.errors import MissingProgram
from evidence.masking import mask
from features.feature import Finding, Outcome
from features.keys.packets import walk
from features.keys.verify import Claim, verify
from features.pairs import Pairs
from features.pgp_key import LARGEST_BLOCK, PgpKey
from tests.builders import CorpusBuilder
from tests.keys import KeyMaker, armored, key_maker, octets_of, packet

EARLY, LATE = datetime(2014, 3, 1, tzinfo=UTC), datetime(2014, 9, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def maker():
    with key_maker() as made:
        yield made


@pytest.fixture(scope="module")
def keys(maker: KeyMaker):
    """The fingerprint of the key with a given name, made when first asked for."""
    return cache(
        lambda name, expires="never": maker.key(f"{name} <{name}@x.example>", "ed25519", expires)
    )


def level_of(corpus: Corpus, left: str, right: str) -> str | None:
    return finding(corpus, left, right).level


def finding(corpus: Corpus, left: str, right: str) -> Finding:
    """What compare and explain say of two accounts; they must agree, in either order."""
    feature = PgpKey()
    survey = feature.survey(corpus)
    traits = feature.read(corpus, survey)
    rows = [corpus.accounts["account_id"].to_list().index(account) for account in (left, right)]
    outcome = feature.compare(traits, survey, Pairs.of([rows[0]], [rows[1]]))
    found = feature.explain(traits, survey, (min(rows), max(rows)))
    level = int(outcome.level[0])
    assert found.level == (feature.levels[level - 1].name if level else None)
    return found


def test_signatures_that_name_handle_and_market_prove_one_hand(maker, keys):
    key = keys("quillfoot")
    old = maker.sign(key, "I am Quillfoot on harbour.")
    new = maker.sign(key, "This is quillfoot, now on Lantern.")
    corpus = (
        CorpusBuilder()
        .post("harbour", "quillfoot", f"{maker.block(key)}\n{old}", stated_at=EARLY)
        .account("lantern", "quillfoot", profile=new)
        .build()
    )
    found = finding(corpus, "harbour:quillfoot", "lantern:quillfoot")
    assert found.level == "same_key_proved"
    assert "signed with it a message that names it and its market" in found.sentence
    assert {cited.place for cited in found.citations} == {"posts line 1", "accounts line 1"}


def test_signatures_under_two_handles_prove_one_hand(maker, keys):
    key = keys("quillfoot")
    corpus = (
        CorpusBuilder()
        .post("harbour", "quillfoot", maker.block(key) + maker.sign(key, "quillfoot here"))
        .post("lantern", "inkstep", maker.sign(key, "call me inkstep"))
        .build()
    )
    assert level_of(corpus, "harbour:quillfoot", "lantern:inkstep") == "same_key_proved"


def test_one_handle_on_two_markets_is_not_proved_without_the_market(maker, keys):
    key = keys("quillfoot")
    corpus = (
        CorpusBuilder()
        .post("harbour", "quillfoot", maker.block(key) + maker.sign(key, "quillfoot on harbour"))
        .post("lantern", "quillfoot", maker.sign(key, "quillfoot here"))
        .build()
    )
    assert level_of(corpus, "harbour:quillfoot", "lantern:quillfoot") == "one_signed_one_shows"


@pytest.mark.parametrize("first", ["harbour", "lantern"])
def test_a_replayed_message_proves_nothing_for_who_replays_it(maker, keys, first):
    key = keys("quillfoot")
    message = maker.block(key) + maker.sign(key, "I am quillfoot of harbour")
    times = {"harbour": LATE, "lantern": LATE} | {first: EARLY}
    corpus = (
        CorpusBuilder()
        .post("harbour", "quillfoot", message, stated_at=times["harbour"])
        .post("lantern", "quillfoot", message, stated_at=times["lantern"])
        .build()
    )
    assert level_of(corpus, "harbour:quillfoot", "lantern:quillfoot") == "one_signed_one_shows"


@pytest.mark.parametrize(
    ("said", "impostor"),
    [
        ("I am quillfoot on harbour-2", ("harbour", "quillfoot")),
        ("I am quillfoot on harbour two", ("harbour", "quillfoot")),
        ("I am quillfoot-2 on harbour 9, once of harbour two", ("harbour", "quillfoot")),
    ],
)
def test_a_name_within_a_longer_one_names_neither_market_nor_account(maker, keys, said, impostor):
    key = keys("quillfoot")
    message = maker.block(key) + maker.sign(key, said)
    corpus = (
        CorpusBuilder()
        .post("harbour two", "quillfoot", message, stated_at=EARLY)
        .post("harbour-2", "quillfoot", message, stated_at=EARLY)
        .post(*impostor, message, stated_at=LATE)
        .build()
    )
    for market in ("harbour two", "harbour-2"):
        assert level_of(corpus, f"{market}:quillfoot", ":".join(impostor)) != "same_key_proved"


def test_a_message_that_names_nobody_proves_nothing(maker, keys):
    key = keys("nobody")
    corpus = (
        CorpusBuilder()
        .post("harbour", "quillfoot", maker.block(key) + maker.sign(key, "vendor quillfoots"))
        .post("lantern", "inkstep", maker.sign(key, "the shop is open"))
        .build()
    )
    assert level_of(corpus, "harbour:quillfoot", "lantern:inkstep") == "same_key_unowned"


def test_a_quoted_or_changed_message_is_no_signature(maker, keys):
    key = keys("quillfoot")
    message = maker.sign(key, "inkstep on lantern")
    quoted = "\n".join("> " + line for line in message.splitlines())
    for body in (quoted, message.replace("lantern", "harbour")):
        corpus = (
            CorpusBuilder()
            .key("lantern", "inkstep", maker.block(key))
            .post("lantern", "inkstep", body)
            .post("harbour", "quillfoot", maker.sign(key, "quillfoot on harbour"))
            .build()
        )
        assert level_of(corpus, "harbour:quillfoot", "lantern:inkstep") == "one_signed_one_posts"


def test_bad_signatures_do_not_hide_the_good_ones_behind_them(maker, keys):
    good, block = maker.sign(keys("quillfoot"), "one"), maker.block(keys("quillfoot"))
    bad = good.replace("one", "two")
    claims = [Claim(message, (block,)) for message in (bad, good, bad, bad, good)]
    signer = frozenset({keys("quillfoot")})
    assert verify(claims) == [frozenset(), signer, frozenset(), frozenset(), signer]


def test_an_expired_key_proves_what_it_signed(maker):
    past = KeyMaker(maker.home, at="20140301T120000")
    key = past.key("shortlived <s@x.example>", expires="1d")
    message = past.sign(key, "still me")
    assert verify([Claim(message, (maker.block(key),))]) == [frozenset({key})]


def test_a_revoked_key_proves_nothing(maker):
    key = maker.key("revoked <r@x.example>")
    message = maker.sign(key, "me, or who stole it")
    revocation = (maker.home / "openpgp-revocs.d" / f"{key}.rev").read_text()
    maker.gpg("--import", given=revocation.replace(":-----BEGIN", "-----BEGIN"))
    assert verify([Claim(message, (maker.block(key),))]) == [frozenset()]


def test_without_gnupg_the_error_says_what_to_install(maker, keys, monkeypatch, tmp_path):
    key = keys("quillfoot")
    corpus = CorpusBuilder().post("harbour", "a", maker.block(key) + maker.sign(key, "x")).build()
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingProgram, match="install the package `gnupg`"):
        PgpKey().survey(corpus)


def test_a_key_that_bears_the_handle_of_one_side_is_shown_by_both(maker, keys):
    block = maker.block(keys("quillfoot"))
    corpus = (
        CorpusBuilder().key("harbour", "Quill-Foot", block).key("lantern", "inkstep", block).build()
    )
    found = finding(corpus, "harbour:Quill-Foot", "lantern:inkstep")
    assert found.level == "same_key_shown"
    assert "its user id bears the left handle" in found.sentence
    assert found.sentence.endswith("2 accounts show it")
    assert [light.text for light in found.highlights] == [keys("quillfoot")] * 2


def test_a_key_named_after_another_account_of_the_market_is_quoted(maker, keys):
    block = maker.block(keys("quillfoot"))
    corpus = (
        CorpusBuilder()
        .post("talk", "quillfoot", "no key of mine here")
        .post("talk", "ann", f"his key:\n{block}")
        .post("talk", "bob", f"I found\n{block}")
        .post("lantern", "quillfoot", block)
        .build()
    )
    assert level_of(corpus, "talk:ann", "talk:bob") == "same_key_quoted"
    assert level_of(corpus, "talk:ann", "lantern:quillfoot") == "same_key_quoted"


def test_a_key_named_after_an_account_elsewhere_is_quoted_in_posts_and_shown_on_profiles(
    maker, keys
):
    block = maker.block(keys("quillfoot"))
    corpus = (
        CorpusBuilder()
        .account("harbour", "quillfoot", profile=block)
        .post("talk", "ann", f"order with\n{block}")
        .account("lantern", "inkstep", profile=block)
        .build()
    )
    assert level_of(corpus, "harbour:quillfoot", "talk:ann") == "same_key_quoted"
    assert level_of(corpus, "harbour:quillfoot", "lantern:inkstep") == "same_key_owned"


def test_a_key_within_a_quotation_is_quoted(maker, keys):
    block = maker.block(keys("nobody"))
    corpus = (
        CorpusBuilder()
        .post("talk", "ann", block)
        .post("talk", "bob", f"[quote author=ann]{block}[/quote] thanks")
        .build()
    )
    found = finding(corpus, "talk:ann", "talk:bob")
    assert found.level == "same_key_quoted"
    assert "the right shows it as somebody else's" in found.sentence


def test_who_shows_many_keys_quotes_them_unless_they_bear_its_name(maker, keys):
    blocks = {name: maker.block(keys(name)) for name in ("ann", "nobody", "noone", "quillfoot")}
    corpus = (
        CorpusBuilder()
        .post("talk", "ann", "\n".join(blocks.values()))
        .post("lantern", "bob", blocks["nobody"])
        .key("lantern", "eve", blocks["ann"])
        .build()
    )
    assert level_of(corpus, "talk:ann", "lantern:bob") == "same_key_quoted"
    assert level_of(corpus, "talk:ann", "lantern:eve") == "same_key_shown"


def test_a_key_nobody_is_named_by_is_unowned_for_few_and_public_for_many(maker, keys):
    builder = CorpusBuilder()
    for market in ("one", "two", "three"):
        builder.key(market, f"seller {market}", maker.block(keys("nobody")))
    assert level_of(builder.build(), "one:seller one", "two:seller two") == "same_key_unowned"
    builder.key("four", "seller four", maker.block(keys("nobody")))
    assert level_of(builder.build(), "one:seller one", "two:seller two") == "same_key_many"


def test_two_keys_with_one_subkey_are_told_from_different_keys(maker, keys):
    maker.add_subkey(keys("carol"))
    first, second = maker.block(keys("carol")), maker.block(keys("bob"))
    corpus = CorpusBuilder().key("one", "ann", first).key("two", "bob", second).build()
    found = finding(corpus, "one:ann", "two:bob")
    assert found.level == "different_keys"
    assert found.sentence.startswith("show different keys")
    corpus = (
        CorpusBuilder()
        .key("one", "ann", first)
        .key("two", "bob", with_subkey_of(first, second))
        .build()
    )
    assert level_of(corpus, "one:ann", "two:bob") == "shared_subkey"


def with_subkey_of(donor: str, block: str) -> str:
    """A stranger's subkey hung under a key: free to do, for nothing here checks the binding."""
    subkeys = [one for one in walk(octets_of(donor)) if one.tag == 14]
    return armored(octets_of(block) + b"".join(packet(one.tag, one.body) for one in subkeys))


def test_who_shows_no_key_is_not_compared(maker, keys):
    corpus = (
        CorpusBuilder().key("one", "ann", maker.block(keys("ann"))).post("two", "bob", "hi").build()
    )
    found = finding(corpus, "one:ann", "two:bob")
    assert (found.level, found.sentence) == (None, "no key on the right")


def test_a_cut_key_is_not_compared(maker, keys):
    block = maker.block(keys("ann"))
    corpus = CorpusBuilder().key("one", "ann", block).key("two", "bob", block[:200]).build()
    assert level_of(corpus, "one:ann", "two:bob") is None


def read(corpus: Corpus) -> tuple[Pairs, Outcome, list[str]]:
    feature = PgpKey()
    survey = feature.survey(corpus)
    traits = feature.read(corpus, survey)
    pairs = Pairs.of(*np.triu_indices(corpus.account_count, 1))
    shown = feature.shown(traits)
    assert shown is not None
    return feature.meet(traits, survey), feature.compare(traits, survey, pairs), shown.value


def test_accounts_meet_by_a_shared_key_unless_too_many_show_it(maker, keys):
    builder = CorpusBuilder()
    for number in range(LARGEST_BLOCK):
        builder.key("one", f"seller {number}", maker.block(keys("nobody")))
    assert len(read(builder.build())[0]) == LARGEST_BLOCK * (LARGEST_BLOCK - 1) // 2
    builder.key("two", "one more", maker.block(keys("nobody")))
    assert len(read(builder.build())[0]) == 0


def test_shown_says_who_proved_the_key(maker, keys):
    key = keys("quillfoot")
    corpus = (
        CorpusBuilder()
        .post("harbour", "quillfoot", maker.block(key) + maker.sign(key, "quillfoot, harbour"))
        .key("lantern", "inkstep", maker.block(key))
        .post("lantern", "ann", "[quote]" + maker.block(key) + "[/quote]")
        .build()
    )
    feature = PgpKey()
    shown = feature.shown(feature.read(corpus, feature.survey(corpus)))
    assert shown is not None
    assert (shown.kind, shown.value) == ("key", [key, key])
    assert list(zip(shown.account.tolist(), shown.proved.tolist(), strict=True)) == [
        (0, True),
        (2, False),
    ]


def test_a_masked_handle_is_neither_named_nor_proved(maker, keys):
    key = keys("quillfoot")

    def level(handle: str) -> str | None:
        said = maker.sign(key, f"{handle} on harbour and lantern")
        corpus = (
            CorpusBuilder()
            .post("harbour", handle, maker.block(key) + said)
            .post("lantern", "inkstep", maker.block(key))
            .build()
        )
        return level_of(mask(corpus, {"handle"}), f"harbour:{handle}", "lantern:inkstep")

    assert level("quillfoot") == level("somebodyelse") == "same_key_unowned"


def test_masked_keys_leave_nothing_to_compare(maker, keys):
    key = keys("quillfoot")
    builder = CorpusBuilder()
    for market in ("harbour", "lantern"):
        said = maker.sign(key, f"quillfoot on {market}")
        builder.post(market, "quillfoot", maker.block(key) + said)
        builder.key(market, "quillfoot", maker.block(key))
    pairs, outcome, shown = read(mask(builder.build(), {"key"}))
    assert (len(pairs), outcome.level.tolist(), shown) == (0, [0], [])


def test_of_the_keys_quoted_on_a_forum_none_is_shown_as_ones_own():
    folder = os.environ.get("SAMEHAND_TEST_DATA")
    if not folder:
        pytest.skip("SAMEHAND_TEST_DATA does not name a folder with dev/truth_d.csv")
    corpus = forum(Path(folder) / "dev")
    with (Path(folder) / "dev" / "truth_d.csv").open(encoding="utf-8") as lines:
        truth = list(csv.DictReader(lines))
    rows = {account: row for row, account in enumerate(corpus.accounts["account_id"])}
    named = [
        [rows.get(f"{row['market_' + side]}:{row['handle_' + side]}") for side in "ab"]
        for row in truth
        if row["same"] == "0"
    ]
    known = [pair for pair in named if None not in pair]
    assert len(known) >= 10
    feature = PgpKey()
    survey = feature.survey(corpus)
    pairs = Pairs.of(*zip(*known, strict=True))
    outcome = feature.compare(feature.read(corpus, survey), survey, pairs)
    levels = {feature.levels[level - 1].name for level in outcome.level}
    assert levels <= {"same_key_quoted", "same_key_unowned", "same_key_many"}


def forum(folder: Path) -> Corpus:
    builder = CorpusBuilder()
    with gzip.open(folder / "sr1_forum_posts.csv.gz", "rt", encoding="utf-8") as lines:
        authors = {row["author"] for row in csv.DictReader(lines)}
    with gzip.open(folder / "sr1_pgp_keys.csv.gz", "rt", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    for author in sorted(authors):
        builder.account("sr1-forum", author)
    for row in rows:
        builder.key("sr1-forum", row["author"], row["key"])
    return builder.build()
